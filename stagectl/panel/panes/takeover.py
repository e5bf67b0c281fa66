"""«Take over»: one card that tells a colleague all they must know, and one button."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from stagectl.engine.intent import TakeOver
from stagectl.panel import alarms, clocks, say
from stagectl.panel.ink import EMPTY, Line, clip, cut, join, line, spread, width
from stagectl.panel.pads import way_out
from stagectl.panel.panes.pane import Pane
from stagectl.panel.playbill import CueLine
from stagectl.panel.postponed import moves, put_off
from stagectl.panel.view import View
from stagectl.panel.widgets.chips import latch_chip
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.panel.wish import Changed, Turn, Wish
from stagectl.words.tongue import _

FRESH = 30.0  # seconds that an operator is called the new one
AHEAD = 3  # cues to come
BETWEEN = ("  ·  ", "dim")
NAMED = 26  # cells of a cue's name where there are few
WIDE = 100  # columns from which on there are more
SIDE = 2  # cells left and right of the card


class Takeover(Pane):
    """The card, and below it the button that says who has the evening from now on."""

    DEFAULT_CSS = """
    #takeover-card { height: 1fr; }
    #takeover-choices { height: 5; margin: 1 0 0 0; }
    #takeover-choices Touch { width: 1fr; height: 5; margin: 0 1 0 0; }
    #takeover-choices #takeover-leave { margin: 0; }
    .-low #takeover-choices, .-low #takeover-choices Touch { height: 3; }
    """

    def compose(self) -> ComposeResult:
        """The card above, the button below: where the eye ends."""
        yield Painted(draw_card, ground="card", id="takeover-card")
        with Horizontal(id="takeover-choices"):
            yield Touch("take", take_look, id="takeover-take")
            yield Touch("leave", leave_look, id="takeover-leave")

    @on(Touch.Pressed)
    def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        if event.button == "take" and not is_new(event.view):
            self.post_message(Changed(lambda view: replace(view, took=view.now)))
            self.post_message(Wish(TakeOver()))
        else:
            self.post_message(Turn("cues"))

    def press(self, key: str) -> bool:
        """1 takes over."""
        if key == "1":
            self.query_one("#takeover-take", Touch).press()
        return key == "1"


def take_look(view: View) -> Look:
    """The one button; when it has been heard, it is the way out."""
    if is_new(view):
        return way_out(view)
    return Look(_("I take over"), "►", "1", enabled=view.may(TakeOver()), ground="preview")


def leave_look(view: View) -> Look:
    """The way out without it; once it is done there is nothing left to leave."""
    return Look(_("Leave it"), "", "Esc", enabled=not is_new(view))


def is_new(view: View) -> bool:
    """Tell whether this very screen has just taken over: asked, and heard."""
    lasted = clocks.since(view, view.snap.operator_for)
    if view.took is None or lasted is None or view.snap.operator != view.by:
        return False
    asked = view.now - view.took
    return asked < FRESH and lasted <= asked + clocks.AHEAD


def draw_card(view: View, columns: int, rows: int) -> list[Row]:
    """Who has the evening, and then a row or more of each thing to know."""
    space = columns - 2 * SIDE
    lines = [_title(view, space)]
    parts = sections(view, NAMED if columns < WIDE else space)
    label = max(width(line(part.label)) for part in parts) + 2
    if rows - 1 >= len(parts) + 2:
        lines.append(EMPTY)
    for part, given in zip(parts, shares(parts, rows - len(lines)), strict=True):
        told = packed(part.items, space - label, given)
        first = (part.label.ljust(label), "dim")
        heads = [first, *[(" " * label, "dim")] * len(told)]
        lines += [line(head, *pieces) for head, pieces in zip(heads, told, strict=False)]
    return [(line(" " * SIDE, *pieces), "card") for pieces in lines]


def _title(view: View, space: int) -> Line:
    snap = view.snap
    since = clocks.since(view, snap.operator_for)
    when = "" if since is None else clocks.wall(view, view.wall - since)
    if is_new(view):
        text = _("You have the show now, since {time}").format(time=when)
        return line((f" ✓ {text} ", "chip_preview"))
    if not snap.operator:
        return line((_("Nobody has begun the show yet"), "strong"))
    text = _("{name} has the show now").format(name=say.by(snap.operator))
    right = _("since {time}").format(time=when) if when else ""
    return spread(line((text, "strong")), line((right, "dim")), space)


class Section(NamedTuple):
    """What to know, under one word: at least one row of it."""

    label: str
    items: tuple[Line, ...]
    weight: int = 0
    """Which gets a second row first."""


def sections(view: View, named: int) -> tuple[Section, ...]:
    """Return everything to know, from what has been to what is wrong; a cue in `named` cells."""
    return (
        Section(_("GONE"), _some(_gone(view, named), _("nothing yet"))),
        Section(_("NOW"), _some(_now(view, named), _("nothing yet"))),
        Section(_("NEXT"), _some(_next(view, named), _("nothing")), 2),
        Section(_("OUT"), _some(_out(view), _("nothing is recorded or streamed"))),
        Section(_("HELD"), _some(_held(view), _("nothing is held by hand"))),
        Section(_("SKIPPED"), _some(_skipped(view, named), _("no cue"))),
        Section(_("PUT OFF"), _some(_postponed(view), _("nothing"))),
        Section(_("ALARMS"), _some(_alarms(view), _("nothing is wrong")), 1),
    )


def _some(items: Iterable[Line], otherwise: str) -> tuple[Line, ...]:
    return tuple(items) or (line((otherwise, "dim")),)


def _gone(view: View, named: int) -> list[Line]:
    snap = view.snap
    place = view.bill.index.get(snap.onstage or "", -1) + 1
    if not place:
        return []
    count = _("{n} of {total} cues").format(n=place, total=len(view.bill.cues))
    lasted = clocks.since(view, snap.running)
    parts = [line(count)]
    if lasted is not None:
        parts.append(line(_("running {time}").format(time=clocks.hms(lasted))))
    for row in reversed(snap.gone):
        when = clocks.wall(view, view.wall - (clocks.since(view, row.ago) or 0.0))
        parts.append(line((f"{when} ", "dim"), cut(say.cue(view.bill, row.cue), named)))
    return parts


def _now(view: View, named: int) -> list[Line]:
    cue, clock = view.now_cue, clocks.cue_clock(view)
    if cue is None:
        return []
    parts = [line((cut(say.cue(view.bill, cue.number), named), "strong"))]
    if clock is not None and clock.left is not None:
        left, over = _("{time} left"), _("{time} over the plan")
        text = (left if clock.left >= 0 else over).format(time=clocks.hms(abs(clock.left)))
        parts.append(line((text, "text" if clock.left >= 0 else "amber")))
    show = clocks.show_clock(view)
    if show is not None and show.left is not None:
        ends = clocks.wall(view, view.wall + show.left)
        parts.append(line(_("done about {time}").format(time=ends)))
    return parts


def coming(view: View, count: int) -> list[CueLine]:
    """Return the cues that stand by, one after another, the skipped left out."""
    start = view.bill.index.get(view.snap.standby or "")
    if start is None:
        return []
    ahead = (cue for cue in view.bill.cues[start:] if cue.number not in view.snap.skipped)
    return [cue for cue, _n in zip(ahead, range(count), strict=False)]


def _next(view: View, named: int) -> list[Line]:
    return [
        line(
            (cut(say.cue(view.bill, cue.number), named), "strong" if n == 0 else "text"),
            (_at(view, cue), "dim"),
        )
        for n, cue in enumerate(coming(view, AHEAD))
    ]


def _at(view: View, cue: CueLine) -> str:
    due = clocks.due(view, cue)
    if due is None:
        return ""
    return " " + _("at {time}").format(time=clocks.wall(view, due))


def _out(view: View) -> list[Line]:
    return [latch_chip(view, row) for row in view.snap.latches if row.on or row.wanted]


def _held(view: View) -> list[Line]:
    bill = view.bill
    return [
        line(
            (f"{say.parameter(bill, row.parameter)} ", "text"),
            (say.value(bill, row.parameter, row.value), "amber" if not row.kept else "text"),
        )
        for row in view.snap.held
    ]


def _skipped(view: View, named: int) -> list[Line]:
    return [line(cut(say.cue(view.bill, number), named)) for number in view.snap.skipped]


def _postponed(view: View) -> list[Line]:
    if not view.snap.postponed:
        return []
    return [line(put_off(view.snap.postponed)), *map(line, moves(view))]


def _alarms(view: View) -> list[Line]:
    if view.contact != "up":
        return [line((_("No contact with the desk"), "amber"))]
    return [line((alarms.in_words(view, row)[0], "amber")) for row in view.snap.alarms]


def shares(parts: tuple[Section, ...], rows: int) -> list[int]:
    """Give each section a row, and what is over to those with more to tell, one after another."""
    given = [1] * len(parts)
    for _over in range(rows - len(parts)):
        short = [n for n, part in enumerate(parts) if given[n] < len(part.items)]
        if not short:
            break
        given[min(short, key=lambda n: (given[n], -parts[n].weight))] += 1
    return given


def packed(items: tuple[Line, ...], space: int, rows: int) -> list[Line]:
    """Put each on a row of its own, or several on one; what has no room at all is counted."""
    if len(items) <= rows:
        return [clip(item, space) for item in items]
    lines: list[Line] = [EMPTY]
    for n, item in enumerate(items):
        left = len(items) - n - 1
        more = line((say.more(left), "dim")) if left else EMPTY
        last = len(lines) == rows
        keep = width(more) + len(BETWEEN[0]) if last and left else 0
        both = join([lines[-1], item], BETWEEN)
        if not lines[-1] or width(both) <= space - keep:
            lines[-1] = clip(both, max(8, space - keep))
        elif not last:
            lines.append(clip(item, space))
        else:
            rest = line((say.more(len(items) - n), "dim"))
            lines[-1] = clip(join([lines[-1], rest], BETWEEN), space)
            break
    return lines
