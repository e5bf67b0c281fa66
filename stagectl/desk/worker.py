"""A thread for one device that may block, and a mailbox in which only the newest value waits."""

import logging
import select
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from stagectl.core.diff import Command, Order
from stagectl.core.model import Do
from stagectl.core.wire import Wire
from stagectl.desk.doorbell import Doorbell
from stagectl.desk.leash import PulledOutError, pull_out
from stagectl.desk.link import Link, Make
from stagectl.engine.report import Failed, Report

Hear = Callable[[Report], None]

HUNG = 6.0  # seconds in one call, after which nobody waits for it any more; `open` may take 5
LONGEST = 60.0  # seconds: select takes no infinity

_log = logging.getLogger(__name__)


class Mailbox:
    """What a device has not been told yet: the newest value of each parameter, and every Do.

    What is told stays in the order of the telling: a newer value goes behind the Dos that were
    put in before it, and the older value is dropped.
    """

    def __init__(self) -> None:
        """Nothing waits."""
        self._lock = threading.Lock()
        self._waiting: dict[object, Order] = {}
        self._dos = 0

    def put(self, orders: Iterable[Order]) -> None:
        """Add these, dropping the values they replace."""
        with self._lock:
            for order in orders:
                if isinstance(order, Command):
                    self._waiting.pop(order.parameter, None)
                    self._waiting[order.parameter] = order
                else:
                    self._dos += 1
                    self._waiting[self._dos] = order

    def take(self) -> tuple[Order, ...]:
        """Take all of it."""
        if not self._waiting:
            return ()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        return tuple(waiting.values())


class Worker:
    """Runs one link on a thread of its own, so that its waiting is nobody else's."""

    def __init__(self, link: Link, hear: Hear, clock: Callable[[], float] = time.monotonic) -> None:
        """`hear` is called on the worker's thread; nothing starts before `start`."""
        self.device: Final = link.device
        self._link = link
        self._hear = hear
        self._clock = clock
        self._mailbox = Mailbox()
        self._bell = Doorbell()
        self._left = False  # closed or abandoned: whatever it still says, nobody hears
        self._reopen = ""
        self._renewal: tuple[Make, Mapping[str, Wire] | None] | None = None
        self._levels: bool | None = None  # what the driver is to be told of levels
        self._since: float | None = None  # when the call began that it is in
        self._thread = threading.Thread(target=self._run, name=f"device {link.device}", daemon=True)

    def start(self) -> None:
        """Begin to open the link."""
        self._thread.start()

    def send(self, orders: Iterable[Order]) -> None:
        """Put these into the mailbox; returns at once."""
        self._mailbox.put(orders)
        self._bell.ring()

    def reopen(self, why: str) -> None:
        """Throw away what waits and what it still says, and read the device anew."""
        self._mailbox.take()
        self._reopen = why
        self._bell.ring()

    @property
    def rewires(self) -> bool:
        """Tell whether `renew` with wires keeps the link."""
        return self._link.rewires

    def renew(self, make: Make, wires: Mapping[str, Wire] | None) -> None:
        """Go on as `make` says, before anything more is said; see Link.renew."""
        waiting = self._renewal
        if waiting is not None and waiting[1] is None:
            wires = None  # it was to be made anew, and has not been yet: wires alone are too little
        self._renewal = (make, wires)
        self._bell.ring()

    def watch(self, *, levels: bool) -> None:
        """Let the driver report levels from now on, or no longer, when it has time for that."""
        self._levels = levels
        self._bell.ring()

    def hung(self, now: float) -> bool:
        """Tell whether the driver has been in one call too long, or the thread has died."""
        since = self._since
        if since is None:
            return not self._left and not self._thread.is_alive()
        return now - since > HUNG

    def abandon(self) -> tuple[Do, ...]:
        """Wait no longer; return the Dos it was never told.

        The thread cannot be ended from outside. It is asked to by an exception, which reaches a
        driver that spins at its next line of Python, and one that hangs when the system lets go.
        """
        self._left = True
        pull_out(self._thread)
        self._bell.ring()
        return tuple(order for order in self._mailbox.take() if isinstance(order, Do))

    def close(self, patience: float) -> None:
        """Let go of the device, waiting at most `patience` seconds for the driver."""
        self._left = True
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join(patience)
        if self._thread.is_alive():
            _log.warning("%s did not let go in %.1f s", self.device, patience)

    # ---- the thread

    def _run(self) -> None:
        try:
            while not self._left:
                self._step()
                if not self._left:
                    self._wait()
        except PulledOutError:
            pass  # abandoned: its device has another worker by now
        finally:
            self._link.close()
            self._bell.close()

    def _step(self) -> None:
        """Do what there is to do."""
        link = self._link
        if self._reopen:
            why, self._reopen = self._reopen, ""
            self._call(partial(link.reopen, why))
        if self._renewal is not None:
            (make, wires), self._renewal = self._renewal, None
            self._call(partial(link.renew, make, wires))
        if self._levels is not None:
            levels, self._levels = self._levels, None
            link.watch(levels=levels)
        self._call(link.step)
        if link.is_open and (orders := self._mailbox.take()):
            self._call(partial(link.send, orders))

    def _wait(self) -> None:
        link = self._link
        handle = link.fileno()
        wait = min(max(0.0, link.due - self._clock()), LONGEST)
        bell = self._bell.fileno()
        try:
            ready, _, _ = select.select([bell] if handle < 0 else [bell, handle], (), (), wait)
        except (OSError, ValueError):  # the driver's socket went under our hands: let it find out
            ready = [handle]
        if bell in ready:
            self._bell.answer()
        if handle in ready:
            self._call(link.receive)

    def _call(self, call: Callable[[float], Iterable[Report]]) -> None:
        """Call the driver, timed for `hung`, and pass on what it reports."""
        now = self._clock()
        self._since = now
        try:
            reports = call(now)
        finally:
            self._since = None
        if not self._link.is_open:
            # Values are read on the link's return; a Do that was never told is offered instead.
            waiting = self._mailbox.take()
            self._tell([Failed(order, "lost") for order in waiting if isinstance(order, Do)])
        self._tell(reports)

    def _tell(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if not self._left and not self._reopen:
                self._hear(report)
