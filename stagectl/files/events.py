"""The shows of a folder are known by name and date at once, and read whole one after the other.

A file is read again only when it, its venue or a profile is another than when it was read; what
was found is remembered from one evening to the next (files/cache.py).
"""

import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from stagectl.core.check import Checked
from stagectl.core.problem import Place, Problem
from stagectl.files import cache
from stagectl.files.disk import BUILT_IN, shown

TEMPLATES = "templates"  # a folder of those is no evening
GLANCE = 4096  # bytes of a file that are looked at for its name and date
RACY = 2.0  # seconds: a file written so shortly before it was read may have changed unseen
KEEP = 5.0  # seconds between two times that what was found is put away

_log = logging.getLogger(__name__)

Stamp = tuple[int, ...] | None
"""What tells a file from what it was, without reading it; None: it is not there."""


class Found(NamedTuple):
    """What one show's file says, and what is wrong with it.

    `venue` is its file's name without the ending; `hall` is what it calls itself, "" until it was
    read. `inputs` are the files it depends on, "" where it has not been read.
    """

    title: str
    date: str = ""
    start: str = ""
    venue: str = ""
    hall: str = ""
    language: str = ""
    mistakes: int = 0
    mistake: Problem | None = None
    inputs: tuple[tuple[str, Stamp], ...] = ()

    @property
    def is_read(self) -> bool:
        """Tell whether it was read whole, not only looked at."""
        return bool(self.inputs)


class Hall(NamedTuple):
    """What the top of a venue's file says: its name, its screens' language, its clock."""

    name: str = ""
    language: str = ""
    timezone: str = ""


@dataclass
class Events:
    """The shows of one folder. One thread at a time."""

    folder: Path
    found: dict[str, Found] = field(default_factory=dict)
    """By absolute path."""
    _own: dict[str, Stamp] = field(default_factory=dict)
    _young: set[str] = field(default_factory=set)
    _known: Mapping[str, Found] | None = None
    _kept_at: float = 0.0
    _news: bool = False

    def look(self, today: str, patience: float) -> int:
        """See what has changed, and read for at most `patience` seconds; return how many are left.

        `today` (ISO 8601) is read first, then what comes, then what has been.
        """
        until = time.monotonic() + patience
        stamps = dict(_files(self.folder))
        if self._known is None:
            self._known = _remembered(self.folder)
        seen: dict[str, Stamp] = dict(stamps)
        for path in self.found.keys() - stamps.keys():
            del self.found[path]
        for path, own in stamps.items():
            self._glance(path, own, seen)
        left = [p for p, found in self.found.items() if not found.is_read or p in self._young]
        left.sort(key=lambda path: _soonest(self.found[path].date, today))
        for path in left:
            self._read(path, stamps[path])
            if time.monotonic() >= until:
                break
        waiting = sum(not found.is_read for found in self.found.values())
        if self._news and (not waiting or time.monotonic() - self._kept_at > KEEP):
            self._keep()
        return waiting

    def _glance(self, path: str, own: Stamp, seen: dict[str, Stamp]) -> None:
        """Know at least the name and the date of a file that is new or has changed."""
        known = self.found.get(path)
        if known is None and self._known:
            known = self._known.get(path)
        if known is not None and known.is_read and _is_as_it_was(known, seen):
            self.found[path] = known
        elif known is None or self._own.get(path) != own or known.is_read:
            self.found[path] = glance(Path(path))
        self._own[path] = own

    def _read(self, path: str, own: Stamp) -> None:
        from stagectl.files.read import Reading

        reading = Reading()
        try:
            checked = reading.show(Path(path), None, None)
        except Exception:  # noqa: BLE001 -- a mistake of ours in one file hides no other evening
            _log.exception("%s cannot be read", path)
            file = shown(Path(path))
            checked = Checked(None, (Problem("unreadable", Place(file), {"file": file}),))
        errors = [p for p in checked.problems if p.severity == "error"]
        book = checked.book
        inputs = {name: _stamp(name) for name in reading.disk.inputs}
        inputs[path] = own
        seen = self.found[path]
        self.found[path] = seen._replace(
            title=book.show.name if book else seen.title,
            date=book.show.date if book else seen.date,
            start=book.show.start if book else seen.start,
            hall=book.venue.name if book else _hall_of(inputs, seen.venue),
            language=book.show.language if book else seen.language,
            mistakes=len(errors),
            mistake=_first(errors, path),
            inputs=tuple(inputs.items()),
        )
        self._young.discard(path)
        newest = max((stamp[0] for stamp in inputs.values() if stamp), default=0)
        if time.time() - newest / 1e9 < RACY:
            self._young.add(path)
        self._news = True

    def _keep(self) -> None:
        whole = {p: f for p, f in self.found.items() if f.is_read and p not in self._young}
        cache.remember(_name(self.folder), {path: tuple(found) for path, found in whole.items()})
        self._kept_at, self._news = time.monotonic(), False


