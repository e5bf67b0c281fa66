"""A live desk goes on with another version: journal first, drivers told, panels given the book."""

import json
from dataclasses import replace

import pytest

from stagectl.core.edits import Edits, edits
from stagectl.core.model import Cue, Device
from stagectl.core.wire import Wire
from stagectl.desk import journal
from stagectl.desk.journal import Journal, read
from stagectl.desk.link import Link
from stagectl.desk.loop import Desk
from stagectl.desk.renewal import News, Renewal, needs_a_start, touched
from stagectl.engine.engine import Engine
from stagectl.engine.event import Fired, Refused, Reloaded
from stagectl.engine.intent import Go, Reload, Trigger
from stagectl.engine.reload import Offer
from stagectl.engine.report import Lost
from stagectl.engine.run import Run
from stagectl.engine.snapshot import UnusedRow
from tests.desk.fakes import CUES, Clock, FakeDriver, book, until
from tests.desk.test_loop import House

FILES = {"cues/s.yaml": "show: s «ny»\n"}
OLD = replace(book(), digest="old")


class Rewired(FakeDriver):
    """A driver that can be told of other wires while its link is open."""

    def __init__(self, name, **more):
        super().__init__(name, **more)
        self.wires = []

    def rewire(self, wires):
        self.wires.append(wires)


def version(cues=CUES, digest="new", **changes):
    return replace(book(cues), digest=digest, **changes)


class Evening(House):
    """The loop's house, whose desk knows what it loaded."""

    driver = FakeDriver

    def __init__(self, folder):
        self.folder = folder
        self.renewed = []
        old = Renewal(OLD, {}, frozenset(), folder / "old.json")
        super().__init__(
            folder / "run.jsonl", engine=Engine(OLD, 0.0), loaded=old, renewed=self.renewed.append
        )
        self.desk._loaded = replace(old, makes=self.desk._make)
        self.up()

    def _lamp(self):
        self.lamps.append(self.driver("lamp"))
        return self.lamps[-1]

    def _film(self):
        self.films.append(self.driver("film", datagram=False))
        return self.films[-1]

    def offer(self, new, **more):
        """Put a version before the desk, as the lookout does."""
        copies = self.folder / "copies"
        copies.write_bytes(journal.copies(new.digest, FILES))
        offer = Offer(new.digest, Run(new, 0.0), edits(OLD, new))
        made = {"touched": touched(OLD, new), "copies": copies, "offer": offer, **more}
        numbers = frozenset(cue.number for cue in new.show.cues)
        renewal = Renewal(new, self.desk._make, numbers, self.folder / "new.json", **made)
        self.desk.offer(News(renewal))
        self.step_until(lambda: self.engine.snapshot(self.clock()).offer is not None)
        return renewal


@pytest.fixture
def house(tmp_path):
    made = Evening(tmp_path)
    yield made
    made.close()


@pytest.fixture
def rewiring(tmp_path):
    class Both(Evening):
        driver = Rewired

    made = Both(tmp_path)
    yield made
    made.close()


EDITED = (replace(CUES[0], sets={"lamp.a": 9.0}), Cue("1.5"), *CUES[1:])


def test_what_was_announced_is_said_after_it_is_written_and_the_copies_before_that(house):
    house.ask(Go())
    written = []
    house.lamp.on_send = lambda _: written.append(house.types())
    house.lamp.told.clear()
    new = house.offer(version(EDITED))
    assert house.lamp.told == []
    events = house.ask(Reload("new", by="panel"))
    assert isinstance(events[0], Reloaded)
    assert house.lamp.values == [("lamp.a", 9.0)]
    assert written[0][-2:] == ["Copied", "Reloaded"]
    assert house.written()[-2]["files"] == FILES
    assert house.renewed == [new]
    assert house.desk.book is new.book


def test_the_next_go_is_the_new_shows(house):
    house.ask(Go())
    house.offer(version((CUES[0], replace(CUES[1], sets={"lamp.a": 7.0}), *CUES[2:])))
    house.ask(Reload("new"))
    house.step_until(lambda: [order.value for order in house.lamp.prepared] == [7.0])
    house.ask(Go(expect="2"))
    assert house.lamp.values[-1] == ("lamp.a", 7.0)


