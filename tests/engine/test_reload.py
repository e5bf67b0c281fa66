"""A show that is edited while it runs: the place is kept, and what was said moves, nothing else."""

import itertools
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from stagectl.core.book import Book
from stagectl.core.diff import Command
from stagectl.core.edits import edits
from stagectl.core.model import Cue, Do, Part, Person
from stagectl.core.track import look_at
from stagectl.desk.handover import fitting
from stagectl.engine import event as e
from stagectl.engine import intent as i
from stagectl.engine.engine import Engine
from stagectl.engine.plain import event_from_plain, tagged
from stagectl.engine.reload import Offer
from stagectl.engine.report import Failed, Linked, Lost, Moved
from stagectl.engine.run import Run
from stagectl.engine.stage import Stage
from tests.engine.evening import BASE, CUES, WIRES, book, done, linked, reading, said

MOVED_ON = replace(CUES[1], sets={**CUES[1].sets, "lights.stage": 40.0, "obs.program": "Film"})
EDITED = (CUES[0], MOVED_ON, *CUES[2:])


def of(cues, digest="new", **changes) -> Book:
    return replace(book(cues), digest=digest, **changes)


def offered(engine: Engine, new: Book) -> Engine:
    engine.offer(Offer(new.digest, Run(new, 0.0), edits(engine.book, new)))
    return engine


def engine_at(*cues: str, guard: float = 0.0) -> Engine:
    """Return an engine whose devices answer, on which these went, everything confirmed."""
    engine = linked(Engine(of(CUES, "old"), guard))
    for n, cue in enumerate(cues):
        now = 10.0 * n
        engine.ask(i.Go(cue=cue), now)
        everything_said(engine, now)
    return engine


def everything_said(
    engine: Engine, now: float, seconds: float = 9.0, beat: float = 0.02
) -> dict[str, Any]:
    """Let fades run and devices confirm; return every value that was said, by parameter."""
    found: dict[str, list[Any]] = {}
    for n in range(round(seconds / beat) + 1):
        at = now + n * beat
        while orders := engine.commands(at):
            for p, value in said(orders).items():
                found.setdefault(p, []).append(value)
                if WIRES[p].read:
                    engine.hear(Moved(p, value), at)
            assert not done(orders) or "record" in done(orders)[0] or "play" in done(orders)[0]
    return found


def taken(engine: Engine, now: float = 100.0):
    row = engine.snapshot(now).offer
    assert row is not None
    return engine.ask(i.Reload(row.id, by="panel"), now)


def announced(engine: Engine, now: float = 100.0) -> dict[str, Any]:
    row = engine.snapshot(now).offer
    return {change.parameter: change.after for change in row.moves}


# ---------------------------------------------------------------- what moves


def held(snap):
    """What is held, without how well the device has it: that is the device's to tell anew."""
    return tuple(replace(row, how="unknown") for row in snap.held)


def test_an_offer_alone_changes_nothing():
    engine = engine_at("1", "2")
    before = engine.snapshot(100.0)
    offered(engine, of(EDITED))
    assert replace(engine.snapshot(100.0), offer=None) == before
    assert engine.commands(100.0) == ()


def test_exactly_what_was_announced_is_said_and_nothing_else():
    engine = offered(engine_at("1", "2"), of(EDITED))
    told = announced(engine)
    assert told == {"lights.stage": 40.0, "obs.program": "Film"}
    taken(engine)
    found = everything_said(engine, 100.0)
    assert {p: values[-1] for p, values in found.items()} == told


def test_levels_travel_for_two_seconds_and_the_picture_cuts():
    engine = offered(engine_at("1", "2"), of(EDITED))
    taken(engine)
    assert said(engine.commands(100.0))["obs.program"] == "Film"
    everything_said(engine, 100.0, 1.0)
    assert engine.snapshot(101.0).values["lights.stage"][0] == pytest.approx(65.0)
    everything_said(engine, 101.02, 1.0)
    assert engine.snapshot(102.1).values["lights.stage"][0] == 40.0


def test_an_edit_of_a_cue_to_come_moves_nothing_and_is_what_go_does():
    later = replace(CUES[3], sets={**CUES[3].sets, "lights.house": 5.0})
    engine = engine_at("1", "2")
    engine.ask(i.StandBy("3"), 60.0)
    assert "lights.house" not in {change.parameter for change in engine.snapshot(60.0).next}
    offered(engine, of((*CUES[:3], later, CUES[4])))
    assert announced(engine) == {}
    taken(engine)
    assert "lights.house" in {change.parameter for change in engine.snapshot(100.0).next}
    assert everything_said(engine, 100.0) == {}
    engine.ask(i.Go(cue="3"), 110.0)
    assert everything_said(engine, 110.0)["lights.house"][-1] == 5.0


