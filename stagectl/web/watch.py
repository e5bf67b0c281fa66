"""The server's own look at the desk: what those see who only read."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import monotonic, time

from stagectl.engine.snapshot import Snapshot
from stagectl.panel.link import Gone, Heard, Wire
from stagectl.panel.playbill import Playbill
from stagectl.panel.view import View

AGAIN = 1.0  # seconds before looking again for a desk that does not run
PACE = 0.25  # seconds between two looks at what is new; readers need no more
Find = Callable[[], tuple[str, str] | None]


class Watch:
    """Follows the desk for as long as the server runs."""

    def __init__(self, find: Find) -> None:
        """`find` tells where the desk is now, and the token of those who only look."""
        self._find = find
        self._view = View(role="watch")
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def view(self) -> View:
        """What is known at this moment."""
        return replace(self._view, now=monotonic(), wall=time())

    async def news(self, seconds: float) -> None:
        """Wait until the view may be another, so long at most; then a moment, for what follows."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds - PACE):
                await self._news.wait()
        await asyncio.sleep(PACE)

    async def _follow(self) -> None:
        while (found := self._find()) is None:  # noqa: ASYNC110 -- a file appears, and tells nobody
            await asyncio.sleep(AGAIN)
        async for heard in Wire(*found, by="status page", find=self._find).listen():
            self._take(heard)

    def _take(self, heard: Heard) -> None:
        match heard:
            case Snapshot():
                self._view = self._view.hear(heard, monotonic())
            case Playbill():
                self._view = replace(self._view, bill=heard)
            case Gone() if self._find() is None:
                self._view = View(role="watch")  # nothing runs: that is no trouble
            case Gone(contact):
                self._view = replace(self._view, contact=contact)
            case _:
                return
        news, self._news = self._news, asyncio.Event()
        news.set()
