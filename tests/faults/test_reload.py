"""The show file is edited while the show runs: nothing is taken by itself, and nothing is lost."""

import os
import signal
import time
from pathlib import Path

from stagectl.desk.lookout import STILL
from stagectl.desk.shelf import newest
from stagectl.engine.event import Fired, Reloaded
from stagectl.engine.intent import Go, Reload
from stagectl.files.load import load_show
from tests.faults.house import (
    House,
    alarms,
    amiss,
    evening,
    in_status,
    on_the_lights,
    on_the_mixer,
    until,
    wanted,
)

NOTICED = 4.0  # seconds: half a second still, then another process reads and checks


def edit(path: Path, old: str, new: str) -> None:
    """Write as careful editors do: beside it, then in its place."""
    text = path.read_text("utf-8")
    assert old in text
    beside = path.with_suffix(".part")
    beside.write_text(text.replace(old, new, 1), "utf-8")
    beside.replace(path)


def offered(house: House, since: float | None = None, within: float = NOTICED) -> float:
    return house.told(
        lambda s: s["offer"] is not None and not s["offer"]["undo"],
        within, since, "the changed show to be offered",
    )  # fmt: skip


def everything(e):
    """Return every value of the room, by the devices' own memory."""
    return {**on_the_mixer(e.book, e.stage), **on_the_lights(e.book, e.stage)}


def book_now(e):
    """Return the book of the files as they are, on the same stage."""
    return load_show(e.house.show, at=e.stage.addresses, cached=False)


def room(e):
    """Return every value of the mixer and the lights, by their own memory."""
    return {**on_the_mixer(e.book, e.stage), **on_the_lights(e.book, e.stage)}


def at_cue_3(house: House) -> None:
    for cue in ("1", "2", "3"):
        house.go(cue)
    house.confirmed()


QUIET = "lights.house: 40 %\n      mixer.playback.level: -30 dB"
BRIGHT = "lights.house: 65 %\n      lights.stage: 10 %\n      mixer.playback.level: -20 dB"
NEW_CUE = """  - cue: 3.5
    name: En regle
    set: {lights.house: 5 %}

  - cue: 4
"""


