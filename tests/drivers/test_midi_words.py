"""Whatever bytes come, in whatever pieces, the same messages are read; mido reads what is said."""

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.control import Sign
from stagectl.core.midi import address, bare, is_port_of
from stagectl.drivers.midi_words import (
    LONGEST,
    Reader,
    heard,
    identity,
    occasion,
    show_control,
    spoken,
)

CHANNELS = st.integers(0, 15)
NUMBERS = st.integers(0, 127)
MESSAGES = st.one_of(
    st.builds(lambda c, n, v: mido.Message("note_on", channel=c, note=n, velocity=v),
              CHANNELS, NUMBERS, NUMBERS),
    st.builds(lambda c, n, v: mido.Message("control_change", channel=c, control=n, value=v),
              CHANNELS, NUMBERS, NUMBERS),
    st.builds(lambda c, p: mido.Message("pitchwheel", channel=c, pitch=p),
              CHANNELS, st.integers(-8192, 8191)),
    st.builds(lambda c, p: mido.Message("program_change", channel=c, program=p),
              CHANNELS, NUMBERS),
    st.builds(lambda d: mido.Message("sysex", data=d), st.lists(NUMBERS, max_size=20)),
)  # fmt: skip


def read(*pieces: bytes) -> list[bytes]:
    reader = Reader()
    return [message for piece in pieces for message in reader.feed(piece)]


@given(data=st.binary(max_size=400), cut=st.integers(0, 400))
def test_any_bytes_in_any_pieces_are_the_same_messages(data, cut):
    whole = read(data)
    assert read(data[:cut], data[cut:]) == whole
    assert read(*(bytes([byte]) for byte in data)) == whole
    for message in whole:
        heard(message)
        show_control(message)
        identity(message)


@given(messages=st.lists(MESSAGES, max_size=20), ticks=st.lists(st.integers(0, 400), max_size=5))
def test_what_mido_says_is_read_as_it_was_said_and_a_clock_in_it_is_nothing(messages, ticks):
    data = bytearray(byte for message in messages for byte in message.bytes())
    for at in ticks:
        data.insert(min(at, len(data)), 0xF8)
    assert read(bytes(data)) == [bytes(message.bytes()) for message in messages]


@given(messages=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20), channel=CHANNELS)
def test_running_status_is_spelt_out(messages, channel):
    """One status byte, and as many notes as there are; mido's own parser takes the first alone."""
    status = 0x90 | channel
    data = bytes([status, *(byte for message in messages for byte in message)])
    assert read(data) == [bytes((status, *message)) for message in messages]


@pytest.mark.parametrize("cancel", [0xF0, 0xF1, 0xF2, 0xF3, 0xF6, 0xF7])
def test_a_system_message_ends_running_status(cancel):
    assert read(bytes((0x90, 1, 2, cancel)) + bytes(8) + bytes((0x90, 3, 4))) == [
        b"\x90\x01\x02", b"\x90\x03\x04",
    ]  # fmt: skip


@given(length=st.integers(0, 2 * LONGEST))
def test_a_sysex_is_whole_or_nothing_and_never_longer_than_the_longest(length):
    reader = Reader()
    found = list(reader.feed(bytes((0xF0, *([1] * length), 0xF7))))
    assert found == ([bytes((0xF0, *([1] * length), 0xF7))] if length < LONGEST else [])
    assert len(reader._data) <= LONGEST
    assert list(reader.feed(b"\x90\x01\x02")) == [b"\x90\x01\x02"]


@given(kind=st.sampled_from(["note", "cc", "bend", "program"]), channel=CHANNELS, number=NUMBERS,
       raw=st.integers(0, 16383))  # fmt: skip
def test_what_is_spoken_is_heard_and_mido_reads_it_too(kind, channel, number, raw):
    sign = Sign(kind, channel, number if kind in ("note", "cc") else 0)
    raw %= sign.full + 1
    said = spoken(sign, raw)
    assert heard(said) == (sign, raw)
    assert mido.Message.from_bytes(said).bytes() == list(said)


@pytest.mark.parametrize(
    ("sign", "raw"),
    [(Sign("note", 16, 1), 1), (Sign("note", 0, 128), 1), (Sign("cc", 0, 1), 128),
     (Sign("cc", 0, 1), -1), (Sign("bend", 0), 16384), (Sign("cc14", 0, 32), 1),
     (Sign("what", 0), 1)],
)  # fmt: skip
def test_what_no_message_carries_is_not_spoken(sign, raw):
    with pytest.raises(ValueError):
        spoken(sign, raw)


@given(device=st.integers(0, 127), cue=st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True))
def test_show_control_that_is_said_is_understood(device, cue):
    for verb, code in (("go", "01"), ("stop", "02"), ("load", "05")):
        said = occasion("msc", code, cue, device, None)
        found = show_control(said)
        assert found is not None
        assert (found.device, found.command, found.cue) == (device, verb, cue)
        assert all(byte < 128 for byte in said[1:-1]), "a data byte has seven bits"


@pytest.mark.parametrize(
    ("wanted", "name", "is_it"),
    [
        ("nanoKONTROL2", "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0", True),  # ALSA
        ("nanokontrol2", "nanoKONTROL2 SLIDER/KNOB", True),  # CoreMIDI
        ("nanoKONTROL2", "nanoKONTROL2 1", True),  # WinMM numbers its ports
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0", True),
        ("MIDI 1", "X:MIDI 1 24:0", True),
        ("24:0", "X:MIDI 1 24:0", False),
        ("X-TOUCH", "nanoKONTROL2 1", False),
    ],
)
def test_a_port_is_found_by_its_name_whatever_number_the_system_gave_it(wanted, name, is_it):
    at = address(f"midi:{wanted}")
    if at is None:
        assert not is_it
        return
    assert is_port_of(at.name, name) is is_it


def test_the_number_that_changes_is_no_part_of_a_name():
    assert bare("nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0") == "nanoKONTROL2:nanoKONTROL2 MIDI 1"
    assert bare("Ensoniq 1990") == "Ensoniq 1990"
