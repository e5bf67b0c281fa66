"""A driver that does what it is told to, and a clock that stands still."""

import math
import socket
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence

from stagectl.core.book import Book
from stagectl.core.diff import Command, Order
from stagectl.core.model import Cue, Device, Do, Scene, Show, Value, Venue
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.engine.report import Linked, Report

WIRES = {
    "lamp.a": Wire("number", low=0, high=100),
    "lamp.b": Wire("number", low=0, high=100),
    "film.a": Wire("number", low=0, high=100),
}
BASE: dict[str, Value] = dict.fromkeys(WIRES, 0.0)
CUES = (
    Cue("1", sets={"lamp.a": 1.0}),
    Cue("2", sets={"lamp.a": 2.0, "film.a": 2.0}, dos=(Do("film", "play", "x"),)),
    Cue("3", sets={"lamp.a": 50.0}, fade=2.0),
    Cue("4", sets={"lamp.b": 4.0}, follow=1.0),
    Cue("5", sets={"lamp.b": 5.0}),
    Cue("6", sets={"film.a": 6.0}, dos=(Do("film", "play", "y"),)),
)
PROFILE = Profile("fake", "fake", verbs={"play": Verb("play", "text")})


def book(cues: Sequence[Cue] = CUES) -> Book:
    """Return a book with two devices, `lamp` and `film`."""
    devices = {name: Device(name, "fake") for name in ("lamp", "film")}
    venue = Venue("v", devices, BASE, {"dark": Scene("dark", "Dark", {"lamp.a": 0.0})}, safe="dark")
    return Book(Show("s", tuple(cues), BASE), venue, dict.fromkeys(devices, PROFILE), WIRES)


class Clock:
    """Monotonic seconds, moved by the test. `jumps` are taken one at a call, before answering."""

    def __init__(self, now: float = 100.0) -> None:
        self.now = now
        self.jumps: deque[float] = deque()

    def __call__(self) -> float:
        if self.jumps:
            self.now += self.jumps.popleft()
        return self.now


class FakeDriver:
    """Remembers what it was told. `on_…` are called in place of doing nothing."""

    def __init__(self, name: str, *, datagram: bool = True) -> None:
        self.name = name
        self.datagram = datagram
        self.due = math.inf
        self.told: list[Order] = []
        self.opened = self.closed = 0
        self.prepared: list[Order] = []
        self.reports: deque[Report] = deque()
        self.on_open: Callable[[], None] = lambda: None
        self.on_send: Callable[[Sequence[Order]], None] = lambda _: None
        self.on_receive: Callable[[], None] = lambda: None
        self.on_tick: Callable[[], None] = lambda: None
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        weakref.finalize(self, _shut, self._inside, self._outside)

    def open(self, now: float) -> Sequence[Report]:
        self.opened += 1
        self.on_open()
        return [Linked(self.name)]

    def fileno(self) -> int:
        return self._inside.fileno()

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        self.on_send(orders)
        self.told += orders
        return ()

    def receive(self, now: float) -> Sequence[Report]:
        self.on_receive()
        self._inside.recv(64)
        reports = list(self.reports)
        self.reports.clear()
        return reports

    def tick(self, now: float) -> Sequence[Report]:
        self.on_tick()
        return ()

    def close(self) -> None:
        self.closed += 1

    def prepare(self, orders: Sequence[Order]) -> None:
        self.prepared = list(orders)

    # ---- for the test

    def says(self, *reports: Report) -> None:
        """Let `receive` return these."""
        self.reports += reports
        self._outside.send(b"x")

    @property
    def values(self) -> list[tuple[str, Value]]:
        return [(o.parameter, o.value) for o in self.told if isinstance(o, Command)]

    @property
    def dos(self) -> list[str]:
        return [o.argument for o in self.told if isinstance(o, Do)]


def _shut(*sockets: socket.socket) -> None:
    for one in sockets:
        one.close()


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until it is so; fail when it never is."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.002)


def spin(flag: threading.Event, seconds: float = 20.0) -> None:
    """Spin in Python until the flag is set; bounded, so that a failing test ends."""
    end = time.monotonic() + seconds
    while not flag.is_set() and time.monotonic() < end:
        pass
