"""The desk's loop: journal before send, nobody waits for anybody, and what is late is not done."""

import gc
import json
import socket
import threading
import time
from typing import Any

import pytest

from stagectl.core.diff import Command
from stagectl.core.model import Cue, Do, Part
from stagectl.desk import worker as workers
from stagectl.desk.journal import Journal, Opened, read
from stagectl.desk.loop import BLINK, LATE, Desk
from stagectl.desk.remote import Remote
from stagectl.engine.engine import Engine
from stagectl.engine.event import Fired, Refused
from stagectl.engine.intent import Assert, End, Go, Put, StandBy
from stagectl.engine.report import Facts, Linked, Moved
from stagectl.engine.snapshot import Snapshot
from tests.desk.fakes import BASE, CUES, Clock, FakeDriver, book, spin, until
from tests.engine.evening import grouped

WALL = 1e9  # the wall clock when a test's clock begins


class House:
    """A desk with a datagram `lamp` and a blocking `film`, stepped by the test."""

    def __init__(self, path, *, clock=None, engine=None, remote=None, guard=0.0, **more):
        self.path = path
        self.book = book()
        self.journal = Journal(path)
        self.clock: Any = clock or time.monotonic
        self.engine = engine or Engine(self.book, guard=guard)
        self.lamps, self.films = [], []
        self.pictures: list[Snapshot] = []
        self.desk = Desk(
            self.book,
            {"lamp": self._lamp, "film": self._film},
            self.journal,
            engine=self.engine,
            remote=remote,
            clock=self.clock,
            wall=lambda: WALL + self.clock() - 100.0,
            publish=self.pictures.append,
            **more,
        )
        self.desk.start()

    def _lamp(self):
        self.lamps.append(FakeDriver("lamp"))
        return self.lamps[-1]

    def _film(self):
        self.films.append(FakeDriver("film", datagram=False))
        return self.films[-1]

    @property
    def lamp(self):
        return self.lamps[-1]

    @property
    def film(self):
        return self.films[-1]

    def up(self):
        """Step until both devices are linked."""
        self.step_until(lambda: self.engine.run.stage.linked_devices == {"lamp", "film"})
        return self

    def step_until(self, condition, seconds=10.0):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came"
            self.desk.step()

    def ask(self, intent):
        """Put an intent to the desk and step until it is answered; return the events."""
        answers: list[Any] = []
        self.desk.ask(intent, answers.append)
        self.step_until(lambda: answers)
        return answers[0]

    def let_pass(self, seconds):
        """Let the clock go on, and step."""
        self.clock.now += seconds
        self.desk._bell.ring()  # a clock that stands still would let it sleep for real
        self.desk.step()

    def written(self):
        return [json.loads(line) for line in self.path.read_bytes().splitlines()]

    def types(self):
        return [line["type"] for line in self.written()]

    def close(self):
        self.desk.let_go()
        self.journal.close()


@pytest.fixture
def house(tmp_path):
    made: list[House] = []

    def build(**more):
        made.append(House(tmp_path / f"run{len(made)}.jsonl", **more))
        return made[-1]

    yield build
    for one in made:
        one.close()


# ---- a GO


def test_who_gets_a_packet_goes_before_our_own_books(house, monkeypatch):
    """It may sit on this very core: a GO's answer came twice as late where it did."""
    desk = house().up()
    wait, seen = desk.desk._wait, []

    def noted(seconds, now):
        if seconds == BLINK:
            seen.append((len(desk.lamp.told), desk.desk._written))
        return wait(seconds, now)

    monkeypatch.setattr(desk.desk, "_wait", noted)
    desk.ask(Go())
    assert seen == [(len(desk.lamp.told), False)], "once a waking: all is said, no book is touched"
    assert desk.lamp.told


def test_a_go_reaches_the_device_and_the_asker(house):
    desk = house().up()
    events = desk.ask(Go(by="panel"))
    assert [type(event).__name__ for event in events] == ["Began", "Fired"]
    assert ("lamp.a", 1.0) in desk.lamp.values


