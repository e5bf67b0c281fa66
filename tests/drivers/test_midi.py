"""The MIDI driver keeps the contract, and says and hears on a socket what the standard says."""

import math
import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from stagectl.core.control import Sign
from stagectl.core.diff import Command
from stagectl.core.model import Device, Do
from stagectl.core.profile import Verb
from stagectl.core.wire import Wire
from stagectl.drivers.driver import Driver, LinkError
from stagectl.drivers.midi import BURST, SPARE, MidiDriver
from stagectl.engine.report import Commanded, Linked, Moved, Touched
from stagectl.files.load import load_profile
from stagectl.sim.midi import Midi
from tests.drivers.contract import Case, DriverContract, Runner
from tests.drivers.simulated import simulated

PUTS = {"switch": (True, False, True), "number": (127.0, 1.0, 64.0)}
PATHS = ("cc.1.7", "cc.16.127", "note.1.60.on", "note.16.0.on", "cc14.2.31", "bend.3")


def generic(*paths: str):
    """The profile of any MIDI device, and some of its wires."""
    profile = load_profile("generic-midi")
    return profile, {f"keys.{p}": wire for p in paths if (wire := profile.wire(p)) is not None}


class TestMidiAndASimulatedDevice(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        profile, wires = generic(*PATHS)
        with simulated(Midi(profile), wires) as peer:
            device = Device("keys", "generic-midi", at=f"midi-socket:{peer.at}")
            yield Case(
                peer=peer,
                make=lambda: MidiDriver(device, profile, wires),
                wires=wires,
                puts={p: PUTS[wire.kind] for p, wire in wires.items()},
                dos=(Do("keys", "go", "12"), Do("keys", "program", "5"), Do("keys", "reset")),
                answers=False,  # its silence is no evidence: it never says anything by itself
                has_hands=False,  # nothing is readable; what a hand does is held below
            )

    def test_what_a_hand_turns_is_reported_though_it_cannot_be_asked_for(
        self, case: Case, runner: Runner
    ):
        runner.link()
        for parameter in case.wires:
            there = case.puts[parameter][0]
            case.peer.touch(parameter, there)
            assert runner.until(partial(runner.moved, parameter)), parameter
            assert runner.moved(parameter)[-1] == there


class TestMidiAndADeviceThatSaysWhoItIs(DriverContract):
    @pytest.fixture
    def case(self) -> Iterator[Case]:
        profile = load_profile("nanokontrol2")
        _, wires = generic("cc.1.41", "cc.1.42")
        with simulated(Midi(profile), wires) as peer:
            device = Device("keys", "nanokontrol2", at=f"midi-socket:{peer.at}")
            yield Case(
                peer=peer,
                make=lambda: MidiDriver(device, profile, wires),
                wires=wires,
                puts=dict.fromkeys(wires, PUTS["number"]),
                has_hands=False,
            )

    def test_it_is_known_by_what_it_answered(self, runner: Runner):
        assert runner.link().identity == "42 13 01 00 00 00 00 01 00"


# ---------------------------------------------------------------- a device that says anything


@pytest.fixture
def line() -> Iterator["Line"]:
    line = Line()
    yield line
    line.close()


class Line:
    """A listening socket, a driver on it, and the raw bytes between them."""

    def __init__(self, profile: str = "generic-midi", *paths: str, at: str = "") -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        kind = load_profile(profile)
        wires = {f"keys.{p}": wire for p in paths if (wire := kind.wire(p)) is not None}
        self.device = Device("keys", profile, at=f"midi-socket:127.0.0.1:{port}{at}")
        self.runner = Runner(MidiDriver(self.device, kind, wires))
        self._socket = socket.socket()
        self.give(self.runner.driver)

    def give(self, driver: Driver) -> None:
        """Let this driver have the line."""
        self.runner.driver.close()
        self._socket.close()
        self.runner.driver = driver
        self.runner.open()
        self._socket, _ = self._listening.accept()
        self._socket.settimeout(5)

    def say(self, *data: int) -> None:
        self._socket.sendall(bytes(data))

    def heard(self, length: int) -> str:
        data = b""
        while len(data) < length:
            data += self._socket.recv(length - len(data))
        return data.hex(" ")

    def close(self) -> None:
        self.runner.driver.close()
        self._socket.close()
        self._listening.close()


def test_notes_and_controllers_are_said_byte_for_byte():
    line = Line("generic-midi", "cc.2.7", "note.16.60.on", "cc14.1.1", "bend.1")
    line.runner.send(
        Command("keys.cc.2.7", 64.0), Command("keys.note.16.60.on", True),
        Command("keys.note.16.60.on", False), Command("keys.cc14.1.1", 300.0),
        Command("keys.bend.1", 8192.0), Do("keys", "program 3", "17"),
    )  # fmt: skip
    assert line.heard(20) == ("b1 07 40 9f 3c 7f 9f 3c 00 b0 01 02 b0 21 2c e0 00 40 c2 11")
    line.close()


def test_a_verb_that_is_a_pulse_presses_and_lets_go():
    line = Line()
    profile = load_profile("generic-midi")
    press = Verb("press", "", (), "0 60", "note", pulse=True)
    line.give(MidiDriver(line.device, replace(profile, verbs={"press": press}), {}))
    line.runner.send(Do("keys", "press", id=1))
    assert line.heard(6) == "90 3c 7f 90 3c 00"
    line.close()


def test_words_and_curves_are_said_as_the_profile_has_them():
    profile = load_profile("generic-midi")
    mode = Wire("word", "0 9", "cc", words=(("soft", "0"), ("hard", "127")))
    fader = Wire("number", "0 7", "cc", "dB", -90, 10, ((-90, 0), (0, 100), (10, 127)))
    share = Wire("number", "0 8", "cc", "%", 0, 100)
    wires = {"keys.mode": mode, "keys.fader": fader, "keys.share": share}
    line = Line()
    line.give(MidiDriver(line.device, profile, wires))
    line.runner.send(
        Command("keys.mode", "hard"), Command("keys.fader", 0.0),
        Command("keys.fader", -math.inf), Command("keys.share", 50.0),
    )  # fmt: skip
    assert line.heard(12) == "b0 09 7f b0 07 64 b0 07 00 b0 08 40"
    line.say(0xB0, 7, 100)
    line.runner.wait_for(Moved)
    line.say(0xB0, 9, 0, 9, 5, 7, 0, 8, 127)
    assert line.runner.until(lambda: line.runner.moved("keys.share") == [100.0])
    assert line.runner.moved("keys.mode") == ["soft"], "5 is no word of it"
    assert line.runner.moved("keys.fader") == pytest.approx([0.0, -math.inf])
    line.close()


@pytest.mark.parametrize(
    ("verb", "argument", "at", "said"),
    [
        ("go", "", "", "f0 7f 7f 02 01 01 f7"),
        ("go", "12.5", "", "f0 7f 7f 02 01 01 31 32 2e 35 f7"),
        ("go", "12.5 2", "", "f0 7f 7f 02 01 01 31 32 2e 35 00 32 f7"),
        ("go", "1 2 3", "", "f0 7f 7f 02 01 01 31 00 32 00 33 f7"),
        ("stop", "", "?device=5", "f0 7f 05 02 01 02 f7"),
        ("resume", "", "?device=111&format=sound", "f0 7f 6f 02 10 03 f7"),
        ("load", "7", "?device=all&format=all", "f0 7f 7f 02 7f 05 37 f7"),
        ("fire", "127", "?format=video", "f0 7f 7f 02 30 07 7f f7"),
        ("reset", "", "", "f0 7f 7f 02 01 0a f7"),
    ],
)
def test_show_control_is_said_as_rp_002_has_it(verb, argument, at, said):
    line = Line("midi-show-control", at=at)
    line.runner.send(Do("keys", verb, argument, id=1))
    assert line.heard(len(said.split())) == said
    assert not line.runner.failed()
    line.close()


@pytest.mark.parametrize(
    ("verb", "argument"),
    [("go", "tolv"), ("go", "1 2 3 4"), ("go", "\0"), ("load", ""), ("fire", "128"), ("fire", "x"),
     ("fire", "")],
)  # fmt: skip
def test_show_control_that_no_message_can_carry_is_refused(verb, argument):
    line = Line("midi-show-control")
    do = Do("keys", verb, argument, id=1)
    line.runner.send(do)
    assert [(f.order, f.why) for f in line.runner.failed()] == [(do, "refused")]
    line.close()


def test_a_value_beyond_seven_bits_is_refused_and_not_folded():
    line = Line("generic-midi", "cc.1.1")
    for value in (128.0, -1.0, math.inf, math.nan):
        line.runner.send(Command("keys.cc.1.1", value))
    assert [f.why for f in line.runner.failed()] == ["refused"] * 4
    line.close()


def test_a_lamp_is_put_by_its_controls_name(line):
    line.runner.send(Command("keys.note.1.60", 127.0, "lamp"), Command("keys.cc.3.9", 5.0, "lamp"))
    assert line.heard(6) == "90 3c 7f b2 09 05"
    line.runner.send(Command("keys.note.17.60", 127.0, "lamp"))
    assert [f.why for f in line.runner.failed()] == ["missing"]


def touched(line) -> list[tuple[str, int]]:
    return [(r.control, r.raw) for r in line.runner.reports if isinstance(r, Touched)]


def test_keys_are_heard_with_running_status_and_clock_in_the_middle(line):
    line.say(0x90, 0xF8, 60, 100, 60, 0xFE, 0, 0x80, 61, 64, 61)
    line.say(9, 0xFA, 0xB0, 7, 64)
    assert line.runner.until(lambda: len(touched(line)) >= 5)
    assert touched(line) == [
        ("note.1.60", 100), ("note.1.60", 0), ("note.1.61", 0), ("note.1.61", 0), ("cc.1.7", 64),
    ]  # fmt: skip


def test_a_sysex_that_never_ends_is_thrown_away_and_the_next_word_is_heard(line):
    line.say(0xF0, 0x7F)
    for _ in range(64):
        line.say(*([0x01] * 4096))
        line.runner.turn()
    reader = line.runner.driver._reader
    assert len(reader._data) <= 4096
    line.say(0xF7, 0x90, 1, 1)
    assert line.runner.until(lambda: touched(line) == [("note.1.1", 1)])
    line.say(0xF0, 0x7F, 0x7F, 0x02, 0x01, 0x01, 0xF7)
    assert line.runner.wait_for(Commanded) == Commanded("keys", 0x7F, "go", "")


def test_a_sysex_cut_short_by_another_message_is_no_command(line):
    line.say(0xF0, 0x7F, 0x7F, 0x02, 0x01, 0x01, 0x90, 1, 1)
    assert line.runner.until(lambda: touched(line))
    assert not [r for r in line.runner.reports if isinstance(r, Commanded)]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("f0 7f 05 02 10 01 f7", Commanded("keys", 5, "go", "")),
        ("f0 7f 05 02 01 01 31 32 2e 35 00 32 f7", Commanded("keys", 5, "go", "12.5")),
        ("f0 7f 7f 02 01 02 f7", Commanded("keys", 127, "stop", "")),
        ("f0 7f 00 02 01 05 37 f7", Commanded("keys", 0, "load", "7")),
    ],
)
def test_show_control_is_heard(line, said, heard):
    line.say(*bytes.fromhex(said))
    assert line.runner.wait_for(Commanded) == heard


