"""Real processes: a keeper, a desk, a UDP device. Whatever dies, the show is where it was."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.client import Line, NoAnswerError
from stagectl.desk import handover, journal
from stagectl.desk.agreed import CANNOT, ENDED, STOPPED
from stagectl.desk.place import Place
from stagectl.engine.event import Ended, Fired, Resumed
from stagectl.engine.intent import Assert, End, Go, Put
from tests.desk.house import ROOT, RUN, Kept, Lamps, book

BACK = 3.0  # seconds a desk may be away
CANARY = "kanari-9d41"
HAS_STOP = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process"
)
HAS_PROC = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks into /proc, which is Linux's"
)


@pytest.fixture
def lamps():
    lamps = Lamps()
    yield lamps
    lamps.close()


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "state" / "hall")


@pytest.fixture
def begin(tmp_path, lamps, place):
    """Start a keeper; whatever is left of it afterwards is killed."""
    kept = []

    def begin(secrets="{}", the_book=None, **options):
        kept.append(Kept(place, the_book or book(tmp_path, lamps.port), secrets, **options))
        return kept[-1]

    yield begin
    for one in kept:
        if one.keeper.poll() is None:
            one.keeper.terminate()
        one.keeper.communicate(timeout=15)
    card = place.card()
    if card is not None and place.lock("desk").held():
        os.kill(card.pid, signal.SIGTERM)


def past(place):
    return journal.read(place.journal / RUN, now=0.0, wall=0.0, boot="")


def phases(panel):
    """Return the phases a panel sees until the desk is gone."""
    seen = set()
    with suppress(NoAnswerError):
        while True:
            seen.add(panel.snapshot().phase)
    return seen


def fired(place):
    return [e.cue for e in past(place).events if isinstance(e, Fired)]


def address_of(place):
    card = place.card()
    assert card is not None
    return card.address


def until(true, seconds=5.0, what="it never came true"):
    end = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, what
        time.sleep(0.01)
    return answer


# ---- fault 1: the desk is killed


def test_a_desk_killed_in_a_fade_is_back_holding_and_fires_nothing_again(begin, lamps, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        assert panel.ask(Go(expect="2")).ok
        lamps.listen(0.5)
    half = lamps.newest("/stage")
    assert half is not None
    assert 0 < half < 0.9
    before, address = kept.pid, address_of(place)
    os.kill(before, signal.SIGKILL)
    began = time.monotonic()
    lamps.listen()
    sent = len(lamps.heard)
    with kept.line(other_than=before) as panel:
        assert time.monotonic() - began < BACK
        snapshot = panel.snapshot()
        assert (snapshot.phase, snapshot.onstage, snapshot.standby) == ("holding", "2", "3")
        lamps.listen(1.0)
        assert len(lamps.heard) == sent, "a desk that came back touched the stage"
        assert fired(place) == ["1", "2"]
        assert address_of(place) == address, "panels would not find it again"
        assert panel.ask(Assert()).ok
    lamps.wait_for("/stage", 0.9)
    assert fired(place) == ["1", "2"]


def test_a_desk_may_die_again_and_again(begin, lamps, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
    for _ in range(3):
        before = kept.pid
        os.kill(before, signal.SIGKILL)
        began = time.monotonic()
        with kept.line(other_than=before) as panel:
            assert panel.snapshot().onstage == "1"
        assert time.monotonic() - began < BACK
    assert fired(place) == ["1"]
    assert len([e for e in past(place).events if isinstance(e, Resumed)]) == 3


def test_a_torn_journal_gives_what_is_whole(begin, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        assert panel.ask(Go(expect="2")).ok
    before = kept.pid
    os.kill(before, signal.SIGSTOP if hasattr(signal, "SIGSTOP") else signal.SIGTERM)
    with (place.journal / RUN).open("ab") as file:
        file.write(b'{"type":"Fired","at":1.0,"cu')
    os.kill(before, signal.SIGKILL)
    with kept.line(other_than=before) as panel:
        assert panel.snapshot().onstage == "2"


def test_a_show_that_was_edited_is_taken_up_where_it_still_fits(begin, tmp_path, lamps, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        assert panel.ask(Go(expect="2")).ok
    kept.told()
    old = book(tmp_path, lamps.port)
    cues = tuple(cue for cue in old.show.cues if cue.number != "2")
    kept = begin(the_book=replace(old, show=replace(old.show, cues=cues), digest="2"))
    with kept.line() as panel:
        assert (panel.snapshot().phase, panel.snapshot().onstage) == ("holding", "1")


# ---- fault 2: the desk is stopped


@HAS_STOP
def test_what_was_asked_of_a_stopped_desk_is_not_carried_out_when_it_wakes(begin, lamps, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        os.kill(kept.pid, signal.SIGSTOP)
        for n in range(3):
            panel._say({"intent": {"type": "Go", "id": f"blind {n}"}})
        time.sleep(5)
        os.kill(kept.pid, signal.SIGCONT)
        whys = {panel._letter_with("reply")["why"] for _ in range(3)}
        assert whys <= {"slept", "silent"}  # silent: it was stopped between hearing and doing
        assert fired(place) == ["1"]
        until(lambda: panel.ask(Go(expect="2")).ok)
        assert kept.pid == place.card().pid
    assert fired(place) == ["1", "2"]


# ---- fault 3, and the ends


def test_a_keeper_that_is_killed_does_not_take_the_show_with_it(begin, lamps, place):
    kept = begin()
    with kept.line() as panel:
        kept.keeper.kill()
        kept.keeper.wait(5)
        assert panel.ask(Go(expect="1")).ok
    lamps.wait_for("/house", 0.6)
    assert place.running()


def test_ending_the_show_ends_desk_and_keeper(begin, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(End()).ok
        assert "ended" in phases(panel)
    assert kept.keeper.wait(5) == ENDED
    assert not place.running()
    assert past(place).ended
    assert handover.unended(place, handover.take(place).book) is None


def test_a_stopped_keeper_leaves_a_show_that_can_be_taken_up(begin, place):
    kept = begin()
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
    kept.keeper.terminate()
    assert kept.keeper.wait(10) == STOPPED
    assert not place.running()
    assert not any(isinstance(event, Ended) for event in past(place).events)
    left = handover.unended(place, handover.take(place).book)
    assert left is not None
    assert left.ours
    again = begin()
    with again.line() as panel:
        assert (panel.snapshot().phase, panel.snapshot().onstage) == ("holding", "1")


def test_a_panel_port_that_is_taken_is_told_and_nothing_is_left_running(begin, place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        kept = begin(listen=taken.getsockname()[:2])
        assert kept.keeper.wait(10) == CANNOT
    assert "in use" in place.trouble.read_text()
    assert not place.running()


def test_the_osc_remote_fires_a_cue(begin, lamps, place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = begin(osc_in=("127.0.0.1", port))
    with kept.line() as panel:
        lamps.socket.sendto(OscMessageBuilder("/go").build().dgram, ("127.0.0.1", port))
        until(lambda: panel.snapshot().onstage == "1")
    lamps.wait_for("/house", 0.6)


# ---- devices with a `run:`

DEVICE = """
import os, signal, sys, time
folder, = sys.argv[1:]
open(f"{folder}/{os.getpid()}.born", "w").write(repr(dict(os.environ)))
signal.signal(signal.SIGINT, lambda *_: (open(f"{folder}/{os.getpid()}.asked", "w"), sys.exit()))
end = time.monotonic() + 120  # whatever becomes of the test
while time.monotonic() < end: time.sleep(0.05)
"""


@pytest.fixture
def device(tmp_path):
    """Return the `run:` of a device and the folder in which its processes leave their names.

    A test names it before `begin`: a keeper that is not ended first would start it once more.
    """
    folder = tmp_path / "device"
    folder.mkdir()
    yield (sys.executable, "-c", DEVICE, str(folder)), folder
    for name in folder.glob("*.born"):
        if not name.with_suffix(".asked").exists():
            try:
                os.kill(int(name.stem), signal.SIGKILL)
            except ProcessLookupError:
                continue


def born(folder):
    return [int(name.stem) for name in sorted(folder.glob("*.born"), key=os.path.getmtime)]


def test_a_device_that_dies_is_started_again(device, begin, tmp_path, lamps):
    run, folder = device
    kept = begin(the_book=book(tmp_path, lamps.port, run))
    kept.line().close()
    first = until(lambda: born(folder))[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(born(folder)) == 2)
    with kept.line() as panel:  # and the show never noticed
        assert panel.ask(Go(expect="1")).ok


def test_at_the_end_a_device_is_asked_to_end(device, begin, tmp_path, lamps):
    run, folder = device
    kept = begin(the_book=book(tmp_path, lamps.port, run))
    until(lambda: born(folder))
    with kept.line() as panel:
        assert panel.ask(End()).ok
    assert kept.keeper.wait(10) == ENDED
    assert (folder / f"{born(folder)[0]}.asked").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows processes inherit no lock")
def test_a_stopped_keeper_leaves_its_device_and_the_next_one_finds_it(
    device, begin, tmp_path, lamps
):
    run, folder = device
    for stop in (signal.SIGTERM, signal.SIGKILL):
        kept = begin(the_book=book(tmp_path, lamps.port, run))
        kept.line().close()
        until(lambda: born(folder))
        kept.keeper.send_signal(stop)
        kept.keeper.wait(10)
        if stop == signal.SIGKILL:
            os.kill(kept.pid, signal.SIGTERM)
            until(lambda k=kept: not k.place.running())
    kept = begin(the_book=book(tmp_path, lamps.port, run))
    kept.line().close()
    time.sleep(0.3)
    assert len(born(folder)) == 1
    os.kill(born(folder)[0], signal.SIGKILL)
    until(lambda: len(born(folder)) == 2)


def test_a_device_that_cannot_be_started_is_said_once_and_the_show_goes_on(begin, tmp_path, lamps):
    kept = begin(the_book=book(tmp_path, lamps.port, (str(tmp_path / "no such program"),)))
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
    time.sleep(0.5)
    assert kept.told().count("missing: lamps") == 1


# ---- what a desk is made of, and what it keeps to itself


def loaded(*modules):
    """Return what a fresh process has loaded, by its first name and by ours in full."""
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    names = set(told.stdout.split())
    return {name if name.startswith("stagectl") else name.partition(".")[0] for name in names}


HEAVY = {"pydantic", "pydantic_core", "yaml", "textual", "rich", "click", "obsws_python"}


def test_a_desk_is_light():
    """No validator, no YAML, no screen, no command line: they are weight, and they can fail."""
    there = loaded("stagectl.desk.main", "stagectl.desk.server", "stagectl.drivers.osc")
    assert "websockets" in there, "this test looks at the wrong thing"
    assert not there & HEAVY


def test_a_desk_that_comes_up_waits_for_nothing_that_only_panels_need():
    there = loaded("stagectl.desk.__main__", "stagectl.desk.main", "stagectl.drivers.osc")
    assert "stagectl.engine.engine" in there, "this test looks at the wrong thing"
    assert not there & (HEAVY | {"asyncio", "websockets", "ssl", "platformdirs"})


def test_a_keeper_knows_processes_and_no_shows():
    there = loaded("stagectl.desk.__main__", "stagectl.desk.keeper")
    assert "subprocess" in there, "this test looks at the wrong thing"
    ours = {name for name in there if name.startswith(("stagectl.core", "stagectl.engine"))}
    assert not ours
    assert not there & (HEAVY | {"asyncio", "websockets", "pythonosc"})


@HAS_PROC
def test_a_secret_is_in_no_argument_environment_file_log_or_snapshot(
    device, begin, tmp_path, lamps, place, monkeypatch
):
    monkeypatch.setenv("STAGECTL_SECRET_OTHER", CANARY)  # what the operator's shell has
    run, folder = device
    the_book = book(tmp_path, lamps.port, run, secret="lamps")
    kept = begin(json.dumps({"lamps": CANARY}), the_book=the_book)
    with kept.line() as panel:
        panel.ask(Go(expect="1"))
        panel.ask(Put(parameter="no.such", value="x"))
        heard = repr([panel.snapshot(), panel.book])
    until(lambda: born(folder))
    desk = kept.pid
    for pid in (desk, kept.keeper.pid):
        listings = Path(f"/proc/{pid}/cmdline").read_bytes()
        if pid == desk:  # the keeper in the background is given the shell's own environment
            listings += Path(f"/proc/{pid}/environ").read_bytes()
        assert CANARY.encode() not in listings
    os.kill(desk, signal.SIGABRT)  # with a traceback of every thread
    kept.line(other_than=desk).close()
    told = kept.told()
    assert "died" in told
    assert CANARY not in heard + told
    for path in [*place.folder.rglob("*"), *folder.glob("*.born")]:
        assert path.is_dir() or CANARY.encode() not in path.read_bytes(), path
    assert "Fatal Python error: Aborted" in place.log.read_text()


def test_a_driver_gets_its_secret():
    """The canary is worth nothing unless the secret arrives: the log's absence is not proof."""
    from stagectl.desk.main import _maker
    from stagectl.desk.secrets import Secret

    the_book = book(Path(), 1, secret="lamps")
    seen = []

    class Driver:
        def __init__(self, device, profile, wires, secret):
            seen.append((device.name, sorted(wires), str(secret)))

    import stagectl.desk.main as desk

    drivers = desk.DRIVERS
    module = type(sys)("tests.lamps_driver")
    module.Driver = Driver  # type: ignore[attr-defined] # a module made here
    sys.modules["tests.lamps_driver"] = module
    desk.DRIVERS = {"osc": ("tests.lamps_driver", "Driver")}
    try:
        _maker(the_book, the_book.venue.devices["lamps"], {"lamps": Secret(CANARY)})()
    finally:
        desk.DRIVERS = drivers
        del sys.modules["tests.lamps_driver"]
    assert seen == [("lamps", ["lamps.house.level", "lamps.stage.level"], CANARY)]


def test_two_desks_on_one_machine_do_not_meet(tmp_path, lamps):
    other_lamps = Lamps()
    one = Kept(Place(tmp_path / "state" / "hall"), book(tmp_path, lamps.port))
    two = Kept(Place(tmp_path / "state" / "yard"), book(tmp_path, other_lamps.port))
    try:
        with one.line() as a, two.line() as b:
            assert a.ask(Go(expect="1")).ok
            assert b.snapshot().onstage is None
            with pytest.raises(NoAnswerError) as refused:
                Line(address_of(two.place), one.place.token("operate"))
            assert refused.value.why == "token"
        lamps.wait_for("/house", 0.6)
        assert other_lamps.listen(0.2) == []
    finally:
        one.told()
        two.told()
        other_lamps.close()
