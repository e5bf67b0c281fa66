"""A mixer of thirty lines on loopback: as much of an X32 as the driver's own tests need."""

import contextlib
import math
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from stagectl.core.model import Device, Parameter, Value
from stagectl.core.pattern import Pattern
from stagectl.core.profile import Keepalive, Profile, Verb
from stagectl.core.wire import Wire
from stagectl.sim.osc import Argument, Garbled, Message, decode, encode

FADER = ((-90.0, 0.0), (-60.0, 0.0625), (-30.0, 0.25), (-10.0, 0.5), (10.0, 1.0))

LEVEL = Wire(
    "number", "/ch/{:02}/mix/fader", "f", "dB", -90.0, 10.0, FADER,
    steps=1023, read=True, rest=-math.inf,
)  # fmt: skip
BLANK: dict[str, Value] = {"f": 0.0, "i": 0, "s": ""}
PROFILE = Profile(
    "small mixer",
    "osc",
    keepalive=Keepalive("/xremote", 8.0),
    probe="/info",
    power_on=tuple((f"ch.{n}.level", -math.inf) for n in range(1, 5)),
    parameters=(
        Pattern("ch.{1..4}.on", Wire("switch", "/ch/{:02}/mix/on", "i", read=True), main=True),
        Pattern("ch.{1..4}.level", LEVEL),
        Pattern("ch.{1..4}.name", Wire("text", "/ch/{:02}/config/name", "s", read=True)),
    ),
    verbs={
        "recall": Verb("recall", "number", (), "/-action/goscene", "i"),
        "press": Verb("press", "number", (), "/button/{}", "f", pulse=True),
    },
)
WIRES = {
    f"mixer.{path}": wire
    for n in range(1, 5)
    for path in (f"ch.{n}.on", f"ch.{n}.level", f"ch.{n}.name")
    if (wire := PROFILE.wire(path)) is not None
}


class SmallMixer:
    """Answers, remembers, and pushes a hand's moves to who said /xremote; quantises its faders."""

    def __init__(self) -> None:
        """Take a free port and listen."""
        self.heard: list[Message] = []
        self.deaf: set[str] = set()  # addresses it has not
        self.kept: dict[str, tuple[str, Value]] = {}
        for wire in WIRES.values():
            self.kept[wire.address] = (wire.type, BLANK[wire.type])
        self._subscribers: set[tuple[str, int]] = set()
        self._frozen = threading.Event()
        self._port = 0
        self.start()

    @property
    def at(self) -> str:
        """Where it listens: host:port."""
        return f"127.0.0.1:{self._port}"

    def device(self) -> Device:
        """It, as a venue names it."""
        return Device("mixer", "small mixer", at=self.at)

    def start(self) -> None:
        """Listen at the port it had."""
        self._link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._link.bind(("127.0.0.1", self._port))
        self._link.settimeout(0.02)
        self._port = self._link.getsockname()[1]
        self._gone = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let go of the port."""
        self._gone.set()
        self._thread.join()
        self._link.close()

    def freeze(self) -> None:
        """Take what comes, and say nothing."""
        self._frozen.set()

    def thaw(self) -> None:
        """Speak again."""
        self._frozen.clear()

    def value(self, parameter: Parameter) -> Value | None:
        """Return what a parameter is at, as people say it."""
        wire = WIRES[parameter]
        return wire.decode(self.kept[wire.address][1])

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Move a parameter by hand."""
        wire = WIRES[parameter]
        self._keep(wire.address, wire.type, wire.encode(value))
        for subscriber in self._subscribers:
            self.say(wire.address, subscriber)

    def say(self, address: str, to: tuple[str, int]) -> None:
        """Tell what an address is at."""
        kind, value = self.kept[address]
        self._send(encode(address, kind, value), to)

    def values(self, address: str) -> list[Argument]:
        """Return what was said to an address, in order; questions are not."""
        return [m.arguments[0] for m in self.heard if m.address == address and m.arguments]

    def _keep(self, address: str, kind: str, value: Argument) -> None:
        assert isinstance(value, int | float | str)
        self.kept[address] = (kind, value)
        if kind == "f":  # a fader has 1024 positions, and its answers are 32 bits wide
            (rounded,) = struct.unpack(">f", struct.pack(">f", round(float(value) * 1023) / 1023))
            self.kept[address] = (kind, rounded)

    def _send(self, packet: bytes, to: tuple[str, int]) -> None:
        with contextlib.suppress(PermissionError):  # a firewall's word for a lost packet
            self._link.sendto(packet, to)

    def _listen(self) -> None:
        while not self._gone.is_set():
            try:
                packet, peer = self._link.recvfrom(4096)
            except TimeoutError:
                continue
            try:
                message = decode(packet)
            except Garbled:
                continue
            if not self._frozen.is_set():
                self.heard.append(message)
                self._answer(message, peer)

    def _answer(self, message: Message, peer: tuple[str, int]) -> None:
        match message.address:
            case address if address in self.deaf:
                pass
            case "/info":
                self._send(encode("/info", "ss", "V0", "small mixer"), peer)
            case "/xremote":
                self._subscribers.add(peer)
            case address if address in self.kept and not message.arguments:
                self.say(address, peer)
            case address if address in self.kept and message.types == self.kept[address][0]:
                self._keep(address, message.types, message.arguments[0])


@contextmanager
def small_mixer() -> Iterator[SmallMixer]:
    """A mixer for as long as it is asked for."""
    mixer = SmallMixer()
    try:
        yield mixer
    finally:
        mixer.stop()
