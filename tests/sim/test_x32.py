"""The simulated X32 as python-osc, an independent client, sees it."""

import math
import socket
import struct
import time

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from stagectl.sim import mixer
from stagectl.sim.mixer_parameters import decibels, position
from stagectl.sim.x32 import PARAMETERS
from tests.sim.conftest import until

FADER = "/ch/01/mix/fader"


class Remote(SimpleUDPClient):
    """A client that hears answers on the socket it asks from."""

    def __init__(self, stage, name="mixer"):
        host, port = stage.addresses[name].split(":")
        super().__init__(host, int(port))

    def hear(self, seconds=0.25):
        """Return what comes until it is quiet for so long, as (address, first argument)."""
        return [(m.address, *m.params) for m in self.get_messages(seconds)]

    def read(self, address):
        self.send_message(address, [])
        heard = dict(m[:2] for m in self.hear(0.1))
        return heard[address]

    def __enter__(self):
        return self


@pytest.fixture
def remote(stage):
    with Remote(stage) as client:
        yield client


def test_it_says_what_it_is(remote):
    remote.send_message("/info", [])
    remote.send_message("/xinfo", [])
    remote.send_message("/status", [])
    said = {address: rest for address, *rest in remote.hear()}
    assert said["/info"][2:] == ["X32", "4.06"]
    assert said["/xinfo"][2:] == ["X32", "4.06"]
    assert said["/status"][0] == "active"


def test_a_fader_takes_its_nearest_of_1024_positions(remote):
    for wanted in (0.75, 0.5, 0.123456, 1.0, 0.0):
        remote.send_message(FADER, float(wanted))
        read = remote.read(FADER)
        assert abs(read - wanted) <= 0.5 / 1023 + 1e-7
        assert math.isclose(read * 1023, round(read * 1023), abs_tol=1e-4)


def test_a_value_of_the_wrong_type_is_as_if_it_had_not_come(remote):
    before = remote.read(FADER)
    remote.send_message(FADER, 1)  # an int
    remote.send_message(FADER, "1.0")
    remote.send_message(FADER, True)  # T
    double = OscMessageBuilder(FADER)
    double.add_arg(0.9, OscMessageBuilder.ARG_TYPE_DOUBLE)
    remote.send(double.build())
    assert remote.read(FADER) == before
    remote.send_message("/ch/01/mix/on", 0.0)
    assert remote.read("/ch/01/mix/on") == 1


def test_a_word_is_taken_for_a_switch(remote):
    remote.send_message("/ch/01/mix/on", "OFF")
    assert remote.read("/ch/01/mix/on") == 0


def test_an_address_it_does_not_have_gets_no_answer(remote):
    remote.send_message("/ch/33/mix/fader", [])
    remote.send_message("/ch/1/mix/fader", [])
    assert remote.hear(0.1) == []


def test_a_set_is_not_answered_and_a_change_goes_to_all_remotes_but_its_maker(stage, remote):
    with Remote(stage) as other, Remote(stage) as stranger:
        for client in (remote, other):
            client.send_message("/xremote", [])
            client.read(FADER)  # so that it is surely remembered
        remote.send_message(FADER, 0.5)
        ((address, value),) = other.hear(0.2)
        assert address == FADER
        assert abs(value - 0.5) < 1 / 1023
        assert remote.hear(0.1) == []
        assert stranger.hear(0.1) == []


def test_a_hand_at_the_desk_is_told_to_every_remote(stage, remote):
    remote.send_message("/xremote", [])
    remote.read(FADER)
    stage.move("mixer.host.level", -10.0)
    stage.move("mixer.host.on", False)
    stage.move("mixer.band.level", 0.0)
    stage.move("mixer.main.level", -30.0)
    said = dict(remote.hear(0.2))
    assert abs(said[FADER] - 0.5) < 1 / 1023
    assert said["/ch/01/mix/on"] == 0
    assert abs(said["/dca/3/fader"] - 0.75) < 1 / 1023
    assert abs(said["/main/st/mix/fader"] - 0.25) < 1 / 1023
    with pytest.raises(KeyError):
        stage.move("mixer.nobody.level", 0.0)


