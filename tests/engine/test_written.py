"""What was recorded, what was noted, and what the stage clock says, are in the journal."""

import pytest

from stagectl.engine.engine import NOTED, READ
from stagectl.engine.event import Messaged, Noted, Refused, Wrote
from stagectl.engine.intent import Message, Note
from stagectl.engine.plain import event_from_plain, intent_from_plain, tagged
from stagectl.engine.report import Facts, Lost
from tests.engine.evening import at_work, book

FILM = "/films/2026-11-28.mkv"


def wrote(events):
    return [(e.path, e.bytes, e.seconds) for e in events if isinstance(e, Wrote)]


def facts(engine, now, **told):
    return engine.hear(Facts("obs", {k.replace("_", "."): v for k, v in told.items()}), now)


def test_the_path_is_known_when_it_begins_and_the_bytes_when_it_ends():
    engine = at_work()
    assert wrote(facts(engine, 1.0, record=True, record_path=FILM)) == [(FILM, 0.0, 0.0)]
    assert facts(engine, 2.0, record_bytes=500, record_seconds=1.0) == ()
    ended = facts(engine, 3.0, record=False, record_path=FILM)
    assert wrote(ended) == [(FILM, 500.0, 1.0)]


def test_a_count_that_comes_after_the_stop_is_written_too():
    engine = at_work()
    facts(engine, 1.0, record=True, record_path=FILM)
    facts(engine, 2.0, record_bytes=500)
    facts(engine, 3.0, record=False)
    assert wrote(facts(engine, 4.0, record_bytes=800)) == [(FILM, 800.0, 0.0)]


def test_a_second_recording_has_nothing_of_the_first():
    engine = at_work()
    facts(engine, 1.0, record=True, record_path=FILM)
    facts(engine, 2.0, record_bytes=500)
    facts(engine, 3.0, record=False)
    assert wrote(facts(engine, 4.0, record=True)) == []
    assert wrote(facts(engine, 4.1, record_path="/films/2.mkv")) == [("/films/2.mkv", 0.0, 0.0)]


def test_what_was_recorded_when_its_device_was_lost_is_written():
    engine = at_work()
    facts(engine, 1.0, record=True, record_path=FILM)
    facts(engine, 2.0, record_bytes=500, record_seconds=1.0)
    assert wrote(engine.hear(Lost("obs", "closed"), 3.0)) == [(FILM, 500.0, 1.0)]
    assert wrote(engine.hear(Lost("obs", "refused"), 4.0)) == []


def test_bytes_that_grow_are_no_event():
    engine = at_work()
    facts(engine, 1.0, stream=True)
    assert [facts(engine, 1.0 + n, stream_bytes=n * 100) for n in range(1, 5)] == [()] * 4


# ---- the stage clock's message, and notes


def test_a_message_is_in_the_picture_until_it_is_taken_away():
    engine = at_work()
    [said] = engine.ask(Message(text=" 5 minutter\n igjen ", by="panel"), 1.0)
    assert said == Messaged(at=1.0, by="panel", text="5 minutter igjen")
    assert engine.snapshot(1.0).message == "5 minutter igjen"
    engine.ask(Message(text=""), 2.0)
    assert engine.snapshot(2.0).message == ""


def test_a_message_outlives_the_desk():
    engine = at_work()
    events = engine.ask(Message(text="Takk!"), 1.0)
    assert type(engine).resume(book(), events).snapshot(2.0).message == "Takk!"


def test_a_note_is_kept_and_moves_nothing():
    engine = at_work()
    before = engine.snapshot(1.0)
    assert engine.ask(Note(text="Mikrofon 2 knitrer", by="panel"), 1.0) == (
        Noted(at=1.0, by="panel", text="Mikrofon 2 knitrer"),
    )
    assert engine.snapshot(1.0) == before
    assert engine.commands(1.0) == ()


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Note(text=" \n"), "empty"),
        (Note(text="a" * (NOTED + 1)), "too_long"),
        (Message(text="a" * (READ + 1)), "too_long"),
    ],
)
def test_what_nobody_would_read_is_refused(intent, why):
    [refused] = at_work().ask(intent, 1.0)
    assert isinstance(refused, Refused)
    assert refused.why == why


@pytest.mark.parametrize("intent", [Note(text="Æ", by="p", id="1"), Message(text="[/]", by="p")])
def test_they_go_over_the_wire(intent):
    assert intent_from_plain(tagged(intent)) == intent


@pytest.mark.parametrize(
    "event",
    [
        Noted(at=1.0, by="p", text="Æ"),
        Messaged(at=1.0, by="p", text=""),
        Wrote(at=1.0, device="obs", verb="record", path=FILM, bytes=5.0, seconds=1.5),
    ],
)
def test_they_go_through_the_journal(event):
    assert event_from_plain(tagged(event)) == event
