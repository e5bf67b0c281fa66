"""python docs/picture.py: draws docs/panel.svg, the README's picture, from the program itself.

It starts the demo, presses GO until the reading has begun, and saves what the panel then shows.
"""

import asyncio
import os
import re
import tempfile
import time
from pathlib import Path

from stagectl.cli.demo import a_stage, kept
from stagectl.client import Line
from stagectl.desk.place import STATE, Card, Place
from stagectl.engine.event import Event, Fired
from stagectl.engine.intent import Go
from stagectl.panel.app import Panel
from stagectl.panel.link import Wire
from stagectl.sim.view import StageView
from stagectl.words import tongue

HERE = Path(__file__).parent
COLUMNS, ROWS = 200, 46
GUARD = 0.6  # seconds: a GO closer to the last one is refused


def main() -> None:
    """Save the picture."""
    with tempfile.TemporaryDirectory() as state:
        os.environ[STATE] = state
        os.chdir(HERE.parent)
        tongue.use("nb")
        with a_stage("nb") as (place, stage, known), kept(place, known):
            play(place, until="4")
            svg = asyncio.run(drawn(place, stage.feed))
    (HERE / "panel.svg").write_text(svg, "utf-8")


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
        svg = panel.export_screenshot(title="stagectl demo")
    return re.sub(
        r"@font-face \{.*?\}", "", svg, flags=re.DOTALL
    )  # a picture asks the net for nothing


def home(place: Place) -> Card:
    """Return where the desk is."""
    card = place.card()
    if card is None:
        raise SystemExit("the demo did not come up")
    return card


if __name__ == "__main__":
    main()
