"""A device profile is data: how each parameter is said, heard, and told apart."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise, product
from typing import Literal

from stagectl.core.model import Value

Kind = Literal["switch", "number", "word", "text"]
NO_NAMES: Mapping[str, str] = {}
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


@dataclass(frozen=True, slots=True)
class Verb:
    """Something `do` may trigger once.

    `argument` is "" (none), "number", "text", "text or none", or "one of": then `choices` lists
    them. `latch` says that start|stop is a state people own: "restore" after a reconnect, or "ask"
    first. `pulse` presses and lets go: the device hears 1, and a moment later 0.
    """

    name: str
    argument: Literal["", "number", "text", "text or none", "one of"] = ""
    choices: tuple[str, ...] = ()
    address: str = ""
    type: str = ""
    latch: Literal["", "restore", "ask"] = ""
    pulse: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A family of parameters: `ch.{1..32}.level` or `{input}.level`, with its wire."""

    path: str
    wire: Wire
    main: bool = False

    @property
    def free(self) -> bool:
        """Tell whether a slot takes a name that a person or the device chose."""
        return any(slot[1] is None for slot in _SLOT.finditer(self.path))

    def slots(self, path: str) -> tuple[str, ...] | None:
        """Return what stands in the slots ("ch.3.level" → ("3",)), or None: no such parameter."""
        found = _expression(self.path).fullmatch(path)
        if found is None or not _in_ranges(self.path, found.groups()):
            return None
        return found.groups()

    def name(self, texts: tuple[str, ...]) -> str:
        """Return the path with `texts` in its slots."""
        rest = iter(texts)
        return _SLOT.sub(lambda _: next(rest), self.path)

    def match(self, path: str, names: Mapping[str, str] = NO_NAMES) -> Wire | None:
        """Return the wire of `path` ("ch.3.level"), its address filled in, or None.

        A free slot's text is looked up in `names` for the address only, so that a device's own
        name can have a dot or a slash in it.
        """
        found = self.slots(path)
        if found is None:
            return None
        texts = tuple(
            text if slot[1] else names.get(text, text)
            for slot, text in zip(_SLOT.finditer(self.path), found, strict=True)
        )
        return replace(self.wire, address=_fill(self.wire.address, texts))

    def every(self) -> Iterator[str]:
        """Return each path of a pattern that has no free slot: ch.1.level, ch.2.level …"""
        return (self.name(tuple(map(str, numbers))) for numbers in self.numbers())

    def numbers(self) -> Iterator[tuple[int, ...]]:
        """Return what can stand in the slots of a pattern that has no free one."""
        ranges = [range(int(slot[1]), int(slot[2]) + 1) for slot in _SLOT.finditer(self.path)]
        return product(*ranges)

    def under(self, stem: str) -> str | None:
        """Return the one path that begins with `stem`, a dot and no further slot, or None."""
        words, stems = _words(self.path), stem.split(".")
        path = ".".join(stems + words[len(stems) :])
        known = len(stems) <= len(words) and "{" not in path and self.slots(path) is not None
        return path if known else None


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


@dataclass(frozen=True, slots=True)
class Keepalive:
    """What is said again and again so that a device keeps answering; seconds."""

    say: str
    every: float


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of device, as data. `power_on` is what its parameters read after a restart."""

    name: str
    driver: str
    port: int | None = None
    keepalive: Keepalive | None = None
    probe: str = ""
    power_on: tuple[tuple[str, Value], ...] = ()
    parameters: tuple[Pattern, ...] = ()
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    controls: tuple[ControlPattern, ...] = ()
    source: str = ""

    def wire(self, path: str) -> Wire | None:
        """Return the wire of a parameter by the profile's own path, or None."""
        return next((w for p in self.parameters if (w := p.match(path)) is not None), None)

    def control(self, path: str) -> Control | None:
        """Return a control of this name, or None."""
        return next((c for p in self.controls if (c := p.match(path)) is not None), None)

    def main(self, stem: str) -> str | None:
        """Return the path meant by a name with no parameter after it: "ch.1" → "ch.1.on"."""
        for pattern in self.parameters:
            if pattern.main:
                head, _, tail = pattern.path.rpartition(".")
                if head and pattern.match(f"{stem}.{tail}") is not None:
                    return f"{stem}.{tail}"
        return None


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


def _words(path: str) -> list[str]:
    """Split at the dots that are not inside a slot: `{1..32}` is one word."""
    return _WORD.findall(path)


_WORD = re.compile(r"(?:\{[^}]*\}|[^.{])+")
_ANY = Wire("number")
_SLOT = re.compile(r"\{(?:(\d+)\.\.(\d+)|([a-z][a-z0-9 _]*))\}")
_BLANK = re.compile(r"\{([+-]\d+)?(?::([^}]*))?\}")


@lru_cache(maxsize=1024)
def _expression(path: str) -> re.Pattern[str]:
    """`ch.{1..32}.level` → ch\\.(\\d+)\\.level; a free slot takes anything but a dot or a slash."""
    out, end = "", 0
    for slot in _SLOT.finditer(path):
        out += re.escape(path[end : slot.start()]) + (r"([0-9]{1,9})" if slot[1] else r"([^./]+)")
        end = slot.end()
    return re.compile(out + re.escape(path[end:]))


def _in_ranges(path: str, found: tuple[str, ...]) -> bool:
    return all(
        slot[1] is None or (int(slot[1]) <= int(text) <= int(slot[2]) and text == str(int(text)))
        for slot, text in zip(_SLOT.finditer(path), found, strict=True)
    )


def _fill(template: str, found: tuple[str, ...]) -> str:
    """`/ch/{:02}/mix/fader` with ("3",) → /ch/03/mix/fader; `{-1}` counts from nought."""
    texts = iter(found)

    def one(blank: re.Match[str]) -> str:
        text = next(texts)
        if not blank[1] and not blank[2]:
            return text
        return format(int(text) + int(blank[1] or 0), blank[2] or "")

    return _BLANK.sub(one, template)


def _bend(curve: Curve, x: float) -> float:
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return curve[-1][1]
