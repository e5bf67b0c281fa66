"""`run`: starts a show's desk, or finds the one that runs, and opens a panel on it."""

import sys
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stagectl.cli.common import (
    Whole,
    attach,
    contrast_option,
    hearing,
    language_option,
    refuse,
    say,
)
from stagectl.words import tongue
from stagectl.words.tongue import _

if TYPE_CHECKING:
    from stagectl.cli.home import House
    from stagectl.core.book import Book
    from stagectl.desk.early import Early
    from stagectl.desk.place import Card, Place, Role
    from stagectl.sim.view import StageView


class Address(click.ParamType[tuple[str, int]]):
    """HOST:PORT → (host, port)."""

    name = "host"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name its parts."""
        del param, ctx
        return _("HOST:PORT")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Refuse what is no address."""
        if isinstance(value, tuple):  # a default, converted already
            return value
        host, colon, port = str(value).rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
            self.fail(_("write it as HOST:PORT, such as 127.0.0.1:53000"), param, ctx)
        return host.strip("[]"), int(port)


class Moved(click.ParamType[tuple[str, str]]):
    """DEVICE=ADDRESS → (device, address)."""

    name = "device"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name its parts."""
        del param, ctx
        return _("DEVICE=ADDRESS")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Refuse what names no device."""
        device, equals, address = str(value).partition("=")
        if not (device and equals and address):
            self.fail(_("write it as DEVICE=ADDRESS, such as mixer=127.0.0.1"), param, ctx)
        return device, address


@click.command("run", help=_("Run a show, and open a panel on it; closing the panel ends nothing."))
@click.argument("show", metavar=_("SHOW"), type=click.Path(path_type=Path))
@click.option("--headless", is_flag=True, help=_("No panel; the desk is kept in this terminal."))
@click.option("--osc-in", type=Address(), help=_("Let OSC fire cues here, from this machine."))
@click.option(
    "--osc-from",
    multiple=True,
    metavar=_("NETWORK"),
    help=_("Let OSC come from here too, such as 192.168.10.0/24."),
)
@click.option(
    "--listen", type=Address(), default=("127.0.0.1", 0), help=_("Where panels find the desk.")
)
@click.option(
    "--guard",
    type=Whole(0, 10_000),
    default=500,
    metavar=_("MS"),
    help=_("Milliseconds after a GO in which another is refused."),
)
@click.option(
    "--at",
    "moved",
    type=Moved(),
    multiple=True,
    help=_("A device is somewhere else than the venue says."),
)
@click.option("--fresh", is_flag=True, help=_("Begin anew, though the last run was never ended."))
@click.option(
    "--reload", is_flag=True, help=_("Go on with the last run though its files have changed.")
)
@contrast_option
@language_option
def _run(
    show: Path,
    headless: bool,
    osc_in: tuple[str, int] | None,
    osc_from: tuple[str, ...],
    listen: tuple[str, int],
    guard: int,
    moved: tuple[tuple[str, str], ...],
    fresh: bool,
    reload: bool,
    language: str | None,
) -> None:
    early = _begin_early(headless=headless)
    from stagectl.cli import start
    from stagectl.desk.place import home_of, place_of

    book = start.read_book(show, dict(moved) or None)
    if language is None:
        tongue.use(book.venue.language)
    _check_networks(osc_from)
    place = place_of(home_of(Path(book.show_path)), Path(book.venue_path).stem)
    wish = start.Wish(
        listen, osc_in, osc_from, guard / 1000, language or "", fresh, reload, at=dict(moved)
    )
    with start.in_words():
        place.make()
        place.trust()
        lock, runs, free = start.claim(place)
    if runs and free:
        _check_same(place, book)
        say(_("The desk's keeper was gone; the desk is watched over again."))
    elif runs or not free:
        click.get_current_context().exit(_join(place, book, headless=headless, language=language))
    secrets = start.gather_secrets(book)
    with start.in_words():
        if not runs:
            start.hand_over(place, book, wish)
        if headless:
            del book  # a keeper knows no show
            click.get_current_context().exit(start.keep_here(place, secrets, early))
        lock.drop()
        card = start.start_behind(place, secrets, early)
    say(start.up_in_words(card))
    click.get_current_context().exit(open_panel(place, language))


def _begin_early(*, headless: bool) -> "Early | None":
    """Let what will be needed load while the show is read; it ends with this command unless taken.

    Where a desk of this user runs, it is left in peace: it may be the one that is meant.
    """
    from stagectl.desk.early import Early
    from stagectl.desk.place import running

    if running():
        return None
    try:
        return click.get_current_context().with_resource(Early(*(() if headless else ("keep",))))
    except OSError:  # no process to be had: the ordinary way says so
        return None


def open_panel(
    place: "Place",
    language: str | None,
    beside: "StageView | None" = None,
    role: "Role" = "operate",
) -> int:
    """Open a panel on a desk in this terminal; return its status when it is closed."""
    if not is_terminal():
        say(_("This is no terminal, so no panel is opened. Look with: stagectl status"))
        return 0
    from stagectl.panel.app import run_panel

    def where() -> tuple[str, str] | None:
        card = place.card()
        return (card.address, place.token(role)) if card else None

    found = where()
    if found is None:
        refuse(_("The desk is gone."))
    address, token = found
    home = None if beside is not None or role != "operate" else _home(place, language)
    return run_panel(
        address, token, by="panel", language=language, beside=beside, find=where, home=home
    )


def _home(place: "Place", language: str | None) -> "House | None":
    """Return the house of the show that runs, so that «I dag» is a touch away.

    None in a demo, whose stage has no other show, and for a show that lies in no project.
    """
    from stagectl.cli.home import House

    card = place.card()
    if card is None or card.demo or not (Path(card.project) / "cues").is_dir():
        return None
    return House(Path(card.project), card.venue, language or "")


def is_terminal() -> bool:
    """Tell whether a person sits at both ends of this command."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _join(place: "Place", book: "Book", *, headless: bool, language: str | None) -> int:
    """Open a panel on the desk that has the place, if it runs the same show."""
    card = _check_same(place, book)
    said = _("{show} runs already: the desk is {pid}.").format(show=card.show, pid=card.pid)
    if headless:
        refuse(said)
    say(said)
    return open_panel(place, language)


def _check_same(place: "Place", book: "Book") -> "Card":
    """Return the card of the desk that has the place; refuse if it runs another show."""
    with hearing(), attach(place):
        card = place.card()
    if card is None:
        refuse(_("The desk is gone."))
    if card.show_path != book.show_path:
        refuse(
            _("{show} runs here, and one venue has one desk. End it first: stagectl end").format(
                show=card.show
            )
        )
    if card.digest != book.digest:
        say(_("The files have changed since the show was started; what was loaded goes on."))
    return card


def _check_networks(networks: tuple[str, ...]) -> None:
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            said = _("write it as a network, such as 192.168.10.0/24")
            raise click.BadParameter(said, param_hint="--osc-from") from None


COMMANDS: dict[str, click.Command] = {"run": _run}