def test_it_is_in_the_journal_before_any_device_hears_of_it(house):
    desk = house().up()
    seen = []
    desk.lamp.on_send = lambda _: seen.append(desk.types())
    desk.film.on_send = lambda _: seen.append(desk.types())
    desk.ask(Go(by="panel"))
    desk.ask(Go(by="panel"))
    until(lambda: desk.film.dos)
    assert len(seen) >= 3
    assert all("Fired" in types for types in seen)
    assert seen[-1].count("Fired") == 2
    assert "Did" in seen[-1]


def test_the_asker_is_answered_only_after_the_packets(house):
    desk = house().up()
    order = []
    desk.lamp.on_send = lambda _: order.append("packet")
    desk.desk.ask(Go(by="panel"), lambda _: order.append("answer"))
    desk.step_until(lambda: "answer" in order)
    assert order == ["packet", "answer"]


def test_what_the_next_go_will_say_is_made_ready_while_nothing_happens(house):
    desk = house().up()
    desk.ask(Go())
    desk.step_until(lambda: Command("lamp.a", 2.0, "cue 2") in desk.lamp.prepared)
    desk.ask(StandBy("4"))
    desk.step_until(lambda: "lamp.b" in [o.parameter for o in desk.lamp.prepared])


def test_a_fade_runs_by_itself_to_its_exact_end(house):
    clock = Clock()
    desk = house(clock=clock).up()
    desk.ask(Go())
    desk.ask(Go(cue="3"))
    desk.lamp.told.clear()
    while (due := desk.engine.due(clock.now)) is not None:
        desk.let_pass(due - clock.now)
    values = [value for _, value in desk.lamp.values]
    assert values == sorted(values)
    assert len(values) == 100
    assert values[-1] == 50.0


def test_the_parts_of_a_group_come_by_themselves_each_at_its_time(house):
    film = Do("film", "play", "x")
    group = grouped(
        "2",
        Part("fade", {"lamp.a": 50.0}, fade=1.0),
        Part("switch", {"lamp.b": 20.0}, wait=0.5),
        Part("film", dos=(film,), wait=0.8),
        follow="end",
    )
    clock = Clock()
    engine = Engine(book([Cue("1"), group, Cue("3")]), guard=0.0)
    desk = house(clock=clock, engine=engine).up()
    desk.ask(Go())
    desk.lamp.told.clear()
    desk.ask(Go())
    went = clock.now
    while (due := desk.engine.due(clock.now)) is not None:
        told = len(desk.lamp.told)
        desk.let_pass(due - clock.now)
        for order in desk.lamp.told[told:]:
            seconds = clock.now - went
            wanted = min(50.0, 50.0 * seconds) if order.parameter == "lamp.a" else 20.0
            assert order.value == pytest.approx(wanted)
            assert order.parameter == "lamp.a" or seconds == pytest.approx(0.5)
    assert [p for p, _ in desk.lamp.values].count("lamp.b") == 1

    def done():
        return [do.argument for do in desk.film.told if isinstance(do, Do)]

    desk.step_until(done)
    assert done() == ["x"]
    assert desk.types().count("Fired") == 3  # 1, the group, and what follows it
    assert engine.run.fired_at == pytest.approx(went + 1.0)


def test_a_follow_goes_by_itself_at_its_time(house):
    clock = Clock()
    desk = house(clock=clock).up()
    desk.ask(Go(cue="4"))
    desk.let_pass(0.9)
    assert desk.engine.run.place.onstage_number == "4"
    desk.let_pass(0.1)
    assert desk.engine.run.place.onstage_number == "5"


def test_a_cue_with_a_time_of_day_goes_by_itself_at_that_time(house):
    clock = Clock()
    engine = Engine(book([Cue("1"), Cue("2", at=WALL + 5.0), Cue("3")]))
    desk = house(clock=clock, engine=engine).up()
    desk.ask(Go())
    for _ in range(48):
        desk.let_pass(0.1)
    assert engine.run.place.onstage_number == "1"
    for _ in range(3):
        desk.let_pass(0.1)
    assert engine.run.place.onstage_number == "2"
    assert "Overdue" not in desk.types()


