"""A control is a key or a fader: what it says when it is touched, and what its lamp hears."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from stagectl.core.pattern import Pattern
from stagectl.core.wire import Wire


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing MIDI can say or hear a value of; channels count from 0 here."""

    kind: str  # "note", "cc", "cc14", "bend" or "program"
    channel: int
    number: int = 0

    @classmethod
    def of(cls, kind: str, address: str) -> "Sign":
        """Read "channel number", the number left out where there is none; raises ValueError."""
        channel, _, number = address.strip().partition(" ")
        return cls(kind, int(channel), int(number or 0))

    @property
    def full(self) -> int:
        """The highest raw value."""
        return 16383 if self.kind in ("cc14", "bend") else 127

    def is_down(self, raw: int) -> bool:
        """Tell whether a key is pressed: any note that is on, the upper half of all else."""
        return raw > 0 if self.kind == "note" else raw > self.full // 2


@dataclass(frozen=True, slots=True)
class Control:
    """A key or a fader of a controller: what it says, and what its lamp hears.

    `kind` "either": it is what it is used as. A fader with a `motor` goes where it is told; one
    without is told too if it has a `lamp`, a ring or a meter. The lamp's raw values go from `off`
    to `on`. `relit`: the device itself changes the lamp when the key is let go.
    """

    name: str
    sign: Sign
    kind: Literal["key", "fader", "either"] = "either"
    lamp: Sign | None = None
    off: int = 0
    on: int = 127
    motor: bool = False
    relit: bool = False


@dataclass(frozen=True, slots=True)
class ControlPattern:
    """A family of controls: `mute.{1..8}`, its addresses "channel number" with blanks."""

    path: str
    type: str
    address: str
    kind: Literal["key", "fader", "either"] = "either"
    lamp_type: str = ""  # "" none
    lamp_address: str = ""
    off: int = 0
    on: int = 127
    motor: bool = False
    relit: bool = False

    def match(self, path: str) -> Control | None:
        """Return the control of this name, or None: it is not one of these."""
        slots = Pattern(self.path, _ANY).slots(path)
        return None if slots is None else self._control(path, tuple(map(int, slots)))

    def every(self) -> Iterator[Control]:
        """Return each control of the family."""
        family = Pattern(self.path, _ANY)
        for numbers in family.numbers():
            yield self._control(family.name(tuple(map(str, numbers))), numbers)

    def _control(self, path: str, numbers: tuple[int, ...]) -> Control:
        sign = _sign_at(self.type, self.address, numbers)
        lamp = None
        if self.lamp_type:
            lamp = _sign_at(self.lamp_type, self.lamp_address, numbers)
        return Control(path, sign, self.kind, lamp, self.off, self.on, self.motor, self.relit)


def _sign_at(kind: str, address: str, numbers: tuple[int, ...]) -> Sign:
    """`_fill` and `Sign.of` for a template that was understood before: there may be thousands."""
    parts = [
        number if slot is None else numbers[slot] + number for slot, number in _parts_of(address)
    ]
    return Sign(kind, *parts)


@lru_cache(maxsize=256)
def _parts_of(address: str) -> tuple[tuple[int | None, int], ...]:
    """`0 {+47}` → a plain 0, and the first slot's number and 47."""
    parts: list[tuple[int | None, int]] = []
    slot = 0
    for part in address.split():
        blank = _BLANK.fullmatch(part)
        parts.append((None, int(part)) if blank is None else (slot, int(blank[1] or 0)))
        slot += blank is not None
    return tuple(parts)


_ANY = Wire("number")
_BLANK = re.compile(r"\{([+-]\d+)?(?::([^}]*))?\}")
