"""Films play, pause and end by themselves, and restart when their scene comes on."""

from collections.abc import Callable
from collections.abc import Collection as Group
from dataclasses import dataclass

from stagectl.sim.lifetime import Lifetime
from stagectl.sim.obs_collection import MEDIA, Collection, Input
from stagectl.sim.obs_fields import Json

Emit = Callable[[str, Json | None], None]

ACTION = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_"
ACTIONS = ("NONE", "PLAY", "PAUSE", "STOP", "RESTART", "NEXT", "PREVIOUS")


@dataclass(slots=True)
class _Film:
    state: str = "STOPPED"
    began: float = 0.0  # when the first frame was, or would have been, on this life's clock
    cursor: float = 0.0  # seconds in, while paused
    end: Callable[[], None] | None = None


class Players:
    """What every media input is doing. Times are seconds of the process's own."""

    def __init__(self, life: Lifetime, emit: Emit, collection: Collection) -> None:
        """Begin with everything stopped."""
        self._life = life
        self._emit = emit
        self._collection = collection
        self._films: dict[str, _Film] = {}
        self._active: frozenset[str] = frozenset()

    def act(self, film: Input, action: str) -> None:
        """Do what a media key does; a source that is no film takes no notice."""
        if film.kind != MEDIA:
            return
        now = self._film(film)
        if action == "RESTART" or (action == "PLAY" and now.state in {"STOPPED", "ENDED"}):
            self._play(film, 0.0)
        elif action == "PLAY":
            self._play(film, self.cursor(film) or 0.0)
        self._emit(
            "MediaInputActionTriggered",
            {"inputName": film.name, "mediaAction": f"{ACTION}{action}"},
        )
        if action == "PAUSE" and now.state == "PLAYING":
            now.cursor = self.cursor(film) or 0.0
            self._off(now, "PAUSED")
        elif action == "STOP" and now.state == "PLAYING":
            self._ended(film)
        elif action == "STOP":
            self._off(now, "STOPPED")

    def seek(self, film: Input, seconds: float) -> None:
        """Put a film somewhere in its length."""
        now = self._film(film)
        at = min(max(seconds, 0.0), film.seconds)
        if now.state == "PLAYING":
            self._run(film, at)
        elif now.state == "PAUSED":
            now.cursor = at

    def state(self, film: Input) -> str:
        """Return OBS_MEDIA_STATE_…: NONE for what is no film."""
        return self._film(film).state if film.kind == MEDIA else "NONE"

    def cursor(self, film: Input) -> float | None:
        """Return how many seconds in, or None: nothing is on."""
        now = self._film(film)
        if now.state == "PAUSED":
            return now.cursor
        return self._life.now - now.began if now.state == "PLAYING" else None

    def active(self, names: Group[str]) -> None:
        """Say which inputs are on program now: some films begin by that, and end by its end."""
        before, self._active = self._active, frozenset(names)
        for name in sorted(self._active ^ before):
            film = self._collection.inputs.get(name)
            if film is None or film.kind != MEDIA or not film.setting("restart_on_activate"):
                continue
            if name in self._active:
                self.act(film, "RESTART")
            elif self.state(film) in {"PLAYING", "PAUSED"}:
                self._ended(film)

    def rename(self, old: str, new: str) -> None:
        """Follow an input's new name."""
        if old in self._films:
            self._films[new] = self._films.pop(old)
        self._active = frozenset(new if name == old else name for name in self._active)

    def forget(self, name: str) -> None:
        """Stop an input that is no more."""
        if (film := self._films.pop(name, None)) is not None:
            self._off(film, "STOPPED")

    def _film(self, film: Input) -> _Film:
        return self._films.setdefault(film.name, _Film())

    def _play(self, film: Input, at: float) -> None:
        self._run(film, at)
        self._emit("MediaInputPlaybackStarted", {"inputName": film.name})

    def _run(self, film: Input, at: float) -> None:
        now = self._film(film)
        self._off(now, "PLAYING")
        now.began = self._life.now - at
        now.end = self._life.later(max(film.seconds - at, 0.0), lambda: self._over(film))

    def _over(self, film: Input) -> None:
        if film.setting("looping"):
            self._run(film, 0.0)
        else:
            self._ended(film)

    def _ended(self, film: Input) -> None:
        self._off(self._film(film), "ENDED")
        self._emit("MediaInputPlaybackEnded", {"inputName": film.name})

    @staticmethod
    def _off(now: _Film, state: str) -> None:
        if now.end is not None:
            now.end()
            now.end = None
        now.state = state