def test_what_a_device_says_is_heard(house):
    desk = house().up()
    desk.ask(Go())
    desk.lamp.says(Moved("lamp.b", 33.0))
    desk.film.says(Facts("film", {"tape": 3}))
    desk.step_until(lambda: desk.engine.run.stage.belief.values.get("lamp.b") == 33.0)
    desk.step_until(lambda: desk.engine.run.facts.get("film") == {"tape": 3})


# ---- the picture


def test_the_picture_is_drawn_after_the_packets_and_at_most_twenty_times_a_second(house):
    clock = Clock()
    desk = house(clock=clock).up()
    order = []
    desk.lamp.on_send = lambda _: order.append("packet")
    desk.desk._publish = lambda picture: order.append(picture.onstage)
    for n in range(100):
        desk.ask(Go(cue="1" if n % 2 else "5"))
        clock.now += 0.01
    assert order[0] == "packet"
    assert 15 <= sum(one != "packet" for one in order) <= 22


def test_while_nothing_happens_the_picture_is_drawn_once_a_second(house):
    clock = Clock()
    desk = house(clock=clock).up()
    for _ in range(40):
        desk.let_pass(0.25)
    assert 10 <= len(desk.pictures) <= 13


def test_a_desk_with_nothing_to_do_hardly_wakes(house):
    desk = house().up()
    desk.step_until(lambda: desk.desk._ready_at > time.monotonic())
    began, spent, steps = time.monotonic(), time.process_time(), 0
    while time.monotonic() - began < 2.0:
        desk.desk.step()
        steps += 1
    assert steps <= 2.0 * 8
    assert time.process_time() - spent < 0.03 * 2.0


# ---- the end


def test_the_show_ends_with_its_last_picture(house):
    desk = house().up()
    thread = threading.Thread(target=desk.desk.run)
    ended: list[Any] = []
    desk.desk.start = lambda: None
    thread.start()
    desk.desk.ask(End(by="panel"), ended.append)
    thread.join(10)
    assert not thread.is_alive()
    assert [type(event).__name__ for event in ended[0]] == ["Ended"]
    assert desk.pictures[-1].phase == "ended"
    assert desk.types()[-1] == "Ended"


def test_a_desk_that_is_closed_says_nothing_more(house):
    desk = house().up()
    desk.ask(Go())
    told = len(desk.lamp.told)
    thread = threading.Thread(target=desk.desk.run)
    desk.desk.start = lambda: None
    thread.start()
    desk.desk.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(desk.lamp.told) == told
    assert "Ended" not in desk.types()


# ---- waking late (faults 2, 27)


@pytest.fixture
def pedal():
    remote = Remote("127.0.0.1", 0, [cue.number for cue in CUES])
    foot = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    foot.connect(("127.0.0.1", remote.port))
    foot.settimeout(5)
    yield remote, foot
    remote.close()
    foot.close()


def test_nothing_that_was_asked_while_the_desk_slept_is_carried_out(house, pedal):
    remote, foot = pedal
    clock = Clock()
    desk = house(clock=clock, remote=remote).up()
    desk.ask(Go(by="panel"))
    answers: list[Any] = []
    foot.send(b"/go\0,\0\0\0")
    desk.desk.ask(Go(by="panel"), answers.append)
    clock.jumps += [0.0, 5.0]  # between going to sleep and waking
    desk.desk.step()
    [[refused]] = answers
    assert isinstance(refused, Refused)
    assert refused.why == "slept"
    desk.up()
    assert desk.engine.run.place.onstage_number == "1"
    assert desk.types().count("Fired") == 1
    [slept] = [line for line in desk.written() if line["type"] == "Slept"]
    assert slept["seconds"] == pytest.approx(5.0, abs=0.5)
    desk.step_until(lambda: any(a.code == "slept" for a in desk.pictures[-1].alarms))


