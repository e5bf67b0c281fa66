"""Sees that a running show's files have changed, and has them read; it never takes one itself.

A thread that looks at sizes and times twice a second; a file is read when it has been still for a
moment, by another process (stagectl.desk.reread), so that nobody waits for it here.
"""

import gc
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from stagectl.core.book import Book
from stagectl.core.edits import Edits
from stagectl.desk import handover
from stagectl.desk.link import Make
from stagectl.desk.place import Place
from stagectl.desk.renewal import News, Renewal, touched
from stagectl.desk.secrets import without_secrets
from stagectl.engine.plain import from_plain
from stagectl.engine.reload import Offer
from stagectl.engine.run import Run
from stagectl.engine.snapshot import UnusedRow

LOOK = 0.5  # seconds between two looks; half of that while a file changes
STILL = 0.5  # seconds a file must not have changed: an editor may be in the middle of it
LONGEST = 60.0  # seconds that reading may take
BEFORE = 1.0  # seconds after the start until the first look: others are in a hurry then

_log = logging.getLogger(__name__)

Stamps = Mapping[str, object]
Makes = Callable[[Book], Mapping[str, Make]]


class Lookout:
    """Looks after the files of the version that runs, from a thread of its own.

    `tell` is called with what was found, whenever that changes; `makes` makes a book's drivers;
    `skipped` returns the cues that are skipped now.
    """

    def __init__(
        self,
        place: Place,
        book: Book,
        tell: Callable[[News], None],
        makes: Makes,
        skipped: Callable[[], Iterable[str]],
    ) -> None:
        """Look at nothing yet."""
        self._place, self._tell, self._makes, self._skipped = place, tell, makes, skipped
        self._book = book
        self._paths = _paths_of(book)
        self._told: tuple[str, str] | None = None  # kind, version
        self._again = True
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lookout", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._over.set()
        self._thread.join(5.0)

    def loaded(self, book: Book) -> None:
        """Go by this version from now on: it runs. From any thread."""
        self._book, self._told, self._again = book, None, True

    def _watch(self) -> None:
        seen: Stamps = {}
        judged: Stamps | None = None
        since = time.monotonic()
        self._over.wait(BEFORE)
        while not self._over.is_set():
            if self._again:
                self._again, judged = False, None
            stamps = {path: _stamp(path) for path in self._paths}
            if stamps != seen:
                seen, since = stamps, time.monotonic()
            elif stamps != judged and time.monotonic() - since >= STILL:
                judged = stamps
                try:
                    self._judge()
                except Exception:  # noqa: BLE001 -- what cannot be read, or made, is not taken: the show goes on
                    _log.exception("the changed files could not be looked at")
                    self._say("broken", "", News(unused=UnusedRow("broken")))
            self._over.wait(LOOK if stamps == judged else LOOK / 2)

    def _judge(self) -> None:
        """Tell what is on the disk now, unless it was told already."""
        book = self._book
        gone = next((p for p in (book.show_path, book.venue_path) if not Path(p).is_file()), None)
        if gone is not None:
            self._say("gone", gone, News(unused=UnusedRow("gone", gone)))
        elif _digest(book) == book.digest:
            self._as_loaded()
        elif (verdict := self._reread(book)) is not None:
            self._heed(book, verdict)

    def _as_loaded(self) -> None:
        if self._told is not None:
            self._say("", "", News())
        self._told = None

    def _heed(self, book: Book, verdict: Mapping[str, Any]) -> None:
        self._paths = tuple({*_paths_of(book), *verdict["watched"]})
        kind = verdict["kind"]
        if kind != "offer":
            known = {k: verdict[k] for k in ("path", "line", "count", "said") if k in verdict}
            row = UnusedRow(kind, about=tuple(verdict.get("about", ())), **known)
            self._say(kind, json.dumps(known), News(unused=row))
        elif verdict["digest"] == book.digest:  # it depends on more than we thought: no matter
            self._as_loaded()
        elif self._told != (kind, verdict["digest"]):
            renewal = self._renewal(book, verdict)
            if self._book is book:
                self._say(kind, verdict["digest"], News(renewal))

    def _say(self, kind: str, version: str, news: News) -> None:
        if self._told != (kind, version):
            self._told = (kind, version)
            _log.warning("files on the disk: %s %s", kind or "as loaded", version)
            self._tell(news)

    def _renewal(self, old: Book, verdict: Mapping[str, Any]) -> Renewal:
        """Return the version that was read, ready to be run."""
        place, digest = self._place, verdict["digest"]
        book = handover.take(place, digest).book
        heir = Run(book, 0.0)
        heir.stage.wanted.track.at(
            len(book.show.cues) - 1, frozenset(self._skipped())
        )  # its checkpoints
        gc.freeze()  # what was made stays: no collection looks through it
        changed = touched(old, book)
        anew = tuple(device for device, is_anew in changed.items() if is_anew)
        return Renewal(
            book,
            self._makes(book),
            frozenset(cue.number for cue in book.show.cues),
            place.face_book_of(digest),
            place.copies_of(digest),
            Offer(digest, heir, from_plain(Edits, verdict["edits"]), anew),
            changed,
        )

    def _reread(self, book: Book) -> dict[str, Any] | None:
        """Have the files read; None: we are to look no longer. Raises what must not be."""
        import subprocess  # no part of a start

        with subprocess.Popen(  # noqa: S603 -- our own module in our own folder
            [
                sys.executable, "-m", "stagectl.desk", "reread",
                str(self._place.folder), book.digest,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None,
            env=without_secrets(os.environ),
        ) as process:  # fmt: skip
            until = time.monotonic() + LONGEST
            while process.poll() is None:
                if self._over.wait(0.02) or time.monotonic() > until:
                    process.kill()
            assert process.stdout is not None  # noqa: S101 -- asked for above
            said = process.stdout.read()
        if self._over.is_set():
            return None
        verdict: dict[str, Any] = json.loads(said)
        return verdict


def _paths_of(book: Book) -> tuple[str, ...]:
    """Return the files a version was read from, and those that would be read instead."""
    profiles = {device.profile for device in book.venue.devices.values()}
    own = Path(book.venue_path).parent / "profiles"
    return (book.show_path, book.venue_path, *(str(own / f"{name}.yaml") for name in profiles))


def _stamp(path: str) -> object:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    # a copy can bring its old time along; when it came the system writes down itself (not Windows)
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _digest(book: Book) -> str:
    """Return what tells the files as they are now from other versions."""
    from stagectl.files.disk import Disk, digest

    disk = Disk()
    for path in (book.show_path, book.venue_path):
        disk.read(Path(path))
    for name in sorted({device.profile for device in book.venue.devices.values()}):
        disk.profile(name.removesuffix(".yaml"), Path(book.venue_path).parent)
    return digest(disk.inputs)
