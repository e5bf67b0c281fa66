"""The one thread on which the show lives: it waits, asks the engine, writes, and only then speaks.

    what came in → engine → journal → devices → whoever asked → the picture

Datagram devices are spoken to from here, since they cannot block; every other device has a worker.
Nothing that waits, encodes or draws is on the way from a GO to its packets.
"""

import contextlib
import gc
import logging
import math
import select
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from stagectl.core.book import Book
from stagectl.core.diff import Command, Order
from stagectl.core.model import Parameter
from stagectl.core.wire import Wire
from stagectl.desk.controls import LAMP, Controls
from stagectl.desk.doorbell import Doorbell
from stagectl.desk.journal import Journal
from stagectl.desk.leash import Leash
from stagectl.desk.link import Link, Make
from stagectl.desk.remote import Heard, Remote
from stagectl.desk.renewal import News, Renewal, Renewed, wires_of
from stagectl.desk.worker import Worker
from stagectl.engine.engine import Engine
from stagectl.engine.event import Ended, Event, Refused, Reloaded
from stagectl.engine.intent import Intent
from stagectl.engine.report import (
    Commanded,
    Facts,
    Failed,
    Levels,
    Linked,
    Lost,
    Report,
    Touched,
)
from stagectl.engine.snapshot import Snapshot

Reply = Callable[[tuple[Event, ...]], None]
_Unsaid = tuple[Heard, tuple[Event, ...], str | None, str | None]

LATE = 1.0  # seconds; a desk that wakes later than this does nothing that was asked of it meanwhile
BEAT = 0.25  # seconds: the longest sleep, so that oversleeping is noticed to the quarter
PACE = 0.05  # seconds between two snapshots while things change
STILL = 1.0  # and while nothing does
BLINK = 0.0001  # seconds in which nothing is done when packets are out, if nobody asks for more
BREATH = 0.002  # seconds of quiet after which what the next GO needs is made ready
CHORES = 1.0  # seconds between two looks at workers and journal
SWEEP = 20.0  # seconds between two garbage collections, if nothing moves
PATIENCE = 1.0  # seconds a worker gets to let go of its device at the end
AT_ONCE = 64  # messages taken from the inbox before the sockets are looked at again

_log = logging.getLogger(__name__)


