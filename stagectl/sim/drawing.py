"""What a state of the stage looks like on a grid of cells, in the language spoken.

Grey is normal, red is on air, amber is abnormal and never without a word.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from stagectl.sim.canvas import Box, Canvas, Cell, Colour, halves, mix
from stagectl.sim.drawing_picture import picture
from stagectl.sim.ink import (
    AMBER,
    CARD,
    DIM,
    FAINT,
    PAGE,
    RAISED,
    RED,
    RULE,
    SOUND,
    TEXT,
    WARM,
    WHITE,
)
from stagectl.words import plain
from stagectl.words.tongue import N_, _
from stagectl.words.visible import columns

State = Mapping[str, Any]
Row = Mapping[str, Any]

WIDE = 96  # columns from which the sound stands beside the picture
STRIP = 4  # the narrowest a fader can be
MIXER = (7, 16)  # rows for the sound: at least, at most
LIGHTS = 4
SMALLEST = 5  # rows of a picture that is still one

_CONDITIONS = {
    "down": N_("off"),
    "frozen": N_("does not answer"),
    "unreachable": N_("cannot be reached"),
}
_SHORT = {"playback": N_("playback"), "main": N_("hall")}


class _Percent:
    kind = "number"
    unit = "%"


def draw(state: State, width: int, height: int) -> Canvas:
    """Draw the whole stage in so many cells; without a state, say that there is none."""
    canvas = Canvas(width, height, PAGE)
    if not state:
        middle = Box(0, 0, width, height)
        canvas.centred(middle, height // 2, _("The simulated stage is not there"), DIM)
        return canvas
    _head(canvas, state)
    if width >= WIDE:
        _side_by_side(canvas, state)
    else:
        _stacked(canvas, state)
    return canvas


def _stacked(canvas: Canvas, state: State) -> None:
    width, left = canvas.width, canvas.height - 1
    cameras, mixers, lights = (_of(state, k) for k in ("obs", "mixer", "lights"))
    others = _of(state, "osc", "midi")
    lamps = LIGHTS if lights else 0
    least = MIXER[0] if mixers else 0
    lines = min(_lines(others), 4)
    at = 1
    if cameras:
        rows = min(round(width * 9 / 32), left - 1 - lamps - least - lines)
        at += _camera(canvas, Box(0, at, width, max(rows, SMALLEST)), cameras[0])
    if mixers:
        rows = min(canvas.height - at - lamps - lines, MIXER[1])
        at += _mixer(canvas, Box(0, at, width, rows), mixers)
    if lights:
        at += _lights(canvas, Box(0, at, width, LIGHTS), lights)
    _others(canvas, Box(0, at, width, canvas.height - at), others)


def _side_by_side(canvas: Canvas, state: State) -> None:
    cameras, mixers, lights = (_of(state, k) for k in ("obs", "mixer", "lights"))
    others = _of(state, "osc", "midi")
    lamps = LIGHTS + 2 if lights else 0
    split = canvas.width
    if cameras and mixers:
        # as wide as the picture can be high, and what the faders need is theirs
        tallest = (canvas.height - 2 - lamps) * 32 // 9
        faders = max(sum(len(mixer["strips"]) for mixer in mixers) * (STRIP + 1), 24)
        split = max(min(tallest, canvas.width - faders - 2), canvas.width // 2)
    at = 1
    if cameras:
        rows = min(round(split * 9 / 32), canvas.height - 2 - lamps)
        at += _camera(canvas, Box(0, at, split, max(rows, SMALLEST)), cameras[0])
    if lights:
        lamps = min(max(canvas.height - at - _lines(others), LIGHTS), LIGHTS + 5)
        at += _lights(canvas, Box(0, at, split, lamps), lights)
    if mixers and split < canvas.width:
        _mixer(canvas, Box(split + 2, 1, canvas.width - split - 2, at - 1), mixers)
    elif mixers:
        at += _mixer(canvas, Box(0, at, split, min(canvas.height - at, MIXER[1])), mixers)
    _others(canvas, Box(0, at, canvas.width, canvas.height - at), others)


# ---- the head


def _head(canvas: Canvas, state: State) -> None:
    """Say that this is not the stage, and what is wrong with it."""
    at = canvas.text(0, 0, _("Simulated stage"), DIM, bold=True) + 2
    for device in state["devices"]:
        said = _CONDITIONS.get(device["condition"])
        if said is not None:
            text = f"▲ {device['name']}: {_(said)}"
            at += canvas.text(at, 0, text, AMBER, width=max(canvas.width - at, 0)) + 2


def _title(canvas: Canvas, box: Box, text: str) -> None:
    used = canvas.text(box.x, box.y, text, FAINT, width=box.width) + 1
    canvas.text(box.x + used, box.y, "─" * max(box.width - used, 0), RULE, width=box.width - used)


def _of(state: State, *kinds: str) -> list[Row]:
    return [device for device in state["devices"] if device["kind"] in kinds]


# ---- the camera, and what goes out


def _camera(canvas: Canvas, box: Box, obs: Row) -> int:
    """Draw the picture in all rows of the box, and below it what goes out; return the rows."""
    picture(canvas, box, obs)
    half = box.width // 2
    record, stream = obs["record"], obs["stream"]
    y = box.y + box.height
    if record.get("paused"):
        _chip(canvas, box.x, y, half, f"‖ {_('Recording paused')}", AMBER)
    else:
        _output(canvas, Box(box.x, y, half, 1), _("REC"), _("Recording off"), record)
    right = Box(box.x + half, y, box.width - half, 1)
    if stream.get("connecting"):
        _chip(canvas, right.x, y, right.width, f"▲ {_('Stream connects')}", AMBER)
    else:
        _output(canvas, right, _("STREAM"), _("Stream off"), stream)
    return box.height + 1


def _output(canvas: Canvas, box: Box, on: str, off: str, output: Row) -> None:
    if not output["on"]:
        canvas.text(box.x, box.y, f"○ {off}", FAINT, width=box.width)
        return
    used = _chip(canvas, box.x, box.y, box.width, f"● {on}", RED) + 1
    room = max(box.width - used - 1, 0)
    grown = size(output["bytes"])  # the proof that something goes out, so it is cut last
    said = f"{clock(output['seconds'])} {grown}"
    canvas.text(box.x + used, box.y, said if columns(said) <= room else grown, TEXT, width=room)


def _chip(canvas: Canvas, x: int, y: int, width: int, text: str, ground: Colour) -> int:
    room = max(width - 3, 0)
    used = canvas.text(x + 1, y, text, WHITE, width=room, bold=True) + 2
    canvas.fill(Box(x, y, used, 1), ground)
    ink = WHITE if ground == RED else PAGE
    canvas.text(x + 1, y, text, ink, width=room, bold=True)
    return used


def clock(seconds: float) -> str:
    """Return m:ss, or h:mm:ss."""
    whole = int(seconds)
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 60}:{whole % 60:02}"


def size(count: float) -> str:
    """Return bytes as people read them: "336 kB", "9.7 MB"."""
    for unit, scale, decimals in (("GB", 1e9, 2), ("MB", 1e6, 1)):
        if count >= scale:
            return f"{plain.number(count / scale, decimals)} {unit}"
    return f"{plain.number(count / 1e3, 0)} kB"


# ---- the sound


def _mixer(canvas: Canvas, box: Box, mixers: Sequence[Row]) -> int:
    """Draw the faders of all mixers side by side; return the rows taken."""
    strips = [(strip, mixer) for mixer in mixers for strip in mixer["strips"]]
    if box.height < 4 or not strips:
        return 0
    _title(canvas, box, _("Sound"))
    fit = min(len(strips), max(box.width // STRIP, 1))
    for number, (strip, mixer) in enumerate(strips[:fit]):
        x, end = (box.width * n // fit for n in (number, number + 1))
        here = Box(box.x + x, box.y + 1, min(end - x, 9), box.height - 1)
        _strip(canvas, here, strip, dead=mixer["condition"] == "down")
    if len(strips) > fit:
        more = f" +{len(strips) - fit} "
        canvas.text(box.x + box.width - len(more), box.y, more, DIM)
    return box.height


def _strip(canvas: Canvas, box: Box, strip: Row, *, dead: bool) -> None:
    fader = Box(box.x, box.y, max(box.width - 2, 1), box.height - 2)
    meter = Box(fader.x + fader.width, box.y, 1, fader.height)
    on = strip["on"] and not dead
    canvas.fill(fader, CARD)
    canvas.fill(meter, RAISED if not dead else CARD)
    ink = (198, 206, 213) if on else (78, 88, 96)
    canvas.bar(fader, 0.0 if dead else strip["position"], ink)
    if on:
        canvas.bar(meter, _loudness(strip["sound"]), SOUND)
    elif not dead:
        canvas.centred(fader, fader.y, _("off"), DIM)
    level = strip["level"]
    said = "–" if dead else plain.number(-math.inf if level is None else level, 0)
    named = Box(box.x, box.y, box.width - 1, box.height)
    canvas.centred(named, box.y + box.height - 2, said, TEXT if on else FAINT)
    name = short(channel(strip["name"]), named.width)
    canvas.centred(named, box.y + box.height - 1, name, DIM if on else FAINT)


def _loudness(sound: float) -> float:
    """Return how far a meter goes: nothing at −50 dB, all at full scale."""
    return (20 * math.log10(sound) + 50) / 50 if sound > 0 else 0.0


def channel(name: str) -> str:
    """Return what people call a channel."""
    known = plain.ROLES.get(name) or _SHORT.get(name)
    return _(known) if known else name


def short(name: str, width: int) -> str:
    """Return a name in so many cells; a number at its end stays: "guest 2" → "gue2"."""
    if columns(name) <= width:
        return name
    first, _space, last = name.rpartition(" ")
    tail = last if first and last.isdecimal() else ""
    head = first if tail else name
    while head and columns(head + tail) > width:
        head = head[:-1]
    return head.rstrip() + tail


# ---- the lights


def _lights(canvas: Canvas, box: Box, desks: Sequence[Row]) -> int:
    """Draw each light as a block that glows as it does; return the rows taken."""
    sliders = [(slider, desk) for desk in desks for slider in desk["sliders"]]
    if box.height < 3 or not sliders:
        return 0
    _title(canvas, box, _("Light"))
    column = min(max(box.width // len(sliders), 5), 24)
    for number, (slider, desk) in enumerate(sliders[: box.width // column]):
        here = Box(box.x + number * column, box.y + 1, column - 1, box.height - 2)
        dead = desk["condition"] == "down"
        _lamp(canvas, here, 0.0 if dead else slider["level"] / 100)
        said = "–" if dead else f"{plain.number(slider['level'], 0)} %"
        bright = not dead and slider["level"] > 45
        canvas.centred(here, here.y + (here.height - 1) // 2, said, PAGE if bright else DIM)
        name = plain.label(f"lights.{slider['name']}", _Percent())
        canvas.text(here.x, box.y + box.height - 1, name, DIM, width=here.width)
    return box.height


def _lamp(canvas: Canvas, box: Box, share: float) -> None:
    """A round glow: brightest in the middle, gone at the edge."""
    for y, row in enumerate(_lamp_cells(round(share, 2), box.width, box.height)):
        canvas.stripe(box.x, box.y + y, row)


@lru_cache(maxsize=512)  # a lamp that stands still is not reckoned ten times a second
def _lamp_cells(share: float, width: int, height: int) -> Sequence[Sequence[Cell]]:
    across = [(x + 0.5) / width for x in range(width)]
    down = [(y + 0.5) / (2 * height) for y in range(2 * height)]
    return [
        [halves(_glow(share, x, down[2 * y]), _glow(share, x, down[2 * y + 1])) for x in across]
        for y in range(height)
    ]


def _glow(share: float, across: float, down: float) -> Colour:
    away = math.hypot((across - 0.5) * 1.5, (down - 0.5) * 0.9)
    return mix(CARD, WARM, share**0.7 * max(1.0 - away * 0.75, 0.0))


# ---- the rest


def _lines(others: Sequence[Row]) -> int:
    return sum(1 + len(device["values"]) for device in others)


def _others(canvas: Canvas, box: Box, others: Sequence[Row]) -> None:
    y = box.y
    for device in others:
        if y < box.y + box.height:
            _title(canvas, Box(box.x, y, box.width, 1), device["name"])
        for said in device["values"]:
            y += 1
            if y < box.y + box.height:
                canvas.text(box.x, y, f"{said['address']}  {said['said']}", DIM, width=box.width)
        y += 1
