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
        """Remember each cue's settings; the checkpoints are made when they are asked for."""
        self._cues = show.cues
        self._base: dict[Parameter, Setting] = {p: (v, -1) for p, v in show.base.items()}
        self._sets = [{p: (v, i) for p, v in cue.sets.items()} for i, cue in enumerate(show.cues)]
        self._skipped = NOTHING_SKIPPED
        self._marks: list[dict[Parameter, Setting]] = [self._base]

    def at(self, index: int, skipped: AbstractSet[str]) -> dict[Parameter, Setting]:
        """Return a look of your own to keep: parameter → (value, index of the cue that set it)."""
        if skipped != self._skipped:
            self._skipped, self._marks = frozenset(skipped), [self._base]
        mark = (index + 1) // self.STRIDE
        while len(self._marks) <= mark:
            end = len(self._marks) * self.STRIDE
            self._marks.append(self._fold(self._marks[-1], end - self.STRIDE, end))
        return self._fold(self._marks[mark], mark * self.STRIDE, index + 1)

    def sets(self, index: int) -> dict[Parameter, Setting]:
        """Return what one cue sets; not to be changed."""
        return self._sets[index]

    def _fold(
        self, look: dict[Parameter, Setting], start: int, stop: int
    ) -> dict[Parameter, Setting]:
        look = dict(look)
        for cue, sets in zip(self._cues[start:stop], self._sets[start:stop], strict=True):
            if cue.number not in self._skipped:
                if cue.block:
                    look = dict(self._base)
                look.update(sets)
        return look
