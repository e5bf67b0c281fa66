"""A recording is a file that grows, a stream a count that does; neither is on when OBS says OK.

As OBS 29 does: a StopRecord before STARTED is refused (501) and the recording goes on; a
StartStream to a dead server is OK, STARTING, STOPPED.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from stagectl.sim.lifetime import Lifetime
from stagectl.sim.obs_fields import NOT_PAUSED, NOT_RUNNING, PAUSED, RUNNING, Json, Refused
from stagectl.sim.obs_media import Emit

FPS = 30
TICK = 0.25  # seconds between two writes
RECORD_RATE = 8_000  # bytes a second: enough to see it grow, little enough for a whole evening
STREAM_RATE = 312_500  # bytes a second: 2.5 Mbit/s
RECORD_STARTS = 0.015
RECORD_STOPS = 0.1
STREAM_STARTS = 0.3
STREAM_STOPS = 0.05
STREAM_GIVES_UP = 0.1


class Output(ABC):
    """What a recording and a stream have in common; `word` is "Record" or "Stream"."""

    word = ""

    def __init__(self, life: Lifetime, emit: Emit) -> None:
        """Begin switched off."""
        self._life = life
        self._emit = emit
        self._ticking: Callable[[], None] | None = None
        self._moving = False  # STARTING or STOPPING
        self.active = False
        self.bytes = 0
        self.stalled = False  # a fault: active, and nothing grows
        self._since = 0.0  # when it went on, later by every pause

    def begin(self) -> None:
        """Start, some time after this returns; raises Refused if it runs."""
        if self.active:
            raise Refused(RUNNING)
        if not self._moving:
            self._moving = True
            self._say("STARTING", active=False)
            self._start()

    def end(self) -> None:
        """Stop, some time after this returns; raises Refused if it does not run."""
        if not self.active:
            raise Refused(NOT_RUNNING)
        if not self._moving:
            self._moving = True
            self._say("STOPPING", active=False)
            self._stop()

    @property
    def seconds(self) -> float:
        """How long it has been on, pauses left out."""
        return self._life.now - self._since if self.active else 0.0

    def frames(self) -> int:
        """Return how many frames went out."""
        return int(self.seconds * FPS)

    def timecode(self) -> str:
        """Return hh:mm:ss.mmm."""
        whole, ms = divmod(int(self.seconds * 1000), 1000)
        return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{ms:03}"

    @abstractmethod
    def _start(self) -> None:
        """Begin: it runs from now on."""

    @abstractmethod
    def _stop(self) -> None:
        """End."""

    @abstractmethod
    def _grow(self) -> None:
        """Take another moment in."""

    def _on(self) -> None:
        self._moving, self.active = False, True
        self.bytes, self._since = 0, self._life.now
        self._ticking = self._life.every(TICK, self._tick)
        self._say("STARTED", active=True)

    def _off(self) -> None:
        if self._ticking is not None:
            self._ticking()
            self._ticking = None
        self._moving, self.active = False, False
        self._say("STOPPED", active=False)

    def _tick(self) -> None:
        if not self.stalled:
            self._grow()

    def _say(self, state: str, *, active: bool) -> None:
        data: Json = {"outputActive": active, "outputState": f"OBS_WEBSOCKET_OUTPUT_{state}"}
        self._emit(f"{self.word}StateChanged", data | self._more(state))

    def _more(self, _state: str) -> Json:
        return {}


class Record(Output):
    """The recording: `path` is the file of this one, or of the last."""

    word = "Record"

    def __init__(self, life: Lifetime, emit: Emit, folder: Path) -> None:
        """Begin switched off; the files go to `folder`."""
        super().__init__(life, emit)
        self._folder = folder
        self._file: BinaryIO | None = None
        self.path = ""
        self._paused_at: float | None = None
        self.pauses = True  # False: OBS records with the stream's encoder, and PauseRecord is air

    @property
    def paused(self) -> bool:
        """Tell whether it is paused."""
        return self._paused_at is not None

    @property
    def seconds(self) -> float:
        """How long it has been recording."""
        until = self._life.now if self._paused_at is None else self._paused_at
        return until - self._since if self.active else 0.0

    def pause(self) -> None:
        """Pause; OK and without effect where nothing runs, as in OBS 29."""
        if self.paused:
            raise Refused(PAUSED)
        if self.active and self.pauses:
            self._paused_at = self._life.now
            self._say("PAUSED", active=False)

    def resume(self) -> None:
        """Go on."""
        if self._paused_at is None:
            raise Refused(NOT_PAUSED)
        self._since += self._life.now - self._paused_at
        self._paused_at = None
        self._say("RESUMED", active=True)

    def crash(self) -> None:
        """Let go of the file as it is: the process is gone."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _start(self) -> None:
        self._life.later(RECORD_STARTS, self._open)

    def _open(self) -> None:
        file = _fresh(self._folder)
        self._file, self.path = file.open("wb"), file.as_posix()
        self._paused_at = None
        self._on()
        self._grow()

    def _stop(self) -> None:
        self._life.later(RECORD_STOPS, self._close)

    def _close(self) -> None:
        self.crash()
        self._paused_at = None
        self._off()

    def _grow(self) -> None:
        if self._file is not None and not self.paused:
            self._file.write(bytes(int(RECORD_RATE * TICK)))
            self._file.flush()
            self.bytes = self._file.tell()

    def _more(self, state: str) -> Json:
        return {"outputPath": self.path if state in {"STARTED", "STOPPED"} else None}


class Stream(Output):
    """The stream. `dead` is a fault: nobody listens where it is sent."""

    word = "Stream"

    def __init__(self, life: Lifetime, emit: Emit) -> None:
        """Begin switched off."""
        super().__init__(life, emit)
        self.dead = False
        self.reconnecting = False
        self.skipped = 0

    def cut(self) -> None:
        """Lose the server while streaming: OBS tries again and again."""
        self.dead = True
        if self.active and not self.reconnecting:
            self.reconnecting = True
            self._say("RECONNECTING", active=False)

    def mend(self) -> None:
        """Give the server back."""
        self.dead = False
        if self.reconnecting:
            self.reconnecting = False
            self._say("RECONNECTED", active=True)

    @property
    def connecting(self) -> bool:
        """Tell whether it is on its way: asked for, and nothing goes out yet."""
        return (self._moving and not self.active) or self.reconnecting

    def _start(self) -> None:
        if self.dead:
            self._life.later(STREAM_GIVES_UP, self._off)
        else:
            self._life.later(STREAM_STARTS, self._on)

    def _stop(self) -> None:
        self.reconnecting = False
        self._life.later(STREAM_STOPS, self._off)

    def _grow(self) -> None:
        if self.reconnecting:
            self.skipped += int(TICK * FPS)
        else:
            self.bytes += int(STREAM_RATE * TICK)


def _fresh(folder: Path) -> Path:
    """Return a file name as OBS makes them, which is not there yet."""
    stem = time.strftime("%Y-%m-%d_%H-%M-%S")
    names = (f"{stem}{'' if n == 1 else f' ({n})'}.mkv" for n in range(1, 1000))
    return next(path for name in names if not (path := folder / name).exists())
