"""Where everything of a page stands: no button is under 3 × 12, and what has no room has a turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stagectl.panel.panes.hand_pages import (
    Held,
    Level,
    Page,
    PageName,
    Section,
    Somebody,
    Strip,
    Text,
    Tile,
)

ROWS, CELLS = 3, 12  # of the smallest button
BAR = 3  # rows of the page bar
COMFORT = 18  # cells a word like «Presentasjon» sits well in
TALLEST, WIDEST = 5, 28  # a button larger than this is no easier to hit
STRIP = 3 * ROWS + 2  # rows: up, its value, the switch, its meter, down
FLAT = 3 * CELLS + 2  # cells: a name, −, +
BROAD = 58  # cells after which a name, − and + are too far apart

Part = Literal[
    "main", "up", "down", "off", "show", "value", "meter", "title", "legend", "page", "more"
]
TOUCHED = frozenset({"main", "up", "down", "off", "show", "page", "more"})


@dataclass(frozen=True, slots=True)
class Spot:
    """One rectangle: which part of which tile it is; cells from the pane's corner."""

    part: Part
    x: int
    y: int
    w: int
    h: int
    tile: Tile | None = None
    text: str = ""
    """A heading's; or the page a button of the bar shows."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A page laid out: the spots of one of its turns, and how many turns it has."""

    spots: tuple[Spot, ...]
    turns: int


