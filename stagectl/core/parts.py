"""A cue as it was written becomes the cue a desk is given: scene, own words and group, folded."""

import re
from collections.abc import Mapping

from stagectl.core.model import Cue, Do, Look, Parameter, Part, Scene
from stagectl.core.problem import Said
from stagectl.core.room import Room, Who
from stagectl.core.written import WrittenCue, WrittenPart, WrittenShow

SCENES = (
    "holding", "cover", "single", "conversation", "panel", "presentation", "interpreter",
    "film", "stage", "credits",
)  # fmt: skip
"""Names that shows share; a venue has those it can."""

MOST_PARTS = 100  # each can set out from the one before, and that is as deep as it goes


TEMPLATE = re.compile(r"\{([^{}.]+)\.([^{}.]+)\}")
"""`{guest.name}`: a role of the show's people, and what of theirs is meant."""
_HALF = re.compile(
    r"\{([^{}.]+)\.(name|role)(?![\w}])|(?<![\w{])([^{}.\s][^{}.]{0,60})\.(name|role)\}"
)
"""`{guest.name` and `guest.name}`: it would go on the screen as it stands."""


class Parts:
    """The cues of one show in one room; what means nothing is told to the room."""

    def __init__(self, room: Room, scenes: Mapping[str, Scene], show: WrittenShow) -> None:
        """Know the room, its scenes and whose names the show may spell."""
        self._room = room
        self._scenes = scenes
        self._show = show

    def cue(self, written: WrittenCue) -> Cue:
        """Return the cue, all that it puts folded into one look, in order."""
        look, dos = self._part(written, written)
        group = self._group(written, look, dos) if written.group else ()
        if group:
            look = {p: value for part in group for p, value in part.sets.items()}
            dos = tuple(do for part in group for do in part.dos)
        return Cue(
            number=written.number.text,
            name=written.name,
            notes=written.notes,
            scene=written.scene.text if written.scene else "",
            sets=look,
            dos=dos,
            fade=written.fade,
            wait=written.wait,
            follow=written.follow,
            at=written.at,
            length=written.length,
            block=written.block,
            chapter=written.chapter,
            group=group,
        )

    def _part(self, part: WrittenCue | WrittenPart, cue: WrittenCue) -> tuple[Look, tuple[Do, ...]]:
        """Return what a cue, or one part of its group, puts and triggers."""
        room, who = self._room, Who("cue", cue.number.text)
        look: Look = {}
        if part.scene and part.scene.text in self._scenes:
            look = self._scenes[part.scene.text].look  # shared by all that set no more than this
        elif part.scene:
            self._no_scene(part.scene, who)
        if part.sets:
            look = {**look, **room.look(who, part.sets)}
        self._people(part, cue, look)
        return look, tuple(do for d in part.dos if (do := room.do(who, d)) is not None)

    def _group(self, cue: WrittenCue, look: Look, dos: tuple[Do, ...]) -> tuple[Part, ...]:
        """Return the parts; what the cue itself says is the first. All waits count from GO."""
        parts = [Part("", look, dos, cue.fade, cue.wait)] if look or dos else []
        if len(cue.group) > MOST_PARTS:
            self._room.told("group_long", cue.number, cue=cue.number.text, most=MOST_PARTS)
        group = cue.group[:MOST_PARTS]
        for written in group:
            sets, said_once = self._part(written, cue)
            fade = cue.fade if written.fade is None else written.fade
            parts.append(Part(written.name, sets, said_once, fade, cue.wait + written.wait))
        for n, written in enumerate(reversed(group), 1):
            self._never_seen(written, parts[-n], parts[len(parts) - n + 1 :], cue)
        return tuple(parts)

    def _never_seen(
        self, written: WrittenPart, part: Part, later: list[Part], cue: WrittenCue
    ) -> None:
        """Warn of what a later part puts elsewhere before this one has begun to move it."""
        for setting in written.sets:
            found = self._room.parameter(setting)
            if found is None:
                continue
            takes = [o for o in later if o.wait <= part.wait and found[0] in o.sets]
            if takes and takes[-1].sets[found[0]] != part.sets.get(found[0]):
                self._room.told(
                    "part_hidden", setting.words[-1], "warning", who=Who("cue", cue.number.text),
                    parameter=found[0], part=part.name, by=takes[-1].name,
                )  # fmt: skip

    def _no_scene(self, said: Said, who: Who) -> None:
        code = "no_shared_scene" if said.text in SCENES else "unknown_scene"
        near = self._room.near(said.text, self._scenes)
        self._room.told(code, said, who=who, scene=said.text, venue=self._room.venue.name,
                        near=near, scenes=tuple(self._scenes))  # fmt: skip

    def _people(self, part: WrittenCue | WrittenPart, cue: WrittenCue, look: Look) -> None:
        """Each `{guest.name}` is somebody, whether the cue or its scene writes it."""
        room, people = self._room, self._show.people
        for parameter, value in look.items():
            if not isinstance(value, str) or not {"{", "}"} & set(value):
                continue
            if room.wires[parameter].kind != "text":
                continue
            for role, attribute in TEMPLATE.findall(value):
                if role in people and attribute in ("name", "role"):
                    continue
                said = self._where(part, parameter) or cue.number
                near = room.near(role, people) if role not in people else ()
                room.told(
                    "nobody" if role not in people else "no_attribute", said,
                    who=Who("cue", cue.number.text), role=role, attribute=attribute,
                    text=value, near=tuple(f"{{{n}.{attribute}}}" for n in near),
                )  # fmt: skip

            for found in _HALF.finditer(value):
                role, attribute = (found[1] or found[3]), (found[2] or found[4])
                role = next((r for r in people if role == r or role.endswith(f" {r}")), "")
                if role:
                    said = self._where(part, parameter) or cue.number
                    whole = f"{{{role}.{attribute}}}"
                    room.told("half_template", said, text=found[0], whole=whole)

    def _where(self, part: WrittenCue | WrittenPart, parameter: Parameter) -> Said | None:
        for setting in part.sets:
            found = self._room.parameter(setting)
            if found is not None and found[0] == parameter:
                return setting.value
        return part.scene
