"""Figures three rows high, to be read from the other side of the room."""

_SHAPES = {
    "0": ("█▀▀█", "█  █", "█▄▄█"),
    "1": (" ▀█ ", "  █ ", " ▄█▄"),
    "2": ("▀▀▀█", "█▀▀▀", "█▄▄▄"),
    "3": ("▀▀▀█", " ▀▀█", "▄▄▄█"),
    "4": ("█  █", "▀▀▀█", "   █"),
    "5": ("█▀▀▀", "▀▀▀█", "▄▄▄█"),
    "6": ("█▀▀▀", "█▀▀█", "█▄▄█"),
    "7": ("▀▀▀█", "   █", "   █"),
    "8": ("█▀▀█", "█▀▀█", "█▄▄█"),
    "9": ("█▀▀█", "▀▀▀█", "▄▄▄█"),
    ":": ("▄", " ", "▀"),
    "+": (" ▄ ", "▀█▀", "   "),
}


def big(text: str) -> tuple[str, str, str]:
    """Return a clock's text ("+1:02:09") as three rows of equal width."""
    shapes = [_SHAPES[c] for c in text]
    first, second, third = (" ".join(shape[row] for shape in shapes) for row in range(3))
    return first, second, third
