"""How long, how long still, how much over: plain arithmetic on a View."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from stagectl.panel import almanac
from stagectl.panel.playbill import CueLine
from stagectl.panel.view import View

Pace = Literal["none", "green", "amber", "red"]

SOON = 12 * 3600.0  # seconds ahead that are worth counting down
AHEAD = 2.0  # seconds a clock runs on by itself after the newest snapshot


@dataclass(frozen=True, slots=True)
class CueClock:
    """The cue on stage: seconds gone, planned and left (less than 0: over)."""

    gone: float
    planned: float | None
    pace: Pace

    @property
    def left(self) -> float | None:
        """Seconds until the planned end."""
        return None if self.planned is None else self.planned - self.gone

    @property
    def part(self) -> float:
        """How much of the plan is used up, 0 to 1."""
        return min(1.0, self.gone / self.planned) if self.planned else 0.0


@dataclass(frozen=True, slots=True)
class ChapterClock:
    """The chapter on stage: seconds left of what its cues were planned to take (less than 0: over).

    `left` is None where nothing is planned.
    """

    name: str
    left: float | None
    pace: Pace


@dataclass(frozen=True, slots=True)
class ShowClock:
    """The whole show: seconds since it began, seconds behind the plan, seconds left by the plan."""

    running: float
    behind: float | None
    left: float | None


def since(view: View, seconds: float | None) -> float | None:
    """Let a time of the snapshot run on until now; a desk that is silent runs no clock."""
    if seconds is None or view.snap.phase == "ended":
        return seconds
    return seconds + _ahead(view)


def cue_clock(view: View) -> CueClock | None:
    """Return the clock of the cue on stage, or None: no cue has gone."""
    cue, gone = view.now_cue, since(view, view.snap.elapsed)
    if cue is None or gone is None:
        return None
    return CueClock(gone, cue.length, pace(gone, cue.length))


def pace(gone: float, planned: float | None) -> Pace:
    """Green, then amber in the last fifth (a minute at most), then red from the planned end on."""
    if not planned:
        return "none"
    left = planned - gone
    if left <= 0:
        return "red"
    return "amber" if left <= min(60.0, planned / 5) else "green"


def follow_in(view: View) -> float | None:
    """Return the seconds until the standby cue goes by itself, or None."""
    left = view.snap.follow_in
    return None if left is None else max(0.0, left - _ahead(view))


def parts(view: View) -> list[tuple[int, float, float]]:
    """Return what of the group on stage still comes: its part, seconds until it begins and ends."""
    ahead = _ahead(view)
    left = [(row.part, row.starts_in - ahead, row.ends_in - ahead) for row in view.snap.parts]
    return [(part, max(0.0, start), end) for part, start, end in left if end > 0]


def show_clock(view: View) -> ShowClock | None:
    """Return the clock of the whole show, or None: it has not begun."""
    running = since(view, view.snap.running)
    if running is None:
        return None
    place = view.bill.index.get(view.snap.onstage or "")
    clock = cue_clock(view)
    if place is None or clock is None or not any(c.length for c in view.bill.cues):
        return ShowClock(running, None, None)
    before, after = _planned(view, 0, place), _planned(view, place + 1, len(view.bill.cues))
    over = max(0.0, -(clock.left or 0.0))
    late = running - clock.gone - before + over
    return ShowClock(running, late, max(0.0, clock.left or 0.0) + after)


def chapter_clock(view: View) -> ChapterClock | None:
    """Return the clock of the chapter on stage, or None: there is none, or the show is over."""
    chapter, gone = view.bill.chapter(view.snap.onstage), since(view, view.snap.in_chapter)
    if chapter is None or gone is None or view.over:
        return None
    planned = _planned(view, *chapter)
    name = view.bill.cues[chapter[0]].chapter
    return ChapterClock(name, planned - gone if planned else None, pace(gone, planned))


def planned_chapter(view: View, cue: CueLine) -> float:
    """Return how long the cues of a cue's chapter are planned to take, the skipped left out."""
    chapter = view.bill.chapter(cue.number)
    return _planned(view, *chapter) if chapter else 0.0


def _planned(view: View, start: int, stop: int) -> float:
    skipped = view.snap.skipped
    return sum(c.length or 0.0 for c in view.bill.cues[start:stop] if c.number not in skipped)


def due(view: View, cue: CueLine) -> float | None:
    """Return when a clock-time cue goes, seconds since the epoch, put off as the show was."""
    return None if cue.at is None else cue.at + view.snap.postponed


def hms(seconds: float) -> str:
    """0:07, 12:05, 1:02:09; less than nothing is nothing."""
    whole = math.floor(max(0.0, seconds) + 1e-6)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def countdown(seconds: float) -> str:
    """Return what is left, 0:00 only when nothing is; what is over has a plus."""
    return hms(math.ceil(seconds)) if seconds > -1 else f"+{hms(-seconds)}"


def wall(view: View, epoch: float, *, seconds: bool = False) -> str:
    """Return a time of day at the venue: 19:05, or 19:05:09."""
    return _at(view, epoch).strftime("%H:%M:%S" if seconds else "%H:%M")


def ending(view: View, epoch: float) -> str:
    """Return when something ends: a midnight is the day's own end, 24:00."""
    there = _at(view, epoch)
    if there.strftime("%H:%M:%S") == "00:00:00" and there.date() != _at(view, view.wall).date():
        return "24:00"
    return there.strftime("%H:%M")


def day(view: View, epoch: float) -> date | None:
    """Return the date of a moment at the venue, or None if that is today."""
    then, today = _at(view, epoch).date(), _at(view, view.wall).date()
    return None if then == today else then


def _at(view: View, epoch: float) -> datetime:
    return almanac.at(epoch, view.bill.timezone)


def _ahead(view: View) -> float:
    return min(max(0.0, view.now - view.seen), AHEAD)
