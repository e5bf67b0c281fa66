"""A show goes in every room that has the roles and the scenes it names: worked out, not listed."""

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
import yaml

from stagectl.files.load import load_venue, read_show
from tests.golden.promptbook import ROOT, SHOWS

ROOMS = sorted((ROOT / "scenes").glob("*.yaml"))
PAIRS = list(product(SHOWS, ROOMS))


def typed(path: Path) -> dict[str, object]:
    """Return the file as plain text everywhere: what names it has, whatever the reader makes of it.

    PyYAML's own loader, so that the reader that is under test has no say in what a show names.
    """
    found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(found, dict)
    return found


def leaves(written: object, above: str = "") -> Iterable[str]:
    """Yield the whole name of each value: "mixer.guest 2.level"."""
    if isinstance(written, dict):
        for name, below in written.items():
            yield from leaves(below, f"{above}.{name}" if above else name)
    elif isinstance(written, list):
        for below in written:
            yield from leaves(below, above)
    else:
        yield above


def parts(show: Path) -> Iterable[dict[str, object]]:
    """Yield every cue and every part of one."""
    cues = typed(show)["cues"]
    assert isinstance(cues, list)
    for cue in cues:
        yield cue
        yield from cue.get("group", ())


def named(show: Path) -> set[str]:
    """Return the scenes, and the devices' names, that a show cannot do without."""
    wanted = {f"scene {part['scene']}" for part in parts(show) if "scene" in part}
    for part in parts(show):
        for name in leaves(part.get("set", {})):
            device, _dot, rest = name.partition(".")
            wanted.add(f"{device} {rest.partition('.')[0]}")
        for name in leaves(part.get("do", [])):
            wanted.add(f"{name.partition('.')[0]} !{name.partition('.')[2]}")
    return wanted


def lacking(show: Path, room: Path) -> set[str]:
    """Return what a show names and a room has not."""
    book = load_venue(room)
    has = {f"scene {scene}" for scene in book.venue.scenes}
    free = set()
    for name, device in book.venue.devices.items():
        has |= {f"{name} {ours}" for ours in device.names}
        has |= {f"{name} !{verb}" for verb in book.profiles[name].verbs}
        if any(pattern.free for pattern in book.profiles[name].parameters):
            free.add(name)  # its names are its own, as a text in OBS is
    return {
        want for want in named(show) - has if want.partition(" ")[0] not in free or " !" in want
    }


def fits(show: Path, room: Path) -> bool:
    return not lacking(show, room)


def called(pair: tuple[Path, Path]) -> str:
    return f"{pair[0].stem}-in-{pair[1].stem}"


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if fits(*pair)], ids=called)
def test_a_show_has_no_mistake_in_a_room_that_has_all_it_names(pair):
    show, room = pair
    checked = read_show(show, room, cached=False)
    assert checked.book is not None
    assert {problem.code for problem in checked.problems} <= {"unreached"}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not fits(*pair)], ids=called)
def test_where_a_room_lacks_something_each_thing_that_it_lacks_is_told(pair):
    show, room = pair
    checked = read_show(show, room, cached=False)
    assert checked.book is None
    errors = [p for p in checked.problems if p.severity == "error"]
    told = " ".join(str(value) for problem in errors for value in problem.data.values())
    for lack in lacking(show, room):
        assert lack.rpartition(" ")[2] in told


def test_every_show_goes_in_its_own_room_and_all_of_them_on_the_main_stage():
    fitting = {(show.stem, room.stem) for show, room in PAIRS if fits(show, room)}
    assert {(show.stem, str(typed(show)["venue"])) for show in SHOWS} <= fitting
    assert {show for show, room in fitting if room == "lillestrom"} == {s.stem for s in SHOWS}


def test_some_shows_travel_and_some_do_not():
    away = [pair for pair in PAIRS if typed(pair[0])["venue"] != pair[1].stem]
    assert sum(fits(*pair) for pair in away) >= 2
    assert not all(fits(*pair) for pair in away)
