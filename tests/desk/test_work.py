"""What a GO, a jump, a tick and a line of the journal cost does not grow with the cues.

A real desk is stepped by hand: OSC in by a real socket, journal, tracking, OSC out, the snapshot.
Nothing is timed; see `tests.desk.work`. Each of these is shown to notice a scan of the cue list.
"""

import gc
import itertools
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.core.book import Book
from stagectl.core.model import Cue, Device, Show, Value, Venue
from stagectl.core.profile import Profile
from stagectl.core.track import Track
from stagectl.core.wire import Wire
from stagectl.desk.journal import Journal
from stagectl.desk.loop import Desk
from stagectl.desk.remote import Remote
from stagectl.drivers.osc import OscDriver
from stagectl.engine.engine import Engine
from stagectl.engine.place import Place
from stagectl.engine.report import Moved
from stagectl.engine.snapshot import Snapshot
from stagectl.engine.stage import Stage
from tests.desk.fakes import Clock
from tests.desk.work import Number, Work, work

RUNS = itertools.count()
SIZES = (100, 1_000, 10_000)
FADERS = tuple(f"out.m{n}" for n in range(8))
FAR = {100: 73, 1_000: 969, 10_000: 9_993}
"""Where a jump goes: as far behind its checkpoint in each show, 10 of the 64 cues between two."""
SHORT = 1_000
"""Instructions; 895 on CPython 3.11, of which a GO's median is made (docs/performance.md)."""
FADE_BEAT = 0.0201  # seconds: a step of a fade, and a little, so that none is missed by rounding
FADED = 30  # the place of the one cue that fades, the same in each show
assert {(index + 1) % Track.STRIDE for index in FAR.values()} == {10}


