"""Where in the running order we are. There is one list and one place in it."""

from bisect import bisect_right

from stagectl.core.model import Cue, Show


class Place:
    """The cue on stage (-1: none yet), the one standing by (`len`: none left), and the skipped."""

    def __init__(self, show: Show) -> None:
        """Stand before the first cue."""
        self.cues = show.cues
        self.index = {cue.number: i for i, cue in enumerate(show.cues)}
        self.onstage = -1
        self.standby = 0
        self.skipped: frozenset[str] = frozenset()
        self._heads = [n for n, cue in enumerate(show.cues) if cue.chapter or n == 0]

    @property
    def number(self) -> str | None:
        """The number of the standby cue."""
        return self.cues[self.standby].number if self.standby < len(self.cues) else None

    @property
    def onstage_number(self) -> str | None:
        """The number of the cue on stage."""
        return self.cues[self.onstage].number if self.onstage >= 0 else None

    @property
    def next(self) -> Cue | None:
        """The standby cue."""
        return self.cues[self.standby] if self.standby < len(self.cues) else None

    def after(self, index: int) -> int:
        """Return the index of the first cue behind `index` that is not skipped."""
        index += 1
        while index < len(self.cues) and self.cues[index].number in self.skipped:
            index += 1
        return index

    def before(self, index: int) -> int:
        """Return the index of the last cue before `index` that is not skipped, or -1."""
        index -= 1
        while index >= 0 and self.cues[index].number in self.skipped:
            index -= 1
        return index

    def chapter(self, index: int) -> int:
        """Return the index of the cue that heads the chapter of `index`; -1 before the first."""
        return self._heads[bisect_right(self._heads, index) - 1] if index >= 0 else -1

    def find(self, cue: str) -> int | None:
        """Return a cue's index; None: no such cue.

        `cue` is its number, or "next", "previous", "next chapter" or "previous chapter", from the
        standby on: a chapter is its first cue that is not skipped, and so is the list's beginning.
        """
        if cue in ("next chapter", "previous chapter"):
            heads = [self.after(head - 1) for head in self._heads]
            if cue == "next chapter":
                return next((n for n in heads if self.standby < n < len(self.cues)), None)
            return next((n for n in reversed(heads) if n < self.standby), None)
        if cue == "next":
            found = self.after(self.standby)
            return found if found < len(self.cues) else None
        if cue == "previous":
            found = self.before(self.standby)
            return found if found >= 0 else None
        return self.index.get(cue, self.index.get(_trimmed(cue)))

    def fire(self, index: int) -> None:
        """The cue is on stage; the one behind it stands by."""
        self.onstage, self.standby = index, self.after(index)

    def skip(self, number: str, *, skip: bool) -> None:
        """Take a cue out of the fold or put it back; the standby steps over it."""
        self.skipped = self.skipped | {number} if skip else self.skipped - {number}
        at = self.index[number]
        if skip and at == self.standby:
            self.standby = self.after(at)
        elif not skip and self.after(self.onstage) == at < self.standby == self.after(at):
            self.standby = at  # undone: it stands by again, as if never skipped


def _trimmed(number: str) -> str:
    """`2.50` and `2.5` are one number, `2.0` is `2`."""
    return number.rstrip("0").rstrip(".") if "." in number else number
