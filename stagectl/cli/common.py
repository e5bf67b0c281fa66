"""What commands share: how they say things, and how they find the desk they are for."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from stagectl.core.value import Unfit, parse_seconds
from stagectl.desk import place as places
from stagectl.desk.place import NoDeskError, Place
from stagectl.words import tongue
from stagectl.words.tongue import _
from stagectl.words.visible import visible_lines

if TYPE_CHECKING:
    from stagectl.client import Line

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

AWAY = 4.0  # seconds a desk may be between dying and being back


def say(text: str) -> None:
    """Print for people; nothing, if there is nothing to say."""
    if text:
        click.echo(visible_lines(text))


def mention(text: str) -> None:
    """Say beside what was asked for: on standard error."""
    click.echo(visible_lines(text), err=True)


def refuse(text: str) -> NoReturn:
    """Say why not, and exit with 1."""
    mention(text)
    sys.exit(1)


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --language; it is looked for before anything is said, see stagectl.cli."""
    return click.option(
        "--language", metavar="nb|en", help=_("The language of what is said and shown.")
    )(command)


def desk_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --desk and --language: for a command that speaks to a running desk."""
    return click.option(
        "--desk",
        metavar=_("NAME|PATH"),
        help=_("Another desk than this folder's: its name, its venue, or a path."),
    )(language_option(command))


def seconds(text: str) -> float:
    """Return a duration that was typed; a wrong one is wrong usage."""
    try:
        return parse_seconds(text)
    except Unfit as problem:
        from stagectl.cli.told import unfit

        raise click.BadParameter(unfit(problem)) from None


def find(desk: str | None, language: str | None) -> Place:
    """Return the desk that is meant, and speak its language unless told otherwise."""
    try:
        place = places.find(Path.cwd(), desk)
    except NoDeskError as none:
        refuse(_no_desk(none, desk))
    card = place.card()
    if desk is None and card is not None and not card.demo and (demos := places.demos(Path.cwd())):
        said = _("A demo runs here too; this is for the real show. The demo: --desk {name}")
        mention(said.format(name=demos[0].name))
    if card is not None and language is None:
        tongue.use(card.language)
    return place


def attach(place: Place, *, book: bool = False) -> "Line":
    """Return a line to a desk; while it is being brought back, wait for it."""
    from stagectl.client import Line, NoAnswerError

    until = time.monotonic() + AWAY
    while True:
        card = place.card()
        try:
            if card is not None:
                return Line(card.address, place.token("operate"), book=book)
        except NoAnswerError as problem:
            if problem.why != "closed" or not place.running() or time.monotonic() > until:
                raise
        if card is None and time.monotonic() > until:
            raise NoAnswerError("silent")
        time.sleep(0.05)


@contextmanager
def hearing() -> Iterator[None]:
    """Refuse in words when the desk does not answer."""
    from stagectl.client import NoAnswerError

    try:
        yield
    except NoAnswerError as problem:
        words = {
            "token": _("The desk does not know this token: is it somebody else's?"),
            "silent": _("The desk does not answer; it may be stopped."),
            "closed": _("The desk is gone."),
        }
        refuse(words[problem.why])


def _no_desk(none: NoDeskError, desk: str | None) -> str:
    names = ", ".join(none.names)
    if none.code == "several":
        return _("Several desks fit: {names}. Say which: --desk NAME").format(names=names)
    if none.code == "no_such":
        said = _("There is no desk {name}.").format(name=desk)
    else:
        said = _("No desk runs for this folder. Start one: stagectl run cues/SHOW.yaml")
    if names:
        elsewhere = _("Running elsewhere: {names}. Speak to one with --desk NAME")
        said += "\n" + elsewhere.format(names=names)
    return said
