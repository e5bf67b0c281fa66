"""A controller is a face like any other: its keys ask, and its lamps are drawn from the snapshot.

What a key or a fader is for, the venue's `controls:` say. A press becomes an ordinary intent, and
all the rules for intents hold for it. Lamps are found by comparing what the snapshot wants with
what they were last told: nothing changed, nothing is said.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from stagectl.core.book import Book
from stagectl.core.control import Control
from stagectl.core.controls import Act, Binding, Fire, Obey, Ride, Say
from stagectl.core.diff import Command
from stagectl.core.midi import ALL_CALL
from stagectl.core.model import Parameter, Value
from stagectl.core.wire import Wire
from stagectl.engine.intent import (
    Back,
    Go,
    Intent,
    Overlay,
    Put,
    Release,
    StandBy,
    Trigger,
)
from stagectl.engine.report import Commanded, Touched
from stagectl.engine.snapshot import Snapshot

STUCK = 0.5  # seconds after which a key that was never let go is pressed anew: some never say it
HELD = 0.25  # seconds between two words of a key that is down: some say it again and again
BOUNCE = 0.05  # seconds after a press or a release in which another press is its spring
JITTER = 0.02  # of its way: what a fader nobody touches can tell of, and no hand in a running fade
ECHO = 0.5  # seconds in which a motor's own way is nobody's hand
BACK = 0.05  # seconds in which a lamp's own word, come back, is nobody's finger: a MIDI loop
REST = 0.3  # seconds a motor leaves a fader to the hand that was on it

LAMP = "lamp"  # the cause of every command made here

Key = tuple[str, str]  # device, control
Standing = Callable[[Parameter], Value | None]
Moving = Callable[[Parameter], bool]


@dataclass(slots=True)
class _Fader:
    """Where a fader is: the last place heard, where a fade met it, and where its motor went."""

    last: int | None = None
    stood: int | None = None
    touched: float = float("-inf")
    ways: deque[tuple[float, int, int]] = field(default_factory=deque)  # at, from, to


class Controls:
    """All controllers of a venue. Calls come from the desk's thread; times are its clock's."""

    def __init__(self, book: Book, before: "Controls | None" = None) -> None:
        """Believe no lamp to be anything; what `before` alone had bound is put out."""
        self._wires = book.wires
        self._bound: dict[Key, Binding] = {}
        self._obeys: dict[str, Obey] = {}
        for line in book.controls:
            if isinstance(line.deed, Obey):
                self._obeys[line.device] = line.deed
            elif line.control is not None:
                self._bound[line.device, line.control.name] = line
        left = before.lamps_bound if before is not None else {}
        self._orphans = {key: left[key] for key in left.keys() - self._bound.keys()}
        self._pressed: dict[Key, float] = {}
        self._down: dict[Key, float] = {}  # when it last said so
        self._let_go: dict[Key, float] = {}
        self._faders: dict[Key, _Fader] = {}
        self._lit: dict[Key, int] = {}  # what each lamp was told, or a hand said of it
        self._said: dict[Key, tuple[float, int]] = {}  # when, of lamps that speak as their keys do

    @property
    def lamps_bound(self) -> dict[Key, Control]:
        """Every control that has a lamp and something to show."""
        controls = {key: line.control for key, line in self._bound.items()}
        return {k: c for k, c in controls.items() if c is not None and c.lamp is not None}

    # ---- what people do

    def asked(
        self,
        report: Touched | Commanded,
        standing: Standing,
        now: float,
        moving: Moving = lambda _: False,
    ) -> Iterator[Intent]:
        """Return what a touch, or another desk's command, asks for.

        `standing` tells what a parameter is at just now, `moving` whether a fade has it.
        """
        if isinstance(report, Commanded):
            yield from self._commanded(report)
            return
        key = report.device, report.control
        line = self._bound.get(key)
        if line is None or line.control is None:
            return
        by = f"{line.device} {line.name}"
        if self._came_back(key, report.raw, now):
            return
        if isinstance(line.deed, Ride) and self._wires[line.deed.parameter].kind == "number":
            parameter = line.deed.parameter
            if not self._trembles(key, line.control, report.raw, fades=moving(parameter)):
                yield from self._ridden(key, line.control, parameter, report.raw,
                                        standing, now, by)  # fmt: skip
        elif self._is_press(key, line.control, report.raw, now):
            yield from _meant(line, standing, by)

    def _came_back(self, key: Key, raw: int, now: float) -> bool:
        """Tell whether this is what the lamp was told just now, sent back by the device or a cable.

        Once: a second one is a finger.
        """
        at, told = self._said.pop(key, (float("-inf"), raw))
        return told == raw and now - at < BACK

    def _is_press(self, key: Key, control: Control, raw: int, now: float) -> bool:
        """One press is one press, whatever the key says how often."""
        never = float("-inf")
        if not control.sign.is_down(raw):
            if self._down.pop(key, None) is not None:
                self._let_go[key] = now
            if control.relit:
                self._lit.pop(key, None)  # it has just put its own lamp out
            return False
        since = now - self._pressed.get(key, never)
        springs = since < BOUNCE or now - self._let_go.get(key, never) < BOUNCE
        is_down = key in self._down and (since < STUCK or now - self._down[key] < HELD)
        self._down[key] = now
        if springs or is_down:
            return False
        self._pressed[key] = now
        return True

    def _trembles(self, key: Key, control: Control, raw: int, *, fades: bool) -> bool:
        """Tell whether a fader that stands still has said so in the midst of a fade."""
        fader = self._faders.setdefault(key, _Fader())
        if not fades or control.motor or fader.stood is None:
            fader.stood = raw
            return fades and not control.motor
        return abs(raw - fader.stood) <= JITTER * control.sign.full

    def _ridden(
        self, key: Key, control: Control, parameter: Parameter, raw: int,
        standing: Standing, now: float, by: str,
    ) -> Iterator[Put]:  # fmt: skip
        """A fader that stands elsewhere moves nothing before it has passed the value that is."""
        wire = self._wires[parameter]
        fader = self._faders.setdefault(key, _Fader())
        if control.motor:
            if _is_echo(fader, raw, now):
                return
            fader.touched = now
            self._lit[key] = raw  # where the hand has it: it need not be moved there
        else:
            there = standing(parameter)
            here = None if there is None else wire.position(there) * control.sign.full
            is_caught = here is None or _is_caught(fader, raw, here)
            fader.last = raw
            if not is_caught:
                return
        yield Put(parameter, wire.at(raw / control.sign.full), by=by)

    def _commanded(self, report: Commanded) -> Iterator[Intent]:
        obeys = self._obeys.get(report.device)
        if obeys is None or (obeys.to != ALL_CALL and report.to not in (obeys.to, ALL_CALL)):
            return
        by = f"{report.device} msc"
        match report.command, report.cue:
            case "go", cue:
                yield Go(cue=cue, by=by)
            case "stop", _:
                yield Overlay("safe", by=by)
            case "load", cue if cue:
                yield StandBy(cue, by=by)

    # ---- what the lamps show

    def forget(self, device: str = "") -> None:
        """A device came or went: nobody knows what its lamps show, or which keys are down."""
        for kept in (
            self._lit, self._said, self._pressed, self._down, self._let_go, self._faders
        ):  # fmt: skip
            for key in [key for key in kept if device in ("", key[0])]:
                del kept[key]

    def lamps(self, snapshot: Snapshot, now: float) -> list[Command]:
        """Return what must be said so that the lamps show this."""
        linked = {row.name for row in snapshot.devices if row.state == "linked"}
        said: list[Command] = []
        for key in [key for key in self._orphans if key[0] in linked]:
            dark = self._orphans.pop(key)
            said.append(Command(f"{key[0]}.{dark.name}", float(dark.off), LAMP))
        for key, line in self._bound.items():
            control = line.control
            if control is None or control.lamp is None or line.device not in linked:
                continue
            wanted = _shown(line, snapshot, self._wires)
            if wanted is None:
                continue
            raw = round(control.off + wanted * (control.on - control.off))
            if raw == self._lit.get(key) or (control.motor and not self._may_move(key, raw, now)):
                continue
            self._lit[key] = raw
            if control.lamp == control.sign and not control.motor:
                self._said[key] = now, raw
            said.append(Command(f"{line.device}.{control.name}", float(raw), LAMP))
        return said

    def _may_move(self, key: Key, raw: int, now: float) -> bool:
        """Tell whether a motor has to move, and remember its way, so that it is no hand's."""
        fader = self._faders.setdefault(key, _Fader())
        before = self._lit.get(key)
        if now - fader.touched < REST:
            return False
        if before is not None and fader.touched > float("-inf") and abs(before - raw) <= 1:
            return False  # what the hand said, rounded twice
        fader.touched = float("-inf")
        fader.ways.append((now, raw if before is None else before, raw))
        return True


