"""Every byte of MIDI that is said or understood here; nothing in this module waits or fails.

Facts: MIDI 1.0 detailed specification 4.2.1; MIDI show control 1.0 (RP-002).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stagectl.core.control import Sign
from stagectl.core.midi import ALL_CALL, CUE, takes
from stagectl.core.model import Value
from stagectl.core.wire import Wire

LONGEST = 4096  # bytes of one system exclusive message; a longer one is thrown away whole
IDENTITY_REQUEST = bytes((0xF0, 0x7E, ALL_CALL, 0x06, 0x01, 0xF7))
UNSAYABLE = (ValueError, TypeError, KeyError, OverflowError)
"""What `saying` and `occasion` raise for a value no message can carry."""

_NOTE_OFF, _NOTE_ON, _CC, _PROGRAM, _BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0
_SYSEX, _END, _REAL_TIME = 0xF0, 0xF7, 0xF8
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_COMMON_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_MSC = {0x01: "go", 0x02: "stop", 0x03: "resume", 0x05: "load", 0x07: "fire", 0x0A: "reset"}


class Reader:
    """Bytes in, whole messages out: running status is spelt out, real time and nonsense left out.

    A message may come in any number of pieces, with real-time bytes in its middle.
    """

    def __init__(self) -> None:
        """Begin between two messages."""
        self._status = 0  # of the message that is coming, or of the last one (running status)
        self._needs = 0
        self._data = bytearray()
        self._in_sysex = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the messages that are whole now."""
        for byte in piece:
            if byte >= _REAL_TIME:
                continue  # clock, start, active sensing: anywhere, even within a message
            if byte >= 0x80:
                message = self._status_byte(byte)
            elif self._in_sysex:
                if len(self._data) < LONGEST:
                    self._data.append(byte)
                continue
            else:
                message = self._data_byte(byte)
            if message:
                yield message

    def _status_byte(self, byte: int) -> bytes:
        whole = b""
        if byte == _END and self._in_sysex and len(self._data) < LONGEST:
            whole = bytes((_SYSEX, *self._data, _END))
        self._in_sysex = byte == _SYSEX
        self._data.clear()
        self._status = byte if byte < _SYSEX or byte in _COMMON_BYTES else 0
        self._needs = _DATA_BYTES.get(byte & 0xF0, _COMMON_BYTES.get(byte, 0))
        return whole

    def _data_byte(self, byte: int) -> bytes:
        if not self._status:
            return b""
        self._data.append(byte)
        if len(self._data) < self._needs:
            return b""
        whole = bytes((self._status, *self._data))
        self._data.clear()
        if self._status >= _SYSEX:
            self._status = 0  # system messages cancel running status, and none is heeded here
            return b""
        return whole


# ---------------------------------------------------------------- what is said


def spoken(at: Sign, raw: int) -> bytes:
    """Return the message that puts a sign at a raw value; raises ValueError out of its range."""
    if not (0 <= at.channel <= 15 and 0 <= at.number <= 127 and 0 <= raw <= at.full):
        raise ValueError(raw)
    high, low = raw >> 7, raw & 0x7F
    match at.kind:
        case "note":
            return bytes((_NOTE_ON | at.channel, at.number, raw))
        case "cc":
            return bytes((_CC | at.channel, at.number, raw))
        case "cc14" if at.number < 32:  # the lower seven bits go by the number 32 further up
            status = _CC | at.channel
            return bytes((status, at.number, high, status, at.number + 32, low))
        case "bend":
            return bytes((_BEND | at.channel, low, high))
        case "program":
            return bytes((_PROGRAM | at.channel, raw))
    raise ValueError(at.kind)


def saying(wire: Wire) -> Callable[[Value], bytes]:
    """Return what makes a parameter's message; it raises one of UNSAYABLE."""
    at = Sign.of(wire.type, wire.address)

    def say(value: Value) -> bytes:
        if wire.kind == "switch" and not wire.words:
            return spoken(at, at.full if value else 0)
        said = wire.encode(value)
        if wire.kind == "number" and not wire.words:
            low, high = _span(wire)
            said = (float(said) - low) / (high - low) * at.full
        return spoken(at, round(float(said)))

    return say


def understood(wire: Wire, at: Sign, raw: int) -> Value | None:
    """Return what a raw value means for a parameter, or None: it has no word for it."""
    if wire.kind == "switch" and not wire.words:
        return at.is_down(raw)
    if wire.words:
        return next((said for said, wired in wire.words if str(wired) == str(raw)), None)
    low, high = _span(wire)
    return wire.decode(low + raw / at.full * (high - low))


def _span(wire: Wire) -> tuple[float, float]:
    return (wire.curve[0][1], wire.curve[-1][1]) if wire.curve else (wire.low, wire.high)


def occasion(kind: str, address: str, argument: str, device: int, style: int | None) -> bytes:
    """Return a verb's message; raises one of UNSAYABLE.

    A `program` has its channel in `address`; an `msc` verb its command in hexadecimal digits, or
    its command_format and its command.
    """
    if kind != "msc":
        return spoken(Sign.of(kind, address or "0"), int(argument or "127"))
    codes = [int(part, 16) for part in address.split()]
    usual, command = codes if len(codes) == 2 else (ALL_CALL, *codes)
    match _MSC.get(command):
        case "fire" if takes("number", argument):
            data = bytes((int(argument),))
        case "reset":
            data = b""
        case "go" | "stop" | "resume" | "load" as what if takes("text", argument):
            # the cue's number, its list's, and its list's path, with a nought between them
            data = b"\0".join(part.encode() for part in argument.split())
            if what == "load" and not data:
                raise ValueError(argument)
        case _:
            raise ValueError(argument)
    return bytes((_SYSEX, 0x7F, device, 0x02, usual if style is None else style, command)) + (
        data + bytes((_END,))
    )


# ---------------------------------------------------------------- what is heard


def heard(message: bytes) -> tuple[Sign, int] | None:
    """Return which sign a channel message is of, and its raw value; None: nothing of ours."""
    kind, channel = message[0] & 0xF0, message[0] & 0x0F
    match kind:
        case 0x90:
            return Sign("note", channel, message[1]), message[2]
        case 0x80:
            return Sign("note", channel, message[1]), 0
        case 0xB0:
            return Sign("cc", channel, message[1]), message[2]
        case 0xE0:
            return Sign("bend", channel, 0), message[2] << 7 | message[1]
        case 0xC0:
            return Sign("program", channel, 0), message[1]
    return None


@dataclass(frozen=True, slots=True)
class ShowControl:
    """A MIDI show control command; `cue` is "" where none was named."""

    device: int
    command: str
    cue: str


def show_control(message: bytes) -> ShowControl | None:
    """Read a MIDI show control message; None: it is none, or one nobody here knows."""
    if len(message) < 7 or message[:2] != b"\xf0\x7f" or message[3] != 0x02:
        return None
    command = _MSC.get(message[5])
    cue = message[6:-1].partition(b"\0")[0].decode("latin-1")
    if command is None or (cue and not CUE.fullmatch(cue)):
        return None
    return ShowControl(message[2], command, cue)


def identity(message: bytes) -> str | None:
    """Return who answered an identity request, as hexadecimal digits; None: this is no answer."""
    if len(message) < 7 or message[:2] != b"\xf0\x7e" or message[3:5] != b"\x06\x02":
        return None
    return message[5:-1].hex(" ")[:80]
