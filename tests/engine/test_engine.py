"""What the engine promises, rule by rule."""

import math
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from stagectl.core.diff import Command
from stagectl.core.model import Cue, Do, Part
from stagectl.core.track import Track, look_at
from stagectl.core.wire import Wire
from stagectl.engine import event as e
from stagectl.engine.engine import Engine
from stagectl.engine.intent import (
    Assert,
    Back,
    End,
    Go,
    Keep,
    LetGo,
    Name,
    Overlay,
    Postpone,
    Put,
    Redo,
    Release,
    Skip,
    StandBy,
    TakeOver,
    Trigger,
)
from stagectl.engine.plain import event_from_plain, snapshot_from_plain, tagged, to_plain
from stagectl.engine.report import Acknowledged, Facts, Failed, Linked, Lost, Moved
from tests.engine.evening import (
    BASE,
    CUES,
    at_work,
    book,
    done,
    grouped,
    linked,
    names,
    reading,
    said,
)

NUMBERS = [cue.number for cue in CUES]


def go(engine: Engine, now: float, expect: str = "", by: str = "panel") -> list[str]:
    return names(engine.ask(Go(expect=expect, by=by), now))


def wanted(engine: Engine, now: float = 1e6) -> dict[str, object]:
    return {p: engine.run.stage.wanted_at(p, now) for p in BASE}


# ---- starting


def test_a_start_touches_nothing_until_someone_says_go():
    engine = at_work()
    assert engine.commands(1.0) == ()
    assert go(engine, 2.0) == ["Began", "Fired"]
    assert said(engine.commands(2.0)) == {"lights.house": 60.0, "lights.stage": 0.0}


def test_what_the_devices_already_are_is_not_said_again():
    engine = at_work()
    go(engine, 0.0)
    assert "mixer.host.level" not in said(engine.commands(0.0))


def test_assert_begins_the_show_and_says_everything():
    engine = at_work()
    assert names(engine.ask(Assert(), 0.0)) == ["Began", "Asserted"]
    assert said(engine.commands(0.0)) == BASE
    engine.ask(Assert(), 1.0)
    assert said(engine.commands(1.0)) == BASE


def test_a_resumed_show_holds_until_someone_speaks():
    live = at_work()
    journal = [*live.ask(Go(), 0.0), *live.ask(Go(), 1.0)]
    back = Engine.resume(book(), journal)
    assert names(back.take_up(5.0)) == ["Resumed", "Missed", "Missed"]  # nobody knows of those Dos
    linked(back, 5.0)
    assert back.commands(6.0) == ()
    picture = back.snapshot(6.0)
    assert (picture.phase, picture.onstage, picture.standby) == ("holding", "2", "2.5")
    assert {c.parameter for c in picture.restore} == {
        "obs.program",
        "mixer.host.on",
        "lights.stage",
        "lights.house",
    }
    back.ask(Assert(), 7.0)
    assert said(back.commands(7.0))["obs.program"] == "Talk"


@pytest.mark.parametrize("asked", [Put("lights.house", 33.0), Overlay("safe"), Overlay("cover")])
def test_a_resumed_show_does_not_say_again_what_a_hand_or_an_overlay_said_before(asked):
    live = at_work()
    journal = [*live.ask(Go(), 0.0), *live.ask(asked, 1.0)]
    back = Engine.resume(book(), journal)
    linked(back, 5.0)
    back.hear(Moved("obs.program", "Film"), 5.5)
    assert back.commands(6.0) == ()
    back.ask(asked, 7.0)
    assert back.commands(7.0) != ()


# ---- moving


def test_go_fires_the_cue_on_standby_with_its_dos():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    assert go(engine, 1.0) == ["Fired", "Did", "Did"]
    orders = engine.commands(1.0)
    assert said(orders)["obs.program"] == "Talk"
    assert done(orders) == ["obs.record start", "obs.stream start"]
    assert engine.snapshot(1.0).standby == "2.5"


def test_a_fade_is_on_the_line_at_every_moment_and_exact_at_its_end():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    go(engine, 10.0)
    engine.commands(10.0)
    assert engine.due(10.0) == pytest.approx(10.02)
    assert said(engine.commands(11.5))["lights.stage"] == pytest.approx(45.0)
    assert said(engine.commands(13.0))["lights.stage"] == 90.0
    assert engine.commands(14.0) == ()
    assert engine.due(14.0) is None


def test_the_nth_packet_of_a_fade_is_due_at_its_start_plus_n_times_20_ms():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    go(engine, 10.0)
    now = 10.0
    engine.commands(now)
    for n in range(1, 150):
        now = engine.due(now) + 0.0007  # the loop is always a little late, and it never adds up
        assert now == pytest.approx(10 + n * 0.02 + 0.0007)
        engine.commands(now)


def test_a_fade_that_the_new_cue_does_not_set_runs_on():
    engine = at_work()
    for now in (0.0, 1.0, 2.0):
        go(engine, now)
        engine.commands(now)
    assert said(engine.commands(2.5))["lights.stage"] == pytest.approx(45.0)


def test_a_fade_says_at_once_where_it_sets_out_from_unless_it_is_there_already():
    engine = at_work([Cue("1", sets={"lights.stage": 0.0, "lights.house": 10.0}, fade=2.0)])
    engine.ask(Put("lights.house", 80.0), 0.0)
    engine.commands(0.0)
    go(engine, 1.0)
    at_start = said(engine.commands(1.0))
    assert at_start["lights.house"] == 80.0
    settled = at_work([Cue("1"), Cue("2", sets={"lights.stage": 0.0}, fade=2.0)])
    go(settled, 0.0)
    settled.commands(0.0)
    go(settled, 1.0)
    assert said(settled.commands(1.0)) == {}


def test_a_pre_wait_holds_sets_and_fades_back():
    engine = at_work()
    for now in (0.0, 1.0, 5.0):
        go(engine, now)
        engine.commands(now)
    go(engine, 10.0)
    assert said(engine.commands(10.5)) == {}
    assert engine.due(10.5) == pytest.approx(11.0)
    assert said(engine.commands(11.0)) == {
        "obs.Name.text": "Kari Ødegård, Author",
        "mixer.guest.level": -5.0,  # where it sets out from
    }
    assert said(engine.commands(12.0))["mixer.guest.level"] == pytest.approx(-7.5)


