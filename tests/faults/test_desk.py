"""Faults 1 and 2: the desk is killed, or stopped, and the show is where it was."""

import asyncio
import os
import random
import signal
import socket
import time
from dataclasses import replace

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.engine.event import Did, Fired, Resumed, Slept
from stagectl.engine.intent import Go
from stagectl.panel.link import Gone, UnsentError, Wire
from stagectl.panel.view import View
from tests.faults.house import (
    BACK,
    House,
    alarms,
    amiss,
    evening,
    on_the_lights,
    on_the_mixer,
    squeezed,
    until,
    wanted,
)

BACK_AGAIN = 3.0  # seconds: fault 1's own number


def kill_the_desk(house: House) -> float:
    os.kill(house.pid, signal.SIGKILL)
    return time.monotonic()


def back(house: House, since: float, before: int) -> float:
    """Return how long it took until status came from another desk, which holds."""
    return house.told(
        lambda s: s["pid"] != before and s["phase"] == "holding",
        BACK_AGAIN, since, "the desk back, holding",
    )  # fmt: skip


def test_fault_1_a_desk_killed_in_a_fade_is_back_at_the_same_cue_holding(tmp_path, say):
    with evening(tmp_path, change=lambda text: squeezed(text, 2.0)) as e:
        house = e.house
        house.go("1")
        house.confirmed()
        house.go("2")
        house.told(lambda s: s["recording"], what="recording")
        house.go("3")
        house.told(lambda s: s["values"]["lights.house"][1] == "moving", what="the fade to move")
        time.sleep(0.6)
        pid, fired, did = house.pid, house.of(Fired), house.of(Did)
        killed = kill_the_desk(house)
        stopped = on_the_lights(e.book, e.stage)
        say("back, holding, after", back(house, killed, pid))
        status = house.status
        assert (status["onstage"], status["standby"]) == ("3", "4")
        assert 40 < float(stopped["lights.house"] or 0) < 80, "the fade was under way"
        time.sleep(1.0)
        assert on_the_lights(e.book, e.stage) == stopped, "nothing moves until somebody speaks"
        assert house.of(Fired) == fired
        assert house.of(Did) == did
        assert len(house.of(Resumed)) == 1
        assert house.status["recording"] is True
        house.linked(BACK)
        house.go("4")
        house.confirmed()
        look = wanted(e.book, "4")
        found = {**on_the_mixer(e.book, e.stage), **on_the_lights(e.book, e.stage)}
        assert not amiss(e.book, {p: look[p] for p in look if p in found}, found)


def test_a_desk_killed_at_any_moment_of_a_fade_five_times_in_a_row_is_back_each_time(tmp_path, say):
    chance = random.Random(2026)
    with evening(tmp_path, change=lambda text: squeezed(text, 1.0)) as e:
        house = e.house
        for cue in ("1", "2", "3", "4", "5"):
            house.linked()
            house.go(cue)
            time.sleep(chance.uniform(0.0, 1.0))
            pid = house.pid
            killed = kill_the_desk(house)
            say(f"killed in cue {cue}, back after", back(house, killed, pid))
            assert house.status["onstage"] == cue
            assert [event.cue for event in house.of(Fired)][-1] == cue
        assert [event.cue for event in house.of(Fired)] == ["1", "2", "3", "4", "5"]
        assert len({(d.verb, d.argument) for d in house.of(Did)}) == len(house.of(Did))
        house.linked()
        house.do("assert")
        house.confirmed()
        look = wanted(e.book, "5")
        found = {**on_the_mixer(e.book, e.stage), **on_the_lights(e.book, e.stage)}
        assert not amiss(e.book, {p: look[p] for p in look if p in found}, found)


async def _panel(wire: Wire, heard: list[tuple[float, object]]) -> None:
    async for what in wire.listen():  # not a comprehension: it is read while it grows
        heard += [(time.monotonic(), what)]


def test_fault_2_a_stopped_desk_is_told_by_the_panels_and_does_nothing_late(tmp_path, say):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as pedal:
        pedal.bind(("127.0.0.1", 0))
        free = pedal.getsockname()[1]
    with evening(tmp_path, "--osc-in", f"127.0.0.1:{free}") as e:
        house = e.house
        house.go("1")
        house.confirmed()
        fired = house.of(Fired)
        stopped = asyncio.run(_while_it_is_stopped(house, free, say))
        say("told that it slept, after", house.told(
            lambda s: alarms(s, "slept"), 3.0, stopped, "the desk's sleep told"
        ))  # fmt: skip
        house.linked(BACK, stopped)
        assert house.of(Fired) == fired, "nothing that was queued is carried out"
        assert [round(s.seconds) for s in house.of(Slept)] == [5]
        house.go("2")


async def _while_it_is_stopped(house: House, osc_port: int, say) -> float:
    """Stop the desk for 5 s under a panel, a face that has just said GO, and a pedal."""
    card = house.card
    assert card is not None
    wire = Wire(card.address, house.place.token("operate"), "panel")
    heard: list[tuple[float, object]] = []
    listening = asyncio.create_task(_panel(wire, heard))
    await asyncio.sleep(1.0)
    face = house.line("a face")
    pid = card.pid
    os.kill(pid, signal.SIGSTOP)
    at = time.monotonic()
    await asyncio.sleep(1.0)  # a face waits 5 s for its answer: it shall still be there
    try:
        press = asyncio.create_task(asyncio.to_thread(face.ask, Go(expect="2")))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as pedal:
            go = OscMessageBuilder("/go").build().dgram
            pedal.sendto(go, ("127.0.0.1", osc_port))
        await asyncio.sleep(5.0 - (time.monotonic() - at))
        gone = [t for t, what in heard if what == Gone("lost")]
        assert gone, "the panel knows"
        say("the panel says so after", gone[0] - at)
        assert gone[0] - at <= 3.0
        assert not replace(View(contact="up"), contact="lost").may_go
        with pytest.raises(UnsentError):
            await wire.send(Go(expect="2"))
    finally:
        os.kill(pid, signal.SIGCONT)
        woken = time.monotonic()
    answer = await press
    assert (answer.ok, answer.why) == (False, "slept")
    listening.cancel()
    face.close()
    return woken


def test_the_show_is_ended_from_the_command_line_and_leaves_nothing(tmp_path):
    with evening(tmp_path) as e:
        e.house.do("end")
        assert e.house.ended() == 0
        until(lambda: not e.house.place.running(), 5, "the place to be free")
