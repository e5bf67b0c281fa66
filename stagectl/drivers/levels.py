"""Levels become dB by stem, at most ten times a second; what is no level is left out."""

import math
from collections.abc import Iterable, Mapping

from stagectl.core.meter import Bank, metered
from stagectl.core.model import Device, Parameter
from stagectl.core.profile import Profile
from stagectl.engine.report import SILENT, Levels

PACE = 0.09  # seconds between two reports at the least: ten a second of frames that come each 50 ms
STILL = 0.25  # seconds that a level counts where the message after it was lost
LOUDEST = 40.0  # dB over full scale: more than any device has room for, so it is no level

Places = Mapping[Bank, Mapping[str, str]]
"""For each message, the stems in it by their full names, and where each stands."""


def places_of(device: Device, profile: Profile, parameters: Iterable[Parameter]) -> Places:
    """Return where the stems of these parameters are metered; those that are not are left out."""
    found: dict[Bank, dict[str, str]] = {}
    for stem in dict.fromkeys(p.rpartition(".")[0] for p in parameters):
        if (place := metered(profile.meters, stem.partition(".")[2], device.names)) is not None:
            found.setdefault(place[0], {})[stem] = place[1]
    return found


class Gathered:
    """The loudest of each stem since the last report, so that a pace of ten a second loses none."""

    def __init__(self, device: str) -> None:
        """Nothing has been heard."""
        self._device = device
        self._loudest: dict[str, float] = {}
        self._last: dict[str, tuple[float, float]] = {}  # by stem: its level, and when it came
        self._told = -math.inf

    def add(self, stem: str, level: float, now: float) -> None:
        """Take a level in dB; one that is none is dropped."""
        if not level <= LOUDEST:  # NaN too
            return
        level = max(level, SILENT)
        self._loudest[stem] = max(level, self._loudest.get(stem, SILENT))
        self._last[stem] = level, now

    def report(self, now: float) -> Levels | None:
        """Return what there is to tell, if it is time."""
        if not self._loudest or now - self._told < PACE:
            return None
        self._told = now
        still = {s: level for s, (level, at) in self._last.items() if now - at <= STILL}
        loudest, self._loudest = self._loudest, {}
        return Levels(self._device, {**still, **loudest})
