"""What a face is told once: all of the show that does not change while it runs."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stagectl.core.model import NO_LOOK, Look, Value
from stagectl.core.wire import Kind
from stagectl.engine.needs import Need
from stagectl.engine.plain import from_plain

Follow = float | Literal["end"] | None


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a group; `wait` is in seconds from GO."""

    name: str = ""
    fade: float = 0.0
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class CueLine:
    """One line of the running order; durations are seconds, `at` is seconds since the epoch."""

    number: str
    name: str = ""
    notes: str = ""
    scene: str = ""
    length: float | None = None
    follow: Follow = None
    at: float | None = None
    fade: float = 0.0
    wait: float = 0.0
    chapter: str = ""
    """The heading above this cue."""
    group: tuple[PartLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """What sort of values one parameter takes."""

    kind: Kind = "text"
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    words: tuple[str, ...] = ()
    """What it can be put at; where only the device knows, what the venue and the show put."""


@dataclass(frozen=True, slots=True)
class VerbLine:
    """Something a device can be told once.

    `argument` is "", "number", "text", "text or none" or "one of": then `choices` has them all;
    for the others `choices` has what the show says. A `latch` is a recording's or a stream's.
    """

    name: str
    argument: str = ""
    choices: tuple[str, ...] = ()
    latch: bool = False


@dataclass(frozen=True, slots=True)
class Playbill:
    """The show and the venue, as far as a face needs them."""

    show: str = ""
    start: str = ""
    venue: str = ""
    timezone: str = ""
    language: str = ""
    spoken: str = ""
    """The language of the event itself, "" if the show does not say."""
    path: str = ""
    """The show's file, on the desk's machine."""
    cues: tuple[CueLine, ...] = ()
    controls: Mapping[str, Control] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    """A device's name → what people call it."""
    scenes: Mapping[str, str] = field(default_factory=dict)
    """A scene's name → what its button says."""
    looks: Mapping[str, Look] = field(default_factory=dict)
    """A scene's name → what it puts where."""
    verbs: Mapping[str, tuple[VerbLine, ...]] = field(default_factory=dict)
    """A device's name → what it can be told once."""
    public: frozenset[str] = frozenset()
    """The devices that reach the audience or the net."""
    covering: str = ""
    """The scene of «Dekk sendingen»."""
    rehearsal: bool = False
    """The stage is a simulated one: nothing reaches an audience."""
    safe: bool = True
    """The venue has a scene for «Stopp alt»."""
    cover: bool = True
    index: Mapping[str, int] = field(default_factory=dict)
    """A cue's number → its place in the running order."""
    chapters: tuple[int, ...] = ()
    """The places of the cues that have a heading above them."""
    needs: tuple[Need, ...] = ()
    """What the show needs where a device lists what it has."""
    files: tuple[tuple[str, str], ...] = ()
    """What it was made of: ("show", "cues/evening.yaml"), ("venue", …), ("profile", its name)."""

    def cue(self, number: str | None) -> CueLine | None:
        """Return the cue with this number, or None."""
        place = self.index.get(number or "")
        return None if place is None else self.cues[place]

    def chapter(self, number: str | None) -> tuple[int, int] | None:
        """Return where a cue's chapter begins and where the next one does; None: it has none."""
        place = self.index.get(number or "", -1)
        after = bisect_right(self.chapters, place)
        if after == 0:
            return None
        return self.chapters[after - 1], (*self.chapters, len(self.cues))[after]


def read_playbill(plain: Mapping[str, Any]) -> Playbill:
    """Return the playbill in a desk's message; raises ValueError, TypeError or KeyError.

    What a newer desk says beyond this is left aside.
    """
    show, venue = plain["show"], plain["venue"]
    cues = tuple(_cue(c) for c in plain["cues"])
    controls = {str(p): _control(c) for p, c in plain.get("parameters", {}).items()}
    return Playbill(
        show=_text(show.get("name")),
        start=_text(show.get("start")),
        venue=_text(venue.get("name")),
        timezone=_text(venue.get("timezone")),
        language=_text(venue.get("language")),
        spoken=_text(show.get("language")),
        path=_text(show.get("path")),
        cues=cues,
        controls=controls,
        devices={str(n): _label(d, str(n)) for n, d in plain.get("devices", {}).items()},
        scenes={str(n): _label(s, str(n)) for n, s in plain.get("scenes", {}).items()},
        looks={str(n): _look(s, controls) for n, s in plain.get("scenes", {}).items()},
        verbs={
            str(n): _verbs(d, plain.get("profiles", {}))
            for n, d in plain.get("devices", {}).items()
        },
        public=frozenset(
            str(n)
            for n, d in plain.get("devices", {}).items()
            if isinstance(d, Mapping) and d.get("public") is True
        ),
        covering=_text(venue.get("cover")),
        rehearsal=plain.get("rehearsal") is True,
        safe=bool(venue.get("safe", True)),
        cover=bool(venue.get("cover", True)),
        index={cue.number: n for n, cue in enumerate(cues)},
        chapters=tuple(n for n, cue in enumerate(cues) if cue.chapter),
        needs=tuple(from_plain(Need, need) for need in plain.get("needs", {}).get("names", ())),
        files=tuple(
            (_text(kind), _text(name)) for kind, name in plain.get("needs", {}).get("files", ())
        ),
    )


def _cue(plain: Mapping[str, Any]) -> CueLine:
    follow = plain.get("follow")
    return CueLine(
        number=_text(plain["number"]),
        name=_text(plain.get("name")),
        notes=_text(plain.get("notes")),
        scene=_text(plain.get("scene")),
        length=_seconds(plain.get("length")),
        follow="end" if follow == "end" else _seconds(follow),
        at=_seconds(plain.get("at")),
        fade=_seconds(plain.get("fade")) or 0.0,
        wait=_seconds(plain.get("wait")) or 0.0,
        chapter=_text(plain.get("chapter")),
        group=tuple(_part(part) for part in plain.get("group", ())),
    )


def _part(plain: Mapping[str, Any]) -> PartLine:
    return PartLine(
        _text(plain.get("name")),
        _seconds(plain.get("fade")) or 0.0,
        _seconds(plain.get("wait")) or 0.0,
    )


def _control(plain: Mapping[str, Any]) -> Control:
    kind = plain.get("kind")
    low, high = plain.get("low"), plain.get("high")
    return Control(
        kind=kind if kind in ("switch", "number", "word", "text") else "text",
        unit=_text(plain.get("unit")),
        low=-math.inf if low is None else float(low),
        high=math.inf if high is None else float(high),
        words=_words(plain.get("words")) or _words(plain.get("used")),
    )


def _look(plain: object, controls: Mapping[str, Control]) -> Look:
    """What no control stands for is left out: nobody could put it."""
    look = plain.get("look") if isinstance(plain, Mapping) else None
    values: dict[str, Value] = {}
    for name, value in (look or NO_LOOK).items():
        if (control := controls.get(str(name))) is not None:
            is_number = control.kind == "number"  # "-inf" is silence then
            values[str(name)] = from_plain(float if is_number else bool | str, value)
    return values


def _verbs(device: object, profiles: Mapping[str, Any]) -> tuple[VerbLine, ...]:
    if not isinstance(device, Mapping):
        return ()
    profile, said = profiles.get(_text(device.get("profile")), {}), device.get("said", {})
    return tuple(
        VerbLine(
            name := _text(verb["name"]),
            _text(verb.get("argument")),
            _words(verb.get("choices")) or _words(said.get(name)),
            verb.get("latch") is True,
        )
        for verb in profile.get("verbs", ())
    )


def _words(plain: object) -> tuple[str, ...]:
    return tuple(w for w in plain if isinstance(w, str)) if isinstance(plain, list) else ()


def _label(plain: object, name: str) -> str:
    return (_text(plain.get("label")) if isinstance(plain, Mapping) else _text(plain)) or name


def _text(plain: object) -> str:
    return plain if isinstance(plain, str) else ""


def _seconds(plain: object) -> float | None:
    return None if plain is None else float(plain)  # type: ignore[arg-type] # float() refuses the rest