def test_gos_before_and_after_the_reload_in_one_breath_all_count_and_each_once(house):
    house.offer(version(EDITED))
    answers = []
    for intent in (Go(expect="1"), Reload("new"), Go(expect="2"), Go(expect="2")):
        house.desk.ask(intent, answers.append)
    house.step_until(lambda: len(answers) == 4)
    went = [event for events in answers for event in events if isinstance(event, Fired)]
    assert [event.cue for event in went] == ["1", "2"]
    assert isinstance(answers[3][0], Refused)


def test_an_offer_that_is_withdrawn_cannot_be_taken(house):
    house.offer(version(EDITED))
    house.desk.offer(News(unused=UnusedRow("gone", "cues/s.yaml")))
    assert house.ask(Reload("new"))[0].why == "no_offer"
    snapshot = house.engine.snapshot(house.clock())
    assert snapshot.unused.path == "cues/s.yaml"
    assert [alarm.code for alarm in snapshot.alarms] == ["unused"]


def test_an_offer_that_comes_while_the_desk_sleeps_is_there_when_it_wakes(tmp_path):
    clock = Clock()
    house = House(tmp_path / "run.jsonl", clock=clock, engine=Engine(OLD, 0.0)).up()
    new = version(EDITED)
    offer = Offer("new", Run(new, 0.0), Edits())
    house.desk.offer(News(Renewal(new, house.desk._make, frozenset(), tmp_path, offer=offer)))
    clock.jumps += [5.0]
    house.step_until(lambda: "Slept" in house.types())
    house.step_until(lambda: house.engine.snapshot(clock()).offer is not None)
    house.close()


def test_taken_back_it_is_the_old_book_and_nothing_is_copied_twice(house):
    house.ask(Go())
    house.offer(version(EDITED))
    house.ask(Reload("new"))
    house.ask(Reload("old"))
    assert house.lamp.values[-1] == ("lamp.a", 1.0)
    assert house.types().count("Copied") == 1
    assert [line["digest"] for line in house.written() if line["type"] == "Reloaded"] == [
        "new", "old",
    ]  # fmt: skip
    assert house.renewed[-1].letter.name == "old.json"
    assert house.desk.book == OLD
    assert read(house.path, now=0.0, wall=0.0, boot="").digest == "old"


def test_copies_that_cannot_be_read_cost_the_copies_and_not_the_show(house):
    new = house.offer(version(EDITED))
    new.copies.unlink()
    assert isinstance(house.ask(Reload("new"))[0], Reloaded)
    assert house.types()[-1] == "Reloaded"


# ---------------------------------------------------------------- drivers

MORE = {**OLD.wires, "lamp.c": Wire("number", low=0, high=100), "film.c": OLD.wires["film.a"]}


def with_more(**changes):
    new = version(EDITED, wires=MORE, **changes)
    return replace(new, show=replace(new.show, base={**OLD.show.base, "lamp.c": 3.0}))


def test_a_driver_that_knows_enough_is_left_alone(house):
    house.offer(version(EDITED, wires={p: w for p, w in OLD.wires.items() if p != "lamp.b"}))
    house.ask(Reload("new"))
    assert (len(house.lamps), len(house.films), house.lamp.closed) == (1, 1, 0)


def test_a_driver_that_can_is_told_of_a_new_wire_and_keeps_its_link(rewiring):
    rewiring.ask(Go())
    rewiring.offer(with_more())
    events = rewiring.ask(Reload("new"))
    assert not [event for event in events if type(event).__name__ == "DeviceLost"]
    assert set(rewiring.lamp.wires[0]) == {"lamp.a", "lamp.b", "lamp.c"}
    assert ("lamp.c", 3.0) in rewiring.lamp.values
    until(lambda: rewiring.film.wires)
    assert set(rewiring.film.wires[0]) == {"film.a", "film.c"}
    assert rewiring.lamp.closed == rewiring.film.closed == 0


