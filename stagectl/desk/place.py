"""Where a desk lives: one folder for each venue of each project, and how anybody finds it there."""

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from stagectl.desk.lock import Lock

INTRODUCED = 1.5  # seconds in which a running desk has put its card back
STATE = "STAGECTL_STATE"  # a folder to use instead of the user's own: for tests, for a second set

Role = Literal["operate", "watch"]


class NoDeskError(LookupError):
    """No desk, or more than one; `names` are those running."""

    def __init__(self, code: Literal["none", "several", "no_such"], names: tuple[str, ...]) -> None:
        """Keep what the command line will put into words."""
        super().__init__(code)
        self.code = code
        self.names = names


class UnsafePlaceError(Exception):
    """Somebody else could have written in the desk's folder."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder, for words."""
        super().__init__(f"{folder} is not this user's alone: chmod 700 {folder}")
        self.folder = folder


@dataclass(frozen=True, slots=True)
class Card:
    """Who is at home: desk.json. `venue` is its file's stem; `started` seconds since the epoch."""

    pid: int
    keeper: int
    address: str
    show: str
    show_path: str
    venue: str
    project: str
    started: float
    digest: str = ""
    language: str = ""
    demo: bool = False
    """On a simulated stage, and gone with it."""

    @property
    def port(self) -> int:
        """Return where panels found it; 0: anywhere."""
        port = self.address.rpartition(":")[2]
        return int(port) if port.isascii() and port.isdigit() and int(port) < 65536 else 0


@dataclass(frozen=True, slots=True)
class Place:
    """One desk's own folder; nobody else may look into it."""

    folder: Path

    @property
    def name(self) -> str:
        """What `--desk` takes."""
        return self.folder.name

    @property
    def book(self) -> Path:
        """The prompt book and the options, handed over by the process that read the files."""
        return self.folder / "book"

    @property
    def face_book(self) -> Path:
        """The same as panels get it, encoded already."""
        return self.folder / "book.json"

    def book_of(self, digest: str) -> Path:
        """The same of another version of the files, by what tells it from others."""
        return self.folder / f"book-{digest[:16]}"

    def face_book_of(self, digest: str) -> Path:
        """A version of the show as panels get it, encoded already."""
        own = self.folder / f"book-{digest[:16]}.json"
        return own if own.exists() else self.face_book

    def copies_of(self, digest: str) -> Path:
        """A version's files, as one line for the journal."""
        return self.folder / f"book-{digest[:16]}.copies"

    def forget_books(self) -> None:
        """Take away the other versions."""
        for path in self.folder.glob("book-*"):
            path.unlink(missing_ok=True)

    def forget_old_books(self, *but: str) -> None:
        """Take away the other versions, but for these and the newest, which may be taken back."""
        kept = {self.book_of(digest).name for digest in but}
        others = [p for p in self.folder.glob("book-*") if not p.suffix and p.name not in kept]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
            for path in self.folder.glob(f"{old.name}*"):
                path.unlink(missing_ok=True)

    @property
    def wards(self) -> Path:
        """What the keeper keeps beside the desk."""
        return self.folder / "wards.json"

    @property
    def journal(self) -> Path:
        """The folder of what happened."""
        return self.folder / "journal"

    @property
    def trouble(self) -> Path:
        """Why the desk did not start, in the system's own words."""
        return self.folder / "trouble"

    @property
    def over(self) -> Path:
        """The exit status of a desk that went by itself: for a keeper that is not its parent."""
        return self.folder / "over"

    @property
    def log(self) -> Path:
        """What the desk and its keeper said that nobody was there to read."""
        return self.folder / "log"

    def lock(self, whose: str) -> Lock:
        """Return the lock of the "desk", the "keeper" or "device NAME"."""
        return Lock(self.folder / f"{_tame(whose)}.lock")

    def make(self) -> None:
        """Make the folder, for this user alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            self.folder.chmod(0o700)

    def trust(self) -> None:
        """Raise UnsafePlaceError unless the folder is ours alone; Windows sees to it by itself."""
        if sys.platform != "win32":
            status = self.folder.stat()
            if status.st_uid != os.getuid() or status.st_mode & 0o077:
                raise UnsafePlaceError(self.folder)

    def card(self) -> Card | None:
        """Return who is, or last was, at home; None: nobody yet."""
        try:
            plain = json.loads(self._card_path.read_bytes())
            told = {f.name: plain[f.name] for f in fields(Card)}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        if not all(_fits(told[f.name], f.type) for f in fields(Card)):
            return None
        card = Card(**told)
        return card if not card.address or card.address.startswith("ws://") else None

    def has_card(self) -> bool:
        """Tell whether a desk left one here, legible or not."""
        return self._card_path.exists()

    def leave_card(self, card: Card) -> None:
        """Say who is at home now."""
        write_private(self._card_path, json.dumps(asdict(card), ensure_ascii=False).encode())

    def running(self) -> bool:
        """Tell whether the desk, or a keeper that is about to start it, is alive."""
        try:
            return self.lock("desk").held() or self.lock("keeper").held()
        except OSError:  # a folder lies where a lock should: nobody can live here
            return False

    def clear(self) -> None:
        """Take away what an earlier desk said of itself."""
        self._card_path.unlink(missing_ok=True)
        self.trouble.unlink(missing_ok=True)
        self.over.unlink(missing_ok=True)

    def token(self, role: Role) -> str:
        """Return what opens the panel port for `role`; "" if there is none yet."""
        try:
            return self._token_path(role).read_text("ascii")
        except OSError:
            return ""

    def renew_tokens(self) -> None:
        """Make new tokens: whoever knew those of another evening is out."""
        import secrets  # the standard library's

        for role in _ROLES:
            write_private(self._token_path(role), secrets.token_urlsafe(32).encode())

    @property
    def _card_path(self) -> Path:
        return self.folder / "desk.json"

    def _token_path(self, role: Role) -> Path:
        return self.folder / ("token" if role == "operate" else f"token.{role}")


def state_folder() -> Path:
    """Return where all desks of this user live."""
    if own := os.environ.get(STATE):
        return Path(own)
    from platformdirs import user_state_path

    return user_state_path("stagectl", appauthor=False)


def project_of(path: Path) -> Path | None:
    """Return the project a file or folder is in: the nearest folder with cues/ and scenes/."""
    path = path.resolve()
    return next((f for f in (path, *path.parents) if _is_project(f)), None)


def home_of(show: Path) -> Path:
    """Return the project of a show, or the folder it lies in: where its desk is looked for."""
    return project_of(show) or show.resolve().parent


def place_of(project: Path, venue: str) -> Place:
    """Return where the desk of a project's venue lives; the same text gives the same place."""
    import hashlib

    project = project.resolve()
    mark = hashlib.sha256(os.fsencode(project)).hexdigest()[:6]
    return Place(state_folder() / f"{_tame(project.name)}-{_tame(venue)}-{mark}")


