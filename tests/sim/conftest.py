"""One venue with every kind of device, and a stage for it."""

import time

import pytest

from stagectl.core.book import Book
from stagectl.core.model import Cue, Device, Do, Scene, Show, Venue
from stagectl.sim.stage import run_stage

PASSWORD = "sesam"

VENUE = Venue(
    "Prøvesalen",
    devices={
        "obs": Device("obs", "obs-studio", names={"talk": "Prof. Dahl / hovedscene"}),
        "mixer": Device(
            "mixer",
            "behringer-x32",
            names={"host": "ch.1", "guest": "ch.2", "band": "dca.3", "main": "main"},
        ),
        "lights": Device("lights", "qlcplus", names={"stage": "level.1", "house": "level.2"}),
        "fog": Device("fog", "generic-osc", names={"haze": "haze/1/amount"}),
        "projector": Device("projector", "pjlink"),
    },
    base={
        "obs.program": "Venteskjerm",
        "obs.transition": "Fade",
        "obs.Samtale/Tolk.on": False,
        "obs.Navn.text": "",
        "obs.Mikrofon.on": True,
        "obs.Mikrofon.level": 0.0,
        "obs.master.on": True,
        "mixer.host.on": False,
        "lights.stage.level": 0.0,
    },
    scenes={
        "conversation": Scene("conversation", "Samtale", {"obs.program": "Samtale"}),
        "talk": Scene("talk", "Foredrag", {"obs.program": "Prof. Dahl / hovedscene"}),
        "film": Scene("film", "Film", {"obs.program": "Film"}),
        "holding": Scene("holding", "Straks tilbake", {"obs.program": "Venteskjerm"}),
    },
    safe="holding",
)

BOOK = Book(
    Show(
        "Prøve",
        (
            Cue("1", sets={"obs.program": "Film"}, dos=(Do("obs", "play", "Introfilm"),)),
            Cue("2", sets={"obs.program": "Samtale"}),
        ),
        base=VENUE.base,
    ),
    VENUE,
)


def until(what, seconds=5.0):
    """Return what `what` returns as soon as it is something; fail when it is too late."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
    return found


@pytest.fixture
def stage():
    with run_stage(BOOK, obs_password=PASSWORD) as running:
        yield running
