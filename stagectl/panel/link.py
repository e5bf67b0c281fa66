"""The panel's end of the wire: says the token, hears snapshots, and knows when nobody is there.

A desk that is silent for longer than SILENCE is lost, whatever its socket says: a stopped process
keeps its sockets. An intent is sent at once or not at all; nothing waits for a desk to come back.
"""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Protocol, get_args

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from stagectl.engine.intent import Intent
from stagectl.engine.plain import NotPlainError, snapshot_from_plain, tagged
from stagectl.engine.rights import Role
from stagectl.engine.snapshot import Snapshot
from stagectl.panel.playbill import Playbill, read_playbill
from stagectl.panel.view import Contact

SILENCE = 1.4  # seconds; told within 2, so the rest is left for looking and for drawing
STUCK = 4.0  # seconds without a snapshot; a desk that is well says one every second at least
LOOK = 0.25  # seconds between two looks at the clock
BEAT = 0.5  # seconds between two pings
SHAKE = 3.0  # seconds that a handshake may take
AGAIN = (0.2, 0.5, 1.0)  # seconds before trying again; the last one for ever after
NOT_LET_IN = 4401  # the desk's close code for a token it does not know
OVER = 4403  # and for one whose PIN is over
LARGEST = 64 * 1024 * 1024  # bytes of a book: 10,000 cues are about 4


