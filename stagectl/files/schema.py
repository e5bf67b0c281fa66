"""A JSON Schema (2020-12) made of the shapes the reader itself reads by, so the two cannot part."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from stagectl.files.declared import Json, Shape, Takes
from stagectl.files.fields import SHARED
from stagectl.files.profile_shapes import ProfileShape
from stagectl.files.shapes import ShowShape, VenueShape

Kind = Literal["show", "venue", "profile"]
KINDS: Mapping[Kind, type[Shape]] = {
    "show": ShowShape,
    "venue": VenueShape,
    "profile": ProfileShape,
}
_SAID = ("errorMessage", "patternErrorMessage")  # what editors show, by the code of a problem
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _silent(*_asked: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the schema says to people: no sentence is made here.

    `key` says what a key of a shape is for, ("cue", "fade"), or "reserved" of ("", "reserved");
    `cure` what would put a problem right, by its code. "" says nothing.
    """

    key: Callable[[str, str], str] = _silent
    cure: Callable[[str], str] = _silent


def schema(
    kind: Kind, wording: Wording | None = None, known: Mapping[str, Json] | None = None
) -> dict[str, object]:
    """Return the schema of a kind of file.

    `known`: narrower pieces than fields.SHARED has, such as the scenes of one venue.
    """
    return _Schema(wording or Wording(), {**SHARED, **(known or {})}).whole(KINDS[kind])


def name_of(shape: type[Shape]) -> str:
    """Return what a shape is called: "cue" for CueShape."""
    return shape.__name__.removesuffix("Shape").casefold()


def takes(shape: type[Shape]) -> dict[str, Json | None]:
    """Return what each key of a shape takes; None: its field does not say."""
    return {
        info.alias or name: next((m.schema for m in info.metadata if isinstance(m, Takes)), None)
        for name, info in shape.model_fields.items()
    }


class _Schema:
    """One schema in the making: every shape and shared piece once, under $defs."""

    def __init__(self, wording: Wording, shared: Mapping[str, Json]) -> None:
        self._wording = wording
        self._shared = shared
        self._defs: dict[str, object] = {}

    def whole(self, shape: type[Shape]) -> dict[str, object]:
        top = self._object(shape)
        return {"$schema": DIALECT, **top, "$defs": dict(sorted(self._defs.items()))}

    def _object(self, shape: type[Shape]) -> dict[str, object]:
        name = name_of(shape)
        properties: dict[str, object] = {}
        for key, piece in takes(shape).items():
            told = self._wording.key(name, key)
            properties[key] = {
                **({"description": told} if told else {}),
                **self._piece(piece or {}),
            }
        for key in sorted(shape.RESERVED - properties.keys()):
            told = self._wording.key("", "reserved")
            properties[key] = {**({"description": told} if told else {}), "deprecated": True}
        required = [i.alias or n for n, i in shape.model_fields.items() if i.is_required()]
        return {
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _piece(self, piece: Mapping[str, object]) -> dict[str, object]:
        return {key: self._part(key, part) for key, part in piece.items() if self._says(key, part)}

    def _says(self, key: str, part: object) -> bool:
        return key not in _SAID or bool(self._wording.cure(str(part)))

    def _part(self, key: str, part: object) -> object:
        if key in _SAID:
            return self._wording.cure(str(part))
        if key == "$ref":
            self._share(str(part).rpartition("/")[2])
            return part
        return self._any(part)

    def _any(self, part: object) -> object:
        match part:
            case type() if issubclass(part, Shape):
                return self._ref(part)
            case Mapping():
                return self._piece(part)
            case list():
                return [self._any(item) for item in part]
            case _:
                return part

    def _ref(self, shape: type[Shape]) -> dict[str, object]:
        name = name_of(shape)
        if name not in self._defs:
            self._defs[name] = {}  # its place is taken, should it stand within itself
            self._defs[name] = self._object(shape)
        return {"$ref": f"#/$defs/{name}"}

    def _share(self, name: str) -> None:
        if name not in self._defs:
            self._defs[name] = {}
            self._defs[name] = self._piece(self._shared[name])
