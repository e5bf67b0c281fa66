"""What commands share: how they say things, and how they find the desk they are for."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from stagectl.core.value import Unfit, parse_seconds
from stagectl.desk import place as places
from stagectl.desk.place import NoDeskError, Place
from stagectl.words import tongue
from stagectl.words.tongue import _
from stagectl.words.visible import MOST, visible, visible_lines

if TYPE_CHECKING:
    from stagectl.client import Line

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

CONTRAST = "STAGECTL_CONTRAST"
AWAY = 4.0  # seconds a desk may be between dying and being back


_ear: ContextVar[Callable[[str], None] | None] = ContextVar("ear", default=None)


@contextmanager
def heard_by(ear: Callable[[str], None]) -> Iterator[None]:
    """Let `ear` have what is said meanwhile: under a panel nobody reads a terminal."""
    before = _ear.set(ear)
    try:
        yield
    finally:
        _ear.reset(before)


class Refusal(click.ClickException):
    """Why not, in words; a command ends with 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as everything else that is said."""
        del file
        mention(self.message)


def say(text: str) -> None:
    """Print for people; nothing, if there is nothing to say."""
    if text:
        _said(text)


def mention(text: str) -> None:
    """Say beside what was asked for: on standard error."""
    _said(text, err=True)


def _said(text: str, *, err: bool = False) -> None:
    ear = _ear.get()
    if ear is not None:
        ear(text)
    else:
        click.echo(visible_lines(text), err=err)


def refuse(text: str) -> NoReturn:
    """Say why not: a command exits with 1."""
    raise Refusal(text)


class Whole(click.IntRange):
    """A whole number within bounds; click names it in English only."""

    def __init__(self, low: int, high: int) -> None:
        """Take what lies between, both ends too."""
        super().__init__(low, high)
        self.name = _("whole number")


class Language(click.ParamType[str]):
    """A language that somebody has translated into: "nb", "nn_NO"."""

    name = "language"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name them all."""
        del param, ctx
        return "|".join(tongue.languages())

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Refuse one without a catalogue."""
        language = str(value)
        if not tongue.is_spoken(language):
            said = _("there is no catalogue for {language}; there are {languages}").format(
                language=visible(language, MOST), languages=", ".join(tongue.languages())
            )
            self.fail(said, param, ctx)
        return language


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --language; it is looked for before anything is said, see stagectl.cli."""
    return click.option(
        "--language", type=Language(), help=_("The language of what is said and shown.")
    )(command)


def contrast_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --contrast, for a command that opens a screen; the command itself is not told."""
    return click.option(
        "--contrast",
        type=click.Choice(["ordinary", "high"]),
        expose_value=False,
        callback=_contrast,
        help=_("The colours at first; STAGECTL_CONTRAST says so for good."),
    )(command)


def _contrast(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    del ctx, param
    if value:
        os.environ[CONTRAST] = value  # the palette looks there when it is loaded


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


def attach(place: Place, *, book: bool = False, role: places.Role = "operate") -> "Line":
    """Return a line to a desk; while it is being brought back, wait for it."""
    from stagectl.client import Line, NoAnswerError

    until = time.monotonic() + AWAY
    while True:
        card = place.card()
        try:
            if card is not None:
                return Line(card.address, place.token(role), book=book)
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
            "pin": _("The PIN is no longer valid"),
            "full": _("Too many look at the desk already: close some, and try again."),
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
