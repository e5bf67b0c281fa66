"""Whatever a show or a venue puts or triggers is looked up here, and nowhere else."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from stagectl.core import midi
from stagectl.core.model import Do, Look, Parameter, Value
from stagectl.core.names import Names, nearest
from stagectl.core.problem import Problem, Said, Severity
from stagectl.core.profile import Verb
from stagectl.core.value import Datum, Unfit, parse_value
from stagectl.core.wire import Wire
from stagectl.core.written import Setting, WrittenDevice, WrittenVenue

ROLES = (
    "host", "guest", "guest 2", "guest 3", "guest 4", "guest 5", "guest 6",
    "interpreter", "audience", "playback", "main",
)  # fmt: skip
"""Names that shows share; a venue maps those it has."""

NEAREST_FOR = 50  # a file with more mistakes than this is not helped by guesses, only slowed

Found = tuple[Parameter, Wire]


class Who(NamedTuple):
    """Whose mistake it is: a cue's, a scene's, the base's or a controller's."""

    kind: Literal["base", "scene", "cue", "controls"]
    name: str = ""


class Room:
    """What the words of a venue mean; collects a problem for each that means nothing.

    `wires` holds every parameter found so far; `first` where each was first set.
    """

    def __init__(self, venue: WrittenVenue) -> None:
        self.problems: list[Problem] = []
        self.venue = venue
        self.devices = {device.name.text: device for device in venue.devices}
        self.wires: dict[Parameter, Wire] = {}
        self.first: dict[Parameter, Said] = {}
        self._found: dict[str, Found | None] = {}
        self._values: dict[tuple[Parameter, str], Value] = {}
        self._names: dict[str, Names] = {}
        self._astray: set[tuple[str, str]] = set()  # names that lead nowhere: told once, here
        for device in venue.devices:
            if device.profile is not None:
                self._names[device.name.text] = names = Names(
                    device.profile, {ours.text: theirs.text for ours, theirs in device.names}
                )
                self._stems(device, names)
                self._address(device)

    def told(self, code: str, said: Said, severity: Severity = "error", /, **data: Datum) -> None:
        """Add a problem."""
        self.problems.append(Problem(code, said.place, data, severity))

    def near(self, word: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return the known word most like `word`, or none, or none any more."""
        return nearest(word, known) if len(self.problems) < NEAREST_FOR else ()

    def look(self, who: Who, settings: Iterable[Setting]) -> Look:
        """Return the parameters and values that `settings` mean."""
        look: dict[Parameter, Value] = {}
        for setting in settings:
            found = self.parameter(setting)
            if found is None:
                self._unknown(who, setting)
                continue
            parameter, wire = found
            if parameter in look:
                self.told("set_twice", setting.words[-1], parameter=parameter, who=who)
            try:
                look[parameter] = self._value(parameter, wire, setting.value.text)
            except Unfit as unfit:
                self.told(unfit.code, setting.value, **unfit.data, parameter=parameter, who=who)
            if parameter not in self.wires:
                self.wires[parameter] = wire
                self.first[parameter] = setting.words[-1]
                if who.kind == "cue":
                    self.doubtful(who, setting, parameter)
        return look

    def parameter(self, setting: Setting) -> Found | None:
        """Return the one name of what is set, and its wire."""
        path = setting.path
        if path not in self._found:
            device, _, rest = path.partition(".")
            names = self._names.get(device)
            found = names.find(rest) if names else None
            self._found[path] = (f"{device}.{found[0]}", found[1]) if found else None
        return self._found[path]

    def doubtful(self, who: Who, setting: Setting, parameter: Parameter) -> None:
        """Warn of a name of the device's own that is nearly, not quite, one the venue uses."""
        device, _, path = parameter.partition(".")
        if not self._names[device].is_free(path):
            return
        here = [p for p, said in self.first.items() if said.source is self.venue.source]
        near = nearest(parameter, here, cutoff=0.85)
        if near and _bare(near[0]) != _bare(parameter):  # `Navn 2` is no misspelt `Navn`
            self.told("doubtful_name", setting.words[-1], "warning", who=who, name=parameter,
                      near=near)  # fmt: skip

    def named(self) -> Iterable[Found]:
        """Return every parameter of every name of the venue."""
        for device, names in self._names.items():
            for path, wire in names.named():
                yield f"{device}.{path}", wire

    def do(self, who: Who, written: Setting) -> Do | None:
        """Return the Do that is written, or None: the problem is told."""
        name, _, verb_name = written.path.partition(".")
        device = self.devices.get(name)
        if device is None:
            self._no_device(who, written, name)
            return None
        if device.profile is None:
            return None
        verb = device.profile.verbs.get(verb_name)
        if verb is None:
            verbs = tuple(f"{name}.{v}" for v in device.profile.verbs)
            near = self.near(written.path, verbs)
            self.told(
                "unknown_verb",
                written.words[-1],
                who=who,
                verb=written.path,
                near=near,
                verbs=verbs,
            )
            return None
        return self._argument(who, written, name, verb)

    def _argument(self, who: Who, written: Setting, device: str, verb: Verb) -> Do | None:
        argument, text = written.value, written.value.text.strip()
        path = written.path
        if verb.type in ("msc", "program") and text and not midi.takes(verb.argument, text):
            if verb.argument == "number":
                self.told("argument_number", argument, who=who, verb=path, text=text)
            else:
                self.told("msc_cue", argument, who=who, verb=path, text=text)
            return None
        match verb.argument:
            case "":
                if text:
                    self.told("no_argument", argument, who=who, verb=path, text=text)
            case "one of":
                if text not in verb.choices:
                    near = self.near(text, verb.choices)
                    self.told(
                        "bad_argument", argument, who=who, verb=path, text=text, near=near,
                        choices=verb.choices,
                    )  # fmt: skip
            case "number":
                if not re.fullmatch(r"[0-9]{1,9}" if verb.type == "i" else _NUMBER, text):
                    self.told("argument_number", argument, who=who, verb=path, text=text)
            case "text or none":
                pass
            case "text":
                if not text:
                    self.told("needs_argument", written.words[-1], who=who, verb=path)
                text = self._names[device].own(text)
        return Do(device, verb.name, text)

    def _value(self, parameter: Parameter, wire: Wire, text: str) -> Value:
        key = parameter, text
        if key not in self._values:
            value = parse_value(text, wire)
            if wire.kind == "word" and not wire.words and isinstance(value, str):
                value = self._names[parameter.partition(".")[0]].own(value)
            self._values[key] = value
        return self._values[key]

    # ---- what means nothing

    def _unknown(self, who: Who, setting: Setting) -> None:
        path, last = setting.path, setting.words[-1]
        name, _, rest = path.partition(".")
        device = self.devices.get(name)
        if device is None:
            self._no_device(who, setting, name)
        elif device.profile is None or (name, rest.partition(".")[0]) in self._astray:
            return  # told already: it has no profile, or the venue's name leads nowhere
        elif self._is_text(setting.words[:-1]) and not setting.value.text:
            self.told("braces", last, text=last.text, who=who)
        elif (stem := rest.partition(".")[0]) in ROLES and not self._has(device, stem):
            self.told("no_role", last, who=who, role=stem, device=name, venue=self.venue.name,
                      path=path)  # fmt: skip
        else:
            known = tuple(f"{name}.{k}" for k in self._names[name].known())
            leaves = self._names[name].leaves(rest) if self._has(device, stem) else ()
            self.told(
                "unknown_name", last, who=who, name=path, venue=self.venue.name,
                near=self.near(path, known), leaves=leaves,
            )  # fmt: skip

    def _no_device(self, who: Who, setting: Setting, name: str) -> None:
        near = self.near(name, self.devices)
        self.told("unknown_device", setting.words[0], who=who, device=name, name=setting.path,
                  venue=self.venue.name, near=near, devices=tuple(self.devices))  # fmt: skip

    def _is_text(self, words: tuple[Said, ...]) -> bool:
        """Tell whether these words are a text parameter: then `{guest.name}` lacked its quotes."""
        if not words:
            return False
        found = self.parameter(Setting(words, words[-1]))
        return found is not None and found[1].kind == "text"

    @staticmethod
    def _has(device: WrittenDevice, stem: str) -> bool:
        return any(ours.text == stem for ours, _ in device.names)

    def _stems(self, device: WrittenDevice, names: Names) -> None:
        if device.profile is None or any(p.free for p in device.profile.parameters):
            return  # its names are its own: only the device knows them
        for ours, theirs in device.names:
            if not names.leads_somewhere(theirs.text):
                self._astray.add((device.name.text, ours.text))
                self.told("bad_stem", theirs, name=ours.text, stem=theirs.text,
                          device=device.name.text, profile=device.profile_name)  # fmt: skip

    def _address(self, device: WrittenDevice) -> None:
        if device.at is None:
            self.told("no_address", device.name, device=device.name.text)
            return
        if device.profile is None:
            return
        driver = device.profile.driver
        if not _is_address(device.at.text, driver):
            by_name = driver == "osc" and _is_address(device.at.text)
            self.told("named_address" if by_name else "bad_address", device.at,
                      device=device.name.text, text=device.at.text, driver=driver)  # fmt: skip


def _bare(name: str) -> str:
    return name.translate(_NUMBERED)


_NUMBERED = dict.fromkeys(map(ord, "0123456789 "))
_NUMBER = r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s:/@\[\]]+)(?::([0-9]{1,5}))?")
_LIKE_A_NUMBER = re.compile(r"[0-9.,]+")


def _is_address(text: str, driver: str = "") -> bool:
    """Tell a host or host:port from what cannot be one.

    MIDI has ports by name. OSC has hosts by number only: to look a name up can take the network
    many seconds, and nothing may hold up a GO.
    """
    if driver == "midi":
        return midi.address(text) is not None
    found = _HOST.fullmatch(text)
    if found is None or (found[2] is not None and not 0 < int(found[2]) < 65536):
        return False
    host = found[1].strip("[]")
    if _is_number(host):
        return True
    is_name = host == found[1] and not _LIKE_A_NUMBER.fullmatch(host)
    return is_name and (driver != "osc" or host == "localhost")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
