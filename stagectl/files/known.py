"""What one venue has, as narrower pieces of schema: its devices, names, verbs and scenes.

Stricter than the loader nowhere: what only a device can know passes here as it does there.
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from stagectl.core import spelling
from stagectl.core.book import Book
from stagectl.core.model import Parameter
from stagectl.core.names import Names
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.files.declared import Json
from stagectl.files.fields import FILLED, TEXT

Piece = dict[str, Any]
ANY: Json = {"$ref": "#/$defs/value"}


def known(book: Book) -> Mapping[str, Json]:
    """Return the pieces that take the place of those in fields.SHARED."""
    settings, verbs, alone = _Tree(), _Tree(), list[str]()
    words = _words(book)
    for name, device in book.venue.devices.items():
        profile = book.profiles[name]
        for path, wire in _parameters(name, Names(profile, dict(device.names)), book):
            settings.add(f"{name}.{path}", _takes(wire, words.get(f"{name}.{path}", ())))
        settings.allow(name, _patterns(profile, device.names))
        for verb in profile.verbs.values():
            verbs.add(f"{name}.{verb.name}", _argument(verb))
            if verb.argument in ("", "text or none"):
                alone.append(f"{name}.{verb.name}")
    return {
        "settings": {**settings.table(), "type": ["object", "null"]},
        "dos": _dos(verbs.table(), alone),
        "scene-name": _one_of(tuple(book.venue.scenes), "unknown_scene"),
    }


def _parameters(device: str, names: Names, book: Book) -> Iterator[tuple[str, Wire]]:
    """Return what a device is known to have, by every name it goes by: host.on, and host alone."""
    used = (p.partition(".")[2] for p in book.wires if p.partition(".")[0] == device)
    paths = dict.fromkeys((*names.known(), *used))
    for path in dict.fromkeys((*paths, *(path.rpartition(".")[0] for path in paths))):
        if path and (found := names.find(path)) is not None:
            yield path, found[1]


class _Tree:
    """Dotted names as nested tables, in every way that a person may dot and nest them."""

    def __init__(self) -> None:
        self.below: dict[str, _Tree] = {}
        self.takes: Json | None = None
        self.patterns: list[str] = []

    def add(self, path: str, takes: Json) -> None:
        """Add a name and what it takes."""
        node = self
        for word in path.split("."):
            node = node.below.setdefault(word, _Tree())
        node.takes = takes

    def allow(self, device: str, patterns: list[str]) -> None:
        """Allow a device's names that nobody can list."""
        inner = self.below.setdefault(device, _Tree())
        inner.patterns += patterns
        self.patterns += [rf"{re.escape(device)}\.(?:{pattern})" for pattern in patterns]

    def dotted(self) -> Iterator[tuple[str, "_Tree"]]:
        """Return every name that begins here, with all its dots."""
        for word, node in self.below.items():
            yield word, node
            for rest, inner in node.dotted():
                yield f"{word}.{rest}", inner

    def table(self, *, loose: bool = False) -> Piece:
        """Return what a table of these names takes; `loose`: and any other name."""
        open_ = loose or ".*" in self.patterns
        return {
            "type": "object",
            "properties": {name: node.value(loose=open_) for name, node in self.dotted()},
            "patternProperties": {f"^(?:{pattern})$": ANY for pattern in self.patterns},
            "additionalProperties": ANY if open_ else False,
        }

    def value(self, *, loose: bool) -> Piece:
        """Return what may stand after this name."""
        if not self.below:
            takes = dict(self.takes or {})
            if loose and "type" in takes:
                return {**takes, "type": ["object", *_listed(takes["type"])]}
            return takes
        table = self.table(loose=loose)
        if self.takes is None:
            return {**table, "type": ["object", "null"]}
        takes = dict(self.takes)
        if "errorMessage" in takes:  # it is said of the value, not of what is nested below
            takes["patternErrorMessage"] = takes.pop("errorMessage")
        return {**takes, **table, "type": ["object", *_listed(takes.get("type"))]}