class Desk:
    """Runs one engine. `ask`, `hear`, `offer`, `watch` and `close` may be called from any thread.

    `drivers` make each device's driver, as often as needed; `publish` is called on this thread and
    must be cheap; so must `gauge`, which gets levels on the thread they come on; `asleep` is how
    many seconds the machine has been suspended so far. The journal and the remote are closed by
    whoever made them.
    """

    def __init__(
        self,
        book: Book,
        drivers: Mapping[str, Make],
        journal: Journal,
        *,
        engine: Engine,
        remote: Remote | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        asleep: Callable[[], float] = lambda: 0.0,
        publish: Callable[[Snapshot], None] = lambda _: None,
        gauge: Callable[[Levels], None] = lambda _: None,
        loaded: Renewal | None = None,
        renewed: Renewed = lambda _: None,
    ) -> None:
        """Open nothing yet: `run` does."""
        self.book = book
        self._engine = engine
        self._journal = journal
        self._remote = remote
        self._clock, self._wall, self._asleep = clock, wall, asleep
        self._publish = publish
        self._gauge = gauge
        self._watched = self._watches = False  # whether levels are wanted, and asked for
        self._make = drivers
        self._loaded = loaded
        self._offered: Renewal | None = None
        self._renewed = renewed
        self._controls = Controls(book)
        self._bell = Doorbell()
        self._bell_handle = self._bell.fileno()
        self._remote_handle = -1 if remote is None else remote.fileno()
        self._inbox: deque[Report | News | tuple[Intent, Reply | None]] = deque()
        self._leash = Leash()
        links = [Link(name, make, self._leash) for name, make in drivers.items()]
        self._links = {link.device: link for link in links if link.datagram}
        self._workers = {link.device: self._worker(link) for link in links if not link.datagram}
        self._closing = False
        now = clock()
        self._woke = now
        self._slept = asleep()
        self._unsaid: list[_Unsaid] = []  # answers to the remote
        self._gave_way = False  # since the last waking
        self._written = False  # since the journal was last settled
        self._trouble = ""  # of the journal, as the engine knows it
        self._ready_at = now  # when to make the next GO ready
        self._prepared: tuple[Sequence[Order], Mapping[str, Sequence[Order]]] = (), {}
        self._publish_at = self._published = now
        self._chores_at = self._sweep_at = now
        self._deaf_until = -math.inf  # the remote's, in a flood

    # ---- from any thread

    def ask(self, intent: Intent, reply: Reply | None = None) -> None:
        """Put an intent to the desk; `reply` gets what came of it, on the desk's thread, soon."""
        self._inbox.append((intent, reply))
        self._bell.ring()

    def hear(self, report: Report) -> None:
        """Tell the desk what a device says."""
        if isinstance(report, Levels):
            self._gauge(report)  # past the loop: it is woken for nothing that may be dropped
            return
        self._inbox.append(report)
        self._bell.ring()

    def watch(self, levels: bool) -> None:
        """Ask the devices for levels, or no longer: the last word counts."""
        self._watched = levels
        self._bell.ring()

    def offer(self, news: News) -> None:
        """Tell the desk of another version of its show, or why there is none that it can run."""
        self._inbox.append(news)
        self._bell.ring()

    def close(self) -> None:
        """Let `run` return; nothing more is said to any device."""
        self._closing = True
        self._bell.ring()

    # ---- the loop

    def run(self) -> None:
        """Run until the show has ended or `close` was called."""
        self._leash.start()
        self.start()
        try:
            while not self._closing:
                self.step()
        finally:
            self._leash.stop()
            self.let_go()

    def start(self) -> None:
        """Begin to open the devices."""
        for worker in self._workers.values():
            worker.start()

    def let_go(self) -> None:
        """Let go of the devices: nothing is said to them, they stay as they are."""
        for link in self._links.values():
            link.close()
        until = self._clock() + PATIENCE
        for worker in self._workers.values():
            worker.close(max(0.0, until - self._clock()))
        self._bell.close()

    def step(self) -> None:
        """Wait for whatever comes first, and carry it out."""
        asked = self._clock()
        due = self._due(asked)
        ready = self._wait(due - asked, asked)
        now = self._clock()
        late = now - (max(asked, due))
        asleep = self._asleep() - self._slept
        if late >= LATE or asked - self._woke >= LATE or asleep >= LATE:
            self._oversleep(max(late, asked - self._woke, asleep), now)
        self._woke, self._gave_way = now, False
        if self._remote is not None:
            if self._remote_handle in ready:
                self._heed_remote(self._remote, now)
            elif self._unsaid:
                self._answer_remote(self._remote)
        if self._bell_handle in ready:
            self._bell.answer()
        if self._inbox:
            self._read_inbox(now)
        for link in self._links.values():
            if link.due <= now:
                self._carry_out(self._heard(link.step(now), now), now)
            if link.fileno() in ready:
                self._carry_out(self._heard(link.receive(now), now), now)
        if (by_itself := self._engine.due(now)) is not None and by_itself <= now:
            self._carry_out(self._engine.tick(now, self._wall()), now)
        self._afterwards(now)

    def _due(self, now: float) -> float:
        """When there is something to do, if nothing comes in."""
        if self._inbox or self._unsaid:
            return now
        due = min(now + BEAT, self._ready_at, self._publish_at)
        if (by_itself := self._engine.due(now)) is not None and by_itself < due:
            due = by_itself
        for link in self._links.values():
            due = min(due, link.due)
        return due

    def _wait(self, seconds: float, now: float) -> list[int]:
        handles = [self._bell_handle]
        if self._remote is not None and now >= self._deaf_until:
            handles.append(self._remote_handle)
        handles += [handle for link in self._links.values() if (handle := link.fileno()) >= 0]
        try:
            # select counts microseconds, where poll and epoll count milliseconds, rounded up
            return select.select(handles, (), (), max(0.0, seconds))[0]
        except (OSError, ValueError):  # a driver's socket went under our hands: let it find out
            return handles

    # ---- what comes in

    def _read_inbox(self, now: float) -> None:
        reports: list[Report] = []
        for _ in range(min(len(self._inbox), AT_ONCE)):
            match self._inbox.popleft():
                case (intent, reply):
                    events = self._asked(intent, now)
                    self._carry_out(events, now)
                    if reply is not None:
                        reply(events)
                case Touched() | Commanded() as touch:
                    self._touched(touch, now)
                case Failed(order) if isinstance(order, Command) and order.cause == LAMP:
                    _log.warning("a lamp cannot be told: %s", order.parameter)
                case News() as news:
                    self._offered = news.renewal
                    offer = None if news.renewal is None else news.renewal.offer
                    self._engine.offer(offer, news.unused)
                    self._note((), now)
                case report:
                    if isinstance(report, Linked | Lost):
                        self._controls.forget(report.device)
                    reports.append(report)
        self._carry_out(self._heard(reports, now), now)

    def _touched(self, touch: Touched | Commanded, now: float) -> None:
        """Carry out what a controller's key or fader asks for."""
        try:
            stage = self._engine.run.stage
            fades = stage.motion.fades
            standing = partial(stage.standing, now=now)
            intents = list(self._controls.asked(touch, standing, now, fades.__contains__))
        except Exception:  # noqa: BLE001 -- a mistake of ours costs this press, not the show
            _log.exception("a touch of %s was not understood", touch.device)
            return
        for intent in intents:
            self._carry_out(self._asked(intent, now), now)

    def _heed_remote(self, remote: Remote, now: float) -> None:
        for heard in remote.receive(now):
            events = self._asked(heard[0], now)
            self._carry_out(events, now)
            place = self._engine.run.place
            self._unsaid.append((heard, events, place.onstage_number, place.number))
        self._deaf_until = now + remote.rest(now)

    def _answer_remote(self, remote: Remote) -> None:
        """Nobody waits for anything else: now say what came of it."""
        unsaid, self._unsaid = self._unsaid, []
        for heard, events, onstage, standby in unsaid:
            remote.reply(heard, events, onstage=onstage, standby=standby)

    def _asked(self, intent: Intent, now: float) -> tuple[Event, ...]:
        try:
            events = self._engine.ask(intent, now)
        except Exception:  # noqa: BLE001 -- see below
            # A mistake of ours costs this intent, not the show. What the engine makes of an intent
            # it records event by event, and nothing of this one is in the journal.
            _log.exception("%s was not carried out", type(intent).__name__)
            return (_refusal(intent, "mistake", now),)
        if isinstance(events[0], Reloaded) and self._offered is not None:
            events += self._renew(self._offered, now)
        return events

    def _renew(self, new: Renewal, now: float) -> tuple[Event, ...]:
        """Go on with another version, which the engine has; return what devices say to that."""
        with contextlib.suppress(OSError):  # a journal without the copies is better than none
            if new.copies is not None:
                self._journal.copy(new.copies.read_bytes())  # before the event that makes it count
        before, self.book = self._loaded, new.book
        self._make, self._loaded = new.makes, new
        self._offered = before and before.left_for(new)
        self._controls = Controls(new.book, self._controls)
        if self._remote is not None:
            self._remote.renew(new.cues)
        reports: list[Report] = []
        for device, anew in new.touched.items():
            wires = None if anew else wires_of(new.book, device)
            try:
                reports += self._rewire(device, wires, now)
            except Exception:  # noqa: BLE001 -- a mistake of ours costs one device, not the show
                _log.exception("%s was not told of the new show", device)
        self._renewed(new)
        return self._heard(reports, now)

    def _rewire(
        self, device: str, wires: Mapping[Parameter, Wire] | None, now: float
    ) -> Sequence[Report]:
        """Let a device's driver know other wires, or be made anew (None)."""
        make = self._make[device]
        if (link := self._links.get(device)) is not None:
            return link.renew(make, wires, now)
        worker = self._workers[device]
        worker.renew(make, wires)
        return () if wires is not None and worker.rewires else (Lost(device, "reloaded"),)

    def _heard(self, reports: Iterable[Report], now: float) -> tuple[Event, ...]:
        events: tuple[Event, ...] = ()
        for report in reports:
            if isinstance(report, Levels):
                self._gauge(report)
                continue
            try:
                events += self._engine.hear(report, now)
            except Exception:  # noqa: BLE001 -- a report that cannot be is its driver's mistake
                _log.exception("%s was not understood", type(report).__name__)
        return events

    # ---- what goes out

    def _carry_out(self, events: tuple[Event, ...], now: float) -> None:
        """Write what happened, then say what follows from it; answers to that, the same way."""
        while True:
            if events:
                self._journal.append(events)
            orders = self._engine.commands(now)
            answers = self._say(orders, now) if orders else ()
            if orders and not self._gave_way:
                # Who gets the packet may sit on this very core, a worker waits for the interpreter:
                # they go first, unless somebody has come in. What is left to do here is our books.
                self._gave_way = True
                self._wait(BLINK, now)
            if events or orders:
                self._note(events, now)
            if not orders:
                return
            events = self._heard(answers, now)

    def _say(self, orders: Sequence[Order], now: float) -> list[Report]:
        """Send to the datagram devices, put the rest into mailboxes."""
        answers: list[Report] = []
        prepared, shares = self._prepared
        if orders is not prepared:
            shares = {orders[0].device: orders} if len(orders) == 1 else _by_device(orders)
        for device, mine in shares.items():
            link = self._links.get(device)
            if link is not None:
                answers += link.send(mine, now)
            elif device in self._workers:
                self._workers[device].send(mine)
        return answers

    # ---- when the packets are out

    def _note(self, events: Iterable[Event], now: float) -> None:
        self._publish_at = min(self._publish_at, max(now + BREATH, self._published + PACE))
        if events:
            self._written = True
            self._ready_at = min(self._ready_at, now + BREATH)
        if any(isinstance(event, Ended) for event in events):
            self._closing = True

    def _afterwards(self, now: float) -> None:
        if self._written:
            self._written = False
            self._journal.settle()
        if self._watched is not self._watches:
            self._watches = self._watched
            for link in self._links.values():
                link.watch(levels=self._watches)
            for worker in self._workers.values():
                worker.watch(levels=self._watches)
        if self._engine.stale:
            self._ready_at = min(self._ready_at, now + BREATH)
        if now >= self._ready_at:
            self._make_ready()
        if now >= self._publish_at or self._closing:
            self._published, self._publish_at = now, now + STILL
            snapshot = self._engine.snapshot(now)
            self._publish(snapshot)
            self._light(snapshot, now)
        if now >= self._chores_at:
            self._chores_at = now + CHORES
            self._chores(now)

    def _light(self, snapshot: Snapshot, now: float) -> None:
        """Say to the controllers' lamps what has changed."""
        for device, mine in _by_device(self._controls.lamps(snapshot, now)).items():
            if device in self._workers:
                self._workers[device].send(mine)

    def _make_ready(self) -> None:
        """Let the standby cue's packets be made while nothing happens."""
        self._ready_at = math.inf
        orders = self._engine.prepare()
        self._prepared = orders, (shares := _by_device(orders))
        for device, link in self._links.items():
            link.prepare(shares.get(device, ()))

    def _chores(self, now: float) -> None:
        for device, worker in list(self._workers.items()):
            if worker.hung(now):
                _log.error("the driver of %s does not come back; it gets a new worker", device)
                missed = worker.abandon()
                self._workers[device] = self._worker(Link(device, self._make[device]))
                self._workers[device].watch(levels=self._watches)
                self._workers[device].start()
                reports: list[Report] = [Failed(do, "unknown") for do in missed]
                reports.append(Lost(device, "silent"))
                self._carry_out(self._heard(reports, now), now)
        if self._journal.trouble:
            self._journal.settle()
        if self._journal.trouble != self._trouble:
            self._trouble = self._journal.trouble
            told = Facts("desk", {"journal": self._trouble})
            self._carry_out(self._heard([told], now), now)
        if now >= self._sweep_at and not gc.isenabled() and now - self._published > PACE:
            self._sweep_at = now + SWEEP
            gc.collect()

    def _oversleep(self, seconds: float, now: float) -> None:
        """Throw away what was asked while nobody listened, and read every device anew."""
        self._slept = self._asleep()
        _log.warning("woke %.1f s late", seconds)
        if self._remote is not None:
            self._remote.empty()
        self._bell.answer()
        self._controls.forget()
        waiting = list(self._inbox)
        self._inbox = deque(item for item in waiting if isinstance(item, News))  # still so
        events = self._engine.overslept(seconds, now)
        reports: list[Report] = []
        for link in self._links.values():
            reports += link.reopen("slept", now)
        for worker in self._workers.values():
            worker.reopen("slept")
            reports.append(Lost(worker.device, "slept"))
        events += self._heard(reports, now)
        asked = [item for item in waiting if isinstance(item, tuple)]
        refused = [(_refusal(intent, "slept", now), reply) for intent, reply in asked]
        self._carry_out((*events, *(event for event, _ in refused)), now)
        for event, reply in refused:
            if reply is not None:
                reply((event,))

    def _worker(self, link: Link) -> Worker:
        return Worker(link, self.hear, self._clock)


def _by_device(orders: Iterable[Order]) -> Mapping[str, Sequence[Order]]:
    """Return the orders of each device, in their order."""
    found: dict[str, list[Order]] = {}
    for order in orders:
        found.setdefault(order.device, []).append(order)
    return found


def _refusal(intent: Intent, why: str, now: float) -> Refused:
    return Refused(at=now, by=intent.by, what=type(intent).__name__, why=why)
