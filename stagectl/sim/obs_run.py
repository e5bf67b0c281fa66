"""One run of OBS, from its start to its end: what it holds in memory, and loses."""

import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from stagectl.sim.lifetime import Lifetime
from stagectl.sim.obs_collection import MEDIA, Collection, Input, single
from stagectl.sim.obs_fields import Json
from stagectl.sim.obs_media import Emit, Players
from stagectl.sim.obs_outputs import FPS, Record, Stream
from stagectl.sim.obs_switcher import Switcher

METER_TICK = 0.05


@dataclass(slots=True)
class Disk:
    """What survives a crash: persistent data, the recordings, and how full the disk is.

    `free_mb` is a fault: what OBS says is left, if it is not what is.
    """

    folder: Path
    slots: dict[tuple[str, str], object] = field(default_factory=dict)
    free_mb: float | None = None

    def free(self) -> float:
        """Return the megabytes left."""
        if self.free_mb is not None:
            return self.free_mb
        return shutil.disk_usage(self.folder).free / 1e6


class Run:
    """Everything that requests work on. `emit` tells every client that wants to know."""

    def __init__(
        self, life: Lifetime, emit: Emit, collection: Collection, disk: Disk, *, not_ready: float
    ) -> None:
        """Begin with a collection as it was saved; not ready for the first `not_ready` seconds."""
        self.life = life
        self.emit = emit
        self.collection = collection
        self.disk = disk
        self.players = Players(life, emit, collection)
        self.switcher = Switcher(life, emit, collection, self._changed)
        self.record = Record(life, emit, disk.folder)
        self.stream = Stream(life, emit)
        self._not_ready = not_ready
        self._active: frozenset[str] = frozenset()
        self._stop_meters: Callable[[], None] | None = None
        self._changed()

    @property
    def ready(self) -> bool:
        """Tell whether requests are taken: 207 before that."""
        return self.life.now >= self._not_ready

    def active(self) -> frozenset[str]:
        """Return the names of the inputs on program, both scenes' in a transition."""
        return self._active

    def stats(self) -> Json:
        """Return GetStats; the frame counter begins at 0 with every start.

        It runs with the clock: what a stopped OBS did not draw it counts when it goes on.
        """
        frames = int(self.life.age * FPS)
        return {
            "activeFps": 30.000000300000007 if frames else 0.0,
            "availableDiskSpace": self.disk.free(),
            "averageFrameRenderTime": 0.2,
            "cpuUsage": 2.5,
            "memoryUsage": 180.0,
            "outputSkippedFrames": self.stream.skipped,
            "outputTotalFrames": self.stream.frames() + self.record.frames(),
            "renderSkippedFrames": 0,
            "renderTotalFrames": frames,
        }

    def level(self, one: Input) -> float:
        """Return how loud an input is before its fader, 0–1: talk, or the film that plays."""
        if one.name not in self._active or not one.sounds:
            return 0.0
        playing = self.players.state(one) == "PLAYING"
        if not one.everywhere and not playing:
            return 0.0
        voice = sum(one.name.encode())
        phrase = max(0.0, math.sin(self.life.now * 0.8 + voice))
        return 0.004 + 0.2 * phrase * (0.6 + 0.4 * math.sin(self.life.now * 9.1))

    def meter(self, *, on: bool) -> None:
        """Send InputVolumeMeters every 50 ms, or no longer."""
        if on and self._stop_meters is None:
            self._stop_meters = self.life.every(METER_TICK, self._send_meters)
        elif not on and self._stop_meters is not None:
            self._stop_meters()
            self._stop_meters = None

    def refresh(self) -> None:
        """See again what is on program: a scene or an item has changed."""
        self._changed()

    def _send_meters(self) -> None:
        inputs = []
        for one in self.collection.inputs.values():
            unplayed = one.kind == MEDIA and self.players.state(one) == "STOPPED"
            if one.sounds and one.name in self._active and not unplayed:  # as OBS 29 does
                raw = single(self.level(one))
                heard = 0.0 if one.muted else single(raw * one.mul)
                channel = [single(heard * 0.7), heard, raw]
                inputs.append({"inputLevelsMul": [channel, channel], "inputName": one.name})
        self.emit("InputVolumeMeters", {"inputs": inputs})

    def _changed(self) -> None:
        before = self._active
        self._active = frozenset(
            one.name for scene in self.switcher.scenes() for one in self.collection.showing(scene)
        ) | {one.name for one in self.collection.inputs.values() if one.everywhere}
        for name in sorted(before ^ self._active):
            on = name in self._active
            self.emit("InputActiveStateChanged", {"inputName": name, "videoActive": on})
            self.emit("InputShowStateChanged", {"inputName": name, "videoShowing": on})
        self.players.active(self._active)
