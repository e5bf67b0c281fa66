"""Two clients that other people wrote read from the simulated mixers what they expect of real ones.

After a cue: tests/cli/test_mixer_clients.py.
"""

import pytest
import xair_api

from stagectl.core.model import Device, Venue
from stagectl.sim.stage import run_stage
from tests.sim.behringer import behringer, read

MODELS = {"behringer-x32": ("X32", "4.06"), "behringer-xair": ("XR18", "1.17")}
NAMES = {"host": "ch.1", "guest": "ch.2", "hall": "bus.2", "band": "dca.3", "main": "main"}


@pytest.fixture(params=MODELS)
def mixer(request):
    """A mixer on a stage, what it calls itself, its firmware, and where it is."""
    venue = Venue("Salen", {"mixer": Device("mixer", request.param, names=NAMES)})
    with run_stage(venue) as stage:
        host, port = stage.addresses["mixer"].split(":")
        yield stage, *MODELS[request.param], {"ip": host, "port": int(port)}


def strip(stage, name):
    return next(s for s in stage.state()["devices"][0]["strips"] if s["name"] == name)


async def test_behringer_mixer_reads_and_moves_a_fader(mixer):
    stage, model, firmware, at = mixer
    stage.move("mixer.host.level", -10.0)
    stage.move("mixer.main.level", -20.0)
    stage.move("mixer.hall.on", False)
    async with behringer(model, at) as client:
        assert client.state("/ch/1/mix_fader_db") == pytest.approx(-10, abs=0.1)
        assert client.state("/ch/1/mix_on") is True
        assert client.state("/ch/1/config_name") == "host"
        assert client.state("/bus/2/mix_on") is False
        assert client.state("/dca/3/mix_on") is True
        assert client.state("/main/st/mix_fader_db") == pytest.approx(-20, abs=0.1)
        assert client.firmware() == firmware
        await client.set_value("/ch/1/mix_fader_db", -5.0)
        await client.set_value("/ch/1/mix_on", False)
        await read(client)
        assert client.state("/ch/1/mix_on") is False
    assert strip(stage, "host")["level"] == pytest.approx(-5, abs=0.05)
    assert strip(stage, "host")["on"] is False


def test_xair_api_reads_and_moves_a_fader(mixer):
    stage, model, _, at = mixer
    stage.move("mixer.host.level", -10.0)
    stage.move("mixer.main.level", -20.0)
    stage.move("mixer.hall.on", False)
    with xair_api.connect(model, **at) as client:
        assert client.strip[0].mix.fader == pytest.approx(-10, abs=0.1)
        assert client.strip[0].config.name == "host"
        assert client.bus[1].mix.on is False
        assert client.dca[2].on is True
        main = client.mainst if model == "X32" else client.lr
        assert main.mix.fader == pytest.approx(-20, abs=0.1)
        client.strip[0].mix.fader = -5.0
        assert client.strip[0].mix.fader == pytest.approx(-5, abs=0.1)
    client.server.server_close()
    assert strip(stage, "host")["level"] == pytest.approx(-5, abs=0.05)
