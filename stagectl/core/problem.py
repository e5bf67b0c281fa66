"""A mistake in a file: a code, what it is about, and the exact place; worded by words/ only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from stagectl.core.value import Datum

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column count from 1, in characters; `source` is the whole line as it stands."""

    file: str = ""
    line: int = 1
    column: int = 1
    width: int = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is one of words/problems.py; `data` fills its sentence."""

    code: str
    place: Place = Place()
    data: Mapping[str, Datum] = field(default_factory=dict)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its name as it was given, and its lines."""

    file: str
    lines: tuple[str, ...] = ()


class Said(NamedTuple):
    """A text somebody typed, and where. Line and column count from 0; `plain`: without quotes."""

    text: str
    source: Source
    line: int = 0
    column: int = 0
    width: int = 1
    plain: bool = True

    @property
    def place(self) -> Place:
        """Return where it stands, for a person."""
        lines = self.source.lines
        line = lines[self.line] if self.line < len(lines) else ""
        return Place(self.source.file, self.line + 1, self.column + 1, max(self.width, 1), line)
