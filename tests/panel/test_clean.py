"""What people typed never moves the cursor, turns a line around, or takes more room than it has."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from stagectl.panel.clean import clean, clean_lines


def test_a_name_is_shown_as_it_was_typed():
    assert (
        clean("Høytlesning – «Kari Ødegård» [bold]hei[/]")
        == "Høytlesning – «Kari Ødegård» [bold]hei[/]"
    )


def test_an_escape_sequence_is_seen_and_not_obeyed():
    assert clean("a\x1b[2Jb") == "a␛[2Jb"


def test_direction_marks_are_seen_and_turn_nothing():
    assert clean("a\u202eb\u2066c") == "a<U+202E>b<U+2066>c"


def test_tabs_and_line_breaks_are_spaces():
    assert clean("a\tb\r\nc\u2028d\u00a0e") == "a b c d e"


def test_decomposed_letters_are_composed():
    assert clean("A\u030ase") == "Åse"


def test_notes_keep_their_lines_and_lose_the_empty_ones():
    assert clean_lines("Nødutganger.\n\n  Mobil på lydløs. \n") == (
        "Nødutganger.",
        "Mobil på lydløs.",
    )


@given(st.text())
def test_nothing_clean_has_a_control_or_a_direction_in_it(text):
    for c in clean(text):
        assert unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(c) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
