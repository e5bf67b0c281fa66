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

    `argument` is "" (none), "number", "text" or "one of": then `choices` lists them. `latch` says
    that start|stop is a state people own: "restore" after a reconnect, or "ask" first. `pulse`
    presses and lets go: the device hears 1, and a moment later 0.
    """

    name: str
    argument: Literal["", "number", "text", "one of"] = ""
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
        ranges = [range(int(slot[1]), int(slot[2]) + 1) for slot in _SLOT.finditer(self.path)]
        return (self.name(tuple(map(str, numbers))) for numbers in product(*ranges))

    def under(self, stem: str) -> str | None:
        """Return the one path that begins with `stem`, a dot and no further slot, or None."""
        words, stems = _words(self.path), stem.split(".")
        path = ".".join(stems + words[len(stems) :])
        known = len(stems) <= len(words) and "{" not in path and self.slots(path) is not None
        return path if known else None


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
    source: str = ""

    def wire(self, path: str) -> Wire | None:
        """Return the wire of a parameter by the profile's own path, or None."""
        return next((w for p in self.parameters if (w := p.match(path)) is not None), None)

    def main(self, stem: str) -> str | None:
        """Return the path meant by a name with no parameter after it: "ch.1" → "ch.1.on"."""
        for pattern in self.parameters:
            if pattern.main:
                head, _, tail = pattern.path.rpartition(".")
                if head and pattern.match(f"{stem}.{tail}") is not None:
                    return f"{stem}.{tail}"
        return None


def _words(path: str) -> list[str]:
    """Split at the dots that are not inside a slot: `{1..32}` is one word."""
    return _WORD.findall(path)


_WORD = re.compile(r"(?:\{[^}]*\}|[^.{])+")
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
