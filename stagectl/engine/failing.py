"""What a device would not do is said again, after one second at first and ten in the end."""

import math
from collections.abc import Container
from dataclasses import dataclass, replace

from stagectl.core.model import Parameter

PATIENCE = (1.0, 2.0, 5.0, 10.0)  # seconds until a refused command is said again


@dataclass(frozen=True, slots=True)
class Refusal:
    """A device would not: why, how often, and when to say it again."""

    why: str
    detail: str
    times: int
    again: float


class Failing:
    """The parameters whose devices would not, and the last refusal of each."""

    def __init__(self) -> None:
        """Nothing has failed."""
        self.refusals: dict[Parameter, Refusal] = {}

    def refused(self, parameter: Parameter, why: str, detail: str, now: float) -> bool:
        """A device would not; tell whether that is news."""
        known = self.refusals.get(parameter)
        times = known.times + 1 if known else 0
        wait = PATIENCE[min(times, len(PATIENCE) - 1)]
        self.refusals[parameter] = Refusal(why, detail, times, now + wait)
        return known is None or known.why != why

    def forget(self, parameter: Parameter) -> None:
        """It is wanted elsewhere, or heard: what was refused is no matter any more."""
        self.refusals.pop(parameter, None)

    def keep_only(self, parameters: Container[Parameter]) -> None:
        """Forget what is none of these."""
        self.refusals = {p: r for p, r in self.refusals.items() if p in parameters}

    def waits(self, parameter: Parameter) -> bool:
        """Tell whether it is not to be said yet."""
        refusal = self.refusals.get(parameter)
        return refusal is not None and refusal.again != math.inf

    @property
    def due(self) -> float:
        """When something is to be said again; math.inf: nothing is."""
        return min((r.again for r in self.refusals.values()), default=math.inf)

    def retry(self, now: float) -> list[Parameter]:
        """Return what is to be said again now: refused again it waits longer."""
        due = [p for p, refusal in self.refusals.items() if refusal.again <= now]
        for p in due:
            self.refusals[p] = replace(self.refusals[p], again=math.inf)
        return due
