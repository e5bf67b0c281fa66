"""A digital mixer on OSC answers, quantises, pushes and forgets like an X32 or an XAir.

A change is pushed to every `/xremote` client but the one that made it; a client is forgotten after
10 s. What one model has and calls what is said in its own module: x32.py, xair.py.
"""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.mixer_parameters import (
    Parameter,
    Value,
    decibels,
    fader_of,
    position,
    switch_of,
)
from stagectl.sim.udp_device import State, UdpDevice

REMOTE_LIFE = 10.0  # seconds a client is told of changes, or sent meters, unless it asks again
METER_TICK = 0.05


class Mixer(UdpDevice):
    """One mixer. `names` maps the venue's names to the profile's: "host" → "ch.1"."""

    kind = "mixer"
    model: ClassVar[str]
    firmware: ClassVar[str]
    remotes: ClassVar[int]
    """How many clients are told of changes."""
    parameters: ClassVar[Mapping[str, Parameter]]
    heard: ClassVar[tuple[str, ...]]
    """The roots of what somebody can speak or play into."""
    main: ClassVar[str]
    """The root of what the hall hears."""
    current: ClassVar[str]
    """Where it says which scene was recalled last."""

    def __init__(self, names: Mapping[str, str], *, seed: int = 0) -> None:
        """Make a mixer that is switched off."""
        super().__init__(seed=seed)
        self.strips = {ours: root for ours, stem in names.items() if (root := self.root_of(stem))}
        self.values: dict[str, Value] = {}
        self.scenes: dict[int, dict[str, Value]] = {}
        self._remotes: dict[Peer, float] = {}
        self._metered: dict[tuple[Peer, str], tuple[float, int]] = {}

    def power_on(self) -> None:
        """Put every value at its power-on value, and remember nobody; the names are kept."""
        self._remotes.clear()
        self._metered.clear()
        self.values = {address: p.rest for address, p in self.parameters.items()}
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
        parameter = self.parameters[address]
        said = float(value) if parameter.type == "f" else value
        taken = parameter.accept(parameter.type, said)
        if taken is not None:
            self._put(address, taken, teller=None)

    def store(self, scene: int) -> None:
        """Keep everything as it is as a scene."""
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
                    "sound": round(self.sound(root), 3),
                }
                for name, root in self.strips.items()
            ]
        }

    def title(self) -> str:
        """Return what it is called."""
        return str(self.values.get("/-prefs/name") or f"{self.model}-SIM")

    # ---- the protocol

    def take(self, message: osc.Message, peer: Peer) -> None:
        """Answer, set, remember, recall: what the desk does with one message."""
        match message.address:
            case "/info":
                info = self.info()
                self.say(peer, "/info", "s" * len(info), *info)
            case "/xinfo":
                about = ("127.0.0.1", self.title(), self.model, self.firmware)
                self.say(peer, "/xinfo", "ssss", *about)
            case "/status":
                self.say(peer, "/status", "sss", "active", "127.0.0.1", "osc-server")
            case "/xremote":
                self._remember(peer)
            case "/unsubscribe":
                self._remotes.pop(peer, None)
            case "/meters":
                self._meter(message, peer)
            case address if address in self.values:
                self._parameter(message, peer)
            case _:
                self.act(message, peer)

    def _parameter(self, message: osc.Message, peer: Peer) -> None:
        address, parameter = message.address, self.parameters[message.address]
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
        kind = self.parameters[address].type
        for peer in self._listeners():
            if peer != teller:
                self.say(peer, address, kind, self.values[address])

    def _remember(self, peer: Peer) -> None:
        listening = self._listeners()
        if peer in listening or len(listening) < self.remotes:
            self._remotes[peer] = self._now + REMOTE_LIFE

    def _listeners(self) -> list[Peer]:
        now = self._now
        self._remotes = {peer: until for peer, until in self._remotes.items() if until > now}
        return list(self._remotes)

    def recall(self, number: int) -> None:
        """Change what the scene has; whoever asked is told like everybody else."""
        for address, value in self.scenes.get(number, {}).items():
            self._put(address, value, teller=None)
        self.turn(self.current, number)

    # ---- meters

    def _meter(self, message: osc.Message, peer: Peer) -> None:
        """`/meters ,s /meters/1`, and after it, if wanted, how many ticks to a frame."""
        bank = message.arguments[0] if message.arguments else ""
        if not isinstance(bank, str) or self.life is None or self.frame(bank) is None:
            return
        factor = message.arguments[-1]
        ticks = factor if isinstance(factor, int) and 1 <= factor <= 99 else 1
        key, fresh = (peer, bank), (peer, bank) not in self._metered
        self._metered[key] = (self._now + REMOTE_LIFE, ticks)
        if fresh:
            self._send_frame(key)

    def _send_frame(self, key: tuple[Peer, str]) -> None:
        until, ticks = self._metered[key]
        peer, address = key
        frame = self.frame(address)
        if self.life is None or frame is None or self._now >= until:
            del self._metered[key]
            return
        self.say(peer, address, "b", frame)
        self.life.later(METER_TICK * ticks, lambda: self._send_frame(key))

    def sound(self, root: str) -> float:
        """Return how loud it is, 0–1: talk, where the venue has given a name, before its fader.

        A bus is what is sent to it, before its fader too; the main what the hall hears.
        """
        if self.life is None:
            return 0.0
        if root == self.main:
            return self._mixed(lambda _: 1.0) * self._gain(root)
        if root.startswith("/bus/"):
            send = f"mix/{int(root[5:]):02}"
            return self._mixed(lambda one: self._send(f"{one}/{send}"))
        if root not in self.heard or root not in self.strips.values():
            return 0.0
        now, voice = self._now, int(root[4:]) if root[1:3] == "ch" else sum(root.encode())
        phrase = max(0.0, math.sin(now * 0.9 + voice * 2.1))
        syllables = 0.6 + 0.4 * math.sin(now * 9.7 + voice)
        return 0.004 + 0.25 * phrase * syllables

    def _mixed(self, share: Callable[[str], float]) -> float:
        """Return all that is spoken, behind its faders: voices add up as powers do."""
        named = [root for root in self.strips.values() if root in self.heard]
        return math.hypot(*(self.sound(one) * self._gain(one) * share(one) for one in named))

    def _gain(self, root: str) -> float:
        fader = decibels(float(self.values.get(fader_of(root), 0.0)))
        return 10 ** (fader / 20) if self.values.get(switch_of(root)) else 0.0

    def _send(self, send: str) -> float:
        level = decibels(float(self.values.get(f"{send}/level", 0.0)))
        return 10 ** (level / 20) if self.values.get(f"{send}/on") else 0.0

    # ---- small things

    @property
    def _now(self) -> float:
        return self.life.now if self.life is not None else 0.0

    # ---- what a model is

    @abstractmethod
    def root_of(self, stem: str) -> str | None:
        """Return the OSC address a profile's name stands for: "ch.1" → "/ch/01"; None: none."""

    @abstractmethod
    def info(self) -> Sequence[str]:
        """Return what `/info` is answered with."""

    @abstractmethod
    def act(self, message: osc.Message, peer: Peer) -> None:
        """Do what a message says that is no parameter: recall a scene."""

    @abstractmethod
    def frame(self, bank: str) -> bytes | None:
        """Return one frame of "/meters/1", None: it has no such bank."""


def _finite(level: float) -> float | None:
    return round(level, 1) if math.isfinite(level) else None
