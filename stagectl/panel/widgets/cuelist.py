"""The running order: what has been, what is, what comes. A touch makes a cue stand by."""

from textual.events import MouseDown, MouseScrollDown, MouseScrollUp, MouseUp
from textual.message import Message

from stagectl.panel import clocks, say
from stagectl.panel.clean import clean, clean_lines
from stagectl.panel.ink import EMPTY, Line, cut, line, spread, whole
from stagectl.panel.playbill import CueLine
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.words import plain
from stagectl.words.tongue import _

NARROW = 50  # columns below which a row says less
TALL = 16  # rows from which on a cue has two of them: a name and what it is about


class CueList(Painted):
    """The running order, kept where now and next are seen unless somebody turned the page."""

    class Touched(Message):
        """Somebody touched a cue."""

        def __init__(self, number: str) -> None:
            """Say which."""
            super().__init__()
            self.number = number

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Follow the show."""
        super().__init__(self._drawn, id=id)
        self._top: int | None = None  # the first cue shown, when somebody turned the page
        self._followed: tuple[str | None, str | None] = (None, None)
        self._down: str | None = None

    def show(self, view: View) -> None:
        """Show this view; a show that moved on is followed again."""
        place = (view.snap.onstage, view.snap.standby)
        if place != self._followed:
            self._followed, self._top = place, None
        super().show(view)

    def turn(self, pages: int) -> None:
        """Look further up or down without touching the show."""
        fit = self._fit
        top = top_cue(self.view, fit) if self._top is None else self._top
        last = max(0, len(self.view.bill.cues) - fit)
        self._top = min(max(0, top + pages * max(1, fit - 1)), last)
        self.paint()

    def number_at(self, y: int) -> str | None:
        """Return the number of the cue drawn in row `y`."""
        top = top_cue(self.view, self._fit) if self._top is None else self._top
        place = top + y // each(self.size.height)
        cues = self.view.bill.cues
        return cues[place].number if 0 <= place < len(cues) else None

    @property
    def _fit(self) -> int:
        return max(1, self.size.height // each(self.size.height))

    def _drawn(self, view: View, columns: int, rows: int) -> list[Row]:
        return draw_cues(view, columns, rows, self._top)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Remember where the finger came down; nothing happens before it is lifted."""
        self._down = self.number_at(event.y)
        event.stop()

    def on_mouse_up(self, event: MouseUp) -> None:
        """A finger lifted from the cue it touched means that cue."""
        number = self.number_at(event.y)
        if number is not None and number == self._down:
            self.post_message(self.Touched(number))
        self._down = None

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Look further down."""
        event.stop()
        self.turn(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Look further up."""
        event.stop()
        self.turn(-1)


def each(rows: int) -> int:
    """Return how many rows a cue has in a list so tall."""
    return 2 if rows >= TALL else 1


def top_cue(view: View, fit: int) -> int:
    """Return the first cue to show: now and next both seen, with a little of what has been."""
    index = view.bill.index
    numbers = (view.snap.onstage, view.snap.standby)
    places = [index[number] for number in numbers if number is not None and number in index]
    if not places:
        return 0
    first, last = min(places), max(places)
    ahead = index.get(view.snap.standby or "", last)
    top = first - 1 if last - first < fit - 1 else ahead - fit // 2
    return max(0, min(top, len(view.bill.cues) - fit))


def draw_cues(view: View, columns: int, rows: int, top: int | None = None) -> list[Row]:
    """Draw the cues that fit; `top` is the first, None where the show is."""
    high = each(rows)
    fit = rows // high
    start = top_cue(view, fit) if top is None else top
    drawn: list[Row] = []
    for place in range(start, min(start + fit, len(view.bill.cues))):
        ground = _ground(view, place)
        cue = view.bill.cues[place]
        drawn.append((_first(view, cue, place, columns), ground))
        if high > 1:
            drawn.append((_second(view, cue, columns), ground))
    if not view.bill.cues and view.heard:
        drawn.append((line((_("No cues"), "dim")), "page"))
    return drawn


def _ground(view: View, place: int) -> str:
    number = view.bill.cues[place].number
    if number == view.snap.standby:
        return "next"
    return "now" if number == view.snap.onstage else "page"


def _tag_width(columns: int) -> int:
    return 9 if columns < NARROW else 11


def tag(view: View, cue: CueLine, columns: int) -> tuple[str, str]:
    """Return a cue's mark and its tone: a shape and a word, never a colour alone."""
    snap = view.snap
    if cue.number == snap.onstage and cue.number == snap.standby:
        return "►▷ " + _("NOW+NEXT"), "strong"
    if cue.number == snap.onstage:
        return "► " + _("NOW"), "strong"
    if cue.number == snap.standby:
        return "▷ " + _("NEXT"), "strong"
    if cue.number in snap.skipped:
        return ("× " + _("skipped") if columns >= NARROW else "×"), "dim"
    if cue.number in snap.overdue:
        return "! " + _("late"), "amber"
    return "", "dim"


def _first(view: View, cue: CueLine, place: int, columns: int) -> Line:
    snap = view.snap
    tags = _tag_width(columns)
    mark, mark_tone = tag(view, cue, columns)
    skipped = cue.number in snap.skipped
    current = cue.number in (snap.onstage, snap.standby)
    behind = place < view.bill.index.get(snap.onstage or "", -1)
    tone = "skipped" if skipped else "strong" if current else "done" if behind else "text"
    left = line(
        (cut(f" {mark}", tags - 1).ljust(tags), mark_tone),
        (f"{clean(cue.number):>4}  ", "strong" if current else "dim"),
        (clean(cue.name), tone),
    )
    marks = _marks(view, cue, columns)
    length = clocks.hms(cue.length) if cue.length else ""
    if columns < NARROW and cue.at is not None:
        length = ""  # when it goes is worth more than how long it lasts
    right = f"{marks}{length:>7}" if length or columns >= NARROW else marks
    return spread(left, line((f"{right} ", "dim")), columns)


def _marks(view: View, cue: CueLine, columns: int) -> str:
    """When a cue goes by itself, and when it takes the next one along."""
    parts = []
    if cue.at is not None:
        when = clocks.wall(view, clocks.due(view, cue) or 0.0)
        parts.append(_("at {time}").format(time=when))
    if cue.follow == "end":
        parts.append("↓" if columns < NARROW else "↓ " + _("auto"))
    elif cue.follow is not None:
        parts.append(f"↓{plain.seconds(cue.follow)}")
    return " ".join(parts)


def _second(view: View, cue: CueLine, columns: int) -> Line:
    tone = "dim" if cue.number in (view.snap.onstage, view.snap.standby) else "faint"
    scene = say.scene(view.bill, cue.scene)
    notes = " ".join(clean_lines(cue.notes))
    parts = [p for p in (scene, *say.going(cue)[:1], notes) if p]
    if not parts:
        return EMPTY
    indent = " " * (_tag_width(columns) + 6)
    text = whole([line((p, tone)) for p in parts[:-1]], columns, (" · ", tone))
    gap = (" · ", tone) if text else ("", tone)
    return line((indent, tone), *text, gap, (parts[-1], tone))
