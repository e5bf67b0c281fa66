"""The OSC driver and a real QLC+: what is said by OSC is what its DMX line sends."""

import math
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from stagectl.core.diff import Command
from stagectl.core.fade import Fade
from stagectl.core.model import Device, Do
from stagectl.drivers.osc import OscDriver
from stagectl.files.load import load_profile
from tests.drivers.contract import Case, DriverContract, Runner
from tests.real.qlcplus_rig import BUTTON_CHANNEL, BUTTON_LEVEL, LEVELS, Qlcplus, qlcplus

pytestmark = pytest.mark.real

PROFILE = load_profile("qlcplus")
WIRES = {
    f"lights.level.{n}": wire
    for n in range(1, LEVELS + 1)
    if (wire := PROFILE.wire(f"level.{n}")) is not None
}
DARK = [Command(p, 0.0, "base") for p in WIRES]


def driver_for(lights: Qlcplus) -> OscDriver:
    return OscDriver(Device("lights", "qlcplus", at=lights.at), PROFILE, WIRES)


@pytest.fixture(scope="module")
def lights(tmp_path_factory) -> Iterator[Qlcplus]:
    with qlcplus(tmp_path_factory.mktemp("qlcplus")) as lights:
        yield lights


@pytest.fixture
def runner(lights: Qlcplus) -> Iterator[Runner]:
    runner = Runner(driver_for(lights))
    runner.link()
    runner.send(*DARK)
    if lights.runs():
        runner.send(Do("lights", "press", "1", id=99))
    assert runner.until(lambda: not lights.runs() and not any(lights.dmx(1, 8)))
    yield runner
    runner.driver.close()


class TestOscAndARealQlcplus(DriverContract):
    @pytest.fixture
    def case(self, tmp_path) -> Iterator[Case]:
        with qlcplus(tmp_path) as lights:
            yield Case(
                peer=lights,
                make=lambda: driver_for(lights),
                wires=WIRES,
                puts=dict.fromkeys(WIRES, (0.0, 90.0, 33.3)),
                dos=(Do("lights", "press", "1"),),
                answers=False,
                has_hands=False,
            )


@pytest.mark.parametrize("level", [100.0, 50.0, 0.4, 33.3, 0.0])
def test_a_level_is_the_dmx_value_that_the_profile_says(lights, runner, level):
    runner.send(Command("lights.level.2", 70.0, "cue 1"))
    assert runner.until(lambda: lights.dmx()[1] == int(255 * 0.7))
    runner.send(Command("lights.level.2", level, "cue 2"))
    assert runner.until(lambda: lights.dmx()[1] == int(255 * level / 100))
    assert lights.dmx() == [0, int(255 * level / 100), 0, 0]


def test_a_fade_rises_and_ends_where_it_should(lights, runner):
    start = time.monotonic()
    fade, seen = Fade(10.0, 90.0, start, 1.0), []
    while (now := time.monotonic()) < fade.end:
        runner.send(Command("lights.level.1", fade.value(now), "cue 1"))
        seen.append(lights.dmx()[0])
        runner.rest(0.02)
    runner.send(Command("lights.level.1", fade.value(fade.end), "cue 1"))
    assert runner.until(lambda: lights.dmx()[0] == int(255 * 0.9))
    assert all(earlier <= later for earlier, later in pairwise(seen))
    assert len(set(seen)) > 20, f"these are no steps of a fade: {seen}"


def test_a_press_runs_what_the_button_runs_and_the_next_one_ends_it(lights, runner):
    press = Do("lights", "press", "1", id=1)
    runner.send(press)
    assert runner.until(lambda: lights.dmx(BUTTON_CHANNEL, 1) == [BUTTON_LEVEL])
    assert lights.runs()
    runner.rest(0.3)
    assert lights.runs(), "letting go of the button is no second press"
    runner.send(press)
    assert runner.until(lambda: lights.dmx(BUTTON_CHANNEL, 1) == [0])
    assert not lights.runs()


def test_two_presses_in_a_hurry_are_two(lights, runner):
    press = Do("lights", "press", "1", id=1)
    for _ in range(3):
        runner.send(press, press)
        assert runner.until(lights.runs)
        assert runner.until(lambda: not lights.runs())
    runner.rest(0.5)
    assert not lights.runs()


def test_what_keeps_the_link_alive_moves_nothing(lights, runner):
    runner.send(Command("lights.level.3", 42.0, "cue 1"))
    assert runner.until(lambda: lights.dmx()[2] == int(255 * 0.42))
    before = lights.dmx(1, 8)
    keepalive = PROFILE.keepalive
    assert keepalive is not None
    runner.rest(keepalive.every * 2.5)
    assert lights.dmx(1, 8) == before


def test_a_value_that_is_no_number_leaves_the_light_where_it_is(lights, runner):
    runner.send(Command("lights.level.1", 60.0, "cue 1"))
    assert runner.until(lambda: lights.dmx()[0] == int(255 * 0.6))
    runner.send(Command("lights.level.1", math.nan, "cue 2"))
    runner.rest(0.2)
    assert lights.dmx()[0] == int(255 * 0.6)
    assert [f.why for f in runner.failed()] == ["refused"]
