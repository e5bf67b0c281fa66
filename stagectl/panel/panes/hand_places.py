"""The widgets of «Hånd»: each is given another spot when the page is turned, and none is made."""

from collections.abc import Callable, Sequence

from textual.widget import Widget

from stagectl.panel.ink import line
from stagectl.panel.panes.hand_layout import BAR, TOUCHED, Spot
from stagectl.panel.panes.hand_looks import draw_face
from stagectl.panel.panes.hand_pages import Level, Strip
from stagectl.panel.panes.hand_state import Moment
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch

NOWHERE = Spot("title", 0, 0, 0, 0)


class Place(Touch):
    """A button that is given another spot when the page is turned."""

    def __init__(
        self, look: Callable[[Spot], Look], is_shown: Callable[[Spot], bool], n: int
    ) -> None:
        """Stand nowhere yet; `is_shown` tells whether it is the bar's button of the open page."""
        super().__init__("", lambda _view: look(self.spot), id=f"hand-touch-{n}")
        self.spot = NOWHERE
        self._is_shown = is_shown

    def _drawn(self, view: View, columns: int, rows: int) -> Sequence[Row]:
        drawn = super()._drawn(view, columns, rows)
        if not self._is_shown(self.spot) or len(drawn) < BAR:
            return drawn
        return [*drawn[:-1], (line(("▀" * columns, "strong")), drawn[-1][1])]

    def become(self, spot: Spot) -> None:
        """Stand there; a finger that came down on something else presses nothing."""
        if name(spot) != self.button:
            self.button = name(spot)
            self._down = None
            self.mark(on=False)
        self.spot = spot
        put(self, spot)


class Face(Painted):
    """A heading or a value: nothing to touch."""

    def __init__(self, moment: Callable[[], Moment], n: int) -> None:
        """Stand nowhere yet."""
        super().__init__(self._drawn, id=f"hand-face-{n}")
        self.spot = NOWHERE
        self._moment = moment

    def _drawn(self, view: View, columns: int, rows: int) -> list[Row]:
        del view
        return draw_face(self._moment(), self.spot, columns, rows)

    def become(self, spot: Spot) -> None:
        """Stand there."""
        self.spot = spot
        put(self, spot)


def is_touch(spot: Spot) -> bool:
    """Tell whether a spot is a button: a level without a switch is none."""
    match spot.part, spot.tile:
        case "main", Strip(switch="") | Level(switch=""):
            return False
        case part, _:
            return part in TOUCHED


def name(spot: Spot) -> str:
    """Return the one name of a spot."""
    return f"{spot.part} {spot.text or spot.tile}"


def put(widget: Widget, spot: Spot) -> None:
    """Place a widget on a spot; no spot, no widget."""
    widget.display = spot.w > 0
    if spot.w > 0:
        widget.styles.offset = spot.x, spot.y
        widget.styles.width, widget.styles.height = spot.w, spot.h
