"""What one field may hold: each turns a node into a value, or tells why it cannot."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar, Literal, Self, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from stagectl.core.names import nearest
from stagectl.core.problem import Problem, Said, Severity
from stagectl.core.profile import Wire
from stagectl.core.value import Datum, Unfit, parse_seconds, parse_value
from stagectl.core.written import Setting
from stagectl.files.nodes import Node, Row, Table, place_of

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


# ---- what a field is made of


def scalar(parse: Callable[[Said], T], otherwise: T) -> PlainValidator:
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

    return PlainValidator(validate)


def whole(read: Callable[[Node, Told], T]) -> PlainValidator:
    """Take any node; `read` tells what is wrong."""

    def validate(node: Node, info: ValidationInfo) -> T:
        return read(node, _told(info))

    return PlainValidator(validate)


def entries(node: Node, told: Told) -> Iterator[tuple[Said, Node]]:
    """Yield the pairs of a mapping; nothing at all after the colon is an empty one."""
    if isinstance(node, Table):
        yield from node.pairs
    elif not is_nothing(node):
        told.tell("not_table", place_of(node), keys=())


def items(node: Node, told: Told) -> Iterator[Node]:
    """Yield the items of a list; nothing at all after the colon is an empty one."""
    if isinstance(node, Row):
        yield from node.items
    elif not is_nothing(node):
        told.tell("not_list", place_of(node))


def is_nothing(node: Node) -> bool:
    """Tell whether nothing was written."""
    return isinstance(node, Said) and node.plain and not node.text


def settings(node: Node, told: Told) -> tuple[Setting, ...]:
    """Flatten nested and dotted names: one Setting for each value."""
    found: list[Setting] = []

    def descend(words: tuple[Said, ...], below: Node) -> None:
        match below:
            case Said():
                found.append(Setting(words, below))
            case Table():
                for key, value in below.pairs:
                    descend((*words, key), value)  # 32 deep at most: read_tree saw to it
            case Row():
                told.tell("list_value", below.at, name=words[-1].text)

    for key, value in entries(node, told):
        descend((key,), value)
    return tuple(found)


def dos(node: Node, told: Told) -> tuple[Setting, ...]:
    """Read `[obs.record: start, obs.stop]`: like settings, but in order and with repeats."""
    if not isinstance(node, Row):
        return settings(node, told)
    found: list[Setting] = []
    for item in node.items:
        if isinstance(item, Said):
            if item.text.strip():
                found.append(Setting((item,), item._replace(text="")))
            else:
                told.tell("empty", item, text="")
        else:
            found += settings(item, told)
    return tuple(found)


# ---- one text


def _filled(said: Said) -> Said:
    if not said.text.strip():
        raise Unfit("empty", text=said.text)
    return said


def _number(said: Said) -> Said:
    number = _CUE.fullmatch(said.text.strip())
    if number is None:
        raise Unfit("cue_number", text=said.text)
    return said._replace(text=number[0].replace(",", "."))


def _follow(said: Said) -> float | Literal["end"]:
    if said.text.strip().casefold() in ("end", "slutt"):
        return "end"
    try:
        return parse_seconds(said.text)
    except Unfit as unfit:
        raise Unfit(
            "follow" if unfit.code == "not_duration" else unfit.code, **unfit.data
        ) from None


def _date(said: Said) -> str:
    text = said.text.strip()
    norwegian = _NORWEGIAN_DATE.fullmatch(text)
    if norwegian:
        text = f"{norwegian[3]}-{norwegian[2]:0>2}-{norwegian[1]:0>2}"
    try:
        day = date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Unfit("date", text=said.text)
    return day.isoformat()


def _clock(said: Said) -> Said:
    clock = _CLOCK.fullmatch(said.text.strip())
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
        raise Unfit("clock", text=said.text)
    return said._replace(text=said.text.strip().replace(".", ":"))


def _language(said: Said) -> str:
    if not _LANGUAGE.fullmatch(said.text.strip()):
        raise Unfit("language", text=said.text)
    return said.text.strip()


def _secret(said: Said) -> str:
    secret = _SECRET.fullmatch(said.text.strip())
    if secret is None:
        raise Unfit("literal_password")  # without its text: it is one
    return secret[1]


def _file_name(said: Said) -> Said:
    """Refuse what could lead out of the folder that is looked in."""
    name = said.text.strip()
    if not name or name.startswith(".") or any(sign in name for sign in "/\\:\0"):
        raise Unfit("file_name" if name else "empty", text=said.text)
    return said._replace(text=name)


_CUE = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,3})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NORWEGIAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SECRET = re.compile(r"secret:([A-Za-z0-9][A-Za-z0-9_-]{0,63})")
_SWITCH = Wire("switch")

Text = Annotated[str, scalar(lambda said: said.text, "")]
Filled = Annotated[str, scalar(lambda said: _filled(said).text, "")]
Word = Annotated[Said | None, scalar(_filled, None)]
Number = Annotated[Said | None, scalar(_number, None)]
Seconds = Annotated[float, scalar(lambda said: parse_seconds(said.text), 0.0)]
Length = Annotated[float | None, scalar(lambda said: parse_seconds(said.text), None)]
Follow = Annotated[float | Literal["end"] | None, scalar(_follow, None)]
Flag = Annotated[bool, scalar(lambda said: bool(parse_value(said.text, _SWITCH)), False)]
Date = Annotated[str, scalar(_date, "")]
Clock = Annotated[Said | None, scalar(_clock, None)]
Language = Annotated[str, scalar(_language, "")]
Secret = Annotated[str, scalar(_secret, "")]
FileName = Annotated[Said | None, scalar(_file_name, None)]
Settings = Annotated[tuple[Setting, ...], whole(settings)]
Dos = Annotated[tuple[Setting, ...], whole(dos)]
