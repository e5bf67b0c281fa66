"""A controller's keys ask as any face does, and its lamps say no word too many."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagectl.core.book import Book
from stagectl.desk.controls import BACK, BOUNCE, ECHO, HELD, JITTER, REST, STUCK, Controls
from stagectl.engine import event as e
from stagectl.engine.engine import Engine
from stagectl.engine.intent import Go, Intent, Put
from stagectl.engine.report import Commanded, Linked, Lost, Moved, Touched
from stagectl.files.load import load_show

VENUE = """\
venue: Prøvesalen
devices:
  mixer: {profile: behringer-x32, at: 127.0.0.1, names: {host: ch.1, guest: ch.2}}
  obs: {profile: obs-studio, at: "127.0.0.1:4455"}
  keys: {profile: nanokontrol2, at: "midi:nanoKONTROL2"}
  motors: {profile: generic-midi, at: "midi:Motors", names: {pedal: note.1.60}}
  mini: {profile: x-touch-mini, at: "midi:X-TOUCH"}
  console: {profile: midi-show-control, at: "midi:Console"}
base:
  obs.program: Pause
  mixer: {host.level: -5 dB, guest.level: -5 dB}
scenes:
  holding: {set: {obs.program: Pause, mixer.host: off}}
  cover: {set: {obs.master.on: off}}
safe: holding
cover: cover
controls:
  keys:
    play: go
    stop: safe
    record: cover
    cycle: release
    rewind: back
    track next: next
    track previous: previous
    forward: cue 3
    fader.1: mixer.host.level
    mute.1: mixer.host
    record.1: {do: [obs.record: start]}
    solo.1: {set: {obs.program: Kamera}}
  motors:
    bend.1: mixer.host.level
    pedal: go
  mini:
    knob.1: mixer.guest.level
    upper.1: mixer.guest
  console: {msc: 5}
"""
SHOW = """\
show: Prøve
date: 2026-11-28
venue: hall
cues:
  - {cue: 1, set: {mixer.host: on}}
  - {cue: 2, set: {mixer.host.level: -20 dB}}
  - {cue: 3, set: {mixer.guest: on}}
"""


def book_of(folder: Path, venue: str = VENUE, show: str = SHOW) -> Book:
    for name, text in (("scenes/hall.yaml", venue), ("cues/show.yaml", show)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return load_show(folder / "cues" / "show.yaml", cached=False)


class Room:
    """An engine, its controllers, and a clock that only the test moves."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.engine = Engine(book)
        self.controls = Controls(book)
        self.now = 100.0
        self.events: list[e.Event] = []
        for device in book.venue.devices:
            self.hear(Linked(device))
        reading = {"mixer.host.level": -5.0, "mixer.host.on": False, "mixer.guest.level": -5.0}
        self.hear(Linked("mixer", reading))
        self.settle()

    def hear(self, report) -> None:
        self.events += self.engine.hear(report, self.now)
        self.say()

    def say(self) -> None:
        """Let the stage believe what it says, as the loop does."""
        while self.engine.commands(self.now):
            pass

    def touch(self, control: str, raw: int, device: str = "keys") -> list[e.Event]:
        """What comes of one message of a controller."""
        return self.asked(Touched(device, control, raw))

    def asked(self, report) -> list[e.Event]:
        stage = self.engine.run.stage
        came: list[e.Event] = []
        standing = partial(stage.standing, now=self.now)
        moving = stage.motion.fades.__contains__
        for intent in self.controls.asked(report, standing, self.now, moving):
            came += self.engine.ask(intent, self.now)
            self.say()
        self.events += came
        return came

    def ask(self, intent: Intent) -> None:
        """Ask as a panel does."""
        self.events += self.engine.ask(intent, self.now)
        self.say()

    def fire(self, cue: str) -> None:
        """Fire a cue, a second after anything before."""
        self.now += 1.0
        self.ask(Go(cue=cue, by="panel"))

    def press(self, control: str, device: str = "keys") -> list[e.Event]:
        """Press a key and let go of it, a second after anything before."""
        self.now += 1.0
        return [*self.touch(control, 127, device), *self.touch(control, 0, device)]

    def lamps(self) -> dict[str, float]:
        """What the lamps are told now."""
        said = self.controls.lamps(self.engine.snapshot(self.now), self.now)
        return {command.parameter: float(command.value) for command in said}

    def lit(self) -> dict[str, float]:
        """What the lamps of `keys` are told now."""
        return {name: raw for name, raw in self.lamps().items() if name.startswith("keys.")}

    def settle(self) -> None:
        """Let every lamp be told what it is not told already."""
        self.now += 10.0
        self.lamps()

    def level(self, parameter: str) -> float:
        return float(self.engine.run.stage.belief.values[parameter])

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(book_of(tmp_path))


