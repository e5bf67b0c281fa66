"""Bytes out have the profile's types, bytes in never hurt."""

import logging
import math
import struct
from logging.handlers import BufferingHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.core.profile import Verb
from stagectl.core.wire import Wire
from stagectl.drivers.osc_packets import (
    LONGEST,
    UNSAYABLE,
    bare,
    messages,
    occasion,
    saying,
    understood,
)
from stagectl.sim.osc import Message, decode
from tests.drivers.mixer import FADER

LEVEL = Wire("number", "/f", "f", "dB", -90.0, 10.0, FADER, steps=1023, read=True)
PLAIN = Wire("number", "/n", "f")
WHOLE = Wire("number", "/i", "i")
SWITCH = Wire("switch", "/on", "i")
FLAG = Wire("switch", "/flag", "T")
TEXT = Wire("text", "/s", "s")
CHOICE = Wire("word", "/w", "i", words=(("slow", 3), ("fast", 7)))


@pytest.mark.parametrize(
    ("wire", "value", "message"),
    [
        (LEVEL, 0.0, Message("/f", "f", (0.75,))),
        (LEVEL, -math.inf, Message("/f", "f", (0.0,))),
        (PLAIN, 3, Message("/n", "f", (3.0,))),
        (PLAIN, True, Message("/n", "f", (1.0,))),
        (WHOLE, 2.7, Message("/i", "i", (3,))),
        (SWITCH, True, Message("/on", "i", (1,))),
        (SWITCH, False, Message("/on", "i", (0,))),
        (FLAG, True, Message("/flag", "T", (True,))),
        (FLAG, False, Message("/flag", "F", (False,))),
        (TEXT, "Kari Ødegård", Message("/s", "s", ("Kari Ødegård",))),
        (TEXT, "a\0b", Message("/s", "s", ("ab",))),
        (CHOICE, "fast", Message("/w", "i", (7,))),
        (Wire("number", "/c_set 3", "f"), 0.25, Message("/c_set", "if", (3, 0.25))),
        (Wire("switch", "/mix main -1", "i"), True, Message("/mix", "sii", ("main", -1, 1))),
        (Wire("switch", "/mix 2", "T"), False, Message("/mix", "iF", (2, False))),
        (Wire("text", "/label 1", "s"), "a b", Message("/label", "is", (1, "a b"))),
    ],
)
def test_a_value_is_said_in_the_type_of_its_wire(wire, value, message):
    assert decode(saying(wire)(value)) == message


def test_a_question_is_an_address_and_no_argument():
    assert decode(bare("/ch/01/mix/fader")) == Message("/ch/01/mix/fader")


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        (LEVEL, math.nan),
        (PLAIN, math.nan),
        (PLAIN, math.inf),
        (PLAIN, -math.inf),
        (PLAIN, 1e39),
        (PLAIN, "loud"),
        (WHOLE, 2.0**31),
        (WHOLE, math.nan),
        (TEXT, "ø" * LONGEST),
        (TEXT, "\ud800"),
        (CHOICE, "sideways"),
    ],
)
def test_what_no_packet_can_carry_is_refused(wire, value):
    with pytest.raises(UNSAYABLE):
        saying(wire)(value)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_plain_number_comes_back_as_it_was_said(number):
    ((address, arguments),) = messages(saying(PLAIN)(number))
    assert (address, understood(PLAIN, arguments)) == ("/n", number)


@given(st.floats(-90, 10))
def test_a_level_comes_back_as_it_was_said(level):
    ((_, arguments),) = messages(saying(LEVEL)(level))
    heard = understood(LEVEL, arguments)
    assert heard is not None
    assert LEVEL.same(heard, level)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_text_comes_back_as_it_was_said(text):
    ((_, arguments),) = messages(saying(TEXT)(text[:300]))
    assert understood(TEXT, arguments) == text[:300]


# ---------------------------------------------------------------- bytes in

near_misses = st.builds(
    lambda head, tags, tail: head + b"\0" * (4 - len(head) % 4) + tags + tail,
    st.sampled_from([b"/", b"/f", b"/ch/01/mix/fader", b"/\xff\xfe", b"#bundle"]),
    st.sampled_from(
        [b",f\0\0", b",s\0\0", b",b\0\0", b",[[[", b",t\0\0", b",rm\0", b",Q\0\0", b""]
    ),
    st.binary(max_size=40),
)
bundles = st.recursive(
    st.one_of(st.binary(max_size=40), near_misses),
    lambda inner: st.lists(inner, max_size=3).map(
        lambda parts: (
            b"#bundle\0" + bytes(8) + b"".join(struct.pack(">i", len(p)) + p for p in parts)
        )
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=200), near_misses, bundles))
def test_no_bytes_raise_and_none_are_logged(packet):
    spy = BufferingHandler(capacity=100)
    logging.getLogger().addHandler(spy)  # python-osc speaks to the root logger
    try:
        for address, arguments in messages(packet):
            for wire in (LEVEL, PLAIN, WHOLE, SWITCH, FLAG, TEXT, CHOICE):
                heard = understood(wire, arguments)
                assert not isinstance(heard, float) or math.isfinite(heard) or wire is LEVEL
            assert address.startswith("/")
    finally:
        logging.getLogger().removeHandler(spy)
    assert spy.buffer == []


