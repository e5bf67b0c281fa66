"""Levels go from a device to whoever looks, past the show: asked for then, the newest, soon old."""

import asyncio
import json
import threading
import time
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.client import connect

from stagectl.desk import gauge
from stagectl.desk.gauge import PACE, STALE, Gauge
from stagectl.desk.journal import Journal
from stagectl.desk.link import Link
from stagectl.desk.loop import Desk
from stagectl.desk.port import Port
from stagectl.desk.worker import Worker
from stagectl.engine.engine import Engine
from stagectl.engine.report import Levels, Linked
from tests.desk import fakes
from tests.desk.fakes import FakeDriver, until

TOKEN, WATCH = "operate-token", "watch-token"


class Board:
    """A port alone, and what the devices were told."""

    def __init__(self):
        self.watched = []
        tokens = {TOKEN: "operate", WATCH: "watch"}
        self.port = Port(lambda *_: None, b"{}", tokens, watch=self.watched.append)
        self.address = self.port.start()

    def say(self, device="mixer", **levels):
        said = {f"{device}.{stem}": level for stem, level in levels.items()}
        self.port.gauge(Levels(device, said))


@pytest.fixture
def board():
    board = Board()
    yield board
    board.port.close()


@contextmanager
def face(board, token=TOKEN, looks=None):
    with connect(board.address, proxy=None, compression=None, max_size=None) as wire:
        wire.send(json.dumps({"token": token, "book": False}))
        assert "hello" in json.loads(wire.recv(5))
        if looks is not None:
            wire.send(json.dumps({"levels": looks}))
        yield wire


def heard(wire, timeout=5.0):
    """Return the next levels that are said; None: nothing in all that time."""
    end = time.monotonic() + timeout
    while (left := end - time.monotonic()) > 0:
        try:
            letter = json.loads(wire.recv(left))
        except TimeoutError:
            return None
        if "levels" in letter:
            return letter["levels"]
    return None


# ---- on the wire


@pytest.mark.parametrize("token", [TOKEN, WATCH])
def test_a_face_of_any_role_that_asks_gets_levels_and_no_other_does(board, token):
    with face(board, token, looks=True) as looks, face(board) as other:
        until(lambda: board.watched == [True])
        board.say(guest=-23.456, host=-120.0)
        assert heard(looks) == {"mixer.guest": -23.5, "mixer.host": -120.0}
        assert heard(other, 0.2) is None
        looks.send(json.dumps({"levels": False}))
        until(lambda: board.watched == [True, False])
        board.say(guest=-1.0)
        assert heard(looks, 0.2) is None


def test_the_devices_are_asked_while_somebody_looks_whoever_it_is(board):
    with face(board, looks=True):
        until(lambda: board.watched == [True])
        with face(board, WATCH, looks=True):
            pass
        with face(board, looks=True) as third:
            third.send(json.dumps({"levels": True}))
            third.send(json.dumps({"levels": "yes"}))
        time.sleep(0.1)
        assert board.watched == [True]
    until(lambda: board.watched == [True, False])


def test_a_face_that_asks_and_dies_asks_no_longer(board):
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        wire.socket.close()  # no goodbye
        until(lambda: board.watched == [True, False])


def test_all_who_look_get_the_very_same_letter_and_it_is_made_once(board, monkeypatch):
    made = []

    def dump(plain):
        made.append(plain)
        return json.dumps(plain)

    monkeypatch.setattr("stagectl.desk.server.dump", dump)
    with face(board, looks=True) as one, face(board, looks=True) as other:
        until(lambda: board.watched == [True])
        time.sleep(0.1)
        board.say(guest=-20.0)
        assert heard(one) == heard(other) == {"mixer.guest": -20.0}
    assert sum("levels" in plain and bool(plain["levels"]) for plain in made) == 1


def test_however_often_devices_speak_a_face_hears_ten_a_second_and_the_newest(board):
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        came, ended = [], time.monotonic() + 10 * PACE

        def flood():
            n = 0
            while time.monotonic() < ended:
                n += 1
                board.say(guest=-float(n % 100), n=n / 10)
                time.sleep(0.001)
            board.say(guest=-1.0, last=0.0)

        speaker = threading.Thread(target=flood)
        speaker.start()
        while (levels := heard(wire, 3 * PACE)) is not None:
            came.append(levels)
            if "mixer.last" in levels:
                break
        speaker.join()
        assert 3 <= len(came) <= 13
        assert came[-1]["mixer.last"] == 0.0
        numbers = [levels["mixer.n"] for levels in came if "mixer.n" in levels]
        assert numbers == sorted(numbers)


def test_a_device_that_says_nothing_any_more_has_no_level_though_another_has(board):
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        board.say(guest=-20.0)
        assert heard(wire) == {"mixer.guest": -20.0}

        def alone():
            board.say("obs", Film=-9.0)
            return heard(wire) == {"obs.Film": -9.0}

        until(alone)


def test_when_nobody_says_anything_any_more_that_is_said_too_and_once(board):
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        board.say(guest=-20.0)
        assert heard(wire) == {"mixer.guest": -20.0}
        assert heard(wire, STALE + 1.0) == {}
        assert heard(wire, STALE + 0.3) is None


def test_who_looks_later_begins_with_nothing(board):
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        board.say(guest=-20.0)
        assert heard(wire)
    until(lambda: board.watched == [True, False])
    with face(board, looks=True) as wire:
        until(lambda: board.watched[2:] == [True])
        board.say("obs", Film=-9.0)
        assert heard(wire) == {"obs.Film": -9.0}


