"""The top of the screen: what runs, for whom, what goes out, and which devices answer."""

from rich.cells import cell_len
from textual.events import MouseDown, MouseUp
from textual.message import Message

from stagectl.panel import clocks, say
from stagectl.panel.clean import clean
from stagectl.panel.ink import EMPTY, Line, centre, join, line, spread, whole, width
from stagectl.panel.postponed import amount
from stagectl.panel.view import Question, View
from stagectl.panel.widgets.chips import device_chip, disk_chip, is_low, latch_chip, trouble
from stagectl.panel.widgets.digits import big
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.words.tongue import _

LATE = 60.0  # seconds off the plan that are worth a word
ROWS = 3  # from which on the phase is a block
BANNER = 18
_DOT = (" · ", "dim")
_OUT = ("   ", "text")  # between what goes out
Chip = tuple[Line, Question]
"""A chip, and what a touch on it asks."""
ROOMY = 160  # columns from which on the time of day is written large


def draw_head(view: View, columns: int, rows: int) -> list[Row]:
    """Two rows, or three with the banner as a block."""
    mark, ground = banner(view)
    clock = line((clocks.wall(view, view.wall, seconds=True), "strong"))
    if rows < ROWS:
        chip = line((f" {mark} {say.phase(view)} ", _CHIPS[ground]), "  ")
        space = columns - width(chip) - 2
        plan = _short_plan(view, space - width(join([_operator(view), clock])) - 3)
        right = line(*join([plan, _operator(view), clock]), " ")
        title = _title(view, columns - width(chip) - width(right) - 1)
        return [
            (spread((*chip, *title), right, columns), "page"),
            (_going_out(view, columns), "page"),
        ]
    figures = big(clocks.wall(view, view.wall)) if columns >= ROOMY else ("", "", "")
    space = _space(view, columns)
    word = centre(line((f"{mark} {say.phase(view)}", "strong")), BANNER)
    block = [EMPTY, word, EMPTY]
    title = _title(view, space - (0 if figures[0] else width(clock) + 1))
    beside = [
        spread(title, EMPTY if figures[0] else clock, space),
        spread(_plan(view), _labelled(view, space), space),
        _going_out(view, space),
    ]
    if figures[0]:
        beside = [
            line(*left, "   ", (figure, "text"))
            for left, figure in zip(beside, figures, strict=True)
        ]
    return [_beside(left, ground, right) for left, right in zip(block, beside, strict=True)]


def _title(view: View, space: int) -> Line:
    """The show, and the chapter on stage where there is room for all of it."""
    show = line((clean(view.bill.show) or "stagectl", "strong"))
    clock = clocks.chapter_clock(view) if view.contact == "up" else None
    if clock is None:
        return show
    return whole([show, line((say.chapter(clock), _PACES[clock.pace]))], space, ("   ", "text"))


_PACES = {"none": "dim", "green": "text", "amber": "amber", "red": "red"}


def _beside(left: Line, ground: str, right: Line) -> Row:
    tone = _CHIPS[ground]
    filled = "".join(text for text, _tone in left).ljust(BANNER)
    return (line((filled, tone), "  ", *right), "page")


_CHIPS = {
    "on_air": "chip_on_air",
    "preview": "chip_preview",
    "warn": "chip_warn",
    "rehearse": "chip_rehearse",
    "calm": "chip_calm",
}


def banner(view: View) -> tuple[str, str]:
    """Return the shape and the ground of the phase; its word is say.phase."""
    snap = view.snap
    if view.over:
        return ("■", "calm")
    if view.contact != "up":
        return ("…", "calm") if view.contact == "connecting" else ("×", "warn")
    if snap.overlay == "safe":
        return ("■", "warn")
    if snap.overlay == "cover":
        return ("▒", "warn")
    if snap.phase == "holding":
        return ("‖", "warn")
    if view.bill.rehearsal:
        return ("◇", "rehearse")
    if snap.phase == "ready":
        return ("○", "preview")
    return ("●", "on_air") if view.on_air else ("►", "calm")


def _plan(view: View) -> Line:
    """How the whole evening stands against its plan."""
    clock = clocks.show_clock(view)
    if clock is None:
        start = clean(view.bill.start)
        parts = [clean(view.bill.venue), _("starts at {time}").format(time=start) if start else ""]
        return join([line((part, "dim")) for part in parts if part], _DOT)
    lasted = clocks.hms(clock.running)
    if view.snap.phase == "ended":
        return line((_("lasted {time}").format(time=lasted), "dim"))
    said = [line((_("running {time}").format(time=lasted), "dim"))]
    if clock.left is not None:
        ends = clocks.wall(view, view.wall + clock.left)
        said.append(line((_("done about {time}").format(time=ends), "dim")))
    return join([*said, _late(clock), _put_off(view)], _DOT)


def _put_off(view: View) -> Line:
    """That the clock-time cues were put off; what was asked for is seen to have been done."""
    if view.snap.postponed <= 0:
        return EMPTY
    return line((_("put off {time}").format(time=amount(view.snap.postponed)), "text"))


def _late(clock: clocks.ShowClock) -> Line:
    """How far from the plan the evening is, where it is worth a word."""
    if clock.behind is None or abs(clock.behind) < LATE:
        return EMPTY
    over, under = _("{time} over the plan"), _("{time} ahead of the plan")
    time = clocks.hms(abs(clock.behind))
    if clock.behind > 0:
        return line((over.format(time=time), "amber"))
    return line((under.format(time=time), "text"))


