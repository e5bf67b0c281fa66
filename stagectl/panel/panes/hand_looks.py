"""What each spot of «Hånd» shows: a value, in which state it is, and what a touch would mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stagectl.core.model import Parameter, Value
from stagectl.engine.intent import LetGo, Name, Put, Trigger
from stagectl.engine.snapshot import HeldRow, Standing
from stagectl.panel import say
from stagectl.panel.clean import clean
from stagectl.panel.ink import EMPTY, Line, centre, cut, line, spread, width, wrapped
from stagectl.panel.panes.hand_layout import ROWS, Spot
from stagectl.panel.panes.hand_pages import (
    Held,
    Level,
    Once,
    Page,
    PageName,
    Pick,
    Somebody,
    Strip,
    Switch,
    Text,
    Tile,
    Whole,
    home,
)
from stagectl.panel.panes.hand_steps import may_step
from stagectl.panel.playbill import Control
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.panel.widgets.touch import Look
from stagectl.words import plain
from stagectl.words.tongue import N_, _

ASKED = 1.0  # seconds that what was asked for is shown before the desk has said it
CROSSED = 0.3  # … and counts on, since a snapshot from before the touch may say the same
CLOSE = 0.5  # dB or %: what a device rounds off is no other look

_PAGES: Mapping[str, str] = {
    "picture": N_("Picture"),
    "sound": N_("Sound"),
    "light": N_("Light"),
    "text": N_("Text"),
    "other": N_("Other"),
    "held": N_("Held"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a touch asked for, and when, on the panel's clock."""

    value: Value
    at: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What the looks are made from: the view, what was asked for since, the text that is chosen."""

    view: View
    asked: Mapping[Parameter, Asked] = field(default_factory=dict)
    text: Parameter = ""
    """Where a person's name is shown."""

    def held(self, parameter: Parameter) -> HeldRow | None:
        """Return the hand on a parameter."""
        return next((row for row in self.view.snap.held if row.parameter == parameter), None)

    def at(self, parameter: Parameter) -> tuple[Value | None, Standing]:
        """Return what a parameter is at as far as is known here, and how sure that is."""
        asked, told = self.asked.get(parameter), self._told(parameter)
        return told if asked is None or asked.value == told[0] else (asked.value, "sent")

    def awaits(self, parameter: Parameter) -> bool:
        """Tell whether something was asked for that the desk has not said yet."""
        asked = self.asked.get(parameter)
        return asked is not None and asked.value != self._told(parameter)[0]

    def _told(self, parameter: Parameter) -> tuple[Value | None, Standing]:
        value, how = self.view.snap.values.get(parameter, (None, "unknown"))
        row = self.held(parameter)
        if row is None:
            return value, how
        certain = row.how in ("sent", "confirmed")
        return (row.value if certain or value is None else value), row.how

    def control(self, parameter: Parameter) -> Control:
        """Return what sort of values it takes."""
        return self.view.bill.controls.get(parameter) or Control()

    def may_put(self, parameter: Parameter) -> bool:
        """Tell whether a touch could put it."""
        return self.view.may(Put(parameter, False))

    def is_at(self, look: Mapping[Parameter, Value]) -> bool:
        """Tell whether the room is in this look, as far as is known here."""
        return all(_alike(self.at(p)[0], spelled(self.view, v)) for p, v in look.items())


def still_open(scene: Scene) -> dict[Parameter, Asked]:
    """Return what was asked for and is neither told by the desk yet nor too long ago."""
    now = scene.view.now
    return {
        p: asked
        for p, asked in scene.asked.items()
        if now - asked.at < (ASKED if scene.awaits(p) else CROSSED)
    }


def look(scene: Scene, spot: Spot, shown: PageName, turn: str) -> Look:
    """Return the look of a button."""
    if spot.part == "page":
        number = spot.x // (spot.w + 1) + 1
        return page_look(scene.view, spot.text, shown, str(number))
    if spot.part == "more":
        return Look(_("More"), "▸", f"{turn}  Tab")
    match spot.part, spot.tile:
        case ("up" | "down") as part, Strip(level=p) | Level(parameter=p):
            return _step_look(scene, p, up=part == "up")
        case "off", Text(parameter=p):
            return _off_look(scene, p)
        case "show", Somebody(role=role):
            return _show_look(scene, role)
        case _, tile:
            return _main_look(scene, tile, spot.w)