def test_a_pre_wait_holds_even_where_nothing_was_ever_read():
    engine = at_work([Cue("1", sets={"lights.stage": 50.0}, wait=5.0)])
    go(engine, 0.0)
    assert said(engine.commands(0.0))["lights.stage"] == 0.0  # the base, meanwhile
    assert said(engine.commands(5.0))["lights.stage"] == 50.0


def test_an_earlier_fade_runs_on_during_a_pre_wait():
    engine = at_work(
        [
            Cue("1", sets={"mixer.host.level": -15.0}, fade=10.0),
            Cue("2", sets={"mixer.host.level": -5.0}, wait=5.0),
        ]
    )
    go(engine, 0.0)
    engine.commands(0.0)
    go(engine, 1.0)
    engine.commands(1.0)
    assert engine.due(1.0) < 1.03
    assert said(engine.commands(4.0))["mixer.host.level"] == pytest.approx(-9.0)


def test_a_do_waits_for_the_pre_wait_too():
    engine = at_work([Cue("1", dos=(Do("obs", "play", "a"),), wait=2.0)])
    go(engine, 0.0)
    assert done(engine.commands(0.0)) == []
    assert names(engine.tick(2.0, 0.0)) == ["Did"]
    assert done(engine.commands(2.0)) == ["obs.play a"]


def test_a_follow_fires_by_itself_at_the_moment_it_was_due():
    engine = at_work()
    for now in (0.0, 1.0, 2.0):
        go(engine, now)
    assert engine.tick(13.9, 0.0) == ()
    [fired] = engine.tick(14.3, 0.0)
    assert (fired.cue, fired.at, fired.by) == ("3", 14.0, "follow")


def test_a_follow_ends_when_somebody_moves_the_standby():
    engine = at_work()
    for now in (0.0, 1.0, 2.0):
        go(engine, now)
    engine.ask(StandBy(cue="4"), 3.0)
    assert engine.tick(99.0, 0.0) == ()


def test_follow_end_waits_for_wait_and_fade():
    engine = at_work([Cue("1", wait=1.0, fade=2.0, follow="end"), Cue("2")])
    go(engine, 0.0)
    assert engine.tick(2.9, 0.0) == ()
    assert names(engine.tick(3.0, 0.0)) == ["Fired"]


def test_back_returns_to_the_look_before_without_dos():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    go(engine, 1.0)
    engine.commands(1.0)
    engine.commands(4.0)
    assert names(engine.ask(Back(), 5.0)) == ["WentBack"]
    orders = engine.commands(5.0)
    assert said(orders) == {"obs.program": "Wait", "mixer.host.on": False, "lights.stage": 0.0}
    assert done(orders) == []
    picture = engine.snapshot(5.0)
    assert (picture.onstage, picture.standby) == ("1", "2")


def test_back_from_the_first_cue_is_the_base_and_before_it_is_refused():
    engine = at_work()
    go(engine, 0.0)
    engine.ask(Back(), 1.0)
    assert engine.snapshot(1.0).onstage is None
    assert wanted(engine) == BASE
    assert names(engine.ask(Back(), 2.0)) == ["Refused"]


def test_a_skipped_cue_is_out_of_the_fold_and_can_be_put_back():
    engine = at_work()
    go(engine, 0.0)
    engine.ask(Skip(cue="2"), 1.0)
    assert engine.snapshot(1.0).standby == "2.5"
    engine.ask(Skip(cue="2", skip=False), 2.0)
    assert engine.snapshot(2.0).standby == "2"
    engine.ask(Skip(cue="2"), 3.0)
    go(engine, 4.0)
    assert wanted(engine)["obs.program"] == "Wait"


def test_a_cue_that_has_gone_cannot_be_skipped():
    engine = at_work()
    go(engine, 0.0)
    [refused] = engine.ask(Skip(cue="1"), 1.0)
    assert refused.why == "gone"


def test_a_jump_sends_only_the_differences_and_passed_cues_still_track():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    engine.ask(StandBy(cue="3"), 1.0)
    go(engine, 1.0)
    engine.commands(1.0)
    after = said(engine.commands(2.0))
    assert after["mixer.host.on"] is True
    assert done(engine.commands(2.0)) == []
    assert wanted(engine) == {**look_at(book().show, 3), "obs.Name.text": "Kari Ødegård, Author"}


def test_a_block_cue_lets_nothing_track_in():
    engine = at_work()
    engine.ask(StandBy(cue="3"), 0.0)
    go(engine, 0.0)
    engine.ask(StandBy(cue="4"), 1.0)
    go(engine, 1.0)
    assert wanted(engine) == BASE


@given(st.lists(st.sampled_from(NUMBERS), max_size=10), st.sampled_from(NUMBERS))
def test_the_road_to_a_cue_does_not_matter(road, end):
    engine = at_work()
    for number in [*road, end]:
        engine.ask(StandBy(cue=number), 0.0)
        engine.ask(Go(), 0.0)
    look = look_at(book().show, NUMBERS.index(end))
    assert wanted(engine) == {
        p: "Kari Ødegård, Author" if v == "{guest.name}, {guest.role}" else v
        for p, v in look.items()
    }


@given(
    st.lists(st.tuples(st.integers(0, 7), st.floats(-9, 9), st.booleans()), max_size=200),
    st.sets(st.integers(0, 199)),
    st.data(),
)
def test_the_checkpointed_track_is_the_fold(lines, skipped, data):
    cues = tuple(
        Cue(str(n), sets={f"a.p{which}": value}, block=block and n % 17 == 0)
        for n, (which, value, block) in enumerate(lines)
    )
    show = book(cues).show
    track = Track(show)
    out = frozenset(str(n) for n in skipped)
    for index in data.draw(st.lists(st.integers(-1, len(cues) - 1), max_size=5)):
        assert {p: v for p, (v, _) in track.at(index, out).items()} == look_at(show, index, out)


# ---- the guard


