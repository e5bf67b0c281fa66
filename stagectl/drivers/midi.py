"""A MIDI device: what it is told is sent and never confirmed, since MIDI has no answers.

Two things come back all the same: what a hand does at it, and, from a device whose profile says
`probe: identity`, the answer to who it is. Without that a port that has gone is missed by its name.
"""

import math
from collections.abc import Mapping, Sequence

from stagectl.core.control import Control, Sign
from stagectl.core.diff import Command, Order
from stagectl.core.midi import ALL_CALL, Address, address
from stagectl.core.model import Device, Do, Parameter, Value
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers import midi_words as words
from stagectl.drivers.driver import LinkError
from stagectl.drivers.midi_ports import Port, opened
from stagectl.engine.report import Commanded, Failed, Linked, Moved, Report, Touched

LOOK = 1.0  # seconds between two looks at whether the device is there
HURRY = 0.5  # and while its answer is awaited
SILENT = 1.5  # seconds without an answer after which it is lost
PACE = 0.02  # seconds between two reports of one fader
BURST = 64  # presses and commands heard in one burst, and in each second after it
SPARE = 16  # and beside them, of keys that were quiet: a faulty key must not drown the one for GO
QUIET = 0.25  # seconds without a word that make a key quiet


class MidiDriver:
    """One MIDI device, found by its port's name."""

    datagram = False

    def __init__(
        self, device: Device, profile: Profile, wires: Mapping[Parameter, Wire], secret: str = ""
    ) -> None:
        """Prepare every saying; `secret` is not kept, since MIDI has none."""
        del secret
        self.due = math.inf
        self._device = device
        self._profile = profile
        self._sayings = {p: words.saying(wire) for p, wire in wires.items()}
        self._wires: dict[Sign, list[tuple[Parameter, Wire]]] = {}
        for p, wire in wires.items():
            self._wires.setdefault(Sign.of(wire.type, wire.address), []).append((p, wire))
        self._controls: dict[Sign, Control] = {}
        self._probes = profile.probe == "identity"
        self._answers = False  # it has said who it is, some time
        self._port: Port | None = None
        self._address: Address | None = address(device.at)
        self._begin(0.0)

    def _begin(self, now: float) -> None:
        self._linked = False
        self._reader = words.Reader()
        self._asked = math.inf  # when the question went that nothing has come after
        self._look_due = now
        self._coarse: dict[Sign, int] = {}  # the upper half of a 14-bit value
        self._riding: dict[object, Report] = {}  # where faders went, not told yet
        self._told_at = -math.inf
        self._budget, self._counted = float(BURST), now
        self._spare, self._spared = float(SPARE), now
        self._spoke: dict[object, float] = {}  # keys and commands: when

    # ------------------------------------------------------------ the protocol

    def open(self, now: float) -> Sequence[Report]:
        """Open the port; a device that says who it is is Linked when it has.

        Raises LinkError: "address", "refused", "unreachable", "no_port", "no_rtmidi".
        """
        self.close()
        self._begin(now)
        if self._address is None:
            raise LinkError("address", slow=True)
        self._port = opened(self._address)
        if not self._controls:  # here, on a worker's time: a generic device has thousands
            every = (c for pattern in self._profile.controls for c in pattern.every())
            self._controls = {control.sign: control for control in every}
        reports = [] if self._probes else [self._link(self._port.name)]
        return (*reports, *self.tick(now))

    def fileno(self) -> int:
        """Return what wakes when something comes, or -1 when closed."""
        return -1 if self._port is None else self._port.fileno()

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Say these: parameters, lamps by the name of their control, and verbs.

        What the device does not have is Failed "missing", what no message can carry "refused".
        """
        del now
        messages: list[bytes] = []
        failed: list[Report] = []
        for order in orders:
            try:
                message = self._message(order)
            except words.UNSAYABLE as why:
                failed.append(Failed(order, "refused", str(why)))
                continue
            if message is None:
                name = order.parameter if isinstance(order, Command) else order.verb
                failed.append(Failed(order, "missing", name))
            else:
                messages.append(message)
        if messages:
            self._open_port.write(messages)
        return failed

    def receive(self, now: float) -> Sequence[Report]:
        """Take what has come in; no bytes raise, only the link."""
        if self._port is None:
            return ()
        reports: list[Report] = []
        for message in self._reader.feed(self._port.read()):
            self._hear(message, now, reports)
        self._tell_riding(now, reports)
        return reports

    def tick(self, now: float) -> Sequence[Report]:
        """Look whether the device is there; raises LinkError "closed" or "silent"."""
        if self._port is None:
            return ()
        # first of all, so that a desk that slept does not take its own sleep for silence
        reports = list(self.receive(now))
        if now >= self._look_due:
            self._port.look()
            if self._probes:
                if now - self._asked >= SILENT and (self._answers or not self._linked):
                    raise LinkError("silent")
                self._asked = min(self._asked, now)
                self._port.write((words.IDENTITY_REQUEST,))
            self._look_due = now + (HURRY if self._probes else LOOK)
        self.due = self._look_due
        if self._riding:
            self.due = min(self.due, self._told_at + PACE)
        return reports

    def close(self) -> None:
        """Let go of the port."""
        self.due = math.inf
        if self._port is not None:
            self._port.close()
            self._port = None

    # ------------------------------------------------------------ saying

    @property
    def _open_port(self) -> Port:
        if self._port is None:
            raise LinkError("closed")
        return self._port

    def _message(self, order: Order) -> bytes | None:
        """Return the bytes of an order, None: there is nothing of that name here."""
        match order:
            case Do(verb=name, argument=argument):
                verb = self._profile.verbs.get(name)
                if verb is None:
                    return None
                where = self._address
                device = ALL_CALL if where is None else where.device
                style = None if where is None else where.format
                said = words.occasion(verb.type, verb.address, argument, device, style)
                if verb.pulse and verb.type != "msc":
                    said += words.spoken(Sign.of(verb.type, verb.address), 0)
                return said
            case Command(parameter=parameter, value=value):
                if parameter in self._sayings:
                    return self._sayings[parameter](value)
                return self._lamp(parameter.partition(".")[2], value)

    def _lamp(self, name: str, raw: Value) -> bytes | None:
        control = self._profile.control(name)
        if control is None or control.lamp is None:
            return None
        return words.spoken(control.lamp, round(float(raw)))

    # ------------------------------------------------------------ hearing

    def _link(self, identity: str) -> Linked:
        self._linked = True
        return Linked(self._device.name, {}, restarted=False, identity=identity)

    def _hear(self, message: bytes, now: float, reports: list[Report]) -> None:
        if not math.isinf(self._asked):
            self._asked, self._look_due = math.inf, now + LOOK
            self.due = min(self.due, self._look_due)
        who = words.identity(message)
        self._answers = self._answers or who is not None
        if not self._linked:
            reports.append(self._link(who or ""))
        if message[0] >= 0xF0:
            asked = words.show_control(message)
            if asked is not None and self._heeds("msc", now):
                reports.append(Commanded(self._device.name, asked.device, asked.command, asked.cue))
            return
        found = words.heard(message)
        for at, raw in self._readings(*found) if found else ():
            for p, wire in self._wires.get(at, ()):
                value = words.understood(wire, at, raw)
                if value is not None:
                    moved = Moved(p, value)
                    self._tell(moved, ("moved", p), now, reports, rides=wire.kind == "number")
            control = self._controls.get(at)
            if control is not None:
                touched = Touched(self._device.name, control.name, raw)
                if control.kind != "key":
                    name, rides = control.name, control.kind == "fader"
                    self._tell(touched, name, now, reports, rides=rides)
                elif self._heeds(control.name, now):
                    reports.append(touched)

    def _readings(self, at: Sign, raw: int) -> Sequence[tuple[Sign, int]]:
        """Return the value as it is, and the 14-bit value it is the end of, if it is."""
        readings = [(at, raw)]
        if at.kind == "cc" and at.number < 64:
            fine = Sign("cc14", at.channel, at.number % 32)
            if at.number < 32:
                self._coarse[fine] = raw
            elif (high := self._coarse.get(fine)) is not None:
                readings.append((fine, high << 7 | raw))
        return readings

    def _tell(
        self, report: Report, name: object, now: float, reports: list[Report], *, rides: bool
    ) -> None:
        """Report at once; of what rides, or comes in a flood, the newest, fifty times a second."""
        if rides or not self._affords(now):
            self._riding.pop(name, None)  # the newest goes last
            self._riding[name] = report
        else:
            reports.append(report)

    def _tell_riding(self, now: float, reports: list[Report]) -> None:
        if self._riding and now - self._told_at >= PACE:
            self._told_at = now
            reports += self._riding.values()
            self._riding = {}
        if self._riding:
            self.due = min(self.due, self._told_at + PACE)

    def _heeds(self, name: object, now: float) -> bool:
        """Tell whether a key is heard: in a flood only one that takes no part in it."""
        quiet = now - self._spoke.get(name, -math.inf) >= QUIET
        self._spoke[name] = now
        if self._affords(now):
            return True
        self._spare = min(float(SPARE), self._spare + max(0.0, now - self._spared) * SPARE)
        self._spared = now
        if not quiet or self._spare < 1.0:
            return False
        self._spare -= 1.0
        return True

    def _affords(self, now: float) -> bool:
        """Tell whether this press can be meant: nobody presses that many keys."""
        self._budget = min(float(BURST), self._budget + max(0.0, now - self._counted) * BURST)
        self._counted = now
        if self._budget < 1.0:
            return False
        self._budget -= 1.0
        return True
