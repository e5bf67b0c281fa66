"""The requests about what is in a scene: items, and the inputs they show."""

from collections.abc import Callable
from typing import Final

from stagectl.sim.obs_collection import KINDS, SOUND, Input, Item, Scene, missing
from stagectl.sim.obs_fields import CANNOT, NO_SUCH_KIND, NOT_FOUND, Fields, Json, Refused
from stagectl.sim.obs_run import Run

Answer = Json | None
Handle = Callable[[Run, Fields], Answer]

# ---- items


def _items_are(run: Run, said: Fields) -> Answer:
    scene = run.collection.scene(said.text("sceneName"))
    return {"sceneItems": [_item(run, index, item) for index, item in enumerate(scene.items)]}


def _item(run: Run, index: int, item: Item) -> Json:
    one = run.collection.inputs.get(item.source)
    return {
        "inputKind": one.kind if one else None,
        "isGroup": None if one else False,
        "sceneItemBlendMode": "OBS_BLEND_NORMAL",
        "sceneItemEnabled": item.enabled,
        "sceneItemId": item.id,
        "sceneItemIndex": index,
        "sceneItemLocked": False,
        "sceneItemTransform": {},
        "sourceName": item.source,
        "sourceType": f"OBS_SOURCE_TYPE_{'INPUT' if one else 'SCENE'}",
    }


def _item_id(run: Run, said: Fields) -> Answer:
    scene, source = run.collection.scene(said.text("sceneName")), said.text("sourceName")
    offset = int(said.number("searchOffset", -1, 1e9)) if said.has("searchOffset") else 0
    found = [item.id for item in scene.items if item.source == source]
    if not -len(found) <= offset < len(found):
        raise Refused(
            NOT_FOUND, "No scene items were found in the specified scene by that name or offset."
        )
    return {"sceneItemId": found[offset]}


def _create_item(run: Run, said: Fields) -> Answer:
    scene, source = run.collection.scene(said.text("sceneName")), said.text("sourceName")
    if not run.collection.known(source):
        raise missing(source)
    if source == scene.name:
        raise Refused(CANNOT, "You cannot create scene item of a scene within itself.")
    enabled = said.flag("sceneItemEnabled") if said.has("sceneItemEnabled") else True
    return {"sceneItemId": _add(run, scene, source, enabled=enabled)}


def _add(run: Run, scene: Scene, source: str, *, enabled: bool) -> int:
    item = scene.add(source, enabled=enabled)
    run.emit(
        "SceneItemCreated",
        {
            "sceneItemId": item.id,
            "sceneItemIndex": len(scene.items) - 1,
            "sceneName": scene.name,
            "sourceName": source,
        },
    )
    if not enabled:
        _tell_enabled(run, scene, item)
    run.emit("SceneItemSelected", {"sceneItemId": item.id, "sceneName": scene.name})
    run.refresh()
    return item.id


def _tell_enabled(run: Run, scene: Scene, item: Item) -> None:
    run.emit(
        "SceneItemEnableStateChanged",
        {"sceneItemEnabled": item.enabled, "sceneItemId": item.id, "sceneName": scene.name},
    )


def _remove_item(run: Run, said: Fields) -> Answer:
    scene, item = _found(run, said)
    scene.items.remove(item)
    run.emit(
        "SceneItemRemoved",
        {"sceneItemId": item.id, "sceneName": scene.name, "sourceName": item.source},
    )
    run.refresh()
    return None


def _enabled_is(run: Run, said: Fields) -> Answer:
    return {"sceneItemEnabled": _found(run, said)[1].enabled}


def _enable(run: Run, said: Fields) -> Answer:
    scene, item = _found(run, said)
    enabled = said.flag("sceneItemEnabled")
    if enabled != item.enabled:
        item.enabled = enabled
        _tell_enabled(run, scene, item)
    return None


def _found(run: Run, said: Fields) -> tuple[Scene, Item]:
    scene = run.collection.scene(said.text("sceneName"))
    return scene, run.collection.item(scene, said.number("sceneItemId", 0, 1e12))


# ---- inputs


