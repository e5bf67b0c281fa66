"""The OSC driver keeps the contract, with whatever answers on the other side."""

from collections.abc import Iterator

import pytest

from stagectl.core.model import Device, Do
from stagectl.core.profile import Profile
from stagectl.drivers.osc import OscDriver
from stagectl.files.load import load_profile
from stagectl.sim.ola import Ola
from stagectl.sim.qlcplus import Qlcplus
from stagectl.sim.x32 import M32, X32
from stagectl.sim.xair import XAir
from tests.drivers.contract import Case, DriverContract, Runner
from tests.drivers.simulated import Simulated, simulated

PUTS = {"switch": (True, False), "number": (-5.0, -40.0, 2.5), "text": ("Kari", "Per")}
X32_PATHS = (
    "ch.1.on", "ch.1.level", "ch.1.name", "ch.32.on", "ch.32.level", "aux.8.on", "aux.8.level",
    "bus.16.on", "bus.16.level", "dca.8.on", "dca.8.level", "main.on", "main.level", "mute.6.on",
)  # fmt: skip
XAIR_PATHS = (
    "ch.1.on", "ch.1.level", "ch.1.name", "ch.16.on", "ch.16.level", "aux.on", "aux.level",
    "rtn.4.level", "fxsend.4.on", "bus.6.on", "bus.6.level", "dca.4.on", "dca.4.level", "main.on",
    "main.level", "mute.4.on",
)  # fmt: skip


def wires_of(profile: Profile, device: str, *paths: str):
    """The wires of some paths, by their full names."""
    return {f"{device}.{p}": wire for p in paths if (wire := profile.wire(p)) is not None}


MIXERS = {
    "behringer-x32": (X32, X32_PATHS, (Do("mixer", "recall", "3"), Do("mixer", "snippet", "1"))),
    "midas-m32": (M32, X32_PATHS, (Do("mixer", "recall", "3"), Do("mixer", "snippet", "1"))),
    "behringer-xair": (XAir, XAIR_PATHS, (Do("mixer", "recall", "3"),)),
}
"""Which simulated mixer a profile is shown with, some parameters of it, and its verbs."""


class TestOscAndASimulatedMixer(DriverContract):
    @pytest.fixture(params=MIXERS)
    def case(self, request) -> Iterator[Case]:
        name = request.param
        kind, paths, dos = MIXERS[name]
        profile = load_profile(name)
        wires = wires_of(profile, "mixer", *paths)
        with simulated(kind({"host": "ch.1"}), wires) as mixer:
            device = Device("mixer", name, at=mixer.at)
            yield Case(
                peer=mixer,
                make=lambda: OscDriver(device, profile, wires, "canary-4711"),
                wires=wires,
                puts={p: PUTS[wire.kind] for p, wire in wires.items()},
                dos=dos,
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


LIGHTS = {
    "qlcplus": (Qlcplus, ("level.1", "level.2", "level.512"), (Do("lights", "press", "1"),)),
    "ola": (Ola, ("level.1", "level.2", "universe.2.level.512"), ()),
}


class TestOscAndSimulatedLights(DriverContract):
    @pytest.fixture(params=LIGHTS)
    def case(self, request) -> Iterator[Case]:
        name = request.param
        kind, paths, dos = LIGHTS[name]
        profile = load_profile(name)
        wires = wires_of(profile, "lights", *paths)
        with simulated(kind({"stage": "level.1"}), wires) as lights:
            device = Device("lights", name, at=lights.at)
            yield Case(
                peer=lights,
                make=lambda: OscDriver(device, profile, wires),
                wires=wires,
                puts=dict.fromkeys(wires, (0.0, 90.0, 33.3)),
                dos=dos,
                answers=False,
                has_hands=False,
            )
