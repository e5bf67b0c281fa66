"""A panel's house: the list of events with what became of each, and real desks for them."""

import json
import os
import signal
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stagectl.cli.home import House
from stagectl.client import Line
from stagectl.desk.place import Place
from stagectl.engine.intent import End, Go
from stagectl.panel.home import Asked, EventLine, Logged, Opened, Refused
from stagectl.words import tongue
from tests.cli.library import Library


@pytest.fixture
def library(tmp_path, monkeypatch):
    library = Library(tmp_path / "library", tmp_path / "home")
    for name, value in library.environment.items():
        if name.startswith(("STAGECTL_", "PYTHON")):
            monkeypatch.setenv(name, value)
    with tongue.speaking("en"):
        yield library
    library.close()


@pytest.fixture
def house(library):
    return House(library.folder)


def path_of(library, name="reading"):
    return str((library.folder / "cues" / f"{name}.yaml").resolve())


def listed(house, path) -> EventLine:
    """Return an event's line when everything is read."""
    while (day := house.today()).unread:
        pass
    line: EventLine = next(line for line in day.events if line.path == path)
    return line


def opened(house, path, how="") -> Opened:
    came = house.open(path, how)
    assert isinstance(came, Opened), came
    return came


def say(desk: Opened, *intents):
    with Line(desk.address, desk.token) as line:
        for intent in intents:
            assert line.ask(intent).ok


def leave(library):
    """Let the desk go without ending the show, as a power cut does."""
    (card,) = (library.home / "state").glob("*/desk.json")
    told = json.loads(card.read_bytes())
    for pid in (told["keeper"], told["pid"]):
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    until = time.monotonic() + 10
    while Place(card.parent).running():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_over(house, path):
    until = time.monotonic() + 10
    while listed(house, path).state == "running":
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_event_is_listed_with_its_name_its_date_and_its_venue(library, house):
    line = listed(house, path_of(library))
    assert (line.title, line.date, line.start) == ("Høytlesning", "2026-11-28", "11:00")
    assert (line.venue, line.elsewhere, line.state) == ("Liten sal", False, "ready")
    day = house.today()
    assert (day.venue, day.language) == ("Liten sal", "en")


def test_a_file_with_mistakes_is_listed_with_the_first_of_them_and_its_cure(library, house):
    path = Path(path_of(library))
    path.write_text(path.read_text("utf-8").replace("scene: holding", "scene: holdning"), "utf-8")
    line = listed(house, str(path))
    assert (line.state, line.mistakes) == ("mistakes", 1)
    assert line.mistake is not None
    assert line.mistake.place.endswith("cues/reading.yaml:8:41")
    assert line.mistake.cure == "did you mean holding?"
    refused = house.open(str(path))
    assert isinstance(refused, Refused)
    assert "holdning" in refused.what
    assert refused.cure == "Did you mean holding?"
    assert not (library.home / "state").exists()  # nothing was started


def test_the_events_come_by_date_and_time_and_the_undated_last(library, house):
    text = Path(path_of(library)).read_text("utf-8")
    for name, change in {
        "later": ("2026-11-28", "2026-12-24"),
        "morning": ('"11:00"', '"9:30"'),
        "some-day": ("date: 2026-11-28\n", ""),
    }.items():
        path = library.folder / "cues" / f"{name}.yaml"
        path.write_text(text.replace(*change), "utf-8")
    while house.today().unread:
        pass
    names = [Path(line.path).stem for line in house.today().events]
    assert names == ["morning", "reading", "later", "some-day"]


def test_with_several_venues_a_show_of_another_one_is_marked(library):
    library.venue("cellar")
    library.show("elsewhere", venue="cellar")
    here = House(library.folder, venue="hall")
    assert listed(here, path_of(library, "elsewhere")).elsewhere
    assert not listed(here, path_of(library)).elsewhere
    anywhere = House(library.folder)
    assert anywhere.today().venue == ""
    assert not any(line.elsewhere for line in anywhere.today().events)


def test_opening_a_show_starts_its_desk_and_opening_it_again_finds_it(library, house):
    path = path_of(library)
    desk = opened(house, path)
    assert desk.find() == (desk.address, desk.token)
    assert desk.notes == ()
    assert listed(house, path).state == "running"
    pid = library.status()["pid"]
    assert opened(house, path).address == opened(House(library.folder), path).address
    assert library.status()["pid"] == pid
    assert library.lamps.listen(0.2) == []  # a start touches nothing


def test_the_show_that_runs_in_the_room_is_known_without_the_list(library, house):
    assert house.running() is None
    desk = opened(house, path_of(library))
    found = House(library.folder).running()
    assert found is not None
    assert (found.address, found.token) == (desk.address, desk.token)
    library.venue("cellar")
    assert House(library.folder).running() is None  # of several rooms, none is ours


def test_while_another_show_runs_in_the_room_a_person_is_told_where_to_go(library, house):
    first, other = path_of(library), str(library.show("other").resolve())
    running = opened(house, first)
    asked = house.open(other)
    assert isinstance(asked, Asked)
    assert asked.what == "Høytlesning runs here now"
    (way,) = asked.ways
    assert (way.word, way.path) == ("Go to it", first)
    assert opened(house, way.path, way.how).address == running.address
    say(running, End())
    is_over(house, first)
    assert opened(house, other).path == other


