"""The whole program under a fault: a kept desk, the command line, and what it says of itself.

Nothing here reaches into the desk. A show is started as people start it (`stagectl run --headless`
in a project's folder), asked by the command line, and watched by `stagectl status --json --watch`:
what is "told" was read there, and stamped when the line came.
"""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stagectl.client import Line
from stagectl.core.book import Book
from stagectl.core.model import Look, Value
from stagectl.core.track import look_at
from stagectl.desk import journal, shelf
from stagectl.desk.place import STATE, Card, Place
from stagectl.desk.secrets import VARIABLE
from stagectl.engine.event import Event
from stagectl.engine.intent import Intent
from stagectl.engine.wanted import Wanted
from stagectl.files.load import load_show
from stagectl.sim.mixer_parameters import decibels
from stagectl.sim.stage import Stage, run_stage

ROOT = Path(__file__).parents[2]
SHOW = "2026-11-28-hoytlesning-tegnspraktolk.yaml"
PASSWORD = "loopback"

TOLD = 3.0  # seconds: the rows' own number for a device that answers
BACK = 5.0  # seconds: the rows' own number after the fault's end
GUARD = 0.5  # seconds after a GO in which the desk refuses another; nobody here is that quick
PATIENCE = 10.0  # seconds for what no row gives a number for

Status = dict[str, Any]
UNSHOWN = ("values", "people", "next", "restore")  # what is too long to read in a failure


@dataclass(frozen=True)
class Said:
    """What a command said, and with which status it ended."""

    status: int
    out: str
    err: str


