"""Touches and keys become intents; what a desk says is on the screen."""

from dataclasses import replace

import pytest
from textual.widgets import Static

from stagectl.engine.intent import (
    Assert,
    Back,
    End,
    Go,
    Keep,
    LetGo,
    Overlay,
    Redo,
    Release,
    Skip,
    StandBy,
    Trigger,
)
from stagectl.engine.snapshot import DeviceRow, HeldRow, LatchRow, RefusalRow
from stagectl.panel.app import goodbye
from stagectl.panel.keys import KEYS, explained
from stagectl.panel.link import Gone, Hello, Reply
from stagectl.panel.playbill import read_playbill
from stagectl.panel.screens.today import Today
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, NARROW, WIDE, evening
from tests.panel.days import DAY
from tests.panel.test_panes_after import Caller


class House(Caller):
    """A Home that has a log and a day."""

    def today(self):
        return DAY


SIZES = [NARROW, KIOSK, WIDE]


# ---- GO


async def test_space_asks_for_the_cue_on_the_screen():
    async with evening() as it:
        await it.press("space")
        assert it.asked == [Go(expect="4")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_touch_on_go_asks_for_the_cue_on_the_screen(size):
    async with evening(size=size) as it:
        await it.touch("#go", (10, 3))
        assert it.asked == [Go(expect="4")]


async def test_a_key_held_down_asks_for_what_the_screen_shows_each_time():
    async with evening() as it:
        await it.press("space", "space", "space")
        assert it.asked == [Go(expect="4")] * 3  # the desk carries out one: the rest are stale


async def test_go_acts_when_the_finger_is_lifted_and_not_before():
    async with evening() as it:
        await it.pilot.mouse_down("#go", (10, 3))
        assert it.asked == []
        await it.pilot.mouse_up("#go", (10, 3))
        await it.settle()
        assert it.asked == [Go(expect="4")]


async def test_a_finger_that_slides_off_go_presses_nothing():
    async with evening() as it:
        await it.pilot.mouse_down("#go", (10, 3))
        await it.pilot.mouse_up("#cues", (10, 3))
        await it.settle()
        assert it.asked == []
        await it.touch("#go", (10, 3))
        assert it.asked == [Go(expect="4")]


async def test_a_finger_that_came_down_before_the_list_moved_means_the_cue_it_saw():
    async with evening() as it:
        await it.pilot.mouse_down("#go", (10, 3))
        await it.say(replace(snapshots.live(), onstage="4", standby="5"))
        await it.pilot.mouse_up("#go", (10, 3))
        await it.settle()
        assert it.asked == [Go(expect="4")]  # the desk refuses it: the list moved on


@pytest.mark.parametrize("size", SIZES)
async def test_go_is_at_least_seven_rows_and_thirty_columns_and_all_on_the_screen(size):
    async with evening(snapshots.trouble(), size=size) as it:
        go = it.panel.screen.query_one("#go").region
        assert go.height >= 7
        assert go.width >= 30
        assert (go.right, go.bottom) == size


@pytest.mark.parametrize("size", SIZES)
async def test_long_norwegian_names_never_push_go_away(size):
    plain = snapshots.plain_book()
    long = "Forfatterettermiddag med høytlesningsmaratonoppvarmingsøvelser " * 6
    plain["show"]["name"] = long
    plain["cues"] = [{**c, "name": long, "notes": long, "scene": long} for c in plain["cues"]]
    plain["devices"] = dict.fromkeys(plain["devices"], long)
    plain["parameters"] = {n: {**c, "label": long} for n, c in plain["parameters"].items()}
    async with evening(size=size) as it:
        before = it.panel.screen.query_one("#go").region
        await it.say(read_playbill(plain), replace(snapshots.trouble(), operator=long))
        assert it.panel.screen.query_one("#go").region == before
        assert all(len(row) <= size[0] for row in it.text().splitlines())
        await it.touch("#go", (10, 3))
        assert it.asked == [Go(expect="4")]


async def test_go_is_refused_where_it_was_pressed():
    async with evening() as it:
        await it.press("space")
        await it.say(Reply("1", ok=False, why="guard"))
        assert "Too close to the last GO" in it.text()
        await it.wait(10)
        assert "Too close to the last GO" not in it.text()


@pytest.mark.parametrize(
    ("key", "why", "words"),
    [
        ("up", "no_cue", "There is no cue before this one"),
        ("down", "no_cue", "There is no cue after this one"),
        ("s", "gone", "Cue 4 has gone: go back first"),
        ("space", "skipped", "Cue 4 is skipped"),
    ],
)
async def test_a_refusal_names_what_was_asked_for(key, why, words):
    async with evening() as it:
        await it.press(key)
        await it.say(Reply("1", ok=False, why=why))
        assert words in it.text()


async def test_a_go_that_a_foot_pedal_was_refused_is_shown_with_its_name():
    refused = RefusalRow("Go", "guard", "4", "fotpedal", 0.2)
    async with evening(replace(snapshots.live(), refusal=refused)) as it:
        assert "fotpedal" in it.text()


async def test_go_does_not_work_without_a_desk_and_says_so():
    async with evening() as it:
        await it.say(Gone("lost"))
        await it.press("space")
        await it.touch("#go", (10, 3))
        assert it.asked == []
        assert "NO CONTACT" in it.text()
        assert "GO does not work" in it.text()


async def test_go_works_again_when_the_desk_is_back():
    async with evening() as it:
        await it.say(Gone("lost"))
        await it.say(Hello(ME, "operate"), snapshots.live())
        await it.press("space")
        assert it.asked == [Go(expect="4")]
        assert "NO CONTACT" not in it.text()


async def test_an_intent_that_could_not_be_sent_is_not_kept_for_later():
    async with evening() as it:
        it.link.up = False
        await it.press("space")
        assert "Not sent" in it.text()
        it.link.up = True
        await it.say(snapshots.live())
        assert it.asked == []


async def test_a_panel_that_only_watches_asks_for_nothing():
    heard = (Hello(ME, "watch"), snapshots.debate(), snapshots.live())
    async with evening(heard=heard) as it:
        await it.press("space", "down", "s", "d", "backspace")
        await it.touch("#go", (10, 3))
        assert it.asked == []
        assert "only watches" in it.text()


async def test_after_the_last_cue_there_is_nothing_to_go_to():
    async with evening(replace(snapshots.live(), onstage="8", standby=None, next=())) as it:
        await it.press("space")
        assert it.asked == []
        assert "The last cue has gone" in it.text()


# ---- stop, cover, resume


async def test_esc_twice_within_a_second_stops_all():
    async with evening() as it:
        await it.press("escape")
        assert it.asked == []
        assert "Esc once more" in it.text()
        await it.wait(0.8)
        await it.press("escape")
        assert it.asked == [Overlay("safe")]


async def test_esc_twice_with_more_than_a_second_between_stops_nothing():
    async with evening() as it:
        await it.press("escape")
        await it.wait(1.2)
        assert "Esc once more" not in it.text()
        await it.press("escape")
        assert it.asked == []


async def test_the_stop_button_stops_at_the_first_touch():
    async with evening() as it:
        await it.touch("#stop")
        assert it.asked == [Overlay("safe")]


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_stopped_is_resumed_elsewhere_than_it_was_stopped(size):
    async with evening(size=size) as it:
        stop = it.panel.screen.query_one("#stop").region
        await it.say(snapshots.stopped())
        assert "STOPPED" in it.text()
        resume = it.panel.screen.query_one("#choice-0").region
        assert not resume.overlaps(stop)
        assert not resume.overlaps(it.panel.screen.query_one("#go").region)
        await it.touch("#choice-0")
        assert it.asked == [Release()]


async def test_while_all_is_stopped_go_is_not_green_and_says_what_to_press():
    async with evening(snapshots.stopped()) as it:
        assert "press Resume first" in it.text()
        assert "G" not in it.grounds()


@pytest.mark.parametrize(
    ("on", "stopping", "ending"),
    [
        ((), "Resume takes", "Devices stay as they are."),
        (("record",), "The recording goes on. Resume", "The recording goes on until it is stopped"),
        (("stream",), "The stream goes on. Resume", "The stream goes on until it is stopped"),
        (("record", "stream"), "Recording and stream go on. Resume", "go on until they are"),
    ],
)
async def test_only_what_is_on_is_said_to_go_on(on, stopping, ending):
    latches = tuple(LatchRow("obs", verb, verb in on, verb in on) for verb in ("record", "stream"))
    async with evening(replace(snapshots.stopped(), latches=latches, next=()), WIDE) as it:
        assert it.row_of(stopping).strip().startswith(stopping)
        assert "Press Resume first" in it.text()
        assert "GO changes nothing" not in it.text()
        await it.say(replace(snapshots.live(), latches=latches))
        await it.press("ctrl+e")
        assert ending in it.text()
        assert ("until" in it.row_of("Devices stay")) == bool(on)


async def test_after_going_back_from_the_first_cue_the_room_is_said_to_be_at_rest():
    async with evening(replace(snapshots.live(), onstage=None, standby="1", elapsed=None)) as it:
        assert "the room is at rest" in it.text()
        assert "Nothing has gone yet" not in it.text()


async def test_a_cover_can_be_dated_back():
    async with evening(snapshots.covered()) as it:
        assert "covered (2:10)" in it.text()
        await it.touch("#choice-1")
        assert it.asked == [Overlay("cover", ago=250.0)]


@pytest.mark.parametrize("key", ["f1", "f2"])
async def test_esc_closes_what_lies_over_the_list_and_counts_only_when_nothing_does(key):
    async with evening() as it:
        await it.press(key, "escape")
        assert "Vinnerfilm" in it.text()
        assert "Esc once more" not in it.text()
        await it.press("escape")
        assert it.asked == []
        await it.press("escape")
        assert it.asked == [Overlay("safe")]


# ---- the end


async def test_a_desk_that_goes_away_after_the_end_is_no_breakdown():
    on = replace(snapshots.ended(), latches=snapshots.ON_AIR)
    async with evening(on) as it:
        await it.say(Gone("lost"))
        await it.wait(30)
        assert "NO CONTACT" not in it.text()
        assert "No contact" not in it.text()
        assert "The show is over" in it.row_of("Last known: REC on, STREAM on")
        assert "Close: in the menu, or Ctrl+Q" in it.text()
        assert not set(it.grounds()) & {"!", "R"}
        await it.press("space", "escape", "escape")
        await it.touch("#go", (10, 3))
        assert it.asked == []
        assert goodbye(it.panel.view) == "The panel is closed. The show is over."
        await it.say(Hello(ME, "operate"), snapshots.live())
        assert goodbye(it.panel.view) == "The panel is closed. The show goes on."
        await it.say(Gone("lost"))
        assert "NO CONTACT" in it.text()


def pane_of(it):
    return it.panel.view.pane


@pytest.mark.parametrize("size", [NARROW, KIOSK, WIDE])
async def test_when_the_show_is_over_one_touch_leads_to_afterwards_and_one_to_today(size):
    cut_short = replace(snapshots.live(), phase="ended")  # ended before its last cue
    async with evening(cut_short, size, home=House()) as it:
        assert "► Afterwards" in it.text()  # where GO was, it says where to go
        await it.touch("#go", (10, 3))
        assert pane_of(it) == "after"
        await it.touch("#go", (10, 3))  # pressed once too often, it leads nowhere else
        assert pane_of(it) == "after"
        await it.press("escape", "space")
        assert pane_of(it) == "cues"
        assert "▷" not in it.text()
        assert not set(it.grounds()) & {"n", "N", "G"}
        assert "■ ENDED" in it.row_of(cut_short.onstage + "  ")
        await it.touch("#hand")
        assert pane_of(it) == "after"
        await it.touch("#hand")
        assert pane_of(it) == "cues"
        await it.touch("#skip")
        assert isinstance(it.panel.screen, Today)
        assert it.asked == []


async def test_a_finger_that_came_down_on_skip_before_the_end_skips_nothing_and_leads_nowhere():
    async with evening(home=House()) as it:
        await it.pilot.mouse_down("#skip", (2, 1))
        await it.say(snapshots.ended())
        await it.pilot.mouse_up("#skip", (2, 1))
        await it.settle()
        assert not isinstance(it.panel.screen, Today)
        assert it.asked == []


# ---- moving


async def test_arrows_make_other_cues_stand_by():
    async with evening() as it:
        await it.press("down", "up")
        assert it.asked == [StandBy("next"), StandBy("previous")]


@pytest.mark.parametrize("size", SIZES)
async def test_a_touched_cue_stands_by(size):
    async with evening(size=size) as it:
        rows = it.text().splitlines()
        y = next(n for n, row in enumerate(rows) if "Vinnerfilm" in row)
        top = it.panel.screen.query_one("#cues").region.y
        await it.touch("#cues", (20, y - top))
        assert it.asked == [StandBy("6.5")]


async def test_a_touched_cue_that_is_skipped_asks_whether_to_take_it_in_again():
    async with evening(snapshots.trouble()) as it:
        rows = it.text().splitlines()
        y = next(n for n, row in enumerate(rows) if "Spørsmål fra salen" in row)
        await it.touch("#cues", (20, y - it.panel.screen.query_one("#cues").region.y))
        assert it.asked == []
        await it.touch("#choice-0")
        assert it.asked == [Skip("5", skip=False)]


@pytest.mark.parametrize(
    ("key", "intent"),
    [("backspace", Back()), ("s", Skip("4")), ("d", Overlay("cover"))],
)
async def test_a_key_asks_once_however_long_it_is_held(key, intent):
    async with evening() as it:
        for _ in range(20):
            await it.pilot.press(key)
            it._clock[0] += 0.033
        await it.settle()
        assert it.asked == [intent]
        await it.wait(1)
        await it.press(key)
        assert it.asked == [intent, intent]


@pytest.mark.parametrize("key", ["S", "shift+s"])
async def test_a_letter_with_shift_or_caps_lock_is_the_same_key(key):
    async with evening() as it:
        await it.press(key)
        assert it.asked == [Skip("4")]


def test_no_two_keys_are_one():
    named = [name for key in KEYS for name in key.every.split(",")]
    assert len(named) == len(set(named))
    assert {"s", "S", "D", "A", "U", "O"} <= set(named)


async def test_the_room_is_set_only_after_what_it_changes_was_shown():
    async with evening(replace(snapshots.live(), restore=snapshots.holding().restore)) as it:
        await it.press("a")
        assert it.asked == []
        assert "Presentasjon" in it.row_of("Camera: Presentasjon")
        await it.touch("#choice-0")
        assert it.asked == [Assert()]


async def test_a_desk_that_restarted_shows_what_set_the_room_will_change():
    async with evening(snapshots.holding()) as it:
        assert "ON HOLD" in it.text()
        assert "nothing is touched" in it.text()
        assert "Set the room (3)" in it.text()
        await it.touch("#choice-0")
        assert it.asked == [Assert()]


async def test_the_end_is_asked_about_and_can_be_left():
    async with evening(replace(snapshots.live(), latches=snapshots.OFF_AIR)) as it:
        await it.press("ctrl+e")
        await it.touch("#choice-0")
        assert it.asked == []
        await it.press("ctrl+e")
        await it.touch("#choice-1")
        assert it.asked == [End()]


async def test_what_still_runs_can_be_stopped_before_the_end_and_the_end_is_asked_again():
    recorded, streamed = snapshots.OFF_AIR[0], snapshots.ON_AIR[1]
    async with evening(replace(snapshots.live(), latches=snapshots.ON_AIR)) as it:
        await it.press("ctrl+e")
        await it.touch("#choice-1")
        assert it.asked == [Trigger("obs", "record", "stop")]
        await it.say(replace(snapshots.live(), latches=(recorded, streamed)))
        await it.wait(1.0)
        await it.touch("#choice-1")
        assert it.asked[1:] == [Trigger("obs", "stream", "stop")]
        await it.say(replace(snapshots.live(), latches=snapshots.OFF_AIR))
        await it.wait(1.0)
        await it.touch("#choice-1")
        assert it.asked[2:] == [End()]


# ---- what is to be settled


async def test_a_hand_is_kept_or_given_back():
    held = (HeldRow("lights.house", 55.0, 20.0, "hand", 14.0),)
    async with evening(replace(snapshots.live(), held=held)) as it:
        assert "House is at 55 %" in it.text()
        await it.touch("#choice-0")
        await it.touch("#choice-1")
        assert it.asked == [Keep("lights.house"), LetGo("lights.house")]


async def test_what_is_kept_is_no_alarm_and_can_still_go_back():
    held = (HeldRow("lights.house", 55.0, 20.0, ME, 14.0, kept=True),)
    async with evening(replace(snapshots.live(), held=held)) as it:
        assert "!" not in it.row_of("House is at 55 %")
        await it.touch("#choice-0")
        assert it.asked == [LetGo("lights.house")]


async def test_a_missed_do_is_done_now_or_forgotten():
    async with evening(snapshots.trouble()) as it:
        assert "Not done: Play intro" in it.text()
        await it.touch("#choice-0")
        await it.touch("#choice-1")
        assert it.asked == [Redo(7), Redo(7, drop=True)]


async def test_an_answer_to_a_question_that_is_gone_is_no_answer():
    both = snapshots.trouble()
    async with evening(both) as it:
        await it.pilot.mouse_down("#choice-0", (2, 1))
        await it.say(replace(both, missed=()))  # somebody else did it; now the hand is asked about
        await it.pilot.mouse_up("#choice-0", (2, 1))
        await it.settle()
        assert it.asked == []


async def test_an_answer_has_a_key_once_the_question_can_have_been_read():
    async with evening(snapshots.trouble()) as it:
        await it.press("1")
        assert it.asked == []
        await it.wait(1)
        await it.press("1", "1", "1")
        assert it.asked == [Redo(7)]
        await it.press("3")  # there is no third answer
        assert it.asked == [Redo(7)]


async def test_one_question_at_a_time_and_the_others_are_a_touch_away():
    async with evening(snapshots.trouble()) as it:
        assert "2 to settle" in it.text()
        await it.touch("#another")
        assert "House is at 55 %" in it.text()
        await it.touch("#another")
        assert "Not done: Play intro" in it.row_of("2 to settle")


async def test_a_stream_that_stopped_by_itself_is_started_again_by_a_touch():
    off = (LatchRow("obs", "record", True, True), LatchRow("obs", "stream", True, False))
    async with evening(replace(snapshots.live(), latches=off)) as it:
        assert "STREAM has stopped" in it.text()
        await it.touch("#choice-0")
        assert it.asked == [Trigger("obs", "stream", "start")]


@pytest.mark.parametrize(
    ("language", "words", "who"),
    [("nb", "29. november", "kommandolinja"), ("en", "29 November", "the command line")],
)
async def test_a_date_and_the_programs_own_names_are_said_in_the_language(language, words, who):
    plain = snapshots.plain_book()
    plain["cues"] = [{**c, "at": snapshots.WALL + 86400} for c in plain["cues"]]
    with tongue.speaking(language):
        async with evening(size=WIDE) as it:
            await it.say(read_playbill(plain), replace(snapshots.live(), operator="command line"))
            assert words in it.text()
            assert "2026-11-29" not in it.text()
            assert who in it.text()


async def test_a_microphone_has_one_row_unless_its_switch_and_level_stand_differently():
    live = snapshots.live()
    async with evening(live, WIDE) as it:
        assert "on, −5 dB" in it.row_of("Host microphone")
        held = live.values | {"mixer.host.level": (-12.0, "held")}
        await it.say(replace(live, values=held))
        rows = [row for row in it.text().splitlines() if "Host microphone" in row]
        assert ["✓ confirmed" in row for row in rows] == [True, False]
        assert "−12 dB" in rows[1]


# ---- recording and stream by hand


async def touch_chip(it, name):
    y, row = next((n, r) for n, r in enumerate(it.text().splitlines()) if name in r)
    await it.touch("#head", (row.index(name), y))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("snap", "turn"), [(snapshots.ready(), "start"), (snapshots.live(), "stop")]
)
async def test_a_touched_chip_asks_and_only_a_button_elsewhere_starts_or_stops(size, snap, turn):
    async with evening(snap, size) as it:
        for name, verb in (("REC", "record"), ("STREAM", "stream")):
            await touch_chip(it, name)
            await it.touch("#choice-0")  # leave it
            await touch_chip(it, name)
            assert it.asked == []
            head = it.panel.screen.query_one("#head").region
            assert not it.panel.screen.query_one("#choice-1").region.overlaps(head)
            await it.touch("#choice-1")
            assert it.asked.pop() == Trigger("obs", verb, turn)


