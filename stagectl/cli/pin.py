"""`pin`: a PIN is told once, here, to whoever sits at the machine; later only what it gives."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click

from stagectl.cli.common import desk_option, find, refuse, say
from stagectl.core.names import nearest
from stagectl.desk import place as places
from stagectl.desk.moment import now
from stagectl.desk.pins import ROLES, Grant, Pins
from stagectl.desk.place import NoDeskError, Place, UnsafePlaceError
from stagectl.engine.rights import Role, microphones
from stagectl.words import tongue
from stagectl.words.tongue import _
from stagectl.words.visible import MOST, visible


@dataclass(frozen=True)
class Room:
    """Whose PINs they are. `stems` are its microphones."""

    place: Place
    zone: ZoneInfo
    stems: tuple[str, ...]


class Clock(click.ParamType[time]):
    """23:00 → a time of day."""

    name = "HH:MM"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> time:
        """Refuse what is no time of day."""
        if isinstance(value, time):
            return value
        try:
            hour, minute = str(value).replace(".", ":").split(":")
            return time(int(hour), int(minute))
        except ValueError:
            self.fail(_("write it as HH:MM, such as 23:00"), param, ctx)


def of_a_room(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add VENUE, --desk and --language: whose PINs are meant."""
    venue = click.argument(
        "venue", metavar=_("[VENUE]"), required=False, type=click.Path(path_type=Path)
    )
    return venue(desk_option(command))


@click.group("pin", help=_("PINs: make, list and drop those of a room's screens and browsers."))
def _pin() -> None:
    """See help."""


@_pin.command("guest", help=_("Make a PIN for an outside organiser: GO, back, own microphones."))
@click.option(
    "--until", type=Clock(), metavar=_("HH:MM"), help=_("Until then; midnight, if not told.")
)
@click.option(
    "--mic",
    "mics",
    multiple=True,
    metavar=_("NAME"),
    help=_("A microphone of theirs, by the room's name for it; may be given again."),
)
@of_a_room
def _guest(
    venue: Path | None,
    desk: str | None,
    language: str | None,
    until: time | None,
    mics: tuple[str, ...],
) -> None:
    room = _room(venue, desk, language)
    own = sorted({_stem(mic, room.stems) for mic in mics})
    end = _next(until or time(), room.zone)
    _make(room, "guest", until=end, own=own)
    if not own:
        said = _("They have no microphone: give them one with --mic, such as {names}.")
        guests = [stem for stem in room.stems if _short(stem).startswith("guest")]
        near = ", ".join(f'"{_short(stem)}"' for stem in guests or room.stems[:4])
        say(said.format(names=near) if near else "")


@_pin.command("operate", help=_("Make a PIN for those who run the evenings, until it is changed."))
@of_a_room
def _operate(venue: Path | None, desk: str | None, language: str | None) -> None:
    _make(_room(venue, desk, language), "operate")


@_pin.command("watch", help=_("Make a PIN for those who only look, until it is changed."))
@of_a_room
def _watch(venue: Path | None, desk: str | None, language: str | None) -> None:
    _make(_room(venue, desk, language), "watch")


@_pin.command("list", help=_("Say which PINs there are, and until when; never the PINs."))
@of_a_room
def _list(venue: Path | None, desk: str | None, language: str | None) -> None:
    room = _room(venue, desk, language)
    with _opened():
        grants = Pins(room.place).grants()
    for grant in grants:
        say(_line(grant, room.zone))
    if not grants:
        say(_("There is no PIN here yet. Make one: stagectl pin guest"))


@_pin.command("drop", help=_("Take a PIN back; whoever came in by it is out within two seconds."))
@click.argument("role", type=click.Choice(ROLES))
@of_a_room
def _drop(role: Role, venue: Path | None, desk: str | None, language: str | None) -> None:
    room = _room(venue, desk, language)
    with _opened():
        dropped = Pins(room.place).drop(role)
    if not dropped:
        refuse(_("There is no such PIN."))
    say(_("The PIN is taken back: {who}.").format(who=_who(role)))


COMMANDS: dict[str, click.Command] = {"pin": _pin}


def _make(room: Room, role: Role, *, until: float | None = None, own: Collection[str] = ()) -> None:
    with _opened():
        pins = Pins(room.place)
        before = pins.has(role)
        pin = pins.make(role, until=until, own=own)
        grant = next(grant for grant in pins.grants() if grant.role == role)
    say(_("PIN: {pin}").format(pin=str(pin)))
    say(_line(grant, room.zone))
    once = _("It is shown this once.")
    again = _("It is shown this once; the one before it is no longer valid.")
    say(again if before else once)


