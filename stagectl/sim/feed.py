"""The stage as a picture, ten times a second: one JSON object a line, to whoever connects.

Loopback only, and nothing can be said to it. A reader that falls behind misses pictures.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

EVERY = 0.1
_BEHIND = 2**18  # bytes not taken yet
_LINE = 2**20  # the longest line a reader takes

Picture = Mapping[str, Any]


class Feed:
    """Asks for a picture only while somebody watches."""

    def __init__(self, state: Callable[[], Picture]) -> None:
        """Remember whom to ask."""
        self._state = state
        self._watchers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    async def open(self, port: int = 0) -> None:
        """Listen; `address` is where."""
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", port)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Let everybody go."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for watcher in tuple(self._watchers):
            watcher.close()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._watchers.add(writer)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._draw())
        with contextlib.suppress(OSError):
            while await reader.read(1024):
                pass  # what a watcher says is not read
        self._watchers.discard(writer)
        writer.close()

    async def _draw(self) -> None:
        while self._watchers:
            line = json.dumps(self._state(), ensure_ascii=False).encode() + b"\n"
            for watcher in tuple(self._watchers):
                if watcher.transport.get_write_buffer_size() < _BEHIND:
                    watcher.write(line)
            await asyncio.sleep(EVERY)


async def watch(address: str) -> AsyncGenerator[Picture, None]:
    """Yield pictures as they come, the newest only; ends when the stage does. Raises OSError."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=_LINE)
    try:
        while line := await reader.readline():
            picture = json.loads(line)
            if isinstance(picture, dict):
                yield picture
    finally:
        writer.close()
