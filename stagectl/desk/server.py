"""On the panel port: intents in, the newest snapshot out; nothing a stranger does costs a GO.

JSON over WebSocket, one object a message, on the port's own thread (see stagectl.desk.port):

    panel   {"token": TOKEN, "by": "touchscreen", "book": true}     first, and soon
    desk    {"hello": {"by": "touchscreen 2", "role": "operate", "own": [], "until": null}}
    desk    {"book": …}          once, unless the panel said "book": false; again when it is another
    desk    {"snapshot": …}      whenever it changes; a slow panel misses all but the newest
    panel   {"intent": {"type": "Go", "expect": "12", "id": UNIQUE}}
    desk    {"reply": UNIQUE, "ok": false, "why": "guard", "events": […]}
    panel   {"levels": true}     while it shows meters
    desk    {"levels": {"mixer.guest": -23.5}}     dB, ten times a second; the rest nobody says

An id said again (a panel that lost its link and asks once more) is answered the same and done once.
Closed with 4401: nobody knows the token; with 4403: its PIN is over, changed or taken back.
"""

import asyncio
import contextlib
import gc
import logging
import socket
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from stagectl.desk.answers import Answers, Ask, refusal
from stagectl.desk.doors import Doors, Pass
from stagectl.desk.gauge import Gauge
from stagectl.desk.letters import dump, encode, parse
from stagectl.desk.manners import Hands, called, unused
from stagectl.engine.snapshot import Snapshot

SOCKETS = 32  # a stage has a few panels; the rest is a mistake or an attack
OPERATORS = 8  # of these, which neither guests nor those who watch can take up
STRANGER = 3.0  # seconds to shake hands, and as many to say the token
FRAME = 64 * 1024  # bytes: what may come in at all
PACE = 0.05  # seconds between two snapshots; eyes need no more
BEAT = 0.25  # seconds between two looks at the clock, to see that we slept, and at the PINs
SLEPT = 0.75  # seconds late: then what lies in the sockets was said to a desk that did not hear
NOT_LET_IN, OVER = 4401, 4403  # close codes

_log = logging.getLogger(__name__)


