"""Every screen there is, canned: what is drawn, read and measured in test_screens and its like.

A pane gets its pictures from the frame's own list of panes, so that a new one is drawn at once and
fails until somebody has looked at it. A moment that a pane does not come to by itself (text being
typed, a page turned) is a line here.
"""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from textual.screen import Screen

import stagectl.panel
import stagectl.profiles
from stagectl.engine.intent import Put
from stagectl.engine.snapshot import Snapshot
from stagectl.panel.home import Outcome
from stagectl.panel.link import Gone, Hello
from stagectl.panel.panes.slots import NAMES
from stagectl.panel.playbill import Playbill
from stagectl.panel.screens.clock import Clock, StageClock
from stagectl.panel.screens.live import Live
from stagectl.panel.screens.today import Today
from stagectl.panel.view import PaneName
from stagectl.sim.view import StageView
from stagectl.words import tongue
from tests.panel import days, snapshots
from tests.panel.by_hand import Desk, bill_of
from tests.panel.canned import GROUND_LETTERS, KIOSK, ME, NARROW, WIDE, Canned, Evening, evening
from tests.panel.test_panes_after import LOGS, PATH, RUN, Caller
from tests.words.catalogues import unmarked

SIZES = (NARROW, KIOSK, WIDE)
LANGUAGES = ("nb", "en")


async def _nothing(it: Evening) -> None:
    """Leave it as it came."""


@dataclass(frozen=True)
class Picture:
    """One screen: what the desk says, what is open, and what is done before it is drawn."""

    name: str
    snap: Callable[[], Snapshot] = snapshots.live
    bill: Callable[[], Playbill] = snapshots.debate
    pane: PaneName = "cues"
    then: Callable[[Evening], Awaitable[None]] = _nothing
    screen: type[Screen[Any]] = Live
    open: Callable[["Picture", tuple[int, int]], AbstractAsyncContextManager[Evening]] | None = None
    """How it is opened, where it is no panel on the canned desk."""


async def _lost(it: Evening) -> None:
    await it.say(Gone("lost"))


async def _guest(it: Evening) -> None:
    """An outside organiser's, with one microphone, until two hours from now."""
    await it.say(Hello("guest browser", "guest", ("mixer.guest",), snapshots.WALL + 2 * 3600))


async def _logged_out(it: Evening) -> None:
    await _guest(it)
    await it.say(Gone("expired"))


async def _watching(it: Evening) -> None:
    await it.say(Hello("panel", "watch"))


PROFILES = (Path(stagectl.profiles.__path__[0])).glob("*.yaml")
TYPED = frozenset(
    {
        *("applaus", "intro", "pedal"),
        *unmarked(" ".join((*days.TEXTS, *(path.stem for path in PROFILES)))),
        *unmarked(" ".join((LOGS, *(output.path for output in RUN.outputs)))),
    }
)
"""What films are called in OBS, a pedal in its room, profiles by their files, and where files lie:
they look like codes of the desk's, and are names."""

MOMENTS = (
    Picture("live"),
    Picture("trouble", snapshots.trouble),
    Picture("ready", snapshots.ready),
    Picture("holding", snapshots.holding),
    Picture("stopped", snapshots.stopped),
    Picture("covered", snapshots.covered),
    Picture("ended", snapshots.ended),
    Picture("closed", snapshots.ended, then=_lost),
    Picture("no_contact", then=_lost),
    Picture("guest", then=_guest),
    Picture("guest_menu", pane="menu", then=_guest),
    Picture("logged_out", then=_logged_out),
    Picture("watching", then=_watching),
    Picture("chapters", snapshots.chapters, snapshots.concert),
    Picture("overrun", snapshots.overrun, snapshots.concert),
    Picture("edited", snapshots.edited),
    Picture("mistaken", snapshots.mistaken),
    Picture("reloaded", snapshots.reloaded),
)

BUILT_IN: tuple[PaneName, ...] = ("room", "keys", "beside")
"""Panes that the live screen draws itself."""


def _panes() -> Iterator[Picture]:
    for name in (*sorted(NAMES), *BUILT_IN):
        yield Picture(name, pane=name)
    for name in (*sorted(NAMES), "room"):
        yield Picture(f"{name}_trouble", snapshots.trouble, pane=name)


def _by_hand(page: int, *also: str, held: bool = False) -> Picture:
    """«Hånd» over the main stage itself, cue 8 on it, after pressing these."""

    @asynccontextmanager
    async def opened(_picture: Picture, size: tuple[int, int]) -> AsyncIterator[Evening]:
        desk = Desk(cues=14)
        if held:
            desk.ask(Put("lights.house", 70.0), Put("mixer.guest.level", -12.0))
            desk.answer()
        heard = (Hello(ME, "operate"), bill_of("the stage"), desk.snapshot)
        async with evening(size=size, heard=heard, language=tongue.spoken()) as it:
            await it.press("h", str(page), *also)
            yield it

    pages = ("picture", "sound", "light", "text", "other", "held")
    name = "_".join(["hand", pages[page - 1], *("edited" for _key in also[:1])])
    return Picture(name, pane="hand", open=opened)


