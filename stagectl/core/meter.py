"""Where a device says how loud its things are: in which message, at which place of it, in what."""

import math
from dataclasses import dataclass
from typing import Literal

from stagectl.core.pattern import Pattern

Measure = Literal["linear", "256ths"]
"""linear: 32 bits with a point, 1.0 is full scale. 256ths: 16 bits, whole 256ths of a dB."""

MEASURES: tuple[Measure, ...] = ("linear", "256ths")


@dataclass(frozen=True, slots=True)
class Bank:
    """One message full of levels.

    `address` is the message's own; `say` asks for it, again every `every` seconds (0: it need not
    be asked for). `places` are stems, each with where its levels stand: "3", or "22 23" for two of
    which the louder counts.
    """

    address: str
    measure: Measure = "linear"
    say: str = ""
    every: float = 0.0
    places: tuple[Pattern, ...] = ()


def decibels(linear: float) -> float:
    """Return the dB of a factor: −∞ for silence, NaN for what is no loudness."""
    if not math.isfinite(linear) or linear < 0:
        return math.nan
    return 20 * math.log10(linear) if linear > 0 else -math.inf
