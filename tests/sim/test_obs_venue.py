"""The simulated OBS has what its venue and its shows name, and nothing that they do not."""

from pathlib import Path

import pytest

from stagectl.core.model import Cue, Device, Do, Show
from stagectl.files.load import load_show
from stagectl.sim.obs import Obs
from stagectl.sim.obs_collection import COLOUR, MEDIA, SOUND, TEXT
from stagectl.sim.obs_venue import Film, collection_for
from stagectl.sim.plan import LASTS, Plan
from tests.sim.conftest import BOOK

ROOT = Path(__file__).parents[2]


def made(*named, films=(), names=None, resting=()):
    return collection_for(named, films, names=names or {}, resting=resting)


def items(collection, scene):
    return [item.source for item in collection.scenes[scene].items if "farge" not in item.source]


def test_a_program_names_a_scene_and_the_first_is_on():
    collection = made(("program", "Én"), ("program", "To"), ("program", "Én"))
    assert list(collection.scenes) == ["Én", "To"]
    assert collection.program == "Én"


def test_every_scene_has_a_colour_of_its_own():
    collection = made(*(("program", f"Scene {n}") for n in range(8)))
    colours = [collection.inputs[f"Scene {n} – farge"].setting("color") for n in range(8)]
    assert len(set(colours)) == 8


def test_an_item_is_in_its_scene_and_the_scene_exists():
    collection = made(("Samtale/Tolk.on", True))
    assert items(collection, "Samtale") == ["Tolk"]
    assert collection.inputs["Tolk"].kind == COLOUR


def test_a_scene_can_be_an_item_of_another():
    collection = made(("program", "Panel"), ("program", "Samtale"), ("Panel/Samtale.on", True))
    assert "Samtale" in items(collection, "Panel")
    assert "Samtale" not in collection.inputs


def test_a_text_in_no_item_is_everywhere_but_where_the_stage_rests():
    collection = made(
        ("program", "Vent"), ("program", "Samtale"), ("Navn.text", ""), resting=["Vent"]
    )
    assert collection.inputs["Navn"].kind == TEXT
    assert items(collection, "Vent") == []
    assert items(collection, "Samtale") == ["Navn"]


def test_a_text_that_is_an_item_somewhere_is_only_there():
    collection = made(("program", "Film"), ("Samtale/Navn.on", True), ("Navn.text", ""))
    assert items(collection, "Film") == []
    assert items(collection, "Samtale") == ["Navn"]
    assert collection.inputs["Navn"].kind == TEXT


def test_a_microphone_is_heard_everywhere():
    collection = made(("program", "Samtale"), ("Mikrofon.level", -5.0), ("Mikrofon.on", True))
    assert collection.inputs["Mikrofon"].kind == SOUND
    assert collection.inputs["Mikrofon"].everywhere


def test_an_obs_without_microphones_has_the_one_every_obs_has():
    assert made(("program", "Samtale"), ("master.on", True)).inputs["Mic/Aux"].everywhere


def test_a_film_is_where_it_is_played_and_lasts_as_long_as_it_is_given():
    collection = made(
        ("program", "Vent"), ("program", "Kino"), films=[Film("Kino", "Introfilm", 48.0)]
    )
    assert items(collection, "Kino") == ["Introfilm"]
    film = collection.inputs["Introfilm"]
    assert (film.kind, film.seconds) == (MEDIA, 48.0)
    assert film.setting("restart_on_activate") is False


def test_a_film_of_a_scenes_name_cannot_be_and_hurts_nobody():
    assert "Film" not in made(("program", "Film"), films=[Film("Film", "Film", 9.0)]).inputs


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Cut", "cut_transition"), ("Kutt", "cut_transition"), ("Langsom", "fade_transition")],
)
def test_a_transition_that_is_named_is_there(word, kind):
    assert made(("transition", word)).transitions[word] == kind


def test_the_venues_name_for_a_thing_becomes_obs_own():
    names = {"talk": "Prof. Dahl / hovedscene", "cam": "Kamera 1.2"}
    collection = made(("program", "talk"), ("talk/cam.on", True), names=names)
    assert list(collection.scenes) == ["Prof. Dahl / hovedscene"]
    assert items(collection, "Prof. Dahl / hovedscene") == ["Kamera 1.2"]


def test_a_films_length_is_the_cues_follow_or_its_length_or_a_guess():
    def lasts(**cue):
        show = Show("", (Cue("1", dos=(Do("obs", "play", "F"),), **cue),), base=BOOK.venue.base)
        plan = Plan(type(BOOK)(show, BOOK.venue), "", 0)
        return next(plan._films("obs")).seconds

    assert lasts(follow=48.0, length=60.0) == 48.0
    assert lasts(length=60.0) == 60.0
    assert lasts() == LASTS


def test_a_device_nothing_stands_for_is_none():
    venue = type(BOOK.venue)("v", {"keys": Device("keys", "generic-midi")})
    assert Plan(venue, "", 0).make("keys", Path()) is None


@pytest.mark.parametrize("path", sorted((ROOT / "cues").glob("*.yaml")), ids=lambda p: p.stem)
def test_the_example_shows_find_on_the_simulated_obs_everything_they_name(path):
    book = load_show(path)
    obs = Plan(book, "", 0).make("obs", Path())
    assert isinstance(obs, Obs)
    collection = obs._saved
    for parameter, wire in book.wires.items():
        if not parameter.startswith("obs."):
            continue
        match wire.type:
            case "item":
                scene, source = wire.address.split("\n")
                assert source in items(collection, scene), parameter
            case "mute" | "volume" | "text":
                assert wire.address in collection.inputs, parameter
    for cue in book.show.cues:
        if "obs.program" in cue.sets:
            assert cue.sets["obs.program"] in collection.scenes
        for do in cue.dos:
            if do.verb == "play":
                assert collection.inputs[do.argument].kind == MEDIA
