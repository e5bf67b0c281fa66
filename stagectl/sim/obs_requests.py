"""Every request the simulated OBS understands, by the name obs-websocket gives it.

Source: obs-websocket's protocol page, and what OBS 29.0.2 answered to each of these.
"""

from collections.abc import Callable
from typing import Final

from stagectl.sim.obs_collection import MONITORS, TRACKS, single
from stagectl.sim.obs_fields import (
    INVALID,
    MISSING_FIELD,
    NOT_FOUND,
    TOO_MANY,
    WRONG_EXECUTION,
    WRONG_TYPE,
    Fields,
    Json,
    Refused,
)
from stagectl.sim.obs_items import ITEM_REQUESTS
from stagectl.sim.obs_media import ACTION, ACTIONS
from stagectl.sim.obs_run import Run
from stagectl.sim.obs_scenes import SCENE_REQUESTS

Answer = Json | None
Handle = Callable[[Run, Fields], Answer]

OBS_VERSION = "29.0.2"
SOCKET_VERSION = "5.1.0"
RPC_VERSION = 1

REALMS = ("OBS_WEBSOCKET_DATA_REALM_GLOBAL", "OBS_WEBSOCKET_DATA_REALM_PROFILE")


# ---- general


def _version(_run: Run, _: Fields) -> Answer:
    return {
        "availableRequests": list(REQUESTS),
        "obsVersion": OBS_VERSION,
        "obsWebSocketVersion": SOCKET_VERSION,
        "platform": "simulated",
        "platformDescription": "stagectl's simulated stage",
        "rpcVersion": RPC_VERSION,
        "supportedImageFormats": ["jpg", "png"],
    }


def _broadcast(run: Run, said: Fields) -> Answer:
    run.emit("CustomEvent", said.object("eventData", may_be_empty=True))
    return None


def _get_slot(run: Run, said: Fields) -> Answer:
    return {"slotValue": run.disk.slots.get(_slot(said))}


def _set_slot(run: Run, said: Fields) -> Answer:
    slot = _slot(said)
    run.disk.slots[slot] = said.anything("slotValue")
    return None


def _slot(said: Fields) -> tuple[str, str]:
    realm, name = said.text("realm"), said.text("slotName")
    if realm not in REALMS:
        raise Refused(NOT_FOUND, "You have specified an invalid persistent data realm.")
    return realm, name


def _vendor(_: Run, said: Fields) -> Answer:
    said.text("vendorName")
    said.text("requestType")
    raise Refused(NOT_FOUND, "No vendor was found by that name.")


def _collections(_: Run, __: Fields) -> Answer:
    return {"currentSceneCollectionName": COLLECTION, "sceneCollections": [COLLECTION]}


def _profiles(_: Run, __: Fields) -> Answer:
    return {"currentProfileName": COLLECTION, "profiles": [COLLECTION]}


def _video(_: Run, __: Fields) -> Answer:
    return {
        "baseHeight": 1080,
        "baseWidth": 1920,
        "fpsDenominator": 1,
        "fpsNumerator": 30,
        "outputHeight": 1080,
        "outputWidth": 1920,
    }


def _sleep(_: Run, __: Fields) -> Answer:
    raise Refused(WRONG_EXECUTION)  # it is only of use in a batch, which does not come here


COLLECTION: Final = "stagectl"

# ---- sound


def _mute_is(run: Run, said: Fields) -> Answer:
    return {"inputMuted": run.collection.sound(said.text("inputName")).muted}


