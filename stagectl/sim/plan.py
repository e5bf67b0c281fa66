"""Which simulated device stands for which of a venue's, and what it has."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from stagectl.core.book import Book
from stagectl.core.model import Device, Look, Show, Value, Venue
from stagectl.core.track import look_at
from stagectl.sim.lights import Lights
from stagectl.sim.midi import Midi
from stagectl.sim.mixer import Mixer
from stagectl.sim.obs import Obs
from stagectl.sim.obs_venue import Film, collection_for
from stagectl.sim.ola import Ola
from stagectl.sim.qlcplus import Qlcplus
from stagectl.sim.sink import Sink
from stagectl.sim.x32 import M32, X32
from stagectl.sim.xair import XAir

LASTS = 12.0  # seconds of a film nobody has told the length of
_ON_OSC: Mapping[str, type[Mixer | Lights]] = {
    "behringer-x32": X32,
    "midas-m32": M32,
    "behringer-xair": XAir,
    "qlcplus": Qlcplus,
    "ola": Ola,
}
"""Which class stands for which profile; any other on OSC takes everything and answers nothing."""


class Simulated(Protocol):
    """What every simulated device can do, and what can be done to it."""

    kind: str
    port: int

    @property
    def up(self) -> bool: ...
    @property
    def powered(self) -> bool: ...
    @property
    def frozen(self) -> bool: ...
    async def start(self, port: int = 0) -> int: ...
    async def kill(self) -> None: ...
    async def refuse(self) -> None: ...
    async def accept(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def move(self, path: str, value: float | str) -> None: ...
    def state(self) -> Mapping[str, object]: ...


class Plan:
    """A venue, or a book: then OBS has what its show names, films too."""

    def __init__(self, what: Venue | Book, obs_password: str, seed: int) -> None:
        """Read nothing yet; the same seed loses the same packets."""
        self.venue = what.venue if isinstance(what, Book) else what
        self._show = what.show if isinstance(what, Book) else Show("", ())
        self._profiles = what.profiles if isinstance(what, Book) else {}
        self._password = obs_password
        self._seed = seed

    def make(self, name: str, folder: Path) -> Simulated | None:
        """Return a device that is switched off, or None: nothing here can stand for it."""
        device = self.venue.devices[name]
        seed = self._seed + list(self.venue.devices).index(name)
        match self._driver(device), device.profile:
            case "obs", _:
                return self._obs(device, folder, seed)
            case "osc", profile if profile in _ON_OSC:
                return _ON_OSC[profile](device.names, seed=seed)
            case "osc", _:
                return Sink(seed=seed)
            case "midi", _:
                return Midi(self._profiles[name])
        return None

    def _driver(self, device: Device) -> str:
        if device.name in self._profiles:
            return self._profiles[device.name].driver
        known = {"obs-studio": "obs", "generic-osc": "osc"}
        return "osc" if device.profile in _ON_OSC else known.get(device.profile, "")

    def _obs(self, device: Device, folder: Path, seed: int) -> Obs:
        collection = collection_for(
            self._named(device.name),
            self._films(device.name),
            names=device.names,
            resting=self._resting(device.name),
        )
        return Obs(
            collection, folder=folder, password=self._password, names=device.names, seed=seed
        )

    def _looks(self) -> Iterator[Look]:
        yield self.venue.base
        yield from (scene.look for scene in self.venue.scenes.values())
        yield self._show.base
        yield from (part.sets for cue in self._show.cues for part in cue.parts)

    def _named(self, device: str) -> Iterator[tuple[str, Value]]:
        for look in self._looks():
            for parameter, value in look.items():
                first, _, path = parameter.partition(".")
                if first == device:
                    yield path, value

    def _films(self, device: str) -> Iterator[Film]:
        for index, cue in enumerate(self._show.cues):
            for do in cue.dos:
                if do.device == device and do.verb in {"play", "pause", "stop", "restart"}:
                    scene = str(look_at(self._show, index).get(f"{device}.program", ""))
                    lasts = (cue.follow_after if cue.follow is not None else cue.length) or LASTS
                    yield Film(scene, do.argument, lasts)

    def _resting(self, device: str) -> Iterable[str]:
        looks = [self.venue.base]
        looks += [
            self.venue.scenes[name].look
            for name in (self.venue.safe, self.venue.cover)
            if name in self.venue.scenes
        ]
        return [str(look[at]) for look in looks if (at := f"{device}.program") in look]
