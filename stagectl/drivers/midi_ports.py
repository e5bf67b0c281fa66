"""The ways MIDI's bytes come and go; whatever is wrong with one is a LinkError with a code.

A port of the system never says that it is gone: `look` asks whether its name is still there.
"""

import contextlib
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from stagectl.core.midi import Address, bare, is_port_of
from stagectl.drivers.driver import LinkError

US = "stagectl"  # how we are called among the system's ports; our own are no device
CONNECT = 2.0  # seconds for a socket to be answered …
PATIENCE = 1.0  # … and to take what is said
AT_ONCE = 4096  # bytes read in one go, so that a flood never holds the interpreter
MOST_WAITING = 8192  # messages a port keeps for us; in a flood the oldest are lost
SETTLED = 0.25  # seconds, fifty turns of the interpreter: what has begun to be heard is heard
SEQUENCER = Path("/dev/snd/seq")  # ALSA's; without it there are no ports, and asking is noisy


class Port(Protocol):
    """One device's way in and out. Calls come from one thread; any may raise LinkError."""

    name: str

    def fileno(self) -> int:
        """Return what to wait on for `read`."""

    def read(self) -> bytes:
        """Return what has come, b"" if nothing has."""

    def write(self, messages: Iterable[bytes]) -> None:
        """Say these, in their order."""

    def look(self) -> None:
        """See whether the device is still there."""

    def close(self) -> None:
        """Let go; never raises."""


def opened(at: Address) -> Port:
    """Open the port meant. Raises LinkError: "refused", "unreachable", "no_port", "no_rtmidi"."""
    return _Socket(at.name) if at.way == "midi-socket" else _System(at)


def names(way: str) -> tuple[str, ...]:
    """Return the names of the ports the system has now, in or out: "nanoKONTROL2:1 MIDI 1".

    Raises LinkError: "no_rtmidi", "no_port" (no MIDI here at all), "refused".
    """
    rtmidi = _library(way)
    try:
        api = _api(rtmidi, way)
        halves = [half(api, US) for half in (rtmidi.MidiIn, rtmidi.MidiOut)]
        found = dict.fromkeys(bare(name) for half in halves for name in half.get_ports())
        for half in halves:
            half.delete()
    except rtmidi.RtMidiError:
        raise LinkError("refused") from None
    return tuple(name for name in found if not _is_ours(name))


class _Socket:
    """MIDI's bytes as they are, on a TCP connection: what mido's socket ports speak."""

    def __init__(self, name: str) -> None:
        self.name = name
        host, _, port = name.rpartition(":")
        try:
            self._socket = socket.create_connection((host.strip("[]"), int(port)), CONNECT)
        except ConnectionRefusedError:
            raise LinkError("refused") from None
        except OSError:
            raise LinkError("unreachable") from None
        self._socket.settimeout(PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self) -> bytes:
        self._socket.setblocking(False)
        try:
            data = self._socket.recv(AT_ONCE)
        except BlockingIOError:
            return b""
        except OSError:
            raise LinkError("closed") from None
        finally:
            self._socket.settimeout(PATIENCE)
        if not data:
            raise LinkError("closed")
        return data

    def write(self, messages: Iterable[bytes]) -> None:
        try:
            self._socket.sendall(b"".join(messages))
        except TimeoutError:
            raise LinkError("silent") from None
        except OSError:
            raise LinkError("closed") from None

    def look(self) -> None:
        """Do nothing: a connection says itself that it is gone."""

    def close(self) -> None:
        self._socket.close()


