"""What runs there were in a place, told by the few lines of each journal that say so."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stagectl.desk.place import Place


@dataclass(frozen=True, slots=True)
class Ran:
    """One run; moments are seconds since the epoch. `ended` is None where nobody ended it."""

    journal: Path
    show_path: str
    began: float
    last: float
    ended: float | None = None
    newest: bool = False
    """It is the place's last run: only that one can be taken up again."""


@dataclass(slots=True)
class Runs:
    """The runs of one place; a journal that has not changed is not read again."""

    place: Place
    _read: dict[Path, tuple[tuple[int, int], Ran | None]] = field(default_factory=dict)

    def all(self) -> tuple[Ran, ...]:
        """Return those in which a cue has gone, the newest first."""
        found = []
        journals = sorted(self.place.journal.glob("*.jsonl"), reverse=True)
        for journal in journals:
            try:
                status = journal.stat()
                stamp = (status.st_size, status.st_mtime_ns)
                if (known := self._read.get(journal)) is None or known[0] != stamp:
                    self._read[journal] = known = (stamp, ran(journal))
            except OSError:  # taken away just now
                continue
            if known[1] is not None:
                found.append(replace(known[1], newest=journal is journals[0]))
        return tuple(found)


def ran(journal: Path) -> Ran | None:
    """Return what a journal tells of its run, None if nothing went in it; raises OSError."""
    show = ""
    offset = began = 0.0
    ended: float | None = None
    for entry in _entries(journal):
        match entry:
            case {"type": "Opened", "show_path": str(path)}:
                show = path
            case {"type": "Started", "at": float(at), "wall": float(wall)}:
                offset = wall - at
            case {"type": "Began", "at": float(at)}:
                began = began or offset + at
            case {"type": "Ended", "at": float(at)}:
                ended = offset + at
    if not began or not show:
        return None
    return Ran(journal, show, began, ended or journal.stat().st_mtime, ended)


def _entries(journal: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that count; the journal writes `type` first in each."""
    with journal.open("rb") as file:
        for line in file:
            if line.startswith(_TELLING):
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):  # torn: the rest is used
                    continue


_TELLING = tuple(f'{{"type":"{kind}"'.encode() for kind in ("Opened", "Started", "Began", "Ended"))
