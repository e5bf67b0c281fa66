"""«Etterpå» and «Sceneklokke»: what the panes show, by touch and by keys, whoever started them."""

import asyncio
import time
from dataclasses import replace

import pytest

from stagectl.engine.asrun import AsRun, Interval, Moment, Output, Row, Totals
from stagectl.engine.intent import Go, Message, Note
from stagectl.panel import logbook
from stagectl.panel.home import Kept, Logged, Refused
from stagectl.panel.ink import width
from stagectl.panel.link import Gone, Hello
from stagectl.panel.panes.after import counted
from stagectl.panel.panes.after_lines import lines
from stagectl.panel.wish import Turn
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, NARROW, WIDE, evening

SIZES = [NARROW, KIOSK, WIDE]
NOW = snapshots.WALL
PATH = "/library/cues/2026-11-28-debatt.yaml"
LOGS = "/library/logs"

RUN = AsRun(
    show="Debatt", venue="Scenen", timezone="Europe/Oslo", began=NOW - 3500, now=NOW,
    totals=Totals(1200.0, 1230.0, 30.0, 100.0, 3500.0),
    rows=(
        Row("1", "Dørene åpner", "gone", None, 900.0, NOW - 3500, 855.0, -45.0, "go", "panel"),
        Row("2", "Velkommen", "gone", None, 300.0, NOW - 2645, 375.0, 75.0, "follow", "follow"),
        Row("3", "[/] Innledning", "on_stage", None, None, NOW - 2000, 2000.0, None, "go", "pedal"),
        Row("4", "Panelet samles", "skipped", None, 2400.0, by="panel"),
        Row("5", "Spørsmål fra salen", "not_gone"),
    ),
    outputs=(
        Output("obs", "record", NOW - 1842, path="/home/bibliotek/Videoer/2026-11-28.mkv"),
        Output("obs", "stream", NOW - 3400, NOW - 200, "lost", bytes=3.1e8),
    ),
    intervals=(Interval("cover", NOW - 900, NOW - 780, NOW - 600, "panel", "panel"),),
    moments=(
        Moment(NOW - 500, "noted", "panel", text="Mikrofon 2 knitrer"),
        Moment(NOW - 400, "took_over", "panel 2"),
    ),
)  # fmt: skip


class Caller:
    """A Home that has one log, and remembers what it was asked for."""

    def __init__(self, logged=None, kept=None):
        self.asked: list[tuple[str, ...]] = []
        self.logged = logged or Logged(RUN, LOGS)
        self.kept = kept or Kept(f"{LOGS}/2026-11-28-debatt.csv")

    def log(self, path, name=""):
        self.asked.append(("log", path))
        return self.logged

    def keep(self, path, form, name=""):
        self.asked.append(("keep", path, form))
        return self.kept


def bill(**changes):
    return replace(snapshots.debate(), path=PATH, **changes)


async def shown(it, pane):
    """Show a pane, and wait for whatever it asked of its caller."""
    if it.panel.view.pane != pane:
        it.panel.screen.post_message(Turn(pane))
        await it.settle()
    end = time.monotonic() + 5
    while asking := [w for w in it.panel.workers if w.group.startswith("after")]:
        assert time.monotonic() < end, asking
        await asyncio.sleep(0.01)
    await it.settle()


def drawn(run, columns):
    return [row() if callable(row) else row for row in lines(run, columns)]


# ---- the log


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_recorded_and_how_it_went_is_there_at_once(size):
    caller = Caller()
    async with evening(size=size, bill=bill(), home=caller) as it:
        await shown(it, "after")
        text = it.text()
        assert caller.asked == [("log", PATH)]
        for said in ("Recording", "412.3 MB", "/home/bibliotek/Videoer/2026-11-28.mkv",
                     "broke off: OBS was lost", f"written into {LOGS}", "−0:45 under"):  # fmt: skip
            assert said in text, said
        it.asked.clear()
        await it.press("space")
        assert it.asked == [Go(expect="4")]  # GO is where it always is


async def test_over_and_under_have_a_sign_a_word_and_a_colour():
    found = {row[1][0].strip(): row for row in drawn(RUN, 117) if len(row) > 4}
    assert ("−0:45 under       ", "green") in found["Dørene åpner"]
    assert ("+1:15 over        ", "amber") in found["Velkommen"]
    assert found["Panelet samles"][1][1] == "skipped"
    assert any("was skipped" in text for text, _tone in found["Panelet samles"])
    assert any("by itself" in text for text, _tone in found["Velkommen"])


@pytest.mark.parametrize("columns", [40, 80, 117, 200])
def test_every_line_fits(columns):
    assert max(width(row) for row in drawn(RUN, columns)) <= max(columns, 78)


def test_a_long_note_is_there_to_its_end():
    note = "Tredje gjest kom tjue minutter for sent og " * 4 + "gikk igjen"
    run = replace(RUN, moments=(Moment(NOW, "noted", "panel", text=note),))
    told = " ".join("".join(text for text, _tone in row).strip() for row in drawn(run, 80))
    assert "gikk igjen" in told


async def test_the_list_is_turned_by_pages_and_no_further():
    async with evening(size=NARROW, bill=bill(), home=Caller()) as it:
        await shown(it, "after")
        assert "Mikrofon 2 knitrer" not in it.text()
        for _ in range(5):
            await it.press("pagedown")
        assert "Took over" in it.text()
        assert "Began" not in it.text()
        for _ in range(5):
            await it.press("pageup")
        assert "Began" in it.text()


