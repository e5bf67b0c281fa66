"""A group of cues goes as one: one GO, one place, one look; each part at its own time."""

from collections.abc import Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from stagectl.core.group import ways
from stagectl.core.model import Cue, Do, Part, Value
from stagectl.core.track import look_at
from stagectl.engine.engine import Engine
from stagectl.engine.intent import Assert, Back, Go, LetGo, Overlay, Put, Release, Skip, StandBy
from stagectl.engine.report import Linked, Lost, Moved
from tests.engine.evening import BASE, at_work, book, done, grouped, linked, names, reading, said

DARK = Part("dark", {"lights.house": 10.0}, fade=5.0)
BAND = Part("band", {"lights.stage": 100.0, "obs.program": "Stage"}, wait=2.0, fade=1.0)
INTRO = Part("intro", dos=(Do("obs", "play", "intro"),), wait=3.0)
CONCERT = grouped("7", DARK, BAND, INTRO, follow="end")
EVENING = (Cue("6"), CONCERT, Cue("8", sets={"lights.house": 60.0}))


def on(engine: Engine, *moments: float) -> None:
    """Press GO, and say what is said, at each of these."""
    for now in moments:
        engine.ask(Go(), now)
        engine.commands(now)


def spoken(engine: Engine, now: float) -> dict[str, Value]:
    """What is said at `now`, until all is quiet."""
    told: dict[str, Value] = {}
    while orders := engine.commands(now):
        told |= said(orders)
    return told


def wanted(engine: Engine, now: float) -> dict[str, Value | None]:
    return {p: engine.run.stage.wanted_at(p, now) for p in BASE}


# ---- one GO, one place


def test_one_go_fires_a_group_once_and_each_part_comes_at_its_own_time():
    engine = at_work(EVENING)
    on(engine, 0.0)
    assert names(engine.ask(Go(), 10.0)) == ["Fired"]
    assert engine.snapshot(10.0).onstage == "7"
    assert engine.snapshot(10.0).standby == "8"
    assert said(engine.commands(10.0)) == {"lights.house": 80.0}  # where it sets out from
    assert said(engine.commands(11.0)) == {"lights.house": pytest.approx(66.0)}
    assert said(engine.commands(12.0)) == {
        "lights.house": pytest.approx(52.0),
        "obs.program": "Stage",
        "lights.stage": 0.0,  # where it sets out from
    }
    assert said(engine.commands(12.5))["lights.stage"] == pytest.approx(50.0)
    assert engine.tick(12.9, 0.0) == ()
    assert names(engine.tick(13.0, 0.0)) == ["Did"]
    assert done(engine.commands(13.0)) == ["obs.play intro"]
    assert said(engine.commands(15.0)) == {"lights.house": 10.0}


def test_the_card_says_all_that_a_group_will_do():
    engine = at_work(EVENING)
    on(engine, 0.0)
    picture = engine.snapshot(1.0)
    assert {c.parameter: c.after for c in picture.next} == CONCERT.sets
    assert picture.next_dos == ("obs.play intro",)


def test_a_group_that_is_skipped_is_skipped_whole():
    engine = at_work(EVENING)
    on(engine, 0.0)
    engine.ask(Skip("7"), 1.0)
    on(engine, 2.0)
    assert engine.snapshot(2.0).onstage == "8"
    assert wanted(engine, 99.0) == {**BASE, "lights.house": 60.0}


def test_back_out_of_a_group_ends_all_its_fades_and_drops_the_dos_that_wait():
    engine = at_work(EVENING)
    on(engine, 0.0, 10.0)
    engine.commands(12.5)
    engine.ask(Back(), 12.6)
    assert said(engine.commands(12.6)) == {
        "lights.house": 80.0, "lights.stage": 0.0, "obs.program": "Wait"
    }  # fmt: skip
    assert spoken(engine, 99.0) == {}
    assert engine.tick(99.0, 0.0) == ()
    assert engine.snapshot(99.0).standby == "7"


