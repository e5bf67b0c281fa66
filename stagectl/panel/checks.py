"""What the show needs and whether it answers: what is wrong comes with a word and a cure.

It is what the devices have said by themselves, and no more: nothing was heard, seen or recorded to
prove it. Evidence has a place of its own beside each line, and nothing stands there yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stagectl.engine.needs import MISSING, Need
from stagectl.engine.snapshot import AlarmRow, DeviceRow, UnusedRow
from stagectl.panel import alarms, say
from stagectl.panel.clean import clean
from stagectl.panel.view import View
from stagectl.words import edits
from stagectl.words.tongue import _, ngettext

Rank = Literal["wrong", "unknown", "mute", "fine"]
"""wrong; not to be known now; never to be known, since it cannot be asked; there."""

RANKS: tuple[Rank, ...] = ("wrong", "unknown", "mute", "fine")
NEVER = frozenset({"no_driver"})  # nothing tonight can bring it back, and everybody knows


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the show needs. `said` tells how it stands, `cure` what to do if it is wrong."""

    rank: Rank
    name: str
    said: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A device, or the files: how it stands itself, and what the show needs of it."""

    head: Finding
    parts: tuple[Finding, ...] = ()

    @property
    def rank(self) -> Rank:
        """The worst of it."""
        return min((f.rank for f in (self.head, *self.parts)), key=RANKS.index)


def sections(view: View) -> tuple[Section, ...]:
    """Return all there is, the worst first; nothing before the desk has spoken."""
    if not view.heard:
        return ()
    found = [_device(view, row) for row in view.snap.devices]
    found.append(_files(view))
    return tuple(sorted(found, key=lambda section: RANKS.index(section.rank)))


def wrong(found: tuple[Section, ...]) -> list[tuple[Section, Finding]]:
    """Return what is wrong, and of what."""
    return [
        (section, finding)
        for section in found
        for finding in (section.head, *section.parts)
        if finding.rank == "wrong"
    ]


def summary(view: View, found: tuple[Section, ...]) -> tuple[Rank, str]:
    """Return the whole in one sentence."""
    if not found or view.contact != "up":
        return "unknown", _("Nothing is known without the desk")
    if bad := len(wrong(found)):
        return "wrong", ngettext("{n} thing is wrong", "{n} things are wrong", bad).format(n=bad)
    ranks = [f.rank for section in found for f in (section.head, *section.parts)]
    if left := ranks.count("unknown"):
        said = ngettext("{n} thing is not known yet", "{n} things are not known yet", left)
        return "unknown", said.format(n=left)
    if "mute" in ranks:
        return "fine", _("All that can answer answers")
    return "fine", _("Everything answers")


# ---- devices


def _device(view: View, row: DeviceRow) -> Section:
    name = say.capital(say.device(view.bill, row.name))
    return Section(_link(view, row, name), tuple(_parts(view, row)))


def _link(view: View, row: DeviceRow, name: str) -> Finding:
    if row.state == "lost":
        what, _follows, cure = alarms.in_words(view, AlarmRow("lost", row.name, row.why))
        return Finding("mute" if row.why in NEVER else "wrong", name, say.capital(what), cure)
    if row.state == "connecting":
        return Finding("unknown", name, _("Is being connected"))
    if not row.readable and not row.identity:
        said = _("Never answers: whether it is there, look and listen")
        return Finding("mute", name, said)
    if row.identity:
        who = clean(row.identity)
        # Translators: a device says what it is, as in "Answers: OBS 30.2"
        return Finding("fine", name, _("Answers: {who}").format(who=who))
    return Finding("fine", name, _("Answers"))


def _parts(view: View, row: DeviceRow) -> Iterator[Finding]:
    """What the show needs of a device: the names it lists, then everything that has a value."""
    lacking = set(view.snap.lacking)
    device = say.device(view.bill, row.name)
    for need in view.bill.needs:
        if need.device == row.name:
            yield _name(row, need, device, is_lacking=need in lacking)
    for stem, parameters in _stems(view, row.name).items():
        label = say.parameter(view.bill, parameters[0]) if stem else ""
        gone = [p for p in parameters if Need(row.name, MISSING, p) in lacking]
        if gone:
            said = _("{device} has no {name}").format(device=say.capital(device), name=label)
            cure = _("Make it there, or correct its name in the venue's file")
            yield Finding("wrong", label, said, cure)
        elif row.state != "linked":
            yield Finding(_away(row), label)
        else:
            known = any(view.snap.values.get(p, (None, ""))[0] is not None for p in parameters)
            yield Finding("fine" if known and row.readable else "mute", label)


def _away(row: DeviceRow) -> Rank:
    return "mute" if row.why in NEVER else "unknown"


def _name(row: DeviceRow, need: Need, device: str, *, is_lacking: bool) -> Finding:
    kind, missing, cure = _kind(need.among)
    name = clean(need.name)
    shown = kind.format(name=name)
    if row.state != "linked":
        return Finding(_away(row), shown)
    if is_lacking:
        said = missing.format(device=say.capital(device), name=name)
        return Finding("wrong", shown, said, cure)
    return Finding("fine", shown)


def _kind(among: str) -> tuple[str, str, str]:
    """Return what a device's list is of, how one of it is told to be missing, and the cure."""
    match among:
        case "scenes":
            return (
                _("scene {name}"),
                _("{device} has no scene {name}"),
                _("Make it there, or skip the cues that show it"),
            )
        case "transitions":
            return (
                _("transition {name}"),
                _("{device} has no transition {name}"),
                _("Make it there, or leave the one that is chosen"),
            )
        case "inputs":
            return (
                _("film or sound {name}"),
                _("{device} has no film or sound {name}"),
                _("Put it in there, or skip the cue that plays it"),
            )
        case _:
            return (
                "{name}",
                _("{device} has no {name}"),
                _("Make it there, or correct its name in the venue's file"),
            )


def _stems(view: View, device: str) -> dict[str, list[str]]:
    """Return a device's parameters by what they are of: a microphone's switch and its level."""
    listed = {need.of for need in view.bill.needs}
    found: dict[str, list[str]] = {}
    for parameter in view.bill.controls:
        name, _dot, path = parameter.partition(".")
        if name == device and parameter not in listed:
            stem = path.rpartition(".")[0] or path
            found.setdefault(stem, []).append(parameter)
    return found


# ---- files


def _files(view: View) -> Section:
    unused, offer = view.snap.unused, view.snap.offer
    parts = tuple(_file(kind, name, unused) for kind, name in view.bill.files)
    name = _("Files")
    if unused is not None:
        what, follows, cure = edits.unused(unused)
        return Section(Finding("wrong", name, f"{what}: {follows}", cure), parts)
    if offer is not None and not offer.undo:
        said = _("Changed on the disk, not loaded: {counted}").format(
            counted=edits.counted(offer.edits)
        )
        cure = _("Load it or keep the old one, below the cue list")
        return Section(Finding("unknown", name, said, cure), parts)
    return Section(Finding("fine", name, _("As they were loaded")), parts)


def _file(kind: str, name: str, unused: UnusedRow | None) -> Finding:
    is_it = unused is not None and unused.path.replace("\\", "/").endswith(name)
    # the mistake itself is told once, by the files' own line
    rank: Rank = "unknown" if is_it else "fine"
    known = {
        "show": _("show {name}"),
        "venue": _("venue {name}"),
        "profile": _("device profile {name}"),
    }
    return Finding(rank, known.get(kind, "{name}").format(name=clean(name)))