def test_one_that_cannot_is_made_anew_and_then_said_what_is_wanted(house):
    house.ask(Go())
    house.offer(with_more())
    house.ask(Reload("new"))
    house.step_until(lambda: house.engine.run.stage.linked_devices == {"lamp", "film"})
    house.step_until(lambda: ("lamp.c", 3.0) in house.lamp.values)
    assert (len(house.lamps), len(house.films)) == (2, 2)
    assert house.lamps[0].closed
    assert house.films[0].closed


def test_a_do_in_those_moments_is_offered_and_not_lost(house):
    house.ask(Go())
    house.offer(with_more())
    answers = []
    house.desk.ask(Reload("new"))
    house.desk.ask(Trigger("film", "play", "z"), answers.append)
    house.step_until(lambda: answers)
    assert [type(event).__name__ for event in answers[0]] == ["Missed"]
    assert house.engine.snapshot(house.clock()).missed


def test_a_driver_that_fails_at_new_wires_is_made_anew(monkeypatch):
    made = []

    def make():
        made.append(Rewired("lamp"))
        return made[-1]

    link = Link("lamp", make)
    link.step(0.0)
    monkeypatch.setattr(made[0], "rewire", lambda _: 1 / 0)
    assert link.renew(make, {}, 1.0) == (Lost("lamp", "reloaded"),)
    assert len(made) == 2
    assert link.due <= 1.0


# ---------------------------------------------------------------- what can be taken


def test_a_wire_that_leads_elsewhere_and_another_profile_are_told_apart():
    other = {**OLD.wires, "lamp.a": Wire("number", "/else", low=0, high=100)}
    assert touched(OLD, version(wires=other)) == {"lamp": False}
    profiles = {**OLD.profiles, "film": replace(OLD.profiles["film"], port=9)}
    assert touched(OLD, version(profiles=profiles)) == {"film": True}
    assert touched(OLD, version(EDITED)) == {}


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"at": "10.0.0.9"}, ("lamp",)),
        ({"profile": "other"}, ("lamp",)),
        ({"secret": "x"}, ("lamp",)),
        ({"run": ("obs",)}, ("lamp",)),
        ({"names": {"a": "b"}}, ()),
        ({"public": True}, ()),
    ],
)
def test_what_a_running_desk_cannot_take_of_a_device_is_named(change, about):
    devices = {**OLD.venue.devices, "lamp": Device("lamp", **{"profile": "fake", **change})}
    assert needs_a_start(OLD, version(venue=replace(OLD.venue, devices=devices))) == about


def test_a_profile_of_another_driver_needs_a_start():
    profiles = {**OLD.profiles, "film": replace(OLD.profiles["film"], driver="midi")}
    assert needs_a_start(OLD, version(profiles=profiles)) == ("film",)


def test_a_device_that_came_or_went_needs_a_start():
    fewer = {"lamp": OLD.venue.devices["lamp"]}
    new = version(venue=replace(OLD.venue, devices=fewer))
    assert needs_a_start(OLD, new) == ("film",)
    assert needs_a_start(new, OLD) == ("film",)


def test_a_journal_tells_the_version_that_ran_last_in_this_boots_time(tmp_path):
    told = Journal(tmp_path / "run.jsonl")
    told.start(100.0, 1000.0, "boot")
    told.append([Reloaded(at=105.0, digest="x", fired_at=104.0, follow_at=110.0)])
    told.close()
    past = read(told.path, now=5.0, wall=1010.0, boot="another")
    assert past.digest == "x"
    assert isinstance(past.events[0], Reloaded)
    assert (past.events[0].at, past.events[0].fired_at, past.events[0].follow_at) == (0, -1, 5)
    assert json.loads(told.path.read_text().splitlines()[1])["type"] == "Reloaded"
    assert Edits().undone == Edits()


def test_a_desk_that_knows_no_version_can_still_be_told_of_trouble(tmp_path):
    house = House(tmp_path / "run.jsonl").up()
    assert isinstance(house.desk, Desk)
    house.desk.offer(News(unused=UnusedRow("gone", "x")))
    house.step_until(lambda: house.engine.snapshot(0.0).unused is not None)
    house.close()
