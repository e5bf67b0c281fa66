"""What a face is told once, it understands; nothing in it is a secret."""

import json
import math
from dataclasses import replace

import pytest

from stagectl.core.model import Device, Do, Part, Scene
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.desk.playbill import playbill
from stagectl.panel.playbill import PartLine, VerbLine, read_playbill
from tests.desk.house import book


@pytest.fixture
def the_book(tmp_path):
    return book(tmp_path, 9)


def test_a_panel_understands_what_it_is_given(the_book):
    plain = json.loads(json.dumps(playbill(the_book, guard=0.2), allow_nan=False))
    bill = read_playbill(plain)
    assert (bill.show, bill.venue) == ("Høytlesning", "Liten sal")
    assert [cue.number for cue in bill.cues] == ["1", "2", "3", "4"]
    assert bill.cues[1].fade == 2.0
    control = bill.controls["lamps.stage.level"]
    assert (control.kind, control.unit) == ("number", "%")
    assert bill.scenes == {"dark": "Mørkt"}


def test_a_panel_is_given_chapters_and_what_goes_together_in_a_group(the_book):
    parts = Part("Ned", {"lamps.house.level": 0.0}, fade=2.0), Part("Opp", wait=1.5)
    cues = [replace(cue, chapter="", group=()) for cue in the_book.show.cues]
    cues[2] = replace(cues[2], chapter="Del 2 – «Sne»", group=parts)
    told = replace(the_book, show=replace(the_book.show, cues=tuple(cues)))
    bill = read_playbill(json.loads(json.dumps(playbill(told, guard=0.5))))
    assert [cue.chapter for cue in bill.cues] == ["", "", "Del 2 – «Sne»", ""]
    assert bill.cues[2].group == (PartLine("Ned", 2.0, 0.0), PartLine("Opp", 0.0, 1.5))
    assert [bill.chapter(cue.number) for cue in bill.cues] == [None, None, (2, 4), (2, 4)]


def test_what_a_panel_is_given_holds_no_secret_and_no_address(tmp_path):
    told = json.dumps(playbill(book(tmp_path, 9, secret="lamps-password"), guard=0.5))
    assert "lamps-password" not in told
    assert "127.0.0.1" not in told


def test_a_name_alone_means_the_profiles_main_parameter(the_book):
    controls = playbill(the_book, guard=0.5)["parameters"]
    assert controls["lamps.stage.level"]["main"] is True


def _told(the_book):
    return json.loads(json.dumps(playbill(the_book, guard=0.5), allow_nan=False))


def test_a_panel_is_given_a_scenes_look_and_where_each_level_ends(the_book):
    look = {"lamps.stage.level": 30.0, "lamps.sound.level": -math.inf}
    wires = dict(the_book.wires) | {"lamps.sound.level": Wire("number", unit="dB")}
    venue = replace(the_book.venue, scenes={"dim": Scene("dim", "Dempet", look)})
    bill = read_playbill(_told(replace(the_book, venue=venue, wires=wires)))
    assert bill.looks == {"dim": look}
    stage, sound = bill.controls["lamps.stage.level"], bill.controls["lamps.sound.level"]
    assert (stage.low, stage.high) == (0.0, 100.0)
    assert (sound.low, sound.high) == (-math.inf, math.inf)


def test_a_panel_is_given_every_picture_that_the_venue_and_the_show_put_once(the_book):
    wires = dict(the_book.wires) | {
        "lamps.program": Wire("word", among="scenes"),
        "lamps.input": Wire("word", words=(("hdmi 1", 31), ("hdmi 2", 32))),
    }
    scene = Scene("dark", "Mørkt", {"lamps.program": "Venteskjerm"})
    shots = ("Samtale", "Venteskjerm", "Film", "Samtale")
    cues = tuple(
        replace(cue, sets={**cue.sets, "lamps.program": shot})
        for cue, shot in zip(the_book.show.cues, shots, strict=True)
    )
    part = Part("Inn", {"lamps.program": "Talerstol"})
    cues = (*cues[:3], replace(cues[3], group=(part,)))
    show = replace(the_book.show, cues=cues, base={**the_book.show.base, "lamps.program": "Svart"})
    venue = replace(the_book.venue, scenes={"dark": scene})
    bill = read_playbill(_told(replace(the_book, show=show, venue=venue, wires=wires)))
    shown = bill.controls["lamps.program"].words
    assert shown == ("Svart", "Venteskjerm", "Samtale", "Film", "Talerstol")
    assert bill.controls["lamps.input"].words == ("hdmi 1", "hdmi 2")


def test_verbs_are_told_once_however_many_devices_have_them(the_book):
    verbs = {
        "play": Verb("play", "text"),
        "recall": Verb("recall", "number"),
        "record": Verb("record", "one of", ("start", "stop"), latch="restore"),
    }
    players = [f"player {n}" for n in range(40)]
    profiles = {**the_book.profiles} | {p: Profile("player", "osc", verbs=verbs) for p in players}
    devices = {**the_book.venue.devices} | {p: Device(p, "player", public=True) for p in players}
    cues = list(the_book.show.cues)
    cues[0] = replace(cues[0], dos=(Do("player 3", "play", "Introfilm"),))
    told = _told(
        replace(
            the_book,
            show=replace(the_book.show, cues=tuple(cues)),
            venue=replace(the_book.venue, devices=devices),
            profiles=profiles,
        )
    )
    assert json.dumps(told).count('"recall"') == 1
    bill = read_playbill(told)
    record = VerbLine("record", "one of", ("start", "stop"), latch=True)
    plain = (VerbLine("play", "text"), VerbLine("recall", "number"), record)
    assert bill.verbs["player 0"] == plain
    assert bill.verbs["player 3"][0] == VerbLine("play", "text", ("Introfilm",))
    assert bill.verbs["lamps"] == ()
    assert bill.public == frozenset(players)


def test_ten_thousand_cues_of_one_venue_make_the_rest_of_the_book_no_larger(the_book):
    def rest(book):
        told = _told(book)
        return len(json.dumps({part: told[part] for part in told if part != "cues"}))

    many = tuple(replace(the_book.show.cues[0], number=str(n)) for n in range(10_000))
    assert rest(replace(the_book, show=replace(the_book.show, cues=many))) == rest(the_book)
