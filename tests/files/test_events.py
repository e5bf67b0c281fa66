"""The list of events: known at a glance, read once, and read again only where something changed."""

import os
import time
from pathlib import Path

import pytest

from stagectl.files import events
from stagectl.files.events import Events, Hall, glance, hall
from stagectl.files.read import Reading
from tests.files.house import SHOW

TODAY = "2026-11-28"
WHOLE = SHOW + "  - {cue: 1, scene: holding}\n"
BROKEN = SHOW + "  - {cue: 1, scene: holdning}\n"


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were read whole, in order."""
    names = []
    real = Events._read

    def spied(self, path, own):
        names.append(os.path.basename(path))  # noqa: PTH119 -- the list has texts
        real(self, path, own)

    monkeypatch.setattr(Events, "_read", spied)
    return names


@pytest.fixture
def cues(house):
    return Events(house.root / "cues")


def old(path, seconds=60.0):
    """Let a file have been still for a while: one written just now is read again."""
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def all_of(listed):
    return {os.path.basename(path): found for path, found in listed.found.items()}  # noqa: PTH119 -- texts


def settle(house):
    for path in (*house.root.rglob("*.yaml"),):
        old(path)


def test_a_show_is_known_by_name_and_date_before_it_is_read(house, cues):
    for n in range(3):
        house.write(f"cues/{n}.yaml", WHOLE.replace("Prøve", f'"Nr. {n}"  # kladd'))
    assert cues.look(TODAY, 0.0) == 2  # one is read even when there is no time at all
    found = sorted(one[:4] for one in cues.found.values())
    assert found == [(f"Nr. {n}", TODAY, "", "sal") for n in range(3)]


def test_what_was_read_is_what_a_check_says(house, cues):
    house.write("cues/a.yaml", WHOLE)
    house.write("cues/b.yaml", BROKEN)
    assert cues.look(TODAY, 60.0) == 0
    fine, wrong = (all_of(cues)[name] for name in ("a.yaml", "b.yaml"))
    assert (fine.title, fine.hall, fine.mistakes, fine.mistake) == ("Prøve", "Prøvesalen", 0, None)
    assert (wrong.title, wrong.hall, wrong.mistakes) == ("Prøve", "Prøvesalen", 1)
    assert wrong.mistake is not None
    assert (wrong.mistake.code, wrong.mistake.place.line) == ("unknown_scene", 7)


def test_today_is_read_first_then_what_comes_then_what_has_been(house, cues, read):
    for day in ("2026-11-20", "2026-12-01", "2026-11-28", "2026-11-27", "2027-01-01"):
        house.write(f"cues/{day}.yaml", WHOLE.replace("2026-11-28", day))
    house.write("cues/x.yaml", WHOLE.replace("date: 2026-11-28\n", ""))
    cues.look(TODAY, 60.0)
    days = [name.removesuffix(".yaml") for name in read]
    assert days == ["2026-11-28", "2026-12-01", "2027-01-01", "2026-11-27", "2026-11-20", "x"]


def test_nothing_is_read_twice_unless_it_changed(house, cues, read):
    for name in "abc":
        house.write(f"cues/{name}.yaml", WHOLE)
    settle(house)
    cues.look(TODAY, 60.0)
    assert sorted(read) == ["a.yaml", "b.yaml", "c.yaml"]
    read.clear()
    cues.look(TODAY, 60.0)
    assert read == []
    old(house.write("cues/b.yaml", BROKEN), 30.0)
    cues.look(TODAY, 60.0)
    assert read == ["b.yaml"]
    assert all_of(cues)["b.yaml"].mistakes == 1


@pytest.mark.parametrize("name", ["scenes/sal.yaml", "scenes/profiles/desk.yaml"])
def test_a_venue_or_a_profile_that_changed_has_its_shows_read_again(house, cues, read, name):
    house.write("cues/a.yaml", WHOLE)
    settle(house)
    cues.look(TODAY, 60.0)
    read.clear()
    path = house.root / name
    path.write_bytes(path.read_bytes() + b"# endret\n")
    old(path, 30.0)
    cues.look(TODAY, 60.0)
    assert read == ["a.yaml"]


def test_a_file_that_was_written_a_moment_ago_is_read_once_more(house, cues, read, monkeypatch):
    old(house.root / "scenes/sal.yaml")
    house.write("cues/a.yaml", WHOLE)
    cues.look(TODAY, 60.0)
    cues.look(TODAY, 60.0)
    assert len(read) > 1  # its time cannot tell two writings within one tick apart
    monkeypatch.setattr(events, "RACY", 0.0)
    cues.look(TODAY, 60.0)
    read.clear()
    cues.look(TODAY, 60.0)
    assert read == []


def test_another_evening_remembers_what_was_read(house, cues, read):
    house.write("cues/a.yaml", WHOLE)
    house.write("cues/b.yaml", BROKEN)
    settle(house)
    cues.look(TODAY, 60.0)
    read.clear()
    again = Events(house.root / "cues")
    assert again.look(TODAY, 0.0) == 0
    assert read == []
    assert again.found == cues.found


def test_a_remembered_list_that_was_torn_is_read_anew(house, cues, read):
    house.write("cues/a.yaml", WHOLE)
    settle(house)
    cues.look(TODAY, 60.0)
    (kept,) = (Path(os.environ["STAGECTL_CACHE"]) / "books").glob("*.list")
    kept.write_bytes(kept.read_bytes()[:-9])
    read.clear()
    Events(house.root / "cues").look(TODAY, 60.0)
    assert read == ["a.yaml"]


def test_a_show_that_went_away_is_listed_no_more_and_templates_never_are(house, cues):
    path = house.write("cues/a.yaml", WHOLE)
    (house.root / "cues/templates").mkdir()
    house.write("cues/templates/mal.yaml", WHOLE)
    cues.look(TODAY, 60.0)
    assert list(all_of(cues)) == ["a.yaml"]
    path.unlink()
    cues.look(TODAY, 60.0)
    assert cues.found == {}


def test_a_file_of_another_kind_is_listed_by_its_name_with_its_mistake(house, cues):
    house.write("cues/kladd.yaml", b"\xff\xfe nothing")
    cues.look(TODAY, 60.0)
    (found,) = cues.found.values()
    assert (found.title, found.date, found.mistakes) == ("kladd", "", 1)


def test_a_folder_that_is_not_there_has_no_events(tmp_path):
    assert Events(tmp_path / "cues").look(TODAY, 1.0) == 0


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("show: Debatt: hvem eier byrommet?", "Debatt: hvem eier byrommet?"),
        ('show: "Sol, [@click=app.go]måne[/]"', "Sol, [@click=app.go]måne[/]"),
        ("show: 'Åpent' # kladd", "Åpent"),
        ("Show: Nei", "x"),
    ],
)
def test_a_glance_takes_the_line_as_it_stands(tmp_path, line, title):
    path = tmp_path / "x.yaml"
    path.write_text(f"{line}\ncues:\n  - show: Feil\n", "utf-8")
    assert glance(path).title == title


def test_a_venues_top_tells_its_name_its_language_and_its_clock(tmp_path):
    path = tmp_path / "sal.yaml"
    path.write_text("# sal\nvenue: Lille sal – kjeller\nlanguage: nn\ntimezone: Europe/Oslo\n")
    assert hall(path) == Hall("Lille sal – kjeller", "nn", "Europe/Oslo")
    assert hall(tmp_path / "borte.yaml") == Hall()


def test_a_file_that_the_reader_itself_fails_at_hides_no_other(house, cues, monkeypatch):
    house.write("cues/a.yaml", WHOLE)
    house.write("cues/b.yaml", WHOLE)
    real = Reading.show

    def fails(self, path, *more):
        if path.name == "a.yaml":
            raise RuntimeError("a mistake of ours")
        return real(self, path, *more)

    monkeypatch.setattr(Reading, "show", fails)
    assert cues.look(TODAY, 60.0) == 0
    failed, fine = all_of(cues)["a.yaml"], all_of(cues)["b.yaml"]
    assert (failed.title, failed.mistakes, fine.mistakes) == ("Prøve", 1, 0)
    assert failed.mistake is not None
    assert failed.mistake.code == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_and_a_device_among_the_shows_are_mistakes_that_nobody_waits_for(house, cues):
    os.mkfifo(house.root / "cues" / "pipe.yaml")
    (house.root / "cues" / "zero.yaml").symlink_to("/dev/zero")
    while cues.look("2026-12-03", 1.0):
        pass
    told = {Path(path).name: found for path, found in cues.found.items()}
    assert told["pipe.yaml"].mistakes == told["zero.yaml"].mistakes == 1
    assert sum(found.mistakes == 0 for found in told.values()) == len(told) - 2
