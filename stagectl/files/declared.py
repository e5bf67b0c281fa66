"""What a key takes is declared once: pydantic reads by it, and schema.py tells editors of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from stagectl.core.names import nearest
from stagectl.core.problem import Problem, Said, Severity
from stagectl.core.value import Datum, Unfit
from stagectl.files.nodes import Node, Table, place_of

T = TypeVar("T")


@dataclass(slots=True)
class Told:
    """What has been found wrong with a file so far; pydantic hands it to every field."""

    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, said: Said, severity: Severity = "error", /, **data: Datum) -> None:
        """Add a problem."""
        self.problems.append(Problem(code, said.place, data, severity))


class Shape(BaseModel):
    """A mapping with known keys.

    A field that is wrong is told and takes its default, so that all mistakes are told at once;
    only a missing key leaves no shape.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    RESERVED: ClassVar[frozenset[str]] = frozenset()  # keys that a later version will understand

    @model_validator(mode="before")
    @classmethod
    def _open(cls, node: Table, info: ValidationInfo) -> dict[str, Node]:
        told = _told(info)
        known = _keys(cls)
        found = {}
        for key, value in node.pairs:
            if key.text in known:
                found[key.text] = value
            elif key.text in cls.RESERVED:
                told.tell("reserved", key, "warning", key=key.text)
            else:
                near = nearest(key.text, known)
                told.tell("unknown_key", key, key=key.text, near=near, keys=known)
        return found

    @classmethod
    def read(cls, node: Node, told: Told) -> Self | None:
        """Return the shape of `node`, or None: the reason is told."""
        if not isinstance(node, Table):
            told.tell("not_table", place_of(node), keys=_keys(cls))
            return None
        try:
            return cls.model_validate(node, context=told)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                head = node.pairs[0][0] if node.pairs else node.at
                told.tell("missing_key", head, key=str(one["loc"][-1]))
            return None


def _told(info: ValidationInfo) -> Told:
    return cast(Told, info.context)


def _keys(shape: type[Shape]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in shape.model_fields.items())


# ---- what a key takes

Json = Mapping[str, object]
"""A piece of JSON Schema; where a Shape stands in it, what that shape takes is meant.

`errorMessage` has the code of a problem, and is worded like it. An editor's parser has given each
scalar a type, so a piece names all types that a text like `1` or `on` can come as.
"""


@dataclass(frozen=True, slots=True)
class Takes:
    """One declaration: pydantic reads a field by `validate`, schema.py tells editors `schema`."""

    validate: Callable[[Node, ValidationInfo], object]
    schema: Json | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> Any:  # noqa: ANN401 -- pydantic's own type is a dict of anything
        """Let pydantic call `validate` with the node as it is."""
        return PlainValidator(self.validate).__get_pydantic_core_schema__(source, handler)


def scalar(parse: Callable[[Said], T], otherwise: T, schema: Json | None = None) -> Takes:
    """Take one text; `parse` raises Unfit for what it cannot be, and then it is `otherwise`."""

    def validate(node: Node, info: ValidationInfo) -> T:
        told = _told(info)
        if not isinstance(node, Said):
            is_braces = isinstance(node, Table) and node.flow
            told.tell("braces" if is_braces else "not_text", place_of(node), text="{…}")
            return otherwise
        try:
            return parse(node)
        except Unfit as unfit:
            told.tell(unfit.code, node, **unfit.data)
            return otherwise

    return Takes(validate, schema)


def whole(read: Callable[[Node, Told], T], schema: Json | None = None) -> Takes:
    """Take any node; `read` tells what is wrong."""

    def validate(node: Node, info: ValidationInfo) -> T:
        return read(node, _told(info))

    return Takes(validate, schema)


def choice(*words: str) -> Takes:
    """Take one of these words; another is told, and read all the same."""

    def parse(node: Node, told: Told) -> Said | None:
        if not isinstance(node, Said):
            told.tell("not_text", place_of(node), text="{…}")
            return None
        if node.text.strip() not in words:
            near = nearest(node.text, words)
            told.tell("one_of", node, text=node.text, near=near, choices=words)
        return node._replace(text=node.text.strip())

    return whole(parse, {"enum": list(words)})