def test_a_fade_that_is_bound_for_where_it_was_runs_on():
    engine = engine_at("1")
    engine.ask(i.Go(expect="2"), 50.0)
    everything_said(engine, 50.0, 1.5)
    new = replace(CUES[1], sets={**CUES[1].sets, "mixer.guest.on": True})
    offered(engine, of((CUES[0], new, *CUES[2:])))
    assert announced(engine, 51.5) == {"mixer.guest.on": True}
    taken(engine, 51.5)
    everything_said(engine, 51.5, 0.0)
    assert engine.snapshot(52.0).values["lights.stage"][1] == "moving"
    everything_said(engine, 51.52, 1.5)
    assert engine.snapshot(53.1).values["lights.stage"] == (90.0, "sent")


def test_a_fade_whose_end_is_another_turns_to_it_from_where_it_is():
    engine = engine_at("1")
    engine.ask(i.Go(expect="2"), 50.0)
    everything_said(engine, 50.0, 1.5)
    offered(engine, of(EDITED))
    taken(engine, 51.5)
    found = everything_said(engine, 51.5)["lights.stage"]
    assert found[0] == pytest.approx(45.0, abs=0.7)
    assert found == sorted(found, reverse=True)
    assert found[-1] == 40.0


def test_what_waits_for_a_pre_wait_and_is_wanted_elsewhere_now_goes_there_and_nowhere_else():
    cues = (CUES[0], Cue("2", sets={"obs.program": "Talk", "lights.stage": 90.0}, wait=3.0))
    engine = linked(Engine(of(cues, "old"), 0.0))
    engine.ask(i.Go(), 0.0)
    engine.ask(i.Go(), 10.0)
    everything_said(engine, 10.0, 1.0)
    offered(engine, of((cues[0], replace(cues[1], sets={"obs.program": "Film"}))))
    assert announced(engine, 11.0) == {"obs.program": "Film"}
    taken(engine, 11.0)
    assert said(engine.commands(11.0)) == {"obs.program": "Film"}
    assert everything_said(engine, 11.0) == {}


def test_a_fade_beneath_an_overlay_does_not_run_on_to_where_nobody_wants_it():
    engine = engine_at("1")
    engine.ask(i.Go(), 50.0)
    engine.ask(i.Overlay("safe"), 50.5)
    everything_said(engine, 50.5, 0.0)
    offered(engine, of(EDITED))
    taken(engine, 51.0)
    engine.ask(i.Release(), 51.5)
    assert everything_said(engine, 51.5)["lights.stage"] == [40.0]


def test_before_the_first_go_nothing_moves_whatever_was_edited():
    engine = offered(linked(Engine(of(CUES, "old"))), of(EDITED))
    assert announced(engine) == {}
    taken(engine)
    assert engine.commands(100.0) == ()
    engine.ask(i.Go(cue="2"), 101.0)
    assert everything_said(engine, 101.0)["obs.program"] == ["Film"]


def test_what_is_held_stays_held_and_is_not_announced():
    engine = engine_at("1", "2")
    engine.ask(i.Put("lights.stage", 70.0, by="panel"), 60.0)
    everything_said(engine, 60.0)
    offered(engine, of(EDITED))
    assert announced(engine) == {"obs.program": "Film"}
    taken(engine)
    assert set(everything_said(engine, 100.0)) == {"obs.program"}
    held = engine.snapshot(101.0).held[0]
    assert (held.parameter, held.value, held.wanted) == ("lights.stage", 70.0, 40.0)


def test_what_a_lost_device_would_do_is_done_on_its_return_and_not_announced():
    engine = engine_at("1", "2")
    engine.hear(Lost("obs", "silent"), 60.0)
    offered(engine, of(EDITED))
    assert announced(engine) == {"lights.stage": 40.0}
    taken(engine)
    assert set(everything_said(engine, 100.0)) == {"lights.stage"}
    there = {**reading("obs"), "obs.program": "Talk"}
    assert engine.hear(Linked("obs", there), 110.0)[0].device == "obs"
    assert said(engine.commands(110.0)) == {"obs.program": "Film"}


def test_a_hand_at_a_lost_device_is_still_a_hand_though_the_cues_are_counted_anew():
    engine = engine_at("1", "2")
    engine.hear(Lost("mixer", "silent"), 60.0)
    offered(engine, of((Cue("0.5"), *EDITED)))
    taken(engine)
    everything_said(engine, 100.0)
    there = {**reading("mixer"), "mixer.host.on": False, "mixer.host.level": -20.0}
    engine.hear(Linked("mixer", there), 110.0)
    held = {row.parameter for row in engine.snapshot(110.0).held}
    assert held == {"mixer.host.on", "mixer.host.level"}
    assert engine.commands(110.0) == ()


