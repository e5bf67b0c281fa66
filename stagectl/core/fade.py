"""A fade is a function of time, so nobody has to step it."""

import math
from dataclasses import dataclass

from stagectl.core.model import Value


@dataclass(frozen=True, slots=True)
class Fade:
    """A value on its way from `before` to `after`; `start` and `seconds` on the desk's clock.

    Before `start` (a pre-wait) an earlier fade may still be running: then `before` is that fade.
    Only numbers travel; words and switches change at the start. −∞ travels from `floor`.
    """

    before: "Value | Fade"
    after: Value
    start: float
    seconds: float = 0.0
    floor: float = -math.inf

    @property
    def end(self) -> float:
        """When the last value is due."""
        return self.start + self.seconds if self.travels else self.start

    @property
    def travels(self) -> bool:
        """Tell whether there is anything between the first value and the last."""
        return self.seconds > 0 and _is_number(self.after) and _is_number(self._from)

    def value(self, now: float) -> Value:
        """Return the value at `now`."""
        if now < self.start:
            return self.before.value(now) if isinstance(self.before, Fade) else self.before
        before, after = self._from, self.after
        if now >= self.start + self.seconds or isinstance(before, str) or isinstance(after, str):
            return after
        if isinstance(before, bool) or isinstance(after, bool):
            return after
        low, high = max(before, self.floor), max(after, self.floor)
        return low + (high - low) * (now - self.start) / self.seconds

    def joined(self, back: "Fade", met: float) -> "Fade":
        """Return this way with `back` until `met`, and from there on as if nothing had been."""
        before: Fade = back
        if self.start > met and isinstance(self.before, Fade):
            before = self.before.joined(back, met)
        start = max(self.start, met)
        return Fade(before, self.after, start, max(0.0, self.end - start), self.floor)

    @property
    def _from(self) -> Value:
        return self.before.value(self.start) if isinstance(self.before, Fade) else self.before


def _is_number(value: Value) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)
