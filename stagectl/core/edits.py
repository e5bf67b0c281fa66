"""What differs between two versions of a show, as a person would tell it over the intercom."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from stagectl.core.book import Book
from stagectl.core.model import Cue, Look, Parameter, Scene

MOST = 20  # cues that are named; the rest is counted
MOST_SETTINGS = 8  # parameters of one cue that are named


How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class CueEdit:
    """One cue that differs. `what` are fields of `Cue`, or "order"; `sets` the parameters."""

    number: str
    name: str
    how: How
    what: tuple[str, ...] = ()
    sets: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """What a newer version of the files says otherwise; `cues` are the first of those counted."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    cues: tuple[CueEdit, ...] = ()
    people: tuple[str, ...] = ()
    """The roles of those who came, went or are called otherwise."""
    scenes: tuple[str, ...] = ()
    """The scenes of the venue that came, went or look otherwise."""
    room: bool = False
    """The venue's base, or its safe or cover scene's name, is another."""

    @property
    def undone(self) -> "Edits":
        """Return what the older version says otherwise than the newer."""
        back: dict[str, How] = {"added": "removed", "removed": "added", "changed": "changed"}
        cues = tuple(replace(edit, how=back[edit.how]) for edit in self.cues)
        return replace(self, added=self.removed, removed=self.added, cues=cues)


def edits(old: Book, new: Book) -> Edits:
    """Return what `new` has otherwise than `old`: in its running order, what went at the end."""
    before, after = _cues(old), _cues(new)
    turned = _out_of_order(before, after)
    scenes = old.venue.scenes, new.venue.scenes
    found: list[CueEdit] = []
    for number, cue in after.items():
        was = before.get(number)
        if was is None:
            found.append(CueEdit(number, cue.name, "added"))
        elif was is not cue or number in turned:
            what, sets = _between(was, cue, *scenes)
            what += ("order",) if number in turned else ()
            if what:
                found.append(CueEdit(number, cue.name, "changed", what, sets))
    found += [CueEdit(n, c.name, "removed") for n, c in before.items() if n not in after]
    count = {how: sum(e.how == how for e in found) for how in ("added", "removed", "changed")}
    return Edits(
        count["added"],
        count["removed"],
        count["changed"],
        tuple(found[:MOST]),
        _unlike(old.show.people, new.show.people),
        _unlike(*scenes),
        (old.venue.base, old.venue.safe, old.venue.cover)
        != (new.venue.base, new.venue.safe, new.venue.cover),
    )


def _cues(book: Book) -> dict[str, Cue]:
    return {cue.number: cue for cue in book.show.cues}


def _between(
    was: Cue, now: Cue, scenes_then: Mapping[str, Scene], scenes_now: Mapping[str, Scene]
) -> tuple[tuple[str, ...], tuple[Parameter, ...]]:
    """Return the fields in which two versions of a cue differ, and what they put otherwise.

    What the scene brought is the scene's: one that looks otherwise is told once, not by each cue.
    """
    what = tuple(
        f.name
        for f in fields(Cue)
        if f.name != "sets" and getattr(was, f.name) != getattr(now, f.name)
    )
    mine, yours = _own(was, scenes_then), _own(now, scenes_now)
    sets = () if was.scene != now.scene else _unlike(mine, yours)
    return (*what, *(("sets",) if sets else ())), sets[:MOST_SETTINGS]


def _own(cue: Cue, scenes: Mapping[str, Scene]) -> Look:
    scene = scenes.get(cue.scene)
    if scene is None:
        return cue.sets
    return {p: v for p, v in cue.sets.items() if p not in scene.look or scene.look[p] != v}


def _unlike(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names that only one of the two has, or that stand for something else."""
    names = dict.fromkeys((*new, *old))
    return tuple(n for n in names if n not in old or n not in new or old[n] != new[n])


def _out_of_order(before: Mapping[str, Cue], after: Mapping[str, Cue]) -> frozenset[str]:
    """Return the fewest of the common cues that had to move for the one order to be the other."""
    place = {number: n for n, number in enumerate(n for n in before if n in after)}
    common = [number for number in after if number in place]
    kept = _longest_rising([place[number] for number in common])
    return frozenset(number for number in common if place[number] not in kept)


def _longest_rising(row: list[int]) -> frozenset[int]:
    """Return the members of a longest rising run through `row` (patience sorting)."""
    tails: list[int] = []
    behind: dict[int, int | None] = {}
    for n in row:
        at = bisect_left(tails, n)
        behind[n] = tails[at - 1] if at else None
        tails[at : at + 1] = [n]
    kept, last = set(), tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = behind[last]
    return frozenset(kept)