def test_a_parameter_that_is_new_to_the_room_is_announced_as_unknown():
    cues = (CUES[0], replace(CUES[1], sets={**CUES[1].sets, "lights.back": 30.0}), *CUES[2:])
    new = of(cues, wires={**WIRES, "lights.back": WIRES["lights.stage"]})
    new = replace(new, show=replace(new.show, base={**BASE, "lights.back": 0.0}))
    engine = offered(engine_at("1", "2"), new)
    row = engine.snapshot(100.0).offer.moves[0]
    assert (row.parameter, row.before, row.after) == ("lights.back", None, 30.0)
    taken(engine)
    assert said(engine.commands(100.0)) == {"lights.back": 30.0}


def test_a_parameter_that_leads_elsewhere_now_is_unknown_and_said_there():
    wires = {**WIRES, "mixer.host.level": replace(WIRES["mixer.host.level"], address="/ch/07")}
    engine = offered(engine_at("1", "2"), of(CUES, wires=wires))
    row = engine.snapshot(100.0).offer.moves[0]
    assert (row.parameter, row.before, row.after) == ("mixer.host.level", None, -5.0)
    taken(engine)
    assert everything_said(engine, 100.0) == {"mixer.host.level": [-5.0]}


def test_a_hand_where_the_parameter_can_be_no_more_is_let_go():
    wires = {**WIRES, "lights.stage": replace(WIRES["lights.stage"], high=95.0)}
    engine = engine_at("1", "2")
    engine.ask(i.Put("lights.stage", 100.0, by="panel"), 60.0)
    everything_said(engine, 60.0)
    offered(engine, of(CUES, wires=wires))
    assert announced(engine) == {"lights.stage": 90.0}
    taken(engine)
    assert engine.snapshot(101.0).held == ()
    assert everything_said(engine, 100.0)["lights.stage"][-1] == 90.0


def test_a_refusal_of_a_parameter_that_is_gone_is_forgotten():
    wires = {p: w for p, w in WIRES.items() if p != "lights.house"}
    cues = (Cue("1", sets={"obs.program": "Wait"}), Cue("2"))
    new = of(cues, wires=wires)
    new = replace(new, show=replace(new.show, base={p: v for p, v in BASE.items() if p in wires}))
    engine = engine_at("1")
    engine.hear(Failed(Command("lights.house", 60.0), "refused"), 50.0)
    offered(engine, new)
    taken(engine)
    assert everything_said(engine, 100.0, 30.0, 0.5) == {}
    assert engine.snapshot(130.0).alarms == ()


def test_a_parameter_that_was_refused_and_is_wanted_elsewhere_is_said_at_once():
    engine = engine_at("1", "2")
    for _ in range(4):
        engine.hear(Failed(Command("obs.program", "Talk"), "missing"), 60.0)
        everything_said(engine, 60.0, 0.0)
    offered(engine, of(EDITED))
    taken(engine, 61.0)
    assert said(engine.commands(61.0))["obs.program"] == "Film"


def test_a_parameter_that_is_gone_is_left_as_it_is():
    wires = {p: w for p, w in WIRES.items() if p != "lights.stage"}
    cues = (replace(c, sets={p: v for p, v in c.sets.items() if p != "lights.stage"}) for c in CUES)
    new = of(cues, wires=wires)
    new = replace(new, show=replace(new.show, base={p: v for p, v in BASE.items() if p in wires}))
    engine = engine_at("1")
    engine.ask(i.Go(), 50.0)
    everything_said(engine, 50.0, 1.0)
    engine.ask(i.Put("lights.stage", 33.0), 51.02)
    offered(engine, new)
    taken(engine, 51.5)
    assert "lights.stage" not in everything_said(engine, 51.5)
    assert engine.snapshot(60.0).held == ()
    assert "lights.stage" not in engine.snapshot(60.0).values


def test_under_stop_all_the_show_changes_beneath_and_the_room_does_not():
    engine = engine_at("1", "2")
    engine.ask(i.Overlay("safe"), 60.0)
    everything_said(engine, 60.0)
    offered(engine, of(EDITED))
    assert announced(engine) == {}
    taken(engine)
    assert everything_said(engine, 100.0) == {}
    engine.ask(i.Release(), 120.0)
    found = everything_said(engine, 120.0)
    assert (found["lights.stage"][-1], found["obs.program"][-1]) == (40.0, "Film")


