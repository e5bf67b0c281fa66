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
        self._asked = False
        self._heard_at: float | None = None  # None: nothing is shown

    async def look(self, meter: Meter, *, looks: bool) -> None:
        """Let a meter hear, or no longer; ask the desk for levels when that is something new."""
        if looks:
            self._meters.add(meter)
        else:
            self._meters.discard(meter)
        await self._ask()

    def take(self, levels: Mapping[str, float]) -> None:
        """Show these: what is not among them is said by nobody."""
        now = self._clock()
        self._heard_at = now
        for meter in self._meters:
            meter.hear(levels.get(meter.stem), now)

    async def expire(self) -> None:
        """Show nothing where nobody has said anything for a while; look who can be seen yet."""
        await self._ask()
        now = self._clock()
        if self._heard_at is not None and now - self._heard_at > STALE:
            self._heard_at = None
            for meter in self._meters:
                meter.hear(None, now)

    async def _ask(self) -> None:
        """Ask for levels while a meter can be seen: it is there, and no other screen over it."""
        self._meters = {meter for meter in self._meters if meter.is_attached}
        asked, self._asked = self._asked, any(m.screen is m.app.screen for m in self._meters)
        if asked is not self._asked:
            await self._wanted(self._asked)