def test_a_second_go_meant_for_the_same_cue_does_nothing():
    engine = at_work()
    go(engine, 0.0, expect="1")
    [refused] = engine.ask(Go(expect="1", by="panel"), 9.0)
    assert (refused.why, refused.cue) == ("stale", "1")
    assert engine.snapshot(9.0).onstage == "1"


def test_thirty_presses_a_second_are_one_go():
    engine = at_work(guard=0.5)
    fired = [go(engine, n / 30, by="panel") for n in range(90)]
    assert [n for n, names_ in enumerate(fired) if "Fired" in names_] == [0]


def test_a_book_on_one_panels_space_bar_locks_no_other_panel():
    engine = at_work(guard=0.5)
    go(engine, 0.0, by="book")
    for n in range(1, 31):
        assert go(engine, n / 30, by="book") == ["Refused"]
    assert go(engine, 1.01, by="hand") == ["Fired", "Did", "Did"]


def test_the_refusal_is_in_the_picture():
    engine = at_work(guard=0.5)
    go(engine, 0.0)
    go(engine, 0.1)
    refusal = engine.snapshot(0.2).refusal
    assert refusal is not None
    assert (refusal.what, refusal.why) == ("Go", "guard")


def test_go_at_the_end_of_the_list_is_refused():
    engine = at_work([Cue("1")])
    go(engine, 0.0)
    assert engine.ask(Go(), 1.0)[0].why == "last"


def test_a_go_that_names_its_cue_fires_that_one_and_goes_on_behind_it():
    engine = at_work()
    go(engine, 0.0)
    assert names(engine.ask(Go(cue="3.0", by="pedal"), 9.0)) == ["Fired"]
    picture = engine.snapshot(9.0)
    assert (picture.onstage, picture.standby) == ("3", "4")


def test_a_bounce_of_a_go_that_names_its_cue_moves_nothing():
    engine = at_work([Cue("1"), Cue("2", follow=5.0), Cue("3")], guard=0.5)
    engine.ask(Go(cue="2", by="pedal"), 0.0)
    [refused] = engine.ask(Go(cue="2", by="pedal"), 0.03)
    assert refused.why == "guard"
    assert (engine.snapshot(0.1).standby, engine.due(0.1)) == ("3", 5.0)


def test_a_go_that_names_a_cue_there_is_not_or_that_is_skipped_is_refused():
    engine = at_work()
    engine.ask(Skip("2.5"), 0.0)
    assert [engine.ask(Go(cue=c), n)[0].why for n, c in enumerate(("7", "2.5"))] == [
        "no_cue",
        "skipped",
    ]
    assert engine.snapshot(2.0).onstage is None


# ---- clock time


def test_a_clock_time_cue_fires_once_when_it_stands_by():
    engine = at_work([Cue("1"), Cue("2", at=1000.0), Cue("3")])
    go(engine, 0.0)
    assert engine.tick(1.0, 999.9) == ()
    assert engine.due(1.0) == pytest.approx(1.1)
    assert names(engine.tick(1.1, 1000.0)) == ["Fired"]
    assert engine.tick(1.2, 1000.1) == ()
    assert engine.tick(1.3, 997.0) == ()  # the wall clock was set back
    assert engine.tick(9.0, 1000.5) == ()


def test_a_clock_time_before_anything_began_fires_nothing():
    engine = at_work([Cue("1", at=1000.0)])
    assert engine.tick(0.0, 1000.0) == ()


def test_a_missed_clock_time_is_shown_and_never_made_up():
    engine = at_work([Cue("1"), Cue("2"), Cue("3", at=1000.0)])
    go(engine, 0.0)
    assert names(engine.tick(1.0, 1000.0)) == ["Overdue"]
    engine.ask(StandBy(cue="3"), 2.0)
    assert engine.tick(3.0, 1001.0) == ()
    assert engine.snapshot(3.0).overdue == ("3",)


def test_the_engine_asks_for_the_clock_and_every_second_again():
    engine = at_work([Cue("1"), Cue("2", at=1000.0)])
    assert engine.due(0.0) is None
    go(engine, 0.0)
    engine.commands(0.0)
    assert engine.due(5.0) == 5.0  # it has not heard of the wall clock yet
    engine.tick(5.0, 900.0)
    assert engine.due(5.0) == 6.0
    engine.tick(6.0, 999.5)
    assert engine.due(6.0) == 6.5
    assert engine.due(7.0) == 7.0  # overdue is due, until it is told


def test_a_clock_time_under_stop_says_that_stop_was_the_reason():
    engine = at_work([Cue("1"), Cue("2", at=1000.0)])
    go(engine, 0.0)
    engine.ask(Overlay(name="safe"), 1.0)
    [overdue] = engine.tick(2.0, 1000.0)
    assert overdue.why == "safe"


@pytest.mark.parametrize("seconds", [math.inf, -math.inf, math.nan, 1.7e308, 86401.0])
def test_nothing_is_postponed_by_more_than_a_day(seconds):
    assert at_work().ask(Postpone(seconds=seconds), 0.0)[0].why == "too_far"


def test_a_follow_with_nothing_behind_it_is_no_follow():
    engine = at_work([Cue("1", follow=2.0)])
    go(engine, 0.0)
    engine.commands(0.0)
    assert engine.due(3.0) is None


def test_skipping_the_cue_that_was_to_follow_ends_the_follow():
    engine = at_work([Cue("1", follow=2.0), Cue("2"), Cue("3")])
    go(engine, 0.0)
    engine.ask(Skip(cue="2"), 1.0)
    assert engine.tick(3.0, 0.0) == ()


def test_postpone_moves_the_later_clock_times():
    engine = at_work([Cue("1"), Cue("2", at=1000.0)])
    go(engine, 0.0)
    engine.ask(Postpone(seconds=60.0), 1.0)
    assert engine.tick(2.0, 1000.0) == ()
    assert names(engine.tick(3.0, 1060.0)) == ["Fired"]


