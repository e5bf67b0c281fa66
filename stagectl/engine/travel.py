"""How a parameter gets to where it is wanted: at once, or by a fade from where it is by then.

Nothing moves here: a way is only worked out.
"""

from stagectl.core.fade import Fade
from stagectl.core.group import Step
from stagectl.core.model import Parameter, Value
from stagectl.engine.belief import Belief
from stagectl.engine.motion import Motion
from stagectl.engine.wanted import Wanted

RETURN = 2.0  # seconds a fader takes back to the look after its device lost its values
LEVELS = ("dB", "%")  # the units of faders: what people hear and see travel


class Travel:
    """The ways of one stage's parameters. None: it is put there at once."""

    def __init__(self, belief: Belief, motion: Motion) -> None:
        """Set out from what is believed, and from what is on its way."""
        self._belief = belief
        self._motion = motion

    def to(
        self,
        wanted: Wanted,
        p: Parameter,
        after: Value,
        start: float,
        seconds: float,
        *,
        waits: bool,
        was: Value | None = None,
    ) -> Fade | None:
        """Return the fade that brings `p` to `after`.

        It starts from what runs already, if it waits; else from what was last read or sent; where
        that is hidden by an overlay, or never was, from what was wanted before (`was`).
        """
        after = wanted.spelled(p, after)
        if not waits and not (seconds > 0 and wanted.wires[p].kind == "number"):
            return None
        running = self._motion.fades.get(p)
        before: Value | Fade | None = running if waits else None
        if before is None:
            before = self._standing(wanted, p, start, running)
        if before is None and was is not None and (waits or p in wanted.over):
            before = wanted.spelled(p, was)
        return (
            None if before is None else Fade(before, after, start, seconds, wanted.wires[p].floor)
        )

    def by_steps(
        self,
        wanted: Wanted,
        p: Parameter,
        steps: tuple[Step, ...],
        now: float,
        *,
        was: Value | None,
    ) -> Fade | None:
        """Return the way of a parameter that a group moves; each step sets out from the last."""
        (wait, seconds, after), *rest = steps
        way = self.to(wanted, p, after, now + wait, seconds, waits=wait > 0, was=was)
        for step in rest:
            before = wanted.spelled(p, after) if way is None else way
            wait, seconds, after = step
            to, floor = wanted.spelled(p, after), wanted.wires[p].floor
            way = Fade(before, to, now + wait, seconds, floor)
        return way

    def back(self, wanted: Wanted, p: Parameter, now: float) -> Fade | None:
        """Return the way of a fader back to the look of now; anything else is put there at once.

        Where a fade is running, or waits to start, the fader meets it on its way and goes on.
        """
        running, met = self._motion.fades.get(p), now + RETURN
        if running is None or running.end <= met or not _travels(wanted, p):
            return self.over(wanted, p, now)
        back = self.to(wanted, p, running.value(met), now, RETURN, waits=False)
        return running if back is None else running.joined(back, met)

    def over(self, wanted: Wanted, p: Parameter, now: float) -> Fade | None:
        """Return the way of a fader over to where the look of now has it, whatever runs."""
        if not _travels(wanted, p):
            return None
        return self.to(wanted, p, wanted.target[p][0], now, RETURN, waits=False)

    def _standing(
        self, wanted: Wanted, p: Parameter, now: float, running: Fade | None
    ) -> Value | None:
        if p not in wanted.over and p in self._belief.values:
            return self._belief.values[p]
        if p in wanted.hands:
            return wanted.hands[p].value
        return None if running is None else running.value(now)


def _travels(wanted: Wanted, p: Parameter) -> bool:
    return wanted.wires[p].unit in LEVELS and p in wanted.target
