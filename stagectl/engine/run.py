"""One run of one show: its state, changed by events alone, so that a journal rebuilds it.

The rules it keeps are "Rules for bad nights" (docs/rules.md). What devices say of themselves
(readings, facts) lives here too, but is asked for anew after a restart, never replayed.
"""

import math
from collections import deque
from typing import Literal

from stagectl.core.book import Book
from stagectl.core.group import ways
from stagectl.core.model import Cue, Do, Person, Value
from stagectl.core.value import Unfit, parse_value
from stagectl.core.wire import Wire
from stagectl.engine import event as e
from stagectl.engine.event import Event
from stagectl.engine.guard import Guard
from stagectl.engine.needs import Lacking
from stagectl.engine.occasions import Occasion, Occasions
from stagectl.engine.place import Place
from stagectl.engine.report import Fact
from stagectl.engine.stage import Stage
from stagectl.engine.wanted import Hand

TOLD = 3  # cues that have gone, in the picture


class Run:
    """Place, stage, Dos, guard and clocks. All times are the desk's monotonic seconds."""

    def __init__(self, book: Book, guard: float) -> None:
        """Stand before the first cue, believing nothing; `guard` is the GO lockout in seconds."""
        self.book = book
        self.place = Place(book.show)
        self.stage = Stage(book)
        self.dos = Occasions()
        self.guard = Guard(guard)
        self.facts: dict[str, dict[str, Fact]] = {}
        self.identities: dict[str, str] = {}
        """What each device calls itself."""
        self.lacking = Lacking(book)
        self.began: float | None = None
        self.ended = False
        self.operator = ""
        self.operator_since: float | None = None
        self.fired_at: float | None = None
        self.parts_at: float | None = None
        """When the cue on stage went, while all its parts come as it says."""
        self.gone: deque[tuple[str, float]] = deque(maxlen=TOLD)
        """The last few cues that went, and when."""
        self.follow_at: float | None = None
        self.chapter_at: float | None = None
        """When the chapter on stage began."""
        self.covered_since: float | None = None
        self.postponed = 0.0
        self.overdue: dict[str, str] = {}
        self.message = ""
        """What the stage clock says to whoever speaks."""
        self.refusal: e.Refused | None = None
        self.slept: e.Slept | None = None
        self.declined = ""
        """The version of the files that somebody chose to leave."""
        self.heir: Run | None = None
        """Who stands ready, in the show that the next `Reloaded` is about."""
        self.last = 0.0
        """When something last happened."""

    def come_back(self) -> None:
        """After the last event of a journal: hold. Nothing moves, nothing is said."""
        self.stage.hush()
        self.dos.take()
        self.follow_at = self.parts_at = None
        self.refusal = self.slept = None
        self.guard = Guard(self.guard.seconds)

    @property
    def overlay(self) -> Literal["", "safe", "cover"]:
        """The one overlay in force: safe hides a cover, and gives it back."""
        if self.stage.wanted.safe_since is not None:
            return "safe"
        return "cover" if self.stage.wanted.cover_since is not None else ""

    def apply(self, event: Event) -> None:
        """Let it have happened."""
        stage, place = self.stage, self.place
        self.last = event.at
        match event:
            case e.Fired(cue=cue, at=at):
                self._fired(cue, at)
            case e.Began(at=at, by=by):
                self.began, self.operator_since = at, self.operator_since or at
                self.operator = self.operator or by
            case e.StoodBy(cue=cue):
                place.standby = place.index[cue]
                self.follow_at = None
                stage.version += 1
            case e.WentBack(cue=cue, at=at):
                self._went_back(place.index[cue], at)
            case e.Skipped(cue=cue) | e.Unskipped(cue=cue):
                if cue == place.number:
                    self.follow_at = None  # it was this one that was to follow
                place.skip(cue, skip=isinstance(event, e.Skipped))
                stage.version += 1
            case e.Postponed(seconds=seconds):
                self.postponed += seconds
                self.overdue.clear()  # they are due anew, later
            case e.Overdue(cue=cue, why=why):
                self.overdue[cue] = why
            case e.Refused():
                self.refusal = event
            case e.Held(at=at, by=by, parameter=parameter, value=value):
                if (wire := self.book.wires.get(parameter)) is not None:
                    stage.hold(parameter, Hand(fitted(value, wire), at, by, kept=by != "hand"))
            case e.Freed(parameter=parameter):
                stage.free(parameter)
            case e.Kept(parameter=parameter):
                stage.wanted.keep(parameter)
            case e.Did(do=number, device=device, verb=verb, argument=argument):
                do = Do(device, verb, argument, number)
                self.dos.did(do, event.at, event.cue)
                self.dos.want(do)
            case e.Missed(device=device, verb=verb, argument=argument):
                self.dos.miss(event)
                self.dos.want(Do(device, verb, argument))
            case e.Dropped(do=number):
                self.dos.drop(number)
            case e.Done(do=number):
                self.dos.out.pop(number, None)
            case e.Stopped(at=at):
                self.follow_at = self.parts_at = None
                self.dos.waiting.clear()
                stage.lay("safe", at)
            case e.Covered(at=at, since=since):
                self.covered_since = min(since, self.covered_since or since)
                stage.lay("cover", at)  # pressed again, it wins over the hands since
            case e.Released(overlay=overlay):
                stage.lay(overlay, None)
                if overlay == "cover":
                    self.covered_since = None
            case e.Asserted(at=at):
                stage.live = True
                stage.say_all(at)
            case e.Named(role=role, name=name, title=title):
                stage.name(role, Person(name, title or stage.wanted.people[role].role))
            case e.TookOver(at=at, by=by):
                self.operator, self.operator_since = by, at
            case e.Messaged(text=text):
                self.message = text
            case e.Reloaded():
                self._reloaded(event)
            case e.Declined(offer=offer):
                self.declined = offer
            case e.Slept():
                self.follow_at = None
                self.slept = event
            case e.Ended():
                self.ended, self.follow_at, self.parts_at = True, None, None
                stage.live = False
                stage.motion.clear()
            case (
                e.Resumed() | e.FailedTo() | e.Latched() | e.Wrote() | e.DeviceLinked()
                | e.DeviceLost() | e.Noted()
            ):  # fmt: skip
                pass  # said for the log; the device's state is the device's to tell

    def _reloaded(self, event: e.Reloaded) -> None:
        """Go on in the heir's show; from a journal there is none: ours is that show already."""
        heir, self.heir = self.heir, None
        if heir is None:
            self.stand(event, self)
            self.stage.version += 1
        else:
            heir.stand(event, self)
            heir.stage.wanted = self.stage.adopt(heir.stage.wanted, event.at)
            self.book, heir.book = heir.book, self.book
            self.lacking, heir.lacking = heir.lacking, self.lacking
            self.place, heir.place = heir.place, self.place
        self.dos.waiting = [Occasion(w.due, w.do, w.cue) for w in event.waiting]
        self.overdue = {n: why for n, why in event.overdue.items() if n in self.place.index}
        self.fired_at, self.follow_at = event.fired_at, event.follow_at
        self.parts_at = None  # its parts may be others now
        self.declined = event.before if event.undo else ""

    def stand(self, kept: e.Reloaded, old: "Run") -> None:
        """Stand where `kept` says, under the overlays of `old`; what our show lacks is let go."""
        place, wires, show = self.place, self.book.wires, self.book.show
        place.skipped = frozenset(n for n in kept.skipped if n in place.index)
        if not kept.onstage or kept.onstage in place.index:
            place.onstage = place.index.get(kept.onstage, -1)
        behind = place.after(place.onstage)
        place.standby = place.index.get(kept.standby, behind) if kept.standby else behind
        hands = {
            h.parameter: Hand(h.value, h.at, h.by, h.kept)
            for h in kept.hands
            if h.parameter in wires and takes(h.value, wires[h.parameter])
        }
        people = {r: kept.people.get(r, person) for r, person in show.people.items()}
        wanted = self.stage.wanted
        wanted.stand(place.onstage, place.skipped, hands, people, old.stage.wanted)

    def _fired(self, number: str, at: float) -> None:
        index = self.place.index[number]
        cue = self.place.cues[index]
        self._go_to(index, cue, at)
        self._turn_page(index, at)
        self.place.fire(index)
        self.dos.plan(cue, at)
        self.fired_at = self.parts_at = at
        self.gone.append((number, at))
        after = cue.follow_after
        follows = after is not None and self.place.number is not None
        self.follow_at = at + (after or 0.0) if follows else None
        self.overdue.pop(number, None)
        self.refusal = None
        self.guard.fired(at)

    def _turn_page(self, index: int, at: float) -> None:
        """The chapter's time begins anew when another one is on stage."""
        if self.place.chapter(index) != self.place.chapter(self.place.onstage):
            self.chapter_at = at

    def _go_to(self, index: int, cue: Cue, at: float) -> None:
        stage, place = self.stage, self.place
        step = self.is_step(index)
        stage.move_to(
            index, place.skipped, at, own=cue.sets, step=step,
            fade=cue.fade, wait=cue.wait, ways=ways(cue),
        )  # fmt: skip
        if not stage.live:
            stage.live = True
            stage.touch_all()

    def is_step(self, index: int) -> bool:
        """Tell whether a cue is simply the next one, so that only its own words change anything."""
        place = self.place
        return (
            index > place.onstage
            and place.after(place.onstage) == index
            and not place.cues[index].block
            and place.cues[index].number not in place.skipped
        )

    def _went_back(self, left: int, at: float) -> None:
        place = self.place
        to = place.before(left)
        self.dos.waiting.clear()
        self.follow_at = self.parts_at = None
        if self.gone and self.gone[-1][0] == place.cues[left].number:
            self.gone.pop()
        own = place.cues[left].sets  # what the cue left has moved goes back, hands or no hands
        self.stage.move_to(to, place.skipped, at, own=own, step=False)
        if not self.stage.live:
            self.stage.live = True
            self.stage.touch_all()
        self._turn_page(to, at)
        place.onstage, place.standby = to, left
        self.fired_at = at


def fitted(value: Value, wire: Wire) -> Value:
    """Return a value of the wire's kind; raises Unfit."""
    if isinstance(value, str) and wire.kind != "text":
        return parse_value(value, wire)
    if wire.kind == "switch" and not isinstance(value, bool):
        raise Unfit("not_switch", text=str(value))
    if wire.kind == "number":
        if isinstance(value, bool | str):
            raise Unfit("not_number", text=str(value))
        if not wire.low <= value <= wire.high and value != -math.inf:
            raise Unfit("range", text=str(value))
        return float(value)
    if wire.kind in ("word", "text") and not isinstance(value, str):
        raise Unfit("choice", text=str(value))
    return value


def takes(value: Value, wire: Wire) -> bool:
    """Tell whether a wire can be put at exactly this value."""
    try:
        return fitted(value, wire) == value
    except Unfit:
        return False
