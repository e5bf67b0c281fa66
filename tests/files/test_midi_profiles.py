"""The MIDI profiles say what their makers' pages say, and a wrong one is told what is wrong."""

import pytest

from stagectl.core.control import Sign
from stagectl.files.load import load_profile
from stagectl.files.read import Reading

# Korg: the factory scene of the nanoKONTROL2, channel 1
NANO = {
    "fader.1": 0, "fader.8": 7, "knob.1": 16, "knob.8": 23, "solo.1": 32, "solo.8": 39,
    "mute.1": 48, "mute.8": 55, "record.1": 64, "record.8": 71, "play": 41, "stop": 42,
    "rewind": 43, "forward": 44, "record": 45, "cycle": 46, "track previous": 58,
    "track next": 59, "marker.set": 60, "marker.previous": 61, "marker.next": 62,
}  # fmt: skip

# Behringer: factory presets of the X-Touch Mini on channel 11: what it says, what its lamp hears
MINI = {
    "knob.1": (("cc", 1), ("cc", 9)), "knob.8": (("cc", 8), ("cc", 16)),
    "knob.1.push": (("note", 0), None), "knob.8.push": (("note", 7), None),
    "upper.1": (("note", 8), ("note", 0)), "upper.8": (("note", 15), ("note", 7)),
    "lower.1": (("note", 16), ("note", 8)), "lower.8": (("note", 23), ("note", 15)),
    "fader": (("cc", 9), None), "b.fader": (("cc", 10), None),
    "b.knob.1": (("cc", 11), None), "b.knob.8": (("cc", 18), None),
    "b.knob.1.push": (("note", 24), None), "b.knob.8.push": (("note", 31), None),
    "b.upper.1": (("note", 32), None), "b.lower.8": (("note", 47), None),
}  # fmt: skip


def test_the_nanokontrol2_says_what_korg_says():
    profile = load_profile("nanokontrol2")
    assert profile.probe == "identity"
    for name, number in NANO.items():
        control = profile.control(name)
        assert control is not None, name
        assert control.sign == Sign("cc", 0, number), name
        lit = name.partition(".")[0] in ("solo", "mute", "record", "play", "stop", "rewind",
                                         "forward", "cycle")  # fmt: skip
        assert control.lamp == (control.sign if lit else None), name
        assert (control.off, control.on) == (0, 127)
    every = [control.sign for pattern in profile.controls for control in pattern.every()]
    assert len(every) == len(set(every)) == 51


def test_the_x_touch_mini_says_what_behringer_says():
    profile = load_profile("x-touch-mini")
    for name, (sign, lamp) in MINI.items():
        control = profile.control(name)
        assert control is not None, name
        assert control.sign == Sign(sign[0], 10, sign[1]), name
        assert control.lamp == (Sign(lamp[0], 10, lamp[1]) if lamp else None), name
    assert (profile.control("knob.1").off, profile.control("knob.1").on) == (1, 13)
    assert (profile.control("upper.1").on, profile.control("upper.1").relit) == (1, True)
    every = [control.sign for pattern in profile.controls for control in pattern.every()]
    assert len(every) == len(set(every)) == 2 * (8 + 8 + 16 + 1)


def test_in_mc_mode_the_x_touch_mini_is_a_mackie_control():
    profile = load_profile("x-touch-mini-mc")
    rows = {"upper": (89, 90, 40, 41, 42, 43, 44, 45), "lower": (87, 88, 91, 92, 86, 93, 94, 95)}
    for row, notes in rows.items():
        for number, note in enumerate(notes, start=1):
            control = profile.control(f"{row}.{number}")
            assert control is not None
            assert control.sign == control.lamp == Sign("note", 0, note)
    assert profile.control("knob.8.push").sign == Sign("note", 0, 39)
    assert profile.control("fader").sign == Sign("bend", 8)


@pytest.mark.parametrize("name", ["generic-midi", "nanokontrol2", "x-touch-mini"])
def test_a_control_is_found_by_its_name_and_listed_under_it(name):
    profile = load_profile(name)
    every = [control for pattern in profile.controls for control in pattern.every()]
    for control in every[:: max(len(every) // 100, 1)]:
        assert profile.control(control.name) == control
    for none in ("fader.0", "fader.9", "note.17.1", "note.1.128", "play.1", ""):
        assert profile.control(none) is None


MISTAKES = [
    ('controls: {a: {type: cc, address: "0"}}', "midi_address"),
    ('controls: {a: {type: cc, address: "16 0"}}', "midi_address"),
    ('controls: {a: {type: cc, address: "0 128"}}', "midi_address"),
    ("controls: {a: {type: cc, address: x}}", "midi_address"),
    ('controls: {a: {type: bend, address: "0 1"}}', "midi_address"),
    ('controls: {a: {type: sysex, address: "0 1"}}', "one_of"),
    ('controls: {a: {address: "0 1"}}', "missing_key"),
    ('controls: {a: {type: cc, address: "0 1", key: true, fader: true}}', "one_kind"),
    ('controls: {a: {type: cc, address: "0 1", on: 5}}', "lamp_range"),
    ('controls: {a: {type: cc, address: "0 1", lamp: true, on: 128}}', "lamp_range"),
    ('controls: {a: {type: cc, address: "0 {}"}}', "pattern"),
    ('controls: {"a.{0..128}": {type: cc, address: "0 {}"}}', "midi_address"),
    ('controls: {"a.{0..8}": {type: cc, address: "0 {-1}"}}', "midi_address"),
    ('parameters: {"a.{1..17}": {type: bend, address: "{-1}", unit: "%"}}', "midi_address"),
    ('parameters: {a: {type: cc, address: "0 1", choices: [soft, hard]}}', "midi_range"),
    ('parameters: {a: {type: cc, address: "0 1", words: {soft: 200}}}', "midi_range"),
    ('parameters: {a: {type: cc, address: "0 1", word: true}}', "midi_range"),
    ('parameters: {a: {type: cc, address: "0 1"}}', "midi_range"),
    ('parameters: {a: {type: cc, address: "0 1", text: true}}', "midi_range"),
    ('parameters: {a: {type: cc14, address: "0 32", unit: "%"}}', "midi_address"),
    ('verbs: {a: {type: msc, address: "9"}}', "midi_address"),
    ('verbs: {a: {type: msc, address: "01 F1"}}', "midi_address"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_a_mistake_in_a_midi_profile_is_told(text, code):
    reading = Reading()
    reading.profile_bytes("p", "p.yaml", f"driver: midi\n{text}\n".encode())
    assert code in [problem.code for problem in reading.told.problems]


@pytest.mark.parametrize(
    "text",
    [
        'parameters: {a: {type: cc, address: "0 1", unit: "%"}}',
        'parameters: {a: {type: cc, address: "15 127", switch: true, rest: off}}',
        'parameters: {"a.{1..4}": {type: cc, address: "0 {+5}", curve: [[-60, 0], [10, 127]]}}',
        'parameters: {a: {type: cc, address: "0 1", words: {soft: 0, hard: 127}}}',
        'parameters: {a: {type: program, address: "3", range: [0, 127]}}',
        'controls: {a: {type: note, address: "0 1", lamp: true, lamp_address: "1 2", on: 3}}',
        'verbs: {a: {type: msc, address: "10 01", argument: text or none}}',
    ],
)  # fmt: skip
def test_a_sound_midi_profile_is_taken(text):
    reading = Reading()
    assert reading.profile_bytes("p", "p.yaml", f"driver: midi\n{text}\n".encode()) is not None
    assert not reading.told.problems
