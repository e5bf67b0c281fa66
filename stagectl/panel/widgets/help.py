"""The keys, for those who have a keyboard."""

from stagectl.panel.ink import EMPTY, line
from stagectl.panel.keys import explained
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import _


def draw_keys(view: View, columns: int, rows: int) -> list[Row]:  # noqa: ARG001 -- every drawing has these three
    """One key a row."""
    table = [line((f"{key:>11}  ", "strong"), text) for key, text in explained()]
    lines = [line(("  " + _("KEYS"), "strong")), EMPTY, *table]
    if len(lines) > rows:
        lines = table
    return [(pieces, "card") for pieces in lines]
