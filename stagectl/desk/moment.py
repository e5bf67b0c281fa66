"""What time it is, by two clocks: the wall's, which people set, and one that nobody can set."""

import sys
import time
from dataclasses import dataclass
from functools import cache

from stagectl.desk import journal

if sys.platform == "linux":

    def _ran() -> float:
        """Return the seconds since the machine was started, those asleep as well."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:

    def _ran() -> float:
        """Return seconds that mean something in this process alone."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Moment:
    """`wall`: seconds since the epoch; `ran`: since some moment of the boot called `boot`.

    Without a name for the boot, `ran` says nothing to another process.
    """

    wall: float
    ran: float
    boot: str = ""


def now() -> Moment:
    """Return the moment that it is."""
    return Moment(time.time(), _ran(), _boot())


@cache
def _boot() -> str:
    return journal.boot_id()
