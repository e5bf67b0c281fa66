"""What a panel can have done only by whoever started it: read the events, start a desk for one.

The panel reads no file and starts no process; the command line does (cli/home.py). Any call may
take seconds, so a panel makes it in a thread worker and never on its own loop; one at a time.

How an app uses it: with a Home, it begins with screens/today.py, which asks `today` by itself.
The screen posts `Today.Chosen(opened)` when a desk is up: the app then listens to that desk (as
`Wire(opened.address, opened.token, by, opened.find)`), shows Live, and says `opened.notes` there.
From Live, «I dag» goes back to the screen; the desk, and its show, go on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from stagectl.engine.asrun import AsRun

State = Literal["unread", "mistakes", "ready", "running", "unended", "run", "published"]
"""unread: not looked at yet; mistakes: cannot be run; running: a desk runs it now; unended: a run
of the last hours that nobody ended, to be taken up again; run: ended; published: nothing can say
so yet."""

How = Literal["", "resume", "reload", "fresh"]
"""Of a run that nobody ended: go on where it was, go on so with files that have changed since, or
begin anew; "": ask."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of a show. `name` is for `Home.runs` and later questions about it.

    Moments are seconds since the epoch. `ended` is None where nobody ended it, `last` is then when
    it was last heard of.
    """

    name: str
    began: float
    last: float
    ended: float | None = None

    @property
    def lasted(self) -> float:
        """Seconds from the first GO to the end, or to the last word."""
        return max(0.0, (self.last if self.ended is None else self.ended) - self.began)


@dataclass(frozen=True, slots=True)
class Mistake:
    """The first mistake of a file, in words: where ("cues/a.yaml:14:18"), what, and the cure."""

    place: str
    said: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of the list. Texts are as people typed them."""

    path: str
    title: str
    date: str = ""
    """ISO 8601, "" where the file says none."""
    start: str = ""
    """h:mm."""
    venue: str = ""
    """What the venue calls itself, or its file's name while that is all we know."""
    elsewhere: bool = False
    """It is of another venue than the one this panel is for."""
    language: str = ""
    state: State = "unread"
    mistakes: int = 0
    mistake: Mistake | None = None
    run: RunLine | None = None
    """The newest run there was."""


@dataclass(frozen=True, slots=True)
class Day:
    """The events there are: dated ones by date and time, then those without a date."""

    events: tuple[EventLine, ...] = ()
    venue: str = ""
    """The venue this panel is for, as it calls itself; "": any of the folder's."""
    timezone: str = ""
    language: str = ""
    """The venue's, "" where nobody knows."""
    unread: int = 0
    """How many files are still to be looked at: `today` again goes on with them."""
    folder: str = ""
    """Where they were looked for."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk is up and has this show."""

    path: str
    address: str
    token: str
    find: Callable[[], tuple[str, str] | None]
    """Where the desk is now (address, token), for one that came back elsewhere."""
    notes: tuple[str, ...] = ()
    """What there was to say on the way, in sentences: a password is missing, a run is taken up."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was started. `what` and `cure` are sentences in the language spoken."""

    what: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One answer to a question: `open(path, how)`."""

    word: str
    path: str
    how: How = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Nothing was started: a person has to choose first, or leave it."""

    what: str
    text: str
    ways: tuple[Way, ...]


Outcome = Opened | Refused | Asked


@dataclass(frozen=True, slots=True)
class Logged:
    """The log of a run, so far or whole; `folder` is where `Home.keep` would write it."""

    run: AsRun
    folder: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A log was written into a new file."""

    path: str


Form = Literal["csv", "json"]


class Home(Protocol):
    """All that only the caller can do. No method raises; each may take seconds."""

    def today(self) -> Day:
        """Return the events, reading on for a moment at the most; changed files are read again."""

    def open(self, path: str, how: How = "") -> Outcome:
        """Find or start the desk of a show."""

    def runs(self, path: str) -> tuple[RunLine, ...]:
        """Return the runs of a show, the newest first."""

    def log(self, path: str, name: str = "") -> Logged | Refused:
        """Return the log of a show's newest run, or of the one of this name."""

    def keep(self, path: str, form: Form, name: str = "") -> Kept | Refused:
        """Write that log into a new file; no file that is there is touched."""
