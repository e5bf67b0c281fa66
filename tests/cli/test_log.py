"""`stagectl log` tells a run as it was, and gives it away as files that others open rightly."""

import csv
import io
import re
import time
from pathlib import Path

import pytest

from stagectl.cli.log import new_file
from stagectl.desk.journal import Journal, Opened
from stagectl.desk.place import place_of
from stagectl.engine import event as e
from stagectl.engine.asrun import AsRun
from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal

F6 = b"\x1b[17~"


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """A show that was run to its end; nobody changes it."""
    library = Library(
        tmp_path_factory.mktemp("library") / "library", tmp_path_factory.mktemp("home")
    )
    process = library.headless()
    library("go")
    library("note", "=HYPERLINK(1)")
    library("message", "5 minutter igjen")
    library("skip", "2.5")
    library("name", "guest", "Kåre «Øst»")
    library("put", "lamps.stage", "40 %")
    library("cover", "--ago", "2min")
    library("release")
    library("go")
    library("end")
    assert process.wait(10) == 0
    yield library
    library.close()


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_the_newest_run_is_told_cue_by_cue_and_then_all_else(evening):
    done = evening("log")
    assert done.status == 0
    assert done.out.startswith("Høytlesning – Liten sal – ")
    for line in (
        r"\d\d:\d\d:\d\d  1      Dørene åpner .* GO · the command line",
        r"–         2.5    Lesning .* was skipped · the command line",
        r"–         3      Film .* did not go",
        r"\d\d:\d\d:\d\d  Note: =HYPERLINK\(1\)  \(the command line\)",
        r"\d\d:\d\d:\d\d  Message: 5 minutter igjen",
        r"\d\d:\d\d:\d\d  Name corrected: guest: Kåre «Øst»",
        r"\d\d:\d\d:\d\d  Covered: until .* 2:0\d · dated back from",
        r"\d\d:\d\d:\d\d  Held by hand: .*: 40 %",
    ):
        assert re.search(line, done.out), (line, done.out)


def test_the_table_has_every_cue_and_no_formula(evening):
    rows = table(evening("log", "--csv", "-").out)
    head, *lines = rows
    assert head[:5] == ["Date", "Time", "What", "Cue", "Name"]
    assert {len(row) for row in rows} == {len(head)}
    cues = [(row[3], row[4], row[9]) for row in lines if row[2] == "Cue"]
    assert cues == [
        ("1", "Dørene åpner", "GO"), ("2", "Velkommen", "GO"), ("2.5", "Lesning", "was skipped"),
        ("3", "Film", "did not go"),
    ]  # fmt: skip
    assert "'=HYPERLINK(1)" in [row[4] for row in lines]
    assert not [cell for row in rows for cell in row if cell[:1] in "=@\t\r" and cell]