def test_a_jump_past_a_group_takes_the_looks_of_all_its_parts_at_once_and_none_of_its_dos():
    engine = at_work(EVENING)
    on(engine, 0.0)
    engine.ask(StandBy("8"), 1.0)
    assert names(engine.ask(Go(), 2.0)) == ["Fired"]
    assert said(engine.commands(2.0)) == {
        "lights.house": 60.0, "lights.stage": 100.0, "obs.program": "Stage"
    }  # fmt: skip
    assert engine.tick(99.0, 0.0) == ()


def test_a_jump_to_a_group_brings_what_tracks_in_by_the_cues_own_time():
    cues = (
        Cue("1"),
        Cue("2", sets={"mixer.host.level": -20.0, "lights.house": 50.0}),
        grouped("3", DARK, BAND, fade=4.0),
    )
    engine = at_work(cues)
    on(engine, 0.0)
    engine.ask(StandBy("3"), 1.0)
    on(engine, 10.0)
    assert engine.run.stage.wanted_at("mixer.host.level", 12.0) == pytest.approx(-12.5)
    assert engine.run.stage.wanted_at("lights.house", 12.5) == pytest.approx(45.0)


def test_a_group_taken_up_again_holds_and_offers_the_do_that_had_not_been_said():
    engine = at_work(EVENING)
    journal = [*engine.ask(Go(), 0.0), *engine.ask(Go(), 10.0)]
    back = Engine.resume(book(EVENING), journal)
    resumed, missed = back.take_up(11.0)
    assert (resumed.at, missed.verb, missed.why) == (11.0, "play", "restart")
    linked(back, 11.0)
    assert back.commands(12.0) == ()
    assert back.tick(99.0, 0.0) == ()
    back.ask(Assert(), 100.0)
    spoken(back, 100.0)
    assert wanted(back, 200.0) == {**BASE, **CONCERT.sets}


def test_an_overlay_on_a_group_hides_it_and_gives_back_what_it_has_become():
    engine = at_work(EVENING)
    on(engine, 0.0, 10.0)
    engine.commands(10.5)
    engine.ask(Overlay("safe"), 11.0)
    assert said(engine.commands(11.0))["lights.house"] == 80.0
    assert spoken(engine, 12.5) == {"lights.stage": 0.0}  # its fade sets out: here the overlay is
    engine.ask(Release(), 14.0)
    assert said(engine.commands(14.0)) == {
        "lights.house": pytest.approx(24.0), "lights.stage": 100.0, "obs.program": "Stage"
    }  # fmt: skip
    assert done(engine.commands(14.0)) == []


# ---- parts that put the same thing

FLASH = grouped(
    "2",
    Part("up", {"lights.stage": 100.0}, fade=1.0),
    Part("down", {"lights.stage": 20.0}, wait=2.0, fade=2.0),
)


def test_a_later_part_takes_over_from_its_own_start():
    engine = at_work([Cue("1"), FLASH])
    on(engine, 0.0, 10.0)
    at = [engine.run.stage.wanted_at("lights.stage", 10.0 + t) for t in (0, 0.5, 1, 2, 3, 4, 9)]
    assert at == [0.0, 50.0, 100.0, 100.0, 60.0, 20.0, 20.0]


def test_a_later_part_takes_over_a_fade_that_is_still_on_its_way():
    cue = grouped(
        "2",
        Part(sets={"lights.stage": 100.0}, fade=4.0),
        Part(sets={"lights.stage": 0.0}, wait=2.0, fade=1.0),
    )
    engine = at_work([Cue("1"), cue])
    on(engine, 0.0, 10.0)
    at = [engine.run.stage.wanted_at("lights.stage", 10.0 + t) for t in (1, 2, 2.5, 3, 9)]
    assert at == [25.0, 50.0, 25.0, 0.0, 0.0]


def test_a_part_that_starts_when_a_later_one_has_taken_its_parameter_moves_it_never():
    late, early = Part(sets={"lights.stage": 9.0}, wait=3.0), Part(sets={"lights.stage": 7.0})
    engine = at_work([Cue("1"), grouped("2", late, early)])
    on(engine, 0.0)
    engine.ask(Go(), 10.0)
    assert spoken(engine, 10.0) == {"lights.stage": 7.0}
    assert spoken(engine, 13.0) == spoken(engine, 99.0) == {}


