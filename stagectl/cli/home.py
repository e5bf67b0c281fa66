"""The only Home there is: the files of one project, its desks, and what their journals tell."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stagectl.cli import start
from stagectl.cli.common import Refusal, attach, heard_by, hearing
from stagectl.cli.log import new_file
from stagectl.core.book import Book
from stagectl.core.problem import Problem
from stagectl.desk import handover, history
from stagectl.desk.place import Card, Place, home_of, place_of
from stagectl.desk.runs import Ran, Runs
from stagectl.files.events import Events, Found, Hall, hall
from stagectl.files.load import read_show
from stagectl.panel import almanac
from stagectl.panel.home import (
    Asked,
    Day,
    EventLine,
    Form,
    How,
    Kept,
    Logged,
    Mistake,
    Opened,
    Outcome,
    Refused,
    RunLine,
    State,
    Way,
)
from stagectl.words import problems
from stagectl.words.tongue import _, ngettext

LOGS = "logs"  # the project's folder of what was kept
PATIENCE = 0.25  # seconds that one look may read on for

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Room:
    """One venue of the project: its desk, and the runs it had."""

    place: Place
    runs: Runs

    def running(self) -> Card | None:
        """Return who is at home, if a desk is alive."""
        card = self.place.card()
        return card if card is not None and self.place.lock("desk").held() else None


@dataclass(slots=True)
class House:
    """A Home (panel/home.py) for one project. `venue`: the one a panel is for, "" for any.

    `language`: what is spoken, whatever the venue says. Any thread may ask; one is heard at a time.
    """

    project: Path
    venue: str = ""
    language: str = ""
    _events: Events = field(init=False)
    _rooms: dict[str, Room] = field(default_factory=dict, init=False)
    _one: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __post_init__(self) -> None:
        """Read nothing yet."""
        self.project = self.project.resolve()
        self._events = Events(self.project / "cues")
        if not self.venue:
            venues = sorted((self.project / "scenes").glob("*.yaml"))
            self.venue = venues[0].stem if len(venues) == 1 else ""

    # ---- the list

    def today(self) -> Day:
        """Return the events; see Home.today."""
        with self._one:
            return self._look()

    def _look(self) -> Day:
        start.bury()
        here = hall(self._venue_path()) if self.venue else Hall()
        today = almanac.at(time.time(), here.timezone).date().isoformat()
        left = self._events.look(today, PATIENCE)
        found = self._events.found
        venues = {one.venue for one in found.values()} - {""}
        cards, ran = self._desks(venues)
        lines = [self._line(path, one, cards, ran, today) for path, one in found.items()]
        lines.sort(key=lambda line: (not line.date, line.date, line.start.zfill(5), line.title))
        return Day(
            tuple(lines), here.name, here.timezone, here.language, left, str(self.project / "cues")
        )

    def runs(self, path: str) -> tuple[RunLine, ...]:
        """Return the runs of a show; see Home.runs."""
        venues = {p.stem for p in (self.project / "scenes").glob("*.yaml")}
        with self._one:
            every = [ran for venue in venues for ran in self._room(venue).runs.all()]
        mine = [_run_line(ran) for ran in every if _real(ran.show_path) == path]
        return tuple(sorted(mine, key=lambda run: run.began, reverse=True))

    def log(self, path: str, name: str = "") -> Logged | Refused:
        """Return the log of a run; see Home.log."""
        found = name or next((run.name for run in self.runs(_real(path))), "")
        if not found:
            return Refused(_("No cue has gone yet"))
        try:
            return Logged(history.log_of(Path(found)), str(self.project / LOGS))
        except Exception as problem:  # noqa: BLE001 -- a mistake of ours ends no panel
            _log.exception("%s cannot be read", found)
            return Refused(_("The log cannot be read: {why}").format(why=type(problem).__name__))

    def keep(self, path: str, form: Form, name: str = "") -> Kept | Refused:
        """Write the log of a run into a new file; see Home.keep."""
        from stagectl.cli.sheet import as_csv, as_json

        logged = self.log(path, name)
        if isinstance(logged, Refused):
            return logged
        text = as_csv(logged.run) if form == "csv" else as_json(logged.run)
        try:
            return Kept(str(new_file(Path(logged.folder), Path(path).stem, logged.run, form, text)))
        except OSError as problem:
            return Refused(_("It cannot be written: {why}").format(why=problem.strerror))

    def _venue_path(self) -> Path:
        return self.project / "scenes" / f"{self.venue}.yaml"

    def _room(self, venue: str) -> Room:
        if venue not in self._rooms:
            place = place_of(self.project, venue)
            self._rooms[venue] = Room(place, Runs(place))
        return self._rooms[venue]

    def _desks(self, venues: set[str]) -> tuple[dict[str, Card], dict[str, Ran]]:
        """Return what runs, and the newest run of each show, by its path."""
        cards: dict[str, Card] = {}
        ran: dict[str, Ran] = {}
        for venue in venues:
            room = self._room(venue)
            if not room.place.folder.is_dir():
                continue
            if (card := room.running()) is not None:
                cards[_real(card.show_path)] = card
            for run in reversed(room.runs.all()):
                ran[_real(run.show_path)] = run
        return cards, ran

    def _line(
        self, path: str, one: Found, cards: dict[str, Card], ran: dict[str, Ran], today: str
    ) -> EventLine:
        run = ran.get(path)
        return EventLine(
            path=path,
            title=one.title,
            date=one.date,
            start=one.start,
            venue=one.hall or one.venue,
            elsewhere=bool(self.venue and one.venue) and one.venue != self.venue,
            language=one.language,
            state=_state(one, run, today, is_running=path in cards),
            mistakes=one.mistakes,
            mistake=_mistake(one.mistake) if one.mistake is not None else None,
            run=_run_line(run) if run is not None else None,
        )

    # ---- opening

    def open(self, path: str, how: How = "") -> Outcome:
        """Find or start the desk of a show; see Home.open."""
        try:
            with self._one:
                return self._open(Path(path), how)
        except Refusal as no:
            what, _line, cure = no.message.partition("\n")
            return Refused(what, cure)
        except Exception as problem:  # noqa: BLE001 -- a mistake of ours ends no panel
            _log.exception("%s cannot be opened", path)
            return Refused(_("It could not be opened: {why}").format(why=type(problem).__name__))

    def _open(self, path: Path, how: How) -> Outcome:
        for room in self._rooms.values():
            card = room.running()
            if card is not None and _real(card.show_path) == str(path):
                return self._join(room.place, path)
        checked = read_show(path)
        if checked.book is None:
            return _mistaken(path, checked.problems)
        book = checked.book
        place = place_of(home_of(Path(book.show_path)), Path(book.venue_path).stem)
        with _kept_for_us(place) as is_ours:
            if not is_ours:
                card = _who(place)
                if _real(card.show_path) == str(path):
                    return self._join(place, path)
                return _occupied(card)
            left = handover.unended(place, book)
            if left is not None and left.ours and not how:
                return _unended(left, book)
            notes: list[str] = []
            with heard_by(notes.append):
                secrets = start.gather_secrets(book)
            wish = start.Wish(language=self.language, fresh=how == "fresh", reload=how == "reload")
            with start.in_words(), heard_by(_log.info):
                start.hand_over(place, book, wish)
        with start.in_words(), heard_by(_log.info):
            start.start_behind(place, secrets)
        return self._opened(place, path, tuple(notes))

    def _join(self, place: Place, path: Path) -> Opened:
        """Have a desk that runs already, and let it be watched over again if nobody does."""
        with hearing(), attach(place):
            pass
        lock = place.lock("keeper")
        if lock.take():
            lock.drop()
            checked = read_show(path)
            if checked.book is not None:
                with start.in_words(), heard_by(_log.info):
                    start.start_behind(place, start.gather_secrets(checked.book))
        return self._opened(place, path, ())

    def running(self) -> Opened | None:
        """Return the show that runs in this house's venue now, if one does."""
        room = self._room(self.venue) if self.venue else None
        card = room.running() if room is not None and room.place.folder.is_dir() else None
        if room is None or card is None:
            return None
        return self._opened(room.place, Path(card.show_path), ())

    def _opened(self, place: Place, path: Path, notes: tuple[str, ...]) -> Opened:
        def find() -> tuple[str, str] | None:
            card = place.card()
            return (card.address, place.token("operate")) if card is not None else None

        address, token = find() or ("", "")
        return Opened(str(path), address, token, find, notes)


