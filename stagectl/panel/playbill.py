"""What a face is told once: all of the show that does not change while it runs."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stagectl.core.wire import Kind

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


@dataclass(frozen=True, slots=True)
class Playbill:
    """The show and the venue, as far as a face needs them."""

    show: str = ""
    start: str = ""
    venue: str = ""
    timezone: str = ""
    language: str = ""
    cues: tuple[CueLine, ...] = ()
    controls: Mapping[str, Control] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    """A device's name → what people call it."""
    scenes: Mapping[str, str] = field(default_factory=dict)
    """A scene's name → what its button says."""
    safe: bool = True
    """The venue has a scene for «Stopp alt»."""
    cover: bool = True
    index: Mapping[str, int] = field(default_factory=dict)
    """A cue's number → its place in the running order."""
    chapters: tuple[int, ...] = ()
    """The places of the cues that have a heading above them."""

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
    return Playbill(
        show=_text(show.get("name")),
        start=_text(show.get("start")),
        venue=_text(venue.get("name")),
        timezone=_text(venue.get("timezone")),
        language=_text(venue.get("language")),
        cues=cues,
        controls={str(p): _control(c) for p, c in plain.get("parameters", {}).items()},
        devices={str(n): _label(d, str(n)) for n, d in plain.get("devices", {}).items()},
        scenes={str(n): _label(s, str(n)) for n, s in plain.get("scenes", {}).items()},
        safe=bool(venue.get("safe", True)),
        cover=bool(venue.get("cover", True)),
        index={cue.number: n for n, cue in enumerate(cues)},
        chapters=tuple(n for n, cue in enumerate(cues) if cue.chapter),
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
    return Control(
        kind=kind if kind in ("switch", "number", "word", "text") else "text",
        unit=_text(plain.get("unit")),
    )


def _label(plain: object, name: str) -> str:
    return (_text(plain.get("label")) if isinstance(plain, Mapping) else _text(plain)) or name


def _text(plain: object) -> str:
    return plain if isinstance(plain, str) else ""


def _seconds(plain: object) -> float | None:
    return None if plain is None else float(plain)  # type: ignore[arg-type] # float() refuses the rest
