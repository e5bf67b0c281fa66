"""A key that is held down, or leant on, is one press: terminals tell no more than repeats."""

from collections.abc import Callable

REPEAT = 0.4  # seconds: the same key sooner than this is a key held down
TAP = 0.1  # … where a quick finger may mean it: no finger taps sooner, every held key repeats so


class Presses:
    """When each action was last asked for by a key."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Remember nothing yet; `clock` tells seconds."""
        self._now = clock
        self._last: dict[str, float] = {}

    def still(self, action: str, within: float = REPEAT) -> bool:
        """Tell whether this is the same press still, and remember it."""
        now = self._now()
        before, self._last[action] = self._last.get(action), now
        return before is not None and now - before < within
