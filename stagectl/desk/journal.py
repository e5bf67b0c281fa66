"""What happened, one JSON line each, in the file before anything is said to a device.

A line is one `os.write` on an O_APPEND descriptor: when it returns, a `kill -9` loses nothing.
Another thread syncs the file to the disk, woken after the packets are out, so that a power cut
loses the last moments only (docs/why.md has the measurements against sqlite).
"""

import contextlib
import errno
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

from stagectl.desk.place import write_private
from stagectl.engine.event import Covered, Ended, Event, Fired, Reloaded
from stagectl.engine.plain import event_from_plain, from_plain, to_plain

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
KEPT = 8 << 20  # bytes kept in memory for a disk that refuses them
AGAIN = 1.0  # seconds between two attempts to open a file that would not open

_quote = json.encoder.encode_basestring
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """The first line: what is run, and how. `files` are copies, text by path."""

    mode: str
    show_path: str
    venue_path: str
    digest: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copied:
    """Copies of other files than before, which the next `Reloaded` goes on with."""

    digest: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Started:
    """A process took the run up: three clocks read at one moment.

    `at` is monotonic, as in every event; `wall` is seconds since the epoch. With `boot` they give
    each event its time of day, and a later process its age.
    """

    at: float
    wall: float
    boot: str
    pid: int


class Journal:
    """One run's file, for appending. Nothing here raises OSError: the show goes on without it.

    What the disk refuses is kept and tried again; meanwhile `trouble` says why: "full", "readonly"
    or "broken". All calls come from one thread.
    """

    def __init__(self, path: Path, sync: Callable[[int], None] = os.fsync) -> None:
        """Open the file for appending, or make it: for this user only."""
        self.path = path
        self.trouble = ""
        self._sync = sync
        self._file: int | None = None
        self._kept = b""
        self._open_again = -1.0
        self._news = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._keep_syncing, name="journal", daemon=True)
        self._open()
        self._thread.start()

    def begin(self, opened: Opened) -> None:
        """Write the first line of a new run."""
        self._write(_line(opened).encode())

    def copy(self, line: bytes) -> None:
        """Write copies of files that are about to be run, as a line made beforehand."""
        self._write(line)

    def start(self, now: float, wall: float, boot: str) -> None:
        """Say that this process takes the run up; `now` is monotonic, `wall` since the epoch."""
        self._write(_line(Started(now, wall, boot, os.getpid())).encode())

    def append(self, events: Iterable[Event]) -> None:
        """Write what happened, all of it at once. After this, and not before, say it to devices."""
        # what UTF-8 cannot carry, a device's half character, costs that character and no show
        self._write("".join(map(_line, events)).encode(errors="replace"))

    def settle(self) -> None:
        """The packets are out: sync what was written, and try again what could not be."""
        if self._file is not None:
            self._look_after(self._file)
        if self.trouble:
            if self._file is None and time.monotonic() >= self._open_again:
                self._open()
            self._write(b"")
        self._news.set()

    def close(self) -> None:
        """Sync, and let go of the file."""
        self.settle()
        self._closing = True
        self._news.set()
        self._thread.join(5.0)
        if self._file is not None:
            if not self._thread.is_alive():
                os.close(self._file)
            self._file = None

    # ---- the file

    def _open(self) -> None:
        self._open_again = time.monotonic() + AGAIN
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.path, _FLAGS, 0o600)
            if _is_torn(self._file):
                self._kept = (
                    b"\n" + self._kept
                )  # else the next line would be lost with the torn one
            self._write(b"")
        except OSError as why:
            self._refused(why)

    def _look_after(self, file: int) -> None:
        """When somebody took the file away, its content is still ours as long as it is open."""
        try:
            if self.path.exists():
                return
            _log.warning("the journal was taken away; it is put back: %s", self.path)
            os.lseek(file, 0, os.SEEK_SET)
            content = b""
            while part := os.read(file, 1 << 20):
                content += part
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(self.path, content)
            self._file = os.open(self.path, _FLAGS, 0o600)
        except OSError as why:
            self._refused(why)
        else:
            os.close(file)

    def _write(self, new: bytes) -> None:
        lines = self._kept + new if self._kept else new
        if self._file is None:
            self._keep(lines)
            return
        try:
            while lines:
                lines = lines[os.write(self._file, lines) :]
        except OSError as why:
            self._refused(why)
            self._keep(lines)
        else:
            self._kept = b""
            if self.trouble:
                _log.warning("the journal is written again: %s", self.path)
                self.trouble = ""

    def _keep(self, lines: bytes) -> None:
        # What is past the limit is lost whole, line by line: the file must stay readable.
        self._kept = lines if len(lines) <= KEPT else lines[: lines.rindex(b"\n", 0, KEPT) + 1]

    def _refused(self, why: OSError) -> None:
        trouble = _TROUBLES.get(why.errno or 0, "broken")
        if trouble != self.trouble:
            _log.warning("the journal cannot be written (%s): %s", why.strerror, self.path)
            self.trouble = trouble

    def _keep_syncing(self) -> None:
        while True:
            self._news.wait()
            self._news.clear()
            if self._file is not None:
                try:
                    self._sync(self._file)
                except OSError as why:
                    self._refused(why)
            if self._closing:
                return


