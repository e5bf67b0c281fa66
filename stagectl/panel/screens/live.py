"""The screen of the evening: it turns touches and keys into intents, and draws the newest View."""

from collections.abc import Callable
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical
from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget

from stagectl.engine.intent import Go, Intent, Overlay, StandBy
from stagectl.panel import keys
from stagectl.panel.asks import NAMES as ASKED
from stagectl.panel.asks import asks
from stagectl.panel.mark import Way
from stagectl.panel.matters import matters
from stagectl.panel.pads import led, pads
from stagectl.panel.panes.pane import Pane
from stagectl.panel.panes.slots import PANES
from stagectl.panel.presses import REPEAT, TAP, Presses
from stagectl.panel.view import PANE_NAMES, PaneName, Question, View
from stagectl.panel.widgets.alarm import draw_alarm
from stagectl.panel.widgets.cards import draw_next, draw_now
from stagectl.panel.widgets.cuelist import CueList
from stagectl.panel.widgets.go import Go as GoButton
from stagectl.panel.widgets.go import go_look
from stagectl.panel.widgets.head import Head
from stagectl.panel.widgets.help import draw_keys
from stagectl.panel.widgets.painted import Painted
from stagectl.panel.widgets.room import draw_room
from stagectl.panel.widgets.settle import Settle
from stagectl.panel.widgets.touch import Touch
from stagectl.panel.wish import Changed, Close, Events, Turn, Wish
from stagectl.words.tongue import _

TWICE = 1.0  # seconds within which a second Esc means it


ARROWS = {"up": "previous", "down": "next", "left": "chapter(-1)", "right": "chapter(1)"}


