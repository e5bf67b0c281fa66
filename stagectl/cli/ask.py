"""One intent to a running desk, and what came of it in a sentence."""

from collections.abc import Callable
from typing import Any

import click

from stagectl.cli.common import Decorator, attach, desk_option, find, hearing, refuse, say, seconds
from stagectl.cli.told import control, is_done, meant, refusal, told, unfit
from stagectl.core.value import Unfit, parse_value
from stagectl.engine import intent as i
from stagectl.engine.intent import Intent
from stagectl.words import codes
from stagectl.words.tongue import _

DAY = 24 * 3600.0  # seconds: a time of day that is moved farther is a slip of the finger

COMMANDS: dict[str, click.Command] = {}

Words = dict[str, Any]


def command(
    name: str, sentence: str, *parameters: Decorator
) -> Callable[[Callable[..., Intent]], None]:
    """Make a command of what turns its words into an intent."""

    def register(intent_of: Callable[..., Intent]) -> None:
        def run(desk: str | None, language: str | None, **words: Any) -> None:  # noqa: ANN401 -- click's
            place = find(desk, language)
            intent = intent_of(**words)
            with hearing(), attach(place) as line:
                answer = line.ask(intent)
            if not answer.ok:
                refuse(refusal(answer))
            say(told(answer.events))
            if not is_done(intent, answer.events):
                click.get_current_context().exit(1)

        for decorate in (*reversed(parameters), desk_option):
            run = decorate(run)
        COMMANDS[name] = click.command(name, help=sentence)(run)

    return register


NUMBER = click.argument("cue", metavar=_("NUMBER"))
PARAMETER = click.argument("parameter", metavar=_("PARAMETER"))


@command(
    "go",
    _("Fire the standby cue."),
    click.option(
        "--expect",
        metavar=_("NUMBER"),
        default="",
        help=_("Only if this is the standby cue: a late or a double call fires nothing."),
    ),
)
def _go(expect: str) -> Intent:
    return i.Go(expect=expect)


@command("back", _("Return to the look of the cue before; the cue left stands by."))
def _back() -> Intent:
    return i.Back()


@command("standby", _("Make a cue the next one: its number, «next», «next chapter» …"), NUMBER)
def _standby(cue: str) -> Intent:
    return i.StandBy(cue=cue)


@command(
    "skip",
    _("Take a cue that has not gone out of the show."),
    NUMBER,
    click.option("--undo", is_flag=True, help=_("Put it back.")),
)
def _skip(cue: str, undo: bool) -> Intent:
    return i.Skip(cue=cue, skip=not undo)


@command(
    "postpone",
    _("Move every cue with a time of day that has not gone, such as 10min."),
    click.argument("time", metavar=_("DURATION")),
    click.option("--earlier", is_flag=True, help=_("Move them to earlier, not later.")),
)
def _postpone(time: str, earlier: bool) -> Intent:
    moved = seconds(time)
    if moved > DAY:
        raise click.BadParameter(_("at most 24 h"), param_hint=_("DURATION"))
    return i.Postpone(seconds=-moved if earlier else moved)


@command("stop", _("Stop everything: the room goes to its safe scene, recording goes on."))
def _stop() -> Intent:
    return i.Overlay(name="safe")


@command(
    "cover",
    _("Cover stream and recording; the hall goes on."),
    click.option(
        "--ago", metavar=_("DURATION"), help=_("It is private since so long ago, such as 2min.")
    ),
)
def _cover(ago: str | None) -> Intent:
    return i.Overlay(name="cover", ago=seconds(ago) if ago else 0.0)


@command("release", _("Go on after «stop» or «cover»: the look of now returns."))
def _release() -> Intent:
    return i.Release()


@command("assert", _("Say everything to the devices again, over all hands."))
def _assert() -> Intent:
    return i.Assert()


@command("keep", _("Keep what a hand has moved as it is."), PARAMETER)
def _keep(parameter: str) -> Intent:
    return i.Keep(parameter=parameter)


@command(
    "let-go",
    _("Give what is held by hand back to the cue: one parameter, or all of them."),
    click.argument("parameter", metavar=_("[PARAMETER]"), default=""),
)
def _let_go(parameter: str) -> Intent:
    return i.LetGo(parameter=parameter)


@command(
    "do",
    _("Trigger something once: obs.record start."),
    click.argument("what", metavar=_("DEVICE.VERB")),
    click.argument("argument", metavar=_("[ARGUMENT]"), nargs=-1),
)
def _do(what: str, argument: tuple[str, ...]) -> Intent:
    device, dot, verb = what.rpartition(".")
    if not (device and dot and verb):
        raise click.BadParameter(_("write it as DEVICE.VERB"), param_hint=_("DEVICE.VERB"))
    return i.Trigger(device=device, verb=verb, argument=" ".join(argument))


@command(
    "redo",
    _("Do now what was missed, by the number «status» gives it."),
    click.argument("missed", metavar=_("ID"), type=int),
    click.option("--drop", is_flag=True, help=_("Forget it instead.")),
)
def _redo(missed: int, drop: bool) -> Intent:
    return i.Redo(missed=missed, drop=drop)


@command(
    "name",
    _("Correct the name of a person, by role, for the rest of this run."),
    click.argument("role", metavar=_("ROLE")),
    click.argument("name", metavar=_("NAME")),
    click.option("--title", metavar=_("TITLE"), default="", help=_("What they are, as well.")),
)
def _name(role: str, name: str, title: str) -> Intent:
    return i.Name(role=role, name=name, title=title)


@command(
    "message",
    _("Say a line to whoever sees the stage clock; without one, take it away."),
    click.argument("words", metavar=_("[TEXT]"), nargs=-1),
)
def _message(words: tuple[str, ...]) -> Intent:
    return i.Message(text=" ".join(words))


@command(
    "note",
    _("Keep a line with what happened, for the log."),
    click.argument("words", metavar=_("TEXT"), nargs=-1, required=True),
)
def _note(words: tuple[str, ...]) -> Intent:
    return i.Note(text=" ".join(words))


@command("end", _("End the show: the desk goes, the devices stay as they are."))
def _end() -> Intent:
    return i.End()


@desk_option
@click.argument("parameter", metavar=_("PARAMETER"))
@click.argument("value", metavar=_("VALUE"), nargs=-1, required=True)
def _put(desk: str | None, language: str | None, parameter: str, value: tuple[str, ...]) -> None:
    place = find(desk, language)
    with hearing(), attach(place, book=True) as line:
        full = meant(line.book, parameter)
        if not full:
            refuse(codes.refusal("no_parameter", parameter) + ".")
        wire = control(line.book, full)
        try:
            fit = parse_value(" ".join(value), wire)
        except Unfit as problem:
            refuse(unfit(problem))
        answer = line.ask(i.Put(parameter=full, value=fit))
    if not answer.ok:
        refuse(refusal(answer))
    say(told(answer.events, {full: wire}))


# a level begins with a minus: it is no option
COMMANDS["put"] = click.command(
    "put",
    help=_("Put a parameter at a value by hand; it stays until a cue sets it."),
    context_settings={"ignore_unknown_options": True},
)(_put)
