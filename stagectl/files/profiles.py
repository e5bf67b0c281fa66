"""A profile file becomes a Profile, whose every pattern, curve and resting value is sound."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from stagectl.core.control import ControlPattern, Sign
from stagectl.core.meter import Bank, Measure
from stagectl.core.model import Value
from stagectl.core.names import nearest
from stagectl.core.pattern import Pattern
from stagectl.core.problem import Said
from stagectl.core.profile import Keepalive, Profile, Verb
from stagectl.core.value import Unfit, parse_value
from stagectl.core.wire import Kind, Wire
from stagectl.files.declared import Told
from stagectl.files.nodes import Node, Table, place_of
from stagectl.files.profile_shapes import (
    ARGUMENTS,
    ControlShape,
    MeterShape,
    ParameterShape,
    ProfileShape,
    RestartShape,
    VerbShape,
)

OSC_TYPES = ("f", "i", "s", "T")
METERED = ("osc", "obs")
MIDI_TYPES = ("note", "cc", "cc14", "bend", "program")
_MOST_POWER_ON = 10_000
_SOONEST = 0.1  # seconds between two keep-alives: a desk that only says them plays no show


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
        verbs={verb.text: _verb(verb, v, driver, told) for verb, v in shape.verbs},
        controls=tuple(_control(path, c, told) for path, c in shape.controls),
        meters=tuple(_bank(address, m, driver, told) for address, m in shape.meters),
        source=shape.source,
    )
    if profile.keepalive is not None and profile.keepalive.every < _SOONEST:
        where = root.get("keepalive") if isinstance(root, Table) else None
        told.tell("keepalive_pace", place_of(where or root), seconds=str(_SOONEST))
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
    elif driver == "midi":
        _midi(path, shape.type, shape.address, told)
        if not _is_sayable(wire):
            told.tell("midi_range", path)
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
        except Unfit as unfit:
            told.tell(unfit.code, said, parameter=path.text, **unfit.data)
        except ValueError:
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
    if shape.read_back and " " in shape.address:
        told.tell("asked_with_arguments", path, parameter=path.text)


def _midi(path: Said, kind: str, address: str, told: Told) -> None:
    """Tell of an address that no message has; `_slots` tells of blanks that nothing fills."""
    if kind not in MIDI_TYPES:
        near = nearest(kind, MIDI_TYPES)
        told.tell("one_of", path, text=kind, near=near, choices=MIDI_TYPES)
    elif not all(_is_on_midi(kind, end) for end in _ends(path.text, address)):
        told.tell("midi_address", path, text=address)


def _ends(path: str, address: str) -> tuple[str, str]:
    """Return the address of a family's first and of its last: `0 {+15}` of knob.{1..8}."""
    slots = [(int(low or 0), int(high or 0)) for low, high in _SLOT.findall(path)]
    return _filled(address, [low for low, _ in slots]), _filled(address, [h for _, h in slots])


def _filled(address: str, numbers: Sequence[int]) -> str:
    rest = iter(numbers)
    return _BLANK.sub(lambda blank: str(next(rest, 0) + int(blank[1] or 0)), address)


def _is_on_midi(kind: str, address: str) -> bool:
    try:
        sign = Sign.of(kind, address)
    except ValueError:
        return False
    wants = 1 if kind in ("bend", "program") else 2
    most = 31 if kind == "cc14" else 127
    return len(address.split()) == wants and 0 <= sign.channel < 16 and 0 <= sign.number <= most


def _is_sayable(wire: Wire) -> bool:
    """Tell whether every value is a number that MIDI has room for."""
    if wire.words:
        most = Sign(wire.type, 0).full
        return all(str(raw).isdecimal() and int(raw) <= most for _, raw in wire.words)
    return wire.kind == "switch" or wire.has_travel


