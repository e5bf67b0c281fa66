"""A value on its way: what it is at any moment."""

import math

from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.fade import Fade

numbers = st.floats(-90, 10)
moments = st.floats(0, 100)


@given(numbers, numbers, st.floats(0.01, 60), moments)
def test_a_fade_never_leaves_the_span_between_its_ends(before, after, seconds, now):
    value = Fade(before, after, 10.0, seconds).value(now)
    assert min(before, after) - 1e-9 <= value <= max(before, after) + 1e-9


@given(numbers, numbers, st.floats(0.01, 60), st.floats(0, 60))
def test_a_fade_ends_exactly_where_it_should(before, after, seconds, later):
    fade = Fade(before, after, 10.0, seconds)
    assert fade.value(fade.end + later) == after


def test_a_fade_is_a_straight_line():
    fade = Fade(0.0, 100.0, 10.0, 4.0)
    assert [fade.value(10 + t) for t in (0, 1, 2, 3, 4)] == [0, 25, 50, 75, 100]


def test_words_and_switches_change_at_the_start():
    assert Fade("A", "B", 10.0, 4.0).value(10.0) == "B"
    assert Fade(False, True, 10.0, 4.0).value(10.0) is True
    assert Fade("A", "B", 10.0, 4.0).end == 10.0


def test_nothing_happens_before_the_start():
    assert Fade(0.0, 100.0, 10.0, 4.0).value(9.99) == 0.0


def test_an_earlier_fade_runs_on_until_the_later_one_starts():
    earlier = Fade(0.0, 100.0, 0.0, 10.0)
    later = Fade(earlier, 0.0, 5.0, 5.0)
    assert [later.value(t) for t in (0, 2.5, 5, 7.5, 10)] == [0, 25, 50, 25, 0]


def test_minus_infinity_travels_from_the_curves_lowest_point_and_ends_as_itself():
    up = Fade(-math.inf, -10.0, 0.0, 8.0, floor=-90.0)
    assert up.value(4.0) == -50.0
    down = Fade(-10.0, -math.inf, 0.0, 8.0, floor=-90.0)
    assert down.value(4.0) == -50.0
    assert down.value(8.0) == -math.inf
