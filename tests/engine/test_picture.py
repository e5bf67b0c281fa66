"""What the picture says beside the look: what has gone, what of a group comes, whose evening."""

import pytest

from stagectl.core.model import Cue, Do, Part
from stagectl.engine.engine import Engine
from stagectl.engine.intent import Back, End, Go, Overlay, TakeOver
from stagectl.engine.plain import snapshot_from_plain, to_plain
from stagectl.engine.report import Facts
from stagectl.engine.snapshot import GoneRow, PartRow
from tests.engine.evening import at_work, book, grouped

DARK = Part("dark", {"lights.house": 10.0}, fade=5.0)
BAND = Part("band", {"lights.stage": 100.0}, wait=2.0, fade=1.0)
INTRO = Part("intro", dos=(Do("obs", "play", "intro"),), wait=4.0)
CUES = (Cue("1"), grouped("2", DARK, BAND, INTRO), Cue("3"), Cue("4"), Cue("5"))


def gone_to(cues: int, **by: str) -> Engine:
    """An engine whose cue n went at n × 10 seconds."""
    engine = at_work(CUES)
    for n in range(1, cues + 1):
        engine.ask(Go(**by), n * 10.0)
        engine.commands(n * 10.0)
    return engine


# ---- the parts of a group


def test_a_group_tells_what_of_it_is_still_to_come_and_what_has_begun():
    engine = gone_to(2)
    assert engine.snapshot(20.5).parts == (
        PartRow(0, 0.0, 4.5), PartRow(1, 1.5, 2.5), PartRow(2, 3.5, 3.5),
    )  # fmt: skip
    assert engine.snapshot(23.5).parts == (PartRow(0, 0.0, 1.5), PartRow(2, 0.5, 0.5))
    assert engine.snapshot(25.0).parts == ()


@pytest.mark.parametrize("ends_it", [Go(), Back(), Overlay("safe"), End()])
def test_nothing_of_a_group_is_said_to_come_that_does_not(ends_it):
    engine = gone_to(2)
    engine.ask(ends_it, 21.0)
    engine.commands(21.0)
    assert engine.snapshot(21.0).parts == ()


def test_a_group_come_back_to_has_no_parts_to_come():
    engine = gone_to(3)
    engine.ask(Back(), 31.0)
    assert engine.snapshot(31.0).onstage == "2"
    assert engine.snapshot(31.0).parts == ()


def test_a_desk_that_came_back_says_that_nothing_of_a_group_comes():
    engine = at_work(CUES)
    journal = [*engine.ask(Go(), 10.0), *engine.ask(Go(), 20.0)]
    assert Engine.resume(book(CUES), journal).snapshot(21.0).parts == ()


# ---- what has gone


def test_the_last_cues_that_went_are_told_with_their_times():
    assert gone_to(4).snapshot(45.0).gone == (
        GoneRow("2", 25.0), GoneRow("3", 15.0), GoneRow("4", 5.0),
    )  # fmt: skip


def test_a_cue_gone_back_from_has_not_gone():
    engine = gone_to(3)
    engine.ask(Back(), 31.0)
    assert [row.cue for row in engine.snapshot(31.0).gone] == ["1", "2"]


# ---- whose evening


def test_the_operator_is_whoever_began_and_then_whoever_took_over_and_since_when():
    engine = gone_to(1, by="anna")
    assert (engine.snapshot(12.0).operator, engine.snapshot(12.0).operator_for) == ("anna", 2.0)
    engine.ask(TakeOver(by="anna"), 15.0)  # another person at the same screen
    assert (engine.snapshot(17.0).operator, engine.snapshot(17.0).operator_for) == ("anna", 2.0)
    engine.ask(TakeOver(by="bjørn"), 20.0)
    assert (engine.snapshot(21.0).operator, engine.snapshot(21.0).operator_for) == ("bjørn", 1.0)


def test_before_the_first_go_nobody_is_the_operator_unless_they_said_so():
    engine = at_work(CUES)
    assert engine.snapshot(1.0).operator_for is None
    engine.ask(TakeOver(by="anna"), 2.0)
    engine.ask(Go(by="bjørn"), 3.0)
    assert (engine.snapshot(5.0).operator, engine.snapshot(5.0).operator_for) == ("anna", 3.0)


# ---- the disk


def test_a_recording_knows_the_room_on_its_disk_and_the_frames_its_device_missed():
    engine = at_work(CUES)
    engine.hear(Facts("obs", {"record": True, "record.bytes": 5.0, "disk.mb": 900.0}), 1.0)
    engine.hear(Facts("obs", {"stream": True, "stream.skipped": 3.0, "render.skipped": 2.0}), 1.0)
    record, stream = engine.snapshot(2.0).latches
    assert record.facts == {"bytes": 5.0, "disk.mb": 900.0, "render.skipped": 2.0}
    assert stream.facts == {"skipped": 3.0, "disk.mb": 900.0, "render.skipped": 2.0}


def test_all_of_it_goes_over_the_wire_and_back():
    picture = gone_to(2).snapshot(20.5)
    assert picture.parts
    assert picture.gone
    assert snapshot_from_plain(to_plain(picture)) == picture