def test_a_snapshot_is_not_sent_again_with_each_level(board):
    snapshot = Engine(fakes.book()).snapshot(0.0)
    board.port.publish(snapshot)
    letters = []
    with face(board, looks=True) as wire:
        until(lambda: board.watched == [True])
        for n in range(5):
            board.say(guest=-float(n))
            time.sleep(PACE * 1.2)
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            try:
                letters.append(json.loads(wire.recv(0.1)))
            except TimeoutError:
                break
    assert sum("snapshot" in letter for letter in letters) == 1
    assert sum("levels" in letter for letter in letters) >= 3


async def test_a_level_that_nobody_waits_for_wakes_nobody():
    woken = []
    board = Gauge(lambda _: None)
    telling = asyncio.create_task(board.keep_telling(lambda _: None))
    await asyncio.sleep(0.02)
    loop = asyncio.get_running_loop()
    board._loop = type("Loop", (), {"call_soon_threadsafe": lambda _, call: woken.append(call)})()
    for n in range(50):
        board.take(Levels("mixer", {"mixer.guest": -float(n)}))
    assert len(woken) == 1
    board._loop = loop
    telling.cancel()


def test_a_level_is_old_before_a_panel_says_it_lost_its_desk():
    assert gauge.STALE <= 0.5


# ---- in the desk


class Metered(FakeDriver):
    """A driver that can tell levels."""

    def __init__(self, name, *, datagram=True):
        super().__init__(name, datagram=datagram)
        self.watches: Any = []

    def watch(self, *, levels):
        self.watches.append(levels)


def test_a_driver_that_has_no_levels_is_not_asked_and_one_that_breaks_loses_nothing():
    link = Link("lamp", lambda: FakeDriver("lamp"))
    link.watch(levels=True)  # it has no `watch`: nothing happens
    broken = Metered("lamp")
    broken.watches = None  # so that it raises when it is told
    link = Link("lamp", lambda: broken)
    link.step(0.0)
    link.watch(levels=True)
    assert link.is_open


def test_a_driver_that_is_made_anew_knows_that_levels_are_wanted():
    made = []

    def make():
        made.append(Metered("lamp"))
        return made[-1]

    link = Link("lamp", make)
    link.step(0.0)
    link.watch(levels=True)

    def breaks():
        raise ValueError

    made[0].on_tick = breaks
    made[0].due = 0.0
    link.step(1.0)
    assert [driver.watches for driver in made] == [[True], [True]]
    link.renew(make, None, 2.0)
    assert made[-1].watches == [True]


def test_a_worker_tells_its_driver_and_passes_levels_on():
    told, driver = [], Metered("film", datagram=False)
    worker = Worker(Link("film", lambda: driver), told.append)
    worker.start()
    try:
        until(lambda: Linked("film") in told)
        worker.watch(levels=True)
        until(lambda: driver.watches == [True])
        driver.says(Levels("film", {"film.a": -3.0}))
        until(lambda: Levels("film", {"film.a": -3.0}) in told)
    finally:
        worker.close(2.0)


def step_until(desk, condition):
    def stepped():
        desk.step()
        return condition()

    until(stepped)


def test_levels_go_to_the_port_and_neither_to_the_engine_nor_into_the_journal(tmp_path):
    drivers = {
        "lamp": Metered("lamp"),
        "film": Metered("film", datagram=False),
    }
    shown, book = [], fakes.book()
    journal, engine = Journal(tmp_path / "run.jsonl"), Engine(book)
    makes = {name: lambda name=name: drivers[name] for name in drivers}
    desk = Desk(book, makes, journal, engine=engine, gauge=shown.append)

    desk.start()
    try:
        step_until(desk, lambda: engine.run.stage.linked_devices == {"lamp", "film"})
        written = journal.path.read_bytes()
        desk.watch(True)
        step_until(desk, lambda: all(driver.watches == [True] for driver in drivers.values()))
        for name, driver in drivers.items():
            driver.says(Levels(name, {f"{name}.a": -3.0}))
        step_until(desk, lambda: len(shown) == 2)
        assert {levels.device for levels in shown} == {"lamp", "film"}
        assert journal.path.read_bytes() == written
        desk.watch(False)
        step_until(
            desk, lambda: all(driver.watches == [True, False] for driver in drivers.values())
        )
    finally:
        desk.let_go()
        journal.close()


def test_what_was_made_ready_for_a_go_is_still_ready_after_a_level(tmp_path):
    lamp, book = Metered("lamp"), fakes.book()
    journal, engine = Journal(tmp_path / "run.jsonl"), Engine(book, guard=0.0)
    makes = {"lamp": lambda: lamp, "film": lambda: FakeDriver("film", datagram=False)}
    shown = []
    desk = Desk(book, makes, journal, engine=engine, gauge=shown.append)
    desk.start()
    try:
        step_until(desk, lambda: engine.run.stage.linked_devices == {"lamp", "film"})
        step_until(desk, lambda: lamp.prepared and not engine.stale)
        ready = desk._prepared
        lamp.says(Levels("lamp", {"lamp.a": -3.0}))
        step_until(desk, lambda: shown)
        desk.step()
        assert desk._prepared is ready
        assert not engine.stale
    finally:
        desk.let_go()
        journal.close()
