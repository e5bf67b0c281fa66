"""When cues with a time of day go: the wall clock is heard of once a second, and believed anew."""

import math
from collections.abc import Iterator

from stagectl.core.model import Cue
from stagectl.engine.run import Run

LATE = 2.0  # seconds after which a clock-time cue is missed, not made up
ANEW = 1.0  # seconds: a clock that was set is noticed within this


class Clock:
    """The cues of a run that have a time of day, and what the wall said last."""

    def __init__(self, run: Run) -> None:
        """Know of no wall clock yet."""
        self._run = run
        self._timed = [(n, cue) for n, cue in enumerate(run.place.cues) if cue.at is not None]
        self._wall: float | None = None
        self._heard = -math.inf

    def anew(self) -> "Clock":
        """Return a clock of the cues that the run has now, which heard what we heard."""
        clock = Clock(self._run)
        clock._wall, clock._heard = self._wall, self._heard
        return clock

    def hear(self, now: float, wall: float) -> None:
        """Take the wall clock, in seconds since the epoch, as it is at `now`."""
        self._wall, self._heard = wall, now

    def waiting(self) -> Iterator[tuple[int, Cue, float]]:
        """Yield the cues that may still go by themselves, with seconds until then (< 0: past)."""
        run = self._run
        if run.began is None or run.ended or not self._timed:
            return
        for index, cue in self._timed:
            gone = index <= run.place.onstage or cue.number in run.place.skipped
            if not gone and cue.number not in run.overdue:
                yield index, cue, (cue.at or 0.0) + run.postponed - (self._wall or 0.0)

    @property
    def due(self) -> float:
        """When the clock wants to be looked at next; in the past when it never was."""
        soonest = min((left for _, _, left in self.waiting()), default=math.inf)
        if soonest == math.inf or self._wall is None:
            return math.inf if soonest == math.inf else self._heard
        return self._heard + min(max(soonest, 0.0), ANEW)

    def why_not(self, index: int, late: float) -> str:
        """Return why a cue whose time has come does not go, or ""."""
        run = self._run
        if late >= LATE:
            return "late"
        if run.stage.wanted.safe_since is not None:
            return "safe"
        if not run.stage.live:
            return "holding"
        return "" if index == run.place.standby else "not_standby"
