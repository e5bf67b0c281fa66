"""The simulated stage: by itself, or with tonight's example show on it."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

import stagectl
from stagectl.cli.common import contrast_option, language_option, refuse, say
from stagectl.words.tongue import _

if TYPE_CHECKING:
    from stagectl.core.book import Book
    from stagectl.desk.place import Place
    from stagectl.sim.stage import Stage


@click.command("demo", help=_("Try it: a simulated stage, tonight's example show, a panel."))
@click.argument("show", metavar=_("[SHOW]"), required=False, type=click.Path(path_type=Path))
@click.option("--headless", is_flag=True, help=_("No panel; the demo runs until Ctrl-C."))
@contrast_option
@language_option
def _demo(show: Path | None, headless: bool, language: str | None) -> None:
    from stagectl.cli import start
    from stagectl.cli.run import is_terminal, open_panel

    if not (headless or is_terminal()):
        refuse(_("This is no terminal. Without one: stagectl demo --headless"))
    if not (headless or show) and (place := _running_demo()) is not None:
        say(_("The demo runs already: this is another panel on it."))
        click.get_current_context().exit(open_panel(place, language))
    with a_stage(language or "", show) as (place, stage, known):
        if headless:
            click.get_current_context().exit(start.keep_here(place, known, mortal=True))
        with kept(place, known):
            from stagectl.sim.view import StageView

            status = open_panel(place, language, beside=StageView(stage.feed))
    say(_("The demo is over: its stage is gone, and its show with it."))
    click.get_current_context().exit(status)


@contextmanager
def a_stage(
    language: str, show: Path | None = None
) -> "Iterator[tuple[Place, Stage, dict[str, str]]]":
    """Simulate a stage for this show or tonight's; yield the desk's place, stage and secrets."""
    from stagectl.cli import start
    from stagectl.files.load import load_show
    from stagectl.sim.stage import run_stage

    shows = _examples() if show is None else {show: _book_of(show)}
    show = show or _show_of(shows)
    password = secrets.token_urlsafe(12)
    with run_stage(shows[show], obs_password=password) as stage:
        book = load_show(show, at=stage.addresses)
        place = _place_for(show, book)
        place.make()
        lock = place.lock("keeper")
        if place.lock("desk").held() or not lock.take():
            cure = _("The demo runs already. To end it: stagectl end --desk {name}")
            refuse(cure.format(name=place.name))
        start.hand_over(
            place,
            book,
            start.Wish(language=language, fresh=True, mortal=True, at=dict(stage.addresses)),
        )
        yield place, stage, {d.secret: password for d in book.venue.devices.values() if d.secret}


@click.command("sim", help=_("Simulate a venue's devices on this machine, until Ctrl-C."))
@click.argument("venue", metavar=_("VENUE"), type=click.Path(path_type=Path))
@click.option("--free-ports", is_flag=True, help=_("Any ports, not the devices' usual ones."))
@language_option
def _sim(venue: Path, free_ports: bool, language: str | None) -> None:
    del language  # it is spoken already
    from stagectl.sim.stage import Stage, serve

    book = _venue_book(venue)

    def ready(stage: Stage) -> None:
        for name, address in stage.addresses.items():
            say(f"{name}: {address}")
        for name in stage.unsimulated:
            say(_("{name}: nothing stands for it").format(name=name))
        moved = " ".join(f"--at {name}={address}" for name, address in stage.addresses.items())
        show = venue if book.show.cues else _("SHOW")
        line = _("To run a show on it: stagectl run {show} {options}")
        say(line.format(show=show, options=moved))

    ports = {} if free_ports else _usual_ports(book)
    try:
        serve(book, ready=ready, ports=ports, obs_password=_obs_password(book))
    except OSError as problem:
        refuse(
            _("A port is taken ({why}). With other ports: --free-ports").format(
                why=problem.strerror
            )
        )


COMMANDS: dict[str, click.Command] = {"demo": _demo, "sim": _sim}


def today() -> date:
    """Return the date on this machine's wall."""
    return datetime.now().astimezone().date()


def tonight(shows: dict[Path, str], today: date) -> Path:
    """Return the next show by its date, or the last one there was; `shows` have ISO dates."""
    coming = {path: day for path, day in shows.items() if day >= today.isoformat()}
    if coming:
        return min(coming, key=lambda path: (coming[path], path))
    return max(shows, key=lambda path: (shows[path], path))


@contextmanager
def kept(place: "Place", known: dict[str, str]) -> Iterator[None]:
    """Keep a desk for as long as somebody looks at it."""
    from stagectl.cli import start
    from stagectl.desk.keeper import Keeper

    up = threading.Event()
    keeper = Keeper(place, known, lambda code, about: None)  # noqa: ARG005 -- the panel shows it
    thread = threading.Thread(target=keeper.keep, args=(lambda card: up.set(),), name="keeper")  # noqa: ARG005 -- that it is up is all
    thread.start()
    try:
        while not up.wait(0.1):
            if not thread.is_alive():
                refuse(start.not_up(place))
        yield
    finally:
        keeper.stop()
        thread.join()


def _running_demo() -> "Place | None":
    """Return the demo of tonight's show, if it is up already."""
    shows = _examples()
    show = _show_of(shows)
    place = _place_for(show, shows[show])
    return place if place.folder.is_dir() and place.lock("desk").held() else None


def _show_of(shows: "dict[Path, Book]") -> Path:
    return tonight({path: book.show.date for path, book in shows.items()}, today())


def _place_for(show: Path, book: "Book") -> "Place":
    from stagectl.desk.place import home_of, place_of

    return place_of(home_of(show), f"{Path(book.venue_path).stem}-demo")


def _examples() -> "dict[Path, Book]":
    """Return the shows of this folder's project, or else of the house itself."""
    from stagectl.desk.place import project_of
    from stagectl.files.load import read_show

    project = project_of(Path.cwd()) or project_of(Path(stagectl.__file__))
    paths = sorted((project / "cues").glob("*.yaml")) if project else []
    checked = {path: read_show(path).book for path in paths}
    shows = {path: book for path, book in checked.items() if book is not None}
    if not shows:
        refuse(_("There is no example show here. Go to a folder with cues/ and scenes/."))
    return shows


def _book_of(show: Path) -> "Book":
    """Return the book of a show; refuse it with all its mistakes."""
    from stagectl.cli import start
    from stagectl.files.load import read_show

    return start.book_of(read_show(show), show)


def _venue_book(path: Path) -> "Book":
    """Return the book of a venue, or of a show in its venue; refuse it with all its mistakes."""
    from stagectl.cli import start
    from stagectl.files.load import read_show, read_venue
    from stagectl.files.read import kind_of

    return start.book_of(read_show(path) if kind_of(path) == "show" else read_venue(path), path)


def _usual_ports(book: "Book") -> dict[str, int]:
    """Return the ports that the venue, or else the profile, says."""
    ports = {}
    for name, device in book.venue.devices.items():
        _host, colon, port = device.at.rpartition(":")
        usual = int(port) if colon and port.isdigit() else book.profiles[name].port
        if usual:
            ports[name] = usual
    return ports


def _obs_password(book: "Book") -> str:
    """Return what the desk will say to the simulated OBS, "" where no secret is found."""
    from stagectl.desk.secrets import NoSecretError, read_secret

    for name, device in book.venue.devices.items():
        if book.profiles[name].driver == "obs" and device.secret:
            try:
                return read_secret(device.secret)
            except NoSecretError:
                return ""
    return ""
