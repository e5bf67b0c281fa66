"""The top of the screen: what runs, for whom, what goes out, and which devices answer."""

from textual.events import MouseDown, MouseUp
from textual.message import Message

from stagectl.engine.snapshot import DeviceRow, LatchRow
from stagectl.panel import clocks, say
from stagectl.panel.clean import clean
from stagectl.panel.ink import EMPTY, Line, centre, line, spread, whole, width
from stagectl.panel.view import Question, View
from stagectl.panel.widgets.digits import big
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.words import codes
from stagectl.words.tongue import _

STILL = 4.0  # seconds without a byte more, after which a recording is not believed
ROWS = 3  # from which on the phase is a block
BANNER = 18
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
        right = line(*_operator(view), "  ", *clock, " ")
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
        spread(line((_plan(view), "dim")), _operator(view), space),
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
    if snap.phase == "ready":
        return ("○", "calm")
    return ("●", "on_air") if view.on_air else ("►", "calm")


def _plan(view: View) -> str:
    """How the whole evening stands against its plan."""
    clock = clocks.show_clock(view)
    if clock is None:
        start = clean(view.bill.start)
        parts = [clean(view.bill.venue), _("starts at {time}").format(time=start) if start else ""]
        return " · ".join(p for p in parts if p)
    lasted = clocks.hms(clock.running)
    if view.snap.phase == "ended":
        return _("lasted {time}").format(time=lasted)
    parts = [_("running {time}").format(time=lasted)]
    if clock.left is not None:
        ends = clocks.wall(view, view.wall + clock.left)
        parts.append(_("done about {time}").format(time=ends))
    if clock.behind is not None and abs(clock.behind) >= 60:
        late = clocks.hms(abs(clock.behind))
        over, under = _("{time} over the plan"), _("{time} ahead of the plan")
        parts.append((over if clock.behind > 0 else under).format(time=late))
    return " · ".join(parts)


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
    rows = sorted(snap.devices, key=lambda row: _trouble(view, row))
    return out, [(device_chip(view, row), Question("device", row.name)) for row in rows]


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


def latch_chip(view: View, row: LatchRow) -> Line:
    """How a recording or a stream stands, its bytes, and whether they grow."""
    name = say.latch(row)
    if not any(d.name == row.device and d.state == "linked" for d in view.snap.devices):
        unknown = "? " + _("{name} unknown").format(name=name)
        return line((f" {unknown} ", "chip_warn")) if row.wanted else line((unknown, "dim"))
    if row.wanted and not row.on:
        return line((" ! " + _("{name} has stopped").format(name=name) + " ", "chip_warn"))
    if not row.on:
        return line(("○ " + _("{name} off").format(name=name), "dim"))
    still = view.now - view.grew.get((row.device, row.verb), view.now)
    count, length = row.facts.get("bytes"), row.facts.get("seconds")
    parts = [name]
    if isinstance(length, int | float):
        parts.append(clocks.hms(length))
    if isinstance(count, int | float):
        parts.append(say.size(count))
        if still >= STILL:
            stands = _("{what} does not grow").format(what=" ".join(parts))
            return line((f" ! {stands} ", "chip_warn"))
        return line(("● ", "red"), (" ".join(parts), "strong"), (" ▲", "green"))
    return line(("● ", "red"), (" ".join(parts), "strong"))


def _trouble(view: View, row: DeviceRow) -> int:
    """0: away; 1: held or waiting; 2: as it should be; 3: away for good, as everybody knows."""
    if row.state == "lost":
        return 3 if row.why == "no_driver" else 0
    return 1 if row.state == "connecting" or row.unconfirmed or _hands(view, row) else 2


def _hands(view: View, row: DeviceRow) -> int:
    return sum(h.parameter.startswith(f"{row.name}.") and not h.kept for h in view.snap.held)


def device_chip(view: View, row: DeviceRow) -> Line:
    """How one device stands: grey until something is wrong."""
    name = say.device(view.bill, row.name)
    if row.state == "lost":
        return line((f" × {name} {codes.trouble(row.why)} ", "chip_warn"))
    if row.state == "connecting":
        return line(("… " + _("{name} connecting").format(name=name), "dim"))
    if hands := _hands(view, row):
        return line(("◆ " + _("{name} {n} held").format(name=name, n=hands), "amber"))
    if row.unconfirmed:
        return line(("→ " + _("{name} {n} sent").format(name=name, n=row.unconfirmed), "text"))
    return line((f"{'✓' if row.readable else '○'} {name}", "dim"))
