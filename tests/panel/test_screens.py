"""Every screen and pane, as text and as colours, at three sizes and in two languages.

Each lies in tests/panel/screens/ to be read. After a change that is meant:
`STAGECTL_DRAW=1 python -m pytest tests/panel/test_screens.py`, and read the diff; -k takes one.
"""

import os
from pathlib import Path

import pytest

from stagectl.panel.panes.slots import NAMES
from stagectl.words import tongue
from tests.panel import gallery
from tests.panel.canned import GROUND_LETTERS, KIOSK
from tests.panel.gallery import LANGUAGES, PICTURES, SIZES, shown

APPROVED = Path(__file__).parent / "screens"
DRAW = "STAGECTL_DRAW"


def file_of(picture, size, language):
    return APPROVED / f"{picture.name}-{size[0]}x{size[1]}-{language}.txt"


def named(part):
    if isinstance(part, tuple):
        return "x".join(map(str, part))
    return getattr(part, "name", part)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=named)
@pytest.mark.parametrize("picture", PICTURES, ids=named)
async def test_the_screen_is_as_it_was_approved(picture, size, language):
    with tongue.speaking(language):
        async with shown(picture, size) as it:
            legend = " ".join(f"{letter} {name}" for name, letter in GROUND_LETTERS.items())
            drawn = f"{it.text()}\n\n{legend}\n\n{it.grounds()}\n"
    approved = file_of(picture, size, language)
    if os.environ.get(DRAW):
        approved.write_text(drawn, "utf-8", newline="\n")
    assert approved.is_file(), f"nobody has looked at it yet: {DRAW}=1 draws {approved.name}"
    assert drawn.splitlines() == approved.read_text("utf-8").splitlines()


def test_no_file_is_of_a_screen_that_is_gone():
    wanted = {file_of(p, s, language) for p in PICTURES for s in SIZES for language in LANGUAGES}
    assert set(APPROVED.iterdir()) - wanted == set()


def test_every_screen_has_a_picture():
    assert {picture.screen for picture in PICTURES} == gallery.screens()


def test_every_pane_has_a_picture():
    drawn = {picture.pane for picture in PICTURES} - {"cues"}
    assert drawn == NAMES | set(gallery.BUILT_IN)
    assert drawn <= gallery.pane_names()


async def test_a_pane_in_trouble_is_not_the_pane_of_a_good_evening():
    """The pictures are of what they say."""
    by_name = {picture.name: picture for picture in PICTURES}
    async with shown(by_name["live"], KIOSK) as calm, shown(by_name["trouble"], KIOSK) as bad:
        assert calm.text() != bad.text()