def brighter():
    """Return a version in which the safe scene is not quite dark."""
    new = of(CUES)
    holding = replace(
        new.venue.scenes["holding"], look={"obs.program": "Film", "lights.stage": 9.0}
    )
    return replace(new, venue=replace(new.venue, scenes={**new.venue.scenes, "holding": holding}))


def test_the_scene_that_is_laid_is_the_new_one_at_once_and_hides_no_fade():
    engine = engine_at("1", "2")
    engine.ask(i.Overlay("safe"), 60.0)
    everything_said(engine, 60.0)
    offered(engine, brighter())
    assert announced(engine) == {"obs.program": "Film", "lights.stage": 9.0}
    taken(engine)
    assert said(engine.commands(100.0)) == {"obs.program": "Film", "lights.stage": 9.0}
    engine.ask(i.Release(), 100.5)
    assert everything_said(engine, 100.5)["lights.stage"] == [90.0]


def test_what_people_stopped_before_the_first_go_stays_stopped_the_new_way():
    engine = linked(Engine(of(CUES, "old"), 0.0))
    engine.ask(i.Overlay("safe"), 1.0)
    everything_said(engine, 1.0)
    offered(engine, brighter())
    told = announced(engine)
    assert told == {"obs.program": "Film", "lights.stage": 9.0}
    taken(engine)
    assert {p: v[-1] for p, v in everything_said(engine, 100.0).items()} == told
    engine.ask(i.Release(), 110.0)
    assert everything_said(engine, 110.0) == {}, "nobody has said GO yet"


def test_a_parameter_that_is_new_under_a_stop_is_stopped_too():
    wires = {**WIRES, "lights.back": WIRES["lights.stage"]}
    new = of(CUES, wires=wires)
    new = replace(new, show=replace(new.show, base={**BASE, "lights.back": 7.0}))
    engine = linked(Engine(of(CUES, "old"), 0.0))
    engine.ask(i.Overlay("safe"), 1.0)
    everything_said(engine, 1.0)
    offered(engine, new)
    assert announced(engine) == {"lights.back": 7.0}
    taken(engine)
    assert said(engine.commands(100.0)) == {"lights.back": 7.0}


def test_a_fade_beneath_the_scene_that_is_laid_keeps_its_own_time():
    engine = engine_at("1")
    engine.ask(i.Go(), 50.0)
    engine.ask(i.Overlay("safe"), 50.1)
    everything_said(engine, 50.1, 0.0)
    offered(engine, brighter())
    taken(engine, 50.5)
    engine.ask(i.Release(), 51.5)
    assert said(engine.commands(51.5))["lights.stage"] == pytest.approx(45.0, abs=0.7)


def test_after_a_restart_an_overlay_that_nobody_asked_for_anew_moves_nothing():
    back = linked(Engine.resume(of(CUES, "old"), [e.Began(at=0.0), e.Stopped(at=1.0)]))
    offered(back, brighter())
    assert announced(back) == {}
    taken(back)
    assert back.commands(100.0) == ()


def test_a_show_without_the_scene_that_is_laid_now_is_refused_until_it_is_lifted():
    new = of(EDITED)
    new = replace(new, venue=replace(new.venue, cover=""))
    engine = engine_at("1", "2")
    engine.ask(i.Overlay("cover"), 60.0)
    offered(engine, new)
    assert taken(engine)[0].why == "overlay_lost"
    engine.ask(i.Release(), 101.0)
    assert isinstance(taken(engine, 102.0)[0], e.Reloaded)


# ---------------------------------------------------------------- the place


@pytest.mark.parametrize(
    ("cues", "skipped", "onstage", "standby", "lost"),
    [
        (CUES, (), "2", "2.5", ""),
        ((Cue("0.5"), *CUES), (), "2", "2.5", ""),
        ((CUES[0], *CUES[2:]), (), "1", "2.5", "2"),
        ((CUES[0], CUES[1], *CUES[3:]), (), "2", "3", ""),
        ((CUES[1],), (), "2", None, ""),
        ((CUES[4],), (), None, "4", "2"),
        ((CUES[0], CUES[1], *CUES[3:]), ("3",), "2", "4", ""),
    ],
)
def test_the_place_is_kept_by_number(cues, skipped, onstage, standby, lost):
    engine = engine_at("1", "2")
    for number in skipped:
        engine.ask(i.Skip(number), 50.0)
    offered(engine, of(cues))
    row = engine.snapshot(100.0).offer
    assert (row.onstage, row.standby, row.lost) == (onstage, standby, lost)
    taken(engine)
    snap = engine.snapshot(100.0)
    assert (snap.onstage, snap.standby, snap.skipped) == (onstage, standby, skipped)


