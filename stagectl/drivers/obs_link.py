"""One identified connection to OBS: batches out, messages in, and an end that is always told.

websocket-client connects, obsws-python identifies. Its `req` is not used: it never compares a
requestId, so after one timeout every answer would be taken for the next one's.
"""

import contextlib
import json
import select
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

import websocket
from obsws_python.baseclient import ObsClient
from obsws_python.error import OBSSDKError
from obsws_python.subs import Subs

from stagectl.drivers.driver import LinkError
from stagectl.drivers.obs_words import Request

CONNECT: Final = 3.0  # seconds for each step of connecting; OBS takes 3 ms, a dead port for ever
ANSWER: Final = 1.75  # seconds for an answer: with a beat a second, a frozen OBS is known in 3 s

LEVELS: Final = 1 << 16  # the subscription that InputVolumeMeters needs, besides all low ones


class Link:
    """One identified connection: batches out, messages in."""

    def __init__(self, host: str, port: int, secret: str) -> None:
        """Connect and identify within CONNECT a step; raises LinkError."""
        ws = _identify(host, port, secret)
        if isinstance(ws, LinkError):
            raise ws  # without a cause: its frames would hold the secret
        self._ws = ws
        self._ws.settimeout(ANSWER)
        self._count = 0

    def fileno(self) -> int:
        return self._ws.sock.fileno() if self._ws.sock is not None else -1

    def say(self, requests: list[Request]) -> str:
        """Send one batch, kept in order by OBS; return its id."""
        self._count += 1
        batch = f"{self._count}"
        said = {
            "op": 8,
            "d": {
                "requestId": batch,
                "executionType": 0,
                "haltOnFailure": False,
                "requests": requests,
            },
        }
        with as_link_error():
            self._ws.send(json.dumps(said))
        return batch

    def subscribe(self, *, levels: bool) -> None:
        """Let the levels of inputs come too, or no longer; all else comes as it did."""
        said = {"op": 3, "d": {"eventSubscriptions": int(Subs.LOW_VOLUME) | (levels and LEVELS)}}
        with as_link_error():
            self._ws.send(json.dumps(said))

    def heard(self) -> Iterator[dict[str, Any]]:
        """Yield every message that has come in, waiting for none."""
        while self._readable(0.0):
            yield self._next()

    def until(self, end: float) -> Iterator[dict[str, Any]]:
        """Yield messages as they come, until `end` on the monotonic clock."""
        while self._readable(max(0.0, end - time.monotonic())):
            yield self._next()

    def close(self) -> None:
        _shut(self._ws)

    def _readable(self, seconds: float) -> bool:
        with as_link_error():
            return bool(select.select([self.fileno()], [], [], seconds)[0])

    def _next(self) -> dict[str, Any]:
        # websocket-client reads one frame and no byte more, so select tells the truth. A frame that
        # stops half-way runs into the socket's timeout.
        with as_link_error():
            text = self._ws.recv()
            _ack_at_once(self._ws.sock)
            if not text:
                raise LinkError("closed")  # a close frame
            message = json.loads(text)
        if not isinstance(message, dict):
            raise LinkError("garbled")
        return message


class _Client(ObsClient):  # type: ignore[misc] # ships no types
    """obsws-python's client for its `authenticate`, which reads the names below.

    Its own __init__ is not called: it logs the password, and leaves a socket open when it fails.
    """

    def __init__(self, secret: str) -> None:
        self.ws = websocket.WebSocket()
        self.password, self.subs = secret, int(Subs.LOW_VOLUME)
        self.server_hello: Any = None

    def identify(self, host: str, port: int) -> None:
        # a stage's devices stand behind no proxy, whatever the environment says of the web
        self.ws.connect(  # type: ignore[no-untyped-call]
            f"ws://{host}:{port}", timeout=CONNECT, http_no_proxy=["*"]
        )
        self.server_hello = json.loads(self.ws.recv())
        _ack_at_once(self.ws.sock)
        self.authenticate()


def _identify(host: str, port: int, secret: str) -> websocket.WebSocket | LinkError:
    """Return an identified connection, or what went wrong."""
    client = _Client(secret)
    try:
        client.identify(host, port)
    except OBSSDKError:
        # OBS closes with 4009, which the library drops; there is no other reason to close here
        _shut(client.ws)
        return LinkError("password", slow=True)
    except Exception as error:  # noqa: BLE001 - whatever a stranger on that port makes it raise
        _shut(client.ws)
        return _link_error(error)
    return client.ws


def _shut(ws: websocket.WebSocket) -> None:
    """Never raises, never waits: a closing handshake with a frozen OBS would."""
    with contextlib.suppress(Exception):
        ws.shutdown()  # type: ignore[no-untyped-call] # websocket-client


def _link_error(error: Exception) -> LinkError:
    match error:
        case LinkError():
            return error
        case ConnectionRefusedError():
            return LinkError("refused")
        case websocket.WebSocketTimeoutException() | TimeoutError():
            return LinkError("silent")
        case websocket.WebSocketConnectionClosedException() | ConnectionError():
            return LinkError("closed")
        case websocket.WebSocketAddressException() | OSError():
            return LinkError("unreachable")
        case _:
            return LinkError("garbled", slow=True)  # something listens there, but it is no OBS


@contextlib.contextmanager
def as_link_error() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise _link_error(error) from error


def _ack_at_once(sock: socket.socket | None) -> None:
    """OBS leaves Nagle on: an answer behind an event waits 40 ms for our ACK unless it goes now."""
    if sock is not None and hasattr(socket, "TCP_QUICKACK"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # not sticky: after each recv