def test_a_desk_that_slept_holds_its_overdue_cue_and_shows_it():
    engine = at_work()
    for now in (0.0, 1.0, 2.0):
        go(engine, now)
    for do in [o for o in engine.commands(2.0) if isinstance(o, Do)][:2]:
        engine.hear(Acknowledged(do), 2.0)
    slept = engine.overslept(20.0, 22.0)
    assert names(slept) == ["Slept", "Overdue", "Missed"]
    assert (slept[2].verb, slept[2].why) == ("play", "unknown")  # it was not acknowledged
    assert engine.tick(22.0, 0.0) == ()
    assert [a.code for a in engine.snapshot(22.0).alarms][-1] == "slept"


# ---- hands


def played() -> Engine:
    engine = at_work()
    for now in (0.0, 1.0):
        go(engine, now)
        engine.commands(now)
    engine.commands(4.0)
    for p, v in said([Command(p, v) for p, v in wanted(engine).items()]).items():
        engine.hear(Moved(p, v), 4.1)
    return engine


def test_a_hand_on_the_desk_wins_until_a_cue_takes_it_back():
    engine = played()
    assert names(engine.hear(Moved("mixer.guest.level", -20.0), 5.0)) == ["Held"]
    assert engine.commands(5.0) == ()
    assert engine.snapshot(5.0).values["mixer.guest.level"] == (-20.0, "held")
    engine.ask(StandBy(cue="3"), 6.0)
    go(engine, 6.0)
    engine.commands(6.0)
    assert said(engine.commands(8.0))["mixer.guest.level"] == pytest.approx(-15.0)
    assert said(engine.commands(9.0))["mixer.guest.level"] == -10.0


def test_the_echo_of_our_own_fade_is_not_a_hand():
    engine = at_work([Cue("1", sets={"mixer.host.level": -20.0}, fade=1.0)])
    go(engine, 0.0)
    heard = []
    for n in range(51):
        now = n * 0.02
        for p, v in said(engine.commands(now)).items():
            heard.append((now + 0.08, p, v))
    for now, p, v in heard[-20:]:
        assert engine.hear(Moved(p, v), now) == ()


def test_the_lost_last_packet_of_a_fade_is_said_again():
    engine = at_work([Cue("1", sets={"mixer.host.level": -20.0}, fade=1.0)])
    go(engine, 0.0)
    fade = [said(engine.commands(n * 0.02)).get("mixer.host.level") for n in range(51)]
    last_but_one = fade[-2]
    assert fade[-1] == -20.0
    assert engine.hear(Moved("mixer.host.level", last_but_one), 1.01) == ()
    assert engine.commands(1.01) == ()  # still an answer to the packet before
    assert engine.hear(Moved("mixer.host.level", last_but_one), 1.06) == ()
    assert said(engine.commands(1.06)) == {"mixer.host.level": -20.0}


def test_a_hand_ends_the_fade_it_caught():
    engine = at_work([Cue("1", sets={"mixer.host.level": -20.0}, fade=10.0)])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.commands(1.0)
    assert names(engine.hear(Moved("mixer.host.level", 3.0), 2.0)) == ["Held"]
    assert said(engine.commands(3.0)) == {}
    assert engine.due(3.0) is None


def test_a_lost_packet_is_said_again_and_is_no_hand():
    engine = played()
    engine.ask(Put(parameter="mixer.host.level", value=-30.0), 5.0)
    assert said(engine.commands(5.0)) == {"mixer.host.level": -30.0}
    assert engine.hear(Moved("mixer.host.level", -5.0), 5.1) == ()
    assert said(engine.commands(5.1)) == {"mixer.host.level": -30.0}
    engine.hear(Moved("mixer.host.level", -30.02), 5.2)
    assert engine.commands(5.2) == ()


def test_a_put_is_a_hand_and_is_confirmed_by_read_back():
    engine = played()
    [held] = engine.ask(Put(parameter="mixer.guest.level", value="-12 dB", by="panel"), 5.0)
    assert held.value == -12.0
    engine.commands(5.0)
    assert engine.snapshot(5.0).devices[1].unconfirmed == 1
    assert [row.how for row in engine.snapshot(5.0).held] == ["sent"]
    engine.hear(Moved("mixer.guest.level", -12.0), 5.1)
    assert engine.snapshot(5.1).devices[1].unconfirmed == 0
    [row] = engine.snapshot(5.1).held
    assert (row.value, row.wanted, row.by, row.kept) == (-12.0, -5.0, "panel", True)
    assert row.how == "confirmed"


@pytest.mark.parametrize(
    ("parameter", "value", "why"),
    [
        ("mixer.nobody.level", 0.0, "no_parameter"),
        ("mixer.host.level", "5 Hz", "value"),
        ("mixer.host.level", 99.0, "value"),
        ("mixer.host.on", 3.0, "value"),
        ("obs.program", True, "value"),
    ],
)
def test_a_put_that_does_not_fit_is_refused(parameter, value, why):
    [refused] = played().ask(Put(parameter=parameter, value=value), 5.0)
    assert refused.why == why


def test_a_hand_can_be_kept_or_given_back():
    engine = played()
    engine.hear(Moved("mixer.guest.level", -20.0), 5.0)
    assert "held" in [a.code for a in engine.snapshot(5.0).alarms]
    engine.ask(Keep(parameter="mixer.guest.level"), 6.0)
    assert "held" not in [a.code for a in engine.snapshot(6.0).alarms]
    engine.ask(LetGo(parameter="mixer.guest.level"), 7.0)
    assert said(engine.commands(7.0)) == {"mixer.guest.level": -5.0}


def test_a_passed_cue_that_sets_a_held_parameter_takes_it_back_too():
    cues = [
        Cue("1"),
        Cue("2", sets={"mixer.host.level": -5.0}),  # the value it has anyway
        Cue("3"),
    ]
    engine = at_work(cues)
    go(engine, 0.0)
    engine.commands(0.0)
    engine.hear(Moved("mixer.host.level", -40.0), 1.0)
    engine.ask(StandBy(cue="3"), 2.0)
    go(engine, 2.0)
    assert said(engine.commands(2.0)) == {"mixer.host.level": -5.0}


# ---- devices


