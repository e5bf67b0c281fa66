"""The built-in profiles load, and what they say of a device is what the device means."""

import math
import re
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stagectl
from stagectl.core.model import Value
from stagectl.core.wire import Wire
from stagectl.files.load import load_profile
from stagectl.sim import x32, xair

FOLDER = Path(stagectl.__file__).parent / "profiles"
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))
FADER = 1023  # steps

profile = cache(load_profile)


def wires(name):
    """Every pattern of a profile, with a wire of it: the first of each range, a name for a word."""
    for pattern in profile(name).parameters:
        path = re.sub(r"\{(\d+)\.\.\d+\}", r"\1", pattern.path)
        yield pattern.path, profile(name).wire(re.sub(r"\{[a-z ]+\}", "fog", path))


def wire_of(name, path) -> Wire:
    """The wire of one parameter."""
    wire = profile(name).wire(path)
    assert wire is not None, path
    return wire


EVERY_WIRE = [
    pytest.param(wire, id=f"{name} {path}") for name in NAMES for path, wire in wires(name)
]


def x32_decibels(position):
    """The law of an X32 fader, as its protocol's page has it."""
    if position >= 0.5:
        return 40 * position - 30
    if position >= 0.25:
        return 80 * position - 50
    if position >= 0.0625:
        return 160 * position - 70
    return 480 * position - 90


def test_there_are_the_profiles_that_venues_name():
    assert {
        "behringer-x32", "behringer-xair", "generic-midi", "generic-osc", "midas-m32", "obs-studio",
        "ola", "pjlink", "qlcplus", "visca",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_profile_loads_and_says_where_it_was_read(name):
    one = profile(name)
    assert one.parameters or one.verbs or one.controls
    assert profile(name).source


@pytest.mark.parametrize("wire", EVERY_WIRE)
def test_a_resting_value_is_one_the_device_can_hold(wire):
    assert wire is not None
    if wire.rest is not None:
        assert wire.same(wire.decode(wire.encode(wire.rest)), wire.rest)


@pytest.mark.parametrize("wire", EVERY_WIRE)
@given(data=st.data())
def test_what_is_encoded_is_decoded_as_it_was(wire, data):
    value = data.draw(values_for(wire))
    assert wire.same(wire.decode(wire.encode(value)), value)


def values_for(wire) -> st.SearchStrategy[Value]:
    """Every value people can put a parameter at."""
    match wire.kind:
        case "switch":
            return st.booleans()
        case "word" if wire.words:
            return st.sampled_from([said for said, _ in wire.words])
        case "word" | "text":
            return st.text()
        case _:
            return st.floats(max(wire.low, -1e6), min(wire.high, 1e6))


# ---------------------------------------------------------------- the mixers

MIXERS = {
    "behringer-x32": x32.PARAMETERS,
    "midas-m32": x32.PARAMETERS,
    "behringer-xair": xair.PARAMETERS,
}
"""The profile of each mixer, and what the simulated one has by OSC address."""

FADERS = [
    pytest.param(wire, id=f"{name} {path}")
    for name in MIXERS
    for path, wire in wires(name)
    if path.endswith(".level")
]


@pytest.mark.parametrize("wire", FADERS)
@given(position=st.floats(0, 1, exclude_min=True))
def test_every_fader_of_a_mixer_follows_the_consoles_law(wire, position):
    assert wire.decode(position) == pytest.approx(x32_decibels(position))
    assert wire.encode(x32_decibels(position)) == pytest.approx(position)


@pytest.mark.parametrize("wire", FADERS)
def test_a_fader_at_nought_decibels_stands_at_three_quarters_and_its_end_is_silence(wire):
    assert wire.encode(0.0) == 0.75
    assert wire.encode(-math.inf) == 0.0
    assert wire.decode(0.0) == -math.inf


@given(level=st.floats(-90, 10))
def test_an_echo_rounded_to_the_consoles_positions_is_the_same(level):
    wire = wire_of("behringer-x32", "ch.1.level")
    step = round(float(wire.encode(level)) * FADER) / FADER
    (echo,) = struct.unpack(">f", struct.pack(">f", step))
    assert wire.same(wire.decode(echo), level)


@given(position=st.integers(0, FADER), apart=st.integers(3, 200))
def test_a_hand_that_moved_three_positions_is_not_the_same(position, apart):
    wire = wire_of("behringer-x32", "ch.1.level")
    other = position + apart if position + apart <= FADER else position - apart
    assert not wire.same(wire.decode(position / FADER), wire.decode(other / FADER))


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("behringer-x32", 3 * (32 + 8 + 16 + 8) + 2 + 6),
        ("midas-m32", 3 * (32 + 8 + 16 + 8) + 2 + 6),
        ("behringer-xair", 3 * (16 + 1 + 6 + 4) + 2 * (4 + 4) + 2 + 4),
    ],
)
def test_the_console_has_every_address_of_the_profile_in_the_profiles_type(name, many):
    paths = [path for pattern in profile(name).parameters for path in pattern.every()]
    assert len(paths) == many
    for path in paths:
        wire = wire_of(name, path)
        there = MIXERS[name][wire.address]
        assert there.type == wire.type, path
        if wire.steps:
            assert there.steps == wire.steps + 1, path


