"""Lines fit where they are put, and say so when something is left out."""

from hypothesis import given
from hypothesis import strategies as st

from stagectl.panel.clean import clean
from stagectl.panel.ink import clip, cut, line, spread, whole, width, wrap

NORWEGIAN = "Prisutdeling – årets beste arkitekturformidler i Lillestrøm kommune"
texts = st.text(max_size=60).map(clean)


def test_a_text_that_is_cut_ends_in_dots():
    assert cut(NORWEGIAN, 12) == "Prisutdelin…"
    assert cut("kort", 12) == "kort"
    assert cut("noe", 0) == ""


def test_the_right_end_survives_a_long_left():
    both = spread(line(NORWEGIAN), line("15:00"), 30)
    assert width(both) == 30
    assert "".join(text for text, _ in both).endswith("15:00")


def test_whole_facts_are_left_out_rather_than_cut():
    facts = [line("OPPTAK 412 MB"), line("SENDING 310 MB"), line("lys")]
    assert whole(facts, 30) == line("OPPTAK 412 MB", "  ", "SENDING 310 MB")


def test_wrapping_says_when_there_was_more():
    assert wrap("en to tre fire fem", 6, 2) == ["en to", "tre…"]
    assert wrap("en to", 20, 2) == ["en to"]
    assert wrap("superkalifragilistisk", 10, 3) == ["superkalif", "ragilistis", "k"]


def test_wide_letters_count_twice():
    assert width(line("龍年")) == 4
    assert width(clip(line("龍年會"), 5)) <= 5


@given(texts, texts, st.integers(0, 80))
def test_two_ends_never_take_more_than_they_have(left, right, cells):
    assert width(spread(line(left), line(right), cells)) <= cells


@given(texts, st.integers(2, 80), st.integers(0, 5))
def test_wrapped_lines_fit_and_are_few(text, cells, rows):
    lines = wrap(text, cells, rows)
    assert len(lines) <= rows
    assert all(width(line(part)) <= cells for part in lines)
