"""Bytes become lines of text here, or are refused before any parser sees them."""

import re
from dataclasses import dataclass

from stagectl.core.problem import Problem, Said, Source

MOST_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """A file's text with its line breaks made plain; no text if it cannot be parsed at all."""

    source: Source
    text: str | None
    problems: tuple[Problem, ...] = ()


def read_text(file: str, data: bytes) -> Read:
    """Decode UTF-8, with or without BOM; CRLF and CR are line breaks.

    Refused: over 4 MiB, not UTF-8, control characters, tabs.
    """
    bare = Source(file)
    if len(data) > MOST_BYTES:
        most = str(MOST_BYTES // 1024**2)
        return Read(bare, None, (_problem("too_large", bare, 0, 0, most=most),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Read(bare, None, (_not_utf8(file, data, error),))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(file, tuple(_BREAK.split(_masked(text))))
    if "\t" not in text and not _CONTROL.search(text):
        return Read(source, text)
    problems, unreadable = _odd(source, text)
    # A tab between words parses as a space would; one that indents, or a control, would not.
    return Read(source, None if unreadable else text.replace("\t", " "), problems)


def _odd(source: Source, text: str) -> tuple[tuple[Problem, ...], bool]:
    """Tell the first tab and the first control character of each line."""
    problems, unreadable = [], False
    for number, line in enumerate(text.split("\n")):
        if (column := line.find("\t")) >= 0:
            unreadable = unreadable or not line[:column].strip(" -")
            problems.append(_problem("tab", source, number, column))
        if control := _CONTROL.search(line):
            unreadable = True
            code = f"U+{ord(control[0]):04X}"
            problems.append(_problem("control", source, number, control.start(), character=code))
    return tuple(problems[:MOST_ODD]), unreadable


MOST_ODD = 100  # a binary file is told to be one; nobody reads a thousand lines of it


def _not_utf8(file: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    before = data[: error.start].decode("utf-8", "replace").replace("\r\n", "\n")
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    shown = data.replace(b"\r\n", b"\n").split(b"\n")[line].decode("latin-1")
    lines = ("",) * line + (_masked(shown),)
    where = Source(file, lines)
    return _problem("not_utf8", where, line, column, byte=f"0x{data[error.start]:02X}")


def _problem(code: str, source: Source, line: int, column: int, **data: str) -> Problem:
    return Problem(code, Said("", source, line, column).place, data)


def _masked(text: str) -> str:
    """Hide what stands where a password does: lines of a file are shown with its mistakes."""
    return _SECRET.sub(lambda m: m[1] + "•" * len(m[2]), text)


_SECRET = re.compile(
    r"(\b(?:pass\w*|token|pin|stream[ _-]?key)[\"']?[^\S\n]*:[^\S\n]*)"
    r"(?![\"']?secret:)([^\s,}][^\n,}]*)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\n")
# C0, DEL, C1, line separators and stray byte order marks; joiners and marks of a script may stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
