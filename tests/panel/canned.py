"""The panel's wire, canned: says what a test says, and keeps what the panel asks for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.widget import Widget

from stagectl.engine.intent import Intent
from stagectl.engine.snapshot import Snapshot
from stagectl.panel.app import Panel
from stagectl.panel.link import Heard, Hello, UnsentError
from stagectl.panel.palette import GROUNDS
from stagectl.panel.playbill import Playbill
from tests.panel import snapshots

ME = "berøringsskjerm"
NARROW, KIOSK, WIDE = (80, 24), (117, 33), (200, 56)


class Canned:
    """A link that is as well as `up` says."""

    def __init__(self, *heard: Heard) -> None:
        self.asked: list[Intent] = []
        self.up = True
        self.levels_wanted: list[bool] = []
        self._saying: asyncio.Queue[Heard] = asyncio.Queue()
        for one in heard:
            self._saying.put_nowait(one)

    async def listen(self) -> AsyncIterator[Heard]:
        while True:
            heard = await self._saying.get()
            yield heard
            self._saying.task_done()

    async def send(self, intent: Intent) -> str:
        if not self.up:
            raise UnsentError
        self.asked.append(intent)
        return str(len(self.asked))

    async def levels(self, wanted: bool) -> None:
        self.levels_wanted.append(wanted)

    async def say(self, *heard: Heard) -> None:
        for one in heard:
            self._saying.put_nowait(one)
        await self._saying.join()


class Evening:
    """One panel under test: its pilot, its link, and a clock that a test moves."""

    def __init__(self, link: Canned, panel: Panel, pilot: Pilot[int], clock: list[float]) -> None:
        self.link = link
        self.panel = panel
        self.pilot = pilot
        self._clock = clock

    async def wait(self, seconds: float) -> None:
        """Let time pass, all at once."""
        self._clock[0] += seconds
        await self.settle()

    async def say(self, *heard: Heard) -> None:
        await self.link.say(*heard)
        await self.settle()

    async def settle(self) -> None:
        await self.pilot.pause()
        self.panel.draw()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def touch(self, selector: str, offset: tuple[int, int] = (2, 1)) -> None:
        await self.pilot.mouse_down(selector, offset)
        await self.pilot.mouse_up(selector, offset)
        await self.settle()

    @property
    def asked(self) -> list[Intent]:
        return self.link.asked

    def text(self) -> str:
        """Return what is on the screen, a line a row."""
        return "\n".join("".join(text for text, _ in row).rstrip() for row in self._rows())

    def grounds(self) -> str:
        """Return the background of every cell as a letter: a screen in colours, for a diff."""
        letters = {g.bgcolor.name: GROUND_LETTERS[n] for n, g in GROUNDS.items() if g.bgcolor}
        return "\n".join(
            "".join(letters.get(ground, "?") * len(text) for text, ground in row).rstrip()
            for row in self._rows()
        )

    def row_of(self, text: str) -> str:
        """Return the first row that has this text."""
        return next(row for row in self.text().splitlines() if text in row)

    def _rows(self) -> list[list[tuple[str, str]]]:
        strips = self.panel.screen._compositor.render_strips()
        return [
            [(s.text, s.style.bgcolor.name if s.style and s.style.bgcolor else "") for s in strip]
            for strip in strips
        ]


GROUND_LETTERS = {
    "page": ".", "card": ":", "raised": "b", "low": "_", "now": "n", "next": "N", "go": "G",
    "stop": "S", "cover": "C", "pressed": "P", "warn": "!", "alarm": "R", "on_air": "R",
    "preview": "V", "calm": "c", "marked": "m", "rehearse": "h",
}  # fmt: skip


@asynccontextmanager
async def evening(
    snap: Snapshot | None = None,
    size: tuple[int, int] = KIOSK,
    *,
    heard: tuple[Heard, ...] | None = None,
    beside: Widget | None = None,
    bill: Playbill | None = None,
    **parts: Any,
) -> AsyncIterator[Evening]:
    """Open a panel on a canned desk that has said hello, `bill` (the debate) and `snap`."""
    first: list[Heard] = [Hello(ME, "operate"), bill or snapshots.debate()]
    link = Canned(*(heard if heard is not None else [*first, snap or snapshots.live()]))
    clock = [100.0]
    panel = Panel(link, beside=beside, clock=lambda: clock[0], wall=lambda: snapshots.WALL, **parts)
    async with panel.run_test(size=size) as pilot:
        it = Evening(link, panel, pilot, clock)
        await link._saying.join()
        await it.settle()
        yield it
