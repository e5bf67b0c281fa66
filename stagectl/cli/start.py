"""From a show's file to a kept desk: reads, checks, hands over, starts."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stagectl.cli.common import mention, refuse, say
from stagectl.core.book import Book
from stagectl.desk import handover, keeper, shelf
from stagectl.desk.agreed import CANNOT, ENDED
from stagectl.desk.early import APART, Early
from stagectl.desk.handover import Handover, Options
from stagectl.desk.lock import Lock
from stagectl.desk.log import open_log
from stagectl.desk.place import Card, Place, UnsafePlaceError
from stagectl.desk.secrets import NoSecretError, read_secret, without_secrets
from stagectl.words.tongue import _, ngettext

if TYPE_CHECKING:
    from stagectl.core.check import Checked

UP = 15.0  # seconds a desk may take to come up


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says of a run."""

    listen: tuple[str, int] = ("127.0.0.1", 0)
    osc_in: tuple[str, int] | None = None
    osc_from: tuple[str, ...] = ()
    guard: float = 0.5
    language: str = ""
    fresh: bool = False
    reload: bool = False
    mortal: bool = False
    at: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """Refuse in words what a folder, a disk or a permission does not allow."""
    try:
        yield
    except UnsafePlaceError as problem:
        refuse(
            _("Others can write in {path}, so nothing was started. Cure: chmod 700 {path}").format(
                path=problem.folder
            )
        )
    except OSError as problem:
        refuse(_("Nothing was started: {why}").format(why=problem))


def read_book(path: Path, at: Mapping[str, str] | None = None) -> Book:
    """Return the book of a show, or refuse it with all its mistakes."""
    from stagectl.files.load import read_show

    return book_of(read_show(path, None, at), path)


def book_of(checked: "Checked", path: Path) -> Book:
    """Return the book of what was read; count its warnings, and refuse it with all its mistakes."""
    from stagectl.words.problems import blocks

    if checked.book is None:
        refuse(f"{blocks(checked.problems)}\n" + _("Nothing was started."))
    if warnings := len(checked.problems):
        told = ngettext(
            "{n} warning: stagectl check {path}", "{n} warnings: stagectl check {path}", warnings
        )
        mention(told.format(n=warnings, path=path))
    return checked.book


def gather_secrets(book: Book) -> dict[str, str]:
    """Return the venue's secrets; say which are missing, and refuse those others can read."""
    found: dict[str, str] = {}
    for name in sorted({d.secret for d in book.venue.devices.values()} - {""}):
        try:
            found[name] = str(read_secret(name))
        except NoSecretError as problem:
            said = _no_secret(problem)
            if problem.why != "missing":
                refuse(said)
            mention(said)
    return found


def claim(place: Place) -> tuple[Lock, bool, bool]:
    """Try to be a place's keeper; return the lock, whether a desk runs, and whether we are.

    A desk that is just coming up, or one whose show is over and that is just going, is waited for.
    """
    lock = place.lock("keeper")
    until = time.monotonic() + UP
    while True:
        runs = place.lock("desk").held()
        going = runs and place.over.exists()
        free = lock.take()
        if ((runs or free) and not going) or time.monotonic() > until:
            return lock, runs, free
        lock.drop()
        time.sleep(0.02)


def hand_over(place: Place, book: Book, wish: Wish) -> None:
    """Leave all that the desk needs in its place; say whether a run is taken up again."""
    place.make()
    place.journal.mkdir(mode=0o700, exist_ok=True)
    left = handover.unended(place, book)
    name = shelf.fresh(place.journal, time.time()).name
    if left is not None and left.ours and not wish.fresh:
        name = left.name
        _agree_to_files(left, book, wish)
        said = _("The show was not ended at {time}, and is taken up again: cue {n} is on stage.")
        say(said.format(time=_clock(left.last), n=left.onstage or "–"))
        say(_("Nothing moves until somebody says GO. For a new run: stagectl run --fresh"))
    elif left is not None and not wish.mortal:
        said = _(
            "The run until {time} was never ended. It is kept in {path}, and a new one begins."
        )
        say(said.format(time=_clock(left.last), path=place.journal / left.name))
    options = Options(
        journal=name,
        listen=wish.listen,
        osc_in=wish.osc_in,
        osc_from=wish.osc_from,
        guard=wish.guard,
        language=wish.language or book.venue.language,
        mortal=wish.mortal,
        at=wish.at,
    )
    place.renew_tokens()
    handover.leave(place, Handover(book, options, _copies(book)))