def test_after_sleep_every_device_is_read_anew(house):
    clock = Clock()
    desk = house(clock=clock).up()
    clock.jumps += [0.0, 5.0]
    desk.desk.step()
    desk.up()
    desk.step_until(lambda: (desk.lamp.opened, desk.film.opened) == (2, 2))
    lost = [line["device"] for line in desk.written() if line["type"] == "DeviceLost"]
    assert lost == ["lamp", "film"]


def test_a_follow_that_was_slept_over_is_held_and_shown(house):
    clock = Clock()
    desk = house(clock=clock).up()
    desk.ask(Go(cue="4"))
    clock.jumps += [0.0, 5.0]
    desk.desk.step()
    desk.up()
    assert desk.engine.run.place.onstage_number == "4"
    assert desk.engine.snapshot(clock.now).overdue == ("5",)


def test_a_suspended_machine_whose_clock_stood_still_has_slept_too(house):
    clock, asleep = Clock(), [0.0]
    desk = house(clock=clock, asleep=lambda: asleep[0]).up()
    asleep[0] = 3600.0
    answers: list[Any] = []
    desk.desk.ask(Go(), answers.append)
    desk.step_until(lambda: answers)
    assert answers[0][0].why == "slept"
    desk.up()
    assert [type(event).__name__ for event in desk.ask(Go())] == ["Began", "Fired"]


def test_a_desk_that_is_a_little_late_does_its_work(house):
    clock = Clock()
    desk = house(clock=clock).up()
    desk.desk.ask(Go())
    clock.jumps += [0.0, LATE * 0.9]
    desk.desk.step()
    assert desk.engine.run.place.onstage_number == "1"


# ---- drivers that misbehave (fault 4)


def test_a_driver_that_raises_costs_only_its_own_device(house):
    desk = house().up()

    def burst(_):
        raise ZeroDivisionError

    desk.lamp.on_send = burst
    desk.ask(Go())
    desk.ask(Go())
    until(lambda: ("film.a", 2.0) in desk.film.values)
    assert len(desk.films) == 1
    desk.step_until(lambda: len(desk.lamps) == 2 and desk.lamp.values)
    assert dict(desk.lamp.values)["lamp.a"] == 2.0


def test_a_driver_that_reports_what_cannot_be_costs_nothing(house):
    desk = house().up()
    desk.lamp.says("nonsense", Linked("nobody"), Moved("no.such", 1.0), Moved("lamp.b", "word"))
    desk.step_until(lambda: not desk.lamp.reports)
    assert [type(event).__name__ for event in desk.ask(Go())] == ["Began", "Fired"]


def test_a_worker_that_hangs_delays_nobody_and_gets_a_successor(house, monkeypatch):
    monkeypatch.setattr(workers, "HUNG", 0.2)
    desk = house().up()
    hangs, go_on = threading.Event(), threading.Event()

    def hang(_):
        hangs.set()
        go_on.wait(20)

    desk.film.on_send = hang
    desk.ask(Go())
    desk.ask(Go(cue="2"))
    assert hangs.wait(5)
    began = time.monotonic()
    desk.ask(Go(cue="4"))
    assert time.monotonic() - began < 0.15
    desk.step_until(lambda: len(desk.films) == 2 and desk.film.values)
    assert dict(desk.film.values)["film.a"] == 2.0
    assert desk.film.dos == []  # whether it was played nobody knows
    assert "Missed" in desk.types()
    go_on.set()


def test_a_worker_that_spins_delays_nobody_and_is_stopped(house, monkeypatch):
    monkeypatch.setattr(workers, "HUNG", 0.2)
    desk = house().up()
    desk.film.on_send = lambda _: spin(threading.Event())
    desk.ask(Go(cue="2"))
    slowest = 0.0
    for _ in range(20):
        began = time.monotonic()
        desk.ask(Go(cue="1"))
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 0.15
    before = threading.active_count()
    desk.step_until(lambda: len(desk.films) == 2)
    until(lambda: threading.active_count() <= before)
    desk.up()