@pytest.mark.parametrize(("key", "verb"), [("r", "record"), ("t", "stream"), ("R", "record")])
async def test_recording_and_stream_are_started_by_two_different_keys(key, verb):
    async with evening(snapshots.ready()) as it:
        await it.press(key, key, "2")
        assert it.asked == []  # nobody has read the question yet
        await it.wait(1)
        await it.press("2")
        assert it.asked == [Trigger("obs", verb, "start")]


async def test_r_resumes_what_is_stopped_and_asks_nothing_of_the_recording():
    async with evening(snapshots.stopped()) as it:
        await it.press("r")
        assert it.asked == [Release()]
        await it.say(snapshots.live())
        await it.press("r")  # still held down
        assert "Stop the recording" not in it.text()


async def test_an_answer_about_a_recording_that_has_begun_meanwhile_is_no_answer():
    async with evening(snapshots.ready()) as it:
        await it.press("r")
        await it.pilot.mouse_down("#choice-1", (2, 1))
        await it.say(replace(snapshots.ready(), latches=snapshots.ON_AIR))
        await it.pilot.mouse_up("#choice-1", (2, 1))
        await it.settle()
        assert it.asked == []


async def test_a_recording_on_a_device_that_is_away_is_not_offered():
    away = (DeviceRow("obs", "lost", "silent"),)
    async with evening(replace(snapshots.ready(), devices=away)) as it:
        await it.press("r")
        assert "OBS does not answer now" in it.text()
        assert "Start the recording" not in it.text()


