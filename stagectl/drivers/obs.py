"""OBS is believed only when it was asked: after every set, on every event, and once a second.

OBS answers requests sent one after the other in any order: of 300 pairs of a set and a get, 32 came
out the wrong way round, and of eight sets of one volume the last was not always the one that
stayed. Inside a batch (op 8) it keeps the order. So all there is to say goes out at once as one
batch, what comes up meanwhile waits for its answer, a few milliseconds, and of two values for one
parameter the newer wins.
"""

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from stagectl.core.diff import Command, Order
from stagectl.core.model import Device, Do, Parameter, Value
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers import obs_facts as facts
from stagectl.drivers import obs_picture as picture
from stagectl.drivers import obs_words as words
from stagectl.drivers.driver import LinkError
from stagectl.drivers.obs_age import Alive, Clock
from stagectl.drivers.obs_batch import Doubt, Flight, Mailbox, Part
from stagectl.drivers.obs_cover import Cover
from stagectl.drivers.obs_latch import Latch
from stagectl.drivers.obs_levels import EVENT, Meters
from stagectl.drivers.obs_link import ANSWER, Link, as_link_error
from stagectl.drivers.obs_media import VERBS, Media
from stagectl.drivers.obs_picture import Picture
from stagectl.drivers.obs_words import Answer, Request, answer, first_refusal, request
from stagectl.engine.report import Acknowledged, Fact, Facts, Failed, Linked, Moved, Report

OPEN: Final = 5.0  # seconds for connecting, waiting until OBS is ready, and reading it
BEAT: Final = 1.0  # seconds between two full readings
DOUBT: Final = (
    0.5  # seconds that OBS may take to be where it said OK to: a transition's choice does
)
LOOK: Final = 0.02  # seconds until it is looked at again
HOLD: Final = 5.0  # seconds that a change of scene collection may take: 27-57 ms as a rule


