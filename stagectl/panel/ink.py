"""A line of the screen is pieces of text with a tone; no piece is ever markup.

Widths are terminal cells. Tones are named for what they say, and are colours in palette.py only.
"""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

Piece = tuple[str, str]  # text, tone
Line = tuple[Piece, ...]

EMPTY: Line = ()
CUT = "…"


def line(*pieces: str | Piece, tone: str = "text") -> Line:
    """Return a line; a bare text takes `tone`."""
    return tuple((p, tone) if isinstance(p, str) else p for p in pieces if p and p[0])


def width(pieces: Line) -> int:
    """Return how many cells a line takes."""
    return sum(cell_len(text) for text, _ in pieces)


def cut(text: str, cells: int) -> str:
    """Return `text` in at most so many cells, ending in "…" where something is missing."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + CUT if cells > 0 else ""


def clip(pieces: Line, cells: int) -> Line:
    """Return a line of at most so many cells."""
    if width(pieces) <= cells:
        return pieces
    kept: list[Piece] = []
    for text, tone in pieces:
        space = cells - width(tuple(kept))
        if cell_len(text) >= space:
            kept.append((cut(text + CUT, space), tone))
            break
        kept.append((text, tone))
    return tuple(kept)


def spread(left: Line, right: Line, cells: int, gap: int = 1) -> Line:
    """Put `left` and `right` at the two ends; where both do not fit, `left` is cut."""
    right = clip(right, cells)
    left = clip(left, max(0, cells - width(right) - (gap if right else 0)))
    return (*left, (" " * (cells - width(left) - width(right)), "text"), *right)


def centre(pieces: Line, cells: int) -> Line:
    """Put a line in the middle."""
    pieces = clip(pieces, cells)
    return ((" " * ((cells - width(pieces)) // 2), "text"), *pieces)


def wrap(text: str, cells: int, rows: int) -> list[str]:
    """Break a text between words into at most `rows` lines; the last says if there was more."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < rows:
        now = rest.pop(0)
        while rest and cell_len(now) + 1 + cell_len(rest[0]) <= cells:
            now = f"{now} {rest.pop(0)}"
        if cell_len(now) > cells:
            head = set_cell_size(now, cells).rstrip()
            rest.insert(0, now[len(head) :])
            now = head
        lines.append(now)
    if rest and lines:
        lines[-1] = cut(lines[-1] + CUT, cells) if cell_len(lines[-1]) >= cells else lines[-1] + CUT
    return lines


def wrapped(text: str, cells: int, rows: int, tone: str = "text") -> list[Line]:
    """`wrap`, as lines of one tone."""
    return [line((part, tone)) for part in wrap(text, cells, rows)]


def join(parts: Iterable[Line], between: Piece = ("  ", "text")) -> Line:
    """Put lines one after another on one line."""
    out: list[Piece] = []
    for part in parts:
        if part:
            out += ([between] if out else []) + list(part)
    return tuple(out)


def whole(parts: Sequence[Line], cells: int, between: Piece = ("  ", "text")) -> Line:
    """Join as many whole parts as fit: half a fact is worse than none."""
    for count in range(len(parts), 0, -1):
        if width(joined := join(parts[:count], between)) <= cells:
            return joined
    return clip(parts[0], cells) if parts else EMPTY
