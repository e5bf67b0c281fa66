"""The room: what is wanted of it, what it is believed to be, and the difference to be said.

Every command the project sends comes out of `commands`.
"""

from collections.abc import Container, Iterable, Mapping

from stagectl.core.book import Book
from stagectl.core.diff import Command, diff
from stagectl.core.fade import Fade
from stagectl.core.group import NO_WAYS, Ways
from stagectl.core.model import Look, Parameter, Person, Value
from stagectl.core.track import Setting
from stagectl.engine.belief import Belief
from stagectl.engine.failing import Failing
from stagectl.engine.motion import Motion
from stagectl.engine.report import Linked
from stagectl.engine.travel import Travel
from stagectl.engine.wanted import Hand, Wanted


class Stage:
    """Every parameter of the room. Names are the venue's ("mixer.host.level")."""

    def __init__(self, book: Book) -> None:
        """Want the base, believe nothing, know of no device."""
        self.wanted = Wanted(book)
        """The show's; all else outlives a reload (a test knows every field)."""
        self.motion = Motion()
        self.belief = Belief(book.wires)
        self.failing = Failing()
        self._travel = Travel(self.belief, self.motion)
        self.away: dict[str, str] = {}
        """Device → why it is lost."""
        self.linked_devices: set[str] = set()
        self.live = False
        """False: nothing is said but what a person's hand or an overlay asks for."""
        self.version = 0
        """Grows whenever what a GO would change may have changed."""
        self._dirty: dict[Parameter, None] = {}
        self._asked: set[Parameter] = set()  # by hands and overlays, since this process began
        self._at_loss: dict[str, dict[Parameter, Setting | None]] = {}

    # ---- what is wanted

    def wanted_at(self, parameter: Parameter, now: float) -> Value | None:
        """Return what the parameter should be at `now`; None: nobody ever said."""
        fade = self.motion.fades.get(parameter)
        if fade is None or self.wanted.overrules(parameter):
            return self.wanted.bound_for(parameter)
        return fade.value(now)

    def standing(self, parameter: Parameter, now: float) -> Value | None:
        """Return what the parameter is at, as far as anybody knows; else what it should be at."""
        hand = self.wanted.hands.get(parameter)
        if hand is not None and not self.wanted.overlaid(parameter):
            return hand.value
        believed = self.belief.values.get(parameter)
        return self.wanted_at(parameter, now) if believed is None else believed

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
        wanted, travel = self.wanted, self._travel
        fades: dict[Parameter, Fade] = {}
        for p, setting in wanted.move_to(index, skipped, own, step=step).items():
            was = None if setting is None else setting[0]
            if p in ways:
                way = travel.by_steps(wanted, p, ways[p], now, was=was)
            else:
                to = wanted.target[p][0]
                way = travel.to(wanted, p, to, now + wait, fade, waits=wait > 0, was=was)
            wanted.hands.pop(p, None)
            self.failing.forget(p)
            if way is None:
                self.motion.stop(p)
            else:
                fades[p] = way
            self._dirty[p] = None
        self.motion.begin(fades)
        self.version += 1

    # ---- people and overlays

    def hold(self, parameter: Parameter, hand: Hand) -> None:
        """Somebody's hand wins until a cue sets the parameter, or Assert."""
        self.motion.stop(parameter)
        self.wanted.hands[parameter] = hand
        self._asked.add(parameter)
        self._touch(parameter)

    def free(self, parameter: Parameter) -> None:
        """Give a held parameter back to the cue."""
        self.wanted.hands.pop(parameter, None)
        self._touch(parameter)

    def name(self, role: str, person: Person) -> None:
        """Correct a person; every text that names them is said again if it differs."""
        self.wanted.people[role] = person
        for parameter in self.wanted.texts:
            self._touch(parameter)

    def lay(self, name: str, since: float | None) -> None:
        """Lay safe or cover over the look, or take it away (None)."""
        before = self.wanted.over
        self.wanted.lay(name, since)
        self._asked.update(self.wanted.over)
        for parameter in (*before, *self.wanted.over):
            self._touch(parameter)

    def hush(self) -> None:
        """Come back from the dead: nothing moves; what people asked for then is not said now."""
        self.live = False
        self.motion.clear()
        self._asked.clear()

    def say_all(self, now: float) -> None:
        """Assert: hands are gone, everything is said again, faders travel."""
        wanted = self.wanted
        wanted.hands.clear()
        fades = {}
        for p, wire in wanted.wires.items():
            value = wanted.target[p][0] if p in wanted.target else None
            before = self.belief.values.get(p)
            if value is None or wanted.device_of[p] not in self.linked_devices:
                continue
            if before is not None and not wire.same(before, value) and p not in wanted.over:
                way = None if p in self.motion.fades else self._travel.back(wanted, p, now)
                if way is not None:
                    fades[p] = way
                    continue
            self.belief.forget(p)
        self.motion.begin(fades)
        self.touch_all()

    def touch_all(self) -> None:
        """Look at every parameter again at the next `commands`."""
        self._dirty = dict.fromkeys(self.wanted.wires)
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
        wanted = self.wanted
        parameters = wanted.by_device.get(device, ())
        then = self._at_loss.pop(device, None)
        self.away.pop(device, None)
        self.linked_devices.add(device)
        self.belief.linked(parameters, now)
        hands: list[tuple[Parameter, Value]] = []
        back: dict[Parameter, Fade] = {}
        for p in parameters:
            self.failing.forget(p)
            if p not in reading:
                self.belief.forget(p)
            elif report.restarted or then is None:
                self.belief.read(p, reading[p])
                if report.restarted and self.live:
                    way = self._travel.back(wanted, p, now)
                    if way is not None:
                        back[p] = way
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
        spoken = self.wanted.target.get(p) != then.get(p) or p in self.wanted.over
        return verdict == "hand" and self.live and not spoken

    def lost(self, device: str, why: str, now: float) -> None:
        """Nothing is said to a lost device."""
        if device not in self.away:
            mine = self.wanted.by_device.get(device, ())
            if device in self.linked_devices:
                self._at_loss[device] = {p: self.wanted.target.get(p) for p in mine}
            self.belief.lose(mine, now)
        self.away[device] = why
        self.linked_devices.discard(device)
        self.version += 1

    def moved(self, parameter: Parameter, value: Value, now: float) -> bool:
        """Hear where a parameter is; tell whether that is somebody's hand."""
        if parameter not in self.wanted.wires:
            return False
        verdict = self.belief.hear(parameter, value, now)
        if verdict == "confirmed":
            self.failing.forget(parameter)
            return False
        if verdict == "unheard":
            self._touch(parameter)
        return verdict == "hand" and self.live

    def refused(self, command: Command, why: str, detail: str, now: float) -> bool:
        """A device would not; it is un-believed and said again later. Tell whether that is news."""
        p = command.parameter
        if p not in self.wanted.wires:
            return False
        self.belief.forget(p)
        return self.failing.refused(p, why, detail, now)

    # ---- another show

    def may_say(self, p: Parameter, heir: Wanted) -> bool:
        """Tell whether `adopt` would say anything of a parameter now, if it moves."""
        asked = p in self._asked or (p in heir.over and self._over_is_asked)
        linked = p.partition(".")[0] in self.linked_devices
        return linked and (self.live or (asked and heir.overrules(p)))

    @property
    def _over_is_asked(self) -> bool:
        """Tell whether the overlay was laid since this process began."""
        return any(p in self._asked for p in self.wanted.over)

    def adopt(self, heir: Wanted, now: float) -> Wanted:
        """Go on with the heir's show; return ours.

        What the heir wants elsewhere sets out, levels over RETURN seconds; nothing else moves.
        Fades that are bound for where the heir wants them run on.
        """
        ours, moved, asked = self.wanted, self.wanted.moved_by(heir), self._over_is_asked
        self._at_loss = {
            device: {p: _reckoned(p, s, ours, heir) for p, s in then.items()}
            for device, then in self._at_loss.items()
        }
        aimless = [
            p
            for p, fade in self.motion.fades.items()
            if p not in heir.wires
            or (setting := heir.target.get(p)) is None
            or heir.spelled(p, setting[0]) != fade.after
        ]
        self.wanted = heir
        self.belief.rewire(heir.wires)
        self.failing.keep_only(heir.wires)
        self._asked = {p for p in self._asked if p in heir.wires} | set(heir.over if asked else ())
        self._dirty = {p: None for p in self._dirty if p in heir.wires}
        fades: dict[Parameter, Fade] = {}
        for p in moved:
            self.failing.forget(p)
            way = None if heir.overrules(p) else self._travel.over(heir, p, now)
            if way is not None:
                fades[p] = way
            self._touch(p)
        for p in aimless:
            self.motion.stop(p)
        self.motion.begin(fades)
        self.version += 1
        return ours

    # ---- the difference

    @property
    def due(self) -> float:
        """When `commands` may have something to say by itself."""
        return min(self.motion.due, self.failing.due)

    def commands(self, now: float) -> tuple[Command, ...]:
        """Return what must be said now, and believe it sent."""
        anew: Container[Parameter] = ()
        if self.motion.due <= now:
            for parameter in self.motion.step(now):
                self._dirty[parameter] = None
            anew = self.motion.begun
        for parameter in self.failing.retry(now):
            self._dirty[parameter] = None
        if not self._dirty:
            return ()
        wanted, device_of = self.wanted, self.wanted.device_of
        linked, live, refusals = self.linked_devices, self.live, self.failing.refusals
        say = [
            (p, value)
            for p in self._dirty
            if device_of[p] in linked
            and (live or (p in self._asked and wanted.overrules(p)))
            and (p not in refusals or not self.failing.waits(p))
            and (value := self.wanted_at(p, now)) is not None
        ]
        self._dirty = {}
        found = diff(self.belief.values, say, wanted.cause, anew)
        if found:
            self.belief.say(found, now)
        return found

    def differences(self, wanted: Iterable[tuple[Parameter, Value]]) -> list[Command]:
        """Return what `commands` would say to reach these, saying nothing."""
        return [
            c
            for c in diff(self.belief.values, wanted)
            if (b := self.belief.values.get(c.parameter)) is None
            or not self.wanted.wires[c.parameter].same(b, c.value)
        ]


def _reckoned(p: Parameter, then: Setting | None, ours: Wanted, heir: Wanted) -> Setting | None:
    """Return what was wanted when a device was lost, by the heir's count of cues."""
    same = then == ours.target.get(p) and p in heir.target and p in ours.wires
    return heir.target[p] if same and then and heir.target[p][0] == then[0] else then
