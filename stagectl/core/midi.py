"""Where a MIDI device is, and as whom it is spoken to, in the one line a venue writes.

midi:nanoKONTROL2                   a port of this machine, by a part of its name
midi-jack:nanoKONTROL2              the same among JACK's ports
midi-socket:127.0.0.1:9080          MIDI's bytes on a TCP connection, as mido's sockets speak
midi:Light desk?device=5&format=sound    MIDI show control goes to device 5, as to a sound desk
"""

import re
from dataclasses import dataclass
from typing import Literal

Way = Literal["midi", "midi-jack", "midi-socket"]

ALL_CALL = 0x7F  # the device_ID that everybody obeys
FORMATS = {
    "lighting": 0x01, "moving lights": 0x02, "sound": 0x10, "machinery": 0x20, "video": 0x30,
    "projection": 0x40, "process": 0x50, "pyro": 0x60, "all": 0x7F,
}  # fmt: skip
"""The general command_format of each kind of gear (RP-002, 4.2); "all" is every kind."""


@dataclass(frozen=True, slots=True)
class Address:
    """`name` is a part of a port's name, or host:port. `format` None: as the verb says."""

    way: Way
    name: str
    device: int = ALL_CALL
    format: int | None = None


def address(text: str) -> Address | None:
    """Return what an address says, or None: it is none."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None:
        return None
    way: Way = next(way for way in _WAYS if way == found[1])
    name = _NUMBERED.sub("", found[2]).strip()
    if way == "midi-socket" and not _is_host_and_port(name):
        return None
    device, style = ALL_CALL, None
    for option in found[3].split("&") if found[3] else ():
        key, _, value = option.partition("=")
        match key.strip(), value.strip().casefold():
            case "device", said if (number := device_id(said)) is not None:
                device = number
            case "format", said if said in FORMATS:
                style = FORMATS[said]
            case _:
                return None
    return Address(way, name, device, style) if name else None


def device_id(text: str) -> int | None:
    """Return a device_ID of MIDI show control: 0 to 111, or "all"; None: it is none."""
    if text.casefold() == "all":
        return ALL_CALL
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) and int(text) <= MOST_DEVICES else None


def takes(argument: str, text: str) -> bool:
    """Tell whether a message has room for a verb's argument: a number of seven bits, or a cue's.

    `12.5 2` is cue 12.5 of list 2; a third number is the path of the list.
    """
    if argument == "number":
        return re.fullmatch(r"[0-9]{1,3}", text) is not None and int(text) <= 127
    parts = text.split()
    return len(parts) <= 3 and all(CUE.fullmatch(part) for part in parts)


def is_port_of(wanted: str, name: str) -> bool:
    """Tell whether a port's name is the one meant: a part of it, whatever its case or number."""
    return wanted.casefold() in bare(name).casefold()


def bare(name: str) -> str:
    """Return a port's name without the numbers ALSA adds, which change with every plugging in."""
    return _NUMBERED.sub("", name)


CUE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")  # ASCII digits and full stops (RP-002, 4.3)
MOST_DEVICES = 0x6F  # above it are groups, and the all-call
_WAYS: tuple[Way, ...] = ("midi", "midi-jack", "midi-socket")
_ADDRESS = re.compile(r"(midi|midi-jack|midi-socket):([^?]+)(?:\?(.*))?")
_NUMBERED = re.compile(r"\s[0-9]+:[0-9]+$")
_SOCKET = re.compile(r"(?:\[[0-9A-Fa-f:.%\w]+\]|[^\s:/@\[\]]+):([0-9]{1,5})")


def _is_host_and_port(name: str) -> bool:
    found = _SOCKET.fullmatch(name)
    return found is not None and 0 < int(found[1]) < 65536
