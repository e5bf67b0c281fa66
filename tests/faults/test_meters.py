"""Meters under the whole program: whose level it is, who goes away, and who looks no longer."""

import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from websockets.sync.client import ClientConnection, connect

from stagectl.desk.gauge import STALE
from tests.faults.house import BACK, Evening, evening, until

GONE = STALE + 1.0  # seconds: what is old is none, and somebody has to say so
MICROPHONES = ("host", "guest", "guest 2", "interpreter", "audience", "playback", "main")


def with_sound(venue: str) -> str:
    """The room's OBS has a microphone of its own too."""
    return venue.replace('    Navn.text: ""\n', '    Navn.text: ""\n    Lyd.on: on\n', 1)


@contextmanager
def face(e: Evening) -> Iterator[ClientConnection]:
    """Somebody who may only watch, and looks at the meters."""
    card = e.house.card
    assert card is not None
    with connect(card.address, proxy=None, compression=None, max_size=None) as wire:
        wire.send(json.dumps({"token": e.house.place.token("watch"), "book": False}))
        wire.send(json.dumps({"levels": True}))
        yield wire


def levels(wire: ClientConnection, within: float = 5.0) -> Mapping[str, float]:
    """Return the next levels that are said."""
    end = time.monotonic() + within
    while True:
        letter = json.loads(wire.recv(max(0.0, end - time.monotonic())))
        if "levels" in letter:
            return dict(letter["levels"])


def of(wire: ClientConnection, device: str) -> set[str]:
    return {stem for stem in levels(wire) if stem.startswith(f"{device}.")}


def is_metered(e: Evening) -> bool:
    return bool(e.stage.ask(lambda: dict(e.stage.mixer()._metered)))


def test_a_mixer_that_goes_away_takes_its_meters_with_it_and_brings_them_back(tmp_path, say):
    with evening(tmp_path, venue=with_sound) as e, face(e) as wire:
        names = {f"mixer.{name}" for name in MICROPHONES}
        until(lambda: names <= of(wire, "mixer"), 5, "every name of the venue to have a level")
        until(lambda: of(wire, "obs") == {"obs.Lyd"}, 5, "OBS to have one too")
        e.stage.kill("mixer")
        took = until(lambda: not of(wire, "mixer"), GONE, "the mixer's meters to be empty")
        say("meters empty after", took)
        assert of(wire, "obs") == {"obs.Lyd"}, "OBS is still there"
        e.stage.restart("mixer")
        took = until(lambda: names <= of(wire, "mixer"), BACK, "the mixer's meters")
        say("meters again after", took)
        journal = "".join(path.read_text() for path in e.house.place.journal.glob("*.jsonl"))
        assert "levels" not in journal.casefold()


def test_a_frozen_mixer_has_no_frozen_meters(tmp_path):
    with evening(tmp_path) as e, face(e) as wire:
        until(lambda: of(wire, "mixer"), 5, "a level")
        e.stage.freeze("mixer")
        until(lambda: not levels(wire), GONE, "no level any more, and the face told so")


def test_when_whoever_looked_is_gone_without_a_word_the_mixer_is_asked_no_more(tmp_path):
    with evening(tmp_path) as e:
        assert not is_metered(e)
        with face(e) as wire:
            until(lambda: of(wire, "mixer"), 5, "a level")
            assert is_metered(e)
            wire.socket.close()
        until(lambda: not is_metered(e), 12, "what was asked for once to end by itself")


def test_a_desk_that_died_is_asked_again_by_whoever_looks(tmp_path):
    with evening(tmp_path) as e:
        with face(e) as wire:
            until(lambda: of(wire, "mixer"), 5, "a level")
        before = e.house.pid
        os.kill(before, signal.SIGKILL)
        until(lambda: (card := e.house.card) is not None and card.pid != before, 5, "another desk")
        with face(e) as wire:
            until(lambda: of(wire, "mixer"), BACK, "a level of the new desk")
