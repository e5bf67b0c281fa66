"""Which meters can be seen, and what they hear; the desk is asked for levels only while one is."""

from collections.abc import Awaitable, Callable, Mapping

from stagectl.panel.widgets.meter import Meter

STALE = 0.5  # seconds after which a level is none: a frozen bar says that somebody speaks
LOOK = 0.25  # seconds between two looks at the clock, where no level comes

Wanted = Callable[[bool], Awaitable[None]]
"""Tells the desk whether levels are wanted."""


class Gauges:
    """The meters of one panel."""

    def __init__(self, wanted: Wanted, clock: Callable[[], float]) -> None:
        """Show nothing yet, and ask for nothing."""
        self._wanted = wanted
        self._clock = clock
        self._meters: set[Meter] = set()
        self._heard_at: float | None = None  # None: nothing is shown

    async def look(self, meter: Meter, *, looks: bool) -> None:
        """Let a meter hear, or no longer; ask the desk for levels when that is something new."""
        before = bool(self._meters)
        if looks:
            self._meters.add(meter)
        else:
            self._meters.discard(meter)
        if bool(self._meters) is not before:
            await self._wanted(not before)

    def take(self, levels: Mapping[str, float]) -> None:
        """Show these: what is not among them is said by nobody."""
        now = self._clock()
        self._heard_at = now
        for meter in self._meters:
            meter.hear(levels.get(meter.stem), now)

    async def expire(self) -> None:
        """Show nothing where nobody has said anything for a while; forget meters that are gone."""
        for meter in [meter for meter in self._meters if not meter.is_attached]:
            await self.look(meter, looks=False)
        now = self._clock()
        if self._heard_at is not None and now - self._heard_at > STALE:
            self._heard_at = None
            for meter in self._meters:
                meter.hear(None, now)