def _is_echo(fader: _Fader, raw: int, now: float) -> bool:
    """Tell whether a motor passed here on a way it was lately sent; one step aside is its own."""
    while fader.ways and now - fader.ways[0][0] > ECHO:
        fader.ways.popleft()
    places = [place for _, start, end in fader.ways for place in (start, end)]
    return bool(places) and min(places) - 1 <= raw <= max(places) + 1


def _is_caught(fader: _Fader, raw: int, here: float) -> bool:
    """Tell whether the fader has the value: it stood there, is there, or has just passed it.

    Where it once put it counts for nothing: a hand may have taken it far away since.
    """
    if abs(raw - here) <= 1.0:
        return True
    if fader.last is None:
        return False
    return abs(fader.last - here) <= 1.0 or (fader.last - here) * (raw - here) < 0


def _meant(line: Binding, standing: Standing, by: str) -> Iterator[Intent]:
    """Return what a key's press asks for."""
    match line.deed:
        case Say("go"):
            yield Go(by=by)
        case Say("back"):
            yield Back(by=by)
        case Say("next" | "previous" as way):
            yield StandBy(way, by=by)
        case Say("safe" | "cover" as overlay):
            yield Overlay(overlay, by=by)
        case Say("release"):
            yield Release(by=by)
        case Fire(cue):
            yield Go(cue=cue, by=by)
        case Ride(parameter):
            yield Put(parameter, not standing(parameter), by=by)
        case Act(sets, dos):
            yield from (Put(p, value, by=by) for p, value in sets.items())
            yield from (Trigger(d.device, d.verb, d.argument, by=by) for d in dos)


