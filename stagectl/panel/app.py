"""The Textual app: carries what the desk says to the screen, what people say to the desk."""

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from time import monotonic, time

from textual import on
from textual.app import App
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, MouseUp
from textual.theme import Theme
from textual.widget import Widget
from textual.worker import Worker, WorkerFailed

from stagectl.engine.intent import (
    Go,
    Intent,
    Keep,
    LetGo,
    Name,
    Put,
    Reload,
    Skip,
    StandBy,
    Trigger,
)
from stagectl.engine.snapshot import Snapshot
from stagectl.panel import palette, terminal
from stagectl.panel.ahead import Ahead
from stagectl.panel.gauges import LOOK as HEARKEN
from stagectl.panel.gauges import Gauges
from stagectl.panel.home import Home, Opened
from stagectl.panel.link import Find, Gone, Heard, Hello, Levels, Link, Reply, UnsentError, Wire
from stagectl.panel.playbill import Playbill
from stagectl.panel.screens.live import TWICE, Live
from stagectl.panel.screens.today import Today
from stagectl.panel.view import Answer, View
from stagectl.panel.widgets.meter import Meter
from stagectl.panel.widgets.touch import Touch
from stagectl.panel.wish import Changed, Close, Events, Wish
from stagectl.words import tongue
from stagectl.words.tongue import _

PACE = 0.05  # seconds between two drawings: a storm of snapshots costs no more
TICK = 0.5  # seconds between two looks at the clocks
LOOK = 1.0  # seconds between two looks whether the terminal is still there
RESTARTS = 3  # within WHILE seconds; then the panel says so and ends
WHILE = 30.0


