"""I dag: every event with its state, opened by one touch or one key; every refusal in words."""

import asyncio
import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.app import App

from stagectl.panel import board as boards
from stagectl.panel.board import Board, Heading
from stagectl.panel.home import (
    Asked,
    Day,
    EventLine,
    Opened,
    Refused,
    Way,
)
from stagectl.panel.screens.today import Today
from stagectl.panel.wish import Close
from stagectl.words import tongue
from tests.panel.canned import KIOSK, NARROW, WIDE
from tests.panel.days import DAY, EVENTS, HALL, Canned, event
from tests.panel.snapshots import WALL  # 2026-11-28 19:42 in Oslo


class Shell(App[None]):
    """An app that has nothing but the screen, and keeps what it says."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False

    def __init__(self, screen: Today) -> None:
        super().__init__()
        self.first = screen
        self.chosen: list[Opened] = []
        self.closed = self.left = 0

    async def on_mount(self) -> None:
        await self.push_screen(self.first)

    def on_today_chosen(self, message: Today.Chosen) -> None:
        self.chosen.append(message.opened)

    def on_today_left(self, message: Today.Left) -> None:
        self.left += 1

    def on_close(self, message: Close) -> None:
        self.closed += 1


class Evening:
    """The screen under test."""

    def __init__(self, home, app, pilot):
        self.home, self.app, self.pilot = home, app, pilot
        self.today: Today = app.first

    async def settle(self):
        for _ in range(3):
            await self.pilot.pause()
        self.today.draw()
        await self.pilot.pause()

    async def until(self, true):
        async with asyncio.timeout(10):
            while not true():
                await self.pilot.pause(0.02)
        await self.settle()

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.settle()

    def text(self):
        strips = self.today._compositor.render_strips()
        return "\n".join("".join(s.text for s in strip).rstrip() for strip in strips)

    def row_of(self, text):
        return next(n for n, row in enumerate(self.text().splitlines()) if text in row)

    async def touch(self, text, column=30):
        for _page in range(5):
            if text in self.text():
                break
            await self.press("pagedown")
        at = (column, self.row_of(text))
        await self.pilot.mouse_down(offset=at)
        await self.pilot.mouse_up(offset=at)
        await self.settle()


@asynccontextmanager
async def evening(day=DAY, size=KIOSK, home=None, **parts):
    home = home or Canned(day)
    app = Shell(Today(home, wall=lambda: WALL, **parts))
    async with app.run_test(size=size) as pilot:
        it = Evening(home, app, pilot)
        await it.until(lambda: app.first.board.day is not None)
        yield it


# ---- the list


def listed(board):
    return [i.word if isinstance(i, Heading) else i.path[6:-5] for i in boards.items(board)]


def test_what_runs_comes_first_then_today_then_what_comes_then_what_has_been():
    assert listed(Board(DAY, WALL)) == [
        "Now", "debatt", "Today", "lesing", "konsert", "To come", "film", "laser", "podkast",
        "Has been", "nyttår", "Without a date", "prøve",
    ]  # fmt: skip


def test_after_midnight_at_the_venue_today_is_another_day():
    board = Board(DAY, WALL + 4.5 * 3600)  # 0:12 in Oslo, 23:12 in London
    assert listed(board)[2:4] == ["Today", "film"]


def test_what_has_been_is_told_the_newest_day_first():
    days = ("2025-01-01", "2026-01-01", "2026-11-27")
    day = Day(tuple(event(name, name) for name in days), timezone="Europe/Oslo")
    assert listed(Board(day, WALL)) == ["Has been", *reversed(days)]


@pytest.mark.parametrize("rows", [9, 14, 18, 30, 47])
def test_every_event_is_on_one_page_whole_and_no_heading_ends_one(rows):
    many = Day(tuple(event(f"{n:04}", f"2026-11-{n % 30 + 1:02}") for n in range(1272)))
    many = replace(many, events=tuple(sorted(many.events, key=lambda e: e.date)))
    board = Board(many, WALL)
    items, seen = boards.items(board), []
    for first, behind in boards.pages(items, rows):
        on_it = [i for i in items[first:behind] if isinstance(i, EventLine)]
        assert on_it
        assert isinstance(items[behind - 1], EventLine)
        drawn = boards.layout(items, rows, on_it[0].path)
        assert len(drawn) <= rows
        for place in range(first, behind):
            high = 1 if isinstance(items[place], Heading) else boards.HIGH
            assert sum(at == place for at, _row in drawn) == high
        seen += on_it
    assert sorted(e.path for e in seen) == sorted(e.path for e in many.events)


def test_a_page_is_kept_by_its_event_when_files_come_and_go():
    board = Board(DAY, WALL, first="/cues/laser.yaml")
    laser = next(e for e in EVENTS if e.path == board.first)
    more = replace(DAY, events=(event("ny", start="08:00"), *DAY.events))
    for rows in (5, 9, 17):
        for seen in (board, replace(board, day=more)):
            assert laser in {boards.event_at(seen, rows, y) for y in range(rows)}
    gone = replace(board, day=Day(EVENTS[:2], timezone="Europe/Oslo"))
    assert boards.event_at(gone, 9, 1) == EVENTS[1]


# ---- what is seen


@pytest.mark.parametrize("size", [NARROW, KIOSK, WIDE])
async def test_every_event_says_its_state_in_a_word_and_a_shape(size):
    async with evening(size=size) as it:
        seen = ""
        for _page in range(5):
            seen += it.text()
            await it.press("pagedown")
        for said in ("► runs now", "■ run", "✓ ready", "! 3 mistakes", "… is being read"):
            assert said in seen
        assert "another room: Medierommet" in seen
        assert "Ukrainian" in seen
        assert "run today at 11:02, lasted 59:00" in seen
        assert "published" not in seen


async def test_the_head_says_the_room_the_date_in_words_and_the_time():
    async with evening(replace(DAY, language="nb")) as it:
        await it.settle()
        text = it.text()
        assert "Lørdag 28. november" in text
        assert HALL in text
    async with evening(size=NARROW) as it:
        assert "19:42:07" in it.text()
        assert "Saturday 28 November" in it.text()


async def test_a_language_that_was_asked_for_is_spoken_whatever_the_venue_says():
    with tongue.speaking("en"):
        async with evening(replace(DAY, language="nb"), language="en") as it:
            assert "Saturday 28 November" in it.text()


async def test_how_far_the_reading_has_come_is_said_in_words():
    async with evening(replace(DAY, unread=3)) as it:
        assert "Reading the events: 5 of 8" in it.text()
        looks = it.home.looks
        await it.until(lambda: it.home.looks > looks + 2)  # it reads on, and waits for nobody
        it.home.day = DAY
        await it.until(lambda: "8 events" in it.text())


async def test_a_file_that_changed_is_seen_by_itself(monkeypatch):
    monkeypatch.setattr("stagectl.panel.screens.today.POLL", 0.05)
    async with evening() as it:
        it.home.day = replace(DAY, events=(event("nytt", title="Et nytt arrangement"), *EVENTS))
        await it.until(lambda: "Et nytt arrangement" in it.text())


async def test_a_folder_without_events_says_where_they_would_be():
    async with evening(Day(folder="/bibliotek/cues")) as it:
        assert "There are no events in /bibliotek/cues" in it.text()


async def test_a_title_that_looks_like_markup_is_told_as_it_is():
    odd = event("odd", title="[@click=app.fire]Kari[/] \x1b[31m\u202erød")
    async with evening(Day((odd,), timezone="Europe/Oslo")) as it:
        assert "[@click=app.fire]Kari[/] ␛[31m<U+202E>rød" in it.text()


# ---- opening one


OPENED = Opened("/cues/konsert.yaml", "ws://127.0.0.1:1", "t", lambda: None)
OPEN_KONSERT = [("/cues/konsert.yaml", "")]


@pytest.mark.parametrize("size", [NARROW, KIOSK, WIDE])
@pytest.mark.parametrize("row", [0, 1, 2])
async def test_one_touch_opens_an_event_wherever_it_is_hit(size, row):
    async with evening(size=size) as it:
        it.home.outcome = OPENED
        while "Forfattermøte" not in it.text():
            await it.press("pagedown")
        at = (40, it.row_of("Forfattermøte") + row)
        await it.pilot.mouse_down(offset=at)
        await it.pilot.mouse_up(offset=at)
        await it.until(lambda: it.app.chosen)
        assert it.app.chosen == [OPENED]
        assert it.home.asked == OPEN_KONSERT


async def test_an_event_is_opened_by_keys_alone():
    async with evening() as it:
        it.home.outcome = OPENED
        await it.press("down", "down", "down")
        assert it.today.board.marked == "/cues/konsert.yaml"
        await it.press("enter")
        await it.until(lambda: it.app.chosen)
        assert it.home.asked == OPEN_KONSERT


async def test_the_mark_takes_the_page_along():
    async with evening(size=NARROW) as it:
        await it.press(*["down"] * len(EVENTS))
        assert "Skrivekurs" in it.text()
        await it.press("home")
        assert "Debatt" in it.text()


async def test_a_finger_that_slides_to_another_event_opens_none():
    async with evening() as it:
        await it.pilot.mouse_down(offset=(30, it.row_of("Forfattermøte")))
        await it.pilot.mouse_up(offset=(30, it.row_of("Foredrag og film")))
        await it.settle()
        assert it.home.asked == []


async def test_while_one_is_being_opened_it_says_so_and_no_other_is():
    class Slow(Canned):
        def open(self, path, how=""):
            opened = super().open(path, how)
            gate.wait(5)
            return opened

    gate = threading.Event()
    async with evening(home=Slow(DAY)) as it:
        it.home.outcome = OPENED
        await it.touch("Forfattermøte")
        await it.until(lambda: it.home.asked)
        assert "… is being opened" in it.text()
        await it.touch("Foredrag og film")
        gate.set()
        await it.until(lambda: it.app.chosen)
        assert it.home.asked == OPEN_KONSERT
        assert "is being opened" not in it.text()


async def test_a_refusal_is_told_with_its_cure_and_goes_when_it_is_read():
    async with evening() as it:
        it.home.outcome = Refused("Others can write in /x, so nothing was started.", "chmod 700 /x")
        await it.touch("Forfattermøte")
        await it.until(lambda: it.today.board.outcome is not None)
        assert "! Others can write in /x" in it.text()
        assert "► chmod 700 /x" in it.text()
        await it.touch("Fine")
        assert "chmod" not in it.text()
        assert it.app.chosen == []


@pytest.mark.parametrize("by", ["touch", "digit", "arrows"])
async def test_what_has_to_be_chosen_is_asked_on_the_screen(by):
    asked = Asked("The run until 19:40 was never ended", "Cue 12 was on stage.",
                  (Way("Go on", "/cues/konsert.yaml", "resume"),
                   Way("Begin anew", "/cues/konsert.yaml", "fresh")))  # fmt: skip
    async with evening() as it:
        it.home.outcome = asked
        await it.touch("Forfattermøte")
        await it.until(lambda: it.today.board.outcome is not None)
        assert "Cue 12 was on stage." in it.text()
        it.home.outcome = OPENED
        match by:
            case "touch":
                await it.touch(
                    "Begin anew", it.text().splitlines()[it.row_of("Begin anew")].index("Begin")
                )
            case "digit":
                await it.press("2")
            case "arrows":
                await it.press("right", "enter")
        await it.until(lambda: it.app.chosen)
        assert it.home.asked == [*OPEN_KONSERT, ("/cues/konsert.yaml", "fresh")]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Verdt å snakke om", "is in another room"),
        ("Høytlesning med", "Open it for another run?"),
    ],
)
async def test_what_is_seldom_meant_is_asked_before_it_is_opened(title, said):
    async with evening() as it:
        await it.touch(title)
        assert said in it.text()
        assert it.home.asked == []
        await it.press("escape")
        assert said not in it.text()
        await it.touch(title)
        it.home.outcome = OPENED
        await it.press("enter")
        await it.until(lambda: it.app.chosen)
        assert len(it.home.asked) == 1


async def test_the_buttons_turn_the_pages_and_close_the_panel():
    async with evening(size=NARROW) as it:
        assert "page 1 of" in it.text()
        await it.pilot.click("#down")
        await it.settle()
        assert "page 2 of" in it.text()
        await it.pilot.click("#up")
        await it.settle()
        assert "page 1 of" in it.text()
        await it.pilot.click("#down")
        await it.pilot.click("#top")
        await it.settle()
        assert "page 1 of" in it.text()
        await it.pilot.click("#close")
        await it.settle()
        assert it.app.closed == 0  # no finger closes a kiosk by mistake
        assert "What runs goes on without it." in it.text()
        await it.pilot.click("#answer-0")
        await it.settle()
        assert it.app.closed == 1


async def test_ctrl_c_asks_and_closes_nothing_by_itself():
    async with evening() as it:
        await it.press("ctrl+c")
        assert "Close the panel?" in it.text()
        await it.press("enter")  # the marked answer is to leave it
        assert it.app.closed == 0
        assert "Close the panel?" not in it.text()


async def test_over_a_show_there_is_a_way_back_to_it_by_touch_and_by_key():
    async with evening(over=True) as it:
        await it.pilot.click("#back")
        await it.press("escape")
        assert it.app.left == 2
    async with evening() as it:
        await it.press("escape")
        assert it.app.left == 0
        assert "To the show" not in it.text()
