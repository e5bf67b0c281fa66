"""A profile of one's own for a real scsynth: /status is the probe, control buses are put."""

import time
from collections.abc import Iterator

import pytest

from tests.faults.house import BACK, TOLD, House, alarms, state, until
from tests.real.playing import playing
from tests.real.scsynth_rig import Scsynth, scsynth

pytestmark = pytest.mark.real

PROFILE = """\
driver: osc
source: "SuperCollider server command reference, 3.13"
port: 57110
probe: /status                                  # answered by /status.reply
parameters:
  bus.{0..127}: {range: [-1000, 1000], rest: 0, address: "/c_set {}", type: f}
verbs:
  group: {argument: number, address: "/g_new {} 0 0"}
"""
VENUE = """\
devices:
  sound: {{profile: scsynth, at: "{at}", names: {{room: bus.3, pitch: bus.4}}}}
base: {{sound: {{room: 0, pitch: 440}}}}
scenes:
  holding: {{label: Straks tilbake, set: {{sound.room: 0}}}}
safe: holding
cover: holding
"""
CUES = """\
  - {cue: 1, name: Rom, set: {sound.room: 0.25}}
  - {cue: 2, name: Tone, set: {sound.pitch: -99.5}, do: [sound.group: 1000]}
  - {cue: 3, name: Stiger, set: {sound.room: 0.75}, fade: 0.5 s}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Scsynth]:
    with scsynth(tmp_path_factory.mktemp("scsynth")) as one:
        yield one


@pytest.fixture
def house(server: Scsynth, tmp_path) -> Iterator[House]:
    venue = VENUE.format(at=server.at)
    with playing(tmp_path, venue, CUES, profiles={"scsynth": PROFILE}) as house:
        yield house


def at(server: Scsynth, room: float, pitch: float, within: float = 2.0) -> None:
    """Wait until both buses are there, exactly: these numbers are whole in 32 bits."""
    buses = lambda: (server.bus(3), server.bus(4))  # noqa: E731 -- asked again and again
    until(lambda: buses() == (room, pitch), within, f"{room} and {pitch}, not {buses()}")


def test_a_cue_puts_a_control_bus_and_a_fade_ends_at_its_number(house, server):
    house.go("1")
    at(server, 0.25, 440.0)
    house.go("2")
    at(server, 0.25, -99.5)
    until(lambda: 1000 in server.nodes(), 2, "the group that the verb made")
    house.go("3")
    at(server, 0.75, -99.5)


def test_a_server_that_was_killed_is_told_and_put_right_when_it_is_back(house, server):
    house.go("1")
    at(server, 0.25, 440.0)
    server.kill()
    gone = time.monotonic()
    house.told(lambda s: state(s, "sound") == "lost", TOLD, gone, "the server told lost")
    assert alarms(house.status, "lost", "sound")
    server.start()
    back = time.monotonic()
    house.told(lambda s: state(s, "sound") == "linked", BACK, back, "the server linked")
    at(server, 0.25, 440.0, within=BACK)
