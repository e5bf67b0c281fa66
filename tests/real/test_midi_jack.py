"""The MIDI driver on ports of the system: JACK's, read byte for byte by its own jack_midi_dump."""

import time
from collections.abc import Iterator
from functools import partial

import pytest

from stagectl.core.control import Sign
from stagectl.core.diff import Command
from stagectl.core.model import Device, Do
from stagectl.desk import controls
from stagectl.drivers.driver import LinkError
from stagectl.drivers.midi import MidiDriver
from stagectl.drivers.midi_ports import names
from stagectl.engine.event import Fired
from stagectl.engine.report import Commanded, Linked, Touched
from stagectl.files.load import load_profile
from tests.drivers.contract import Case, DriverContract, Runner
from tests.faults.house import BACK, GUARD, TOLD, evening, state
from tests.real.jack_rig import KORG, Controller, Jack, Plug, a_jack, until

pytestmark = pytest.mark.real

PLAY, REWIND = Sign("cc", 0, 41), Sign("cc", 0, 43)


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with a_jack() as jack:
        yield jack


@pytest.fixture
def keys(jack: Jack) -> Iterator[Controller]:
    controller = Controller("nanoKONTROL2")
    until(lambda: "nanoKONTROL2" in jack.ports(), "the controller's ports")
    yield controller
    controller.pull_out()


def runner(profile: str, at: str, *paths: str) -> Runner:
    kind = load_profile(profile)
    wires = {f"desk.{p}": wire for p in paths if (wire := kind.wire(p)) is not None}
    return Runner(MidiDriver(Device("desk", profile, at=at), kind, wires))


class TestMidiAndJack(DriverContract):
    @pytest.fixture
    def case(self, jack: Jack) -> Iterator[Case]:
        profile = load_profile("generic-midi")
        paths = ("cc.1.7", "cc.16.127", "note.1.60.on", "note.16.0.on")
        wires = {f"desk.{p}": wire for p in paths if (wire := profile.wire(p)) is not None}
        plug = Plug(jack, "nanoKONTROL2", wires)
        device = Device("desk", "generic-midi", at="midi-jack:nanoKONTROL2")
        yield Case(
            peer=plug,
            make=lambda: MidiDriver(device, profile, wires),
            wires=wires,
            puts={p: {"switch": (True, False, True)}.get(w.kind, (127.0, 1.0, 64.0))
                  for p, w in wires.items()},
            dos=(Do("desk", "go", "12"), Do("desk", "program", "5")),
            answers=False,
            has_hands=False,
        )  # fmt: skip
        plug.stop()


SAID = (
    ("generic-midi", Command("desk.note.1.60.on", True), "90 3c 7f"),
    ("generic-midi", Command("desk.note.1.60.on", False), "90 3c 00"),
    ("generic-midi", Command("desk.cc.2.7", 33.0), "b1 07 21"),
    ("generic-midi", Command("desk.bend.1", 8192.0), "e0 00 40"),
    ("generic-midi", Do("desk", "program 3", "17", id=1), "c2 11"),
    ("midi-show-control", Do("desk", "go", "", id=2), "f0 7f 05 02 01 01 f7"),
    (
        "midi-show-control",
        Do("desk", "go", "12.5 2", id=3),
        "f0 7f 05 02 01 01 31 32 2e 35 00 32 f7",
    ),
    ("midi-show-control", Do("desk", "stop", "", id=4), "f0 7f 05 02 01 02 f7"),
    ("midi-show-control", Do("desk", "load", "7", id=5), "f0 7f 05 02 01 05 37 f7"),
    ("midi-show-control", Do("desk", "fire", "99", id=6), "f0 7f 05 02 01 07 63 f7"),
)


def _has(jack: Jack, count: int) -> bool:
    return len(jack.heard) >= count


def test_every_kind_of_message_reaches_the_dump_byte_for_byte(jack: Jack):
    """jack_midi_dump spells out what came; nothing of ours says it for it."""
    paths = ("note.1.60.on", "cc.2.7", "bend.1")
    desks = {
        name: runner(name, "midi-jack:MIDI-Monitor?device=5", *paths)
        for name in ("generic-midi", "midi-show-control")
    }
    for desk in desks.values():
        desk.link()
    jack.heard.clear()
    for count, (profile, order, said) in enumerate(SAID, start=1):
        desks[profile].send(order)
        until(partial(_has, jack, count), said)
    assert jack.bytes_heard() == [said for _, _, said in SAID]
    for desk in desks.values():
        assert not desk.failed()
        desk.driver.close()