def test_a_cue_that_was_skipped_is_not_the_one_to_go_back_to():
    engine = engine_at("1")
    engine.ask(i.Skip("2"), 50.0)
    engine.ask(i.Go(cue="2.5"), 51.0)
    offered(engine, of((*CUES[:2], *CUES[3:])))
    row = engine.snapshot(52.0).offer
    assert (row.onstage, row.lost) == ("1", "2.5")
    taken(engine, 52.0)
    assert engine.snapshot(60.0).elapsed is None, "nobody knows how long: it did not just go"


def test_a_standby_that_was_moved_stays_where_it_was_moved_to():
    engine = engine_at("1")
    engine.ask(i.StandBy("3"), 50.0)
    offered(engine, of((Cue("0"), *CUES)))
    taken(engine)
    assert engine.snapshot(100.0).standby == "3"


def test_cues_that_were_put_in_before_the_next_are_named_and_not_pushed_to_the_front():
    engine = offered(engine_at("1"), of((Cue("0"), CUES[0], Cue("1.5"), Cue("1.7"), *CUES[1:])))
    row = engine.snapshot(100.0).offer
    assert (row.standby, row.between) == ("2", ("1.5", "1.7"))
    taken(engine)
    assert engine.snapshot(100.0).standby == "2"
    assert engine.snapshot(100.0).offer.between == ()


def test_a_corrected_name_stays_corrected_and_the_others_are_the_files():
    engine = engine_at("1", "3")
    engine.ask(i.Name("guest", "Kari Nordmann"), 50.0)
    everything_said(engine, 50.0)
    new = of(CUES)
    people = {"guest": Person("Kari Ødegaard", "Poet"), "host": Person("Ola")}
    offered(engine, replace(new, show=replace(new.show, people=people)))
    taken(engine)
    assert engine.snapshot(100.0).people["guest"].name == "Kari Nordmann"
    assert engine.snapshot(100.0).people["host"].name == "Ola"
    assert everything_said(engine, 100.0) == {}


def test_a_person_that_is_spelled_otherwise_in_the_file_is_announced_and_said():
    new = of(CUES)
    people = {"guest": Person("Kari Ødegaard", "Author")}
    engine = offered(engine_at("1", "3"), replace(new, show=replace(new.show, people=people)))
    assert announced(engine) == {"obs.Name.text": "Kari Ødegaard, Author"}
    taken(engine)
    assert everything_said(engine, 100.0) == {"obs.Name.text": ["Kari Ødegaard, Author"]}


# ---------------------------------------------------------------- Dos, follows, times


def test_no_do_fires_from_a_reload():
    more = replace(CUES[1], dos=(*CUES[1].dos, Do("obs", "play", "fanfare")))
    engine = offered(engine_at("1", "2"), of((CUES[0], more, *CUES[2:])))
    events = taken(engine)
    assert [type(event) for event in events] == [e.Reloaded]
    assert not done(engine.commands(100.0))


def test_a_do_that_waited_for_its_cues_pre_wait_is_still_done_and_once():
    cues = (CUES[0], Cue("2", dos=(Do("obs", "play", "intro"),), wait=5.0), *CUES[2:])
    engine = linked(Engine(of(cues, "old"), 0.0))
    engine.ask(i.Go(), 0.0)
    engine.ask(i.Go(), 1.0)
    offered(engine, of((cues[0], *cues[2:])))
    taken(engine, 2.0)
    assert done(engine.commands(2.0)) == []
    assert engine.snapshot(3.0).offer.undo
    engine.tick(6.0, 0.0)
    assert done(engine.commands(6.0)) == ["obs.play intro"]
    taken(engine, 6.5)
    engine.tick(7.0, 0.0)
    assert done(engine.commands(7.0)) == []


@pytest.mark.parametrize(
    ("follow", "goes"), [(12.0, True), (8.0, False), (None, False)], ids=["same", "sooner", "none"]
)
def test_a_follow_runs_on_only_if_it_is_the_same_follow(follow, goes):
    cues = (*CUES[:2], replace(CUES[2], follow=follow, name="movie"), *CUES[3:])
    engine = engine_at("1", "2")
    engine.ask(i.Go(), 50.0)
    offered(engine, of(cues))
    assert engine.snapshot(55.0).offer.follow_ends is not goes
    taken(engine, 59.0)
    engine.tick(62.5, 0.0)
    assert (engine.snapshot(62.5).onstage == "3") is goes


