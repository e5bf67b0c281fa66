"""Faults 5, 7, 21, 22, 35: OBS dies or is late, a mixer reboots or is moved, a Do finds nobody."""

import time

from stagectl.engine.event import DeviceLinked, Did, Done, Fired, Held, Missed
from stagectl.engine.intent import Go
from tests.faults.house import (
    BACK,
    GUARD,
    PASSWORD,
    TOLD,
    Evening,
    alarms,
    amiss,
    evening,
    in_status,
    on_the_mixer,
    state,
    until,
    wanted,
)
from tests.faults.witness import Witness

NOT_READY = 2.0  # seconds that OBS answers and can do nothing yet
FADERS_TAKE = 2.0  # seconds: fault 21's own number
HELD = "mixer.guest.level"
FREED = "mixer.host.level"


def lose(e: Evening, device: str, say) -> None:
    at = time.monotonic()
    said = e.house.told(
        lambda s: state(s, device) == "lost" and alarms(s, "lost", device),
        TOLD, at, f"{device} is away",
    )  # fmt: skip
    say(f"{device} told as lost after", said)


def level(e: Evening, parameter: str) -> float:
    return float(on_the_mixer(e.book, e.stage)[parameter] or 0.0)


def right(e: Evening, cue: str) -> None:
    look = {p: v for p, v in wanted(e.book, cue).items() if p.startswith("mixer.")}
    assert not amiss(e.book, look, on_the_mixer(e.book, e.stage))
    assert not amiss(e.book, look, in_status(e.house.status))


