"""Recording or streaming: an order is done when OBS has begun or ended, never when it said OK.

StartStream answers OK long before there is a connection, and a StopRecord that comes before the
recording has begun is refused (501) while the recording goes on. So one order at a time is seen
through, by events; what OBS refuses because it is under way, or agrees to and does not begin, is
asked for again.
"""

import math
from collections import deque
from dataclasses import dataclass

from stagectl.core.model import Do
from stagectl.drivers.obs_words import NOT_READY, NOT_RUNNING, RUNNING, Answer, Request, request
from stagectl.engine.report import Acknowledged, Failed, Report

AGAIN = 0.1  # seconds until a request refused for being early is made again
NUDGE = 0.4  # seconds without an event until one that OBS agreed to is made again
FRESH = 0.5  # seconds in which an event knows better than a status
_SETTLED = {"STARTED": True, "RECONNECTED": True, "STOPPED": False}
_MOVING = {"STARTING": True, "STOPPING": False}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds from the request until nobody can say any more what became of it."""

    start: float
    stop: float


PATIENCE = {
    "record": Patience(start=5.0, stop=20.0),  # the file is finished first
    "stream": Patience(start=30.0, stop=10.0),  # a name, a handshake, a far server
}


class Latch:
    """One output of OBS, and the orders people gave it, in their order."""

    def __init__(self, verb: str) -> None:
        """`verb` is "record" or "stream"."""
        self.verb = verb
        self.active = False
        self.heard = 0  # how many events: a status asked for before the last one is old
        self._event_at = -math.inf
        self._moving: bool | None = None  # what it is on its way to
        self._orders: deque[Do] = deque()
        self._begun = False  # the first order's request was made and not refused
        self._in_flight = False
        self._again = -math.inf
        self._until = math.inf

    @property
    def due(self) -> float:
        """When there may be something to do without hearing from OBS."""
        if not self._orders:
            return math.inf
        waits = self._in_flight or self._moving is not None
        return min(math.inf if waits else self._again, self._until)

    def order(self, do: Do, now: float) -> list[Report]:
        """Take an order: "start" or "stop"."""
        if do.argument not in {"start", "stop"}:
            return [Failed(do, "refused", f"{do.verb}: {do.argument}")]
        self._orders.append(do)
        if len(self._orders) == 1:
            self._next(now)
        return self.settle(now)

    def request(self, now: float) -> Request | None:
        """Return what to say to OBS now, if anything; `answered` must follow."""
        if not self._orders or self._in_flight or now < self._again:
            return None
        if self._begun and self._moving is not None:
            return None
        self._in_flight = True
        return request(("Start" if self._wanted else "Stop") + self.verb.capitalize())

    def answered(self, said: Answer, now: float) -> list[Report]:
        """OBS answered the request."""
        self._in_flight = False
        if said.ok:
            # a StartRecord in the millisecond after STOPPED is agreed to and forgotten
            self._begun, self._again = True, now + NUDGE
        elif said.code in {RUNNING, NOT_RUNNING, NOT_READY}:
            # it is still starting or stopping, or it is there already, which the status will tell
            self._again = now + AGAIN
        else:
            return [self._give_up(said.why, said.comment, now), *self.settle(now)]
        return self.settle(now)

    def event(self, state: str, now: float) -> list[Report]:
        """RecordStateChanged or StreamStateChanged: the last word of outputState."""
        self.heard, self._event_at = self.heard + 1, now
        if state in _MOVING:
            self._moving = _MOVING[state]
        if state not in _SETTLED:
            return []
        self.active, self._moving = _SETTLED[state], None
        if self._begun and self._orders and self._wanted and not self.active:
            return [self._give_up("refused", "it ended before it had begun", now)]
        return self.settle(now)

    def status(self, active: bool, heard: int, now: float) -> list[Report]:
        """GetRecordStatus or GetStreamStatus, asked for when `heard` events had come."""
        # an output that has said STOPPED can be called active for a moment yet
        if heard == self.heard and (active == self.active or now > self._event_at + FRESH):
            self.active = active
            if self._moving == active:  # its event was lost on the way
                self._moving = None
        return self.settle(now)

    def settle(self, now: float) -> list[Report]:
        """Close the orders that are done or overdue."""
        reports: list[Report] = []
        while self._orders and not self._in_flight:
            if self._moving is None and self.active == self._wanted:
                reports.append(Acknowledged(self._orders.popleft()))
                self._next(now)
            elif now >= self._until:
                reports.append(self._give_up("unknown", "OBS has not said that it is done", now))
            else:
                break
        return reports

    def linked(self, active: bool) -> list[Report]:
        """The link is new: what was ordered before is judged by what OBS does now, never redone."""
        self.active, self._moving, self._in_flight = active, None, False
        orders, self._orders = self._orders, deque()
        return [
            Acknowledged(do)
            if active == (do.argument == "start")
            else Failed(do, "unknown", "the connection was lost")
            for do in orders
        ]

    @property
    def _wanted(self) -> bool:
        return self._orders[0].argument == "start"

    def _next(self, now: float) -> None:
        """The order that is first now has its time from now on."""
        self._begun, self._again = False, now
        if self._orders:
            patience = PATIENCE[self.verb]
            self._until = now + (patience.start if self._wanted else patience.stop)

    def _give_up(self, why: str, detail: str, now: float) -> Failed:
        failed = Failed(self._orders.popleft(), why, detail)
        self._next(now)
        return failed