def test_what_is_no_show_control_is_not_heard_as_such(line):
    for said in (
        "f0 7f 05 02 10 f7", "f0 7f f7", "f0 f7", "f0 7f 05 01 10 01 f7",
        "f0 7f 05 02 10 01 41 42 f7", "f0 7f 05 02 10 6f f7", "f0 7f 05 02 10 01 31 2e 2e f7",
    ):  # fmt: skip
        line.say(*bytes.fromhex(said))
    line.say(0x90, 1, 1)
    assert line.runner.until(lambda: touched(line))
    assert not [r for r in line.runner.reports if isinstance(r, Commanded)]


def test_any_bytes_raise_nothing(line):
    import random

    chance = random.Random(4711)
    for _ in range(200):
        line.say(*chance.randbytes(200))
        line.runner.turn()
    line.say(0xF7, 0xB0, 1, 2)
    # a fader's last place is told in a flood too, and a key's is not
    assert line.runner.until(lambda: ("cc.1.1", 2) in touched(line))
    assert not line.runner.failed()


def test_a_flood_of_keys_is_not_heard_whole(line):
    for _ in range(50):
        line.say(*([0x90, 1, 1, 0x90, 1, 0] * 100))
        line.runner.turn(0.0)
    line.runner.rest(0.1)
    assert BURST <= len(touched(line)) < 4 * BURST
    line.runner.rest(0.5)
    before = len(touched(line))
    line.say(0x90, 2, 1)
    assert line.runner.until(lambda: len(touched(line)) > before)
    assert touched(line)[-1] == ("note.1.2", 1)