def _mute(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    one.muted = said.flag("inputMuted")
    run.emit("InputMuteStateChanged", {"inputMuted": one.muted, "inputName": one.name})
    return None


def _toggle_mute(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    one.muted = not one.muted
    run.emit("InputMuteStateChanged", {"inputMuted": one.muted, "inputName": one.name})
    return {"inputMuted": one.muted}


def _volume_is(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    return {"inputVolumeDb": one.decibels, "inputVolumeMul": one.mul}


def _volume(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    fields = [name for name in ("inputVolumeMul", "inputVolumeDb") if said.has(name)]
    if not fields:
        raise Refused(MISSING_FIELD, "You must specify one volume field.")
    if len(fields) == 2:
        raise Refused(TOO_MANY, "You may only specify one volume field.")
    if fields == ["inputVolumeMul"]:
        one.mul = single(said.number("inputVolumeMul", 0, 20))
    else:
        one.mul = single(10 ** single(said.number("inputVolumeDb", -100, 26) / 20))
    run.emit(
        "InputVolumeChanged",
        {"inputName": one.name, "inputVolumeDb": one.decibels, "inputVolumeMul": one.mul},
    )
    return None


def _tracks_are(run: Run, said: Fields) -> Answer:
    return {"inputAudioTracks": dict(run.collection.sound(said.text("inputName")).tracks)}


def _tracks(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    wanted = said.object("inputAudioTracks")
    if any(not isinstance(wanted[t], bool) for t in TRACKS if t in wanted):
        raise Refused(WRONG_TYPE, "The value of one of your tracks is not a boolean.")
    changed = {t: wanted[t] for t in TRACKS if t in wanted and wanted[t] != one.tracks[t]}
    if changed:
        one.tracks.update(changed)
        run.emit(
            "InputAudioTracksChanged",
            {"inputAudioTracks": dict(one.tracks), "inputName": one.name},
        )
    return None


def _monitor_is(run: Run, said: Fields) -> Answer:
    return {"monitorType": run.collection.sound(said.text("inputName")).monitor}


def _monitor(run: Run, said: Fields) -> Answer:
    one = run.collection.sound(said.text("inputName"))
    wanted = said.text("monitorType")
    if wanted not in MONITORS:
        raise Refused(INVALID, f"Unknown monitor type: {wanted}")
    if wanted != one.monitor:
        one.monitor = wanted
        run.emit(
            "InputAudioMonitorTypeChanged", {"inputName": one.name, "monitorType": one.monitor}
        )
    return None


# ---- films


def _film_is(run: Run, said: Fields) -> Answer:
    film = run.collection.input(said.text("inputName"))
    cursor = run.players.cursor(film)
    return {
        "mediaCursor": None if cursor is None else int(cursor * 1000),
        "mediaDuration": None if cursor is None else int(film.seconds * 1000),
        "mediaState": f"OBS_MEDIA_STATE_{run.players.state(film)}",
    }


def _film(run: Run, said: Fields) -> Answer:
    film = run.collection.input(said.text("inputName"))
    action = said.text("mediaAction").removeprefix(ACTION)
    if action not in ACTIONS:
        raise Refused(INVALID, "You have specified an invalid media input action.")
    run.players.act(film, action)
    return None


def _seek(run: Run, said: Fields) -> Answer:
    film = run.collection.input(said.text("inputName"))
    run.players.seek(film, said.number("mediaCursor", 0, 1e12) / 1000)
    return None


# ---- record and stream


def _recording_is(run: Run, _: Fields) -> Answer:
    record = run.record
    return {
        "outputActive": record.active,
        "outputBytes": record.bytes,
        "outputDuration": int(record.seconds * 1000),
        "outputPaused": record.paused,
        "outputTimecode": record.timecode(),
    }


def _stop_record(run: Run, _: Fields) -> Answer:
    run.record.end()
    return {"outputPath": run.record.path}


def _toggle_record(run: Run, _: Fields) -> Answer:
    active = run.record.active
    (run.record.end if active else run.record.begin)()
    return {"outputActive": not active}


def _toggle_pause(run: Run, _: Fields) -> Answer:
    paused = run.record.paused
    (run.record.resume if paused else run.record.pause)()
    return {"outputPaused": not paused}


def _streaming_is(run: Run, _: Fields) -> Answer:
    stream = run.stream
    return {
        "outputActive": stream.active,
        "outputBytes": stream.bytes,
        "outputCongestion": 1.0 if stream.reconnecting else 0.0,
        "outputDuration": int(stream.seconds * 1000),
        "outputReconnecting": stream.reconnecting,
        "outputSkippedFrames": stream.skipped,
        "outputTimecode": stream.timecode(),
        "outputTotalFrames": stream.frames(),
    }


def _toggle_stream(run: Run, _: Fields) -> Answer:
    active = run.stream.active
    (run.stream.end if active else run.stream.begin)()
    return {"outputActive": not active}


REQUESTS: Final[dict[str, Handle]] = {
    "GetVersion": _version,
    "GetStats": lambda run, _: run.stats(),
    "BroadcastCustomEvent": _broadcast,
    "CallVendorRequest": _vendor,
    "Sleep": _sleep,
    "GetPersistentData": _get_slot,
    "SetPersistentData": _set_slot,
    "GetSceneCollectionList": _collections,
    "GetProfileList": _profiles,
    "GetVideoSettings": _video,
    "GetRecordDirectory": lambda run, _: {"recordDirectory": run.disk.folder.as_posix()},
    **SCENE_REQUESTS,
    **ITEM_REQUESTS,
    "GetInputMute": _mute_is,
    "SetInputMute": _mute,
    "ToggleInputMute": _toggle_mute,
    "GetInputVolume": _volume_is,
    "SetInputVolume": _volume,
    "GetInputAudioTracks": _tracks_are,
    "SetInputAudioTracks": _tracks,
    "GetInputAudioMonitorType": _monitor_is,
    "SetInputAudioMonitorType": _monitor,
    "GetMediaInputStatus": _film_is,
    "TriggerMediaInputAction": _film,
    "SetMediaInputCursor": _seek,
    "GetRecordStatus": _recording_is,
    "StartRecord": lambda run, _: run.record.begin(),
    "StopRecord": _stop_record,
    "ToggleRecord": _toggle_record,
    "PauseRecord": lambda run, _: run.record.pause(),
    "ResumeRecord": lambda run, _: run.record.resume(),
    "ToggleRecordPause": _toggle_pause,
    "GetStreamStatus": _streaming_is,
    "StartStream": lambda run, _: run.stream.begin(),
    "StopStream": lambda run, _: run.stream.end(),
    "ToggleStream": _toggle_stream,
}
