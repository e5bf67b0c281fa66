"""Every sentence about one OBS parameter: how it is put, asked for, and heard.

Requests and events are those of obs-websocket 5 (github.com/obsproject/obs-websocket,
docs/generated/protocol.md). A wire's `type` says which parameter it is, its `address` whose.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from stagectl.core.model import Value
from stagectl.core.wire import Wire

Request = dict[str, Any]

SUCCESS: Final = 100
NOT_READY: Final = 207
RUNNING: Final = 500
NOT_RUNNING: Final = 501
MISSING: Final = 600

# What must be quick goes first, and the picture last: a transition has to be chosen before it runs,
# and a cut keeps OBS busy for a frame, while a mute takes a third of a millisecond.
RANK: Final = {
    "mute": 0, "volume": 1, "master": 2, "text": 3, "item": 4, "transition": 5, "duration": 6,
    "program": 7,
}  # fmt: skip

# Which types an event may have moved, and under which name it says whose. An event's value is not
# believed: it can be older than what we said since. It makes us ask.
EVENTS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "CurrentProgramSceneChanged": (("program",), ""),  # comes at the transition's end,
    "SceneTransitionStarted": (("program",), ""),  # so somebody's hand is seen at its start
    "StudioModeStateChanged": (("program",), ""),  # for some 60 ms OBS can lose a scene
    "CurrentSceneTransitionChanged": (("transition", "duration"), ""),
    "CurrentSceneTransitionDurationChanged": (("duration",), ""),
    "InputMuteStateChanged": (("mute",), "inputName"),
    "InputVolumeChanged": (("volume",), "inputName"),
    "InputAudioTracksChanged": (("master",), ""),
    "InputSettingsChanged": (("text",), "inputName"),  # OBS 30.2 and newer
    "SceneItemEnableStateChanged": (("item",), "sceneName"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What OBS said to one request."""

    code: int
    data: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""

    @property
    def ok(self) -> bool:
        return self.code == SUCCESS

    @property
    def why(self) -> str:
        """A code of words/ for a refusal."""
        return "missing" if self.code == MISSING else "refused"


def answer(result: Mapping[str, Any]) -> Answer:
    """Read one RequestResponse, alone or out of a batch; raises KeyError if it is none."""
    status = result["requestStatus"]
    code, data = int(status["code"]), result.get("responseData") or {}
    return Answer(code, data, str(status.get("comment", "")))


def first_refusal(answers: Sequence[Answer]) -> Answer | None:
    return next((a for a in answers if not a.ok), None)


def request(kind: str, **data: Any) -> Request:  # noqa: ANN401 - JSON
    return {"requestType": kind, "requestData": data} if data else {"requestType": kind}


def put(wire: Wire, value: Value) -> list[Request]:
    """Return what puts a parameter at `value` (`master` is the cover's: obs_cover)."""
    name, said = wire.address, wire.encode(value)
    match wire.type:
        case "program":
            # Studio mode obeys this too: no preview, no trigger, nothing to be lost between them.
            return [request("SetCurrentProgramScene", sceneName=said)]
        case "transition":
            return [request("SetCurrentSceneTransition", transitionName=said)]
        case "duration":
            ms = round(float(said) * 1000)
            return [request("SetCurrentSceneTransitionDuration", transitionDuration=ms)]
        case "mute":
            return [request("SetInputMute", inputName=name, inputMuted=not said)]
        case "volume":
            return [request("SetInputVolume", inputName=name, **_volume(float(said), wire))]
        case "text":
            settings = {"text": said}
            return [
                request("SetInputSettings", inputName=name, inputSettings=settings, overlay=True)
            ]
        case "item":
            scene, found, variables = _item(name)
            enable = request("SetSceneItemEnabled", sceneName=scene, sceneItemEnabled=bool(said))
            return [found, {**enable, "inputVariables": variables}]
        case _:
            raise ValueError(f"an OBS parameter cannot be of type {wire.type!r}")


def ask(wire: Wire) -> list[Request]:
    """Return what asks where a parameter is (`master` is the cover's)."""
    name = wire.address
    match wire.type:
        case "program":
            return [request("GetCurrentProgramScene")]
        case "transition" | "duration":
            return [request("GetCurrentSceneTransition")]
        case "mute":
            return [request("GetInputMute", inputName=name)]
        case "volume":
            return [request("GetInputVolume", inputName=name)]
        case "text":
            return [request("GetInputSettings", inputName=name)]
        case "item":
            scene, found, variables = _item(name)
            enabled = request("GetSceneItemEnabled", sceneName=scene)
            return [found, {**enabled, "inputVariables": variables}]
        case _:
            raise ValueError(f"an OBS parameter cannot be of type {wire.type!r}")


def heard(wire: Wire, answers: Sequence[Answer]) -> Value | None:
    """Return what OBS says a parameter is at; None: it has no such value just now.

    Raises KeyError where OBS left the field out. Call it when every answer is ok.
    """
    data = answers[-1].data
    match wire.type:
        case "program":
            return wire.decode(str(data["currentProgramSceneName"]))
        case "transition":
            return wire.decode(str(data["transitionName"]))
        case "duration":
            ms = data.get("transitionDuration")  # a cut has none
            return None if ms is None else wire.decode(ms / 1000)
        case "mute":
            return wire.decode(not data["inputMuted"])
        case "volume":
            return wire.decode(float(data["inputVolumeDb"]))
        case "text":
            return wire.decode(str(data["inputSettings"].get("text", "")))
        case "item":
            return wire.decode(bool(data["sceneItemEnabled"]))
        case _:
            return None


def subject(wire: Wire) -> str:
    """Return the input, or the scene of an item, that events name for this wire."""
    return wire.address.partition("\n")[0] if wire.type == "item" else wire.address


def _volume(db: float, wire: Wire) -> dict[str, float]:
    # inputVolumeDb ends at −100; true silence can only be said as a factor, and reads back as −100.
    silent = db == -math.inf or (bool(wire.curve) and db <= wire.curve[0][1])
    return {"inputVolumeMul": 0.0} if silent else {"inputVolumeDb": db}


def _item(address: str) -> tuple[str, Request, dict[str, str]]:
    """An item is found by name within the same batch, so its number is never stale.

    Each address has a variable of its own: were it shared, a missing item would switch the last
    one found.
    """
    scene, _, source = address.partition("\n")
    found = request("GetSceneItemId", sceneName=scene, sourceName=source)
    return (
        scene,
        {**found, "outputVariables": {address: "sceneItemId"}},
        {"sceneItemId": address},
    )
