"""The Dos: each is said once, acknowledged or missed, and never sent late by itself."""

from dataclasses import dataclass, field, replace

from stagectl.core.model import Cue, Do
from stagectl.engine.event import Missed

LATCH_VERDICTS = {"start": True, "stop": False}
ANSWERED_WITHIN = 10.0  # seconds; a device that acknowledges nothing is not waited for


@dataclass(slots=True)
class Occasion:
    """One Do of one cue, waiting for its moment."""

    due: float
    do: Do
    cue: str


@dataclass(slots=True)
class Occasions:
    """Numbers the Dos and knows how each one stands."""

    waiting: list[Occasion] = field(default_factory=list)
    out: dict[int, Occasion] = field(default_factory=dict)
    """Said lately (`due` is when), not acknowledged."""
    missed: dict[int, Missed] = field(default_factory=dict)
    latches: dict[tuple[str, str], bool] = field(default_factory=dict)
    """(device, verb) → what people want of it."""
    said: list[Do] = field(default_factory=list)
    """What the next call of `commands` hands over."""
    last: int = 0

    def plan(self, cue: Cue, at: float) -> None:
        """A cue went: its Dos come due, those of each part after its wait."""
        for part in cue.parts:
            for do in part.dos:
                self.last += 1
                due = at + part.wait
                self.waiting.append(Occasion(due, replace(do, id=self.last), cue.number))

    def due(self, now: float) -> list[Occasion]:
        """Return those whose moment has come; `did` or `miss` takes them out of the list."""
        return [o for o in self.waiting if o.due <= now]

    def did(self, do: Do, at: float, cue: str = "") -> None:
        """It is being said."""
        self._numbered(do.id)
        self.out = {n: o for n, o in self.out.items() if at - o.due < ANSWERED_WITHIN}
        self.out[do.id] = Occasion(at, do, cue)
        self.said.append(do)

    def unanswered(self, now: float) -> list[Occasion]:
        """Return what was said lately and never acknowledged: nobody knows whether it was done."""
        return [o for o in self.out.values() if now - o.due < ANSWERED_WITHIN]

    def drop(self, number: int) -> None:
        """A missed Do is wanted no more: its latch shall stay as it is."""
        missed = self.missed.pop(number, None)
        if missed is not None and missed.argument in LATCH_VERDICTS:
            self.latches[missed.device, missed.verb] = not LATCH_VERDICTS[missed.argument]

    def miss(self, missed: Missed) -> None:
        """It was not carried out, or nobody knows."""
        self._numbered(missed.do)
        self.out.pop(missed.do, None)
        self.said = [do for do in self.said if do.id != missed.do]
        self.missed[missed.do] = missed

    def want(self, do: Do) -> None:
        """A person or a cue wants a latch on or off, whether or not the device is there."""
        if do.argument in LATCH_VERDICTS:
            self.latches[do.device, do.verb] = LATCH_VERDICTS[do.argument]

    def take(self) -> tuple[Do, ...]:
        """Hand over what is to be said now."""
        said, self.said = tuple(self.said), []
        return said

    def _numbered(self, number: int) -> None:
        self.last = max(self.last, number)
        self.waiting = [o for o in self.waiting if o.do.id != number]