# ---------------------------------------------------------------- reading back


@dataclass(frozen=True, slots=True)
class Past:
    """What a journal tells; times are on the reader's own monotonic clock.

    `damaged` counts the lines that were torn, zeroed or not understood; the rest is used.
    """

    opened: Opened | None
    starts: tuple[Started, ...]
    events: tuple[Event, ...]
    damaged: int
    digest: str = ""
    """Of the files that ran last."""

    @property
    def ended(self) -> bool:
        """Tell whether the show was ended, so that nothing is left to resume."""
        return any(isinstance(event, Ended) for event in self.events)


def read(path: Path, *, now: float, wall: float, boot: str) -> Past:
    """Read a journal, whole or not; raises OSError when there is no reading it at all.

    A monotonic clock begins anew with each boot, so the events of an earlier boot are moved by
    what the wall clock says; those of this boot (`boot`, see `boot_id`) keep their times exactly.
    """
    opened: Opened | None = None
    starts: list[Started] = []
    events: list[Event] = []
    damaged = 0
    shift = 0.0
    digest = ""
    for line in path.read_bytes().split(b"\n"):
        if not line:
            continue
        try:
            entry = _entry(line)
        except (ValueError, RecursionError):  # NotPlainError is a ValueError
            damaged += 1
            continue
        match entry:
            case Opened():
                opened = entry
                digest = entry.digest
            case Copied():
                pass
            case Started(at=at, wall=then, boot=its_boot):
                same = its_boot == boot != ""
                shift = 0.0 if same else (now - at) - (wall - then)
                starts.append(replace(entry, at=at + shift))
            case _:
                if isinstance(entry, Reloaded):
                    digest = entry.digest
                events.append(_moved(entry, shift) if shift else entry)
    return Past(opened, tuple(starts), tuple(events), damaged, digest)


def boot_id() -> str:
    """Return what tells one boot of this machine from another, "" where nothing does."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""


def _line(entry: Opened | Copied | Started | Event) -> str:
    """Return the JSON of `tagged(entry)` and a newline.

    Spelled out, since a GO waits for it: json's encoder touches so much code that it takes 70 µs
    when the caches have gone cold, the general way here 25, and a GO's own line a third of that.
    """
    if isinstance(entry, Fired):
        at, by, cue = repr(entry.at), _quote(entry.by), _quote(entry.cue)
        return f'{{"type":"Fired","at":{at},"by":{by},"cue":{cue}}}\n'
    kind = type(entry)
    text, names = _FORMS.get(kind) or _form(kind)
    for key, name in names:
        value = getattr(entry, name)
        if type(value) is str:
            text += key + _quote(value)
        elif type(value) is float and isfinite(value):
            text += key + repr(value)
        else:
            text += key + _encode(to_plain(value))
    return text + "}\n"


_FORMS: dict[type, tuple[str, tuple[tuple[str, str], ...]]] = {}


def _form(kind: Any) -> tuple[str, tuple[tuple[str, str], ...]]:  # noqa: ANN401 -- a dataclass
    names = tuple((f',"{field.name}":', field.name) for field in fields(kind))
    form = _FORMS[kind] = f'{{"type":"{kind.__name__}"', names
    return form


def _entry(line: bytes) -> Opened | Copied | Started | Event:
    plain = json.loads(line)
    if isinstance(plain, dict) and (kind := _ENTRIES.get(str(plain.get("type")))) is not None:
        entry: Opened | Copied | Started = from_plain(
            kind, {k: v for k, v in plain.items() if k != "type"}
        )
        return entry
    return event_from_plain(plain)


def _moved(event: Event, shift: float) -> Event:
    if isinstance(event, Covered):
        return replace(event, at=event.at + shift, since=event.since + shift)
    if isinstance(event, Reloaded):
        return _moved_whole(event, shift)
    return replace(event, at=event.at + shift)


def _moved_whole(event: Reloaded, shift: float) -> Reloaded:
    return replace(
        event,
        at=event.at + shift,
        hands=tuple(replace(hand, at=hand.at + shift) for hand in event.hands),
        waiting=tuple(replace(do, due=do.due + shift) for do in event.waiting),
        fired_at=None if event.fired_at is None else event.fired_at + shift,
        follow_at=None if event.follow_at is None else event.follow_at + shift,
    )


def copies(digest: str, files: Mapping[str, str]) -> bytes:
    """Return the line for `Journal.copy`: files are texts by path."""
    return _line(Copied(digest, files)).encode(errors="replace")


def _is_torn(file: int) -> bool:
    size = os.lseek(file, 0, os.SEEK_END)
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


_ENTRIES: Mapping[object, type[Opened] | type[Copied] | type[Started]] = {
    "Opened": Opened,
    "Copied": Copied,
    "Started": Started,
}
_TROUBLES = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
}
