"""What one touch on − or + does to a level."""

import math
from itertools import pairwise

import pytest

from stagectl.panel.panes.hand_steps import QUIET, SILENT, may_step, start, stepped
from stagectl.panel.playbill import Control

FADER = Control("number", "dB", -90.0, 10.0)
LAMP = Control("number", "%", 0.0, 100.0)
TIME = Control("number", "s", 0.05, 20.0)
SILENCE = -math.inf


@pytest.mark.parametrize(
    ("before", "down", "up"),
    [
        (0.0, -2.0, 2.0),
        (-5.0, -7.0, -3.0),
        (-4.983, -7.0, -3.0),  # a fader has 1024 places: its −5 is not quite that
        (10.0, 8.0, 10.0),
        (9.0, 7.0, 10.0),
        (-30.0, -35.0, -28.0),
        (-35.0, -40.0, -30.0),
        (-60.0, SILENCE, -55.0),
        (-75.0, SILENCE, QUIET),
        (SILENCE, SILENCE, QUIET),
    ],
)
def test_a_fader_goes_two_decibels_and_five_where_it_is_nearly_down(before, down, up):
    assert stepped(before, FADER, up=False) == down
    assert stepped(before, FADER, up=True) == up


@pytest.mark.parametrize(
    ("before", "down", "up"),
    [
        (20.0, 15.0, 25.0),
        (37.0, 35.0, 40.0),
        (19.6, 15.0, 25.0),  # 255 steps: a lamp's 20 % is not quite that
        (0.0, 0.0, 5.0),
        (98.0, 95.0, 100.0),
    ],
)
def test_a_light_goes_to_the_next_five_percent(before, down, up):
    assert stepped(before, LAMP, up=False) == down
    assert stepped(before, LAMP, up=True) == up


@pytest.mark.parametrize("control", [FADER, LAMP, TIME])
def test_every_level_reaches_both_ends_by_steps_that_never_turn_back(control):
    for up in (True, False):
        places = [start(control) if up else control.high]
        while may_step(places[-1], control, up=up):
            places.append(stepped(places[-1], control, up=up))
            assert len(places) < 60, "so many touches are none"
        assert all(b > a if up else b < a for a, b in pairwise(places))
        lowest = SILENCE if control.unit == "dB" else control.low
        assert places[-1] == (control.high if up else lowest)


def test_the_quietest_touch_from_silence_is_heard_and_hurts_nobody():
    assert SILENT < QUIET < stepped(QUIET, FADER, up=True) < 0.0


def test_a_fader_that_ends_above_silence_ends_there():
    short = Control("number", "dB", -20.0, 0.0)
    assert stepped(-20.0, short, up=False) == -20.0
    assert not may_step(-20.0, short, up=False)