def _shown(line: Binding, now: Snapshot, wires: Mapping[Parameter, Wire]) -> float | None:
    """Return how lit a control is, from 0.0 to 1.0; None: it has nothing to show."""
    match line.deed:
        case Say(word):
            return _shown_by_word(word, now)
        case Fire(cue):
            return float(now.onstage == cue)
        case Ride(parameter):
            value, _ = now.values.get(parameter, (None, ""))
            if value is None:
                return None
            wire = wires[parameter]
            return wire.position(value) if wire.kind == "number" else float(bool(value))
        case Act(sets, dos):
            is_so = all(now.values.get(p, (None,))[0] == value for p, value in sets.items())
            runs = {(row.device, row.verb) for row in now.latches if row.on}
            latches = all(do.argument == "start" and (do.device, do.verb) in runs for do in dos)
            return float(is_so and latches)
        case Obey():
            return None


def _shown_by_word(word: str, now: Snapshot) -> float | None:
    match word:
        case "go":  # lit when a GO would be taken
            stands = now.standby is not None and now.standby not in now.skipped
            return float(stands and now.phase != "ended" and now.overlay != "safe")
        case "back":
            return float(now.onstage is not None and now.phase != "ended")
        case "safe":
            return float(now.overlay == "safe")
        case "cover":
            return float(now.covered_for is not None)
        case "release":
            return float(bool(now.overlay))
        case "next" | "previous":
            return 0.0
    return None
