"""make pictures: draws every picture of README and docs from the program itself.

docs/panel.svg is the demo: it is started, GO is pressed until the reading has begun, and what the
panel then shows is saved. The others, in docs/pictures/, are the screens of tests/panel/gallery.py;
each carries a digest of what it shows, which tests/panel/test_pictures.py holds against the
approved screens, so that no page shows a program of last year.
"""

import asyncio
import hashlib
import os
import re
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from stagectl.cli.demo import a_stage, kept  # noqa: E402 -- it is not installed in every checkout
from stagectl.client import Line  # noqa: E402
from stagectl.desk.place import STATE, Card, Place  # noqa: E402
from stagectl.engine.event import Event, Fired  # noqa: E402
from stagectl.engine.intent import Go  # noqa: E402
from stagectl.panel.app import Panel  # noqa: E402
from stagectl.panel.link import Wire  # noqa: E402
from stagectl.sim.view import StageView  # noqa: E402
from stagectl.words import tongue  # noqa: E402

COLUMNS, ROWS = 200, 46
GUARD = 0.6  # seconds: a GO closer to the last one is refused
SHOWN = (
    "live", "trouble", "today", "check", "menu", "hand_picture", "hand_sound", "hand_text",
    "takeover", "stageclock", "clock", "after_log",
)  # fmt: skip
"""The screens of docs/pictures/, by their names in the gallery."""


def main() -> None:
    """Save all of them."""
    (HERE / "pictures").mkdir(exist_ok=True)
    tongue.use("nb")
    for name in SHOWN:
        (HERE / "pictures" / f"{name}.svg").write_text(asyncio.run(canned(name)), "utf-8")
    with tempfile.TemporaryDirectory() as state:
        os.environ[STATE] = state
        os.environ["PYTHONPATH"] = str(HERE.parent)  # for the desk, which is a process of its own
        os.chdir(HERE.parent)
        with a_stage("nb") as (place, stage, known), kept(place, known):
            play(place, until="4")
            svg = asyncio.run(drawn(place, stage.feed))
    (HERE / "panel.svg").write_text(svg, "utf-8")


async def canned(name: str) -> str:
    """Return a screen of the gallery as SVG, with the digest of what it shows."""
    from tests.panel import gallery

    picture = next(picture for picture in gallery.PICTURES if picture.name == name)
    async with gallery.shown(picture, gallery.KIOSK) as it:
        svg = light(it.panel.export_screenshot(title="stagectl"))
        shows = digest(gallery.told(it))
    return svg.replace(">", f"><!-- shows {shows} -->", 1)


def digest(told: str) -> str:
    """Return a digest of a screen's words and colours."""
    return hashlib.sha256("\n".join(told.splitlines()).encode()).hexdigest()[:32]


def play(place: Place, until: str) -> None:
    """Press GO until a cue is on stage."""
    with Line(home(place).address, place.token("operate")) as line:
        events: tuple[Event, ...] = ()
        while not any(isinstance(event, Fired) and event.cue == until for event in events):
            time.sleep(GUARD)
            events = line.ask(Go()).events


async def drawn(place: Place, feed: str) -> str:
    """Return what a panel shows, as SVG."""
    wire = Wire(home(place).address, place.token("operate"), "panel")
    panel = Panel(wire, beside=StageView(feed), language="nb")
    async with panel.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause(4.0)  # the fade is done, and the stage has been seen
        return light(panel.export_screenshot(title="stagectl demo"))


def light(svg: str) -> str:
    """Return the picture without its fonts: a picture asks the net for nothing."""
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def home(place: Place) -> Card:
    """Return where the desk is."""
    card = place.card()
    if card is None:
        raise SystemExit("the demo did not come up")
    return card


if __name__ == "__main__":
    main()
