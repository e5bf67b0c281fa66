"""A JACK server without a sound card: the MIDI ports of a machine that has none.

with a_jack() as jack:
    jack.heard          every message that reached jack_midi_dump, as it printed it
    jack.controller()   a MIDI device that appears among the ports, and can be pulled out
"""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from stagectl.core.control import Sign
from stagectl.core.model import Parameter, Value
from stagectl.core.wire import Wire

# must differ from every client's name, and from that of another run: they would share semaphores
SERVER = f"stagectl-rig-{os.getpid()}"
DUMP = "midi-monitor"  # the name jack_midi_dump gives its port
PATIENCE = 10.0
ASKED = b"\xf0\x7e\x7f\x06\x01\xf7"  # the universal identity request
KORG = b"\xf0\x7e\x00\x06\x02\x42\x13\x01\x00\x00\x00\x00\x01\x00\xf7"  # a nanoKONTROL2's answer

os.environ["JACK_NO_START_SERVER"] = "1"


class Jack:
    """A running server. `heard` grows while a test looks."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[str] = []
        self._log = (folder / "jackd.log").open("wb")
        words = ["jackd", "-n", SERVER, "--no-realtime", "-m", "-d", "dummy", "-r", "48000"]
        self._server = subprocess.Popen(words, stdout=self._log, stderr=subprocess.STDOUT)
        self._dump: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None

    def open(self) -> None:
        """Wait until it serves, and let jack_midi_dump listen."""
        until(self._serves, "JACK to serve")
        self._dump = subprocess.Popen(
            ["stdbuf", "-oL", "jack_midi_dump", "-a"], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, args=(self._dump,), daemon=True)
        self._listener.start()
        until(lambda: DUMP in self.ports(), "jack_midi_dump to listen")

    def ports(self) -> str:
        """Return the names of all ports."""
        done = subprocess.run(["jack_lsp"], capture_output=True, text=True, timeout=10, check=False)
        return done.stdout

    def bytes_heard(self) -> list[str]:
        """Return the messages, hexadecimal, without what jack_midi_dump makes of them."""
        return [_bytes_of(line) for line in list(self.heard)]

    def close(self) -> None:
        for process in (self._dump, self._server):
            if process is not None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if self._listener is not None:
            self._listener.join(10)
        self._log.close()

    def _serves(self) -> bool:
        assert self._server.poll() is None, "jackd did not start"
        return "system:" in self.ports()

    def _listen(self, dump: "subprocess.Popen[str]") -> None:
        assert dump.stdout is not None
        with dump.stdout as lines:
            for line in lines:
                if ":" in line:
                    self.heard.append(line.strip())


class Plug:
    """A controller as a peer of the contract: `stop` pulls it out, `start` puts it in."""

    def __init__(self, jack: "Jack", name: str, wires: Mapping[Parameter, Wire]) -> None:
        self._jack = jack
        self._name = name
        self._wires = wires
        self._in: Controller | None = None
        self.start()

    def start(self) -> None:
        self._in = Controller(self._name)
        until(lambda: self._name in self._jack.ports(), "the controller's ports")

    def stop(self) -> None:
        if self._in is not None:
            self._in.pull_out()
            self._in = None
            until(lambda: self._name not in self._jack.ports(), "the ports to go")

    def freeze(self) -> None:
        raise TypeError("a port cannot hang; what is behind it does not answer anyway")

    thaw = freeze

    def value(self, parameter: Parameter) -> Value | None:
        if self._in is None:
            return None
        wire = self._wires[parameter]
        raw = self._in.value(Sign.of(wire.type, wire.address))
        return raw > 0 if wire.kind == "switch" else float(raw)

    def touch(self, parameter: Parameter, value: Value) -> None:
        raise TypeError(f"nothing of this device can be read: {parameter}")


class Controller:
    """Somebody's controller: one port out, one port in, by rtmidi's own virtual ports."""

    def __init__(self, name: str, identity: bytes = b"") -> None:
        """`identity`: what it answers when it is asked who it is."""
        import rtmidi

        self.told: list[bytes] = []
        self._keys: Any = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, "controller")
        self._keys.open_virtual_port(f"{name} MIDI 1")
        self._lamps: Any = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, "controller")
        self._lamps.ignore_types(sysex=False)
        self._identity = identity
        self._lamps.set_callback(self._hear)
        self._lamps.open_virtual_port(f"{name} MIDI 1 in")

    def _hear(self, event: tuple[list[int], float], data: object = None) -> None:
        del data
        if bytes(event[0]) == ASKED and self._identity:
            self._keys.send_message(self._identity)
        else:
            self.told.append(bytes(event[0]))

    def say(self, *data: int) -> None:
        """Say one message."""
        self._keys.send_message(list(data))

    def value(self, at: Sign) -> int:
        """Return the raw value it was last told of something; 0: nothing yet."""
        raw = 0
        for message in list(self.told):
            match message[0] & 0xF0, Sign(at.kind, message[0] & 0x0F, message[1]):
                case 0x90, sign if at.kind == "note" and sign == at:
                    raw = message[2]
                case 0xB0, sign if at.kind == "cc" and sign == at:
                    raw = message[2]
        return raw

    def pull_out(self) -> None:
        """Be gone, as a USB plug is."""
        self._identity = b""  # nobody answers through a port that is being closed
        self._lamps.cancel_callback()
        time.sleep(0.25)  # as the driver does: rtmidi's thread may want the interpreter
        for half in (self._lamps, self._keys):  # first the one whose thread speaks by the other
            half.close_port()
            half.delete()


def until(seen: Callable[[], object], what: str) -> None:
    """Wait for something."""
    deadline = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@contextmanager
def a_jack() -> Iterator[Jack]:
    """A server for as long as it is asked for; it is nobody else's."""
    if not (shutil.which("jackd") and shutil.which("jack_midi_dump")):
        pytest.skip("JACK is not installed here: tests/rig/install.sh")
    pytest.importorskip("rtmidi", reason="python-rtmidi has no wheel here")
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = SERVER
    folder = Path(tempfile.mkdtemp(prefix="stagectl-jack-"))
    jack = Jack(folder)
    try:
        jack.open()
        yield jack
    finally:
        jack.close()
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(KeyError):
            del os.environ["JACK_DEFAULT_SERVER"]
        if before is not None:
            os.environ["JACK_DEFAULT_SERVER"] = before


def _bytes_of(line: str) -> str:
    """`37376: 90 3c 64 note on  (channel  0): pitch …` → `90 3c 64`."""
    words = []
    for word in line.partition(":")[2].split():
        if len(word) != 2 or not all(sign in "0123456789abcdef" for sign in word):
            break
        words.append(word)
    return " ".join(words)