@contextmanager
def _kept_for_us(place: Place) -> Iterator[bool]:
    """Keep others from starting a desk here meanwhile; yield False where one runs or comes up."""
    with start.in_words():
        place.make()
        place.trust()
        lock, runs, free = start.claim(place)
    try:
        yield free and not runs
    finally:
        lock.drop()


def _who(place: Place) -> Card:
    """Return who is at home, waiting for a desk that is just coming up."""
    until = time.monotonic() + start.UP
    while (card := place.card()) is None or not place.lock("desk").held():
        if time.monotonic() > until:
            raise Refusal(start.not_up(place))
        time.sleep(0.05)
    return card


# ---- in words


def _occupied(card: Card) -> Asked:
    return Asked(
        _("{show} runs here now").format(show=card.show),
        _("A room has one event at a time. Go to it and end it there; then open this one."),
        (Way(_("Go to it"), _real(card.show_path)),),
    )


def _unended(left: handover.Unended, book: Book) -> Asked:
    when = time.strftime("%H:%M", time.localtime(left.last))
    cue = left.onstage or "–"
    what = _("The run until {time} was never ended").format(time=when)
    path = book.show_path
    anew = Way(_("Begin anew"), path, "fresh")
    if left.digest in ("", book.digest):
        text = _("Cue {n} was on stage. Go on from there: nothing moves until somebody says GO.")
        return Asked(what, text.format(n=cue), (Way(_("Go on"), path, "resume"), anew))
    text = _("Cue {n} was on stage, and the files have changed since.").format(n=cue)
    if left.dropped:
        count = len(left.dropped)
        lost = ngettext(
            "{n} thing that was done has no place in them.",
            "{n} things that were done have no place in them.",
            count,
        )
        text = f"{text} {lost.format(n=count)}"
    return Asked(what, text, (Way(_("Go on with the files of now"), path, "reload"), anew))


