"""The show's state machine: intents, reports and time in; events, commands and a picture out.

It keeps "Rules for bad nights" (docs/rules.md). Whatever must outlive the process is an event
first, and changes state only in `run.apply`: so a journal rebuilds the show.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from stagectl.core.book import Book
from stagectl.core.diff import Command, Order
from stagectl.core.model import Do, Value
from stagectl.core.value import Unfit
from stagectl.engine import event as e
from stagectl.engine import intent as i
from stagectl.engine.clock import Clock
from stagectl.engine.event import Event
from stagectl.engine.intent import Intent
from stagectl.engine.picture import Picture, told_in_order
from stagectl.engine.reload import Offer, Prospect, kept_in, undone
from stagectl.engine.report import (
    Acknowledged,
    Fact,
    Facts,
    Failed,
    Linked,
    Lost,
    Moved,
    Report,
)
from stagectl.engine.run import Run, fitted
from stagectl.engine.snapshot import AlarmRow, Snapshot, UnusedRow
from stagectl.engine.written import came_late, written

FURTHEST = 86400.0  # seconds: nothing is put off, or brought forward, by more than a day
READ = 200  # characters: what a speaker reads at a glance, and more
NOTED = 2000  # characters of one note


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What the standby cue says first, as things stand."""

    cue: str
    orders: tuple[Command, ...]


