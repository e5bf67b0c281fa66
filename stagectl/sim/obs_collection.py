"""What OBS keeps in a scene collection: scenes with their items, inputs, transitions."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from stagectl.sim.obs_fields import EXISTS, NOT_FOUND, WRONG_KIND, WRONG_STATE, Json, Refused

CUT = "Cut"
FADE = "Fade"
TRACKS = ("1", "2", "3", "4", "5", "6")
NO_MONITOR = "OBS_MONITORING_TYPE_NONE"
MONITORS = (
    NO_MONITOR,
    "OBS_MONITORING_TYPE_MONITOR_ONLY",
    "OBS_MONITORING_TYPE_MONITOR_AND_OUTPUT",
)

COLOUR = "color_source_v3"
TEXT = "text_ft2_source_v2"
MEDIA = "ffmpeg_source"
SOUND = "pulse_input_capture"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input: its name without a version, whether it sounds, its default settings."""

    plain: str
    sounds: bool
    defaults: Json


KINDS: dict[str, Kind] = {
    "image_source": Kind("image_source", False, {"linear_alpha": False, "unload": False}),
    COLOUR: Kind("color_source", False, {"color": 4291940817, "height": 1080, "width": 1920}),
    "pulse_input_capture": Kind("pulse_input_capture", True, {"device_id": "default"}),
    "pulse_output_capture": Kind("pulse_output_capture", True, {"device_id": "default"}),
    "v4l2_input": Kind("v4l2_input", False, {"buffering": True}),
    MEDIA: Kind(
        "ffmpeg_source",
        True,
        {
            "buffering_mb": 2,
            "clear_on_media_end": True,
            "is_local_file": True,
            "linear_alpha": False,
            "looping": False,
            "reconnect_delay_sec": 10,
            "restart_on_activate": True,
            "speed_percent": 100,
        },
    ),
    TEXT: Kind(
        "text_ft2_source",
        False,
        {
            "antialiasing": True,
            "color1": 4294967295,
            "color2": 4294967295,
            "drop_shadow": False,
            "font": {"face": "Sans Serif", "flags": 0, "size": 256, "style": ""},
            "log_lines": 6,
            "outline": False,
            "word_wrap": False,
        },
    ),
}


@dataclass(slots=True)
class Input:
    """`mul` is the volume as a factor; `everywhere` means it is in no scene and always heard."""

    name: str
    kind: str
    settings: Json = field(default_factory=dict)
    muted: bool = False
    mul: float = 1.0
    tracks: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(TRACKS, True))
    monitor: str = NO_MONITOR
    everywhere: bool = False
    seconds: float = 12.0  # how long a film lasts

    @property
    def sounds(self) -> bool:
        """Tell whether it can be heard."""
        return KINDS[self.kind].sounds

    @property
    def decibels(self) -> float:
        """Return the volume as OBS says it: −100 for silence."""
        return single(20 * single(math.log10(self.mul))) if self.mul > 0 else -100.0

    def setting(self, name: str) -> object:
        """Return a setting, or its default."""
        return self.settings.get(name, KINDS[self.kind].defaults.get(name))


@dataclass(slots=True)
class Item:
    """One source in one scene; the last item of a scene lies on top."""

    id: int
    source: str
    enabled: bool = True


@dataclass(slots=True)
class Scene:
    """`override` is the scene's own transition: its name and milliseconds, either may be None."""

    name: str
    items: list[Item] = field(default_factory=list)
    override: tuple[str | None, int | None] = (None, None)
    made: int = 0

    def add(self, source: str, *, enabled: bool = True) -> Item:
        """Put a source on top."""
        self.made += 1
        item = Item(self.made, source, enabled)
        self.items.append(item)
        return item


@dataclass(slots=True)
class Collection:
    """Scenes and inputs in the order they were made. Lookups raise Refused, as OBS does."""

    scenes: dict[str, Scene] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    transitions: dict[str, str] = field(
        default_factory=lambda: {CUT: "cut_transition", FADE: "fade_transition"}
    )
    program: str = ""
    transition: str = CUT
    milliseconds: int = 300

    def scene(self, name: str) -> Scene:
        """Find a scene."""
        if name in self.inputs:
            raise Refused(WRONG_KIND, "The specified source is not a scene.")
        if name not in self.scenes:
            raise missing(name)
        return self.scenes[name]

    def input(self, name: str) -> Input:
        """Find an input."""
        if name in self.scenes:
            raise Refused(WRONG_KIND, "The specified source is not an input.")
        if name not in self.inputs:
            raise missing(name)
        return self.inputs[name]

    def sound(self, name: str) -> Input:
        """Find an input that sounds."""
        found = self.input(name)
        if not found.sounds:
            raise Refused(WRONG_STATE, "The specified input does not support audio.")
        return found

    def item(self, scene: Scene, number: float) -> Item:
        """Find an item by its number."""
        for item in scene.items:
            if item.id == number:
                return item
        raise Refused(
            NOT_FOUND,
            f"No scene items were found in scene `{scene.name}` with the ID `{int(number)}`.",
        )

    def known(self, name: str) -> bool:
        """Tell whether there is any source of this name."""
        return name in self.scenes or name in self.inputs

    def vacant(self, name: str, what: str) -> None:
        """Raise Refused if the name is taken; `what` is what OBS calls it."""
        if self.known(name):
            raise Refused(EXISTS, f"A source already exists by that {what} name.")

    def showing(self, scene: str) -> Iterator[Input]:
        """Return what is to be seen or heard in a scene, from the bottom up, scenes in it opened.

        A hidden item still counts as running, as in OBS; see `visible`.
        """
        yield from self._through(scene, frozenset(), hidden=True)

    def visible(self, scene: str) -> Iterator[Input]:
        """Return the inputs of a scene's items that are switched on, from the bottom up."""
        yield from self._through(scene, frozenset(), hidden=False)

    def rename(self, old: str, new: str) -> None:
        """Give a scene or an input another name, wherever it is used."""
        for named in (self.scenes, self.inputs):
            if old in named:
                kept = {new if name == old else name: one for name, one in named.items()}
                named.clear()
                named.update(kept)  # type: ignore[arg-type]  # the same mapping, its own values
                named[new].name = new
        for scene in self.scenes.values():
            for item in scene.items:
                if item.source == old:
                    item.source = new

    def _through(self, name: str, above: frozenset[str], *, hidden: bool) -> Iterator[Input]:
        for item in self.scenes[name].items if name in self.scenes else ():
            if not (item.enabled or hidden):
                continue
            if item.source in self.inputs:
                yield self.inputs[item.source]
            elif item.source not in above:
                yield from self._through(item.source, above | {name}, hidden=hidden)


def missing(name: str) -> Refused:
    """Return what OBS says of a source it does not have."""
    return Refused(NOT_FOUND, f"No source was found by the name of `{name}`.")


def single(value: float) -> float:
    """Return a number as a float32 has it: OBS reckons volume so, and says it so."""
    return float(struct.unpack("f", struct.pack("f", value))[0])
