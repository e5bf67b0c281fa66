"""The wire form of values: plain dicts, lists and strings, and back with every type checked."""

import math
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stagectl.engine import event as events
from stagectl.engine import intent as intents
from stagectl.engine.event import Event
from stagectl.engine.intent import Intent
from stagectl.engine.snapshot import Snapshot

LARGEST = math.nextafter(math.inf, 0)  # a longer whole number is no float
MINUS_INFINITY = "-inf"  # strict JSON has no infinity
_UNSAYABLE = re.compile("[\ud800-\udfff]")  # half a character: JSON can spell it, UTF-8 cannot


class NotPlainError(ValueError):
    """What came over a wire or from a journal is not what it says it is."""


def to_plain(value: object) -> Any:  # noqa: ANN401 -- JSON has no narrower type
    """Return dicts, lists, strings, bools and finite numbers only."""
    if isinstance(value, float):
        return MINUS_INFINITY if value == -math.inf else value
    if value is None or isinstance(value, str | bool | int):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {f: to_plain(getattr(value, f)) for f in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(k): to_plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [to_plain(v) for v in value]
    message = f"{type(value).__name__} has no plain form"
    raise NotPlainError(message)


def tagged(value: Event | Intent) -> dict[str, Any]:
    """Return the plain form of an event or an intent, its name under "type"."""
    return {"type": type(value).__name__, **to_plain(value)}


def event_from_plain(plain: object) -> Event:
    """Return the event that `tagged` made this of; raises NotPlainError."""
    return _untag(plain, _EVENTS)  # type: ignore[no-any-return] # the table holds events only


def intent_from_plain(plain: object, by: str | None = None) -> Intent:
    """Return the intent; `by`, when given, replaces whatever the sender called itself."""
    if isinstance(plain, dict) and by is not None:
        plain = {**plain, "by": by}
    return _untag(plain, _INTENTS)  # type: ignore[no-any-return] # the table holds intents only


def snapshot_from_plain(plain: object) -> Snapshot:
    """Return the snapshot; raises NotPlainError."""
    return from_plain(Snapshot, plain)  # type: ignore[no-any-return] # built of the class named


def from_plain(kind: Any, plain: Any) -> Any:  # noqa: ANN401 -- one case a type
    """Build a value of type `kind`; an unknown or missing field or a wrong type: NotPlainError."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _build(kind, plain)
    if origin in (Union, UnionType):
        return _either(get_args(kind), plain)
    if origin is Literal:
        if plain in get_args(kind) and isinstance(plain, str):
            return plain
    elif origin is tuple and isinstance(plain, list | tuple):
        return _tuple(get_args(kind), plain)
    elif origin is not None and issubclass(origin, Mapping) and isinstance(plain, dict):
        _, inner = get_args(kind)
        return {k: from_plain(inner, v) for k, v in plain.items()}
    elif kind is float:
        if plain == MINUS_INFINITY:
            return -math.inf
        # compared, since an int may be too long to become a float; NaN is within no bounds
        if type(plain) in (float, int) and abs(plain) <= LARGEST:
            return float(plain)
    elif kind is type(None) and plain is None:
        return None
    elif kind in (str, bool, int) and type(plain) is kind:
        whole = kind is not str or not _UNSAYABLE.search(plain)
        if whole:
            return plain
    message = f"{plain!r:.60} is no {getattr(kind, '__name__', kind)}"
    raise NotPlainError(message)


def _build(kind: Any, plain: Any) -> Any:  # noqa: ANN401 -- any dataclass
    types = _types(kind)
    if not isinstance(plain, dict) or not plain.keys() <= types.keys():
        message = f"{kind.__name__} has no such form"
        raise NotPlainError(message)
    missing = _required(kind) - plain.keys()
    if missing:
        message = f"{kind.__name__} lacks {', '.join(sorted(missing))}"
        raise NotPlainError(message)
    return kind(**{name: from_plain(types[name], value) for name, value in plain.items()})


def _either(kinds: tuple[Any, ...], plain: Any) -> Any:  # noqa: ANN401 -- any of the kinds
    for kind in sorted(kinds, key=lambda k: k in (str, float)):  # exact types before loose ones
        try:
            return from_plain(kind, plain)
        except NotPlainError:
            continue
    message = f"{plain!r:.60} fits none of {len(kinds)} types"
    raise NotPlainError(message)


def _tuple(kinds: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- any tuple
    if kinds[-1] is Ellipsis:
        return tuple(from_plain(kinds[0], v) for v in plain)
    if len(kinds) != len(plain):
        message = f"{len(plain)} values where {len(kinds)} belong"
        raise NotPlainError(message)
    return tuple(from_plain(k, v) for k, v in zip(kinds, plain, strict=True))


def _untag(plain: Any, table: dict[str, Any]) -> Any:  # noqa: ANN401 -- of the table's types
    if not isinstance(plain, dict) or str(plain.get("type")) not in table:
        message = "no such type"
        raise NotPlainError(message)
    return _build(table[plain["type"]], {k: v for k, v in plain.items() if k != "type"})


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _required(kind: type) -> frozenset[str]:
    return frozenset(
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
    )


_EVENTS = {kind.__name__: kind for kind in get_args(events.Event)}
_INTENTS = {kind.__name__: kind for kind in get_args(intents.Intent)}
