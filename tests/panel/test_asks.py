"""What each key of the frame asks for, from the view alone; a key that is leant on is one press."""

from dataclasses import replace

import pytest

from stagectl.engine.intent import Assert, Back, Overlay, Release, Skip
from stagectl.panel.asks import NAMES, asks
from stagectl.panel.keys import KEYS
from stagectl.panel.presses import REPEAT, TAP, Presses
from stagectl.panel.view import Question, View
from tests.panel import snapshots

LIVE = snapshots.live()


@pytest.mark.parametrize(
    ("what", "snap", "wanted"),
    [
        ("back", LIVE, Back()),
        ("skip", LIVE, Skip("4")),
        ("skip", replace(LIVE, standby=None), None),
        ("cover", LIVE, Overlay("cover")),
        ("record", LIVE, Question("latch", "obs.record")),
        ("stream", LIVE, Question("latch", "obs.stream")),
        ("record", replace(LIVE, latches=()), None),
        ("record", snapshots.stopped(), Release()),
        ("record", snapshots.covered(), Release()),
        ("assert", LIVE, Question("assert")),
        ("assert", snapshots.holding(), Assert()),
        ("postpone", LIVE, Question("postpone")),
        ("postpone", replace(LIVE, onstage="7"), None),
        ("end", LIVE, Question("end")),
        ("nothing known", LIVE, None),
    ],
)
def test_a_key_asks_the_desk_or_first_its_own_operator(what, snap, wanted):
    assert asks(View(bill=snapshots.debate(), snap=snap), what) == wanted


def test_all_that_is_asked_for_has_a_key():
    asked = {key.action[5:-2] for key in KEYS if key.action.startswith("ask(")}
    assert asked == NAMES


def test_a_key_that_repeats_is_one_press_however_long_and_another_key_is_another():
    now = [0.0]
    presses = Presses(lambda: now[0])
    assert not presses.still("skip")
    for _ in range(100):
        now[0] += 0.033
        assert presses.still("skip")
    assert not presses.still("back")
    now[0] += REPEAT + 0.01
    assert not presses.still("skip")


def test_a_quick_finger_is_two_presses_where_that_may_be_meant():
    now = [0.0]
    presses = Presses(lambda: now[0])
    assert not presses.still("enter", TAP)
    now[0] += 0.12
    assert not presses.still("enter", TAP)
    now[0] += 0.033
    assert presses.still("enter", TAP)
