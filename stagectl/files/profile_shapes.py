"""The shape of a device profile: which keys there are, and what each may hold."""

import math
import re
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from stagectl.core.problem import Said
from stagectl.core.profile import Curve, Wire
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
    among: Text = ""


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
