"""Every cue of the example shows is obeyed by the simulated stage, and nothing is refused."""

import importlib.util
import select
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest

from stagectl.core.book import Book
from stagectl.core.diff import Command, Order, diff
from stagectl.core.model import Look
from stagectl.drivers.driver import Driver
from stagectl.drivers.midi import MidiDriver
from stagectl.drivers.obs import ObsDriver
from stagectl.drivers.osc import OscDriver
from stagectl.engine.report import Acknowledged, Failed, Moved, Report
from stagectl.engine.wanted import Wanted
from stagectl.files.load import load_show
from stagectl.sim.stage import run_stage
from tests.golden.promptbook import SHOWS, played

PASSWORD = "loopback"
SPOKEN = ("obs", "osc")  # what has a driver and a simulated device; the rest loads, and is absent
PATIENCE = 10.0
DRIVERS: Mapping[str, Callable[..., Driver]] = {
    "obs": ObsDriver,
    "osc": OscDriver,
    "midi": MidiDriver,
}


class Hands:
    """The drivers of one book, and what their devices have said."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.people = Wanted(book)
        self.heard: dict[str, object] = {}
        self.done: list[Order] = []
        self.failed: list[Failed] = []
        self.drivers: Mapping[str, Driver] = {
            name: self._driver(name)
            for name in book.venue.devices
            if book.profiles[name].driver in SPOKEN
        }
        for driver in self.drivers.values():
            self._take(driver.open(time.monotonic()))

    def _driver(self, name: str) -> Driver:
        device, profile = self.book.venue.devices[name], self.book.profiles[name]
        wires = {p: w for p, w in self.book.wires.items() if p.startswith(f"{name}.")}
        return DRIVERS[profile.driver](device, profile, wires, PASSWORD if device.secret else "")

    def close(self) -> None:
        for driver in self.drivers.values():
            driver.close()

    def say(self, orders: Iterable[Order]) -> None:
        """Say these, and wait until each device has them, as far as it can tell."""
        orders = [order for order in orders if order.device in self.drivers]
        self.done.clear()
        for name, driver in self.drivers.items():
            mine = [order for order in orders if order.device == name]
            self._take(driver.send(mine, time.monotonic()) if mine else ())
        until = time.monotonic() + PATIENCE
        while (left := [o for o in orders if not self._is_done(o)]) and not self.failed:
            assert time.monotonic() < until, left
            self._listen()

    def _is_done(self, order: Order) -> bool:
        if not isinstance(order, Command):
            osc = self.book.profiles[order.device].driver == "osc"
            return osc or any(order.verb == getattr(d, "verb", None) for d in self.done)
        wire = self.book.wires[order.parameter]
        heard = self.heard.get(order.parameter)
        if not wire.read:
            return True
        return isinstance(heard, float | bool | str) and wire.same(heard, order.value)

    def _listen(self) -> None:
        sockets = {d.fileno(): d for d in self.drivers.values() if d.fileno() >= 0}
        ready, _, _ = select.select(list(sockets), [], [], 0.01)
        now = time.monotonic()
        for number in ready:
            self._take(sockets[number].receive(now))
        for driver in self.drivers.values():
            if driver.due <= now:
                self._take(driver.tick(now))

    def _take(self, reports: Iterable[Report]) -> None:
        for report in reports:
            match report:
                case Moved(parameter, value):
                    self.heard[parameter] = value
                case Acknowledged(order):
                    self.done.append(order)
                    if isinstance(order, Command):
                        self.heard[order.parameter] = order.value
                case Failed():
                    self.failed.append(report)


@pytest.fixture(params=SHOWS, ids=lambda show: show.stem)
def hands(request: pytest.FixtureRequest) -> Iterator[Hands]:
    book = load_show(request.param, cached=False)
    with run_stage(book, obs_password=PASSWORD) as stage:
        hands = Hands(load_show(request.param, at=stage.addresses, cached=False))
        yield hands
        hands.close()


def commands(hands: Hands, before: Look, after: Look) -> list[Order]:
    spelled = hands.people.spelled
    return [
        Command(c.parameter, spelled(c.parameter, c.value)) for c in diff(before, after.items())
    ]


def test_every_cue_of_an_example_show_is_obeyed(hands: Hands):
    show = hands.book.show
    hands.say(commands(hands, {}, show.base))
    assert hands.failed == []
    before = show.base
    for cue, steps in played(show):
        for part, look in steps:
            hands.say([*commands(hands, before, look), *part.dos])
            assert hands.failed == [], cue.number
            before = look


@pytest.mark.parametrize("show", SHOWS, ids=lambda show: show.stem)
def test_what_a_show_puts_and_is_not_said_here_has_no_driver_yet(show):
    book = load_show(show, cached=False)
    for device in {parameter.partition(".")[0] for parameter in book.wires}:
        driver = book.profiles[device].driver
        if driver not in SPOKEN:
            assert importlib.util.find_spec(f"stagectl.drivers.{driver}") is None
