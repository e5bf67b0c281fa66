"""The simulated OBS answers a long talk as OBS 29.0.2 did: codes, comments, data and events."""

import json
from pathlib import Path

import pytest

from stagectl.core.model import Device, Venue
from stagectl.sim.stage import run_stage
from tests.sim.obs_conversation import STEPS, hold

REAL = json.loads((Path(__file__).parent / "obs-29.0.2.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def simulated():
    venue = Venue("talk", {"obs": Device("obs", "obs-studio")})
    with run_stage(venue, obs_password="talk") as stage:
        bare = stage.obs().run.collection
        stage.ask(bare.inputs.clear)
        stage.ask(bare.scenes["Scene"].items.clear)
        stage.ask(stage.obs().run.refresh)
        stage.obs().run.stream.dead = True
        return hold(stage.addresses["obs"], "talk", expected=REAL)


def test_the_talk_that_was_kept_is_the_talk_that_is_held():
    assert [step["asked"] for step in REAL] == [[s["kind"], s["data"]] for s in STEPS]


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda n: f"{n}-{STEPS[n]['kind']}")
def test_the_simulated_obs_answers_as_the_real_one_did(simulated, number):
    assert simulated[number] == REAL[number]