def glance(path: Path) -> Found:
    """Return what the top of a file says, as far as that can be told without reading it whole."""
    said = _top(path)
    day = said.get("date", "")
    clock = said.get("start", "")
    return Found(
        said.get("show") or path.stem,
        day if _DATE.fullmatch(day) else "",
        clock if _CLOCK.fullmatch(clock) else "",
        said.get("venue", "").removesuffix(".yaml"),
        language=said.get("language", ""),
    )


def _first(errors: list[Problem], path: str) -> Problem | None:
    """Return the mistake to be told: of the show itself rather than of its venue."""
    name = Path(path).name
    return min(
        errors,
        key=lambda p: (Path(p.place.file).name != name, p.place.line, p.place.column),
        default=None,
    )


def _hall_of(inputs: Mapping[str, Stamp], venue: str) -> str:
    """Return what the venue of a show with mistakes calls itself."""
    for name, stamp in inputs.items():
        path = Path(name)
        if stamp is not None and path.stem == venue and path.parent.name == "scenes":
            return hall(path).name
    return ""


def hall(venue: Path) -> Hall:
    """Return what the top of a venue's file says."""
    said = _top(venue)
    return Hall(said.get("venue", ""), said.get("language", ""), said.get("timezone", ""))


def _top(path: Path) -> dict[str, str]:
    """Return the simple keys at the top of a file, as far as that can be told by the line."""
    try:
        if not path.is_file():  # a pipe in the folder would be waited for all evening
            return {}
        with path.open("rb") as file:
            head = file.read(GLANCE).decode("utf-8-sig", "replace")
    except OSError:
        return {}
    said: dict[str, str] = {}
    for line in head.split("\ncues:", 1)[0].splitlines():
        if (match := _TOP.match(line)) is not None:
            said.setdefault(match[1], _bare(match[2]))
    return said


def _soonest(day: str, today: str) -> tuple[int, str | int]:
    """Sort today first, then what comes, then what has been, the newest first; then the rest."""
    if not day:
        return 3, ""
    if day >= today:
        return (0 if day == today else 1), day
    return 2, -int(day.replace("-", ""))


def _files(folder: Path) -> Iterator[tuple[str, Stamp]]:
    """Yield the shows below a folder, and what each is now."""
    for at, folders, names in os.walk(folder.absolute()):
        folders[:] = sorted(f for f in folders if f != TEMPLATES and not f.startswith("."))
        for name in sorted(names):
            if name.endswith(".yaml") and not name.startswith("."):
                path = str(Path(at) / name)
                yield path, _stamp(path)


def _stamp(path: str) -> Stamp:
    if path.startswith(BUILT_IN):
        path = str(Path(__file__).parent.parent / path.removeprefix(BUILT_IN))
    try:
        s = Path(path).stat()
    except OSError:
        return None
    return s.st_mtime_ns, s.st_ctime_ns, s.st_size, s.st_ino


def _is_as_it_was(found: Found, seen: dict[str, Stamp]) -> bool:
    """Tell whether nothing it depends on has changed; `seen` is what this look knows already."""
    for name, was in found.inputs:
        if name not in seen:
            seen[name] = _stamp(name)
        if seen[name] != was:
            return False
    return True


def _remembered(folder: Path) -> Mapping[str, Found]:
    told = cache.remembered(_name(folder))
    if not isinstance(told, dict):
        return {}
    return {path: Found(*found) for path, found in told.items()}


def _name(folder: Path) -> str:
    """Return the name of a folder's list: problems name files from where the person stands."""
    asked = [str(folder.absolute()), str(Path.cwd()), cache.program(), Found._fields]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _bare(text: str) -> str:
    """Return a scalar of one line without its quotes and what is noted behind it."""
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0]
    return text.partition(" #")[0].strip()


_TOP = re.compile(r"(show|date|start|venue|language|timezone):[ ]+(.*\S)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d{1,2}:\d\d")
