"""One browser's app process: starts with it, speaks to it alone, and is gone when it is.

What the process may know is told to it on its standard input, in the first line: neither its
words nor its environment have anything that others could read there.
"""

import asyncio
import contextlib
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode
from aiohttp.web import WebSocketResponse
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

ENDED = 4000  # close code: the operator closed the panel
FULL = 4003
NOT_LET_IN = 4401  # as the desk's own
PATIENCE = 3.0  # seconds that a process may take to go when asked
DEAF = 5.0  # seconds that either end may leave unread what the other says
LARGEST = 8 * 1024 * 1024  # bytes of one packet: a 4K wall drawn anew is about half of one
DRIVER = "stagectl.panel.browser:Browser"
_UNWANTED = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG")  # they would write locals into files


@dataclass(frozen=True, slots=True)
class Chair:
    """What is started for a browser: a command line, its first line of input, its environment."""

    argv: tuple[str, ...]
    letter: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show no letter where values are shown."""
        return f"Chair({self.argv!r})"


class Seat(AppService):
    """textual-serve's service, without a shell, downloads, links to elsewhere or printed locals."""

    def __init__(
        self, chair: Chair, socket: WebSocketResponse, hang_up: Callable[[], None]
    ) -> None:
        """Start nothing yet; `hang_up` cuts a line whose browser no longer reads."""
        self._hang_up = hang_up
        self._chair = chair
        self._socket = socket
        super().__init__(
            "",
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=self._leave,
            download_manager=DownloadManager(),
        )

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        """Return the chair's environment, as an app for a browser needs it."""
        built = super()._build_environment(width, height)
        ours = {k: v for k, v in built.items() if k.startswith(("TEXTUAL_", "TERM_PROGRAM"))}
        size = {"COLUMNS": str(width), "ROWS": str(height)}
        wanted = {**self._chair.environ, **ours, **size, "TEXTUAL_DRIVER": DRIVER}
        return {k: v for k, v in wanted.items() if k not in _UNWANTED}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the app, and hand it its letter."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._chair.argv,
            stdin=PIPE,
            stdout=PIPE,
            stderr=None,  # ours: why an app did not start is told where the server is
            env=self._build_environment(width, height),
        )
        assert process.stdin is not None  # noqa: S101 -- it was asked for
        self._stdin = process.stdin
        if self._chair.letter:
            process.stdin.write(self._chair.letter.encode() + b"\n")
        return process

    async def send_bytes(self, data: bytes) -> bool:
        """Send what a browser says; an app that does not read it gives up its seat."""
        if self._process is None or self._process.returncode is not None:
            return False  # it is gone; the browser is about to hear of it
        return await self._told(super().send_bytes(data))

    async def send_meta(self, data: dict[str, str | int | bool | None]) -> bool:
        """Send word of the browser itself, likewise."""
        return await self._told(super().send_meta(data))

    async def _told(self, sending: Coroutine[Any, Any, bool]) -> bool:
        try:
            return await asyncio.wait_for(sending, DEAF)
        except TimeoutError:
            if self._process is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()
            return False

    async def run(self) -> None:
        """Carry what the app draws to the browser until the app is gone; then hang up."""
        process = self._process
        assert process is not None  # noqa: S101 -- start came first
        assert process.stdout is not None  # noqa: S101 -- it was asked for
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            try:
                await self._carry(process.stdout)
            except TimeoutError:  # a tablet that was carried off, or sleeps
                self._hang_up()
        status = await _end(process)
        with contextlib.suppress(TimeoutError):  # what is left in its pipe would keep that open
            await asyncio.wait_for(process.stdout.read(), PATIENCE)
        if not self._socket.closed:
            code = ENDED if status == 0 else WSCloseCode.INTERNAL_ERROR
            with contextlib.suppress(ConnectionError):
                await self._socket.close(code=code)

    async def stop(self) -> None:
        """Ask the app to go, and see to it that it does."""
        task, self._task = self._task, None
        if task is None:
            return
        with contextlib.suppress(ConnectionError):
            await self.send_meta({"type": "quit"})
        self.stdin.close()
        if self._process is not None:
            await _end(self._process)
        await task

    async def on_meta(self, data: bytes) -> None:
        """Forward what our own page understands; an app opens no page and hands out no file."""
        said = json.loads(data)
        if said.get("type") == "editing":
            await self._socket.send_str(json.dumps(["editing", said.get("on") is True]))

    async def _carry(self, out: asyncio.StreamReader) -> None:
        while True:
            kind = await out.readexactly(1)
            if kind == b"_":  # "__GANGLION__": an app begins; one that failed begins again
                await out.readline()
                continue
            if kind not in b"DMP":  # what is printed when all is over
                return
            size = int.from_bytes(await out.readexactly(4), "big")
            if size > LARGEST:
                return
            packet = await out.readexactly(size)
            if kind == b"D":
                await asyncio.wait_for(self._socket.send_bytes(packet), DEAF)
            elif kind == b"M":
                await asyncio.wait_for(self.on_meta(packet), DEAF)

    async def _leave(self) -> None:
        await self._socket.close(code=ENDED)


async def _end(process: Process) -> int:
    """Wait until a process is gone, a while; return its exit status."""
    for end in (None, process.terminate, process.kill):
        if end is not None:
            with contextlib.suppress(ProcessLookupError):
                end()
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(process.wait(), PATIENCE)
    return -1


__all__ = ["ENDED", "FULL", "NOT_LET_IN", "Chair", "Seat"]