def test_a_lost_device_gets_nothing_and_is_brought_to_the_look_of_now_when_it_returns():
    engine = played()
    assert names(engine.hear(Lost("mixer", "silent"), 5.0)) == ["DeviceLost"]
    assert engine.hear(Lost("mixer", "silent"), 5.5) == ()
    engine.ask(StandBy(cue="4"), 6.0)
    go(engine, 6.0)
    assert not any(p.startswith("mixer") for p in said(engine.commands(6.0)))
    before = {**reading("mixer"), "mixer.host.on": True}
    engine.hear(Linked("mixer", before), 9.0)
    assert said(engine.commands(9.0)) == {"mixer.host.on": False}


def test_a_device_that_nothing_can_bring_back_hides_no_alarm_that_can_be_cured():
    engine = played()
    engine.hear(Lost("lights", "no_driver"), 4.0)
    engine.hear(Lost("mixer", "silent"), 5.0)
    lost = [a.about for a in engine.snapshot(5.5).alarms if a.code == "lost"]
    assert lost == ["mixer", "lights"]
    assert engine.snapshot(5.5).alarms[-1].about == "lights"


def test_a_fader_moved_during_the_outage_is_held_and_not_overwritten():
    engine = played()
    engine.hear(Lost("mixer", "silent"), 5.0)
    seen = {**reading("mixer"), "mixer.host.on": True, "mixer.host.level": -33.0}
    assert names(engine.hear(Linked("mixer", seen), 9.0)) == ["DeviceLinked", "Held"]
    assert said(engine.commands(9.0)) == {}
    assert [row.parameter for row in engine.snapshot(9.0).held] == ["mixer.host.level"]


def test_a_mixer_that_restarted_is_brought_up_with_its_faders_over_two_seconds():
    engine = played()
    engine.hear(Lost("mixer", "silent"), 5.0)
    off = {p: -90.0 if p.endswith("level") else False for p in reading("mixer")}
    assert names(engine.hear(Linked("mixer", off, restarted=True), 9.0)) == ["DeviceLinked"]
    first = said(engine.commands(9.0))
    assert first["mixer.host.on"] is True
    assert "mixer.guest.on" not in first
    assert said(engine.commands(10.0))["mixer.host.level"] == pytest.approx(-47.5)
    assert said(engine.commands(11.0))["mixer.host.level"] == -5.0


def test_a_fader_that_returns_meets_its_running_fade_and_goes_on_with_it():
    engine = at_work([Cue("1", sets={"mixer.host.level": 10.0}, fade=60.0)])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.hear(Lost("mixer", "silent"), 5.0)
    off = {p: -90.0 if p.endswith("level") else False for p in reading("mixer")}
    engine.hear(Linked("mixer", off, restarted=True), 9.0)
    engine.commands(9.0)
    there = [said(engine.commands(now))["mixer.host.level"] for now in (10.0, 11.0, 41.0, 60.0)]
    line = [-5 + 15 * now / 60 for now in (11.0, 41.0)]
    assert there == pytest.approx([(-90 + line[0]) / 2, *line, 10.0])


def test_a_cable_that_was_out_in_the_middle_of_a_fade_is_no_hand():
    engine = at_work([Cue("1", sets={"mixer.host.level": -30.0}, fade=5.0)])
    go(engine, 0.0)
    said_at = {}
    for n in range(250):
        said_at[n] = said(engine.commands(n * 0.02)).get("mixer.host.level")
    engine.hear(Lost("mixer", "silent"), 4.99)
    heard_last = {**reading("mixer"), "mixer.host.level": said_at[125]}
    assert names(engine.hear(Linked("mixer", heard_last), 8.0)) == ["DeviceLinked"]
    assert said(engine.commands(8.0)) == {"mixer.host.level": -30.0}


def test_a_device_that_cannot_be_asked_is_told_everything_when_it_returns():
    engine = played()
    engine.hear(Lost("lights", "refused"), 5.0)
    engine.hear(Linked("lights"), 6.0)
    assert said(engine.commands(6.0)) == {"lights.stage": 90.0, "lights.house": 60.0}


def test_a_command_carried_out_late_by_a_device_that_woke_is_corrected():
    engine = played()
    engine.ask(Put(parameter="obs.program", value="Film", by="panel"), 5.0)
    engine.commands(5.0)
    engine.hear(Lost("obs", "silent"), 6.0)
    engine.ask(LetGo(parameter="obs.program"), 7.0)
    engine.hear(Linked("obs", {**reading("obs"), "obs.program": "Talk"}), 15.0)
    engine.commands(15.0)
    assert engine.hear(Moved("obs.program", "Film"), 16.0) == ()
    assert said(engine.commands(16.0)) == {"obs.program": "Talk"}


def test_a_do_for_a_device_that_is_away_is_missed_offered_and_never_sent_late():
    engine = at_work()
    go(engine, 0.0)
    engine.hear(Lost("obs", "closed"), 0.5)
    assert go(engine, 1.0) == ["Fired", "Missed", "Missed"]
    engine.hear(Linked("obs", reading("obs")), 2.0)
    engine.hear(Facts("obs", {"record": False, "stream": False}), 2.0)
    assert done(engine.commands(2.0)) == [], "a recording that never ran is not restored"
    record, stream = engine.snapshot(2.0).missed
    assert (record.device, record.verb, record.argument) == ("obs", "record", "start")
    assert names(engine.ask(Redo(missed=record.id), 3.0)) == ["Dropped", "Did"]
    assert done(engine.commands(3.0)) == ["obs.record start"]
    assert names(engine.ask(Redo(missed=stream.id, drop=True), 4.0)) == ["Dropped"]
    assert engine.snapshot(4.0).missed == ()


def test_a_missed_start_that_is_dropped_is_wanted_no_more():
    engine = at_work()
    engine.hear(Lost("obs", "closed"), 0.0)
    engine.ask(Trigger(device="obs", verb="record", argument="start"), 1.0)
    engine.hear(Linked("obs", reading("obs")), 2.0)
    engine.hear(Facts("obs", {"record": False}), 2.0)
    [missed] = engine.snapshot(2.0).missed
    engine.ask(Redo(missed=missed.id, drop=True), 3.0)
    assert "latch_off" not in [a.code for a in engine.snapshot(3.0).alarms]


