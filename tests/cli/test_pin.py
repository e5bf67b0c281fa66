"""`pin` tells a PIN once, to whoever asks at the machine, with and without a running desk."""

import os
import re
import signal
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from stagectl.client import Line, NoAnswerError
from stagectl.desk.pins import Pins
from stagectl.desk.place import Place
from stagectl.engine.intent import Go, Put
from tests.cli.library import Library

NAMES = "{guest: ch.1, guest 2: ch.2, host: ch.3}"
MIXER = f'mixer: {{profile: behringer-x32, at: "127.0.0.1:9", names: {NAMES}}}'
REST = "\nbase: {lamps.stage: 0 %, lamps.house: 80 %, mixer: {guest: off, guest 2: off, host: off}}"


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    hall = library.folder / "scenes" / "hall.yaml"
    library.venue("hall", MIXER)
    text = hall.read_text("utf-8").replace(f"    {MIXER}", f"  {MIXER}")
    hall.write_text(re.sub(r"\nbase: .*", REST, text), "utf-8")
    yield library
    library.close()


def place(library):
    (path,) = (library.home / "state").glob("*/pins.json")
    return Place(path.parent)


def told(done):
    assert done.status == 0, done.told
    (pin,) = re.findall(r"(?m)^PIN: (\d{6})$", done.out)
    return pin


def test_a_pin_is_told_once_and_opens_what_it_says(library):
    said = library("pin", "guest", "--mic", "guest", "--mic", "mixer.guest 2")
    pin = told(said)
    assert "until midnight · microphones: guest, guest 2" in said.out
    grant = Pins(place(library)).check(pin)
    assert (grant.role, grant.own) == ("guest", ("mixer.guest", "mixer.guest 2"))
    end = datetime.fromtimestamp(grant.until, ZoneInfo("Europe/Oslo"))
    assert f"{end:%H:%M}" == "00:00"
    assert 0 < grant.until - time.time() <= 25 * 3600
    listed = library("pin", "list")
    assert "Guest · until midnight · microphones: guest, guest 2" in listed.out
    assert pin not in listed.told


def test_each_role_has_one_and_a_new_one_is_said_to_end_the_old(library):
    first, watch = library("pin", "operate"), library("pin", "watch")
    assert "no longer valid" not in first.told + watch.told
    again = library("pin", "operate")
    assert "the one before it is no longer valid" in again.out
    house = Pins(place(library))
    assert house.check(told(first), "a") is None
    assert house.check(told(again), "a").role == "operate"
    assert house.check(told(watch), "a").role == "watch"
    lines = library("pin", "list").out.splitlines()
    assert lines == ["Operator · until it is changed", "Watching only · until it is changed"]


def test_a_guest_without_a_microphone_is_told_which_there_are(library):
    said = library("pin", "guest")
    assert "no microphone" in said.out
    assert '--mic, such as "guest", "guest 2"' in said.out
    assert Pins(place(library)).check(told(said)).own == ()


def test_until_is_the_next_time_that_the_rooms_clock_shows_it(library):
    zone = ZoneInfo("Europe/Oslo")
    said = library("pin", "guest", "--until", "03.30")
    end = datetime.fromtimestamp(Pins(place(library)).check(told(said)).until, zone)
    here = datetime.now(zone)
    assert (end.hour, end.minute) == (3, 30)
    assert 0 <= (end.date() - here.date()).days <= 1
    assert end > here


@pytest.mark.parametrize(
    ("mic", "why"),
    [
        ("gest", "Did you mean guest?"),
        ("mixer.gest 2", "Did you mean mixer.guest 2?"),
        ("teppet", "it has guest, guest 2, host"),
        ("lamps.stage", "no microphone lamps.stage"),
        ("stage", "no microphone stage"),
    ],
)
def test_what_is_no_microphone_is_told_with_what_was_meant_and_makes_nothing(library, mic, why):
    said = library("pin", "guest", "--mic", mic)
    assert said.status == 1
    assert why in said.err
    assert list((library.home).rglob("pins.json")) == []


@pytest.mark.parametrize("until", ["25:00", "kveld", "23", "23:00:00", ""])
def test_what_is_no_time_of_day_is_wrong_usage(library, until):
    said = library("pin", "guest", "--until", until)
    assert (said.status, "HH:MM" in said.err) == (2, True)


def test_a_pin_is_taken_back(library):
    pin = told(library("pin", "guest"))
    assert library("pin", "drop", "guest").status == 0
    assert Pins(place(library)).check(pin) is None
    assert library("pin", "drop", "guest").status == 1
    assert "no PIN here yet" in library("pin", "list").out


def test_of_several_rooms_one_must_be_said(library):
    library.venue("annex")
    said = library("pin", "watch")
    assert said.status == 1
    assert "scenes/annex.yaml, scenes/hall.yaml" in said.err
    assert told(library("pin", "watch", "scenes/hall.yaml"))
    assert told(library("pin", "operate", "cues/reading.yaml")), "a show's room is its venue"
    assert len(library("pin", "list", "scenes/hall.yaml").out.splitlines()) == 2
    both = library("pin", "list", "scenes/hall.yaml", "--desk", "hall")
    assert both.status == 2


def test_a_venue_with_a_mistake_is_told_as_ever(library):
    path = library.folder / "scenes" / "hall.yaml"
    path.write_text(path.read_text("utf-8").replace("safe: holding", "safe: holdin"), "utf-8")
    said = library("pin", "guest", "scenes/hall.yaml")
    assert said.status == 1
    assert "did you mean holding?" in said.err


def test_pins_that_nobody_can_read_are_told_with_their_cure(library):
    told(library("pin", "guest"))
    (place(library).folder / "pins.json").write_text("{")
    said = library("pin", "list")
    assert (said.status, "Make them anew" in said.err) == (1, True)
    assert told(library("pin", "guest"))


def test_a_running_desk_takes_a_pin_that_is_made_and_lets_go_of_one_that_is_dropped(library):
    library.headless()
    pin = told(library("pin", "guest", "--mic", "guest"))
    house = place(library)
    assert house.card() is not None, "the pins lie where the desk lives"
    grant = Pins(house).check(pin, "10.0.0.5")
    with Line(house.card().address, str(grant.token), "browser") as guest:
        assert (guest.role, guest.own) == ("guest", ("mixer.guest",))
        assert guest.ask(Go(expect="1")).ok
        assert guest.ask(Put("mixer.host.on", value=False)).why == "guest_mic"
        assert library("pin", "drop", "guest").status == 0
        with pytest.raises(NoAnswerError) as over:
            list(guest.snapshots())
    assert over.value.why == "pin"
    assert "gjest" in library("pin", "guest", "--language", "nb").out.lower()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_with_a_desk_that_hangs_a_pin_is_taken_back_all_the_same(library):
    library.headless()
    told(library("pin", "guest"))
    desk = place(library).card().pid
    os.kill(desk, signal.SIGSTOP)
    try:
        assert library("pin", "drop", "guest").status == 0
    finally:
        os.kill(desk, signal.SIGCONT)


def test_status_needs_no_operators_token(library):
    library.headless()
    told(library("pin", "watch"))
    (place(library).folder / "token").unlink()
    assert library("status").status == 0
    done = library("go")
    assert (done.status, "token" in done.err) == (1, True)
