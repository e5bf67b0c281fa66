"""The room: what is wanted of it, what it is believed to be, and the difference to be said.

Wanted is the tracked look, under the hands of people, under at most one overlay. Every command
the project sends comes out of `commands`.
"""

import math
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from stagectl.core.book import Book
from stagectl.core.diff import Command, diff
from stagectl.core.fade import Fade
from stagectl.core.group import NO_WAYS, Step, Ways
from stagectl.core.model import Look, Parameter, Person, Value
from stagectl.core.profile import Wire
from stagectl.core.track import Setting, Track
from stagectl.engine.belief import Belief
from stagectl.engine.motion import Motion
from stagectl.engine.report import Linked

RETURN = 2.0  # seconds a fader takes back to the look after its device lost its values
LEVELS = ("dB", "%")  # the units of faders: what people hear and see travel
PATIENCE = (1.0, 2.0, 5.0, 10.0)  # seconds until a refused command is said again

_BLANK = re.compile(r"\{([^{}]+)\.(name|role)\}")


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody holds a parameter there. `kept`: it is no question any more."""

    value: Value
    at: float
    by: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A device would not: why, how often, and when to say it again."""

    why: str
    detail: str
    times: int
    again: float


OF_THE_SHOW = (
    "wires", "track", "target", "hands", "people", "by_device",
    "_safe", "_cover", "_over", "_texts", "_device", "_causes",
)  # fmt: skip
"""The fields of a Stage that another show replaces; the rest lives on (a test knows them all)."""


def swap(one: object, other: object, names: Iterable[str]) -> None:
    """Let two values of a kind exchange these fields."""
    for name in names:
        mine, yours = getattr(one, name), getattr(other, name)
        setattr(one, name, yours)
        setattr(other, name, mine)