class Panel(App[int]):
    """One panel on one desk."""

    CSS_PATH = "stagectl.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False  # a finger that slides is no selection
    ESCAPE_TO_MINIMIZE = False
    TITLE = "stagectl"

    def __init__(
        self,
        link: Link | None,
        *,
        beside: Widget | None = None,
        home: Home | None = None,
        reach: Callable[[Opened], Link] | None = None,
        notice: str = "",
        language: str | None = None,
        clock: Callable[[], float] = monotonic,
        wall: Callable[[], float] = time,
    ) -> None:
        """Show nothing yet; `notice` is something to say of the panel itself.

        `link` None: begin with the events there are, which `home` knows; `reach` makes the link to
        the desk of one that was opened. `language` None: the venue's, as soon as it is known.
        """
        super().__init__()
        self.link = link
        self.clock = clock
        self.wall = wall
        self.language = language
        self.home = home
        self.opened: Opened | None = None
        """The event that was opened from here, if one was."""
        self.view = View(notice=notice, beside=beside is not None, home=home is not None)
        self.live = Live(clock, beside)
        self.gauges = Gauges(self._levels, clock)
        self.ahead = Ahead(clock)
        self._touched: Widget | None = None
        self._lifted: MouseUp | None = None
        self._reach = reach
        self._listening: Worker[None] | None = None
        self.failure: BaseException | None = None
        self._drawn_at = 0.0
        self._drawing = False
        self._asked: dict[str, tuple[str, str]] = {}

    async def on_mount(self) -> None:
        """Listen, and let the clocks run."""
        self.register_theme(Theme("stagectl", primary=palette.GO, background=palette.page()))
        self.theme = "stagectl"
        await self.push_screen(self.live)
        self.set_interval(TICK, self.draw)
        self.set_interval(HEARKEN, self.gauges.expire)
        if (fd := terminal.watched()) is not None:
            self.set_interval(LOOK, lambda: self._end_with_terminal(fd))
        if self.link is None:
            await self._events()
        else:
            self._listen(self.link)

    def _listen(self, link: Link) -> None:
        """Hear this desk from now on, and no other."""
        if self._listening is not None:
            self._listening.cancel()
        self.link = link
        self._listening = self.run_worker(self._hear(link), exit_on_error=True)

    async def _hear(self, link: Link) -> None:
        async for heard in link.listen():
            if link is self.link:
                self.take(heard)

    async def _levels(self, wanted: bool) -> None:
        if self.link is not None:
            await self.link.levels(wanted)

    def take(self, heard: Heard) -> None:
        """Take in one thing that the desk said."""
        if isinstance(heard, Levels):
            self.gauges.take(heard.levels)  # past the View: nothing else of it has changed
            return
        now, view = self.clock(), self.view
        match heard:
            case Snapshot():
                self.view = view.hear(heard, now)
            case Playbill():
                if not self.language and heard.language:
                    tongue.use(heard.language)
                self.view = replace(view, bill=heard)
            case Hello(by, role, own, until):
                self.view = replace(view, by=by, role=role, own=own, until=until)
            case Gone(contact):
                self._asked.clear()
                self.view = replace(view, contact=contact, sent="", question=None)
            case Reply(name, ok, why):
                what, about = self._asked.pop(name, ("", ""))
                answer = view.answer if ok else Answer(what, why, now, about)
                self.view = replace(view, sent="", answer=None if ok else answer)
        self._soon()

    @on(Wish)
    async def _wish(self, event: Wish) -> None:
        if self.view.may(event.intent):
            await self.wish(event.intent)

    async def wish(self, intent: Intent) -> None:
        """Send an intent, or say that it was not sent."""
        what = type(intent).__name__
        try:
            if self.link is None:
                raise UnsentError  # noqa: TRY301 -- no desk yet: said as of any that is not there
            name = await self.link.send(intent)
        except UnsentError:
            self.view = replace(self.view, answer=Answer(what, "unsent", self.clock()))
        else:
            self._asked[name] = (what, asked_about(intent))
            self.view = replace(self.view, sent=what)
        self._soon()

    @on(Changed)
    def _changed(self, event: Changed) -> None:
        edited = self.view.editing
        self.view = event.change(self.view)
        self.draw()
        if edited and not self.view.editing:
            self.ahead.gone()
        elif self.view.editing and not edited and self.live.pane is not None:
            for key in self.ahead.came():
                self.live.pane.key(key)

    async def on_event(self, event: Event) -> None:
        """Let through what was meant: decided here, in the very order it came."""
        meant = True
        if not event.is_forwarded:
            match event:
                case Key() if self.screen is self.live:
                    meant = self._is_for_frame(event)
                case MouseDown():
                    meant = self._comes_down(event)
                case MouseUp():
                    self._is_lifted(event)
        if meant:
            await super().on_event(event)

    def _is_for_frame(self, event: Key) -> bool:
        editing, pane = self.view.editing, self.live.pane
        if self.ahead.takes(event, editing=editing):
            return False
        if pane is not None and not editing and pane.types(event.key):
            self.ahead.expect()
        return True

    def _comes_down(self, event: MouseDown) -> bool:
        """Remember on what; a bounce does not count."""
        self._touched, lifted = self._under(event), self._lifted
        touch = self._touched
        return lifted is None or not isinstance(touch, Touch) or not touch.is_bounce(event, lifted)

    def _is_lifted(self, event: MouseUp) -> None:
        self._lifted, touch = event, self._under(event)
        if isinstance(touch, Touch) and touch is self._touched:
            look = touch.look(touch.view)
            if look.types and look.enabled:
                self.ahead.expect()

    def _under(self, event: MouseDown | MouseUp) -> Widget | None:
        try:
            return self.get_widget_at(event.x, event.y)[0]
        except NoWidget:
            return None

    @on(Events)
    async def _events(self) -> None:
        """Show which events there are; the desk, and its show, go on underneath."""
        if self.home is not None and not isinstance(self.screen, Today):
            over = self.link is not None
            today = Today(self.home, over=over, language=self.language, wall=self.wall)
            await self.push_screen(today)

    @on(Today.Left)
    async def _left(self) -> None:
        await self.pop_screen()
        self._soon()

    @on(Today.Chosen)
    async def _chosen(self, event: Today.Chosen) -> None:
        """Go to the desk of the event that somebody opened."""
        if self._reach is None:
            return
        self.opened = opened = event.opened
        notice = " ".join(opened.notes)
        self.view = View(notice=notice, beside=self.view.beside, home=True, now=self.clock())
        self._asked.clear()
        self._listen(self._reach(opened))
        await self.pop_screen()
        self._soon()

    def action_contrast(self) -> None:
        """Draw in the other contrast from now on."""
        palette.use(palette.other())
        for screen in self.screen_stack:
            screen.styles.background = palette.page()
            for widget in screen.query(Widget):
                widget.refresh()
        self.draw()

    @on(Close)
    def _close(self) -> None:
        self.exit(0)

    @on(Meter.Looks)
    async def _looks(self, event: Meter.Looks) -> None:
        await self.gauges.look(event.meter, looks=event.looks)

    def _end_with_terminal(self, fd: int) -> None:
        if terminal.is_gone(fd):
            self.exit(0)

    def _soon(self) -> None:
        """Draw within PACE, however much is said until then."""
        if self._drawing:
            return
        self._drawing = True
        wait = max(0.0, self._drawn_at + PACE - self.clock())
        if wait:
            self.set_timer(wait, self.draw)
        else:
            self.call_next(self.draw)

    def draw(self) -> None:
        """Draw the newest view."""
        self._drawing = False
        now = self.clock()
        escape = self.view.escape
        if escape is not None and now - escape > TWICE:
            self.view = replace(self.view, escape=None)
        self._drawn_at = now
        self.view = replace(self.view, now=now, wall=self.wall())
        self.live.show(self.view)

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End without Textual's traceback: it prints locals, and a secret is a local somewhere."""
        self._close_messages_no_wait()


