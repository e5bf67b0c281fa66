"""How old an OBS is, which tells one that was started again from one that was out of reach."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alive:
    """OBS's frame counter, which runs with the clock and makes up for a freeze: it is its age."""

    at: float
    frames: float
    fps: float

    def is_another(self, before: "Alive") -> bool:
        """Tell whether OBS was started after `before`."""
        young = self.frames / self.fps < self.at - before.at - 0.5
        return self.frames < before.frames or young


class Clock:
    """The runner's clock, going on while `open` waits."""

    def __init__(self, now: float) -> None:
        self._now, self._began = now, time.monotonic()

    @property
    def spent(self) -> float:
        return time.monotonic() - self._began

    @property
    def now(self) -> float:
        return self._now + self.spent
