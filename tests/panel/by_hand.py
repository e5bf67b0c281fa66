"""«Hånd» over the repository's own rooms: a real engine behind a canned wire."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from stagectl.core.diff import Command
from stagectl.desk.playbill import playbill
from stagectl.engine.engine import Engine
from stagectl.engine.intent import Go, Intent
from stagectl.engine.report import Linked, Moved
from stagectl.engine.snapshot import Snapshot
from stagectl.files.load import load_show
from stagectl.panel.link import Hello
from stagectl.panel.panes.hand import Hand
from stagectl.panel.panes.hand_places import Place
from stagectl.panel.playbill import Playbill, read_playbill
from tests.panel.canned import KIOSK, ME, Evening, evening

ROOT = Path(__file__).parents[2]
ROOMS = {
    "the stage": ("2026-12-03-debatt-arkitekturpris", "lillestrom"),
    "the media room": ("2027-01-14-foredrag-film", "medierom"),
}


@cache
def bill_of(room: str) -> Playbill:
    """Return what a panel is told of one of our rooms."""
    return read_playbill(told(room))


def told(room: str) -> dict[str, Any]:
    """Return the same in wire form."""
    plain: dict[str, Any] = json.loads(json.dumps(playbill(_book(room), guard=0.5)))
    return plain


@cache
def _book(room: str) -> Any:
    show, venue = ROOMS[room]
    return load_show(ROOT / f"cues/{show}.yaml", ROOT / f"scenes/{venue}.yaml", cached=False)


class Desk:
    """An engine whose devices answer at once, or not before a test says so."""

    def __init__(self, room: str = "the stage", cues: int = 1):
        self.book, self.now = _book(room), 0.0
        self.engine = Engine(self.book, guard=0.0)
        for device in self.book.venue.devices:
            rest = self.book.show.base.items()
            here = {p: v for p, v in rest if p.startswith(f"{device}.") and self.book.wires[p].read}
            self.engine.hear(Linked(device, here), 0.0)
        for _cue in range(cues):
            self.ask(Go())
            self.now += 30.0
            self.answer()

    def ask(self, *intents: Intent) -> None:
        """Carry these out; the devices have not answered yet."""
        for intent in intents:
            self.engine.ask(replace(intent, by=ME), self.now)
        self._sent = self.engine.commands(self.now)

    def answer(self) -> None:
        """Let the devices say that they did what they were told."""
        for order in (*self._sent, *self.engine.commands(self.now)):
            if isinstance(order, Command) and self.book.wires[order.parameter].read:
                self.engine.hear(Moved(order.parameter, order.value), self.now)
        self._sent = ()

    @property
    def snapshot(self) -> Snapshot:
        """Return the picture of now."""
        return self.engine.snapshot(self.now)


class ByHand:
    """A panel with «Hånd» open on a desk."""

    def __init__(self, it: Evening, desk: Desk) -> None:
        self.it, self.desk = it, desk

    @property
    def pane(self) -> Hand:
        return self.it.panel.screen.query_one(Hand)

    @property
    def asked(self) -> list[Intent]:
        return self.it.asked

    def buttons(self) -> list[Place]:
        """Every button that can be seen."""
        found = self.pane.query(Place)
        return [b for b in found if b.display and b.region.area]

    def button(self, *said: str) -> Place:
        """Return the one button whose name has all of this in it."""
        found = [b for b in self.buttons() if all(part in b.button for part in said)]
        assert len(found) == 1, f"{said} is {[b.button for b in found]}"
        return found[0]

    def shown(self, *said: str) -> str:
        """Return the text on a button, on one line."""
        button = self.button(*said)
        rows = self.it.text().splitlines()[button.region.y : button.region.bottom]
        ends = slice(button.region.x, button.region.right)
        return " ".join(" ".join(row[ends] for row in rows).split())

    def ground(self, *said: str) -> str:
        """Return the letter of a button's colour (`GROUND_LETTERS`)."""
        region = self.button(*said).region
        return self.it.grounds().splitlines()[region.y][region.x + 1]

    async def touch(self, *said: str) -> None:
        """Touch a button in its middle."""
        button = self.button(*said)
        middle = button.region.width // 2, button.region.height // 2
        await self.it.touch(f"#{button.id}", middle)

    async def page(self, name: str) -> None:
        """Turn to a page by its button in the bar."""
        await self.touch(f"page {name}")

    async def carry_out(self, *, answer: bool = True) -> None:
        """Let the desk do what was asked for since, and say so."""
        new, self._done = self.asked[self._done :], len(self.asked)
        self.desk.ask(*new)
        if answer:
            self.desk.answer()
        await self.it.say(self.desk.snapshot)

    _done = 0


@asynccontextmanager
async def by_hand(
    size: tuple[int, int] = KIOSK,
    desk: Desk | None = None,
    room: str = "the stage",
    hello: Hello | None = None,
    **parts: Any,
) -> AsyncIterator[ByHand]:
    """Open a panel on a desk, and «Hånd» on it."""
    desk = desk or Desk(room)
    heard = (hello or Hello(ME, "operate"), bill_of(room), desk.snapshot)
    async with evening(size=size, heard=heard, language="en", **parts) as it:
        await it.press("h")
        yield ByHand(it, desk)


def values(asked: Iterable[Intent]) -> dict[str, Any]:
    """What was put where."""
    return {i.parameter: i.value for i in asked if hasattr(i, "value")}