def test_the_json_is_strict_and_its_keys_are_those_of_the_page(evening):
    told = evening("log", "--json", "-").json
    assert told["version"] == 1
    assert [row["state"] for row in told["rows"]] == ["gone", "gone", "skipped", "not_gone"]
    began = told["rows"][0]["began"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[12]:00", began)
    cover = told["intervals"][0]
    assert cover["since"] < cover["began"] < cover["until"]


def test_a_file_that_is_there_stays_as_it_is(evening, tmp_path):
    target = tmp_path / "logg.csv"
    assert evening("log", "--csv", str(target)).status == 0
    written = target.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in written
    again = evening("log", "--csv", str(target))
    assert again.status == 1
    assert "is there already" in again.err
    assert target.read_bytes() == written


def test_runs_are_listed_and_chosen_by_name(evening):
    [line] = evening("log", "--list").out.splitlines()
    name = line.split()[0]
    assert "reading.yaml" in line
    assert evening("log", "--run", name).out == evening("log", "cues/reading.yaml").out
    assert "There is no run" in evening("log", "--run", "2001").err
    assert "no file" in evening("log", "cues/none.yaml").err


def test_a_run_that_goes_on_is_told_so_far_and_one_that_broke_off_says_so(library):
    process = library.headless()
    library("go")
    assert "it goes on now" in library("log").out
    process.kill()
    process.wait()
    library.close()
    end = time.monotonic() + 10
    while "nobody ended it" not in (said := library("log").out):
        assert time.monotonic() < end, said


def test_of_a_damaged_journal_what_is_whole_is_used_and_it_is_told(evening, tmp_path):
    [journal] = (evening.home / "state").glob("*/journal/*.jsonl")
    hurt = tmp_path / "place" / "journal" / journal.name
    hurt.parent.mkdir(parents=True)
    lines = journal.read_bytes().splitlines(keepends=True)
    cut = next(n for n, line in enumerate(lines) if b'"Noted"' in line)
    lines[cut] = lines[cut][:20] + b"\n" + b"\0" * 512 + b"\n"
    hurt.write_bytes(b"".join(lines))
    done = evening("log", "--run", str(hurt))
    assert done.status == 0
    assert "2 lines of the journal could not be read" in done.out
    assert "2 lines of" in evening("log", "--run", str(hurt), "--csv", "-").err
    assert "Velkommen" in done.out
    assert "HYPERLINK" not in done.out


def test_nothing_has_been_run_yet(library):
    assert library("log", "--list").out == "No run yet.\n"
    assert "No run yet" in library("log").err


def test_ten_thousand_cues_are_told_from_the_journal_alone(library):
    cues = "".join(f"  - {{cue: {n}, name: Nummer {n}, length: 1 min}}\n" for n in range(1, 10_001))
    show = library.folder / "cues" / "long.yaml"
    show.write_text(f"show: Lang\nvenue: hall\ncues:\n{cues}", "utf-8")
    venue = library.folder / "scenes" / "hall.yaml"
    place = place_of(library.folder, "hall")
    path = library.home / "state" / place.name / "journal" / "20261128T180000Z-001.jsonl"
    book = Journal(path, sync=lambda _file: None)
    texts = {str(p): p.read_text("utf-8") for p in (show, venue)}
    book.begin(Opened("live", str(show), str(venue), "d", texts))
    book.start(0.0, 1795891327.0, "boot")
    book.append([e.Began(at=1.0)])
    book.append(e.Fired(at=n * 60.0, by="panel", cue=str(n)) for n in range(1, 10_001))
    book.append([e.Ended(at=600_100.0)])
    book.close()
    rows = table(library("log", "--csv", "-").out)
    assert sum(row[2] == "Cue" for row in rows[1:]) == 10_000


@HAS_PTY
def test_a_panel_of_a_real_desk_shows_its_log_and_writes_it_into_the_projects_folder(library):
    panel = Terminal(library, "run", "cues/reading.yaml", "--guard", "0")
    try:
        panel.wait_for("READY")
        panel.press(b" ")
        library.wait_for("onstage", "1")
        panel.press(F6)
        panel.wait_for("The cues, against the plan")
        panel.wait_for(str(library.folder / "logs"))
        panel.press(b"1")
        panel.wait_for("A note about the evening")
        panel.press(b"kveldens notat\r")
        end = time.monotonic() + 10
        while "kveldens notat" not in library("log").out.casefold():
            assert time.monotonic() < end
        panel.press(b"2")
        panel.wait_for("Written:")
        [sheet] = (library.folder / "logs").iterdir()
        assert "dørene åpner" in sheet.read_text("utf-8").casefold()
        panel.press(b"\x11")
        assert panel.status() == 0
    finally:
        panel.hang_up()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_on_a_full_disk_no_half_log_is_left(tmp_path, monkeypatch):
    real = Path.open

    def full(path, mode="r", **more):
        real(path, mode, **more).close()  # the name is there; what is written has no room
        return real(Path("/dev/full"), "wb")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space"):
        new_file(tmp_path, "debatt", AsRun(), "csv", "x" * 100_000)
    assert list(tmp_path.iterdir()) == []