@pytest.mark.parametrize("size", SIZES)
async def test_a_device_that_never_answers_says_so_when_touched_and_in_the_room(size):
    mute = replace(snapshots.DEVICES[2], readable=False)
    async with evening(replace(snapshots.live(), devices=(mute,)), size) as it:
        await touch_chip(it, "○ lights")
        assert "Never answers" in it.text()
        await it.touch("#choice-0")
        await it.press("f2")
        assert "never answers: cannot be confirmed" in it.text()
        assert it.asked == []


# ---- the keys


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_help_holds_every_key_whole_and_f3_only_where_it_shows_something(size, language):
    with tongue.speaking(language):
        for beside in (None, Static("x")):
            async with evening(snapshots.trouble(), size, beside=beside) as it:
                await it.press("f1")
                for key, text in explained(beside=beside is not None):
                    assert f"{key}  {text}" in it.text()
                assert (" F3  " in it.text()) == (beside is not None)
                await it.press("1", "1")
                assert it.asked == []  # the question is not on the screen


# ---- what is shown


async def test_go_says_in_words_what_it_will_change():
    async with evening(size=WIDE) as it:
        for words in (
            "Play applaus",
            "Camera: Panel",
            "Text Navn: “Panelet”",
            "Guest microphone on",
            "Guest 2 microphone on",
            "Stage light up to 90 %",
            "Playback down to −∞ dB",
        ):
            assert words in it.text()


