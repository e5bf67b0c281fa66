"""The example shows do what their prompt books say, to the byte."""

import pytest

from stagectl.files.load import load_show, read_show
from tests.golden.promptbook import SHOWS, golden, prompt_book


@pytest.mark.parametrize("show", SHOWS, ids=lambda show: show.stem)
def test_an_example_show_is_as_its_prompt_book_says(show):
    kept = golden(show).read_text(encoding="utf-8")
    made = prompt_book(load_show(show, cached=False))
    assert made == kept, "if this is meant: python -m tests.golden.promptbook"


@pytest.mark.parametrize("show", SHOWS, ids=lambda show: show.stem)
def test_an_example_show_has_nothing_to_warn_of_but_scenes_of_other_evenings(show):
    assert {p.code for p in read_show(show, cached=False).problems} <= {"unreached"}


def test_there_are_the_five_example_shows():
    assert len(SHOWS) == 5
    assert all(12 <= len(load_show(show, cached=False).show.cues) <= 25 for show in SHOWS)
