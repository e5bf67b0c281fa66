"""A device that waits, hangs or spins keeps nobody else waiting."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.diff import Command
from stagectl.core.model import Do
from stagectl.desk.leash import Leash, PulledOutError
from stagectl.desk.link import Link
from stagectl.desk.worker import HUNG, Mailbox, Worker
from stagectl.drivers.driver import LinkError
from stagectl.engine.report import Failed, Linked, Lost, Moved, Report
from tests.desk.fakes import FakeDriver, spin, until

ORDERS = st.lists(
    st.one_of(
        st.builds(Command, st.sampled_from(["a", "b", "c"]), st.floats(0, 9)),
        st.builds(Do, st.just("d"), st.just("play"), st.text(max_size=2)),
    )
)


# ---- the mailbox


@given(letters=st.lists(ORDERS))
def test_the_newest_value_of_each_parameter_wins_and_no_do_is_lost(letters):
    box = Mailbox()
    for letter in letters:
        box.put(letter)
    put = [order for letter in letters for order in letter]
    taken = box.take()
    commands = {o.parameter: o for o in put if isinstance(o, Command)}
    assert {o.parameter: o for o in taken if isinstance(o, Command)} == commands
    assert sum(isinstance(o, Command) for o in taken) == len(commands)
    assert [o for o in taken if isinstance(o, Do)] == [o for o in put if isinstance(o, Do)]
    assert box.take() == ()


@given(letter=ORDERS)
def test_what_stays_in_the_mailbox_stays_in_order(letter):
    box = Mailbox()
    box.put(letter)
    last = {id(o): n for n, o in enumerate(letter)}
    places = [last[id(o)] for o in box.take()]
    assert places == sorted(places)


def test_two_dos_that_are_alike_are_two():
    box = Mailbox()
    box.put([Do("d", "play", "x", 1), Do("d", "play", "x", 1)])
    assert len(box.take()) == 2


# ---- the thread


class Bench:
    """A worker with a fake driver, and what it reported."""

    def __init__(self, harm=None):
        self.drivers: list[FakeDriver] = []
        self.heard: list[Report] = []
        self.harm = harm
        self.worker = Worker(Link("film", self.make), self.heard.append)

    def make(self):
        driver = FakeDriver("film", datagram=False)
        if self.harm is not None:
            self.harm(driver)
        self.drivers.append(driver)
        return driver

    @property
    def driver(self):
        return self.drivers[-1]

    def up(self):
        self.worker.start()
        until(lambda: Linked("film") in self.heard)
        return self


@pytest.fixture
def bench():
    made = []

    def build(harm=None):
        made.append(Bench(harm))
        return made[-1]

    yield build
    for one in made:
        one.worker.close(2.0)


def test_orders_reach_the_driver_in_order_and_reports_come_back(bench):
    film = bench().up()
    film.worker.send([Command("film.a", 1.0), Do("film", "play", "x")])
    until(lambda: len(film.driver.told) == 2)
    assert film.driver.told == [Command("film.a", 1.0), Do("film", "play", "x")]
    film.driver.says(Moved("film.a", 3.0))
    until(lambda: Moved("film.a", 3.0) in film.heard)


def test_while_a_driver_is_busy_only_the_newest_values_wait(bench):
    film = bench().up()
    busy, go_on = threading.Event(), threading.Event()

    def wait(_):
        busy.set()
        go_on.wait(10)

    film.driver.on_send = wait
    film.worker.send([Command("film.a", 0.0)])
    assert busy.wait(5)
    film.driver.on_send = lambda _: None
    began = time.monotonic()
    for n in range(1, 500):
        film.worker.send([Command("film.a", float(n))])
    film.worker.send([Do("film", "play", "x"), Command("film.a", 500.0)])
    assert time.monotonic() - began < 1.0  # nobody waited for it
    go_on.set()
    until(lambda: film.driver.dos)
    until(lambda: ("film.a", 500.0) in film.driver.values)
    assert film.driver.values == [("film.a", 0.0), ("film.a", 500.0)]


def test_a_driver_that_was_busy_when_it_was_to_be_made_anew_still_is(bench):
    """Two reloads while it was busy: the first with another profile, the second with a new wire."""
    film = bench(lambda driver: setattr(driver, "rewire", lambda _: None)).up()
    busy, go_on = threading.Event(), threading.Event()

    def wait(_):
        busy.set()
        go_on.wait(10)

    film.driver.on_send = wait
    film.worker.send([Command("film.a", 0.0)])
    assert busy.wait(5)
    film.worker.renew(film.make, None)
    film.worker.renew(film.make, {})
    go_on.set()
    until(lambda: len(film.drivers) == 2)
    film.worker.renew(film.make, {})
    film.worker.send([Command("film.a", 1.0)])
    until(lambda: film.driver.values == [("film.a", 1.0)])
    assert len(film.drivers) == 2, "and wires alone are enough after that"


def test_the_driver_is_ticked_when_it_wants_to_be(bench):
    film = bench().up()
    ticked = threading.Event()
    film.driver.on_tick = ticked.set
    film.driver.due = time.monotonic() + 0.05
    film.worker.send([])  # a driver moves `due` in one of its own calls
    assert ticked.wait(5)


def test_a_lost_link_is_opened_again(bench):
    film = bench().up()
    film.driver.on_send = lambda _: (_ for _ in ()).throw(LinkError("closed"))
    film.worker.send([Command("film.a", 1.0)])
    until(lambda: Lost("film", "closed") in film.heard)
    until(lambda: film.heard.count(Linked("film")) == 2)


def test_a_do_that_a_lost_device_was_never_told_comes_back_as_failed(bench):
    def refuse(driver):
        driver.on_open = lambda: (_ for _ in ()).throw(LinkError("refused", slow=True))

    film = bench(refuse)
    film.worker.start()
    until(lambda: Lost("film", "refused") in film.heard)
    film.worker.send([Command("film.a", 1.0), Do("film", "play", "x", 7)])
    until(lambda: Failed(Do("film", "play", "x", 7), "lost") in film.heard)
    assert len(film.heard) == 2


def test_reopening_throws_away_what_waits(bench):
    film = bench().up()
    film.worker.reopen("slept")
    until(lambda: film.heard == [Linked("film"), Lost("film", "slept"), Linked("film")])
    assert film.driver.opened == 2


def test_a_worker_that_is_closed_lets_go_of_its_device(bench):
    film = bench().up()
    film.worker.close(2.0)
    until(lambda: film.driver.closed)


# ---- hanging and spinning (fault 4)


def test_a_driver_in_one_call_too_long_is_hung_and_others_are_not(bench):
    film = bench().up()
    go_on = threading.Event()
    assert not film.worker.hung(time.monotonic() + 1000)
    film.driver.on_send = lambda _: go_on.wait(10)
    film.worker.send([Command("film.a", 1.0)])
    until(lambda: film.worker.hung(time.monotonic() + HUNG + 1))
    assert not film.worker.hung(time.monotonic())
    film.worker.send([Do("film", "play", "x", 3)])
    assert film.worker.abandon() == (Do("film", "play", "x", 3),)
    go_on.set()


def test_an_abandoned_driver_that_spins_is_stopped_and_heard_no_more(bench):
    film = bench().up()
    film.driver.on_send = lambda _: spin(threading.Event())
    before = threading.active_count()
    film.worker.send([Command("film.a", 1.0)])
    until(lambda: film.worker.hung(time.monotonic() + HUNG + 1))
    film.heard.clear()
    film.worker.abandon()
    until(lambda: threading.active_count() < before)
    assert film.heard == []


# ---- the leash


def test_a_call_that_returns_is_left_alone():
    leash = Leash(0.5)
    leash.start()
    for _ in range(20):
        with leash:
            time.sleep(0.05)
    leash.stop()


def test_a_call_that_spins_is_pulled_out_and_nothing_after_it():
    leash = Leash(0.1)
    leash.start()
    for _ in range(2):
        with pytest.raises(PulledOutError), leash:
            spin(threading.Event())
        spin(threading.Event(), 0.5)  # not held: as long as it likes
    leash.stop()
