"""What the devices are believed to be at: last read, else last sent."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Literal

from stagectl.core.diff import Command
from stagectl.core.model import Parameter, Value
from stagectl.core.wire import Wire

ECHO = 0.5  # seconds in which a report of what we said is our own voice
KEPT = 256  # 5 s of a 50 Hz fade: a cable can be out for half of that before anybody knows
EARSHOT = 0.03  # seconds a device may take to answer our newest word with an older one
GHOST = 10.0  # seconds after a link's return in which a command it slept on may still be done

Verdict = Literal["confirmed", "echo", "unheard", "hand"]


class Belief:
    """The values by parameter, what was said lately, and what is not confirmed yet."""

    def __init__(self, wires: Mapping[Parameter, Wire]) -> None:
        """Believe nothing."""
        self.values: dict[Parameter, Value] = {}
        self.unconfirmed: dict[Parameter, float] = {}
        """Readable parameters that were sent and not read back, and since when."""
        self.confirmed: set[Parameter] = set()
        self._wires = wires
        self._readable = {p for p, wire in wires.items() if wire.read}
        self._said: dict[Parameter, deque[tuple[float, Value]]] = {}
        self._before: dict[Parameter, Value] = {}
        self._ghosts: dict[Parameter, tuple[float, Value]] = {}

    def say(self, commands: Iterable[Command], now: float) -> None:
        """Believe that these were sent."""
        for command in commands:
            p, value = command.parameter, command.value
            if p in self._readable:
                if p not in self.unconfirmed:
                    self.unconfirmed[p] = now
                    if p in self.values:
                        self._before[p] = self.values[p]
                    self.confirmed.discard(p)
                said = self._said.get(p)
                if said is None:
                    said = self._said[p] = deque(maxlen=KEPT)
                said.append((now, value))
            self.values[p] = value

    def hear(self, parameter: Parameter, value: Value, now: float) -> Verdict:
        """Judge a report, and believe it.

        confirmed: it is where we put it. echo: where we put it a moment ago. unheard: where it was
        before we spoke (anything, if nobody knew), or before our newest word, so that word was
        lost. hand: anything else. The caller has nothing more to do than to say it again (unheard)
        or to respect it (hand).
        """
        same = self._wires[parameter].same
        believed = self.values.get(parameter)
        if believed is not None and same(believed, value):
            self._confirm(parameter)
            return "confirmed"
        verdict = self._unlike(parameter, value, now)
        if verdict != "echo":
            self.values[parameter] = value
        if verdict == "hand":
            self._confirm(parameter)
        return verdict

    def _unlike(self, parameter: Parameter, value: Value, now: float) -> Verdict:
        """Judge a report that is not what is believed."""
        same = self._wires[parameter].same
        said = self._said.get(parameter, ())
        if parameter in self.unconfirmed:
            earlier = [at for at, one in said if same(one, value)]
            if earlier and said:
                # an answer to an older word, unless the newest has had time to be heard
                return "echo" if now - said[-1][0] <= EARSHOT else "unheard"
            if parameter not in self._before or same(self._before[parameter], value):
                return "unheard"  # where it was before, as far as anybody knew
        elif any(now - at <= ECHO and same(one, value) for at, one in said):
            return "echo"
        ghost = self._ghosts.get(parameter)
        if ghost is not None and now <= ghost[0] and same(ghost[1], value):
            return "unheard"
        return "hand"

    def read(self, parameter: Parameter, value: Value) -> None:
        """Believe a reading without judging it."""
        self.values[parameter] = value
        self._confirm(parameter)

    def forget(self, parameter: Parameter) -> None:
        """Believe nothing of it, so that it is said again."""
        self.values.pop(parameter, None)
        self.unconfirmed.pop(parameter, None)
        self.confirmed.discard(parameter)

    def lose(self, parameters: Iterable[Parameter], now: float) -> None:
        """The device is gone: what it had not confirmed it may yet do, when it wakes."""
        for p in parameters:
            if p in self.unconfirmed and p in self.values:
                self._ghosts[p] = (now, self.values[p])

    def linked(self, parameters: Iterable[Parameter], now: float) -> None:
        """The device is back: its ghosts walk for a while from now on."""
        for p in parameters:
            if p in self._ghosts:
                self._ghosts[p] = (now + GHOST, self._ghosts[p][1])

    def rewire(self, wires: Mapping[Parameter, Wire]) -> None:
        """Go by these wires from now on; nothing is believed of what was said by another."""
        for p in [p for p, wire in self._wires.items() if wires.get(p) != wire]:
            self.forget(p)
            for heard in (self._said, self._before, self._ghosts):
                heard.pop(p, None)
        self._wires = wires
        self._readable = {p for p, wire in wires.items() if wire.read}

    def _confirm(self, parameter: Parameter) -> None:
        self.unconfirmed.pop(parameter, None)
        self._before.pop(parameter, None)
        self.confirmed.add(parameter)
