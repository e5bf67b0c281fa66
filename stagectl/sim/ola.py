"""DMX over OSC in the manner of OLA 0.10.9: `/dmx/universe/1/3` is universe 1, slot 3; no answers.

As seen on olad: an int is the byte itself and a float its 255th part cut off, both kept within
0–255; a blob on `/dmx/universe/1` is the whole universe; any other type, and a slot over 512, is as
if it had not come. Any universe is patched here; the real one wants that done by a person.
"""

import math
import re

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.lights import FULL, UNIVERSE, Lights

_UNIVERSE = re.compile(r"/dmx/universe/(\d{1,5})")
_SLOT = re.compile(r"/dmx/universe/(\d{1,5})/(\d{1,3})")
_STEM = re.compile(r"(?:universe\.(\d{1,5})\.)?level\.(\d{1,3})")


class Ola(Lights):
    """One olad."""

    def take(self, message: osc.Message, peer: Peer) -> None:
        """Put a slot, or a whole universe."""
        del peer  # it is never answered
        match message.types, message.arguments:
            case "i", (int(level),):
                self._one(message.address, level)
            case "f", (float(share),) if math.isfinite(share):
                self._one(message.address, int(FULL * share))
            case "b", (bytes(levels),):
                self._whole(message.address, levels)

    def slot_of(self, address: str) -> tuple[int, int] | None:
        """Return the universe and the channel, from 0."""
        found = _SLOT.fullmatch(address)
        if found is None or not 1 <= int(found[2]) <= UNIVERSE:
            return None
        return int(found[1]), int(found[2]) - 1

    def address_of(self, stem: str) -> str | None:
        """Return the OSC address of a profile's name: "level.1" → "/dmx/universe/1/1"."""
        found = _STEM.fullmatch(stem)
        return f"/dmx/universe/{found[1] or 1}/{found[2]}" if found else None

    def _one(self, address: str, level: int) -> None:
        if self.slot_of(address) is not None:
            self.slide(address, level)

    def _whole(self, address: str, levels: bytes) -> None:
        if found := _UNIVERSE.fullmatch(address):
            for slot, level in enumerate(levels[:UNIVERSE], start=1):
                self.slide(f"/dmx/universe/{found[1]}/{slot}", level)
