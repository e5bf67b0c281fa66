"""What people type becomes what they meant, or a code that says why not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.value import Unfit, parse_seconds, parse_value, say_value
from stagectl.core.wire import Wire

LEVEL = Wire("number", unit="dB", low=-90.0, high=10.0)
DIMMER = Wire("number", unit="%", low=0.0, high=100.0)
PLAIN = Wire("number")
SWITCH = Wire("switch")
SCENE = Wire("word")
COLOUR = Wire("word", words=(("Rød", 1), ("Grønn", 2)))
TITLE = Wire("text")


@pytest.mark.parametrize(
    ("text", "wire", "value"),
    [
        ("-5 dB", LEVEL, -5.0),
        ("-5", LEVEL, -5.0),
        ("-5db", LEVEL, -5.0),
        ("\u22125 dB", LEVEL, -5.0),  # U+2212, as a word processor writes it
        ("-5\u00a0dB", LEVEL, -5.0),
        ("-2,5 dB", LEVEL, -2.5),
        ("+3 dB", LEVEL, 3.0),
        ("-inf dB", LEVEL, -math.inf),
        ("-inf", LEVEL, -math.inf),
        ("\u2212∞ dB", LEVEL, -math.inf),
        ("-.inf", LEVEL, -math.inf),
        ("40 %", DIMMER, 40.0),
        ("40", DIMMER, 40.0),
        ("12,5%", DIMMER, 12.5),
        ("40 prosent", DIMMER, 40.0),
        ("010", PLAIN, 10.0),  # not eight
        ("2.10", PLAIN, 2.1),
        ("300 ms", Wire("number", unit="s"), 0.3),
        ("0,3 s", Wire("number", unit="ms"), 300.0),
    ],
)
def test_a_number_is_read_the_way_it_is_written_in_norway(text, wire, value):
    assert parse_value(text, wire) == pytest.approx(value)


@pytest.mark.parametrize("text", ["on", "På", "ja", "ON", " true "])
def test_on_is_said_in_both_languages(text):
    assert parse_value(text, SWITCH) is True


@pytest.mark.parametrize("text", ["off", "av", "nei", "NO", "FALSE"])
def test_off_is_said_in_both_languages(text):
    assert parse_value(text, SWITCH) is False


def test_a_decomposed_letter_is_the_same_letter():
    assert parse_value("pa\u030a", SWITCH) is True
    assert parse_value("Gru\u0308n", TITLE) == "Grün"


def test_words_and_texts_keep_what_was_typed():
    assert parse_value("NO", SCENE) == "NO"
    assert parse_value("1:30", TITLE) == "1:30"
    assert parse_value(" rød", COLOUR) == "Rød"


@pytest.mark.parametrize(
    ("text", "wire", "code"),
    [
        ("5 Hz", LEVEL, "unit"),
        ("5 dB", DIMMER, "unit"),
        ("5 dB", PLAIN, "unit"),
        ("-5 dB x", LEVEL, "unit"),
        ("12 dB", LEVEL, "range"),
        ("-95 dB", LEVEL, "range"),
        ("101", DIMMER, "range"),
        ("inf dB", LEVEL, "not_finite"),
        ("nan", LEVEL, "not_finite"),
        ("-inf %", DIMMER, "not_finite"),
        ("fem", LEVEL, "not_number"),
        ("1e3", PLAIN, "unit"),
        ("1.000,5", PLAIN, "unit"),
        ("٣", PLAIN, "not_number"),
        ("9" * 5000, PLAIN, "not_number"),
        ("", LEVEL, "empty"),
        ("kanskje", SWITCH, "not_switch"),
        ("", SWITCH, "empty"),
        ("Blå", COLOUR, "choice"),
        ("  ", SCENE, "empty"),
        ("3", Wire("number", words=((1.0, 0), (2.0, 1))), "choice"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_code(text, wire, code):
    with pytest.raises(Unfit) as unfit:
        parse_value(text, wire)
    assert unfit.value.code == code
    assert unfit.value.data["text"] == text


def test_a_wrong_unit_tells_both_units_as_they_are_written():
    with pytest.raises(Unfit) as unfit:
        parse_value("5 Hz", LEVEL)
    assert unfit.value.data == {"text": "5 Hz", "unit": "Hz", "wanted": "dB"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3 s", 3.0),
        ("2,5 s", 2.5),
        ("2.5s", 2.5),
        ("15 min", 900.0),
        ("1 t 30 min", 5400.0),
        ("1:05:00", 3900.0),
        ("0:00:02,5", 2.5),
        ("500 ms", 0.5),
        ("3\u00a0s", 3.0),
        ("0 s", 0.0),
    ],
)
def test_a_duration_has_a_unit_or_is_a_clock(text, seconds):
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1:30", "hours_or_minutes"),
        ("90", "no_unit"),
        ("2,5", "no_unit"),
        ("-3 s", "negative"),
        ("\u22123 s", "negative"),
        ("nan", "not_finite"),
        (".nan s", "not_finite"),
        ("-inf s", "not_finite"),
        ("9" * 400 + " s", "not_finite"),
        ("1:75:00", "sixty"),
        ("3 dB", "not_duration"),
        ("30 min 1 t", "not_duration"),
        ("", "empty"),
    ],
)
def test_a_duration_that_could_be_read_two_ways_is_refused(text, code):
    with pytest.raises(Unfit) as unfit:
        parse_seconds(text)
    assert unfit.value.code == code


@given(st.text(max_size=40), st.sampled_from([LEVEL, DIMMER, PLAIN, SWITCH, SCENE, COLOUR, TITLE]))
def test_any_text_is_a_value_that_reads_back_or_unfit(text, wire):
    try:
        value = parse_value(text, wire)
    except Unfit:
        return
    assert say_value(parse_value(say_value(value, wire), wire), wire) == say_value(value, wire)


@given(st.text(max_size=40))
def test_any_text_is_a_finite_duration_or_unfit(text):
    try:
        seconds = parse_seconds(text)
    except Unfit:
        return
    assert math.isfinite(seconds)
    assert seconds >= 0


@given(st.floats(-90.0, 10.0))
def test_a_level_said_is_the_level_read(value):
    assert parse_value(say_value(value, LEVEL), LEVEL) == pytest.approx(value, abs=1e-11)