def cue(n: int, number: Callable[[str], str]) -> Cue:
    """Return the n-th cue: it puts one fader in turn, and the same one for every n of a kind."""
    sets: dict[str, Value] = {FADERS[n % 8]: float(n % 8 + n // 8 % 2)}
    if n == FADED:
        return Cue(number(str(n)), sets=dict.fromkeys(FADERS, 90.0), fade=5.0)
    return Cue(number(str(n)), sets=sets)


def book(cues: int, port: int, number: Callable[[str], str]) -> Book:
    """Return a show of so many cues on one OSC device."""
    wires = {p: Wire("number", f"/{p[4:]}", "f", low=0.0, high=100.0) for p in FADERS}
    base: dict[str, Value] = dict.fromkeys(FADERS, 0.0)
    venue = Venue("v", {"out": Device("out", "plain", f"127.0.0.1:{port}")}, base)
    show = Show("s", tuple(cue(n, number) for n in range(cues)), base)
    return Book(show, venue, {"out": Profile("plain", "osc")}, wires)


class Stand:
    """A desk and what it is connected to, stepped by hand on a clock that stands still."""

    def __init__(self, folder: Path, cues: int, number: Callable[[str], str] = str) -> None:
        self.heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.heard.bind(("127.0.0.1", 0))
        self.heard.setblocking(False)
        self.book = book(cues, self.heard.getsockname()[1], number)
        self.clock = Clock()
        self.journal = Journal(folder / f"{next(RUNS)}.jsonl")
        numbers = [c.number for c in self.book.show.cues]
        self.remote = Remote("127.0.0.1", 0, numbers, [ip_network("127.0.0.0/8")])
        self.hand = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.hand.connect(("127.0.0.1", self.remote.port))
        device, profile = self.book.venue.devices["out"], self.book.profiles["out"]
        self.pictures: list[Snapshot] = []
        self.engine = Engine(self.book, 0.0)
        self.desk = Desk(
            self.book,
            {"out": lambda: OscDriver(device, profile, self.book.wires)},
            self.journal,
            engine=self.engine,
            remote=self.remote,
            clock=self.clock,
            wall=lambda: 1e9 + self.clock.now,
            publish=self.pictures.append,
        )
        self.desk.start()
        self.rest()

    def rest(self, seconds: float = 3.0) -> None:
        """Let time go by, in beats, until nothing is left to do."""
        for _ in range(int(seconds / 0.01)):
            self.beat(0.01)

    def beat(self, seconds: float) -> None:
        """Let so much time go by, and step once."""
        self.clock.now += seconds
        self.desk._bell.ring()  # a clock that stands still would let it sleep for real
        self.desk.step()

    def say(self, address: str) -> None:
        """Say an address, as a foot pedal does; the next step hears it."""
        self.hand.send(OscMessageBuilder(address).build().dgram)

    def packets(self) -> int:
        """Return how many packets have come out since this was last asked."""
        for count in itertools.count():
            try:
                self.heard.recv(999)
            except BlockingIOError:
                return count
        raise AssertionError

    def at(self, index: int) -> None:
        """Stand with a cue on stage, all made ready for the next, twice: no first time is left."""
        for _ in range(2):
            self.say(f"/cue/{index}/start")
            self.desk.step()
            self.rest()
        self.packets()

    def close(self) -> None:
        """Let go of everything."""
        self.desk.let_go()
        self.journal.close()
        self.remote.close()
        self.heard.close()
        self.hand.close()


@dataclass(frozen=True)
class Act:
    """What is counted: made ready, done, and how many packets must come of it."""

    ready: Callable[[Stand], None]
    do: Callable[[Stand], None]
    packets: int


def _go(stand: Stand) -> None:
    stand.say("/go")
    stand.desk.step()


def _ready_to_go(stand: Stand) -> None:
    stand.at(FAR[len(stand.book.show.cues)])
    _go(stand)  # one before, so that neither its packet nor its line is the first of its kind
    stand.rest()
    stand.packets()


def _pressed(stand: Stand) -> None:
    _ready_to_go(stand)
    stand.say("/go")


def _ready_to_settle(stand: Stand) -> None:
    _ready_to_go(stand)
    _go(stand)
    stand.packets()


def _rest_a_little(stand: Stand) -> None:
    for _ in range(8):  # made ready, answered, and drawn
        stand.beat(0.01)


def _ready_to_jump(stand: Stand) -> None:
    stand.at(FAR[len(stand.book.show.cues)])
    stand.at(1)
    stand.say(f"/cue/{FAR[len(stand.book.show.cues)]}/start")


def _ready_behind_a_jump(stand: Stand) -> None:
    _ready_to_jump(stand)
    stand.desk.step()
    stand.packets()


def _ready_to_stand_by(stand: Stand) -> None:
    stand.at(1)
    stand.say("/playhead/90")


def _step(stand: Stand) -> None:
    stand.desk.step()


def _ready_to_fade(stand: Stand) -> None:
    stand.at(FADED - 1)
    _go(stand)
    for _ in range(5):
        stand.beat(FADE_BEAT)
    stand.packets()


ACTS = {
    "a GO": Act(_pressed, _step, 1),
    "what is done behind a GO": Act(_ready_to_settle, _rest_a_little, 0),
    "a jump": Act(_ready_to_jump, _step, 8),
    "what is done behind a jump": Act(_ready_behind_a_jump, _rest_a_little, 0),
    "a tick of a fade": Act(_ready_to_fade, lambda s: s.beat(FADE_BEAT), 8),
    "standing by at the other end": Act(_ready_to_stand_by, _step, 0),
}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Callable[..., Stand]]:
    made: list[Stand] = []

    def build(*given: Any, **more: Any) -> Stand:
        made.append(Stand(tmp_path, *given, **more))
        return made[-1]

    yield build
    for one in made:
        one.close()
    gc.collect()


def counted(act: Act, stand: Stand) -> Work:
    """Return the work of an act; it must have said what it should."""
    act.ready(stand)
    work(lambda: act.do(stand))  # once for nothing: what is loaded and remembered the first time
    act.ready(stand)
    done = work(lambda: act.do(stand))
    assert stand.packets() == act.packets
    return done


def compared(act: Act, stand: Stand) -> int:
    """Return how often a cue's number was looked at in an act."""
    act.ready(stand)
    Number.looks = 0
    act.do(stand)
    return Number.looks


@pytest.mark.parametrize("name", ACTS)
def test_the_work_does_not_grow_with_the_number_of_cues(name, stand):
    few = counted(ACTS[name], stand(SIZES[0]))
    for cues in SIZES[1:]:
        grown = few.differs(counted(ACTS[name], stand(cues)))
        assert not grown, f"{name}, {SIZES[0]} and {cues} cues: {grown}"


@pytest.mark.parametrize("name", ACTS)
def test_no_more_cues_are_looked_at(name, stand):
    looks = {cues: compared(ACTS[name], stand(cues, Number)) for cues in SIZES}
    assert len(set(looks.values())) == 1, looks


def test_the_way_from_a_go_to_its_packet_is_short(stand):
    """All of it from one `select` to the next GO's `send`, journal line and guard among it."""
    done = counted(ACTS["a GO"], stand(SIZES[1]))
    assert 0 < done.until_sent <= SHORT


def test_a_go_that_was_not_made_ready_takes_the_long_way(stand):
    """Else the test above looks at the wrong thing."""
    desk = stand(SIZES[1])
    _ready_to_go(desk)
    desk.engine.hear(Moved("out.m1", 7.0), desk.clock.now)  # it throws away what was made ready
    desk.say("/go")
    assert work(lambda: _step(desk)).until_sent > SHORT
    assert desk.packets() == 1


# ---- a scan put in is seen


def _scan(place: Place, cue: str) -> int | None:
    return next((n for n, one in enumerate(place.cues) if one.number == cue), None)


def _copy(stage: Stage, *given: Any, **more: Any) -> None:
    assert sorted(stage.wanted._causes)
    MOVE_TO(stage, *given, **more)


MOVE_TO, FIRE = Stage.move_to, Place.fire
SEEDS = {
    "a loop in Python": (Place, "find", _scan, "a jump"),
    "a copy in C": (Stage, "move_to", _copy, "a GO"),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scan_of_the_cue_list_is_seen(seed, stand, monkeypatch):
    owner, name, scan, act = SEEDS[seed]
    monkeypatch.setattr(owner, name, scan)
    few, many = (counted(ACTS[act], stand(cues)) for cues in (SIZES[0], SIZES[-1]))
    assert few.differs(many), f"{seed} went unseen: {few}, {many}"


def test_a_search_in_c_that_keeps_nothing_is_seen(stand, monkeypatch):
    def search(place: Place, index: int) -> None:
        assert Number(place.cues[index].number) in [c.number for c in place.cues]
        FIRE(place, index)

    monkeypatch.setattr(Place, "fire", search)
    few, many = (compared(ACTS["a GO"], stand(cues, Number)) for cues in SIZES[:2])
    assert few != many