def test_what_a_group_puts_twice_is_prepared_as_it_is_first():
    program = [Part(sets={"obs.program": "Talk"}), Part(sets={"obs.program": "Wait"}, wait=2.0)]
    engine = at_work([Cue("1"), grouped("2", *program)])
    on(engine, 0.0)
    assert said(engine.prepare()) == {"obs.program": "Talk"}
    on(engine, 1.0)
    assert spoken(engine, 1.1) == {}
    assert spoken(engine, 3.0) == {"obs.program": "Wait"}


def test_a_group_whose_dos_come_later_is_said_before_any_bookkeeping():
    later, at_once = Part(dos=INTRO.dos, wait=1.0), Part(dos=INTRO.dos)
    for part, prepared in ((later, True), (at_once, False)):
        engine = at_work([Cue("1"), grouped("2", Part(sets={"lights.stage": 5.0}), part)])
        on(engine, 0.0)
        engine.prepare()
        engine.ask(Go(), 1.0)
        assert (engine._owed is not None) is prepared
        assert spoken(engine, 1.0) == {"lights.stage": 5.0}
        assert ("Did" in names(engine.tick(2.0, 0.0))) is prepared


# ---- hands, devices and the next GO


def test_a_hand_ends_its_parameters_way_through_all_the_parts():
    engine = at_work([Cue("1"), FLASH])
    on(engine, 0.0, 10.0)
    engine.ask(Put("lights.stage", 33.0), 10.5)
    assert said(engine.commands(10.5)) == {"lights.stage": 33.0}
    assert spoken(engine, 12.5) == {}
    engine.ask(LetGo("lights.stage"), 20.0)
    assert said(engine.commands(20.0)) == {"lights.stage": 20.0}


def test_the_next_go_leaves_alone_what_it_does_not_set():
    engine = at_work(EVENING)
    on(engine, 0.0, 10.0, 11.0)
    assert said(engine.commands(11.5)) == {}  # 8 put the house at 60: its fade is over
    assert "obs.program" in said(engine.commands(12.0))
    assert names(engine.tick(13.0, 0.0)) == ["Did"]


def test_a_fader_whose_device_restarted_meets_the_parts_on_their_way():
    parts = [
        Part(sets={"mixer.host.level": -45.0}, fade=10.0),
        Part(sets={"mixer.host.level": 5.0}, wait=20.0, fade=10.0),
    ]
    engine = at_work([Cue("1"), grouped("2", *parts)])
    on(engine, 0.0, 10.0)
    engine.commands(13.0)
    engine.hear(Lost("mixer", "silent"), 13.0)
    engine.hear(Linked("mixer", {**reading("mixer"), "mixer.host.level": -90.0}, True), 14.0)
    at = [
        engine.run.stage.wanted_at("mixer.host.level", t) for t in (14, 15, 16, 18, 25, 30, 35, 40)
    ]
    assert at == pytest.approx([-90, -59.5, -29, -37, -45, -45, -20, 5])
    assert said(engine.commands(15.0))["mixer.host.level"] == pytest.approx(-59.5)


def test_what_a_long_fade_or_a_late_part_put_has_two_seconds_to_be_confirmed():
    parts = [
        Part(sets={"mixer.host.level": -30.0}, fade=5.0),
        Part(sets={"mixer.host.level": -10.0}, wait=6.0, fade=3.0),
    ]
    engine = at_work([Cue("1"), grouped("2", *parts)])
    on(engine, 0.0, 10.0)
    for moment in (10.5, 15.0, 15.5, 16.0, 17.0, 19.0, 20.9):
        engine.commands(moment)
        assert [alarm.code for alarm in engine.snapshot(moment).alarms] == [], moment
    alarms = [(a.code, a.about) for a in engine.snapshot(21.1).alarms]
    assert alarms == [("unconfirmed", "mixer.host.level")]
    engine.hear(Moved("mixer.host.level", -10.0), 21.2)
    assert engine.snapshot(21.3).alarms == ()


