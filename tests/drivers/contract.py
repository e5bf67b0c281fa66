"""What every driver must do, whatever it drives: one set of sentences, run against every peer.

A driver's test module says what it is shown with, and inherits them all:

    class TestOscAndTheSimulatedX32(DriverContract):
        @pytest.fixture
        def case(self):
            with simulated(X32({"host": "ch.1"}), wires) as peer:
                yield Case(peer=peer, make=lambda: OscDriver(...), wires=wires, puts=...)
"""

import contextlib
import math
import select
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import pytest

from stagectl.core.diff import Command, Order
from stagectl.core.model import Do, Parameter, Value
from stagectl.core.wire import Wire
from stagectl.drivers.driver import Driver, LinkError
from stagectl.engine.report import Acknowledged, Facts, Failed, Linked, Lost, Moved, Report

TOLD = 3.0  # seconds from a fault until the operator is told
PATIENCE = 15.0  # seconds until a test gives up waiting; nothing here should need a third of it
IDLE_TICKS = 40  # in a second without orders: more would be a busy loop

R = TypeVar("R", bound=Report)


class Peer(Protocol):
    """The device's side. It runs when a case is given out."""

    def stop(self) -> None:
        """Be gone: nobody listens there any more."""

    def start(self) -> None:
        """Be back at the same address."""

    def freeze(self) -> None:
        """Be there and say nothing."""

    def thaw(self) -> None:
        """Speak again."""

    def value(self, parameter: Parameter) -> Value | None:
        """Return what the device is at, learned without the driver; None: it cannot be seen."""

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Be moved by somebody's hand."""


@dataclass
class Case:
    """What a driver is shown with.

    `puts` has at least two different values for each of `wires`. `answers` False: the device tells
    nothing back, so its silence is no evidence. What a peer cannot do is said, and skipped.
    """

    peer: Peer
    make: Callable[[], Driver]
    wires: Mapping[Parameter, Wire]
    puts: Mapping[Parameter, Sequence[Value]]
    dos: Sequence[Do] = ()
    secret: str = ""
    answers: bool = True
    has_hands: bool = True

    @property
    def readable(self) -> set[Parameter]:
        """The parameters that the device can be asked for."""
        return {p for p, wire in self.wires.items() if wire.read}

    @property
    def device(self) -> str:
        """The device's name."""
        return next(iter(self.wires)).partition(".")[0]

    def commands(self, turn: int) -> list[Command]:
        """Return a Command for every parameter; another turn, other values."""
        return [Command(p, values[turn % len(values)], "cue 1") for p, values in self.puts.items()]


@dataclass
class Runner:
    """What the desk does for one device, at its simplest: wait, receive, tick, send."""

    driver: Driver
    reports: list[Report] = field(default_factory=list)
    ticks: int = 0
    slowest: float = 0.0
    ahead: float = 0.0
    """Seconds its clock has gained: a desk that was asleep finds them gone."""

    @property
    def now(self) -> float:
        """The runner's time."""
        return time.monotonic() + self.ahead

    def open(self) -> None:
        """Open, and take what is said."""
        self._take(self.driver.open)

    def link(self) -> Linked:
        """Open, and wait until the device has answered."""
        self.open()
        return self.wait_for(Linked)

    def send(self, *orders: Order) -> None:
        """Say these."""
        self._take(lambda now: self.driver.send(orders, now))

    def turn(self, longest: float = 0.02) -> None:
        """Wait for a packet or for the driver's time, once."""
        pause = min(max(self.driver.due - self.now, 0.0), longest)
        link = self.driver.fileno()
        if link < 0:
            time.sleep(pause)
        if link < 0 or select.select([link], [], [], pause)[0]:
            self._take(self.driver.receive)
        if self.driver.due <= self.now:
            self.ticks += 1
            self._take(self.driver.tick)

    def until(self, seen: Callable[[], object], within: float = PATIENCE) -> bool:
        """Turn until something is seen; False: it was not, in all that time."""
        deadline = time.monotonic() + within
        while not seen():
            if time.monotonic() > deadline:
                return False
            self.turn()
        return True

    def wait_for(self, kind: type[R], where: Callable[[R], bool] = lambda _: True) -> R:
        """Turn until there is such a report, and return the latest."""

        def found() -> list[R]:
            return [r for r in self.reports if isinstance(r, kind) and where(r)]

        assert self.until(found), f"no such {kind.__name__} in {self.reports}"
        return found()[-1]

    def rest(self, seconds: float) -> None:
        """Turn for so long."""
        self.until(lambda: False, seconds)

    def lost(self, within: float = PATIENCE) -> tuple[str, float]:
        """Turn until the link is lost; return why, and the seconds it took."""
        began = time.monotonic()
        with pytest.raises(LinkError) as lost:
            self.until(lambda: False, within)
        return lost.value.why, time.monotonic() - began

    def refused(self) -> str:
        """Open where nobody is, and return why it is said to fail."""
        try:
            self.open()
        except LinkError as why:
            return why.why
        return self.lost()[0]  # a datagram driver learns it by waiting

    def moved(self, parameter: Parameter) -> list[Value]:
        """Return the values reported of a parameter, in their order."""
        return [r.value for r in self.reports if isinstance(r, Moved) and r.parameter == parameter]

    def failed(self) -> list[Failed]:
        """Return what was refused."""
        return [r for r in self.reports if isinstance(r, Failed)]

    def _take(self, call: Callable[[float], Sequence[Report]]) -> None:
        began = time.monotonic()
        try:
            self.reports += call(self.now)
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)


