"""What is asked, when, and which answer counts."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stagectl.drivers.questions import HURRIED, REPEAT, SETTLE, SLOW, STALE, Questions

TICK = 1e-4


def asked_between(questions, start, end, answering=()):
    """Turn as a driver does, and return (when, parameter) of each question."""
    asked, now = [], start
    while questions.due <= end:
        now = max(now, questions.due)
        asked += [(now, p) for p in questions.ready(now, 32)]
        for p in answering:
            questions.answered(p, now)
        now += TICK
    return asked


def test_nothing_set_is_nothing_asked():
    assert Questions().due == math.inf
    assert not Questions()


def test_a_set_is_asked_for_when_it_has_settled():
    questions = Questions()
    questions.settling["a"] = 5.0
    assert questions.due == 5.0 + SETTLE
    assert not questions.ready(5.0 + SETTLE - TICK, 32)
    assert list(questions.ready(5.0 + SETTLE, 32)) == ["a"]


def test_a_fade_is_asked_for_once_at_its_end():
    questions, step = Questions(), 0.02
    asked: list[tuple[float, str]] = []
    for n in range(100):
        questions.settling["a"] = n * step
        asked += asked_between(questions, n * step, (n + 1) * step - TICK)
    assert asked == []
    end = 99 * step + SETTLE
    assert asked_between(questions, 2.0, 9.0, answering=["a"]) == [(end, "a")]


def test_a_question_is_repeated_soon_and_then_each_second_until_it_is_answered():
    questions = Questions()
    questions.ask(["a"], 0.0)
    times = [now for now, _ in asked_between(questions, 0.0, HURRIED * REPEAT + 3.5 * SLOW)]
    gaps = [round(b - a, 6) for a, b in pairwise(times)]
    assert gaps == [REPEAT] * HURRIED + [SLOW] * 3
    assert questions
    assert questions.answered("a", 9.0)
    assert not questions
    assert questions.due == math.inf


def test_an_answer_that_may_be_older_than_our_last_word_says_nothing():
    questions = Questions()
    questions.ask(["a"], 0.0)
    questions.ready(0.0, 32)
    questions.settling["a"] = 0.01  # a set goes out while the question is under way
    assert not questions.answered("a", 0.02)
    assert questions.answered("a", STALE), "by now it is a hand's"
    assert list(questions.ready(0.01 + SETTLE, 32)) == ["a"], "the set is asked for in its turn"
    assert questions.answered("a", 0.1)


def test_a_value_nobody_asked_for_counts_in_the_middle_of_a_fade():
    questions = Questions()
    questions.settling["a"] = 1.0
    assert questions.answered("a", 1.001)
    assert questions.due == 1.0 + SETTLE, "and what was set is asked for all the same"


def test_a_question_waits_while_its_parameter_is_being_set():
    questions = Questions()
    questions.ask(["a"], 0.0)
    questions.ready(0.0, 32)
    for n in range(50):
        questions.settling["a"] = n * 0.02
        assert not questions.ready(n * 0.02, 32)


@given(st.integers(1, 200), st.integers(1, 40))
def test_many_questions_go_a_few_at_a_time_and_none_is_forgotten(many, most):
    questions = Questions()
    names = [f"p{n}" for n in range(many)]
    questions.ask(names, 0.0)
    asked: list[str] = []
    while len(asked) < many:
        assert questions.due <= 0.0
        now = list(questions.ready(0.0, most))
        assert 0 < len(now) <= most
        asked += now
    assert asked == names


acts = st.lists(
    st.tuples(
        st.sampled_from(["set", "ask", "answer", "ready"]),
        st.sampled_from("abc"),
        st.floats(0.0, 0.3),
    ),
    max_size=40,
)


@given(acts)
def test_due_is_when_there_is_something_to_ask_and_never_earlier(acts):
    questions, now = Questions(), 0.0
    for act, p, pause in acts:
        now += pause
        match act:
            case "set":
                questions.settling[p] = now
            case "ask":
                questions.ask([p], now)
            case "answer":
                questions.answered(p, now)
            case "ready":
                due = questions.due
                assert bool(questions.ready(now, 32)) == (due <= now)


@given(acts)
def test_what_was_set_last_is_asked_for_after_it(acts):
    questions, now, owed = Questions(), 0.0, set()
    for act, p, pause in acts:
        now += pause
        match act:
            case "set":
                questions.settling[p] = now
                owed.add(p)
            case "ready":
                owed -= set(questions.ready(now, 32))
            case "answer":
                questions.answered(p, now)
            case "ask":
                questions.ask([p], now)
    owed -= {p for _, p in asked_between(questions, now, now + 2.0)}
    assert not owed
