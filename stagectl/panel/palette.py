"""The only place where a tone becomes a colour.

Grey is normal. Red is on air, green is ready to go; amber and red say that something is abnormal,
and never without a word and a shape beside them. Blue is where the keyboard's mark is.
Each tone has its colours side by side: ordinary, high contrast, and the sixteen of a terminal that
has no more. All that is written stands 4.5 to 1 on whatever it is written on, however large:
how large a letter is, only the terminal knows. A bar or a rule stands 3 to 1.
"""

import os
from functools import cache
from typing import Literal, NamedTuple

from rich.style import Style

Contrast = Literal["ordinary", "high"]
CONTRASTS: tuple[Contrast, ...] = ("ordinary", "high")
VARIABLE = "STAGECTL_CONTRAST"
"""Says how a panel starts: its switch is of one evening, a wall's is of its machine."""

PAGE = "#0e1114"
CARD = "#181d21"
TEXT = "#e4e8eb"
DIM = "#a3adb6"
FAINT = "#87929c"
RED = "#c3242f"
GREEN = "#1d7443"
AMBER = "#f4b73f"
GO = "#38c172"


class Shades(NamedTuple):
    """One tone in every palette."""

    ordinary: Style
    high: Style
    sixteen: Style


def _on(ordinary: str, high: str, sixteen: str) -> Shades:
    """Return a surface; each of the three is "text ground"."""
    return Shades(*(_surface(*both.split()) for both in (ordinary, high, sixteen)))


def _surface(text: str, ground: str) -> Style:
    return Style(color=text, bgcolor=ground)


def _ink(
    ordinary: str, high: str, sixteen: str, *, bold: bool | None = None, strike: bool | None = None
) -> Shades:
    """Return a colour of letters, or of a line."""
    inks = (ordinary, high, sixteen)
    return Shades(*(Style(color=ink, bold=bold, strike=strike) for ink in inks))


def _all(style: Style) -> Shades:
    return Shades(style, style, style)


def _bold(shades: Shades) -> Shades:
    return Shades(*(shade + Style(bold=True) for shade in shades))


# The sixteen: of grounds a terminal has only the eight darker ones, and white cannot be read on its
# green, nor black on its brown.
_SURFACES = {
    "page": _on(f"{TEXT} {PAGE}", "#ffffff #000000", "#ffffff #000000"),
    "card": _on(f"{TEXT} {CARD}", "#ffffff #141414", "#ffffff #000000"),
    "raised": _on(f"{TEXT} #2a3138", "#ffffff #5c5f63", "#ffffff #0000aa"),
    "low": _on(f"{FAINT} #14181b", "#c4c4c4 #000000", "#aaaaaa #000000"),
    "now": _on("#ffffff #4a1a1e", "#ffffff #b3202a", "#ffffff #aa0000"),
    "next": _on("#ffffff #17402a", "#ffffff #1d7443", "#000000 #00aa00"),
    "go": _on(f"#06170d {GO}", "#000000 #4ade80", "#000000 #00aa00"),
    "stop": _on("#ffffff #6b1f22", "#ffffff #b3202a", "#ffffff #aa0000"),
    "cover": _on("#ffffff #4d4020", "#ffffff #7d5f00", "#ffffff #aa5500"),
    "pressed": _on(f"{PAGE} {TEXT}", "#000000 #ffffff", "#000000 #aaaaaa"),
    "marked": _on("#06121f #a8cef7", "#000000 #9ecbff", "#000000 #aaaaaa"),
    "warn": _on(f"#1a1200 {AMBER}", "#000000 #ffd24a", "#ffffff #aa5500"),
    "alarm": _on(f"#ffffff {RED}", "#ffffff #c8242f", "#ffffff #aa0000"),
    "on_air": _on(f"#ffffff {RED}", "#ffffff #c8242f", "#ffffff #aa0000"),
    "preview": _on(f"#ffffff {GREEN}", "#ffffff #1d7443", "#000000 #00aa00"),
    "rehearse": _on("#ffffff #4b3b8f", "#ffffff #6a4fd0", "#ffffff #0000aa"),
    "calm": _on(f"{TEXT} #333c44", "#ffffff #5c5f63", "#ffffff #0000aa"),
}

