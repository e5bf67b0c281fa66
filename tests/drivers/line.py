"""A bad line: a UDP relay on loopback that loses, repeats, swaps and cuts, by a seeded chance."""

import heapq
import itertools
import random
import select
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass
class BadLine:
    """Relay packets to `to` and back; shares are of all packets, each way.

    `late` is the longest time in seconds that one in two packets is kept, so that others overtake.
    """

    to: tuple[str, int]
    seed: int
    lose: float = 0.0
    repeat: float = 0.0
    late: float = 0.0
    cut: bool = False
    lost: int = 0
    carried: int = 0

    def __enter__(self) -> Self:
        """Take a free port and begin."""
        self._chance = random.Random(self.seed)
        self._near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._near.bind(("127.0.0.1", 0))
        self._far: dict[tuple[str, int], socket.socket] = {}
        self._queue: list[tuple[float, int, bytes, socket.socket, tuple[str, int]]] = []
        self._count = itertools.count()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of everything."""
        self._done.set()
        self._thread.join()
        for link in (self._near, *self._far.values()):
            link.close()

    @property
    def at(self) -> str:
        """Where it takes packets: host:port."""
        return f"127.0.0.1:{self._near.getsockname()[1]}"

    def _relay(self) -> None:
        while not self._done.is_set():
            links = {link: peer for peer, link in self._far.items()}
            wait = max(0.0, self._queue[0][0] - time.monotonic()) if self._queue else 0.02
            for link in select.select([self._near, *links], [], [], min(wait, 0.02))[0]:
                try:
                    packet, sender = link.recvfrom(4096)
                except ConnectionError:
                    continue  # nobody listens there just now
                if link is self._near:
                    self._carry(packet, self._link_for(sender), self.to)
                else:
                    self._carry(packet, self._near, links[link])
            self._deliver()

    def _link_for(self, peer: tuple[str, int]) -> socket.socket:
        if peer not in self._far:
            self._far[peer] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._far[peer].bind(("127.0.0.1", 0))
        return self._far[peer]

    def _carry(self, packet: bytes, link: socket.socket, to: tuple[str, int]) -> None:
        self.carried += 1
        if self.cut or self._chance.random() < self.lose:
            self.lost += 1
            return
        for _ in range(2 if self._chance.random() < self.repeat else 1):
            late = self.late * self._chance.random() * (self._chance.random() < 0.5)
            due = time.monotonic() + late
            heapq.heappush(self._queue, (due, next(self._count), packet, link, to))

    def _deliver(self) -> None:
        while self._queue and self._queue[0][0] <= time.monotonic():
            _, _, packet, link, to = heapq.heappop(self._queue)
            link.sendto(packet, to)
