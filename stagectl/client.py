"""A face without a screen: says a thing to a running desk and hears what came of it."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from stagectl.engine.event import Event
from stagectl.engine.intent import Intent
from stagectl.engine.plain import event_from_plain, snapshot_from_plain, tagged
from stagectl.engine.snapshot import Snapshot

PATIENCE = 5.0  # seconds


class NoAnswerError(Exception):
    """The desk cannot be spoken to.

    `why`: "closed" (nobody there), "silent", "token" (nobody knows it), "pin" (it is over), "full".
    """

    def __init__(self, why: str) -> None:
        """Keep the code, for words/."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an intent; `why` is the code of a refusal."""

    ok: bool
    why: str
    events: tuple[Event, ...]


class Line:
    """A connection to a desk, for one thread. Every method may raise NoAnswerError."""

    def __init__(
        self, address: str, token: str, by: str = "command line", *, book: bool = False
    ) -> None:
        """Say the token; with `book`, ask for the show as well (see `self.book`)."""
        self.book: dict[str, Any] = {}
        self._snapshot: Snapshot | None = None
        self._open = ExitStack()
        try:
            # straight there: a proxy of the environment has no business on a loopback
            self._socket: ClientConnection = self._open.enter_context(
                connect(
                    address,
                    compression=None,
                    proxy=None,
                    max_size=None,
                    open_timeout=PATIENCE,
                    close_timeout=1,
                    ping_interval=None,
                )
            )
        except TimeoutError:
            raise NoAnswerError("silent") from None
        except (OSError, ValueError, WebSocketException) as problem:  # ValueError: no address
            raise NoAnswerError("closed") from problem
        self._say({"token": token, "by": by, "book": book})
        hello = self._hear("hello")
        self.by: str = hello["by"]
        self.role: str = hello["role"]
        self.own: tuple[str, ...] = tuple(hello.get("own", ()))
        self.until: float | None = hello.get("until")
        if book:
            self.book = self._hear("book")

    def ask(self, intent: Intent) -> Answer:
        """Say an intent, once, and return the desk's answer."""
        name = os.urandom(8).hex()
        self._say({"intent": tagged(replace(intent, by=self.by, id=name))})
        while True:
            letter = self._letter()
            if letter.get("reply") == name:
                events = tuple(event_from_plain(event) for event in letter["events"])
                return Answer(letter["ok"], letter["why"], events)

    def snapshot(self) -> Snapshot:
        """Return the next snapshot that comes, or the one that came while we waited for a reply."""
        if self._snapshot is None:
            self._hear("snapshot")
        newest, self._snapshot = self._snapshot, None
        assert newest is not None  # noqa: S101 -- _hear returns when there is one
        return newest

    def snapshots(self) -> Iterator[Snapshot]:
        """Return snapshots as they come, for as long as the desk is there."""
        while True:
            yield self.snapshot()

    def close(self) -> None:
        """Hang up."""
        self._open.close()

    def __enter__(self) -> Self:
        """Return the line."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self.close()

    def _say(self, plain: dict[str, Any]) -> None:
        try:
            self._socket.send(json.dumps(plain))
        except (ConnectionClosed, OSError) as problem:
            raise _gone(problem) from problem

    def _hear(self, what: str) -> Any:  # noqa: ANN401 -- JSON
        return self._letter_with(what)[what]

    def _letter_with(self, what: str) -> dict[str, Any]:
        while True:
            letter = self._letter()
            if what in letter:
                return letter

    def _letter(self) -> dict[str, Any]:
        try:
            letter: dict[str, Any] = json.loads(self._socket.recv(PATIENCE))
        except TimeoutError:
            raise NoAnswerError("silent") from None
        except (ConnectionClosed, OSError) as problem:
            raise _gone(problem) from problem
        if "book" in letter:  # also later: the show can be reloaded
            self.book = letter["book"]
        if "snapshot" in letter:
            self._snapshot = snapshot_from_plain(letter["snapshot"])
        return letter


def _gone(problem: Exception) -> NoAnswerError:
    closed = problem.rcvd if isinstance(problem, ConnectionClosed) else None
    return NoAnswerError(_WHY.get(closed.code, "closed") if closed is not None else "closed")


_WHY = {4401: "token", 4403: "pin", 1013: "full"}
"""By the desk's close code."""
