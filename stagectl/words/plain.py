"""Parameters, values and changes as they are said in the booth: "House down to 20 %"."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Protocol

from stagectl.core.model import Parameter, Value
from stagectl.words.tongue import N_, _
from stagectl.words.visible import MOST, visible


class Sort(Protocol):
    """What must be known of a parameter to say it: a Wire is one, and so is a panel's control."""

    @property
    def kind(self) -> str:
        """Return switch, number, word or text."""

    @property
    def unit(self) -> str:
        """Return dB, % …"""


ROLES: Mapping[str, str] = {
    "host": N_("host"),
    "guest": N_("guest"),
    "guest 2": N_("guest 2"),
    "guest 3": N_("guest 3"),
    "guest 4": N_("guest 4"),
    "guest 5": N_("guest 5"),
    "guest 6": N_("guest 6"),
    "interpreter": N_("interpreter"),
    "audience": N_("audience"),
}
_SOUNDS: Mapping[str, str] = {"playback": N_("Playback"), "main": N_("Sound in the hall")}
_LIGHTS: Mapping[str, str] = {
    "stage": N_("Stage light"),
    "house": N_("House"),
    "lectern": N_("Lectern light"),
    "interpreter": N_("Interpreter light"),
    "guest": N_("Guest light"),
    "screen": N_("Screen light"),
}
_PICTURE: Mapping[str, str] = {
    "program": N_("Camera"),
    "transition": N_("Transition"),
    "transition.duration": N_("Transition time"),
    "master.on": N_("Sound of stream and recording"),
}
_MACHINES: Mapping[str, str] = {
    "projector": N_("projector"),
    "screen": N_("screen"),
    "camera": N_("camera"),
}
_OF_MACHINES: Mapping[str, str] = {
    "power": N_("power"),
    "image": N_("picture"),
    "input": N_("input"),
    "zoom": N_("zoom"),
}
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_SEVERAL = 3  # so many microphones that go the same way are said in one phrase

Change = tuple[Parameter, Value | None, Value]
"""A parameter, from (None: not known) and to."""


def number(value: float, decimals: int = 2) -> str:
    """Return a number with the language's decimal sign and a true minus: "−2,5", "−∞"."""
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    text = f"{abs(value):.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if decimals else text
    sign = "−" if value < 0 and text != "0" else ""
    # Translators: the decimal sign of your language
    return sign + text.replace(".", _("."))


def seconds(length: float) -> str:
    """Return a length of time as it is written in a show: "2,5 s", "15 min", "1:05:00"."""
    if length < 60:
        return _("{n} s").format(n=number(length))
    if length % 60 == 0 and length < 3600:
        return _("{n} min").format(n=number(length / 60))
    whole = round(length)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def day(date: dt.date) -> str:
    """Return a date as it is said, without its year: "28 November"."""
    # Translators: a date, as "28 November" or "28. november"
    return _("{day} {month}").format(day=date.day, month=_(_MONTHS[date.month - 1]))


def value(said: Value | None, sort: Sort) -> str:
    """Return a value: "on", "−5 dB", "40 %", "Conversation", "«Kari Ødegård»"."""
    if said is None:
        return "?"
    if isinstance(said, bool):
        return _("on") if said else _("off")
    if isinstance(said, str):
        shown = visible(said, MOST)
        # Translators: the quotation marks of your language
        return _("“{text}”").format(text=shown) if sort.kind == "text" else shown
    return f"{number(said)} {sort.unit}".rstrip()


def label(parameter: Parameter, sort: Sort) -> str:
    """Return what people call a parameter: "Guest microphone", "House", "Camera"."""
    device, _dot, path = parameter.partition(".")
    if path in _PICTURE:
        return _(_PICTURE[path])
    if path in _LIGHTS and sort.unit == "%":
        return _(_LIGHTS[path])
    if path in _OF_MACHINES:
        name, _space, number_ = device.partition(" ")  # "camera 2"
        named = _(_MACHINES[name]) if name in _MACHINES else _typed(name)
        whole = _("{device}, {what}").format(
            device=f"{named} {_typed(number_)}".rstrip(), what=_(_OF_MACHINES[path])
        )
        return _capital(whole)
    stem, _dot, leaf = path.rpartition(".")
    if "/" in stem and leaf == "on":
        scene, _slash, item = stem.partition("/")
        return _("{item} in {scene}").format(item=_typed(item), scene=_typed(scene))
    if stem and leaf == "text":
        return _("Text {name}").format(name=_typed(stem))
    if stem and leaf in ("on", "level"):
        return _sound(stem)
    named = path if not stem else f"{device} {path}"
    return _capital(_typed(named.replace(".", " ")))