def test_a_key_that_was_quiet_is_heard_in_the_flood_of_another(line):
    line.runner.wait_for(Linked)
    for _ in range(40):
        line.say(*([0x90, 1, 1, 0x90, 1, 0] * 100))
        line.runner.turn(0.0)
    line.say(0x90, 60, 100, *([0x90, 1, 1] * 100))
    line.say(0xF0, 0x7F, 0x7F, 0x02, 0x01, 0x01, 0x31, 0xF7)
    assert line.runner.until(lambda: ("note.1.60", 100) in touched(line))
    line.runner.wait_for(Commanded)


def test_keys_without_number_are_not_heard_whole_either(line):
    line.runner.wait_for(Linked)
    for _ in range(40):
        line.say(*(byte for key in range(128) for byte in (0x90, key, 1)))
        line.runner.turn(0.0)
    line.runner.rest(0.1)
    assert len(touched(line)) < 2 * (BURST + SPARE)


def test_a_fader_is_told_fifty_times_a_second_at_most_and_its_end_is_not_lost():
    line = Line("nanokontrol2")
    line.say(0xB0, 41, 0)  # whatever it says is a sign of life
    line.runner.wait_for(Linked)
    for value in range(128):
        line.say(0xB0, 0, value)
        line.runner.turn(0.0)
    assert line.runner.until(lambda: ("fader.1", 127) in touched(line))
    rides = [raw for name, raw in touched(line) if name == "fader.1"]
    assert rides == sorted(rides)
    assert len(rides) < 64
    line.close()