def test_a_datagram_driver_that_spins_is_pulled_out_of_the_loop(house):
    desk = house().up()
    thread = threading.Thread(target=desk.desk.run)
    desk.desk.start = lambda: None
    desk.lamp.on_receive = lambda: spin(threading.Event())
    desk.lamp.says()
    thread.start()
    until(lambda: len(desk.lamps) == 2, 10)
    answers: list[Any] = []
    desk.desk.ask(Go(), answers.append)
    until(lambda: answers)
    assert type(answers[0][-1]).__name__ in ("Fired", "Refused")
    desk.desk.close()
    thread.join(10)
    assert not thread.is_alive()


# ---- the journal in trouble (fault 15)


def test_when_the_journal_cannot_be_written_the_show_runs_and_the_alarm_stands(house, monkeypatch):
    clock = Clock()
    desk = house(clock=clock).up()
    monkeypatch.setattr(desk.journal, "_write", lambda _: None)
    desk.journal.trouble = "full"
    desk.ask(Go())
    assert ("lamp.a", 1.0) in desk.lamp.values
    for _ in range(8):
        desk.let_pass(0.5)
    [alarm] = [a for a in desk.pictures[-1].alarms if a.code == "journal"]
    assert (alarm.about, alarm.detail) == ("desk", "full")
    desk.journal.trouble = ""
    for _ in range(8):
        desk.let_pass(0.5)
    assert not [a for a in desk.pictures[-1].alarms if a.code == "journal"]


# ---- presses (faults 30, 31, 32)


def test_a_double_tap_and_two_panels_at_once_are_one_go(house):
    clock = Clock()
    desk = house(clock=clock, guard=0.5).up()
    answers: list[Any] = []
    for n in range(6):
        desk.desk.ask(Go(expect="1", by=f"panel {n % 2}"), answers.append)
    desk.step_until(lambda: len(answers) == 6)
    fired = [type(event).__name__ for events in answers for event in events].count("Fired")
    assert (fired, desk.types().count("Fired")) == (1, 1)


def test_thirty_presses_a_second_from_the_pedal_are_one_go(house, pedal):
    remote, foot = pedal
    clock = Clock()
    desk = house(clock=clock, guard=0.5, remote=remote).up()
    for _ in range(60):
        foot.send(b"/go\0,\0\0\0")
        desk.desk.step()
        clock.now += 1 / 30
    assert desk.types().count("Fired") == 1


def test_the_pedal_is_answered_after_the_packets(house, pedal):
    remote, foot = pedal
    desk = house(remote=remote).up()
    foot.send(b"/cue/3/start\0\0\0\0,\0\0\0")
    answered = threading.Event()

    def listen():
        foot.recv(4096)
        answered.set()

    threading.Thread(target=listen).start()
    desk.step_until(answered.is_set)
    assert desk.engine.run.place.onstage_number == "3"