async def test_nothing_is_wrong_is_said_quietly_and_a_lost_device_loudly():
    async with evening() as it:
        assert "Nothing is wrong" in it.text()
        assert "!" not in it.grounds()
        await it.say(snapshots.trouble())
        assert "mixer does not answer" in it.text()
        assert "!" in it.grounds()


async def test_sent_confirmed_held_and_lost_differ_in_shape_and_word():
    async with evening(snapshots.trouble(), WIDE) as it:
        shown = it.text()
        for mark in ("✓ confirmed", "◆ held", "× lost", "» moving"):
            assert mark in shown
        await it.say(snapshots.live())
        assert "→ sent" in it.text()


async def test_bytes_that_grow_are_seen_to_grow_and_bytes_that_stand_are_an_alarm():
    async with evening() as it:
        assert "412.3 MB ▲" in it.text()
        await it.wait(5)
        await it.say(snapshots.live())
        assert "412.3 MB does not grow" in it.text()
        rows = tuple(replace(row, facts={**row.facts, "bytes": 500e6}) for row in snapshots.ON_AIR)
        await it.say(replace(snapshots.live(), latches=rows))
        assert "500 MB ▲" in it.text()


async def test_a_recording_on_a_device_that_is_away_is_unknown_and_not_called_stopped():
    away = (DeviceRow("obs", "lost", "silent"),)
    rows = (LatchRow("obs", "record", True, False),)
    async with evening(replace(snapshots.live(), devices=away, latches=rows)) as it:
        assert "? REC unknown" in it.text()


