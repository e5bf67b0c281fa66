"""The simulated stage as a peer of the contract: its loop runs beside the test, on a thread."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

from stagectl.core.control import Sign
from stagectl.core.model import Parameter, Value
from stagectl.core.wire import Wire
from stagectl.sim.lights import Lights
from stagectl.sim.midi import Midi
from stagectl.sim.mixer import Mixer
from stagectl.sim.udp_device import UdpDevice

D = TypeVar("D", bound=UdpDevice | Midi)
T = TypeVar("T")


class Simulated(Generic[D]):
    """One simulated device. Whatever touches it happens on its own loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, device: D, wires: Mapping[Parameter, Wire]
    ) -> None:
        """Switch the device on."""
        self._loop = loop
        self._wires = wires
        self.device = device
        self.port = self.wait(device.start)

    @property
    def at(self) -> str:
        """Where it listens: host:port."""
        return f"127.0.0.1:{self.port}"

    def wait(self, call: Callable[[], Awaitable[T]]) -> T:
        """Carry out something of the device's, and return what it returned."""

        async def carried_out() -> T:
            return await call()

        return asyncio.run_coroutine_threadsafe(carried_out(), self._loop).result(10)

    def do(self, call: Callable[[], T]) -> T:
        """Carry out something that takes no time."""

        async def carried_out() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(carried_out(), self._loop).result(10)

    def stop(self) -> None:
        """Take its network away; it keeps every value."""
        self.wait(self.device.refuse)

    def start(self) -> None:
        """Give the network back."""
        self.wait(self.device.accept)

    def reset(self) -> None:
        """Switch it off and on: every value is its power-on value."""
        self.wait(self.device.kill)
        self.wait(lambda: self.device.start(self.port))

    def freeze(self) -> None:
        """Let it hang."""
        self.do(self.device.freeze)

    def thaw(self) -> None:
        """Let it go on."""
        self.do(self.device.thaw)

    def value(self, parameter: Parameter) -> Value | None:
        """Return what a parameter is at, as people say it."""
        wire = self._wires[parameter]
        match self.device:
            case Mixer() as mixer:
                return wire.decode(self.do(lambda: mixer.values[wire.address]))
            case Lights() as lights:
                level = self.do(lambda: lights.levels.get(wire.address, 0))
                return wire.decode(level if wire.type == "i" else level / 255)
            case Midi() as midi:
                sign = Sign.of(wire.type, wire.address)
                raw = self.do(lambda: midi.values.get(sign, 0))
                return raw > 0 if wire.kind == "switch" else float(raw)
            case _:
                return None

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Move a parameter by hand."""
        wire = self._wires[parameter]
        match self.device:
            case Mixer() as mixer:
                self.do(lambda: mixer.turn(wire.address, wire.encode(value)))
            case Midi() as midi:
                self.do(lambda: midi.move(parameter.partition(".")[2], value))
            case _:
                raise TypeError(f"nobody can touch {parameter}")


@contextmanager
def simulated(device: D, wires: Mapping[Parameter, Wire]) -> Iterator[Simulated[D]]:
    """A simulated device for as long as it is asked for."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        peer = Simulated(loop, device, wires)
        try:
            yield peer
        finally:
            peer.wait(device.kill)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
