"""One line of a profile stands for a family of parameters: `ch.{1..32}.level`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from stagectl.core.wire import Wire

NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A family of parameters: `ch.{1..32}.level` or `{input}.level`, with its wire."""

    path: str
    wire: Wire
    main: bool = False

    @property
    def free(self) -> bool:
        """Tell whether a slot takes a name that a person or the device chose."""
        return any(slot[1] is None for slot in _SLOT.finditer(self.path))

    def slots(self, path: str) -> tuple[str, ...] | None:
        """Return what stands in the slots ("ch.3.level" → ("3",)), or None: no such parameter."""
        found = _expression(self.path).fullmatch(path)
        if found is None or not _in_ranges(self.path, found.groups()):
            return None
        return found.groups()

    def name(self, texts: tuple[str, ...]) -> str:
        """Return the path with `texts` in its slots."""
        rest = iter(texts)
        return _SLOT.sub(lambda _: next(rest), self.path)

    def match(self, path: str, names: Mapping[str, str] = NO_NAMES) -> Wire | None:
        """Return the wire of `path` ("ch.3.level"), its address filled in, or None.

        A free slot's text is looked up in `names` for the address only, so that a device's own
        name can have a dot or a slash in it.
        """
        found = self.slots(path)
        if found is None:
            return None
        texts = tuple(
            text if slot[1] else names.get(text, text)
            for slot, text in zip(_SLOT.finditer(self.path), found, strict=True)
        )
        return replace(self.wire, address=_fill(self.wire.address, texts))

    def every(self) -> Iterator[str]:
        """Return each path of a pattern that has no free slot: ch.1.level, ch.2.level …"""
        return (self.name(tuple(map(str, numbers))) for numbers in self.numbers())

    def numbers(self) -> Iterator[tuple[int, ...]]:
        """Return what can stand in the slots of a pattern that has no free one."""
        ranges = [range(int(slot[1]), int(slot[2]) + 1) for slot in _SLOT.finditer(self.path)]
        return product(*ranges)

    def under(self, stem: str) -> str | None:
        """Return the one path that begins with `stem`, a dot and no further slot, or None."""
        words, stems = _words(self.path), stem.split(".")
        path = ".".join(stems + words[len(stems) :])
        known = len(stems) <= len(words) and "{" not in path and self.slots(path) is not None
        return path if known else None


def _words(path: str) -> list[str]:
    """Split at the dots that are not inside a slot: `{1..32}` is one word."""
    return _WORD.findall(path)


_WORD = re.compile(r"(?:\{[^}]*\}|[^.{])+")
_SLOT = re.compile(r"\{(?:(\d+)\.\.(\d+)|([a-z][a-z0-9 _]*))\}")
_BLANK = re.compile(r"\{([+-]\d+)?(?::([^}]*))?\}")


@lru_cache(maxsize=1024)
def _expression(path: str) -> re.Pattern[str]:
    """`ch.{1..32}.level` → ch\\.(\\d+)\\.level; a free slot takes anything but a dot or a slash."""
    out, end = "", 0
    for slot in _SLOT.finditer(path):
        out += re.escape(path[end : slot.start()]) + (r"([0-9]{1,9})" if slot[1] else r"([^./]+)")
        end = slot.end()
    return re.compile(out + re.escape(path[end:]))


def _in_ranges(path: str, found: tuple[str, ...]) -> bool:
    return all(
        slot[1] is None or (int(slot[1]) <= int(text) <= int(slot[2]) and text == str(int(text)))
        for slot, text in zip(_SLOT.finditer(path), found, strict=True)
    )


def _fill(template: str, found: tuple[str, ...]) -> str:
    """`/ch/{:02}/mix/fader` with ("3",) → /ch/03/mix/fader; `{-1}` counts from nought."""
    texts = iter(found)

    def one(blank: re.Match[str]) -> str:
        text = next(texts)
        if not blank[1] and not blank[2]:
            return text
        return format(int(text) + int(blank[1] or 0), blank[2] or "")

    return _BLANK.sub(one, template)