def _patterns(profile: Profile, names: Mapping[str, str]) -> list[str]:
    """Return the names of a profile's own that a venue need not name: ch.5.level, and ch of it.

    Where a person or the device chooses names, or there are two slots, anything may be one.
    """
    slots = [_SLOT.findall(pattern.path) for pattern in profile.parameters]
    if any(p.free for p in profile.parameters) or any(len(found) > 1 for found in slots):
        return [".*"]
    found = []
    for pattern in profile.parameters:
        words = _SLOT.sub("\0", pattern.path).split(".")
        said = [re.escape(word).replace(re.escape("\0"), "[0-9]+") for word in words]
        found.append("".join(rf"(?:\.{word}" if n else word for n, word in enumerate(said))
                     + ")?" * (len(said) - 1))  # fmt: skip
    return list(dict.fromkeys(found)) + [re.escape(name) for name in names]


_SLOT = re.compile(r"\{[^{}]*\}")


def _words(book: Book) -> Mapping[Parameter, tuple[str, ...]]:
    """Return the words a room's own looks put, by parameter: an editor offers them again."""
    found: dict[Parameter, dict[str, None]] = {}
    for look in (book.venue.base, *(scene.look for scene in book.venue.scenes.values())):
        for parameter, value in look.items():
            if isinstance(value, str) and value:
                found.setdefault(parameter, {})[value] = None
    return {parameter: tuple(words) for parameter, words in found.items()}


def _takes(wire: Wire, words: tuple[str, ...]) -> Json:
    match wire.kind:
        case "switch":
            pattern = spelling.whole(spelling.SWITCH)
            return {"type": ["boolean", "string"], "pattern": pattern,
                    "examples": ["on", "off"], "errorMessage": "not_switch"}  # fmt: skip
        case "number":
            return _number(wire)
        case "word":
            choices = tuple(said for said, _ in wire.words if isinstance(said, str))
            if choices:
                pattern = spelling.whole(spelling.one_of(map(re.escape, choices)))
                return {**FILLED, "pattern": pattern, "examples": list(choices)}
            return {**FILLED, "examples": list(words)} if words else FILLED
        case "text":
            return TEXT


def _number(wire: Wire) -> Json:
    ends = {"minimum": wire.low, "maximum": wire.high}
    unit = f" {wire.unit}" if wire.unit else ""
    rest = wire.rest if isinstance(wire.rest, float | int) and math.isfinite(wire.rest) else 0
    return {
        "type": ["number", "string"],
        "pattern": spelling.whole(spelling.number(wire.unit)),
        "examples": [f"{rest:g}{unit}"],
        "errorMessage": "not_number",
        **{key: end for key, end in ends.items() if math.isfinite(end)},
    }


def _argument(verb: Verb) -> Json:
    match verb.argument:
        case "one of":
            return _one_of(verb.choices, "choice")
        case "number":
            return {"type": ["number", "string"], "pattern": spelling.whole(spelling.number(""))}
        case "text":
            return FILLED
        case "text or none":
            return TEXT
        case "":
            return {"type": ["null", "string"], "pattern": r"^\s*$"}


def _one_of(words: tuple[str, ...], code: str) -> Json:
    if any(_TYPED.fullmatch(word) for word in words):  # `1984` is a number to an editor
        return {**FILLED, "examples": list(words)}
    return {"enum": list(words), "errorMessage": code}


_TYPED = re.compile(r"[-+.0-9].*|true|false|null|~|", re.IGNORECASE)


def _dos(verbs: Piece, alone: list[str]) -> Json:
    table = {key: verbs[key] for key in ("properties", "additionalProperties")}
    item = {
        **table,
        "type": ["object", "string"],
        "pattern": spelling.whole("|".join(map(re.escape, alone)) or "(?!)"),
        **({"examples": alone} if alone else {}),
    }
    return {**table, "type": ["array", "object", "null"], "items": item}


def _listed(types: object) -> list[str]:
    return [types] if isinstance(types, str) else list(types) if isinstance(types, list) else []
