"""The shape of a device profile: which keys there are, and what each may hold."""

import math
import re
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from stagectl.core import spelling
from stagectl.core.meter import MEASURES
from stagectl.core.problem import Said
from stagectl.core.value import Unfit, parse_value
from stagectl.core.wire import Curve, Wire
from stagectl.files.declared import Json, Shape, Told, choice, scalar, whole
from stagectl.files.fields import (
    TEXT,
    Filled,
    Flag,
    Seconds,
    Text,
    entries,
    items,
    list_of,
    pairs,
    table_of,
    texts,
)
from stagectl.files.nodes import Node, place_of

DRIVERS = ("osc", "obs", "midi", "pjlink", "visca")
ARGUMENTS = ("none", "number", "text", "text or none", "one of")


def _integer(said: Said) -> int | None:
    if not _DIGITS.fullmatch(said.text.strip()):
        raise Unfit("whole_number", text=said.text)
    return int(said.text)


def _port(said: Said) -> int | None:
    port = _integer(said)
    if port is None or not 0 < port < 65536:
        raise Unfit("port", text=said.text)
    return port


def _float(said: Said) -> float:
    return float(parse_value(said.text, _NUMBER))


_NUMBER = Wire("number", unit="dB")  # so that −inf is a number here
_DIGITS = re.compile(r"[0-9]{1,9}")
_WHOLE: Json = {"type": ["integer", "string"], "pattern": spelling.whole(_DIGITS.pattern)}
_SAID: Json = {"type": ["number", "string"], "pattern": spelling.whole(spelling.number("dB"))}
_TEXTS = list_of(TEXT)
_PAIRS = table_of(TEXT)
_POINTS: Json = {
    "type": "array",
    "minItems": 2,
    "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": _SAID},
}
Integer = Annotated[
    int | None,
    scalar(_integer, None, {**_WHOLE, "minimum": 0, "maximum": 10**9 - 1}),
]
Port = Annotated[int | None, scalar(_port, None, {**_WHOLE, "minimum": 1, "maximum": 65535})]


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


class ParameterShape(Shape):
    """How one family of parameters is said."""

    switch: Flag = False
    text: Flag = False
    word: Flag = False
    choices: Annotated[tuple[Said, ...], whole(texts, _TEXTS)] = ()
    words: Annotated[tuple[tuple[Said, Said], ...], whole(pairs, _PAIRS)] = ()
    address: Text = ""
    type: Text = ""
    unit: Text = ""
    range: Annotated[
        tuple[float, float] | None,
        whole(_range, {"type": "array", "minItems": 2, "maxItems": 2, "items": _SAID}),
    ] = None
    curve: Annotated[Curve, whole(_curve, _POINTS)] = ()
    steps: Integer = 0
    read_back: Flag = Field(default=False, alias="read")
    rest: Annotated[Said | None, scalar(lambda said: said, None, TEXT)] = None
    main: Flag = False
    among: Text = ""


class VerbShape(Shape):
    """Something `do` may trigger."""

    argument: Annotated[Said | None, choice(*ARGUMENTS)] = None
    choices: Annotated[tuple[Said, ...], whole(texts, _TEXTS)] = ()
    address: Text = ""
    type: Text = ""
    pulse: Flag = False
    latch: Annotated[Said | None, choice("restore", "ask")] = None


class ControlShape(Shape):
    """A family of keys or faders of a controller, and their lamps."""

    type: Filled
    address: Filled
    key: Flag = False
    fader: Flag = False
    lamp: Flag = False
    lamp_type: Text = ""
    lamp_address: Text = ""
    off: Integer = None
    on: Integer = None
    motor: Flag = False
    relit: Flag = False


class KeepaliveShape(Shape):
    """What is said again and again."""

    say: Filled
    every: Seconds


class MeterShape(Shape):
    """A message full of levels: how it is asked for, and whose level stands where."""

    measure: Annotated[Said | None, choice(*MEASURES)] = None
    say: Text = ""
    every: Seconds = 8.0
    of: Annotated[tuple[tuple[Said, Said], ...], whole(pairs, _PAIRS)] = ()


class RestartShape(Shape):
    """What parameters read after a power cut."""

    power_on: Annotated[tuple[tuple[Said, Said], ...], whole(pairs, _PAIRS)] = ()


def _parameters(node: Node, told: Told) -> tuple[tuple[Said, ParameterShape], ...]:
    read = ((path, ParameterShape.read(how, told)) for path, how in entries(node, told))
    return tuple((path, shape) for path, shape in read if shape is not None)


def _controls(node: Node, told: Told) -> tuple[tuple[Said, ControlShape], ...]:
    read = ((path, ControlShape.read(how, told)) for path, how in entries(node, told))
    return tuple((path, shape) for path, shape in read if shape is not None)


def _meters(node: Node, told: Told) -> tuple[tuple[Said, MeterShape], ...]:
    read = ((address, MeterShape.read(how, told)) for address, how in entries(node, told))
    return tuple((address, shape) for address, shape in read if shape is not None)


def _verbs(node: Node, told: Told) -> tuple[tuple[Said, VerbShape], ...]:
    read = ((name, VerbShape.read(how, told)) for name, how in entries(node, told))
    return tuple((name, shape) for name, shape in read if shape is not None)


class ProfileShape(Shape):
    """A profile file."""

    driver: Annotated[Said | None, choice(*DRIVERS)]
    source: Text = ""
    port: Port = None
    keepalive: Annotated[
        KeepaliveShape | None, whole(KeepaliveShape.read, {"allOf": [KeepaliveShape]})
    ] = None
    probe: Text = ""
    restart: Annotated[RestartShape | None, whole(RestartShape.read, {"allOf": [RestartShape]})] = (
        None
    )
    parameters: Annotated[
        tuple[tuple[Said, ParameterShape], ...], whole(_parameters, table_of(ParameterShape))
    ] = ()
    verbs: Annotated[tuple[tuple[Said, VerbShape], ...], whole(_verbs, table_of(VerbShape))] = ()
    controls: Annotated[
        tuple[tuple[Said, ControlShape], ...], whole(_controls, table_of(ControlShape))
    ] = ()
    meters: Annotated[
        tuple[tuple[Said, MeterShape], ...], whole(_meters, table_of(MeterShape))
    ] = ()