def page_look(view: View, name: str, shown: PageName, key: str) -> Look:
    """Return the look of a button of the bar; the page that is shown hangs from its own."""
    word = _(_PAGES[name])
    if name == "held":
        word = f"{word} {len(view.snap.held)}"
    if name == shown:
        return Look(word, "▼", ground="calm")
    return Look(word, "◆" if name == "held" else "", key)


def names(scene: Scene, page: Page) -> Iterator[str]:
    """Return what the small buttons of a page say."""
    for section in page.sections:
        for tile in section.tiles:
            if isinstance(tile, Pick | Switch | Whole | Once):
                yield _main_look(scene, tile, 99).word


def _main_look(scene: Scene, tile: Tile | None, space: int) -> Look:
    view = scene.view
    match tile:
        case Pick(parameter=p, value=value):
            return _pick_look(scene, p, value, space)
        case Switch(parameter=p):
            return _switch_look(scene, p, say.parameter(view.bill, p), space)
        case Strip(switch=p, level=level) | Level(switch=p, parameter=level) if p:
            name = strip_name(scene, tile) if isinstance(tile, Strip) else _of(scene, level)
            return _switch_look(scene, p, name, space)
        case Whole():
            return _whole_look(scene, tile)
        case Text(parameter=p):
            return _text_look(scene, p, space)
        case Somebody(role=role):
            return _somebody_look(view, role, space)
        case Once():
            return _once_look(view, tile)
        case Held(parameter=p):
            return _held_look(scene, p, space)
        case _:
            return Look("", enabled=False)


def _of(scene: Scene, parameter: Parameter) -> str:
    return say.parameter(scene.view.bill, parameter)


# ---- names and states


def strip_name(scene: Scene, strip: Strip) -> str:
    """Return a strip's short name: here every one is a microphone, so none says so."""
    path = strip.stem.partition(".")[2]
    if path in plain.ROLES:
        return say.capital(_(plain.ROLES[path]))
    return _of(scene, strip.switch or strip.level)


def role_name(role: str) -> str:
    """Return what people call a role: "Guest 2"."""
    return say.capital(_(plain.ROLES[role]) if role in plain.ROLES else clean(role))


def state(scene: Scene, parameter: Parameter, space: int, said: str = "") -> str:
    """Return how a value stands: shape and word where they have room, else the shapes alone."""
    shape, word = say.standing(scene.at(parameter)[1])
    ways: tuple[str, ...] = (f"{shape} {word}", shape)
    if scene.held(parameter) is not None and not scene.awaits(parameter):
        held, name = say.standing("held")
        ways = (f"{held} {name} {shape} {word}", f"{held} {name} {shape}", f"{held}{shape}")
    return first_that_fits(space, *(f"{said} {way}".strip() for way in ways))


def first_that_fits(space: int, *ways: str) -> str:
    """Return the fullest way to say it."""
    return next((way for way in ways if width(line(way)) <= space), cut(ways[-1], space))


def value_text(scene: Scene, parameter: Parameter) -> str:
    """Return a value as people say it, no finer than a tenth."""
    value = scene.at(parameter)[0]
    if isinstance(value, float) and value not in (float("inf"), float("-inf")):
        value = round(value, 1)
    return say.value(scene.view.bill, parameter, value)


def spelled(view: View, value: Value) -> Value:
    """Fill in the people of this run; the desk does so for cues, and leaves a hand's text alone."""
    if not isinstance(value, str):
        return value
    for role, person in view.snap.people.items():
        value = value.replace(f"{{{role}.name}}", person.name)
        value = value.replace(f"{{{role}.role}}", person.role)
    return value


