"""What every light desk on OSC has: universes of DMX bytes, and sliders the venue has named."""

from abc import abstractmethod
from collections.abc import Mapping

from stagectl.sim.udp_device import State, UdpDevice

UNIVERSE = 512
FULL = 255


class Lights(UdpDevice):
    """One light desk. `names` maps the venue's names to the profile's: "stage" → "level.1".

    `universes` has the bytes that go out, by universe, from 1; `levels` the last byte of each
    address; `sliders` the address of each name.
    """

    kind = "lights"

    def __init__(self, names: Mapping[str, str], *, seed: int = 0) -> None:
        """Make a desk that is switched off."""
        super().__init__(seed=seed)
        self.sliders = {
            ours: address
            for ours, stem in names.items()
            if (address := self.address_of(stem)) is not None
        }
        self.universes: dict[int, bytearray] = {}
        self.levels: dict[str, int] = {}

    def power_on(self) -> None:
        """Be dark."""
        self.universes = {1: bytearray(UNIVERSE)}
        self.levels = dict.fromkeys(self.sliders.values(), 0)

    def move(self, path: str, value: float | str) -> None:
        """Put a slider by hand: "stage.level" in %; nobody is told."""
        self.slide(self.sliders[path.removesuffix(".level")], int(FULL * float(value) / 100))

    def slide(self, address: str, level: int) -> None:
        """Put what is at an address at a byte's value."""
        level = min(max(level, 0), FULL)
        self.levels[address] = level
        if (slot := self.slot_of(address)) is not None and slot[1] < UNIVERSE:
            universe, channel = slot
            self.universes.setdefault(universe, bytearray(UNIVERSE))[channel] = level

    def state(self) -> State:
        """Return each named slider's level in %."""
        return {
            "sliders": [
                {"name": name, "level": round(self.levels.get(address, 0) / FULL * 100, 1)}
                for name, address in self.sliders.items()
            ]
        }

    # ---- what a desk is

    @abstractmethod
    def slot_of(self, address: str) -> tuple[int, int] | None:
        """Return the universe, from 1, and the channel, from 0, that an OSC address means."""

    @abstractmethod
    def address_of(self, stem: str) -> str | None:
        """Return the OSC address of a profile's name, or None: there is none."""
