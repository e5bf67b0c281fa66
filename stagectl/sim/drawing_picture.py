"""The program picture as blocks of colour: the scene, what lies on it, and the words over it."""

from collections.abc import Mapping, Sequence
from typing import Any

from stagectl.sim.canvas import Box, Canvas, Cell, Colour, colour, fitted, halves, mix
from stagectl.sim.ink import AMBER, BLACK, CARD, DIM, GREEN, PAGE, RED, WHITE
from stagectl.words.tongue import _
from stagectl.words.visible import columns

Row = Mapping[str, Any]


def picture(canvas: Canvas, box: Box, obs: Row) -> None:
    """Draw what OBS shows; during a transition, the two scenes into each other."""
    if obs["condition"] == "down" or not obs["program"]:
        canvas.fill(box, CARD)
        canvas.centred(box, box.y + box.height // 2, _("No picture"), DIM)
        return
    ground, share = colour(obs["colour"]), float(obs["progress"])
    if obs["from"] is not None:
        ground = mix(colour(obs["from"]["colour"]), ground, share)
    _ground(canvas, box, ground)
    _pictures(canvas, box, [i for i in obs["items"] if i["kind"] == "picture"], ground, share)
    name = obs["program"] if obs["from"] is None else f"{obs['from']['scene']} → {obs['program']}"
    canvas.centred(box, box.y + max(box.height * 2 // 5, 1), name, WHITE, bold=True)
    _words(canvas, box, obs["items"], ground)
    _marks(canvas, box, obs)


def _ground(canvas: Canvas, box: Box, ground: Colour) -> None:
    """Light falls from above. Whole cells, so that a screen read aloud has no noise in it."""
    for y in range(box.height):
        shade = _shade(ground, y / max(box.height - 1, 1))
        canvas.stripe(box.x, box.y + y, [Cell(ground=shade)] * box.width)


def _shade(ground: Colour, down: float) -> Colour:
    return mix(mix(ground, WHITE, 0.12), mix(ground, BLACK, 0.45), down)


def _pictures(canvas: Canvas, box: Box, items: Sequence[Row], ground: Colour, share: float) -> None:
    """Pictures in the picture, from the lower right corner to the left, each with a person."""
    width, height = max(box.width * 3 // 10, 8), max(box.height * 9 // 20, 4)
    for number, item in enumerate(items[: max(box.width // (width + 1), 1)]):
        x = box.x + box.width - (number + 1) * (width + 1)
        below = 3 if box.height >= height + 5 else 1  # the texts have the lowest rows
        here = Box(x, box.y + box.height - height - below, width, height)
        tone = mix(ground, colour(item["colour"]), share)
        _ground(canvas, here, tone)
        if here.height > 4:
            _person(canvas, here, mix(tone, BLACK, 0.45))
        name = fitted(item["name"], here.width - 2)
        tag = Box(here.x, here.y + here.height - 1, columns(name) + 2, 1)
        canvas.fill(tag, mix(tone, BLACK, 0.7))
        canvas.text(tag.x + 1, tag.y, name, WHITE)


def _person(canvas: Canvas, box: Box, ink: Colour) -> None:
    """A head and two shoulders, in half cells, which are nearly square."""
    high, middle = box.height * 2, (box.width - 1) / 2
    head = high * 0.19
    for y in range(box.height):
        row = canvas.rows[box.y + y][box.x : box.x + box.width]
        for x, cell in enumerate(row):
            upper = lower = cell.ground
            if _is_person(x - middle, 2 * y, high, head):
                upper = ink
            if _is_person(x - middle, 2 * y + 1, high, head):
                lower = ink
            row[x] = halves(upper, lower)
        canvas.stripe(box.x, box.y + y, row)


def _is_person(across: float, down: float, high: float, head: float) -> bool:
    in_head = across**2 + (down - high * 0.34) ** 2 <= head**2
    shoulders = high * 0.5
    in_body = (across / (head * 2.1)) ** 2 + ((down - high) / shoulders) ** 2 <= 1
    return in_head or (in_body and down >= high * 0.6)


def _words(canvas: Canvas, box: Box, items: Sequence[Row], ground: Colour) -> None:
    """Texts over the lower third, a line for each; below them what film is on."""
    y = box.y + box.height - 2
    for item in items:
        if item["kind"] == "film":
            _film(canvas, Box(box.x + 1, box.y + box.height - 1, box.width - 2, 1), item)
    for item in reversed(items):
        if item["kind"] == "text" and item["text"].strip() and y > box.y:
            text = fitted(item["text"], box.width - 6)
            bar = Box(box.x + 2, y, columns(text) + 2, 1)
            canvas.fill(bar, mix(PAGE, ground, 0.15))
            canvas.fill(Box(bar.x - 1, y, 1, 1), mix(ground, WHITE, 0.6))
            canvas.text(bar.x + 1, y, text, WHITE, bold=True)
            y -= 1


def _film(canvas: Canvas, box: Box, film: Row) -> None:
    sign = "▶" if film["playing"] else "‖"
    used = canvas.text(box.x, box.y, f"{sign} {film['name']}", WHITE, width=box.width // 2) + 1
    room = box.width - used
    done = round(room * min(max(film["share"], 0.0), 1.0))
    canvas.text(box.x + used, box.y, "━" * done, WHITE)
    canvas.text(box.x + used + done, box.y, "─" * (room - done), mix(WHITE, BLACK, 0.4))


def _marks(canvas: Canvas, box: Box, obs: Row) -> None:
    """Red along the top: this goes out. A word for what else is not as usual."""
    if obs["stream"]["on"]:
        _tag(canvas, box, f"● {_('ON AIR')}", RED, WHITE, left=True)
    if obs["covered"]:
        _tag(canvas, box, f"▲ {_('Sound covered')}", AMBER, BLACK, left=False)
    elif obs["preview"]:
        _tag(canvas, box, f"{_('Ready')}: {obs['preview']}", GREEN, WHITE, left=False)


def _tag(canvas: Canvas, box: Box, text: str, ground: Colour, ink: Colour, *, left: bool) -> None:
    text = fitted(text, max(box.width // 2 - 3, 0))
    used = columns(text) + 2
    x = box.x if left else box.x + box.width - used
    canvas.fill(Box(x, box.y, used, 1), ground)
    canvas.text(x + 1, box.y, text, ink, bold=True)
