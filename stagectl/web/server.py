"""textual-serve's server behind a door: nobody opens a socket who was not let in, in a role."""

import asyncio
import contextlib
import json
import logging
import signal
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.server import Server, to_int

from stagectl.desk.pins import Pins
from stagectl.web.door import Door, Visit, headers
from stagectl.web.house import House
from stagectl.web.login import Keys, Login
from stagectl.web.pages import IS_PANEL, KNOWN, Pages
from stagectl.web.seat import NOT_LET_IN, Seat
from stagectl.web.watch import Watch

SEATS = 8  # app processes at once
CONNECTIONS = 64  # sockets; a page needs six for a moment and one from then on
LETTER = 64 * 1024  # bytes of one message from a browser: a long text that is pasted
FORM = 4 * 1024
COLUMNS, ROWS = (20, 500), (8, 200)
BEAT = 8.0  # seconds between two pings; a browser that answers none for half of that is gone
LOOK = 1.0  # seconds between two looks whether somebody may stay
IDLE = 15  # seconds that a connection may stay open for nothing
NONSENSE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What a letter comes to that no page of ours writes."""
HERE = Path(__file__).parent
STOCK = Path(str(files("textual_serve"))) / "static"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server is found, and by what names."""

    host: str
    port: int
    door: Door
    certificate: ssl.SSLContext | None = None
    seats: int = SEATS


