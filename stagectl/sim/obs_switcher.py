"""A scene is on program when its transition has ended, though OBS says its name at once.

As OBS 29 does: `CurrentProgramSceneChanged` comes at the end and not at all for the scene that is
on; a preview and a trigger that follow too quickly are lost with every status OK.
"""

from collections.abc import Callable
from dataclasses import dataclass

from stagectl.sim.lifetime import Lifetime
from stagectl.sim.obs_collection import Collection
from stagectl.sim.obs_fields import NO_STUDIO, Refused
from stagectl.sim.obs_media import Emit

FRAME = 1 / 30
STUDIO_READY = 0.06  # seconds after studio mode came on in which a trigger is lost
PREVIEW_READY = 0.03  # and after a preview was chosen


@dataclass(frozen=True, slots=True)
class Passage:
    """A transition under way: `seconds` from `start`, from one scene to another."""

    name: str
    source: str
    target: str
    start: float
    seconds: float


class Switcher:
    """Program, preview and what is between; `changed` is called when other inputs are on."""

    def __init__(
        self, life: Lifetime, emit: Emit, collection: Collection, changed: Callable[[], None]
    ) -> None:
        """Begin with the collection's program scene."""
        self._life = life
        self._emit = emit
        self._collection = collection
        self._changed = changed
        self._call_off: Callable[[], None] | None = None
        self._ready = 0.0
        self.passage: Passage | None = None
        self.preview: str | None = None

    @property
    def studio(self) -> bool:
        """Tell whether studio mode is on."""
        return self.preview is not None

    def scenes(self) -> tuple[str, ...]:
        """Return the scenes that can be seen on program now: two, in a transition."""
        if self.passage is None:
            return (self._collection.program,)
        return tuple(dict.fromkeys((self.passage.source, self.passage.target)))

    def progress(self) -> float:
        """Return how far the transition has come, 0–1; 1 when there is none."""
        passage = self.passage
        if passage is None or passage.seconds <= 0:
            return 1.0
        return min((self._life.now - passage.start) / passage.seconds, 1.0)

    def take(self, scene: str) -> None:
        """Bring a scene to program by its own transition or the current one."""
        running, before = self.passage, self._collection.program
        if running is None and scene == before:
            return
        name, seconds = self._transition(scene)
        start, source = self._life.now, running.source if running else before
        if running is not None and scene in {running.source, running.target}:
            start, seconds = running.start, running.seconds  # the clock is not put back
        self.passage = Passage(name, source, scene, start, seconds)
        self._collection.program = scene
        self._emit("SceneTransitionStarted", {"transitionName": name})
        self._changed()
        if self._call_off is not None:
            self._call_off()
        # what is drawn next has it whole: the frame after the last
        left = max(start + seconds - self._life.now, 0.0) + FRAME
        self._call_off = self._life.later(left, self._arrived)

    def _arrived(self) -> None:
        passage, self.passage, self._call_off = self.passage, None, None
        if passage is None:
            return
        self._emit("SceneTransitionVideoEnded", {"transitionName": passage.name})
        if self.studio and passage.source != passage.target:
            self.preview = passage.source  # program and preview change places
            self._emit("CurrentPreviewSceneChanged", {"sceneName": self.preview})
        self._emit("CurrentProgramSceneChanged", {"sceneName": self._collection.program})
        self._changed()
        ended = {"transitionName": passage.name}
        self._life.later(FRAME, lambda: self._emit("SceneTransitionEnded", ended))

    def _transition(self, scene: str) -> tuple[str, float]:
        collection = self._collection
        override, milliseconds = collection.scenes[scene].override
        name = override or collection.transition
        lasting = collection.milliseconds if milliseconds is None else milliseconds
        cut = collection.transitions.get(name) == "cut_transition"
        return name, 0.0 if cut else lasting / 1000

    # ---- studio mode

    def enable_studio(self, *, on: bool) -> None:
        """Switch studio mode; saying it again does nothing."""
        if on == self.studio:
            return
        if on:
            self.preview = self._collection.program
            self._ready = self._life.now + STUDIO_READY
        else:
            left, self.preview = self.preview, None
            self._emit("CurrentProgramSceneChanged", {"sceneName": left})
            self._emit("CurrentProgramSceneChanged", {"sceneName": self._collection.program})
        self._emit("StudioModeStateChanged", {"studioModeEnabled": on})

    def show_preview(self, scene: str) -> None:
        """Choose what is ready to go on."""
        self.need_studio()
        self._ready = max(self._ready, self._life.now + PREVIEW_READY)
        if scene != self.preview:
            self.preview = scene
            self._emit("CurrentPreviewSceneChanged", {"sceneName": scene})

    def trigger(self) -> None:
        """Bring the preview to program; lost without a word if it comes too soon."""
        scene = self.need_studio()
        if self._life.now >= self._ready:
            self.take(scene)

    def need_studio(self) -> str:
        """Return the preview scene; raises Refused outside studio mode."""
        if self.preview is None:
            raise Refused(NO_STUDIO)
        return self.preview

    def forget(self, old: str, new: str) -> None:
        """Follow a scene's new name, or put another in a removed one's place."""
        if self._collection.program == old:
            self._collection.program = new
        if self.preview == old:
            self.preview = new
        if (passage := self.passage) is not None:
            self.passage = Passage(
                passage.name,
                new if passage.source == old else passage.source,
                new if passage.target == old else passage.target,
                passage.start,
                passage.seconds,
            )
