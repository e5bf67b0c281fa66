"""Figures as large as there is room for, of half blocks: to be read from the back of a stage.

A figure is drawn of bars on a grid of square dots; a row of the screen is two rows of dots.
"""

SLIM = 0.58  # how wide a figure is, for its height
BAR = 0.19  # how thick its bars are, for its height
LEAST = 6  # dots: less high than that, text is better

# The bars of each figure: top, bottom, middle; up left, right of that; low left, q low right.
_BARS = {
    "0": "tulrqb", "2": "trmlb", "3": "trmqb", "4": "urmq",
    "5": "tumqb", "6": "tumlqb", "7": "trq", "8": "turmlqb", "9": "turmqb",
}  # fmt: skip


def figures(text: str, columns: int, rows: int) -> list[str]:
    """Return a clock's text ("+1:02:09") as large as fits, rows of equal width; [] where too small.

    It knows digits, ":", "+", "−" and " ".
    """
    for height in range(rows * 2, LEAST - 1, -1):
        if _width(text, height) <= columns:
            return halves(_dots(text, height))
    return []


def _bar(height: int) -> int:
    return max(1, round(height * BAR))


def _glyph_width(sign: str, height: int) -> int:
    if sign in ":. ":
        return _bar(height)
    if sign == "1":
        return 2 * _bar(height)
    return max(3, round(height * SLIM))


def _gap(height: int) -> int:
    return max(1, round(_bar(height) * 0.8))


def _width(text: str, height: int) -> int:
    return sum(_glyph_width(s, height) for s in text) + _gap(height) * (len(text) - 1)


def _dots(text: str, height: int) -> list[list[bool]]:
    out: list[list[bool]] = [[] for _ in range(height)]
    for n, sign in enumerate(text):
        for y, row in enumerate(_glyph(sign, height)):
            out[y] += ([False] * _gap(height) if n else []) + row
    return out


def _glyph(sign: str, height: int) -> list[list[bool]]:
    width, bar = _glyph_width(sign, height), _bar(height)
    grid = [[False] * width for _ in range(height)]

    def fill(x: int, y: int, to_x: int, to_y: int) -> None:
        for row in grid[max(0, y) : to_y]:
            row[x:to_x] = [True] * len(row[x:to_x])

    middle = (height - bar) // 2
    match sign:
        case ":":
            edge = max(1, height // 5)  # so that there is always a gap between the two
            fill(0, edge, width, edge + bar)
            fill(0, height - edge - bar, width, height - edge)
        case "1":
            fill(width - bar, 0, width, height)
            fill(0, 0, width, bar)
        case "+" | "−":
            fill(0, middle, width, middle + bar)
            if sign == "+":
                centre, arm = (width - bar) // 2, (width - bar) // 2
                fill(centre, middle - arm, centre + bar, middle + bar + arm)
        case _:
            for name in _BARS.get(sign, ""):
                fill(*_place(name, width, height, bar, middle))
    return grid


def _place(name: str, width: int, height: int, bar: int, middle: int) -> tuple[int, int, int, int]:
    return {
        "t": (0, 0, width, bar),
        "b": (0, height - bar, width, height),
        "m": (0, middle, width, middle + bar),
        "u": (0, 0, bar, middle + bar),
        "l": (0, middle, bar, height),
        "r": (width - bar, 0, width, middle + bar),
        "q": (width - bar, middle, width, height),
    }[name]


def halves(dots: list[list[bool]]) -> list[str]:
    """Return dots as half blocks; of an odd height the upper half of the first row is empty."""
    if len(dots) % 2:
        dots = [[False] * len(dots[0]), *dots]
    return [
        "".join(_HALVES[above, below] for above, below in zip(*pair, strict=True))
        for pair in zip(dots[::2], dots[1::2], strict=True)
    ]


_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
