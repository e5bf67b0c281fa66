"""«Sjekk»: every device, name and file the show needs, and whether each answers; the worst first.

It is looked at all the time by the desk, so there is nothing to press but to turn the page.
"""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from stagectl.panel import checks
from stagectl.panel.checks import Finding, Rank, Section
from stagectl.panel.ink import EMPTY, Line, clip, line, spread, width, wrapped
from stagectl.panel.panes.pane import Pane
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.words.tongue import _

EVIDENCE = 24  # columns kept free at the right for what will be heard, seen and seen to grow
ROOMY = 100  # columns from which on there is room for that
SIDE = 2

_MARKS: dict[Rank, tuple[str, str]] = {
    "wrong": ("×", "red"),
    "unknown": ("?", "amber"),
    "mute": ("○", "dim"),
    "fine": ("✓", "green"),
}
_CHIPS: dict[Rank, str] = {
    "wrong": "chip_warn",
    "unknown": "chip_calm",
    "mute": "chip_calm",
    "fine": "chip_preview",
}


class Check(Pane):
    """The list, and where it is longer than the screen, two buttons that turn it."""

    DEFAULT_CSS = """
    #check-list { height: 1fr; }
    #check-turn { height: 3; margin: 1 0 0 0; display: none; }
    #check-turn Touch { width: 1fr; height: 3; margin: 0 1 0 0; }
    #check-turn #check-down { margin: 0; }
    .-low #check-turn { margin: 0; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Show the first page."""
        super().__init__(id=id)
        self._page = 0

    def compose(self) -> ComposeResult:
        """The list above, the buttons below."""
        yield Painted(self._drawn, ground="card", id="check-list")
        with Horizontal(id="check-turn"):
            yield Touch("up", lambda _v: Look(_("Up"), "▲", "PgUp"), id="check-up")
            yield Touch("down", lambda _v: Look(_("Down"), "▼", "PgDn"), id="check-down")

    def show(self, view: View) -> None:
        """Show this view; the buttons only where there is more than a page."""
        rows = self.size.height
        for turn in self.query("#check-turn"):  # none yet, before the pane is put together
            turn.display = len(draw_check(view, self.size.width)) > rows > 0
        super().show(view)

    def press(self, key: str) -> bool:
        """Turn the page."""
        if key in ("pageup", "pagedown"):
            self._turn(1 if key == "pagedown" else -1)
        return key in ("pageup", "pagedown")

    @on(Touch.Pressed)
    def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        self._turn(1 if event.button == "down" else -1)

    def _turn(self, by: int) -> None:
        painted = self.query_one("#check-list", Painted)
        rows = max(1, painted.size.height)
        last = (len(draw_check(painted.view, painted.size.width)) - 2) // max(1, rows - 1)
        self._page = max(0, min(last, self._page + by))
        painted.paint()

    def _drawn(self, view: View, columns: int, rows: int) -> list[Row]:
        drawn = draw_check(view, columns)
        if len(drawn) <= rows:
            return drawn
        top, rest = drawn[:1], drawn[1:]  # the sentence on top stays
        first = self._page * (rows - 1)
        while first >= len(rest) and first > 0:
            first -= rows - 1
        return top + rest[first : first + rows - 1]


def draw_check(view: View, columns: int) -> list[Row]:
    """Return every row there is: the whole in a sentence, what is wrong, then all of it."""
    found = checks.sections(view)
    rank, said = checks.summary(view, found)
    mark = _MARKS[rank][0]
    looked = line((_("looked at all the time"), "dim"), " ")
    rows: list[Line] = [spread(line((f" {mark} {said} ", _CHIPS[rank])), looked, columns)]
    space = columns - 2 * SIDE
    for section, finding in checks.wrong(found):
        rows += [EMPTY, *_wrong(section, finding, space)]
    for section in found:
        rows += [EMPTY, *_section(section, space - (EVIDENCE if columns >= ROOMY else 0))]
    return [(line(" " * SIDE, *row) if row and n else row, "card") for n, row in enumerate(rows)]


def _wrong(section: Section, finding: Finding, space: int) -> list[Line]:
    """What is wrong, and below it what to do."""
    said = finding.said or f"{section.head.name}: {finding.name}"
    what = wrapped(said, space - 2, 2, "red")
    marked = [line(("× ", "red"), *what[0]), *(line("  ", *more) for more in what[1:])]
    cure = wrapped(finding.cure, space - 4, 2)
    return marked + [line("► " if n == 0 else "  ", *one) for n, one in enumerate(cure)]


def _section(section: Section, space: int) -> list[Line]:
    """A device's name and how it stands; then what is needed of it, as many on a row as fit."""
    head = section.head
    mark, tone = _MARKS[section.rank]
    said = "" if head.rank == "wrong" else head.said
    rows = [clip(line((f"{mark} ", tone), (head.name, "strong"), "   ", (said, "dim")), space)]
    if head.cure and head.rank == "unknown":
        rows += [line("  ► ", *one) for one in wrapped(head.cure, space - 4, 2)]
    return rows + [line("  ", *row) for row in flow(section.parts, space - 2)]


def flow(parts: Sequence[Finding], space: int) -> list[Line]:
    """Put marked names one after another, whole, on as many rows as it takes."""
    rows: list[Line] = []
    for part in sorted(parts, key=lambda part: checks.RANKS.index(part.rank)):
        mark, tone = _MARKS[part.rank]
        piece = line((f"{mark} ", tone), (part.name, "text" if part.rank == "fine" else "strong"))
        if rows and width(rows[-1]) + 3 + width(piece) <= space:
            rows[-1] = line(*rows[-1], "   ", *piece)
        else:
            rows.append(clip(piece, space))
    return rows
