"""The ways in: a show, a venue, a profile, or a file that must first be looked at."""

import gc
import unicodedata
from pathlib import Path

import pytest

from stagectl.files.load import Mistakes, check_file, load_profile, load_show, load_venue
from tests.files.house import SHOW, VENUE, House

CUES = "  - {cue: 1, scene: holding}\n"


def test_a_venue_by_itself_is_a_book_without_cues(house: House):
    book = load_venue(house.root / "scenes/sal.yaml", {"mixer": "127.0.0.1:7"})
    assert (book.show.cues, book.venue.name) == ((), "Prøvesalen")
    assert book.venue.devices["mixer"].at == "127.0.0.1:7"
    assert book.venue.scenes["holding"].label == "Straks tilbake"
    assert (book.venue.safe, book.venue.cover) == ("holding", "cover")
    assert set(book.wires) == set(book.show.base) == set(book.venue.base)


def test_another_venue_can_be_named(house: House):
    other = house.write("scenes/annen.yaml", VENUE.replace("Prøvesalen", "Et annet sted"))
    path = house.write("cues/kveld.yaml", SHOW + CUES)
    assert load_show(path).venue.name == "Prøvesalen"
    assert load_show(path, other).venue.name == "Et annet sted"
    assert load_show(path, other).venue_path == str(other)


def test_a_venue_is_found_from_a_folder_further_in(house: House):
    (house.root / "cues/templates").mkdir()
    path = house.write("cues/templates/mal.yaml", SHOW + CUES)
    assert load_show(path).venue.name == "Prøvesalen"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_venues_file_is_found_however_the_disk_spells_it(house: House, form):
    name = unicodedata.normalize(form, "scenes/Årnes på.yaml")
    house.write(name, VENUE)
    path = house.write("cues/kveld.yaml", SHOW.replace("venue: sal", "venue: Årnes på") + CUES)
    assert load_show(path).venue.name == "Prøvesalen"


def test_mistakes_carry_every_problem(house: House):
    path = house.write("cues/feil.yaml", SHOW + "  - {cue: en}\n  - {cue: 2, fade: 90}\n")
    with pytest.raises(Mistakes) as mistakes:
        load_show(path)
    assert [p.code for p in mistakes.value.problems] == ["cue_number", "no_unit"]
    assert str(mistakes.value) == "cue_number, no_unit"


def test_a_file_that_is_not_there_is_told(house: House):
    with pytest.raises(Mistakes) as mistakes:
        load_show(house.root / "cues/borte.yaml")
    assert [p.code for p in mistakes.value.problems] == ["unreadable"]
    assert [p.code for p in check_file(house.root)] == ["unreadable"]


def test_a_file_is_checked_as_what_it_is(house: House):
    show = house.write("cues/kveld.yaml", SHOW + CUES)
    assert [p.code for p in check_file(show)] == ["unreached"]
    assert check_file(house.root / "scenes/sal.yaml") == ()
    assert check_file(house.root / "scenes/profiles/desk.yaml") == ()
    venue = house.write("scenes/sal.yaml", VENUE.replace("safe: holding", "safe: hold"))
    assert [p.code for p in check_file(venue)] == ["overlay_scene"]
    profile = house.write("scenes/profiles/desk.yaml", "driver: ocs\n")
    assert [p.code for p in check_file(profile)] == ["one_of"]


def test_places_are_named_from_where_one_stands(house: House, monkeypatch: pytest.MonkeyPatch):
    path = house.write("cues/feil.yaml", SHOW + "  - {cue: 1, fade: 90}\n")
    monkeypatch.chdir(house.root)
    assert {p.place.file for p in check_file(Path("cues/feil.yaml"))} == {
        str(Path("cues/feil.yaml"))
    }
    monkeypatch.chdir(house.root / "scenes")
    assert {p.place.file for p in check_file(path)} == {str(path)}


def test_the_same_files_have_one_digest_wherever_they_stand(house: House, tmp_path_factory):
    other = House(tmp_path_factory.mktemp("elsewhere"))
    one = load_show(house.write("cues/kveld.yaml", SHOW + CUES))
    same = load_show(other.write("cues/kveld.yaml", SHOW + CUES))
    changed = load_show(other.write("cues/kveld.yaml", SHOW + CUES + "# mer\n"))
    assert one.digest == same.digest != changed.digest


def test_loading_leaves_the_collector_as_it_was(house: House):
    path = house.write("cues/kveld.yaml", SHOW + CUES)
    assert gc.isenabled()
    load_show(path, cached=False)
    assert gc.isenabled()
    gc.disable()
    try:
        load_show(path, cached=False)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_profile_by_name(house: House):
    assert load_profile("light", house.root / "scenes").port == 7700
    assert load_profile("behringer-x32").port == 10023
