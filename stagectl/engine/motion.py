"""What is on its way: each fade keeps the grid it was born on, start + n × 20 ms."""

import math
from dataclasses import dataclass

from stagectl.core.fade import Fade
from stagectl.core.model import Parameter, Value

GRID = 0.02  # seconds: 50 Hz


@dataclass(slots=True)
class _Grid:
    """Fades that begin and end together, and when they want to be looked at next."""

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
        self.ended: dict[Parameter, float] = {}
        """When a parameter's last fade came to its end: only then can it be confirmed."""
        self._grids: list[_Grid] = []

    def begin(self, fades: dict[Parameter, Fade]) -> None:
        """Take these up; what one of them runs on from keeps moving until it starts."""
        alike: dict[tuple[float, float], dict[Parameter, Fade]] = {}
        for parameter, fade in fades.items():
            known = self.fades.get(parameter)  # it is on its grid, and so is all behind it
            link: Value | Fade = fade
            while isinstance(link, Fade) and link is not known:
                alike.setdefault((link.start, link.end), {})[parameter] = link
                link = link.before
        self.fades.update(fades)
        self._grids += [_Grid(start, start, begun) for (start, _), begun in alike.items()]

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
            fades = self.fades
            running = {
                p: f for p, f in grid.fades.items() if fades.get(p) is f or self._runs_on(p, f, now)
            }
            moved += running
            if not grid.begun:
                grid.begun = True
                self.begun.update(p for p, f in running.items() if f.value(now) != f.after)
            for parameter in [p for p, f in running.items() if f.end <= now]:
                done = running.pop(parameter)
                if fades[parameter] is done:
                    del fades[parameter]
                    self.ended[parameter] = done.end
            if not running:
                self._grids.remove(grid)
                continue
            grid.fades = running
            beat = grid.start + (math.floor((now - grid.start) / GRID + 1e-6) + 1) * GRID
            grid.due = min(beat, *(f.end for f in running.values()))
        return moved

    def _runs_on(self, parameter: Parameter, fade: Fade, now: float) -> bool:
        """Tell whether a later fade of the parameter sets out from this one, and has not yet."""
        later = self.fades.get(parameter)
        while isinstance(later, Fade) and later.start > now:
            if later.before is fade:
                return True
            later = later.before if isinstance(later.before, Fade) else None
        return False
