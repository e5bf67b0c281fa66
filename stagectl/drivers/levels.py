"""Levels become dB by stem, at most ten times a second; what is no level is left out."""

import math

from stagectl.core.meter import Bank
from stagectl.core.profile import Profile
from stagectl.engine.report import SILENT, Levels

PACE = 0.09  # seconds between two reports at the least: ten a second of frames that come each 50 ms
STILL = 0.25  # seconds that a level counts where the message after it was lost
LOUDEST = 40.0  # dB over full scale: more than any device has room for, so it is no level

Found = tuple[Bank, str]  # in which message a level stands, and where in it


def metered(profile: Profile) -> dict[str, Found]:
    """Return where levels stand, by the addresses of the parameters that have the same stem.

    By address, since a venue's names can come to mean another channel while the link stays.
    """
    found: dict[str, Found] = {}
    for bank in profile.meters:
        for place in bank.places:
            if place.free:  # then the place is the device's own name: the driver knows
                continue
            stems = [(stem, wire.address) for stem in place.every() if (wire := place.match(stem))]
            for parameter in profile.parameters:
                family = parameter.path.rpartition(".")[0] == place.path
                for stem, where in stems if family or len(stems) == 1 else ():
                    path = parameter.under(stem)
                    one = parameter.match(path) if path is not None else None
                    if one is not None:
                        found.setdefault(one.address, (bank, where))
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
