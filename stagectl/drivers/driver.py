"""The whole of what a device must be able to do.

A driver has no thread, no retry and no memory of the show. Its runner does the waiting:
a datagram driver lives in the desk's own loop (it cannot block), any other has a worker thread.
The runner calls `open` again, with back-off, after every `LinkError`, and reports `Lost`.
"""

from collections.abc import Sequence
from typing import Protocol

from stagectl.core.diff import Order
from stagectl.engine.report import Report


class LinkError(Exception):
    """The link is gone or cannot be had.

    `why` is a code that words/ can say ("refused", "silent", "password", "unreachable", "closed");
    `slow` asks for a slow retry, since hurrying will not help. Never carries a secret.
    """

    def __init__(self, why: str, *, slow: bool = False) -> None:
        """Keep the code; the traceback holds the cause."""
        super().__init__(why)
        self.why = why
        self.slow = slow


class Driver(Protocol):
    """One device on one protocol. All times are monotonic seconds given by the runner.

    Calls come from one thread only. Any of them may raise LinkError, after which only `close`
    and `open` are called.
    """

    datagram: bool
    """True: no call ever blocks, and `fileno` is a UDP socket; the desk's loop runs it."""

    due: float
    """When `tick` wants to be called next (math.inf: never)."""

    def open(self, now: float) -> Sequence[Report]:
        """Connect, identify, read every readable parameter: at most 5 s when not `datagram`.

        A driver that learns of its peer by answers (UDP) returns () and says `Linked` later.
        """

    def fileno(self) -> int:
        """Return what to wait on for `receive`, or -1: nothing, `tick` polls."""

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Say these now, all of them before waiting for any answer."""

    def receive(self, now: float) -> Sequence[Report]:
        """Take what has come in, all that is there."""

    def tick(self, now: float) -> Sequence[Report]:
        """Keep alive, probe, read back, give up what is overdue; move `due` on."""

    def close(self) -> None:
        """Let go of everything; never raises."""


# Every driver class is made the same way, and opens nothing before `open`:
#     OscDriver(device: Device, profile: Profile, wires: Mapping[Parameter, Wire], secret: str = "")
# `wires` holds this device's parameters only, by their full names ("mixer.host.level").
#
# What a driver may have besides, and is then asked for; none of it may raise, or need an open link:
#     prepare(orders)         make the packets of what may be said next, in idle time
#     rewire(wires)           speak of these parameters from now on; the link stays as it is
#     watch(*, levels: bool)  report Levels from now on, also over another link, or no longer
