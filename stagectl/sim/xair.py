"""A Behringer XAir (XR18; also X18, XR16, XR12, of which each has less), on UDP 10024.

Source: X AIR Mixer Series Remote Control Protocol, firmware 1.11 or higher, and its parameter list.
Channels are counted with two digits, everything else without; the main is `/lr`, the line return
`/rtn/aux`; scenes are snapshots, 1 to 64; eight clients are told of changes.
"""

import math
import re
import struct
from collections.abc import Iterator, Sequence

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.mixer import Mixer
from stagectl.sim.mixer_parameters import (
    GAIN,
    SWITCH,
    Parameter,
    fader_of,
    groups,
    strip,
)

CHANNELS, BUSES, EFFECTS = 16, 6, 4
_QUIETEST = -128.0  # dB, what 16 bits of 1/256 dB reach
_STEM = re.compile(r"(ch|bus|rtn|fxsend|dca)\.(\d+)")


def _all() -> Iterator[tuple[str, Parameter]]:
    sends = BUSES + EFFECTS
    for number in range(1, CHANNELS + 1):
        yield from strip(f"/ch/{number:02}", sends)
    yield from strip("/rtn/aux", sends)
    for number in range(1, EFFECTS + 1):
        yield from strip(f"/rtn/{number}", sends)
        yield from strip(f"/fxsend/{number}", pan=False)
    for number in range(1, BUSES + 1):
        yield from strip(f"/bus/{number}")
    yield from strip("/lr")
    yield from groups(dcas=4, mutes=4)
    for number in range(1, CHANNELS + 1):
        yield f"/headamp/{number:02}/gain", GAIN
        yield f"/headamp/{number:02}/phantom", SWITCH
    yield "/-snap/index", Parameter("i", 1, top=64)
    yield "/-prefs/name", Parameter("s", "")


PARAMETERS: dict[str, Parameter] = dict(_all())


class XAir(Mixer):
    """An XR18."""

    model = "XR18"
    firmware = "1.17"
    remotes = 8
    parameters = PARAMETERS
    heard = (*(f"/ch/{number:02}" for number in range(1, CHANNELS + 1)), "/rtn/aux")
    main = "/lr"
    current = "/-snap/index"

    def root_of(self, stem: str) -> str | None:
        """Return the OSC address a profile's name stands for: "ch.1" → "/ch/01", "main" → "/lr"."""
        if stem in {"main", "lr"}:
            return "/lr"
        if stem == "aux":
            return "/rtn/aux"
        found = _STEM.fullmatch(stem)
        if found is None:
            return None
        root = f"/ch/{int(found[2]):02}" if found[1] == "ch" else f"/{found[1]}/{int(found[2])}"
        return root if fader_of(root) in PARAMETERS else None

    def info(self) -> Sequence[str]:
        """Return what `/info` is answered with."""
        return "V0.04", self.title(), self.model, self.firmware

    def act(self, message: osc.Message, peer: Peer) -> None:
        """Recall or keep a snapshot; neither is answered."""
        del peer
        match message.address, message.arguments:
            case "/-snap/load", (int(number),) if 1 <= number <= 64:
                self.recall(number)
            case "/-snap/save", (int(number),) if 1 <= number <= 64:
                self.store(number)

    def frame(self, bank: str) -> bytes | None:
        """Return `/meters/1`: 40 values of 16 bits each, in steps of 1/256 dB.

        The channels, the line and the effects' returns, left and right, the buses, the effects'
        sends, the main's left and right, the monitor's.
        """
        if bank != "/meters/1":
            return None
        returns = ["/rtn/aux", *(f"/rtn/{number}" for number in range(1, EFFECTS + 1))]
        roots = [f"/ch/{number:02}" for number in range(1, CHANNELS + 1)]
        roots += [root for root in returns for _side in "lr"]
        roots += [f"/bus/{number}" for number in range(1, BUSES + 1)]
        roots += [f"/fxsend/{number}" for number in range(1, EFFECTS + 1)]
        roots += [self.main, self.main]
        levels = [self.sound(root) for root in roots] + [0.0, 0.0]
        decibels = [
            max(20 * math.log10(level), _QUIETEST) if level else _QUIETEST for level in levels
        ]
        steps = [round(level * 256) for level in decibels]
        return struct.pack(f"<i{len(steps)}h", len(steps), *steps)
