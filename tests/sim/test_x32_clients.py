"""Two X32 clients that other people wrote read from the simulated one what they expect."""

import asyncio

import pytest

NEEDS = "not among what the tests need; pip install behringer-mixer xair-api to run this one"


async def test_behringer_mixer_reads_and_moves_a_fader(stage):
    library = pytest.importorskip("behringer_mixer.mixer_api", reason=NEEDS)
    stage.move("mixer.host.level", -10.0)
    host, port = stage.addresses["mixer"].split(":")
    mixer = library.create("X32", ip=host, port=int(port), delay=0)
    try:
        assert await mixer.start()
        await mixer.reload()
        await reads(lambda: mixer.state("/ch/2/mix_on") is not None)
        assert mixer.state("/ch/1/mix_fader_db") == pytest.approx(-10, abs=0.1)
        assert mixer.state("/ch/1/mix_on") is True
        assert mixer.state("/ch/1/config_name") == "host"
        assert mixer.firmware() == "4.06"
        await mixer.set_value("/ch/1/mix_fader_db", -5.0)
        await mixer.set_value("/ch/1/mix_on", False)
        await reads(lambda: mixer.state("/ch/1/mix_on") is False)
    finally:
        await mixer.stop()
    strip = stage.state()["devices"][1]["strips"][0]
    assert strip["level"] == pytest.approx(-5, abs=0.05)
    assert strip["on"] is False


async def reads(what):
    for _ in range(500):
        if what():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never read it")


def test_xair_api_reads_and_moves_a_fader(stage):
    library = pytest.importorskip("xair_api", reason=NEEDS)
    stage.move("mixer.host.level", -10.0)
    host, port = stage.addresses["mixer"].split(":")
    with library.connect("X32", ip=host, port=int(port)) as mixer:
        assert mixer.strip[0].mix.fader == pytest.approx(-10, abs=0.1)
        assert mixer.strip[0].config.name == "host"
        mixer.strip[0].mix.fader = -5.0
        assert mixer.strip[0].mix.fader == pytest.approx(-5, abs=0.1)
        assert mixer.dca[2].on is True
    mixer.server.server_close()