# ---- follow: end

KINDS = (
    (Cue("1", follow="end"), 0.0),
    (Cue("1", wait=1.5, follow="end"), 1.5),
    (Cue("1", sets={"lights.stage": 50.0}, fade=2.0, follow="end"), 2.0),
    (Cue("1", sets={"lights.stage": 50.0}, wait=1.5, fade=2.0, follow="end"), 3.5),
    (Cue("1", sets={"obs.program": "Talk"}, fade=2.0, follow="end"), 2.0),
    (grouped("1", DARK, BAND, INTRO, follow="end"), 5.0),
    (grouped("1", BAND, INTRO, follow="end"), 3.0),
    (grouped("1", Part(), Part(), follow="end"), 0.0),
    (grouped("1", INTRO, follow="end", wait=4.0, fade=0.5), 4.5),
)


@pytest.mark.parametrize(("cue", "after"), KINDS)
def test_follow_end_is_when_the_last_wait_and_fade_are_done(cue, after):
    engine = at_work([cue, Cue("2")])
    [*_, fired] = engine.ask(Go(), 10.0)
    assert fired.cue == "1"
    assert engine.snapshot(10.0).follow_in == after
    before = [e for e in engine.tick(10.0 + after - 1e-6, 0.0) if after and e.by == "follow"]
    assert before == []
    then = engine.tick(10.0 + after + 0.4, 0.0)
    if after:
        assert [(e.at, e.by) for e in then if type(e).__name__ == "Fired"] == [
            (10.0 + after, "follow")
        ]
    assert engine.snapshot(11.0 + after).onstage == "2"


def test_a_chain_of_follow_ends_of_no_time_goes_through_and_stops_at_its_end():
    engine = at_work([Cue(str(n), follow="end") for n in range(1, 5)] + [Cue("5"), Cue("6")])
    engine.ask(Go(), 10.0)
    for _ in range(9):
        due = engine.due(10.0)
        if due is None:
            break
        assert due == 10.0
        engine.tick(10.0, 0.0)
    assert engine.snapshot(10.0).onstage == "5"


def test_a_hand_that_ends_the_fade_does_not_move_the_follow():
    engine = at_work([*EVENING[1:], Cue("9")])
    on(engine, 10.0)
    engine.commands(11.0)
    engine.ask(Put("lights.house", 70.0), 11.0)
    engine.hear(Moved("obs.program", "Talk"), 11.5)
    assert engine.snapshot(12.0).follow_in == 3.0
    assert "Fired" not in names(engine.tick(14.9, 0.0))
    assert names(engine.tick(15.0, 0.0)) == ["Fired"]


def test_a_go_before_the_end_takes_the_follows_place():
    engine = at_work([*EVENING[1:], Cue("9")])
    on(engine, 10.0, 12.0)
    assert engine.snapshot(12.0).onstage == "8"
    assert engine.snapshot(12.0).follow_in is None
    assert "Fired" not in names(engine.tick(99.0, 0.0))


def test_a_group_follows_into_a_group():
    first = grouped("1", Part(sets={"lights.stage": 50.0}, fade=2.0), INTRO, follow="end")
    second = grouped("2", DARK, Part(sets={"obs.program": "Talk"}, wait=1.0), follow="end")
    engine = at_work([first, second, Cue("3")])
    on(engine, 0.0)
    assert names(engine.tick(3.2, 0.0)) == ["Did", "Fired"]
    spoken(engine, 3.2)
    assert engine.run.stage.wanted_at("lights.house", 5.5) == pytest.approx(45.0)
    assert names(engine.tick(8.0, 0.0)) == ["Fired"]


# ---- what a group is, said another way

