"""Any OBS, simulated or real, as a peer of the contract: looked at through obsws-python."""

import contextlib
import math
from abc import ABC, abstractmethod
from typing import Any

from obsws_python import ReqClient
from obsws_python.error import OBSSDKRequestError

from stagectl.core.model import Device, Do, Parameter, Value
from stagectl.core.wire import Wire
from stagectl.drivers.obs import ObsDriver
from stagectl.files.load import load_profile
from tests.drivers.contract import Case

PUTS: dict[str, tuple[Value, ...]] = {
    "obs.program": ("Samtale", "Venteskjerm"),
    "obs.transition": ("Fade", "Cut"),
    "obs.master.on": (False, True),
    "obs.Samtale/Navn.on": (False, True),
    "obs.Mikrofon.on": (False, True),
    "obs.Mikrofon.level": (-12.5, 3.0, -math.inf, -60.0),
    "obs.Navn.text": ("Kari Ødegård", "Per «Č»", ""),
}
DOS = (
    Do("obs", "restart", "Intro"), Do("obs", "pause", "Intro"), Do("obs", "play", "Intro"),
    Do("obs", "stop", "Intro"), Do("obs", "record", "start"), Do("obs", "record", "stop"),
    Do("obs", "play", "Borte"),
)  # fmt: skip


class ObsPeer(ABC):
    """What all of them have: a second opinion on every parameter, and a hand."""

    def __init__(self, port: int, password: str) -> None:
        self.port = port
        self._password = password
        self._second: ReqClient | None = None

    @abstractmethod
    def stop(self) -> None:
        """End it, as a power cut does."""

    @abstractmethod
    def start(self) -> None:
        """Start it again."""

    @abstractmethod
    def freeze(self) -> None:
        """Let it answer nobody."""

    @abstractmethod
    def thaw(self) -> None:
        """Let it answer again."""

    def ask(self, request: str, **data: Any) -> dict[str, Any]:
        if self._second is None:
            self._second = ReqClient(
                host="127.0.0.1", port=self.port, password=self._password, timeout=5
            )
        return self._second.send(request, data or None, raw=True) or {}

    def hang_up(self) -> None:
        second, self._second = self._second, None
        if second is not None:
            with contextlib.suppress(Exception):
                second.disconnect()

    def value(self, parameter: Parameter) -> Value | None:
        match parameter:
            case "obs.program":
                return str(self.ask("GetCurrentProgramScene")["currentProgramSceneName"])
            case "obs.transition":
                return str(self.ask("GetCurrentSceneTransition")["transitionName"])
            case "obs.master.on":
                said = self.ask("GetInputAudioTracks", inputName="Mikrofon")
                return any(said["inputAudioTracks"].values())
            case "obs.Samtale/Navn.on":
                return bool(self.ask("GetSceneItemEnabled", **self._item())["sceneItemEnabled"])
            case "obs.Mikrofon.on":
                return not self.ask("GetInputMute", inputName="Mikrofon")["inputMuted"]
            case "obs.Mikrofon.level":
                db = float(self.ask("GetInputVolume", inputName="Mikrofon")["inputVolumeDb"])
                return db if db > -100 else -math.inf
            case "obs.Navn.text":
                settings = self.ask("GetInputSettings", inputName="Navn")["inputSettings"]
                return str(settings.get("text", ""))
        return None

    def touch(self, parameter: Parameter, value: Value) -> None:
        match parameter:
            case "obs.program":
                self.ask("SetCurrentProgramScene", sceneName=value)
            case "obs.transition":
                self.ask("SetCurrentSceneTransition", transitionName=value)
            case "obs.master.on":
                self._cover(bool(value))
            case "obs.Samtale/Navn.on":
                self.ask("SetSceneItemEnabled", **self._item(), sceneItemEnabled=value)
            case "obs.Mikrofon.on":
                self.ask("SetInputMute", inputName="Mikrofon", inputMuted=not value)
            case "obs.Mikrofon.level":
                db = max(float(value), -100.0)
                self.ask("SetInputVolume", inputName="Mikrofon", inputVolumeDb=db)
            case "obs.Navn.text":
                self.ask("SetInputSettings", inputName="Navn", inputSettings={"text": value})

    def _cover(self, on: bool) -> None:
        """Do as another desk does: the tracks that were on are kept in OBS, then all are off."""
        slot = {"realm": "OBS_WEBSOCKET_DATA_REALM_GLOBAL", "slotName": "stagectl.cover"}
        tracks: dict[str, Any] = {}
        for one in self.ask("GetInputList")["inputs"]:
            name = one["inputName"]
            with contextlib.suppress(OBSSDKRequestError):  # a picture has no tracks
                said = self.ask("GetInputAudioTracks", inputName=name)
                tracks[name] = dict.fromkeys(said["inputAudioTracks"], True)
        self.ask("SetPersistentData", **slot, slotValue={"covered": not on, "tracks": tracks})
        for name, kept in tracks.items():
            put = kept if on else dict.fromkeys(kept, False)
            self.ask("SetInputAudioTracks", inputName=name, inputAudioTracks=put)

    def _item(self) -> dict[str, Any]:
        found = self.ask("GetSceneItemId", sceneName="Samtale", sourceName="Navn")
        return {"sceneName": "Samtale", "sceneItemId": found["sceneItemId"]}


def wires() -> dict[Parameter, Wire]:
    profile = load_profile("obs-studio")
    found = {p: profile.wire(p.removeprefix("obs.")) for p in PUTS}
    return {p: wire for p, wire in found.items() if wire is not None}


def case_of(peer: ObsPeer, password: str) -> Case:
    profile, known = load_profile("obs-studio"), wires()
    device = Device("obs", "obs-studio", f"127.0.0.1:{peer.port}")
    return Case(
        peer=peer,
        make=lambda: ObsDriver(device, profile, known, password),
        wires=known,
        puts=PUTS,
        dos=DOS,
        secret=password,
    )