def _inputs_are(run: Run, said: Fields) -> Answer:
    wanted = said.text("inputKind") if said.has("inputKind") else None
    return {
        "inputs": [
            {
                "inputKind": one.kind,
                "inputName": one.name,
                "unversionedInputKind": KINDS[one.kind].plain,
            }
            for one in reversed(run.collection.inputs.values())
            if wanted is None or one.kind == wanted
        ]
    }


def _special_inputs(run: Run, _: Fields) -> Answer:
    slots = ("desktop1", "desktop2", "mic1", "mic2", "mic3", "mic4")
    microphones = [
        one.name for one in run.collection.inputs.values() if one.everywhere and one.kind == SOUND
    ]
    return dict.fromkeys(slots) | dict(zip(slots[2:], microphones, strict=False))


def _create_input(run: Run, said: Fields) -> Answer:
    scene = run.collection.scene(said.text("sceneName"))
    name, kind = said.text("inputName"), said.text("inputKind")
    run.collection.vacant(name, "input")
    if kind not in KINDS:
        raise Refused(
            NO_SUCH_KIND,
            "Your specified input kind is not supported by OBS. Check that your specified kind is "
            "properly versioned and that any necessary plugins are loaded.",
        )
    settings = said.object("inputSettings", may_be_empty=True) if said.has("inputSettings") else {}
    enabled = said.flag("sceneItemEnabled") if said.has("sceneItemEnabled") else True
    run.collection.inputs[name] = Input(name, kind, dict(settings))
    run.emit(
        "InputCreated",
        {
            "defaultInputSettings": KINDS[kind].defaults,
            "inputKind": kind,
            "inputName": name,
            "inputSettings": settings,
            "unversionedInputKind": KINDS[kind].plain,
        },
    )
    return {"sceneItemId": _add(run, scene, name, enabled=enabled)}


def _remove_input(run: Run, said: Fields) -> Answer:
    one = run.collection.input(said.text("inputName"))
    for scene in run.collection.scenes.values():
        scene.items = [item for item in scene.items if item.source != one.name]
    run.refresh()
    run.players.forget(one.name)
    del run.collection.inputs[one.name]
    run.emit("InputRemoved", {"inputName": one.name})
    return None


def _rename_input(run: Run, said: Fields) -> Answer:
    old, new = run.collection.input(said.text("inputName")).name, said.text("newInputName")
    run.collection.vacant(new, "new input")
    run.collection.rename(old, new)
    run.players.rename(old, new)
    run.emit("InputNameChanged", {"inputName": new, "oldInputName": old})
    return None


def _defaults_are(_: Run, said: Fields) -> Answer:
    kind = said.text("inputKind")
    if kind not in KINDS:
        raise Refused(NO_SUCH_KIND)
    return {"defaultInputSettings": KINDS[kind].defaults}


def _settings_are(run: Run, said: Fields) -> Answer:
    one = run.collection.input(said.text("inputName"))
    return {"inputKind": one.kind, "inputSettings": dict(one.settings)}


def _settings(run: Run, said: Fields) -> Answer:
    one = run.collection.input(said.text("inputName"))
    wanted = said.object("inputSettings", may_be_empty=True)
    overlay = said.flag("overlay") if said.has("overlay") else True
    one.settings = one.settings | wanted if overlay else dict(wanted)
    return None  # OBS 29 tells nobody: InputSettingsChanged came with 30.2


def _source_active(run: Run, said: Fields) -> Answer:
    name = said.text("sourceName")
    if not run.collection.known(name):
        raise missing(name)
    on = name in run.active() or name in run.switcher.scenes()
    return {"videoActive": on, "videoShowing": on}


ITEM_REQUESTS: Final[dict[str, Handle]] = {
    "GetSceneItemList": _items_are,
    "GetSceneItemId": _item_id,
    "CreateSceneItem": _create_item,
    "RemoveSceneItem": _remove_item,
    "GetSceneItemEnabled": _enabled_is,
    "SetSceneItemEnabled": _enable,
    "GetInputList": _inputs_are,
    "GetInputKindList": lambda _run, _: {"inputKinds": list(KINDS)},
    "GetSpecialInputs": _special_inputs,
    "CreateInput": _create_input,
    "RemoveInput": _remove_input,
    "SetInputName": _rename_input,
    "GetInputDefaultSettings": _defaults_are,
    "GetInputSettings": _settings_are,
    "SetInputSettings": _settings,
    "GetSourceActive": _source_active,
}
