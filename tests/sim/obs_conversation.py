"""One long talk with an OBS; `obs-29.0.2.json` is what the real one answered.

To hear the real one again (a fresh OBS with one empty scene "Scene", transitions Cut and Fade, 30
frames a second, a dead stream server; tests/rig/obs-start.sh makes one):

    python tests/sim/obs_conversation.py 127.0.0.1:4455 PASSWORD > tests/sim/obs-29.0.2.json
"""

import base64
import hashlib
import json
import sys
import tempfile
import time
import wave
from pathlib import Path

from websockets.sync.client import connect
from websockets.typing import Subprotocol

JSON = Subprotocol("obswebsocket.json")
SETTLE = 0.25  # seconds in which an event of a step has surely come
FILM = "{film}"  # stands for a sound file that the asker makes
ACTION = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_"
GLOBAL = "OBS_WEBSOCKET_DATA_REALM_GLOBAL"

# What is another number every time. Whether it is there, and null or not, is compared.
VOLATILE = {
    "activeFps", "availableDiskSpace", "averageFrameRenderTime", "cpuUsage", "memoryUsage",
    "mediaCursor", "mediaDuration", "outputBytes", "outputDuration", "outputPath",
    "outputTimecode", "outputTotalFrames", "recordDirectory", "renderSkippedFrames",
    "renderTotalFrames", "sceneItemTransform", "transitionCursor",
    "webSocketSessionIncomingMessages", "webSocketSessionOutgoingMessages",
}  # fmt: skip


def ask(kind, wait=0.0, pause=0.0, **data):
    """One step: a pause, a request, and how long to listen beyond `SETTLE` (−1: not at all)."""
    return {"kind": kind, "wait": wait, "pause": pause, "data": data}


