"""Which cues go by the clock, and to when they move when they are put off: words and arithmetic."""

from stagectl.panel import clocks, say
from stagectl.panel.ink import cut
from stagectl.panel.playbill import CueLine
from stagectl.panel.view import View
from stagectl.words import plain
from stagectl.words.tongue import _

STEPS = (5, 10, 20)  # minutes: what is offered
NAMED = 28  # cells of a cue's name, where several are named


def timed(view: View) -> list[CueLine]:
    """Return the cues that are to go by the clock and have not: those a postponement moves."""
    ahead = view.bill.cues[view.bill.index.get(view.snap.onstage or "", -1) + 1 :]
    skipped = view.snap.skipped
    return [cue for cue in ahead if cue.at is not None and cue.number not in skipped]


def amount(seconds: float) -> str:
    """Return how much the show is put off, in whole minutes: "20 min"."""
    return plain.seconds(60.0 * round(abs(seconds) / 60))


def put_off(seconds: float) -> str:
    """Return how the clock stands: "put off 20 min", "brought forward 5 min"."""
    words = _("{time} later than planned") if seconds > 0 else _("{time} earlier than planned")
    return words.format(time=amount(seconds))


def moves(view: View, *more: float) -> list[str]:
    """Return each cue with its time now and what it would be after each of `more` seconds."""
    told = []
    for cue in timed(view):
        at = clocks.due(view, cue) or 0.0
        name = cut(say.cue(view.bill, cue.number), NAMED)
        times = " / ".join(clocks.wall(view, at + seconds) for seconds in more)
        now = clocks.wall(view, at)
        told.append(f"{name} {now} → {times}" if more else f"{name} {now}")
    return told
