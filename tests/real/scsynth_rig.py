"""A real scsynth on a free port of loopback, and the JACK server without a card that it wants."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stagectl.sim import osc
from tests.real.process import Process
from tests.real.qlcplus_rig import free_port

START = 20.0  # seconds; both together take one
JACK = "stagectl-sc"  # its server's name


@dataclass
class Scsynth(Process):
    """One scsynth; `folder` holds the logs. `ask` is a client that knows nothing of stagectl's."""

    folder: Path
    port: int = 0
    _jack: Process = field(default_factory=Process, repr=False)

    @property
    def at(self) -> str:
        """Where it hears OSC: host:port."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, at the port it had, and wait until it answers."""
        self.port = self.port or free_port(socket.SOCK_DGRAM)
        if not self._jack.is_alive():
            card = ["-d", "dummy", "-r", "48000", "-p", "256"]
            words = ["jackd", "-n", JACK, "--no-realtime", "-m", *card]
            self._jack = Process(_process=self._run(*words))
        deadline = time.monotonic() + START
        while True:
            # it ends at once where JACK does not serve yet
            if not self.is_alive():
                self._process = self._run(
                    "scsynth", "-u", str(self.port), "-B", "127.0.0.1", "-i", "0", "-o", "0",
                    "-a", "64", "-D", "0", "-R", "0",
                )  # fmt: skip
            if self.ask("/status") is not None:
                return
            if time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")
                pytest.fail(f"scsynth does not answer: {log}")
            time.sleep(0.02)

    def end(self) -> None:
        """Let both go; scsynth, asked, says goodbye to JACK, which else waits for it."""
        if self.is_alive():
            self.ask("/quit")
            deadline = time.monotonic() + 5
            while self.is_alive() and time.monotonic() < deadline:
                time.sleep(0.02)
        self.stop()
        self._jack.stop()

    def ask(self, address: str, types: str = "", *arguments: osc.Argument) -> osc.Message | None:
        """Return the answer to a message; None: there was none."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.connect(("127.0.0.1", self.port))
            link.settimeout(0.1)
            try:
                link.send(osc.encode(address, types, *arguments))
                return osc.decode(link.recv(4096))
            except OSError:
                return None

    def bus(self, number: int) -> float:
        """Return what a control bus is at."""
        answer = self.ask("/c_get", "i", number)
        assert answer is not None
        assert (answer.address, answer.types, answer.arguments[0]) == ("/c_set", "if", number)
        value = answer.arguments[1]
        assert isinstance(value, float)
        return value

    def nodes(self) -> tuple[osc.Argument, ...]:
        """Return the ids of all nodes, and how many each has under it, from the root on."""
        answer = self.ask("/g_queryTree", "ii", 0, 0)
        return () if answer is None else answer.arguments[1:]

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        own = {"JACK_DEFAULT_SERVER": JACK, "JACK_NO_START_SERVER": "1"}
        own["JACK_NO_AUDIO_RESERVATION"] = "1"
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                words, cwd=self.folder, env={**os.environ, **own}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip


@contextmanager
def scsynth(folder: Path) -> Iterator[Scsynth]:
    """An scsynth for as long as it is asked for."""
    for program in ("scsynth", "jackd"):
        assert shutil.which(program), f"no {program} here: tests/rig/install.sh installs it"
    one = Scsynth(folder)
    try:
        one.start()
        yield one
    finally:
        one.end()
