"""A widget that repaints only the rows that changed, so an idle panel costs nothing."""

from collections.abc import Callable, Sequence

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stagectl.panel.ink import EMPTY, Line, clip, width
from stagectl.panel.palette import style
from stagectl.panel.view import View
from stagectl.words.visible import visible

Row = tuple[Line, str]
"""A line and the ground it stands on."""

Draw = Callable[[View, int, int], Sequence[Row]]
"""What a View looks like in so many columns and rows; more rows than asked are cut off."""


class Painted(Widget):
    """Shows what `draw` makes of the newest View."""

    can_focus = False  # Space is GO, wherever the eye is

    def __init__(self, draw: Draw, *, ground: str = "page", id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Draw by a plain function; what it leaves empty is `ground`."""
        super().__init__(id=id)
        self.ground = ground
        self.view = View()
        self._draw = draw
        self._rows: tuple[Row, ...] = ()

    def show(self, view: View) -> None:
        """Show this view from now on."""
        self.view = view
        self.paint()

    def paint(self) -> None:
        """Draw, and repaint the rows that are not as they were."""
        columns, rows = self.size
        if not columns or not rows:
            return
        drawn = tuple(self._draw(self.view, columns, rows)[:rows])
        drawn += ((EMPTY, self.ground),) * (rows - len(drawn))
        before, self._rows = self._rows, drawn
        if len(before) != rows:
            self.refresh()
        elif changed := [y for y in range(rows) if before[y] != drawn[y]]:
            self.refresh(*(Region(0, y, columns, 1) for y in changed))

    def on_resize(self) -> None:
        """Draw anew for the new size."""
        self._rows = ()
        self.paint()

    def render_line(self, y: int) -> Strip:
        """Return one row in the palette's colours."""
        pieces, ground = self._rows[y] if y < len(self._rows) else (EMPTY, self.ground)
        return strip(pieces, ground, self.size.width)


def strip(pieces: Line, ground: str, columns: int) -> Strip:
    """Return a line filled up with its ground; whatever is in it, it says nothing to a terminal."""
    pieces = clip(tuple((_seen(text), tone) for text, tone in pieces), columns)
    segments = [Segment(text, style(ground, tone)) for text, tone in pieces]
    rest = columns - width(pieces)
    if rest > 0:
        segments.append(Segment(" " * rest, style(ground, "text")))
    return Strip(segments, columns)


def _seen(text: str) -> str:
    return text if text.isprintable() else visible(text)
