"""A profile is proved when all it can say is understood by its device as it was meant.

What files/ has read is sound in shape. Here each value is said and heard again as the wire carries
it, and everything that has an address is held against everything else that has one.
"""

import math
import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Literal, NamedTuple

from stagectl.core.control import Sign
from stagectl.core.model import Value
from stagectl.core.pattern import Pattern
from stagectl.core.problem import Problem
from stagectl.core.profile import Profile, Verb
from stagectl.core.value import Datum, say_value
from stagectl.core.wire import Wire

Section = Literal["parameters", "verbs", "controls", "restart", ""]

MOST = 100_000  # parameters of one profile that are looked at
_ANY = Wire("number")
_SOMEBODY = "Kari Ødegård"
_OSC_TYPES = ("f", "i", "s", "T")
_CARRIERS = {
    "": ("", *_OSC_TYPES),
    "number": ("i", "f", "s"),
    "one of": ("i", "f", "s"),  # as a number, a choice is its place in the list
    "text": ("s",),
    "text or none": ("s",),
}
"""Which types of the wire can carry what a verb takes; a blank in the address carries anything."""


class Flaw(NamedTuple):
    """What is wrong, and under which key of which section the profile says it."""

    problem: Problem
    section: Section = ""
    key: str = ""


def prove(profile: Profile) -> Iterator[Flaw]:
    """Return every flaw of a profile, errors and warnings."""
    for pattern in profile.parameters:
        for problem in _wire(profile, pattern):
            yield Flaw(problem, "parameters", pattern.path)
    yield from _addresses(profile)
    yield from _controls(profile)
    if profile.driver == "osc":
        for verb in profile.verbs.values():
            for problem in _verb(verb):
                yield Flaw(problem, "verbs", verb.name)
    yield from _evidence(profile)
    if not profile.source:
        yield Flaw(Problem("no_source", severity="warning"))
    if (
        profile.driver == "osc"
        and not profile.keepalive
        and not profile.probe
        and not _read(profile)
    ):
        yield Flaw(Problem("no_sign_of_life", severity="warning"))


# ---- a value, there and back


def _wire(profile: Profile, pattern: Pattern) -> Iterator[Problem]:
    wire = pattern.wire
    wired: dict[Value, Value] = {}
    for said, carried in wire.words:
        if carried in wired:
            pair = (say_value(wired[carried], wire), say_value(said, wire))
            yield Problem("words_same", data={"parameter": pattern.path, "words": pair})
        wired[carried] = said
    if wired and len(wired) < len(wire.words):
        return  # the second of two words is heard as the first: said already
    for value in _values(wire):
        text = say_value(value, wire)
        about: Mapping[str, str] = {"parameter": pattern.path, "text": text, "type": wire.type}
        try:
            back = wire.decode(carried_by(profile.driver, wire.type, wire.encode(value)))
        except (KeyError, ValueError, TypeError, OverflowError, struct.error):
            yield Problem("unsayable", data=about)
            return
        if not wire.same(back, value):
            yield Problem("comes_back", data={**about, "back": say_value(back, wire)})
            return


def _values(wire: Wire) -> Iterator[Value]:
    """What it rests at, both ends, and what lies between; every word; a text that is no ASCII."""
    if wire.rest is not None:
        yield wire.rest
    match wire.kind:
        case "switch":
            yield from (True, False)
        case "word" if wire.words:
            yield from (said for said, _ in wire.words)
        case "word" | "text":
            yield from (_SOMEBODY, "")
        case _ if math.isinf(wire.low) or math.isinf(wire.high):
            yield from (0.0, 1.0, -1.0)  # any number: a type that takes whole ones takes these
        case _:
            yield from (wire.low + (wire.high - wire.low) * n / 4 for n in (0, 4, 2, 1, 3))
            if wire.unit == "dB":
                yield -math.inf


def carried_by(driver: str, kind: str, wired: Value) -> Value:
    """Return what arrives of a value: a type of the wire is 32 bits wide, or whole, or a text.

    Raises ValueError, OverflowError or struct.error where the wire has no such number.
    """
    match driver, kind:
        case "osc", "f":
            (single,) = struct.unpack(">f", struct.pack(">f", float(wired)))
            if not math.isfinite(single):
                raise ValueError(f"{single} is never sent")
            return float(single)
        case "osc", "T":
            return bool(wired)
        case "osc", "s":
            return str(wired)
        case ("osc", "i") | ("midi", _):
            return round(float(wired))
    return wired


# ---- who is called what


def _addresses(profile: Profile) -> Iterator[Flaw]:
    """Each parameter is reached by its name, and by an address that is no other's."""
    called: dict[tuple[str, str], str] = {}
    complained: set[tuple[str, str]] = set()
    fixed = [pattern for pattern in profile.parameters if not pattern.free]
    paths = ((pattern, path) for pattern in fixed for path in pattern.every())
    taken: dict[str, Pattern] = {}
    for pattern, path in islice(paths, MOST):
        first = taken.setdefault(path, pattern)
        if first is not pattern:
            if (first.path, pattern.path) not in complained:
                complained.add((first.path, pattern.path))
                data = {"parameter": path, "other": first.path}
                yield Flaw(Problem("hidden", data=data), "parameters", pattern.path)
            continue
        wire = pattern.match(path)
        if wire is None or not (wire.address or wire.type):
            continue
        # on OSC one address is one thing, whatever the type
        key = ("" if profile.driver == "osc" else wire.type, wire.address)
        other = called.setdefault(key, path)
        if other != path and (pattern.path, taken[other].path) not in complained:
            complained.add((pattern.path, taken[other].path))
            data = {"parameter": path, "other": other, "address": wire.address or wire.type}
            yield Flaw(Problem("same_address", data=data), "parameters", pattern.path)


def _controls(profile: Profile) -> Iterator[Flaw]:
    """What a controller says is one control's and no other's."""
    said: dict[Sign, str] = {}
    for pattern in profile.controls:
        paths = Pattern(pattern.path, _ANY).every()
        controls = (control for path in paths if (control := pattern.match(path)) is not None)
        for control in islice(controls, MOST):
            other = said.setdefault(control.sign, control.name)
            if other != control.name:
                sign = control.sign
                address = f"{sign.kind} {sign.channel} {sign.number}"
                data = {"parameter": control.name, "other": other, "address": address}
                yield Flaw(Problem("same_address", data=data), "controls", pattern.path)
                break


def _read(profile: Profile) -> bool:
    return any(pattern.wire.read for pattern in profile.parameters)


def _evidence(profile: Profile) -> Iterator[Flaw]:
    for path, _ in profile.power_on:
        wire = profile.wire(path)
        if wire is not None and not wire.read:
            yield Flaw(Problem("unread_evidence", data={"parameter": path}), "restart", "power_on")
            return


# ---- a verb


def _verb(verb: Verb) -> Iterator[Problem]:
    """A verb says its argument somewhere: in its address, or as a value of its type."""
    if not verb.address.startswith("/"):
        yield Problem("osc_address", data={"text": verb.address or verb.name})
    elif verb.type and verb.type not in _OSC_TYPES:
        data: Mapping[str, Datum] = {"text": verb.type, "near": (), "choices": _OSC_TYPES}
        yield Problem("one_of", data=data)
    elif "{}" not in verb.address and verb.type not in _CARRIERS[verb.argument]:
        yield Problem("argument_lost", data={"verb": verb.name, "argument": verb.argument})
