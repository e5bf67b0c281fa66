"""OSC over UDP: every answer comes to the socket that asked, and no call ever waits."""

import contextlib
import math
import socket
from collections.abc import Iterable, Mapping, Sequence

from stagectl.core.diff import Command, Order
from stagectl.core.model import Device, Do, Parameter, Value
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.driver import LinkError
from stagectl.drivers.osc_levels import Frames
from stagectl.drivers.osc_packets import UNSAYABLE, bare, messages, occasion, saying, understood
from stagectl.drivers.questions import SETTLE, Questions
from stagectl.drivers.udp import NO_ROOM, connected, endpoint, stumble
from stagectl.engine.report import Failed, Linked, Moved, Report

PROBE = 1.0  # seconds between probes of a device that answers
HURRY = 0.1  # and of one that does not: 30 % of packets may be lost, and it still is no silence
SILENT = 2.5  # seconds without a word, although asked, after which the device is lost
READING = 1.0  # seconds given to the first reading; what is missing then is left out, and asked on
SWEEP = 8  # parameters read again each second, since a hand's last word may be lost like any other
RECALLED = 0.25  # seconds after a verb that may have moved anything (a scene recall): read again
PULSE = 0.1  # seconds a button is held; and as long between two presses of it, or QLC+ misses one
KNOCK = 0.1  # seconds in which "nobody listens" comes back, if it comes
MOST_ASKED = 32  # questions in one tick, so that a GO never waits for a reading
MOST_HEARD = 64  # packets in one `receive`: half a millisecond, even in a flood