@dataclass(frozen=True, slots=True)
class Hello:
    """The desk knows us: by this name, in this role; a guest, with these microphones.

    `until`: seconds since the epoch; None: with no end.
    """

    by: str
    role: Role
    own: tuple[str, ...] = ()
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an intent."""

    id: str
    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody is there ("lost", "connecting"), or we are not let in ("refused", "expired")."""

    contact: Contact


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud things are at this moment, by stem ("mixer.guest"), in dB; the rest nobody says."""

    levels: Mapping[str, float]


Heard = Hello | Playbill | Snapshot | Reply | Gone | Levels


class UnsentError(Exception):
    """There is no desk to send it to; it is not kept for later."""


class Link(Protocol):
    """All that the app knows of a desk."""

    def listen(self) -> AsyncIterator[Heard]:
        """Yield what the desk says, for as long as the panel lives."""

    async def send(self, intent: Intent) -> str:
        """Send an intent now and return its id; raises UnsentError."""

    async def levels(self, wanted: bool) -> None:
        """Ask for `Levels`, or for no more of them, of every desk there is from now on."""


Find = Callable[[], tuple[str, str] | None]
"""Where the desk is now (address, token), or None: it is where it was."""


class Wire:
    """A desk over WebSocket."""

    def __init__(self, address: str, token: str, by: str, find: Find | None = None) -> None:
        """Name the desk; nothing is opened before `listen`."""
        self._address = address
        self._token = token
        self._by = by
        self._find = find
        self._socket: ClientConnection | None = None
        self._talking: ClientConnection | None = None  # whether or not it has shown anything yet
        self._heard_at = self._snapshot_at = 0.0
        self._first = os.urandom(6).hex()
        self._count = 0
        self._levels = False

    async def listen(self) -> AsyncIterator[Heard]:
        """Yield what the desk says; look for it again whenever it is gone."""
        tries = 0
        known = expired = False
        while True:
            gone: Contact = "lost" if known else "connecting"
            try:
                async for heard in self._converse():
                    if isinstance(heard, Hello):
                        tries, known, expired = 0, True, False
                    yield heard
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd is not None else 0
                expired = expired or code == OVER
                if code in (OVER, NOT_LET_IN):
                    gone = "expired" if expired else "refused"
            except _NO_DESK:
                pass
            yield Gone("lost" if known and gone == "connecting" else gone)
            await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1
            self._look_up()

    async def send(self, intent: Intent) -> str:
        """Send an intent now; raises UnsentError."""
        socket = self._socket
        if socket is None or monotonic() - self._heard_at > SILENCE:
            raise UnsentError
        self._count += 1
        name = f"{self._first}-{self._count}"
        try:
            await socket.send(json.dumps({"intent": tagged(replace(intent, id=name))}))
        except (ConnectionClosed, OSError) as problem:
            raise UnsentError from problem
        return name

    async def levels(self, wanted: bool) -> None:
        """Ask for levels, or for no more; a desk that comes later is asked then."""
        self._levels = wanted
        if self._talking is not None:
            with suppress(ConnectionClosed, OSError):
                await self._talking.send(json.dumps({"levels": wanted}))

    async def _converse(self) -> AsyncIterator[Heard]:
        # no proxy of the environment stands between two processes of one machine; our own pings
        async with connect(
            self._address, compression=None, proxy=None, max_size=LARGEST, open_timeout=SHAKE,
            close_timeout=0.2, ping_interval=None, logger=_QUIET,
        ) as socket:  # fmt: skip
            await socket.send(json.dumps({"token": self._token, "by": self._by}))
            self._talking = socket
            if self._levels:
                await self.levels(True)
            self._heard_at = monotonic()
            watch = asyncio.create_task(self._watch(socket))
            try:
                while True:
                    async for heard in self._hear(socket):
                        yield heard
            except asyncio.CancelledError:
                socket.transport.abort()  # the panel is closing: nobody waits for a goodbye
                raise
            finally:
                self._socket = self._talking = None
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch

    async def _hear(self, socket: ClientConnection) -> AsyncIterator[Heard]:
        """Yield what one message says; or that the door answers and nobody behind it does."""
        patience = self._snapshot_at + STUCK - monotonic() if self._socket else None
        try:
            async with asyncio.timeout(patience):
                text = await socket.recv()
        except TimeoutError:
            self._socket = None
            yield Gone("lost")
            return
        self._heard_at = monotonic()
        for heard in _read(text):
            if isinstance(heard, Snapshot):
                self._snapshot_at = self._heard_at
                self._socket = socket
            yield heard

    async def _watch(self, socket: ClientConnection) -> None:
        """Ping, and hang up on a desk that answers nothing any more."""
        pong = asyncio.create_task(self._ping(socket))
        asked = monotonic()
        try:
            while True:
                before = monotonic()
                await asyncio.sleep(LOOK)
                now = monotonic()
                if pong.done() and now - asked >= BEAT:
                    pong, asked = asyncio.create_task(self._ping(socket)), now
                if now - before > 2 * LOOK:
                    self._heard_at = max(self._heard_at, now - LOOK)  # it was we who were away
                elif now - self._heard_at > SILENCE:
                    self._socket = None
                    socket.transport.abort()  # a frozen desk never finishes a polite goodbye
                    return
        finally:
            pong.cancel()

    async def _ping(self, socket: ClientConnection) -> None:
        """Ask whether somebody is there; returns when somebody answers, or hung up."""
        with suppress(ConnectionClosed):
            await (await socket.ping())
            self._heard_at = monotonic()

    def _look_up(self) -> None:
        found = self._find() if self._find is not None else None
        if found is not None:
            self._address, self._token = found


def _read(text: str | bytes) -> list[Heard]:
    """Return what a message says; a message of a newer desk says nothing."""
    plain: dict[str, Any] = json.loads(text)
    heard: list[Heard] = []
    if "hello" in plain:
        heard.append(_hello(plain["hello"]))
    if "book" in plain:
        heard.append(read_playbill(plain["book"]))
    if "snapshot" in plain:
        heard.append(snapshot_from_plain(plain["snapshot"]))
    if "reply" in plain:
        heard.append(Reply(str(plain["reply"]), plain["ok"] is True, str(plain.get("why", ""))))
    if isinstance(levels := plain.get("levels"), dict):
        heard.append(Levels({str(s): float(db) for s, db in levels.items()}))
    return heard


def _hello(plain: dict[str, Any]) -> Hello:
    """Return who we are; in a role that we do not know we can only look."""
    role: Role = plain["role"] if plain["role"] in get_args(Role) else "watch"
    until = plain.get("until")
    return Hello(
        str(plain["by"]),
        role,
        tuple(str(stem) for stem in plain.get("own", ())),
        float(until) if isinstance(until, int | float) else None,
    )


# whatever it was, it is no desk that we can speak to now
_NO_DESK = (OSError, WebSocketException, NotPlainError, ValueError, KeyError, TypeError)

_QUIET = logging.getLogger("stagectl.panel.wire")
_QUIET.setLevel(logging.WARNING)  # at DEBUG the library logs every frame, the token among them
