"""The list of events as it stands on the screen: what comes first, and what is on which page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stagectl.panel import almanac
from stagectl.panel.home import Asked, Day, EventLine, Refused, State
from stagectl.words.tongue import _

HIGH = 3  # rows of an event: what a finger hits
GAP = 1
NOW: tuple[State, ...] = ("running", "unended")


@dataclass(frozen=True, slots=True)
class Heading:
    """A word above some of the events."""

    word: str


Item = Heading | EventLine


@dataclass(frozen=True, slots=True)
class Board:
    """All that the screen shows at one moment; `wall` is seconds since the epoch."""

    day: Day | None = None
    wall: float = 0.0
    first: str = ""
    """The path of an event on the page shown; "": the first page."""
    marked: str = ""
    """The path of the event that Enter opens."""
    opening: str = ""
    """The path of the event that is being opened."""
    outcome: Refused | Asked | None = None
    """What came of the last attempt, until somebody answers it."""
    choice: int = 0
    """Which answer Enter takes."""

    @property
    def today(self) -> date:
        """The date, by the venue's clock."""
        return almanac.at(self.wall, self.day.timezone if self.day else "").date()


def items(board: Board) -> tuple[Item, ...]:
    """Return what there is, from the top: what runs, today's, what comes, what has been."""
    if board.day is None:
        return ()
    today = board.today.isoformat()
    now: list[EventLine] = []
    of_today: list[EventLine] = []
    coming: list[EventLine] = []
    been: list[EventLine] = []
    undated: list[EventLine] = []
    for event in board.day.events:
        if event.state in NOW:
            now.append(event)
        elif not event.date:
            undated.append(event)
        elif event.date == today:
            of_today.append(event)
        elif event.date > today:
            coming.append(event)
        else:
            been.append(event)
    been.sort(key=lambda event: event.date, reverse=True)  # within a day the order stays
    sections = (
        (_("Now"), now),
        (_("Today"), of_today),
        (_("To come"), coming),
        (_("Has been"), been),
        (_("Without a date"), undated),
    )
    listed: list[Item] = []
    for word, found in sections:
        listed += [Heading(word), *found] if found else ()
    return tuple(listed)


def events(board: Board) -> list[EventLine]:
    """Return the events in the order of the screen."""
    return [item for item in items(board) if isinstance(item, EventLine)]


def pages(listed: Sequence[Item], rows: int) -> list[tuple[int, int]]:
    """Return each page as (first, behind the last); a heading never ends one."""
    found: list[tuple[int, int]] = []
    first = at = used = 0
    while at < len(listed):
        heading = isinstance(listed[at], Heading)
        high = 1 if heading else HIGH + GAP
        with_it = HIGH + GAP if heading else 0
        if at > first and used + high + with_it - GAP > rows:
            found.append((first, at))
            first, used = at, 0
            continue
        used += high
        at += 1
    return [*found, (first, at)] if at > first else found


def page_of(listed: Sequence[Item], every: Sequence[tuple[int, int]], path: str) -> int:
    """Return the page that has an event; the first one if none has."""
    for number, (first, behind) in enumerate(every):
        if any(isinstance(one, EventLine) and one.path == path for one in listed[first:behind]):
            return number
    return 0


def layout(listed: Sequence[Item], rows: int, path: str) -> list[tuple[int, int]]:
    """Return what stands in each row: an item's place and which row of it, (-1, 0) for a gap."""
    every = pages(listed, rows)
    if not every:
        return []
    first, behind = every[page_of(listed, every, path)]
    drawn: list[tuple[int, int]] = []
    for place in range(first, behind):
        if isinstance(listed[place], Heading):
            drawn.append((place, 0))
        else:
            drawn += [(place, row) for row in range(HIGH)] + [(-1, 0)] * GAP
    return drawn[:rows]


def step(board: Board, rows: int, steps: int) -> str:
    """Return the event so many further down the list than the marked one."""
    paths = [event.path for event in events(board)]
    if board.marked not in paths:
        shown = _shown(board, rows)
        return shown[0].path if shown else ""
    return paths[max(0, min(len(paths) - 1, paths.index(board.marked) + steps))]


def turned(board: Board, rows: int, by: int) -> str:
    """Return an event of the page so many further on."""
    listed = items(board)
    every = pages(listed, rows)
    if not every:
        return ""
    number = max(0, min(len(every) - 1, page_of(listed, every, board.first) + by))
    first, behind = every[number]
    return next(one.path for one in listed[first:behind] if isinstance(one, EventLine))


def _shown(board: Board, rows: int) -> list[EventLine]:
    listed = items(board)
    places = dict.fromkeys(place for place, _row in layout(listed, rows, board.first))
    return [one for n in places if n >= 0 and isinstance(one := listed[n], EventLine)]


def event_at(board: Board, rows: int, y: int) -> EventLine | None:
    """Return the event drawn in a row of the list."""
    listed = items(board)
    drawn = layout(listed, rows, board.first)
    if not 0 <= y < len(drawn) or drawn[y][0] < 0:
        return None
    found = listed[drawn[y][0]]
    return found if isinstance(found, EventLine) else None
