"""A venue's `controls:` are written into its file; every other line of it stays as it was typed.

Nothing is written that does not pass `check`, and a file is replaced whole or not at all.
"""

import io
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stagectl.core.problem import Problem
from stagectl.files.load import Mistakes, read_venue
from stagectl.files.source import read_text

SECTION = "controls"


class ChangedMeanwhileError(Exception):
    """Somebody wrote the file between our reading and our writing it; it stays as they left it."""


def bind(path: Path, device: str, lines: Mapping[str, str]) -> None:
    """Write what controls of a device do, `{"play": "go"}`: the others' lines and comments stay.

    A control that did one of these things before does it no more. Raises Mistakes with what `check`
    says of the outcome, ChangedMeanwhileError, OSError.
    """
    path = path.resolve()  # a link stays one: what it leads to is written
    before = path.read_bytes()
    text = _text(path.name, before)
    after = with_controls(text, device, lines)
    newline = "\r\n" if b"\r\n" in before else "\n"
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    _replace(path, before, mark + after.replace("\n", newline).encode())


def with_controls(text: str, device: str, lines: Mapping[str, str]) -> str:
    """Return the text of a venue with these lines under `controls:`; newlines are \\n."""
    from ruamel.yaml.error import YAMLError

    yaml = _yaml()
    try:
        whole = yaml.load(text)
    except YAMLError:  # not as strict as the reader, so the reader says what and where
        raise Mistakes((Problem("syntax"),)) from None
    section = yaml.map()
    bound = whole.get(SECTION) if isinstance(whole, Mapping) else None
    section[SECTION] = bound if isinstance(bound, Mapping) else yaml.map()
    if isinstance(bound, Mapping):
        _keep_comments(whole, section)
    ours = section[SECTION].get(device)
    if not isinstance(ours, Mapping):
        ours = section[SECTION][device] = yaml.map()
    for name in [n for n, deed in ours.items() if deed in lines.values() and n not in lines]:
        del ours[name]
    for name, deed in lines.items():
        ours[name] = deed
    out = io.StringIO()
    yaml.dump(section, out)
    return _spliced(text, whole, out.getvalue())


def _yaml() -> Any:  # noqa: ANN401 -- ruamel has no types for what it makes
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long line was meant to be one
    return yaml


def _keep_comments(whole: Any, section: Any) -> None:  # noqa: ANN401 -- see _yaml
    """What stands behind `controls:` itself belongs to the mapping around it."""
    comment = whole.ca.items.get(SECTION)
    if comment is not None:
        section.ca.items[SECTION] = comment


def _spliced(text: str, whole: Any, section: str) -> str:  # noqa: ANN401 -- see _yaml
    """Put the section where the old one was, or at the end."""
    lines = text.splitlines(keepends=True)
    if not isinstance(whole, Mapping) or SECTION not in whole:
        gap = "" if text.endswith("\n") else "\n"
        return f"{text}{gap}\n{section}"
    place: Any = whole.lc  # type: ignore[attr-defined] # ruamel's mapping knows its lines
    start = place.key(SECTION)[0]
    later = [place.key(key)[0] for key in whole if place.key(key)[0] > start]
    end = min(later, default=len(lines))
    return "".join((*lines[:start], section, *lines[end:]))


def _text(name: str, data: bytes) -> str:
    """Return the text as the reader has it, without a BOM and with \\n; raises Mistakes."""
    read = read_text(name, data)
    if read.text is None:
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
