"""A show and a venue become a book, or every mistake of meaning in them is told at once."""

from dataclasses import dataclass, replace

from stagectl.core.book import Book
from stagectl.core.controls import bindings, unheard_of
from stagectl.core.model import Cue, Device, Look, Parameter, Scene, Show, Value, Venue
from stagectl.core.parts import SCENES, Parts
from stagectl.core.problem import Place, Problem, Said
from stagectl.core.room import Room, Who
from stagectl.core.value import Datum
from stagectl.core.written import WrittenCue, WrittenDevice, WrittenShow, WrittenVenue

__all__ = ["SCENES", "Checked", "Place", "Problem", "check", "check_venue"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it: no book if any problem is an error."""

    book: Book | None
    problems: tuple[Problem, ...]


def check(show: WrittenShow, venue: WrittenVenue) -> Checked:
    """Make the book of a show in a venue, or tell all that hinders it."""
    hall = _Hall(venue)
    parts = Parts(hall.room, hall.scenes, show)
    cues = tuple(parts.cue(cue) for cue in show.cues)
    _numbers(show, hall.room)
    _last_and_clock(show, hall.room)
    unheard_of(hall.room, hall.bindings, {cue.number for cue in cues})
    checked = hall.checked(show, cues)
    if checked.book is None or not cues:
        return checked  # a misspelt scene would be one that no cue leads to
    return replace(checked, problems=(*checked.problems, *_unreached(show, venue)))


def check_venue(venue: WrittenVenue) -> Checked:
    """Check a venue by itself, as the room of a show that has no cue."""
    return _Hall(venue).checked(WrittenShow(venue.source, "", ()), ())


class _Hall:
    """A venue whose base and scenes have been looked up."""

    def __init__(self, venue: WrittenVenue) -> None:
        self._venue = venue
        self.room = room = Room(venue)
        self._base = room.look(Who("base"), venue.base)
        self.scenes = {
            s.name.text: Scene(
                name=s.name.text,
                label=s.label or s.name.text,
                look=room.look(Who("scene", s.name.text), s.sets),
                still=s.still,
            )
            for s in venue.scenes
        }
        self.bindings = tuple(bindings(room))
        for overlay, said in (("safe", venue.safe), ("cover", venue.cover)):
            if said is None:
                room.told(f"no_{overlay}", venue.top, "warning", venue=venue.name)
            elif said.text not in self.scenes:
                near = room.near(said.text, self.scenes)
                room.told("overlay_scene", said, overlay=overlay, scene=said.text, near=near,
                          venue=venue.name)  # fmt: skip

    def checked(self, show: WrittenShow, cues: tuple[Cue, ...]) -> Checked:
        """Close the list of problems, and make the book if none of them is an error."""
        base = self._resting()
        problems = tuple(self.room.problems)
        if any(problem.severity == "error" for problem in problems):
            return Checked(None, problems)
        venue = self._venue
        book = Book(
            show=Show(
                name=show.name,
                cues=cues,
                base=base,
                date=show.date,
                start=show.start,
                language=show.language,
                people=dict(show.people),
            ),
            venue=Venue(
                name=venue.name,
                devices={d.name.text: _device(d) for d in venue.devices},
                base=base,
                scenes=self.scenes,
                safe=venue.safe.text if venue.safe else "",
                cover=venue.cover.text if venue.cover else "",
                language=venue.language,
                timezone=venue.timezone,
            ),
            profiles={d.name.text: d.profile for d in venue.devices if d.profile is not None},
            wires={parameter: self.room.wires[parameter] for parameter in base},
            controls=tuple(binding for _, binding in self.bindings),
            show_path=show.source.file,
            venue_path=venue.source.file,
        )
        return Checked(book, problems)

    def _resting(self) -> Look:
        """Give everything that is set or named its value at rest: the base's, else the profile's.

        Without one, a look would depend on the road to it.
        """
        room, base = self.room, dict[Parameter, Value](self._base)
        found = (room.parameter(setting) for setting in self._venue.base)
        tried = {f[0] for f in found if f is not None}  # a refused value has been told already
        for parameter, wire in room.wires.items():
            if parameter in base:
                continue
            if wire.rest is not None:
                base[parameter] = wire.rest
            elif parameter not in tried:
                near = room.near(parameter, self._base)
                room.told("no_rest", room.first[parameter], parameter=parameter, near=near,
                          file=self._venue.source.file)  # fmt: skip
        for parameter, wire in room.named():
            # Not texts: they rest empty, and nobody asked for a console's labels to be wiped.
            if parameter in base or wire.kind not in ("switch", "number"):
                continue
            if wire.rest is not None:
                base[parameter] = wire.rest
                room.wires[parameter] = wire
        return base


def _device(written: WrittenDevice) -> Device:
    return Device(
        name=written.name.text,
        profile=written.profile_name,
        at=written.at.text if written.at else "",
        secret=written.secret,
        names={ours.text: theirs.text for ours, theirs in written.names},
        public=written.public,
        run=written.run,
    )


def _numbers(show: WrittenShow, room: Room) -> None:
    """`2` and `2.0` are one number."""
    first: dict[str, Said] = {}
    for cue in show.cues:
        whole, _, decimals = cue.number.text.partition(".")
        key = f"{whole.lstrip('0') or '0'}.{decimals.rstrip('0')}"
        if key in first:
            room.told("number_twice", cue.number, cue=cue.number.text, line=first[key].line + 1,
                      first=first[key].text)  # fmt: skip
        first.setdefault(key, cue.number)


def _last_and_clock(show: WrittenShow, room: Room) -> None:
    if show.cues and show.cues[-1].follow is not None:
        last = show.cues[-1].number
        room.told("follow_last", last, "warning", cue=last.text)
    before: WrittenCue | None = None
    for cue in show.cues:
        if cue.at is None:
            continue
        if before is not None and before.at is not None and cue.at < before.at:
            room.told("at_backwards", cue.number, "warning", cue=cue.number.text,
                      before=before.number.text)  # fmt: skip
        before = cue


def _unreached(show: WrittenShow, venue: WrittenVenue) -> tuple[Problem, ...]:
    """Tell of all of them in one line: a room has more scenes than an evening needs."""
    used = {part.scene.text for cue in show.cues for part in cue.parts if part.scene}
    used |= {said.text for said in (venue.safe, venue.cover) if said}
    unused = [scene.name for scene in venue.scenes if scene.name.text not in used]
    data: dict[str, Datum] = {"show": show.name, "scenes": tuple(s.text for s in unused)}
    return (Problem("unreached", unused[0].place, data, "warning"),) if unused else ()
