"""The nouns of a show, as they are said in the booth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = float | bool | str
Parameter = str  # "device.path" in the venue's own names: "mixer.host.level", "obs.program"
Look = Mapping[Parameter, Value]

NO_LOOK: Look = {}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in this run, found by role: `{guest.name}` in a text."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """Trigger something once. Never tracks; a jump or a restart never repeats it.

    `id` is 0 in a file; the engine numbers each occasion, so that an answer finds its question.
    """

    device: str
    verb: str
    argument: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What a group puts and triggers `wait` seconds after GO, numbers over `fade` seconds.

    The cue's own `wait` is in it already, and its `fade` where the part names none.
    """

    name: str = ""
    sets: Look = field(default_factory=dict)
    dos: tuple[Do, ...] = ()
    fade: float = 0.0
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of the running order.

    `sets` is the scene's look with the cue's own `set` on top: what this cue puts, and tracks on.
    Durations are seconds; `at` is seconds since the epoch (the venue's clock, already resolved).
    In a group `sets` and `dos` are those of all its parts, in order: only who asks when what
    comes has to look at the parts. `chapter` is the heading above this cue, as it was typed.
    """

    number: str
    name: str = ""
    notes: str = ""
    scene: str = ""
    sets: Look = field(default_factory=dict)
    dos: tuple[Do, ...] = ()
    fade: float = 0.0
    wait: float = 0.0
    follow: float | Literal["end"] | None = None
    at: float | None = None
    length: float | None = None
    block: bool = False
    chapter: str = ""
    group: tuple[Part, ...] = ()

    @property
    def parts(self) -> "tuple[Cue | Part, ...]":
        """What this cue does, each part at its own time; a cue that is no group is its one part."""
        return self.group or (self,)

    @property
    def does_at_once(self) -> bool:
        """Tell whether a Do comes due with the GO itself."""
        return any(part.dos and not part.wait for part in self.parts)

    @property
    def follow_after(self) -> float | None:
        """Seconds from this cue's start to the next one's, or None: somebody says GO."""
        if self.follow != "end":
            return self.follow
        own = self.wait + self.fade
        return max([own, *(part.wait + part.fade for part in self.group)])


@dataclass(frozen=True, slots=True)
class Show:
    """A cue list, made for one venue: every name is resolved, `base` is the room at rest."""

    name: str
    cues: tuple[Cue, ...]
    base: Look = field(default_factory=dict)
    date: str = ""  # ISO 8601
    start: str = ""  # h:mm
    language: str = ""
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """A named look of the whole room."""

    name: str
    label: str
    look: Look
    still: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """One thing that can be driven.

    `at` is "host", "host:port" or the driver's own ("midi:nanoKONTROL2"); `secret` names a secret,
    it never is one; `names` maps the venue's names to the profile's ("host" → "ch.1").
    """

    name: str
    profile: str
    at: str = ""
    secret: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    public: bool = False
    run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Venue:
    """What a room has and how it can look. `safe` and `cover` name scenes."""

    name: str
    devices: Mapping[str, Device] = field(default_factory=dict)
    base: Look = field(default_factory=dict)
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    safe: str = ""
    cover: str = ""
    language: str = "nb"
    timezone: str = "Europe/Oslo"
