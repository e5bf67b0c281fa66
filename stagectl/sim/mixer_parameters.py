"""What a digital mixer of this family can have to turn: types, steps, the law of its faders.

Source: Unofficial X32/M32 OSC remote protocol, P.-G. Maillot, firmware 4.06; the XAir's own
protocol page (firmware 1.11 or higher) has the same words for the same things.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

Value = float | int | str

ON_OFF = ("OFF", "ON")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`type` is OSC's: f in 0–1 by `steps`, i in 0–`top` (or by one of `words`), s."""

    type: str
    rest: Value
    steps: int = 0
    top: int = 1
    words: tuple[str, ...] = ()

    def accept(self, type_: str, said: object) -> Value | None:
        """Return the value the desk takes for what was said, or None: it takes no notice."""
        if self.type == "f" and type_ == "f" and isinstance(said, float) and not math.isnan(said):
            return self.quantise(said)
        if self.type == "i" and type_ == "i" and isinstance(said, int):
            return min(max(said, 0), self.top)
        if self.type == "i" and type_ == "s" and said in self.words:
            return self.words.index(str(said))
        if self.type == "s" and type_ == "s":
            return str(said)[:12]
        return None  # a wrong type, `T`, a double: as if nothing had come

    def quantise(self, said: float) -> float:
        """Return the nearest position the desk can tell apart, as the float32 it reads back."""
        last = self.steps - 1
        exact = round(min(max(said, 0.0), 1.0) * last) / last
        return float(struct.unpack(">f", struct.pack(">f", exact))[0])


FADER = Parameter("f", 0.0, steps=1024)
SEND = Parameter("f", 0.0, steps=161)
PAN = Parameter("f", 0.5, steps=101)
GAIN = Parameter("f", 0.0, steps=145)
SWITCH = Parameter("i", 0, words=ON_OFF)
OPEN = Parameter("i", 1, words=ON_OFF)  # `mix/on`: 1 is unmuted
NAME = Parameter("s", "")


def strip(root: str, sends: int = 0, *, pan: bool = True) -> Iterator[tuple[str, Parameter]]:
    """Return what a strip has under its address: fader, switch, name, and so many sends."""
    yield f"{root}/mix/fader", FADER
    yield f"{root}/mix/on", OPEN
    yield f"{root}/config/name", NAME
    yield f"{root}/config/icon", Parameter("i", 1, top=74)
    yield f"{root}/config/color", Parameter("i", 7, top=15)
    if pan:
        yield f"{root}/mix/pan", PAN
    for send in range(1, sends + 1):
        yield f"{root}/mix/{send:02}/level", SEND
        yield f"{root}/mix/{send:02}/on", OPEN


def groups(dcas: int, mutes: int) -> Iterator[tuple[str, Parameter]]:
    """Return what the DCAs and the mute groups have."""
    for number in range(1, dcas + 1):
        yield f"/dca/{number}/fader", FADER
        yield f"/dca/{number}/on", OPEN
        yield f"/dca/{number}/config/name", NAME
        yield f"/dca/{number}/config/color", Parameter("i", 7, top=15)
    for number in range(1, mutes + 1):
        yield f"/config/mute/{number}", SWITCH


# (dB, fader): four straight lines; 0 is −∞
_CURVE = ((-90.0, 0.0), (-60.0, 0.0625), (-30.0, 0.25), (-10.0, 0.5), (10.0, 1.0))


def decibels(fader: float) -> float:
    """Return what a fader's position means; −inf at its end."""
    if fader <= 0:
        return -math.inf
    if fader >= 0.5:
        return 40 * fader - 30
    if fader >= 0.25:
        return 80 * fader - 50
    return 160 * fader - 70 if fader >= 0.0625 else 480 * fader - 90


def position(decibel: float) -> float:
    """Return where a fader stands for a level: the other way round."""
    for (low, bottom), (high, top) in pairwise(_CURVE):
        if decibel <= high:
            share = (max(decibel, low) - low) / (high - low)
            return bottom + share * (top - bottom)
    return 1.0


def fader_of(root: str) -> str:
    """Return the address of a strip's fader; its switch is the same with `on`."""
    return f"{root}/fader" if root.startswith("/dca/") else f"{root}/mix/fader"


def switch_of(root: str) -> str:
    """Return the address of a strip's switch: 1 is unmuted."""
    return fader_of(root).removesuffix("fader") + "on"
