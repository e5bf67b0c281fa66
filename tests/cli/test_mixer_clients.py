"""Two clients that other people wrote read from a mixer what a cue of the whole program put there.

The mixer is simulated; the show, the desk, its driver and the profile are those of an evening.
"""

import time
from dataclasses import dataclass
from typing import Any

import pytest
import xair_api

from stagectl.files.load import load_venue
from stagectl.sim.stage import run_stage
from tests.cli.library import Library
from tests.sim.behringer import behringer

VENUE = """\
venue: Salen
language: en
devices:
  mixer:
    profile: {profile}
    at: 127.0.0.1
    names: {{host: ch.1, guest: ch.2, hall: bus.2, band: dca.3, main: main}}
base:
  mixer: {{host: off, guest: off, hall: off, host.level: -20 dB, guest.level: -20 dB}}
  mixer.hall.level: -inf dB
  mixer.band: on
  mixer.main: on
  mixer.main.level: -10 dB
scenes:
  holding: {{label: Straks tilbake, set: {{mixer.host: off}}}}
safe: holding
cover: holding
"""
SHOW = """\
show: Samtale
venue: salen
people: {host: {name: Kari Ødegård}}
cues:
  - {cue: 1, name: Dørene åpner, scene: holding}
  - cue: 2
    name: Velkommen
    fade: 0.3 s
    set:
      mixer: {host: on, hall: on, band: off, host.level: -5 dB, hall.level: -30 dB}
      mixer.host.name: "{host.name}"
      mixer.main.level: 0 dB
"""
MODELS = {"behringer-x32": "X32", "midas-m32": "X32", "behringer-xair": "XR18"}
"""By what name the clients know each."""


@dataclass
class Evening:
    """A library whose show stands at cue 2, and where the clients find its mixer."""

    library: Library
    model: str
    at: dict[str, Any]

    def tells(self, so, seconds=10.0):
        """Wait until the desk says so."""
        end = time.monotonic() + seconds
        while not so(status := self.library.status()):
            assert time.monotonic() < end, status["values"]


@pytest.fixture(params=MODELS)
def evening(request, tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    venue = library.folder / "scenes" / "salen.yaml"
    venue.write_text(VENUE.format(profile=request.param), "utf-8")
    (library.folder / "cues" / "samtale.yaml").write_text(SHOW, "utf-8")
    try:
        with run_stage(load_venue(venue)) as stage:
            at = stage.addresses["mixer"]
            library.headless("cues/samtale.yaml", "--at", f"mixer={at}")
            host, port = at.split(":")
            one = Evening(library, MODELS[request.param], {"ip": host, "port": int(port)})
            one.tells(lambda status: status["devices"]["mixer"]["state"] == "linked")
            for number in "12":
                assert library("go", "--expect", number).status == 0
            one.tells(settled)
            yield one
            library.close()  # while the mixer is there: a desk without one is not what ends here
    finally:
        library.close()


def settled(status):
    """Tell whether all that can be read was read back; a name is never asked for."""
    standings = {p: standing for p, (_, standing) in status["values"].items()}
    return standings.pop("mixer.host.name") == "sent" and set(standings.values()) == {"confirmed"}


async def test_behringer_mixer_reads_what_the_cue_put(evening):
    async with behringer(evening.model, evening.at) as client:
        said = client.state()
    assert said["/ch/1/mix_on"] is True
    assert said["/ch/1/mix_fader"] == pytest.approx((-5 + 30) / 40, abs=0.5 / 1023)
    assert said["/ch/1/mix_fader_db"] == pytest.approx(-5, abs=0.1)
    assert said["/ch/1/config_name"] == "Kari Ødegård"
    assert said["/ch/2/mix_on"] is False
    assert said["/ch/2/mix_fader_db"] == pytest.approx(-20, abs=0.1)
    assert said["/bus/2/mix_on"] is True
    assert said["/bus/2/mix_fader_db"] == pytest.approx(-30, abs=0.1)
    assert said["/dca/3/mix_on"] is False
    assert said["/main/st/mix_on"] is True
    assert said["/main/st/mix_fader_db"] == pytest.approx(0, abs=0.1)


def test_xair_api_reads_what_the_cue_put_and_its_hand_is_seen(evening):
    with xair_api.connect(evening.model, **evening.at) as client:
        host, guest, hall = client.strip[0], client.strip[1], client.bus[1]
        assert host.mix.on is True
        assert host.mix.fader == pytest.approx(-5, abs=0.1)
        assert host.config.name == "Kari Ødegård"
        assert guest.mix.on is False
        assert guest.mix.fader == pytest.approx(-20, abs=0.1)
        assert hall.mix.on is True
        assert hall.mix.fader == pytest.approx(-30, abs=0.1)
        assert client.dca[2].on is False
        main = client.mainst if evening.model == "X32" else client.lr
        assert main.mix.fader == pytest.approx(0, abs=0.1)
        host.mix.fader = -15.0
        evening.tells(lambda status: status["values"]["mixer.host.level"][1] == "held")
        said = evening.library.status()["values"]["mixer.host.level"][0]
        assert said == pytest.approx(-15, abs=0.1)
    client.server.server_close()
