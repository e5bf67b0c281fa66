"""Fault 23, and a controller that talks nonsense: under the whole program, by the command line."""

import time

from stagectl.desk import controls
from stagectl.engine.event import Fired, Held, Refused, Stopped
from stagectl.sim.midi import Midi
from tests.faults.house import BACK, TOLD, Evening, alarms, evening, state, until

CONSOLE = """\
  console: {profile: midi-show-control, at: "midi:Console"}

base:"""


def lit(e: Evening) -> dict[str, int]:
    """The lamps of the controller, by its own memory."""
    names = ("play", "stop", "cycle", "rewind")
    midi = e.stage.midi()
    return e.stage.ask(lambda: {name: midi.lamp(name) for name in names})


def shows(e: Evening, *names: str) -> bool:
    return {name for name, raw in lit(e).items() if raw} == set(names)


def told(e: Evening) -> int:
    """How many messages the controller was told, questions not counted."""
    midi = e.stage.midi()
    return e.stage.ask(lambda: midi.told)


def fader(e: Evening) -> float:
    """Where the host's fader is on the mixer itself."""
    return float(e.stage.ask(lambda: e.stage.mixer().values["/ch/01/mix/fader"]))


def press(e: Evening, name: str) -> None:
    time.sleep(2 * controls.BACK)  # what comes at once is a lamp's own word, come back
    e.stage.move(f"keys.{name}", 1.0)


