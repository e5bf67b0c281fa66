"""A real OLA: what a cue says by OSC is, byte for byte, what its universes have."""

import socket
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from stagectl.core.model import Device
from stagectl.drivers.osc import OscDriver
from stagectl.files.load import load_profile
from stagectl.sim import osc
from tests.drivers.contract import Case, DriverContract
from tests.faults.house import BACK, TOLD, House, alarms, state, until
from tests.real.network import own_network
from tests.real.ola_rig import Olad, olad
from tests.real.playing import playing
from tests.sim.dmx import WHAT_OLAD_DOES

pytestmark = pytest.mark.real

PROFILE = load_profile("ola")
WIRES = {
    f"lights.{path}": wire
    for path in ("level.1", "level.2", "level.512", "universe.2.level.17")
    if (wire := PROFILE.wire(path)) is not None
}
VENUE = """\
devices:
  lights:
    profile: ola
    at: "{at}"
    names: {{stage: level.1, house: level.2, foyer: universe.2.level.512}}
base: {{lights: {{stage: 0 %, house: 80 %, foyer: 20 %}}}}
scenes:
  holding: {{label: Straks tilbake, set: {{lights.stage: 0 %, lights.house: 60 %}}}}
  talk: {{label: Samtale, set: {{lights: {{stage: 100 %, house: 20 %, foyer: 0 %}}}}}}
safe: holding
cover: holding
"""
CUES = """\
  - {cue: 1, name: Dørene åpner, scene: holding}
  - {cue: 2, name: Samtale, scene: talk}
  - {cue: 3, name: Toner ned, set: {lights.stage: 40 %}, fade: 1 s}
  - {cue: 4, name: Foajé, set: {lights.foyer: 100 %}}
"""


@pytest.fixture(scope="module")
def lights() -> Iterator[Olad]:
    with own_network(), olad() as one:
        yield one


def shown(lights: Olad) -> tuple[int, int, int]:
    """What the stage, the house and the foyer are at."""
    return lights.byte(1, 1), lights.byte(1, 2), lights.byte(2, 512)


def shows(lights: Olad, *wanted: int, within: float = 2.0) -> None:
    until(lambda: shown(lights) == wanted, within, f"olad at {wanted}, not at {shown(lights)}")


def say(lights: Olad, *messages: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.connect(("127.0.0.1", lights.osc_port))
        for message in messages:
            link.send(message)


@pytest.fixture
def house(lights: Olad, tmp_path) -> Iterator[House]:
    say(lights, *(osc.encode(f"/dmx/universe/{n}", "b", bytes(512)) for n in (1, 2)))
    with playing(tmp_path, VENUE.format(at=lights.at), CUES) as house:
        yield house


@pytest.mark.parametrize(("address", "kind", "said", "slot", "byte"), WHAT_OLAD_DOES)
def test_the_simulated_one_makes_the_bytes_that_this_one_makes(
    lights, address, kind, said, slot, byte
):
    # the mark comes last, so what came before it has been seen to
    mark = lights.byte(1, 500) % 255 + 1
    say(
        lights,
        osc.encode(f"/dmx/universe/1/{slot}", "i", 99),
        osc.encode(address, kind, *([] if said is None else [said])),
        osc.encode("/dmx/universe/1/500", "i", mark),
    )
    until(lambda: lights.byte(1, 500) == mark, 2, "olad to have heard all")
    assert lights.byte(1, slot) == byte


class TestOscAndARealOlad(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        with own_network(), olad() as lights:
            device = Device("lights", "ola", at=lights.at)
            yield Case(
                peer=lights,
                make=lambda: OscDriver(device, PROFILE, WIRES),
                wires=WIRES,
                puts=dict.fromkeys(WIRES, (0.0, 90.0, 33.3)),
                answers=False,
                has_hands=False,
            )


def test_a_cue_puts_the_bytes_it_says(house, lights):
    house.go("1")
    shows(lights, 0, 153, 51)
    house.go("2")
    shows(lights, 255, 51, 0)
    whole = [lights.dmx(universe) for universe in (1, 2)]
    assert [sum(levels) for levels in whole] == [255 + 51, 0], "and not a byte elsewhere"


def test_a_fade_falls_and_ends_at_its_byte(house, lights):
    house.go("1")
    house.go("2")
    shows(lights, 255, 51, 0)
    house.go("3")
    seen, end = [255], time.monotonic() + 5
    while seen[-1] != 102 and time.monotonic() < end:
        seen.append(lights.byte(1, 1))
    assert seen[-1] == 102
    assert all(earlier >= later for earlier, later in pairwise(seen)), seen
    assert len(set(seen)) > 10, f"these are no steps of a fade: {seen}"
    time.sleep(0.2)
    assert shown(lights) == (102, 51, 0)


def test_an_olad_that_was_killed_is_told_and_put_right_when_it_is_back(house, lights):
    house.go("1")
    house.go("2")
    shows(lights, 255, 51, 0)
    lights.kill()
    gone = time.monotonic()
    house.told(lambda s: state(s, "lights") == "lost", TOLD, gone, "the lights told lost")
    assert alarms(house.status, "lost", "lights")
    house.go("3")
    lights.start()
    back = time.monotonic()
    assert shown(lights) == (0, 0, 0)
    house.told(lambda s: state(s, "lights") == "linked", BACK, back, "the lights linked")
    shows(lights, 102, 51, 0, within=BACK)
    house.go("4")
    shows(lights, 102, 51, 255)
