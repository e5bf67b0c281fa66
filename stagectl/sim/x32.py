"""A Behringer X32, or its twin, a Midas M32: firmware 4.06 on UDP 10023.

Source: Unofficial X32/M32 OSC remote protocol, P.-G. Maillot. Only what a stage uses is here; an
address that is not gets no answer, as an unknown one does from the real desk.
"""

import re
import struct
from collections.abc import Iterator, Sequence

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.mixer import Mixer
from stagectl.sim.mixer_parameters import (
    GAIN,
    SWITCH,
    Parameter,
    fader_of,
    groups,
    strip,
)

_STRIPS = {"ch": 32, "auxin": 8, "fxrtn": 8, "bus": 16, "mtx": 6}
_SENDS = {"ch": 16, "auxin": 16, "fxrtn": 16, "bus": 6}  # a bus sends to the matrices
_STEM = re.compile(r"(ch|auxin|aux|fxrtn|fx|bus|mtx|matrix|dca)\.(\d+)")
_SAME = {"aux": "auxin", "fx": "fxrtn", "matrix": "mtx"}


def _roots(kind: str) -> list[str]:
    return [f"/{kind}/{number:02}" for number in range(1, _STRIPS[kind] + 1)]


def _all() -> Iterator[tuple[str, Parameter]]:
    for kind, many in _STRIPS.items():
        for number in range(1, many + 1):
            root = f"/{kind}/{number:02}"
            yield from strip(root, _SENDS.get(kind, 0), pan=kind != "mtx")
    for root in ("/main/st", "/main/m"):
        yield from strip(root)
    yield from groups(dcas=8, mutes=6)
    for number in range(128):
        yield f"/headamp/{number:03}/gain", GAIN
        yield f"/headamp/{number:03}/phantom", SWITCH
    yield "/-show/prepos/current", Parameter("i", 0, top=99)
    yield "/-prefs/name", Parameter("s", "")


PARAMETERS: dict[str, Parameter] = dict(_all())


class X32(Mixer):
    """An X32: a fifth `/xremote` client is never told that it is one too many."""

    model = "X32"
    firmware = "4.06"
    remotes = 4
    parameters = PARAMETERS
    heard = (*_roots("ch"), *_roots("auxin"))
    main = "/main/st"
    current = "/-show/prepos/current"

    def root_of(self, stem: str) -> str | None:
        """Return the OSC address a profile's name stands for: "ch.1" → "/ch/01"."""
        if stem in {"main", "main.st", "lr"}:
            return "/main/st"
        if stem in {"main.m", "mono"}:
            return "/main/m"
        found = _STEM.fullmatch(stem)
        if found is None:
            return None
        kind = _SAME.get(found[1], found[1])
        root = f"/{kind}/{int(found[2]):02}" if kind != "dca" else f"/dca/{int(found[2])}"
        return root if fader_of(root) in PARAMETERS else None

    def info(self) -> Sequence[str]:
        """Return what `/info` is answered with."""
        return "V2.07", "osc-server", self.model, self.firmware

    def act(self, message: osc.Message, peer: Peer) -> None:
        """Recall or keep a scene."""
        match message.address, message.arguments:
            case "/-action/goscene", (int(number),):
                self.recall(number)
            case "/load", ("scene", int(number), *_):
                self.recall(number)
                self.say(peer, "/load", "si", "scene", 1)
            case "/save", ("scene", int(number), *_):
                self.store(number)
                self.say(peer, "/save", "si", "scene", 1)

    def frame(self, bank: str) -> bytes | None:
        """Return what is heard, and gates and compressors that do nothing (1.0).

        `/meters/0` has inputs, aux, effects, buses and matrices; `/meters/1` inputs, and the gates
        and compressors of each; `/meters/2` buses, matrices, left, right and mono, and their own.
        """
        match bank:
            case "/meters/0":
                floats = [*self._levels("ch"), *self._levels("auxin"), *self._levels("fxrtn")]
                floats += [*self._levels("bus"), *self._levels("mtx")]
            case "/meters/1":
                floats = [*self._levels("ch"), *([1.0] * 64)]
            case "/meters/2":
                main = self.sound(self.main)
                floats = [*self._levels("bus"), *self._levels("mtx"), main, main, 0.0]
                floats += [1.0] * 24
            case _:
                return None
        return struct.pack(f"<i{len(floats)}f", len(floats), *floats)

    def _levels(self, kind: str) -> list[float]:
        return [self.sound(root) for root in _roots(kind)]


class M32(X32):
    """An M32: it says another name, and nothing else is different."""

    model = "M32"
