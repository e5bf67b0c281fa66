"""The fields of our files: each text or mapping that may stand after a key, as it is declared."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from stagectl.core import spelling
from stagectl.core.problem import Said
from stagectl.core.value import Unfit, parse_seconds, parse_value
from stagectl.core.wire import Wire
from stagectl.core.written import Setting
from stagectl.files.declared import Json, Told, scalar, whole
from stagectl.files.nodes import Node, Row, Table, place_of

# ---- mappings and lists


def entries(node: Node, told: Told) -> Iterator[tuple[Said, Node]]:
    """Yield the pairs of a mapping; nothing at all after the colon is an empty one."""
    if isinstance(node, Table):
        yield from node.pairs
    elif not is_nothing(node):
        told.tell("not_pairs", place_of(node))


def items(node: Node, told: Told) -> Iterator[Node]:
    """Yield the items of a list; nothing at all after the colon is an empty one."""
    if isinstance(node, Row):
        yield from node.items
    elif not is_nothing(node):
        told.tell("not_list", place_of(node))


def is_nothing(node: Node) -> bool:
    """Tell whether nothing was written."""
    return isinstance(node, Said) and node.plain and not node.text


def texts(node: Node, told: Told) -> tuple[Said, ...]:
    """Read a list of texts."""
    found = []
    for item in items(node, told):
        if isinstance(item, Said):
            found.append(item)
        else:
            told.tell("not_text", item.at, text="")
    return tuple(found)


def pairs(node: Node, told: Told) -> tuple[tuple[Said, Said], ...]:
    """Read a mapping of texts."""
    found = []
    for key, value in entries(node, told):
        if isinstance(value, Said):
            found.append((key, value))
        else:
            told.tell("not_text", value.at, text="")
    return tuple(found)


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
    if said.text.strip().casefold() in _END:
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
    text = said.text.strip()
    if not _CLOCK.fullmatch(text):
        raise Unfit("clock", text=said.text)
    if said.plain and _DECIMAL.fullmatch(text):  # 19.30 is 19.3 to many a program and to editors
        raise Unfit("clock_decimal", text=said.text, time=text.replace(".", ":"))
    return said._replace(text=text.replace(".", ":"))


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
    if not _FILE_NAME.fullmatch(name):
        raise Unfit("file_name" if name else "empty", text=said.text)
    return said._replace(text=name)


_CUE = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,3})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NORWEGIAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9])?")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SECRET = re.compile(r"secret:([A-Za-z0-9][A-Za-z0-9_-]{0,63})")
_FILE_NAME = re.compile(r"[^\s./\\:\0][^/\\:\0]*")
_SWITCH = Wire("switch")
_END = ("end", "slutt")

# ---- what an editor may know

TEXT: Json = {"type": ["string", "number", "boolean", "null"]}


def table_of(what: object, **more: object) -> Json:
    """Return what a mapping takes whose every value is `what`; nothing at all is an empty one."""
    return {
        "type": ["object", "null"],
        "additionalProperties": what,
        "errorMessage": "not_table",
        **more,
    }


def list_of(what: object) -> Json:
    """Return what a list takes whose every item is `what`; nothing at all is an empty one."""
    return {"type": ["array", "null"], "items": what, "errorMessage": "not_list"}


FILLED: Json = {
    "type": ["string", "number", "boolean"],
    "pattern": r"\S",
    "errorMessage": "empty",
}
NAMES: Json = {"pattern": r"^[^./{}]*[^\s./{}][^./{}]*$", "errorMessage": "bad_name"}
"""What a name of the venue's own may be; see `is_bad_name`."""
_DATES = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_NORWEGIAN_DATES = r"(?:0?[1-9]|[12][0-9]|3[01])\.\s?(?:0?[1-9]|1[0-2])\.\s?[0-9]{4}"
_DURATION: Json = {
    "type": "string",
    "pattern": spelling.whole(spelling.duration()),
    "errorMessage": "not_duration",
}
_VALUE: Json = {
    "type": ["object", "string", "number", "boolean", "null"],
    "additionalProperties": {"$ref": "#/$defs/value"},
    "errorMessage": "list_value",
}
SHARED: Mapping[str, Json] = {
    "value": _VALUE,
    "settings": table_of({"$ref": "#/$defs/value"}),
    "dos": {
        "type": ["array", "object", "null"],
        "items": {
            "type": ["object", "string", "number", "boolean"],
            "pattern": r"\S",
            "additionalProperties": {"$ref": "#/$defs/value"},
            "errorMessage": "needs_argument",
        },
        "additionalProperties": {"$ref": "#/$defs/value"},
    },
    "scene-name": FILLED,
}
"""What stands in several places, by name: a venue's schema has narrower ones."""


def _text(pattern: str, code: str, *types: str, **more: object) -> Json:
    return {
        "type": ["string", *types] if types else "string",
        "pattern": spelling.whole(pattern),
        "errorMessage": code,
        **more,
    }


Text = Annotated[str, scalar(lambda said: said.text, "", TEXT)]
Filled = Annotated[str, scalar(lambda said: _filled(said).text, "", FILLED)]
Word = Annotated[Said | None, scalar(_filled, None, FILLED)]
SceneName = Annotated[Said | None, scalar(_filled, None, {"$ref": "#/$defs/scene-name"})]
Number = Annotated[
    Said | None,
    scalar(
        _number,
        None,
        _text(_CUE.pattern, "cue_number", "number", minimum=0, exclusiveMaximum=10**9),
    ),
]
Seconds = Annotated[
    float,
    scalar(lambda said: parse_seconds(said.text), 0.0, {**_DURATION, "examples": ["2 s", "2.5 s"]}),
]
Length = Annotated[
    float | None,
    scalar(
        lambda said: parse_seconds(said.text),
        None,
        {**_DURATION, "examples": ["15 min", "1:05:00"]},
    ),
]
Follow = Annotated[
    float | Literal["end"] | None,
    scalar(
        _follow,
        None,
        _text(f"{spelling.one_of(_END)}|{spelling.duration()}", "follow", examples=["end", "12 s"]),
    ),
]
Flag = Annotated[
    bool,
    scalar(
        lambda said: bool(parse_value(said.text, _SWITCH)),
        False,
        _text(spelling.SWITCH, "not_switch", "boolean", examples=[True, False]),
    ),
]
Date = Annotated[
    str, scalar(_date, "", _text(f"{_DATES}|{_NORWEGIAN_DATES}", "date", examples=["2026-11-28"]))
]
Clock = Annotated[
    Said | None, scalar(_clock, None, _text(_CLOCK.pattern, "clock", examples=["19:00"]))
]
Language = Annotated[
    str, scalar(_language, "", _text(_LANGUAGE.pattern, "language", examples=["nb", "nn", "en"]))
]
Secret = Annotated[
    str, scalar(_secret, "", _text(_SECRET.pattern, "literal_password", examples=["secret:obs"]))
]
FileName = Annotated[
    Said | None,
    scalar(_file_name, None, _text(_FILE_NAME.pattern, "file_name", "number", "boolean")),
]
Settings = Annotated[tuple[Setting, ...], whole(settings, {"$ref": "#/$defs/settings"})]
Dos = Annotated[tuple[Setting, ...], whole(dos, {"$ref": "#/$defs/dos"})]