@pytest.mark.parametrize(
    ("name", "many"), [("behringer-x32", 32), ("midas-m32", 32), ("behringer-xair", 16)]
)
def test_a_reset_console_reads_what_the_profile_calls_power_on(name, many):
    one = profile(name)
    assert len(one.power_on) == many
    for path, value in one.power_on:
        wire = wire_of(name, path)
        assert wire.read
        assert wire.same(wire.decode(MIXERS[name][wire.address].rest), value)


def test_an_m32_is_told_what_an_x32_is_told():
    m32, x32_ = profile("midas-m32"), profile("behringer-x32")
    assert replace(m32, name=x32_.name, source=x32_.source) == x32_


# ---------------------------------------------------------------- the others


@pytest.mark.parametrize(
    ("path", "address"), [("level.1", "/0/dmx/0"), ("level.512", "/0/dmx/511")]
)
def test_a_light_is_called_as_qlcplus_calls_its_channels(path, address):
    assert wire_of("qlcplus", path).address == address


@given(level=st.floats(0, 100))
def test_what_qlcplus_makes_of_a_level_is_the_same(level):
    wire = wire_of("qlcplus", "level.1")
    assert wire.same(int(255 * float(wire.encode(level))) / 255 * 100, level)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("level.1", "/dmx/universe/1/1"),
        ("level.512", "/dmx/universe/1/512"),
        ("universe.2.level.3", "/dmx/universe/2/3"),
    ],
)
def test_a_light_is_called_as_ola_calls_its_slots(path, address):
    assert wire_of("ola", path).address == address


@given(level=st.floats(0, 100))
def test_an_ola_level_is_the_nearest_byte_and_the_byte_is_the_same(level):
    wire = wire_of("ola", "level.1")
    byte = round(float(wire.encode(level)))
    assert 0 <= byte <= 255
    assert wire.same(wire.decode(byte), level)


def test_a_venues_name_is_any_osc_address():
    generic = profile("generic-osc")
    pattern = next(p for p in generic.parameters if p.path.endswith(".value"))
    names = {"fog": "haze/1/amount"}
    found = [pattern.match(path, names) for path in ("fog.value", "fader.value")]
    assert [wire.address for wire in found if wire] == ["/haze/1/amount", "/fader"]
    assert generic.main("fog") == "fog.level"


@pytest.mark.parametrize("name", [n for n in NAMES if n != "obs-studio"])
def test_a_device_that_is_not_asked_is_not_said_to_be_readable(name):
    one = profile(name)
    if one.driver == "osc" and not one.probe:
        assert not any(pattern.wire.read for pattern in one.parameters)
