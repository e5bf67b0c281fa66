"""Today's event, which nobody has opened yet: the OBS is real, the other devices are simulated."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from stagectl.core.book import Book
from stagectl.engine.event import Ended, Fired, Skipped
from stagectl.files.load import load_show
from stagectl.sim.stage import Stage, run_stage
from tests.faults.house import (
    PATIENCE,
    House,
    amiss,
    is_alive,
    make_project,
    on_the_lights,
    on_the_mixer,
    squeezed,
    until,
    wanted,
)
from tests.real.audience import audience
from tests.real.obs_rig import PASSWORD, ObsRig, free_port, running_obs
from tests.real.room import furnish, in_obs, length

NAME = "Høytlesning med tegnspråktolkning"
UNASKED = "11.5"  # «Bare hvis noen spør på tegnspråk. Ellers «Hopp over».»
BY_THEMSELVES = ("7", "14")
ADDRESSES = {
    "obs": '"127.0.0.1:4455"',
    "mixer": "192.168.10.20",
    "lights": "192.168.10.30",
    "keys": '"midi:nanoKONTROL2"',
}


class Screen(Protocol):
    """Whatever a person looks at and can touch or press."""

    def text(self) -> str:
        """Return all that stands on it."""

    def wait_for(self, pattern: str, seconds: float = ...) -> "re.Match[str]":
        """Wait until it shows this."""


@dataclass
class Tonight:
    """The project, the peers and the book; the desk is opened by whoever sits at the screen."""

    house: House
    stage: Stage
    book: Book
    obs: ObsRig

    def is_at(self, cue: str) -> None:
        """Wait until every peer, asked by itself, is as the cue has it, 11.5 left out."""
        look = wanted(self.book, cue, frozenset({UNASKED}))
        until(lambda: not self._amiss(look), PATIENCE, f"cue {cue}: {self._amiss(look)}")

    def _amiss(self, look: object) -> object:
        assert isinstance(look, dict)
        obs = in_obs(self.obs, self.book)
        if obs["obs.transition.duration"] is None:  # a cut has none
            del obs["obs.transition.duration"]
        found = {
            **on_the_mixer(self.book, self.stage),
            **on_the_lights(self.book, self.stage),
            **obs,
        }
        return amiss(self.book, {p: look[p] for p in found}, found)

    def played(self, screen: Screen, go: Callable[[], None], skip: Callable[[], None]) -> None:
        """Play it to the last cue by what the screen says alone; every peer shall follow."""
        for cue in self.book.show.cues:
            if cue.number == UNASKED:
                screen.wait_for(_standing("NESTE", cue.number))
                skip()
            elif cue.number in BY_THEMSELVES:
                screen.wait_for(_standing("NÅ", cue.number))
            else:
                screen.wait_for(_standing("NESTE", cue.number))
                time.sleep(0.5)  # the guard: nobody says GO sooner than that
                go()
                screen.wait_for(_standing("NÅ", cue.number))
            if cue.number != UNASKED and cue.follow is None:
                self.is_at(cue.number)

    @property
    def looked_back_on(self) -> str:
        """What «Etterpå» says, as a pattern: the film that OBS made, and the first cue."""
        (film,) = self.obs.recordings
        return rf"✓ Opptak .*{re.escape(film.name)}.*✓ Strøm .*mot planen.*1 +Dørene åpner"

    def as_it_was_played(self) -> None:
        """See that the journal has each cue once and in order, and that OBS has a film of it."""
        fired = [event.cue for event in self.house.of(Fired)]
        assert fired == [cue.number for cue in self.book.show.cues if cue.number != UNASKED]
        assert [event.cue for event in self.house.of(Skipped)] == [UNASKED]
        assert len(self.house.of(Ended)) == 1
        (film,) = self.obs.recordings
        assert length(film) > 5


def _standing(word: str, number: str) -> str:
    return rf"\b{word}\s+{re.escape(number)}\s"


@contextmanager
def tonight(folder: Path) -> Iterator[Tonight]:
    """Make the library and start the peers; whatever desk was opened is gone at the end."""
    today = datetime.now(ZoneInfo("Europe/Oslo")).date()
    show = make_project(
        folder,
        lambda text: re.sub(r"(?m)^date: .*$", f"date: {today}", squeezed(text, 0.3, follow=2.0)),
        lambda text: text.replace("transition: Fade", "transition: Cut"),
    )
    book = load_show(show, cached=False)
    with ExitStack() as open_:
        rtmp = f"rtmp://127.0.0.1:{free_port()}/live"
        open_.enter_context(audience(rtmp, folder))
        obs = open_.enter_context(running_obs(folder / "obs", rtmp))
        furnish(obs, book)
        stage = open_.enter_context(run_stage(book, obs_password=PASSWORD))
        at = {**stage.addresses, "obs": f"127.0.0.1:{obs.port}"}
        room = folder / "scenes" / "lillestrom.yaml"
        text = room.read_text("utf-8")
        for device, address in ADDRESSES.items():
            assert address in text
            text = text.replace(address, f'"{at[device]}"')
        room.write_text(text, "utf-8")
        house = House(folder, secret=PASSWORD)
        try:
            yield Tonight(house, stage, load_show(show, cached=False), obs)
        finally:
            _close(house)


def _close(house: House) -> None:
    """End a desk that a failed evening has left behind."""
    card = house.card
    if card is not None and is_alive(card.keeper):
        house.cli("end")
        until(lambda: not is_alive(card.keeper), PATIENCE, "the desk to go")
