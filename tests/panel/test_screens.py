"""Every screen and pane, as text and as colours, at three sizes and in two languages.

Each lies in tests/panel/screens/ to be read. After a change that is meant:
`STAGECTL_DRAW=1 python -m pytest tests/panel/test_screens.py`, and read the diff; -k takes one.
"""

import os
from pathlib import Path

import pytest

from stagectl.panel.panes.slots import NAMES
from stagectl.panel.widgets.touch import Touch
from stagectl.words import tongue
from tests.panel import gallery
from tests.panel.canned import KIOSK, NARROW
from tests.panel.gallery import LANGUAGES, PICTURES, SIZES, shown, told

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
            drawn = told(it)
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


@pytest.mark.parametrize("picture", PICTURES, ids=named)
async def test_every_button_is_as_large_as_a_finger_and_a_cell_from_the_next(picture):
    """On the smallest screen: nowhere else is there less room."""
    async with shown(picture, NARROW) as it:
        found = [t for t in it.panel.screen.query(Touch) if t.region.area]
        buttons = {touch.id: touch.region for touch in found}
        small = [b for b, r in buttons.items() if r.height < 3 or r.width < 12]
        grown = {b: r.grow((0, 0, 1, 1)) for b, r in buttons.items()}  # half of a cell each way
        near = [
            (one, other)
            for n, (one, region) in enumerate(grown.items())
            for other, beside in list(grown.items())[n + 1 :]
            if region.overlaps(beside)
        ]
    assert small == []
    assert near == []
