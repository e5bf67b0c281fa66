"""What a venue's `controls:` may say, and every mistake in them with its cure, in two languages."""

import pytest

from stagectl.core.controls import Act, Fire, Obey, Ride, Say
from stagectl.core.model import Do
from stagectl.files.load import Mistakes, check_file, load_show, load_venue
from stagectl.words import tongue
from stagectl.words.problems import block
from tests.files.house import House

HEAD = """\
venue: Salen
devices:
  mixer: {profile: behringer-x32, at: 127.0.0.1, names: {host: ch.1}}
  obs: {profile: obs-studio, at: 127.0.0.1}
  keys: {profile: nanokontrol2, at: "midi:nano"}
  foot: {profile: generic-midi, at: "midi:Pedal", names: {pedal: note.1.60}}
  console: {profile: midi-show-control, at: "midi:Console?device=5&format=sound"}
base: {obs.program: Pause}
scenes: {holding: {set: {obs.program: Pause}}}
safe: holding
cover: holding
"""


@pytest.fixture
def venue(house: House):
    """Return what a venue's controls are, or the mistakes in them."""

    def written(lines: str, head: str = HEAD):
        return house.write("scenes/hall.yaml", f"{head}controls:\n{lines}")

    return written


def deeds(path) -> dict[str, object]:
    return {f"{line.device} {line.name}": line.deed for line in load_venue(path).controls}


def test_every_deed_there_is(venue):
    path = venue("""\
  keys:
    play: go
    stop: safe
    record: cover
    cycle: release
    rewind: back
    track next: next
    track previous: previous
    forward: cue 2,5
    fader.8: mixer.host.level
    mute.1: mixer.host
    solo.1: {set: {obs.program: Kamera, mixer.host: on}, do: [obs.record: start]}
  foot: {pedal: go, cc.16.127: back, bend.2: mixer.host.level}
  console: {msc: 5}
""")
    assert deeds(path) == {
        "keys play": Say("go"), "keys stop": Say("safe"), "keys record": Say("cover"),
        "keys cycle": Say("release"), "keys rewind": Say("back"), "keys track next": Say("next"),
        "keys track previous": Say("previous"), "keys forward": Fire("2.5"),
        "keys fader.8": Ride("mixer.host.level"), "keys mute.1": Ride("mixer.host.on"),
        "keys solo.1": Act(
            {"obs.program": "Kamera", "mixer.host.on": True}, (Do("obs", "record", "start"),)
        ),
        "foot pedal": Say("go"), "foot cc.16.127": Say("back"),
        "foot bend.2": Ride("mixer.host.level"), "console msc": Obey(5),
    }  # fmt: skip


def test_what_a_control_rides_is_known_to_the_desk(venue):
    book = load_venue(venue("  keys: {fader.1: mixer.ch.17.level}\n"))
    assert "mixer.ch.17.level" in book.wires
    assert "mixer.ch.17.level" in book.show.base


MISTAKES = [
    ("keys: {paly: go}", "unknown_control", "did you mean play?"),
    ("keys: {fader.9: mixer.host.level}", "unknown_control", "did you mean fader.8?"),
    ("keys: {play: goo}", "unknown_deed", "did you mean go?"),
    ("keys: {fader.1: mixer.hots.level}", "unknown_deed", "did you mean mixer.host.level?"),
    ("keys: {play: cue tolv}", "unknown_deed", "write go, back, next"),
    ("keys: {play: mixer.host.level}", "wants_fader", "take a fader for it"),
    ("keys: {fader.1: go}", "wants_key", "take a key for it"),
    ("keys: {fader.1: mixer.host}", "wants_key", "take a key for it"),
    ("keys: {play: obs.program}", "no_travel", "write {set: {obs.program: value}}"),
    ("keys: {play: {do: [obs.recrod: start]}}", "unknown_verb", "did you mean obs.record?"),
    ("keys: {play: {set: {mixer.hots: on}}}", "unknown_name", "did you mean mixer.host?"),
    ("keys: {play: {fire: 1}}", "unknown_key", "what can stand here: set, do"),
    ("keys: {play: [go]}", "not_text", ""),
    ("keys: {play: }", "empty", ""),
    ("mixer: {fader.1: go}", "no_controls", "controls: is for MIDI controllers"),
    ("kyes: {play: go}", "controls_device", "did you mean keys?"),
    ("console: {msc: 112}", "msc_device", "a number from 0 to 111, or all"),
    ("console: {msc: go}", "msc_device", "a number from 0 to 111, or all"),
]


@pytest.mark.parametrize(("line", "code", "cure"), MISTAKES)
def test_a_mistake_is_told_with_its_cure(venue, line, code, cure):
    problems = check_file(venue(f"  {line}\n"))
    errors = [p for p in problems if p.severity == "error"]
    assert [p.code for p in errors] == [code]
    place = errors[0].place
    assert place.source == f"  {line}", "the caret is under the line itself"
    with tongue.speaking("en"):
        assert cure in block(errors[0])
    with tongue.speaking("nb"):
        bokmal = block(errors[0])
    with tongue.speaking("en"):
        assert bokmal.splitlines()[0] != block(errors[0]).splitlines()[0], "it speaks bokmål too"


def test_a_key_for_a_cue_that_this_show_has_not_is_a_warning(venue, house: House):
    venue("  keys: {cycle: cue 12, play: cue 1}\n")
    show = house.write(
        "cues/s.yaml",
        "show: S\ndate: 2026-11-28\nvenue: hall\ncues: [{cue: 1, set: {obs.program: Pause}}]\n",
    )
    warned = [p for p in check_file(show) if p.code == "control_cue"]
    assert [(p.severity, p.data["cue"]) for p in warned] == [("warning", "12")]
    assert len(load_show(show, cached=False).controls) == 2


@pytest.mark.parametrize(
    ("do", "code"),
    [
        ("console.go: 12.5 2", ""), ("console.go", ""), ("console.fire: 127", ""),
        ("console.go: tolv", "msc_cue"), ("console.load", "needs_argument"),
        ("console.fire: 128", "argument_number"), ("console.fire: 1.5", "argument_number"),
        ("foot.program: 300", "argument_number"), ("foot.program 16: 3", ""),
        ("console.reset: 1", "no_argument"),
    ],
)  # fmt: skip
def test_what_midi_can_do_is_known_before_it_is_said(venue, do, code):
    problems = check_file(venue(f"  keys: {{play: {{do: [{do}]}}}}\n"))
    assert [p.code for p in problems if p.severity == "error"] == ([code] if code else [])


@pytest.mark.parametrize(
    ("at", "is_one"),
    [
        ("midi:nanoKONTROL2", True), ("midi-jack:x", True), ("midi-socket:127.0.0.1:9080", True),
        ("midi-socket:[::1]:9080", True), ("midi:Bord?device=all", True),
        ("midi:Bord?device=111&format=moving lights", True), ("midi:", False), ("midi: ", False),
        ("midi-socket:9080", False), ("midi:Bord?device=112", False), ("127.0.0.1", False),
        ("midi:Bord?format=røyk", False), ("midi:Bord?", True), ("midi:Bord?x=1", False),
    ],
)  # fmt: skip
def test_an_address_on_midi(venue, at, is_one):
    head = HEAD.replace("midi:Pedal", at)
    problems = [p for p in check_file(venue("  keys: {play: go}\n", head)) if p.severity == "error"]
    assert [p.code for p in problems] == ([] if is_one else ["bad_address"])


def test_a_venue_with_a_mistake_in_its_controls_is_not_started(venue):
    with pytest.raises(Mistakes):
        load_venue(venue("  keys: {paly: go}\n"))