def test_a_device_that_never_says_who_it_is_is_silent_until_somebody_touches_it():
    """An old firmware perhaps: then it is held to its port, and not to an answer it never gave."""
    line = Line("nanokontrol2")
    assert line.runner.lost()[0] == "silent"
    line.give(line.runner.driver)
    line.say(0xB0, 41, 127)
    line.runner.wait_for(Linked)
    line.runner.rest(3.0)
    assert line.runner.driver.fileno() != -1
    line.say(0xF0, 0x7E, 0, 6, 2, 0x42, 0x13, 1, 0, 0, 0, 0, 1, 0, 0xF7)
    assert line.runner.lost()[0] == "silent", "it can answer, so its silence counts"
    line.close()


def test_a_fourteen_bit_controller_is_heard_whole():
    line = Line("generic-midi", "cc14.1.1", "bend.2")
    line.say(0xB0, 1, 2, 0xB0, 33, 0x2C, 0xE1, 0x7F, 0x7F)
    line.runner.wait_for(Moved, lambda r: r.parameter == "keys.bend.2")
    assert line.runner.moved("keys.cc14.1.1") == [300.0]
    assert line.runner.moved("keys.bend.2") == [16383.0]
    line.close()


def test_a_peer_that_takes_nothing_is_silent_and_not_waited_for(line):
    """Nobody reads at the other end: what it cannot take must not hold the worker for ever."""
    flood = [Command("keys.note.1.60", 127.0)] * 20_000

    def flooded() -> None:
        for _ in range(50):
            line.runner.send(*flood)

    with pytest.raises(LinkError) as lost:
        flooded()
    assert lost.value.why == "silent"
    assert line.runner.slowest < 5.0


@pytest.mark.parametrize(
    "at", ["nanoKONTROL2", "midi:", "midi-socket:nowhere", "midi:x?device=200", "midi:x?format=y"]
)
def test_an_address_that_is_none_says_so(at):
    profile, wires = generic()
    with pytest.raises(LinkError) as refused:
        MidiDriver(Device("keys", "generic-midi", at=at), profile, wires).open(0.0)
    assert refused.value.why == "address"


def test_where_rtmidi_is_not_installed_that_is_what_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rtmidi", None)
    profile, wires = generic()
    with pytest.raises(LinkError) as refused:
        MidiDriver(Device("keys", "generic-midi", at="midi:X"), profile, wires).open(0.0)
    assert (refused.value.why, refused.value.slow) == ("no_rtmidi", True)


def test_a_driver_that_is_only_made_imports_no_midi_library():
    import subprocess
    import sys

    asked = (
        "import sys, stagectl.drivers.midi\n"
        "print([m for m in ('rtmidi', 'mido') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_sign_reads_its_address():
    assert Sign.of("cc", "10 9") == Sign("cc", 10, 9)
    assert Sign.of("bend", "8") == Sign("bend", 8, 0)
