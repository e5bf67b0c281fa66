"""The requests about what is on program: scenes, transitions, studio mode."""

from collections.abc import Callable
from typing import Final

from stagectl.sim.obs_collection import Scene
from stagectl.sim.obs_fields import (
    NOT_FOUND,
    Fields,
    Json,
    Refused,
)
from stagectl.sim.obs_run import Run

Answer = Json | None

# ---- scenes


def _scenes_are(run: Run, _: Fields) -> Answer:
    return {
        "currentPreviewSceneName": run.switcher.preview,
        "currentProgramSceneName": run.collection.program,
        "scenes": _scene_list(run),
    }


def _scene_list(run: Run) -> list[Json]:
    """The newest first, counted from the bottom of the list on OBS's screen."""
    return [
        {"sceneIndex": index, "sceneName": name}
        for index, name in enumerate(reversed(run.collection.scenes))
    ]


def _create_scene(run: Run, said: Fields) -> Answer:
    name = said.text("sceneName")
    run.collection.vacant(name, "scene")
    run.collection.scenes[name] = Scene(name)
    run.emit("SceneListChanged", {"scenes": _scene_list(run)})
    run.emit("SceneCreated", {"isGroup": False, "sceneName": name})
    return None


def _remove_scene(run: Run, said: Fields) -> Answer:
    scene = run.collection.scene(said.text("sceneName"))
    others = [name for name in reversed(run.collection.scenes) if name != scene.name]
    if not others:
        raise Refused(603, "You cannot remove the last scene in the collection.")
    if run.collection.program == scene.name:
        run.switcher.take(others[0])
    run.switcher.forget(scene.name, others[0])
    del run.collection.scenes[scene.name]
    for other in run.collection.scenes.values():
        other.items = [item for item in other.items if item.source != scene.name]
    run.emit("SceneRemoved", {"isGroup": False, "sceneName": scene.name})
    run.emit("SceneListChanged", {"scenes": _scene_list(run)})
    return None


def _rename_scene(run: Run, said: Fields) -> Answer:
    old, new = run.collection.scene(said.text("sceneName")).name, said.text("newSceneName")
    run.collection.vacant(new, "new scene")
    run.collection.rename(old, new)
    run.switcher.forget(old, new)
    run.emit("SceneNameChanged", {"oldSceneName": old, "sceneName": new})
    return None


def _program_is(run: Run, _: Fields) -> Answer:
    return {"currentProgramSceneName": run.collection.program}


def _program(run: Run, said: Fields) -> Answer:
    run.switcher.take(run.collection.scene(said.text("sceneName")).name)
    return None


def _preview_is(run: Run, _: Fields) -> Answer:
    return {"currentPreviewSceneName": run.switcher.need_studio()}


def _preview(run: Run, said: Fields) -> Answer:
    run.switcher.need_studio()
    run.switcher.show_preview(run.collection.scene(said.text("sceneName")).name)
    return None


def _studio(run: Run, said: Fields) -> Answer:
    run.switcher.enable_studio(on=said.flag("studioModeEnabled"))
    return None


# ---- transitions


def _override_is(run: Run, said: Fields) -> Answer:
    name, milliseconds = run.collection.scene(said.text("sceneName")).override
    return {"transitionDuration": milliseconds, "transitionName": name}


def _override(run: Run, said: Fields) -> Answer:
    scene = run.collection.scene(said.text("sceneName"))
    name = said.text("transitionName") if said.has("transitionName") else None
    if name is not None and name not in run.collection.transitions:
        raise Refused(NOT_FOUND, "No scene transition was found by that name.")
    lasting = (
        said.number("transitionDuration", 50, 20000) if said.has("transitionDuration") else None
    )
    scene.override = (name, None if lasting is None else int(lasting))
    return None


def _transitions_are(run: Run, _: Fields) -> Answer:
    collection = run.collection
    return {
        "currentSceneTransitionKind": collection.transitions[collection.transition],
        "currentSceneTransitionName": collection.transition,
        "transitions": [
            {
                "transitionConfigurable": False,
                "transitionFixed": kind == "cut_transition",
                "transitionKind": kind,
                "transitionName": name,
            }
            for name, kind in collection.transitions.items()
        ],
    }


def _transition_is(run: Run, _: Fields) -> Answer:
    collection = run.collection
    kind = collection.transitions[collection.transition]
    fixed = kind == "cut_transition"
    return {
        "transitionConfigurable": False,
        "transitionDuration": None if fixed else collection.milliseconds,
        "transitionFixed": fixed,
        "transitionKind": kind,
        "transitionName": collection.transition,
        "transitionSettings": None,
    }


def _transition(run: Run, said: Fields) -> Answer:
    name = said.text("transitionName")
    if name not in run.collection.transitions:
        raise Refused(NOT_FOUND, "No scene transition was found by that name.")
    run.collection.transition = name
    run.emit("CurrentSceneTransitionChanged", {"transitionName": name})
    return None


def _duration(run: Run, said: Fields) -> Answer:
    milliseconds = int(said.number("transitionDuration", 50, 20000))
    if milliseconds != run.collection.milliseconds:
        run.collection.milliseconds = milliseconds
        run.emit("CurrentSceneTransitionDurationChanged", {"transitionDuration": milliseconds})
    return None


Handle = Callable[[Run, Fields], Answer]

SCENE_REQUESTS: Final[dict[str, Handle]] = {
    "GetSceneList": _scenes_are,
    "GetGroupList": lambda _run, _: {"groups": []},
    "CreateScene": _create_scene,
    "RemoveScene": _remove_scene,
    "SetSceneName": _rename_scene,
    "GetCurrentProgramScene": _program_is,
    "SetCurrentProgramScene": _program,
    "GetCurrentPreviewScene": _preview_is,
    "SetCurrentPreviewScene": _preview,
    "GetStudioModeEnabled": lambda run, _: {"studioModeEnabled": run.switcher.studio},
    "SetStudioModeEnabled": _studio,
    "TriggerStudioModeTransition": lambda run, _: run.switcher.trigger(),
    "GetSceneSceneTransitionOverride": _override_is,
    "SetSceneSceneTransitionOverride": _override,
    "GetTransitionKindList": lambda run, _: {
        "transitionKinds": sorted(set(run.collection.transitions.values()))
    },
    "GetSceneTransitionList": _transitions_are,
    "GetCurrentSceneTransition": _transition_is,
    "SetCurrentSceneTransition": _transition,
    "SetCurrentSceneTransitionDuration": _duration,
    "GetCurrentSceneTransitionCursor": lambda run, _: {"transitionCursor": run.switcher.progress()},
}