class Stage:
    """Every parameter of the room. Names are the venue's ("mixer.host.level")."""

    def __init__(self, book: Book) -> None:
        """Want the base, believe nothing, know of no device."""
        venue, show = book.venue, book.show
        self.wires = book.wires
        self.track = Track(show)
        self.target: dict[Parameter, Setting] = self.track.at(-1, frozenset())
        self.hands: dict[Parameter, Hand] = {}
        self.motion = Motion()
        self.belief = Belief(book.wires)
        self.people: dict[str, Person] = dict(show.people)
        self.away: dict[str, str] = {}
        """Device → why it is lost."""
        self.linked_devices: set[str] = set()
        self.failing: dict[Parameter, Refusal] = {}
        self.live = False
        """False: nothing is said but what a person's hand or an overlay asks for."""
        self.safe_since: float | None = None
        self.cover_since: float | None = None
        self.by_device: dict[str, tuple[Parameter, ...]] = {
            d: tuple(p for p in book.wires if p.partition(".")[0] == d) for d in venue.devices
        }
        self.version = 0
        """Grows whenever what a GO would change may have changed."""
        self._safe: Look = {**show.base, **(venue.scenes[venue.safe].look if venue.safe else {})}
        self._cover: Look = venue.scenes[venue.cover].look if venue.cover else {}
        self._over: dict[Parameter, tuple[Value, float]] = {}
        self._dirty: dict[Parameter, None] = {}
        self._asked: set[Parameter] = set()  # by hands and overlays, since this process began
        self._texts = {p for p, wire in book.wires.items() if wire.kind == "text"}
        self._device = {p: p.partition(".")[0] for p in book.wires}
        self._causes = ["base", *(f"cue {cue.number}" for cue in show.cues)]
        self._at_loss: dict[str, dict[Parameter, Setting | None]] = {}

    # ---- what is wanted

    def wanted(self, parameter: Parameter, now: float) -> Value | None:
        """Return what the parameter should be at `now`; None: nobody ever said."""
        if self._over and self.overlaid(parameter):
            return self.spelled(parameter, self._over[parameter][0])
        hand = self.hands.get(parameter)
        if hand is not None:
            return hand.value
        fade = self.motion.fades.get(parameter)
        if fade is not None:
            return fade.value(now)
        setting = self.target.get(parameter)
        return None if setting is None else self.spelled(parameter, setting[0])

    def standing(self, parameter: Parameter, now: float) -> Value | None:
        """Return what the parameter is at, as far as anybody knows; else what it should be at."""
        hand = self.hands.get(parameter)
        if hand is not None and not self.overlaid(parameter):
            return hand.value
        believed = self.belief.values.get(parameter)
        return self.wanted(parameter, now) if believed is None else believed

    def overlaid(self, parameter: Parameter) -> bool:
        """Tell whether an overlay decides here: a hand that came after it wins."""
        over, hand = self._over.get(parameter), self.hands.get(parameter)
        return over is not None and (hand is None or hand.at < over[1])

    def spelled(self, parameter: Parameter, value: Value) -> Value:
        """Fill in the people of this run: `{guest.name}`, `{guest.role}`."""
        if parameter not in self._texts or not isinstance(value, str) or "{" not in value:
            return value
        return _BLANK.sub(self._person, value)

    def _person(self, blank: re.Match[str]) -> str:
        person = self.people.get(blank[1])
        if person is None:
            return blank[0]
        return person.name if blank[2] == "name" else person.role

    def cause(self, parameter: Parameter) -> str:
        """Say for whose sake a parameter is where it should be."""
        if self.overlaid(parameter):
            return "safe" if self.safe_since is not None else "cover"
        if parameter in self.hands:
            return "hand"
        setting = self.target.get(parameter)
        return "" if setting is None else self._causes[setting[1] + 1]

    # ---- moving

    def move_to(
        self,
        index: int,
        skipped: frozenset[str],
        now: float,
        *,
        own: Look,
        step: bool,
        fade: float = 0.0,
        wait: float = 0.0,
        ways: Ways = NO_WAYS,
    ) -> None:
        """Want the look of a cue; `own` is what the cue sets, `step` says it is the next one.

        Only what changes is touched, so a step costs what the cue sets and no more; a fade that
        the new look does not change runs on. A hand is released by any cue that speaks of it.
        What a group sets goes its `ways`; all else by `wait` and `fade`.
        """
        if step:
            changes = self.track.sets(index)
            was = {p: self.target.get(p) for p in changes}
            self.target.update(changes)
        else:
            look, old = self.track.at(index, skipped), self.target
            was = {p: old.get(p) for p, s in look.items() if p in own or old.get(p) != s}
            self.target = look
        fades: dict[Parameter, Fade] = {}
        for p, setting in was.items():
            rest = None if setting is None else setting[0]
            if p in ways:
                travel = self._by_steps(p, ways[p], now, rest)
            else:
                to = self.target[p][0]
                travel = self._travel(p, to, now + wait, fade, waits=wait > 0, was=rest)
            self.hands.pop(p, None)
            self.failing.pop(p, None)
            if travel is None:
                self.motion.stop(p)
            else:
                fades[p] = travel
            self._dirty[p] = None
        self.motion.begin(fades)
        self.version += 1

    def _by_steps(
        self, p: Parameter, steps: tuple[Step, ...], now: float, was: Value | None
    ) -> Fade | None:
        """Return the way of a parameter that a group moves; each step sets out from the last."""
        (wait, seconds, after), *rest = steps
        travel = self._travel(p, after, now + wait, seconds, waits=wait > 0, was=was)
        for step in rest:
            before = self.spelled(p, after) if travel is None else travel
            wait, seconds, after = step
            to, floor = self.spelled(p, after), self.wires[p].floor
            travel = Fade(before, to, now + wait, seconds, floor)
        return travel

    def _travel(
        self,
        p: Parameter,
        after: Value,
        start: float,
        seconds: float,
        *,
        waits: bool,
        was: Value | None = None,
    ) -> Fade | None:
        """Return the fade that brings `p` there, or None: it is put there at once.

        It starts from what runs already, if it waits; else from what was last read or sent; where
        that is hidden by an overlay, or never was, from what was wanted before (`was`).
        """
        after = self.spelled(p, after)
        if not waits and not (seconds > 0 and self.wires[p].kind == "number"):
            return None
        running = self.motion.fades.get(p)
        before: Value | Fade | None = running if waits else None
        if before is None:
            before = self._standing(p, start, running)
        if before is None and was is not None and (waits or p in self._over):
            before = self.spelled(p, was)
        return None if before is None else Fade(before, after, start, seconds, self.wires[p].floor)

    def _standing(self, p: Parameter, now: float, running: Fade | None) -> Value | None:
        if p not in self._over and p in self.belief.values:
            return self.belief.values[p]
        if p in self.hands:
            return self.hands[p].value
        return None if running is None else running.value(now)

    def _return(self, p: Parameter, now: float) -> Fade | None:
        """Return the way of a fader back to the look of now; anything else is put there at once.

        Where a fade is running, or waits to start, the fader meets it on its way and goes on.
        """
        if self.wires[p].unit not in LEVELS or p not in self.target:
            return None
        running, met = self.motion.fades.get(p), now + RETURN
        if running is None or running.end <= met:
            return self._travel(p, self.target[p][0], now, RETURN, waits=False)
        back = self._travel(p, running.value(met), now, RETURN, waits=False)
        return running if back is None else running.joined(back, met)

    # ---- people and overlays

    def hold(self, parameter: Parameter, hand: Hand) -> None:
        """Somebody's hand wins until a cue sets the parameter, or Assert."""
        self.motion.stop(parameter)
        self.hands[parameter] = hand
        self._asked.add(parameter)
        self._touch(parameter)

    def free(self, parameter: Parameter) -> None:
        """Give a held parameter back to the cue."""
        self.hands.pop(parameter, None)
        self._touch(parameter)

    def keep(self, parameter: Parameter) -> None:
        """The hand is right: it is no question any more."""
        if parameter in self.hands:
            self.hands[parameter] = replace(self.hands[parameter], kept=True)

    def name(self, role: str, person: Person) -> None:
        """Correct a person; every text that names them is said again if it differs."""
        self.people[role] = person
        for parameter in self._texts:
            self._touch(parameter)

    def lay(self, name: str, at: float) -> None:
        """Lay safe or cover over the look; safe over a cover leaves the cover's words standing."""
        if name == "safe":
            self.safe_since = at
        else:
            self.cover_since = at
        self._relay()

    def lift(self, name: str) -> None:
        """Take an overlay away."""
        if name == "safe":
            self.safe_since = None
        else:
            self.cover_since = None
        self._relay()

    def _relay(self) -> None:
        for parameter in self._over:
            self._touch(parameter)
        self._over = {}
        for at, look in ((self.safe_since, self._safe), (self.cover_since, self._cover)):
            if at is not None:
                since = at if self.safe_since is None else max(at, self.safe_since)
                self._over |= {p: (value, since) for p, value in look.items()}
        for parameter in self._over:
            self._touch(parameter)
        self._asked.update(self._over)

    def hush(self) -> None:
        """Come back from the dead: nothing moves; what people asked for then is not said now."""
        self.live = False
        self.motion.clear()
        self._asked.clear()

    def say_all(self, now: float) -> None:
        """Assert: hands are gone, everything is said again, faders travel."""
        self.hands.clear()
        fades = {}
        for p in self.wires:
            value = self.target[p][0] if p in self.target else None
            before = self.belief.values.get(p)
            if value is None or self._device[p] not in self.linked_devices:
                continue
            if before is not None and not self.wires[p].same(before, value) and p not in self._over:
                travel = None if p in self.motion.fades else self._return(p, now)
                if travel is not None:
                    fades[p] = travel
                    continue
            self.belief.forget(p)
        self.motion.begin(fades)
        self.touch_all()

    def touch_all(self) -> None:
        """Look at every parameter again at the next `commands`."""
        self._dirty = dict.fromkeys(self.wires)
        self.version += 1

    def _touch(self, parameter: Parameter) -> None:
        self._dirty[parameter] = None
        self.version += 1

    # ---- what the devices say

    def linked(self, report: Linked, now: float) -> list[tuple[Parameter, Value]]:
        """Take a device's reading; return the hands found on it.

        Where nothing says that it restarted, a difference is a hand, unless a cue has spoken of
        the parameter since. A restarted device is brought to the look of now, faders travelling.
        """
        device, reading = report.device, report.reading
        parameters = self.by_device.get(device, ())
        then = self._at_loss.pop(device, None)
        self.away.pop(device, None)
        self.linked_devices.add(device)
        self.belief.linked(parameters, now)
        hands: list[tuple[Parameter, Value]] = []
        back: dict[Parameter, Fade] = {}
        for p in parameters:
            self.failing.pop(p, None)
            if p not in reading:
                self.belief.forget(p)
            elif report.restarted or then is None:
                self.belief.read(p, reading[p])
                if report.restarted and self.live and (travel := self._return(p, now)) is not None:
                    back[p] = travel
            elif self._moved_meanwhile(p, reading[p], then, now):
                hands.append((p, reading[p]))
            self._touch(p)
        self.motion.begin(back)
        return hands

    def _moved_meanwhile(
        self, p: Parameter, value: Value, then: Mapping[Parameter, Setting | None], now: float
    ) -> bool:
        verdict = self.belief.hear(p, value, now)
        if verdict != "hand":
            # Read on a new link, it is there now, whatever was said on the old one. A word that
            # was lost with that link needs no answer any more, even if it is wanted no longer.
            self.belief.read(p, value)
        spoken = self.target.get(p) != then.get(p) or p in self._over
        return verdict == "hand" and self.live and not spoken

    def lost(self, device: str, why: str, now: float) -> None:
        """Nothing is said to a lost device."""
        if device not in self.away:
            mine = self.by_device.get(device, ())
            if device in self.linked_devices:
                self._at_loss[device] = {p: self.target.get(p) for p in mine}
            self.belief.lose(mine, now)
        self.away[device] = why
        self.linked_devices.discard(device)
        self.version += 1

    def moved(self, parameter: Parameter, value: Value, now: float) -> bool:
        """Hear where a parameter is; tell whether that is somebody's hand."""
        if parameter not in self.wires:
            return False
        verdict = self.belief.hear(parameter, value, now)
        if verdict == "confirmed":
            self.failing.pop(parameter, None)
            return False
        if verdict == "unheard":
            self._touch(parameter)
        return verdict == "hand" and self.live

    def refused(self, command: Command, why: str, detail: str, now: float) -> bool:
        """A device would not; it is un-believed and said again later. Tell whether that is news."""
        p = command.parameter
        if p not in self.wires:
            return False
        known = self.failing.get(p)
        times = known.times + 1 if known else 0
        wait = PATIENCE[min(times, len(PATIENCE) - 1)]
        self.failing[p] = Refusal(why, detail, times, now + wait)
        self.belief.forget(p)
        return known is None or known.why != why

    # ---- another show

    def bound_for(self, p: Parameter) -> Value | None:
        """Return where a parameter is once every fade has ended; None: nobody ever said."""
        if self.overlaid(p):
            return self.spelled(p, self._over[p][0])
        if p in self.hands:
            return self.hands[p].value
        setting = self.target.get(p)
        return None if setting is None else self.spelled(p, setting[0])

    def stand(
        self,
        index: int,
        skipped: frozenset[str],
        hands: Mapping[Parameter, Hand],
        people: Mapping[str, Person],
        over: tuple[float | None, float | None],
    ) -> None:
        """Want the look of a cue under these hands, and overlays laid when `over` says; no more."""
        self.people = dict(people)
        self.target = self.track.at(index, skipped)
        self.hands = dict(hands)
        self.safe_since, self.cover_since = over
        self._relay()

    def moved_by(self, heir: "Stage") -> tuple[Parameter, ...]:
        """Return the parameters that `heir` would want elsewhere than we do."""
        return tuple(
            p
            for p, wire in heir.wires.items()
            if (after := heir.bound_for(p)) is not None and not self._is_bound_for(p, after, wire)
        )

    def _is_bound_for(self, p: Parameter, value: Value, wire: Wire) -> bool:
        if self.wires.get(p) != wire:  # it leads elsewhere, or speaks otherwise
            return False
        there = self.bound_for(p)
        return there is not None and wire.same(there, value)

    def may_say(self, p: Parameter, heir: "Stage") -> bool:
        """Tell whether `adopt` would say anything of a parameter now, if it moves."""
        asked = p in self._asked or (p in heir._over and self._over_is_asked)  # noqa: SLF001 -- one of us
        decided = asked and (p in heir.hands or p in heir._over)  # noqa: SLF001 -- one of us
        return p.partition(".")[0] in self.linked_devices and (self.live or decided)

    @property
    def _over_is_asked(self) -> bool:
        """Tell whether the overlay was laid since this process began."""
        return any(p in self._asked for p in self._over)

    def adopt(self, heir: "Stage", moved: Iterable[Parameter], now: float) -> None:
        """Go on with the heir's show: `moved` sets out, levels over RETURN seconds; nothing else.

        Fades that are bound for where the heir wants them run on. The heir is left with our show.
        """
        asked = self._over_is_asked
        self._at_loss = {
            device: {p: self._reckoned(p, s, heir) for p, s in then.items()}
            for device, then in self._at_loss.items()
        }
        aimless = [
            p
            for p, fade in self.motion.fades.items()
            if p not in heir.wires
            or (setting := heir.target.get(p)) is None
            or heir.spelled(p, setting[0]) != fade.after
        ]
        swap(self, heir, OF_THE_SHOW)
        self.belief.rewire(self.wires)
        self._asked = {p for p in self._asked if p in self.wires} | set(self._over if asked else ())
        self.failing = {p: r for p, r in self.failing.items() if p in self.wires}
        self._dirty = {p: None for p in self._dirty if p in self.wires}
        fades: dict[Parameter, Fade] = {}
        for p in moved:
            self.failing.pop(p, None)
            travel = None
            decided = p in self.hands or self.overlaid(p)
            if self.wires[p].unit in LEVELS and p in self.target and not decided:
                travel = self._travel(p, self.target[p][0], now, RETURN, waits=False)
            if travel is not None:
                fades[p] = travel
            self._touch(p)
        for p in aimless:
            self.motion.stop(p)
        self.motion.begin(fades)
        self.version = max(self.version, heir.version) + 1

    def _reckoned(self, p: Parameter, then: Setting | None, heir: "Stage") -> Setting | None:
        """Return what was wanted when a device was lost, by the heir's count of cues."""
        same = then == self.target.get(p) and p in heir.target and p in self.wires
        return heir.target[p] if same and then and heir.target[p][0] == then[0] else then

    # ---- the difference

    @property
    def due(self) -> float:
        """When `commands` may have something to say by itself."""
        again = min((r.again for r in self.failing.values()), default=math.inf)
        return min(self.motion.due, again)

    def commands(self, now: float) -> tuple[Command, ...]:
        """Return what must be said now, and believe it sent."""
        anew: Container[Parameter] = ()
        if self.motion.due <= now:
            for parameter in self.motion.step(now):
                self._dirty[parameter] = None
            anew = self.motion.begun
        if self.failing:
            self._retry(now)
        if not self._dirty:
            return ()
        wanted = [
            (p, value)
            for p in self._dirty
            if self._device[p] in self.linked_devices
            and (self.live or (p in self._asked and (p in self.hands or p in self._over)))
            and (p not in self.failing or self.failing[p].again == math.inf)
            and (value := self.wanted(p, now)) is not None
        ]
        self._dirty = {}
        found = diff(self.belief.values, wanted, self.cause, anew)
        if found:
            self.belief.say(found, now)
        return found

    def _retry(self, now: float) -> None:
        for p, refusal in list(self.failing.items()):
            if refusal.again <= now:
                # said once more; refused again it waits longer, heard it is forgotten
                self.failing[p] = replace(refusal, again=math.inf)
                self._dirty[p] = None

    def differences(self, wanted: Iterable[tuple[Parameter, Value]]) -> list[Command]:
        """Return what `commands` would say to reach these, saying nothing."""
        return [
            c
            for c in diff(self.belief.values, wanted)
            if (b := self.belief.values.get(c.parameter)) is None
            or not self.wires[c.parameter].same(b, c.value)
        ]

    def preview(
        self, index: int, skipped: frozenset[str], own: Look, *, step: bool
    ) -> dict[Parameter, Value]:
        """Return the values a cue would want where they may differ from what is wanted now."""
        if step and self.live:
            ahead: Mapping[Parameter, Setting] = self.track.sets(index)
        else:
            ahead = self.track.at(index, skipped)
        over = self._over
        return {
            p: self.spelled(p, s[0])
            for p, s in ahead.items()
            if p not in over and (p in own or p not in self.hands or self.target.get(p) != s)
        }
