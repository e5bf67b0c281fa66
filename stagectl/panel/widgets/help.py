"""The keys, for those who have a keyboard."""

from stagectl.panel.ink import EMPTY, clip, line, spread, width
from stagectl.panel.keys import explained
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import _

GAP = 1  # columns between two columns of keys


def draw_keys(view: View, columns: int, rows: int) -> list[Row]:
    """One key a row, or two where one column is too short for all."""
    keys = explained(beside=view.beside)
    table = [line((f"{key:>9}  ", "strong"), text) for key, text in keys]
    if len(table) > rows:
        half = -(-len(table) // 2)
        space = (columns - GAP) // 2
        right = [*table[half:], *[EMPTY] * (2 * half - len(table))]
        table = [
            spread(left, clip(beside, space), space + GAP + width(clip(beside, space)))
            for left, beside in zip((clip(t, space) for t in table[:half]), right, strict=True)
        ]
    lines = [line(("  " + _("KEYS"), "strong")), EMPTY, *table]
    if len(lines) > rows:
        lines = table
    return [(pieces, "card") for pieces in lines]