def test_an_edited_show_is_offered_taken_by_a_person_and_moves_what_it_said(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        at_cue_3(house)
        before, fired = room(e), house.of(Fired)
        edit(house.show, QUIET, BRIGHT)
        edit(house.show, "  - cue: 4\n", NEW_CUE)
        say("offered after", offered(house))
        offer = house.status["offer"]
        told = {move["parameter"]: move["after"] for move in offer["moves"]}
        assert told == {
            "lights.house": 65.0, "lights.stage": 10.0, "mixer.playback.level": -20.0
        }  # fmt: skip
        assert (offer["edits"]["added"], offer["edits"]["changed"]) == (1, 1)
        assert room(e) == before, "an offer moves nothing"
        shown = house.cli("reload")
        assert shown.status == 0
        assert "Loading it moves this (3)" in shown.out
        assert "3.5 En regle: new" in shown.out
        assert house.cli("go", "--expect", "9").status == 1
        time.sleep(0.6)

        said = house.cli("reload", "--yes")
        assert "cue 3 is on stage, cue 4 stands by" in said.out, said
        house.told(lambda s: s["offer"]["undo"], what="taken")
        time.sleep(2.2)
        house.confirmed()
        after = room(e)
        changed = {p for p in after if not e.book.wires[p].same(before[p], after[p])}
        assert changed == set(told)
        assert not amiss(e.book, told, after)
        assert (house.status["onstage"], house.status["standby"]) == ("3", "4")
        assert house.of(Fired) == fired
        assert [event.by.split()[0] for event in house.of(Reloaded)] == ["command"]
        house.do("standby", "3.5")
        house.go("3.5")
        house.confirmed()
        assert not amiss(e.book, {"lights.house": 5.0}, room(e))


def test_a_file_with_mistakes_leaves_the_old_show_live_and_says_so(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        at_cue_3(house)
        before = room(e)
        edit(house.show, QUIET, "lights.hose: 40 %\n      mixer.playback.level: loud")
        took = house.told(lambda s: s["unused"], NOTICED, what="the mistake")
        say("told after", took)
        unused = house.status["unused"]
        line = house.show.read_text("utf-8").partition("lights.hose")[0].count("\n") + 1
        assert (unused["code"], unused["count"], unused["line"]) == ("mistakes", 2, line)
        assert "lights.hose" in unused["said"]["en"]
        assert alarms(house.status, "unused")
        assert "2 mistakes" in house.cli("status").out
        assert house.cli("reload").status == 1
        assert room(e) == before
        house.go("4")
        house.confirmed()
        assert not amiss(
            e.book, {p: v for p, v in wanted(e.book, "4").items() if p in before}, room(e)
        )
        edit(house.show, "lights.hose: 40 %\n      mixer.playback.level: loud", QUIET)
        house.told(lambda s: s["unused"] is None and s["offer"] is None, NOTICED, what="mended")
        assert not alarms(house.status, "unused")
        assert not house.of(Reloaded)


def test_a_file_that_goes_comes_half_written_and_comes_back_is_told_each_time(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        text = house.show.read_text("utf-8")
        house.show.unlink()
        house.told(lambda s: s["unused"] and s["unused"]["code"] == "gone", NOTICED, what="gone")
        end = time.monotonic() + 2.0
        with house.show.open("w", encoding="utf-8") as file:
            written, longest = time.monotonic(), 0.0
            for n in range(8):  # an editor that takes its time: never still for half a second
                file.write(text[n * len(text) // 8 : (n + 1) * len(text) // 8])
                file.flush()
                longest, written = max(longest, time.monotonic() - written), time.monotonic()
                time.sleep(0.25)
                unused = house.status["unused"]
                stopped = max(longest, time.monotonic() - written) >= STILL  # not the editor: we
                assert not unused or unused["code"] == "gone" or stopped
        assert time.monotonic() >= end - 0.1
        house.told(lambda s: s["unused"] is None, NOTICED, what="as it was")
        assert house.status["offer"] is None
        edit(house.show, "Salen roer seg", "Salen er stille")
        offered(house)
        edit(house.show, "Salen er stille", "Salen roer seg")
        house.told(lambda s: s["offer"] is None, NOTICED, what="withdrawn")


def test_a_scene_of_the_venue_and_a_new_parameter_are_taken_live_a_new_address_is_not(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        venue = tmp_path / "scenes" / "lillestrom.yaml"
        at_cue_3(house)
        before = room(e)
        edit(house.show, QUIET, QUIET + "\n      mixer.guest 2.level: -7 dB")
        offered(house)
        told = {move["parameter"]: move["after"] for move in house.status["offer"]["moves"]}
        house.do("reload", "--yes")
        house.told(lambda s: s["offer"] and s["offer"]["undo"], what="taken")
        time.sleep(2.2)
        house.confirmed()
        after, book = in_status(house.status), book_now(e)
        assert told.keys() <= {"mixer.guest 2.level"}
        assert book.wires["mixer.guest 2.level"].same(after["mixer.guest 2.level"], -7.0)
        assert {p for p in before if not book.wires[p].same(room(e)[p], before[p])} <= told.keys()
        assert not any(row["state"] == "lost" for row in house.status["devices"].values())
        text = venue.read_text("utf-8")
        venue.write_text(text.replace("password: secret:obs", "password: secret:other"), "utf-8")
        house.told(lambda s: s["unused"] and s["unused"]["code"] == "devices", NOTICED, what="told")
        assert house.status["unused"]["about"] == ["obs"]
        assert "end the show and start it again" in house.cli("status").out


def test_a_desk_killed_after_a_reload_comes_back_on_the_reloaded_show(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        at_cue_3(house)
        edit(house.show, "  - cue: 4\n", NEW_CUE)
        offered(house)
        house.do("reload", "--yes")
        house.do("standby", "3.5")
        house.go("3.5")
        edit(house.show, "name: En regle", "name: Et rim")
        offered(house)
        house.do("reload", "--yes")
        house.told(lambda s: s["offer"] and s["offer"]["undo"], what="taken")
        house.confirmed()
        before, pid = room(e), house.pid
        os.kill(pid, signal.SIGKILL)
        took = house.told(
            lambda s: s["pid"] != pid and s["phase"] == "holding", 3.0, what="back, holding"
        )
        say("back, holding, after", took)
        assert (house.status["onstage"], house.status["standby"]) == ("3.5", "4")
        assert "3.5 Et rim" in house.cli("status").out
        time.sleep(2.0)
        assert house.status["offer"] is None
        assert room(e) == before
        house.linked()
        house.go("4")
        house.confirmed()
        assert not amiss(
            e.book, {p: v for p, v in wanted(e.book, "4").items() if p in before}, room(e)
        )


def test_a_journal_torn_in_the_reload_comes_back_on_the_show_before(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        at_cue_3(house)
        edit(house.show, "  - cue: 4\n", NEW_CUE)
        offered(house)
        house.do("reload", "--yes")
        pid = house.pid
        path = newest(house.place.journal)
        assert path is not None
        os.kill(house.card.keeper, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        whole = path.read_bytes()
        at = whole.rindex(b'{"type":"Reloaded"')
        path.write_bytes(whole[: at + 40])
        os.kill(house.card.keeper, signal.SIGCONT)
        house.told(lambda s: s["pid"] != pid and s["phase"] == "holding", what="back")
        assert (house.status["onstage"], house.status["standby"]) == ("3", "4")
        offered(house, within=8.0)
        assert house.status["offer"]["edits"]["added"] == 1
        assert alarms(house.status, "journal_damaged")


def test_no_go_is_lost_or_doubled_while_the_show_is_being_reloaded(tmp_path):
    with evening(tmp_path, "--guard", "0") as e:
        house = e.house
        for n in range(4):
            edit(
                house.show,
                'start: "11:00"' if not n else f'start: "11:0{n}"',
                f'start: "11:0{n + 1}"',
            )
            offered(house)
            offer = house.status["offer"]["id"]
            standby = house.status["standby"]
            with house.line("one") as one, house.line("two") as two:
                went = []
                assert two.ask(Reload(offer=offer)).ok
                went.append(one.ask(Go(expect=standby)).ok)
                went.append(two.ask(Go(expect=standby)).ok)
                assert went == [True, False]
            house.on_stage(standby)
        assert [f.cue for f in house.of(Fired)] == ["1", "2", "3", "4"]
        until(lambda: house.status["offer"], 5, "the undo")