def test_fault_23_a_controller_pulled_out_and_put_in_is_found_again_and_lit_anew(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        until(lambda: shows(e, "play"), 5, "the lamps as nothing has gone yet")
        press(e, "play")
        house.on_stage("1")
        until(lambda: shows(e, "play", "rewind"), 5, "the lamps of cue 1")
        assert [event.by for event in house.of(Fired)] == ["keys play"]
        e.stage.kill("keys")
        at = time.monotonic()
        say("told as lost after", house.told(
            lambda s: state(s, "keys") == "lost" and alarms(s, "lost", "keys"), TOLD, at, "lost",
        ))  # fmt: skip
        house.go("2")  # the show goes on
        e.stage.restart("keys")  # as from the box: every lamp dark
        back = time.monotonic()
        house.told(lambda s: state(s, "keys") == "linked", BACK, back, "the controller is back")
        until(lambda: shows(e, "play", "rewind"), BACK, "its lamps")
        say("lit anew after", time.monotonic() - back)
        assert time.monotonic() - back < BACK
        time.sleep(0.6)  # the guard
        press(e, "play")
        house.on_stage("3")


def test_a_controller_that_hangs_is_silent_and_its_keys_are_heard_when_it_wakes(tmp_path, say):
    with evening(tmp_path) as e:
        until(lambda: shows(e, "play"), 5, "the lamps")
        e.stage.freeze("keys")
        at = time.monotonic()
        say("told as silent after", e.house.told(
            lambda s: s["devices"]["keys"]["why"] == "silent", TOLD, at, "silent",
        ))  # fmt: skip
        e.stage.thaw("keys")
        e.house.told(lambda s: state(s, "keys") == "linked", BACK)
        time.sleep(0.2)  # its lamps are told now, and what comes back at once is taken for theirs
        press(e, "play")
        e.house.on_stage("1")


def test_one_press_is_one_go_and_a_lamp_says_nothing_twice(tmp_path):
    with evening(tmp_path) as e:
        house, midi = e.house, e.stage.midi()
        until(lambda: shows(e, "play"), 5, "the lamps")
        # down twice, in running status, with a clock tick in the middle, and up by velocity 0
        e.stage.ask(lambda: midi.say(bytes((0xB0, 41, 127, 41, 0xF8, 127, 41, 0, 41, 0))))
        house.on_stage("1")
        house.confirmed()
        until(lambda: shows(e, "play", "rewind"), 5, "the lamps of cue 1")
        assert [event.cue for event in house.of(Fired)] == ["1"]
        before = told(e)
        time.sleep(2.5)  # two snapshots of a still stage
        assert told(e) == before, "nothing changed, and something was said"


def test_a_fader_picks_the_level_up_and_the_mixer_follows(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        for cue in ("1", "2"):
            house.go(cue)
        house.confirmed()
        before = fader(e)
        e.stage.move("keys.fader.1", 0.0)
        e.stage.move("keys.fader.1", 0.3)
        time.sleep(0.5)
        assert fader(e) == before
        for place in (0.9, 0.5):  # a hand is no quicker
            e.stage.move("keys.fader.1", place)
            time.sleep(0.1)
        until(lambda: abs(fader(e) - 0.5) < 0.01, 3, "the mixer to be where the fader is")
        house.told(lambda s: s["held"]["mixer.host.level"]["by"] == "keys fader.1")
        assert {event.by for event in house.of(Held)} == {"keys fader.1"}


def test_nonsense_from_a_controller_harms_nothing(tmp_path):
    with evening(tmp_path) as e:
        house, midi = e.house, e.stage.midi()
        until(lambda: shows(e, "play"), 5, "the lamps")
        house.go("1")
        endless = bytes((0xF0, *[1] * 4095))
        e.stage.ask(lambda: midi.say(endless))
        for _ in range(200):  # 800 kB of one system exclusive message
            e.stage.ask(lambda: midi.say(endless[1:]))
        e.stage.ask(lambda: midi.say(bytes(range(256)) * 40))
        e.stage.ask(lambda: midi.say(bytes((0xF7, 0xB0, 41, 0))))
        time.sleep(1.0)
        fired = [event for event in house.of(Fired) if event.by != "keys play"]
        assert [event.cue for event in fired] == ["1"]
        house.told(lambda s: state(s, "keys") == "linked", BACK)
        time.sleep(0.6)
        press(e, "stop")
        house.told(lambda s: s["overlay"] == "safe", what="still heard")


def test_another_desk_says_go_load_and_stop(tmp_path):
    def venue(text: str) -> str:
        return text.replace("\nbase:", CONSOLE, 1).rstrip() + "\n  console: {msc: 5}\n"

    with evening(tmp_path, venue=venue) as e:
        house = e.house
        console: Midi = e.stage.midi("console")

        def say_msc(*data: int) -> None:
            e.stage.ask(lambda: console.say(bytes((0xF0, 0x7F, *data, 0xF7))))

        say_msc(6, 2, 1, 1)  # for another device
        say_msc(5, 2, 1, 1)
        house.on_stage("1")
        say_msc(5, 2, 1, 5, 0x34)
        house.told(lambda s: s["standby"] == "4", what="cue 4 loaded")
        time.sleep(0.6)
        say_msc(0x7F, 2, 0x7F, 1, 0x32)
        house.on_stage("2")
        say_msc(5, 2, 1, 2)
        house.told(lambda s: s["overlay"] == "safe", what="everything stopped")
        assert {event.by for event in house.of(Fired) + house.of(Stopped)} == {"console msc"}
        assert not house.of(Refused)


def test_controls_that_were_changed_are_taken_with_a_reload_and_lit_by_it(tmp_path):
    with evening(tmp_path) as e:
        house, midi = e.house, e.stage.midi()
        until(lambda: shows(e, "play"), 5, "the lamps")
        venue = tmp_path / "scenes" / "lillestrom.yaml"
        text = venue.read_text("utf-8").replace("    play: go\n", "    forward: go\n")
        venue.write_text(text, "utf-8")
        house.told(lambda s: s["offer"], what="the new files are offered")
        house.do("reload", "--yes")
        until(lambda: e.stage.ask(lambda: midi.lamp("forward")) == 127, 5, "the new key's lamp")
        until(lambda: not lit(e)["play"], 5, "the old key's lamp to go out")
        time.sleep(0.2)  # see above
        press(e, "play")  # means nothing any more
        press(e, "forward")
        house.on_stage("1")
        assert [event.by for event in house.of(Fired)] == ["keys forward"]
