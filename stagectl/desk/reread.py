"""Reads the files of a running show again, in a process of its own; the desk hears one JSON line.

Whatever this costs, it costs the other core: no thread of a desk reads YAML.
"""

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from stagectl.core.check import Checked
from stagectl.core.edits import edits
from stagectl.core.problem import Problem
from stagectl.desk import handover, journal
from stagectl.desk.handover import Handover
from stagectl.desk.place import Place, write_private
from stagectl.desk.renewal import needs_a_start
from stagectl.engine.plain import to_plain

POLITE = 10  # how much less of a core we ask for than whoever plays


def main(folder: Path, digest: str) -> int:
    """Say what became of the files whose version `digest` runs in `folder`."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(POLITE)
    place = Place(folder)
    verdict = judge(place, handover.take(place, digest))
    sys.stdout.write(json.dumps(verdict) + "\n")
    return 0


def judge(place: Place, loaded: Handover) -> dict[str, Any]:
    """Return what is to be told; a version that can be taken is left in the place.

    `kind`: "offer" (with `digest` and `edits`), "mistakes" (`path`, `line`, `count`, `said`),
    "devices" (`about`), "venue". `watched` are the files it depends on, there or not.
    """
    from stagectl.files.read import Reading

    book, options = loaded.book, loaded.options
    reading = Reading()
    checked = reading.show(Path(book.show_path), None, options.at or None)
    inputs = reading.disk.inputs
    told = {"watched": [path for path in inputs if Path(path).is_absolute()]}
    new = checked.book
    if new is None:
        return {**told, **_mistakes(checked)}
    if new.venue_path != book.venue_path:
        return {**told, "kind": "venue", "path": new.venue_path}
    if about := needs_a_start(book, new):
        return {**told, "kind": "devices", "about": list(about)}
    files = _texts((new.show_path, new.venue_path), inputs)
    place.forget_old_books(book.digest, new.digest)
    handover.leave_version(place, Handover(new, options, files))
    write_private(place.copies_of(new.digest), journal.copies(new.digest, files))
    return {
        **told,
        "kind": "offer",
        "digest": new.digest,
        "edits": to_plain(edits(book, new)),
    }


def _texts(paths: tuple[str, ...], inputs: Mapping[str, bytes | None]) -> dict[str, str]:
    return {path: data.decode("utf-8", "replace") for path in paths if (data := inputs.get(path))}


def _mistakes(checked: Checked) -> dict[str, Any]:
    errors = [p for p in checked.problems if p.severity == "error"]
    first = errors[0]  # as they were read: what is wrong with a profile before what follows from it
    return {
        "kind": "mistakes",
        "path": first.place.file,
        "line": first.place.line,
        "count": len(errors),
        "said": _in_every_language(first),
    }


def _in_every_language(problem: Problem) -> dict[str, str]:
    from stagectl.words import tongue
    from stagectl.words.problems import sentence

    said = {}
    for language in tongue.languages():
        with tongue.speaking(language):
            said[language] = sentence(problem)
    return said
