"""OSC 1.0 messages to and from bytes, with every argument's type as it stood on the wire.

Written apart from the drivers' own, so that a mistake there is not made here too. Bundles are not
read: no device simulated here understands them.
"""

import math
import struct
from dataclasses import dataclass

Argument = int | float | str | bytes | bool | None

_FIXED = {"i": ">i", "f": ">f", "h": ">q", "d": ">d"}
_CONSTANT: dict[str, Argument] = {"T": True, "F": False, "N": None, "I": math.inf}


class Garbled(ValueError):  # noqa: N818 - a verdict on bytes, always caught
    """These bytes are no OSC message."""


@dataclass(frozen=True, slots=True)
class Message:
    """`types` has one letter for each argument: "if" for an int32 and a float32."""

    address: str
    types: str = ""
    arguments: tuple[Argument, ...] = ()


def encode(address: str, types: str = "", *arguments: Argument) -> bytes:
    """Return a message's bytes; raises struct.error where an argument does not fit its type."""
    parts = [_pad(address.encode()), _pad(b"," + types.encode())]
    for kind, argument in zip(types, arguments, strict=True):
        if kind in _FIXED:
            parts.append(struct.pack(_FIXED[kind], argument))
        elif kind == "s":
            parts.append(_pad(str(argument).encode()))
        elif kind == "b" and isinstance(argument, bytes):
            fill = -len(argument) % 4
            parts.append(struct.pack(">i", len(argument)) + argument + bytes(fill))
    return b"".join(parts)


def decode(packet: bytes) -> Message:
    """Read one message; raises Garbled."""
    try:
        address, at = _text(packet, 0)
        if not address.startswith("/"):
            raise Garbled(address)
        if at >= len(packet):  # older senders leave the type tags out
            return Message(address)
        tags, at = _text(packet, at)
        if not tags.startswith(","):
            raise Garbled(tags)
        arguments: list[Argument] = []
        for kind in tags[1:]:
            argument, at = _argument(kind, packet, at)
            arguments.append(argument)
    except (struct.error, UnicodeDecodeError, KeyError, ValueError) as error:
        raise Garbled(str(error)) from error
    return Message(address, tags[1:], tuple(arguments))


def _argument(kind: str, packet: bytes, at: int) -> tuple[Argument, int]:
    if kind in _FIXED:
        (value,) = struct.unpack_from(_FIXED[kind], packet, at)
        return value, at + struct.calcsize(_FIXED[kind])
    if kind == "s":
        return _text(packet, at)
    if kind == "b":
        (length,) = struct.unpack_from(">i", packet, at)
        end = at + 4 + length
        if not 0 <= length <= len(packet) - at - 4:
            raise Garbled("a blob longer than its packet")
        return packet[at + 4 : end], end + -end % 4
    return _CONSTANT[kind], at


def _text(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.index(b"\0", at)
    return packet[at:end].decode(), end + 4 - end % 4


def _pad(text: bytes) -> bytes:
    return text + bytes(4 - len(text) % 4)
