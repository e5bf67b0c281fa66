"""What the process that read and checked the files leaves for the desk that will run them.

The engine is loaded only where an earlier run is looked at: a start is made of what is imported.
"""

import pickle
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stagectl.core.book import Book
from stagectl.core.value import Unfit
from stagectl.desk.agreed import leave_wards
from stagectl.desk.place import Place, home_of, write_private
from stagectl.desk.playbill import letter, playbill
from stagectl.desk.shelf import is_ended, newest

if TYPE_CHECKING:
    from stagectl.engine.event import Event

FORGOTTEN = 12 * 3600.0  # seconds: an evening's run is not taken up again another day


@dataclass(frozen=True, slots=True)
class Options:
    """What `run` was told: addresses as (host, port), the guard in seconds, a journal file name."""

    journal: str
    listen: tuple[str, int] = ("127.0.0.1", 0)
    osc_in: tuple[str, int] | None = None
    osc_from: tuple[str, ...] = ()
    guard: float = 0.5
    language: str = ""
    mortal: bool = False
    """The desk goes when its keeper does: a demo, whose stage is gone then too."""
    at: Mapping[str, str] = field(default_factory=dict)
    """Devices that are somewhere else than the venue says."""


@dataclass(frozen=True, slots=True)
class Handover:
    """All a desk is given. `files` are copies of the show and the venue, text by path."""

    book: Book
    options: Options
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unended:
    """A run that nobody ended: its journal's name, the time of its last word, where it was.

    `ours`: it is to be taken up again. `last` is seconds since the epoch.
    """

    name: str
    last: float
    onstage: str
    ours: bool
    digest: str = ""
    """Of the files that ran last; "" where nothing says it."""
    dropped: "tuple[Event, ...]" = ()
    """What the files of now no longer have a place for."""


def unended(place: Place, book: Book) -> Unended | None:
    """Return the place's last run if it was never ended and the stage had been touched.

    It is `ours` if it was of the same show, today: another show's is only kept.
    """
    path = newest(place.journal)
    if path is None or is_ended(path):
        return None
    from stagectl.desk import journal
    from stagectl.engine.engine import Engine
    from stagectl.engine.event import Began

    wall = time.time()
    try:
        past = journal.read(path, now=time.monotonic(), wall=wall, boot=journal.boot_id())
        last = path.stat().st_mtime
    except OSError:
        return None
    if past.ended or not any(isinstance(event, Began) for event in past.events):
        return None
    same = past.opened is not None and past.opened.show_path == book.show_path
    dropped: list[Event] = []
    place_in = Engine.resume(book, fitting(book, past.events, dropped.append)).run.place
    return Unended(
        path.name,
        last,
        place_in.onstage_number or "",
        same and wall - last < FORGOTTEN,
        past.digest,
        tuple(dropped),
    )


def leave(place: Place, handover: Handover) -> None:
    """Leave it in the desk's folder; beside it what panels get, encoded, and what is kept."""
    place.forget_books()
    write_private(place.book, pickle.dumps(handover, pickle.HIGHEST_PROTOCOL))
    write_private(place.face_book, _letter(handover))
    devices = handover.book.venue.devices.values()
    programs = {device.name: device.run for device in devices if device.run}
    leave_wards(place, home_of(Path(handover.book.show_path)), programs)


def leave_version(place: Place, handover: Handover) -> None:
    """Leave another version of the show that runs there, in case somebody takes it."""
    digest = handover.book.digest
    write_private(place.book_of(digest), pickle.dumps(handover, pickle.HIGHEST_PROTOCOL))
    write_private(place.book_of(digest).with_suffix(".json"), _letter(handover))


def _letter(handover: Handover) -> bytes:
    options = handover.options
    return letter(
        playbill(
            handover.book,
            guard=options.guard, language=options.language, rehearsal=options.mortal,
        )
    )  # fmt: skip


def take(place: Place, digest: str = "") -> Handover:
    """Return what was left, of this version if it is there; raises UnsafePlaceError, OSError."""
    place.trust()
    other = place.book_of(digest)
    path = other if digest and other.exists() else place.book
    # a pickle runs what it says: this one lies in a folder that only this user can write in
    handover: Handover = pickle.loads(path.read_bytes())  # noqa: S301 -- see above
    return handover


def take_newest(place: Place) -> Handover:
    """Return what was left, in the version that ran last: its `Reloaded` in the journal counts."""
    given = take(place)
    if not any(place.folder.glob("book-*")):
        return given
    from stagectl.desk import journal

    try:
        past = journal.read(place.journal / given.options.journal, now=0.0, wall=0.0, boot="")
        return take(place, past.digest) if past.digest != given.book.digest else given
    except (OSError, pickle.UnpicklingError, EOFError):  # a disk that lost it: better the old show
        return given


def fitting(
    book: Book, events: "Iterable[Event]", dropped: "Callable[[Event], None]" = lambda _: None
) -> "tuple[Event, ...]":
    """Return the events that still mean something: the show may have been edited since.

    `dropped` is told the others, one by one; not those before a `Reloaded`, which says all anew.
    """
    events = tuple(events)
    since = max((n for n, e in enumerate(events) if type(e).__name__ == "Reloaded"), default=-1)
    cues = {cue.number for cue in book.show.cues} | {""}
    wires = book.wires.keys() | {""}
    kept = []
    for n, event in enumerate(events):
        known = getattr(event, "cue", "") in cues and getattr(event, "parameter", "") in wires
        if known and _still_means(book, event):
            kept.append(event)
        elif n > since:
            dropped(event)
    return tuple(kept)


def _still_means(book: Book, event: "Event") -> bool:
    from stagectl.engine.event import Held, Named
    from stagectl.engine.run import fitted

    match event:
        case Named(role=role):
            return role in book.show.people
        case Held(parameter=parameter, value=value):
            try:
                fitted(value, book.wires[parameter])
            except Unfit:
                return False
    return True