@contextmanager
def _opened() -> Iterator[None]:
    """Refuse in words what the folder does not allow, or what lies in it and says nothing."""
    try:
        yield
    except UnsafePlaceError as problem:
        refuse(_("Others can write in {path}. Cure: chmod 700 {path}").format(path=problem.folder))
    except OSError as problem:
        refuse(_("The PINs cannot be reached: {why}").format(why=problem))
    except ValueError:
        refuse(_("The PINs cannot be read. Make them anew: stagectl pin guest"))


# ---- in words


def _line(grant: Grant, zone: ZoneInfo) -> str:
    parts = [_who(grant.role)]
    if grant.until is None:
        parts.append(_("until it is changed"))
    elif grant.left(now()) <= 0:
        parts.append(_("ended {time}").format(time=_when(grant.until, zone)))
    else:
        parts.append(_("until {time}").format(time=_when(grant.until, zone)))
    if grant.role == "guest":
        names = ", ".join(_short(stem) for stem in grant.own)
        own = _("microphones: {names}").format(names=names) if names else _("no microphone")
        parts.append(own)
    return " · ".join(parts)


def _who(role: Role) -> str:
    return {"operate": _("Operator"), "guest": _("Guest"), "watch": _("Watching only")}[role]


def _when(until: float, zone: ZoneInfo) -> str:
    """Return a moment in the room's time: the clock alone if it is within a day."""
    then, here = datetime.fromtimestamp(until, zone), datetime.now(zone)
    if then.time() == time() and then.date() == here.date() + timedelta(days=1):
        return _("midnight")
    return f"{then:%H:%M}" if then.date() == here.date() else f"{then:%Y-%m-%d %H:%M}"


def _short(stem: str) -> str:
    return stem.partition(".")[2]


# ---- which room


def _next(clock: time, zone: ZoneInfo) -> float:
    """Return when it is next that time of day in the room; seconds since the epoch."""
    here = datetime.now(zone)
    then = datetime.combine(here.date(), clock, zone)
    if then <= here:
        then = datetime.combine(here.date() + timedelta(days=1), clock, zone)
    return then.timestamp()


def _stem(mic: str, stems: tuple[str, ...]) -> str:
    """Return the microphone that is meant; refuse what the room has not, with what is near."""
    fits = [stem for stem in stems if mic in (stem, _short(stem))]
    if len(fits) != 1:
        _refuse_mic(mic, fits, stems)
    return fits[0]


def _refuse_mic(mic: str, fits: Collection[str], stems: Collection[str]) -> NoReturn:
    said = visible(mic, MOST)
    if fits:
        why = _("{name} could be {names}: say which.").format(name=said, names=", ".join(fits))
    elif near := nearest(mic, [*stems, *map(_short, stems)]):
        why = _("The room has no microphone {name}. Did you mean {near}?").format(
            name=said, near=visible(near[0], MOST)
        )
    else:
        names = ", ".join(map(_short, stems)) or "–"
        why = _("The room has no microphone {name}; it has {names}.").format(name=said, names=names)
    refuse(why)


def _room(venue: Path | None, desk: str | None, language: str | None) -> Room:
    """Return the room that is meant: a file's, a running desk's, or the only one here."""
    if venue is not None and desk is not None:
        raise click.UsageError(_("say either VENUE or --desk"))
    if venue is not None:
        return _room_of(venue, language)
    try:
        places.find(Path.cwd(), desk)
    except NoDeskError as none:
        if desk is None and none.code == "none" and (only := _only_venue()) is not None:
            return _room_of(only, language)
    place = find(desk, language)
    card = place.card()
    with _opened():  # it lies beside its PINs: a desk that hangs keeps no PIN from being dropped
        told = json.loads(place.face_book_of(card.digest if card else "").read_bytes())
    return Room(place, ZoneInfo(told["venue"]["timezone"]), microphones(told["parameters"]))


def _only_venue() -> Path | None:
    """Return the one room of this project; refuse to guess among several."""
    project = places.project_of(Path.cwd())
    venues = sorted((project / "scenes").glob("*.yaml")) if project is not None else []
    if len(venues) > 1:
        names = ", ".join(f"scenes/{path.name}" for path in venues)
        refuse(_("Which room? Say one of {names}").format(names=names))
    return venues[0] if venues else None


def _room_of(path: Path, language: str | None) -> Room:
    """Return the room of a venue's file, or of a show's venue; refuse it with its mistakes."""
    from stagectl.files.load import read_show, read_venue
    from stagectl.files.read import kind_of
    from stagectl.words.problems import blocks

    checked = read_show(path) if kind_of(path) == "show" else read_venue(path)
    if checked.book is None:
        refuse(blocks(checked.problems))
    book = checked.book
    if language is None:
        tongue.use(book.venue.language)
    venue = Path(book.venue_path)
    place = places.place_of(places.home_of(venue), venue.stem)
    return Room(place, ZoneInfo(book.venue.timezone), microphones(book.wires))
