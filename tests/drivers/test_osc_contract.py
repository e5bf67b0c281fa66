"""The OSC driver keeps the contract, with whatever answers on the other side."""

from collections.abc import Iterator

import pytest

from stagectl.core.model import Device, Do
from stagectl.core.profile import Profile
from stagectl.drivers.osc import OscDriver
from stagectl.files.load import load_profile
from stagectl.sim.lights import Lights
from stagectl.sim.x32 import X32
from tests.drivers.contract import Case, DriverContract, Runner
from tests.drivers.simulated import Simulated, simulated

PUTS = {"switch": (True, False), "number": (-5.0, -40.0, 2.5), "text": ("Kari", "Per")}
X32_PATHS = (
    "ch.1.on", "ch.1.level", "ch.1.name", "ch.32.on", "ch.32.level", "aux.8.on", "aux.8.level",
    "bus.16.on", "bus.16.level", "dca.8.on", "dca.8.level", "main.on", "main.level", "mute.6.on",
)  # fmt: skip


def wires_of(profile: Profile, device: str, *paths: str):
    """The wires of some paths, by their full names."""
    return {f"{device}.{p}": wire for p in paths if (wire := profile.wire(p)) is not None}


class TestOscAndTheSimulatedX32(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        profile = load_profile("behringer-x32")
        wires = wires_of(profile, "mixer", *X32_PATHS)
        with simulated(X32({"host": "ch.1"}), wires) as mixer:
            device = Device("mixer", "behringer-x32", at=mixer.at)
            yield Case(
                peer=mixer,
                make=lambda: OscDriver(device, profile, wires, "canary-4711"),
                wires=wires,
                puts={p: PUTS[wire.kind] for p, wire in wires.items()},
                dos=(Do("mixer", "recall", "3"), Do("mixer", "snippet", "1")),
                secret="canary-4711",
            )

    def test_a_console_that_lost_power_is_known_to_have(self, case: Case, runner: Runner):
        runner.link()
        runner.send(*case.commands(0))
        for command in case.commands(0):
            self.arrives(case, runner, command)
        case.peer.stop()
        runner.lost()
        runner.driver.close()
        case.peer.start()
        assert not self.linked_again(runner).restarted, "only its cable had been out"
        case.peer.stop()
        runner.lost()
        runner.driver.close()
        assert isinstance(case.peer, Simulated)
        case.peer.reset()
        assert self.linked_again(runner).restarted


class TestOscAndTheSimulatedLights(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        profile = load_profile("qlcplus")
        wires = wires_of(profile, "lights", "level.1", "level.2", "level.512")
        with simulated(Lights({"stage": "/0/dmx/0"}), wires) as lights:
            device = Device("lights", "qlcplus", at=lights.at)
            yield Case(
                peer=lights,
                make=lambda: OscDriver(device, profile, wires),
                wires=wires,
                puts=dict.fromkeys(wires, (0.0, 90.0, 33.3)),
                dos=(Do("lights", "press", "1"),),
                answers=False,
                has_hands=False,
            )