# ---------------------------------------------------------------- keys


def test_each_word_of_a_key_is_what_the_panels_button_says(room: Room):
    assert isinstance(room.press("play")[-1], e.Fired)
    assert room.press("track next")[-1].cue == "3"
    assert room.press("track previous")[-1].cue == "2"
    assert isinstance(room.press("rewind")[-1], e.WentBack)
    assert room.press("forward")[-1].cue == "3"
    assert isinstance(room.press("record")[-1], e.Covered)
    assert isinstance(room.press("cycle")[-1], e.Released)
    assert isinstance(room.press("stop")[-1], e.Stopped)
    assert {event.by for event in room.events if event.by.startswith("keys")} == {
        "keys play", "keys track next", "keys track previous", "keys rewind", "keys forward",
        "keys record", "keys cycle", "keys stop",
    }  # fmt: skip


def test_a_key_that_says_it_is_down_twice_is_one_go(room: Room):
    room.now += 1
    for raw in (127, 127, 1, 127):
        room.touch("play", raw)
    room.touch("play", 0)
    room.touch("play", 0)
    assert [event.cue for event in room.of(e.Fired)] == ["1"]
    assert not room.of(e.Refused), "what is no press is not refused either"


def test_a_velocity_of_nought_is_no_press(room: Room):
    room.now += 1
    assert room.touch("play", 0) == []


def test_a_springing_contact_is_one_press(room: Room):
    room.now += 1
    room.touch("mute.1", 127)
    room.touch("mute.1", 0)
    room.now += BOUNCE / 2
    room.touch("mute.1", 127)
    room.now += BOUNCE / 2
    room.touch("mute.1", 0)
    assert [event.value for event in room.of(e.Held)] == [True]


@pytest.mark.parametrize("held", [0.2, 0.6, 3.0])
def test_a_contact_that_springs_when_it_is_let_go_is_one_press(room: Room, held: float):
    room.now += 1
    room.touch("play", 127)
    room.now += held
    for _ in range(3):
        room.touch("play", 0)
        room.now += BOUNCE / 4
        room.touch("play", 127)
        room.now += BOUNCE / 4
    room.touch("play", 0)
    assert [event.cue for event in room.of(e.Fired)] == ["1"]
    assert not room.of(e.Refused)
    room.now += 1
    room.touch("play", 127)
    assert [event.cue for event in room.of(e.Fired)] == ["1", "2"]


@pytest.mark.parametrize(
    ("words", "beat"), [((127,), 1 / 30), ((127,), HELD * 0.9), ((127, 0), BOUNCE * 0.7)]
)
def test_a_key_that_is_held_and_says_so_again_and_again_is_one_press(
    room: Room, words: tuple[int, ...], beat: float
):
    room.now += 1
    for _ in range(200):
        for raw in words:
            room.touch("play", raw)
        room.now += beat
    assert [event.cue for event in room.of(e.Fired)] == ["1"]
    assert not room.of(e.Refused)


def test_two_presses_within_the_guard_are_one_go_and_lock_no_other_surface(room: Room):
    room.press("play")
    room.now += 0.3
    refused = room.touch("play", 127)
    assert [event.why for event in refused] == ["guard"]
    room.now += 0.3  # the key was refused 0.3 s ago, the GO was 0.6 s ago
    assert [event.why for event in room.touch("pedal", 127, "motors")] == []
    assert isinstance(room.touch("note.1.60", 127, "motors")[-1], e.Fired)
    room.touch("play", 0)


def test_a_key_that_never_says_it_is_up_is_pressed_anew(room: Room):
    room.now += 1
    room.touch("track next", 127)
    room.now += STUCK + 0.01
    room.touch("track next", 127)
    assert len(room.of(e.StoodBy)) == 2


