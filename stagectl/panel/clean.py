"""Text that people typed reaches the terminal only through here."""

import re
import unicodedata

from stagectl.words.visible import visible

# What joins or tints pictures into one: a terminal that knows of it gives the whole two cells, one
# that does not gives each its own, and the rest of the row stands elsewhere. Apart, each is two
# everywhere.
_JOINS = re.compile("[\u200d\u20e3\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def clean(text: str) -> str:
    """Return `text` on one line, what cannot be seen made visible, letters composed."""
    return visible(unicodedata.normalize("NFC", _JOINS.sub("", " ".join(text.split()))))


def clean_lines(text: str) -> tuple[str, ...]:
    """Return the lines people typed, each clean; empty ones left out."""
    return tuple(line for raw in text.splitlines() if (line := clean(raw)))