def test_a_time_that_was_missed_is_shown_for_as_long_as_its_cue_is_there():
    timed = (CUES[0], CUES[1], replace(CUES[2], at=1000.0), *CUES[3:])
    engine = linked(Engine(of(timed, "old"), 0.0))
    engine.ask(i.Go(), 0.0)
    engine.tick(1.0, 2000.0)
    assert engine.snapshot(1.0).overdue == ("2.5",)
    offered(engine, of((Cue("0"), *timed)))
    taken(engine, 2.0)
    assert engine.snapshot(3.0).overdue == ("2.5",)
    offered(engine, of(CUES[:2], "newer"))
    taken(engine, 4.0)
    assert engine.snapshot(5.0).overdue == ()


def test_a_new_time_of_day_is_waited_for():
    timed = replace(CUES[1], at=1000.0)
    engine = offered(engine_at("1"), of((CUES[0], timed, *CUES[2:])))
    taken(engine)
    engine.tick(100.0, 990.0)
    assert engine.due(100.0) is not None
    assert [type(x) for x in engine.tick(110.0, 1000.0)][:1] == [e.Fired]


# ---------------------------------------------------------------- GO


def test_a_prepared_go_is_thrown_away_and_what_is_new_is_said():
    later = replace(CUES[1], dos=(), fade=0.0)
    engine = linked(Engine(of((CUES[0], later), "old"), 0.0))
    engine.ask(i.Go(), 0.0)
    everything_said(engine, 0.0)
    engine.prepare()
    offered(engine, of((CUES[0], replace(later, sets={"obs.program": "Film"}))))
    taken(engine, 10.0)
    engine.ask(i.Go(expect="2"), 11.0)
    assert everything_said(engine, 11.0) == {"obs.program": ["Film"]}


def test_a_go_whose_packets_are_out_is_on_stage_before_the_reload():
    cues = (CUES[0], replace(CUES[1], dos=(), fade=0.0))
    engine = linked(Engine(of(cues, "old"), 0.0))
    engine.ask(i.Go(), 0.0)
    everything_said(engine, 0.0)
    offered(engine, of((Cue("0"), *cues)))
    engine.prepare()
    assert len(engine.ask(i.Go(expect="2"), 10.0)) == 1
    assert engine.commands(10.0)
    assert taken(engine, 10.001)[0].onstage == "2"


def test_a_go_for_a_cue_that_stood_by_before_is_stale():
    engine = offered(engine_at("1"), of((CUES[0], *CUES[2:])))
    taken(engine)
    assert engine.ask(i.Go(expect="2"), 101.0)[0].why == "stale"
    assert engine.snapshot(101.0).onstage == "1"


def test_the_guard_is_as_it_was():
    engine = engine_at(guard=0.5)
    engine.ask(i.Go(), 100.0)
    offered(engine, of((Cue("0"), *CUES)))
    taken(engine, 100.1)
    assert engine.ask(i.Go(), 100.2)[0].why == "guard"


# ---------------------------------------------------------------- taking and leaving


def test_an_offer_that_is_not_there_cannot_be_taken():
    engine = engine_at("1")
    assert engine.ask(i.Reload("new"), 50.0)[0].why == "no_offer"
    offered(engine, of(EDITED))
    assert engine.ask(i.Reload("other"), 50.0)[0].why == "no_offer"
    engine.offer(None)
    assert engine.ask(i.Reload("new"), 50.0)[0].why == "no_offer"


def test_keeping_the_old_one_is_remembered_and_the_offer_can_still_be_taken():
    engine = offered(engine_at("1", "2"), of(EDITED))
    engine.ask(i.Reload("new", take=False), 50.0)
    assert engine.snapshot(50.0).offer.declined
    assert engine.commands(50.0) == ()
    assert not offered(engine, of(EDITED, "newer")).snapshot(51.0).offer.declined
    assert isinstance(taken(engine)[0], e.Reloaded)


def test_taking_it_back_is_offered_and_brings_everything_back():
    engine = engine_at("1", "2")
    before = {p: v for p, (v, _) in engine.snapshot(99.0).values.items()}
    offered(engine, of((Cue("0"), *EDITED)))
    taken(engine)
    everything_said(engine, 100.0)
    row = engine.snapshot(110.0).offer
    assert (row.id, row.undo, row.declined, row.edits.removed) == ("old", True, False, 1)
    assert announced(engine, 110.0) == {"lights.stage": 90.0, "obs.program": "Talk"}
    taken(engine, 110.0)
    everything_said(engine, 110.0)
    assert {p: v for p, (v, _) in engine.snapshot(120.0).values.items()} == before
    assert engine.book.digest == "old"
    assert engine.snapshot(120.0).offer.id == "new"
    assert engine.snapshot(120.0).offer.declined, "it was taken back: nobody is asked again"
    assert offered(engine, of((Cue("0"), *EDITED))).snapshot(121.0).offer.declined


