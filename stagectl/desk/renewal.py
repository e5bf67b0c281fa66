"""All that a desk needs to go on with another version of its show, made before anybody asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stagectl.core.book import Book
from stagectl.core.model import Parameter
from stagectl.core.wire import Wire
from stagectl.desk.link import Make
from stagectl.engine.reload import Offer
from stagectl.engine.snapshot import UnusedRow

Touched = Mapping[str, bool]
"""Devices whose driver must hear of a new version; True: it is made anew."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """One version of the show. `letter` is the file of what panels get.

    `copies` is the file of a line for the journal; None: the journal has it. `touched` is against
    the version that would be left.
    """

    book: Book
    makes: Mapping[str, Make]
    cues: frozenset[str]
    letter: Path
    copies: Path | None = None
    offer: Offer | None = None
    touched: Touched = field(default_factory=dict)

    def left_for(self, newer: "Renewal") -> "Renewal":
        """Return what would bring us back, once `newer` runs."""
        return replace(self, copies=None, offer=None, touched=newer.touched)


@dataclass(frozen=True, slots=True)
class News:
    """What was found on the disk: a version that can be taken, or why there is none."""

    renewal: Renewal | None = None
    unused: UnusedRow | None = None


Renewed = Callable[[Renewal], None]
"""Told, on the desk's thread, that a version runs from now on."""


def wires_of(book: Book, device: str) -> dict[Parameter, Wire]:
    """Return a device's own wires, by their full names."""
    return {p: w for p, w in book.wires.items() if p.partition(".")[0] == device}


def touched(old: Book, new: Book) -> Touched:
    """Return which drivers must hear of `new`: a wire that only went is no reason."""
    found = {}
    for device in new.venue.devices:
        anew = old.profiles.get(device) != new.profiles.get(device)
        known = wires_of(old, device)
        if anew or any(known.get(p) != wire for p, wire in wires_of(new, device).items()):
            found[device] = anew
    return found


def needs_a_start(old: Book, new: Book) -> tuple[str, ...]:
    """Return the devices that a running desk cannot take: another address, another program …"""
    names = dict.fromkeys((*new.venue.devices, *old.venue.devices))
    return tuple(name for name in names if _device(old, name) != _device(new, name))


def _device(book: Book, name: str) -> object:
    found, profile = book.venue.devices.get(name), book.profiles.get(name)
    if found is None:
        return None
    # whom a name stands for is in the wires; whether the public sees it is for screens
    return replace(found, names={}, public=False), profile and profile.driver
