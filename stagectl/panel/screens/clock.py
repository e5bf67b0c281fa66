"""The stage clock, full screen: it hears the desk as every panel does, and asks it for nothing."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic, time

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.theme import Theme

from stagectl.engine.snapshot import Snapshot
from stagectl.panel import palette, terminal
from stagectl.panel.dial import draw_dial
from stagectl.panel.link import Gone, Heard, Hello, Link
from stagectl.panel.playbill import Playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted
from stagectl.words import tongue

TICK = 0.2  # seconds between two looks at the clock: a second is never skipped
LOOK = 1.0  # seconds between two looks whether the terminal is still there


class Clock(Screen[None]):
    """Nothing but the clock."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(id="clock")
        self._dial = Painted(draw_dial, id="dial")

    def compose(self) -> ComposeResult:
        """Take the whole screen."""
        yield self._dial

    def show(self, view: View) -> None:
        """Show this view from now on."""
        self._dial.show(view)


class StageClock(App[int]):
    """A stage clock on one desk."""

    CSS = "#dial { width: 1fr; height: 1fr; }"
    BINDINGS = [Binding("ctrl+q,ctrl+c", "quit", priority=True)]
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    TITLE = "stagectl"

    def __init__(
        self,
        link: Link,
        *,
        language: str | None = None,
        clock: Callable[[], float] = monotonic,
        wall: Callable[[], float] = time,
    ) -> None:
        """Show nothing yet; `language` None: the venue's, as soon as it is known."""
        super().__init__()
        self.link = link
        self.language = language
        self.view = View(role="watch")
        self.clock = clock
        self.wall = wall
        self.screen_ = Clock()

    async def on_mount(self) -> None:
        """Listen, and let the clock run."""
        page = palette.page()
        self.register_theme(Theme("stagectl", primary=palette.GO, background=page, surface=page))
        self.theme = "stagectl"
        await self.push_screen(self.screen_)
        self.set_interval(TICK, self.draw)
        if (fd := terminal.watched()) is not None:
            self.set_interval(LOOK, lambda: self._end_with_terminal(fd))
        self.run_worker(self._listen(), exit_on_error=True)

    async def _listen(self) -> None:
        async for heard in self.link.listen():
            self.take(heard)

    def take(self, heard: Heard) -> None:
        """Take in one thing that the desk said."""
        match heard:
            case Snapshot():
                self.view = self.view.hear(heard, self.clock())
            case Playbill():
                if not self.language and heard.language:
                    tongue.use(heard.language)
                self.view = replace(self.view, bill=heard)
            case Hello(by=by):
                self.view = replace(self.view, by=by)
            case Gone(contact):
                self.view = replace(self.view, contact=contact)
            case _:
                return
        self.draw()

    def draw(self) -> None:
        """Draw the newest view."""
        self.view = replace(self.view, now=self.clock(), wall=self.wall())
        self.screen_.show(self.view)

    def _end_with_terminal(self, fd: int) -> None:
        if terminal.is_gone(fd):
            self.exit(0)

    def _fatal_error(self) -> None:
        """End without Textual's traceback: it prints locals, and a token is a local somewhere."""
        self._close_messages_no_wait()