class ObsDriver:
    """OBS Studio 28 or newer, with its own WebSocket server."""

    datagram = False

    def __init__(
        self,
        device: Device,
        profile: Profile,
        wires: Mapping[Parameter, Wire],
        secret: str = "",
    ) -> None:
        """`wires` holds this device's parameters; nothing is opened yet."""
        self.due = math.inf
        self._device = device.name
        self._host, self._port = _address(device.at, profile.port or 4455)
        self._secret = secret
        self._meters = Meters(device.name, profile)
        self._wires: dict[Parameter, Wire] = {}
        self._master: list[Parameter] = []
        self._latches = {verb: Latch(verb) for verb in ("record", "stream")}
        self._media = Media(self._post)
        self._alive: Alive | None = None
        self._fps = 30.0
        self._link: Link | None = None
        self._forget()
        self.rewire(wires)

    def rewire(self, wires: Mapping[Parameter, Wire]) -> None:
        """Speak of these parameters too from now on, and read them; the link stays as it is.

        Those that were spoken of before are: an answer about one of them may be on its way.
        """
        known = {p: wire for p, wire in wires.items() if wire.type in words.RANK}
        new = {p for p, wire in known.items() if self._wires.get(p) != wire}
        self._wires = {**self._wires, **known}
        self._meters.rewire(self._wires)
        self._master = [p for p, wire in self._wires.items() if wire.type == "master"]
        for p in new:
            self._last.pop(p, None)
        if self._link is not None:
            self._mail.stale |= new
            self.due = -math.inf

    def watch(self, *, levels: bool) -> None:
        """Let OBS say its levels from now on, also over another link, or no longer."""
        self._meters.wanted = levels
        if self._link is not None:
            self.due = -math.inf

    def _forget(self) -> None:
        """A new link begins with nothing known but what proves a restart."""
        self._meters.begin()
        self._flight: Flight | None = None
        self._mail = Mailbox()
        self._last: dict[Parameter, Value] = {}
        self._doubts: dict[Parameter, Doubt] = {}
        self._missing: set[Parameter] = set()
        self._refused: set[Parameter] = set()  # within one answer: put in vain, not to be confirmed
        self._inputs: dict[str, str] = {}  # name → kind
        self._cover = Cover()
        self._picture = Picture()
        self._waiting: dict[Parameter, Command] = {}  # transitions, until the picture has arrived
        self._thaw_at = math.inf
        self._held_until = -math.inf
        self._next_beat = -math.inf
        self._broken: LinkError | None = None
        self._told: dict[str, Fact] = {}

    # ---------------------------------------------------------------- what the runner calls

    def open(self, now: float) -> Sequence[Report]:
        """Connect and read everything; see Driver.open."""
        self.close()
        self._forget()
        clock = Clock(now)
        self._link = Link(self._host, self._port, self._secret)
        with as_link_error():
            return self._read(clock)

    def _read(self, clock: Clock) -> Sequence[Report]:
        identity = self._wait_until_ready(clock)
        video = self._converse([request("GetVideoSettings")], clock)[0].data
        self._fps = video.get("fpsNumerator", 30) / (video.get("fpsDenominator", 1) or 1)
        alive = self._alive
        # twice: the first tells which inputs there are, whose tracks the second can ask for
        reports = [*self._read_all(clock), *self._read_all(clock)]
        restarted = bool(alive and self._alive and self._alive.is_another(alive))
        late = self._judge_orders(reports)
        self._next_beat = clock.now + BEAT
        self._plan(clock.now)
        return (
            Linked(self._device, dict(self._last), restarted, identity),
            Facts(self._device, dict(self._told)),
            *late,
        )

    def fileno(self) -> int:
        return self._link.fileno() if self._link is not None else -1

    def send(self, orders: Sequence[Order], now: float) -> Sequence[Report]:
        """Say these now, in one batch; behind the answer to the last one if that is still out."""
        reports: list[Report] = []
        for order in orders:
            if isinstance(order, Do):
                reports += self._do(order, now)
            elif order.parameter not in self._wires:
                reports.append(Failed(order, "missing", order.parameter))
            elif order.value != order.value:  # NaN: JSON has none
                reports.append(Failed(order, "refused", f"{order.parameter}: {order.value}"))
            else:
                self._doubts.pop(order.parameter, None)
                self._waiting.pop(order.parameter, None)
                self._mail.commands[order.parameter] = order
        self._still_linked()
        self._push(now)
        return reports

    def receive(self, now: float) -> Sequence[Report]:
        """Take what OBS said; see Driver.receive."""
        link = self._still_linked()
        reports: list[Report] = []
        try:
            for message in link.heard():
                reports += self._hear(message, now)
                self._push(now)
        except LinkError as error:
            if not reports:
                raise
            self._broken, self.due = error, now  # what was heard before the end still counts
        return reports

    def tick(self, now: float) -> Sequence[Report]:
        """Ask OBS for everything once a second; give up what is overdue."""
        reports = list(self.receive(now))  # a desk that slept has its answers in the socket
        if self._broken is not None:
            return reports
        if self._flight is not None and now >= self._flight.until:
            # OBS may answer yet: on another link nobody will take it for the next answer
            raise LinkError("silent")
        for latch in self._latches.values():
            reports += latch.settle(now)
        reports += self._thaw(now)
        if now >= self._next_beat:
            self._mail.beat, self._next_beat = True, now + BEAT
        self._push(now)
        self._subscribe()
        return reports

    def close(self) -> None:
        """Let go; see Driver.close."""
        link, self._link = self._link, None
        self.due = math.inf
        if link is not None:
            link.close()

    # ---------------------------------------------------------------- opening

    def _wait_until_ready(self, clock: Clock) -> str:
        """207 NotReady comes while OBS loads its scenes. Return what OBS calls itself."""
        while True:
            version = self._converse([request("GetVersion")], clock)[0]
            if version.ok:
                said = version.data
                return (
                    f"OBS {said.get('obsVersion')} obs-websocket {said.get('obsWebSocketVersion')}"
                )
            if clock.spent > OPEN - 0.5:
                raise LinkError("starting")
            time.sleep(0.1)

    def _read_all(self, clock: Clock) -> list[Report]:
        parts = self._reading()
        self._flight = Flight("reading", parts, math.inf)
        answers = self._converse([r for part in parts for r in part.requests], clock)
        return list(self._answered(answers, clock.now))

    def _converse(self, requests: list[Request], clock: Clock) -> list[Answer]:
        """Ask and wait: only while opening, when nothing else can be going on."""
        link = self._still_linked()
        batch = link.say(requests)
        for message in link.until(time.monotonic() + OPEN - clock.spent):
            if message.get("op") == 9 and message["d"].get("requestId") == batch:
                return [answer(result) for result in message["d"]["results"]]
        raise LinkError("silent")

    def _judge_orders(self, reports: Iterable[Report]) -> list[Report]:
        """Tell what became of the Dos that were out when the last link went."""
        late: list[Report] = [r for r in reports if isinstance(r, Acknowledged | Failed)]
        late += self._media.linked()
        for latch in self._latches.values():
            late += latch.linked(self._told.get(latch.verb) is True)
        return late

    # ---------------------------------------------------------------- saying

    def _push(self, now: float) -> None:
        """Send what there is to say, unless an answer is out or OBS is changing its scenes."""
        if self._flight is None and now >= self._held_until:
            self._let_transitions_wait(now)
            for latch in self._latches.values():
                if (said := latch.request(now)) is not None:
                    self._post(self._latching(latch, said))
            if self._mail or any(d.look <= now for d in self._doubts.values()):
                self._fly(now)
        self._plan(now)

    def _let_transitions_wait(self, now: float) -> None:
        """Take the choice of another transition out of the mail until none runs."""
        commands = {**self._waiting, **self._mail.commands}
        self._waiting.clear()
        if self._picture.moves(now):
            for parameter, command in list(commands.items()):
                chooses = self._wires[parameter].type in {"transition", "duration"}
                if chooses and self._last.get(parameter) != command.value:
                    self._waiting[parameter] = commands.pop(parameter)
        self._mail.commands = commands

    def _fly(self, now: float) -> None:
        mail, self._mail = self._mail, Mailbox()
        commands = sorted(
            mail.commands.values(), key=lambda c: words.RANK[self._wires[c.parameter].type]
        )
        asks = mail.stale - mail.commands.keys()
        parts = [self._putting(c) for c in commands]
        parts += mail.dos
        parts += [self._confirming(c, now + DOUBT) for c in commands]
        parts += [self._confirming(d.command, d.until) for d in self._doubts.values()]
        parts += self._reading() if mail.beat else [self._asking(p) for p in asks]
        batch = self._still_linked().say([r for part in parts for r in part.requests])
        self._flight = Flight(batch, parts, now + ANSWER)

    def _plan(self, now: float) -> None:
        """Set `due`: the next moment at which `tick` has something to do."""
        if self._link is None:
            self.due = math.inf
            return
        known = [self._next_beat, self._picture.due, self._thaw_at]
        if self._flight is not None:
            times = [self._flight.until]
        else:
            times = [latch.due for latch in self._latches.values()]
            times += [doubt.look for doubt in self._doubts.values()]
            times = [max(at, self._held_until) for at in times]
            times += [self._held_until] if self._mail else []
        times += known
        unsaid = self._meters.want is not self._meters.subscribed
        self.due = now if self._broken is not None or unsaid else min(times)

    def _putting(self, command: Command) -> Part:
        wire = self._wires[command.parameter]
        starts = self._picture.starts
        changes = wire.type == "program" and self._last.get(command.parameter) != command.value

        def then(answers: Sequence[Answer], now: float) -> Iterator[Report]:
            refused = first_refusal(answers)
            if wire.type == "text" and not self._takes_text(wire.address):
                refused = Answer(0, comment=f"{wire.address} is not a text source")
            if refused is None:
                if changes:
                    self._picture.put(starts, now)
                return
            self._refused.add(command.parameter)
            if refused.code == words.NOT_READY:
                self._mail.commands.setdefault(command.parameter, command)
                self._held_until = max(self._held_until, now + 0.1)
            else:
                yield Failed(command, refused.why, refused.comment)

        if wire.type == "text" and not self._takes_text(wire.address):
            return Part([], then, command)  # OBS would say OK and keep a text nobody sees
        if wire.type == "master":
            return Part(self._cover.put(bool(command.value)), then, command)
        return Part(words.put(wire, command.value), then, command)

    def _confirming(self, command: Command, until: float) -> Part:
        """Ask whether a parameter is where it was put; ask again for a while if it is not."""
        parameter = command.parameter

        def then(answers: Sequence[Answer], now: float) -> Iterator[Report]:
            value = self._value(parameter, answers)
            refused = parameter in self._refused
            self._refused.discard(parameter)
            self._doubts.pop(parameter, None)
            if refused or parameter in self._mail.commands:
                return  # or it has been told to go elsewhere since
            if value is None and first_refusal(answers) is not None:
                return
            if value is None and self._is_choosing(now) and now < until:
                self._doubts[parameter] = Doubt(command, now + LOOK, until)
                return  # it is the old transition that has no duration
            if value is None:
                value = command.value  # a cut has no duration that could be read: OBS said OK
            if self._wires[parameter].same(value, command.value):
                self._last[parameter] = value
                yield Moved(parameter, value)
                yield Acknowledged(command)
            elif now < until:
                self._doubts[parameter] = Doubt(command, now + LOOK, until)
            else:
                self._last[parameter] = value
                yield Moved(parameter, value)

        return Part(self._question(parameter), then)

    def _is_choosing(self, now: float) -> bool:
        """Tell whether OBS has yet to take the transition it said OK to."""
        return any(
            self._wires[p].type == "transition" and d.until > now for p, d in self._doubts.items()
        )

    def _asking(self, parameter: Parameter) -> Part:
        def then(answers: Sequence[Answer], _now: float) -> Iterator[Report]:
            value = self._value(parameter, answers)
            elsewhere = (self._mail.commands, self._doubts, self._waiting)
            if value is None or any(parameter in told for told in elsewhere):
                return  # where it is to go was told, or will be
            before, self._last[parameter] = self._last.get(parameter), value
            if before != value:
                yield Moved(parameter, value)

        return Part(self._question(parameter), then)

    def _question(self, parameter: Parameter) -> list[Request]:
        wire = self._wires[parameter]
        return self._cover.ask(self._inputs) if wire.type == "master" else words.ask(wire)

    def _value(self, parameter: Parameter, answers: Sequence[Answer]) -> Value | None:
        wire = self._wires[parameter]
        if wire.type == "master":
            self._cover.hear(answers)
            if self._cover.strangers:  # an input that was made while covered is covered too
                self._mail.commands.setdefault(parameter, Command(parameter, False, "cover"))
            return wire.decode(self._cover.on)
        refused = first_refusal(answers)
        if refused is None:
            self._missing.discard(parameter)
            return words.heard(wire, answers)
        if refused.code != words.NOT_READY:
            self._missing.add(parameter)
            self._last.pop(parameter, None)
        return None

    def _takes_text(self, name: str) -> bool:
        kind = self._inputs.get(name, "text_")  # one that is not there OBS refuses itself
        return kind.startswith("text_")  # text_ft2_source on Linux, text_gdiplus on Windows

    # ---------------------------------------------------------------- Dos

    def _do(self, do: Do, now: float) -> list[Report]:
        if do.verb in self._latches:
            return self._latches[do.verb].order(do, now)
        if do.verb not in VERBS:
            return [Failed(do, "missing", do.verb)]
        self._media.order(do)
        return []

    def _post(self, part: Part) -> None:
        self._mail.dos.append(part)

    def _latching(self, latch: Latch, said: Request) -> Part:
        return Part([said], lambda answers, now: latch.answered(answers[0], now))

    # ---------------------------------------------------------------- hearing

    def _subscribe(self) -> None:
        """Tell OBS whether its levels are wanted, behind all that had to be said."""
        if self._meters.want is not self._meters.subscribed:
            self._still_linked().subscribe(levels=self._meters.want)
            self._meters.subscribed = self._meters.want

    def _hear(self, message: Mapping[str, Any], now: float) -> Iterator[Report]:
        with as_link_error():
            data = message["d"]
            if message["op"] == 5 and data["eventType"] == EVENT:
                if (levels := self._meters.hear(data.get("eventData"), now)) is not None:
                    yield levels
            elif message["op"] == 5:
                yield from self._event(data["eventType"], data.get("eventData") or {}, now)
            elif self._flight is not None and data.get("requestId") == self._flight.id:
                yield from self._answered([answer(r) for r in data["results"]], now)

    def _answered(self, answers: Sequence[Answer], now: float) -> Iterator[Report]:
        flight, self._flight = self._flight, None
        assert flight is not None  # noqa: S101 - both callers looked
        at = 0
        for part in flight.parts:
            yield from part.then(answers[at : at + len(part.requests)], now)
            at += len(part.requests)
        yield from self._tell({"missing": facts.lines(sorted(self._missing))})

    def _event(self, kind: str, data: Mapping[str, Any], now: float) -> Iterator[Report]:
        moved, key = words.EVENTS.get(kind, ((), ""))
        for parameter, wire in self._wires.items():
            meant = wire.type in moved and (not key or data.get(key) == words.subject(wire))
            if meant and not self._is_ours(parameter, wire, kind, data):
                self._mail.stale.add(parameter)
        match kind:
            case "SceneTransitionStarted":
                self._picture.started(now)
            case "SceneTransitionEnded":
                self._picture.ended()
                yield from self._tell({"program.frozen": False})
            case "RecordStateChanged" | "StreamStateChanged":
                latch = self._latches[kind.removesuffix("StateChanged").lower()]
                yield from self._output(latch, data, now)
            case "SceneNameChanged" | "InputNameChanged":
                yield from self._renamed(kind, data)
                self._mail.beat = True
            case "CurrentSceneCollectionChanging":
                self._held_until = now + HOLD  # requests get 600 meanwhile
            case "CurrentSceneCollectionChanged":
                self._held_until, self._mail.beat = -math.inf, True
                self._picture.ended()
            case "SceneListChanged" | "InputCreated" | "InputRemoved":
                self._mail.beat = True
            case "SceneItemCreated" | "SceneItemRemoved":
                self._mail.beat = True

    def _is_ours(
        self, parameter: Parameter, wire: Wire, kind: str, data: Mapping[str, Any]
    ) -> bool:
        """A mute or a level that is where it was just put need not be asked for: fades say many."""
        match kind:
            case "InputMuteStateChanged":
                value = wire.decode(not data["inputMuted"])
            case "InputVolumeChanged":
                value = wire.decode(float(data["inputVolumeDb"]))
            case _:
                return False
        expected = self._last.get(parameter)
        for part in self._flight.parts if self._flight is not None else ():
            if part.command is not None and part.command.parameter == parameter:
                expected = part.command.value
        return expected is not None and wire.same(expected, value)

    def _output(self, latch: Latch, data: Mapping[str, Any], now: float) -> Iterator[Report]:
        done = latch.event(facts.state(data), now)
        yield from self._tell({latch.verb: latch.active, **facts.of_event(latch.verb, data)})
        yield from done

    def _thaw(self, now: float) -> Iterator[Report]:
        """A picture that did not arrive is frozen: switch studio mode on, wait, and off."""

        def settle(_answers: Sequence[Answer], now: float) -> Iterable[Report]:
            self._thaw_at = self._held_until = now + picture.SETTLE
            return ()

        if now >= self._thaw_at:
            self._thaw_at = math.inf
            self._post(Part([picture.STUDIO_OFF], lambda _answers, _now: ()))
            self._picture.ended()
            yield from self._tell({"program.frozen": False})
        elif self._picture.check(now):
            self._post(Part([picture.STUDIO_ON], settle))
            yield from self._tell({"program.frozen": True})

    def _renamed(self, kind: str, data: Mapping[str, Any]) -> Iterator[Report]:
        what = "Scene" if kind == "SceneNameChanged" else "Input"
        old, new = str(data[f"old{what}Name"]), str(data[f"{what.lower()}Name"])
        if what == "Input":
            kept = self._cover.rename(old, new)
            if kept:
                self._post(Part(kept, lambda _answers, _now: ()))
        yield from self._tell({"renamed": f"{old} → {new}"})

    # ---------------------------------------------------------------- the beat

    def _reading(self) -> list[Part]:
        """Everything: the state of OBS, what there is in it, and every parameter."""
        return [
            Part([request("GetStats")], self._stats),
            *(self._status(latch) for latch in self._latches.values()),
            Part(list(facts.LISTS), self._lists),
            Part(list(picture.ASK), self._transition),
            *(self._asking(parameter) for parameter in self._wires),
        ]

    def _stats(self, answers: Sequence[Answer], now: float) -> Iterator[Report]:
        if answers[0].ok:
            said = answers[0].data
            self._alive = Alive(now, float(said["renderTotalFrames"]), self._fps)
            yield from self._tell(facts.of_stats(said))

    def _status(self, latch: Latch) -> Part:
        heard = latch.heard

        def then(answers: Sequence[Answer], now: float) -> Iterator[Report]:
            if answers[0].ok:
                said = answers[0].data
                done = latch.status(bool(said["outputActive"]), heard, now)
                told = {latch.verb: latch.active, **facts.of_output(latch.verb, said)}
                yield from self._tell(told)
                yield from done

        return Part([request(f"Get{latch.verb.capitalize()}Status")], then)

    def _transition(self, answers: Sequence[Answer], _now: float) -> Iterable[Report]:
        transition, studio = answers
        if transition.ok and studio.ok:
            mode = bool(studio.data["studioModeEnabled"])
            self._picture.read(transition.data, studio=mode)
        return ()

    def _lists(self, answers: Sequence[Answer], _now: float) -> Iterator[Report]:
        kinds = facts.input_kinds(answers)
        if kinds is not None and kinds != self._inputs:
            self._inputs = kinds
            self._mail.stale.update(self._master)  # one that came while covered is to be silent
        yield from self._tell(facts.of_lists(answers))

    def _tell(self, told: Mapping[str, Fact]) -> Iterator[Report]:
        """Say what changed."""
        new = {name: fact for name, fact in told.items() if self._told.get(name) != fact}
        self._told.update(new)
        if new:
            yield Facts(self._device, new)

    def _still_linked(self) -> Link:
        if self._broken is not None:
            raise self._broken
        if self._link is None:
            raise LinkError("closed")
        return self._link


def _address(at: str, port: int) -> tuple[str, int]:
    """`host`, `host:port`, `[::1]:port`."""
    host, colon, tail = at.rpartition(":")
    if colon and tail.isdecimal() and (":" not in host or host.startswith("[")):
        return host or "127.0.0.1", int(tail)
    return at or "127.0.0.1", port
