"""How far one touch on − or + takes a level: a step that can be heard or seen, and no jump."""

import math

from stagectl.panel.playbill import Control

QUIET = -30.0  # dB: where a fader is nearly down; from silence, a touch begins here
SILENT = -60.0  # dB: a touch below this is silence
FINE, COARSE = 2.0, 5.0  # dB: above QUIET, and below it, where a fader's travel is short
PERCENT = 5.0
PARTS = 20  # of the range, where the unit is neither
SLACK = 0.2  # of a step: what a device rounds off is no other place


def stepped(value: float, control: Control, *, up: bool) -> float:
    """Return the level after one touch, within the range; from −∞ it begins at QUIET."""
    if control.unit == "dB":
        to = _decibels(value, up=up)
    elif control.unit == "%":
        to = _grid(value, PERCENT, up=up)
    else:
        to = _grid(value, _part(control), up=up)
    if to == -math.inf and control.low <= SILENT:
        return to
    return min(max(to, control.low), control.high)


def may_step(value: float | None, control: Control, *, up: bool) -> bool:
    """Tell whether a touch would move it at all: nobody goes beyond the end."""
    return value is None or stepped(value, control, up=up) != value


def start(control: Control) -> float:
    """Return where a level nobody knows is taken to be: at its lowest."""
    if control.unit == "dB":
        return -math.inf
    return control.low if math.isfinite(control.low) else 0.0


def _decibels(value: float, *, up: bool) -> float:
    if up:
        if value < SILENT:
            return QUIET
        size = COARSE if value < QUIET - SLACK * COARSE else FINE
        return float(round(value + size))
    if value <= SILENT:
        return -math.inf
    size = COARSE if value <= QUIET + SLACK * FINE else FINE
    return float(round(value - size))


def _grid(value: float, size: float, *, up: bool) -> float:
    """Go to the next place on a grid: 37 % goes up to 40 %."""
    at = value / size
    place = math.floor(at + SLACK) + 1 if up else math.ceil(at - SLACK) - 1
    return round(place * size, 6)


def _part(control: Control) -> float:
    """A twentieth of the range, as a round number: 0.5 s, 1, 2 or 5."""
    span = control.high - control.low
    if not math.isfinite(span) or span <= 0:
        return 1.0
    rough = span / PARTS
    scale = 10.0 ** math.floor(math.log10(rough))
    return next(n * scale for n in (1.0, 2.0, 5.0, 10.0) if n * scale >= rough * 0.999)
