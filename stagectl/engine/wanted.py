"""What is wanted of every parameter: the tracked look, under hands, under at most one overlay.

It is one show's, and a reload replaces it whole. Where things are, and how they get there, it does
not know.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from stagectl.core.book import Book
from stagectl.core.model import Look, Parameter, Person, Value
from stagectl.core.track import Setting, Track
from stagectl.core.wire import Wire

_BLANK = re.compile(r"\{([^{}]+)\.(name|role)\}")


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody holds a parameter there. `kept`: it is no question any more."""

    value: Value
    at: float
    by: str
    kept: bool = False


class Wanted:
    """What one show wants, by parameter. Names are the venue's ("mixer.host.level")."""

    def __init__(self, book: Book) -> None:
        """Want the base."""
        venue, show = book.venue, book.show
        self.wires = book.wires
        self.device_of = {p: p.partition(".")[0] for p in book.wires}
        self.by_device: dict[str, tuple[Parameter, ...]] = {
            d: tuple(p for p in book.wires if self.device_of[p] == d) for d in venue.devices
        }
        self.texts = frozenset(p for p, wire in book.wires.items() if wire.kind == "text")
        self.track = Track(show)
        self.target: dict[Parameter, Setting] = self.track.at(-1, frozenset())
        self.hands: dict[Parameter, Hand] = {}
        self.people: dict[str, Person] = dict(show.people)
        self.safe_since: float | None = None
        self.cover_since: float | None = None
        self.over: dict[Parameter, tuple[Value, float]] = {}
        """What the overlays put, and since when each counts."""
        self._safe: Look = {**show.base, **(venue.scenes[venue.safe].look if venue.safe else {})}
        self._cover: Look = venue.scenes[venue.cover].look if venue.cover else {}
        self._causes = ["base", *(f"cue {cue.number}" for cue in show.cues)]

    # ---- one parameter

    def bound_for(self, parameter: Parameter) -> Value | None:
        """Return where it is once every fade has ended; None: nobody ever said."""
        if self.over and self.overlaid(parameter):
            return self.spelled(parameter, self.over[parameter][0])
        hand = self.hands.get(parameter)
        if hand is not None:
            return hand.value
        setting = self.target.get(parameter)
        return None if setting is None else self.spelled(parameter, setting[0])

    def overlaid(self, parameter: Parameter) -> bool:
        """Tell whether an overlay decides here: a hand that came after it wins."""
        over, hand = self.over.get(parameter), self.hands.get(parameter)
        return over is not None and (hand is None or hand.at < over[1])

    def overrules(self, parameter: Parameter) -> bool:
        """Tell whether a hand or an overlay decides here, and no cue."""
        return parameter in self.hands or parameter in self.over

    def cause(self, parameter: Parameter) -> str:
        """Say for whose sake a parameter is where it should be."""
        if self.overlaid(parameter):
            return "safe" if self.safe_since is not None else "cover"
        if parameter in self.hands:
            return "hand"
        setting = self.target.get(parameter)
        return "" if setting is None else self._causes[setting[1] + 1]

    def spelled(self, parameter: Parameter, value: Value) -> Value:
        """Fill in the people of this run: `{guest.name}`, `{guest.role}`."""
        if parameter not in self.texts or not isinstance(value, str) or "{" not in value:
            return value
        return _BLANK.sub(self._person, value)

    def _person(self, blank: re.Match[str]) -> str:
        person = self.people.get(blank[1])
        if person is None:
            return blank[0]
        return person.name if blank[2] == "name" else person.role

    # ---- cues, people, overlays

    def move_to(
        self, index: int, skipped: frozenset[str], own: Look, *, step: bool
    ) -> dict[Parameter, Setting | None]:
        """Want the look of a cue; return what that touches, and what was wanted there before.

        `own` is what the cue sets: it is touched even where it changes nothing. `step`: it is the
        next cue, so that this costs what it sets and no more.
        """
        if step:
            changes = self.track.sets(index)
            was = {p: self.target.get(p) for p in changes}
            self.target.update(changes)
            return was
        look, old = self.track.at(index, skipped), self.target
        self.target = look
        return {p: old.get(p) for p, s in look.items() if p in own or old.get(p) != s}

    def ahead(
        self, index: int, skipped: frozenset[str], own: Look, *, step: bool
    ) -> dict[Parameter, Value]:
        """Return the values a cue would want where they may differ from what is wanted now."""
        look: Mapping[Parameter, Setting] = (
            self.track.sets(index) if step else self.track.at(index, skipped)
        )
        return {
            p: self.spelled(p, s[0])
            for p, s in look.items()
            if p not in self.over and (p in own or p not in self.hands or self.target.get(p) != s)
        }

    def keep(self, parameter: Parameter) -> None:
        """The hand is right: it is no question any more."""
        if parameter in self.hands:
            self.hands[parameter] = replace(self.hands[parameter], kept=True)

    def lay(self, name: str, since: float | None) -> None:
        """Lay safe or cover over the look, or take it away (None).

        Safe over a cover leaves the cover's words standing.
        """
        if name == "safe":
            self.safe_since = since
        else:
            self.cover_since = since
        self.over = {}
        for at, look in ((self.safe_since, self._safe), (self.cover_since, self._cover)):
            if at is not None:
                counts = at if self.safe_since is None else max(at, self.safe_since)
                self.over |= {p: (value, counts) for p, value in look.items()}

    # ---- another show

    def stand(
        self,
        index: int,
        skipped: frozenset[str],
        hands: Mapping[Parameter, Hand],
        people: Mapping[str, Person],
        old: "Wanted",
    ) -> None:
        """Want the look of a cue, under these hands and the overlays that `old` is under."""
        self.people = dict(people)
        self.target = self.track.at(index, skipped)
        self.hands = dict(hands)
        self.lay("safe", old.safe_since)
        self.lay("cover", old.cover_since)

    def moved_by(self, heir: "Wanted") -> tuple[Parameter, ...]:
        """Return the parameters that `heir` would want elsewhere than we do."""
        return tuple(
            p
            for p, wire in heir.wires.items()
            if (after := heir.bound_for(p)) is not None and not self._is_bound_for(p, after, wire)
        )

    def _is_bound_for(self, p: Parameter, value: Value, wire: Wire) -> bool:
        if self.wires.get(p) != wire:  # it leads elsewhere, or speaks otherwise
            return False
        there = self.bound_for(p)
        return there is not None and wire.same(there, value)