def test_a_do_whose_fate_nobody_knows_is_offered_however_long_the_desk_was_away():
    live = at_work()
    journal = [*live.ask(Trigger(device="obs", verb="play", argument="intro"), 1.0)]
    back = Engine.resume(book(), journal)
    assert names(back.take_up(500.0)) == ["Resumed", "Missed"]


def test_a_cue_that_was_prepared_is_prepared_again_after_any_report():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    assert not engine.stale
    engine.hear(Facts("obs", {"fps": 30.0}), 1.0)
    assert engine.stale


def test_done_is_said_on_acknowledgement():
    engine = at_work()
    go(engine, 0.0)
    go(engine, 1.0)
    record, stream = [o for o in engine.commands(1.0) if isinstance(o, Do)]
    assert names(engine.hear(Acknowledged(record), 1.1)) == ["Done"]
    assert engine.hear(Acknowledged(record), 1.2) == ()
    assert names(engine.hear(Failed(stream, "refused"), 1.3)) == ["Missed"]


def test_a_failed_command_is_un_believed_and_said_again_ever_more_slowly():
    engine = at_work()
    engine.ask(Assert(), 0.0)
    [command] = [o for o in engine.commands(0.0) if o.parameter == "obs.program"]
    assert names(engine.hear(Failed(command, "missing", "Wait"), 0.1)) == ["FailedTo"]
    assert engine.commands(0.5) == ()
    assert engine.commands(1.1) == (command,)
    assert engine.hear(Failed(command, "missing", "Wait"), 1.2) == ()
    assert engine.commands(2.5) == ()
    assert engine.commands(3.3) == (command,)
    assert engine.snapshot(3.4).values["obs.program"][1] == "failed"
    engine.hear(Moved("obs.program", "Wait"), 3.5)
    assert engine.snapshot(3.6).values["obs.program"] == ("Wait", "confirmed")


def test_a_scene_renamed_at_the_device_flags_the_coming_cue_before_its_go():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    engine.hear(Facts("obs", {"scenes": "Wait\nTalk"}), 1.0)
    assert "ahead" not in [a.code for a in engine.snapshot(1.0).alarms]
    engine.hear(Facts("obs", {"scenes": "Wait\nChat"}), 2.0)
    [alarm] = [a for a in engine.snapshot(2.0).alarms if a.code == "ahead"]
    assert (alarm.about, alarm.detail) == ("obs.program", "Talk")


def test_what_the_device_says_is_missing_flags_the_coming_cue_too():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    engine.hear(Facts("mixer", {"missing": "mixer.host.on"}), 1.0)
    assert "ahead" in [a.code for a in engine.snapshot(1.0).alarms]


def test_only_faders_travel_back_after_a_restart():
    cues = [Cue("1", sets={"obs.hold": 3.0, "mixer.host.level": 0.0})]
    evening = book(cues)
    wires = {**evening.wires, "obs.hold": Wire("number", unit="s", read=True)}
    engine = linked(Engine(replace(evening, wires=wires), 0.0))
    go(engine, 0.0)
    engine.commands(0.0)
    engine.hear(Lost("obs", "closed"), 5.0)
    engine.hear(Linked("obs", {**reading("obs"), "obs.hold": 0.3}, restarted=True), 9.0)
    assert said(engine.commands(9.0))["obs.hold"] == 3.0


# ---- latches


def recording(engine: Engine) -> Engine:
    for now in (0.0, 1.0):
        go(engine, now)
        orders = engine.commands(now)
    for do in [o for o in orders if isinstance(o, Do)]:
        engine.hear(Acknowledged(do), 1.1)
    engine.hear(Facts("obs", {"record": True, "stream": True}), 1.2)
    return engine


def test_a_reconnect_restores_recording_by_itself_and_asks_about_streaming():
    engine = recording(at_work())
    engine.hear(Lost("obs", "closed"), 5.0)
    engine.hear(Linked("obs", reading("obs"), restarted=True), 8.0)
    events = engine.hear(Facts("obs", {"record": False, "stream": False}), 8.0)
    assert "Did" in names(events)
    assert done(engine.commands(8.0)) == ["obs.record start"]
    alarms = {(a.code, a.about): a.cure for a in engine.snapshot(8.1).alarms}
    assert alarms["latch_off", "obs.stream"] == "trigger"


def test_a_jump_never_moves_a_latch():
    engine = recording(at_work())
    engine.ask(StandBy(cue="4"), 2.0)
    go(engine, 2.0)
    engine.ask(StandBy(cue="1"), 3.0)
    go(engine, 3.0)
    assert done(engine.commands(3.0)) == []
    assert {(row.verb, row.wanted, row.on) for row in engine.snapshot(3.0).latches} == {
        ("record", True, True),
        ("stream", True, True),
    }


def test_recording_stopped_at_the_device_is_an_alarm_and_not_fought():
    engine = recording(at_work())
    assert names(engine.hear(Facts("obs", {"record": False}), 5.0)) == ["Latched"]
    assert done(engine.commands(5.0)) == []
    assert engine.snapshot(5.0).alarms[0].code == "latch_off"


def test_an_operator_can_trigger_what_nobody_started():
    engine = at_work()
    assert names(engine.ask(Trigger(device="obs", verb="record", argument="start"), 0.0)) == ["Did"]
    assert done(engine.commands(0.0)) == ["obs.record start"]
    [refused] = engine.ask(Trigger(device="obs", verb="explode"), 1.0)
    assert refused.why == "no_verb"


# ---- overlays


def test_stop_lays_base_and_the_safe_scene_over_everything_and_continue_returns():
    engine = played()
    engine.ask(Overlay(name="safe"), 5.0)
    stopped = said(engine.commands(5.0))
    assert stopped == {
        "obs.program": "Wait",
        "mixer.host.on": False,
        "lights.stage": 0.0,
        "lights.house": 80.0,
    }
    assert go(engine, 6.0) == ["Refused"]
    assert engine.snapshot(6.0).overlay == "safe"
    engine.ask(Release(), 7.0)
    assert said(engine.commands(7.0)) == {
        "obs.program": "Talk",
        "mixer.host.on": True,
        "lights.stage": 90.0,
        "lights.house": 60.0,
    }