def bar(names: Sequence[PageName], shown: PageName, columns: int, *, more: bool) -> list[Spot]:
    """Return the page bar, «Flere» at its end.

    Where not all have room, «Annet» and «Holdt» take turns in one place.
    """
    if _least(len(names) + more) > columns and {"other", "held"} <= set(names):
        away: PageName = "held" if shown != "held" else "other"
        names = [name for name in names if name != ("other" if away == "held" else "held")]
    count = len(names) + more
    w = min(WIDEST, (columns + 1) // max(1, count) - 1)
    spots = [Spot("page", n * (w + 1), 0, w, BAR, text=name) for n, name in enumerate(names)]
    if more:
        spots.append(Spot("more", columns - w, 0, w, BAR))
    return spots


def lay(page: Page, columns: int, rows: int, turn: int, longest: int = 0) -> Laid:
    """Lay a page out below the bar; `rows` are those below it, `turn` counts from nought.

    `longest` is the longest word on it: a button is as wide, if it can be.
    """
    if page.name == "sound":
        strips = [tile for section in page.sections for tile in section.tiles]
        return _strips([s for s in strips if isinstance(s, Strip)], columns, rows, turn)
    return _grid(page.sections, columns, rows, turn, longest)


def _least(count: int) -> int:
    return count * (CELLS + 1) - 1


# ---- tiles in rows

_Part = tuple[str, tuple[Tile, ...]]
"""A heading, and the tiles below it on one row."""


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple[_Part, ...]
    many: int
    """So many tiles would fill it."""

    @property
    def free(self) -> int:
        return self.many - sum(len(tiles) for _title, tiles in self.parts)


def _grid(sections: Sequence[Section], columns: int, rows: int, turn: int, longest: int) -> Laid:
    """Rows of tiles; the row above each has its heading."""
    room = max(1, rows // (ROWS + 1))
    least = min(max(longest + 2, CELLS), COMFORT)
    ways = [(w, shared) for shared in (False, True) for w in range(COMFORT, least - 1, -1)]
    tries = (_rows(sections, columns, w, shared=shared) for w, shared in ways)
    fits = next((found for found in tries if len(found) <= room), None)
    lines = fits if fits is not None else _rows(sections, columns, max(least, CELLS + 3))
    turns = max(1, -(-len(lines) // room))
    lines = lines[turn % turns * room :][:room]
    high = min(TALLEST, max(ROWS, rows // max(1, room if turns > 1 else len(lines)) - 1))
    spots = [s for n, row in enumerate(lines) for s in _row(row, columns, n * (high + 1), high)]
    return Laid(tuple(spots), turns)


def _rows(
    sections: Sequence[Section], columns: int, least: int, *, shared: bool = False
) -> list[_Row]:
    """Break sections into rows of one width each; `shared`: a short one fills a row begun."""
    room = {wide: _across(columns, FLAT if wide else least) for wide in (False, True)}
    counts = {wide: [len(s.tiles) for s in sections if _wide(s) is wide] for wide in room}
    even = {wide: max([_even(n, room[wide]) for n in counts[wide]] or [1]) for wide in room}
    out: list[_Row] = []
    for section in sections:
        many = room[False] if shared and not _wide(section) else even[_wide(section)]
        if shared and out and out[-1].many == many and len(section.tiles) <= out[-1].free:
            out[-1] = _Row((*out[-1].parts, (section.title, section.tiles)), many)
            continue
        for at in range(0, len(section.tiles), many):
            tiles = section.tiles[at : at + many]
            out.append(_Row(((section.title if at == 0 else "", tiles),), many))
    return out


def _even(count: int, across: int) -> int:
    """Return so many a row that all rows have about as many."""
    return -(-count // -(-count // across))


def _across(columns: int, least: int) -> int:
    return max(1, (columns + 1) // (least + 1))


def _wide(section: Section) -> bool:
    return any(isinstance(tile, Level | Text | Somebody | Held) for tile in section.tiles)


def _row(row: _Row, columns: int, y: int, high: int) -> Iterator[Spot]:
    w = (columns + 1) // row.many - 1
    is_wide = any(isinstance(tile, Level | Text | Somebody | Held) for tile in row.parts[0][1])
    w = min(w, BROAD if is_wide else WIDEST)
    x = 0
    for title, tiles in row.parts:
        if title:
            space = (w + 1) * len(tiles) - 1 if len(row.parts) > 1 else columns - x
            yield Spot("title", x, y, space, 1, text=title)
        for tile in tiles:
            yield from _tile(tile, x, y + 1, w, high)
            x += w + 1


def _tile(tile: Tile, x: int, y: int, w: int, h: int) -> Iterator[Spot]:
    """A tile of one button, or a wide one with its own buttons at its right."""
    parts: tuple[Part, ...] = ()
    match tile:
        case Level():
            parts = ("down", "up")
        case Text():
            parts = ("off",)
        case Somebody():
            parts = ("show",)
    first = w - len(parts) * (CELLS + 1)
    yield Spot("main", x, y, first, h, tile)
    for n, part in enumerate(parts):
        yield Spot(part, x + first + 1 + n * (CELLS + 1), y, CELLS, h, tile)


# ---- strips


def _strips(strips: Sequence[Strip], columns: int, rows: int, turn: int) -> Laid:
    """Strips side by side, as on a mixer; a switch without a level stands below them if it can."""
    if rows < STRIP + 2:  # a cell above them, and one below
        return _flat(strips, columns, rows, turn)
    lone, below = [s for s in strips if not s.level], (columns + 1) // (COMFORT + 1)
    foot = ROWS + 1
    if not 0 < len(lone) <= below or len(lone) == len(strips) or rows < STRIP + foot + 1:
        lone, foot = [], 0
    standing = [s for s in strips if s not in lone]
    across = _across(columns, CELLS)
    tiers = max(1, min((rows - foot) // (STRIP + 1), -(-len(standing) // across)))
    turns = max(1, -(-len(standing) // (across * tiers)))
    here = standing[turn % turns * across * tiers :][: across * tiers]
    high = min((rows - foot) // tiers, 3 * TALLEST + 4)
    many = across if turns > 1 else -(-len(standing) // tiers)
    w = min(WIDEST, (columns + 1) // max(1, many) - 1)
    spots: list[Spot] = []
    for n, strip in enumerate(here):
        x, y = n % many * (w + 1), n // many * high
        spots += _strip(strip, x, y, w, high)
    if high > STRIP:
        spots.insert(0, Spot("legend", 0, 0, columns, 1))
    y = min(rows - ROWS, tiers * high + 1)
    spots += [Spot("main", n * (COMFORT + 1), y, COMFORT, ROWS, s) for n, s in enumerate(lone)]
    return Laid(tuple(spots), turns)


def _strip(strip: Strip, x: int, y: int, w: int, rows: int) -> Iterator[Spot]:
    """Up, the level, the switch in the middle where no other button is near, the meter, down."""
    spare = rows - STRIP
    gap = 1 if spare > 0 else 0
    spare -= gap
    grow = min(TALLEST - ROWS, max(0, spare) // 3)
    side = ROWS + grow
    switch = min(TALLEST, ROWS + max(0, spare - 2 * grow))
    at = y + gap
    if not strip.level:
        yield Spot("main", x, at + side + 1, w, switch, strip)
        return
    yield Spot("up", x, at, w, side, strip)
    yield Spot("value", x, at + side, w, 1, strip)
    yield Spot("main", x, at + side + 1, w, switch, strip)
    yield Spot("meter", x, at + side + 1 + switch, w, 1, strip)
    yield Spot("down", x, at + side + switch + 2, w, side, strip)


def _flat(strips: Sequence[Strip], columns: int, rows: int, turn: int) -> Laid:
    """On a low screen a strip lies down: its name, −, +; its level and its meter above them."""
    room = max(1, rows // (ROWS + 1))
    many = _across(columns, FLAT)
    turns = max(1, -(-len(strips) // (many * room)))
    here = strips[turn % turns * many * room :][: many * room]
    w = min(BROAD, (columns + 1) // many - 1)
    high = min(TALLEST, max(ROWS, rows // room - 1))
    spots: list[Spot] = []
    for n, strip in enumerate(here):
        x, y = n % many * (w + 1), n // many * (high + 1)
        if not strip.level:
            spots.append(Spot("main", x, y + 1, w, high, strip))
            continue
        first = w - 2 * (CELLS + 1)
        spots += [
            Spot("value", x, y, first, 1, strip),
            Spot("meter", x + first + 1, y, w - first - 1, 1, strip),
            Spot("main", x, y + 1, first, high, strip),
            Spot("down", x + first + 1, y + 1, CELLS, high, strip),
            Spot("up", x + w - CELLS, y + 1, CELLS, high, strip),
        ]
    return Laid(tuple(spots), turns)
