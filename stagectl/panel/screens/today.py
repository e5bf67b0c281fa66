"""The first screen of an evening: the events there are; one touch opens one."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import time
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen

from stagectl.panel import board as boards
from stagectl.panel.board import Board
from stagectl.panel.home import Asked, Day, EventLine, Home, How, Opened, Refused, Way
from stagectl.panel.view import View
from stagectl.panel.widgets.eventlist import EventList
from stagectl.panel.widgets.events import (
    close_asked,
    draw_head,
    draw_outcome,
    first_asked,
    page_said,
)
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.panel.wish import Close
from stagectl.words import tongue
from stagectl.words.tongue import _

POLL = 2.0  # seconds between two looks at the files
TICK = 0.5  # seconds between two looks at the clock
BREATH = 0.03  # seconds between two readings: the screen has its turn
MOST = 3  # answers to one question, the one that leaves it among them


class Today(Screen[None]):
    """I dag. It reads by itself for as long as it is what is seen."""

    CSS = """
    Today #today-head { height: 3; margin: 0 0 1 0; }
    Today.-low #today-head, Today.-narrow #today-head { height: 2; }
    Today.-low #today-head { margin: 0; }
    Today #events { height: 1fr; margin: 0 0 1 0; }
    Today #asked { height: auto; display: none; margin: 0 0 1 0; }
    Today #outcome { height: 4; }
    Today #answers, Today #today-pads { height: 3; }
    Today #answers Touch, Today #today-pads Touch { width: 1fr; height: 3; margin: 0 1 0 0; }
    Today #answers Touch.last, Today #today-pads Touch.last { margin: 0; }
    Today.-asked #asked { display: block; }
    Today.-asked.-low #today-pads { display: none; }
    Today.-asked.-low #asked { margin: 0; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (170, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high"), (46, "-tall")]
    BINDINGS = [
        Binding(key, action, show=False, priority=True)
        for key, action in (
            ("up", "mark(-1)"),
            ("down", "mark(1)"),
            ("left", "beside(-1)"),
            ("right", "beside(1)"),
            ("tab", "beside(1)"),
            ("pageup", "page(-1)"),
            ("pagedown", "page(1)"),
            ("home", "top"),
            ("enter", "enter"),
            ("escape", "leave"),
            ("1", "answer(0)"),
            ("2", "answer(1)"),
            ("3", "answer(2)"),
            ("f8", "app.contrast"),
            ("ctrl+q", "close"),
            ("ctrl+c", "how_to_close"),
        )
    ]

    class Chosen(Message):
        """A desk is up with the show that somebody chose: the app goes to it."""

        def __init__(self, opened: Opened) -> None:
            """Say which."""
            super().__init__()
            self.opened = opened

    class Left(Message):
        """The operator goes back to the show that lies below."""

    def __init__(
        self,
        home: Home,
        *,
        over: bool = False,
        language: str | None = None,
        wall: Callable[[], float] = time,
    ) -> None:
        """Read nothing yet.

        `over`: a show lies below, to go back to. `language`: spoken whatever the venue says.
        """
        super().__init__()
        self.home = home
        self.board = Board(wall=wall())
        self._wall = wall
        self._language = language
        self._over = over
        self._one = asyncio.Lock()  # a Home is asked one thing at a time
        self._list = EventList()
        self._rows = 0
        self._page = (0, 0)

    def compose(self) -> ComposeResult:
        """Head, list, what came of it, and the buttons below."""
        yield Painted(self._head, id="today-head")
        yield self._list
        with Vertical(id="asked"):
            yield Painted(lambda _v, c, r: draw_outcome(self.board, c, r), id="outcome")
            with Horizontal(id="answers"):
                for n in range(MOST):
                    yield Touch(f"answer-{n}", self._answer_look(n))
        with Horizontal(id="today-pads"):
            for name, look in self._pads():
                yield Touch(name, look)

    def on_mount(self) -> None:
        """Read, and let the clock run."""
        self.set_interval(TICK, self._tick)
        self.run_worker(self._watch(), exit_on_error=True)

    # ---- what the house says

    async def _watch(self) -> None:
        while True:
            if self.is_current:
                async with self._one:
                    day = await asyncio.to_thread(self.home.today)
                self._hear(day)
            await asyncio.sleep(BREATH if self.is_current and self._unread else POLL)

    @property
    def _unread(self) -> bool:
        return self.board.day is None or self.board.day.unread > 0

    def _hear(self, day: Day) -> None:
        if not self._language and day.language and tongue.spoken() != day.language:
            tongue.use(day.language)
        if day != self.board.day:
            self._change(day=day)

    async def _open(self, path: str, how: How) -> None:
        """Open an event, and go to it; or say why not."""
        async with self._one:
            outcome = await asyncio.to_thread(self.home.open, path, how)
        self._change(opening="")
        if isinstance(outcome, Opened):
            self.post_message(self.Chosen(outcome))
        else:
            self._change(outcome=outcome, choice=0)

    # ---- touches and keys

    @on(EventList.Touched)
    def _touched(self, event: EventList.Touched) -> None:
        self._choose(event.event)

    @on(EventList.Turned)
    def _turned(self, event: EventList.Turned) -> None:
        self.action_page(event.pages)

    @on(Touch.Pressed)
    async def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        name, _dash, number = event.button.partition("-")
        if name == "answer":
            self.action_answer(int(number))
        else:
            actions = {"up": "page(-1)", "down": "page(1)", "top": "top", "back": "leave",
                       "close": "how_to_close"}  # fmt: skip
            await self.run_action(actions[name])

    def action_mark(self, steps: int) -> None:
        """Mark another event, and show it."""
        rows = self._list.size.height
        marked = boards.step(self.board, rows, steps)
        self._change(marked=marked, first=marked, outcome=None)

    def action_beside(self, steps: int) -> None:
        """Mark another answer, or turn the page where nothing is asked."""
        answers = len(self._ways()) + 1
        if self.board.outcome is None:
            self.action_page(steps)
        else:
            self._change(choice=(self.board.choice + steps) % answers)

    def action_page(self, pages: int) -> None:
        """Look further up or down."""
        first = boards.turned(self.board, self._list.size.height, pages)
        self._change(first=first, marked="", outcome=None)

    def action_top(self) -> None:
        """Back to today's."""
        self._change(first="", marked="", outcome=None)

    def action_enter(self) -> None:
        """Take the marked answer, or open the marked event."""
        if self.board.outcome is not None:
            self.action_answer(self.board.choice)
            return
        found = (e for e in boards.events(self.board) if e.path == self.board.marked)
        if (event := next(found, None)) is not None:
            self._choose(event)

    def action_leave(self) -> None:
        """Leave what is asked; with nothing asked, go back to the show below."""
        if self.board.outcome is not None:
            self._change(outcome=None)
        elif self._over and not self.board.opening:
            self.post_message(self.Left())
        else:
            self._change(marked="")

    def action_answer(self, number: int) -> None:
        """Take one of the answers; the last one leaves it."""
        ways = self._ways()
        if self.board.outcome is None or self.board.opening or number > len(ways):
            return
        if number == len(ways):
            self._change(outcome=None)
        elif not ways[number].path:
            self.action_close()
        else:
            self._go(ways[number].path, ways[number].how)

    def action_how_to_close(self) -> None:
        """Ask first: no finger closes a kiosk by mistake."""
        self._change(outcome=close_asked(), choice=1)

    def action_close(self) -> None:
        """Close this panel; what runs goes on."""
        self.post_message(Close())

    def _choose(self, event: EventLine) -> None:
        """Open an event, unless there is something to be asked first."""
        if self.board.opening:
            return
        asked = first_asked(self.board, event)
        if asked is not None:
            self._change(outcome=asked, choice=0, marked=event.path)
        else:
            self._go(event.path, "")

    def _go(self, path: str, how: How) -> None:
        if not self.board.opening:
            self._change(opening=path, outcome=None)
            self.run_worker(self._open(path, how), exit_on_error=True)

    # ---- drawing

    def _change(self, **parts: Any) -> None:  # noqa: ANN401 -- the fields of Board, by name
        self.board = replace(self.board, **parts)
        self.draw()

    def _tick(self) -> None:
        """Let the clock go on; only at midnight is the list another one."""
        before, wall = self.board.today, self._wall()
        self.board = replace(self.board, wall=wall)
        if self.board.today != before:
            self.draw()
        else:
            self.query_one("#today-head", Painted).paint()

    def draw(self) -> None:
        """Draw the newest board; what has not changed costs nothing."""
        self.board = replace(self.board, wall=self._wall())
        self._list.board = self.board
        self._rows = self._list.size.height
        self._page = self._seen()
        was_asked = self.has_class("-asked")
        self.set_class(self.board.outcome is not None, "-asked")
        answers = len(self._ways()) + 1
        for n in range(MOST):
            for button in self.query(f"#answer-{n}").results(Touch):
                button.display = n < answers
                button.set_class(n == answers - 1, "last")
                button.mark(on=n == self.board.choice)
        for painted in self.query(Painted):
            painted.paint()
        if self.has_class("-asked") != was_asked:
            self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        """A question takes rows from the list: another page is seen, of more or fewer."""
        for painted in self.query("#today-head, #today-pads Touch").results(Painted):
            painted.paint()

    def _head(self, _view: View, columns: int, rows: int) -> list[Row]:
        if self._list.size.height != self._rows:  # the list has another size than when it was drawn
            self._rows, self._page = self._list.size.height, self._seen()
        return draw_head(self.board, columns, rows, page_said(*self._page))

    def _ways(self) -> tuple[Way, ...]:
        outcome = self.board.outcome
        return outcome.ways[: MOST - 1] if isinstance(outcome, Asked) else ()

    def _answer_look(self, n: int) -> Callable[[View], Look]:
        def look(_view: View) -> Look:
            ways = self._ways()
            if n < len(ways):
                return Look(ways[n].word, "►", str(n + 1))
            word = _("Fine") if isinstance(self.board.outcome, Refused) else _("Leave it")
            return Look(word, "", "Esc")

        return look

    def _pads(self) -> list[tuple[str, Callable[[View], Look]]]:
        back = ("back", lambda _v: Look(_("To the show"), "", "Esc"))
        return [
            *([back] if self._over else []),
            ("top", lambda _v: Look(_("Today"), "", "Home", self._page[0] > 0)),
            ("up", lambda _v: Look(_("Up"), "▲", "PgUp", self._page[0] > 0)),
            (
                "down",
                lambda _v: Look(_("Down"), "▼", "PgDn", self._page[0] + 1 < self._page[1]),
            ),
            ("close", lambda _v: Look(_("Close the panel"), "", "Ctrl+Q")),
        ]

    def _seen(self) -> tuple[int, int]:
        """Return which page is seen, counted from nought, and how many there are."""
        listed = boards.items(self.board)
        every = boards.pages(listed, self._list.size.height)
        return boards.page_of(listed, every, self.board.first), len(every)
