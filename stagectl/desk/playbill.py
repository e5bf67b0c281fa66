"""What a face is told once: all of the book that it needs and that does not change while it runs.

`stagectl.panel.playbill` reads it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from stagectl.core.book import Book
from stagectl.core.model import Cue, Part
from stagectl.core.wire import Wire

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def letter(bill: Mapping[str, Any]) -> bytes:
    """Return a playbill as panels get it, encoded."""
    return _encode(bill).encode()


def playbill(book: Book, *, guard: float, language: str = "") -> dict[str, Any]:
    """Return what a face needs of the book, in wire form; `language` "": the venue's.

    Limits that are infinite are null.
    """
    show, venue = book.show, book.venue
    return {
        "show": {
            "name": show.name, "date": show.date, "start": show.start,
            "language": show.language, "path": book.show_path,
        },
        "venue": {
            "name": venue.name, "language": language or venue.language, "timezone": venue.timezone,
            "safe": venue.safe, "cover": venue.cover,
        },
        "cues": [_cue(cue) for cue in show.cues],
        "parameters": {p: _control(book, p, wire) for p, wire in book.wires.items()},
        "devices": {
            name: {"label": name, "verbs": _verbs(book, name), "public": device.public}
            for name, device in venue.devices.items()
        },
        "scenes": {name: {"label": scene.label} for name, scene in venue.scenes.items()},
        "guard": guard,
        "digest": book.digest,
    }  # fmt: skip


def _cue(cue: Cue) -> dict[str, Any]:
    return {
        "number": cue.number, "name": cue.name, "notes": cue.notes, "scene": cue.scene,
        "length": cue.length, "follow": cue.follow, "at": cue.at,
        "fade": cue.fade, "wait": cue.wait,
        **({"chapter": cue.chapter} if cue.chapter else {}),
        **({"group": [_part(part) for part in cue.group]} if cue.group else {}),
    }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    return {"name": part.name, "fade": part.fade, "wait": part.wait}


def _control(book: Book, parameter: str, wire: Wire) -> dict[str, Any]:
    """`main`: a name with no parameter after it means this one, `mixer.host` as well."""
    profile = book.profiles.get(parameter.partition(".")[0])
    leaf = parameter.rpartition(".")[2]
    mains = [p.path.rpartition(".")[2] for p in profile.parameters if p.main] if profile else []
    return {
        "main": leaf in mains,
        "kind": wire.kind,
        "unit": wire.unit,
        "low": wire.low if math.isfinite(wire.low) else None,
        "high": wire.high if math.isfinite(wire.high) else None,
        "words": [word for word, _ in wire.words if isinstance(word, str)],
    }


def _verbs(book: Book, device: str) -> dict[str, list[str]]:
    profile = book.profiles.get(device)
    return {v.name: list(v.choices) for v in profile.verbs.values()} if profile else {}
