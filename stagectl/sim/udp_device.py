"""What every simulated device on UDP has in common: power, a network, and hanging."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from stagectl.sim import osc
from stagectl.sim.datagrams import Datagrams, Peer
from stagectl.sim.lifetime import Lifetime

State = Mapping[str, object]


class UdpDevice(ABC):
    """A device that hears OSC messages; what it makes of them is for the class to say.

    `life` is this run of it: None while the power is off. Packets go through `line`.
    """

    kind = "osc"

    def __init__(self, *, seed: int = 0) -> None:
        """Make a device that is switched off; the same seed loses the same packets."""
        self.port = 0
        self.life: Lifetime | None = None
        self._line = Datagrams(self._hear, seed=seed)

    @property
    def up(self) -> bool:
        """Tell whether it has power and a network: its port is open."""
        return self._line.open

    @property
    def powered(self) -> bool:
        """Tell whether it is switched on, whoever can reach it."""
        return self.life is not None

    @property
    def frozen(self) -> bool:
        """Tell whether it takes packets in and does nothing."""
        return self.life is not None and self.life.frozen

    async def start(self, port: int = 0) -> int:
        """Switch on, every value at its power-on value; returns the port."""
        self.life = Lifetime()
        self.power_on()
        self.port = await self._line.listen(port)
        return self.port

    async def kill(self) -> None:
        """Take the power away."""
        if self.life is not None:
            self.life.end()
            self.life = None
        await self._line.shut()

    async def refuse(self) -> None:
        """Take the network away and keep every value: the system refuses what comes."""
        await self._line.shut()

    async def accept(self) -> None:
        """Give the network back."""
        if self.life is not None and not self._line.open:
            await self._line.listen(self.port)

    def freeze(self) -> None:
        """Hang: packets are taken in, nothing is done."""
        if self.life is not None:
            self.life.freeze()
            self._line.freeze()

    def thaw(self) -> None:
        """Go on, with what came meanwhile."""
        if self.life is not None:
            self.life.thaw()
            self._line.thaw()

    def drop(self, share: float) -> None:
        """Lose this share of the packets, each way."""
        self._line.drop = share

    # ---- what a device is

    @abstractmethod
    def power_on(self) -> None:
        """Put every value at its power-on value."""

    @abstractmethod
    def take(self, message: osc.Message, peer: Peer) -> None:
        """Do what a message says."""

    @abstractmethod
    def move(self, path: str, value: float | str) -> None:
        """Turn something at the device itself; KeyError: it has nothing of that name."""

    @abstractmethod
    def state(self) -> State:
        """Return what there is to see, JSON-able."""

    def say(self, peer: Peer, address: str, types: str = "", *arguments: osc.Argument) -> None:
        """Send a message."""
        self._line.say(osc.encode(address, types, *arguments), peer)

    def _hear(self, packet: bytes, peer: Peer) -> None:
        try:
            message = osc.decode(packet)
        except osc.Garbled:
            return
        self.take(message, peer)
