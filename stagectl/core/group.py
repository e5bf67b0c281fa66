"""Where parts of a group put one parameter, the later in the file wins from its own start."""

from collections.abc import Mapping
from typing import NamedTuple

from stagectl.core.model import Cue, Parameter, Value


class Step(NamedTuple):
    """Put at `value` from `wait` seconds after GO, over `fade` seconds."""

    wait: float
    fade: float
    value: Value


Ways = Mapping[Parameter, tuple[Step, ...]]

NO_WAYS: Ways = {}


def ways(cue: Cue) -> Ways:
    """Return how each parameter of a group gets to its value: steps, each later than the last.

    The last step ends at `cue.sets`. A part never moves what a later one has taken before it
    starts. A cue that is no group has no ways: all of it goes by its own `wait` and `fade`.
    """
    if not cue.group:
        return NO_WAYS
    found: dict[Parameter, list[Step]] = {}
    for part in reversed(cue.group):
        for parameter, value in part.sets.items():
            later = found.setdefault(parameter, [])
            if not later or part.wait < later[-1].wait:
                later.append(Step(part.wait, part.fade, value))
    return {parameter: tuple(reversed(steps)) for parameter, steps in found.items()}
