"""Who may do what, at the panel port itself: by PIN, until its time, nothing that is not named."""

import json
import os
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import MISSING, fields, replace
from typing import get_args

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from stagectl.client import Line, NoAnswerError
from stagectl.desk import moment, pins
from stagectl.desk.doors import Doors
from stagectl.desk.pins import Pins
from stagectl.desk.place import Place
from stagectl.desk.port import Port
from stagectl.desk.server import OPERATORS, SOCKETS
from stagectl.engine.engine import Engine
from stagectl.engine.event import Held
from stagectl.engine.intent import Asked, Back, Go, Intent, Overlay, Put, StandBy
from stagectl.engine.plain import snapshot_from_plain, tagged
from tests.desk.house import Kept, Lamps
from tests.desk.house import book as small
from tests.engine.evening import book

TOKENS = {"operate-token": "operate", "watch-token": "watch"}
MIC = "mixer.guest"
AGREE = 0.2  # seconds in which all faces show the same
HONOURED = 2.0  # seconds: from a PIN's change to a running desk that goes by it


class Desk:
    """A real engine behind a real port, which looks at a real place's PINs."""

    def __init__(self, place):
        self.engine = Engine(book(), 0.0)
        self.asked = []
        self.journal = []
        self.pins = Pins(place)
        self.port = Port(self.ask, b"{}", TOKENS, place)
        self.address = self.port.start()
        self.publish()

    def ask(self, intent, reply):
        self.asked.append(intent)
        events = self.engine.ask(intent, time.monotonic())
        self.journal += events
        self.publish()
        reply(events)

    def publish(self):
        self.port.publish(self.engine.snapshot(time.monotonic()))

    def token(self, role):
        return next(str(grant.token) for grant in self.pins.grants() if grant.role == role)

    def line(self, token="operate-token", by="panel"):
        return Line(self.address, token, by)

    def guest(self, by="browser", **more):
        """Let a guest in as a browser's process does: by the PIN, then by its token."""
        grant = self.pins.check(self.pins.make("guest", **{"own": (MIC,), **more}))
        assert grant is not None
        return self.line(str(grant.token), by)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setitem(pins._COST, "n", 1 << 4)
    place = Place(tmp_path / "hall")
    place.make()
    desk = Desk(place)
    yield desk
    desk.port.close()


@contextmanager
def raw(desk, token, **more):
    with connect(desk.address, proxy=None, compression=None, max_size=None) as wire:
        wire.send(json.dumps({"token": token, **more}))
        yield wire


def code_when_closed(wire, seconds=5.0):
    """Read on until the desk hangs up; return its code and reason."""
    end = time.monotonic() + seconds
    with pytest.raises(ConnectionClosed) as closed:
        read_on(lambda: wire.recv(max(0.0, end - time.monotonic())))
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


def gone(line):
    """Return why a line ends, once the desk has hung up, and after how long."""
    began = time.monotonic()
    with pytest.raises(NoAnswerError) as why:
        read_on(line.snapshot)
    return why.value.why, time.monotonic() - began