def test_stop_ends_follows_and_leaves_the_latches_alone():
    engine = recording(at_work())
    go(engine, 2.0)
    engine.commands(2.0)
    engine.ask(Overlay(name="safe"), 3.0)
    assert engine.tick(60.0, 0.0) == ()
    assert done(engine.commands(60.0)) == []


def test_cues_go_on_underneath_a_cover_and_the_hall_is_untouched():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    [covered] = engine.ask(Overlay(name="cover", ago=120.0), 1.0)
    assert covered.since == -119.0
    assert said(engine.commands(1.0)) == {}
    go(engine, 2.0)
    orders = said(engine.commands(2.0))
    assert "obs.program" not in orders
    assert orders["mixer.host.on"] is True
    assert engine.snapshot(2.0).covered_for == 121.0
    engine.ask(Release(), 3.0)
    assert said(engine.commands(3.0))["obs.program"] == "Talk"


def test_stop_over_a_cover_gives_the_cover_back():
    engine = played()
    engine.ask(Overlay(name="cover"), 5.0)
    engine.ask(Overlay(name="safe"), 6.0)
    engine.commands(6.0)
    engine.ask(Release(), 7.0)
    assert engine.snapshot(7.0).overlay == "cover"
    assert "obs.program" not in said(engine.commands(7.0))


def test_a_cover_pressed_again_covers_what_a_hand_has_opened_since():
    engine = played()
    engine.ask(Overlay(name="cover"), 5.0)
    engine.commands(5.0)
    engine.ask(Put(parameter="obs.program", value="Talk"), 6.0)
    assert said(engine.commands(6.0)) == {"obs.program": "Talk"}
    engine.ask(Overlay(name="cover"), 7.0)
    assert said(engine.commands(7.0)) == {"obs.program": "Wait"}


def test_stop_stops_what_a_hand_has_opened_under_a_cover():
    engine = played()
    engine.ask(Overlay(name="cover"), 5.0)
    engine.ask(Put(parameter="obs.program", value="Talk"), 6.0)
    engine.commands(6.0)
    engine.ask(Overlay(name="safe"), 7.0)
    assert said(engine.commands(7.0))["obs.program"] == "Wait"


def test_a_hand_during_an_overlay_is_respected():
    engine = played()
    engine.ask(Overlay(name="safe"), 5.0)
    engine.commands(5.0)
    engine.ask(Put(parameter="lights.house", value=100.0), 6.0)
    assert said(engine.commands(6.0)) == {"lights.house": 100.0}


def test_stop_works_before_anything_began():
    engine = at_work()
    engine.ask(Overlay(name="safe"), 0.0)
    assert said(engine.commands(0.0)) == {"lights.stage": 0.0, "lights.house": 80.0}


# ---- people


def test_a_corrected_name_is_corrected_on_air_and_in_every_later_cue():
    engine = at_work()
    engine.ask(StandBy(cue="3"), 0.0)
    go(engine, 0.0)
    engine.commands(0.0)
    engine.commands(1.0)
    engine.commands(3.0)
    engine.ask(Name(role="guest", name="Kåre Øye"), 5.0)
    assert said(engine.commands(5.0)) == {"obs.Name.text": "Kåre Øye, Author"}


def test_a_name_is_never_read_as_a_blank_itself():
    engine = at_work()
    engine.ask(Name(role="guest", name="{guest.role}"), 0.0)
    engine.ask(StandBy(cue="3"), 1.0)
    go(engine, 1.0)
    assert wanted(engine)["obs.Name.text"] == "{guest.role}, Author"


def test_a_name_for_a_role_nobody_has_is_refused():
    assert at_work().ask(Name(role="king", name="Harald"), 0.0)[0].why == "no_role"


def test_taking_over_and_ending_are_said():
    engine = at_work()
    engine.ask(TakeOver(by="Siri"), 0.0)
    assert engine.snapshot(0.0).operator == "Siri"
    engine.ask(End(), 1.0)
    assert engine.snapshot(1.0).phase == "ended"
    assert engine.ask(Go(), 2.0)[0].why == "ended"


# ---- the picture and the journal


def test_the_picture_says_what_go_will_change():
    engine = at_work()
    go(engine, 0.0)
    engine.commands(0.0)
    picture = engine.snapshot(1.0)
    assert {(c.parameter, c.before, c.after) for c in picture.next} == {
        ("obs.program", "Wait", "Talk"),
        ("mixer.host.on", False, True),
        ("lights.stage", 0.0, 90.0),
    }
    assert picture.next_dos == ("obs.record start", "obs.stream start")


def test_the_picture_survives_its_wire():
    engine = played()
    engine.hear(Moved("mixer.guest.level", -20.0), 5.0)
    engine.ask(Overlay(name="cover"), 6.0)
    picture = engine.snapshot(7.0)
    assert snapshot_from_plain(to_plain(picture)) == picture


ASKS = st.one_of(
    st.builds(Go),
    st.builds(StandBy, cue=st.sampled_from([*NUMBERS, "next", "previous"])),
    st.builds(Back),
    st.builds(Skip, cue=st.sampled_from(NUMBERS), skip=st.booleans()),
    st.builds(Put, parameter=st.just("lights.house"), value=st.floats(0, 100)),
    st.builds(LetGo),
    st.builds(Overlay, name=st.sampled_from(["safe", "cover"])),
    st.builds(Release),
    st.builds(Name, role=st.just("guest"), name=st.text(max_size=5)),
    st.builds(Assert),
)


@given(st.lists(ASKS, max_size=25))
def test_a_journal_rebuilds_the_same_look(asks):
    live = at_work()
    journal: list[e.Event] = []
    for now, intent in enumerate(asks):
        journal += live.ask(intent, float(now))
        live.commands(float(now))
        journal += live.tick(float(now), 0.0)
    back = Engine.resume(book(), [event_from_plain(tagged(event)) for event in journal])
    assert wanted(back) == wanted(live)
    one, other = live.snapshot(1e6), back.snapshot(1e6)
    for name in ("onstage", "standby", "skipped", "overlay", "people", "missed", "postponed"):
        assert getattr(one, name) == getattr(other, name), name


