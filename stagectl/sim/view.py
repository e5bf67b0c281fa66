"""The simulated stage in a terminal: a widget that draws what the feed says."""

import asyncio
from collections.abc import Mapping

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stagectl.sim.canvas import Cell
from stagectl.sim.drawing import draw
from stagectl.sim.feed import watch

AGAIN = 1.0  # seconds until a stage that is gone is looked for again


class StageView(Widget):
    """Shows a stage: `feed` is where it tells of itself (`Stage.feed`); `show` shows a state."""

    DEFAULT_CSS = "StageView { width: 1fr; height: 1fr; }"
    can_focus = False  # Space is GO, wherever the eye is

    def __init__(self, feed: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        """Take an address of a feed, or "" and be told by `show`."""
        super().__init__(id=id)
        self._feed = feed
        self._state: Mapping[str, object] = {}
        self._rows: list[list[Cell]] = []

    def show(self, state: Mapping[str, object]) -> None:
        """Show this state from now on; {} says that there is no stage."""
        self._state = state
        self._paint()

    def on_mount(self) -> None:
        """Begin to watch."""
        if self._feed:
            self.run_worker(self._watch(), exit_on_error=False)

    def on_resize(self) -> None:
        """Draw anew for the new size."""
        self._rows = []
        self._paint()

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width)
        return Strip(_segments(self._rows[y]), self.size.width)

    async def _watch(self) -> None:
        while True:
            try:
                async for state in watch(self._feed):
                    self.show(state)
            except (OSError, ValueError):
                pass  # not there, or not there any more: told by what is shown
            self.show({})
            await asyncio.sleep(AGAIN)

    def _paint(self) -> None:
        """Draw, and repaint the rows that are not as they were: a still stage costs nothing."""
        width, height = self.size
        if not width or not height:
            return
        before, self._rows = self._rows, draw(self._state, width, height).rows
        if len(before) != height:
            self.refresh()
        elif changed := [y for y in range(height) if before[y] != self._rows[y]]:
            self.refresh(*(Region(0, y, width, 1) for y in changed))


def _segments(cells: list[Cell]) -> list[Segment]:
    """Join neighbours of one style; a "" is the right half of the sign before it."""
    segments: list[Segment] = []
    text, last = "", None
    for cell in cells:
        look = (cell.ink, cell.ground, cell.bold)
        if look != last and text:
            segments.append(Segment(text, _style(last)))
            text = ""
        text += cell.sign
        last = look
    if text:
        segments.append(Segment(text, _style(last)))
    return segments


def _style(look: tuple[tuple[int, int, int], tuple[int, int, int], bool] | None) -> Style:
    if look is None:
        return Style()
    ink, ground, bold = look
    return Style(color=Color.from_rgb(*ink), bgcolor=Color.from_rgb(*ground), bold=bold)
