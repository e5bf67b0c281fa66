"""A button acts when the finger that came down on it is lifted from it; it takes no focus."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from rich.cells import cell_len
from rich.segment import Segment
from textual.events import MouseDown, MouseRelease, MouseUp
from textual.message import Message
from textual.strip import Strip

from stagectl.panel.ink import EMPTY, Line, centre, line, width, wrap
from stagectl.panel.palette import style
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row

EDGES = ("▌", "▐")  # of the marked button
READ = 0.3  # seconds before which nobody has read what came up under the finger
BESIDE = 2  # cells that a finger may wander when it bounces


@dataclass(frozen=True, slots=True)
class Look:
    """What a button shows: a shape and a word, and the key that does the same."""

    word: str
    shape: str = ""
    key: str = ""
    enabled: bool = True
    ground: str = "raised"
    steps: bool = False
    """A press soon after another is meant too: one step of a level, and not a switch."""
    types: bool = False
    """A press opens an editor: the keys after it are typed into that."""
    about: str = ""
    """What it is about, where another question has a button of the same word."""


class Touch(Painted):
    """A button. Its name says what it is for; its look follows the View."""

    class Pressed(Message):
        """Somebody pressed it; `view` is what it showed when the finger came down."""

        def __init__(self, name: str, view: View) -> None:
            """Say which button."""
            super().__init__()
            self.button = name
            self.view = view

    def __init__(self, name: str, look: Callable[[View], Look], *, id: str = "") -> None:  # noqa: A002 -- Textual's own name for it
        """Name what the button is for."""
        super().__init__(self._drawn, ground="low", id=id or name)
        self.button = name
        self.look = look
        self.marked = False
        self._down: View | None = None
        self._says, self._since = "", 0.0

    @property
    def enabled(self) -> bool:
        """Tell whether a press means anything now."""
        return self.look(self.view).enabled

    def _drawn(self, view: View, columns: int, rows: int) -> Sequence[Row]:
        look = self.look(view)
        if (says := f"{look.word} {look.enabled} {look.about}") != self._says:
            self._says, self._since = says, monotonic()
        ground = "marked" if self.marked else look.ground
        ground = "low" if not look.enabled else "pressed" if self._down else ground
        return draw_button(look, columns, rows, ground)

    def render_line(self, y: int) -> Strip:
        """Return one row; the marked button has a bar down both edges, whatever the colours are."""
        drawn, columns = super().render_line(y), self.size.width
        if not self.marked or columns < len(EDGES):
            return drawn
        ground = self._rows[y][1] if y < len(self._rows) else self.ground
        bars = (Strip([Segment(edge, style(ground, "strong"))], 1) for edge in EDGES)
        left, right = bars
        return Strip.join((left, drawn.crop(1, columns - 1), right))

    def mark(self, *, on: bool) -> None:
        """Show that Enter would press this one, or that it would not."""
        if on != self.marked:
            self.marked = on
            self.paint()

    def press(self) -> None:
        """Press it by a key."""
        if self.enabled:
            self.post_message(self.Pressed(self.button, self.view))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take the finger, so that it is known where it is lifted."""
        event.stop()
        if self.enabled and event.button == 1:
            self._down = self.view
            self.capture_mouse()
            self.paint()

    def on_show(self) -> None:
        """Say since when it can be seen."""
        self._since = monotonic()

    def is_bounce(self, event: MouseDown, lifted: MouseUp) -> bool:
        """Tell whether a finger that was lifted came down again on what has just come up there."""
        if lifted.time > self._since or event.time - self._since > READ:
            return False
        return (
            abs(event.screen_x - lifted.screen_x) <= BESIDE
            and abs(event.screen_y - lifted.screen_y) <= BESIDE
        )

    def on_mouse_up(self, event: MouseUp) -> None:
        """Act, unless the finger slid off."""
        event.stop()
        down, self._down = self._down, None
        self.release_mouse()
        self.paint()
        inside = self.region.contains(int(event.screen_x), int(event.screen_y))
        if down is not None and inside and self.enabled:
            self.post_message(self.Pressed(self.button, down))

    def on_mouse_release(self, event: MouseRelease) -> None:
        """Something else took the finger: nothing was pressed."""
        event.stop()
        self._down = None
        self.paint()


def draw_button(look: Look, columns: int, rows: int, ground: str) -> list[Row]:
    """The word in the middle, its key below in a lighter voice."""
    enabled = look.enabled
    tone = "strong" if enabled else "faint"
    named = line((f"{look.shape} " if look.shape else "", tone), (look.word, tone))
    words: list[Line] = [named]
    if width(named) > columns - 2:
        longest = max(map(cell_len, look.word.split()), default=0)
        room = columns - 2 if longest <= columns - 2 else columns
        words = [line((part, tone)) for part in wrap(look.word, room, 2)]
    if enabled and look.key and len(words) < rows:
        words.append(line((look.key, "dim")))
    top = (rows - len(words) + (1 if rows == 3 and len(words) == 2 else 0)) // 2
    drawn = [EMPTY] * max(0, top) + [centre(pieces, columns) for pieces in words]
    return [(pieces, ground) for pieces in [*drawn, *[EMPTY] * (rows - len(drawn))][:rows]]