class Panels(Server):
    """Gives everybody who is let in a panel of their own."""

    def __init__(self, house: House, listen: Listen) -> None:
        """Listen to nobody yet."""
        super().__init__("", listen.host, listen.port, house.name, listen.door.public)
        self.house, self.listen = house, listen
        self.keys = Keys(house.standing_keys)
        self.login = Login(Pins(house.place), self.keys)
        self._watch = Watch(house.watch)
        # a name of its own for each server of a machine; browsers hold __Host- to our very host
        self._ticket = f"stagectl-{listen.port}"
        if listen.door.public.startswith("https:"):
            self._ticket = f"__Host-{self._ticket}"
        self._pages = Pages(house, self.login, self._watch, self._ticket, self._is_full)
        self._sockets: set[web.WebSocketResponse] = set()
        self._let_in: set[object] = set()
        self._taken = 0

    def _is_full(self) -> bool:
        return self._taken >= self.listen.seats

    # ---- its life

    def initialize_logging(self) -> None:
        """Say what is wrong, without the values of anything."""
        logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")

    def run(self, up: Callable[[str], None]) -> None:
        """Serve until asked to end; `up` hears this machine's address. Raises OSError."""
        self.initialize_logging()
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._run(up))

    async def _run(self, up: Callable[[str], None]) -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        with contextlib.suppress(NotImplementedError):  # Windows says KeyboardInterrupt
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, over.set)
        async with self.open() as url:
            up(url)
            await over.wait()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen for as long as the block runs; yields the address for this machine."""
        runner = web.AppRunner(
            await self._make_app(), access_log=None, keepalive_timeout=IDLE, shutdown_timeout=2
        )
        await runner.setup()
        self._watch.start()
        listening = await self._open_door(runner)
        try:
            yield self._here()
        finally:
            listening.close()
            await runner.cleanup()

    async def _open_door(self, runner: web.AppRunner) -> asyncio.Server:
        loop, make = asyncio.get_running_loop(), runner.server
        assert make is not None  # noqa: S101 -- it is set up

        def meet() -> asyncio.Protocol:
            """Make room: whoever was let in stays, and of the others the oldest goes."""
            here = make.connections
            if len(here) >= CONNECTIONS:
                stranger = next((one for one in here if one not in self._let_in), None)
                if stranger is not None and stranger.transport is not None:
                    stranger.transport.abort()
            return make()

        listen = self.listen
        return await loop.create_server(meet, listen.host, listen.port, ssl=listen.certificate)

    def _here(self) -> str:
        """Return where a browser on this machine finds us; a certificate knows one name alone."""
        if self.listen.certificate is not None:
            return self.listen.door.public
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.listen.host, self.listen.host)  # noqa: S104 -- as the user said
        return f"http://{f'[{host}]' if ':' in host else host}:{self.listen.port}"

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._door], client_max_size=FORM)
        app.add_routes(
            [
                *self._pages.routes(),
                web.get("/ws", self.handle_websocket),
                web.static("/static", HERE / "static"),
                web.static("/xterm/js", STOCK / "js"),
                web.static("/xterm/css", STOCK / "css"),
            ]
        )
        app.on_response_prepare.append(_guard)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_shutdown(self, app: web.Application) -> None:
        """Tell every browser that the server goes."""
        del app
        self._pages.close()
        await self._watch.stop()
        leaving = [socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._sockets]
        await asyncio.gather(*leaving, return_exceptions=True)

    # ---- the door

    @web.middleware
    async def _door(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        known = self.listen.door.admit(_visit(request))
        if known is None:
            raise web.HTTPForbidden(text="This is another host, or another page.\n")
        request[KNOWN] = known
        if self._pages.session(request) is not None:
            self._let_in.add(request.protocol)
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as problem:  # noqa: BLE001 -- one page's trouble is nobody else's
            at = traceback.extract_tb(problem.__traceback__)[-1]
            kind = type(problem).__name__
            log.error("%s: %s (%s:%s)", request.path, kind, at.name, at.lineno)  # noqa: TRY400 -- no values
            raise web.HTTPInternalServerError from None
        finally:
            self._let_in.discard(request.protocol)

    # ---- sockets

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Give somebody who is let in a panel, for as long as both want."""
        session = self._pages.session(request)
        if session is None:
            raise web.HTTPUnauthorized
        if self._is_full():
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(heartbeat=BEAT, max_msg_size=LETTER, compress=False)
        self._taken += 1
        try:
            await socket.prepare(request)
            self._sockets.add(socket)
            seat = Seat(self.house.chair(session.may), socket, lambda: _hang_up(request))
            await self._sit(seat, socket, request)
        finally:
            self._sockets.discard(socket)
            self._taken -= 1
        return socket

    async def _sit(self, seat: Seat, socket: web.WebSocketResponse, request: web.Request) -> None:
        width = _clamp(to_int(request.query.get("width", ""), 80), COLUMNS)
        height = _clamp(to_int(request.query.get("height", ""), 24), ROWS)
        await seat.start(width, height)
        outstays = asyncio.create_task(self._show_out(socket, request))
        try:
            await self._process_messages(socket, seat)
        finally:
            outstays.cancel()
            await seat.stop()

    async def _show_out(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        """Close a panel whose session is over: by its time, a new PIN, or a touch on «Log out»."""
        while self._pages.session(request) is not None:  # noqa: ASYNC110 -- looked up in a file
            await asyncio.sleep(LOOK)
        await socket.close(code=NOT_LET_IN)

    async def _process_messages(
        self,
        websocket: web.WebSocketResponse,
        app_service: Any,  # noqa: ANN401 -- textual-serve's own signature
    ) -> None:
        async for message in websocket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                kind, *rest = json.loads(message.data)
                await _heed(app_service, str(kind), *rest)
            except NONSENSE:
                return  # no page of ours says such things


async def _heed(seat: Seat, kind: str, what: Any = None) -> None:  # noqa: ANN401 -- JSON
    match kind:
        case "stdin":
            await seat.send_bytes(what.encode())
        case "resize":
            width, height = int(what["width"]), int(what["height"])
            await seat.set_terminal_size(_clamp(width, COLUMNS), _clamp(height, ROWS))
        case "focus":
            await seat.focus()
        case "blur":
            await seat.blur()


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """Say with everything what a browser may do with it."""
    is_panel = response.get(IS_PANEL, False)
    for name, value in headers(request.get(KNOWN), is_panel=is_panel).items():
        response.headers[name] = value
    # what is the same for all may be kept, if it is asked every time whether it still is
    is_file = isinstance(response, web.FileResponse)
    response.headers["Cache-Control"] = "no-cache" if is_file else "no-store"
    response.headers.pop("Server", None)


def _visit(request: web.Request) -> Visit:
    names = ("for", "host", "proto")
    said = {name: request.headers.getall(f"X-Forwarded-{name}", []) for name in names}
    transport = request.transport
    reached = transport.get_extra_info("sockname") if transport else None
    opens = request.headers.get("Upgrade", "").lower() == "websocket"
    return Visit(
        hosts=request.headers.getall("Host", []),
        origins=request.headers.getall("Origin", []),
        peer=request.remote or "",
        reached=(reached or ("", 0))[:2],
        forwarded={name: value[-1] for name, value in said.items() if value},
        asks="act" if opens or request.method not in ("GET", "HEAD") else "page",
    )


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _clamp(value: int, bounds: tuple[int, int]) -> int:
    return min(max(value, bounds[0]), bounds[1])


__all__ = ["Listen", "Panels"]