def shown_as(view: View, role: str) -> str:
    """Return a person as their name stands on the screen: "Kari Ødegård, Forfatter"."""
    person = view.snap.people[role]
    return ", ".join(part for part in (person.name, person.role) if part)


def _alike(one: Value | None, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or one is None:
        return one == other
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one == other or abs(one - other) <= CLOSE


# ---- looks


def _pick_look(scene: Scene, parameter: Parameter, value: str, space: int) -> Look:
    """Red is what is seen, green is what GO will bring; both say so."""
    view, name = scene.view, clean(value)
    enabled, tally = scene.may_put(parameter), parameter.partition(".")[2] == "program"
    if scene.at(parameter)[0] == value:
        said = (_("on air") if view.on_air else _("shown")) if tally else _("chosen")
        key = state(scene, parameter, space, f"● {said}")
        return Look(name, "", key, enabled, "on_air" if tally else "calm")
    if tally and any(c.parameter == parameter and c.after == value for c in view.snap.next):
        return Look(name, "", "▷ " + _("at GO"), enabled, "preview")
    return Look(name, "", "", enabled)


def _switch_look(scene: Scene, parameter: Parameter, name: str, space: int) -> Look:
    """Red is for what is heard and seen; power that is on is no news."""
    value = scene.at(parameter)[0]
    said = "?" if value is None else _on_or_off(on=bool(value))
    key = state(scene, parameter, space, said)
    quiet = home(scene.view.bill, parameter) in ("light", "other")
    ground = "raised" if not value else "calm" if quiet else "now"
    return Look(name, "", key, scene.may_put(parameter), ground)


def _on_or_off(*, on: bool) -> str:
    return "● " + _("on") if on else "○ " + _("off")


def _whole_look(scene: Scene, tile: Whole) -> Look:
    view = scene.view
    name = " / ".join(say.scene(view.bill, scene_) for scene_ in tile.scenes)
    enabled = all(scene.may_put(p) for p in tile.look)
    if scene.is_at(tile.look):
        return Look(name, "", "● " + _("now"), enabled, "calm")
    coming = view.next_cue.scene if view.next_cue is not None else ""
    return Look(name, "", "▷ " + _("at GO") if coming in tile.scenes else "", enabled)


def _text_look(scene: Scene, parameter: Parameter, space: int) -> Look:
    value = scene.at(parameter)[0]
    bill = scene.view.bill
    shown = say.value(bill, parameter, value) if value else _("empty")
    several = sum(control.kind == "text" for control in bill.controls.values()) > 1
    chosen = "▸ " if several and scene.text == parameter else ""
    return Look(
        cut(f"{chosen}{say.parameter(bill, parameter)}: {shown}", space * 2 - 6),
        "✎",
        state(scene, parameter, space, _on_or_off(on=bool(value))),
        scene.may_put(parameter),
        "now" if value else "raised",
    )


def _off_look(scene: Scene, parameter: Parameter) -> Look:
    """Off takes the text away; on gives it back to the cue, if a cue wants one."""
    enabled = scene.may_put(parameter)
    if scene.at(parameter)[0]:
        return Look(_("Take away"), "○", enabled=enabled)
    row = scene.held(parameter)
    back = row is not None and bool(row.wanted)
    return Look(_("Show again"), "●", enabled=back and scene.view.may(LetGo(parameter)))


def _somebody_look(view: View, role: str, space: int) -> Look:
    person = view.snap.people.get(role)
    if person is None:  # the show was loaded anew: the next page knows
        return Look("", enabled=False)
    beneath = ": ".join(part for part in (role_name(role), clean(person.role)) if part)
    word = cut(clean(person.name) or "–", space * 2 - 6)
    return Look(word, "✎", cut(beneath, space), view.may(Name(role, person.name)))


def _show_look(scene: Scene, role: str) -> Look:
    view, parameter = scene.view, scene.text
    if not parameter or role not in view.snap.people:
        return Look(_("Show"), "▸", enabled=False)
    if scene.at(parameter)[0] == shown_as(view, role):
        return Look(_("shown"), "●", enabled=scene.may_put(parameter), ground="now")
    return Look(_("Show"), "▸", enabled=scene.may_put(parameter))


def _once_look(view: View, tile: Once) -> Look:
    argument = "…" if tile.asks else tile.argument
    word = say.trigger(view.bill, f"{tile.device}.{tile.verb} {argument}".strip())
    if tile.asks or not argument:  # its device stands in the heading
        word = say.capital(clean(f"{plain.verb_name(tile.verb)} {argument}".strip()))
    return Look(word, "✎" if tile.asks else "►", enabled=view.may(Trigger(tile.device, tile.verb)))


def _held_look(scene: Scene, parameter: Parameter, space: int) -> Look:
    view = scene.view
    enabled = view.may(LetGo(parameter))
    if not parameter:
        word = _("All back to the cue ({n})").format(n=len(view.snap.held))
        return Look(word, "↶", enabled=enabled)
    row = scene.held(parameter)
    if row is None:
        return Look(_("Back to the cue"), "✓", enabled=False)
    name, value = _of(scene, parameter), value_text(scene, parameter)
    wanted = say.value(view.bill, parameter, row.wanted)
    back = _("Back to the cue: {value}").format(value=wanted)
    word = cut(f"◆ {name}: {value}", space - 2)
    return Look(word, "", cut(f"↶ {back}", space), enabled)


def _step_look(scene: Scene, parameter: Parameter, *, up: bool) -> Look:
    value = scene.at(parameter)[0]
    number = value if isinstance(value, float) else None
    moves = may_step(number, scene.control(parameter), up=up)
    enabled = scene.may_put(parameter) and moves
    return Look("+" if up else "−", enabled=enabled, steps=True)


# ---- what is no button


def draw_face(scene: Scene, spot: Spot, columns: int, rows: int) -> list[Row]:
    """A heading, a level beside its buttons, a value between them."""
    match spot.part, spot.tile:
        case "title", _:
            return [(line((clean(spot.text), "dim")), "page")]
        case "legend", _:
            said = [" ".join(say.standing(how)) for how in ("sent", "confirmed", "held")]
            return [(line(("   ".join(said), "dim")), "page")]
        case "value", Strip(level=p):
            return [(centre(_value(scene, p, columns), columns), "page")]
        case "main", Strip(level=p) | Level(parameter=p):
            return _level(scene, spot, p, columns, rows)
        case _:
            return []


def _value(scene: Scene, parameter: Parameter, space: int) -> Line:
    said = value_text(scene, parameter)
    how = state(scene, parameter, max(1, space - width(line(said)) - 1))
    tone = "amber" if scene.at(parameter)[1] in ("failed", "lost") else "strong"
    return line((said, tone), " ", (how, "dim"))


def _level(scene: Scene, spot: Spot, parameter: Parameter, columns: int, rows: int) -> list[Row]:
    """Its name, a bar, its value."""
    space = columns - 2
    tile = spot.tile
    name = strip_name(scene, tile) if isinstance(tile, Strip) else _of(scene, parameter)
    control, value = scene.control(parameter), scene.at(parameter)[0]
    said = value_text(scene, parameter)
    how = state(scene, parameter, max(1, space - width(line(said)) - 1))
    lines = wrapped(name, space, max(1, rows - 1 if rows == ROWS else rows - 2), "strong")[:2]
    bar = _bar(control, value, space)
    lines.append(spread(line((said, "text")), line((how, "dim")), space))
    lines += [bar] if bar and len(lines) < rows else []
    top = max(0, (rows - len(lines)) // 2)
    drawn = [*[EMPTY] * top, *lines]
    drawn += [EMPTY] * (rows - len(drawn))
    return [(line(" ", *pieces), "card") for pieces in drawn[:rows]]


def _bar(control: Control, value: Value | None, space: int) -> Line:
    if not isinstance(value, float) or not control.high - control.low < float("inf"):
        return EMPTY
    share = (max(value, control.low) - control.low) / (control.high - control.low or 1.0)
    done = round(min(share, 1.0) * space)
    return line(("━" * done, "bar_green"), ("─" * (space - done), "rule"))