class Engine:
    """One show on one stage. All times are the caller's monotonic seconds."""

    def __init__(self, book: Book, guard: float = 0.5) -> None:
        """Stand before the first cue; `guard` is the GO lockout in seconds."""
        self.book = book
        self._run = Run(book, guard)
        self._picture = Picture(self._run)
        self._clock = Clock(self._run)
        self._prospect: Prospect | None = None
        self._unused: UnusedRow | None = None
        self._ahead: _Ahead | None = None
        self.stale = True
        """Something happened since the standby cue was prepared."""
        self._first: tuple[Command, ...] = ()
        self._owed: tuple[e.Fired, tuple[Command, ...]] | None = None
        self._ran: set[tuple[str, str]] = set()
        """(device, verb) of the recordings and streams that ran when their device was lost."""

    @property
    def run(self) -> Run:
        """The run, its bookkeeping done."""
        self._settle()
        return self._run

    @classmethod
    def resume(cls, book: Book, journal: Iterable[Event], guard: float = 0.5) -> "Engine":
        """Rebuild from a journal. Nothing moves, no cue fires, no Do is said again."""
        engine = cls(book, guard)
        for event in journal:
            engine.run.apply(event)
        engine.run.come_back()
        return engine

    def take_up(self, now: float, *, reloaded: bool = False) -> tuple[Event, ...]:
        """Say that a rebuilt show is back; the Dos the old process left unsaid are offered.

        `reloaded`: the journal is of other files than ours, and we were told to go on with these.
        """
        unsaid = self._run.dos.waiting + self._run.dos.unanswered(self._run.last)
        new = [replace(kept_in(self._run, self._run, self.book.digest), at=now)] if reloaded else ()
        return self._record(
            *new,
            e.Resumed(at=now),
            *(self._missed(o.do, now, why="restart", cue=o.cue) for o in unsaid),
        )

    # ---- people

    def ask(self, intent: Intent, now: float) -> tuple[Event, ...]:
        """Return what came of an intent: at least one event, `Refused` among them."""
        self._settle()
        ahead, self._ahead, self.stale = self._ahead, None, True
        by = intent.by
        if self._run.ended:
            return self._refuse(intent, "ended", now)
        match intent:
            case i.Go():
                return self._go(intent, now, ahead)
            case i.StandBy(cue=cue):
                return self._stand_by(intent, cue, now)
            case i.Back():
                left = self._run.place.onstage_number
                if left is None:
                    return self._refuse(intent, "first", now)
                return self._record(e.WentBack(at=now, by=by, cue=left))
            case i.Skip(cue=cue, skip=skip):
                return self._skip(intent, cue, now, skip=skip)
            case i.Postpone(seconds=seconds):
                if not abs(self._run.postponed + seconds) <= FURTHEST:
                    return self._refuse(intent, "too_far", now)
                return self._record(e.Postponed(at=now, by=by, seconds=seconds))
            case i.Put(parameter=parameter, value=value):
                return self._put(intent, parameter, value, now)
            case i.Trigger(device=device, verb=verb, argument=argument):
                return self._trigger(intent, Do(device, verb, argument), now)
            case i.LetGo(parameter=parameter):
                held = [parameter] if parameter else list(self._run.stage.wanted.hands)
                if not held or held[0] not in self._run.stage.wanted.hands:
                    return self._refuse(intent, "not_held", now, parameter)
                return self._record(*(e.Freed(at=now, by=by, parameter=p) for p in held))
            case i.Keep(parameter=parameter):
                if parameter not in self._run.stage.wanted.hands:
                    return self._refuse(intent, "not_held", now, parameter)
                return self._record(e.Kept(at=now, by=by, parameter=parameter))
            case i.Redo(missed=missed, drop=drop):
                return self._redo(intent, missed, now, drop=drop)
            case i.Overlay(name=name, ago=ago):
                return self._lay(intent, name, ago, now)
            case i.Release():
                over = self._run.overlay
                if not over:
                    return self._refuse(intent, "no_overlay", now)
                return self._record(e.Released(at=now, by=by, overlay=over))
            case i.Assert():
                return self._record(*self._begin(now, by), e.Asserted(at=now, by=by))
            case i.Name(role=role, name=name, title=title):
                if role not in self._run.stage.wanted.people:
                    return self._refuse(intent, "no_role", now, role)
                return self._record(e.Named(at=now, by=by, role=role, name=name, title=title))
            case i.TakeOver():
                return self._record(e.TookOver(at=now, by=by))
            case i.Reload():
                return self._reload(intent, now)
            case i.Message(text=text) | i.Note(text=text):
                return self._write(intent, " ".join(text.split()), now)
            case i.End():
                return self._record(e.Ended(at=now, by=by))

    def _stand_by(self, intent: Intent, cue: str, now: float) -> tuple[Event, ...]:
        index = self._run.place.find(cue)
        if index is None:
            return self._refuse(intent, "no_cue", now, cue)
        number = self._run.place.cues[index].number
        if number in self._run.place.skipped:
            return self._refuse(intent, "skipped", now, number)
        return self._record(e.StoodBy(at=now, by=intent.by, cue=number))

    def _go(self, go: i.Go, now: float, ahead: _Ahead | None) -> tuple[Event, ...]:
        guarded = self._run.guard.refuses(go.by, now)
        if ahead is not None and not guarded and not go.cue and go.expect in ("", ahead.cue):
            # the short way for the usual GO: what was prepared can be refused by the guard alone
            return self._fire_prepared(go, now, ahead)
        place = self._run.place
        index = place.find(go.cue) if go.cue else place.standby
        number = None if index is None or index >= len(place.cues) else place.cues[index].number
        why = (
            "guard"
            if guarded
            else ("no_cue" if go.cue else "last")
            if number is None
            else "skipped"
            if number in place.skipped
            else "stale"
            if go.expect and place.find(go.expect) != place.standby
            else "safe"
            if self._run.stage.wanted.safe_since is not None
            else ""
        )
        if why or number is None:
            self._run.guard.refused(go.by, now)
            return self._refuse(go, why, now, go.cue or go.expect or number or "")
        if ahead is not None and ahead.cue == number:
            return self._fire_prepared(go, now, ahead)
        return self._fire(number, now, go.by, now)

    def _fire_prepared(self, go: i.Go, now: float, ahead: _Ahead) -> tuple[Event, ...]:
        fired = e.Fired(at=now, by=go.by, cue=ahead.cue)
        self._first, self._owed = ahead.orders, (fired, ahead.orders)
        return (fired,)

    def _fire(self, number: str, at: float, by: str, now: float) -> tuple[Event, ...]:
        events = self._record(*self._begin(at, by), e.Fired(at=at, by=by, cue=number))
        return events + self._do_due(now)

    def _begin(self, now: float, by: str) -> tuple[Event, ...]:
        return () if self._run.began is not None else (e.Began(at=now, by=by),)

    def _skip(self, intent: Intent, cue: str, now: float, *, skip: bool) -> tuple[Event, ...]:
        index = self._run.place.find(cue)
        if index is None:
            return self._refuse(intent, "no_cue", now, cue)
        number = self._run.place.cues[index].number
        if index <= self._run.place.onstage:
            return self._refuse(intent, "gone", now, number)  # its look is on stage: go back first
        if (number in self._run.place.skipped) is skip:
            return self._refuse(intent, "skipped" if skip else "not_skipped", now, number)
        kind = e.Skipped if skip else e.Unskipped
        return self._record(kind(at=now, by=intent.by, cue=number))

    def _put(self, intent: Intent, parameter: str, value: Value, now: float) -> tuple[Event, ...]:
        wire = self.book.wires.get(parameter)
        if wire is None:
            return self._refuse(intent, "no_parameter", now, parameter)
        try:
            fit = fitted(value, wire)
        except Unfit:
            return self._refuse(intent, "value", now, parameter)
        return self._record(e.Held(at=now, by=intent.by, parameter=parameter, value=fit))

    def _trigger(self, intent: Intent, do: Do, now: float) -> tuple[Event, ...]:
        profile = self.book.profiles.get(do.device)
        verb = profile.verbs.get(do.verb) if profile else None
        if verb is None or (verb.choices and do.argument not in verb.choices):
            return self._refuse(intent, "no_verb", now, f"{do.device}.{do.verb}")
        return self._say_do(do, "", now, intent.by)

    def _redo(self, intent: Intent, number: int, now: float, *, drop: bool) -> tuple[Event, ...]:
        missed = self._run.dos.missed.get(number)
        if missed is None:
            return self._refuse(intent, "no_missed", now)
        dropped = self._record(e.Dropped(at=now, by=intent.by, do=number))
        if drop:
            return dropped
        do = Do(missed.device, missed.verb, missed.argument)
        return dropped + self._say_do(do, missed.cue, now, intent.by)

    def _say_do(self, do: Do, cue: str, now: float, by: str) -> tuple[Event, ...]:
        """Say a Do now, or record that it was missed."""
        do = do if do.id else Do(do.device, do.verb, do.argument, self._run.dos.last + 1)
        if do.device not in self._run.stage.linked_devices:
            return self._record(self._missed(do, now, why="lost", cue=cue))
        return self._record(
            e.Did(
                at=now, by=by, do=do.id, device=do.device, verb=do.verb,
                argument=do.argument, cue=cue,
            )
        )  # fmt: skip

    @staticmethod
    def _missed(do: Do, now: float, *, why: str, cue: str = "") -> e.Missed:
        return e.Missed(
            at=now, do=do.id, device=do.device, verb=do.verb, argument=do.argument,
            cue=cue, why=why,
        )  # fmt: skip

    def _lay(self, intent: Intent, name: str, ago: float, now: float) -> tuple[Event, ...]:
        venue = self.book.venue
        if name not in ("safe", "cover") or not (venue.safe if name == "safe" else venue.cover):
            return self._refuse(intent, "no_overlay", now, name)
        if name == "safe":
            return self._record(e.Stopped(at=now, by=intent.by))
        return self._record(e.Covered(at=now, by=intent.by, since=now - max(ago, 0.0)))

    def _write(self, intent: i.Message | i.Note, text: str, now: float) -> tuple[Event, ...]:
        if isinstance(intent, i.Message):
            if len(text) > READ:
                return self._refuse(intent, "too_long", now, str(READ))
            return self._record(e.Messaged(at=now, by=intent.by, text=text))
        if not text or len(text) > NOTED:
            return self._refuse(intent, "too_long" if text else "empty", now, str(NOTED))
        return self._record(e.Noted(at=now, by=intent.by, text=text))

    def _refuse(self, intent: Intent, why: str, now: float, cue: str = "") -> tuple[Event, ...]:
        what = type(intent).__name__
        return self._record(e.Refused(at=now, by=intent.by, what=what, why=why, cue=cue))

    # ---- another show

    def offer(self, offer: Offer | None, unused: UnusedRow | None = None) -> Offer | None:
        """Offer a show, or none, `unused` saying why not; return the offer that this replaces."""
        before = self._prospect
        self._prospect = Prospect(offer, self._run) if offer is not None else None
        self._unused = unused
        return None if before is None else before.offer

    def _reload(self, intent: i.Reload, now: float) -> tuple[Event, ...]:
        prospect = self._prospect
        if prospect is None or prospect.offer.id != intent.offer:
            return self._refuse(intent, "no_offer", now)
        if not intent.take:
            return self._record(e.Declined(at=now, by=intent.by, offer=intent.offer))
        if why := prospect.refusal():
            return self._refuse(intent, why, now)
        kept = prospect.kept(now, intent.by)
        self._run.heir = prospect.offer.heir
        events = self._record(kept)
        self.book = self._run.book
        self._clock = self._clock.anew()
        self._prospect = Prospect(undone(prospect.offer, kept.before), self._run, now)
        return events

    # ---- devices

    def hear(self, report: Report, now: float) -> tuple[Event, ...]:
        """Return what a report means for the show, often nothing."""
        self._settle()
        self._ahead, self.stale = None, True
        match report:
            case Moved(parameter, value):
                if self._run.stage.moved(parameter, value, now):
                    return self._record(e.Held(at=now, by="hand", parameter=parameter, value=value))
            case Linked():
                return self._linked(report, now)
            case Lost(device, why):
                return self._lost(device, why, now)
            case Facts(device, facts):
                return self._facts(device, dict(facts), now)
            case Acknowledged(order):
                if isinstance(order, Do) and order.id in self._run.dos.out:
                    return self._record(
                        e.Done(at=now, do=order.id, device=order.device, verb=order.verb)
                    )
                if isinstance(order, Command):
                    return self.hear(Moved(order.parameter, order.value), now)
            case Failed(order, why, detail):
                return self._failed(order, why, detail, now)
        return ()

    def _linked(self, report: Linked, now: float) -> tuple[Event, ...]:
        device = report.device
        self._run.identities[device] = report.identity
        hands = self._run.stage.linked(report, now)
        return self._record(
            e.DeviceLinked(at=now, device=device, restarted=report.restarted),
            *(e.Held(at=now, by="hand", parameter=p, value=v) for p, v in hands),
        ) + self._restore_latches(device, now)

    def _restore_latches(self, device: str, now: float) -> tuple[Event, ...]:
        """After a reconnect recording goes on by itself; streaming is asked about (an alarm).

        One that never ran does not begin by itself: its Do was missed, and is offered.
        """
        events: tuple[Event, ...] = ()
        facts = self._run.facts.get(device, {})
        for latch in [d for d in self._ran if d[0] == device and d[1] in facts]:
            self._ran.discard(latch)
            _, verb = latch
            restores = self.book.profiles[device].verbs[verb].latch == "restore"
            wanted = self._run.stage.live and self._run.dos.latches.get(latch)
            if restores and wanted and facts[verb] is False:
                events += self._say_do(Do(device, verb, "start"), "", now, "reconnect")
        return events

    def _lost(self, device: str, why: str, now: float) -> tuple[Event, ...]:
        news = self._run.stage.away.get(device) != why
        self._run.stage.lost(device, why, now)
        unknown = [o for o in self._run.dos.unanswered(now) if o.do.device == device]
        facts = self._run.facts.get(device, {})
        cut: list[Event] = []
        for verb in self._latches_of(device):
            if facts.pop(verb, None) is True:  # what it did last is not what it does
                if (device, verb) in self._run.dos.latches:
                    self._ran.add((device, verb))
                cut += written(device, verb, facts, {}, now)
        return self._record(
            *([e.DeviceLost(at=now, device=device, why=why)] if news else []),
            *cut,
            *(self._missed(o.do, now, why="unknown", cue=o.cue) for o in unknown),
        )

    def _facts(self, device: str, facts: dict[str, Fact], now: float) -> tuple[Event, ...]:
        known = self._run.facts.setdefault(device, {})
        news = {k: v for k, v in facts.items() if known.get(k) != v}
        known.update(news)
        profile = self.book.profiles.get(device)
        events: tuple[Event, ...] = ()
        for name, on in news.items():
            verb = profile.verbs.get(name) if profile else None
            if verb is None or not verb.latch or not isinstance(on, bool):
                continue
            events += self._record(e.Latched(at=now, device=device, verb=name, on=on))
            events += self._record(*written(device, name, known, news, now))
        late = came_late(device, self._latches_of(device), known, news, now)
        events += self._record(*late)
        return events + (self._restore_latches(device, now) if self._ran else ())

    def _latches_of(self, device: str) -> list[str]:
        profile = self.book.profiles.get(device)
        return [verb.name for verb in profile.verbs.values() if verb.latch] if profile else []

    def _failed(self, order: Order, why: str, detail: str, now: float) -> tuple[Event, ...]:
        if isinstance(order, Command):
            if not self._run.stage.refused(order, why, detail, now):
                return ()
            return self._record(
                e.FailedTo(
                    at=now, parameter=order.parameter, value=order.value, why=why, detail=detail
                )
            )
        said = self._run.dos.out.get(order.id)
        if said is None:
            return ()
        return self._record(self._missed(order, now, why=why, cue=said.cue))

    # ---- time

    def tick(self, now: float, wall: float) -> tuple[Event, ...]:
        """Return what time alone brings: follows, clock-time cues, Dos after a pre-wait.

        `wall` is seconds since the epoch; it is used for `at` and for nothing else.
        """
        self._settle()
        self._ahead, self.stale = None, True
        self._clock.hear(now, wall)
        events = self._do_due(now)
        if self._run.follow_at is not None and now >= self._run.follow_at and self._run.stage.live:
            number = self._run.place.number
            if number is not None:
                # fired at the moment it was due, so that a chain of follows does not drift
                events += self._fire(number, self._run.follow_at, "follow", now)
        return events + self._by_the_clock(now)

    def _by_the_clock(self, now: float) -> tuple[Event, ...]:
        events: tuple[Event, ...] = ()
        for index, cue, left in list(self._clock.waiting()):
            if left > 0 or index <= self._run.place.onstage:
                continue
            why = self._clock.why_not(index, -left)
            if why:
                events += self._record(e.Overdue(at=now, cue=cue.number, why=why))
            else:
                events += self._fire(cue.number, now, "clock", now)
        return events

    def _do_due(self, now: float) -> tuple[Event, ...]:
        events: tuple[Event, ...] = ()
        for occasion in self._run.dos.due(now):
            events += self._say_do(occasion.do, occasion.cue, now, f"cue {occasion.cue}")
        return events

    def overslept(self, seconds: float, now: float) -> tuple[Event, ...]:
        """The desk woke late: what time should have brought meanwhile is held and shown."""
        self._settle()
        self._ahead, self.stale = None, True
        follow, number = self._run.follow_at, self._run.place.number
        events = self._record(e.Slept(at=now, seconds=seconds))
        if follow is not None and follow <= now and number is not None:
            events += self._record(e.Overdue(at=now, cue=number, why="slept"))
        for o in self._run.dos.due(now):
            events += self._record(self._missed(o.do, now, why="slept", cue=o.cue))
        for o in self._run.dos.unanswered(now - seconds):  # the mailboxes are emptied too
            events += self._record(self._missed(o.do, now, why="unknown", cue=o.cue))
        return events

    def commands(self, now: float) -> tuple[Order, ...]:
        """Return what to send now, believed sent until a device says otherwise.

        Call it until it returns nothing: what was prepared comes first, by itself.
        """
        if self._first:
            first, self._first = self._first, ()
            return first
        self._settle()
        said: tuple[Order, ...] = self._run.stage.commands(now)
        if self._run.dos.said:
            said += self._run.dos.take()
        if said:
            self._ahead, self.stale = None, True
        return said

    def prepare(self) -> tuple[Command, ...]:
        """Work out what the standby cue says first; return it, so that packets can be made of it.

        If a GO is the next thing that happens, these are said without further thought, and the
        bookkeeping is done behind them. Anything else that happens throws them away.
        """
        self._settle()
        self.stale = False
        run, cue = self._run, self._run.place.next
        orders = self._picture.next_commands()
        may_go = run.stage.live and run.stage.wanted.safe_since is None
        plain = cue is not None and not cue.does_at_once and may_go
        if cue is not None and plain and run.is_step(run.place.standby):
            self._ahead = _Ahead(cue.number, orders)
        return orders

    def _settle(self) -> None:
        """Do the bookkeeping of a cue whose packets went first.

        What was said is believed before the look moves; so if more is to be said than was
        prepared, or something else, `commands` finds it as it finds every difference.
        """
        if self._owed is None:
            return
        (fired, orders), self._owed = self._owed, None
        said, self._first = () if self._first else orders, ()
        self._run.stage.belief.say(said, fired.at)
        self._run.apply(fired)

    def due(self, now: float) -> float | None:
        """When `tick` or `commands` next have something to do by themselves; None: never."""
        self._settle()
        soonest = self._run.stage.due
        if self._run.follow_at is not None and self._run.stage.live:
            soonest = min(soonest, self._run.follow_at)
        for occasion in self._run.dos.waiting:
            soonest = min(soonest, occasion.due)
        soonest = min(soonest, self._clock.due)
        return None if soonest == math.inf else max(soonest, now)

    def snapshot(self, now: float) -> Snapshot:
        """Return the picture every face renders."""
        self._settle()
        offer = None if self._prospect is None else self._prospect.row()
        picture = self._picture.at(now)
        alarms = picture.alarms
        if self._unused is not None:  # the least of all: nothing of what runs is wrong
            alarms = (*alarms, AlarmRow("unused", self._unused.path, self._unused.code))
        alarms = told_in_order(alarms)
        return replace(picture, alarms=alarms, offer=offer, unused=self._unused)

    def _record(self, *events: Event) -> tuple[Event, ...]:
        for event in events:
            self._run.apply(event)
        return events
