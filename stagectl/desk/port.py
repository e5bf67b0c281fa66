"""The panels' port: open at once, and spoken on as soon as what speaks there has been loaded.

A desk answers its first GO while its panels wait that moment in the port's queue.
"""

import gc
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stagectl.desk.answers import Ask
    from stagectl.desk.gauge import Gauge
    from stagectl.desk.place import Place
    from stagectl.desk.server import Server
    from stagectl.engine.report import Levels
    from stagectl.engine.rights import Role
    from stagectl.engine.snapshot import Snapshot

BACKLOG = 128  # room for strangers to wait in, so that a panel need not

_log = logging.getLogger(__name__)


class Port:
    """Everything a panel can reach, on a thread of its own. `ask` is called on that thread."""

    def __init__(
        self,
        ask: "Ask",
        book: bytes,
        tokens: "Mapping[str, Role]",
        place: "Place | None" = None,
        *,
        watch: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """Keep the book as panels get it: JSON, encoded by whoever loaded the show.

        `place`: whose PINs let people in too. `watch` is told, on the port's thread, whether
        anybody looks at levels.
        """
        self._watch = watch
        self._gauge: Gauge | None = None
        self._ask, self._book, self._tokens, self._place = ask, book, tokens, place
        self._letter: Path | None = None
        self._newest: Snapshot | None = None
        self._server: Server | None = None
        self._loaded = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the address, "ws://127.0.0.1:PORT". Raises OSError: the port is taken."""
        listening = _listening(host, port)
        self._thread = threading.Thread(
            target=self._serve, args=(listening,), name="panels", daemon=True
        )
        address = _address(host, listening)
        self._thread.start()
        return address

    def publish(self, snapshot: "Snapshot") -> None:
        """Show the newest snapshot to every panel; costs the caller an assignment."""
        self._newest = snapshot
        if self._server is not None:
            self._server.hear_news()

    def gauge(self, report: "Levels") -> None:
        """Show these levels to whoever looks; from any thread, for next to nothing."""
        if self._gauge is not None:
            self._gauge.take(report)

    @property
    def newest(self) -> "Snapshot | None":
        """What panels see."""
        return self._newest

    def renew(self, letter: Path) -> None:
        """Give every panel another book, which lies in this file, encoded; from any thread."""
        self._letter = letter
        if self._server is not None:
            self._server.renew(letter)

    def close(self, why: str = "") -> None:
        """Show the last snapshot, give the last answers, and say goodbye; harmless when closed."""
        if self._thread is not None and self._thread.is_alive():
            self._loaded.wait(5.0)
            if self._server is not None:
                self._server.close(why)
            self._thread.join(5.0)

    def _serve(self, listening: socket.socket) -> None:
        with listening:
            try:
                from stagectl.desk.doors import Doors
                from stagectl.desk.gauge import Gauge
                from stagectl.desk.pins import Pins
                from stagectl.desk.server import Server

                pins = Pins(self._place) if self._place is not None else None
                doors = Doors(self._tokens, pins)
                self._gauge = Gauge(self._watch)
                server = Server(self._ask, self._book, doors, lambda: self._newest, self._gauge)
                self._book = b""
                gc.freeze()  # what was loaded stays: no collection looks through it
                server.run(listening, BACKLOG, self._is_up)
            except Exception:  # noqa: BLE001 -- an installation in pieces: no panel, but a show
                _log.exception("no panel can be served")
            finally:
                self._loaded.set()

    def _is_up(self, server: "Server") -> None:
        self._server = server
        if self._letter is not None:
            server.renew(self._letter)
        server.hear_news()
        self._loaded.set()


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the first address the name stands for."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # on Windows it would let another program share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def _address(host: str, listening: socket.socket) -> str:
    """Return where a process of this machine finds us."""
    port = listening.getsockname()[1]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- as the user said
    return f"ws://[{here}]:{port}" if ":" in here else f"ws://{here}:{port}"