def test_a_remote_is_forgotten_unless_it_asks_again(stage, remote, monkeypatch):
    monkeypatch.setattr(mixer, "REMOTE_LIFE", 0.3)
    remote.send_message("/xremote", [])
    remote.read(FADER)
    stage.move("mixer.host.level", -20.0)
    assert remote.hear(0.1)
    remote.send_message("/xremote", [])
    remote.read(FADER)
    time.sleep(0.35)
    stage.move("mixer.host.level", -5.0)
    assert remote.hear(0.1) == []


def test_a_remote_lives_10_seconds():
    assert mixer.REMOTE_LIFE == 10


def test_a_fifth_remote_is_never_told_anything(stage):
    clients = [Remote(stage) for _ in range(5)]
    try:
        for client in clients:
            client.send_message("/xremote", [])
            client.read(FADER)
        stage.move("mixer.host.level", -10.0)
        assert [bool(client.hear(0.1)) for client in clients] == [True] * 4 + [False]
        clients[0].send_message("/unsubscribe", [])
        clients[0].read(FADER)
        clients[4].send_message("/xremote", [])
        clients[4].read(FADER)
        stage.move("mixer.host.level", -20.0)
        assert [bool(client.hear(0.1)) for client in clients] == [False] + [True] * 4
    finally:
        for client in clients:
            client.close()


def test_a_scene_is_recalled_and_told_to_whoever_asked_for_it_too(stage, remote):
    stage.move("mixer.host.level", -10.0)
    stage.ask(lambda: stage.mixer().store(7))
    stage.move("mixer.host.level", -60.0)
    remote.send_message("/xremote", [])
    remote.read(FADER)
    remote.send_message("/-action/goscene", 7)
    said = dict(remote.hear(0.2))
    assert abs(said[FADER] - 0.5) < 1 / 1023
    assert said["/-show/prepos/current"] == 7


def test_meters_are_frames_of_96_floats_every_50_ms(remote):
    remote.send_message("/meters", "/meters/1")
    frames: list[OscMessage] = []
    start = time.monotonic()
    while len(frames) < 21:
        frames += remote.get_messages(0.05)
    assert 0.5 < time.monotonic() - start < 2
    assert frames[0].address == "/meters/1"
    blob = frames[-1].params[0]
    (count,) = struct.unpack_from("<i", blob)
    levels = struct.unpack_from(f"<{count}f", blob, 4)
    assert count == 96
    assert all(0 <= level <= 1 for level in levels)
    assert levels[0] > 0  # somebody stands at the host's microphone
    assert levels[20] == 0  # and nobody at a channel without a name


def frame_of(remote, bank):
    remote.send_message("/meters", bank)
    frame = next(m for m in remote.get_messages(1.0) if m.address == bank)
    (count,) = struct.unpack_from("<i", frame.params[0])
    return struct.unpack_from(f"<{count}f", frame.params[0], 4)


def test_each_bank_of_meters_has_its_own_size_and_one_that_is_not_is_not_answered(remote):
    assert [len(frame_of(remote, f"/meters/{n}")) for n in range(3)] == [70, 96, 49]
    remote.send_message("/meters", "/meters/77")
    assert not [m for m in remote.get_messages(0.2) if m.address == "/meters/77"]


def test_the_main_is_as_loud_as_what_the_faders_let_through(stage, remote):
    def main():
        left, right = frame_of(remote, "/meters/2")[22:24]
        assert left == right
        return left

    stage.ask(lambda: setattr(stage.mixer(), "sound", _standing(stage.mixer())))
    stage.move("mixer.guest.on", False)
    stage.move("mixer.host.on", True)
    stage.move("mixer.host.level", 0.0)
    stage.move("mixer.main.level", 0.0)
    until(lambda: main() == pytest.approx(0.25, rel=0.01))
    stage.move("mixer.host.level", -20.0)
    until(lambda: main() == pytest.approx(0.025, rel=0.02))
    stage.move("mixer.main.on", False)
    until(lambda: main() == 0)
    assert frame_of(remote, "/meters/1")[0] == pytest.approx(0.25)  # before its fader