def _control(path: Said, shape: ControlShape, told: Told) -> ControlPattern:
    lamp_type = shape.lamp_type or shape.type if shape.lamp or shape.motor else ""
    lamp_address = shape.lamp_address or shape.address
    for kind, address in ((shape.type, shape.address), (lamp_type, lamp_address)):
        if kind:
            _midi(path, kind, address, told)
            _slots(path, address, told)
    if shape.key and shape.fader:
        told.tell("one_kind", path, kinds=("key", "fader"))
    full = Sign(lamp_type, 0).full
    on = full if shape.on is None else shape.on
    off = shape.off or 0
    if not (lamp_type or (shape.on is None and shape.off is None)) or max(on, off) > full:
        told.tell("lamp_range", path, most=full)
    return ControlPattern(
        path=path.text,
        type=shape.type,
        address=shape.address,
        kind="key" if shape.key else "fader" if shape.fader else "either",
        lamp_type=lamp_type,
        lamp_address=lamp_address,
        off=off,
        on=on,
        motor=shape.motor,
        relit=shape.relit,
    )


def _bank(address: Said, shape: MeterShape, driver: str, told: Told) -> Bank:
    if driver not in METERED:
        told.tell("no_meters", address, driver=driver)
    if driver == "osc":
        for text in (address.text, shape.say):
            if not text.startswith("/"):
                told.tell("osc_address", address, text=text)
    if shape.say and shape.every < _SOONEST:
        told.tell("keepalive_pace", address, seconds=str(_SOONEST))
    measures: Mapping[str, Measure] = {"256ths": "256ths"}
    return Bank(
        address=address.text,
        measure=measures.get(shape.measure.text if shape.measure else "", "linear"),
        say=shape.say,
        every=shape.every if shape.say else 0.0,
        places=tuple(_place(stem, place, driver, told) for stem, place in shape.of),
    )


def _place(stem: Said, place: Said, driver: str, told: Told) -> Pattern:
    """A stem, and where its levels stand: one number or two, counted from nought."""
    _slots(stem, place.text, told)
    for end in _ends(stem.text, place.text) if driver == "osc" else ():
        numbers = end.split()
        if not numbers or not all(_PLACE.fullmatch(number) for number in numbers):
            told.tell("whole_number", place, text=place.text)
            break
    return Pattern(stem.text, Wire("number", place.text))


_PLACE = re.compile(r"[0-9]{1,4}")


def _slots(path: Said, address: str, told: Told) -> None:
    """Each blank of the address takes a slot, and only a number can be counted or padded."""
    bare = _SLOT.sub("", path.text) + _BLANK.sub("", address)
    blanks, slots = _BLANK.findall(address), _SLOT.findall(path.text)
    bad = "{" in bare or "}" in bare or len(blanks) > len(slots)
    for (_low, high), (shift, width) in zip(slots, blanks, strict=False):
        bad = bad or (bool(shift or width) and not high)
    if any(high and int(low) > int(high) for low, high in slots):
        told.tell("slots_fall", path, text=path.text)
    elif bad:
        told.tell("pattern", path, text=path.text, address=address)
    if _RUN_ON.search(path.text):
        told.tell("slots_run_on", path, text=path.text)


_SLOT = re.compile(r"\{(?:([0-9]{1,5})\.\.([0-9]{1,5})|[a-z][a-z0-9 _]*)\}")
_BLANK = re.compile(r"\{([+-][0-9]{1,5})?(?::([0-9]{1,2}))?\}")
# Two slots that could share a letter take for ever to be told apart: a dot or a slash between
# names, at least some sign between numbers.
_RUN_ON = re.compile(r"\}\{|\{[a-z][^{}]*\}[^./]*\{[a-z]")


# ---- verbs and the rest


def _verb(name: Said, shape: VerbShape, driver: str, told: Told) -> Verb:
    if driver == "midi":
        _midi_verb(name, shape, told)
    choices = tuple(choice.text for choice in shape.choices)
    argument = shape.argument.text if shape.argument else _argument_of(shape.type, choices)
    if (argument == "one of") != bool(choices):
        where = shape.argument or name
        told.tell("one_of", where, text=argument, near=(), choices=ARGUMENTS)
    latch = shape.latch.text if shape.latch else ""
    kinds: Mapping[str, Literal["", "number", "text", "text or none", "one of"]] = {
        "number": "number",
        "text": "text",
        "text or none": "text or none",
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


def _midi_verb(name: Said, shape: VerbShape, told: Told) -> None:
    if shape.type == "msc":
        if not _MSC.fullmatch(shape.address.strip()):
            told.tell("midi_address", name, text=shape.address)
    else:
        _midi(name, shape.type, shape.address or "0", told)


_MSC = re.compile(r"[0-7][0-9A-Fa-f](?: [0-7][0-9A-Fa-f])?")


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
