"""The simulated OLA takes what olad takes, and makes the same bytes of it.

tests/real/test_ola.py asks a real olad the same table.
"""

import math

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import SimpleUDPClient

from stagectl.core.model import Device, Venue
from stagectl.sim.stage import run_stage
from tests.sim.conftest import until
from tests.sim.dmx import WHAT_OLAD_DOES

NAMES = {"stage": "level.1", "house": "level.2", "foyer": "universe.2.level.17"}


@pytest.fixture
def stage():
    with run_stage(Venue("Filialen", {"lights": Device("lights", "ola", names=NAMES)})) as running:
        yield running


@pytest.fixture
def osc(stage):
    host, port = stage.addresses["lights"].split(":")
    client = SimpleUDPClient(host, int(port))
    yield client
    client.close()


def dmx(stage, universe=1):
    return list(stage.ask(lambda: bytes(stage.lights().universes.get(universe, b""))))


@pytest.mark.parametrize(("address", "kind", "said", "slot", "byte"), WHAT_OLAD_DOES)
def test_it_makes_the_bytes_that_olad_makes(stage, osc, address, kind, said, slot, byte):
    osc.send_message(f"/dmx/universe/1/{slot}", 99)
    builder = OscMessageBuilder(address)
    if kind:
        builder.add_arg(said, kind)
    osc.send(builder.build())
    osc.send_message("/dmx/universe/1/500", 1)
    until(lambda: dmx(stage)[499] == 1)
    assert dmx(stage)[slot - 1] == byte


def test_a_blob_is_a_whole_universe(stage, osc):
    osc.send_message("/dmx/universe/2", bytes([9, 8, 7, 0]))
    until(lambda: dmx(stage, 2)[:4] == [9, 8, 7, 0])
    assert dmx(stage)[:4] == [0, 0, 0, 0]


def test_nothing_is_ever_answered(osc):
    osc.send_message("/dmx/universe/1/1", 255)
    osc.send_message("/dmx/universe/1/1", [])
    assert list(osc.get_messages(0.2)) == []


@pytest.mark.parametrize("said", [math.nan, math.inf])
def test_a_float_that_is_no_number_is_passed_over(stage, osc, said):
    osc.send_message("/dmx/universe/1/1", said)
    osc.send_message("/dmx/universe/1/2", 7)
    until(lambda: dmx(stage)[1] == 7)
    assert dmx(stage)[0] == 0


def test_the_view_has_its_sliders_by_the_venues_names(stage, osc):
    osc.send_message("/dmx/universe/2/17", 51)
    stage.move("lights.house.level", 40)

    def levels():
        (lights,) = stage.state()["devices"]
        assert lights["kind"] == "lights"
        return {slider["name"]: slider["level"] for slider in lights["sliders"]}

    until(lambda: levels() == {"stage": 0, "house": 40, "foyer": 20})


def test_after_a_restart_it_is_dark(stage, osc):
    osc.send_message("/dmx/universe/2/17", 51)
    until(lambda: dmx(stage, 2) and dmx(stage, 2)[16] == 51)
    stage.restart("lights")
    assert dmx(stage, 2) == []
