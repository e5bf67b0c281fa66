"""What can happen to packets between a desk and a UDP device, in a process of nobody's own.

netem is not everywhere, so it is done here: a port that passes packets on, both ways, and on the
way loses, doubles, delays and so reorders them, by a chance with a seed. For a cable, the port can
lie in a network namespace at the other end of a veth pair (`Cable`), whose link goes down.
"""

import contextlib
import ctypes
import heapq
import os
import random
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

Address = tuple[str, int]


class Relay:
    """One UDP port in front of a device. `drop` and `double` are shares, `late` seconds."""

    def __init__(self, device: str, seed: int = 0, front: socket.socket | None = None) -> None:
        host, _, port = device.rpartition(":")
        self.drop = self.double = self.late = 0.0
        self.cut = False
        self.passed = self.lost = self.doubled = 0
        self._device = (host, int(port))
        self._chance = random.Random(seed)
        self._front = front or _bound("127.0.0.1")
        self._back: dict[Address, socket.socket] = {}
        self._waiting: list[tuple[float, int, socket.socket, bytes, Address | None]] = []
        self._count = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the desk is told that the device is."""
        host, port = self._front.getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        self._closing = True
        self._thread.join(5)
        for end in (self._front, *self._back.values()):
            end.close()

    def _run(self) -> None:
        while not self._closing:
            due = self._waiting[0][0] - time.monotonic() if self._waiting else 0.05
            ends = {end: client for client, end in self._back.items()}
            ready, _, _ = select.select([self._front, *ends], [], [], min(max(due, 0.0), 0.05))
            for end in ready:
                with contextlib.suppress(OSError):  # a refusal of the device's port comes back here
                    packet, sender = end.recvfrom(4096)
                    if end is self._front:
                        self._take(self._to_the_device(sender), packet, None)
                    else:
                        self._take(self._front, packet, ends[end])
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, by, packet, to = heapq.heappop(self._waiting)
                with contextlib.suppress(OSError):
                    by.sendto(packet, to) if to is not None else by.send(packet)

    def _to_the_device(self, client: Address) -> socket.socket:
        if client not in self._back:
            end = self._back[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            end.connect(self._device)
        return self._back[client]

    def _take(self, by: socket.socket, packet: bytes, to: Address | None) -> None:
        if self.cut or self._chance.random() < self.drop:
            self.lost += 1
            return
        copies = 1 + (self._chance.random() < self.double)
        self.passed += 1
        self.doubled += copies - 1
        for _ in range(copies):
            self._count += 1
            due = time.monotonic() + self._chance.uniform(0.0, self.late)
            heapq.heappush(self._waiting, (due, self._count, by, packet, to))


@contextmanager
def relay(device: str, seed: int = 0) -> Iterator[Relay]:
    """A relay on loopback, for as long as it is asked for."""
    made = Relay(device, seed)
    try:
        yield made
    finally:
        made.close()


# ---------------------------------------------------------------- a cable


@dataclass(frozen=True)
class Cable:
    """A relay at the far end of a cable that can be pulled out; `kind` says which sort it is."""

    relay: Relay
    kind: str
    pull: Callable[[], None]
    plug: Callable[[], None]


@contextmanager
def cable(device: str) -> Iterator[Cable]:
    """A cable to a device: as root on Linux a veth pair, else a relay that goes silent."""
    with ExitStack() as open_:
        try:
            far = open_.enter_context(_far_end())
        except (OSError, subprocess.CalledProcessError) as why:
            made = open_.enter_context(relay(device))

            def cut(is_cut: bool) -> None:
                made.cut = is_cut

            kind = f"a relay that goes silent, since there is no veth here: {why}"
            yield Cable(made, kind, partial(cut, True), partial(cut, False))
            return
        made = Relay(device, front=far.socket())
        open_.callback(made.close)
        yield Cable(made, "a veth pair's link", far.down, far.up)


@dataclass(frozen=True)
class _Far:
    """The far end of a veth pair, in a network namespace."""

    name: str

    ADDRESS: ClassVar = "198.18.77.2"  # of the block for tests of networks: nobody's

    def down(self) -> None:
        _ip("-n", self.name, "link", "set", f"{self.name}b", "down")

    def up(self) -> None:
        _ip("-n", self.name, "link", "set", f"{self.name}b", "up")

    def socket(self) -> socket.socket:
        """Return a socket that lives there: a socket stays where it was made."""
        made: list[socket.socket | OSError] = []

        def make() -> None:
            try:
                _enter(self.name)
                made.append(_bound(self.ADDRESS))
            except OSError as why:
                made.append(why)

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        if isinstance(made[0], OSError):
            raise made[0]
        return made[0]


@contextmanager
def _far_end() -> Iterator[_Far]:
    """Make the namespace and the pair; both are gone afterwards."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        raise OSError("not root on Linux with iproute2")
    far = _Far(f"sc{os.getpid()}")
    near, there = f"{far.name}a", f"{far.name}b"
    _ip("netns", "add", far.name)
    try:
        _ip("link", "add", near, "type", "veth", "peer", "name", there, "netns", far.name)
        _ip("address", "add", "198.18.77.1/30", "dev", near)
        _ip("-n", far.name, "address", "add", f"{far.ADDRESS}/30", "dev", there)
        _ip("link", "set", near, "up")
        far.up()
        far.socket().close()
        yield far
    finally:
        _ip("netns", "delete", far.name)  # the pair goes with it


def _enter(namespace: str) -> None:
    """Let this thread, and no other, live in a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/run/netns/{namespace}").open("rb") as there:
        if libc.setns(there.fileno(), 0x40000000):  # CLONE_NEWNET
            raise OSError(ctypes.get_errno(), "setns")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)


def _bound(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, 0))
    return made
