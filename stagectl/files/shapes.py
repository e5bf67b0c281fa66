"""The shape of a show and of a venue: which keys there are, and what each may hold."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from stagectl.core.model import Person
from stagectl.core.problem import Said
from stagectl.core.written import WrittenBinding
from stagectl.files.declared import Shape, Told, whole
from stagectl.files.fields import (
    FILLED,
    NAMES,
    TEXT,
    Clock,
    Date,
    Dos,
    FileName,
    Filled,
    Flag,
    Follow,
    Language,
    Length,
    Number,
    SceneName,
    Seconds,
    Secret,
    Settings,
    Text,
    Word,
    entries,
    items,
    list_of,
    table_of,
    texts,
)
from stagectl.files.nodes import Node, Table

_LATER = frozenset(
    {"titles", "checklist", "tasks", "consent", "rights", "private", "public", "still"}
)


class PartShape(Shape):
    """One part of a cue that is a group."""

    name: Text = ""
    scene: SceneName = None
    sets: Settings = Field(default=(), alias="set")
    dos: Dos = Field(default=(), alias="do")
    fade: Length = None
    wait: Seconds = 0.0


def _group(node: Node, told: Told) -> tuple[PartShape, ...]:
    parts = (PartShape.read(item, told) for item in items(node, told))
    return tuple(part for part in parts if part is not None)


class CueShape(Shape):
    """One cue."""

    RESERVED: ClassVar[frozenset[str]] = _LATER

    cue: Number
    name: Text = ""
    notes: Text = ""
    scene: SceneName = None
    sets: Settings = Field(default=(), alias="set")
    dos: Dos = Field(default=(), alias="do")
    fade: Seconds = 0.0
    wait: Seconds = 0.0
    follow: Follow = None
    at: Clock = None
    length: Length = None
    block: Flag = False
    chapter: Text = ""
    group: Annotated[tuple[PartShape, ...], whole(_group, list_of(PartShape))] = ()


class PersonShape(Shape):
    """Somebody in this run."""

    name: Filled
    role: Text = ""


def _people(node: Node, told: Told) -> dict[str, Person]:
    people = {}
    for role, who in entries(node, told):
        if isinstance(who, Said):  # `guest: Kari Ødegård`
            people[role.text] = Person(who.text)
        elif (shape := PersonShape.read(who, told)) is not None:
            people[role.text] = Person(shape.name, shape.role)
    return people


def _cues(node: Node, told: Told) -> tuple[CueShape | None, ...]:
    return tuple(CueShape.read(item, told) for item in items(node, told))


class ShowShape(Shape):
    """A show file. A cue without a number is None: it has been told."""

    RESERVED: ClassVar[frozenset[str]] = _LATER | {"chapter"}

    show: Filled
    date: Date = ""
    start: Clock = None
    venue: FileName = None
    language: Language = ""
    people: Annotated[
        dict[str, Person],
        whole(_people, table_of({"anyOf": [PersonShape, TEXT]})),
    ] = Field(default_factory=dict)
    cues: Annotated[tuple[CueShape | None, ...], whole(_cues, list_of(CueShape))]


def _pairs(node: Node, told: Told) -> tuple[tuple[Said, Said], ...]:
    """Read `names:`, ours to theirs."""
    found = []
    for ours, theirs in entries(node, told):
        if not isinstance(theirs, Said):
            told.tell("not_text", theirs.at, text="")
        elif not theirs.text.strip():
            told.tell("empty", theirs, text="")
        elif _is_bad_name(ours.text):
            told.tell("bad_name", ours, name=ours.text)
        else:
            found.append((ours, theirs))
    return tuple(found)


def _is_bad_name(name: str) -> bool:
    return not name.strip() or any(sign in name for sign in "./{}")


def _run(node: Node, told: Told) -> tuple[str, ...]:
    """Read a command: a list of its words, or a line split at its spaces."""
    if isinstance(node, Said):
        return tuple(node.text.split())
    return tuple(item.text for item in texts(node, told))


class DeviceShape(Shape):
    """One thing that can be driven."""

    profile: FileName
    at: Word = None
    password: Secret = ""
    names: Annotated[
        tuple[tuple[Said, Said], ...],
        whole(_pairs, table_of(FILLED, propertyNames=NAMES)),
    ] = ()
    public: Flag = False
    run: Annotated[
        tuple[str, ...],
        whole(_run, {"type": ["array", "string", "number", "boolean", "null"], "items": TEXT}),
    ] = ()


class SceneShape(Shape):
    """A named look of the whole room."""

    label: Text = ""
    sets: Settings = Field(default=(), alias="set")
    still: Flag = False


class BindingShape(Shape):
    """What a control does, when that is more than a word."""

    sets: Settings = Field(default=(), alias="set")
    dos: Dos = Field(default=(), alias="do")


def _controls(node: Node, told: Told) -> tuple[tuple[Said, tuple[WrittenBinding, ...]], ...]:
    return tuple((device, tuple(_bindings(lines, told))) for device, lines in entries(node, told))


def _bindings(node: Node, told: Told) -> Iterator[WrittenBinding]:
    for name, value in entries(node, told):
        if isinstance(value, Table):
            shape = BindingShape.read(value, told)
            if shape is not None:
                yield WrittenBinding(name, None, shape.sets, shape.dos)
        elif not isinstance(value, Said):
            told.tell("not_text", value.at, text="")
        elif value.text.strip():
            yield WrittenBinding(name, value)
        else:
            told.tell("empty", value, text="")


def _devices(node: Node, told: Told) -> tuple[tuple[Said, DeviceShape | None], ...]:
    found = []
    for name, device in entries(node, told):
        if _is_bad_name(name.text):
            told.tell("bad_name", name, name=name.text)
        found.append((name, DeviceShape.read(device, told)))
    return tuple(found)


def _scenes(node: Node, told: Told) -> tuple[tuple[Said, SceneShape | None], ...]:
    return tuple((name, SceneShape.read(scene, told)) for name, scene in entries(node, told))


class VenueShape(Shape):
    """A venue file. A device or scene that could not be read is None: it has been told."""

    venue: Filled
    devices: Annotated[
        tuple[tuple[Said, DeviceShape | None], ...],
        whole(_devices, table_of(DeviceShape, propertyNames=NAMES)),
    ] = ()
    base: Settings = ()
    scenes: Annotated[
        tuple[tuple[Said, SceneShape | None], ...],
        whole(_scenes, table_of(SceneShape)),
    ] = ()
    safe: SceneName = None
    cover: SceneName = None
    language: Language = "nb"
    timezone: Word = None
    controls: Annotated[
        tuple[tuple[Said, tuple[WrittenBinding, ...]], ...],
        whole(_controls, table_of(table_of({"anyOf": [FILLED, BindingShape]}))),
    ] = ()
