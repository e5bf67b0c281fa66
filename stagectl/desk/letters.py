"""What goes over the panel wire, as text; no single step here holds the interpreter for long."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from stagectl.engine.plain import to_plain
from stagectl.engine.snapshot import Snapshot

LETTER = 8 * 1024  # characters: what is worth parsing; the longest intent is a person's name
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

PIECE = 200  # entries encoded in one go, well under a millisecond


async def encode(snapshot: Snapshot) -> str:
    """Return the letter of a snapshot, made by pieces so that others can run in between."""
    parts = [f'"{f.name}":{await _encode(getattr(snapshot, f.name))}' for f in fields(snapshot)]
    return f'{{"snapshot":{{{",".join(parts)}}}}}'


def dump(plain: object) -> str:
    """Return strict JSON; raises ValueError for what strict JSON has not (NaN, infinity)."""
    return _ENCODE(plain)


def parse(text: str | bytes) -> dict[str, Any]:
    """Return what a panel said, {} if it is nothing we know; never raises."""
    if isinstance(text, bytes) or len(text) > LETTER:
        return {}
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


async def _encode(value: object) -> str:
    if isinstance(value, Mapping) and len(value) > PIECE:
        entries = list(value.items())
        return "{" + ",".join([dump(to_plain(dict(p)))[1:-1] async for p in _pieces(entries)]) + "}"
    if isinstance(value, tuple) and len(value) > PIECE:
        return "[" + ",".join([dump(to_plain(p))[1:-1] async for p in _pieces(value)]) + "]"
    return dump(to_plain(value))


async def _pieces(entries: Sequence[Any]) -> AsyncIterator[Sequence[Any]]:
    for at in range(0, len(entries), PIECE):
        yield entries[at : at + PIECE]
        await asyncio.sleep(0)
