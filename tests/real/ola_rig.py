"""A real olad on free ports: it hears OSC, and its web server says the bytes of each universe.

olad refuses to be root. It binds OSC to every address and cannot be told otherwise: begin it in a
`network.own_network()`.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.request import ProxyHandler, build_opener

import pytest

from stagectl.core.model import Parameter, Value
from tests.real.process import Process
from tests.real.qlcplus_rig import free_port

START = 20.0  # seconds; it takes a tenth of one
UNIVERSES = (1, 2)
OTHERS = (
    "artnet", "dummy", "e131", "espnet", "ftdidmx", "gpio", "karate", "kinet", "milinst", "opendmx",
    "openpixelcontrol", "pathport", "renard", "sandnet", "shownet", "spi", "stageprofi", "uartdmx",
    "usbdmx", "usbserial",
)  # fmt: skip
_WEB = build_opener(ProxyHandler({}))  # never by way of a proxy


@dataclass
class Olad(Process):
    """One olad; `folder` holds its configuration and its log, and is its own."""

    folder: Path
    osc_port: int = 0
    web_port: int = 0
    rpc_port: int = 0

    @property
    def at(self) -> str:
        """Where it hears OSC: host:port."""
        return f"127.0.0.1:{self.osc_port}"

    # -------------------------------------------------------- its life

    def start(self) -> None:
        """Start it, at the ports it had, and wait until it answers."""
        if not self.osc_port:
            self.osc_port = free_port(socket.SOCK_DGRAM)
            self.web_port, self.rpc_port = free_port(), free_port()
            self._configure()
        words = ["olad", "-c", str(self.folder), "-l", "3", "-i", "lo", "--no-register-with-dns-sd",
                 "-p", str(self.web_port), "-r", str(self.rpc_port)]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self._process = _as_olad(words, self.folder, log)
        deadline = time.monotonic() + START
        while True:
            with suppress(OSError):
                self.dmx()
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = (self.folder / "log").read_text(errors="replace")
                pytest.fail(f"olad has ended ({self._process.poll()}) or does not answer: {said}")
            time.sleep(0.02)

    # -------------------------------------------------------- what it says

    def dmx(self, universe: int = 1) -> list[int]:
        """Return the bytes of a universe, as it says them on the web: none before the first."""
        where = f"http://127.0.0.1:{self.web_port}/get_dmx?u={universe}"
        with _WEB.open(where, timeout=2) as answer:
            said = json.load(answer)
        assert not said["error"], said
        return [int(byte) for byte in said["dmx"]]

    def byte(self, universe: int, slot: int) -> int:
        """Return one byte; a universe nobody has said anything to is dark."""
        levels = self.dmx(universe)
        return levels[slot - 1] if levels else 0

    def value(self, parameter: Parameter) -> Value | None:
        """Return a level in %, for the contract; lights.level.3 is slot 3 of universe 1."""
        if self._process is None:
            return None
        words = parameter.split(".")
        universe = int(words[2]) if "universe" in words else 1
        return self.byte(universe, int(words[-1])) / 255 * 100

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Nobody can: OLA would tell nobody, and the contract is told so (`has_hands`)."""
        raise TypeError(f"{parameter}: {value}")

    # -------------------------------------------------------- its files

    def _configure(self) -> None:
        for name in OTHERS:
            (self.folder / f"ola-{name}.conf").write_text("enabled = false\n")
        osc = ["enabled = true", f"input_ports = {len(UNIVERSES)}", "output_ports = 0"]
        osc.append(f"udp_listen_port = {self.osc_port}")
        osc += [f"port_{n}_address = /dmx/universe/%d" for n in range(len(UNIVERSES))]
        (self.folder / "ola-osc.conf").write_text("\n".join(osc) + "\n")
        # what a person does on OLA's web page: input port n of the OSC device is universe n + 1
        ports = [f"14-1-I-{n} = {universe}" for n, universe in enumerate(UNIVERSES)]
        (self.folder / "ola-port.conf").write_text("\n".join(ports) + "\n")
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "olad")


def _as_olad(words: list[str], folder: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start it as its own user, whom Debian's package makes; without root, as whoever we are."""
    own = {**os.environ, "HOME": str(folder)}
    common: dict[str, Any] = {
        "cwd": folder,
        "env": own,
        "stdin": subprocess.DEVNULL,
        "stdout": log,
        "stderr": log,
    }
    if os.geteuid() == 0:
        common |= {"user": "olad", "group": "nogroup", "extra_groups": []}
    process: subprocess.Popen[bytes] = subprocess.Popen(words, **common)
    return process


@contextmanager
def olad() -> Iterator[Olad]:
    """An olad for as long as it is asked for."""
    assert shutil.which("olad"), "no olad here: tests/rig/install.sh installs it"
    folder = Path(tempfile.mkdtemp(prefix="stagectl-olad-"))  # pytest's own would be root's alone
    one = Olad(folder)
    try:
        one.start()
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder, ignore_errors=True)