def _mistaken(path: Path, found: tuple[Problem, ...]) -> Refused:
    errors = [problem for problem in found if problem.severity == "error"]
    own = [problem for problem in errors if Path(problem.place.file).name == path.name]
    first = _mistake((own or errors)[0])
    count = len(errors)
    head = ngettext(
        "{n} mistake, so it was not opened.", "{n} mistakes, so it was not opened.", count
    )
    return Refused(head.format(n=count) + f" {first.place}: {first.said}", _capital(first.cure))


def _mistake(problem: Problem) -> Mistake:
    place = problem.place
    where = f"{place.file}:{place.line}:{place.column}" if place.file else ""
    return Mistake(where, problems.sentence(problem), problems.cure(problem))


# ---- states


def _state(one: Found, run: Ran | None, today: str, *, is_running: bool) -> State:
    """What it is now; what has been run is not marked red by what its venue became since."""
    if is_running:
        return "running"
    left_open = run is not None and run.newest and run.ended is None
    if run is not None and left_open and time.time() - run.last < handover.FORGOTTEN:
        return "unended"
    if run is not None and (not one.mistakes or (one.date or today) < today):
        return "run"
    if not one.is_read:
        return "unread"
    return "mistakes" if one.mistakes else "ready"


def _run_line(ran: Ran) -> RunLine:
    return RunLine(str(ran.journal), ran.began, ran.last, ran.ended)


def _real(path: str) -> str:
    return os.path.realpath(path)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
