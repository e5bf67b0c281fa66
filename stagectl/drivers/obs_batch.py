"""What goes out with the next batch, and what waits for the answer to the last one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from stagectl.core.diff import Command
from stagectl.core.model import Parameter
from stagectl.drivers.obs_words import Answer, Request
from stagectl.engine.report import Report


@dataclass(slots=True)
class Part:
    """Requests that belong together in a batch, and what to make of their answers."""

    requests: list[Request]
    then: Callable[[Sequence[Answer], float], Iterable[Report]]
    command: Command | None = None


@dataclass(slots=True)
class Flight:
    """The batch on its way."""

    id: str
    parts: list[Part]
    until: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """OBS said OK to a command and is not there yet."""

    command: Command
    look: float
    until: float


@dataclass(slots=True)
class Mailbox:
    """What is to be said and asked with the next batch."""

    commands: dict[Parameter, Command] = field(default_factory=dict)
    dos: list[Part] = field(default_factory=list)
    stale: set[Parameter] = field(default_factory=set)
    beat: bool = False

    def __bool__(self) -> bool:
        return bool(self.commands or self.dos or self.stale or self.beat)