class _System:
    """The ports of one name that the system has: in, out, or both."""

    def __init__(self, at: Address) -> None:
        self._rtmidi = rtmidi = _library(at.way)
        self._wanted = at.name
        self._came: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)
        self._in: Any = None
        self._out: Any = None
        try:
            api = _api(rtmidi, at.way)
            self._in = rtmidi.MidiIn(api, US)
            self._out = rtmidi.MidiOut(api, US)
            self._in.ignore_types(sysex=False, timing=True, active_sense=True)
            self._in.set_callback(self._hear)
            self._source = self._open(self._in)
            self._sink = self._open(self._out)
        except (rtmidi.RtMidiError, OSError):  # held by another program, or no such system here
            self.close()
            raise LinkError("refused") from None
        self.name = self._source or self._sink
        if not self.name:
            self.close()
            raise LinkError("no_port")

    def fileno(self) -> int:
        return self._inside.fileno()

    def read(self) -> bytes:
        with contextlib.suppress(BlockingIOError):
            self._inside.recv(4096)
        came = bytearray()
        while self._came and len(came) < AT_ONCE:
            came += self._came.popleft()
        if self._came:
            self._ring()
        return bytes(came)

    def write(self, messages: Iterable[bytes]) -> None:
        if not self._sink:
            return  # a keyboard without lamps: there is nobody to tell
        try:
            for message in messages:
                self._out.send_message(message)
        except (self._rtmidi.RtMidiError, ValueError):
            raise LinkError("closed") from None

    def look(self) -> None:
        try:
            there = set(self._in.get_ports()), set(self._out.get_ports())
        except self._rtmidi.RtMidiError:
            raise LinkError("closed") from None
        if (self._source and self._source not in there[0]) or (
            self._sink and self._sink not in there[1]
        ):
            raise LinkError("closed")
        if not (self._source and self._sink):  # the other half may have come a moment later
            for half, names in ((self._source, there[0]), (self._sink, there[1])):
                if not half and _best(self._wanted, names):
                    raise LinkError("closed")

    def close(self) -> None:
        if self._in is not None:
            with contextlib.suppress(self._rtmidi.RtMidiError):
                self._in.cancel_callback()
            # closing waits for rtmidi's thread and holds the interpreter: a word of it that is on
            # its way must have been heard first, or neither ever goes on
            time.sleep(SETTLED)
        for half in (self._in, self._out):
            if half is not None:
                with contextlib.suppress(self._rtmidi.RtMidiError):
                    half.close_port()
                    half.delete()  # else the system goes on listing us
        self._in = self._out = None
        self._inside.close()
        self._outside.close()

    def _open(self, half: Any) -> str:  # noqa: ANN401 -- rtmidi has no types
        names = half.get_ports()
        name = _best(self._wanted, names)
        if name:
            half.open_port(names.index(name), "in" if half is self._in else "out")
        return name

    def _hear(self, event: tuple[list[int], float], data: object = None) -> None:
        """Keep what came, on rtmidi's own thread, and wake whoever waits."""
        del data
        self._came.append(bytes(event[0]))
        self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: then it is rung already; closed: nobody waits
            self._outside.send(b"\0")


def _best(wanted: str, there: Iterable[str]) -> str:
    """Return the port meant, "" if there is none: the shortest that has the name in it."""
    found = [name for name in there if is_port_of(wanted, name) and not _is_ours(name)]
    return min(found, key=len, default="")


def _is_ours(name: str) -> bool:
    return name.startswith((f"{US}:", f"{US}-"))


def _api(rtmidi: Any, way: str) -> int:  # noqa: ANN401 -- rtmidi has no types
    """Return which of the system's ways is meant; left to itself, rtmidi tries JACK after ALSA."""
    api = rtmidi.API_UNSPECIFIED
    if way == "midi-jack":
        api = rtmidi.API_UNIX_JACK
    elif sys.platform == "linux":
        api = rtmidi.API_LINUX_ALSA
    return int(api)


def _library(way: str) -> Any:  # noqa: ANN401 -- rtmidi has no types
    """Return rtmidi; raises LinkError where it is not installed, or the system has no MIDI."""
    try:
        import rtmidi
    except ImportError:
        raise LinkError("no_rtmidi", slow=True) from None
    if way == "midi" and sys.platform == "linux" and not SEQUENCER.exists():
        raise LinkError("no_port")
    return rtmidi