class Live(Screen[None]):
    """Everything an operator needs while a show runs."""

    BINDINGS = [Binding(k.every, k.action, show=False, priority=True) for k in keys.KEYS]
    AUTO_FOCUS = ""  # Space is GO: only a text that is being edited takes the focus
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (170, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high"), (46, "-tall")]

    def __init__(self, clock: Callable[[], float], beside: Widget | None = None) -> None:
        """Draw nothing yet; `beside` is a widget of the caller's, shown beside the show."""
        super().__init__()
        self._now = clock
        self.view = View()
        self._beside = beside
        self._presses = Presses(clock)
        self._touching = False
        self._shown: tuple[Painted | Settle, ...] = ()
        self._panes: dict[PaneName, Pane] = {}

    def compose(self) -> ComposeResult:
        """Head, alarm, list and cards, and the buttons below."""
        yield Head(id="head")
        yield Painted(draw_alarm, id="alarm")
        with Container(id="main"):
            with Vertical(id="left"):
                with Horizontal(id="lists"):
                    yield CueList(id="cues")
                    yield Painted(draw_keys, ground="card", id="keys")
                    with Vertical(id="side", classes="" if self._beside else "alone"):
                        if self._beside is not None:
                            with Container(id="beside"):
                                yield self._beside
                        yield Painted(draw_room, ground="card", id="room")
                yield Settle(id="settle")
            for name, pane in PANES:
                yield pane(id=f"pane-{name}")
            with Vertical(id="right"):
                yield Painted(draw_now, ground="card", id="now-card")
                yield Painted(draw_next, ground="card", id="next-card")
        with Container(id="desk"):
            with Container(id="pads"):
                for button, look in pads():
                    yield Touch(button, look)
            yield GoButton("go", go_look)

    def on_mount(self) -> None:
        """All widgets are there: draw what was shown until now."""
        settle = self.query_one(Settle)
        self._panes = {name: self.query_one(f"#pane-{name}", Pane) for name, _pane in PANES}
        apart = {settle, *self._panes.values()}  # what these show, they show themselves
        painted = [p for p in self.query(Painted) if apart.isdisjoint(p.ancestors)]
        self._shown = (*painted, settle)
        self.show(self.view)

    def show(self, view: View) -> None:
        """Draw a view; what has not changed costs nothing."""
        self.view = view
        self.set_class(view.pane == "room", "show-room")
        self.set_class(view.pane == "keys", "show-keys")
        self.set_class(view.pane == "beside", "show-beside")
        self.set_class(view.pane in self._panes, "show-pane")
        for name, pane in self._panes.items():
            if pane.display and name != view.pane:
                pane.unmark()
            pane.display = name == view.pane
        for shown in (*self._shown, *([self.pane] if self.pane is not None else [])):
            shown.show(view)

    @property
    def pane(self) -> Pane | None:
        """The pane that fills the middle, or None: the list and the cards are there."""
        return self._panes.get(self.view.pane)

    # ---- touches

    @on(Touch.Pressed)
    async def _pressed_button(self, event: Touch.Pressed) -> None:
        event.stop()
        button = led(event.view, event.button)
        if button == "go":
            self._go(event.view)
        elif button == "stop":
            self._wish(Overlay("safe"))  # a red button that asks is no stop button
        elif button in PANE_NAMES:
            self.action_turn(PANE_NAMES[button])
        elif button in ASKED:
            self.action_ask(button)
        elif button == "close" and self.view.hears:
            self._ask_self(Question("close"))  # no finger closes a kiosk by mistake
        else:
            self._touching = True
            await self.run_action(button)
            self._touching = False

    @on(CueList.Touched)
    def _touched_cue(self, event: CueList.Touched) -> None:
        if event.number in self.view.snap.skipped:
            self._ask_self(Question("skipped", event.number))
        else:
            self._wish(StandBy(event.number))

    @on(Head.Touched)
    def _touched_chip(self, event: Head.Touched) -> None:
        if event.question.about == "device" or self.view.may_ask:
            self._ask_self(event.question)

    @on(Settle.Settled)
    def _settled(self, event: Settle.Settled) -> None:
        if not event.choice.stays:
            self._change(lambda view: replace(view, question=None, page=0))
        if event.choice.closes:
            self.action_close()
        elif event.choice.intent is not None:
            self._wish(event.choice.intent)

    @on(Settle.Turned)
    def action_another(self) -> None:
        """Show the next question."""
        if self.pane is not None:
            self.pane.press("tab")
        else:
            self._change(lambda v: replace(v, page=(v.page + 1) % max(1, len(matters(v)))))

    @on(Turn)
    def _turned(self, event: Turn) -> None:
        event.stop()
        self._show_pane(event.pane)

    # ---- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual's signature
        """Tell Textual that every key is ours; but while text is edited, only these.

        A touch on a pad is ours also then.
        """
        ours = self._touching or not self.view.editing
        return ours or action in ("stop", "close", "how_to_close")

    def on_key(self, event: Key) -> None:
        """Give the pane every key that is not ours now."""
        pane = self.pane
        if pane is None:
            return
        if self.view.editing:
            used = pane.key(event)
        else:
            used = pane.press(event.key.lower().removeprefix("shift+"))
        if used:
            event.stop()
            event.prevent_default()
        elif self.view.editing and event.key == "enter":
            self.action_enter()

    def action_enter(self) -> None:
        """Press the marked button."""
        button = self.pane.marked if self.pane is not None else None
        if button is not None:
            within = TAP if button.look(self.view).steps else REPEAT
            if not self._presses.still(f"enter {button.id}", within):
                button.press()

    async def action_arrow(self, way: Way) -> None:
        """Move the mark of the pane; with none, the cue that stands by."""
        if self.pane is not None:
            self.pane.move(way)
        else:
            await self.run_action(ARROWS[way])

    def action_choose(self, n: int) -> None:
        """Answer the question on the screen."""
        held = self._presses.still(f"choose {n}")  # a key that left a pane answers nothing below
        if self.pane is not None:
            self.pane.press(str(n + 1))
        elif not held:
            self.query_one(Settle).choose(n, self._now())

    def action_go(self) -> None:
        """Space: the cue on the screen, not the one that may be next by the time it is heard."""
        self._go(self.view)

    def action_stop(self) -> None:
        """Esc closes what lies over the list; with nothing open, twice within a second stops."""
        if self.view.editing:
            self._change(lambda view: replace(view, editing=False))
            return
        if self.view.pane != "cues":
            self._show_pane("cues")
            return
        if not self.view.may(Overlay("safe")):
            return
        now, once = self._now(), self.view.escape
        if once is not None and now - once <= TWICE:
            self._change(lambda view: replace(view, escape=None, question=None))
            self._wish(Overlay("safe"))
        else:
            self._change(lambda view: replace(view, escape=now, question=None))

    def action_previous(self) -> None:
        """Make the cue before stand by."""
        self._wish(StandBy("previous"))

    def action_next(self) -> None:
        """Make the cue after stand by."""
        self._wish(StandBy("next"))

    def action_chapter(self, chapters: int) -> None:
        """Make the first cue of another chapter the next one; nothing fires."""
        wanted = StandBy("next chapter" if chapters > 0 else "previous chapter")
        if not self._presses.still(f"chapter {chapters}", TAP):
            self._wish(wanted)

    def action_ask(self, what: str) -> None:
        """Ask the desk, or below the list; what asks that already takes it back."""
        held, wanted = self._presses.still(what), asks(self.view, what)
        if isinstance(wanted, Question):
            if wanted == self.view.question:
                if not held:
                    self._change(lambda view: replace(view, question=None))
            elif self.view.may_ask and not (held and what == "record"):  # it resumed just now
                self._ask_self(wanted)
        elif wanted is not None and not held:
            self._wish(wanted)

    def action_page(self, pages: int) -> None:
        """Look up or down the list."""
        if self.pane is not None:
            self.pane.press("pageup" if pages < 0 else "pagedown")
        else:
            self.query_one(CueList).turn(pages)

    def action_turn(self, pane: PaneName) -> None:
        """Show a pane, or the list again; the menu's pad leads out of every pane but the hand's."""
        if pane == "menu" and self.view.pane not in ("cues", "hand"):
            pane = self.view.pane
        self._show_pane("cues" if self.view.pane == pane else pane)

    def action_today(self) -> None:
        """Show which events there are."""
        if self.view.home:
            self.post_message(Events())

    def action_close(self) -> None:
        """Close this panel."""
        self.post_message(Close())

    def action_how_to_close(self) -> None:
        """Ctrl+C ends nothing by itself."""
        if self.view.over:
            return  # how to close stands on the screen already
        words = _("Ctrl+Q closes this panel; the show goes on")
        self._change(lambda view: replace(view, notice=words))

    # ---- what comes of it

    def _go(self, view: View) -> None:
        if view.may_go:
            self._wish(Go(expect=view.snap.standby or ""))

    def _wish(self, intent: Intent) -> None:
        self.post_message(Wish(intent))

    def _ask_self(self, question: Question) -> None:
        # the card needs its place; what stands beside the cards may stay
        stays = self.view.pane in ("room", "beside")
        pane: PaneName = self.view.pane if stays else "cues"
        self._change(lambda view: replace(view, question=question, page=0, pane=pane))

    def _show_pane(self, pane: PaneName) -> None:
        known = pane in self._panes or pane in ("cues", "room", "keys")
        if known or (pane == "beside" and self._beside is not None):
            self._change(lambda view: replace(view, pane=pane, editing=False))

    def _change(self, change: Callable[[View], View]) -> None:
        self.post_message(Changed(change))
