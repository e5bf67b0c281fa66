"""What OBS knows of itself and of its outputs, under the names that facts have everywhere.

`disk.mb fps cpu render.skipped output.skipped`; for record and stream whether they are on,
`.bytes .seconds .state`; `record.path record.paused stream.skipped stream.reconnecting
stream.congestion`; `scenes inputs transitions missing`, one name a line; `renamed`, "old → new";
`program.frozen`, while OBS says one scene and shows another.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stagectl.drivers.obs_words import Answer, request
from stagectl.engine.report import Fact

LISTS = (request("GetSceneList"), request("GetInputList"), request("GetSceneTransitionList"))


def of_stats(said: Mapping[str, Any]) -> dict[str, Fact]:
    """Read GetStats."""
    return {
        "disk.mb": round(said["availableDiskSpace"], 1),
        "fps": round(said["activeFps"], 2),
        "cpu": round(said["cpuUsage"], 1),
        "render.skipped": said["renderSkippedFrames"],
        "output.skipped": said["outputSkippedFrames"],
    }


def of_output(verb: str, said: Mapping[str, Any]) -> dict[str, Fact]:
    """Read GetRecordStatus or GetStreamStatus, but for whether it is on: that is its latch's."""
    facts: dict[str, Fact] = {
        f"{verb}.bytes": said["outputBytes"],
        f"{verb}.seconds": said["outputDuration"] / 1000,
    }
    if verb == "record":
        return {**facts, "record.paused": bool(said["outputPaused"])}
    return {
        **facts,
        "stream.reconnecting": bool(said["outputReconnecting"]),
        "stream.skipped": said["outputSkippedFrames"],
        "stream.congestion": round(said["outputCongestion"], 2),
    }


def of_lists(answers: Sequence[Answer]) -> dict[str, Fact]:
    """Read the answers to LISTS; a list that cannot be had just now (207) is left out."""
    keys = (("scenes", "sceneName"), ("inputs", "inputName"), ("transitions", "transitionName"))
    return {
        name: lines(one[key] for one in said.data[name])
        for (name, key), said in zip(keys, answers, strict=True)
        if said.ok
    }


def input_kinds(answers: Sequence[Answer]) -> dict[str, str] | None:
    """Return each input's kind from the answers to LISTS, or None: it could not be had."""
    said = answers[1]
    if not said.ok:
        return None
    return {i["inputName"]: str(i.get("unversionedInputKind", "")) for i in said.data["inputs"]}


def of_event(verb: str, data: Mapping[str, Any]) -> dict[str, Fact]:
    """Read RecordStateChanged or StreamStateChanged."""
    facts: dict[str, Fact] = {f"{verb}.state": state(data).lower()}
    if path := data.get("outputPath"):
        facts[f"{verb}.path"] = str(path)
    return facts


def state(data: Mapping[str, Any]) -> str:
    """Return the last word of an outputState: STARTING, STARTED, STOPPING, STOPPED …"""
    return str(data["outputState"]).removeprefix("OBS_WEBSOCKET_OUTPUT_")


def lines(names: Iterable[str]) -> str:
    return "\n".join(names)