@given(st.binary(min_size=1, max_size=3), st.integers(0, 60), st.data())
def test_a_packet_damaged_on_its_way_hurts_nobody(damage, at, data):
    packet = bytearray(saying(data.draw(st.sampled_from([PLAIN, WHOLE, FLAG])))(1.0))
    packet[at : at + len(damage)] = damage
    for _, arguments in messages(bytes(packet)):
        understood(PLAIN, arguments)


def test_messages_in_a_bundle_are_heard_and_a_bundle_of_a_thousand_is_not_gone_into():
    inner = saying(PLAIN)(1.0)

    def wrap(packet):
        return b"#bundle\0" + bytes(8) + struct.pack(">i", len(packet)) + packet

    assert [a for a, _ in messages(wrap(inner))] == ["/n"]
    deep = inner
    for _ in range(1000):
        deep = wrap(deep)
    assert list(messages(deep)) == []


@pytest.mark.parametrize(
    ("wire", "arguments"),
    [
        (PLAIN, ()),
        (PLAIN, (math.nan,)),
        (PLAIN, (math.inf,)),
        (PLAIN, ("0.5",)),
        (PLAIN, (None,)),
        (PLAIN, (b"blob",)),
        (TEXT, (0.5,)),
        (CHOICE, (5,)),
    ],
)
def test_what_is_not_the_wires_language_is_not_understood(wire, arguments):
    assert understood(wire, arguments) is None


def test_a_switch_is_understood_in_the_types_that_devices_use():
    for said in (1, 1.0, True):
        assert understood(SWITCH, (said,)) is True
    for said in (0, 0.0, False):
        assert understood(SWITCH, (said,)) is False


# ---------------------------------------------------------------- verbs

VERBS = {
    "recall": Verb("recall", "number", (), "/-action/goscene", "i"),
    "fog": Verb("fog", "number", (), "/fog", "f"),
    "say": Verb("say", "text", (), "/say", "s"),
    "bell": Verb("bell", "", (), "/bell"),
    "flash": Verb("flash", "", (), "/flash", "f", pulse=True),
    "press": Verb("press", "number", (), "/button/{}", "f", pulse=True),
    "play": Verb("play", "one of", ("stop", "go"), "/play", "i"),
    "cue": Verb("cue", "text", (), "/{}"),
    "load": Verb("load", "number", (), "/load scene", "i"),
}


@pytest.mark.parametrize(
    ("verb", "argument", "message"),
    [
        ("recall", "12", Message("/-action/goscene", "i", (12,))),
        ("fog", "0.5", Message("/fog", "f", (0.5,))),
        ("say", "Hei, på deg", Message("/say", "s", ("Hei, på deg",))),
        ("bell", "", Message("/bell")),
        ("flash", "", Message("/flash", "f", (1.0,))),
        ("press", "7", Message("/button/7", "f", (1.0,))),
        ("play", "go", Message("/play", "i", (1,))),
        ("cue", "cue/12.5/start", Message("/cue/12.5/start")),
        ("load", "7", Message("/load", "si", ("scene", 7))),
    ],
)
def test_a_verb_is_said_in_its_type_at_its_address(verb, argument, message):
    assert decode(occasion(VERBS[verb], argument)[0]) == message


def test_a_pulse_is_let_go_of():
    assert decode(occasion(VERBS["press"], "7")[1]) == Message("/button/7", "f", (0.0,))
    assert occasion(VERBS["bell"], "")[1] == b""


@pytest.mark.parametrize(
    ("verb", "argument"),
    [
        ("recall", "twelve"),
        ("recall", "nan"),
        ("recall", "1e300"),
        ("fog", "inf"),
        ("press", "1.5"),
        ("press", "1e400"),
        ("press", ""),
        ("play", "sideways"),
        ("cue", ""),
        ("cue", "a b"),
        ("cue", "*"),
        ("cue", "a,f"),
        ("cue", "a\0b"),
        ("say", "ø" * LONGEST),
    ],
)
def test_an_argument_that_does_not_fit_is_refused(verb, argument):
    with pytest.raises(UNSAYABLE):
        occasion(VERBS[verb], argument)


def test_python_osc_builds_the_same_bytes():
    builder = OscMessageBuilder("/f")
    builder.add_arg(0.75, "f")
    assert saying(LEVEL)(0.0) == builder.build().dgram