def read_on(read, seconds=10.0):
    """Read until that raises."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        read()


# ---- who is who


def test_a_guest_is_told_what_they_may_and_until_when(desk):
    until = time.time() + 60
    with desk.guest(until=until, own=(MIC, "mixer.guest 2")) as guest:
        assert (guest.role, guest.own, guest.until) == ("guest", (MIC, "mixer.guest 2"), until)
    with desk.line() as operator, desk.line("watch-token") as watcher:
        assert (operator.role, operator.own, operator.until) == ("operate", (), None)
        assert watcher.role == "watch"


def test_an_operators_pin_and_a_watchers_are_what_they_say(desk):
    for role in ("operate", "watch"):
        desk.pins.make(role)
        with desk.line(desk.token(role)) as face:
            assert face.role == role
            assert face.ask(Go()).ok == (role == "operate")


def test_who_says_another_role_in_their_hello_has_the_one_of_their_token(desk):
    desk.pins.make("guest", own=(MIC,))
    lies = {"role": "operate", "own": ["mixer.host"], "until": None, "grant": "operate"}
    with raw(desk, desk.token("guest"), **lies) as wire:
        hello = json.loads(wire.recv(5))["hello"]
    assert (hello["role"], hello["own"]) == ("guest", [MIC])


@pytest.mark.parametrize("token", ["", "x", "operate-tokeN", None, 7, ["operate-token"], "guest"])
def test_a_forged_token_opens_nothing(desk, token):
    desk.pins.make("guest")
    with raw(desk, token) as wire:
        assert code_when_closed(wire) == (4401, "token")


def test_the_pin_itself_and_a_cut_token_open_nothing(desk):
    pin = desk.pins.make("guest")
    token = desk.token("guest")
    for said in (pin, token[:-1], token + "x", token.swapcase(), token + "\0"):
        with raw(desk, said) as wire:
            assert code_when_closed(wire) == (4401, "token")


# ---- what a guest may


def plain(kind):
    """Return an intent of a kind in its wire form, with whatever its fields take."""
    made = {"str": "x", "float": 1.0, "int": 1, "bool": True, "Value": 1.0}
    base = {f.name for f in fields(Asked)}
    needed = [f for f in fields(kind) if f.name not in base and f.default is MISSING]
    of = {f.name: made.get(str(getattr(f.type, "__name__", f.type)), "x") for f in needed}
    return tagged(kind(**of))


def answer(line, intent):
    """Say an intent as it is, and return the letter that answers it."""
    line._say({"intent": intent})
    letter = {}
    while letter.get("reply") != intent["id"]:
        letter = line._letter()
    return letter


def test_every_intent_there_is_that_a_guest_is_not_given_is_refused_and_never_asked(desk):
    """Made from the union itself: an intent of next year is refused until somebody names it."""
    whys = {}
    with desk.guest() as guest:
        for kind in get_args(Intent):
            letter = answer(guest, {**plain(kind), "id": kind.__name__})
            assert not letter["ok"]
            whys[kind.__name__] = letter["why"]
    given = {"Go": "guest_cue", "Put": "guest_mic"}  # as made here: no expect, no own microphone
    assert whys.pop("Back") == "first"  # this one is asked: nothing has gone yet
    assert {name: why for name, why in whys.items() if why != "guest"} == given
    assert [type(intent) for intent in desk.asked] == [Back]


def test_a_guest_fires_what_stands_by_and_rides_their_own_microphone_and_goes_back(desk):
    with desk.guest() as guest:
        assert guest.ask(Go(expect="1")).ok
        assert guest.ask(Put(f"{MIC}.on", value=True)).ok
        assert guest.ask(Go(expect="1")).why == "stale"
        assert guest.ask(Go(cue="1")).why == "guest_cue"
        assert guest.ask(Put("mixer.host.on", value=False)).why == "guest_mic"
        assert guest.ask(Overlay("safe")).why == "guest"
        assert guest.ask(Back()).ok
    held = [event for event in desk.journal if isinstance(event, Held)]
    assert [event.by for event in held] == ["guest browser"]


def test_a_guests_face_is_called_one_and_no_other_is(desk):
    with ExitStack() as open_:
        faces = [
            open_.enter_context(one)
            for one in (
                desk.guest(by="operator"),
                desk.line(by="guest browser"),
                desk.line(by="guest guest"),
                desk.line(by="guesthouse"),
                desk.line("watch-token", by="guest"),
            )
        ]
        names = [face.by for face in faces]
    assert names == ["guest operator", "browser", "panel", "guesthouse", "panel 2"]


def test_two_surfaces_of_one_pin_are_two_faces_with_the_same_rights(desk):
    with desk.guest() as one, desk.line(desk.token("guest"), "browser") as two:
        assert (one.by, two.by) == ("guest browser", "guest browser 2")
        assert one.ask(Go(expect="1")).ok
        assert two.ask(Go(expect="1")).why == "stale"
        assert two.ask(Go(expect="2")).ok
        assert two.ask(StandBy(cue="1")).why == "guest"


def test_a_guest_who_says_an_operators_id_first_takes_nothing_away(desk):
    with desk.guest() as guest, desk.line() as operator:
        assert answer(guest, {"type": "Back", "id": "one"})["why"] == "first"
        assert answer(operator, {"type": "Go", "id": "one"})["ok"]
    assert [type(intent) for intent in desk.asked] == [Back, Go]


def test_guests_and_watchers_leave_operators_their_sockets(desk):
    desk.pins.make("guest")
    with ExitStack() as open_:
        for n in range(SOCKETS - OPERATORS):
            token = desk.token("guest") if n % 2 else "watch-token"
            open_.enter_context(desk.line(token, by=str(n)))
        for token in (desk.token("guest"), "watch-token"):
            with raw(desk, token) as wire:
                assert code_when_closed(wire) == (1013, "full")
        for _ in range(OPERATORS):
            operator = open_.enter_context(desk.line())
        assert operator.ask(Go()).ok


def until(so, seconds=5.0):
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


# ---- until when


def test_at_its_time_a_guests_face_is_closed_and_the_others_stay(desk):
    with desk.line() as operator, desk.guest(until=time.time() + 1.0) as guest:
        assert guest.ask(Go(expect="1")).ok
        why, took = gone(guest)
        assert (why, took < 1.0 + HONOURED) == ("pin", True)
        assert operator.ask(Go(expect="2")).ok
        with pytest.raises(NoAnswerError) as refused:
            desk.line(desk.token("guest"))
    assert refused.value.why == "pin"


def test_what_is_asked_after_its_time_is_refused_before_the_face_is_closed(desk, monkeypatch):
    now = moment.now
    with desk.guest(until=time.time() + 60) as guest:
        desk.port._server._see_off = lambda: None  # as if its time came between two looks
        doors = desk.port._server._doors
        doors._clock = lambda: replace(now(), ran=now().ran + 61, wall=now().wall)
        assert guest.ask(Go(expect="1")).why == "pin"
    assert desk.asked == []


@pytest.mark.parametrize("change", ["drop", "make", "unlink", "torn"])
def test_a_running_desk_goes_by_a_pin_that_is_changed_within_two_seconds(desk, change):
    with desk.guest() as guest, desk.line() as operator:
        match change:
            case "drop":
                desk.pins.drop("guest")
            case "make":
                desk.pins.make("guest")
            case "unlink":
                desk.pins.path.unlink()
            case "torn":
                desk.pins.path.write_text('{"guest": {"salt"')
        why, took = gone(guest)
        assert why == "pin"
        assert took < HONOURED
        assert operator.ask(Go(expect="1")).ok
    if change == "make":
        with desk.line(desk.token("guest")) as again:
            assert again.ask(Go(expect="2")).ok


def test_a_mistake_of_ours_about_pins_keeps_no_operator_out(desk, caplog):
    def fails():
        raise ZeroDivisionError

    with desk.guest() as guest:
        doors = desk.port._server._doors
        look, doors.look = doors.look, fails
        with desk.line() as operator:
            assert operator.ask(Go(expect="1")).ok
        until(lambda: "ZeroDivisionError" in caplog.text)
        assert guest.ask(Go(expect="2")).ok
        doors.look = look
        desk.pins.drop("guest")
        assert gone(guest)[0] == "pin"
    assert caplog.text.count("Traceback") == 1, "told once"


def test_a_pin_of_another_role_changes_nothing_for_the_guest(desk):
    with desk.guest() as guest:
        desk.pins.make("watch")
        desk.pins.make("operate")
        time.sleep(0.6)  # two looks
        assert guest.ask(Go(expect="1")).ok


def test_a_clock_put_back_keeps_no_guest_in(tmp_path, monkeypatch):
    """Also where a boot has no name: then this process's own clock counts."""
    monkeypatch.setitem(pins._COST, "n", 1 << 4)
    clock = [moment.Moment(1e9, 50.0, "")]
    house = Pins(Place(tmp_path / "hall"), lambda: clock[0])
    house.make("guest", until=1e9 + 60)
    doors = Doors(TOKENS, house, lambda: clock[0])
    may = doors.admit(str(house.grants()[0].token))
    clock[0] = moment.Moment(1e9 + 59 - 3600, 109.0, "")
    assert doors.holds(may)
    clock[0] = moment.Moment(1e9 + 60 - 3600, 110.0, "")
    assert not doors.holds(may)
    house.make("watch")
    doors.look()
    assert not doors.holds(may), "another look gives no time anew"


