"""A device profile is data: what one kind of device has, and how each thing of it is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stagectl.core.control import Control, ControlPattern
from stagectl.core.meter import Bank
from stagectl.core.model import Value
from stagectl.core.pattern import Pattern
from stagectl.core.wire import Wire


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
    meters: tuple[Bank, ...] = ()
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
