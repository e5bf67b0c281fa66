"""`serve`: gives a venue's panel to browsers, on this machine or on the house's own network."""

import ipaddress
import socket
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stagectl.cli.common import Whole, language_option, mention, refuse, say
from stagectl.words import tongue
from stagectl.words.tongue import _

if TYPE_CHECKING:
    from stagectl.desk.place import Place
    from stagectl.web.door import Network
    from stagectl.web.house import House
    from stagectl.web.server import Listen, Panels

EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 -- as the user said
STAGECTL = (sys.executable, "-m", "stagectl")
NOWHERE = ("192.0.2.1", 9)  # an address of nobody's: whichever of ours leads there, leads out


class Url(click.ParamType[str]):
    """An address as browsers say it."""

    name = "URL"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Refuse what is none, or has a path."""
        from stagectl.web.door import public_url

        try:
            return public_url(str(value))
        except ValueError:
            self.fail(_("write it as https://NAME or http://NAME:PORT"), param, ctx)


class Hosts(click.ParamType["Network"]):
    """An address or a network."""

    name = "address"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Name it."""
        del param, ctx
        return _("ADDRESS")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> "Network":
        """Refuse what is none."""
        try:
            return ipaddress.ip_network(str(value))
        except ValueError:
            self.fail(_("write it as a network, such as 192.168.10.0/24"), param, ctx)


@click.command(
    "serve", help=_("Give the venue's panel to browsers: a kiosk, an iPad, a machine in the house.")
)
@click.argument("venue", metavar=_("[VENUE]"), required=False, type=click.Path(path_type=Path))
@click.option(
    "--host",
    default="127.0.0.1",
    metavar=_("ADDRESS"),
    help=_("Where to listen: this machine alone (127.0.0.1), one network, or all (0.0.0.0)."),
)
@click.option("--port", default=8000, type=Whole(1, 65535), metavar=_("PORT"))
@click.option("--public-url", type=Url(), help=_("What people type, if it is not this address."))
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("FILE"),
    help=_("The file of a certificate: then the pages are encrypted (https)."),
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("FILE"),
    help=_("The file of its key, if it is another."),
)
@click.option(
    "--proxy",
    "proxies",
    type=Hosts(),
    multiple=True,
    help=_("A proxy in front whose X-Forwarded headers are believed."),
)
@click.option(
    "--panels",
    default=8,
    type=Whole(1, 32),
    metavar=_("N"),
    help=_("How many panels may be open at once."),
)
@click.option("--demo", is_flag=True, help=_("The demo's desk, not the venue's."))
@language_option
def _serve(
    venue: Path | None,
    host: str,
    port: int,
    public_url: str | None,
    certificate: Path | None,
    key: Path | None,
    proxies: "tuple[Network, ...]",
    panels: int,
    demo: bool,
    language: str | None,
) -> None:
    path = venue or _only_venue()
    name, speaks = _introduction(path)
    spoken = tongue.use(language or speaks)
    from stagectl.cli import start
    from stagectl.web.door import Door
    from stagectl.web.house import House
    from stagectl.web.server import Listen, Panels

    place = _place(path, demo=demo)
    with start.in_words():
        place.make()
        place.trust()
        house = House(place, name, _operators_app(path, spoken, demo=demo), language=spoken)
        house.own_key()
    tls = _context(certificate, key)
    public = public_url or _public(host, port, tls=tls is not None)
    door = Door(public, tls is not None, proxies)
    server = Panels(house, Listen(host, port, door, tls, panels))
    try:
        server.run(lambda url: _tell(server, house, server.listen, url))
    except OSError as problem:
        refuse(_("Nothing is served: {why}").format(why=problem.strerror or problem))


def _tell(server: "Panels", house: "House", listen: "Listen", url: str) -> None:
    """Say where the panel is; what opens it is said to a person's terminal, and to no log."""
    from stagectl.desk.doors import Pass

    if sys.stdout.isatty():
        link = f"{url}/#once={server.keys.once(Pass('operate'))}"
        say(_("The panel on this machine; the link opens once:"))
        say(f"  {link}")
    say(
        _("A screen of this machine opens it with this page: {path}").format(
            path=house.leave_page(url)
        )
    )
    if not _is_loopback(listen.host):
        said = _("For others: {url} They log in with a PIN: stagectl pin --help")
        say(said.format(url=listen.door.public))
        if not listen.door.public.startswith("https:"):
            mention(
                _(
                    "PINs and pages cross this network in the clear. Where strangers share it,"
                    " use --certificate; docs/browser.md says how."
                )
            )
    say(_("Ctrl-C ends this; the show goes on without it."))


def _only_venue() -> Path:
    """Return the venue of this folder's project, if it has one and no more."""
    from stagectl.desk.place import project_of

    project = project_of(Path.cwd())
    venues = sorted((project / "scenes").glob("*.yaml")) if project is not None else []
    if len(venues) != 1:
        refuse(_("Say which venue: stagectl serve scenes/VENUE.yaml"))
    return venues[0]


def _introduction(path: Path) -> tuple[str, str]:
    """Return a venue's name and language; one with mistakes is called by its file's name."""
    from stagectl.files.load import read_venue

    if not path.is_file():
        refuse(_("There is no venue {path}").format(path=path))
    book = read_venue(path).book
    if book is None:
        mention(_("{path} has mistakes: stagectl check {path}").format(path=path))
        return path.stem, tongue.spoken()
    return book.venue.name, book.venue.language


def _place(venue: Path, *, demo: bool) -> "Place":
    from stagectl.desk.place import home_of, place_of

    return place_of(home_of(venue), f"{venue.stem}-demo" if demo else venue.stem)


def _operators_app(venue: Path, spoken: str, *, demo: bool) -> tuple[str, ...]:
    """Return what an operator's browser is given: the day, from which shows are started.

    A demo has no other show: its operator sees the panel alone.
    """
    if demo:
        return ()
    return (*STAGECTL, "today", str(venue.resolve()), "--language", spoken)


def _context(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        if key is not None:
            raise click.BadParameter(_("a key needs its certificate"), param_hint="--key")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as problem:
        refuse(_("{path} cannot be used: {why}").format(path=certificate, why=problem))
    return context


def _public(host: str, port: int, *, tls: bool) -> str:
    """Return what people in the house type: this machine's address on its network."""
    from stagectl.web.door import public_url

    if host in EVERYWHERE:
        family = socket.AF_INET6 if host == "::" else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as out:  # a datagram's socket sends nothing
            try:
                out.connect(NOWHERE if family == socket.AF_INET else ("2001:db8::1", 9))
                host = out.getsockname()[0]
            except OSError:
                host = "127.0.0.1"
    name = f"[{host}]" if ":" in host else host
    return public_url(f"{'https' if tls else 'http'}://{name}:{port}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


COMMANDS: dict[str, click.Command] = {"serve": _serve}
