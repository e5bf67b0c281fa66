"""The built-in profiles load, and what they say of a device is what the device means."""

import math
import re
import struct
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stagectl
from stagectl.core.model import Value
from stagectl.core.profile import Wire
from stagectl.files.load import load_profile
from stagectl.sim.x32_parameters import PARAMETERS

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
        "behringer-x32", "generic-midi", "generic-osc", "obs-studio", "pjlink", "qlcplus", "visca",
    } <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_profile_loads_and_says_where_it_was_read(name):
    assert profile(name).parameters
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


# ---------------------------------------------------------------- the X32

X32_FADERS = [
    pytest.param(wire, id=path) for path, wire in wires("behringer-x32") if path.endswith(".level")
]


@pytest.mark.parametrize("wire", X32_FADERS)
@given(position=st.floats(0, 1, exclude_min=True))
def test_every_x32_fader_follows_the_consoles_law(wire, position):
    assert wire.decode(position) == pytest.approx(x32_decibels(position))
    assert wire.encode(x32_decibels(position)) == pytest.approx(position)


@pytest.mark.parametrize("wire", X32_FADERS)
def test_an_x32_fader_at_nought_decibels_stands_at_three_quarters_and_its_end_is_silence(wire):
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


def test_the_console_has_every_address_of_the_profile_in_the_profiles_type():
    x32 = profile("behringer-x32")
    paths = [path for pattern in x32.parameters for path in pattern.every()]
    assert len(paths) == 3 * (32 + 8 + 16 + 8) + 2 + 6
    for path in paths:
        wire = wire_of("behringer-x32", path)
        assert PARAMETERS[wire.address].type == wire.type, path
        if wire.steps:
            assert PARAMETERS[wire.address].steps == wire.steps + 1, path


def test_a_reset_console_reads_what_the_profile_calls_power_on():
    x32 = profile("behringer-x32")
    assert len(x32.power_on) == 32
    for path, value in x32.power_on:
        wire = wire_of("behringer-x32", path)
        assert wire.read
        assert wire.same(wire.decode(PARAMETERS[wire.address].rest), value)


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