def test_a_file_that_cannot_be_read_just_now_turns_nobody_out(tmp_path, monkeypatch):
    monkeypatch.setitem(pins._COST, "n", 1 << 4)
    house = Pins(Place(tmp_path / "hall"))
    house.make("guest")
    doors = Doors(TOKENS, house)
    may = doors.admit(str(house.grants()[0].token))
    os.utime(house.path, (1, 1))

    def busy():
        raise PermissionError

    monkeypatch.setattr(house, "grants", busy)
    doors.look()
    assert doors.holds(may)


# ---- two browsers and a terminal


def test_three_faces_of_three_roles_agree_and_closing_any_of_them_changes_nothing(tmp_path):
    """A whole desk: from a GO's reply to the snapshot of the last face, by an eye on each wire."""
    lamps = Lamps()
    kept = Kept(Place(tmp_path / "state" / "hall"), small(tmp_path, lamps.port))
    address, house, took = "", Pins(kept.place), []
    try:
        with ExitStack() as open_:
            terminal = open_.enter_context(kept.line())
            address = kept.place.card().address
            guest = house.check(house.make("guest"))
            tokens = {
                "operate": kept.place.token("operate"),
                "guest": str(guest.token),
                "watch": kept.place.token("watch"),
            }
            eyes = {role: Eye(address, token) for role, token in tokens.items()}
            for cue in ("1", "2", "3"):
                assert terminal.ask(Go(expect=cue)).ok
                told = time.monotonic()
                took.append(max(eye.saw(cue) - told for eye in eyes.values()))
            assert {role: eye.role for role, eye in eyes.items()} == {r: r for r in tokens}
            for role in tokens:
                eyes.pop(role).open.close()
                if role != "operate":
                    until(lambda: terminal.ask(StandBy(cue="4")).ok)
                assert all(eye.newest == "3" for eye in eyes.values())
            snapshot = terminal.snapshot()
            assert (snapshot.phase, snapshot.onstage, snapshot.standby) == ("live", "3", "4")
    finally:
        kept.told()
        lamps.close()
    assert sorted(took)[1] < AGREE, took


class Eye:
    """What one face sees, and when: a thread that reads its wire."""

    def __init__(self, address, token):
        self.open = ExitStack()
        opening = connect(address, proxy=None, compression=None, max_size=None)
        self.wire = self.open.enter_context(opening)
        self.wire.send(json.dumps({"token": token}))
        self.seen = {}
        self.newest = None
        self.role = json.loads(self.wire.recv(5))["hello"]["role"]
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self):
        with suppress(ConnectionClosed):
            while True:
                letter = json.loads(self.wire.recv())
                if "snapshot" in letter:
                    self.newest = snapshot_from_plain(letter["snapshot"]).onstage
                    self.seen.setdefault(self.newest, time.monotonic())

    def saw(self, cue):
        until(lambda: cue in self.seen)
        return self.seen[cue]