_INKS = {
    "text": _all(Style()),
    "strong": _all(Style(bold=True)),
    "dim": _ink(DIM, "#e0e0e0", "#aaaaaa"),
    "faint": _ink(FAINT, "#c4c4c4", "#aaaaaa"),
    "red": _ink("#ff8a80", "#ff9e96", "#ff5555", bold=True),
    "green": _ink("#66d99a", "#7dffb2", "#55ff55"),
    "amber": _ink(AMBER, "#ffd24a", "#ffff55"),
    "done": _ink(FAINT, "#c4c4c4", "#aaaaaa"),
    "skipped": _ink(FAINT, "#c4c4c4", "#aaaaaa", strike=True),
    "rule": _ink("#616c76", "#8c8c8c", "#aaaaaa"),
    "bar_red": _ink("#d8434d", "#ff5a5f", "#ff5555", bold=True),
    "bar_green": _ink("#2f9e5f", "#4ade80", "#55ff55", bold=True),
    "bar_amber": _ink(AMBER, "#ffd24a", "#ffff55", bold=True),
    "chip_on_air": _bold(_SURFACES["on_air"]),
    "chip_preview": _bold(_SURFACES["preview"]),
    "chip_warn": _bold(_SURFACES["warn"]),
    "chip_rehearse": _bold(_SURFACES["rehearse"]),
    "chip_calm": _bold(_SURFACES["calm"]),
}

GROUNDS = {name: shades.ordinary for name, shades in _SURFACES.items()}
"""The surfaces there are: a text and a background."""

TONES = {name: shades.ordinary for name, shades in _INKS.items()}
"""What a piece says. A chip brings its own ground."""

DRAWN = frozenset({"rule", "bar_red", "bar_green", "bar_amber"})
"""Tones of lines and bars, never of letters."""

QUIET_GROUNDS = frozenset({"page", "card", "low"})
"""Only these take every tone. On any other, a tone that is a colour is the ground's own colour:
amber on green, or grey on red, could not be read."""

_DIMMED = frozenset({"raised", "calm"})  # grey enough for the lighter grey

_chosen: Contrast = "high" if os.environ.get(VARIABLE) == "high" else "ordinary"
_terminal: Literal["", "sixteen", "grey"] = ""
FEW = ("standard", "windows")
"""What rich calls a terminal with sixteen colours."""


def use(contrast: Contrast) -> None:
    """Draw in this contrast from now on, in all of this process; what is drawn stays as it was."""
    global _chosen  # noqa: PLW0603 -- a panel has one palette, as it has one tongue
    _chosen = contrast


def used() -> Contrast:
    """Return the contrast that was chosen."""
    return _chosen


def other() -> Contrast:
    """Return the contrast that is not used."""
    return "ordinary" if _chosen == "high" else "high"


def fit(*, few: bool, grey: bool = False) -> None:
    """Say whether the terminal has only sixteen colours, and whether none is wanted (NO_COLOR).

    Then there is one contrast, and it is high: the nearest of sixteen makes one grey of ours, and
    of sixteen greys there are four.
    """
    global _terminal  # noqa: PLW0603 -- a process has one terminal
    _terminal = "" if not few else "grey" if grey else "sixteen"


def page() -> str:
    """Return the colour between all surfaces, as "#rrggbb"."""
    ground = style("page", "text").bgcolor
    assert ground is not None, "a page has a ground"  # noqa: S101 -- the table above says so
    return ground.name


def style(ground: str, tone: str) -> Style:
    """Return the colours of a piece of `tone` on `ground`, in the palette that is used."""
    return _style(ground, tone, _terminal or _chosen)


@cache
def _style(
    ground: str, tone: str, palette: Literal["ordinary", "high", "sixteen", "grey"]
) -> Style:
    if palette == "grey":
        return _in_greys(ground, tone)
    mark: Style = getattr(_INKS[tone], palette)
    if mark.bgcolor is not None:
        return mark
    dimmed = tone == "dim" and ground in _DIMMED and palette != "sixteen"
    if ground not in QUIET_GROUNDS and not dimmed:
        mark = Style(bold=mark.bold, strike=mark.strike)
    surface: Style = getattr(_SURFACES[ground], palette)
    return surface + mark


def _in_greys(ground: str, tone: str) -> Style:
    """White on black, and black on light grey for whatever is a block."""
    mark = _INKS[tone].sixteen
    block = ground not in QUIET_GROUNDS or mark.bgcolor is not None
    quiet = "#aaaaaa" if tone in ("dim", "faint", "done", "skipped", "rule") else "#ffffff"
    surface = _surface("#000000", "#aaaaaa") if block else _surface(quiet, "#000000")
    return surface + Style(bold=mark.bold, strike=mark.strike)
