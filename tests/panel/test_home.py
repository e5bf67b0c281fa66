"""From the events to a show and back: the panel goes to the desk of the event that was opened."""

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from stagectl.engine.intent import Go
from stagectl.panel import palette
from stagectl.panel.app import Panel
from stagectl.panel.home import Day, EventLine, Opened
from stagectl.panel.link import Hello
from stagectl.panel.screens.today import Today
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, Canned, Evening, evening


class House:
    """A home with two events, each with a desk of its own."""

    def __init__(self):
        self.asked = []

    def today(self):
        events = tuple(
            EventLine(f"cues/{n}.yaml", f"Show {n}", "2026-11-28", state="ready") for n in (1, 2)
        )
        return Day(events, "Scenen", "Europe/Oslo", "en")

    def open(self, path, how=""):
        self.asked.append((path, how))
        return Opened(path, f"ws://{path}", "token", lambda: None, ("The projector has no word.",))

    def runs(self, path):
        return ()


def desk(cue):
    return Canned(
        Hello(ME, "operate"), snapshots.debate(), replace(snapshots.live(), standby=cue, next=())
    )


@asynccontextmanager
async def at_home(link=None):
    """A panel with a house; each event's desk has another cue standing by."""
    desks = {"ws://cues/1.yaml": desk("5"), "ws://cues/2.yaml": desk("6")}
    panel = Panel(
        link, home=House(), reach=lambda opened: desks[opened.address], language="en",
        clock=lambda: 100.0, wall=lambda: snapshots.WALL,
    )  # fmt: skip
    async with panel.run_test(size=KIOSK) as pilot:
        it: Any = Evening(link, panel, pilot, [100.0])
        it.desks = desks
        await it.settle()
        yield it


async def until(it, met):
    for _ in range(200):
        if met():
            return
        await it.pilot.pause(0.02)
    assert met()


def shows_live(it):
    return it.panel.screen is it.panel.live and it.panel.view.contact == "up"


async def open_event(it, key="enter", steps=1):
    await until(it, lambda: it.panel.screen.board.day is not None)
    await it.pilot.press(*["down"] * steps, key)
    await until(it, lambda: shows_live(it))
    await it.settle()


async def test_a_panel_without_a_desk_begins_with_the_events_and_goes_to_the_one_opened():
    async with at_home() as it:
        assert isinstance(it.panel.screen, Today)
        await open_event(it)
        assert it.panel.home.asked == [("cues/1.yaml", "")]
        await it.press("space")
        assert it.desks["ws://cues/1.yaml"].asked == [Go(expect="5")]
        assert "The projector has no word." in it.text()


async def test_another_event_is_a_key_away_and_then_only_its_desk_is_heard():
    async with at_home() as it:
        await open_event(it)
        await it.press("f7")
        assert isinstance(it.panel.screen, Today)
        await open_event(it, steps=2)
        await it.desks["ws://cues/1.yaml"]._saying.put(snapshots.live())  # the old one talks on
        await it.settle()
        await it.press("space")
        assert it.desks["ws://cues/1.yaml"].asked == []
        assert it.desks["ws://cues/2.yaml"].asked == [Go(expect="6")]


async def test_the_menu_leads_to_the_events_only_where_somebody_knows_them():
    async with at_home(desk("4")) as it:
        assert shows_live(it)
        await it.touch("#menu")
        await it.touch("#menu-today")
        assert isinstance(it.panel.screen, Today)
    async with evening() as it:
        await it.press("f7", "m")
        await it.touch("#menu-today")
        assert it.panel.screen is it.panel.live


@pytest.fixture
def ordinary():
    yield
    palette.use("ordinary")


async def test_the_other_contrast_is_a_touch_or_a_key_away_and_all_is_drawn_in_it(ordinary):
    async with evening() as it:
        before = {ground for row in it._rows() for _text, ground in row}
        await it.press("m")
        await it.touch("#menu-contrast")
        assert palette.used() == "high"
        await it.press("escape")
        after = {ground for row in it._rows() for _text, ground in row}
        assert "#000000" in after
        assert "#000000" not in before
        await it.press("f8")
        assert {ground for row in it._rows() for _text, ground in row} == before
