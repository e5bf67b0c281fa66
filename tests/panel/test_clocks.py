"""How long, how long still, how much over."""

from dataclasses import replace
from datetime import date

import pytest

from stagectl.panel import clocks
from stagectl.panel.view import View
from tests.panel import snapshots


def view(**changed):
    snap = replace(snapshots.live(), **changed)
    return View(bill=snapshots.debate(), snap=snap, seen=10.0, now=10.0, wall=snapshots.WALL)


def test_a_clock_runs_on_between_snapshots_but_not_for_a_silent_desk():
    at = view(elapsed=60.0)
    assert clocks.since(replace(at, now=11.0), 60.0) == 61.0
    assert clocks.since(replace(at, now=500.0), 60.0) == 60.0 + clocks.AHEAD


def test_a_clock_of_a_show_that_is_over_stands_still():
    at = replace(view(phase="ended"), now=11.0)
    assert clocks.since(at, 60.0) == 60.0


@pytest.mark.parametrize(
    ("gone", "planned", "pace"),
    [(0, 900, "green"), (839, 900, "green"), (840, 900, "amber"), (900, 900, "red"),
     (9, 12, "green"), (10, 12, "amber"), (5, None, "none")],
)  # fmt: skip
def test_the_pace_turns_amber_in_the_last_fifth_and_red_when_it_is_over(gone, planned, pace):
    assert clocks.pace(gone, planned) == pace


def test_the_show_is_late_by_what_came_before_and_by_what_runs_over():
    # planned before cue 3: 900 + 300 + 12; it has run for 1000 of 900
    clock = clocks.show_clock(view(elapsed=1000.0, running=1212.0 + 60.0 + 1000.0))
    assert clock is not None
    assert clock.behind == pytest.approx(160.0)


def test_what_is_skipped_is_not_in_the_plan():
    with_all = clocks.show_clock(view(skipped=()))
    without = clocks.show_clock(view(skipped=("4",)))
    assert with_all is not None
    assert without is not None
    assert with_all.left == pytest.approx((without.left or 0.0) + 2400.0)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "0:01"), (59.0, "0:59"), (3725.0, "1:02:05"), (-0.5, "0:00"), (-74.9, "+1:14")],
)
def test_a_countdown_is_nought_only_when_nothing_is_left(seconds, said):
    assert clocks.countdown(seconds) == said


def test_a_time_of_day_is_the_venues_own():
    assert clocks.wall(view(), snapshots.WALL, seconds=True) == "19:42:07"


def test_a_date_is_said_only_of_another_day():
    assert clocks.day(view(), snapshots.WALL + 3600) is None
    assert clocks.day(view(), snapshots.WALL + 86400) == date(2026, 11, 29)


def test_a_clock_time_cue_is_put_off_with_the_rest():
    cue = snapshots.debate().cue("6")
    assert cue is not None
    put_off = view(postponed=300.0)
    assert clocks.wall(put_off, clocks.due(put_off, cue) or 0) == "20:05"