async def test_markup_in_what_people_typed_is_only_text():
    evil = "[/] [@click=app.fire]Kari[/] [red]Ø"
    plain = snapshots.plain_book()
    plain["show"]["name"] = evil
    plain["cues"] = [{**c, "name": evil, "notes": evil} for c in plain["cues"]]
    plain["devices"] = dict.fromkeys(plain["devices"], evil)
    plain["parameters"] = {n: {**c, "label": evil} for n, c in plain["parameters"].items()}
    async with evening(size=WIDE) as it:
        await it.say(read_playbill(plain), replace(snapshots.trouble(), operator=evil))
        assert it.text().count("[@click=app.fire]Kari[/] [red]Ø") > 10


async def test_controls_and_direction_marks_never_reach_the_terminal():
    evil = "a\x1b]0;x\x07\x1b[31mb\u202eelddil\u2066\x9b5n"
    plain = snapshots.plain_book()
    plain["show"]["name"] = evil
    plain["cues"] = [{**c, "name": evil, "notes": evil, "scene": evil} for c in plain["cues"]]
    plain["devices"] = dict.fromkeys(plain["devices"], evil)
    plain["parameters"] = {n: {**c, "label": evil} for n, c in plain["parameters"].items()}
    async with evening(size=WIDE) as it:
        await it.say(read_playbill(plain), replace(snapshots.trouble(), operator=evil))
        assert not set(it.text()) & set("\x1b\x07\x9b\u202e\u2066")


