"""Changes are said the way they are said in the booth."""

import math

import pytest

from stagectl.core.wire import Wire
from stagectl.words import plain, tongue

LEVEL = Wire("number", unit="dB")
LIGHT = Wire("number", unit="%")
ON = Wire("switch")
WORD = Wire("word")
TEXT = Wire("text")

SAID = [
    ("obs.program", None, "Samtale", WORD, "Camera: Samtale", "Kamera: Samtale"),
    ("mixer.guest.on", False, True, ON, "Guest microphone on", "Mikrofon gjest på"),
    ("mixer.guest 2.on", True, False, ON, "Guest 2 microphone off", "Mikrofon gjest 2 av"),
    ("lights.house", 80.0, 20.0, LIGHT, "House down to 20 %", "Salen ned til 20 %"),
    ("lights.house", 20.0, 80.0, LIGHT, "House up to 80 %", "Salen opp til 80 %"),
    ("lights.house", None, 80.0, LIGHT, "House at 80 %", "Salen: 80 %"),
    (
        "lights.interpreter", 0.0, 70.0, LIGHT,
        "Interpreter light up to 70 %", "Tolkelyset opp til 70 %",
    ),
    (
        "mixer.interpreter.level", -math.inf, -2.5, LEVEL,
        "Interpreter microphone up to −2.5 dB", "Mikrofon tolk opp til −2,5 dB",
    ),
    (
        "mixer.playback.level", -12.0, -math.inf, LEVEL,
        "Playback down to −∞ dB", "Avspilling ned til −∞ dB",
    ),
    ("obs.Samtale/Tolk.on", False, True, ON, "Tolk in Samtale on", "Tolk i Samtale på"),
    (
        "obs.Navn.text", "", "Kari Ødegård", TEXT,
        "Text Navn: “Kari Ødegård”", "Teksten Navn: «Kari Ødegård»",
    ),
    ("obs.Navn.text", "Kari", "", TEXT, "Text Navn empty", "Teksten Navn tom"),
    (
        "obs.master.on", True, False, ON,
        "Sound of stream and recording off", "Lyden på strøm og opptak av",
    ),
    ("fog.haze.value", None, 3.0, Wire("number"), "Fog haze value at 3", "Fog haze value: 3"),
    ("lights.level.7", None, 5.0, LIGHT, "Lights level 7 at 5 %", "Lights level 7: 5 %"),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "before", "after", "wire", "english", "norwegian"), SAID)
def test_a_change_in_both_languages(parameter, before, after, wire, english, norwegian):
    assert plain.change(parameter, before, after, wire) == english
    with tongue.speaking("nb"):
        assert plain.change(parameter, before, after, wire) == norwegian


def test_what_go_does_is_one_line_the_picture_first():
    sorts = {"lights.house": LIGHT, "mixer.guest.on": ON, "obs.program": WORD}
    wanted: list[plain.Change] = [
        ("lights.house", 80.0, 20.0),
        ("mixer.guest.on", False, True),
        ("obs.program", "Venteskjerm", "Samtale"),
    ]
    said = "Camera: Samtale · Guest microphone on · House down to 20 %"
    assert plain.sentence(wanted, sorts) == said
    with tongue.speaking("nb"):
        said = "Kamera: Samtale · Mikrofon gjest på · Salen ned til 20 %"
        assert plain.sentence(wanted, sorts) == said


def test_three_microphones_that_go_alike_are_said_together():
    names = ["host", "guest", "guest 2"]
    sorts = {f"mixer.{n}.on": ON for n in names}
    wanted = [(p, True, False) for p in sorts]
    assert plain.changes(wanted, sorts) == ("Microphones off: host, guest, guest 2",)
    with tongue.speaking("nb"):
        assert plain.changes(wanted, sorts) == ("Mikrofoner av: vert, gjest, gjest 2",)


def test_dos():
    assert plain.do("obs", "record", "start") == "Start the recording"
    assert plain.do("obs", "play", "Introfilm") == "Play Introfilm"
    assert plain.do("mixer", "recall", "7") == "Mixer: recall 7"


@pytest.mark.parametrize(
    ("value", "english", "norwegian"),
    [
        (-2.5, "−2.5", "−2,5"),
        (0.0, "0", "0"),
        (-0.001, "0", "0"),
        (-math.inf, "−∞", "−∞"),
        (100.0, "100", "100"),
        (math.nan, "?", "?"),
    ],
)
def test_numbers(value, english, norwegian):
    assert plain.number(value) == english
    with tongue.speaking("nb"):
        assert plain.number(value) == norwegian


@pytest.mark.parametrize(
    ("length", "said"), [(2.5, "2.5 s"), (900.0, "15 min"), (3900.0, "1:05:00"), (90.0, "0:01:30")]
)
def test_lengths_are_written_as_in_a_show(length, said):
    assert plain.seconds(length) == said


def test_what_people_typed_is_shown_whole_and_never_as_control():
    said = plain.change("obs.Navn.text", "", "[red]Kari\x1b[2J\u202e", TEXT)
    assert said == "Text Navn: “[red]Kari␛[2J<U+202E>”"
