"""The simulated XAir as python-osc, an independent client, sees it; and the M32's other name."""

import struct

import pytest

from stagectl.core.model import Device, Venue
from stagectl.sim.drawing import draw
from stagectl.sim.stage import run_stage
from tests.sim.test_x32 import Remote

NAMES = {"host": "ch.1", "guest": "ch.16", "music": "aux", "hall": "bus.2", "main": "main"}
FADER = "/ch/01/mix/fader"


@pytest.fixture
def stage():
    mixers = {
        "mixer": Device("mixer", "behringer-xair", names=NAMES),
        "big": Device("big", "midas-m32", names={"host": "ch.1"}),
    }
    with run_stage(Venue("Filialen", mixers)) as running:
        yield running


@pytest.fixture
def remote(stage):
    with Remote(stage) as client:
        yield client


def test_it_says_what_it_is(remote):
    remote.send_message("/info", [])
    remote.send_message("/xinfo", [])
    said = {address: rest for address, *rest in remote.hear()}
    assert said["/info"][2:] == ["XR18", "1.17"]
    assert said["/xinfo"][2:] == ["XR18", "1.17"]


def test_an_m32_says_that_it_is_one(stage):
    with Remote(stage, "big") as remote:
        remote.send_message("/info", [])
        assert remote.hear()[0][3:] == ("M32", "4.06")


def test_only_channels_are_counted_with_two_digits(remote):
    for address in ("/ch/16/mix/on", "/bus/6/mix/on", "/rtn/4/mix/on", "/rtn/aux/mix/on",
                    "/fxsend/4/mix/on", "/lr/mix/on", "/dca/4/on"):  # fmt: skip
        assert remote.read(address) == 1
    for address in ("/ch/17/mix/on", "/bus/06/mix/on", "/main/st/mix/on", "/dca/5/on"):
        remote.send_message(address, [])
    assert remote.hear(0.1) == []


@pytest.mark.parametrize(
    ("moved", "value", "address", "said"),
    [
        ("host.level", -10.0, FADER, 0.5),
        ("music.on", False, "/rtn/aux/mix/on", 0),
        ("hall.level", 0.0, "/bus/2/mix/fader", 0.75),
        ("main.level", -30.0, "/lr/mix/fader", 0.25),
    ],
)
def test_a_hand_at_the_mixer_is_told_by_its_own_address(stage, remote, moved, value, address, said):
    remote.send_message("/xremote", [])
    remote.read(FADER)
    stage.move(f"mixer.{moved}", value)
    assert remote.hear(0.1) == [(address, pytest.approx(said, abs=1 / 1023))]


def test_what_a_remote_turned_is_told_to_the_others_and_a_ninth_is_told_nothing(stage):
    clients = [Remote(stage) for _ in range(9)]
    try:
        for client in clients:
            client.send_message("/xremote", [])
            client.read(FADER)
        clients[0].send_message(FADER, 0.5)
        told = [bool(client.hear(0.1)) for client in clients]
        assert told == [False] + [True] * 7 + [False]
    finally:
        for client in clients:
            client.close()


@pytest.mark.parametrize(("number", "recalled"), [(7, True), (0, False), (65, False)])
def test_a_snapshot_is_recalled_by_its_number_from_1_to_64(stage, remote, number, recalled):
    stage.move("mixer.host.level", -10.0)
    stage.ask(lambda: stage.mixer().store(number))
    stage.move("mixer.host.level", -60.0)
    remote.send_message("/xremote", [])
    remote.read(FADER)
    remote.send_message("/-snap/load", number)
    said = dict(remote.hear(0.2))
    assert (FADER in said) == recalled
    if recalled:
        assert abs(said[FADER] - 0.5) < 1 / 1023
        assert said["/-snap/index"] == number


def test_a_snapshot_is_kept_as_it_is_told_to_be(stage, remote):
    stage.move("mixer.host.level", -10.0)
    remote.send_message("/-snap/save", 3)
    assert remote.read(FADER) == pytest.approx(0.5, abs=1 / 1023)
    assert stage.ask(lambda: stage.mixer().scenes[3][FADER]) == pytest.approx(0.5, abs=1 / 1023)


def test_meters_are_40_numbers_of_16_bits_in_steps_of_a_256th_of_a_decibel(remote):
    remote.send_message("/meters", "/meters/1")
    message = next(remote.get_messages(0.5))
    assert message.address == "/meters/1"
    blob = message.params[0]
    (count,) = struct.unpack_from("<i", blob)
    levels = struct.unpack_from(f"<{count}h", blob, 4)
    assert count == 40
    assert len(blob) == 4 + 2 * 40
    assert all(-128 * 256 <= level <= 0 for level in levels)
    assert levels[0] > -128 * 256  # somebody stands at the host's microphone
    assert levels[5] == -128 * 256  # and nobody at a channel without a name


def test_the_view_has_its_strips_by_the_venues_names(stage):
    stage.move("mixer.main.level", -30.0)
    mixer = next(d for d in stage.state()["devices"] if d["name"] == "mixer")
    assert mixer["kind"] == "mixer"
    assert [strip["name"] for strip in mixer["strips"]] == list(NAMES)
    assert mixer["strips"][-1]["level"] == pytest.approx(-30, abs=0.1)
    drawn = "".join(cell.sign for row in draw(stage.state(), 80, 24).rows for cell in row)
    assert {"host", "guest", "music", "hall"} <= set(drawn.split())
    assert "−30" in drawn
