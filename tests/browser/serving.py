"""`stagectl serve` as people start it, beside a simulated stage; and what its mixer hears."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stagectl.desk.pins import Pins
from stagectl.engine.rights import Role
from stagectl.sim.stage import Stage
from tests.faults.house import ROOT, Evening, House, evening
from tests.web.served import free_port

MANY = 300  # cues
UP = 15.0  # seconds a server may take to come up

SHOW = """\
show: Prøve av skjermen
date: 2026-11-28
start: "11:00"
venue: lillestrom
cues:
  - {{cue: 1, name: Dørene åpner, scene: holding}}
{cues}"""


def back_and_forth(_text: str) -> str:
    """Return a show whose every GO says one thing to the mixer, and no more."""
    levels = ("-10 dB", "-5 dB")
    lines = [
        f"  - {{cue: {n}, name: Cue {n}, set: {{mixer.host.level: {levels[n % 2]}}}}}\n"
        for n in range(2, MANY + 2)
    ]
    return SHOW.format(cues="".join(lines))


@dataclass
class Heard:
    """What came to the simulated mixer's port, and when: seconds since the epoch."""

    stage: Stage
    packets: list[tuple[float, str, tuple[Any, ...]]] = field(default_factory=list)

    def listen(self) -> "Heard":
        """Write down from now on, in the stage's own thread, before the mixer looks at it."""
        mixer = self.stage.mixer()
        take = mixer.take

        def note(message: Any, peer: Any) -> None:
            self.packets.append((time.time(), message.address, tuple(message.arguments)))
            take(message, peer)

        self.stage.ask(lambda: setattr(mixer, "take", note))
        return self

    def levels(self) -> list[tuple[float, str, tuple[Any, ...]]]:
        """Return what put a fader, in order."""
        return [p for p in list(self.packets) if p[1].endswith("/mix/fader") and p[2]]

    def next(self, after: int, seconds: float = 5.0) -> float:
        """Wait until more than `after` levels have come; return when the first of those came."""
        end = time.monotonic() + seconds
        while len(levels := self.levels()) <= after:
            assert time.monotonic() < end, f"nothing came after {after} levels"
            time.sleep(0.001)
        return levels[after][0]


@dataclass
class Serving:
    """A running `stagectl serve`, of one venue's desk."""

    house: House
    url: str
    process: "subprocess.Popen[str]"
    said: list[str]

    def pin(self, role: Role = "operate", **more: Any) -> str:
        """Make a PIN, as `stagectl pin` does; the one before is void."""
        return str(Pins(self.house.place).make(role, **more))

    @property
    def key(self) -> str:
        """The key of this machine's own screen."""
        return (self.house.place.folder / "web.key").read_text("ascii")

    @property
    def children(self) -> list[int]:
        """The app processes that live now."""
        found = subprocess.run(
            ["ps", "-o", "pid=,stat=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        rows = [line.split() for line in found.splitlines()]
        return [int(pid) for pid, stat, *_ in rows if not stat.startswith("Z")]

    def until_children(self, count: int, seconds: float = 10.0) -> None:
        """Wait until so many app processes live."""
        end = time.monotonic() + seconds
        while len(self.children) != count:
            assert time.monotonic() < end, (self.children, count)
            time.sleep(0.05)


@contextmanager
def serve(house: House, *words: str, port: int = 0) -> Iterator[Serving]:
    """Run `stagectl serve` for the house's venue until the block ends."""
    port = port or free_port()
    venue = next((house.folder / "scenes").glob("*.yaml"))
    process = subprocess.Popen(
        [sys.executable, "-m", "stagectl", "serve", str(venue), "--port", str(port),
         "--language", "nb", *words],
        cwd=house.folder, env=house.environ | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said: list[str] = []
    reading = threading.Thread(target=_read, args=(process, said), daemon=True)
    reading.start()
    try:
        end = time.monotonic() + UP
        while not any("Ctrl-C" in line for line in said):
            assert process.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.02)
        yield Serving(house, f"http://127.0.0.1:{port}", process, said)
    finally:
        process.terminate()
        process.wait(10)
        reading.join(5)


def _read(process: "subprocess.Popen[str]", said: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        said.extend(lines)


@contextmanager
def on_stage(folder: Path, *options: str, change: Any = back_and_forth) -> Iterator[Evening]:
    """Run a show on the simulated stage; a GO may follow a GO at once."""
    with evening(folder, "--guard", "0", *options, change=change) as night:
        yield night


class Terminal:
    """A panel in a terminal of 117 columns and 33 lines, and a mouse in it."""

    SIZE = (117, 33)

    def __init__(self, house: House) -> None:
        """Open it; POSIX."""
        import fcntl
        import pty
        import struct
        import termios

        columns, rows = self.SIZE
        self.handle, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stagectl", "run", str(house.show), "--language", "nb"],
            cwd=house.folder, env=house.environ | {"TERM": "xterm-256color"},
            stdin=child, stdout=child, stderr=child, start_new_session=True,
        )  # fmt: skip
        os.close(child)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        try:
            while data := os.read(self.handle, 65536):
                self.seen += data.decode("utf-8", "replace")
        except OSError:
            pass  # closed

    def wait_for(self, pattern: str, seconds: float = 15.0) -> None:
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            assert time.monotonic() < end, self.seen[-3000:]
            time.sleep(0.01)

    def go(self) -> float:
        """Click GO; return when the button was let go, seconds since the epoch."""
        column, row = self.SIZE[0] - 5, self.SIZE[1] - 3
        os.write(self.handle, f"\x1b[<0;{column};{row}M".encode())
        now = time.time()
        os.write(self.handle, f"\x1b[<0;{column};{row}m".encode())
        return now

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        os.close(self.handle)
        self._reading.join(5)


__all__ = ["ROOT", "Heard", "Serving", "Terminal", "back_and_forth", "on_stage", "serve"]
