"""The OSC driver keeps the contract, with whatever answers on the other side."""

from collections.abc import Iterator

import pytest

from stagectl.core.model import Do
from stagectl.drivers.osc import OscDriver
from tests.drivers.contract import Case, DriverContract
from tests.drivers.mixer import PROFILE, WIRES, small_mixer

PUTS = {"switch": (True, False), "number": (-5.0, -40.0, 2.5), "text": ("Kari Ødegård", "Per")}


class TestOscAndASmallMixer(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        with small_mixer() as mixer:
            yield Case(
                peer=mixer,
                make=lambda: OscDriver(mixer.device(), PROFILE, WIRES, "canary-4711"),
                wires=WIRES,
                puts={p: PUTS[wire.kind] for p, wire in WIRES.items()},
                dos=(Do("mixer", "recall", "3"), Do("mixer", "press", "2")),
                secret="canary-4711",
            )