def run_panel(
    address: str,
    token: str,
    *,
    by: str,
    language: str | None = None,
    beside: Widget | None = None,
    find: Find | None = None,
    home: Home | None = None,
) -> int:
    """Run a panel in this terminal until its operator closes it; return an exit status.

    A panel that fails starts again, without `beside`, and says so. `find` tells where the desk is
    now, for a desk that came back at another address. With a `home` it can open other events; with
    no `address` either, it begins with them. The show goes on whatever becomes of this.
    """

    def reach(opened: Opened) -> Link:
        return Wire(opened.address, opened.token, by, opened.find)

    if language:
        tongue.use(language)
    demo = beside is not None  # a simulated stage, which ends with its panel
    failed: list[float] = []
    notice = ""
    opened: Opened | None = None
    while True:
        link = Wire(address, token, by, find) if address else None
        panel = Panel(
            reach(opened) if opened is not None else link,
            beside=beside, notice=notice, language=language, home=home, reach=reach,
        )  # fmt: skip
        palette.fit(few=panel.console.color_system in palette.FEW, grey=panel.no_color)
        panel.run()
        opened = panel.opened or opened
        if panel.failure is None:
            if not demo and panel.link is not None:
                print(goodbye(panel.view))  # noqa: T201 -- the terminal is ours again
            return panel.return_code or 0
        failed = [*(t for t in failed if monotonic() - t < WHILE), monotonic()]
        where = told(panel.failure)
        if len(failed) > RESTARTS:
            print(_("The panel cannot go on: {where}").format(where=where), file=sys.stderr)  # noqa: T201 -- last words
            print(_("The show goes on; `stagectl go` works still."), file=sys.stderr)  # noqa: T201 -- last words
            return 1
        notice, beside = _("The panel failed and started again: {where}").format(where=where), None


def asked_about(intent: Intent) -> str:
    """Return what an intent was for, "" if for nothing in particular."""
    match intent:
        case Go(cue=cue, expect=expect):
            return cue or expect
        case StandBy(cue=cue) | Skip(cue=cue):
            return cue
        case Put(parameter=name) | Keep(parameter=name) | LetGo(parameter=name):
            return name
        case Trigger(device=device, verb=verb):
            return f"{device}.{verb}"
        case Name(role=role):
            return role
        case Reload(offer=offer):
            return offer
        case _:
            return ""


def goodbye(view: View) -> str:
    """Return what is said when the panel is closed: what becomes of the show."""
    if view.over:
        return _("The panel is closed. The show is over.")
    return _("The panel is closed. The show goes on.")


def told(error: BaseException) -> str:
    """Return what failed and where, with no value of any variable."""
    if isinstance(error, WorkerFailed):
        error = error.error
    frames = traceback.extract_tb(error.__traceback__)
    at = (
        f" ({frames[-1].filename.replace(os.sep, '/').rpartition('/')[2]}:{frames[-1].lineno})"
        if frames
        else ""
    )
    return f"{type(error).__name__}{at}"


__all__ = ["Panel", "run_panel"]
