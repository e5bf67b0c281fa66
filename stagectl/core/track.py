"""Tracking: what every parameter should be once a cue has gone."""

from collections.abc import Set as AbstractSet

from stagectl.core.model import Look, Parameter, Show, Value

Setting = tuple[Value, int]  # a value, and the index of the cue that set it (-1: the base)

NOTHING_SKIPPED: frozenset[str] = frozenset()


def look_at(show: Show, index: int, skipped: AbstractSet[str] = NOTHING_SKIPPED) -> Look:
    """Fold the cue list up to and including `index`, the way a lighting desk does; -1: the base.

    `skipped` holds the numbers of the cues taken out of the fold.
    """
    look: dict[Parameter, Value] = dict(show.base)
    for cue in show.cues[: index + 1]:
        if cue.number in skipped:
            continue
        if cue.block:
            look = dict(show.base)
        look.update(cue.sets)
    return look


class Track:
    """`look_at` for a long show: the same fold, begun at the nearest checkpoint behind the cue.

    Each value carries the index of the cue that set it, so that a screen can say why and the
    engine can see that a cue has spoken again. `look_at` is the meaning; a property test holds
    the two equal.
    """

    STRIDE = 64

    def __init__(self, show: Show) -> None:
        """Make the checkpoints: the first jump shall cost no more than the next."""
        self._cues = show.cues
        self._base: dict[Parameter, Setting] = {p: (v, -1) for p, v in show.base.items()}
        self._skipped = NOTHING_SKIPPED
        self._marks: list[dict[Parameter, Setting]] = [self._base]
        self._mark(len(show.cues))

    def at(self, index: int, skipped: AbstractSet[str]) -> dict[Parameter, Setting]:
        """Return a look of your own to keep: parameter → (value, index of the cue that set it)."""
        if skipped != self._skipped:
            self._skipped, self._marks = frozenset(skipped), [self._base]
        mark = self._mark(index + 1)
        return self._fold(self._marks[mark], mark * self.STRIDE, index + 1)

    def sets(self, index: int) -> dict[Parameter, Setting]:
        """Return what one cue sets."""
        return {p: (v, index) for p, v in self._cues[index].sets.items()}

    def _mark(self, cues: int) -> int:
        """Return the checkpoint nearest behind so many cues, made if it was not."""
        mark = cues // self.STRIDE
        while len(self._marks) <= mark:
            end = len(self._marks) * self.STRIDE
            self._marks.append(self._fold(self._marks[-1], end - self.STRIDE, end))
        return mark

    def _fold(
        self, look: dict[Parameter, Setting], start: int, stop: int
    ) -> dict[Parameter, Setting]:
        look = dict(look)
        for index in range(start, stop):
            cue = self._cues[index]
            if cue.number not in self._skipped:
                if cue.block:
                    look = dict(self._base)
                for parameter, value in cue.sets.items():
                    look[parameter] = (value, index)
        return look