def _standing(mixer):
    """Whoever has a microphone is as loud as everybody else, and nothing moves."""
    moving = mixer.sound
    return lambda root: 0.25 if root in ("/ch/01", "/ch/02") else moving(root)


def test_meters_stop_unless_they_are_asked_for_again(remote, monkeypatch):
    monkeypatch.setattr(mixer, "REMOTE_LIFE", 0.2)
    remote.send_message("/meters", "/meters/1")
    until(lambda: not remote.hear(0.2))


def test_a_restart_brings_the_power_on_values_and_forgets_every_remote(stage, remote):
    remote.send_message("/xremote", [])
    remote.send_message(FADER, 0.75)
    remote.send_message("/ch/01/mix/on", 0)
    assert remote.read(FADER) > 0.7
    stage.restart("mixer")
    assert remote.read(FADER) == 0
    assert remote.read("/ch/01/mix/on") == 1
    stage.move("mixer.host.level", -10.0)
    assert remote.hear(0.1) == []


def test_a_mixer_without_network_keeps_its_values(stage, remote):
    remote.send_message(FADER, 0.75)
    assert remote.read(FADER) > 0.7
    stage.refuse("mixer")
    assert condition(stage, "mixer") == "unreachable"
    stage.accept("mixer")
    assert remote.read(FADER) > 0.7


def test_a_frozen_mixer_does_on_waking_what_it_was_told(stage, remote):
    stage.freeze("mixer")
    assert condition(stage, "mixer") == "frozen"
    remote.send_message(FADER, 0.75)
    remote.send_message(FADER, [])
    assert remote.hear(0.2) == []
    stage.thaw("mixer")
    ((_, value),) = remote.hear(0.2)
    assert value > 0.7


def test_a_killed_mixer_is_refused_by_the_system(stage, remote):
    stage.kill("mixer")
    assert condition(stage, "mixer") == "down"
    stage.restart("mixer")
    assert remote.read(FADER) == 0


def condition(stage, name):
    return next(d["condition"] for d in stage.state()["devices"] if d["name"] == name)


def test_a_share_of_the_packets_is_lost(stage, remote):
    stage.drop("mixer", 0.3)
    for _ in range(300):
        remote.send_message(FADER, [])
    answered = len(remote.hear(0.3))
    assert 300 * 0.49 * 0.7 < answered < 300 * 0.49 * 1.3  # lost on the way there, or back
    stage.drop("mixer", 0.0)
    assert remote.read(FADER) == 0


def test_garbage_is_nothing_to_it(stage, remote):
    host, port = stage.addresses["mixer"].split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as raw:
        for packet in GARBAGE:
            raw.sendto(packet, (host, int(port)))
    assert remote.read(FADER) == 0


GARBAGE = (
    b"", b"\0", b"/", b"/ch/01", b"#bundle\0" + bytes(8), b"/x\0\0,f\0\0", b"\xff" * 64,
    b"/ch/01/mix/fader\0\0\0\0,b\0\0\x7f\xff\xff\xff",
)  # fmt: skip


@pytest.mark.parametrize(
    ("fader", "level"),
    [(1.0, 10), (0.75, 0), (0.5, -10), (0.25, -30), (0.0625, -60), (0.0, -math.inf)],
)
def test_the_fader_stands_where_the_protocol_page_says(fader, level):
    assert decibels(fader) == level
    if math.isfinite(level):
        assert position(level) == fader


def test_position_and_decibels_are_each_others_way_back():
    for step in range(1, 1024):
        assert position(decibels(step / 1023)) == pytest.approx(step / 1023)


def test_every_power_on_value_is_one_the_desk_would_take():
    for address, parameter in PARAMETERS.items():
        assert parameter.accept(parameter.type, parameter.rest) == parameter.rest, address
