"""How one parameter is said to its device, heard from it, and told apart."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from stagectl.core.model import Value

Kind = Literal["switch", "number", "word", "text"]
Curve = tuple[tuple[float, float], ...]  # (what people say, what the wire says), both rising


@dataclass(frozen=True, slots=True)
class Wire:
    """How one parameter is said to its device.

    `low` and `high` are in `unit`; `type` is the driver's own (OSC: f i s T) and is never guessed
    from a Python type. `steps` is how many positions the device can tell apart over the wire's
    range (0: any). `words` maps what people say to what the wire says. `among` names the fact in
    which the device lists what may be said.
    """

    kind: Kind
    address: str = ""
    type: str = ""
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    curve: Curve = ()
    words: tuple[tuple[Value, Value], ...] = ()
    steps: int = 0
    read: bool = False
    rest: Value | None = None
    among: str = ""

    @property
    def floor(self) -> float:
        """The lowest value a fade can travel from: −∞ is the curve's lowest point."""
        return (
            self.curve[0][0]
            if self.curve
            else max(self.low, -100.0 if self.unit == "dB" else self.low)
        )

    def encode(self, value: Value) -> Value:
        """Return what the wire says for `value`."""
        if self.words:
            return dict(self.words)[value]
        if self.kind == "switch":
            return int(bool(value))
        if self.curve:
            return _bend(self.curve, float(value))
        return value

    def decode(self, heard: Value) -> Value:
        """Return what people say for what the wire said; raises KeyError for a word unknown."""
        if self.words:
            return {wire: said for said, wire in self.words}[heard]
        if self.kind == "switch":
            return bool(heard)
        if self.kind != "number":
            return str(heard)
        if not self.curve:
            return float(heard)
        if self.unit == "dB" and float(heard) <= self.curve[0][1]:
            return -math.inf
        return _bend(tuple((wire, said) for said, wire in self.curve), float(heard))

    @property
    def has_travel(self) -> bool:
        """Tell whether a fader can ride it: a number with two ends."""
        ends = math.isfinite(self.low) and math.isfinite(self.high)
        return self.kind == "number" and not self.words and (bool(self.curve) or ends)

    def position(self, value: Value) -> float:
        """Return where a fader for it stands, from 0.0 to 1.0; `has_travel` must be."""
        low, high = self._ends
        return min(max((float(self.encode(value)) - low) / (high - low), 0.0), 1.0)

    def at(self, position: float) -> Value:
        """Return the value where a fader stands at `position`; the opposite of `position`."""
        low, high = self._ends
        return self.decode(low + position * (high - low))

    @property
    def _ends(self) -> tuple[float, float]:
        return (self.curve[0][1], self.curve[-1][1]) if self.curve else (self.low, self.high)

    def same(self, one: Value, other: Value) -> bool:
        """Tell whether the device could not tell the two apart (within one step)."""
        if one == other:
            return True
        if self.kind != "number" or isinstance(one, str) or isinstance(other, str):
            return False
        if not self.curve:
            return abs(one - other) <= self._slack
        apart = abs(float(self.encode(one)) - float(self.encode(other)))
        span = self.curve[-1][1] - self.curve[0][1]
        return apart <= span * (1.0 / self.steps if self.steps else 1e-6) * 1.001

    @property
    def _slack(self) -> float:
        span = self.high - self.low
        if math.isfinite(span):
            return 1.001 * span / self.steps if self.steps else 1e-6 * max(span, 1.0)
        return 0.05 if self.unit == "dB" else 1e-6


def _bend(curve: Curve, x: float) -> float:
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return curve[-1][1]
