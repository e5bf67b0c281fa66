"""An OBS has what its venue and its shows name, and nothing they do not."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stagectl.core.model import Value
from stagectl.sim.obs_collection import COLOUR, MEDIA, SOUND, TEXT, Collection, Input, Scene
from stagectl.sim.obs_fields import Json


class Film(NamedTuple):
    """A film a cue plays: the scene that is on then, its name, and how long it lasts."""

    scene: str
    name: str
    seconds: float


# Calm colours, apart from each other and from red, which means on air.
PALETTE = (
    "#2b5c8a", "#3f7d5a", "#6a5a94", "#2f7f86", "#94713a", "#4a6b3c", "#7a4f86", "#3d6f9e",
    "#5b7a2f", "#7d6650",
)  # fmt: skip
RESTING = "#2c3440"
MICROPHONE = "Mic/Aux"  # what every new OBS has
CAMERAS = ("#7fa3c7", "#8fbfa0", "#b3a3d6", "#86c5cb", "#d6b98a", "#a9c48f")


def collection_for(
    named: Iterable[tuple[str, Value]],
    films: Iterable[Film] = (),
    *,
    names: Mapping[str, str],
    resting: Iterable[str] = (),
) -> Collection:
    """Make what a venue names: `named` has its parameters without the device, with a value each.

    `program` names scenes, `transition` transitions, `<scene>/<item>.on` items, `<input>.text`
    texts, `<input>.on` and `.level` microphones; without any of those there is the one every OBS
    has. A text in no item is in every scene but the `resting` ones. The first scene named is on
    program.
    """
    return _Made(names, frozenset(resting)).make(list(named), list(films))


class _Made:
    def __init__(self, names: Mapping[str, str], resting: frozenset[str]) -> None:
        self._names = names
        self._resting = frozenset(names.get(name, name) for name in resting)
        self._collection = Collection()
        self._placed: set[str] = set()

    def make(self, named: list[tuple[str, Value]], films: list[Film]) -> Collection:
        collection = self._collection
        for path, value in named:
            self._scenes(path, value)
        if not collection.scenes:
            self._scene("Scene")
        texts = [self._own(p.removesuffix(".text")) for p, _ in named if p.endswith(".text")]
        movies = [self._own(film.name) for film in films]
        for path, _ in named:
            if path.endswith(".on") and "/" in path:
                self._item(path.removesuffix(".on"), texts, movies)
        for film in films:
            self._play(self._own(film.scene), self._own(film.name), film.seconds)
        for text in texts:
            self._write(text)
        for path, _ in named:
            self._listen(path)
        if not any(one.everywhere for one in collection.inputs.values()):
            collection.inputs[MICROPHONE] = Input(MICROPHONE, SOUND, everywhere=True)
        collection.program = next(iter(collection.scenes))
        return collection

    def _own(self, name: str) -> str:
        return self._names.get(name, name)

    def _scenes(self, path: str, value: Value) -> None:
        if path == "program":
            self._scene(self._own(str(value)))
        elif path.endswith(".on") and "/" in path:
            self._scene(self._own(path.partition("/")[0]))
        elif path == "transition" and isinstance(value, str):
            cut = value.casefold() in {"cut", "kutt"}
            kind = "cut_transition" if cut else "fade_transition"
            self._collection.transitions.setdefault(self._own(value), kind)

    def _scene(self, name: str) -> Scene:
        found = self._collection.scenes.get(name)
        if found is not None:
            return found
        scene = self._collection.scenes[name] = Scene(name)
        number = len(self._collection.scenes) - 1 - len(self._resting & {*self._collection.scenes})
        shade = RESTING if name in self._resting else PALETTE[number % len(PALETTE)]
        self._show(scene, f"{name} – farge", COLOUR, {"color": _abgr(shade)})
        return scene

    def _item(self, stem: str, texts: list[str], movies: list[str]) -> None:
        scene, _, item = stem.partition("/")
        name = self._own(item)
        kind = TEXT if name in texts else MEDIA if name in movies else COLOUR
        shade = CAMERAS[sum(name.encode()) % len(CAMERAS)]
        settings: Mapping[str, Json] = {
            TEXT: {"text": ""},
            MEDIA: {"restart_on_activate": False},
            COLOUR: {"color": _abgr(shade), "height": 540, "width": 960},
        }
        self._show(self._scene(self._own(scene)), name, kind, settings[kind])

    def _play(self, scene: str, film: str, seconds: float) -> None:
        """Put a film where it is played, unless an item has it already."""
        scenes = self._collection.scenes
        if film not in self._placed:
            # people who play a film by a cue have taken the tick from «restart when active»
            shown_in = scenes.get(scene) or next(iter(scenes.values()))
            self._show(shown_in, film, MEDIA, {"restart_on_activate": False})
        if film in self._collection.inputs:  # not where a scene has its name
            self._collection.inputs[film].seconds = seconds

    def _write(self, text: str) -> None:
        if text not in self._placed:
            for scene in self._collection.scenes.values():
                if scene.name not in self._resting:
                    self._show(scene, text, TEXT, {"text": ""})

    def _listen(self, path: str) -> None:
        stem, _, leaf = path.rpartition(".")
        name = self._own(stem)
        if leaf not in {"on", "level"} or "/" in stem or stem in {"", "master"}:
            return
        if not self._collection.known(name):
            self._collection.inputs[name] = Input(name, SOUND, everywhere=True)

    def _show(self, scene: Scene, name: str, kind: str, settings: Json) -> None:
        collection = self._collection
        if name == scene.name or any(item.source == name for item in scene.items):
            return
        scene.add(name)
        if name in collection.scenes:  # a scene within a scene
            return
        collection.inputs.setdefault(name, Input(name, kind, settings))
        self._placed.add(name)


def _abgr(rgb: str) -> int:
    """OBS counts a colour as ABGR."""
    red, green, blue = (int(rgb[at : at + 2], 16) for at in (1, 3, 5))
    return 0xFF000000 | blue << 16 | green << 8 | red
