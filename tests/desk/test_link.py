"""Whatever a driver raises costs its own device some seconds, and nothing else."""

import logging
import math

import pytest

from stagectl.core.diff import Command
from stagectl.desk.link import BACK_OFF, BROKEN, SLOW, Link
from stagectl.drivers.driver import LinkError
from stagectl.engine.report import Linked, Lost
from tests.desk.fakes import FakeDriver

ORDER = Command("lamp.a", 1.0)


class Made:
    """Makes drivers and keeps them."""

    def __init__(self, harm=None):
        self.drivers = []
        self.harm = harm

    def __call__(self):
        driver = FakeDriver("lamp")
        if self.harm and not self.drivers:
            self.harm(driver)
        self.drivers.append(driver)
        return driver


def raising(why):
    def harm(*_):
        raise why

    return harm


def test_a_link_that_cannot_be_had_is_tried_again_with_back_off():
    made = Made(lambda d: setattr(d, "on_open", raising(LinkError("refused"))))
    link = Link("lamp", made)
    now, waits = 0.0, []
    for _ in range(len(BACK_OFF) + 2):
        link.step(now)
        waits.append(link.due - now)
        now = link.due
    assert waits == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]
    assert made.drivers[0].opened == len(waits)


def test_where_hurrying_will_not_help_it_does_not_hurry():
    link = Link("lamp", Made(lambda d: setattr(d, "on_open", raising(LinkError("x", slow=True)))))
    link.step(0.0)
    assert link.due == SLOW


def test_nothing_is_tried_before_its_time():
    made = Made(lambda d: setattr(d, "on_open", raising(LinkError("refused"))))
    link = Link("lamp", made)
    link.step(0.0)
    assert link.step(0.2) == ()
    assert made.drivers[0].opened == 1


def test_the_same_reason_is_told_once_and_a_new_one_again():
    reasons = iter(["refused", "refused", "password"])

    def refuse():
        raise LinkError(next(reasons))

    link = Link("lamp", Made(lambda d: setattr(d, "on_open", refuse)))
    told = [tuple(link.step(float(n * 10))) for n in range(3)]
    assert told == [(Lost("lamp", "refused"),), (), (Lost("lamp", "password"),)]


def test_after_a_link_the_back_off_begins_anew():
    made = Made()
    link = Link("lamp", made)
    for n in range(4):
        assert link.step(n * 10.0) == [Linked("lamp")]
        made.drivers[-1].on_tick = raising(LinkError("silent"))
        made.drivers[-1].due = 0.0
        assert link.step(n * 10.0 + 1) == (Lost("lamp", "silent"),)
        assert link.due == n * 10.0 + 1 + BACK_OFF[0]
    assert len(made.drivers) == 1


@pytest.mark.parametrize("where", ["on_open", "on_send", "on_receive", "on_tick"])
def test_a_driver_that_raises_anything_is_thrown_away_and_a_new_one_is_made(where):
    made = Made(lambda d: setattr(d, where, raising(ZeroDivisionError())))
    link = Link("lamp", made)
    told = list(link.step(0.0))
    made.drivers[0].due = 0.0
    told += link.send([ORDER], 0.1) if link.is_open else ()
    told += link.receive(0.2) if link.is_open else ()
    told += link.step(0.21) if link.is_open else ()
    assert Lost("lamp", BROKEN) in told
    assert made.drivers[0].closed == 1
    assert link.step(20.0) == [Linked("lamp")]
    assert len(made.drivers) == 2


def test_a_driver_that_cannot_even_close_or_prepare_or_be_waited_on_harms_nobody():
    driver = FakeDriver("lamp")
    link = Link("lamp", lambda: driver)
    link.step(0.0)
    for name in ("close", "prepare", "fileno"):
        setattr(driver, name, raising(OSError("gone")))
    assert link.fileno() == -1
    link.prepare([ORDER])
    link.close()
    assert not link.is_open


def test_what_a_driver_said_when_it_broke_is_in_no_log(caplog):
    made = Made(lambda d: setattr(d, "on_open", raising(ValueError("hunter2 is wrong"))))
    with caplog.at_level(logging.DEBUG):
        Link("lamp", made).step(0.0)
    assert "ValueError" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_closed_link_says_nothing_and_waits_for_nothing():
    link = Link("lamp", Made())
    assert (link.send([ORDER], 0.0), link.receive(0.0), link.fileno()) == ((), (), -1)


def test_reopening_reads_the_device_anew_at_once():
    made = Made()
    link = Link("lamp", made)
    link.step(0.0)
    assert link.reopen("slept", 5.0) == (Lost("lamp", "slept"),)
    assert link.due == 5.0
    assert link.step(5.0) == [Linked("lamp")]
    assert (made.drivers[0].opened, link.due) == (2, math.inf)