def test_fault_5_an_obs_that_is_not_ready_yet_is_waited_for_and_then_records_on(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        house.go("1")
        house.go("2")
        house.told(lambda s: s["recording"] and s["streaming"], what="recording and stream on")
        house.confirmed()
        e.stage.kill("obs")
        lose(e, "obs", say)
        e.stage.obs().not_ready = NOT_READY
        e.stage.restart("obs")
        ready = time.monotonic() + NOT_READY  # until then every request gets 207
        house.told(
            lambda s: state(s, "obs") == "linked" and s["recording"],
            NOT_READY + BACK, what="recording again",
        )  # fmt: skip
        say("recording again after", time.monotonic() - ready)
        assert alarms(house.status, "latch_off", "obs.stream")[0]["cure"] == "trigger"
        films = list(e.stage.folder.rglob("*.mkv"))
        assert len(films) == 2, "both files are kept"
        assert [(d.verb, d.argument) for d in house.of(Did, by="reconnect")] == [
            ("record", "start")
        ]


def test_fault_7_what_an_obs_does_late_on_waking_is_undone(tmp_path, say):
    with evening(tmp_path) as e, e.house.line("panel") as panel:
        house = e.house
        witness = Witness(e.stage.devices["obs"].port, PASSWORD)
        for _ in range(3):  # a question of the desk may be out just then: the cue waits behind it
            for cue in ("1", "3"):
                house.do("standby", cue)
                house.go(cue)
            house.confirmed()
            time.sleep(GUARD)
            witness.tolk.clear()
            e.stage.freeze("obs")
            assert panel.ask(Go(expect="4")).ok  # OBS takes it in: Samtale, the interpreter
            lose(e, "obs", say)
            house.do("standby", "14")  # by now nothing is said to it; no interpreter
            house.go("14")
            e.stage.thaw("obs")
            back = time.monotonic()
            house.linked(BACK, back)
            house.confirmed(BACK)
            time.sleep(0.5)
            if witness.tolk:
                break
        until(lambda: witness.tolk[-1:] == [False], BACK, "the late picture to be gone")
        say("the look of now after", time.monotonic() - back)
        assert witness.tolk == [True, False], "cue 4 was carried out late, and undone"
        witness.close()
        house.confirmed(BACK)
        look = {p: v for p, v in wanted(e.book, "14").items() if p.startswith("obs.")}
        assert not amiss(e.book, look, in_status(house.status))
        assert not house.of(Held), "its own late work is no hand"


def test_fault_21_a_mixer_that_rebooted_is_brought_up_to_the_look_faders_travelling(tmp_path, say):
    with evening(tmp_path) as e:
        for cue in ("1", "2", "3", "4"):
            e.house.go(cue)
        e.house.confirmed()
        e.stage.freeze("mixer")  # one that boots refuses nothing: it is silent
        lose(e, "mixer", say)
        e.stage.restart("mixer")
        back = time.monotonic()
        assert level(e, HELD) == float("-inf"), "it lost its values"
        travelled: list[tuple[float, float]] = []
        while time.monotonic() - back < BACK and level(e, HELD) < -5.1:
            travelled.append((time.monotonic() - back, level(e, HELD)))
            time.sleep(0.02)
        e.house.confirmed(BACK)
        say("the look of now, confirmed, after", time.monotonic() - back)
        assert time.monotonic() - back < BACK
        right(e, "4")
        moving = [at for at, there in travelled if there > -90]
        say("a fader travelled for", moving[-1] - moving[0])
        assert 0.8 * FADERS_TAKE < moving[-1] - moving[0] < 1.2 * FADERS_TAKE
        levels = [there for _, there in travelled]
        assert levels == sorted(levels), "and never came down on its way up"
        assert len(set(levels)) > 20, "in steps too small to hear"
        assert [event.restarted for event in e.house.of(DeviceLinked, device="mixer")][1:] == [True]
        assert not e.house.of(Held), "what a reboot did is nobody's hand"


def test_fault_22_a_fader_moved_during_the_outage_is_held_and_not_overwritten(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        for cue in ("1", "2", "3", "4"):
            house.go(cue)
        house.confirmed()
        e.stage.refuse("mixer")
        lose(e, "mixer", say)
        e.stage.move(HELD, -20.0)
        e.stage.move(FREED, -30.0)
        e.stage.accept("mixer")
        back = time.monotonic()
        say("both told as held after", house.told(
            lambda s: set(s["held"]) == {HELD, FREED} and alarms(s, "held", HELD),
            BACK, back, "both faders held",
        ))  # fmt: skip
        row = house.status["held"][HELD]
        assert (round(row["value"]), row["wanted"], row["by"], row["kept"]) == (
            -20, -5.0, "hand", False,
        )  # fmt: skip
        time.sleep(1.5)
        assert round(level(e, HELD)) == -20, "nobody overwrites a hand"
        assert round(level(e, FREED)) == -30
        house.do("keep", HELD)
        house.told(lambda s: s["held"][HELD]["kept"] and not alarms(s, "held", HELD))
        house.do("let-go", FREED)
        until(lambda: abs(level(e, FREED) - -5.0) < 0.1, 3, "the freed fader to be the cue's again")
        house.told(lambda s: set(s["held"]) == {HELD})
        assert round(level(e, HELD)) == -20, "kept is kept"
        house.confirmed(but=("lights", "obs", "mixer"))
        assert {event.parameter for event in house.of(Held)} == {HELD, FREED}


def test_fault_35_a_do_for_a_device_that_is_away_is_missed_offered_and_never_sent_late(
    tmp_path, say
):
    with evening(tmp_path) as e:
        house = e.house
        house.go("1")
        house.confirmed()
        e.stage.kill("obs")
        lose(e, "obs", say)
        house.go("2")  # starts recording and stream
        house.told(
            lambda s: (
                [(m["verb"], m["argument"], m["why"]) for m in s["missed"]]
                == [("record", "start", "lost"), ("stream", "start", "lost")]
            ),
            what="both offered",
        )
        assert alarms(house.status, "missed", "obs.record start")[0]["cure"] == "redo"
        assert [m.cue for m in house.of(Missed)] == ["2", "2"]
        e.stage.restart("obs")
        back = time.monotonic()
        say("obs back and read after", house.linked(BACK, back))
        house.confirmed(BACK)
        time.sleep(2.0)
        assert not house.of(Did), "nothing is sent late by itself"
        assert house.status["recording"] is False
        record, stream = house.status["missed"]
        house.do("redo", str(record["id"]))
        house.told(lambda s: s["recording"] is True, what="recording, since somebody asked for it")
        house.do("redo", str(stream["id"]), "--drop")
        house.told(lambda s: s["missed"] == [] and s["streaming"] is False)
        assert [(d.verb, d.argument) for d in house.of(Did)] == [("record", "start")]
        assert [d.verb for d in house.of(Done)] == ["record"]
        assert [event.cue for event in house.of(Fired)] == ["1", "2"]