def test_a_keeper_that_is_just_going_is_waited_for(library, house):
    first = path_of(library)
    say(opened(house, first), End())
    is_over(house, first)
    (place,) = (Place(p.parent) for p in (library.home / "state").glob("*/desk.json"))
    going = place.lock("keeper")
    assert going.take(wait=10.0)
    threading.Timer(0.5, going.drop).start()
    assert opened(house, first, "fresh").path == first


def test_a_missing_password_is_told_with_its_cure_and_hinders_nothing(library, house):
    library.venue("hall", more="password: secret:lamps")
    (note,) = opened(house, path_of(library)).notes
    assert "secret:lamps" in note
    assert str(library.home / "config") in note


def test_a_password_that_others_can_read_is_refused_with_its_cure(library, house):
    library.venue("hall", more="password: secret:lamps")
    secret = library.home / "config" / "secrets" / "lamps"
    secret.parent.mkdir(parents=True)
    secret.write_text("kanari-77", "utf-8")
    secret.chmod(0o644)
    refused = house.open(path_of(library))
    assert isinstance(refused, Refused)
    assert f"chmod 600 {secret}" in refused.what + refused.cure
    assert "kanari" not in repr(refused)


def test_an_ended_run_is_told_with_when_and_how_long(library, house):
    path = path_of(library)
    before = time.time()
    say(opened(house, path), Go(), End())
    is_over(house, path)
    line = listed(house, path)
    assert line.state == "run"
    assert line.run is not None
    assert before <= line.run.began <= time.time()
    assert 0 <= line.run.lasted < 60
    assert house.runs(path) == (line.run,)
    assert house.runs("elsewhere.yaml") == ()


def test_a_run_that_nobody_ended_is_asked_about_and_goes_on_where_it_was(library, house):
    path = path_of(library)
    say(opened(house, path), Go())
    leave(library)
    assert listed(house, path).state == "unended"
    asked = house.open(path)
    assert isinstance(asked, Asked)
    assert "Cue 1 was on stage" in asked.text
    assert [(way.word, way.how) for way in asked.ways] == [
        ("Go on", "resume"), ("Begin anew", "fresh"),
    ]  # fmt: skip
    opened(house, path, "resume")
    status = library.status()
    assert (status["phase"], status["onstage"]) == ("holding", "1")


def test_files_that_changed_since_are_asked_about_and_either_way_is_taken(library, house):
    path = Path(path_of(library))
    say(opened(house, str(path)), Go())
    leave(library)
    path.write_text(path.read_text("utf-8").replace("name: Film", "name: Konsert"), "utf-8")
    asked = house.open(str(path))
    assert isinstance(asked, Asked)
    assert "the files have changed" in asked.text
    assert [way.how for way in asked.ways] == ["reload", "fresh"]
    opened(house, str(path), "fresh")
    assert library.status()["onstage"] is None


def test_a_folder_that_others_can_write_in_is_refused_in_words(library, house):
    path = path_of(library)
    say(opened(house, path), End())
    is_over(house, path)
    (place,) = (p.parent for p in (library.home / "state").glob("*/desk.json"))
    blocked = place / "journal"
    for journal in blocked.iterdir():
        journal.unlink()
    blocked.rmdir()
    blocked.write_text("in the way", "utf-8")
    refused = house.open(path)
    assert isinstance(refused, Refused)
    assert refused.what.startswith("Nothing was started")
    blocked.unlink()


# ---- the log


def reached(desk):
    return desk.address, desk.token


def test_the_log_of_a_run_is_there_while_it_goes_on_and_after_and_no_file_is_overwritten(
    library, house
):
    path = path_of(library)
    assert house.log(path) == Refused("No cue has gone yet")
    with Line(*reached(opened(house, path))) as line:
        line.ask(Go())
        so_far = house.log(path)
        assert isinstance(so_far, Logged)
        assert (so_far.run.ended, so_far.run.rows[0].state) == (None, "on_stage")
        assert so_far.run.now is not None
        line.ask(End())
    end = time.monotonic() + 10
    while (whole := house.log(path)).run.ended is None:
        assert time.monotonic() < end
    assert whole.run.rows[0].name == "Dørene åpner"
    files = [house.keep(path, form) for form in ("csv", "csv", "json")]
    names = [Path(kept.path).name for kept in files]
    day = str(datetime.fromtimestamp(whole.run.began, ZoneInfo("Europe/Oslo")).date())
    assert [name.startswith(day) for name in names] == [True] * 3
    assert len(set(names)) == 3
    assert {str(Path(kept.path).parent) for kept in files} == {whole.folder}
    assert json.loads(Path(files[2].path).read_text("utf-8"))["show"] == "Høytlesning"


def test_a_folder_that_cannot_be_written_is_told(library, house):
    path = path_of(library)
    with Line(*reached(opened(house, path))) as line:
        line.ask(Go())
        (library.folder / "logs").write_text("in the way", "utf-8")
        assert isinstance(house.keep(path, "csv"), Refused)
        line.ask(End())
