"""An OBS 29 on a real socket: obs-websocket 5 in front, and a machine that can crash behind.

A crash loses what the collection did not save: OBS saves when it quits. Persistent data and the
recordings stay, as they are on disk.
"""

import asyncio
import contextlib
import copy
import logging
import random
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from stagectl.sim.lifetime import Lifetime
from stagectl.sim.obs_collection import Collection
from stagectl.sim.obs_fields import Json
from stagectl.sim.obs_picture import picture
from stagectl.sim.obs_run import Disk, Run
from stagectl.sim.obs_socket import (
    BATCH,
    BATCH_RESPONSE,
    EVENT,
    INTENTS,
    METERS,
    RESPONSE,
    Door,
    Session,
)
from stagectl.sim.obs_work import answer, work_through

_JSON = Subprotocol("obswebsocket.json")
# OBS has a pool of threads, so two requests sent in one go can be carried out the other way round:
# 32 pairs of 300 were on the real one.
_OVERTAKES = 0.1

# A client that comes and goes is nothing to tell an operator about.
_LOG = logging.getLogger("stagectl.sim.obs")
_LOG.addHandler(logging.NullHandler())
_LOG.propagate = False


class Obs:
    """One OBS. `names` maps the venue's names to OBS's own; `folder` gets the recordings.

    `orderly` promises that requests are carried out in the order they were sent; OBS does not.
    """

    kind = "obs"

    def __init__(
        self,
        collection: Collection,
        *,
        folder: Path,
        password: str = "",
        names: Mapping[str, str] | None = None,
        orderly: bool = False,
        seed: int = 0,
    ) -> None:
        """Make an OBS that is not running."""
        self.port = 0
        self.disk = Disk(folder)
        self.orderly = orderly
        self.names = dict(names or {})
        self.not_ready = 0.0
        """Seconds after the next start in which every request gets 207."""
        self._saved = collection
        self._password = password
        self._chance = random.Random(seed)  # noqa: S311 - which one overtakes is no secret
        self._run: Run | None = None
        self._server: Server | None = None
        self._door = Door("", self._ask)
        self._sessions: set[Session] = set()
        self._sockets: weakref.WeakSet[ServerConnection] = weakref.WeakSet()

    # ---- life and death

    @property
    def up(self) -> bool:
        """Tell whether its port is open."""
        return self._server is not None

    @property
    def powered(self) -> bool:
        """Tell whether it runs, whoever can reach it."""
        return self._run is not None

    @property
    def frozen(self) -> bool:
        """Tell whether it is stopped, as by SIGSTOP."""
        return self._run is not None and self._run.life.frozen

    @property
    def run(self) -> Run:
        """Return this run; raises RuntimeError when there is none."""
        if self._run is None:
            raise RuntimeError("this OBS is not running")
        return self._run

    async def start(self, port: int = 0) -> int:
        """Start with the collection as it was saved; returns the port."""
        self._run = Run(
            Lifetime(),
            self._emit,
            copy.deepcopy(self._saved),
            self.disk,
            not_ready=self.not_ready,
        )
        self._door = Door(self._password, self._ask)
        self.port = port
        await self._listen()
        return self.port

    async def kill(self) -> None:
        """Die as by SIGKILL: no goodbye, nothing saved, the recording's file as it stands."""
        if self._run is not None:
            self._run.life.end()
            self._run.record.crash()
            self._run = None
        await self.refuse()

    async def quit(self) -> None:
        """Quit as by SIGINT: save, say so, close every socket with 1001."""
        run = self.run
        self._saved = copy.deepcopy(run.collection)
        self._emit("ExitStarted", None)
        run.life.end()
        run.record.crash()
        self._run = None
        if self._server is not None:
            self._server.close(code=1001, reason="Server stopping.")
            await self._server.wait_closed()
            self._server = None

    async def refuse(self) -> None:
        """Shut the port and reset every link, and go on running: WebSockets switched off."""
        if self._server is None:
            return
        self._server.close(close_connections=False)
        for socket in self._sockets:
            socket.transport.abort()
        await self._server.wait_closed()
        self._server = None

    async def accept(self) -> None:
        """Open the port again."""
        if self._run is not None and self._server is None:
            await self._listen()

    def freeze(self) -> None:
        """Stop, as by SIGSTOP: connections are taken by the system, and nobody answers."""
        if self._run is not None:
            self._run.life.freeze()
            for socket in self._sockets:
                socket.transport.pause_reading()

    def thaw(self) -> None:
        """Go on, and do everything that was asked meanwhile."""
        if self._run is not None:
            for socket in self._sockets:
                socket.transport.resume_reading()
            self._run.life.thaw()

    # ---- hands

    def hand(self, kind: str, **data: object) -> Json:
        """Do by mouse what a request does by wire; returns its status. Clients get the events."""
        return answer(self.run, kind, data)

    def move(self, path: str, value: float | str) -> None:
        """Turn something at OBS itself, by its name in the venue: "program", "Lyd.on", "Lyd.level".

        Raises KeyError if there is no such thing.
        """
        for kind, data in self._by_hand(path, value):
            if not self.hand(kind, **data)["requestStatus"]["result"]:
                raise KeyError(path)

    def state(self) -> Mapping[str, object]:
        """Return what there is to see, JSON-able; what was saved, when it is not running."""
        return picture(self._run, self._saved)

    def _by_hand(self, path: str, value: float | str) -> Iterator[tuple[str, Json]]:
        stem, _, leaf = path.rpartition(".")
        name = self.names.get(stem, stem)
        if path == "program":
            yield "SetCurrentProgramScene", {"sceneName": self.names.get(str(value), value)}
        elif path == "transition":
            yield "SetCurrentSceneTransition", {"transitionName": value}
        elif leaf == "on" and "/" in stem:
            scene, item = (self.names.get(part, part) for part in stem.split("/", 1))
            found = self.hand("GetSceneItemId", sceneName=scene, sourceName=item)
            number = found.get("responseData", {}).get("sceneItemId", -1)
            yield (
                "SetSceneItemEnabled",
                {"sceneName": scene, "sceneItemId": number, "sceneItemEnabled": bool(value)},
            )
        elif leaf == "on":
            yield "SetInputMute", {"inputName": name, "inputMuted": not value}
        elif leaf == "level":
            yield "SetInputVolume", {"inputName": name, "inputVolumeDb": max(float(value), -100.0)}
        elif leaf == "text":
            yield "SetInputSettings", {"inputName": name, "inputSettings": {"text": value}}
        else:
            raise KeyError(path)

    # ---- the wire

    async def _listen(self) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self.port,
            select_subprotocol=_select,
            process_request=self._let_in,
            compression=None,
            open_timeout=None,
            ping_interval=None,
            close_timeout=1,
            max_size=2**24,
            logger=_LOG,
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def _let_in(self, socket: ServerConnection, _: Request) -> Response | None:
        self._sockets.add(socket)
        await self._awake(socket)
        return None

    async def _awake(self, socket: ServerConnection) -> None:
        """Return when the process runs, or the client has gone: at once, as a rule."""
        if self._run is not None and self._run.life.frozen:
            either = {
                asyncio.create_task(self._run.life.awake()),
                asyncio.create_task(socket.wait_closed()),
            }
            _, waiting = await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()

    async def _serve(self, socket: ServerConnection) -> None:
        session = Session(socket)
        self._sessions.add(session)
        try:
            self._door.greet(session)
            async for raw in socket:
                await self._awake(socket)
                if self._run is None:
                    return
                self._door.hear(session, raw)
                self._wants_meters()
        except ConnectionClosed:
            pass
        finally:
            self._sessions.discard(session)
            self._wants_meters()
            if session.goodbye is not None:
                with contextlib.suppress(asyncio.CancelledError):
                    await session.goodbye

    def _ask(self, session: Session, request: Json) -> None:
        """Take a request; what came in the same breath is carried out together."""
        session.asked.append(request)
        if len(session.asked) == 1:
            asyncio.get_running_loop().call_soon(self._work, session)

    def _work(self, session: Session) -> None:
        asked, session.asked = session.asked, []
        if not self.orderly:
            for n in range(1, len(asked)):
                if self._chance.random() < _OVERTAKES:
                    asked[n - 1], asked[n] = asked[n], asked[n - 1]
        for request in asked:
            if self._run is None:
                return
            if request["op"] == BATCH:
                results: list[Json] = []
                self._step(session, request, results, work_through(self._run, request, results))
            else:
                self._answer(self._run, session, request)

    def _answer(self, run: Run, session: Session, request: Json) -> None:
        kind = request["requestType"]
        told = answer(run, kind, request.get("requestData"))
        if kind == "GetStats" and "responseData" in told:
            told["responseData"] |= {
                "webSocketSessionIncomingMessages": session.heard,
                "webSocketSessionOutgoingMessages": session.said,
            }
        session.say(RESPONSE, {"requestId": request["requestId"], "requestType": kind, **told})

    def _step(
        self, session: Session, batch: Json, results: list[Json], steps: Iterator[float]
    ) -> None:
        if self._run is None:
            return
        wait = next(steps, None)
        if wait is None:
            session.say(BATCH_RESPONSE, {"requestId": batch["requestId"], "results": results})
        else:
            self._run.life.later(wait, lambda: self._step(session, batch, results, steps))

    def _emit(self, kind: str, data: Json | None) -> None:
        intent = INTENTS[kind]
        event: Json = {"eventIntent": intent, "eventType": kind}
        if data is not None:
            event["eventData"] = data
        for session in tuple(self._sessions):
            if session.identified and session.wanted & intent:
                session.say(EVENT, event)

    def _wants_meters(self) -> None:
        if self._run is not None:
            wanted = any(s.identified and s.wanted & METERS for s in self._sessions)
            self._run.meter(on=wanted)


def _select(_: ServerConnection, offered: object) -> Subprotocol | None:
    """Speak JSON to whoever offers it, and to whoever offers nothing."""
    return _JSON if isinstance(offered, list | tuple) and _JSON in offered else None