def _short_plan(view: View, space: int) -> Line:
    """The evening against its plan in a word; else when it ends, if the name has room still."""
    clock = clocks.show_clock(view)
    if view.contact != "up" or clock is None or clock.behind is None or clock.left is None:
        return EMPTY
    if abs(clock.behind) >= LATE:
        over, under = _("{time} over"), _("{time} ahead")
        late = (over if clock.behind > 0 else under).format(time=clocks.hms(abs(clock.behind)))
        return line((late, "amber" if clock.behind > 0 else "text"))
    ends = clocks.wall(view, view.wall + clock.left)
    said = line((_("done about {time}").format(time=ends), "dim"))
    return said if width(said) + cell_len(clean(view.bill.show)) <= space else EMPTY


def _labelled(view: View, space: int) -> Line:
    """The operator, called so, where there is room."""
    who = _operator(view)
    if view.role != "operate" or not who or width(_plan(view)) + width(who) + 14 > space:
        return who
    return line((_("operator: {name}").format(name=who[0][0]), "dim"))


def _operator(view: View) -> Line:
    if view.contact == "expired":
        return EMPTY
    if view.role == "watch":
        return line((say.until(_("watching only"), view), "dim"))
    if view.role == "guest":
        return line((say.until(_("guest"), view), "strong"))
    who = say.by(view.snap.operator)
    return line((who, "dim")) if who else EMPTY


class Head(Painted):
    """The top of the screen; a touch on a chip asks about it."""

    class Touched(Message):
        """Somebody touched the chip of a recording, a stream or a device."""

        def __init__(self, question: Question) -> None:
            """Say what it asks."""
            super().__init__()
            self.question = question

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Draw the head."""
        super().__init__(draw_head, id=id)
        self._down: Question | None = None

    def on_mouse_down(self, event: MouseDown) -> None:
        """Remember where the finger came down; nothing happens before it is lifted."""
        event.stop()
        self._down = self._asked(event.x, event.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        """A finger lifted from the chip it touched asks about it."""
        event.stop()
        before, self._down = self._down, None
        asked = self._asked(event.x, event.y)
        if asked is not None and asked == before:
            self.post_message(self.Touched(asked))

    def _asked(self, x: int, y: int) -> Question | None:
        columns, rows = self.size
        if y < rows - 2:  # a chip is one row high, a finger is not
            return None
        places = chips_at(self.view, columns, rows)
        return next((asked for start, end, asked in places if start <= x < end), None)


def chips_at(view: View, columns: int, rows: int) -> list[tuple[int, int, Question]]:
    """Return where each chip is, in columns of the last row, and what a touch on it asks."""
    if not view.heard or view.contact != "up":
        return []
    start, space = (0, columns) if rows < ROWS else (BANNER + 2, _space(view, columns))
    out, devices = _chips(view)
    left = whole([chip for chip, _asked in out], space, _OUT)
    right = whole([chip for chip, _asked in devices], space - width(left) - 3)
    places = _placed(out, start, start + width(left), 3)
    return places + _placed(devices, start + space - width(right), start + space, 2)


def _placed(chips: list[Chip], x: int, end: int, gap: int) -> list[tuple[int, int, Question]]:
    places = []
    for chip, asked in chips:
        if x + width(chip) > end:
            break
        places.append((x, x + width(chip), asked))
        x += width(chip) + gap
    return places


def _chips(view: View) -> tuple[list[Chip], list[Chip]]:
    """Recordings and streams; devices, the abnormal first."""
    snap = view.snap
    out = [(latch_chip(view, r), Question("latch", f"{r.device}.{r.verb}")) for r in snap.latches]
    chips: list[tuple[float, Chip]] = [
        (trouble(view, row), (device_chip(view, row), Question("device", row.name)))
        for row in snap.devices
    ]
    chips += [
        (0.5 if is_low(view, row) else 1.5, (disk_chip(view, row), Question("device", row.device)))
        for row in snap.latches
        if row.verb == "record" and "disk.mb" in row.facts
    ]
    return out, [chip for _rank, chip in sorted(chips, key=lambda ranked: ranked[0])]


def _space(view: View, columns: int) -> int:
    figures = big(clocks.wall(view, view.wall))[0] if columns >= ROOMY else ""
    return columns - BANNER - 3 - (width(line(figures)) + 4 if figures else 0)


def _going_out(view: View, columns: int) -> Line:
    """Recording and stream at the left, devices at the right: the abnormal first."""
    if not view.heard:
        return EMPTY
    if view.contact != "up":
        last = clocks.wall(view, view.wall - (view.now - view.seen), seconds=True)
        if view.over:
            parts = [say.latches(view.snap.latches), _("as it was at {time}").format(time=last)]
            return whole([line((part, "dim")) for part in parts if part], columns)
        return line((_("as it was at {time}; it may be different now").format(time=last), "amber"))
    out, devices = _chips(view)
    left = whole([chip for chip, _asked in out], columns, _OUT)
    right = whole([chip for chip, _asked in devices], columns - width(left) - 3)
    return spread(left, right, columns)