STEPS = [
    ask("CreateScene", sceneName="Rød"),
    ask("CreateScene", sceneName="Rød"),
    ask("CreateScene", sceneName="Blå"),
    ask("CreateScene", sceneName=""),
    ask("CreateScene"),
    ask("CreateInput", sceneName="Rød", inputName="rødt", inputKind="color_source_v3",
        inputSettings={"color": 0xFF0000FF}),
    ask("CreateInput", sceneName="Rød", inputName="Navn", inputKind="text_ft2_source_v2",
        inputSettings={"text": "Kari"}),
    ask("CreateInput", sceneName="Rød", inputName="Film", inputKind="ffmpeg_source",
        inputSettings={"local_file": FILM, "is_local_file": True}, wait=0.2),
    ask("CreateInput", sceneName="Rød", inputName="Lyd", inputKind="pulse_output_capture",
        inputSettings={}),
    ask("CreateInput", sceneName="Rød", inputName="Lyd", inputKind="pulse_output_capture"),
    ask("CreateInput", sceneName="Rød", inputName="Lyd2", inputKind="nonesuch"),
    ask("CreateInput", sceneName="Nei", inputName="Lyd2", inputKind="color_source_v3"),
    ask("CreateSceneItem", sceneName="Blå", sourceName="Navn"),
    ask("CreateSceneItem", sceneName="Blå", sourceName="Navn", sceneItemEnabled=False),
    ask("CreateSceneItem", sceneName="Blå", sourceName="Blå"),
    ask("CreateSceneItem", sceneName="Blå", sourceName="borte"),
    ask("GetSceneItemList", sceneName="Blå"),
    ask("GetSceneItemList", sceneName="Nei"),
    ask("GetSceneItemId", sceneName="Blå", sourceName="Navn"),
    ask("GetSceneItemId", sceneName="Blå", sourceName="Navn", searchOffset=-1),
    ask("GetSceneItemId", sceneName="Blå", sourceName="Navn", searchOffset=5),
    ask("GetSceneItemId", sceneName="Blå", sourceName="Film"),
    ask("GetSceneItemEnabled", sceneName="Blå", sceneItemId=99),
    ask("GetSceneItemEnabled", sceneName="Blå", sceneItemId="x"),
    ask("SetSceneItemEnabled", sceneName="Blå", sceneItemId=1, sceneItemEnabled=False),
    ask("SetSceneItemEnabled", sceneName="Blå", sceneItemId=1, sceneItemEnabled=False),
    ask("SetSceneItemEnabled", sceneName="Blå", sceneItemId=1, sceneItemEnabled=1),
    ask("GetSceneItemEnabled", sceneName="Blå", sceneItemId=1),
    ask("GetSceneList"),
    ask("GetInputList"),
    ask("GetInputList", inputKind="color_source_v3"),
    ask("GetInputSettings", inputName="Navn"),
    ask("SetInputSettings", inputName="Navn", inputSettings={"text": "Ola"}),
    ask("SetInputSettings", inputName="Navn", inputSettings={"text": "Åse"}, overlay=False),
    ask("GetInputSettings", inputName="Navn"),
    ask("SetInputSettings", inputName="Navn", inputSettings="x"),
    ask("SetInputSettings", inputName="Navn"),
    ask("SetInputSettings", inputName="Borte", inputSettings={"text": "x"}),
    ask("GetInputMute", inputName="Lyd"),
    ask("GetInputMute", inputName="Navn"),
    ask("GetInputMute", inputName="Borte"),
    ask("GetInputMute", inputName="Blå"),
    ask("GetInputMute", inputName=""),
    ask("GetInputMute", inputName=5),
    ask("SetInputMute", inputName="Lyd", inputMuted=True),
    ask("SetInputMute", inputName="Lyd", inputMuted=True),
    ask("SetInputMute", inputName="Lyd", inputMuted="ja"),
    ask("ToggleInputMute", inputName="Lyd"),
    ask("SetInputVolume", inputName="Lyd", inputVolumeDb=-10),
    ask("GetInputVolume", inputName="Lyd"),
    ask("SetInputVolume", inputName="Lyd", inputVolumeDb=-101),
    ask("SetInputVolume", inputName="Lyd", inputVolumeDb=26.1),
    ask("SetInputVolume", inputName="Lyd", inputVolumeMul=0),
    ask("GetInputVolume", inputName="Lyd"),
    ask("SetInputVolume", inputName="Lyd", inputVolumeMul=0.5),
    ask("GetInputVolume", inputName="Lyd"),
    ask("SetInputVolume", inputName="Lyd", inputVolumeMul=21),
    ask("SetInputVolume", inputName="Lyd", inputVolumeMul=1, inputVolumeDb=0),
    ask("SetInputVolume", inputName="Lyd"),
    ask("SetInputVolume", inputName="Navn", inputVolumeDb=0),
    ask("SetInputAudioTracks", inputName="Lyd", inputAudioTracks={"1": False, "2": False}),
    ask("GetInputAudioTracks", inputName="Lyd"),
    ask("SetInputAudioTracks", inputName="Lyd", inputAudioTracks={"7": False}),
    ask("SetInputAudioTracks", inputName="Lyd", inputAudioTracks={"1": "x"}),
    ask("SetInputAudioTracks", inputName="Lyd", inputAudioTracks={}),
    ask("SetInputAudioTracks", inputName="Navn", inputAudioTracks={"1": False}),
    ask("GetInputAudioMonitorType", inputName="Lyd"),
    ask("SetInputAudioMonitorType", inputName="Lyd", monitorType="x"),
    ask("GetSourceActive", sourceName="rødt"),
    ask("GetSourceActive", sourceName="nei"),
    # ---- program
    ask("SetCurrentProgramScene", sceneName="Rød", wait=0.3),
    ask("SetCurrentProgramScene", sceneName="Rød"),
    ask("SetCurrentProgramScene", sceneName="Borte"),
    ask("SetCurrentProgramScene", sceneName="rødt"),
    ask("SetCurrentSceneTransitionDuration", transitionDuration=10),
    ask("SetCurrentSceneTransition", transitionName="Fade"),
    ask("SetCurrentSceneTransition", transitionName="Fade"),
    ask("SetCurrentSceneTransition", transitionName="Borte"),
    ask("SetCurrentSceneTransitionDuration", transitionDuration=400),
    ask("SetCurrentSceneTransitionDuration", transitionDuration=400),
    ask("SetCurrentSceneTransitionDuration", transitionDuration=20001),
    ask("GetCurrentSceneTransition"),
    ask("GetSceneTransitionList"),
    ask("SetCurrentProgramScene", sceneName="Blå", wait=-1),
    ask("GetCurrentProgramScene", wait=-1),
    ask("GetSourceActive", sourceName="rødt", wait=0.8),
    ask("GetSourceActive", sourceName="rødt"),
    # interrupted by a third scene: only the last is told
    ask("SetCurrentProgramScene", sceneName="Scene", wait=-1),
    ask("SetCurrentProgramScene", sceneName="Rød", wait=0.6),
    ask("SetSceneName", sceneName="Blå", newSceneName="Grønn"),
    ask("SetSceneName", sceneName="Grønn", newSceneName="Rød"),
    ask("SetSceneName", sceneName="Grønn", newSceneName="Blå"),
    ask("SetInputName", inputName="Navn", newInputName="Tittel"),
    ask("SetInputName", inputName="Tittel", newInputName="Navn"),
    ask("SetSceneSceneTransitionOverride", sceneName="Blå", transitionName="Cut",
        transitionDuration=100),
    ask("GetSceneSceneTransitionOverride", sceneName="Blå"),
    ask("SetCurrentProgramScene", sceneName="Blå", wait=0.3),
    # ---- studio mode
    ask("GetCurrentPreviewScene"),
    ask("SetCurrentPreviewScene", sceneName="Rød"),
    ask("TriggerStudioModeTransition"),
    ask("SetStudioModeEnabled", studioModeEnabled=True),
    ask("SetStudioModeEnabled", studioModeEnabled=True),
    ask("GetCurrentPreviewScene"),
    ask("SetCurrentPreviewScene", sceneName="Scene"),
    ask("SetCurrentPreviewScene", sceneName="Scene"),
    ask("SetCurrentPreviewScene", sceneName="Borte"),
    ask("TriggerStudioModeTransition", pause=0.1, wait=0.5),  # sooner, and OBS loses it
    ask("GetSceneList"),
    ask("SetStudioModeEnabled", studioModeEnabled=False),
    ask("CreateScene", sceneName="Tmp"),
    ask("RemoveScene", sceneName="Tmp"),
    ask("SetCurrentSceneTransition", transitionName="Cut"),
    # ---- record
    ask("StopRecord"),
    ask("PauseRecord"),
    ask("ResumeRecord"),
    ask("SplitRecordFile"),
    ask("CreateRecordChapter", chapterName="x"),
    ask("StartRecord", wait=-1),
    ask("StopRecord", wait=0.4),
    ask("GetRecordStatus"),
    ask("StartRecord"),
    ask("PauseRecord"),
    ask("PauseRecord"),
    ask("ResumeRecord"),
    ask("ToggleRecordPause"),
    ask("ToggleRecordPause"),
    ask("GetStats"),
    ask("StopRecord", wait=-1),
    ask("GetRecordStatus", wait=0.5),
    ask("GetRecordStatus"),
    ask("StopRecord"),
    # ---- films
    ask("GetMediaInputStatus", inputName="Navn"),
    ask("GetMediaInputStatus", inputName="Borte"),
    ask("SetCurrentProgramScene", sceneName="Rød", wait=0.3),
    ask("GetMediaInputStatus", inputName="Film"),
    ask("TriggerMediaInputAction", inputName="Film", mediaAction=ACTION + "PAUSE"),
    ask("GetMediaInputStatus", inputName="Film"),
    ask("TriggerMediaInputAction", inputName="Film", mediaAction=ACTION + "PLAY"),
    ask("TriggerMediaInputAction", inputName="Film", mediaAction=ACTION + "RESTART", wait=0.3),
    ask("TriggerMediaInputAction", inputName="Film", mediaAction=ACTION + "STOP"),
    ask("GetMediaInputStatus", inputName="Film"),
    ask("TriggerMediaInputAction", inputName="Film", mediaAction="TULL"),
    ask("TriggerMediaInputAction", inputName="Navn", mediaAction=ACTION + "PLAY"),
    ask("TriggerMediaInputAction", inputName="Film"),
    # ---- general
    ask("GetPersistentData", realm=GLOBAL, slotName="s"),
    ask("SetPersistentData", realm=GLOBAL, slotName="s", slotValue={"a": 1}),
    ask("GetPersistentData", realm=GLOBAL, slotName="s"),
    ask("GetPersistentData", realm="OBS_WEBSOCKET_DATA_REALM_PROFILE", slotName="s"),
    ask("SetPersistentData", realm="x", slotName="s", slotValue=1),
    ask("SetPersistentData", realm=GLOBAL, slotName="s", slotValue=None),
    ask("SetPersistentData", realm=GLOBAL, slotName="", slotValue=1),
    ask("BroadcastCustomEvent", eventData={"hei": 1}),
    ask("Nonesuch"),
    ask("Sleep", sleepMillis=5),
    ask("CallVendorRequest", vendorName="x", requestType="y"),
    # ---- a stream to a server that is not there
    ask("StopStream"),
    ask("GetStreamStatus"),
    ask("StartStream", wait=2.0),
    ask("GetStreamStatus"),
]  # fmt: skip