class OscDriver:
    """One device on OSC. Without a probe or a readable parameter it is taken at its silence."""

    datagram = True

    def __init__(
        self, device: Device, profile: Profile, wires: Mapping[Parameter, Wire], secret: str = ""
    ) -> None:
        """Prepare every saying; `secret` is not kept, since OSC has none."""
        del secret
        self.due = math.inf
        self._device = device
        self._profile = profile
        self._questions = Questions()
        self._frames = Frames(device.name, profile)
        self.rewire(wires)
        first = wires[next(iter(self._asks))].address if self._asks else ""
        self._probe_address = profile.probe or first
        self._probe = bare(self._probe_address) if self._probe_address else b""
        self._hail = bare(profile.keepalive.say) if profile.keepalive else b""
        self._socket: socket.socket | None = None
        self._refused = False  # by the last link; kept over `close`
        self._begin(0.0)

    def rewire(self, wires: Mapping[Parameter, Wire]) -> None:
        """Speak of these parameters from now on; the link stays as it is."""
        self._sayings = {p: saying(wire) for p, wire in wires.items()}
        self._asks = {p: bare(wire.address) for p, wire in wires.items() if wire.read}
        self._by_address: dict[str, list[tuple[Parameter, Wire]]] = {}
        for p in self._asks:
            self._by_address.setdefault(wires[p].address, []).append((p, wires[p]))
        self._power_on = _power_on(self._profile, wires)
        self._ready: dict[tuple[Parameter, Value], bytes] = {}
        self._swept = 0
        self._questions.keep(self._asks)
        self._frames.rewire(wires)

    def watch(self, *, levels: bool) -> None:
        """Ask for levels from now on, also over another link, or no longer."""
        self._frames.watch(levels=levels)
        self.due = -math.inf if self._socket is not None else math.inf

    def _begin(self, now: float) -> None:
        self._linked = False
        self._opened = now
        self._heard = -math.inf  # when anything last came
        self._first = math.inf  # when anything first came
        self._asked = math.inf  # when the first probe went that nothing has come after
        self._identity: str | None = None
        self._reading: dict[Parameter, Value] = {}
        self._questions = Questions()
        self._frames.begin()
        self._probe_due = self._hail_due = now
        self._swept = 0
        self._timed: list[tuple[float, bytes]] = []  # what a pulse has yet to send, and when
        self._free: dict[bytes, float] = {}  # when each button can be pressed again, by its 0.0
        self._waiting: dict[object, bytes] = {}  # what the network had no room for, in order

    # ------------------------------------------------------------ the protocol

    def open(self, now: float) -> Sequence[Report]:
        """Connect and begin to ask; a device that cannot be asked is `Linked` at once.

        After a refusal it is not, until it let `KNOCK` seconds pass without another. Raises
        LinkError: "address" (no IP address or no port), "refused", "unreachable".
        """
        self.close()
        self._begin(now)
        family, address = endpoint(self._device.at, self._profile.port)
        self._socket = connected(family, address)
        reports: list[Report] = []
        if not self._probe and not self._refused:
            self._link(reports)
        elif not self._probe and not self._hail:
            self._put(b"")  # no message, yet it is refused where nobody listens
        return (*reports, *self.tick(now))

    def fileno(self) -> int:
        """Return the socket's descriptor, or -1 when closed."""
        return -1 if self._socket is None else self._socket.fileno()

    def prepare(self, orders: Iterable[Order]) -> None:
        """Make these packets ready, in place of those made before: the next GO's, in idle time."""
        self._ready = {}
        for order in orders:
            if isinstance(order, Command):
                try:
                    packet = self._sayings[order.parameter](order.value)
                except UNSAYABLE:
                    continue  # `send` will say so, if it comes to that
                self._ready[order.parameter, order.value] = packet

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Say these now; what the network has no room for goes with the next tick.

        A parameter the device does not have is Failed "missing", a value that no packet can carry
        Failed "refused". Raises LinkError "refused" or "unreachable".
        """
        failed: list[Report] = []
        said: list[tuple[bytes, Parameter]] = []
        ready, sayings = self._ready, self._sayings
        for order in orders:
            if not isinstance(order, Command):
                self._put_all(said, now)
                said = []
                self._trigger(order, now, failed)
                continue
            p = order.parameter
            packet = ready.get((p, order.value))
            if packet is None:
                if p not in sayings:
                    failed.append(Failed(order, "missing", p))
                    continue
                try:
                    packet = sayings[p](order.value)
                except UNSAYABLE as why:
                    failed.append(Failed(order, "refused", str(why)))
                    continue
            said.append((packet, p))
        self._put_all(said, now)
        self.due = min(self.due, now if self._waiting else now + SETTLE)
        return failed

    def receive(self, now: float) -> Sequence[Report]:
        """Take what has come in, `MOST_HEARD` packets at a time. No bytes raise, only the link."""
        reports: list[Report] = []
        if self._socket is None:
            return reports
        take = self._socket.recv
        for _ in range(MOST_HEARD):
            try:
                packet = take(4096)
            except BlockingIOError:
                break
            except OSError as why:
                self._stumble(why)
                continue
            if packet.startswith(self._frames.heads):
                if (levels := self._frames.hear(packet, now)) is not None:
                    reports.append(levels)
                continue  # it proves nothing: a probe's answer does
            for address, arguments in messages(packet):
                self._hear(address, arguments, now, reports)
        return reports

    def tick(self, now: float) -> Sequence[Report]:
        """Probe, keep alive, read back, release triggers; raises LinkError "silent" and send's."""
        if self._socket is None:
            return ()
        # first of all, so that a desk that slept does not take its own sleep for silence
        reports = list(self.receive(now))
        self._flush(now)
        if self._hail and now >= self._hail_due and self._profile.keepalive is not None:
            self._hail_due = now + self._profile.keepalive.every
            self._put(self._hail)
        if self._probe:
            self._keep_asking(now, reports)
        elif not self._linked and now >= self._opened + KNOCK:
            self._refused = False
            self._link(reports)
        if self._linked and self._frames.due <= now:
            for packet in self._frames.asking(now):
                self._put(packet)
        self.due = self._next(now)
        return reports

    def close(self) -> None:
        """Let go of every trigger still pressed, then of the socket."""
        self.due = math.inf
        if self._socket is not None:
            with contextlib.suppress(OSError):
                for _, packet in self._timed:
                    if packet in self._free:
                        self._socket.send(packet)
            self._socket.close()
            self._socket = None

    # ------------------------------------------------------------ asking

    def _keep_asking(self, now: float, reports: list[Report]) -> None:
        quiet = now - max(self._heard, self._opened)
        if quiet >= SILENT and now - self._asked >= SILENT - PROBE - HURRY:
            raise LinkError("silent")
        if now >= self._probe_due:
            self._probe_due = now + HURRY
            self._put(self._probe)
            if self._linked and self._asked == math.inf:
                self._sweep(now)
            self._asked = min(self._asked, now)
        for p in self._questions.ready(now, MOST_ASKED):
            self._put(self._asks[p])
        if not self._linked and self._first < math.inf:
            all_known = self._identity is not None and not self._questions
            if all_known or now - self._first >= READING:
                self._link(reports)

    def _sweep(self, now: float) -> None:
        names = list(self._asks)
        start, self._swept = self._swept, self._swept + SWEEP
        if self._swept >= len(names):
            self._swept = 0
        self._questions.ask(names[start : start + SWEEP], now)

    def _link(self, reports: list[Report]) -> None:
        self._linked = True
        restarted = bool(self._power_on) and all(
            p in self._reading and wire.same(self._reading[p], value)
            for p, (wire, value) in self._power_on.items()
        )
        reports.append(
            Linked(self._device.name, dict(self._reading), restarted, self._identity or "")
        )

    def _hear(
        self, address: str, arguments: Sequence[object], now: float, reports: list[Report]
    ) -> None:
        if self._first == math.inf:
            self._first = now
            self._questions.ask(self._asks, now)
            self.due = now
        self._heard = now
        if self._asked < math.inf and (self._linked or self._identity is not None):
            self._asked, self._probe_due = math.inf, now + PROBE
        if address == self._probe_address and self._identity is None:
            words = (a for a in arguments if isinstance(a, str) and a.isprintable())
            self._identity = " ".join(words)[:80]
            self.due = now
        for p, wire in self._by_address.get(address, ()):
            value = understood(wire, arguments)
            if value is None or not self._questions.answered(p, now):
                continue
            if self._linked:
                reports.append(Moved(p, value))
            else:
                self._reading[p] = value
                self.due = now

    def _next(self, now: float) -> float:
        due = [self._questions.due if self._first < math.inf else math.inf]
        if self._waiting:
            due.append(now + 0.001)
        if self._hail:
            due.append(self._hail_due)
        due.extend(at for at, _ in self._timed)
        if self._probe:
            due.append(self._probe_due)
            if not self._linked:
                due.append(self._first + READING)
        elif not self._linked:
            due.append(self._opened + KNOCK)
        if self._linked:
            due.append(self._frames.due)
        return min(due)

    # ------------------------------------------------------------ saying

    def _trigger(self, do: Do, now: float, failed: list[Report]) -> None:
        verb = self._profile.verbs.get(do.verb)
        if verb is None:
            failed.append(Failed(do, "missing", do.verb))
            return
        try:
            packet, release = occasion(verb, do.argument)
        except UNSAYABLE as why:
            failed.append(Failed(do, "refused", str(why)))
            return
        if release:
            at = max(now, self._free.get(release, now))
            self._free[release] = at + 2 * PULSE
            # let go first: the last 0.0 may have been lost, and a held button is deaf
            self._timed += [(at, release), (at, packet), (at + PULSE, release)]
            self._pulse(now)
        else:
            self._put(packet, object())
        self._questions.ask(self._asks, now + RECALLED)
        self.due = min(self.due, self._questions.due, *(at for at, _ in self._timed))

    def _flush(self, now: float) -> None:
        waiting, self._waiting = self._waiting, {}
        for key, packet in waiting.items():
            self._put(packet, key)
        self._pulse(now)

    def _pulse(self, now: float) -> None:
        due = [packet for at, packet in self._timed if at <= now]
        self._timed = [(at, packet) for at, packet in self._timed if at > now]
        for packet in due:
            self._put(packet, object())

    def _put_all(self, said: Sequence[tuple[bytes, Parameter]], now: float) -> None:
        """Send these, all that was to be made being made: nothing keeps the last one waiting."""
        if self._socket is None:
            raise LinkError("closed")
        send = self._socket.send
        for packet, p in said:
            if self._waiting:
                self._put(packet, p)
                continue
            try:
                send(packet)
            except OSError as why:
                self._not_sent(packet, p, why)
        asks, settling = self._asks, self._questions.settling
        for _, p in said:
            if p in asks:
                settling[p] = now

    def _put(self, packet: bytes, key: object = None) -> None:
        """Send, or keep the newest packet of each `key` for the next tick; None may be lost."""
        if self._socket is None:
            raise LinkError("closed")
        if self._waiting and key is not None:
            self._waiting.pop(key, None)
            self._waiting[key] = packet  # behind what waits already
            return
        try:
            self._socket.send(packet)
        except OSError as why:
            self._not_sent(packet, key, why)

    def _not_sent(self, packet: bytes, key: object, why: OSError) -> None:
        if why.errno in NO_ROOM:
            if key is not None:
                self._waiting[key] = packet
        else:
            self._stumble(why)

    def _stumble(self, why: OSError) -> None:
        self._refused = isinstance(why, ConnectionError)
        stumble(why)


def _power_on(
    profile: Profile, wires: Mapping[Parameter, Wire]
) -> dict[Parameter, tuple[Wire, Value]]:
    """Return the parameters that tell of a restart, each with its wire and power-on value."""
    known = {w.address: v for path, v in profile.power_on if (w := profile.wire(path)) is not None}
    return {
        p: (wire, known[wire.address])
        for p, wire in wires.items()
        if wire.read and wire.address in known
    }
