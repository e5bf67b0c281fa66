"""The newest levels of all devices, for whoever looks; one that is old is shown to nobody."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping

from stagectl.engine.report import Levels

STALE = 0.5  # seconds after which a level is none: a frozen bar says that somebody speaks
PACE = 0.1  # seconds between two letters of levels


class Gauge:
    """Takes levels from any thread; all else happens on the port's, where `keep_telling` runs.

    `watch` lets the devices know whether anybody looks; it is told only what is new.
    """

    def __init__(self, watch: Callable[[bool], None]) -> None:
        """Nobody looks, and nothing has been said."""
        self._watch = watch
        self._watched = False
        self._newest: dict[str, tuple[float, Mapping[str, float]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = False
        self._waiting = False  # for news: only then is a wake-up worth its price
        self._louder = asyncio.Event()
        self._told = False  # something, so that it must be taken back

    def take(self, report: Levels) -> None:
        """Keep what a device says, in place of what it said before; from any thread."""
        self._newest[report.device] = time.monotonic(), report.levels
        self._news = True
        if self._waiting and self._loop is not None:
            self._waiting = False
            self._loop.call_soon_threadsafe(self._louder.set)

    def look(self, looks: bool) -> None:
        """Say whether anybody looks."""
        if looks is not self._watched:
            self._watched = looks
            self._newest.clear()  # the next who looks begins with nothing
            self._told = False
            self._watch(looks)

    def levels(self) -> dict[str, float]:
        """Return what is loud now, to a tenth of a dB, by stem."""
        now = time.monotonic()
        fresh = [levels for at, levels in list(self._newest.values()) if now - at <= STALE]
        return {stem: round(level, 1) for levels in fresh for stem, level in levels.items()}

    async def keep_telling(self, tell: Callable[[Mapping[str, float]], None]) -> None:
        """Tell what there is, at most every PACE; when nothing comes any more, that too, once."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._waiting = True
            if not self._news:  # looked at after the wish: none is missed
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STALE if self._told else None):
                        await self._louder.wait()
            self._louder.clear()
            self._waiting = self._news = False
            levels = self.levels() if self._watched else {}
            if levels or self._told:
                self._told = bool(levels)
                tell(levels)
            await asyncio.sleep(PACE)
