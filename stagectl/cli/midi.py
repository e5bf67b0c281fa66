"""What a controller needs before the evening: its port's name, and what its keys do."""

from pathlib import Path

import click

from stagectl.cli.common import language_option, refuse, say
from stagectl.cli.run import Moved
from stagectl.drivers.driver import LinkError
from stagectl.words import codes
from stagectl.words.tongue import _


@click.group("midi", help=_("MIDI: list the ports, or say by touch what a controller does."))
@language_option
def _midi(language: str | None) -> None:
    del language  # it is spoken already


@_midi.command("ports", help=_("List the MIDI ports of this machine, as a venue names them."))
@language_option
def _ports(language: str | None) -> None:
    del language
    from stagectl.drivers.midi_ports import names

    try:
        found = names("midi")
    except LinkError as missing:
        if missing.why != "no_port":
            refuse(f"MIDI: {codes.trouble(missing.why)}.")
        found = ()
    for name in found:
        say(f"midi:{name}")
    if not found:
        say(_("This machine has no MIDI port now. Is the controller plugged in and switched on?"))


@_midi.command("learn", help=_("Say by touch what a controller's keys and faders do."))
@click.argument("venue", metavar=_("VENUE"), type=click.Path(path_type=Path))
@click.argument("device", metavar=_("[DEVICE]"), default="")
@click.option(
    "--at",
    "moved",
    type=Moved(),
    multiple=True,
    help=_("A device is somewhere else than the venue says."),
)
@language_option
def _learn(
    venue: Path, device: str, moved: tuple[tuple[str, str], ...], language: str | None
) -> None:
    del language
    from stagectl.cli.learn import learn

    learn(venue, device, dict(moved))


COMMANDS: dict[str, click.Command] = {"midi": _midi}
