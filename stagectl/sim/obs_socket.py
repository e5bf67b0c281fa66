"""The obs-websocket 5 wire: who may speak, what a message must be, and when the door is shut.

Source: obs-websocket's protocol page (op codes, close codes, event intents), and OBS 29.0.2.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.server import ServerConnection, broadcast

from stagectl.sim.obs_fields import Json
from stagectl.sim.obs_requests import RPC_VERSION, SOCKET_VERSION

HELLO, IDENTIFY, IDENTIFIED, EVENT, RESPONSE, BATCH, BATCH_RESPONSE = 0, 1, 2, 5, 7, 8, 9

ALL_EVENTS: Final = 0x7FF
METERS: Final = 1 << 16

INTENTS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("ExitStarted", "CustomEvent"), 1),
    **dict.fromkeys(
        (
            "SceneCreated", "SceneRemoved", "SceneNameChanged", "SceneListChanged",
            "CurrentProgramSceneChanged", "CurrentPreviewSceneChanged",
        ),
        4,
    ),
    **dict.fromkeys(
        (
            "InputCreated", "InputRemoved", "InputNameChanged", "InputMuteStateChanged",
            "InputVolumeChanged", "InputAudioTracksChanged", "InputAudioMonitorTypeChanged",
        ),
        8,
    ),
    **dict.fromkeys(
        (
            "CurrentSceneTransitionChanged", "CurrentSceneTransitionDurationChanged",
            "SceneTransitionStarted", "SceneTransitionVideoEnded", "SceneTransitionEnded",
        ),
        16,
    ),
    **dict.fromkeys(("RecordStateChanged", "StreamStateChanged"), 64),
    **dict.fromkeys(
        (
            "SceneItemCreated", "SceneItemRemoved", "SceneItemSelected",
            "SceneItemEnableStateChanged",
        ),
        128,
    ),
    **dict.fromkeys(
        ("MediaInputPlaybackStarted", "MediaInputPlaybackEnded", "MediaInputActionTriggered"), 256
    ),
    "StudioModeStateChanged": 1024,
    "InputVolumeMeters": METERS,
    "InputActiveStateChanged": 1 << 17,
    "InputShowStateChanged": 1 << 18,
}  # fmt: skip


class Shut(Exception):  # noqa: N818 - not a mistake of ours: the peer is shown the door
    """Close the socket with one of obs-websocket's codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(eq=False, slots=True)
class Session:
    """One client. `wanted` is its event mask; `asked` what it has asked and nobody has done yet."""

    socket: ServerConnection
    challenge: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    identified: bool = False
    wanted: int = ALL_EVENTS
    asked: list[Json] = field(default_factory=list)
    heard: int = 0
    said: int = 0
    goodbye: asyncio.Task[None] | None = None

    def say(self, op: int, data: Json) -> None:
        """Send at once, so that answers and events keep their order."""
        self.said += 1
        text = json.dumps({"d": data, "op": op}, ensure_ascii=False, sort_keys=True)
        broadcast([self.socket], text)

    def shut(self, code: int, reason: str) -> None:
        """Close; what comes after is not read."""
        self.identified = False
        self.asked.clear()
        if self.goodbye is None:
            self.goodbye = asyncio.create_task(self.socket.close(code, reason[:120]))