def change(parameter: Parameter, before: Value | None, after: Value, sort: Sort) -> str:
    """Return one change: "Guest microphone on", "House down to 20 %", "Camera: Conversation"."""
    name, said = label(parameter, sort), value(after, sort)
    if isinstance(after, bool):
        return (_("{name} on") if after else _("{name} off")).format(name=name)
    if isinstance(after, str):
        if not after and sort.kind == "text":
            return _("{name} empty").format(name=name)
        return _("{name}: {value}").format(name=name, value=said)
    if isinstance(before, str) or before is None or before == after:
        return _("{name} at {value}").format(name=name, value=said)
    if after > before:
        return _("{name} up to {value}").format(name=name, value=said)
    return _("{name} down to {value}").format(name=name, value=said)


def changes(wanted: Iterable[Change], sorts: Mapping[Parameter, Sort]) -> tuple[str, ...]:
    """Return a phrase for each change, the picture first; microphones that go alike, together."""
    picture, switched, rest = [], list[Change](), []
    for one in wanted:
        parameter, before, after = one
        if parameter.endswith(".program"):
            picture.append(change(parameter, before, after, sorts[parameter]))
        elif isinstance(after, bool) and _role(parameter) in ROLES:
            switched.append(one)
        else:
            rest.append(change(parameter, before, after, sorts[parameter]))
    for way, words in (
        (True, N_("Microphones on: {names}")),
        (False, N_("Microphones off: {names}")),
    ):
        alike = [one for one in switched if one[2] is way]
        if len(alike) < _SEVERAL:
            picture += [change(p, before, after, sorts[p]) for p, before, after in alike]
        else:
            names = ", ".join(_(ROLES[_role(p)]) for p, _before, _after in alike)
            picture.append(_(words).format(names=names))
    return (*picture, *rest)


def sentence(wanted: Iterable[Change], sorts: Mapping[Parameter, Sort]) -> str:
    """Return all changes on one line: "Camera: Conversation · House down to 20 %"."""
    return " · ".join(changes(wanted, sorts))


def do(device: str, verb: str, argument: str = "") -> str:
    """Return a Do: "Start the recording", "Play Introfilm"."""
    known = _DOS.get((verb, argument))
    if known:
        return _(known)
    if argument and verb in _DOS_OF:
        return _(_DOS_OF[verb]).format(what=_typed(argument))
    return _typed(" ".join(p for p in (_capital(device) + ":", verb_name(verb), argument) if p))


def verb_name(verb: str) -> str:
    """Return what a device can be told once, as a profile names it, in the language spoken."""
    return _(_VERBS[verb]) if verb in _VERBS else verb


_VERBS = {
    "recall": N_("recall"),
    "store": N_("store"),
    "snippet": N_("snippet"),
    "press": N_("press"),
    "say": N_("say"),
    "program": N_("program"),
    "go": N_("go"),
    "resume": N_("resume"),
    "load": N_("load"),
    "fire": N_("fire"),
    "reset": N_("reset"),
    "home": N_("home position"),
}


_DOS = {
    ("record", "start"): N_("Start the recording"),
    ("record", "stop"): N_("Stop the recording"),
    ("stream", "start"): N_("Start the stream"),
    ("stream", "stop"): N_("Stop the stream"),
}
_DOS_OF = {
    "play": N_("Play {what}"),
    "pause": N_("Pause {what}"),
    "stop": N_("Stop {what}"),
    "restart": N_("Play {what} from the start"),
}


def _sound(stem: str) -> str:
    if stem in ROLES:
        return _capital(_("{role} microphone").format(role=_(ROLES[stem])))
    return _(_SOUNDS[stem]) if stem in _SOUNDS else _capital(_typed(stem))


def _role(parameter: Parameter) -> str:
    path = parameter.partition(".")[2]
    stem, _dot, leaf = path.rpartition(".")
    return stem if leaf == "on" else ""


def _typed(text: str) -> str:
    return visible(text, MOST)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
