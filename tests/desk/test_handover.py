"""What a desk is given arrives whole, and only today's run of the same show is taken up again."""

import os
import time
from dataclasses import replace

import pytest

from stagectl.desk import handover, journal
from stagectl.desk.handover import FORGOTTEN, Handover, Options
from stagectl.desk.journal import Journal, Opened
from stagectl.desk.place import Place, UnsafePlaceError
from stagectl.engine.event import Began, Ended, Event, Fired, Held, Named, Reloaded
from tests.desk.house import RUN, book


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "state" / "hall")
    place.make()
    return place


@pytest.fixture
def the_book(tmp_path):
    return book(tmp_path, 9)


def ran(place, the_book, *events, show=""):
    """A run was here, and this is what happened in it."""
    told = Journal(place.journal / RUN)
    told.begin(Opened("live", show or the_book.show_path, "", "1", {}))
    told.start(1.0, time.time(), journal.boot_id())
    told.append(events)
    told.close()
    return place.journal / RUN


def test_a_desk_gets_what_was_left_for_it(place, the_book):
    left = Handover(the_book, Options(RUN, osc_in=("127.0.0.1", 1), guard=0.2), {"a": "å"})
    handover.leave(place, left)
    assert handover.take(place) == left


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by the profile")
def test_a_desk_takes_nothing_from_a_folder_that_others_can_write_in(place, the_book):
    handover.leave(place, Handover(the_book, Options(RUN), {}))
    place.folder.chmod(0o777)
    with pytest.raises(UnsafePlaceError):
        handover.take(place)


def test_a_run_that_was_never_ended_is_taken_up_where_it_was(place, the_book):
    ran(place, the_book, Began(at=1.0), Fired(at=1.0, cue="1"), Fired(at=2.0, cue="2"))
    left = handover.unended(place, the_book)
    assert left is not None
    assert (left.name, left.onstage, left.ours) == (RUN, "2", True)


@pytest.mark.parametrize(
    "events",
    [
        (),
        (Held(at=1.0, parameter="lamps.stage.level", value=1.0),),  # the stage was not touched
        (Began(at=1.0), Fired(at=1.0, cue="1"), Ended(at=2.0)),
    ],
)
def test_what_never_began_or_was_ended_is_not_taken_up(place, the_book, events):
    ran(place, the_book, *events)
    assert handover.unended(place, the_book) is None


def test_no_run_is_no_run(place, the_book):
    assert handover.unended(place, the_book) is None


def test_another_shows_run_is_kept_and_not_taken_up(place, the_book):
    ran(place, the_book, Began(at=1.0), show="/another.yaml")
    left = handover.unended(place, the_book)
    assert left is not None
    assert not left.ours


def test_last_weeks_run_is_kept_and_not_taken_up(place, the_book):
    path = ran(place, the_book, Began(at=1.0), Fired(at=1.0, cue="1"))
    before = time.time() - FORGOTTEN - 60
    os.utime(path, (before, before))
    left = handover.unended(place, the_book)
    assert left is not None
    assert not left.ours


def test_what_the_show_no_longer_has_is_left_out_of_its_past(the_book):
    cues = tuple(cue for cue in the_book.show.cues if cue.number != "2")
    edited = replace(the_book, show=replace(the_book.show, cues=cues))
    fired = [Fired(at=1.0, cue="1"), Fired(at=2.0, cue="2")]
    held = [Held(at=3.0, parameter="lamps.gone.level", value=1.0)]
    assert handover.fitting(edited, [*fired, *held]) == (fired[0],)


def test_a_name_without_its_role_and_a_value_without_its_wire_are_dropped_and_told(the_book):
    past: list[Event] = [
        Fired(at=1.0, cue="1"),
        Named(at=2.0, role="guest", name="Kari"),
        Held(at=3.0, parameter="lamps.stage.level", value=500.0),
        Held(at=4.0, parameter="lamps.stage.level", value="loud"),
    ]
    dropped: list[Event] = []
    assert handover.fitting(the_book, past, dropped.append) == (past[0],)
    assert dropped == past[1:]


def test_a_run_says_which_files_it_ran_last(place, the_book):
    path = ran(place, the_book, Began(at=1.0), Fired(at=1.0, cue="1"))
    left = handover.unended(place, the_book)
    assert left is not None
    assert left.digest == "1"
    told = Journal(path)
    told.copy(journal.copies("2", {"a": "å"}))
    assert handover.unended(place, the_book).digest == "1", "copies alone are no reload"
    told.append([Reloaded(at=2.0, digest="2", onstage="1", standby="2")])
    told.close()
    left = handover.unended(place, the_book)
    assert left is not None
    assert left.digest == "2"
    past = journal.read(path, now=0.0, wall=0.0, boot="")
    assert past.damaged == 0


def test_what_another_show_had_before_a_reload_is_no_loss_to_tell(the_book):
    reloaded = Reloaded(at=2.0, digest="1", onstage="1", standby="2")
    past = [Fired(at=1.0, cue="99"), reloaded, Fired(at=3.0, cue="98")]
    dropped: list[Event] = []
    assert handover.fitting(the_book, past, dropped.append) == (reloaded,)
    assert dropped == past[2:]


def version(book, digest):
    return Handover(replace(book, digest=digest), Options(RUN), {})


def ran_last(place, digest):
    told = Journal(place.journal / RUN)
    told.append([Reloaded(at=2.0, digest=digest, onstage="1", standby="2")])
    told.close()


def test_the_version_that_the_journal_says_ran_last_is_taken(place, the_book):
    handover.leave(place, version(the_book, "1"))
    handover.leave_version(place, version(the_book, "2"))
    assert handover.take_newest(place).book.digest == "1", "left, but never taken"
    ran_last(place, "2")
    assert handover.take_newest(place).book.digest == "2"
    assert place.face_book_of("2").name == "book-2.json"
    ran_last(place, "1")
    assert handover.take_newest(place).book.digest == "1"
    assert place.face_book_of("1") == place.face_book


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b""), lambda path: path.unlink()])
def test_a_version_that_is_lost_costs_the_reload_and_not_the_show(place, the_book, harm):
    handover.leave(place, version(the_book, "1"))
    handover.leave_version(place, version(the_book, "2"))
    ran_last(place, "2")
    harm(place.book_of("2"))
    assert handover.take_newest(place).book.digest == "1"