class Door:
    """Reads messages, lets in who knows the password, and passes requests on to `ask`."""

    def __init__(self, password: str, ask: Callable[[Session, Json], None]) -> None:
        """Take a password, or "" for none."""
        self._password = password
        self._salt = base64.b64encode(secrets.token_bytes(32)).decode()
        self._ask = ask

    def greet(self, session: Session) -> None:
        """Say Hello."""
        hello: Json = {"obsWebSocketVersion": SOCKET_VERSION, "rpcVersion": RPC_VERSION}
        if self._password:
            hello["authentication"] = {"challenge": session.challenge, "salt": self._salt}
        session.say(HELLO, hello)

    def hear(self, session: Session, raw: str | bytes) -> None:
        """Do what one message says, or shut the session."""
        session.heard += 1
        try:
            self._heed(session, *_open(raw))
        except Shut as shut:
            session.shut(shut.code, shut.reason)

    def _heed(self, session: Session, op: int, data: Json) -> None:
        if not session.identified and op != IDENTIFY:
            raise Shut(4007, "You attempted to send a non-Identify message while not identified.")
        match op:
            case 1 if session.identified:
                raise Shut(4008, "You are already Identified with the obs-websocket server.")
            case 1:
                self._identify(session, data)
            case 3:
                self._reidentify(session, data)
            case 6:
                self._ask(session, _request(data) | {"op": op})
            case 8:
                self._ask(session, _batch(data) | {"op": op})
            case _:
                raise Shut(4006, f"Unknown OpCode: {op}")

    def _identify(self, session: Session, data: Json) -> None:
        if self._password:
            proof = data.get("authentication")
            if proof is None:
                raise Shut(
                    4009,
                    "Your payload's data is missing an `authentication` string, however "
                    "authentication is required.",
                )
            if not isinstance(proof, str) or not hmac.compare_digest(
                proof.encode(), self._proof(session.challenge).encode()
            ):
                raise Shut(4009, "Authentication failed.")
        if "rpcVersion" not in data:
            raise Shut(4003, "Your payload's data is missing an `rpcVersion`.")
        if _unsigned(data, "rpcVersion") != RPC_VERSION:
            raise Shut(4010, "Your requested RPC version is not supported by this server.")
        self._reidentify(session, data)

    def _reidentify(self, session: Session, data: Json) -> None:
        if data.get("eventSubscriptions") is not None:
            session.wanted = _unsigned(data, "eventSubscriptions")
        session.identified = True
        session.say(IDENTIFIED, {"negotiatedRpcVersion": RPC_VERSION})

    def _proof(self, challenge: str) -> str:
        secret = _digest(self._password + self._salt)
        return _digest(secret + challenge)


def _open(raw: str | bytes) -> tuple[int, Json]:
    if isinstance(raw, bytes):
        raise Shut(4002, "Your session encoding is set to Json, but a binary message was received.")
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Shut(4002, f"Unable to decode Json: {error}") from None
    if not isinstance(message, dict):
        raise Shut(4002, "You sent a non-object payload.")
    if "op" not in message:
        raise Shut(4006, "Your request is missing an `op`.")
    op = message["op"]
    if isinstance(op, bool) or not isinstance(op, int):
        raise Shut(4006, "Your `op` is not a number.")
    if "d" not in message:
        raise Shut(4003, "Your payload is missing data (`d`).")
    if not isinstance(message["d"], dict):
        raise Shut(4004, "Your payload's data (`d`) is not an object.")
    return op, message["d"]


def _request(data: Json) -> Json:
    if "requestId" not in data:
        raise Shut(4003, "Your payload data is missing a `requestId`.")
    if "requestType" not in data:
        raise Shut(4003, "Your payload's data is missing an `requestType`.")
    if not isinstance(data["requestType"], str):
        raise Shut(4004, "Your `requestType` is not a string.")
    return data


def _batch(data: Json) -> Json:
    if "requestId" not in data:
        raise Shut(4003, "Your payload data is missing a `requestId`.")
    if "requests" not in data:
        raise Shut(4003, "Your payload data is missing a `requests`.")
    if not isinstance(data["requests"], list) or not all(
        isinstance(request, dict) for request in data["requests"]
    ):
        raise Shut(4004, "Your `requests` is not an array.")
    if data.get("executionType") is not None:
        how = data["executionType"]
        if isinstance(how, bool) or not isinstance(how, int) or how < 0:
            raise Shut(4004, "Your `executionType` is not a number.")
        if how > 2:
            raise Shut(4005, "Your `executionType` has an invalid value.")
    if not isinstance(data.get("haltOnFailure") or False, bool):
        raise Shut(4004, "Your `haltOnFailure` is not a boolean.")
    return data


def _unsigned(data: Mapping[str, Any], name: str) -> int:
    value = data[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Shut(4004, f"Your `{name}` is not an unsigned number.")
    return value


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
