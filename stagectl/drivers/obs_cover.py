"""Silence on the stream and the recording, and on nothing else: every input off every track.

Mutes, levels and monitoring stay as they are, so the hall hears on, and no hand on a mute is taken
for ours. The tracks that were on are kept in OBS's own persistent data, written before they are
taken away: whoever dies while covered, OBS or desk, it can be undone. They stay there: OBS saves
its inputs when it quits, so one that is killed after the cover can come back with the cover's
silence, which nothing else would tell from somebody's wish.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stagectl.drivers.obs_words import Answer, Request, request

SLOT = {"realm": "OBS_WEBSOCKET_DATA_REALM_GLOBAL", "slotName": "stagectl.cover"}
Tracks = Mapping[str, bool]
SILENT: Tracks = {str(track): False for track in range(1, 7)}


class Cover:
    """What is kept in OBS, and what every audible input's tracks are now."""

    def __init__(self) -> None:
        """Know nothing: `ask` first."""
        self.covered = False
        self.kept: dict[str, Tracks] = {}
        self.tracks: dict[str, Tracks] = {}
        self._asked: tuple[str, ...] = ()

    @property
    def on(self) -> bool:
        """Sound reaches the stream: some of what is covered, or all that ever was."""
        if self.covered:
            return any(map(_heard, self.tracks.values()))
        return not any(
            _heard(self.kept.get(name, SILENT)) and not _heard(tracks)
            for name, tracks in self.tracks.items()
        )

    @property
    def strangers(self) -> bool:
        """Tell whether an input that came after the cover is heard."""
        return self.covered and any(
            name not in self.kept and _heard(tracks) for name, tracks in self.tracks.items()
        )

    def ask(self, inputs: Iterable[str]) -> list[Request]:
        """Return what asks for the slot, then for each input's tracks."""
        self._asked = tuple(inputs)
        return [
            request("GetPersistentData", **SLOT),
            *(request("GetInputAudioTracks", inputName=name) for name in self._asked),
        ]

    def hear(self, answers: Sequence[Answer]) -> None:
        """Take the answers to the last `ask`."""
        slot, *tracks = answers
        if slot.ok:
            self._read(slot.data.get("slotValue"))
        self.tracks = {
            name: dict(said.data["inputAudioTracks"])
            for name, said in zip(self._asked, tracks, strict=True)
            if said.ok  # a picture has no tracks
        }

    def put(self, on: bool) -> list[Request]:
        """Return what covers or uncovers, from what was last heard."""
        return self._uncover() if on else self._cover()

    def rename(self, old: str, new: str) -> list[Request]:
        """An input got a new name: what is kept for it goes along."""
        if old not in self.kept:
            return []
        self.kept[new] = self.kept.pop(old)
        return [_keep(self.covered, self.kept)]

    def _cover(self) -> list[Request]:
        heard = {name: t for name, t in self.tracks.items() if _heard(t) or name not in self.kept}
        # an input that is covered already keeps what it had; one that is heard again is kept anew
        return [_keep(True, {**self.kept, **heard}), *(_tracks(name, SILENT) for name in heard)]

    def _uncover(self) -> list[Request]:
        restored = [
            _tracks(name, self.kept[name])
            for name, tracks in self.tracks.items()
            if name in self.kept and not _heard(tracks)
        ]
        return [*restored, _keep(False, self.kept)]

    def _read(self, slot: Any) -> None:  # noqa: ANN401 - JSON
        slot = slot if isinstance(slot, dict) else {}
        kept = slot.get("tracks")
        self.covered = slot.get("covered") is True
        self.kept = (
            {str(name): t for name, t in kept.items() if isinstance(t, dict)}
            if isinstance(kept, dict)
            else {}
        )


def _heard(tracks: Tracks) -> bool:
    return any(tracks.values())


def _keep(covered: bool, tracks: Mapping[str, Tracks]) -> Request:
    return request("SetPersistentData", **SLOT, slotValue={"covered": covered, "tracks": tracks})


def _tracks(name: str, tracks: Tracks) -> Request:
    return request("SetInputAudioTracks", inputName=name, inputAudioTracks=dict(tracks))
