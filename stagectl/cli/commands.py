"""The list of commands; each is loaded when it is called, or when --help lists them all."""

import importlib
from collections.abc import Iterator

import click

from stagectl.words.tongue import N_, _, ngettext

COMMANDS = {
    "demo": "demo",
    "today": "today",
    "run": "run",
    "serve": "serve",
    "check": "check",
    "profile": "profile",
    "schema": "schema",
    "sim": "demo",
    "midi": "midi",
    "panel": "panel",
    "pin": "pin",
    "status": "status",
    "go": "ask",
    "back": "ask",
    "standby": "ask",
    "skip": "ask",
    "postpone": "ask",
    "stop": "ask",
    "cover": "ask",
    "release": "ask",
    "assert": "ask",
    "put": "ask",
    "keep": "ask",
    "let-go": "ask",
    "do": "ask",
    "redo": "ask",
    "name": "ask",
    "clock": "clock",
    "message": "ask",
    "note": "ask",
    "reload": "reload",
    "end": "ask",
    "log": "log",
}
"""A command's name → the module here that has it."""

# click's own sentences, which it says through gettext
CLICKS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("No such option: {name}"),
    N_("No such command {name!r}."),
    N_("Missing argument"),
    N_("Missing command."),
    N_("Missing parameter"),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("No such option {name!r}."),
    N_("Missing option"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Positional arguments"),
    ngettext(
        "Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1
    ),
    ngettext(
        "Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1
    ),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
    N_("required"),
    N_("Aborted!"),
)


def in_words(command: click.Command) -> click.Command:
    """Say what click writes in each usage line without asking gettext."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for each in getattr(command, "commands", {}).values():
            in_words(each)
    return command


class Lazy(click.Group):
    """Knows its commands by name alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of an evening."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"stagectl.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return in_words(command)


@click.group(
    cls=Lazy,
    help=_("Run a stage from one cue list."),
    epilog=_("A command speaks to the desk of the folder it is given in."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="stagectl")
def stagectl() -> None:
    """See help."""


in_words(stagectl)


def helps() -> Iterator[tuple[str, str]]:
    """Return the help of the whole, and of each command, as docs/cli.md is held against it."""
    with click.Context(stagectl, info_name="stagectl") as whole:
        yield "stagectl", stagectl.get_help(whole)
        for name in COMMANDS:
            command = stagectl.get_command(whole, name)
            if command is not None:
                with click.Context(command, info_name=name, parent=whole) as context:
                    yield name, command.get_help(context)
                    if isinstance(command, click.Group):
                        yield from _helps_of(command, context)


def _helps_of(group: click.Group, above: click.Context) -> Iterator[tuple[str, str]]:
    for name, command in group.commands.items():
        with click.Context(command, info_name=name, parent=above) as context:
            yield f"{above.info_name} {name}", command.get_help(context)
