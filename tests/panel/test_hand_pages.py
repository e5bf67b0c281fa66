"""The pages of «Hånd» follow from the venue file alone, and nothing of it is left out."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from stagectl.core.model import Person
from stagectl.engine.snapshot import HeldRow, Snapshot
from stagectl.panel.panes.hand_layout import BAR, CELLS, ROWS, bar, lay
from stagectl.panel.panes.hand_pages import (
    Held,
    Level,
    Once,
    Page,
    Pick,
    Strip,
    Switch,
    Text,
    Whole,
    pages,
)
from stagectl.panel.panes.hand_places import is_touch
from stagectl.panel.playbill import Playbill, read_playbill
from stagectl.panel.view import View
from tests.panel.by_hand import ROOMS, bill_of, told

SIZES = [(80, 14), (80, 11), (117, 20), (137, 38), (200, 38)]
PEOPLE = {
    role: Person("Ragnhild Margrethe Tveiten-Ødegård", "Forfatter")
    for role in ("host", "guest", "guest 2", "guest 3", "guest 4", "interpreter")
}


def view_of(bill: Playbill, **snap: Any) -> View:
    people = Snapshot("live", "1", "2", people=PEOPLE)
    return View(bill=bill, snap=replace(people, **snap), contact="up")


def parameters(page: Page) -> list[str]:
    found = []
    for section in page.sections:
        for tile in section.tiles:
            match tile:
                case Pick(parameter=p) | Switch(parameter=p) | Text(parameter=p):
                    found.append(p)
                case Strip(switch=switch, level=level) | Level(switch=switch, parameter=level):
                    found += [p for p in (switch, level) if p]
    return list(dict.fromkeys(found))


def microphones(count: int) -> Playbill:
    """A mixer with so many, in a room of its own."""
    decibels = {"kind": "number", "unit": "dB", "low": -90.0, "high": 10.0}
    names = [f"mixer.mikrofon {n}" for n in range(1, count + 1)]
    switches = {f"{name}.on": {"kind": "switch"} for name in names}
    levels = {f"{name}.level": decibels for name in names}
    return read_playbill(
        {
            "show": {"name": "Kor"},
            "venue": {"name": "Kirken"},
            "cues": [],
            "parameters": {**switches, **levels},
            "devices": {"mixer": {"label": "mixer"}},
        }
    )


@pytest.mark.parametrize("room", ROOMS)
def test_every_parameter_of_a_room_is_on_one_page(room):
    found = [p for page in pages(view_of(bill_of(room))) for p in parameters(page)]
    assert sorted(found) == sorted(bill_of(room).controls)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_device_is_called_decides_nothing(room):
    plain = told(room)
    names = {name: f"dings {n}" for n, name in enumerate(plain["devices"])}

    def renamed(parameter: str) -> str:
        device, _dot, path = parameter.partition(".")
        return f"{names[device]}.{path}"

    other = {
        **plain,
        "devices": {names[n]: device for n, device in plain["devices"].items()},
        "parameters": {renamed(p): control for p, control in plain["parameters"].items()},
        "scenes": {
            n: {**scene, "look": {renamed(p): v for p, v in scene["look"].items()}}
            for n, scene in plain["scenes"].items()
        },
    }
    before, after = (pages(view_of(read_playbill(book))) for book in (plain, other))
    assert [(p.name, [renamed(q) for q in parameters(p)]) for p in before] == [
        (p.name, parameters(p)) for p in after
    ]


def test_the_stage_has_the_pages_an_evening_needs():
    found = {page.name: page for page in pages(view_of(bill_of("the stage")))}
    assert list(found) == ["picture", "sound", "light", "text", "other"]
    picture, sound = found["picture"], found["sound"]
    shots = [tile.value for tile in picture.sections[0].tiles]
    assert shots[0] == "Venteskjerm"
    assert {"Samtale", "Panel", "Film", "Presentasjon"} <= set(shots)
    assert "obs.Samtale/Tolk.on" in parameters(picture)
    strips = {strip.stem: strip for strip in sound.sections[0].tiles}
    audience = Strip("mixer.audience", "mixer.audience.on", "mixer.audience.level")
    assert strips["mixer.audience"] == audience
    assert strips["obs.master"] == Strip("obs.master", "obs.master.on")
    assert parameters(found["text"]) == ["obs.Navn.text"]


def test_projectors_screens_and_cameras_are_on_the_last_page():
    found = {page.name: parameters(page) for page in pages(view_of(bill_of("the media room")))}
    mine = {p for p in bill_of("the media room").controls if p.startswith(("projector", "camera"))}
    assert mine <= set(found["other"])
    assert not any(p.endswith("zoom") for p in found["light"])


def test_scenes_of_one_look_are_one_button_and_the_covering_one_is_none():
    light = next(p for p in pages(view_of(bill_of("the stage"))) if p.name == "light")
    wholes = [t for s in light.sections for t in s.tiles if isinstance(t, Whole)]
    assert ("conversation", "panel") in [whole.scenes for whole in wholes]
    every = [name for page in pages(view_of(bill_of("the stage"))) for s in page.sections
             for t in s.tiles if isinstance(t, Whole) for name in t.scenes]  # fmt: skip
    assert "cover" not in every


def test_recording_and_streaming_are_no_buttons_here():
    other = next(p for p in pages(view_of(bill_of("the stage"))) if p.name == "other")
    once = [t for s in other.sections for t in s.tiles if isinstance(t, Once)]
    assert {"record", "stream"}.isdisjoint(tile.verb for tile in once)
    assert Once("obs", "stop", "Fanfare") in once, "what is played can be stopped"
    assert Once("mixer", "recall", asks="number") in once


def test_what_is_held_has_a_page_of_its_own_and_one_button_for_all():
    rows = tuple(HeldRow(p, 0.0, -5.0, "panel", 1.0) for p in ("mixer.host.level", "lights.house"))
    held = pages(view_of(bill_of("the stage"), held=rows))[-1]
    assert held.name == "held"
    assert held.sections[0].tiles == (Held(), Held("mixer.host.level"), Held("lights.house"))


def test_a_guest_has_their_own_microphones_and_nothing_else():
    view = replace(
        view_of(bill_of("the stage")), role="guest", own=("mixer.guest", "mixer.guest 2")
    )
    [page] = pages(view)
    assert [strip.stem for strip in page.sections[0].tiles] == ["mixer.guest", "mixer.guest 2"]
    assert pages(replace(view, own=())) == ()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("book", [*ROOMS, 1, 9, 40, 200])
def test_over_its_turns_a_page_shows_every_tile_once_and_no_button_too_small_or_near(size, book):
    bill = microphones(book) if isinstance(book, int) else bill_of(book)
    columns, rows = size
    for page in pages(view_of(bill)):
        first = lay(page, columns, rows - BAR, 0)
        turns = [lay(page, columns, rows - BAR, turn) for turn in range(first.turns)]
        mains = [s.tile for laid in turns for s in laid.spots if s.part == "main"]
        tiles = [tile for section in page.sections for tile in section.tiles]
        assert Counter(map(str, mains)) == Counter(map(str, tiles))
        for laid in turns:
            _well_placed([s for s in laid.spots if is_touch(s)], columns, rows - BAR)


def _well_placed(touched, columns, rows):
    for n, one in enumerate(touched):
        assert one.w >= CELLS
        assert one.h >= ROWS
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.w <= columns
        assert one.y + one.h <= rows
        for other in touched[n + 1 :]:
            beside = one.x + one.w < other.x or other.x + other.w < one.x
            above = one.y + one.h < other.y or other.y + other.h < one.y
            assert beside or above, f"{one} touches {other}"


def test_a_level_without_a_switch_is_a_strip_of_its_own_name():
    plain = told("the stage")
    plain["parameters"] = {"obs.Film.level": {"kind": "number", "unit": "dB"}}
    [sound] = [p for p in pages(view_of(read_playbill(plain))) if p.name == "sound"]
    assert sound.sections[0].tiles == (Strip("obs.Film", "", "obs.Film.level"),)


def test_nine_microphones_stand_on_one_page_of_the_kiosk():
    page = pages(view_of(microphones(9)))[0]
    assert lay(page, 117, 20 - BAR, 0).turns == 1
    stage = next(p for p in pages(view_of(bill_of("the stage"))) if p.name == "sound")
    assert lay(stage, 117, 20 - BAR, 0).turns == 1


def test_where_the_bar_is_short_the_last_two_pages_take_turns_in_one_place():
    names = ["picture", "sound", "light", "text", "other", "held"]
    kiosk = [spot.text for spot in bar(names, "sound", 117, more=True)]
    assert kiosk == [*names, ""]
    narrow = [spot.text for spot in bar(names, "sound", 80, more=True)]
    assert narrow == ["picture", "sound", "light", "text", "held", ""]
    there = [spot.text for spot in bar(names, "held", 80, more=True)]
    assert there == ["picture", "sound", "light", "text", "other", ""]