class DriverContract:
    """The sentences. A subclass gives the fixture `case`."""

    @pytest.fixture
    def runner(self, case: Case) -> Iterator[Runner]:
        """A driver nobody has opened yet."""
        runner = Runner(case.make())
        yield runner
        with contextlib.suppress(LinkError):
            runner.driver.close()

    # -------------------------------------------------------- opening

    def test_a_driver_that_was_made_has_opened_nothing(self, case: Case, runner: Runner):
        assert runner.driver.fileno() == -1
        assert runner.driver.due == math.inf

    def test_it_says_linked_once_with_a_reading_of_all_that_can_be_read(
        self, case: Case, runner: Runner
    ):
        linked = runner.link()
        runner.rest(0.3)
        assert [r for r in runner.reports if isinstance(r, Linked)] == [linked]
        assert linked.device == case.device
        assert set(linked.reading) == case.readable
        for parameter, value in linked.reading.items():
            at = case.peer.value(parameter)
            assert at is None or case.wires[parameter].same(value, at)

    def test_opening_moves_nothing(self, case: Case, runner: Runner):
        before = {p: case.peer.value(p) for p in case.wires}
        runner.link()
        runner.rest(0.3)
        assert {p: case.peer.value(p) for p in case.wires} == before

    def test_it_is_not_always_awake(self, case: Case, runner: Runner):
        runner.link()
        runner.rest(0.5)
        before = runner.ticks
        runner.rest(1.0)
        assert runner.ticks - before <= IDLE_TICKS

    # -------------------------------------------------------- putting

    def test_every_parameter_goes_where_it_is_put_and_says_so(self, case: Case, runner: Runner):
        runner.link()
        for turn in range(2):
            runner.reports.clear()
            for command in case.commands(turn):
                runner.send(command)
                self.arrives(case, runner, command)
        assert not runner.failed()

    def test_many_orders_go_at_once_and_all_arrive(self, case: Case, runner: Runner):
        runner.link()
        for turn in range(2):
            runner.reports.clear()
            commands = case.commands(turn)
            runner.send(*commands)
            for command in commands:
                self.arrives(case, runner, command)
        assert not runner.failed()

    def test_the_last_of_many_values_is_the_one_that_stays(self, case: Case, runner: Runner):
        runner.link()
        for turn in range(9):
            runner.send(*case.commands(turn))
        last = case.commands(8)
        for command in last:
            self.arrives(case, runner, command)
        runner.rest(0.5)
        for command in last:
            self.arrives(case, runner, command)

    def test_a_hand_on_the_device_is_reported(self, case: Case, runner: Runner):
        if not case.has_hands:
            pytest.skip("nobody can touch this device, or it tells nobody")
        linked = runner.link()
        for parameter in sorted(case.readable):
            wire = case.wires[parameter]
            here = linked.reading[parameter]
            there = next(v for v in case.puts[parameter] if not wire.same(v, here))
            case.peer.touch(parameter, there)
            assert runner.until(partial(runner.moved, parameter)), f"{parameter}: not a word"
            assert wire.same(runner.moved(parameter)[-1], there)

    # -------------------------------------------------------- triggering

    def test_a_verb_is_answered_at_most_once_and_never_costs_the_link(
        self, case: Case, runner: Runner
    ):
        if not case.dos:
            pytest.skip("this device has no verbs here")
        runner.link()
        dos = [Do(d.device, d.verb, d.argument, id=n) for n, d in enumerate(case.dos, start=1)]
        for do in dos:
            runner.send(do)
            runner.rest(0.2)
        runner.rest(0.5)
        answers = [r.order for r in runner.reports if isinstance(r, Acknowledged | Failed)]
        answered = [o for o in answers if isinstance(o, Do)]
        assert len({do.id for do in answered}) == len(answered)
        assert all(do in dos for do in answered)

    # -------------------------------------------------------- refusing

    def test_a_parameter_it_has_not_fails_and_the_rest_is_done(self, case: Case, runner: Runner):
        runner.link()
        nowhere = Command(f"{case.device}.no such thing.level", 1.0, "cue 1")
        before, *after = case.commands(0)
        runner.send(before, nowhere, *after)
        for command in (before, *after):
            self.arrives(case, runner, command)
        assert [(f.order, f.why) for f in runner.failed()] == [(nowhere, "missing")]

    def test_a_verb_it_has_not_fails(self, case: Case, runner: Runner):
        runner.link()
        unheard_of = Do(case.device, "no such verb", "", id=7)
        runner.send(unheard_of)
        failed = runner.wait_for(Failed)
        assert (failed.order, failed.why) == (unheard_of, "missing")

    def test_a_number_that_is_none_fails_and_the_rest_is_done(self, case: Case, runner: Runner):
        runner.link()
        numbers = [p for p, wire in case.wires.items() if wire.kind == "number"]
        if not numbers:
            pytest.skip("this device has no numbers here")
        nothing = Command(numbers[0], math.nan, "cue 1")
        command = Command(numbers[0], case.puts[numbers[0]][0], "cue 1")
        runner.send(nothing, command)
        self.arrives(case, runner, command)
        assert [f.order for f in runner.failed()] == [nothing]

    # -------------------------------------------------------- losing the link

    def test_silence_is_told_in_time(self, case: Case, runner: Runner):
        if not case.answers:
            pytest.skip("a device that never answers cannot fall silent")
        runner.link()
        case.peer.freeze()
        try:
            why, took = runner.lost()
        finally:
            case.peer.thaw()
        assert why == "silent"
        assert took <= TOLD + 0.2  # what the runner itself may take

    def test_a_peer_that_is_gone_is_told_in_time(self, case: Case, runner: Runner):
        runner.link()
        case.peer.stop()
        why, took = runner.lost()
        assert why in {"refused", "closed", "silent"}
        assert took <= TOLD + 0.2

    def test_sending_to_a_dead_peer_is_a_lost_link_and_nothing_worse(
        self, case: Case, runner: Runner
    ):
        runner.link()
        case.peer.stop()
        with contextlib.suppress(LinkError):
            for turn in range(10):
                runner.send(*case.commands(turn), *case.dos)
                runner.turn()

    def test_a_link_that_came_back_is_read_again(self, case: Case, runner: Runner):
        runner.link()
        case.peer.stop()
        runner.lost()
        runner.driver.close()
        case.peer.start()
        assert set(self.linked_again(runner).reading) == case.readable
        runner.reports.clear()
        commands = case.commands(1)
        runner.send(*commands)
        for command in commands:
            self.arrives(case, runner, command)

    def test_where_nobody_is_opening_ends_and_says_why(self, case: Case, runner: Runner):
        case.peer.stop()
        gone = {"refused", "closed", "silent", "unreachable", "no_port"}
        assert runner.refused() in gone

    # -------------------------------------------------------- closing

    def test_closing_twice_or_without_opening_is_nothing(self, case: Case, runner: Runner):
        runner.driver.close()
        runner.link()
        runner.driver.close()
        runner.driver.close()
        assert runner.driver.fileno() == -1
        assert runner.driver.due == math.inf

    # -------------------------------------------------------- manners

    def test_only_the_runner_says_lost_and_all_reports_are_of_this_device(
        self, case: Case, runner: Runner
    ):
        runner.link()
        for turn in range(2):
            runner.send(*case.commands(turn), *case.dos)
            runner.rest(0.3)
        for report in runner.reports:
            assert not isinstance(report, Lost)
            match report:
                case Linked(device) | Facts(device):
                    assert device == case.device
                case Moved(parameter):
                    assert parameter in case.wires
                case Acknowledged(order) | Failed(order):
                    assert order.device == case.device

    def test_no_report_and_no_error_tells_the_secret(self, case: Case, runner: Runner):
        if not case.secret:
            pytest.skip("this device has no secret")
        runner.link()
        runner.send(*case.commands(0), *case.dos, Do(case.device, "no such verb", id=7))
        runner.rest(0.5)
        case.peer.stop()
        with pytest.raises(LinkError) as lost:
            runner.until(lambda: False)
        told = [*map(repr, runner.reports), repr(runner.driver), repr(lost.value)]
        assert not [text for text in told if case.secret in text]

    def test_a_datagram_driver_never_makes_the_desk_wait(self, case: Case, runner: Runner):
        if not runner.driver.datagram:
            pytest.skip("this driver has a worker of its own, who may wait")
        runner.link()
        case.peer.stop()
        with contextlib.suppress(LinkError):
            for turn in range(20):
                runner.send(*case.commands(turn))
                runner.turn()
        assert runner.slowest < 0.1  # a thousand times what a call takes

    # --------------------------------------------------------

    @staticmethod
    def arrives(case: Case, runner: Runner, command: Command) -> None:
        """Hold that the device is where the command puts it, and says so if it can be asked."""
        p, put, wire = command.parameter, command.value, case.wires[command.parameter]

        def said() -> bool:
            heard = runner.moved(p)
            return not wire.read or bool(heard and wire.same(heard[-1], put))

        def there() -> bool:
            at = case.peer.value(p)
            return at is None or wire.same(at, put)

        assert runner.until(lambda: said() and there()), (
            f"{p} was put at {put!r}; said {runner.moved(p)}, is at {case.peer.value(p)!r}"
        )

    @staticmethod
    def linked_again(runner: Runner) -> Linked:
        """Open again and again, as the desk does, until the device answers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            runner.reports.clear()
            try:
                return runner.link()
            except LinkError:
                assert time.monotonic() < deadline, "the device came back, the link did not"
                runner.driver.close()
                time.sleep(0.1)
