"""What a show and a venue say, before any name in them has been looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stagectl.core.model import Person
from stagectl.core.problem import Said, Source
from stagectl.core.profile import Profile


@dataclass(frozen=True, slots=True)
class Setting:
    """`mixer: {host: {level: -5 dB}}` is ("mixer", "host", "level") and "-5 dB".

    One word may hold several names with dots between. A Do is written the same way.
    """

    words: tuple[Said, ...]
    value: Said

    @property
    def path(self) -> str:
        """Return the whole name: "mixer.host.level"."""
        return ".".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """One part of a group; `wait` is what it says itself, `fade` None where it says none."""

    name: str = ""
    scene: Said | None = None
    sets: tuple[Setting, ...] = ()
    dos: tuple[Setting, ...] = ()
    fade: float | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class WrittenCue:
    """One cue; durations are seconds, `at` is seconds since the epoch."""

    number: Said
    name: str = ""
    notes: str = ""
    scene: Said | None = None
    sets: tuple[Setting, ...] = ()
    dos: tuple[Setting, ...] = ()
    fade: float = 0.0
    wait: float = 0.0
    follow: float | Literal["end"] | None = None
    at: float | None = None
    length: float | None = None
    block: bool = False
    chapter: str = ""
    group: tuple[WrittenPart, ...] = ()

    @property
    def parts(self) -> "tuple[WrittenCue | WrittenPart, ...]":
        """The cue itself and the parts of its group: all that can name a scene or put a value."""
        return (self, *self.group)


@dataclass(frozen=True, slots=True)
class WrittenShow:
    """A show file."""

    source: Source
    name: str
    cues: tuple[WrittenCue, ...]
    date: str = ""
    start: str = ""
    language: str = ""
    people: Mapping[str, Person] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenDevice:
    """A device; `profile` is None when it could not be had, which has been said already."""

    name: Said
    profile_name: str
    profile: Profile | None
    at: Said | None = None
    secret: str = ""
    names: tuple[tuple[Said, Said], ...] = ()
    public: bool = False
    run: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenScene:
    """A scene of the venue."""

    name: Said
    label: str = ""
    still: bool = False
    sets: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenBinding:
    """What a control does: one text, or `{set: …, do: …}`."""

    name: Said
    deed: Said | None = None
    sets: tuple[Setting, ...] = ()
    dos: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenVenue:
    """A venue file; `top` is where its own name stands."""

    source: Source
    name: str
    top: Said
    devices: tuple[WrittenDevice, ...] = ()
    base: tuple[Setting, ...] = ()
    scenes: tuple[WrittenScene, ...] = ()
    safe: Said | None = None
    cover: Said | None = None
    language: str = "nb"
    timezone: str = "Europe/Oslo"
    controls: tuple[tuple[Said, tuple[WrittenBinding, ...]], ...] = ()
    """By device, in the order written."""
