"""What a face is told once: all of the book that it needs and that does not change while it runs.

`stagectl.panel.playbill` reads it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from stagectl.core.book import Book
from stagectl.core.model import Cue, Do, Look, Part, Value
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.desk.needed import needed
from stagectl.engine.plain import to_plain

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def letter(bill: Mapping[str, Any]) -> bytes:
    """Return a playbill as panels get it, encoded."""
    return _encode(bill).encode()


def playbill(
    book: Book, *, guard: float, language: str = "", rehearsal: bool = False
) -> dict[str, Any]:
    """Return what a face needs of the book, in wire form; `language` "": the venue's.

    `rehearsal`: nothing of it reaches an audience, since the stage is a simulated one.
    Limits that are infinite are null. A profile's verbs are told once, however many devices it has.
    """
    show, venue = book.show, book.venue
    used = _used(book)
    said = _said(book)
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
        "parameters": {
            p: _control(book, p, wire) | ({"used": used[p]} if p in used else {})
            for p, wire in book.wires.items()
        },
        "devices": {
            name: {
                "label": name, "profile": device.profile, "public": device.public,
                **({"said": said[name]} if name in said else {}),
            }
            for name, device in venue.devices.items()
        },
        "profiles": {
            device.profile: {"verbs": _verbs(book.profiles[name])}
            for name, device in venue.devices.items()
            if name in book.profiles
        },
        "scenes": {
            name: {"label": scene.label, "look": to_plain(scene.look)}
            for name, scene in venue.scenes.items()
        },
        "needs": needed(book),
        "guard": guard,
        "rehearsal": rehearsal,
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


def _verbs(profile: Profile) -> list[dict[str, Any]]:
    return [
        {"name": v.name, "argument": v.argument, "choices": list(v.choices), "latch": bool(v.latch)}
        for v in profile.verbs.values()
    ]


def _used(book: Book) -> dict[str, list[Value]]:
    """Return the words that the venue and the show put where only the device knows them all."""
    free = [p for p, wire in book.wires.items() if wire.kind == "word" and not wire.words]
    looks: list[Look] = [scene.look for scene in book.venue.scenes.values()]
    looks += [cue.sets for cue in book.show.cues]
    looks += [part.sets for cue in book.show.cues for part in cue.group]
    found: dict[str, dict[Value, None]] = {}
    for look in (book.show.base, *{id(look): look for look in looks}.values()):  # scenes are shared
        for p in free:
            if p in look:
                found.setdefault(p, {})[look[p]] = None
    return {p: list(values) for p, values in found.items()}


def _said(book: Book) -> dict[str, dict[str, list[str]]]:
    """Return what the show's Dos say to each device's verbs: {"obs": {"play": ["Introfilm"]}}."""
    dos: dict[Do, None] = dict.fromkeys(do for cue in book.show.cues for do in cue.dos)
    found: dict[str, dict[str, list[str]]] = {}
    for do in dos:
        profile = book.profiles.get(do.device)
        verb = profile.verbs.get(do.verb) if profile else None
        if verb is not None and do.argument and not verb.choices:
            found.setdefault(do.device, {}).setdefault(do.verb, []).append(do.argument)
    return found
