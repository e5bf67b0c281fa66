"""A device on `generic-osc` takes any OSC message and never answers."""

from collections import deque

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.udp_device import State, UdpDevice

KEPT = 200  # messages remembered


class Sink(UdpDevice):
    """`heard` is what came last, newest last; `values` has the last of each address."""

    def __init__(self, *, seed: int = 0) -> None:
        """Make a device that is switched off."""
        super().__init__(seed=seed)
        self.heard: deque[osc.Message] = deque(maxlen=KEPT)
        self.values: dict[str, tuple[osc.Argument, ...]] = {}

    def power_on(self) -> None:
        """Know nothing."""
        self.heard.clear()
        self.values.clear()

    def take(self, message: osc.Message, peer: Peer) -> None:
        """Remember it."""
        del peer  # it is never answered
        self.heard.append(message)
        self.values[message.address] = message.arguments

    def move(self, path: str, value: float | str) -> None:
        """Refuse: nobody knows what this device has to turn."""
        raise KeyError(f"{path}: {value}")

    def state(self) -> State:
        """Return the last value of each address."""
        return {
            "values": [
                {"address": address, "said": " ".join(map(_plain, said))}
                for address, said in sorted(self.values.items())
            ]
        }


def _plain(argument: osc.Argument) -> str:
    if isinstance(argument, float):
        return f"{argument:.3f}".rstrip("0").rstrip(".")
    return str(argument)
