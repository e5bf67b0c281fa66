"""What a device reads on its return is where it is, whatever was on its way when it was lost."""

from stagectl.engine.engine import Engine
from stagectl.engine.intent import Go, StandBy
from stagectl.engine.report import Acknowledged, Linked, Lost, Moved
from tests.engine.evening import CUES, at_work, book, reading, said


def confirm(engine: Engine, now: float) -> None:
    for order in engine.commands(now):
        engine.hear(Acknowledged(order), now)


def standing(engine: Engine, parameter: str, now: float) -> str:
    return engine.snapshot(now).values[parameter][1]


def away_with_a_word_on_its_way() -> Engine:
    """Cue 1 is confirmed; OBS was told of cue 2 and is lost before it answers."""
    engine = at_work()
    engine.ask(Go(), 0.0)
    confirm(engine, 0.1)
    engine.ask(Go(), 5.0)
    assert said(engine.commands(5.0))["obs.program"] == "Talk"
    engine.hear(Lost("obs", "silent"), 7.0)
    return engine


def test_a_lost_word_that_is_wanted_no_longer_does_not_wait_for_its_answer_for_ever():
    engine = away_with_a_word_on_its_way()
    engine.ask(StandBy(cue="1"), 8.0)
    engine.ask(Go(), 8.0)
    engine.hear(Linked("obs", reading("obs")), 15.0)
    assert "obs.program" not in said(engine.commands(15.0))
    assert standing(engine, "obs.program", 15.1) == "confirmed"
    alarms = [alarm.about for alarm in engine.snapshot(20.0).alarms]
    assert "obs.program" not in alarms


def test_a_lost_word_that_is_still_wanted_is_said_again():
    engine = away_with_a_word_on_its_way()
    engine.hear(Linked("obs", reading("obs")), 15.0)
    assert said(engine.commands(15.0))["obs.program"] == "Talk"
    assert standing(engine, "obs.program", 15.1) == "sent"


def test_a_lost_word_that_is_carried_out_after_the_return_is_no_hand():
    engine = away_with_a_word_on_its_way()
    engine.ask(StandBy(cue="1"), 8.0)
    engine.ask(Go(), 8.0)
    engine.hear(Linked("obs", reading("obs")), 15.0)
    engine.commands(15.0)
    assert engine.hear(Moved("obs.program", "Talk"), 15.3) == ()
    assert said(engine.commands(15.3))["obs.program"] == "Wait"


def test_the_word_before_the_last_one_read_on_a_new_link_is_where_it_is():
    engine = away_with_a_word_on_its_way()
    engine.hear(Linked("obs", reading("obs")), 7.1)
    engine.commands(7.1)
    engine.ask(StandBy(cue="1"), 7.2)
    engine.ask(Go(), 7.2)
    engine.commands(7.2)
    engine.hear(Lost("obs", "closed"), 7.3)
    engine.hear(Linked("obs", {**reading("obs"), "obs.program": "Talk"}), 7.4)
    assert said(engine.commands(7.4))["obs.program"] == "Wait"


def test_what_was_never_read_and_is_not_where_it_was_put_is_said_again_and_is_no_hand():
    engine = Engine(book(CUES), 0.0)
    known = {p: v for p, v in reading("obs").items() if p != "obs.program"}
    engine.hear(Linked("obs", known), 0.0)  # a cut, for one, has no duration before the fade has
    engine.ask(Go(), 0.0)
    assert "obs.program" in said(engine.commands(0.0))
    assert engine.hear(Moved("obs.program", "Elsewhere"), 0.5) == ()
    assert said(engine.commands(0.5))["obs.program"] == "Wait"
