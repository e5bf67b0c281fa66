"""The one place where OSC bytes are made and read; types are the profile's, never Python's."""

import math
import re
import struct
from collections.abc import Callable, Iterator, Sequence

from pythonosc.osc_message import OscMessage, ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from stagectl.core.model import Value
from stagectl.core.profile import Verb
from stagectl.core.wire import Wire

LONGEST = 1400  # bytes in a packet: no router has to cut it
UNSAYABLE = (KeyError, ValueError, TypeError, OverflowError, struct.error, BuildError)
"""What making a packet raises for a value that none can carry, or a word the wire has not."""

_FLOAT = struct.Struct(">f").pack
_INT = struct.Struct(">i").pack
_SIZE = struct.Struct(">i").unpack_from
# An address and flat arguments: anything else makes python-osc log, recurse or guess.
_MESSAGE = re.compile(rb"/[^\0]*\0+(?:,[ifsbhdTFNrmt]*\0.*)?", re.DOTALL)
_BUNDLE = b"#bundle\0"
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_NESTED = 4  # bundles in bundles; python-osc's own reader recurses as deep as the packet says
_RESERVED = re.compile(r"[\s#*,?\[\]{}\x00-\x1f]|^$")  # what an OSC address may not have in it


def bare(address: str) -> bytes:
    return _begun(address).build().dgram


def _begun(address: str) -> OscMessageBuilder:
    """What stands after the address, a space before each, are arguments that come first."""
    head, *before = address.split(" ")
    builder = OscMessageBuilder(head)
    for word in before:
        whole = _WHOLE.fullmatch(word) is not None
        builder.add_arg(int(word) if whole else word, "i" if whole else "s")
    return builder


def _built(address: str, kind: str, argument: str | float) -> bytes:
    builder = _begun(address)
    builder.add_arg(argument, kind)
    return builder.build().dgram


def _text(address: str, text: str) -> bytes:
    packet = _built(address, "s", text.replace("\0", ""))
    if len(packet) > LONGEST:
        raise ValueError("the text is too long for one packet")
    return packet


def saying(wire: Wire) -> Callable[[Value], bytes]:
    """Return what turns a value into its packet; the address and the type tag are made once."""
    encode, isfinite = wire.encode, math.isfinite

    def number(value: Value) -> float:
        wired = encode(value)
        # a curve would make something of "not a number", and it would be loud
        if isinstance(wired, str) or not isfinite(wired) or value != value:  # noqa: PLR0124 -- NaN
            raise ValueError(f"{value} cannot be sent")
        return wired

    match wire.type:
        case "f":
            head = _built(wire.address, "f", 0.0)[:-4]
            return lambda value: head + _FLOAT(number(value))
        case "i":
            head = _built(wire.address, "i", 0)[:-4]
            return lambda value: head + _INT(round(number(value)))
        case "T" | "F":
            truth = {b: _begun(wire.address) for b in (True, False)}
            for b, builder in truth.items():
                builder.add_arg(b, "T" if b else "F")
            packets = {b: builder.build().dgram for b, builder in truth.items()}
            return lambda value: packets[bool(encode(value))]
        case "s":
            return lambda value: _text(wire.address, str(encode(value)))
        case other:
            raise ValueError(f"{wire.address}: OSC has no type {other!r} here; use f, i, s, T or F")


def occasion(verb: Verb, argument: str) -> tuple[bytes, bytes]:
    """Return a verb's packet and, for a pulse, the packet that lets go of it; else b""."""
    if verb.choices and argument not in verb.choices:
        raise ValueError(f"{verb.name} takes one of {', '.join(verb.choices)}")
    address, said = verb.address, argument
    if "{}" in address:
        name = str(_whole(argument)) if verb.argument == "number" else argument
        if _RESERVED.search(name):
            raise ValueError(f"{name!r} cannot stand in an OSC address")
        address, said = address.replace("{}", name), ""
    match verb.type:
        case "":
            return bare(address), b""
        case "T" | "F":
            return _built(address, verb.type, 0), b""
        case "s":
            return _text(address, said), b""
        case "i" | "f" as kind:
            number = _number(verb, said)
            if not math.isfinite(number):
                raise ValueError(f"{said} cannot be sent")
            packet = _built(address, kind, round(number) if kind == "i" else number)
            return packet, _built(address, kind, 0) if verb.pulse else b""
        case other:
            raise ValueError(f"{verb.address}: OSC has no type {other!r} here")


def _number(verb: Verb, said: str) -> float:
    """A verb with nothing to say says 1; a choice is said by its place, from 0."""
    if said == "":
        return 1.0
    return float(verb.choices.index(said)) if verb.choices else float(said)


def _whole(text: str) -> int:
    number = float(text)
    if number != int(number):
        raise ValueError(f"{text} is no whole number")
    return int(number)


def messages(packet: bytes, depth: int = 0) -> Iterator[tuple[str, Sequence[object]]]:
    """Each message of a packet or of a bundle; what is no OSC is passed over."""
    if packet.startswith(b"/"):
        if _MESSAGE.fullmatch(packet):
            try:
                message = OscMessage(packet)
            except (ParseError, ValueError, TypeError, OverflowError, IndexError, struct.error):
                return  # UnicodeDecodeError is a ValueError; a time tag can be out of range
            yield message.address, message.params
    elif packet.startswith(_BUNDLE) and depth < _NESTED:
        at = 16
        while at + 4 <= len(packet):
            (size,) = _SIZE(packet, at)
            if not 0 < size <= len(packet) - at - 4:
                return
            yield from messages(packet[at + 4 : at + 4 + size], depth + 1)
            at += 4 + size


def understood(wire: Wire, arguments: Sequence[object]) -> Value | None:
    """Return what people say for a message's first argument, or None: not this wire's language."""
    if not arguments or not isinstance(heard := arguments[0], bool | int | float | str):
        return None
    if isinstance(heard, str) != (wire.type == "s"):
        return None
    if isinstance(heard, float) and not math.isfinite(heard):
        return None
    try:
        return wire.decode(heard)
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