def test_taking_it_back_is_a_question_until_somebody_goes_on():
    engine = offered(engine_at("1"), of(EDITED))
    taken(engine)
    assert not engine.snapshot(101.0).offer.declined
    engine.ask(i.Go(), 102.0)
    assert engine.snapshot(103.0).offer.declined
    engine = offered(engine_at("1"), of(EDITED))
    taken(engine)
    engine.ask(i.Reload("old", take=False), 101.0)
    assert engine.snapshot(103.0).offer.declined


def test_once_the_show_is_over_nothing_is_taken():
    engine = offered(engine_at("1"), of(EDITED))
    engine.ask(i.End(), 50.0)
    assert taken(engine)[0].why == "ended"


# ---------------------------------------------------------------- a journal


def test_a_run_reloaded_twice_comes_back_where_it_was():
    engine = engine_at()
    happened = list(engine.ask(i.Go(), 0.0))
    happened += engine.ask(i.Put("lights.house", 11.0, by="panel"), 1.0)
    happened += engine.ask(i.Skip("3"), 2.0)
    offered(engine, of((Cue("0"), *EDITED), "newer"))
    happened += taken(engine, 3.0)
    happened += engine.ask(i.Go(), 4.0)
    offered(engine, of((*EDITED, Cue("9")), "newest"))
    happened += taken(engine, 5.0)
    happened += engine.ask(i.StandBy("9"), 6.0)
    again = [event_from_plain(tagged(event)) for event in happened]
    assert again == happened
    back = Engine.resume(of((*EDITED, Cue("9")), "newest"), again)
    was, found = engine.snapshot(7.0), back.snapshot(7.0)
    assert (found.onstage, found.standby, found.skipped) == (was.onstage, was.standby, was.skipped)
    assert held(found) == held(was)
    assert found.phase == "holding"
    assert back.commands(7.0) == ()


def test_a_reload_lets_no_do_of_before_be_offered_as_missed():
    engine = engine_at()
    happened = list(engine.ask(i.Go(cue="2"), 0.0))
    more = replace(CUES[1], dos=(*CUES[1].dos, Do("obs", "play", "fanfare")))
    offered(engine, of((CUES[0], more, *CUES[2:])))
    happened += taken(engine, 100.0)
    back = Engine.resume(of((CUES[0], more, *CUES[2:])), happened)
    assert [type(event) for event in back.take_up(200.0)] == [e.Resumed]


# ---------------------------------------------------------------- all of it


def test_every_field_of_a_stage_but_what_is_wanted_lives_on():
    """Whoever adds one says here that it is no show's; what is a show's belongs into `Wanted`."""
    lives_on = {
        "motion", "belief", "failing", "away", "linked_devices", "live", "version",
        "_travel", "_dirty", "_asked", "_at_loss",
    }  # fmt: skip
    assert {*vars(Stage(of(CUES)))} == {"wanted"} | lives_on


def test_a_reload_replaces_what_is_wanted_whole_and_keeps_the_old_for_the_way_back():
    engine = engine_at()
    before = engine.run.stage.wanted
    offered(engine, of(CUES[:3]))
    taken(engine, 1.0)
    now = engine.run.stage.wanted
    assert now is not before
    row = engine.snapshot(1.0).offer
    assert row.undo
    engine.ask(i.Reload(row.id), 2.0)
    assert engine.run.stage.wanted is before


NUMBERS = ("1", "2", "2.5", "3", "4", "5")
VALUES = {
    "obs.program": ("Wait", "Talk", "Film"),
    "obs.Name.text": ("", "{guest.name}"),
    "mixer.host.on": (True, False),
    "mixer.host.level": (-20.0, -5.0, 0.0),
    "lights.stage": (0.0, 40.0, 90.0),
    "lights.house": (10.0, 80.0),
}
SETS = st.fixed_dictionaries({}, optional={p: st.sampled_from(v) for p, v in VALUES.items()})
A_CUE = st.builds(
    Cue,
    st.sampled_from(NUMBERS),
    sets=SETS,
    dos=st.sampled_from([(), (Do("obs", "play", "intro"),)]),
    fade=st.sampled_from([0.0, 3.0]),
    wait=st.sampled_from([0.0, 0.0, 1.0]),
    follow=st.sampled_from([None, None, 4.0]),
    block=st.sampled_from([False, False, False, True]),
)


