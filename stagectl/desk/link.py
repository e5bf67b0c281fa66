"""One device's driver, opened again and again: whatever it raises, it raises no further."""

import logging
import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from stagectl.core.diff import Order
from stagectl.core.wire import Wire
from stagectl.desk.leash import Leash, PulledOutError
from stagectl.drivers.driver import Driver, LinkError
from stagectl.engine.report import Linked, Lost, Report

Make = Callable[[], Driver]

# seconds until the next attempt: the first, the second …; no longer, since a device that returns
# is to be read back within 5 s, and an attempt itself may take some of them
BACK_OFF = (0.25, 0.5, 1.0, 2.0)
SLOW = 10.0  # and where hurrying will not help (a wrong password)
BROKEN = "broken"  # why a device is lost whose driver raised what it must not

_log = logging.getLogger(__name__)


class Link:
    """Keeps one driver open. Calls come from one thread only; all times are monotonic seconds.

    A driver that raises LinkError is closed and opened again with back-off. One that raises
    anything else is a mistake of ours: it is thrown away and a new one is made.
    """

    def __init__(self, device: str, make: Make, leash: Leash | None = None) -> None:
        """Make the driver, and open nothing yet; `leash` holds one that says it never blocks."""
        self.device = device
        self.is_open = False
        self._make = make
        self._driver = make()
        self._watched = False
        self._leash = leash if leash is not None and self._driver.datagram else None
        self._held: AbstractContextManager[None] = self._leash or nullcontext()
        self._again = -math.inf
        self._tries = 0
        self._told = ""  # why it is lost, if that was said already

    @property
    def datagram(self) -> bool:
        """Tell whether the loop itself can run this driver."""
        return self._driver.datagram

    @property
    def due(self) -> float:
        """When `step` has something to do."""
        return self._driver.due if self.is_open else self._again

    def fileno(self) -> int:
        """Return what to wait on for `receive`, or -1."""
        if not self.is_open:
            return -1
        try:
            return self._driver.fileno()
        except Exception as mistake:  # noqa: BLE001 -- then it is polled, and will say what is wrong
            _tell(self.device, mistake)
            return -1

    def step(self, now: float) -> Sequence[Report]:
        """Open what is closed, if it is time; tick what is due."""
        if now < self.due:
            return ()
        if self.is_open:
            return self._guarded(now, self._driver.tick, now)
        self.is_open = True
        return self._guarded(now, self._driver.open, now)

    def receive(self, now: float) -> Sequence[Report]:
        """Take what has come in."""
        return self._guarded(now, self._driver.receive, now) if self.is_open else ()

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Say these; on a closed link nothing, since on its return the device is read first."""
        return self._guarded(now, self._driver.send, orders, now) if self.is_open else ()

    def prepare(self, orders: Sequence[Order]) -> None:
        """Let the driver make the packets of what may be said next, if it can."""
        prepare = getattr(self._driver, "prepare", None)
        if prepare is not None and self.is_open:
            try:
                prepare(orders)
            except Exception as mistake:  # noqa: BLE001 -- made ready in vain; `send` will say why
                _tell(self.device, mistake)

    def drop(self, why: str, now: float, *, slow: bool = False) -> Sequence[Report]:
        """Close the link, and say so unless it was said; it is opened again after the back-off."""
        self.close()
        wait = SLOW if slow else BACK_OFF[min(self._tries, len(BACK_OFF) - 1)]
        self._again = now + wait
        self._tries += 1
        if self._told == why:
            return ()
        self._told = why
        return (Lost(self.device, why),)

    def reopen(self, why: str, now: float) -> Sequence[Report]:
        """Close the link and open it at the next step: nothing it holds can be trusted."""
        self._tries = 0
        lost = self.drop(why, now)
        self._again = now
        return lost

    @property
    def rewires(self) -> bool:
        """Tell whether the driver can be told of other wires while its link is open."""
        return hasattr(self._driver, "rewire")

    def renew(self, make: Make, wires: Mapping[str, Wire] | None, now: float) -> Sequence[Report]:
        """Go on as `make` says. With `wires`, a driver that can (`rewires`) keeps its link."""
        self._make = make
        if wires is not None and self.rewires:
            try:
                self._driver.rewire(wires)  # type: ignore[attr-defined] # just looked for
            except Exception as mistake:  # noqa: BLE001 -- then it is made anew
                _tell(self.device, mistake)
            else:
                return ()
        lost = self.reopen("reloaded", now)
        self._renew()
        return lost

    def watch(self, *, levels: bool) -> None:
        """Let the driver report levels from now on, or no longer; one that cannot has none."""
        self._watched = levels
        watch = getattr(self._driver, "watch", None)
        if watch is not None:
            try:
                watch(levels=levels)
            except Exception as mistake:  # noqa: BLE001 -- then there are no levels, but a show
                _tell(self.device, mistake)

    def _renew(self) -> None:
        self._driver = self._make()
        if self._watched:
            self.watch(levels=True)

    def close(self) -> None:
        """Let go of the device."""
        self.is_open = False
        try:
            self._driver.close()
        except Exception as mistake:  # noqa: BLE001 -- it must not, but then it is gone all the same
            _tell(self.device, mistake)

    def _guarded(
        self, now: float, call: Callable[..., Sequence[Report]], *args: object
    ) -> Sequence[Report]:
        """Return what the driver reports to `call(*args)`, or that it is lost."""
        try:
            with self._held:
                reports = call(*args)
        except LinkError as lost:
            return self.drop(lost.why, now, slow=lost.slow)
        except (Exception, PulledOutError) as mistake:
            if isinstance(mistake, PulledOutError) and self._leash is None:
                raise  # it is the worker that was pulled out: nobody needs this link any more
            _tell(self.device, mistake)
            dropped = self.drop(BROKEN, now)
            self._renew()
            return dropped
        for report in reports:
            if isinstance(report, Linked):
                self._tries, self._told = 0, ""
        return reports


def _tell(device: str, mistake: BaseException) -> None:
    """Log where it happened, not what it said: a driver's message could hold a password."""
    frame = traceback.extract_tb(mistake.__traceback__)[-1]
    place = f"{frame.filename}:{frame.lineno}"
    _log.error("the driver of %s raised %s at %s", device, type(mistake).__name__, place)
