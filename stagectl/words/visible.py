"""Text that people typed is shown whole: nothing in it can hide, turn a line or move a cursor."""

import unicodedata

MOST = 60  # signs of somebody's text within a sentence

_TURNS = {
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    "\u061c", "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\ufeff", "\u2060",
}  # fmt: skip


def visible(text: str, most: int = 0) -> str:
    """Return `text` on one line, with what cannot be seen made visible; cut at `most` signs."""
    if most and len(text) > most:
        text = text[: most - 1] + "…"
    return text if text.isprintable() and text.isascii() else "".join(map(shown, text))


def visible_lines(text: str) -> str:
    """Return `text` with each of its lines visible: no name in it can speak to a terminal."""
    return "\n".join(map(visible, text.split("\n")))


def shown(sign: str) -> str:
    """Return one sign as it can be shown: a tab as →, escape as ␛, a direction mark by its code."""
    code = ord(sign)
    if sign == "\t":
        return "→"
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    kind = unicodedata.category(sign)
    if sign in _TURNS or kind in ("Cc", "Cs", "Cn", "Co"):
        return f"<U+{code:04X}>"
    return " " if kind == "Zs" else sign


def columns(text: str) -> int:
    """Return how many cells a terminal gives to text that is visible: wide signs take two."""
    return sum(map(_cells, text))


def _cells(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
