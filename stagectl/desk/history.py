"""Reads a journal as the log of its run, while the run goes on or years after.

Nothing is asked of the desk: its journal is a file that others may read, and a GO waits for nobody
who looks back.
"""

import json
import pickle
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from stagectl.core.book import Book
from stagectl.desk import handover, journal
from stagectl.desk.journal import Copied, Opened, Past, Started
from stagectl.desk.place import Place, UnsafePlaceError
from stagectl.desk.shelf import newest
from stagectl.engine.asrun import AsRun, Plan
from stagectl.engine.plain import from_plain
from stagectl.engine.story import as_run


def log_of(path: Path) -> AsRun:
    """Return the log of a journal, whole or damaged; raises OSError when it cannot be read."""
    clock, copies = _heads(path)
    past = journal.read(path, now=clock.at, wall=clock.wall, boot=clock.boot)
    epoch = clock.wall - clock.at
    if not past.starts and past.events:  # no line says what time it was: the file's own does
        epoch = path.stat().st_mtime - past.events[-1].at
    running = not past.ended and is_running(path)
    return as_run(
        past.events,
        _plans(path, past, copies),
        past.opened.digest if past.opened else past.digest,
        epoch=epoch,
        now=time.time() if running else None,
        damaged=past.damaged,
    )


def is_running(path: Path) -> bool:
    """Tell whether a desk writes this journal now."""
    place = _place(path)
    return newest(place.journal) == path and place.running()


def _place(path: Path) -> Place:
    return Place(path.absolute().parent.parent)


def _heads(path: Path) -> tuple[Started, list[Copied]]:
    """Return the last moment at which the clocks were read, and the copies of reloaded files."""
    clock, copies = Started(0.0, 0.0, "", 0), []
    for entry in _entries(path):
        if isinstance(entry, Started):
            clock = entry
        else:
            copies.append(entry)
    return clock, copies


def _entries(path: Path) -> Iterator[Started | Copied]:
    with path.open("rb") as file:
        for line in file:
            kind = next((kind for start, kind in _KINDS.items() if line.startswith(start)), None)
            if kind is None:
                continue
            try:
                plain = json.loads(line)
                entry: Started | Copied = from_plain(
                    kind, {k: v for k, v in plain.items() if k != "type"}
                )
            except (ValueError, RecursionError):  # torn: journal.read counts it
                continue
            yield entry


_KINDS: Mapping[bytes, type[Started | Copied]] = {
    b'{"type":"Started"': Started,
    b'{"type":"Copied"': Copied,
}


def _plans(path: Path, past: Past, copies: list[Copied]) -> dict[str, Plan]:
    """Return the plan of each version of the files that was run."""
    plans: dict[str, Plan] = {}
    opened = past.opened
    if opened is None:
        return plans
    versions: list[Opened | Copied] = [opened, *copies]
    for version in versions:
        if version.digest not in plans:
            plans[version.digest] = _plan(path, opened, version)
    return plans


def _plan(path: Path, opened: Opened, version: Opened | Copied) -> Plan:
    from stagectl.files import planned

    # reading YAML takes seconds where a show has ten thousand cues: its desk has left the book
    if (book := _book(_place(path), version.digest)) is not None:
        return planned.plan_of(book)
    texts = version.files
    return planned.plan_in(texts.get(opened.show_path, ""), texts.get(opened.venue_path, ""))


def _book(place: Place, digest: str) -> Book | None:
    try:
        book = handover.take(place, digest).book
    except (OSError, UnsafePlaceError, pickle.UnpicklingError, EOFError, AttributeError):
        return None  # of another version of stagectl, or gone
    return book if book.digest == digest else None
