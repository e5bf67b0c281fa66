"""Regular expressions that fit just the texts value.py takes, built of its own tables.

An editor checks with them while somebody types, mostly in JavaScript: no flags, no lookbehind.
"""

from collections.abc import Iterable

from stagectl.core.value import FIGURE, MINUS, OFF, ON, SECONDS, SPELT


def any_case(word: str) -> str:
    """Return a pattern for a word in capitals or not: `ja` is [jJ][aA]."""
    return "".join(f"[{c.lower()}{c.upper()}]" if c.lower() != c.upper() else c for c in word)


def whole(pattern: str) -> str:
    """Return a pattern for the whole of a text, spaces around it aside."""
    return rf"^\s*(?:{pattern})\s*$"


def one_of(words: Iterable[str]) -> str:
    """Return a pattern for one of these words, in capitals or not."""
    return "|".join(any_case(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def duration() -> str:
    """Return a pattern for what `parse_seconds` takes."""
    clock = r"[0-9]+:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?"
    units = sorted(set(SECONDS.values()), reverse=True)  # each smaller than the one before it
    words = (one_of(word for word, seconds in SECONDS.items() if seconds == u) for u in units)
    lengths = "".join(rf"(?:\+?{FIGURE}\s*(?:{word})\s*)?" for word in words)
    return rf"{clock}|(?=\S){lengths}"


def number(unit: str) -> str:
    """Return a pattern for what `parse_value` takes in a unit, whatever the range."""
    meant = unit.casefold()
    names = {meant, *(said for said, is_ in SPELT.items() if is_ == meant)} - {""}
    if meant in SECONDS:
        names |= SECONDS.keys()
    figure = rf"(?:\+|{_DASH})?{FIGURE}"
    if meant == "db":
        figure = rf"(?:{figure}|{_DASH}\.?(?:{one_of(('infinity', 'inf'))}|\u221e))"
    return rf"{figure}\s*(?:{one_of(names)})?" if names else figure


SWITCH = one_of((*ON, *OFF))
"""What a switch takes."""

_DASH = f"[-{MINUS}]"