def _agree_to_files(left: handover.Unended, book: Book, wish: Wish) -> None:
    """Refuse files other than those that ran, unless they are asked for; say what they cost."""
    if left.digest in ("", book.digest):
        return
    if not wish.reload:
        refuse(
            _(
                "The files have changed since the show that was not ended began."
                " Go on with the files of now: stagectl run --reload."
                " Begin anew: stagectl run --fresh"
            )
        )
    say(_("The files of now are used from here on."))
    for event in left.dropped:
        about = getattr(event, "cue", "") or getattr(event, "parameter", "")
        about = about or getattr(event, "role", "")
        say(
            _("Left out of what was done, as the files no longer have it: {what}").format(
                what=f"{type(event).__name__} {about}".strip()
            )
        )


def start_behind(place: Place, secrets: Mapping[str, str], early: Early | None = None) -> Card:
    """Start a keeper that outlives this command; return the desk's card when it is up.

    `early` is a keeper that is loading already.
    """
    if not place.lock("desk").held():
        place.clear()
    process = early.take(place.folder) if early is not None else None
    if process is None:
        process = _start_keeper(place)
    if process.stdin is not None:
        with contextlib.suppress(OSError), process.stdin as pipe:  # it is gone: `poll` tells
            pipe.write(json.dumps(dict(secrets)).encode() + b"\n")
    _behind.append(process)
    until = time.monotonic() + UP
    while (card := place.card()) is None:
        if process.poll() is not None or time.monotonic() > until:
            refuse(not_up(place))
        time.sleep(0.02)
    return card


def bury() -> None:
    """Wait for those we started that are gone: a panel lives for months, and so would its dead."""
    _behind[:] = [process for process in _behind if process.poll() is None]


_behind: list[subprocess.Popen[bytes]] = []


def _start_keeper(place: Place) -> subprocess.Popen[bytes]:
    with open_log(place.log) as log:
        return subprocess.Popen(  # noqa: S603 -- our own module in our own folder
            [sys.executable, "-m", "stagectl.desk", "keep", str(place.folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=without_secrets(os.environ),
            **APART,
        )


def keep_here(
    place: Place, secrets: Mapping[str, str], early: Early | None = None, *, mortal: bool = False
) -> int:
    """Be the keeper, in this terminal; return the exit status of the command.

    `early` is a desk that is loading already. `mortal`: go when the terminal is closed, as a demo
    does.
    """
    words = {
        "died": _("{what} died; it is started again."),
        "missing": _("{what} cannot be started."),
        "already": _("{what} runs already."),
        "frozen": _("{what} did not go when asked; it was killed."),
    }

    def tell(code: str, about: str) -> None:
        with contextlib.suppress(OSError):  # the terminal is gone; the show is not
            mention(words[code].format(what=about))

    def up(card: Card) -> None:
        with contextlib.suppress(OSError):
            say(up_in_words(card))

    kept = keeper.Keeper(place, secrets, tell, early)
    keeper.heed(kept.stop, mortal=mortal)
    status = kept.keep(up)
    if status == CANNOT:
        refuse(not_up(place))
    if status == ENDED:
        say(_("The show is over."))
    else:
        say(_("The desk has gone; the show is not ended. To take it up again, run it again."))
    return 0


def up_in_words(card: Card) -> str:
    """Return the line that says that a desk is up."""
    return _("{show} is ready. The desk is {pid}, at {address}.").format(
        show=card.show, pid=card.pid, address=card.address
    )


def not_up(place: Place) -> str:
    """Return why a desk did not come up, as far as anybody knows."""
    said = _("The desk did not come up.")
    try:
        why = place.trouble.read_text("utf-8")
    except OSError:
        why = _("See {path}").format(path=place.log)
    return f"{said}\n{why}"


def _no_secret(problem: NoSecretError) -> str:
    match problem.why:
        case "missing":
            return _(
                "The password secret:{name} has not been given yet. "
                "Put it into {path}, for you alone to read."
            ).format(name=problem.name, path=problem.path)
        case "open":
            return _("Others can read {path}. Keep them out: chmod 600 {path}").format(
                path=problem.path
            )
        case "name":
            return _("A secret cannot be called {name}.").format(name=problem.name)
        case _:
            return _("{path} cannot be read.").format(path=problem.path)


def _clock(moment: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def _copies(book: Book) -> dict[str, str]:
    copies = {}
    for path in (book.show_path, book.venue_path):
        try:
            copies[path] = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # it was there a moment ago; the run goes without its copy
    return copies
