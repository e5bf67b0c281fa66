"""A profile's every key is read as docs/profile-format.md says, and every mistake is told."""

import math
import re
from importlib import resources
from pathlib import Path

import pytest

from stagectl.core.profile import Keepalive, Verb
from stagectl.files.load import Mistakes, load_profile
from stagectl.files.profile_shapes import (
    ControlShape,
    KeepaliveShape,
    MeterShape,
    ParameterShape,
    ProfileShape,
    VerbShape,
)
from stagectl.files.read import Reading
from tests.files.house import House, found

HEAD = "driver: osc\nparameters:\n  "


def problems(text: str):
    reading = Reading()
    assert reading.profile_bytes("p", "p.yaml", text.encode()) is None
    return [found(p) for p in reading.told.problems]


def profile(text: str):
    reading = Reading()
    read = reading.profile_bytes("p", "p.yaml", text.encode())
    assert read is not None, [found(p) for p in reading.told.problems]
    return read


def test_a_profile_says_how_a_parameter_is_said(house: House):
    desk = load_profile("desk", house.root / "scenes")
    level = desk.wire("ch.3.level")
    assert level is not None
    assert (level.address, level.type, level.unit, level.low, level.high, level.steps) == (
        "/ch/03/mix/fader", "f", "dB", -90.0, 10.0, 1023,
    )  # fmt: skip
    assert level.rest == -math.inf
    assert level.encode(0.0) == pytest.approx(0.75)
    assert desk.main("ch.3") == "ch.3.on"
    assert desk.keepalive == Keepalive("/xremote", 8.0)
    assert desk.power_on[:2] == (("ch.1.level", -math.inf), ("ch.2.level", -math.inf))
    assert len(desk.power_on) == 32
    assert desk.verbs["recall"] == Verb("recall", "number", (), "/-action/goscene", "i")


def test_a_librarys_own_profile_wins_over_the_built_in_one(house: House):
    house.write("scenes/profiles/qlcplus.yaml", "driver: osc\nport: 1234\n")
    assert load_profile("qlcplus", house.root / "scenes").port == 1234
    assert load_profile("qlcplus").port != 1234


def test_a_profile_that_is_nowhere_is_told(house: House):
    with pytest.raises(Mistakes) as mistakes:
        load_profile("none", house.root / "scenes")
    assert [p.code for p in mistakes.value.problems] == ["no_profile"]


def test_words_switches_and_choices(house: House):
    read = profile(
        HEAD + "a: {switch: true, words: {on: 0, off: 1}, address: /a, type: i, rest: off}\n"
        "  b: {words: {Rød: 1, Grønn: 2}, address: /b, type: i, rest: rød}\n"
        "  c: {choices: [x, y], address: /c, type: s}\n"
    )
    a, b, c = (read.wire(path) for path in "abc")
    assert a is not None
    assert b is not None
    assert c is not None
    assert (a.encode(True), a.decode(1), a.rest) == (0, False, False)
    assert (b.encode("Grønn"), b.rest) == (2, "Rød")
    assert c.encode("y") == "y"


