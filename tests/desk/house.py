"""A tiny house for whole processes: one UDP socket as the only device, and a desk that is kept."""

import os
import select
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from pythonosc.osc_message import OscMessage

from stagectl.client import Line, NoAnswerError
from stagectl.core.book import Book
from stagectl.core.model import Cue, Device, Scene, Show, Value, Venue
from stagectl.core.pattern import Pattern
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.desk import handover
from stagectl.desk.handover import Handover, Options
from stagectl.desk.place import STATE, Place

ROOT = Path(__file__).parents[2]
RUN = "20261128T180000Z-001.jsonl"
LEVEL = Wire("number", "/{}", "f", "%", 0.0, 100.0, ((0.0, 0.0), (100.0, 1.0)), rest=0.0)
LAMPS = Profile("lamps", "osc", parameters=(Pattern("{name}.level", LEVEL, main=True),))


class Lamps:
    """What arrives at the device: (seconds, address, value), as it came."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.heard: list[tuple[float, str, Value]] = []

    def listen(self, seconds: float = 0.0) -> list[tuple[float, str, Value]]:
        """Take in what comes for so long; return all there ever was."""
        end = time.monotonic() + seconds
        while select.select([self.socket], [], [], max(0.0, end - time.monotonic()))[0]:
            message = OscMessage(self.socket.recv(4096))
            said = message.params[0] if message.params else ""
            self.heard.append((time.monotonic(), message.address, said))
        return self.heard

    def wait_for(self, address: str, value: float, seconds: float = 5.0) -> None:
        """Wait until the newest word on an address is this."""
        end = time.monotonic() + seconds
        while (newest := self.newest(address)) is None or abs(newest - value) > 0.001:
            assert time.monotonic() < end, f"{address} is at {newest}, not at {value}"
            self.listen(0.02)

    def newest(self, address: str) -> float | None:
        """Return the newest value of an address."""
        said = [v for _, a, v in self.listen() if a == address]
        return float(said[-1]) if said else None

    def close(self) -> None:
        self.socket.close()


def book(folder: Path, port: int, run: tuple[str, ...] = (), secret: str = "") -> Book:
    """Return a show of four cues on two lamps; cue 2 fades for two seconds."""
    for part in ("cues", "scenes"):
        (folder / part).mkdir(exist_ok=True)
    wires = {
        f"lamps.{name}.level": Wire(
            "number", f"/{name}", "f", "%", 0.0, 100.0, LEVEL.curve, rest=0.0
        )
        for name in ("stage", "house")
    }
    base: dict[str, Value] = {"lamps.stage.level": 0.0, "lamps.house.level": 80.0}
    cues = (
        Cue("1", "Dørene åpner", sets={"lamps.house.level": 60.0}),
        Cue("2", "Velkommen", sets={"lamps.stage.level": 90.0}, fade=2.0),
        Cue("3", "Lesning", sets={"lamps.house.level": 20.0}),
        Cue("4", "Slutt", block=True),
    )
    device = Device("lamps", "lamps", f"127.0.0.1:{port}", secret=secret, run=run)
    dark = Scene("dark", "Mørkt", {"lamps.stage.level": 0.0})
    return Book(
        Show("Høytlesning", cues, base),
        Venue("Liten sal", {"lamps": device}, base, {"dark": dark}, safe="dark", cover="dark"),
        {"lamps": LAMPS},
        wires,
        show_path=str(folder / "cues" / "reading.yaml"),
        venue_path=str(folder / "scenes" / "hall.yaml"),
        digest="1",
    )


class Kept:
    """A keeper in the background, as `stagectl run` starts it."""

    def __init__(self, place: Place, book: Book, secrets: str = "{}", **options):
        self.place = place
        place.make()
        place.renew_tokens()
        place.clear()
        handover.leave(place, Handover(book, Options(RUN, guard=0.0, **options), {}))
        self.keeper = subprocess.Popen(
            [sys.executable, "-m", "stagectl.desk", "keep", str(place.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, STATE: str(place.folder.parent)},
            text=True,
        )
        assert self.keeper.stdin is not None
        self.keeper.stdin.write(secrets + "\n")
        self.keeper.stdin.flush()

    def line(self, seconds: float = 10.0, other_than: int = 0) -> Line:
        """Return a line to the desk as soon as there is one (with another pid, if so asked)."""
        end = time.monotonic() + seconds
        while True:
            card = self.place.card()
            if card is not None and card.pid != other_than:
                with suppress(NoAnswerError):
                    return Line(card.address, self.place.token("operate"))
            assert self.keeper.poll() is None, self.told()
            assert time.monotonic() < end, "no desk came up: " + self.log()
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        card = self.place.card()
        assert card is not None
        return card.pid

    def log(self) -> str:
        return self.place.log.read_text() if self.place.log.exists() else ""

    def told(self) -> str:
        """End, and return all that the keeper said."""
        self.keeper.terminate()
        told, _ = self.keeper.communicate(timeout=15)
        return told + self.log()
