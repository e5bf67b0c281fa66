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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

SERVER = "stagectl-rig"  # must differ from every client's name
DUMP = "midi-monitor"  # the name jack_midi_dump gives its port
PATIENCE = 10.0

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


class Controller:
    """Somebody's controller: one port out, one port in, by rtmidi's own virtual ports."""

    def __init__(self, name: str) -> None:
        import rtmidi

        self.told: list[bytes] = []
        self._keys: Any = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, "controller")
        self._keys.open_virtual_port(f"{name} MIDI 1")
        self._lamps: Any = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, "controller")
        self._lamps.ignore_types(sysex=False)
        self._lamps.set_callback(lambda event, _=None: self.told.append(bytes(event[0])))
        self._lamps.open_virtual_port(f"{name} MIDI 1 in")

    def say(self, *data: int) -> None:
        """Say one message."""
        self._keys.send_message(list(data))

    def pull_out(self) -> None:
        """Be gone, as a USB plug is."""
        for half in (self._keys, self._lamps):
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
