"""What a show needs of its devices by name, and which of it a device itself says it does not have.

Nothing is missing by silence: a device that is away, or never lists what it has, is not blamed.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from stagectl.core.book import Book
from stagectl.core.model import Look, Parameter
from stagectl.engine.report import Fact

MISSING = "missing"
"""The fact in which a device names the parameters it has no room for."""

_ARGUMENTS = {"obs": dict.fromkeys(("play", "pause", "stop", "restart"), "inputs")}
"""By driver: the verbs whose argument names something that the device lists, and in which fact."""

AllFacts = Mapping[str, Mapping[str, Fact]]  # by device


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a device must have.

    `name` is a word that it lists in its fact `among`; or, where `among` is "missing", a parameter
    in the venue's words. `of` is what the word is put at or said to: "obs.program", "obs.play".
    """

    device: str
    among: str
    name: str
    of: str = ""


def needs(book: Book) -> tuple[Need, ...]:
    """Return every word that the show and the venue put or say where a device lists its own.

    Parameters are not among them: all of `book.wires` is needed.
    """
    found: dict[Need, None] = {}
    listed = {p: wire.among for p, wire in book.wires.items() if wire.among}
    scenes: list[Look] = [scene.look for scene in book.venue.scenes.values()]
    looks: list[Look] = [book.show.base, *scenes]
    looks += [cue.sets for cue in book.show.cues]  # a group's parts are in it
    for p, among in listed.items():
        device = p.partition(".")[0]
        words = dict.fromkeys(look[p] for look in looks if p in look)
        found |= {Need(device, among, str(word), p): None for word in words}
    drivers = {name: profile.driver for name, profile in book.profiles.items()}
    for do in dict.fromkeys(do for cue in book.show.cues for do in cue.dos):
        among = _ARGUMENTS.get(drivers.get(do.device, ""), {}).get(do.verb, "")
        if among and do.argument:
            found[Need(do.device, among, do.argument, f"{do.device}.{do.verb}")] = None
    return tuple(found)


class Lacking:
    """What is known to be missing, looked for only when what the devices list has changed."""

    def __init__(self, book: Book) -> None:
        """Know what one version of a show needs: a pass over its cues, and no part of a GO."""
        self._parameters = book.wires
        self._needs: dict[str, list[Need]] = {device: [] for device in book.venue.devices}
        for need in needs(book):
            self._needs[need.device].append(need)
        self._lists = {
            device: (MISSING, *dict.fromkeys(need.among for need in mine))
            for device, mine in self._needs.items()
        }
        self._seen: tuple[object, ...] = ()
        self._found: tuple[Need, ...] = ()

    def of(self, facts: AllFacts, linked: Container[str]) -> tuple[Need, ...]:
        """Return what devices that answer say they do not have; `facts` by device."""
        seen = tuple(
            facts.get(device, _NOTHING).get(name) if device in linked else None
            for device, names in self._lists.items()
            for name in names
        )
        if seen != self._seen:
            self._seen = seen
            self._found = tuple(
                need
                for device in self._lists
                if device in linked
                for need in self._of_device(device, facts.get(device, _NOTHING))
            )
        return self._found

    def _of_device(self, device: str, facts: Mapping[str, Fact]) -> list[Need]:
        listed = {name: _lines(facts.get(name)) for name in self._lists[device]}
        gone: list[Parameter] = [p for p in listed[MISSING] or () if p in self._parameters]
        found = [Need(device, MISSING, p) for p in gone]
        for need in self._needs[device]:
            names = listed[need.among]
            if names is not None and need.name not in names:
                found.append(need)
        return found


_NOTHING: Mapping[str, Fact] = {}


def _lines(fact: Fact | None) -> dict[str, None] | None:
    """Return the names in a fact, in their order; None: the device does not list them."""
    return dict.fromkeys(fact.splitlines()) if isinstance(fact, str) else None
