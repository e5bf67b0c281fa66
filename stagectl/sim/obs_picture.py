"""What there is to see of a simulated OBS: the picture, the sound, the lamps."""

import math
from collections.abc import Mapping

from stagectl.sim.obs_collection import COLOUR, MEDIA, TEXT, Collection, Input
from stagectl.sim.obs_run import Run

BLACK = "#000000"


def picture(run: Run | None, saved: Collection) -> Mapping[str, object]:
    """Return the state, JSON-able. Colours are "#rrggbb", levels dB (None is −∞), times seconds.

    `items` lie on the scene's colour, the last on top. `from` is the scene that is going, while a
    transition runs; `progress` is how far it has come. `covered`: no input has a track on. Without
    a run everything is dark: `program` is "".
    """
    if run is None:
        return {
            "program": "", "colour": BLACK, "from": None, "progress": 1.0, "preview": None,
            "transition": saved.transition, "items": [], "inputs": [], "covered": False,
            "record": _OFF, "stream": _OFF,
        }  # fmt: skip
    collection, passage = run.collection, run.switcher.passage
    program = collection.program
    leaving = None
    if passage is not None and passage.source != program:
        leaving = {"scene": passage.source, "colour": colour(collection, passage.source)}
    sounding = [one for one in collection.inputs.values() if one.sounds]
    record, stream = run.record, run.stream
    return {
        "program": program,
        "colour": colour(collection, program),
        "from": leaving,
        "progress": round(run.switcher.progress(), 3),
        "preview": run.switcher.preview,
        "transition": collection.transition,
        "items": _items(run, program),
        "inputs": [_sound(run, one) for one in sounding],
        "covered": bool(sounding) and not any(any(one.tracks.values()) for one in sounding),
        "record": {
            "on": record.active,
            "paused": record.paused,
            "bytes": record.bytes,
            "seconds": round(record.seconds, 1),
            "path": record.path,
        },
        "stream": {
            "on": stream.active and not stream.reconnecting,
            "connecting": stream.connecting,
            "bytes": stream.bytes,
            "seconds": round(stream.seconds, 1),
        },
    }


_OFF: Mapping[str, object] = {"on": False, "bytes": 0, "seconds": 0.0}


def colour(collection: Collection, scene: str) -> str:
    """Return a scene's colour: the lowest colour that is on in it, or black."""
    for one in collection.visible(scene):
        if one.kind == COLOUR:
            return _rgb(one)
    return BLACK


def _items(run: Run, scene: str) -> list[Mapping[str, object]]:
    """Return what lies on the scene's colour, the last on top."""
    visible = list(run.collection.visible(scene))
    ground = next((one for one in visible if one.kind == COLOUR), None)
    return [item for one in visible if one is not ground and (item := _item(run, one))]


def _rgb(one: Input) -> str:
    """OBS counts a colour as ABGR."""
    number = one.setting("color")
    number = number if isinstance(number, int) else 0
    red, green, blue = number & 0xFF, number >> 8 & 0xFF, number >> 16 & 0xFF
    return f"#{red:02x}{green:02x}{blue:02x}"


def _item(run: Run, one: Input) -> Mapping[str, object] | None:
    if one.kind == TEXT:
        return {"name": one.name, "kind": "text", "text": str(one.setting("text") or "")}
    if one.kind == MEDIA:
        state = run.players.state(one)
        if state not in {"PLAYING", "PAUSED"}:
            return None  # a film that is not on is nothing to see
        share = (run.players.cursor(one) or 0.0) / one.seconds
        return {
            "name": one.name,
            "kind": "film",
            "playing": state == "PLAYING",
            "share": round(share, 3),
        }
    if one.kind == COLOUR:
        return {"name": one.name, "kind": "picture", "colour": _rgb(one)}
    return None if one.sounds else {"name": one.name, "kind": "picture", "colour": "#555555"}


def _sound(run: Run, one: Input) -> Mapping[str, object]:
    level = one.decibels if one.mul > 0 else -math.inf
    return {
        "name": one.name,
        "on": not one.muted,
        "level": round(level, 1) if math.isfinite(level) else None,
        "heard": _heard(run, one),
        "sound": round(0.0 if one.muted else min(run.level(one) * one.mul, 1.0), 3),
    }


def _heard(run: Run, one: Input) -> bool:
    """Tell whether it can be heard on the stream and the recording."""
    return one.name in run.active() and not one.muted and one.mul > 0 and any(one.tracks.values())
