"""What a controller costs the loop: a press is as quick as any GO, and lamps come after packets."""

import time
from dataclasses import replace
from functools import partial

import pytest

from stagectl.core.control import Control, Sign
from stagectl.core.controls import Binding, Ride, Say
from stagectl.core.diff import Command
from stagectl.core.model import Device
from stagectl.desk.controls import BACK
from stagectl.desk.journal import Journal, read
from stagectl.desk.loop import LATE, Desk
from stagectl.engine.engine import Engine
from stagectl.engine.event import FailedTo, Fired, Refused
from stagectl.engine.report import Failed, Linked, Touched
from tests.desk.fakes import Clock, FakeDriver, book

PLAY, MUTE = Sign("cc", 0, 41), Sign("cc", 0, 48)
FADER = Sign("bend", 0)
CONTROLS = (
    Binding("keys", "play", Say("go"), Control("play", PLAY, "key", PLAY)),
    Binding("keys", "fader", Ride("lamp.a"), Control("fader", FADER, "fader", FADER, motor=True)),
)


class House:
    """A datagram `lamp`, and `keys` with a worker; what each was told, in one order."""

    def __init__(self, path, clock=time.monotonic):
        self.told: list[tuple[str, str]] = []
        self.lamp, self.keys = FakeDriver("lamp"), FakeDriver("keys", datagram=False)
        for driver in (self.lamp, self.keys):
            driver.on_send = partial(self._note, driver.name)
        self.clock = clock
        room = book()
        devices = {"lamp": room.venue.devices["lamp"], "keys": Device("keys", "fake")}
        venue = replace(room.venue, devices=devices)
        self.engine = Engine(replace(room, venue=venue, controls=CONTROLS), guard=0.5)
        self.journal = Journal(path)
        self.desk = Desk(
            self.engine.book, {"lamp": lambda: self.lamp, "keys": lambda: self.keys},
            self.journal, engine=self.engine, clock=clock, wall=time.time,
        )  # fmt: skip
        self.desk.start()
        self.step_until(lambda: ("keys", "keys.play") in self.told)
        pressable = clock() + 2 * BACK  # until a lamp's word can no more have come back
        self.step_until(lambda: clock is not time.monotonic or clock() > pressable)

    def _note(self, device, orders):
        self.told += [(device, order.parameter) for order in orders]

    def step_until(self, condition, seconds=10.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came"
            self.desk.step()
            if isinstance(self.clock, Clock):
                self.clock.now += 0.01  # else it stands still, and nothing is ever due

    def events(self, kind):
        events = read(self.journal.path, now=0.0, wall=0.0, boot="").events
        return [event for event in events if isinstance(event, kind)]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "run.jsonl")
    yield made
    made.desk.let_go()
    made.journal.close()


def test_a_press_fires_the_cue_and_the_lamps_are_told_behind_its_packets(house: House):
    house.told.clear()
    house.keys.says(Touched("keys", "play", 127))
    house.step_until(lambda: ("lamp", "lamp.a") in house.told)
    assert {device for device, _ in house.told} == {"lamp"}, "no lamp is told in a GO's step"
    house.step_until(lambda: ("keys", "keys.fader") in house.told)
    assert [event.by for event in house.events(Fired)] == ["keys play"]


def test_a_touch_that_means_nothing_leaves_the_prepared_go_alone(house: House):
    house.step_until(lambda: not house.engine.stale)
    house.keys.says(Touched("keys", "solo.1", 127), Touched("keys", "play", 0))
    for _ in range(20):
        house.desk.step()
    assert not house.engine.stale
    assert not house.events(Fired)


def test_a_lamp_that_cannot_be_told_is_no_failure_of_the_show(house: House):
    house.keys.says(Failed(Command("keys.play", 127.0, "lamp"), "missing"))
    house.keys.says(Touched("keys", "play", 127))
    house.step_until(lambda: ("lamp", "lamp.a") in house.told)
    assert not house.events(FailedTo)


def test_a_device_linked_anew_is_told_every_lamp_anew(house: House):
    house.keys.says(Touched("keys", "play", 127))
    house.step_until(lambda: ("keys", "keys.fader") in house.told)
    house.told.clear()
    house.keys.says(Linked("keys"))
    house.step_until(lambda: len(house.told) >= 2)
    assert set(house.told) == {("keys", "keys.play"), ("keys", "keys.fader")}


def test_what_was_pressed_while_the_desk_slept_is_not_done(tmp_path):
    clock = Clock()
    house = House(tmp_path / "slept.jsonl", clock)
    try:
        house.desk.hear(Touched("keys", "play", 127))
        clock.now += LATE + 1
        house.told.clear()
        house.step_until(lambda: ("keys", "keys.play") in house.told)
        assert not house.events(Fired)
        assert not house.events(Refused), "nobody waits for an answer to a key"
    finally:
        house.desk.let_go()
        house.journal.close()