def hold(address, password, steps=STEPS, expected=None):
    """Go through the steps; return for each its code, comment, data and the events it brought.

    With `expected`, an earlier talk, a step is over as soon as it has brought as many events as it
    did then; one too many is seen in the next step.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        connect(f"ws://{address}", subprotocols=[JSON], compression=None) as socket,
    ):
        film = _film(Path(folder))
        _identify(socket, password)
        many = [None] * len(steps) if expected is None else [len(s["events"]) for s in expected]
        early: list[dict[str, object]] = []
        return [
            _step(socket, number, step, film, enough, early)
            for number, (step, enough) in enumerate(zip(steps, many, strict=True))
        ]


def _identify(socket, password):
    hello = json.loads(socket.recv(timeout=5))["d"]["authentication"]
    secret = _hash(password + hello["salt"])
    proof = _hash(secret + hello["challenge"])
    socket.send(json.dumps({"op": 1, "d": {"rpcVersion": 1, "authentication": proof}}))
    assert json.loads(socket.recv(timeout=5))["op"] == 2


def _step(socket, number, step, film, enough, early):
    data = json.loads(json.dumps(step["data"]).replace(FILM, film))
    request = {"requestType": step["kind"], "requestId": str(number)}
    time.sleep(step["pause"])
    socket.send(json.dumps({"op": 6, "d": request | ({"requestData": data} if data else {})}))
    answer, events, until = None, [*early], time.monotonic() + 5
    early.clear()
    while answer is None or enough is None or len(events) < enough:
        try:
            message = json.loads(socket.recv(timeout=max(until - time.monotonic(), 0)))
        except TimeoutError:
            break
        if message["op"] == 5:
            events.append(message["d"])
        else:
            answer = message["d"]
            assert answer["requestId"] == str(number)
            if enough is None:
                until = time.monotonic() + _patience(step, answer)
    assert answer is not None, step
    if step["wait"] < 0:  # what has come already belongs to the step that listens
        early[:], events = events, []
    return {
        "asked": [step["kind"], step["data"]],
        "code": answer["requestStatus"]["code"],
        "comment": answer["requestStatus"].get("comment", ""),
        "data": _plain(answer.get("responseData"), film),
        # two threads of OBS tell of one transition, so their order is chance
        "events": sorted(
            f"{event['eventIntent']} {event['eventType']} "
            + json.dumps(_plain(event.get("eventData"), film), ensure_ascii=False, sort_keys=True)
            for event in events
        ),
    }


def _patience(step, answer):
    """Only what was done brings events."""
    if step["wait"] < 0:
        return 0
    quiet = step["kind"].startswith("Get") or not answer["requestStatus"]["result"]
    return step["wait"] + (0 if quiet else SETTLE)


def _plain(value, film):
    if isinstance(value, dict):
        return {
            k: "…" if k in VOLATILE and v is not None else _plain(v, film) for k, v in value.items()
        }
    if isinstance(value, list):
        return [_plain(v, film) for v in value]
    return FILM if value == film else value


def _film(folder):
    path = folder / "film.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000 * 60))
    return path.as_posix()


def _hash(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


if __name__ == "__main__":
    json.dump(hold(*sys.argv[1:3]), sys.stdout, ensure_ascii=False, indent=1)
    print()  # noqa: T201 - this is its output
