"""What is on its way: each fade keeps the grid it was born on, start + n × 20 ms."""

import math
from dataclasses import dataclass

from stagectl.core.fade import Fade
from stagectl.core.model import Parameter

GRID = 0.02  # seconds: 50 Hz


@dataclass(slots=True)
class _Grid:
    """Fades that began together, and when they want to be looked at next."""

    start: float
    due: float
    fades: dict[Parameter, Fade]
    begun: bool = False


class Motion:
    """The running fades, by parameter. A later fade of a parameter replaces the earlier."""

    def __init__(self) -> None:
        """Nothing moves."""
        self.fades: dict[Parameter, Fade] = {}
        self.begun: set[Parameter] = set()
        """What set out at the last `step`: it is said where it starts from, so that a device takes
        hold on the GO and not a beat later, and starts from where the line does."""
        self._grids: list[_Grid] = []

    def begin(self, fades: dict[Parameter, Fade], now: float) -> None:
        """Start fades that share one start; before it, what they run on from goes on moving."""
        self.fades.update(fades)
        moving = {p: f for p, f in fades.items() if isinstance(f.before, Fade)}
        waiting = {p: f for p, f in fades.items() if p not in moving}
        if moving:
            self._grids.append(_Grid(now, now, moving))
        if waiting:
            start = next(iter(waiting.values())).start
            self._grids.append(_Grid(start, start, waiting))

    def stop(self, parameter: Parameter) -> None:
        """Let a parameter be: its grid finds it gone."""
        self.fades.pop(parameter, None)

    def clear(self) -> None:
        """Stop everything."""
        self.fades.clear()
        self._grids.clear()

    @property
    def due(self) -> float:
        """When something moves next; math.inf when nothing does."""
        return min((g.due for g in self._grids), default=math.inf)

    def step(self, now: float) -> list[Parameter]:
        """Return the parameters whose value is due, and let go of fades that are done."""
        moved: list[Parameter] = []
        self.begun = set()
        for grid in [g for g in self._grids if g.due <= now]:
            running = {p: f for p, f in grid.fades.items() if self.fades.get(p) is f}
            moved += running
            if not grid.begun:
                grid.begun = True
                self.begun.update(p for p, f in running.items() if f.value(now) != f.after)
            for parameter in [p for p, f in running.items() if f.end <= now]:
                del self.fades[parameter], running[parameter]
            if not running:
                self._grids.remove(grid)
                continue
            grid.fades = running
            beat = grid.start + (math.floor((now - grid.start) / GRID + 1e-6) + 1) * GRID
            grid.due = min(beat, *(f.end for f in running.values()))
        return moved
