"""How loud one thing is, in one row of cells; only the cells that changed are painted anew.

A meter takes levels from the app, not from the View: they change ten times a second, and nothing
else on the screen does. What nobody has said for a while is shown as nothing, never as silence.
"""

from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from stagectl.panel.ink import Line
from stagectl.panel.palette import style

LOWEST, HIGHEST = -60.0, 0.0  # dB, the two ends of the scale
LOUD, TOO_LOUD = -12.0, -3.0  # dB, where the bar turns amber, and red
SILENT, MOST = -120.0, 40.0  # dB, the least and the most that is taken for a level
CLIPS = -0.1  # dB: as good as full scale, and beyond it
HOLD = 1.0  # seconds that the highest level is shown
FALL = 24.0  # dB a second, at which it comes down after that
WARN = 3.0  # seconds that «!» stands after it has clipped: nobody looks at ten meters at once
PARTS = " ▏▎▍▌▋▊▉█"
_SHORT = 12  # cells, below which there is no room for a number

BLACK = Color(0, 0, 0)

Cell = tuple[str, str]  # one sign, its tone


@dataclass(frozen=True, slots=True)
class Needle:
    """Where a meter stands; dB, and seconds on the panel's clock. `level` None: nobody says."""

    level: float | None = None
    peak: float = LOWEST
    peak_at: float = 0.0
    clipped_at: float | None = None

    def hear(self, level: float | None, now: float) -> "Needle":
        """Return where it stands with a new level."""
        if level is None or level != level:  # noqa: PLR0124 -- NaN
            return Needle()
        level = min(max(level, SILENT), MOST)
        falling = self.peak - FALL * max(0.0, now - self.peak_at - HOLD)
        clipped_at = now if level >= CLIPS else self.clipped_at
        if self.level is None or level >= falling:
            return Needle(level, level, now, clipped_at)
        return replace(self, level=level, clipped_at=clipped_at)

    def top(self, now: float) -> float:
        """Return the highest level of the last moment."""
        return max(
            LOWEST if self.level is None else self.level,
            self.peak - FALL * max(0.0, now - self.peak_at - HOLD),
        )

    def clips(self, now: float) -> bool:
        """Tell whether it was too loud just now."""
        return self.clipped_at is not None and now - self.clipped_at < WARN


class Meter(Widget):
    """One row (or more, all alike) that says how loud `stem` is: "mixer.guest", "obs.Mikrofon".

    While it can be seen it says so (`Looks`), and the app lets it hear.
    """

    can_focus = False  # Space is GO, wherever the eye is
    DEFAULT_CSS = "Meter { height: 1; width: 1fr; }"

    class Looks(Message):
        """A meter came into sight, or went out of it."""

        def __init__(self, meter: "Meter", looks: bool) -> None:
            """Say which."""
            super().__init__()
            self.meter = meter
            self.looks = looks

    def __init__(self, stem: str = "", *, ground: str = "card", id: str | None = None) -> None:  # noqa: A002 -- Textual's own name for it
        """Show nothing yet; "" shows nothing at all."""
        super().__init__(id=id)
        self.ground = ground
        self._stem = stem
        self._needle = Needle()
        self._cells: tuple[Cell, ...] = ()

    @property
    def stem(self) -> str:
        """What it is the meter of; another one begins with nothing."""
        return self._stem

    @stem.setter
    def stem(self, stem: str) -> None:
        if stem != self._stem:
            self._stem = stem
            self.hear(None, 0.0)

    def hear(self, level: float | None, now: float) -> None:
        """Show this level, in dB, from now on; None: nobody says."""
        self._needle = self._needle.hear(level, now)
        columns, rows = self.size
        if not columns or not rows:
            return
        drawn = draw_meter(self._needle, now, columns)
        before, self._cells = self._cells, drawn
        if len(before) != columns:
            self.refresh()
        elif changed := [x for x in range(columns) if before[x] != drawn[x]]:
            first, last = changed[0], changed[-1]
            self.refresh(Region(first, 0, last + 1 - first, rows))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return rows, all alike, in the palette's colours.

        Past Textual's cache of borders, paddings and blends, which is half of what a row costs: a
        meter has none of them.
        """
        columns, ground = self.size.width, self.ground
        cells = self._cells if len(self._cells) == columns else ((" ", "text"),) * columns
        drawn = Strip(
            [Segment(text, style(ground, tone)) for text, tone in as_line(cells)], columns
        )
        for one in self.get_line_filters():
            drawn = drawn.apply_filter(one, BLACK)
        return [drawn.crop(crop.x, crop.right)] * crop.height

    def on_resize(self) -> None:
        """Begin anew in the new size, at the next level."""
        self._cells = ()

    def on_show(self) -> None:
        """Ask for levels: it can be seen."""
        self.post_message(self.Looks(self, looks=True))

    def on_hide(self) -> None:
        """Ask for none: it cannot be seen."""
        self.post_message(self.Looks(self, looks=False))


def draw_meter(needle: Needle, now: float, columns: int) -> tuple[Cell, ...]:
    """Return the cells of a meter: the bar, the highest level of the last moment, «!»."""
    if needle.level is None:
        return ((" ", "text"),) * columns
    top, clips = needle.top(now), needle.clips(now)
    told = _told(top, clips=clips, room=columns >= _SHORT)
    many = max(0, columns - len(told))
    return (*_bar(needle.level, top, many), *told)[:columns]


def as_line(cells: tuple[Cell, ...]) -> Line:
    """Return cells as pieces: those of one tone together."""
    groups = groupby(cells, key=lambda cell: cell[1])
    return tuple(("".join(sign for sign, _ in some), tone) for tone, some in groups)


def _bar(level: float, top: float, many: int) -> list[Cell]:
    """Blocks of an eighth of a cell each, a rule where the bar is not, a mark where it has been."""
    eighths = round(_share(level) * many * 8)
    mark = ceil(_share(top) * many) - 1
    cells: list[Cell] = []
    for x in range(many):
        part = min(max(eighths - 8 * x, 0), 8)
        if part:  # the last one by the level itself: in a short bar red is less than a cell
            tip = eighths <= 8 * (x + 1)
            middle = LOWEST + (x + 0.5) / many * (HIGHEST - LOWEST)
            cells.append((PARTS[part], _tone(level if tip else middle)))
        elif x == mark:
            cells.append(("▌", _tone(top)))
        else:
            cells.append(("─", "rule"))
    return cells


def _told(top: float, *, clips: bool, room: bool) -> list[Cell]:
    """The highest level as a number where there is room, and «!» where it was too loud."""
    tone = "chip_warn" if clips else "dim"
    mark = "!" if clips else " "
    if not room:
        return [(mark, tone)]
    sign = "−" if round(top) < 0 else "+" if round(top) > 0 else ""
    text = f"{sign}{abs(round(top))}" if top > LOWEST else ""
    return [(" ", "text"), *((sign, tone) for sign in f"{mark}{text:>3}")]


def _share(level: float) -> float:
    return (min(max(level, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)


def _tone(level: float) -> str:
    return "bar_green" if level < LOUD else "bar_amber" if level < TOO_LOUD else "bar_red"
