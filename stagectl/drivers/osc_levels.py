"""Blobs of levels: asked for again and again while wanted, and read where a stem stands."""

import math
import struct
from collections.abc import Mapping

from stagectl.core.meter import Bank, decibels
from stagectl.core.model import Parameter
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.levels import Gathered, metered
from stagectl.drivers.osc_packets import bare
from stagectl.engine.report import Levels

AGAIN = 1.0  # seconds after which a device that says nothing is asked again

_SIZE = struct.Struct(">i").unpack_from
_COUNT = struct.Struct("<i").unpack_from
_LINEAR = struct.Struct("<f").unpack_from
_STEPS = struct.Struct("<h").unpack_from


class Frames:
    """What an OSC device says of levels: blobs, which it has to be asked for again and again."""

    def __init__(self, device: str, profile: Profile) -> None:
        """Know no stem yet, and ask for nothing."""
        self.wanted = False
        self.heads: tuple[bytes, ...] = ()
        self._device = device
        self._metered = metered(profile)
        self._banks: list[_Frame] = []
        self._gathered = Gathered(device)

    def rewire(self, wires: Mapping[Parameter, Wire]) -> None:
        """Speak of the stems of these parameters from now on."""
        banks: dict[str, tuple[Bank, dict[str, str]]] = {}
        for parameter, wire in wires.items():
            if (found := self._metered.get(wire.address)) is not None:
                bank, where = found
                stems = banks.setdefault(bank.address, (bank, {}))[1]
                stems[parameter.rpartition(".")[0]] = where
        self._banks = [_Frame(bank, stems) for bank, stems in banks.values()]
        self.heads = tuple(frame.head for frame in self._banks)

    def begin(self) -> None:
        """Ask anew: another link begins."""
        for frame in self._banks:
            frame.begin()
        self._gathered = Gathered(self._device)

    def watch(self, *, levels: bool) -> None:
        """Ask from now on, or no longer: what is asked for already ends by itself."""
        self.wanted = levels
        self.begin()

    @property
    def due(self) -> float:
        """When there is something to ask."""
        return min((f.due for f in self._banks), default=math.inf) if self.wanted else math.inf

    def asking(self, now: float) -> list[bytes]:
        """Return what is to be said now; what gets no answer is said again soon."""
        due = [frame for frame in self._banks if self.wanted and frame.due <= now]
        return [frame.asking(now) for frame in due]

    def hear(self, packet: bytes, now: float) -> Levels | None:
        """Take one packet that begins with one of `heads`; return what is to be reported."""
        if not self.wanted:
            return None
        frame = next(frame for frame in self._banks if packet.startswith(frame.head))
        if not frame.read(packet, self._gathered, now):
            return None
        return self._gathered.report(now)


class _Frame:
    """One message: how it is asked for, how it begins, and whose level stands where."""

    def __init__(self, bank: Bank, stems: Mapping[str, str]) -> None:
        address = bank.address.encode()
        self.head = address + b"\0" * (4 - len(address) % 4) + b",b\0\0"
        self.due = math.inf
        self._asked = 0.0
        self._ask = bare(bank.say) if bank.say else b""
        self._every = bank.every
        self._level, self._width = (_linear, 4) if bank.measure == "linear" else (_steps, 2)
        self._stems = [(stem, tuple(map(int, at.split()))) for stem, at in stems.items()]
        self.begin()

    def begin(self) -> None:
        """Ask at once, if it has to be asked for."""
        self.due = -math.inf if self._ask else math.inf

    def asking(self, now: float) -> bytes:
        """Return what asks for it; again soon, unless it comes."""
        self._asked, self.due = now, now + AGAIN
        return self._ask

    def read(self, packet: bytes, into: Gathered, now: float) -> bool:
        """Take the levels of one packet; False: it is shorter than it says."""
        start, width = len(self.head) + 8, self._width
        if len(packet) < start:
            return False
        (size,), (count,) = _SIZE(packet, start - 8), _COUNT(packet, start - 4)
        if not 0 <= count * width <= size - 4 <= len(packet) - start:
            return False
        if self._ask:
            self.due = min(self._asked + self._every, now + AGAIN)
        for stem, places in self._stems:
            said = [self._level(packet, start + width * n) for n in places if n < count]
            into.add(stem, max((db for db in said if not math.isnan(db)), default=math.nan), now)
        return True


def _linear(packet: bytes, at: int) -> float:
    return decibels(_LINEAR(packet, at)[0])


def _steps(packet: bytes, at: int) -> float:
    return float(_STEPS(packet, at)[0]) / 256
