"""Of a sound profile nothing is said; each thing that can be wrong is, with its place."""

import pytest

from stagectl.files.prove import prove_bytes, prove_profile
from tests.core.test_profiles import FOLDER, NAMES

HEAD = 'driver: osc\nsource: "a page"\nprobe: /info\n'
FADER = "{unit: dB, type: f, curve: [[-60, 0], [0, 1]]"


def problems(text):
    """What is said of a profile: its code, and the line it stands in."""
    return [(p.code, p.place.line) for p in prove_bytes("it.yaml", text.encode()).problems]


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_profile_is_sound(name):
    proof = prove_profile(name, FOLDER)
    assert proof.holds
    # generic OSC is any device: whether it can be asked, nobody knows
    assert [p.code for p in proof.problems] == ["no_sign_of_life"] * (name == "generic-osc")


@pytest.mark.parametrize(
    ("parameters", "code", "line"),
    [
        # a level of a hundred steps on a wire that has two
        ('  a.level: {unit: "%", address: /a, type: i, curve: [[0, 0], [9, 1]]}', "comes_back", 5),
        # … and on one that has one bit
        ('  a.level: {unit: "%", address: /a, type: T}', "comes_back", 5),
        # more steps than the wire has whole numbers
        ("  a.value: {range: [0, 9], steps: 90, address: /a, type: i}", "comes_back", 5),
        # it rests at what the device rounds to something else
        ("  a.value: {address: /a, type: i, rest: 2.5}", "comes_back", 5),
        ("  a.name: {text: true, address: /a, type: f}", "unsayable", 5),
        ("  a.on: {switch: true, words: {on: 1}, address: /a, type: i}", "unsayable", 5),
        # silence is no number, and without a curve nothing stands for it
        ("  a.level: {unit: dB, range: [-60, 10], address: /a, type: f}", "unsayable", 5),
        ("  a.mode: {words: {one: 1, two: 1}, address: /a, type: i}", "words_same", 5),
        ("  a.on: {switch: true, words: {on: 1, off: 1}, address: /a, type: i}", "words_same", 5),
        ("  a.{1..4}.on: {switch: true, address: /a, type: i}", "same_address", 5),
        (f"  a.level: {FADER}, address: /a}}\n  b.level: {FADER}, address: /a}}",
         "same_address", 6),
        (f"  a.level: {FADER}, address: /a}}\n  a.on: {{switch: true, address: /a, type: i}}",
         "same_address", 6),
        (f"  a.{{1..4}}.level: {FADER}, address: '/a/{{}}'}}\n  a.2.level: {FADER}, address: /b}}",
         "hidden", 6),
        ("  a.on: {switch: true, address: /a 1, type: i, read: true}", "asked_with_arguments", 5),
    ],
)  # fmt: skip
def test_a_parameter_that_the_device_would_not_understand_is_said(parameters, code, line):
    assert problems(f"{HEAD}parameters:\n{parameters}\n") == [(code, line)]


@pytest.mark.parametrize(
    "parameter",
    [
        f"a.level: {FADER}, address: /a, steps: 100, rest: -inf dB}}",
        'a.level: {unit: "%", address: /a, type: i, curve: [[0, 0], [100, 255]], steps: 255}',
        "a.value: {address: /a, type: i}",
        "a.value: {range: [-3, 3], address: /a, type: s}",
        "a.on: {switch: true, words: {on: 0, off: 1}, address: /a, type: i}",
        "a.mode: {choices: [slow, fast], address: /a, type: s, rest: slow}",
        "a.{1..4}.{1..4}.on: {switch: true, address: '/a/{}/{}', type: T}",
        "bus.{0..9}: {range: [0, 1], address: '/c_set {}', type: f}",
    ],
)
def test_of_a_parameter_that_it_would_nothing_is_said(parameter):
    assert problems(f"{HEAD}parameters:\n  {parameter}\n") == []


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("recall: {argument: number, address: /go}", "argument_lost"),
        ("recall: {argument: text, address: /go, type: i}", "argument_lost"),
        ("recall: {argument: number, address: /go, type: T}", "argument_lost"),
        ("recall: {type: i}", "osc_address"),
        ("recall: {address: /go, type: float}", "one_of"),
    ],
)
def test_a_verb_that_cannot_be_said_is_said(verb, code):
    text = f"{HEAD}parameters:\n  a.on: {{switch: true, address: /a, type: i}}\nverbs:\n  {verb}\n"
    assert problems(text) == [(code, 7)]


@pytest.mark.parametrize(
    "verb",
    [
        "recall: {address: /go, type: i}",
        "recall: {address: /load scene, type: i}",
        "press: {argument: number, address: '/button/{}', type: f, pulse: true}",
        "say: {argument: text, address: '/{}'}",
        "home: {address: /home}",
    ],
)
def test_of_a_verb_that_can_nothing_is_said(verb):
    verb = verb.replace("'/{}'", "'/say/{}'")
    text = f"{HEAD}parameters:\n  a.on: {{switch: true, address: /a, type: i}}\nverbs:\n  {verb}\n"
    assert problems(text) == []


def test_two_controls_that_say_the_same_are_said():
    text = 'driver: midi\nsource: "a page"\ncontrols:\n'
    text += '  fader.{1..8}: {type: cc, address: "0 {-1}", fader: true}\n'
    text += '  knob.{1..8}: {type: cc, address: "0 {+6}", fader: true}\n'
    assert problems(text) == [("same_address", 5)]
    assert problems(text.replace("+6", "+7")) == []


def test_evidence_of_a_restart_that_is_never_read_is_said():
    text = f"{HEAD}restart: {{power_on: {{a.on: off}}}}\nparameters:\n"
    text += "  a.on: {switch: true, address: /a, type: i}\n"
    assert problems(text) == [("unread_evidence", 4)]


def test_a_profile_of_unknown_origin_or_without_a_sign_of_life_is_warned_of():
    proof = prove_bytes(
        "it.yaml", b"driver: osc\nparameters: {a.on: {switch: true, address: /a, type: i}}\n"
    )
    assert proof.holds
    assert [(p.code, p.severity) for p in proof.problems] == [
        ("no_source", "warning"), ("no_sign_of_life", "warning"),
    ]  # fmt: skip


def test_a_file_that_is_wrong_in_shape_is_not_proved_but_told():
    proof = prove_bytes("it.yaml", b"driver: osk\nparameters: {a.on: {swich: true}}\n")
    assert not proof.holds
    assert {p.code for p in proof.problems} >= {"one_of", "unknown_key"}
