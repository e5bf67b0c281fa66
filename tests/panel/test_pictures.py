"""The pictures of README and docs are of today's program; `make pictures` makes them again."""

import html
import importlib.util
import re

import pytest

from stagectl.panel.widgets.touch import Touch
from stagectl.words import tongue
from tests.desk.house import ROOT
from tests.panel.canned import KIOSK
from tests.panel.gallery import PICTURES, shown
from tests.panel.test_screens import file_of

_spec = importlib.util.spec_from_file_location("picture", ROOT / "docs" / "picture.py")
assert _spec is not None
assert _spec.loader is not None
picture = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(picture)

FOLDER = ROOT / "docs" / "pictures"
PAGES = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
AGAIN = "make pictures"


def words(svg):
    """Return all that a picture says, in one line."""
    said = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL))
    return " ".join(html.unescape(said).replace("\xa0", " ").split())


@pytest.mark.parametrize("name", picture.SHOWN)
def test_a_picture_shows_what_the_approved_screen_shows(name):
    of_today = next(p for p in PICTURES if p.name == name)
    approved = picture.digest(file_of(of_today, KIOSK, "nb").read_text("utf-8"))
    drawn = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert f"<!-- shows {approved} -->" in drawn, AGAIN


def test_every_picture_is_on_a_page_and_none_is_forgotten():
    linked = {
        found for page in PAGES for found in re.findall(r"[\w/]+\.svg", page.read_text("utf-8"))
    }
    shown_there = {path.rpartition("/")[2] for path in linked}
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.svg" for name in picture.SHOWN}
    assert {f"{name}.svg" for name in picture.SHOWN} | {"panel.svg"} <= shown_there


async def test_the_demos_picture_has_the_buttons_of_today():
    """It is of an evening with clocks and levels; what stands still in it can be compared."""
    with tongue.speaking("nb"):
        async with shown(PICTURES[0], (picture.COLUMNS, picture.ROWS)) as it:
            looks = [
                touch.look(it.panel.view)
                for touch in it.panel.screen.query("#pads Touch").results(Touch)
            ]
    seen = words((ROOT / "docs" / "panel.svg").read_text("utf-8"))
    assert len(looks) > 5
    assert [look.word for look in looks if look.word not in seen] == [], AGAIN


@pytest.mark.parametrize(
    "path", [*FOLDER.glob("*.svg"), ROOT / "docs" / "panel.svg"], ids=lambda p: p.name
)
def test_a_picture_asks_the_net_for_nothing(path):
    assert not re.findall(r"url\(\"?http|href=|@import", path.read_text("utf-8"))