@given(st.lists(ASKS, max_size=25))
def test_what_was_said_adds_up_to_what_is_wanted(asks):
    engine = at_work()
    devices = dict(BASE)
    for now, intent in enumerate(asks):
        engine.ask(intent, now * 10.0)
        devices |= said(engine.commands(now * 10.0))
        devices |= said(engine.commands(now * 10.0 + 9.0))
    if engine.run.stage.live:
        assert devices == wanted(engine)


# ---- what is prepared

HEARD = st.one_of(
    st.builds(Moved, parameter=st.just("mixer.host.level"), value=st.floats(-80, 9)),
    st.builds(Moved, parameter=st.just("mixer.host.on"), value=st.booleans()),
    st.builds(Lost, device=st.sampled_from(["mixer", "lights"]), why=st.just("silent")),
    st.builds(Linked, device=st.just("lights"), reading=st.just({})),
    st.builds(Linked, device=st.just("mixer"), reading=st.just(reading("mixer"))),
)


PLAIN = (
    Cue("1", sets={"lights.house": 60.0}),
    Cue("2", sets={"lights.stage": 5.0, "mixer.host.on": True, "mixer.host.level": -20.0}),
    Cue("2.5", sets={"lights.stage": 50.0, "mixer.host.on": False}, fade=1.0),
    Cue("3", sets={"mixer.host.on": False, "mixer.host.level": -20.0}, follow=0.5),
    Cue("4", sets={"obs.program": "Film", "obs.Name.text": "{guest.name}"}),
    Cue("5", sets={"lights.house": 10.0}, block=True),
    Cue("6", sets={"mixer.host.on": True}, dos=(Do("obs", "play", "x"),)),
    grouped(
        "7",
        Part(sets={"lights.stage": 20.0, "obs.Name.text": "{guest.name}"}),
        Part(
            sets={"lights.house": 30.0, "mixer.host.level": -30.0},
            dos=(Do("obs", "play", "y"),),
            wait=0.5,
            fade=1.0,
        ),
        Part(sets={"lights.stage": 70.0, "obs.program": "Talk"}, wait=1.0, fade=0.8),
        follow="end",
    ),
    grouped("8", Part(sets={"mixer.host.on": False}, fade=1.0), Part(sets={"mixer.host.on": True})),
)


def heard_by_devices(engine, happening, now):
    """Let it happen; return the events, and what the devices were told until all was quiet."""
    ask = not isinstance(happening, Moved | Lost | Linked)
    events = engine.ask(happening, now) if ask else engine.hear(happening, now)
    told = []
    while orders := engine.commands(now):
        told += orders
    return events, told


MOVES = st.one_of(
    st.builds(Go),
    st.builds(Go),
    st.builds(StandBy, cue=st.sampled_from([cue.number for cue in PLAIN])),
    ASKS,
    HEARD,
)


@settings(max_examples=300)
@given(st.lists(st.tuples(MOVES, st.sampled_from([True, True, False])), max_size=30))
def test_a_prepared_go_says_and_does_the_same_as_any_other(evening):
    plain, ahead = at_work(PLAIN), at_work(PLAIN)
    for n, (happening, prepared) in enumerate(evening):
        now = n * 0.7
        if prepared:
            ahead.prepare()
        one, other = (heard_by_devices(engine, happening, now) for engine in (plain, ahead))
        assert one[0] == other[0]
        assert sorted(map(repr, one[1])) == sorted(map(repr, other[1]))
        assert plain.snapshot(now) == ahead.snapshot(now)
        assert plain.due(now) == ahead.due(now)
        assert plain.tick(now, 0.0) == ahead.tick(now, 0.0)


def test_a_prepared_go_is_said_before_any_bookkeeping():
    engine = at_work([Cue("1"), Cue("2", sets={"lights.stage": 5.0, "mixer.host.on": True})])
    go(engine, 0.0)
    engine.commands(0.0)
    prepared = engine.prepare()
    assert go(engine, 1.0) == ["Fired"]
    assert engine._run.place.onstage_number == "1"
    assert engine.commands(1.0) == prepared
    assert engine.commands(1.0) == ()
    assert engine.run.place.onstage_number == "2"


def test_what_was_prepared_is_thrown_away_when_anything_else_happens_first():
    engine = at_work([Cue("1"), Cue("2", sets={"lights.stage": 5.0}), Cue("3")])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    engine.ask(Put("lights.stage", 5.0), 0.5)
    engine.commands(0.5)
    go(engine, 1.0)
    assert engine.commands(1.0) == ()


def test_a_report_between_a_prepared_go_and_its_packets_loses_none_of_them():
    engine = at_work([Cue("1"), Cue("2", sets={"lights.stage": 5.0})])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    go(engine, 1.0)
    engine.hear(Moved("mixer.guest.on", True), 1.0)
    assert said(engine.commands(1.0)) == {"lights.stage": 5.0}


def test_a_report_that_makes_a_prepared_word_needless_is_heeded():
    engine = at_work([Cue("1"), Cue("2", sets={"mixer.host.on": True})])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    engine.hear(Moved("mixer.host.on", True), 0.5)
    go(engine, 1.0)
    assert engine.commands(1.0) == ()


def test_a_prepared_cue_is_not_said_for_another_that_a_go_names():
    third = Cue("3", sets={"lights.house": 3.0}, block=True)
    engine = at_work([Cue("1"), Cue("2", sets={"lights.stage": 5.0}), third])
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    engine.ask(Go(cue="3"), 1.0)
    assert said(engine.commands(1.0)) == {"lights.house": 3.0}


def test_the_dos_of_a_cue_go_with_it_however_well_it_was_prepared():
    engine = at_work(
        [Cue("1"), Cue("2", sets={"lights.stage": 5.0}, dos=(Do("obs", "play", "x"),))]
    )
    go(engine, 0.0)
    engine.commands(0.0)
    engine.prepare()
    assert go(engine, 1.0) == ["Fired", "Did"]
    assert done(engine.commands(1.0)) == ["obs.play x"]