def grouped(number, first, second, wait, fade):
    """Return a cue of two parts, the second a moment after the first."""
    parts = Part(sets=first, fade=fade), Part(sets=second, wait=wait, fade=fade)
    return Cue(number, sets={**first, **second}, group=parts)


A_GROUP = st.builds(
    grouped, st.sampled_from(NUMBERS), SETS, SETS, st.sampled_from([0.0, 0.7]), st.just(2.0)
)
LISTS = st.lists(
    st.one_of(A_CUE, A_CUE, A_GROUP), min_size=1, max_size=6, unique_by=lambda cue: cue.number
)
PEOPLE = st.sampled_from([{}, {"guest": Person("Kari")}, {"guest": Person("Ola")}])
ASKED = st.one_of(
    st.just(i.Go()),
    st.just(i.Go()),
    st.builds(i.StandBy, st.sampled_from(NUMBERS)),
    st.builds(i.Skip, st.sampled_from(NUMBERS), st.booleans()),
    st.just(i.Back()),
    st.sampled_from([i.Put(p, v[0], by="panel") for p, v in VALUES.items()]),
    st.sampled_from([i.Overlay("safe"), i.Overlay("cover"), i.Release()]),
    st.just(i.Name("guest", "Per")),
)


def look_of(engine: Engine) -> dict[str, Any]:
    """Return what the room is bound for: tracked anew, under hands, under the overlay."""
    stage, place, venue = engine.run.stage, engine.run.place, engine.book.venue
    look = {p: (v, 0.0) for p, v in look_at(engine.book.show, place.onstage, place.skipped).items()}
    look |= {p: (hand.value, hand.at) for p, hand in stage.wanted.hands.items()}
    safe = {**engine.book.show.base, **venue.scenes["holding"].look}
    for since, scene in (
        (stage.wanted.safe_since, safe),
        (stage.wanted.cover_since, venue.scenes["cover"].look),
    ):
        if since is not None:
            laid = max(since, stage.wanted.safe_since or 0.0)
            hands = {p for p, hand in stage.wanted.hands.items() if hand.at >= laid}
            look |= {p: (v, laid) for p, v in scene.items() if p not in hands}
    return {p: stage.wanted.spelled(p, value) for p, (value, _) in look.items()}


@settings(max_examples=200, deadline=None)
@given(LISTS, LISTS, PEOPLE, PEOPLE, st.lists(ASKED, max_size=8), st.lists(ASKED, max_size=4))
def test_after_any_edit_the_room_is_bound_for_the_new_look_and_only_what_was_told_moved(
    old, new, people, newer, before, after
):
    def made(cues, people, digest):
        found = of(cues, digest)
        return replace(found, show=replace(found.show, people=people))

    engine = linked(Engine(made(old, people, "old"), 0.0))
    journal: list[e.Event] = []
    clock = itertools.count()

    def ask(intent):
        now = next(clock) * 0.5
        journal.extend(engine.ask(intent, now))
        everything_said(engine, now, 0.4, 0.1)
        journal.extend(engine.tick(now + 0.4, 0.0))

    for intent in before:
        ask(intent)
    now = next(clock) * 0.5
    everything_said(engine, now, 0.0)
    running = set(engine.run.stage.motion.fades)
    offered(engine, made(new, newer, "new"))
    told = announced(engine, now)
    row, kept = engine.snapshot(now).offer, engine.snapshot(now).held
    events = taken(engine, now)
    journal.extend(events)
    assert [type(event) for event in events] == [e.Reloaded]
    snap = engine.snapshot(now)
    assert (snap.onstage, snap.standby) == (row.onstage, row.standby)
    assert [(h.parameter, h.value) for h in snap.held] == [(h.parameter, h.value) for h in kept]
    look = look_of(engine)
    assert {p: engine.run.stage.wanted.bound_for(p) for p in look} == look
    if snap.phase == "live":
        found = everything_said(engine, now, 5.0, 0.1)
        still = {p: v[-1] for p, v in found.items() if p not in running}
        assert still == {p: v for p, v in told.items() if p not in running}
        assert {p: found[p][-1] for p in told} == told
        at = {p: v for p, (v, _) in engine.snapshot(now).values.items()}
        assert {p: at[p] for p in look} == look
    clock = itertools.count(100)
    for intent in after:
        ask(intent)
    shown = made(new, newer, "new")
    back = Engine.resume(shown, fitting(shown, journal))
    one, two = engine.snapshot(999.0), back.snapshot(999.0)
    assert (one.onstage, one.standby, one.skipped) == (two.onstage, two.standby, two.skipped)
    assert (held(one), one.people, one.overlay) == (held(two), two.people, two.overlay)
    assert look_of(back) == look_of(engine)