def test_a_key_switches_a_switch_and_back(room: Room):
    room.press("mute.1")
    assert room.level("mixer.host.on") == 1
    room.press("mute.1")
    assert room.level("mixer.host.on") == 0
    assert {event.by for event in room.of(e.Held)} == {"keys mute.1"}


def test_a_key_does_and_puts_what_is_written(room: Room):
    assert [(d.verb, d.argument) for d in room.press("record.1")] == [("record", "start")]
    held = room.press("solo.1")[-1]
    assert (held.parameter, held.value) == ("obs.program", "Kamera")


def test_a_control_nobody_bound_does_nothing(room: Room):
    assert room.press("solo.8") == []
    assert room.press("no such thing") == []
    assert room.press("play", "mini") == []


# ---------------------------------------------------------------- faders


def test_a_fader_moves_nothing_before_it_has_passed_the_value(room: Room):
    """−5 dB is at 0.625 of an X32's fader: 79 of 127."""
    for raw in (0, 10, 40, 70):
        room.touch("fader.1", raw)
    assert not room.of(e.Held)
    assert room.level("mixer.host.level") == -5.0
    room.touch("fader.1", 90)
    assert room.level("mixer.host.level") == pytest.approx(-1.654, abs=0.01)
    room.touch("fader.1", 20)
    assert room.level("mixer.host.level") == pytest.approx(-45.0, abs=1.0)


def test_a_fader_put_exactly_there_has_it(room: Room):
    room.touch("fader.1", 79)
    room.touch("fader.1", 60)
    assert room.level("mixer.host.level") < -10


def test_a_fader_that_was_taken_away_has_nothing_when_the_value_comes_back(room: Room):
    room.touch("fader.1", 79)
    room.touch("fader.1", 90)
    there = room.level("mixer.host.level")
    room.ask(Put("mixer.host.level", 5.0, by="panel"))
    for raw in range(88, 10, -2):
        room.touch("fader.1", raw)
    assert room.level("mixer.host.level") == 5.0, "it has not passed the value"
    room.ask(Put("mixer.host.level", there, by="panel"))
    room.touch("fader.1", 13)
    assert room.level("mixer.host.level") == there, "and not where it once was either"


FADING = SHOW + "  - {cue: 4, fade: 2 s, set: {mixer.host.level: -60 dB}}\n"


@pytest.mark.parametrize("stands", [79, 78, 50, 20, 3])
def test_a_fader_that_trembles_does_not_stop_the_fade_that_passes_it(tmp_path: Path, stands: int):
    room = Room(book_of(tmp_path, show=FADING))
    room.press("play")
    room.touch("fader.1", stands)
    room.press("forward")
    room.fire("4")
    for n in range(120):
        room.now += 0.02
        room.touch("fader.1", stands + n % 2)
        room.say()
    assert room.level("mixer.host.level") == -60.0
    assert not room.engine.snapshot(room.now).held


def test_a_hand_on_the_fader_stops_the_fade_that_it_meets(tmp_path: Path):
    room = Room(book_of(tmp_path, show=FADING))
    room.press("play")
    room.touch("fader.1", 20)
    room.fire("4")
    room.now += 1.0
    room.say()
    for raw in range(20, 110):
        room.touch("fader.1", raw)
    assert room.level("mixer.host.level") == pytest.approx(
        room.book.wires["mixer.host.level"].at(109 / 127)
    )
    assert round(JITTER * 127) == 3, "so far it goes before it is a hand"


def test_a_cue_takes_the_value_away_from_the_fader_until_it_is_passed_again(room: Room):
    room.touch("fader.1", 79)
    room.touch("fader.1", 100)
    there = room.level("mixer.host.level")
    room.press("play")
    room.press("play")  # cue 2: −20 dB
    assert room.level("mixer.host.level") == -20.0
    room.touch("fader.1", 101)
    assert room.level("mixer.host.level") == -20.0, "nothing jumps"
    assert there != -20.0
    room.touch("fader.1", 20)
    assert room.level("mixer.host.level") < -40