async def _today(it: Evening, outcome: Outcome | None = None) -> Today:
    home = days.Canned(days.DAY)
    home.outcome = outcome or home.outcome
    today = Today(home, language=tongue.spoken(), wall=lambda: snapshots.WALL)
    await it.panel.push_screen(today)
    while today.board.day is None:
        await it.pilot.pause(0.01)
    today.draw()
    return today


async def _day(it: Evening) -> None:
    await _today(it)


async def _asked(it: Evening) -> None:
    today = await _today(it, days.UNENDED)
    await it.press("down", "down", "down", "enter")
    while today.board.outcome is None:
        await it.pilot.pause(0.01)


def _after(name: str, snap: Callable[[], Snapshot]) -> Picture:
    """«Etterpå» where the panel was started beside the log."""

    @asynccontextmanager
    async def opened(_picture: Picture, size: tuple[int, int]) -> AsyncIterator[Evening]:
        bill = replace(snapshots.debate(), path=PATH)
        home: Any = Caller()
        heard = (Hello(ME, "operate"), bill, snap())
        async with evening(size=size, heard=heard, home=home, language=tongue.spoken()) as it:
            it.panel.view = replace(it.panel.view, pane="after")
            await it.settle()
            while not all(w.is_finished for w in it.panel.workers if w.group.startswith("after")):
                await it.pilot.pause(0.02)
            await it.settle()
            yield it

    return Picture(name, pane="after", open=opened)


def _clock(name: str, **changes: Any) -> Picture:
    """The stage clock, full screen."""

    @asynccontextmanager
    async def opened(_picture: Picture, size: tuple[int, int]) -> AsyncIterator[Evening]:
        link = Canned(Hello(ME, "watch"), snapshots.debate(), replace(snapshots.live(), **changes))
        clock = [100.0]
        app: Any = StageClock(
            link, language=tongue.spoken(), clock=lambda: clock[0], wall=lambda: snapshots.WALL
        )
        async with app.run_test(size=size) as pilot:
            it = Evening(link, app, pilot, clock)
            await link._saying.join()
            await it.settle()
            yield it

    return Picture(name, screen=Clock, open=opened)


WITHIN = (
    _by_hand(1), _by_hand(2), _by_hand(3), _by_hand(4), _by_hand(5), _by_hand(6, held=True),
    _by_hand(4, "down", "down", "enter"), _after("after_log", snapshots.ended),
)  # fmt: skip
"""What a pane shows only when somebody has touched something in it."""

SCREENS = (
    Picture("today", then=_day, screen=Today),
    Picture("today_asked", then=_asked, screen=Today),
    _clock("clock"),
    _clock("clock_message", elapsed=850.0, message="5 minutter igjen"),
    _clock("clock_over", elapsed=970.0),
)
"""The screens besides Live."""

PICTURES = (*MOMENTS, *_panes(), *WITHIN, *SCREENS)


@asynccontextmanager
async def shown(picture: Picture, size: tuple[int, int] = KIOSK) -> AsyncIterator[Evening]:
    """Open a panel that shows this."""
    if picture.open is not None:
        async with picture.open(picture, size) as it:
            yield it
        return
    beside = StageView() if picture.pane == "beside" else None
    async with evening(picture.snap(), size, bill=picture.bill(), beside=beside) as it:
        it.panel.view = replace(it.panel.view, pane=picture.pane)
        await it.settle()
        await picture.then(it)
        await it.settle()
        yield it


def told(it: Evening) -> str:
    """Return a screen's words and its colours, as they lie in tests/panel/screens/."""
    legend = " ".join(f"{letter} {name}" for name, letter in GROUND_LETTERS.items())
    return f"{it.text()}\n\n{legend}\n\n{it.grounds()}\n"


def modules() -> Iterator[ModuleType]:
    """Every module of the panel."""
    for found in pkgutil.walk_packages(stagectl.panel.__path__, "stagectl.panel."):
        yield importlib.import_module(found.name)


def screens() -> set[type]:
    """Every screen there is."""
    found = {
        thing
        for module in modules()
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Screen)
    }
    return {screen for screen in found if screen.__module__.startswith("stagectl.panel.")}


def pane_names() -> set[str]:
    """Every pane a view can name."""
    return set(get_args(PaneName)) - {"cues"}
