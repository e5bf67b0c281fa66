"""What a face is told once, it understands; nothing in it is a secret."""

import json
from dataclasses import replace

import pytest

from stagectl.core.model import Part
from stagectl.desk.playbill import playbill
from stagectl.panel.playbill import PartLine, read_playbill
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
