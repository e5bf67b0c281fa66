"""What each spot of «Hånd» shows: a value, in which state it is, and what a touch would mean."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stagectl.core.model import Parameter, Value
from stagectl.engine.intent import LetGo, Name, Trigger
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
from stagectl.panel.panes.hand_state import (
    Moment,
    shown_as,
    state,
    value_text,
)
from stagectl.panel.panes.hand_steps import may_step
from stagectl.panel.playbill import Control
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.panel.widgets.touch import Look
from stagectl.words import plain
from stagectl.words.tongue import N_, _

_PAGES: Mapping[str, str] = {
    "picture": N_("Picture"),
    "sound": N_("Sound"),
    "light": N_("Light"),
    "text": N_("Text"),
    "other": N_("Other"),
    "held": N_("Held"),
}


def look(moment: Moment, spot: Spot, shown: PageName, turn: str) -> Look:
    """Return the look of a button."""
    if spot.part == "page":
        number = spot.x // (spot.w + 1) + 1
        return page_look(moment.view, spot.text, shown, str(number))
    if spot.part == "more":
        return Look(_("More"), "▸", f"{turn}  Tab")
    match spot.part, spot.tile:
        case ("up" | "down") as part, Strip(level=p) | Level(parameter=p):
            return _step_look(moment, p, up=part == "up")
        case "off", Text(parameter=p):
            return _off_look(moment, p)
        case "show", Somebody(role=role):
            return _show_look(moment, role)
        case _, tile:
            types = isinstance(tile, Text | Somebody) or (isinstance(tile, Once) and tile.asks)
            return replace(_main_look(moment, tile, spot.w), types=bool(types))


def page_look(view: View, name: str, shown: PageName, key: str) -> Look:
    """Return the look of a button of the bar; the page that is shown hangs from its own."""
    word = _(_PAGES[name])
    if name == "held":
        word = f"{word} {len(view.snap.held)}"
    if name == shown:
        return Look(word, "▼", ground="calm")
    return Look(word, "◆" if name == "held" else "", key)


def names(moment: Moment, page: Page) -> Iterator[str]:
    """Return what the small buttons of a page say."""
    for section in page.sections:
        for tile in section.tiles:
            if isinstance(tile, Pick | Switch | Whole | Once):
                yield _main_look(moment, tile, 99).word


def _main_look(moment: Moment, tile: Tile | None, space: int) -> Look:
    view = moment.view
    match tile:
        case Pick(parameter=p, value=value):
            return _pick_look(moment, p, value, space)
        case Switch(parameter=p):
            return _switch_look(moment, p, say.parameter(view.bill, p), space)
        case Strip(switch=p, level=level) | Level(switch=p, parameter=level) if p:
            name = strip_name(moment, tile) if isinstance(tile, Strip) else _of(moment, level)
            return _switch_look(moment, p, name, space)
        case Whole():
            return _whole_look(moment, tile)
        case Text(parameter=p):
            return _text_look(moment, p, space)
        case Somebody(role=role):
            return _somebody_look(view, role, space)
        case Once():
            return _once_look(view, tile)
        case Held(parameter=p):
            return _held_look(moment, p, space)
        case _:
            return Look("", enabled=False)


def _of(moment: Moment, parameter: Parameter) -> str:
    return say.parameter(moment.view.bill, parameter)


# ---- names and states


def strip_name(moment: Moment, strip: Strip) -> str:
    """Return a strip's short name: here every one is a microphone, so none says so."""
    path = strip.stem.partition(".")[2]
    if path in plain.ROLES:
        return say.capital(_(plain.ROLES[path]))
    return _of(moment, strip.switch or strip.level)


def role_name(role: str) -> str:
    """Return what people call a role: "Guest 2"."""
    return say.capital(_(plain.ROLES[role]) if role in plain.ROLES else clean(role))


# ---- looks


def _pick_look(moment: Moment, parameter: Parameter, value: str, space: int) -> Look:
    """Red is what is seen, green is what GO will bring; both say so."""
    view, name = moment.view, clean(value)
    enabled, tally = moment.may_put(parameter), parameter.partition(".")[2] == "program"
    if moment.at(parameter)[0] == value:
        said = (_("on air") if view.on_air else _("shown")) if tally else _("chosen")
        key = state(moment, parameter, space, f"● {said}")
        return Look(name, "", key, enabled, "on_air" if tally else "calm")
    if tally and any(c.parameter == parameter and c.after == value for c in view.snap.next):
        return Look(name, "", "▷ " + _("at GO"), enabled, "preview")
    return Look(name, "", "", enabled)


def _switch_look(moment: Moment, parameter: Parameter, name: str, space: int) -> Look:
    """Red is for what is heard and seen; power that is on is no news."""
    value = moment.at(parameter)[0]
    said = "?" if value is None else _on_or_off(on=bool(value))
    key = state(moment, parameter, space, said)
    quiet = home(moment.view.bill, parameter) in ("light", "other")
    ground = "raised" if not value else "calm" if quiet else "now"
    return Look(name, "", key, moment.may_put(parameter), ground)


def _on_or_off(*, on: bool) -> str:
    return "● " + _("on") if on else "○ " + _("off")


