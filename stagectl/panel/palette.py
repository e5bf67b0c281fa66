"""The only place where a tone becomes a colour.

Grey is normal. Red is on air, green is ready to go; amber and red say that something is abnormal,
and never without a word and a shape beside them.
"""

from functools import cache

from rich.style import Style

PAGE = "#0e1114"
CARD = "#181d21"
RAISED = "#2a3138"
LOW = "#14181b"
TEXT = "#e4e8eb"
DIM = "#a3adb6"
FAINT = "#87929c"
RED = "#c3242f"
GREEN = "#1d7443"
AMBER = "#f4b73f"
GO = "#38c172"
STOP = "#6b1f22"

GROUNDS = {
    "page": Style(color=TEXT, bgcolor=PAGE),
    "card": Style(color=TEXT, bgcolor=CARD),
    "raised": Style(color=TEXT, bgcolor=RAISED),
    "low": Style(color=FAINT, bgcolor=LOW),
    "now": Style(color="#ffffff", bgcolor="#4a1a1e"),
    "next": Style(color="#ffffff", bgcolor="#17402a"),
    "go": Style(color="#06170d", bgcolor=GO),
    "stop": Style(color="#ffffff", bgcolor=STOP),
    "cover": Style(color="#ffffff", bgcolor="#4d4020"),
    "pressed": Style(color="#0e1114", bgcolor="#e4e8eb"),
    "warn": Style(color="#1a1200", bgcolor=AMBER),
    "alarm": Style(color="#ffffff", bgcolor=RED),
    "on_air": Style(color="#ffffff", bgcolor=RED),
    "preview": Style(color="#ffffff", bgcolor=GREEN),
    "calm": Style(color=TEXT, bgcolor="#333c44"),
}
"""A surface: its text and its background. Tested for contrast 4.5:1 with every tone used on it."""

TONES = {
    "text": Style(),
    "strong": Style(bold=True),
    "dim": Style(color=DIM),
    "faint": Style(color=FAINT),
    "red": Style(color="#ff8a80", bold=True),
    "green": Style(color="#66d99a"),
    "amber": Style(color=AMBER),
    "done": Style(color=FAINT),
    "skipped": Style(color=FAINT, strike=True),
    "rule": Style(color="#3d464e"),
    "bar_red": Style(color=RED, bold=True),
    "bar_green": Style(color="#2f9e5f", bold=True),
    "bar_amber": Style(color=AMBER, bold=True),
    "chip_on_air": GROUNDS["on_air"] + Style(bold=True),
    "chip_preview": GROUNDS["preview"] + Style(bold=True),
    "chip_warn": GROUNDS["warn"] + Style(bold=True),
    "chip_calm": GROUNDS["calm"] + Style(bold=True),
}
"""What a piece says. A chip brings its own ground."""

DRAWN = frozenset({"rule", "bar_red", "bar_green", "bar_amber"})
"""Tones of lines and bars, never of letters."""

QUIET_GROUNDS = frozenset({"page", "card", "low"})
"""Only these take every tone. On any other, a tone that is a colour is the ground's own colour:
amber on green, or grey on red, could not be read."""

_DIMMED = frozenset({"raised", "calm"})  # grey enough for the lighter grey


@cache
def style(ground: str, tone: str) -> Style:
    """Return the colours of a piece of `tone` on `ground`."""
    mark = TONES[tone]
    if mark.bgcolor is not None:
        return mark
    if ground not in QUIET_GROUNDS and not (tone == "dim" and ground in _DIMMED):
        mark = Style(bold=mark.bold, strike=mark.strike)
    return GROUNDS[ground] + mark
