"""A device that nothing can drive: it loads, it checks, and it is never there."""

import math
from collections.abc import Sequence

from stagectl.core.diff import Order
from stagectl.drivers.driver import LinkError
from stagectl.engine.report import Report


class AbsentDriver:
    """Says why whenever it is opened, so that the show runs without the device, told."""

    datagram = False
    due = math.inf

    def __init__(self, why: str) -> None:
        """Keep the code: "no_driver" (not written yet) or "broken" (it cannot be made)."""
        self._why = why

    def open(self, now: float) -> Sequence[Report]:
        """Refuse, for good."""
        del now
        raise LinkError(self._why, slow=True)

    def fileno(self) -> int:
        """There is nothing to wait on."""
        return -1

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Never called: it never was open."""
        del orders, now
        raise LinkError(self._why, slow=True)

    def receive(self, now: float) -> Sequence[Report]:
        """Nothing comes."""
        del now
        return ()

    def tick(self, now: float) -> Sequence[Report]:
        """Nothing is due."""
        del now
        return ()

    def close(self) -> None:
        """There is nothing to let go of."""
