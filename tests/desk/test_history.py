"""A journal is read as its run's log: whatever clock ran meanwhile, and whatever is left of it."""

import json

import pytest

from stagectl.desk.history import log_of
from stagectl.desk.journal import Journal, Opened, copies
from stagectl.engine import event as e

EVENING = 1795891327.0  # seconds since the epoch
SHOW = """\
show: Debatt
date: 2026-11-28
start: "19:30"
venue: hall
cues:
  - {cue: 1, name: Dørene, length: 10 min}
  - {cue: 2.50, name: Velkommen, length: 5 min}
  - {cue: 3, name: Pris, at: "20:30"}
"""
VENUE = "venue: Liten sal\ntimezone: Europe/Oslo\n"
OPENED = Opened(
    "live", "cues/a.yaml", "scenes/b.yaml", "d", {"cues/a.yaml": SHOW, "scenes/b.yaml": VENUE}
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "place" / "journal" / "20261128T180000Z-001.jsonl"


def written(path, *parts, opened=OPENED):
    """Write a journal: (monotonic, wall, boot) starts a desk, events follow it."""
    book = Journal(path)
    book.begin(opened)
    for part in parts:
        if isinstance(part, tuple):
            book.start(*part)
        elif isinstance(part, bytes):
            book.copy(part)
        else:
            book.append([part])
    book.close()
    return path


def went(run):
    return [(r.cue, r.began - EVENING, r.lasted) for r in run.rows if r.began is not None]


def test_names_lengths_and_times_of_day_are_those_of_the_copies(path):
    written(path, (100.0, EVENING, "boot"), e.Fired(at=160.0, by="panel", cue="1"),
            e.Ended(at=760.0))  # fmt: skip
    run = log_of(path)
    assert (run.show, run.venue, run.timezone) == ("Debatt", "Liten sal", "Europe/Oslo")
    assert [(r.cue, r.name, r.planned) for r in run.rows] == [
        ("1", "Dørene", 600.0), ("2.50", "Velkommen", 300.0), ("3", "Pris", None),
    ]  # fmt: skip
    starts = [r.planned_at - run.planned_start for r in run.rows]
    assert starts == [0.0, 600.0, 3600.0]
    assert went(run) == [("1", 60.0, 600.0)]
    assert run.ended == EVENING + 660.0


def test_a_desk_that_restarted_within_a_boot_measures_by_the_clock_nobody_sets(path):
    written(
        path,
        (100.0, EVENING, "boot"), e.Fired(at=110.0, by="panel", cue="1"),
        # the wall was put right by an hour in between: no cue is an hour longer for it
        (140.0, EVENING + 40.0 - 3600.0, "boot"), e.Resumed(at=140.0),
        e.Fired(at=170.0, by="panel", cue="2.50"), e.Ended(at=180.0),
    )  # fmt: skip
    run = log_of(path)
    assert [(r.cue, r.lasted) for r in run.rows if r.began is not None] == [
        ("1", 60.0), ("2.50", 10.0),
    ]  # fmt: skip
    assert run.ended == EVENING + 80.0 - 3600.0


def test_after_a_power_cut_the_wall_tells_how_long_it_was(path):
    written(
        path,
        (5000.0, EVENING, "before"), e.Fired(at=5010.0, by="panel", cue="1"),
        (20.0, EVENING + 70.0, "after"), e.Resumed(at=20.0),
        e.Fired(at=30.0, by="panel", cue="2.50"), e.Ended(at=40.0),
    )  # fmt: skip
    assert went(log_of(path)) == [("1", 10.0, 70.0), ("2.50", 80.0, 10.0)]


def test_a_reloaded_show_goes_on_by_its_own_plan(path):
    other = SHOW.replace("10 min", "1 min").replace("Velkommen", "Hei")
    written(
        path,
        (0.0, EVENING, "boot"), e.Fired(at=0.0, by="panel", cue="1"),
        copies("n", {"cues/a.yaml": other, "scenes/b.yaml": VENUE}),
        e.Reloaded(at=30.0, by="panel", digest="n", before="d", onstage="1", standby="2.50"),
        e.Fired(at=60.0, by="panel", cue="2.50"), e.Ended(at=90.0),
    )  # fmt: skip
    rows = log_of(path).rows
    assert [(r.cue, r.name, r.planned) for r in rows[:2]] == [
        ("1", "Dørene", 600.0), ("2.50", "Hei", 300.0),
    ]  # fmt: skip


def test_a_journal_that_nobody_writes_any_more_breaks_off(path):
    written(path, (0.0, EVENING, "boot"), e.Fired(at=10.0, by="panel", cue="1"))
    run = log_of(path)
    assert (run.now, run.ended) == (None, None)


@pytest.mark.parametrize("kept", range(4))
def test_whatever_line_is_torn_the_rest_is_told(path, kept):
    written(path, (0.0, EVENING, "boot"), e.Fired(at=10.0, by="panel", cue="1"),
            e.Noted(at=20.0, text="Æ"))  # fmt: skip
    lines = path.read_bytes().splitlines(keepends=True)
    lines[kept] = lines[kept][: len(lines[kept]) // 2] + b"\n"
    path.write_bytes(b"".join(lines))
    run = log_of(path)
    assert run.damaged == 1
    assert bool(run.rows and run.rows[0].began) == (kept != 2)
    assert bool(run.notes) == (kept != 3)
    assert (run.show == "Debatt") == (kept != 0)


def test_without_any_clock_the_last_word_is_as_old_as_the_file(path):
    written(path, (0.0, EVENING, "boot"), e.Fired(at=10.0, by="panel", cue="1"), e.Ended(at=40.0))
    lines = [
        line for line in path.read_bytes().splitlines(keepends=True) if b'"Started"' not in line
    ]
    path.write_bytes(b"".join(lines))
    run = log_of(path)
    assert run.ended == pytest.approx(path.stat().st_mtime)
    assert run.rows[0].lasted == 30.0


@pytest.mark.parametrize(
    "text", [b"", b"\0" * 4096, b"{}\n[]\n1\n", json.dumps({"type": "Started"}).encode() + b"\n"]
)
def test_of_a_file_that_is_no_journal_nothing_is_made_up(path, text):
    path.parent.mkdir(parents=True)
    path.write_bytes(text)
    run = log_of(path)
    assert (run.rows, run.began, run.moments) == ((), None, ())


def test_files_that_cannot_be_read_any_more_leave_the_numbers(path):
    broken = Opened("live", "a", "b", "d", {"a": "show: [\n", "b": "\0"})
    written(path, (0.0, EVENING, "boot"), e.Fired(at=10.0, by="panel", cue="7"), opened=broken)
    assert [(r.cue, r.name) for r in log_of(path).rows] == [("7", "")]
