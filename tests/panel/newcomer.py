"""Somebody who has never seen the panel: knows a screen's words and blocks, and touches cells.

Nothing here knows a widget. A word is looked for in what is drawn, and touched in its middle; where
it stands more than once, the one meant is the one that fills a block of its own, as a button does.
"""

import asyncio
import time
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual.pilot import Pilot

from stagectl.panel.app import Panel

PATIENCE = 20.0  # seconds until a newcomer gives up
NEAR = 6  # cells: what stands under a word
SHAPES = "■▒≡◄×▲▼►▷●○◆✓↻↶▸+−! "
"""What may stand beside a button's word."""


class Seen(NamedTuple):
    """A word on the screen: the cell in its middle, and whether it fills a block of its own."""

    x: int
    y: int
    alone: bool


@dataclass(frozen=True)
class Run:
    """Neighbouring cells of one background."""

    text: str
    x: int


class Newcomer:
    """Reads the screen, touches it, types, and counts the touches."""

    def __init__(self, panel: Panel, pilot: Pilot[int]) -> None:
        self.panel = panel
        self.pilot = pilot
        self.touches = 0

    def screen(self) -> str:
        """What is to be read."""
        return "\n".join("".join(run.text for run in row) for row in self._rows())

    async def read(self, text: str) -> None:
        """Wait until it says this somewhere."""
        await self._until(lambda: text in " ".join(self.screen().split()), text)

    async def touch(self, word: str, under: str = "") -> None:
        """Find the one place that says this, and touch it; or the one under another word."""

        def place() -> Seen | None:
            return self.below(word, under) if under else self.place(word)

        await self._until(lambda: place() is not None, word)
        found = place()
        assert found is not None
        self.touches += 1
        await self.pilot.mouse_down(offset=(found.x, found.y))
        await self.pilot.mouse_up(offset=(found.x, found.y))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type on a keyboard, and Enter."""
        for sign in text:
            await self.pilot.press({" ": "space", "⌫": "backspace"}.get(sign, sign))
        await self.pilot.press("enter")

    def place(self, word: str) -> Seen | None:
        """Return where a word is to be touched; None: nowhere, or nobody could tell which."""
        found = [*self._seen(word)]
        blocks = [seen for seen in found if seen.alone]
        if len(blocks) == 1:
            return blocks[0]
        return found[0] if len(found) == 1 else None

    def below(self, word: str, under: str) -> Seen | None:
        """Return the nearest place of a word below another one, in the same column."""
        above = self.place(under)
        if above is None:
            return None
        found = [s for s in self._seen(word) if s.y > above.y and abs(s.x - above.x) <= NEAR]
        return min(found, key=lambda seen: seen.y, default=None)

    def _seen(self, word: str) -> list[Seen]:
        found = []
        for y, row in enumerate(self._rows()):
            for run in row:
                at = run.text.find(word)
                while at >= 0:
                    after = run.text[at + len(word) :]
                    whole = not run.text[:at][-1:].isalnum() and not after[:1].isalnum()
                    alone = not run.text.replace(word, "", 1).strip(SHAPES)
                    x = run.x + cell_len(run.text[:at]) + cell_len(word) // 2
                    if whole:
                        found.append(Seen(x, y, alone))
                    at = run.text.find(word, at + 1)
        return found

    def _rows(self) -> list[list[Run]]:
        rows = []
        for strip in self.panel.screen._compositor.render_strips():
            row: list[Run] = []
            x, ground = 0, ""
            for segment in strip:
                here = segment.style.bgcolor.name if segment.style and segment.style.bgcolor else ""
                if row and here == ground:
                    row[-1] = Run(row[-1].text + segment.text, row[-1].x)
                else:
                    row.append(Run(segment.text, x))
                x, ground = x + segment.cell_length, here
            rows.append(row)
        return rows

    async def _until(self, seen, what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not seen():
            assert time.monotonic() < until, f"no «{what}» to be told apart on\n{self.screen()}"
            await asyncio.sleep(0.05)