VALUES = {
    "lights.stage": st.integers(0, 100).map(float),
    "lights.house": st.integers(0, 100).map(float),
    "mixer.host.level": st.integers(-80, 10).map(float),
    "mixer.guest.level": st.integers(-80, 10).map(float),
    "obs.program": st.sampled_from(["Wait", "Talk", "Film"]),
    "mixer.host.on": st.booleans(),
}
TIMES = st.sampled_from([0.0, 0.0, 0.02, 0.5, 0.75, 1.01, 2.0])
PARTS = st.lists(
    st.builds(
        Part, sets=st.fixed_dictionaries({}, optional=VALUES), wait=TIMES, fade=TIMES
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


@given(PARTS)
def test_the_look_of_a_group_is_the_fold_of_its_parts(parts):
    apart = [Cue(str(n), sets=part.sets) for n, part in enumerate(parts)]
    together = grouped("1", *parts)
    fold = look_at(book(apart).show, len(apart) - 1)
    assert look_at(book([together]).show, 0) == fold
    assert {p: steps[-1].value for p, steps in ways(together).items()} == together.sets
    engine = at_work([together])
    on(engine, 0.0)
    end = max(part.wait + part.fade for part in parts)
    spoken(engine, end)
    assert wanted(engine, end) == fold
    assert {p: v for p, v in engine.run.stage.belief.values.items() if p in together.sets} == {
        p: fold[p] for p in together.sets
    }


def simply(parts: Sequence[Part], parameter: str, now: float, start: Value) -> Value:
    """Where a parameter is `now` seconds after GO: the last part in the file that has begun."""
    for n in reversed(range(len(parts))):
        part = parts[n]
        if part.wait > now or parameter not in part.sets:
            continue
        earlier = [p for p in parts[:n] if p.wait < part.wait]
        before, after = simply(earlier, parameter, part.wait, start), part.sets[parameter]
        if now >= part.wait + part.fade or isinstance(after, str | bool):
            return after
        assert isinstance(before, float)
        return before + (after - before) * (now - part.wait) / part.fade
    return start


@settings(max_examples=200)
@given(PARTS, st.lists(st.floats(0, 5), min_size=1, max_size=8))
def test_at_every_moment_the_last_part_that_has_begun_decides(parts, moments):
    engine = at_work([Cue("0"), grouped("1", *parts)])
    on(engine, -1.0, 0.0)
    for now in sorted(moments):
        for parameter in VALUES:
            expected = simply(parts, parameter, now, BASE[parameter])
            got = engine.run.stage.wanted_at(parameter, now)
            assert got == (pytest.approx(expected) if isinstance(expected, float) else expected)


@settings(max_examples=100)
@given(PARTS, st.data())
def test_the_packets_of_a_group_are_those_of_its_parts_apart(parts, data):
    """Each part in a room of its own, with the parameters no other part has."""
    mine = data.draw(st.lists(st.integers(0, len(parts) - 1), min_size=6, max_size=6))
    owner = dict(zip(VALUES, mine, strict=True))
    parts = [
        Part(sets={p: v for p, v in part.sets.items() if owner[p] == n},
             wait=part.wait, fade=part.fade)
        for n, part in enumerate(parts)
    ]  # fmt: skip
    alone = [at_work([Cue("0"), Cue("1", sets=p.sets, wait=p.wait, fade=p.fade)]) for p in parts]
    engines = [at_work([Cue("0"), grouped("1", *parts)]), *alone]
    for engine in engines:
        on(engine, 0.0)
        engine.ask(Go(), 1.0)
    now: float | None = 1.0
    steps = 0
    while now is not None and steps < 400:
        together, *apart = [spoken(engine, now) for engine in engines]
        assert together == {p: v for told in apart for p, v in told.items()}
        dues = [engine.due(now) for engine in engines]
        assert dues[0] == min((d for d in dues[1:] if d is not None), default=None)
        now = dues[0]
        steps += 1
    assert now is None


LISTS = st.lists(
    st.one_of(
        st.builds(
            lambda parts, block: (parts, block, 0.0), PARTS, st.sampled_from([False, False, True])
        ),
        st.tuples(st.lists(st.builds(Part, sets=st.fixed_dictionaries({}, optional=VALUES)),
                           min_size=1, max_size=1), st.just(False), TIMES),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
ASKED = st.one_of(
    st.builds(Go),
    st.builds(Go),
    st.builds(Back),
    st.builds(StandBy, cue=st.sampled_from(["1", "3", "next", "previous", "next chapter"])),
    st.builds(Skip, cue=st.sampled_from(["2", "4"]), skip=st.booleans()),
)


@settings(max_examples=150)
@given(LISTS, st.lists(st.tuples(ASKED, st.floats(0.0, 4.0)), min_size=1, max_size=12))
def test_however_an_evening_of_groups_goes_it_ends_at_the_look_of_its_cue(lines, evening):
    cues = [
        grouped(str(n), *parts, block=block, fade=fade, chapter="x" if block else "")
        for n, (parts, block, fade) in enumerate(lines, 1)
    ]
    engine, now = at_work(cues), 0.0
    for intent, pause in evening:
        engine.prepare()
        engine.ask(intent, now)
        spoken(engine, now)
        now += pause
        spoken(engine, now)
    spoken(engine, now + 10.0)
    place, stage = engine.run.place, engine.run.stage
    if not stage.live:
        return
    look = look_at(engine.book.show, place.onstage, place.skipped)
    assert wanted(engine, now + 10.0) == look
    assert {p: v for p, v in stage.belief.values.items() if p in look} == look
    assert engine.run.stage.motion.fades == {}
    assert engine.due(now + 10.0) is None


# ---- chapters

CHAPTERS = (
    Cue("1"),
    Cue("2", chapter="Part 1"),
    Cue("3"),
    Cue("4", chapter="Part 2"),
    Cue("5"),
    Cue("6", chapter="Part 3"),
)


def stands_by(engine: Engine, way: str) -> str | None:
    engine.ask(StandBy(way), 50.0)
    return engine.snapshot(50.0).standby


def test_the_standby_goes_from_chapter_to_chapter_and_fires_nothing():
    engine = at_work(CHAPTERS)
    assert [stands_by(engine, "next chapter") for _ in range(4)] == ["2", "4", "6", "6"]
    [refused] = engine.ask(StandBy("next chapter"), 50.0)
    assert (names([refused]), refused.why) == (["Refused"], "no_cue")
    assert [stands_by(engine, "previous chapter") for _ in range(4)] == ["4", "2", "1", "1"]
    assert engine.snapshot(50.0).phase == "ready"
    assert engine.commands(50.0) == ()


def test_from_within_a_chapter_the_one_before_is_its_own_beginning():
    engine = at_work(CHAPTERS)
    engine.ask(StandBy("5"), 0.0)
    assert stands_by(engine, "previous chapter") == "4"
    engine.ask(StandBy("3"), 0.0)
    assert stands_by(engine, "next chapter") == "4"


def test_a_chapter_whose_first_cue_is_skipped_begins_at_its_second():
    engine = at_work(CHAPTERS)
    engine.ask(Skip("4"), 0.0)
    engine.ask(StandBy("3"), 0.0)
    assert stands_by(engine, "next chapter") == "5"
    assert stands_by(engine, "next chapter") == "6"
    assert stands_by(engine, "previous chapter") == "5"


def test_a_chapters_time_begins_with_its_first_cue_and_anew_when_it_is_gone_back_to():
    engine = at_work(CHAPTERS)
    assert engine.snapshot(0.0).in_chapter is None
    on(engine, 10.0, 20.0, 30.0)
    assert engine.snapshot(35.0).in_chapter == 15.0
    on(engine, 40.0)
    assert engine.snapshot(45.0).in_chapter == 5.0
    engine.ask(Back(), 50.0)
    assert engine.snapshot(52.0).in_chapter == 2.0


def test_a_chapters_time_outlives_the_desk():
    engine = at_work(CHAPTERS)
    journal = [event for now in (10.0, 20.0, 30.0) for event in engine.ask(Go(), now)]
    assert Engine.resume(book(CHAPTERS), journal).snapshot(60.0).in_chapter == 40.0
