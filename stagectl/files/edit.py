"""A venue's `controls:` are written into its file; every other line of it stays as it was typed.

Nothing is written that does not pass `check`, and a file is replaced whole or not at all.
"""

import io
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stagectl.core.problem import Problem
from stagectl.files.load import Mistakes, read_venue
from stagectl.files.source import read_text

SECTION = "controls"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class ChangedMeanwhileError(Exception):
    """Somebody wrote the file between our reading and our writing it; it stays as they left it."""


def bind(path: Path, device: str, lines: Mapping[str, str]) -> None:
    """Write what controls of a device do, `{"play": "go"}`: the others' lines and comments stay.

    A control that did one of these things before does it no more. Raises Mistakes with what `check`
    says of the outcome, ChangedMeanwhileError, OSError.
    """
    path = path.resolve()  # a link stays one: what it leads to is written
    data = path.read_bytes()
    before, own, after = _changed(_text(path.name, data), device, lines)
    typed = _LINE.findall(data.decode("utf-8-sig"))  # each with the line break it was given
    newline = "\r\n" if b"\r\n" in data else "\n" if b"\n" in data else "\r"
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    head = "".join(typed[: len(before.splitlines())])
    tail = "".join(typed[len(typed) - len(after.splitlines()) :])
    _replace(path, data, mark + f"{head}{own.replace(chr(10), newline)}{tail}".encode())


def given_up(path: Path, device: str, lines: Mapping[str, str]) -> dict[str, str]:
    """Return what controls of a device do now and would do no more, `{"cycle": "release"}`.

    Raises Mistakes and OSError.
    """
    text = _text(path.name, path.read_bytes())
    after = _lines(with_controls(text, device, lines), device)
    before = _lines(text, device)
    return {name: deed for name, deed in before.items() if after.get(name) != deed}


def _lines(text: str, device: str) -> Mapping[str, Any]:
    whole = _yaml().load(text)
    bound = whole.get(SECTION) if isinstance(whole, Mapping) else None
    ours = bound.get(device) if isinstance(bound, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def with_controls(text: str, device: str, lines: Mapping[str, str]) -> str:
    """Return the text of a venue with these lines under `controls:`; newlines are \\n."""
    return "".join(_changed(text, device, lines))


def _changed(text: str, device: str, lines: Mapping[str, str]) -> tuple[str, str, str]:
    """Return what stays before the section, the section with these lines, what stays after it."""
    from ruamel.yaml.error import YAMLError

    try:
        before, own, after = _parted(text)
        changed = _bound(own, device, lines)
    except YAMLError:  # not as strict as the reader, so the reader says what and where
        raise Mistakes((Problem("syntax"),)) from None
    gap = "" if own else "\n" if before.endswith("\n") else "\n\n"
    return before, gap + changed, after


def _parted(text: str) -> tuple[str, str, str]:
    """Return what stands before `controls:`, the section itself, and what stands after it.

    Blank lines and comments behind its last line are of whatever follows.
    """
    whole = _yaml().load(text)
    if not isinstance(whole, Mapping) or SECTION not in whole:
        return text, "", ""
    lines = text.splitlines(keepends=True)
    place: Any = whole.lc  # type: ignore[attr-defined] # ruamel's mapping knows its lines
    start = place.key(SECTION)[0]
    later = [place.key(key)[0] for key in whole if place.key(key)[0] > start]
    end = min(later, default=len(lines))
    while end > start + 1 and lines[end - 1].lstrip(" ").startswith(("\n", "#", "...")):
        end -= 1
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


def _bound(own: str, device: str, lines: Mapping[str, str]) -> str:
    """Return the section with these lines in it; raises YAMLError."""
    yaml = _yaml()
    section = yaml.load(own) or yaml.map()
    if not isinstance(section.get(SECTION), Mapping):
        section[SECTION] = yaml.map()
    ours = section[SECTION].get(device)
    if not isinstance(ours, Mapping):
        ours = section[SECTION][device] = yaml.map()
    for name in [n for n, deed in ours.items() if deed in lines.values() and n not in lines]:
        del ours[name]
    for name, deed in lines.items():
        ours[name] = deed
    out = io.StringIO()
    yaml.dump(section, out)
    return out.getvalue()


def _yaml() -> Any:  # noqa: ANN401 -- ruamel has no types for what it makes
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long line was meant to be one
    return yaml


def _text(name: str, data: bytes) -> str:
    """Return the text as the reader has it, without a BOM and with \\n; raises Mistakes."""
    read = read_text(name, data)
    if read.text is None or read.problems:
        raise Mistakes(tuple(read.problems))
    return read.text.replace("\r\n", "\n")


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Try the new file beside the old one, where its profiles are, and put it in its place."""
    trial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        trial.write_bytes(after)
        shutil.copymode(path, trial)
        checked = read_venue(trial)
        if checked.book is None:
            raise Mistakes(tuple(_of(path, trial, problem) for problem in checked.problems))
        if path.read_bytes() != before:
            raise ChangedMeanwhileError(str(path))
        trial.replace(path)
    finally:
        trial.unlink(missing_ok=True)


def _of(path: Path, trial: Path, problem: Problem) -> Problem:
    """Say the problem of the file that is meant."""
    file = problem.place.file.replace(trial.name, path.name)
    return replace(problem, place=replace(problem.place, file=file))
