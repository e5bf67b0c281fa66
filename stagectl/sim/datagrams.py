"""A simulated device's UDP port, and everything that can be wrong with it."""

import asyncio
import random
from collections import deque
from collections.abc import Callable

Peer = tuple[str, int]
Hear = Callable[[bytes, Peer], None]

_QUEUE = 256  # small datagrams that fit a usual receive buffer while nobody reads


class Datagrams(asyncio.DatagramProtocol):
    """Receive with `hear`, answer with `say`; `drop` is the share that is lost, each way."""

    def __init__(self, hear: Hear, *, seed: int = 0) -> None:
        """Open nothing yet; the same seed loses the same packets."""
        self._hear = hear
        self._chance = random.Random(seed)  # noqa: S311 - which packet is lost is no secret
        self._transport: asyncio.DatagramTransport | None = None
        self._frozen = False
        self._waiting: deque[tuple[bytes, Peer]] = deque(maxlen=_QUEUE)
        self.drop = 0.0

    @property
    def open(self) -> bool:
        """Tell whether the port listens; if not, the system refuses packets for it."""
        return self._transport is not None

    async def listen(self, port: int = 0) -> int:
        """Open on loopback; 0 takes a free port. Returns the port."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", port)
        )
        self._transport = transport
        return int(transport.get_extra_info("sockname")[1])

    async def shut(self) -> None:
        """Close; returns when the system has let go of the port."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
            await asyncio.sleep(0)  # the socket itself is closed in the loop's next round
        self._waiting.clear()
        self._frozen = False

    def freeze(self) -> None:
        """Take packets in and read none of them."""
        self._frozen = True

    def thaw(self) -> None:
        """Read what has come in."""
        self._frozen = False
        while self._waiting:
            self._hear(*self._waiting.popleft())

    def say(self, packet: bytes, peer: Peer) -> None:
        """Send, unless the port is shut, the device frozen or the packet lost."""
        if self._transport is not None and not self._frozen and not self._lost():
            self._transport.sendto(packet, peer)

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        """See asyncio.DatagramProtocol."""
        if self._lost():
            return
        if self._frozen:
            # a full buffer loses the newest, and `deque` alone would lose the oldest
            if len(self._waiting) < _QUEUE:
                self._waiting.append((data, addr))
        else:
            self._hear(data, addr)

    def error_received(self, exc: Exception) -> None:
        """See asyncio.DatagramProtocol: a peer that went away is nothing to a UDP server."""

    def _lost(self) -> bool:
        return self.drop > 0 and self._chance.random() < self.drop