@given(moves=st.lists(st.integers(0, 127), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_nothing_ever_jumps_farther_than_the_fader_itself(moves):
    """Whatever the hand does, a level moves from where it is only when the fader is at it."""
    room = Room(BOOK)
    last = None
    wire = room.book.wires["mixer.host.level"]
    for raw in moves:
        before = wire.position(room.level("mixer.host.level")) * 127
        room.touch("fader.1", raw)
        after = wire.position(room.level("mixer.host.level")) * 127
        if abs(after - before) > 0.001:
            assert after == pytest.approx(raw)
            low, high = sorted((raw if last is None else last, raw))
            assert low - 1 <= before <= high + 1, "it was not there"
        last = raw


@pytest.fixture(scope="module", autouse=True)
def _a_book_for_all(tmp_path_factory):
    global BOOK  # noqa: PLW0603 -- hypothesis wants no fixture of a function's
    BOOK = book_of(tmp_path_factory.mktemp("hall"))


BOOK: Book


def motor(room: Room) -> float | None:
    return room.lamps().get("motors.bend.1")


def test_a_motor_follows_the_level_and_its_own_way_is_no_hand(room: Room):
    room.press("play")
    room.press("play")  # −20 dB is at 0.5 - 10/40 … of the way
    wire = room.book.wires["mixer.host.level"]
    there = round(wire.position(-20.0) * 16383)
    assert motor(room) == there
    assert motor(room) is None, "nothing changed, nothing is said"
    before = len(room.of(e.Held))
    for raw in (there + 900, there + 400, there + 1, there):  # where it passes, from −5 dB down
        room.touch("bend.1", raw, "motors")
    assert len(room.of(e.Held)) == before


def test_a_hand_on_a_motor_fader_is_taken_at_once_and_not_answered(room: Room):
    room.now += 10
    room.touch("bend.1", 16383, "motors")
    assert room.level("mixer.host.level") == 10.0
    room.now += 2 * REST
    assert motor(room) is None, "it is there already: the hand has it"
    room.touch("bend.1", 0, "motors")
    assert room.level("mixer.host.level") == float("-inf")


def test_a_motor_leaves_the_fader_to_the_hand_for_a_moment(room: Room):
    room.now += 10
    room.touch("bend.1", 16383, "motors")
    room.hear(Moved("mixer.host.level", -20.0))
    assert motor(room) is None
    room.now += 2 * REST
    assert motor(room) is not None


def test_a_hand_beyond_the_motors_way_is_a_hand(room: Room):
    room.press("play")
    room.press("play")
    assert motor(room) is not None
    room.now += ECHO / 2
    room.touch("bend.1", 100, "motors")
    assert room.level("mixer.host.level") < -80


# ---------------------------------------------------------------- lamps


def test_the_first_time_every_lamp_is_said_and_then_none(tmp_path: Path):
    book = book_of(tmp_path)
    engine, controls = Engine(book), Controls(book)
    engine.hear(Linked("keys"), 1.0)
    said = {c.parameter: c.value for c in controls.lamps(engine.snapshot(1.0), 1.0)}
    assert said == {
        "keys.play": 127.0, "keys.stop": 0.0, "keys.record": 0.0, "keys.cycle": 0.0,
        "keys.rewind": 0.0, "keys.forward": 0.0, "keys.record.1": 0.0, "keys.solo.1": 0.0,
    }  # fmt: skip
    assert controls.lamps(engine.snapshot(2.0), 2.0) == []


def test_a_lamp_is_lit_while_it_is_so(room: Room):
    room.press("play")
    assert room.lit() == {"keys.rewind": 127.0, "keys.mute.1": 127.0}
    room.press("stop")
    assert room.lit() == {
        "keys.stop": 127.0, "keys.cycle": 127.0, "keys.play": 0.0, "keys.mute.1": 0.0,
    }  # fmt: skip
    room.press("cycle")
    assert room.lit() == {
        "keys.stop": 0.0, "keys.cycle": 0.0, "keys.play": 127.0, "keys.mute.1": 127.0,
    }  # fmt: skip
    room.press("forward")
    assert room.lit()["keys.forward"] == 127.0
    assert "keys.play" not in room.lit()


def test_go_is_dark_behind_the_last_cue(room: Room):
    room.press("forward")
    assert room.lit()["keys.play"] == 0.0
    assert isinstance(room.press("play")[-1], e.Refused)


def test_a_ring_shows_a_level_in_its_thirteen_steps(room: Room):
    room.hear(Moved("mixer.guest.level", 10.0))
    assert room.lamps()["mini.knob.1"] == 13.0
    room.hear(Moved("mixer.guest.level", 9.99))
    assert "mini.knob.1" not in room.lamps(), "no packet for less than a step"
    room.hear(Moved("mixer.guest.level", float("-inf")))
    assert room.lamps()["mini.knob.1"] == 1.0


def test_a_lamp_that_its_key_puts_out_is_said_again(room: Room):
    room.now += 1
    room.touch("upper.1", 127, "mini")
    assert room.lamps() == {"mini.upper.1": 1.0}
    room.touch("upper.1", 0, "mini")
    assert room.lamps() == {"mini.upper.1": 1.0}
    assert room.lamps() == {}


def test_a_device_that_came_back_is_told_every_lamp_again_and_while_away_none(room: Room):
    room.press("play")
    room.settle()
    room.hear(Lost("keys", "closed"))
    room.controls.forget("keys")
    assert room.lamps() == {}
    room.hear(Linked("keys"))
    said = room.lamps()
    assert said["keys.play"] == 127.0
    assert {name for name in said if not name.startswith("keys.")} == set()
    assert len(said) == 9


def test_a_key_that_is_bound_no_more_is_put_out_once(room: Room, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = book_of(tmp_path / "other", VENUE.replace("    play: go\n", ""))
    room.controls = Controls(other, room.controls)
    said = room.lit()
    assert said["keys.play"] == 0.0
    assert said["keys.stop"] == 0.0, "and the others are told anew"
    assert room.lamps() == {}


def test_a_lamp_whose_word_comes_back_presses_no_key(room: Room):
    """A MIDI loop: some devices, and many cables, send back what they are told."""
    room.press("stop")
    assert room.lamps()["keys.play"] == 0.0
    room.press("cycle")
    assert room.lamps()["keys.play"] == 127.0  # GO can be taken again, says its lamp
    room.now += BACK / 2
    assert room.touch("play", 127) == [], "and the lamp's own word is no GO"
    assert isinstance(room.touch("play", 127)[-1], e.Fired), "the next one is a finger"


def test_a_key_pressed_later_than_a_word_can_come_back_is_pressed(room: Room):
    room.press("stop")
    assert room.lamps()["keys.play"] == 0.0
    room.press("cycle")
    assert room.lamps()["keys.play"] == 127.0
    room.now += BACK * 1.1
    assert isinstance(room.touch("play", 127)[-1], e.Fired)


def test_a_key_that_was_down_when_its_device_went_is_up_again(room: Room):
    room.now += 1
    room.touch("track next", 127)
    room.controls.forget("keys")
    room.now += 0.1
    assert room.touch("track next", 127)


# ---------------------------------------------------------------- another desk


def test_show_control_for_us_is_obeyed(room: Room):
    room.now += 1
    assert room.asked(Commanded("console", 5, "go"))[-1].cue == "1"
    room.now += 1
    assert room.asked(Commanded("console", 127, "load", "3"))[-1].cue == "3"
    assert room.asked(Commanded("console", 5, "go", "2"))[-1].cue == "2"
    assert isinstance(room.asked(Commanded("console", 5, "stop"))[-1], e.Stopped)
    assert {event.by for event in room.events if event.by.startswith("console")} == {"console msc"}


@pytest.mark.parametrize(
    "said",
    [Commanded("console", 6, "go"), Commanded("keys", 5, "go"), Commanded("console", 5, "fire", ""),
     Commanded("console", 5, "load", ""), Commanded("console", 0x70, "stop")],
)  # fmt: skip
def test_show_control_for_another_or_that_nobody_allowed_is_not(room: Room, said):
    room.now += 1
    assert room.asked(said) == []


def test_a_cue_nobody_has_is_refused_and_no_other_is_fired(room: Room):
    room.now += 1
    refused = room.asked(Commanded("console", 5, "go", "99"))
    assert [(event.why, event.by) for event in refused] == [("no_cue", "console msc")]
