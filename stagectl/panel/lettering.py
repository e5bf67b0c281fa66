"""A line of text in letters of dots, to be read from the back of a stage; capitals alone.

What has no letter here (Northern Sámi's marks fall away, "Č" is "C"; "京" has none) is None: then
it is said in ordinary letters.
"""

import unicodedata

from stagectl.panel.figures import halves

HIGH = 7  # dots; Å, Ä, Ö and É wear theirs in two more above
_WIDE = {"I": 3, "1": 3, ".": 1, ",": 2, ":": 1, "!": 1, "'": 1, "’": 1, " ": 3, "(": 2, ")": 2}

# Seven rows of five dots each, as bits; the leftmost dot is 16.
_LETTERS = {
    "A": (14, 17, 17, 31, 17, 17, 17), "B": (30, 17, 17, 30, 17, 17, 30),
    "C": (14, 17, 16, 16, 16, 17, 14), "D": (30, 17, 17, 17, 17, 17, 30),
    "E": (31, 16, 16, 30, 16, 16, 31), "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 14), "H": (17, 17, 17, 31, 17, 17, 17),
    "I": (28, 8, 8, 8, 8, 8, 28), "J": (1, 1, 1, 1, 17, 17, 14),
    "K": (17, 18, 20, 24, 20, 18, 17), "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17), "N": (17, 25, 21, 19, 17, 17, 17),
    "O": (14, 17, 17, 17, 17, 17, 14), "P": (30, 17, 17, 30, 16, 16, 16),
    "Q": (14, 17, 17, 17, 21, 18, 13), "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30), "T": (31, 4, 4, 4, 4, 4, 4),
    "U": (17, 17, 17, 17, 17, 17, 14), "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 27, 17), "X": (17, 17, 10, 4, 10, 17, 17),
    "Y": (17, 17, 10, 4, 4, 4, 4), "Z": (31, 1, 2, 4, 8, 16, 31),
    "Æ": (15, 20, 20, 31, 20, 20, 23), "Ø": (14, 17, 19, 21, 25, 17, 14),
    "Đ": (14, 9, 9, 29, 9, 9, 14), "Ŋ": (17, 25, 21, 19, 17, 1, 2), "Ŧ": (31, 4, 4, 14, 4, 4, 4),
    "0": (14, 17, 17, 17, 17, 17, 14), "1": (8, 24, 8, 8, 8, 8, 28),
    "2": (14, 17, 1, 6, 8, 16, 31), "3": (30, 1, 1, 14, 1, 1, 30),
    "4": (2, 6, 10, 18, 31, 2, 2), "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (14, 16, 16, 30, 17, 17, 14), "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14), "9": (14, 17, 17, 15, 1, 1, 14),
    " ": (0, 0, 0, 0, 0, 0, 0), ".": (0, 0, 0, 0, 0, 0, 16), ",": (0, 0, 0, 0, 0, 8, 16),
    ":": (0, 0, 16, 0, 0, 16, 0), "!": (16, 16, 16, 16, 16, 0, 16),
    "?": (14, 17, 1, 6, 4, 0, 4), "-": (0, 0, 0, 31, 0, 0, 0), "–": (0, 0, 0, 31, 0, 0, 0),
    "+": (0, 4, 4, 31, 4, 4, 0), "/": (1, 1, 2, 4, 8, 16, 16), "%": (25, 26, 2, 4, 8, 11, 19),
    "&": (12, 18, 20, 8, 21, 18, 13), "'": (16, 16, 0, 0, 0, 0, 0), "’": (16, 16, 0, 0, 0, 0, 0),
    "(": (8, 16, 16, 16, 16, 16, 8), ")": (16, 8, 8, 8, 8, 8, 16),
    "«": (0, 5, 10, 20, 10, 5, 0), "»": (0, 20, 10, 5, 10, 20, 0),
}  # fmt: skip
_MARKS = {
    "\u030a": (4, 10), "\u0308": (10, 0), "\u0301": (2, 4), "\u0300": (8, 4), "\u0302": (4, 10),
    "\u030c": (10, 4), "\u0303": (13, 22),
}  # fmt: skip


def lettered(text: str, columns: int, rows: int) -> list[str] | None:
    """Return a text in as large letters as fit, broken between words; None: it does not fit."""
    words = text.upper().split()
    if not words or not all(_knows(word) for word in words):
        return None
    for scale in range(max(1, rows * 2 // (HIGH + 2)), 0, -1):
        lines = _broken(words, columns // scale)
        if lines is None:
            continue
        drawn = [row for line in lines for row in (*_drawn(line, scale), "")][:-1]
        if len(drawn) <= rows:
            return drawn
    return None


def _knows(word: str) -> bool:
    return all(base in _LETTERS for base, _mark in _signs(word))


def _signs(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return each letter with what it wears above; a mark we do not have falls away."""
    found: list[tuple[str, tuple[int, int]]] = []
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign) and found:
            found[-1] = found[-1][0], _MARKS.get(sign, found[-1][1])
        else:
            found.append((sign, (0, 0)))
    return found


def _columns(text: str) -> int:
    return sum(_WIDE.get(base, 5) + 1 for base, _mark in _signs(text)) - 1


def _broken(words: list[str], columns: int) -> list[str] | None:
    lines: list[str] = []
    for word in words:
        if lines and _columns(f"{lines[-1]} {word}") <= columns:
            lines[-1] += f" {word}"
        elif _columns(word) <= columns:
            lines.append(word)
        else:
            return None
    return lines


def _drawn(line: str, scale: int) -> list[str]:
    signs = _signs(line)
    high = HIGH + (2 if any(mark != (0, 0) for _base, mark in signs) else 0)
    dots: list[list[bool]] = [[] for _ in range(high)]
    for n, (base, mark) in enumerate(signs):
        rows = (*mark, *_LETTERS[base])[-high:]
        for y, bits in enumerate(rows):
            gap = [False] if n else []
            dots[y] += gap + [bool(bits & (16 >> x)) for x in range(_WIDE.get(base, 5))]
    large = [[dot for dot in row for _ in range(scale)] for row in dots for _ in range(scale)]
    return halves(large)
