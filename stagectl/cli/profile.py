"""Proves a device profile, by itself and against the real device; lists those there are."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stagectl.cli.common import language_option, refuse, say
from stagectl.words.tongue import _, ngettext

if TYPE_CHECKING:
    from stagectl.cli.asking import Answers
    from stagectl.core.pattern import Pattern
    from stagectl.core.profile import Profile, Verb

Row = tuple[str, ...]

SCENES = Path("scenes")
_SHOWN = 4  # answers of one pattern that are shown
_WIDEST = 48  # cells of a list of words


@click.group("profile", help=_("Device profiles: prove one, or list those there are."))
@language_option
def _profile(language: str | None) -> None:
    del language  # it is spoken already


@_profile.command("check", help=_("Prove a device profile: all it can say, there and back."))
@click.argument("what", metavar=_("FILE|NAME"))
@click.option(
    "--at",
    metavar=_("HOST[:PORT]"),
    help=_("Ask the device there what it can be asked; nothing is put, nothing triggered."),
)
@language_option
def _check(what: str, at: str | None, language: str | None) -> None:
    del language
    from stagectl.files.prove import prove_profile
    from stagectl.words.problems import blocks

    proof = prove_profile(what, SCENES)
    say(blocks(proof.problems))
    errors = sum(problem.severity == "error" for problem in proof.problems)
    if proof.profile is None or not proof.holds:
        refuse(ngettext("{n} mistake.", "{n} mistakes.", errors).format(n=errors))
    say("\n".join(table([*_offers(proof.profile)])))
    say(_("{name} is sound.").format(name=proof.profile.name))
    if at is not None:
        _ask(proof.profile, at)


@_profile.command("list", help=_("List the profiles: built in, and those beside the venues."))
@language_option
def _list(language: str | None) -> None:
    del language
    from stagectl.files.disk import profiles
    from stagectl.files.prove import prove_profile

    rows = []
    for name in profiles(SCENES):
        profile = prove_profile(name, SCENES).profile
        about = (profile.driver, profile.source) if profile else ("?", _("cannot be read"))
        rows.append((name, *about))
    say("\n".join(table(rows)))


COMMANDS: dict[str, click.Command] = {"profile": _profile}


# ---- what it offers


def _offers(profile: "Profile") -> Iterator[Row]:
    for pattern in profile.parameters:
        yield pattern.path, _takes(pattern), _range(pattern), _read(pattern)
    for control in profile.controls:
        kinds = {"key": _("a key"), "fader": _("a fader"), "either": _("a key or a fader")}
        lamp = _("with a motor") if control.motor else _("with a lamp") if control.lamp_type else ""
        yield control.path, kinds[control.kind], "", lamp
    for bank in profile.meters:
        for place in bank.places:
            yield place.path, _("a meter"), "", bank.address
    for verb in profile.verbs.values():
        yield _("do {verb}").format(verb=verb.name), _argument(verb), "", ""


def _takes(pattern: "Pattern") -> str:
    wire = pattern.wire
    if wire.kind == "switch":
        return _("on or off")
    if wire.words:
        words = ", ".join(str(said) for said, _wired in wire.words)
        return words if len(words) <= _WIDEST else words[:_WIDEST] + "…"
    if wire.kind == "number":
        return wire.unit or _("a number")
    return _("a text") if wire.kind == "text" else _("a name")


def _range(pattern: "Pattern") -> str:
    import math

    from stagectl.words.plain import number

    wire = pattern.wire
    if wire.kind != "number" or wire.words or math.isinf(wire.low) or math.isinf(wire.high):
        return ""
    said = _("from {low} to {high}").format(low=number(wire.low), high=number(wire.high))
    return _("{range}, and −∞").format(range=said) if wire.unit == "dB" else said


def _read(pattern: "Pattern") -> str:
    return _("read back") if pattern.wire.read else _("sent, never confirmed")


def _argument(verb: "Verb") -> str:
    if verb.choices:
        return ", ".join(verb.choices)
    return {"number": _("a number"), "": ""}.get(verb.argument, _("a text"))


def table(rows: Sequence[Row]) -> list[str]:
    """Return the rows as lines, each column as wide as its widest cell."""
    from stagectl.words.visible import columns

    many = max((len(row) for row in rows), default=0)
    widths = [max(columns(row[n]) for row in rows) for n in range(many)]
    return [
        "  ".join(
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


# ---- what the real one says


def _ask(profile: "Profile", at: str) -> None:
    from stagectl.cli.asking import ask, readable
    from stagectl.drivers.driver import LinkError
    from stagectl.words import codes

    if profile.driver != "osc":
        refuse(_("Only a device on OSC can be asked from here."))
    if not profile.probe and not readable(profile):
        refuse(_("There is nothing that {name} could be asked.").format(name=profile.name))
    try:
        answers = ask(profile, at)
    except LinkError as lost:
        refuse(_("{address}: {why}.").format(address=at, why=codes.trouble(lost.why)))
    say(_("{address} answers: {identity}").format(address=at, identity=answers.identity).rstrip())
    say("\n".join(table([*_answered(answers)])))
    silent = [
        pattern.path
        for pattern, some in answers.asked.items()
        if not any(path in answers.values for path, _wire in some)
    ]
    if silent:
        refuse(_("No answer at all for: {names}").format(names=", ".join(silent)))


def _answered(answers: "Answers") -> Iterator[Row]:
    from stagectl.words import plain

    for pattern, some in answers.asked.items():
        heard = [(path, wire) for path, wire in some if path in answers.values]
        said = [
            f"{path} {plain.value(answers.values[path], wire)}" for path, wire in heard[:_SHOWN]
        ]
        more = [] if len(heard) <= _SHOWN else ["…"]
        count = _("{n} of {many}").format(n=len(heard), many=len(some))
        yield pattern.path, count, ", ".join([*said, *more])