@pytest.mark.parametrize(("button", "key", "form"), [("csv", "2", "csv"), ("json", "3", "json")])
async def test_a_file_is_written_by_touch_or_key_and_named(button, key, form):
    caller = Caller()
    async with evening(bill=bill(), home=caller) as it:
        await shown(it, "after")
        await it.touch(f"#after-{button}")
        await it.press(key)
        await shown(it, "after")
        assert caller.asked[1:] == [("keep", PATH, form)] * 2
        assert "Written: /library/logs/2026-11-28-debatt.csv" in it.text()


async def test_a_file_that_cannot_be_written_is_told():
    caller = Caller(kept=Refused("It cannot be written: No space left on device"))
    async with evening(bill=bill(), home=caller) as it:
        await shown(it, "after")
        await it.press("2")
        await shown(it, "after")
        assert "! It cannot be written: No space left" in it.text()


async def test_a_note_is_typed_and_kept():
    async with evening(bill=bill(), home=Caller()) as it:
        await shown(it, "after")
        await it.touch("#after-note")
        await it.press(*"god kveld", "enter")
        assert it.asked == [Note("god kveld")] or it.asked == [Note("God kveld")]
        assert "Began" in it.text()


async def test_escape_leaves_a_note_unwritten():
    async with evening(bill=bill(), home=Caller()) as it:
        await shown(it, "after")
        await it.press("1", *"nei", "escape")
        await it.settle()
        assert it.asked == []
        assert "Began" in it.text()


async def test_the_log_is_there_when_the_show_has_ended_and_the_desk_is_gone():
    async with evening(snapshots.ended(), bill=bill(), home=Caller()) as it:
        await it.say(Gone("lost"))
        await shown(it, "after")
        assert "Dørene åpner" in it.text()
        await it.press("1")
        assert it.asked == []  # nobody is there to keep a note
        await it.press("2")
        await shown(it, "after")
        assert "Written:" in it.text()


async def test_a_panel_that_nobody_can_read_a_journal_for_says_where_the_log_is():
    async with evening(bill=bill()) as it:
        await shown(it, "after")
        assert "stagectl log" in it.text()


async def test_the_log_of_a_show_in_which_nothing_went_says_so():
    async with evening(bill=bill(), home=Caller(Refused("No cue has gone yet"))) as it:
        await shown(it, "after")
        assert "No cue has gone yet" in it.text()


async def test_the_log_is_read_again_while_the_show_goes_on():
    caller = Caller()
    async with evening(bill=bill(), home=caller) as it:
        await shown(it, "after")
        before = len(caller.asked)
        await it.wait(60.0)
        await shown(it, "after")
        assert len(caller.asked) > before


def test_what_still_runs_is_counted_by_the_snapshot():
    recording, stream = counted(RUN, snapshots.live()).outputs
    assert (recording.bytes, recording.seconds) == (412_300_000.0, 1842.0)
    assert stream == RUN.outputs[1]


def test_all_that_happened_is_said_in_its_order():
    told = [(entry.kind, entry.by) for entry in logbook.entries(RUN)]
    assert told == [
        ("Stream", ""), ("Recording", ""), ("Covered", "the panel"), ("Note", "the panel"),
        ("Took over", "the panel 2"),
    ]  # fmt: skip


# ---- the stage clock's pane


@pytest.mark.parametrize("size", SIZES)
async def test_the_pane_shows_what_the_speaker_sees_and_a_touch_says_more(size):
    async with evening(replace(snapshots.live(), message="请大声"), size, bill=bill()) as it:
        await shown(it, "stageclock")
        assert "The speaker sees this" in it.text()
        assert "请大声" in it.text()  # what has no large letters stands in small ones
        await it.touch("#stageclock-0")
        await it.touch("#stageclock-clear")
        assert it.asked == [Message("5 minutes left"), Message("")]


async def test_messages_are_in_the_language_spoken_at_the_event():
    with tongue.speaking("en"):
        async with evening(bill=bill(spoken="nb")) as it:
            await shown(it, "stageclock")
            await it.press("3")
            assert it.asked == [Message("Avslutt nå")]
            assert "Take it away" in it.text()


async def test_the_message_that_stands_says_so_in_a_word():
    async with evening(replace(snapshots.live(), message="Thank you!"), bill=bill()) as it:
        await shown(it, "stageclock")
        assert it.text().count("● is shown") == 1
        await it.say(replace(snapshots.live(), message="Noe eget"))
        assert "8  ● is shown" in it.text()
        await it.say(snapshots.live())
        assert "is shown" not in it.text()


async def test_an_own_text_is_typed_and_said():
    async with evening(bill=bill()) as it:
        await shown(it, "stageclock")
        await it.press("8", *"vent", "enter")
        assert [m.text.casefold() for m in it.asked] == ["vent"]


async def test_by_arrows_and_enter_alone():
    async with evening(bill=bill()) as it:
        await shown(it, "stageclock")
        await it.press("down", "right", "enter")
        assert it.asked == [Message("1 minute left")]


async def test_who_only_watches_says_nothing_to_the_stage():
    heard = (Hello("vegg", "watch"), bill(), replace(snapshots.live(), message="Hei"))
    async with evening(heard=heard) as it:
        await shown(it, "stageclock")
        await it.press("1", "8", "0")
        await it.touch("#stageclock-1")
        assert it.asked == []
