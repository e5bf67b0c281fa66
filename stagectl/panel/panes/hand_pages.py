"""What stands on each page of «Hånd» follows from the venue's wires, never from a device's name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stagectl.core.model import Look, Parameter
from stagectl.panel import say
from stagectl.panel.playbill import Control, Playbill, VerbLine
from stagectl.panel.view import View
from stagectl.words.tongue import _

PageName = Literal["picture", "sound", "light", "text", "other", "held"]

MACHINE = frozenset({"power", "image", "input", "zoom"})
"""What projectors, screens and cameras have besides: none of it is sound, light or the picture."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One word a parameter can be put at: a picture of `obs.program`, an input of a projector."""

    parameter: Parameter
    value: str


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that is on or off and has no level."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Whole:
    """The venue's scenes that put the same things the same way; `look` is what a touch puts."""

    scenes: tuple[str, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Strip:
    """A microphone or a master: a switch and a level, or one of the two ("" where it has none)."""

    stem: str
    switch: Parameter = ""
    level: Parameter = ""


@dataclass(frozen=True, slots=True)
class Level:
    """A number, and its switch if it has one."""

    parameter: Parameter
    switch: Parameter = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the audience can see."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of this run."""

    role: str


@dataclass(frozen=True, slots=True)
class Once:
    """Something a device can be told once; `asks`: what is typed is said with it."""

    device: str
    verb: str
    argument: str = ""
    asks: Literal["", "number", "text"] = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter to be given back to the cue; "" is every one of them."""

    parameter: Parameter = ""


Tile = Pick | Switch | Whole | Strip | Level | Text | Somebody | Once | Held


@dataclass(frozen=True, slots=True)
class Section:
    """Tiles of one sort, under one heading."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All that one button of the bar shows."""

    name: PageName
    sections: tuple[Section, ...]


def pages(view: View) -> tuple[Page, ...]:
    """Return the pages that have anything on them; a guest has their own microphones."""
    bill = view.bill
    if view.role == "guest":
        own = tuple(s for s in _strips(bill) if s.stem in view.own)
        return (Page("sound", (Section("", own),)),) if own else ()
    found: list[tuple[PageName, Iterable[Section]]] = [
        ("picture", _picture(view)),
        ("sound", [Section("", tuple(_strips(bill)))]),
        ("light", _light(bill)),
        ("text", _text(view)),
        ("other", _other(bill)),
        ("held", _held(view)),
    ]
    told = (Page(name, tuple(s for s in parts if s.tiles)) for name, parts in found)
    return tuple(page for page in told if page.sections)


def home(bill: Playbill, parameter: Parameter) -> PageName:
    """Return the page of a parameter."""
    control = bill.controls[parameter]
    path = parameter.partition(".")[2]
    if control.kind == "text":
        return "text"
    if control.kind == "word":
        return "picture" if path == "program" else "other"
    if path in MACHINE:
        return "other"
    if control.kind == "number":
        return _by_unit(control)
    level = _level_of(bill.controls, parameter)
    return _by_unit(bill.controls[level]) if level else _of_lone_switch(bill, parameter)


def _by_unit(control: Control) -> PageName:
    return {"dB": "sound", "%": "light"}.get(control.unit, "other")  # type: ignore[return-value] # all three are names


def _of_lone_switch(bill: Playbill, parameter: Parameter) -> PageName:
    """`scene/item` is in a picture; any other goes with what else its device has."""
    device, _dot, path = parameter.partition(".")
    if "/" in path:
        return "picture"
    here = [p for p in bill.controls if p.startswith(f"{device}.")]
    if f"{device}.program" in here or any(bill.controls[p].unit == "dB" for p in here):
        return "sound"
    lamps = (p for p in here if bill.controls[p].unit == "%" and home(bill, p) == "light")
    return "light" if any(lamps) else "other"


def _level_of(controls: Mapping[Parameter, Control], switch: Parameter) -> Parameter:
    """Return the number that stands beside a switch ("mixer.host.level"), "" if none does."""
    stem, _dot, leaf = switch.rpartition(".")
    if leaf != "on" or not stem.partition(".")[2]:
        return ""
    beside = [stem, f"{stem}.level"]
    beside += [p for p in controls if p.rpartition(".")[0] == stem]
    return next((p for p in beside if p in controls and controls[p].kind == "number"), "")


def _at_home(bill: Playbill, page: PageName) -> list[Parameter]:
    return [p for p in bill.controls if home(bill, p) == page]


def strays(view: View) -> tuple[Pick, ...]:
    """Return the pictures on program that neither venue nor show knows: they are seen as well."""
    told = view.snap.values
    return tuple(
        Pick(p, value)
        for p in view.bill.controls
        if p.partition(".")[2] == "program"
        and isinstance(value := told.get(p, (None, ""))[0], str)
        and value not in view.bill.controls[p].words
    )


def _picture(view: View) -> Iterator[Section]:
    bill = view.bill
    here = _at_home(bill, "picture")
    for p in here:
        if bill.controls[p].kind == "word":
            known = tuple(Pick(p, word) for word in bill.controls[p].words)
            also = tuple(pick for pick in strays(view) if pick.parameter == p)
            yield Section(_heading(bill, p), (*known, *also))
    yield Section(
        _("In the picture"), tuple(Switch(p) for p in here if bill.controls[p].kind == "switch")
    )
    yield Section(_("The whole room"), tuple(_wholes(bill, frozenset(bill.controls))))


def _wholes(bill: Playbill, among: frozenset[Parameter]) -> Iterator[Whole]:
    """The covering scene is none of them: it has a button that takes it back as well."""
    alike: dict[frozenset[tuple[Parameter, object]], Whole] = {}
    for name, look in bill.looks.items():
        part = {p: value for p, value in look.items() if p in among}
        if not part or name == bill.covering:
            continue
        key = frozenset(part.items())
        same = alike.get(key)
        alike[key] = Whole((*same.scenes, name) if same else (name,), part)
    yield from alike.values()


def _strips(bill: Playbill) -> Iterator[Strip]:
    here = _at_home(bill, "sound")
    stems: dict[str, Strip] = {}
    for p in here:
        if bill.controls[p].kind == "switch":
            stem = p.rpartition(".")[0]
            stems[stem] = Strip(stem, p, _level_of(bill.controls, p))
    for p in here:
        stem, _dot, leaf = p.rpartition(".")
        if bill.controls[p].kind == "number" and stems.get(stem, Strip("")).level != p:
            stems[p] = Strip(stem if leaf == "level" else p, "", p)
    yield from stems.values()


def _light(bill: Playbill) -> Iterator[Section]:
    here = _at_home(bill, "light")
    yield Section(_("Light looks"), tuple(_wholes(bill, frozenset(here))))
    switches = {
        level: p
        for p in here
        if bill.controls[p].kind == "switch" and (level := _level_of(bill.controls, p))
    }
    levels = [p for p in here if bill.controls[p].kind == "number"]
    yield Section(_("Levels"), tuple(Level(p, switches.get(p, "")) for p in levels))
    lone = [p for p in here if bill.controls[p].kind == "switch" and p not in switches.values()]
    yield Section(_("On and off"), tuple(Switch(p) for p in lone))


def _text(view: View) -> Iterator[Section]:
    yield Section(_("On the screen"), tuple(Text(p) for p in _at_home(view.bill, "text")))
    yield Section(_("People"), tuple(Somebody(role) for role in view.snap.people))


def _other(bill: Playbill) -> Iterator[Section]:
    """Device by device: switches, numbers, words, and what it can be told once."""
    here = _at_home(bill, "other")
    for device in bill.devices:
        mine = [p for p in here if p.startswith(f"{device}.")]
        name = say.capital(say.device(bill, device))
        switches = [p for p in mine if bill.controls[p].kind == "switch"]
        lone = tuple(Switch(p) for p in switches if not _level_of(bill.controls, p))
        beside = {level: p for p in switches if (level := _level_of(bill.controls, p))}
        once = tuple(_onces(device, bill.verbs.get(device, ())))
        yield Section(name, lone)
        for p in mine:
            if bill.controls[p].kind == "word":
                words = bill.controls[p].words
                yield Section(_heading(bill, p), tuple(Pick(p, w) for w in words))
        numbers = [p for p in mine if bill.controls[p].kind == "number"]
        yield Section(name, tuple(Level(p, beside.get(p, "")) for p in numbers))
        yield Section(_("{device}, once").format(device=name), once)


def _onces(device: str, verbs: Iterable[VerbLine]) -> Iterator[Once]:
    """What the show plays can be paused too; recording and streaming have their chips."""
    verbs = [verb for verb in verbs if not verb.latch]
    texts = dict.fromkeys(c for v in verbs if v.argument == "text" for c in v.choices)
    for verb in verbs:
        said = tuple(texts) if verb.argument == "text" else verb.choices
        if verb.argument in ("", "text or none"):
            yield Once(device, verb.name)
        yield from (Once(device, verb.name, word) for word in said)
        if verb.argument == "number":
            yield Once(device, verb.name, asks="number")
        elif verb.argument == "text or none" or (verb.argument == "text" and not said):
            yield Once(device, verb.name, asks="text")


def _held(view: View) -> Iterator[Section]:
    rows = view.snap.held
    every = (Held(),) if len(rows) > 1 else ()
    yield Section(_("Held by hand"), (*every, *(Held(row.parameter) for row in rows)))


def _heading(bill: Playbill, parameter: Parameter) -> str:
    """A parameter's name, and its device's where another device has one of the same name."""
    device, _dot, path = parameter.partition(".")
    name = say.parameter(bill, parameter)
    alike = [p for p in bill.controls if p.partition(".")[2] == path]
    if len(alike) < 2 or path in MACHINE:  # a machine's name is in it already
        return name
    return _("{device}, {what}").format(device=say.capital(say.device(bill, device)), what=name)