def test_a_controllers_keys_are_heard_and_its_lamps_told(keys: Controller):
    desk = runner("generic-midi", "midi-jack:NANOkontrol2")
    desk.link()
    keys.say(0xB0, 41, 127)
    keys.say(0xF0, 0x7F, 1, 2, 1, 1, 0x31, 0xF7)
    assert desk.wait_for(Touched) == Touched("desk", "cc.1.41", 127)
    assert desk.wait_for(Commanded) == Commanded("desk", 1, "go", "1")
    desk.send(Command("desk.cc.1.41", 127.0, "lamp"))
    until(lambda: keys.told == [b"\xb0\x29\x7f"], "the lamp")
    desk.driver.close()


def test_a_port_that_goes_is_told_within_three_seconds_and_found_again_by_name(jack: Jack):
    controller = Controller("nanoKONTROL2")
    until(lambda: "nanoKONTROL2" in jack.ports(), "the controller's ports")
    desk = runner("generic-midi", "midi-jack:nanoKONTROL2")
    desk.link()
    controller.pull_out()
    why, took = desk.lost()
    assert (why, took <= 3.0) == ("closed", True)
    desk.driver.close()
    with pytest.raises(LinkError) as gone:
        desk.open()
    assert gone.value.why == "no_port"
    desk.driver.close()
    controller = Controller("nanoKONTROL2")
    until(lambda: "nanoKONTROL2" in jack.ports(), "the controller's ports")
    desk.reports.clear()
    desk.link()
    controller.say(0x90, 1, 1)
    assert desk.wait_for(Touched) == Touched("desk", "note.1.1", 1)
    desk.driver.close()
    controller.pull_out()


def test_a_controller_that_answers_who_it_is_and_then_hangs_is_silent(keys: Controller):
    desk = runner("nanokontrol2", "midi-jack:nanoKONTROL2")
    desk.open()
    until_asked = desk.until(lambda: keys.told)
    assert until_asked
    assert keys.told[0] == b"\xf0\x7e\x7f\x06\x01\xf7"
    keys.say(0xF0, 0x7E, 0, 6, 2, 0x42, 0x13, 1, 0, 0, 0, 0, 1, 0, 0xF7)
    assert desk.wait_for(Linked).identity == "42 13 01 00 00 00 00 01 00"
    why, took = desk.lost()
    assert (why, took <= 3.2) == ("silent", True)
    desk.driver.close()


def test_our_own_ports_are_nobodys_controller(jack: Jack):
    one = runner("generic-midi", "midi-jack:midi-monitor")
    one.link()
    other = runner("generic-midi", "midi-jack:stagectl")
    assert other.refused() == "no_port"
    assert "midi-monitor:input" in names("midi-jack")
    assert not [name for name in names("midi-jack") if "stagectl" in name]
    one.driver.close()
    assert "stagectl" not in jack.ports()


def test_fault_23_on_a_port_of_the_system_under_the_whole_program(jack: Jack, tmp_path):
    """As in tests/faults, but the controller is among the machine's ports, and is pulled out."""
    keys = Controller("nanoKONTROL2", KORG)
    until(lambda: "nanoKONTROL2" in jack.ports(), "the controller's ports")
    with evening(tmp_path, at=lambda _: {"keys": "midi-jack:nanoKONTROL2"}) as e:
        until(lambda: keys.value(PLAY) == 127, "GO's lamp")
        time.sleep(2 * controls.BACK)  # what comes at once is the lamp's own word, come back
        keys.say(0xB0, 41, 127)
        keys.say(0xB0, 41, 0)
        e.house.on_stage("1")
        keys.pull_out()
        at = time.monotonic()
        e.house.told(lambda s: state(s, "keys") == "lost", TOLD, at, "the controller is away")
        e.house.go("2")
        keys = Controller("nanoKONTROL2", KORG)
        back = time.monotonic()
        e.house.told(lambda s: state(s, "keys") == "linked", BACK, back, "it is back")
        until(lambda: keys.value(PLAY) == keys.value(REWIND) == 127, "its lamps")
        assert time.monotonic() - back < BACK
        time.sleep(GUARD + 0.1)
        keys.say(0xB0, 41, 127)
        e.house.on_stage("3")
        assert [event.by for event in e.house.of(Fired, by="keys play")] == ["keys play"] * 2
    keys.pull_out()