async def test_ten_thousand_cues_are_drawn_like_ten():
    plain = snapshots.plain_book()
    plain["cues"] = [{"number": str(n), "name": f"Cue nummer {n}"} for n in range(1, 10_001)]
    heard = (
        Hello(ME, "operate"),
        read_playbill(plain),
        replace(snapshots.live(), onstage="5000", standby="5001", next=()),
    )
    async with evening(heard=heard) as it:
        assert "Cue nummer 5000" in it.row_of("► NOW")
        assert "Cue nummer 5001" in it.row_of("▷ NEXT")
        await it.press("pageup")
        assert "► NOW" not in it.text()


async def test_a_page_turned_by_hand_is_turned_back_when_the_show_moves_on():
    async with evening(size=NARROW) as it:
        await it.press("pagedown", "pagedown")
        await it.say(replace(snapshots.live(), onstage="1", standby="2"))
        assert "► NOW" in it.row_of("Dørene åpner")


async def test_what_stands_beside_is_beside_on_a_wide_screen_and_a_key_away_on_a_narrow_one():
    async with evening(size=WIDE, beside=Static("SCENEN SELV", markup=False)) as it:
        assert "SCENEN SELV" in it.text()
        assert "Vinnerfilm" in it.text()
    async with evening(size=NARROW, beside=Static("SCENEN SELV", markup=False)) as it:
        assert "SCENEN SELV" not in it.text()
        await it.press("f3")
        assert "SCENEN SELV" in it.text()
        await it.press("f3")
        assert "Vinnerfilm" in it.text()


