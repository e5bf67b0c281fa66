"""A venue's `controls:` become what each key and fader does, or every mistake in them is told."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from stagectl.core import midi
from stagectl.core.control import Control
from stagectl.core.model import Do, Look, Parameter
from stagectl.core.problem import Said
from stagectl.core.profile import Profile
from stagectl.core.room import Room, Who
from stagectl.core.written import Setting, WrittenBinding, WrittenDevice

Word = Literal["go", "back", "next", "previous", "safe", "cover", "release"]
WORDS: tuple[Word, ...] = get_args(Word)
SHOW_CONTROL = "msc"  # the name under which a device's MIDI show control commands are obeyed


@dataclass(frozen=True, slots=True)
class Say:
    """What a button of a panel says too."""

    word: Word


@dataclass(frozen=True, slots=True)
class Fire:
    """Fire this cue, whatever stands by."""

    cue: str


@dataclass(frozen=True, slots=True)
class Ride:
    """A key switches the parameter, a fader rides it."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Act:
    """Put these by hand, and trigger these."""

    sets: Look = field(default_factory=dict)
    dos: tuple[Do, ...] = ()


@dataclass(frozen=True, slots=True)
class Obey:
    """Take MIDI show control GO, STOP and LOAD that are for device `to`, or for all."""

    to: int


Deed = Say | Fire | Ride | Act | Obey


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of `controls:`. `control` is None where it is no key: show control."""

    device: str
    name: str
    deed: Deed
    control: Control | None = None


def bindings(room: Room) -> Iterator[tuple[Said, Binding]]:
    """Yield each line that means something, and where it stands; the others are told."""
    for name, lines in room.venue.controls:
        device = room.devices.get(name.text)
        if device is None:
            near = room.near(name.text, room.devices)
            room.told("controls_device", name, device=name.text, near=near,
                      devices=tuple(room.devices), venue=room.venue.name)  # fmt: skip
        elif device.profile is not None:
            profile = device.profile
            for line in lines:
                found = _binding(room, device, profile, line)
                if found is not None:
                    yield line.name, found


def _binding(
    room: Room, device: WrittenDevice, profile: Profile, line: WrittenBinding
) -> Binding | None:
    name = line.name.text.strip()
    if name == SHOW_CONTROL and profile.driver == "midi":
        return _obey(room, device, line)
    head, dot, tail = name.partition(".")
    names = {ours.text: theirs.text for ours, theirs in device.names}
    control = profile.control(names.get(head, head) + dot + tail)
    if control is None:
        known = [c.path for c in profile.controls]
        near = room.near(name, (c.name for p in profile.controls for c in p.every()))
        room.told("unknown_control" if known else "no_controls", line.name, name=name,
                  device=device.name.text, profile=device.profile_name, near=near,
                  controls=tuple(known))  # fmt: skip
        return None
    deed = _deed(room, Who("controls", device.name.text), line)
    if deed is None or not _fits(room, line, control, deed):
        return None
    return Binding(device.name.text, name, deed, control)


def _obey(room: Room, device: WrittenDevice, line: WrittenBinding) -> Binding | None:
    said = line.deed
    to = midi.device_id(said.text.strip()) if said is not None else None
    if to is None:
        where = said or line.name
        room.told("msc_device", where, text=where.text)
        return None
    return Binding(device.name.text, SHOW_CONTROL, Obey(to))


def _deed(room: Room, who: Who, line: WrittenBinding) -> Deed | None:
    if line.deed is None:
        dos = (room.do(who, one) for one in line.dos)
        return Act(room.look(who, line.sets), tuple(do for do in dos if do is not None))
    text = line.deed.text.strip()
    if text in WORDS:
        return Say(next(word for word in WORDS if word == text))
    if cue := _CUE.fullmatch(text):
        return Fire(cue[1].replace(",", "."))
    setting = Setting((line.deed._replace(text=text),), line.deed)
    found = room.parameter(setting)
    if found is None:
        parameters = (p for p, _ in room.named())
        near = room.near(text, (*WORDS, *room.wires, *parameters))
        room.told("unknown_deed", line.deed, text=text, words=WORDS, near=near)
        return None
    parameter, wire = found
    if parameter not in room.wires:
        room.wires[parameter] = wire
        room.first[parameter] = line.deed
    return Ride(parameter)


def _fits(room: Room, line: WrittenBinding, control: Control, deed: Deed) -> bool:
    """A key cannot ride a level, and a fader is no key."""
    where = line.deed or line.name
    if not isinstance(deed, Ride):
        wants = "key"
    else:
        wire = room.wires[deed.parameter]
        if wire.kind != "switch" and not wire.has_travel:
            room.told("no_travel", where, parameter=deed.parameter)
            return False
        wants = "key" if wire.kind == "switch" else "fader"
    if control.kind in (wants, "either"):
        return True
    text = deed.parameter if isinstance(deed, Ride) else where.text
    if wants == "key":
        room.told("wants_key", where, name=control.name, text=text)
    else:
        room.told("wants_fader", where, name=control.name, text=text)
    return False


def unheard_of(room: Room, found: Iterable[tuple[Said, Binding]], cues: Container[str]) -> None:
    """Warn of a key for a cue that this show does not have: it would do nothing."""
    for said, binding in found:
        if isinstance(binding.deed, Fire) and binding.deed.cue not in cues:
            room.told("control_cue", said, "warning", cue=binding.deed.cue, name=binding.name)


_CUE = re.compile(r"cue\s+([0-9]{1,9}(?:[.,][0-9]{1,3})?)")
