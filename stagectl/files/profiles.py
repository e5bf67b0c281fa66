"""A profile file becomes a Profile, whose every pattern, curve and resting value is sound."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice, pairwise
from typing import Annotated, Literal

from pydantic import Field

from stagectl.core.model import Value
from stagectl.core.names import nearest
from stagectl.core.problem import Said
from stagectl.core.profile import Curve, Keepalive, Kind, Pattern, Profile, Verb, Wire
from stagectl.core.value import Unfit, parse_value
from stagectl.files.fields import (
    Filled,
    Flag,
    Seconds,
    Shape,
    Text,
    Told,
    Word,
    entries,
    items,
    scalar,
    whole,
)
from stagectl.files.nodes import Node, place_of

DRIVERS = ("osc", "obs", "midi", "pjlink", "visca")
OSC_TYPES = ("f", "i", "s", "T")
_ARGUMENTS = ("none", "number", "text", "one of")
_MOST_POWER_ON = 10_000


def _integer(said: Said) -> int | None:
    if not re.fullmatch(r"[0-9]{1,9}", said.text.strip()):
        raise Unfit("whole_number", text=said.text)
    return int(said.text)


def _float(said: Said) -> float:
    return float(parse_value(said.text, _NUMBER))


_NUMBER = Wire("number", unit="dB")  # so that −inf is a number here
Integer = Annotated[int | None, scalar(_integer, None)]


def _floats(node: Node, told: Told) -> tuple[float, ...]:
    found = []
    for item in items(node, told):
        try:
            found.append(_float(item) if isinstance(item, Said) else math.nan)
        except Unfit as unfit:
            told.tell(unfit.code, place_of(item), **unfit.data)
    return tuple(found)


def _range(node: Node, told: Told) -> tuple[float, float] | None:
    match _floats(node, told):
        case (low, high) if low < high:
            return low, high
        case _:
            told.tell("range_shape", place_of(node))
            return None


def _curve(node: Node, told: Told) -> Curve:
    points = tuple(_floats(item, told) for item in items(node, told))
    curve = tuple((p[0], p[1]) for p in points if len(p) == 2 and all(map(math.isfinite, p)))
    rises = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(curve))
    if len(curve) < 2 or len(curve) != len(points) or not rises:
        told.tell("curve_shape", place_of(node))
        return ()
    return curve


def _texts(node: Node, told: Told) -> tuple[Said, ...]:
    return tuple(item for item in items(node, told) if isinstance(item, Said))


def _pairs(node: Node, told: Told) -> tuple[tuple[Said, Said], ...]:
    return tuple((k, v) for k, v in entries(node, told) if isinstance(v, Said))


class ParameterShape(Shape):
    """How one family of parameters is said."""

    switch: Flag = False
    text: Flag = False
    word: Flag = False
    choices: Annotated[tuple[Said, ...], whole(_texts)] = ()
    words: Annotated[tuple[tuple[Said, Said], ...], whole(_pairs)] = ()
    address: Text = ""
    type: Text = ""
    unit: Text = ""
    range: Annotated[tuple[float, float] | None, whole(_range)] = None
    curve: Annotated[Curve, whole(_curve)] = ()
    steps: Integer = 0
    read_back: Flag = Field(default=False, alias="read")
    rest: Annotated[Said | None, scalar(lambda said: said, None)] = None
    main: Flag = False


class VerbShape(Shape):
    """Something `do` may trigger."""

    argument: Word = None
    choices: Annotated[tuple[Said, ...], whole(_texts)] = ()
    address: Text = ""
    type: Text = ""
    pulse: Flag = False
    latch: Word = None


class KeepaliveShape(Shape):
    """What is said again and again."""

    say: Filled
    every: Seconds


class RestartShape(Shape):
    """What parameters read after a power cut."""

    power_on: Annotated[tuple[tuple[Said, Said], ...], whole(_pairs)] = ()


def _parameters(node: Node, told: Told) -> tuple[tuple[Said, ParameterShape], ...]:
    read = ((path, ParameterShape.read(how, told)) for path, how in entries(node, told))
    return tuple((path, shape) for path, shape in read if shape is not None)


def _verbs(node: Node, told: Told) -> tuple[tuple[Said, VerbShape], ...]:
    read = ((name, VerbShape.read(how, told)) for name, how in entries(node, told))
    return tuple((name, shape) for name, shape in read if shape is not None)


class ProfileShape(Shape):
    """A profile file."""

    driver: Word
    source: Text = ""
    port: Integer = None
    keepalive: Annotated[KeepaliveShape | None, whole(KeepaliveShape.read)] = None
    probe: Text = ""
    restart: Annotated[RestartShape | None, whole(RestartShape.read)] = None
    parameters: Annotated[tuple[tuple[Said, ParameterShape], ...], whole(_parameters)] = ()
    verbs: Annotated[tuple[tuple[Said, VerbShape], ...], whole(_verbs)] = ()


def read_profile(name: str, root: Node, told: Told) -> Profile | None:
    """Return the profile; None, or one not to be used, when `told` has an error."""
    shape = ProfileShape.read(root, told)
    if shape is None or shape.driver is None:
        return None
    driver = shape.driver.text
    if driver not in DRIVERS:
        near = nearest(driver, DRIVERS)
        told.tell("one_of", shape.driver, text=driver, near=near, choices=DRIVERS)
    if shape.port is not None and not 0 < shape.port < 65536:
        told.tell("port", _value_of(root, "port"), text=str(shape.port))
    patterns = tuple(_pattern(path, p, driver, told) for path, p in shape.parameters)
    profile = Profile(
        name=name,
        driver=driver,
        port=shape.port,
        keepalive=Keepalive(shape.keepalive.say, shape.keepalive.every)
        if shape.keepalive
        else None,
        probe=shape.probe,
        parameters=patterns,
        verbs={verb.text: _verb(verb, v, told) for verb, v in shape.verbs},
        source=shape.source,
    )
    if shape.restart is None or told.problems:
        return profile
    return replace(profile, power_on=_power_on(profile, shape.restart, told))


def _value_of(root: Node, key: str) -> Said:
    value = None if isinstance(root, Said) else getattr(root, "get", lambda _: None)(key)
    return place_of(value if value is not None else root)


# ---- a parameter


def _pattern(path: Said, shape: ParameterShape, driver: str, told: Told) -> Pattern:
    wire = Wire(
        kind=_kind(path, shape, told),
        address=shape.address,
        type=shape.type,
        unit=shape.unit,
        curve=shape.curve,
        steps=shape.steps or 0,
        read=shape.read_back,
    )
    wire = _ranged(path, replace(wire, words=_words(path, shape, wire, told)), shape, told)
    if driver == "osc":
        _osc(path, shape, told)
    _slots(path, shape.address, told)
    if shape.rest is not None:
        try:
            wire = replace(wire, rest=parse_value(shape.rest.text, wire))
        except Unfit as unfit:
            told.tell(unfit.code, shape.rest, parameter=path.text, **unfit.data)
    return Pattern(path.text, wire, main=shape.main)


def _kind(path: Said, shape: ParameterShape, told: Told) -> Kind:
    is_word = shape.word or bool(shape.choices) or (bool(shape.words) and not shape.switch)
    kinds: list[Kind] = []
    for kind, given in (("switch", shape.switch), ("text", shape.text), ("word", is_word)):
        if given:
            kinds.append(kind)  # type: ignore[arg-type] # the three are literals of Kind
    if len(kinds) > 1:
        told.tell("one_kind", path, kinds=tuple(kinds))
    return kinds[0] if kinds else "number"


def _words(
    path: Said, shape: ParameterShape, wire: Wire, told: Told
) -> tuple[tuple[Value, Value], ...]:
    words: list[tuple[Value, Value]] = [(c.text, c.text) for c in shape.choices]
    for said, wired in shape.words:
        try:
            word = parse_value(said.text, replace(wire, words=()))
            words.append((word, _wired(wired.text, shape.type)))
        except (Unfit, ValueError):
            told.tell("word_shape", said, parameter=path.text, type=shape.type)
    return tuple(words)


def _wired(text: str, kind: str) -> Value:
    match kind:
        case "i":
            return int(text)
        case "f":
            return float(text)
        case _:
            return text


def _ranged(path: Said, wire: Wire, shape: ParameterShape, told: Told) -> Wire:
    if wire.kind != "number":
        if shape.curve or shape.range or shape.unit:
            told.tell("only_numbers", path)
        return wire
    low, high = (0.0, 100.0) if wire.unit == "%" else (-math.inf, math.inf)
    if wire.curve:
        low, high = wire.curve[0][0], wire.curve[-1][0]
    if shape.range:
        if wire.curve and not (low <= shape.range[0] and shape.range[1] <= high):
            told.tell("range_shape", path)
        low, high = shape.range
    return replace(wire, low=low, high=high)


def _osc(path: Said, shape: ParameterShape, told: Told) -> None:
    if shape.type not in OSC_TYPES:
        told.tell("one_of", path, text=shape.type, near=(), choices=OSC_TYPES)
    if not shape.address.startswith(("/", "{}")):
        told.tell("osc_address", path, text=shape.address)


def _slots(path: Said, address: str, told: Told) -> None:
    """Each blank of the address takes a slot, and only a number can be counted or padded."""
    bare = _SLOT.sub("", path.text)
    blanks, slots = _BLANK.findall(address), _SLOT.findall(path.text)
    bad = "{" in bare or "}" in bare or len(blanks) > len(slots)
    for (low, high), (shift, width) in zip(slots, blanks, strict=False):
        bad = bad or (bool(shift or width) and not high)
        bad = bad or (bool(high) and int(low) > int(high))
    if bad:
        told.tell("pattern", path, text=path.text, address=address)


_SLOT = re.compile(r"\{(?:([0-9]{1,5})\.\.([0-9]{1,5})|[a-z][a-z0-9 _]*)\}")
_BLANK = re.compile(r"\{([+-][0-9]+)?(?::([0-9]+))?\}")


# ---- verbs and the rest


def _verb(name: Said, shape: VerbShape, told: Told) -> Verb:
    choices = tuple(choice.text for choice in shape.choices)
    argument = shape.argument.text if shape.argument else _argument_of(shape.type, choices)
    if argument not in _ARGUMENTS or (argument == "one of") != bool(choices):
        where = shape.argument or name
        told.tell("one_of", where, text=argument, near=(), choices=_ARGUMENTS)
    latch = shape.latch.text if shape.latch else ""
    if latch not in ("", "restore", "ask"):
        where = shape.latch or name
        told.tell("one_of", where, text=latch, near=(), choices=("restore", "ask"))
    kinds: Mapping[str, Literal["", "number", "text", "one of"]] = {
        "number": "number",
        "text": "text",
        "one of": "one of",
    }
    return Verb(
        name=name.text,
        argument=kinds.get(argument, ""),
        choices=choices,
        address=shape.address,
        type=shape.type,
        pulse=shape.pulse,
        latch="restore" if latch == "restore" else "ask" if latch == "ask" else "",
    )


def _argument_of(wire_type: str, choices: tuple[str, ...]) -> str:
    if choices:
        return "one of"
    return {"i": "number", "f": "number", "s": "text"}.get(wire_type, "none")


def _power_on(profile: Profile, shape: RestartShape, told: Told) -> tuple[tuple[str, Value], ...]:
    found: list[tuple[str, Value]] = []
    for path, text in shape.power_on:
        pattern = Pattern(path.text, Wire("number"))
        paths = [] if pattern.free else list(islice(pattern.every(), _MOST_POWER_ON))
        for one in paths:
            wire = profile.wire(one)
            if wire is None:
                paths = []
                break
            try:
                found.append((one, parse_value(text.text, wire)))
            except Unfit as unfit:
                told.tell(unfit.code, text, parameter=path.text, **unfit.data)
                break
        if not paths:
            told.tell("power_on", path, text=path.text)
    return tuple(found)