@pytest.mark.parametrize(
    ("parameter", "where"),
    [
        ("a: {address: /a, type: q}", ("one_of", 3, 3, 1)),
        ("a: {address: /a}", ("one_of", 3, 3, 1)),
        ("a: {address: a, type: f}", ("osc_address", 3, 3, 1)),
        ("a.{1..3}: {address: '/{}/{}', type: f}", ("pattern", 3, 3, 8)),
        ("a.{3..1}: {address: '/{}', type: f}", ("slots_fall", 3, 3, 8)),
        ("a.{1..x}: {address: '/{}', type: f}", ("pattern", 3, 3, 8)),
        ("a.{1..3}: {address: '/{:- 2}', type: f}", ("pattern", 3, 3, 8)),
        ("a.{1..3}: {address: '/{x}', type: f}", ("pattern", 3, 3, 8)),
        ("a.{1..3}: {address: '/{:0999999999}', type: f}", ("pattern", 3, 3, 8)),
        ("'{a}{b}.on': {address: '/{}/{}', type: f}", ("slots_run_on", 3, 3, 11)),
        ("'{a}-{b}.on': {address: '/{}/{}', type: f}", ("slots_run_on", 3, 3, 12)),
        ("'a{1..3}{1..3}': {address: '/{}/{}', type: f}", ("slots_run_on", 3, 3, 15)),
        ("'{name}.a': {address: '/{:02}', type: f}", ("pattern", 3, 3, 10)),
        ("a: {address: /a, type: f, unit: dB, rest: 5 Hz}", ("unit", 3, 45, 4)),
        ("a: {address: /a, type: f, range: [10, 1]}", ("range_shape", 3, 36, 1)),
        ("a: {address: /a, type: f, curve: [[0, 0], [0, 1]]}", ("curve_shape", 3, 36, 1)),
        ("a: {address: /a, type: f, curve: [[0, 0]]}", ("curve_shape", 3, 36, 1)),
        ("a: {address: /a, type: f, steps: many}", ("whole_number", 3, 36, 4)),
        ("a: {address: /a, type: i, switch: true, text: true}", ("one_kind", 3, 3, 1)),
        ("a: {address: /a, type: i, switch: true, unit: dB}", ("only_numbers", 3, 3, 1)),
        ("a: {address: /a, type: i, words: {x: y}}", ("word_shape", 3, 37, 1)),
        ("a: {address: /a, type: i, switch: true, words: {of: 0}}", ("not_switch", 3, 51, 2)),
        ("a: {address: /a, type: f, raed: true}", ("unknown_key", 3, 29, 4)),
        ("a: /a", ("not_table", 3, 6, 2)),
    ],
)
def test_a_mistake_in_a_parameter_is_told(parameter, where):
    assert where in problems(HEAD + parameter + "\n"), problems(HEAD + parameter + "\n")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("port: 1\n", ("missing_key", 1, 1, 4)),
        ("driver: ocs\n", ("one_of", 1, 9, 3)),
        ("driver: osc\nport: 70000\n", ("port", 2, 7, 5)),
        ("driver: osc\nport: x\n", ("whole_number", 2, 7, 1)),
        ("driver: osc\nkeepalive: {say: /x}\n", ("missing_key", 2, 13, 3)),
        ("driver: osc\nkeepalive: {say: /x, every: 8}\n", ("no_unit", 2, 29, 1)),
        ("driver: osc\nkeepalive: {say: /x, every: 0 s}\n", ("keepalive_pace", 2, 12, 1)),
        ("driver: osc\nmeters: {/m: {say: m}}\n", ("osc_address", 2, 10, 2)),
        ("driver: osc\nmeters: {m: {say: /m}}\n", ("osc_address", 2, 10, 1)),
        ("driver: osc\nmeters: {/m: {say: /m, every: 0 s}}\n", ("keepalive_pace", 2, 10, 2)),
        ("driver: osc\nmeters: {/m: {say: /m, measure: dB}}\n", ("one_of", 2, 33, 2)),
        ("driver: osc\nmeters: {/m: {say: /m, of: {a: b}}}\n", ("whole_number", 2, 32, 1)),
        (
            "driver: osc\nmeters: {/m: {say: /m, of: {'a.{1..2}': '{-2}'}}}\n",
            ("whole_number", 2, 41, 6),
        ),
        ("driver: osc\nmeters: {/m: {say: /m, of: {a: '{}'}}}\n", ("pattern", 2, 29, 1)),
        ("driver: pjlink\nmeters: {m: {of: {a: '0'}}}\n", ("no_meters", 2, 10, 1)),
        ("driver: osc\nrestart: {power_on: {ch.1: off}}\n", ("power_on", 2, 22, 4)),
        ("driver: osc\nverbs: {a: {latch: perhaps}}\n", ("one_of", 2, 20, 7)),
        ("driver: osc\nverbs: {a: {argument: one of}}\n", ("one_of", 2, 23, 6)),
    ],
)
def test_a_mistake_in_the_whole_is_told(text, where):
    assert where in problems(text), problems(text)


@pytest.mark.parametrize(
    "name",
    sorted(
        p.name.removesuffix(".yaml")
        for p in (resources.files("stagectl") / "profiles").iterdir()
        if p.name.endswith(".yaml")
    ),
)
def test_a_built_in_profile_is_sound_and_names_its_source(name):
    assert load_profile(name).source


def test_the_page_about_profiles_tells_every_key():
    page = (Path(__file__).parents[2] / "docs/profile-format.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[`{ ]([a-z_]+)[:`]", page))
    shapes = (ProfileShape, ParameterShape, VerbShape, ControlShape, KeepaliveShape, MeterShape)
    for shape in shapes:
        for name, info in shape.model_fields.items():
            assert (info.alias or name) in told


def test_a_meter_says_which_message_has_a_stems_level_and_where():
    read = profile(
        "driver: osc\nmeters:\n"
        "  /m/1: {say: /ask 1, every: 4 s, measure: 256ths, of: {'ch.{1..4}': '{-1}', main: 8 9}}\n"
        "  /m/2: {say: /ask 2, of: {'bus.{1..2}': '{+5}'}}\n"
    )
    one, two = read.meters
    assert (one.address, one.say, one.every, one.measure) == ("/m/1", "/ask 1", 4.0, "256ths")
    assert (two.say, two.every, two.measure) == ("/ask 2", 8.0, "linear")
    where = {stem: place.match(stem) for place in one.places for stem in place.every()}
    assert {stem: wire.address for stem, wire in where.items() if wire} == {
        "ch.1": "0", "ch.2": "1", "ch.3": "2", "ch.4": "3", "main": "8 9",
    }  # fmt: skip


def test_what_comes_by_itself_is_not_asked_for():
    (bank,) = load_profile("obs-studio").meters
    assert (bank.address, bank.say, bank.every) == ("InputVolumeMeters", "", 0.0)


@pytest.mark.parametrize("name", ["qlcplus", "generic-osc", "pjlink", "generic-midi"])
def test_a_profile_that_says_nothing_of_meters_has_none(name):
    assert load_profile(name).meters == ()
