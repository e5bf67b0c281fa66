"""How loud OBS's inputs are: an event every 50 ms, taken only while somebody looks at a meter.

Source: obs-websocket 5, InputVolumeMeters: for each active input and each of its channels
[magnitude, peak, peak before the fader], as factors of full scale; a muted one's first two are 0.
"""

import math
from collections.abc import Mapping
from typing import Any

from stagectl.core.meter import decibels
from stagectl.core.model import Parameter
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.levels import Gathered
from stagectl.engine.report import Levels

EVENT = "InputVolumeMeters"
MOST = 64  # channels of one input that are looked at; OBS has 8


class Meters:
    """The inputs that the show speaks of, by the names they have in OBS."""

    def __init__(self, device: str, profile: Profile) -> None:
        """Know no input yet, and want nothing."""
        self.wanted = False
        self.subscribed = False
        self._device = device
        self._known = any(bank.address == EVENT for bank in profile.meters)
        self._stems: dict[str, str] = {}
        self._gathered = Gathered(device)

    def rewire(self, wires: Mapping[Parameter, Wire]) -> None:
        """Speak of the inputs of these parameters from now on: those that can be heard."""
        self._stems = {
            wire.address: parameter.rpartition(".")[0]
            for parameter, wire in wires.items()
            if self._known and wire.type in {"mute", "volume"}
        }

    def begin(self) -> None:
        """A new link: nothing is subscribed to."""
        self.subscribed = False
        self._gathered = Gathered(self._device)

    @property
    def want(self) -> bool:
        """Tell whether the event is to come: somebody looks, and there is something to see."""
        return self.wanted and bool(self._stems)

    def hear(self, data: object, now: float) -> Levels | None:
        """Take one event, whatever is in it; return what is to be reported."""
        if not self.want:
            return None
        for name, channels in _inputs(data):
            if (stem := self._stems.get(name)) is not None:
                self._gathered.add(stem, _loudest(channels), now)
        return self._gathered.report(now)


def _inputs(data: object) -> list[tuple[str, list[Any]]]:
    inputs = data.get("inputs") if isinstance(data, dict) else None
    found = []
    for one in inputs if isinstance(inputs, list) else ():
        name, channels = (
            (one.get("inputName"), one.get("inputLevelsMul")) if isinstance(one, dict) else (0, 0)
        )
        if isinstance(name, str) and isinstance(channels, list) and channels:
            found.append((name, channels[:MOST]))
    return found


def _loudest(channels: list[Any]) -> float:
    """Return the highest peak of the channels in dB, NaN where none has one."""
    peaks = [c[1] for c in channels if isinstance(c, list) and len(c) > 1]
    known = [decibels(p) for p in peaks if isinstance(p, int | float)]
    return max((db for db in known if not math.isnan(db)), default=math.nan)
