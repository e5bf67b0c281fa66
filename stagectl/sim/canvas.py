"""A grid of coloured cells to draw on; nothing drawn outside it, or in half a sign, is there."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from stagectl.words.visible import columns, visible

Colour = tuple[int, int, int]

LOWER_HALF = "▄"
_EIGHTHS = " ▁▂▃▄▅▆▇"
CUT = "…"


class Cell(NamedTuple):
    """One sign with its colours; "" is the right half of a wide sign."""

    sign: str = " "
    ink: Colour = (255, 255, 255)
    ground: Colour = (0, 0, 0)
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the grid, in cells."""

    x: int
    y: int
    width: int
    height: int

    def inside(self, by: int = 1, down: int | None = None) -> "Box":
        """Return the box without an edge of so many cells."""
        down = by if down is None else down
        return Box(
            self.x + by, self.y + down, max(self.width - 2 * by, 0), max(self.height - 2 * down, 0)
        )


class Canvas:
    """Rows of cells, all of the ground's colour at first."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        """Make an empty one."""
        self.width = width
        self.height = height
        self.rows = [[Cell(ground=ground)] * width for _ in range(height)]

    def fill(self, box: Box, colour: Colour) -> None:
        """Paint a box over."""
        cell = Cell(ground=colour)
        for y, x in self._within(box):
            self.rows[y][x] = cell

    def stripe(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        """Put cells side by side."""
        if 0 <= y < self.height and x >= 0:
            fit = min(len(cells), self.width - x)
            self.rows[y][x : x + max(fit, 0)] = cells[: max(fit, 0)]

    def bar(self, box: Box, share: float, colour: Colour) -> None:
        """Paint a column from below, `share` of the box's height, to an eighth of a cell."""
        eighths = round(min(max(share, 0.0), 1.0) * box.height * 8)
        for y, x in self._within(box):
            here = min(max(eighths - (box.y + box.height - 1 - y) * 8, 0), 8)
            if here == 8:
                self.rows[y][x] = Cell(ground=colour)
            elif here:
                self.rows[y][x] = Cell(_EIGHTHS[here], colour, self.rows[y][x].ground)

    def text(
        self, x: int, y: int, text: str, ink: Colour, *, width: int = 0, bold: bool = False
    ) -> int:
        """Write on whatever ground is there, in at most `width` cells; return the cells taken.

        What cannot be seen in `text` is made visible, and nothing in it is markup.
        """
        at = x
        for sign in _signs(fitted(text, width or self.width - x)):
            cells = columns(sign)
            if 0 <= y < self.height and at >= 0 and at + cells <= self.width:
                self.rows[y][at] = Cell(sign, ink, self.rows[y][at].ground, bold)
                if cells == 2:
                    self.rows[y][at + 1] = Cell("", ink, self.rows[y][at].ground, bold)
            at += cells
        return at - x

    def centred(self, box: Box, y: int, text: str, ink: Colour, *, bold: bool = False) -> None:
        """Write in the middle of a box's width."""
        fit = fitted(text, box.width)
        self.text(box.x + (box.width - columns(fit)) // 2, y, fit, ink, bold=bold)

    def _within(self, box: Box) -> Iterator[tuple[int, int]]:
        for y in range(max(box.y, 0), min(box.y + box.height, self.height)):
            for x in range(max(box.x, 0), min(box.x + box.width, self.width)):
                yield y, x


@lru_cache(maxsize=1024)
def fitted(text: str, width: int) -> str:
    """Return a text on one line, cut to `width` cells, all of it to be seen."""
    text = visible(unicodedata.normalize("NFC", " ".join(text.split())))
    if text and not columns(text[0]):
        text = "◌" + text  # a mark with no letter to stand on
    if columns(text) <= width:
        return text
    kept = ""
    for sign in _signs(text):
        if columns(kept + sign) + 1 > width:
            break
        kept += sign
    return (kept.rstrip() + CUT) if width > 0 else ""


def halves(upper: Colour, lower: Colour) -> Cell:
    """Return a cell in two colours, one above the other."""
    return Cell(" " if upper == lower else LOWER_HALF, lower, upper)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two: 0 is the first, 1 the other."""
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def colour(text: str) -> Colour:
    """Read "#rrggbb"; black where it is none."""
    try:
        number = int(text.removeprefix("#"), 16)
    except ValueError:
        return 0, 0, 0
    return number >> 16 & 0xFF, number >> 8 & 0xFF, number & 0xFF


def _signs(text: str) -> Iterator[str]:
    """Return what takes a place of its own: a letter with what stands on it."""
    sign = ""
    for one in text:
        if sign and columns(one):
            yield sign
            sign = ""
        sign += one
    if sign:
        yield sign