def test_a_flood_at_the_remotes_port_harms_nothing(house, pedal):
    remote, foot = pedal
    desk = house(remote=remote).up()
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            foot.send(b"/noise\0\0,i\0\0\xff\xff\xff\xff")

    thread = threading.Thread(target=flood)
    thread.start()
    waits = []
    try:
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            began = time.monotonic()
            assert type(desk.ask(Go(cue="1"))[-1]).__name__ == "Fired"
            waits.append(time.monotonic() - began)
    finally:
        stop.set()
        thread.join()
    waits.sort()
    assert waits[len(waits) // 2] < 0.02
    assert desk.types().count("Refused") == 0


def test_a_thousand_intents_at_once_let_the_sockets_be_heard(house):
    desk = house().up()
    for n in range(1000):
        desk.desk.ask(Put("lamp.b", float(n % 100), by="panel"))
    desk.lamp.says(Moved("lamp.a", 77.0))
    desk.desk.step()
    assert len(desk.desk._inbox) > 900
    assert desk.engine.run.stage.belief.values["lamp.a"] == 77.0


def test_an_intent_the_engine_chokes_on_is_refused_and_the_show_goes_on(house, monkeypatch):
    desk = house().up()
    ask = desk.engine.ask

    def choke(intent, now):
        if isinstance(intent, Put):
            raise KeyError(intent)
        return ask(intent, now)

    monkeypatch.setattr(desk.engine, "ask", choke)
    [refused] = desk.ask(Put("lamp.a", 1.0, by="panel"))
    assert refused.why == "mistake"
    assert type(desk.ask(Go())[-1]).__name__ == "Fired"


# ---- kill -9 at every journal line, then resume (faults 1, 14, 33)


def evening(path):
    """Run a small evening to its end; return the lines of its journal."""
    clock = Clock()
    one = House(path, clock=clock)
    one.journal.begin(Opened("live", "a", "b", "c"))
    one.journal.start(clock.now, 1e9, "boot")
    one.up()
    for intent in (
        Go(by="panel"),
        Go(by="pedal"),
        Put("lamp.b", 70.0, by="panel"),
        Go(by="panel"),
        StandBy("5", by="panel"),
        Go(by="panel"),
        Assert(by="panel"),
        Go(by="panel"),
    ):
        one.ask(intent)
        one.let_pass(0.7)
    until(lambda: len(one.film.dos) == 2)
    one.close()
    return path.read_bytes().splitlines(keepends=True)


def look(engine):
    return {p: engine.run.stage.wanted_at(p, 1e9) for p in BASE}


def resumed(path):
    past = read(path, now=500.0, wall=1e9 + 400, boot="boot")
    return Engine.resume(book(), past.events, guard=0.0)


def fired(path):
    events = read(path, now=500.0, wall=1e9, boot="boot").events
    return sum(isinstance(event, Fired) for event in events)


def test_a_desk_killed_at_any_line_comes_back_to_the_same_look_and_repeats_nothing(tmp_path):
    lines = evening(tmp_path / "whole.jsonl")
    assert len(lines) > 12
    for n in range(len(lines) + 1):
        for torn in (b"", lines[n][: len(lines[n]) // 2] if n < len(lines) else b""):
            path = tmp_path / f"{n}-{len(torn)}.jsonl"
            path.write_bytes(b"".join(lines[:n]) + torn)
            engine = resumed(path)
            before = Engine(book())  # what an engine that never died makes of the same events
            for event in read(path, now=500.0, wall=1e9, boot="boot").events:
                before.run.apply(event)
            assert look(engine) == look(before)
            assert engine.run.place.onstage == before.run.place.onstage
            assert engine.run.place.standby == before.run.place.standby
            again = House(path, clock=Clock(500.0), engine=engine)
            again.journal.append(engine.take_up(500.0))
            again.up()
            for _ in range(40):
                again.let_pass(0.75)  # half a minute in which nobody touches anything
            assert again.lamp.told == []
            assert again.film.told == []
            again.close()
            assert fired(path) == sum(b'"Fired"' in line for line in lines[:n])


def test_a_resumed_desk_moves_on_the_next_word(tmp_path):
    lines = evening(tmp_path / "whole.jsonl")
    path = tmp_path / "again.jsonl"
    path.write_bytes(b"".join(lines))
    again = House(path, clock=Clock(500.0), engine=resumed(path))
    again.up()
    again.ask(Assert(by="panel"))
    assert dict(again.lamp.values) == {p: v for p, v in look(again.engine).items() if "lamp" in p}
    assert [o for o in again.film.told if isinstance(o, Do)] == []
    again.close()


# ---- garbage


def test_garbage_is_collected_only_while_nothing_moves(house, monkeypatch):
    clock = Clock()
    desk = house(clock=clock).up()
    sweeps = []
    monkeypatch.setattr(gc, "collect", lambda: sweeps.append(desk.engine.run.place.onstage_number))
    gc.disable()
    try:
        desk.ask(Go())
        desk.ask(Go(cue="3"))  # two seconds of fade
        for _ in range(90):
            desk.let_pass(0.02)
        assert sweeps == []
        for _ in range(400):
            desk.let_pass(0.25)
        assert 3 <= len(sweeps) <= 6
    finally:
        gc.enable()
