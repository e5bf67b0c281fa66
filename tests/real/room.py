"""A real OBS that has what a venue names: scenes of one colour each, inputs, items, films."""

import subprocess
from pathlib import Path
from typing import Any

from stagectl.core.book import Book
from stagectl.core.model import Value
from stagectl.core.track import look_at
from tests.real.obs_rig import BLUE, RED, ObsRig

GREEN = 0xFF00FF00
COLOURS = {
    "Samtale": BLUE,
    "Rulletekst": GREEN,
}  # the others are red: next to each other they differ
FILM = {"is_local_file": True, "restart_on_activate": False}


def furnish(rig: ObsRig, book: Book) -> None:
    """Make in OBS whatever the book names and OBS does not have, and let OBS keep it."""
    looks = [book.show.base, *(scene.look for scene in book.venue.scenes.values())]
    looks += [cue.sets for cue in book.show.cues]
    for scene in dict.fromkeys(str(v) for look in looks if (v := look.get("obs.program"))):
        _scene(rig, scene)
    for parameter, wire in book.wires.items():
        match parameter.partition(".")[0], wire.type:
            case "obs", "item":
                scene, _, item = wire.address.partition("\n")
                _item(rig, scene, item)
            case "obs", "text":
                rig.ask("GetInputSettings", inputName=wire.address)  # the rig has it, or we hear
    for scene, film in _films(book):
        wave = {**FILM, "local_file": str(rig.folder / "film.wav")}
        _input(rig, scene, film, "ffmpeg_source", wave)
    rig.stop()  # a clean quit saves all of it; killed, it would be gone with the process
    rig.start()


def _scene(rig: ObsRig, name: str) -> None:
    known = {row["sceneName"] for row in rig.ask("GetSceneList")["scenes"]}
    if name not in known:
        rig.ask("CreateScene", sceneName=name)
        settings = {"color": COLOURS.get(name, RED), "width": 640, "height": 360}
        _input(rig, name, f"Farge {name}", "color_source_v3", settings)


def _item(rig: ObsRig, scene: str, item: str) -> None:
    _scene(rig, scene)
    if item in {row["inputName"] for row in rig.ask("GetInputList")["inputs"]}:
        rig.ask("CreateSceneItem", sceneName=scene, sourceName=item)
    else:
        _input(rig, scene, item, "color_source_v3", {"color": RED, "width": 32, "height": 18})


def _input(rig: ObsRig, scene: str, name: str, kind: str, settings: dict[str, Any]) -> None:
    data = {"sceneName": scene, "inputName": name, "inputKind": kind}
    rig.ask("CreateInput", **data, inputSettings=settings)


def _films(book: Book) -> list[tuple[str, str]]:
    return [
        (str(look_at(book.show, index)["obs.program"]), do.argument)
        for index, cue in enumerate(book.show.cues)
        for do in cue.dos
        if do.device == "obs" and do.verb in {"play", "pause", "stop", "restart"}
    ]


def in_obs(rig: ObsRig, book: Book) -> dict[str, Value | None]:
    """Return every parameter as OBS itself says it, past the desk and its driver.

    The duration of a cut is None: OBS has none.
    """
    return {
        p: _value(rig, wire.type, wire.address)
        for p, wire in book.wires.items() if p.startswith("obs.")
    }  # fmt: skip


def _value(rig: ObsRig, kind: str, name: str) -> Value | None:
    match kind:
        case "program":
            return str(rig.ask("GetCurrentProgramScene")["currentProgramSceneName"])
        case "transition":
            return str(rig.ask("GetCurrentSceneTransition")["transitionName"])
        case "duration":
            said = rig.ask("GetCurrentSceneTransition")["transitionDuration"]
            return None if said is None else said / 1000
        case "text":
            said = rig.ask("GetInputSettings", inputName=name)["inputSettings"]
            return str(said.get("text", ""))
        case "mute":
            return not rig.ask("GetInputMute", inputName=name)["inputMuted"]
        case "volume":
            return float(rig.ask("GetInputVolume", inputName=name)["inputVolumeDb"])
        case "item":
            scene, _, item = name.partition("\n")
            where = {"sceneName": scene}
            number = rig.ask("GetSceneItemId", **where, sourceName=item)["sceneItemId"]
            enabled = rig.ask("GetSceneItemEnabled", **where, sceneItemId=number)
            return bool(enabled["sceneItemEnabled"])
        case "master":
            return any(_tracks(rig))
    raise AssertionError(kind)


def _tracks(rig: ObsRig) -> list[bool]:
    """Return whether each track of each input that has sound is open."""
    found: list[bool] = []
    for row in rig.ask("GetInputList")["inputs"]:
        if row["inputKind"] == "ffmpeg_source":
            said = rig.ask("GetInputAudioTracks", inputName=row["inputName"])
            found += said["inputAudioTracks"].values()
    return found


def length(film: Path) -> float:
    """Return the seconds of a recording that plays, by its frames: a killed one has no index."""
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time",
         "-of", "csv=p=0", film],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    return max((float(line.strip(",")) for line in said.split()), default=0.0)
