"""Text that people typed reaches the terminal only through here."""

import unicodedata

from stagectl.words.visible import visible


def clean(text: str) -> str:
    """Return `text` on one line, what cannot be seen made visible, letters composed."""
    return visible(unicodedata.normalize("NFC", " ".join(text.split())))


def clean_lines(text: str) -> tuple[str, ...]:
    """Return the lines people typed, each clean; empty ones left out."""
    return tuple(line for raw in text.splitlines() if (line := clean(raw)))