@pytest.mark.parametrize("size", SIZES)
async def test_every_button_is_big_enough_for_a_finger(size):
    async with evening(snapshots.trouble(), size) as it:
        shown = [b.region for b in it.panel.screen.query("Touch") if b.display and b.region.area]
        assert len(shown) >= 10
        for one in shown:
            assert one.height >= 3
            assert one.width >= 12
        for n, one in enumerate(shown):
            assert not any(one.grow((1, 1, 1, 1)).overlaps(other) for other in shown[n + 1 :])


async def test_nothing_takes_the_focus_from_go():
    async with evening(snapshots.trouble(), beside=Static("x")) as it:
        await it.touch("#another")
        await it.touch("#next")
        await it.press("tab", "space")
        assert it.panel.screen.focused is None
        assert it.asked[-1] == Go(expect="4")


@pytest.mark.parametrize("size", [(60, 16), (40, 12), (20, 5), (300, 90)])
async def test_odd_sizes_are_lived_with(size):
    async with evening(snapshots.trouble(), size) as it:
        await it.press("space")
        assert it.asked == [Go(expect="4")]
        assert len(it.text().split("\n")) == size[1]


async def test_a_window_that_changes_its_size_keeps_everything():
    async with evening(size=WIDE) as it:
        for size in (NARROW, KIOSK, WIDE):
            await it.pilot.resize_terminal(*size)
            await it.settle()
            assert "Panelet samles" in it.row_of("▷ NEXT")
            assert it.panel.screen.query_one("#go").region.bottom == size[1]


async def test_closing_the_panel_asks_the_desk_for_nothing():
    async with evening() as it:
        await it.press("ctrl+q")
        assert it.asked == []
        assert it.panel.return_code == 0