class Server:
    """Meets whoever comes to the port. `ask` is called on the thread of `run`."""

    def __init__(
        self,
        ask: Ask,
        book: bytes,
        doors: Doors,
        newest: Callable[[], Snapshot | None],
        gauge: Gauge,
    ) -> None:
        """Keep the book as panels get it; `newest` and `gauge` tell what they shall see."""
        self._gauge = gauge
        self._book = _fragments(book)
        self._doors = doors
        self._hands = Hands()
        self._sockets: OrderedDict[ServerConnection, None] = OrderedDict()
        self._gone = self._sweeps = 0
        self._faces: dict[str, _Face] = {}
        self._answers = Answers(ask)
        self._newest = newest
        self._painted: Snapshot | None = None
        self._wanted = False  # somebody waits for a snapshot: a wake-up is worth its price
        self._deaf_until = 0.0
        self._told = ""

    def run(self, listening: socket.socket, backlog: int, up: "Callable[[Server], None]") -> None:
        """Serve until closed; `up` is told when `hear_news` and `close` may be called.

        As many as `backlog` may wait to be let in.
        """
        asyncio.run(self._serve(listening, backlog, up))

    def hear_news(self) -> None:
        """There is a newer snapshot; from any thread, for next to nothing."""
        if self._wanted:
            self._wanted = False
            self._loop.call_soon_threadsafe(self._fresh.set)

    def renew(self, letter: Path) -> None:
        """Give every panel that asked for a book the one in this file; from any thread."""
        with contextlib.suppress(RuntimeError):  # it is closed already
            self._loop.call_soon_threadsafe(self._renew, letter)

    def _renew(self, letter: Path) -> None:
        try:
            self._book = _fragments(letter.read_bytes())
        except OSError:  # panels go on with the one they have, and show what they can
            self._trouble()
            return
        for face in self._faces.values():
            face.renew(self._book)

    def close(self, why: str) -> None:
        """Show the last snapshot, give the last answers, say goodbye; from any thread."""
        with contextlib.suppress(RuntimeError):  # it is closed already
            self._loop.call_soon_threadsafe(self._say_goodbye, why)

    def _say_goodbye(self, why: str) -> None:
        if not self._goodbye.done():
            self._goodbye.set_result(why)

    # ---- the thread

    async def _serve(
        self, listening: socket.socket, backlog: int, up: "Callable[[Server], None]"
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._fresh = asyncio.Event()
        self._goodbye: asyncio.Future[str] = self._loop.create_future()
        self._due = time.monotonic() + BEAT
        quiet = logging.getLogger("stagectl.panels")
        quiet.disabled = True  # a stranger's garbage is not worth a line on a show's disk
        listener = await serve(
            self._meet,
            sock=listening,
            process_request=self._admit,
            create_connection=self._connection(),
            compression=None,
            max_size=FRAME,
            max_queue=4,
            open_timeout=STRANGER,
            ping_interval=5,
            ping_timeout=10,
            close_timeout=1,
            backlog=backlog,
            server_header=None,
            logger=quiet,
        )
        up(self)
        telling = self._gauge.keep_telling(self._tell_levels)
        chores = [asyncio.create_task(chore) for chore in (self._paint(), self._beat(), telling)]
        try:
            why = await self._goodbye
            await self._last_words()
        finally:
            for chore in chores:
                chore.cancel()
        listener.close(reason=why)
        with contextlib.suppress(TimeoutError):  # a panel may wait for an answer that never comes
            await asyncio.wait_for(listener.wait_closed(), 2.0)

    async def _last_words(self) -> None:
        """Let what was answered be sent, and the last snapshot after it."""
        newest = self._newest()
        last = "" if newest is None else await encode(newest)

        async def leave(face: _Face) -> None:
            await face.idle.wait()
            if last:
                await face.socket.send(last)

        leaving = [asyncio.create_task(leave(face)) for face in self._faces.values()]
        if leaving:
            await asyncio.wait(leaving, timeout=1.0)

    # ---- strangers

    def _connection(self) -> type[ServerConnection]:
        """Return connections that count themselves before they have said anything."""
        server = self

        class Counted(ServerConnection):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                super().connection_made(transport)
                server._arrived(self)

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                server._sockets.pop(self, None)
                server._gone += 1

        return Counted

    def _arrived(self, newcomer: ServerConnection) -> None:
        """Make room: the stranger who has said nothing for longest goes, else the newcomer."""
        self._sockets[newcomer] = None
        if len(self._sockets) <= SOCKETS:
            return
        known = {face.socket for face in self._faces.values()}
        leaving = next(socket for socket in self._sockets if socket not in known)
        del self._sockets[leaving]
        leaving.transport.abort()

    def _sweep(self) -> None:
        """Collect what those who left leave: knots of objects, which a live desk does not look for.

        Only young objects are looked at; those of whoever was just leaving, at every tenth sweep.
        """
        if self._gone:
            self._gone = self._sweeps = 0
            self._sweeps += 1
            gc.collect(0 if self._sweeps % 10 else 1)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse what a browser sends for a page that is not ours (any Origin but our own)."""
        hosts, origins = request.headers.get_all("Host"), request.headers.get_all("Origin")
        if len(hosts) != 1 or hosts[0].lower() not in _own_names(connection):
            return connection.respond(HTTPStatus.FORBIDDEN, "This is another host.\n")
        if origins and origins != [f"http://{hosts[0].lower()}"]:
            return connection.respond(HTTPStatus.FORBIDDEN, "This page may not.\n")
        return None

    async def _meet(self, socket: ServerConnection) -> None:
        try:
            async with asyncio.timeout(STRANGER):
                hello = parse(await socket.recv())
            may = self._let_in(hello)
            if isinstance(may, int):
                await socket.close(may, _WHY[may])
                return
            by = unused(called(hello.get("by"), may.role), self._faces)
            face = _Face(socket, by, may, reads=hello.get("book") is not False)
            self._faces[face.by] = face
            try:
                await self._attend(face)
            finally:
                del self._faces[face.by]
                self._look()
        except (ConnectionClosed, TimeoutError):
            pass  # it left, or never said anything: the library closes what is left open
        except Exception:  # noqa: BLE001 -- one panel's trouble is nobody else's; it is in the log
            self._trouble()

    def _let_in(self, hello: Mapping[str, Any]) -> Pass | int:
        """Return what somebody may, or the code to close with."""
        self._look_at_pins()
        may = self._doors.admit(hello.get("token"))
        if may is None:
            return NOT_LET_IN
        if not self._doors.holds(may):
            return OVER
        others = sum(face.may.role != "operate" for face in self._faces.values())
        if may.role != "operate" and others >= SOCKETS - OPERATORS:
            return CloseCode.TRY_AGAIN_LATER
        return may

    def _look_at_pins(self) -> None:
        try:
            self._doors.look()
        except Exception:  # noqa: BLE001 -- a mistake of ours there keeps no operator out
            self._trouble()

    def _see_off(self) -> None:
        """Let those go whose PIN is over, changed or taken back."""
        self._look_at_pins()
        for face in self._faces.values():
            if face.leaving is None and not self._doors.holds(face.may):
                face.leaving = asyncio.create_task(face.socket.close(OVER, _WHY[OVER]))

    # ---- faces

    async def _attend(self, face: "_Face") -> None:
        may = face.may
        told = {"by": face.by, "role": may.role, "own": list(may.own), "until": may.until}
        await face.socket.send(dump({"hello": told}))
        if face.reads:
            await face.socket.send(self._book, text=True)
        self._painted = None
        self._fresh.set()
        sending = asyncio.create_task(face.keep_sending())
        try:
            async for text in face.socket:
                if may.role != "operate":
                    await self._hands.wait(may)
                await self._heed(face, parse(text))
        finally:
            sending.cancel()

    def _look(self) -> None:
        self._gauge.look(any(face.looks for face in self._faces.values()))

    def _tell_levels(self, levels: Mapping[str, float]) -> None:
        text = dump({"levels": levels})
        for face in self._faces.values():
            if face.looks:
                face.gauge(text)

    async def _heed(self, face: "_Face", letter: Mapping[str, Any]) -> None:
        if isinstance(looks := letter.get("levels"), bool):
            face.looks = looks
            self._look()
        plain = letter.get("intent")
        if not isinstance(plain, dict):
            return
        told = plain.get("id")
        name = told if isinstance(told, str) else ""
        face.idle.clear()
        try:
            if not self._doors.holds(face.may):
                answer = refusal("pin")
            elif self._slept():
                answer = refusal("slept")
            else:
                answer = await self._answers.to(plain, face.by, face.may.role, face.may.own)
            await face.socket.send(dump({"reply": name, **answer}))
        finally:
            face.idle.set()

    def _trouble(self) -> None:
        """Log what went wrong, once, though it may go wrong twenty times a second."""
        told = traceback.format_exc()
        if told != self._told:
            self._told = told
            _log.error("panel port: %s", told)

    # ---- time

    async def _paint(self) -> None:
        """Encode the newest snapshot once for all, at most every PACE, if anybody looks."""
        while True:
            self._wanted = bool(self._faces)
            if self._painted is self._newest():  # looked at after the wish: no news is missed
                await self._fresh.wait()
            self._fresh.clear()
            self._painted = snapshot = self._newest()
            if self._faces and snapshot is not None:
                try:
                    text = await encode(snapshot)
                except ValueError:
                    self._trouble()  # the next one may be better; panels see that none comes
                else:
                    for face in self._faces.values():
                        face.show(text)
            await asyncio.sleep(PACE)

    async def _beat(self) -> None:
        """Notice that this process did not run for a while (stopped, swapped out, suspended)."""
        while True:
            await asyncio.sleep(BEAT)
            self._slept()
            self._sweep()
            self._see_off()
            self._due = time.monotonic() + BEAT

    def _slept(self) -> bool:
        """Tell whether what is read now may have been said while nobody listened."""
        now = time.monotonic()
        if now > self._due + SLEPT:
            self._deaf_until = now + BEAT  # long enough to read the sockets empty
            self._due = self._deaf_until
        return now < self._deaf_until


class _Face:
    """One panel that said its token. It holds one snapshot to send, the newest."""

    def __init__(self, socket: ServerConnection, by: str, may: Pass, *, reads: bool) -> None:
        self.socket = socket
        self.by = by
        self.may = may
        self.leaving: asyncio.Task[None] | None = None
        self.reads = reads  # it asked for the book
        self._book: list[memoryview] | None = None
        self._text = ""
        self._unsent = False  # the text, or it is to be sent again
        self._levels = ""
        self.looks = False  # it asked for levels
        self._news = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()

    def show(self, text: str) -> None:
        self._text, self._unsent = text, True
        self._news.set()

    def gauge(self, text: str) -> None:
        self._levels = text
        self._news.set()

    def renew(self, book: list[memoryview]) -> None:
        if self.reads:
            self._book, self._unsent = book, True
            self._news.set()

    async def keep_sending(self) -> None:
        """Send the newest; while a slow panel takes it in, newer ones replace each other."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                if self._book is not None:  # before any snapshot that speaks of its cues
                    book, self._book = self._book, None
                    await self.socket.send(book, text=True)
                if self._text and self._unsent:  # another book can come before the first
                    self._unsent = False
                    await self.socket.send(self._text)
                if self._levels:
                    levels, self._levels = self._levels, ""
                    await self.socket.send(levels)
        except ConnectionClosed:
            pass


_WHY = {NOT_LET_IN: "token", OVER: "pin", CloseCode.TRY_AGAIN_LATER: "full"}


def _fragments(book: bytes) -> list[memoryview]:
    """Return the letter of a book, in pieces: sending copies never all of it."""
    letter = memoryview(b'{"book":%b}' % book)
    return [letter[at : at + FRAME] for at in range(0, len(letter), FRAME)]


def _own_names(connection: ServerConnection) -> set[str]:
    """Return what Host may be: exactly the address this socket was reached at."""
    host, port = connection.transport.get_extra_info("sockname")[:2]
    names = {_bracketed(host)}
    if host in ("127.0.0.1", "::1"):
        names.add("localhost")
    return {f"{name}:{port}" for name in names}


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