class House:
    """A project, a desk kept in it, and everybody who looks at it. Times are time.monotonic()."""

    def __init__(self, folder: Path, *options: str, secret: str = PASSWORD, show: str = SHOW):
        self.folder = folder
        self.show = folder / "cues" / show
        self.options = options
        self.environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith((VARIABLE, "CREDENTIALS"))},
            STATE: str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),  # the secrets of whoever runs the tests
            "PYTHONPATH": str(ROOT),
            f"{VARIABLE}OBS": secret,
        }
        self.started: set[int] = set()
        self._run: subprocess.Popen[bytes] | None = None
        self._watch = Watch(self)
        self._pressed = float("-inf")

    # ------------------------------------------------------------ its life

    def open(self) -> "House":
        """Start the show, and wait until the desk has said how things stand."""
        words = ["run", str(self.show), "--headless", "--language", "en", *self.options]
        with (self.folder / "run.log").open("ab") as log:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "stagectl", *words],
                cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self.started.add(self._run.pid)
        until(lambda: self.card is not None or self._run_is_over(), 15, "the desk to come up")
        assert self.card is not None, self.log
        self._watch.start()
        self.told(lambda _: True)
        return self

    def close(self) -> None:
        """Let the keeper stop the desk, and see that every process of ours is gone."""
        self._watch.close()
        if self._run is not None:
            self._run.terminate()
            try:
                self._run.wait(15)
            except subprocess.TimeoutExpired:
                self._run.kill()
                self._run.wait()
        left = [pid for pid in self.started if is_alive(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert not left, f"still running: {left}"

    def _run_is_over(self) -> bool:
        return self._run is not None and self._run.poll() is not None

    def ended(self, within: float = PATIENCE) -> int:
        """Wait until `run` is over by itself; return its status."""
        assert self._run is not None
        return self._run.wait(within)

    # ------------------------------------------------------------ what people do

    def cli(self, *words: str) -> Said:
        """Run a command in the project's folder."""
        done = subprocess.run(
            [sys.executable, "-m", "stagectl", *words, "--language", "en"],
            cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=30,
            check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    def do(self, *words: str) -> None:
        """Run a command that must be carried out."""
        said = self.cli(*words)
        assert said.status == 0, (words, said)

    def go(self, cue: str) -> None:
        """Fire the standby cue, which must be this one, and wait until that is told."""
        time.sleep(max(0.0, self._pressed + GUARD - time.monotonic()))
        self.do("go", "--expect", cue)
        self.on_stage(cue)

    def refused_go(self, *words: str) -> None:
        """Say a GO that must be refused; that arms the guard for the command line anew."""
        said = self.cli("go", *words)
        self._pressed = time.monotonic()
        assert said.status == 1, said

    def line(self, by: str = "test") -> Line:
        """Return a face of its own on the panel port."""
        card = self.card
        assert card is not None
        return Line(card.address, self.place.token("operate"), by=by)

    def ask(self, intent: Intent) -> bool:
        """Say one intent as a panel does, without the time a command line takes to start."""
        with self.line() as line:
            return line.ask(intent).ok

    # ------------------------------------------------------------ what is told

    @property
    def status(self) -> Status:
        """The newest `status --json`."""
        return self._watch.newest

    def told(
        self,
        so: Callable[[Status], object],
        within: float = PATIENCE,
        since: float | None = None,
        what: str = "",
    ) -> float:
        """Wait until status says so; return the seconds from `since` (now) to that line.

        It may be so already: a status that has not changed is not said again.
        """
        since = time.monotonic() if since is None else since
        return self._watch.until(so, since, within, what)

    def on_stage(self, cue: str) -> float:
        """Wait until the cue has gone, whoever fired it: the guard is armed by all."""
        took = self.told(lambda s: s["onstage"] == cue, what=f"cue {cue} on stage")
        self._pressed = time.monotonic()
        return took

    def linked(self, within: float = PATIENCE, since: float | None = None) -> float:
        """Wait until every device answers."""
        return self.told(
            lambda s: all(row["state"] == "linked" for row in s["devices"].values()),
            within, since, "every device linked",
        )  # fmt: skip

    def confirmed(self, within: float = PATIENCE, but: tuple[str, ...] = ()) -> float:
        """Wait until whatever can be read has been read back, and nothing moves."""
        return self.told(lambda s: not unsettled(s, but), within, what="everything confirmed")

    @property
    def place(self) -> Place:
        """The desk's own folder."""
        found = [path.parent for path in (self.folder / "state").glob("*/desk.json")]
        assert len(found) == 1, found
        return Place(found[0])

    @property
    def card(self) -> Card | None:
        """What the desk says of itself; None: there is none yet."""
        with suppress(AssertionError):
            card = self.place.card()
            if card is not None:
                self.started.update((card.pid, card.keeper))
            return card
        return None

    @property
    def pid(self) -> int:
        """The desk's."""
        card = self.card
        assert card is not None
        return card.pid

    @property
    def log(self) -> str:
        """All that was said for nobody."""
        logs = [self.folder / "run.log", *(self.folder / "state").glob("*/log")]
        return "\n".join(path.read_text(errors="replace") for path in logs if path.exists())

    def happened(self) -> tuple[Event, ...]:
        """Return the as-run journal: the desk's own file."""
        path = shelf.newest(self.place.journal)
        assert path is not None
        return journal.read(path, now=0.0, wall=0.0, boot=journal.boot_id()).events

    def of(self, kind: type[Event], **fields: object) -> list[Any]:
        """Return the events of one kind whose fields are these."""
        return [
            event for event in self.happened()
            if isinstance(event, kind)
            and all(getattr(event, name) == value for name, value in fields.items())
        ]  # fmt: skip


class Watch:
    """`stagectl status --json --watch`, and when each line came. Begun again whenever it ends."""

    def __init__(self, house: House) -> None:
        self.newest: Status = {}
        self._house = house
        self._lines: queue.Queue[tuple[float, Status]] = queue.Queue()
        self._kept: list[tuple[float, Status]] = []
        self._process: subprocess.Popen[str] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._read, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        if self._process is not None:
            self._process.terminate()
        if self._thread.is_alive():
            self._thread.join(10)

    def until(
        self, so: Callable[[Status], object], since: float, within: float, what: str
    ) -> float:
        """Return the seconds from `since` to when it was so; see House.told."""
        for came, status in self._since(since):
            if so(status):
                assert came - since <= within, f"only after {came - since:.1f} s: {what or so}"
                return max(0.0, came - since)
        while (left := since + within - time.monotonic()) > 0:
            with suppress(queue.Empty):
                self._kept.append(self._lines.get(timeout=left))
                came, status = self._kept[-1]
                if so(status):
                    return came - since
        shown = {k: v for k, v in self.newest.items() if k not in UNSHOWN}
        values = {p: row for p, row in self.newest["values"].items() if row[1] != "confirmed"}
        raise AssertionError(f"not within {within} s: {what or so}\n{shown}\n{values}")

    def _since(self, since: float) -> list[tuple[float, Status]]:
        """Return the line that stood at `since`, and those that came later."""
        with suppress(queue.Empty):
            while True:
                self._kept.append(self._lines.get(block=False))
        before = [row for row in self._kept if row[0] < since][-1:]
        return before + [row for row in self._kept if row[0] >= since]

    def _read(self) -> None:
        words = [sys.executable, "-m", "stagectl", "status", "--json", "--watch"]
        while not self._closing:
            self._process = subprocess.Popen(
                words, cwd=self._house.folder, env=self._house.environ, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            assert self._process.stdout is not None
            with self._process.stdout as lines:
                for line in lines:
                    self.newest = json.loads(line)
                    self._lines.put((time.monotonic(), self.newest))
            self._process.terminate()
            self._process.wait()


# ---------------------------------------------------------------- the parts of a status


def alarms(status: Status, code: str, about: str = "") -> list[Status]:
    """Return the alarms of one code, about one thing if named."""
    return [a for a in status["alarms"] if a["code"] == code and about in ("", a["about"])]


def state(status: Status, device: str) -> str:
    """Return how a device stands: connecting, linked, lost."""
    return str(status["devices"][device]["state"])


def unsettled(status: Status, but: tuple[str, ...] = ()) -> list[str]:
    """Return what is under way yet, or was sent and could be read back and is not."""
    readable = {name for name, row in status["devices"].items() if row["readable"]}
    rows = {p: row for p, row in status["values"].items() if p.partition(".")[0] not in but}
    return [
        p for p, (_, standing) in rows.items()
        if standing == "moving" or (p.partition(".")[0] in readable and standing != "confirmed")
    ]  # fmt: skip


def number(plain: object) -> Value:
    """Return a value as it was before it became JSON: −inf is a text there."""
    return float("-inf") if plain == "-inf" else plain  # type: ignore[return-value]  # from JSON


# ---------------------------------------------------------------- what should be so


def wanted(book: Book, cue: str, skipped: frozenset[str] = frozenset()) -> Look:
    """Return the look of a cue by `core.track` alone, the names of this run filled in."""
    show = book.show
    index = next(n for n, one in enumerate(show.cues) if one.number == cue)
    spelled = Wanted(book).spelled
    return {p: spelled(p, v) for p, v in look_at(show, index, skipped).items()}


def amiss(book: Book, look: Look, found: Mapping[str, Value | None]) -> dict[str, Any]:
    """Return what is not as the look has it: parameter → (wanted, found)."""
    return {
        p: (value, found.get(p)) for p, value in look.items()
        if (there := found.get(p)) is None or not book.wires[p].same(there, value)
    }  # fmt: skip


def on_the_mixer(book: Book, stage: Stage) -> dict[str, Value | None]:
    """Return every parameter of the simulated X32 as its own memory has it."""
    values = stage.ask(lambda: dict(stage.mixer().values))
    found: dict[str, Value | None] = {}
    for p, wire in book.wires.items():
        if p.startswith("mixer.") and (there := values.get(wire.address)) is not None:
            found[p] = decibels(float(there)) if wire.unit == "dB" else wire.decode(there)
    return found


def on_the_lights(book: Book, stage: Stage) -> dict[str, Value | None]:
    """Return the level of every light, in %, as its DMX line has it."""
    levels = stage.ask(lambda: dict(stage.lights().levels))
    return {
        p: levels.get(wire.address, 0) / 255 * 100
        for p, wire in book.wires.items() if p.startswith("lights.")
    }  # fmt: skip


def in_status(status: Status) -> dict[str, Value | None]:
    """Return what the desk says of every parameter it has heard or told."""
    return {p: None if v is None else number(v) for p, (v, _) in status["values"].items()}


# ---------------------------------------------------------------- making a project


def squeezed(text: str, fade: float, follow: float = 1.0) -> str:
    """Return a show's text with short fades and follows, and no cue that goes by the clock."""
    text = re.sub(r"(?m)^(\s+fade:).*$", rf"\1 {fade} s", text)
    text = re.sub(r"(?m)^(\s+wait:).*$", r"\1 0.1 s", text)
    text = re.sub(r"(?m)^(\s+follow:).*$", rf"\1 {follow} s", text)
    return re.sub(r"(?m)^\s+at: .*\n", "", text)


def make_project(
    folder: Path, change: Callable[[str], str], venue: Callable[[str], str] = lambda text: text
) -> Path:
    """Copy the example show and its venue into a project of its own; return the show's path."""
    for part in ("cues", "scenes", "config"):
        (folder / part).mkdir(parents=True)
    show = folder / "cues" / SHOW
    show.write_text(change((ROOT / "cues" / SHOW).read_text("utf-8")), "utf-8")
    room = (ROOT / "scenes" / "lillestrom.yaml").read_text("utf-8")
    (folder / "scenes" / "lillestrom.yaml").write_text(venue(room), "utf-8")
    return show


@dataclass
class Evening:
    """A house, the stage it plays on, and the book of the show."""

    house: House
    stage: Stage
    book: Book


@contextmanager
def evening(
    folder: Path,
    *options: str,
    change: Callable[[str], str] = lambda text: squeezed(text, 0.3),
    at: Callable[[Stage], Mapping[str, str]] = lambda _: {},
    secret: str = PASSWORD,
    venue: Callable[[str], str] = lambda text: text,
) -> Iterator[Evening]:
    """Play the example show on the simulated stage; `at` puts something between desk and device."""
    show = make_project(folder, change, venue)
    with run_stage(load_show(show, cached=False), obs_password=PASSWORD) as stage:
        addresses = {**stage.addresses, **at(stage)}
        moved = [w for name, where in addresses.items() for w in ("--at", f"{name}={where}")]
        house = House(folder, *moved, *options, secret=secret)
        try:
            house.open()
            house.told(
                lambda s: all(row["state"] != "connecting" for row in s["devices"].values()),
                what="every device heard of",
            )
            if not house.status["alarms"]:
                house.linked()
            yield Evening(house, stage, load_show(show, at=addresses, cached=False))
        finally:
            house.close()


# ---------------------------------------------------------------- small things


def until(so: Callable[[], object], within: float, what: str) -> float:
    """Wait until it is so; return the seconds that took."""
    start = time.monotonic()
    while not so():
        assert time.monotonic() - start < within, f"not within {within} s: {what}"
        time.sleep(0.01)
    return time.monotonic() - start


def is_alive(pid: int) -> bool:
    """Tell whether a process lives; one that nobody has buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children() -> set[int]:
    """Return the living children of this process."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state not in "ZX":
                found.add(int(path.parent.name))
    return found