def _whole_look(moment: Moment, tile: Whole) -> Look:
    view = moment.view
    name = " / ".join(say.scene(view.bill, scene) for scene in tile.scenes)
    enabled = all(moment.may_put(p) for p in tile.look)
    if moment.is_at(tile.look):
        return Look(name, "", "● " + _("now"), enabled, "calm")
    coming = view.next_cue.scene if view.next_cue is not None else ""
    return Look(name, "", "▷ " + _("at GO") if coming in tile.scenes else "", enabled)


def _text_look(moment: Moment, parameter: Parameter, space: int) -> Look:
    value = moment.at(parameter)[0]
    bill = moment.view.bill
    shown = say.value(bill, parameter, value) if value else _("empty")
    several = sum(control.kind == "text" for control in bill.controls.values()) > 1
    chosen = "▸ " if several and moment.text == parameter else ""
    return Look(
        cut(f"{chosen}{say.parameter(bill, parameter)}: {shown}", space * 2 - 6),
        "✎",
        state(moment, parameter, space, _on_or_off(on=bool(value))),
        moment.may_put(parameter),
        "now" if value else "raised",
    )


def _off_look(moment: Moment, parameter: Parameter) -> Look:
    """Off takes the text away; on gives it back to the cue, if a cue wants one."""
    enabled = moment.may_put(parameter)
    if moment.at(parameter)[0]:
        return Look(_("Take away"), "○", enabled=enabled)
    row = moment.held(parameter)
    back = row is not None and bool(row.wanted)
    return Look(_("Show again"), "●", enabled=back and moment.view.may(LetGo(parameter)))


def _somebody_look(view: View, role: str, space: int) -> Look:
    person = view.snap.people.get(role)
    if person is None:  # the show was loaded anew: the next page knows
        return Look("", enabled=False)
    beneath = ": ".join(part for part in (role_name(role), clean(person.role)) if part)
    word = cut(clean(person.name) or "–", space * 2 - 6)
    return Look(word, "✎", cut(beneath, space), view.may(Name(role, person.name)))


def _show_look(moment: Moment, role: str) -> Look:
    view, parameter = moment.view, moment.text
    if not parameter or role not in view.snap.people:
        return Look(_("Show"), "▸", enabled=False)
    if moment.at(parameter)[0] == shown_as(view, role):
        return Look(_("shown"), "●", enabled=moment.may_put(parameter), ground="now")
    return Look(_("Show"), "▸", enabled=moment.may_put(parameter))


def _once_look(view: View, tile: Once) -> Look:
    argument = "…" if tile.asks else tile.argument
    word = say.trigger(view.bill, f"{tile.device}.{tile.verb} {argument}".strip())
    if tile.asks or not argument:  # its device stands in the heading
        word = say.capital(clean(f"{plain.verb_name(tile.verb)} {argument}".strip()))
    return Look(word, "✎" if tile.asks else "►", enabled=view.may(Trigger(tile.device, tile.verb)))


def _held_look(moment: Moment, parameter: Parameter, space: int) -> Look:
    view = moment.view
    enabled = view.may(LetGo(parameter))
    if not parameter:
        word = _("All back to the cue ({n})").format(n=len(view.snap.held))
        return Look(word, "↶", enabled=enabled)
    row = moment.held(parameter)
    if row is None:
        return Look(_("Back to the cue"), "✓", enabled=False)
    name, value = _of(moment, parameter), value_text(moment, parameter)
    wanted = say.value(view.bill, parameter, row.wanted)
    back = _("Back to the cue: {value}").format(value=wanted)
    word = cut(f"◆ {name}: {value}", space - 2)
    return Look(word, "", cut(f"↶ {back}", space), enabled)


def _step_look(moment: Moment, parameter: Parameter, *, up: bool) -> Look:
    value = moment.at(parameter)[0]
    number = value if isinstance(value, float) else None
    moves = may_step(number, moment.control(parameter), up=up)
    enabled = moment.may_put(parameter) and moves
    return Look("+" if up else "−", enabled=enabled, steps=True)


# ---- what is no button


def draw_face(moment: Moment, spot: Spot, columns: int, rows: int) -> list[Row]:
    """A heading, a level beside its buttons, a value between them."""
    match spot.part, spot.tile:
        case "title", _:
            return [(line((clean(spot.text), "dim")), "page")]
        case "legend", _:
            said = [" ".join(say.standing(how)) for how in ("sent", "confirmed", "held")]
            return [(line(("   ".join(said), "dim")), "page")]
        case "value", Strip(level=p):
            return [(centre(_value(moment, p, columns), columns), "page")]
        case "main", Strip(level=p) | Level(parameter=p):
            return _level(moment, spot, p, columns, rows)
        case _:
            return []


def _value(moment: Moment, parameter: Parameter, space: int) -> Line:
    said = value_text(moment, parameter)
    how = state(moment, parameter, max(1, space - width(line(said)) - 1))
    tone = "amber" if moment.at(parameter)[1] in ("failed", "lost") else "strong"
    return line((said, tone), " ", (how, "dim"))


def _level(moment: Moment, spot: Spot, parameter: Parameter, columns: int, rows: int) -> list[Row]:
    """Its name, a bar, its value."""
    space = columns - 2
    tile = spot.tile
    name = strip_name(moment, tile) if isinstance(tile, Strip) else _of(moment, parameter)
    control, value = moment.control(parameter), moment.at(parameter)[0]
    said = value_text(moment, parameter)
    how = state(moment, parameter, max(1, space - width(line(said)) - 1))
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
