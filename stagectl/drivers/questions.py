"""Every value sent to a device that can be read is asked for until the device has answered."""

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from stagectl.core.model import Parameter

SETTLE = 0.06  # seconds of quiet after a parameter's last set: a 50 Hz fade asks only at its end
REPEAT = 0.1  # seconds between the first repeats of a question nobody answered …
HURRIED = 10  # … this many times
SLOW = 1.0  # and the seconds between the later ones, for as long as the link holds
STALE = 0.25  # seconds in which an answer may still be to a question older than our last word


@dataclass(slots=True)
class _Question:
    due: float
    asked: float = -math.inf
    tries: int = 0


class Questions:
    """What to ask a device that loses packets, and when; all times are monotonic seconds."""

    def __init__(self) -> None:
        """Ask nothing."""
        self.settling: dict[Parameter, float] = {}
        """Parameters set and not yet asked for, and when they were set. `send` writes here."""
        self._open: dict[Parameter, _Question] = {}

    def ask(self, parameters: Iterable[Parameter], at: float) -> None:
        """Ask for these at `at`, unless they are being asked for already."""
        for p in parameters:
            if p not in self.settling:
                self._open.setdefault(p, _Question(at))

    def keep(self, parameters: Container[Parameter]) -> None:
        """Ask for nothing but these any more."""
        self.settling = {p: at for p, at in self.settling.items() if p in parameters}
        self._open = {p: question for p, question in self._open.items() if p in parameters}

    def ready(self, now: float, most: int) -> Sequence[Parameter]:
        """Return what is to be asked now, `most` at a time; the rest stays due."""
        for p in [p for p, at in self.settling.items() if at + SETTLE <= now]:
            del self.settling[p]
            self._open[p] = _Question(now)
        due = [p for p, question in self._open.items() if question.due <= now]
        asked = [p for p in due if p not in self.settling][:most]
        for p in asked:
            question = self._open[p]
            question.asked = now
            question.tries += 1
            question.due = now + (REPEAT if question.tries <= HURRIED else SLOW)
        return asked

    def answered(self, parameter: Parameter, now: float) -> bool:
        """Close the question; False: the answer may be older than our last word, and says nothing.

        That can only be while a question is out and a set has gone after it. The set will be asked
        for in its turn, so nothing is missed. A value nobody asked for always counts: it is a hand.
        """
        if parameter not in self.settling:
            self._open.pop(parameter, None)
            return True
        question = self._open.get(parameter)
        return question is None or now - question.asked >= STALE

    @property
    def due(self) -> float:
        """When something is to be asked; math.inf: nothing is."""
        return min(
            min((q.due for p, q in self._open.items() if p not in self.settling), default=math.inf),
            min(self.settling.values(), default=math.inf) + SETTLE,
        )

    def __bool__(self) -> bool:
        """Tell whether an answer is waited for."""
        return bool(self._open or self.settling)
