"""What a journal tells of its run without being read as one."""

import time

import pytest

from stagectl.desk.journal import Journal, Opened
from stagectl.desk.place import Place
from stagectl.desk.runs import Runs, ran
from stagectl.engine.event import Began, Ended, Fired

WALL = 1795888800.0


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "hall")
    place.make()
    return place


def a_run(place, name, *events, show="/a.yaml", starts=((1.0, WALL),)):
    told = Journal(place.journal / name)
    told.begin(Opened("live", show, "/sal.yaml", "1", {"/a.yaml": '{"type":"Ended"}\n' * 9}))
    for at, wall in starts:
        told.start(at, wall, "boot")
    told.append(events)
    told.close()
    return place.journal / name


def test_a_run_began_with_its_first_cue_and_lasted_until_it_was_ended(place):
    path = a_run(place, "20261128T180000Z-001.jsonl", Began(at=61.0), Fired(at=61.0, cue="1"),
                 Ended(at=3661.0))  # fmt: skip
    run = ran(path)
    assert run is not None
    assert (run.show_path, run.began, run.ended) == ("/a.yaml", WALL + 60, WALL + 3660)


def test_a_run_that_nobody_ended_was_last_heard_of_when_something_was_last_written(place):
    run = ran(a_run(place, "20261128T180000Z-001.jsonl", Began(at=1.0)))
    assert run is not None
    assert run.ended is None
    assert abs(run.last - time.time()) < 60


def test_after_another_boot_the_end_is_by_the_later_clock(place):
    path = a_run(place, "20261128T180000Z-001.jsonl", Began(at=1.0))
    told = Journal(path)
    told.start(5.0, WALL + 1000, "another boot")
    told.append([Ended(at=15.0)])
    told.close()
    run = ran(path)
    assert run is not None
    assert (run.began, run.ended) == (WALL, WALL + 1010)


def test_a_run_in_which_nothing_went_is_none(place):
    assert ran(a_run(place, "20261128T180000Z-001.jsonl")) is None


def test_torn_lines_cost_themselves_only(place):
    path = a_run(place, "20261128T180000Z-001.jsonl", Began(at=1.0))
    with path.open("ab") as file:
        file.write(b'{"type":"Ended","at":9\n\0\0\0\n{"type":"Ended","at":10.0,"by":""}\n')
    run = ran(path)
    assert run is not None
    assert run.ended == WALL + 9


def test_runs_come_newest_first_and_only_the_last_of_a_place_can_be_taken_up(place):
    for n in (1, 2):
        a_run(place, f"20261128T180000Z-00{n}.jsonl", Began(at=float(n)))
    runs = Runs(place)
    assert [(run.journal.stem[-3:], run.newest) for run in runs.all()] == [
        ("002", True), ("001", False),
    ]  # fmt: skip
    a_run(place, "20261129T180000Z-001.jsonl")
    assert [run.newest for run in runs.all()] == [False, False]


def test_a_journal_that_has_not_changed_is_not_read_again(place, monkeypatch):
    path = a_run(place, "20261128T180000Z-001.jsonl", Began(at=1.0))
    runs, read = Runs(place), []

    def spied(journal):
        read.append(journal)
        return ran(journal)

    monkeypatch.setattr("stagectl.desk.runs.ran", spied)
    assert runs.all() == runs.all()
    assert read == [path]
    told = Journal(path)
    told.append([Ended(at=9.0)])
    told.close()
    assert [run.ended for run in runs.all()] == [WALL + 8]
    assert read == [path, path]


def test_a_place_without_journals_has_no_runs(tmp_path):
    assert Runs(Place(tmp_path / "borte")).all() == ()
