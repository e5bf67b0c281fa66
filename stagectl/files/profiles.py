"""A profile file becomes a Profile, whose every pattern, curve and resting value is sound."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Literal

from stagectl.core.model import Value
from stagectl.core.problem import Said
from stagectl.core.profile import Keepalive, Kind, Pattern, Profile, Verb, Wire
from stagectl.core.value import Unfit, parse_value
from stagectl.files.fields import Told
from stagectl.files.nodes import Node
from stagectl.files.profile_shapes import (
    ARGUMENTS,
    ParameterShape,
    ProfileShape,
    RestartShape,
    VerbShape,
)

OSC_TYPES = ("f", "i", "s", "T")
_MOST_POWER_ON = 10_000


def read_profile(name: str, root: Node, told: Told) -> Profile | None:
    """Return the profile; None, or one not to be used, when `told` has an error."""
    shape = ProfileShape.read(root, told)
    if shape is None or shape.driver is None:
        return None
    driver = shape.driver.text
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
        among=shape.among,
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
    bare = _SLOT.sub("", path.text) + _BLANK.sub("", address)
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
    if (argument == "one of") != bool(choices):
        where = shape.argument or name
        told.tell("one_of", where, text=argument, near=(), choices=ARGUMENTS)
    latch = shape.latch.text if shape.latch else ""
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
