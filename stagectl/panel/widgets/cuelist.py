"""The running order: what has been, what is, what comes. A touch makes a cue stand by."""

from collections.abc import Sequence

from textual.events import MouseDown, MouseScrollDown, MouseScrollUp, MouseUp
from textual.message import Message

from stagectl.panel import clocks, ink, say
from stagectl.panel.clean import clean, clean_lines
from stagectl.panel.ink import EMPTY, Line, cut, line, spread, whole
from stagectl.panel.playbill import CueLine, Playbill
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
        if view.bill is not self.view.bill and self._top is not None:
            found = _found_again(self.view.bill.cues, self._top, view.bill)
            last = last_top(view, self.size.height)
            self._top = None if found is None else min(found, last)
        place = (view.snap.onstage, view.snap.standby)
        if place != self._followed:
            self._followed, self._top = place, None
        super().show(view)

    def turn(self, pages: int) -> None:
        """Look further up or down without touching the show."""
        rows = self.size.height
        top = top_cue(self.view, rows) if self._top is None else self._top
        shown = len({place for place, _row in layout(self.view, rows, self._top)})
        self._top = max(0, min(top + pages * max(1, shown - 1), last_top(self.view, rows)))
        self.paint()

    def number_at(self, y: int) -> str | None:
        """Return the number of the cue drawn in row `y`; a heading is the cue below it."""
        drawn = layout(self.view, self.size.height, self._top)
        return self.view.bill.cues[drawn[y][0]].number if 0 <= y < len(drawn) else None

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


def _found_again(cues: Sequence[CueLine], top: int, bill: Playbill) -> int | None:
    """Return where the cue that was looked at is in another list; the nearest before it, else."""
    known = (bill.index.get(cue.number) for cue in reversed(cues[: top + 1]))
    return next((place for place in known if place is not None), None)


def each(rows: int) -> int:
    """Return how many rows a cue has in a list so tall."""
    return 2 if rows >= TALL else 1


def _high(view: View, place: int, rows: int) -> int:
    """Return how many rows a cue takes, with the heading above it."""
    return each(rows) + (place >= 0 and view.bill.cues[place].chapter != "")


def last_top(view: View, rows: int) -> int:
    """Return the first cue of the list's last page."""
    top = len(view.bill.cues)
    left = rows
    while top > 0 and (left := left - _high(view, top - 1, rows)) >= 0:
        top -= 1
    return top


def top_cue(view: View, rows: int) -> int:
    """Return the first cue to show: now and next both seen, with a little of what has been."""
    index = view.bill.index
    numbers = (view.snap.onstage, view.snap.standby)
    places = [index[number] for number in numbers if number is not None and number in index]
    if not places:
        return 0
    first, last = min(places), max(places)
    ahead = index.get(view.snap.standby or "", last)
    top, left = first, rows - sum(_high(view, n, rows) for n in range(first, last + 1)[: rows + 1])
    if left >= _high(view, first - 1, rows):
        top = first - 1
    elif left < 0:
        top, left = ahead, rows // 2
        while top > 0 and (left := left - _high(view, top - 1, rows)) >= 0:
            top -= 1
    return max(0, min(top, last_top(view, rows)))


def layout(view: View, rows: int, top: int | None = None) -> list[tuple[int, int]]:
    """Return what stands in each row: a cue's place, and which row of it (-1: its heading).

    `top` is the first cue, None where the show is.
    """
    place = top_cue(view, rows) if top is None else top
    drawn: list[tuple[int, int]] = []
    while place < len(view.bill.cues) and len(drawn) + _high(view, place, rows) <= rows:
        heading = [(place, -1)] if view.bill.cues[place].chapter else []
        drawn += heading + [(place, row) for row in range(each(rows))]
        place += 1
    return drawn


def draw_cues(view: View, columns: int, rows: int, top: int | None = None) -> list[Row]:
    """Draw the cues that fit; `top` is the first, None where the show is."""
    drawn: list[Row] = []
    for place, row in layout(view, rows, top):
        cue = view.bill.cues[place]
        if row < 0:
            drawn.append((_heading(view, cue, columns), "page"))
        else:
            words = _first(view, cue, place, columns) if row == 0 else _second(view, cue, columns)
            drawn.append((words, _ground(view, place)))
    if not view.bill.cues and view.heard:
        drawn.append((line((_("No cues"), "dim")), "page"))
    return drawn


def _ground(view: View, place: int) -> str:
    number = view.bill.cues[place].number
    if number == view.snap.standby:
        return "next"
    if number != view.snap.onstage:
        return "page"
    return "calm" if view.over else "now"


def _tag_width(columns: int) -> int:
    return 9 if columns < NARROW else 11


def tag(view: View, cue: CueLine, columns: int) -> tuple[str, str]:
    """Return a cue's mark and its tone: a shape and a word, never a colour alone."""
    snap = view.snap
    if cue.number == snap.onstage and cue.number == snap.standby:
        return "►▷ " + _("NOW+NEXT"), "strong"
    if cue.number == snap.onstage:
        return ("■ " + _("ENDED") if view.over else "► " + _("NOW")), "strong"
    if cue.number == snap.standby:
        return "▷ " + _("NEXT"), "strong"
    if cue.number in snap.skipped:
        return ("× " + _("skipped") if columns >= NARROW else "×"), "dim"
    if cue.number in snap.overdue:
        return "! " + _("late"), "amber"
    return "", "dim"


def _heading(view: View, cue: CueLine, columns: int) -> Line:
    """A chapter's name above its first cue, and what all of it is planned to take."""
    planned = clocks.planned_chapter(view, cue)
    here = view.bill.chapter(view.snap.onstage) == view.bill.chapter(cue.number)
    name = line((f" {clean(cue.chapter)} ", "strong" if here else "text"))
    right = line((f" {clocks.hms(planned)}" if planned else "", "dim"), (" ", "dim"))
    name = ink.clip(name, columns - ink.width(right) - 4)
    rule = "─" * (columns - ink.width(name) - ink.width(right) - 2)
    return line(("──", "rule"), *name, (rule, "rule"), *right)


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