def running() -> tuple[Place, ...]:
    """Return every desk of this user that is alive."""
    return tuple(p for p in _all() if p.running())


def find(folder: Path, desk: str | None = None) -> Place:
    """Return the running desk of the folder (or of the project around it), or the one named.

    `desk` is a place's name, the beginning of one, its venue, or a path: a project or a place.
    A real run is meant before a demo (see `demos`). Raises NoDeskError.
    """
    alive = _introduced(running())
    found = _named(alive, desk) if desk else _in_project(alive, _home(folder))
    if len(found) > 1:
        found = [p for p in found if not _is_demo(p)] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise NoDeskError("several", tuple(p.name for p in found))
    raise NoDeskError("no_such" if desk else "none", tuple(p.name for p in alive))


def demos(folder: Path) -> tuple[Place, ...]:
    """Return the demos that run for a folder, or the project around it."""
    return tuple(p for p in _in_project(running(), _home(folder)) if _is_demo(p))


def write_private(path: Path, content: bytes) -> None:
    """Replace a file whole, readable by this user only; nobody ever sees half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(
        fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    for patience in range(50, -1, -1):
        try:
            fresh.replace(path)
        except PermissionError:  # Windows, while somebody reads it
            if not patience:
                raise
            time.sleep(0.01)
        else:
            return


_ROLES: tuple[Role, ...] = ("operate", "watch")


def _is_project(folder: Path) -> bool:
    return (folder / "cues").is_dir() and (folder / "scenes").is_dir()


def _home(folder: Path) -> Path:
    return project_of(folder) or folder.resolve()


def _tame(name: str) -> str:
    """Return a name that is a file's on every system."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-. ").lower()[:40] or "desk"


def _all() -> Iterator[Place]:
    try:
        folders = sorted(state_folder().iterdir())
    except OSError:
        return
    yield from (Place(folder) for folder in folders if (folder / "desk.lock").exists())


def _introduced(alive: tuple[Place, ...]) -> tuple[Place, ...]:
    """Wait a moment for the card of a desk that has none: it may be just about to leave one."""
    until = time.monotonic() + INTRODUCED
    while any(p.card() is None for p in alive) and time.monotonic() < until:
        time.sleep(0.05)
    return alive


def _fits(value: object, kind: object) -> bool:
    """Tell whether a value is of a field's type; a whole number is a number, yes or no is none."""
    if kind is float and type(value) is int:
        return True
    return type(value) is kind


def _is_demo(place: Place) -> bool:
    card = place.card()
    return card is not None and card.demo


def _in_project(alive: tuple[Place, ...], project: Path) -> list[Place]:
    return [p for p in alive if (card := p.card()) and Path(card.project) == project]


def _named(alive: tuple[Place, ...], desk: str) -> list[Place]:
    """Return what the text names, by the most exact reading of it that names anything."""
    path = Path(desk).resolve()
    readings: tuple[Callable[[Place], bool], ...] = (
        lambda place: place.name == desk,
        lambda place: place.folder.resolve() == path,
        lambda place: path.exists() and place in _in_project(alive, _home(path)),
        lambda place: (card := place.card()) is not None and card.venue == desk,
        lambda place: place.name.startswith(desk),
    )
    return next((found for fits in readings if (found := list(filter(fits, alive)))), [])
