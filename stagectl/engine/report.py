"""What a device tells us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stagectl.core.diff import Order
from stagectl.core.model import Look, Parameter, Value

Fact = float | bool | str


@dataclass(frozen=True, slots=True)
class Linked:
    """The device answers. `reading` is what it says it is now: empty when it cannot be asked.

    `restarted` is evidence that it lost its values (OBS's frame counter fell; a mixer reads its
    power-on values), never a guess. `identity` is what it calls itself.
    """

    device: str
    reading: Look = field(default_factory=dict)
    restarted: bool = False
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The device does not answer. `why` is a code of words/ ("refused", "silent", "password" …)."""

    device: str
    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The device says that a parameter is at a value: an echo, a read-back or somebody's hand."""

    parameter: Parameter
    value: Value


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The device says that an order is carried out. For a Command, `Moved` says it as well."""

    order: Order


@dataclass(frozen=True, slots=True)
class Failed:
    """The device refuses an order. `why` is a code of words/ ("missing", "refused", "unknown")."""

    order: Order
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What else the device knows of itself, by name: only what changed need be said.

    A latch (see `Verb.latch`) is a fact by its verb's name: "record" and "stream" are bools.
    Also `record.bytes`, `record.seconds`, `stream.bytes`, `stream.skipped`, `disk.mb` …
    """

    device: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Touched:
    """A key or a fader of a controller is at `raw`, the number its profile's lamp speaks too.

    What it is for, the venue's `controls:` say: the desk makes an intent of it, not the engine.
    """

    device: str
    control: str
    raw: int


@dataclass(frozen=True, slots=True)
class Commanded:
    """Another desk says a MIDI show control command, to device `to`; `cue` "": it named none."""

    device: str
    to: int
    command: str
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud things are at this moment, in dB by stem ("mixer.guest"): 0 is full scale.

    Never lower than `SILENT`, never NaN. Whoever looks gets it and nobody keeps it: the show does
    not know of it, and it may be dropped.
    """

    device: str
    levels: Mapping[str, float]


SILENT = -120.0
"""dB, as low as a level is said; nothing that listens has a quieter floor."""

Report = Linked | Lost | Moved | Acknowledged | Failed | Facts | Touched | Commanded | Levels
