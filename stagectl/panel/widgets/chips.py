"""A chip says how one thing stands, in a shape and a word: grey until something is wrong."""

from stagectl.engine.snapshot import DeviceRow, LatchRow
from stagectl.panel import clocks, say
from stagectl.panel.ink import Line, line
from stagectl.panel.view import View, dropped
from stagectl.words import codes
from stagectl.words.tongue import _, ngettext

DROPS = 10.0  # seconds that frames just lost are an alarm
MINUTES = (30, 10)  # of disk: from which on it is told, and told loudly
MOST = 999  # minutes of disk, beyond which it is told in bytes
SURE = 10.0  # seconds of a recording that tell its pace
STILL = 4.0  # seconds without a byte more, after which a recording is not believed


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
    lost = _lost_frames(row)
    if lost and view.now - view.lost.get((row.device, row.verb), -DROPS) < DROPS:
        return line((f" ! {name} {lost} ", "chip_warn"))
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
        grows = line(("● ", "red"), (" ".join(parts), "strong"), (" ▲", "green"))
        return line(*grows, (f" {lost}" if lost else "", "text"))
    return line(("● ", "red"), (" ".join(parts), "strong"), (f" {lost}" if lost else "", "text"))


def _lost_frames(row: LatchRow) -> str:
    count = dropped(row)
    return ngettext("{n} frame lost", "{n} frames lost", count).format(n=count) if count else ""


def minutes_left(row: LatchRow) -> float | None:
    """Return how many minutes the disk has room for, at the pace of this very recording."""
    room, count, length = (row.facts.get(name) for name in ("disk.mb", "bytes", "seconds"))
    if not all(isinstance(fact, int | float) for fact in (room, count, length)):
        return None
    if not row.on or float(length or 0) < SURE or not count:
        return None
    return float(room or 0) * 1e6 / (float(count) / float(length or 1)) / 60


def is_low(view: View, row: LatchRow) -> bool:
    """Tell whether the disk is nearly full, for all that is known."""
    left = minutes_left(row)
    linked = any(d.name == row.device and d.state == "linked" for d in view.snap.devices)
    return linked and left is not None and left < MINUTES[0]


def disk_chip(view: View, row: LatchRow) -> Line:
    """How long the disk lasts, at the pace of the recording; with none, how much there is."""
    left, room = minutes_left(row), row.facts.get("disk.mb")
    if left is None or left > MOST:
        size = say.size(float(room) * 1e6) if isinstance(room, int | float) else "?"
        return line((_("{size} of disk").format(size=size), "dim"))
    said = _("{minutes} min of disk").format(minutes=int(left))
    if not is_low(view, row):
        return line((said, "dim"))
    return line((f" ! {said} ", "chip_on_air" if left < MINUTES[1] else "chip_warn"))


def trouble(view: View, row: DeviceRow) -> int:
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
        return line((f" × {name} {codes.away(row.why)} ", "chip_warn"))
    if row.state == "connecting":
        return line(("… " + _("{name} connecting").format(name=name), "dim"))
    if hands := _hands(view, row):
        return line(("◆ " + _("{name} {n} held").format(name=name, n=hands), "amber"))
    if row.unconfirmed:
        return line(("→ " + _("{name} {n} sent").format(name=name, n=row.unconfirmed), "text"))
    return line((f"{'✓' if row.readable else '○'} {name}", "dim"))
