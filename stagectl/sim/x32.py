"""A Behringer X32 (firmware 4.06) on UDP: it answers, quantises, pushes and forgets like one.

Source: Unofficial X32/M32 OSC remote protocol, P.-G. Maillot. A change is pushed to every
`/xremote` client but the one that made it; a client is forgotten after 10 s, and a fifth is never
told that it is one too many.
"""

import math
import struct
from collections.abc import Mapping

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.udp_device import State, UdpDevice
from stagectl.sim.x32_parameters import (
    PARAMETERS,
    Value,
    decibels,
    fader_of,
    position,
    root_of,
    switch_of,
)

REMOTE_LIFE = 10.0  # seconds a client is told of changes, or sent meters, unless it asks again
REMOTES = 4
METER_TICK = 0.05
FIRMWARE = "4.06"
MODEL = "X32"


class X32(UdpDevice):
    """One mixer. `names` maps the venue's names to the profile's: "host" → "ch.1"."""

    kind = "mixer"

    def __init__(self, names: Mapping[str, str], *, seed: int = 0) -> None:
        """Make a mixer that is switched off."""
        super().__init__(seed=seed)
        self.strips = {ours: root for ours, stem in names.items() if (root := root_of(stem))}
        self.values: dict[str, Value] = {}
        self.scenes: dict[int, dict[str, Value]] = {}
        self._remotes: dict[Peer, float] = {}
        self._metered: dict[tuple[Peer, str], tuple[float, int]] = {}

    def power_on(self) -> None:
        """Put every value at its power-on value, and remember nobody; the names are kept."""
        self._remotes.clear()
        self._metered.clear()
        self.values = {address: p.rest for address, p in PARAMETERS.items()}
        self.values.update((f"{root}/config/name", ours[:12]) for ours, root in self.strips.items())

    # ---- hands

    def move(self, path: str, value: float | str) -> None:
        """Turn something at the desk itself: "host.level" in dB, "host.on"; every client is told.

        Raises KeyError for a name the venue does not have.
        """
        name, _, leaf = path.rpartition(".")
        root = self.strips[name]
        if leaf == "level":
            self.turn(fader_of(root), position(float(value)))
        elif leaf == "on":
            self.turn(switch_of(root), int(value))
        else:
            raise KeyError(path)

    def turn(self, address: str, value: Value) -> None:
        """Turn what is at an OSC address; raises KeyError if there is no such thing."""
        parameter = PARAMETERS[address]
        said = float(value) if parameter.type == "f" else value
        taken = parameter.accept(parameter.type, said)
        if taken is not None:
            self._put(address, taken, teller=None)

    def store(self, scene: int) -> None:
        """Keep everything as it is as a scene that `/-action/goscene` recalls."""
        self.scenes[scene] = {a: v for a, v in self.values.items() if not a.startswith("/-")}

    def state(self) -> State:
        """Return the named strips: level in dB (None is −∞), on, and how loud it is, 0–1."""
        return {
            "strips": [
                {
                    "name": name,
                    "level": _finite(decibels(float(self.values.get(fader_of(root), 0.0)))),
                    "position": round(float(self.values.get(fader_of(root), 0.0)), 4),
                    "on": bool(self.values.get(switch_of(root), 0)),
                    "sound": round(self._sound(root), 3),
                }
                for name, root in self.strips.items()
            ]
        }

    # ---- the protocol

    def take(self, message: osc.Message, peer: Peer) -> None:
        """Answer, set, remember, recall: what the desk does with one message."""
        match message.address:
            case "/info":
                self.say(peer, "/info", "ssss", "V2.07", "osc-server", MODEL, FIRMWARE)
            case "/xinfo":
                self.say(peer, "/xinfo", "ssss", "127.0.0.1", self._title(), MODEL, FIRMWARE)
            case "/status":
                self.say(peer, "/status", "sss", "active", "127.0.0.1", "osc-server")
            case "/xremote":
                self._remember(peer)
            case "/unsubscribe":
                self._remotes.pop(peer, None)
            case "/meters":
                self._meter(message, peer)
            case "/-action/goscene" | "/load" | "/save":
                self._scene(message, peer)
            case address if address in self.values:
                self._parameter(message, peer)

    def _parameter(self, message: osc.Message, peer: Peer) -> None:
        address, parameter = message.address, PARAMETERS[message.address]
        if not message.types:
            self.say(peer, address, parameter.type, self.values[address])
            return
        taken = parameter.accept(message.types[0], message.arguments[0])
        if taken is not None:
            self._put(address, taken, teller=peer)

    def _put(self, address: str, value: Value, teller: Peer | None) -> None:
        if self.values[address] != value:
            self.values[address] = value
            self._push(address, teller)

    def _push(self, address: str, teller: Peer | None) -> None:
        kind = PARAMETERS[address].type
        for peer in self._listeners():
            if peer != teller:
                self.say(peer, address, kind, self.values[address])

    def _remember(self, peer: Peer) -> None:
        listening = self._listeners()
        if peer in listening or len(listening) < REMOTES:
            self._remotes[peer] = self._now + REMOTE_LIFE

    def _listeners(self) -> list[Peer]:
        now = self._now
        self._remotes = {peer: until for peer, until in self._remotes.items() if until > now}
        return list(self._remotes)

    def _scene(self, message: osc.Message, peer: Peer) -> None:
        match message.address, message.arguments:
            case "/-action/goscene", (int(number),):
                self._recall(number)
            case "/load", ("scene", int(number), *_):
                self._recall(number)
                self.say(peer, "/load", "si", "scene", 1)
            case "/save", ("scene", int(number), *_):
                self.store(number)
                self.say(peer, "/save", "si", "scene", 1)

    def _recall(self, number: int) -> None:
        """Change what the scene has; whoever asked is told like everybody else."""
        for address, value in self.scenes.get(number, {}).items():
            self._put(address, value, teller=None)
        self.turn("/-show/prepos/current", number)

    # ---- meters

    def _meter(self, message: osc.Message, peer: Peer) -> None:
        """`/meters ,s /meters/1`, and after it, if wanted, how many ticks to a frame."""
        if message.arguments[:1] != ("/meters/1",) or self.life is None:
            return
        factor = message.arguments[-1]
        ticks = factor if isinstance(factor, int) and 1 <= factor <= 99 else 1
        key, fresh = (peer, "/meters/1"), (peer, "/meters/1") not in self._metered
        self._metered[key] = (self._now + REMOTE_LIFE, ticks)
        if fresh:
            self._frame(key)

    def _frame(self, key: tuple[Peer, str]) -> None:
        until, ticks = self._metered[key]
        if self.life is None or self._now >= until:
            del self._metered[key]
            return
        peer, address = key
        levels = [self._sound(f"/ch/{number:02}") for number in range(1, 33)]
        floats = [*levels, *([1.0] * 64)]  # 32 inputs, 32 gates and 32 compressors that do nothing
        self.say(peer, address, "b", struct.pack(f"<i{len(floats)}f", len(floats), *floats))
        self.life.later(METER_TICK * ticks, lambda: self._frame(key))

    def _sound(self, root: str) -> float:
        """Return how loud it is before the fader, 0–1: talk, where the venue has given a name.

        A bus or the main has no voice of its own here.
        """
        if self.life is None or root not in self.strips.values() or root[1:3] != "ch":
            return 0.0
        now, voice = self._now, int(root[4:])
        phrase = max(0.0, math.sin(now * 0.9 + voice * 2.1))
        syllables = 0.6 + 0.4 * math.sin(now * 9.7 + voice)
        return 0.004 + 0.25 * phrase * syllables

    # ---- small things

    @property
    def _now(self) -> float:
        return self.life.now if self.life is not None else 0.0

    def _title(self) -> str:
        return str(self.values.get("/-prefs/name") or "X32-SIM")


def _finite(level: float) -> float | None:
    return round(level, 1) if math.isfinite(level) else None
