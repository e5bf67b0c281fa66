"""The screen of the evening: it turns touches and keys into intents, and draws the newest View."""

from collections.abc import Callable
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from stagectl.engine.intent import (
    Assert,
    Back,
    Go,
    Intent,
    Overlay,
    Postpone,
    Release,
    Skip,
    StandBy,
    TakeOver,
)
from stagectl.panel import keys
from stagectl.panel.matters import matters
from stagectl.panel.view import Pane, Question, View
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
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.words.tongue import _

TWICE = 1.0  # seconds within which a second Esc means it
REPEAT = 0.4  # seconds: the same key sooner than this is a key held down, or leant on
TAP = 0.1  # … where a quick finger may mean it: no finger taps sooner, every held key repeats so
PUT_OFF = 300.0  # seconds


class Live(Screen[None]):
    """Everything an operator needs while a show runs."""

    BINDINGS = [Binding(k.every, k.action, show=False, priority=True) for k in keys.KEYS]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (170, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high"), (46, "-tall")]

    class Wish(Message):
        """The operator asks the desk for something."""

        def __init__(self, intent: Intent) -> None:
            """Say what."""
            super().__init__()
            self.intent = intent

    class Changed(Message):
        """The panel's own part of the view changed: a question, a page, an Esc."""

        def __init__(self, change: Callable[[View], View]) -> None:
            """Say how."""
            super().__init__()
            self.change = change

    class Close(Message):
        """The operator closes this panel."""

    def __init__(self, clock: Callable[[], float], beside: Widget | None = None) -> None:
        """Draw nothing yet; `beside` is a widget of the caller's, shown beside the show."""
        super().__init__()
        self._now = clock
        self.view = View()
        self._beside = beside
        self._pressed: dict[str, float] = {}
        self._shown: tuple[Painted | Settle, ...] = ()

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
            with Vertical(id="right"):
                yield Painted(draw_now, ground="card", id="now-card")
                yield Painted(draw_next, ground="card", id="next-card")
        with Container(id="desk"):
            with Container(id="pads"):
                for name, look in pads(beside=self._beside is not None, wide=self._is_wide):
                    yield Touch(name, look)
            yield GoButton("go", go_look)

    def on_mount(self) -> None:
        """All widgets are there: draw what was shown until now."""
        settle = self.query_one(Settle)
        painted = [p for p in self.query(Painted) if settle not in p.ancestors]
        self._shown = (*painted, settle)
        self.show(self.view)

    def _is_wide(self) -> bool:
        return self.has_class("-wide")

    def show(self, view: View) -> None:
        """Draw a view; what has not changed costs nothing."""
        self.view = view
        self.set_class(view.pane == "room", "show-room")
        self.set_class(view.pane == "keys", "show-keys")
        self.set_class(view.pane == "beside", "show-beside")
        for shown in self._shown:
            shown.show(view)

    # ---- touches

    @on(Touch.Pressed)
    async def _pressed_button(self, event: Touch.Pressed) -> None:
        event.stop()
        if event.button == "go":
            self._go(event.view)
        elif event.button == "stop":
            self._wish(Overlay("safe"))  # a red button that asks is no stop button
        else:
            await self.run_action(event.button)

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
        self._change(lambda view: replace(view, question=None, page=0))
        if event.choice.intent is not None:
            self._wish(event.choice.intent)

    @on(Settle.Turned)
    def action_another(self) -> None:
        """Show the next question."""
        self._change(lambda view: replace(view, page=(view.page + 1) % max(1, len(matters(view)))))

    # ---- keys

    def action_choose(self, n: int) -> None:
        """Answer the question on the screen."""
        if not self._held_down(f"choose {n}"):
            self.query_one(Settle).choose(n, self._now())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 -- Textual's signature
        """Tell Textual that every key is ours, whatever has the focus."""
        return True

    def action_go(self) -> None:
        """Space: the cue on the screen, not the one that may be next by the time it is heard."""
        self._go(self.view)

    def action_stop(self) -> None:
        """Esc closes what lies over the list; with nothing open, twice within a second stops."""
        if self.view.pane != "cues":
            self._turn_to("cues")
            return
        if self.view.over:
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
        self._once(f"chapter {chapters}", wanted, TAP)

    def action_back(self) -> None:
        """Return to the look of the cue before."""
        self._once("back", Back())

    def action_skip(self) -> None:
        """Skip the cue that stands by on this screen."""
        number = self.view.snap.standby
        if number is not None:
            self._once("skip", Skip(number))

    def action_cover(self) -> None:
        """Cover the stream and the recording."""
        self._once("cover", Overlay("cover"))

    def action_record(self) -> None:
        """R: take the overlay away; with none, ask whether to start or stop the recording."""
        if self.view.snap.overlay:
            self._once("resume", Release())
        elif not self._held_down("resume"):
            self._ask_latch("record")

    def action_stream(self) -> None:
        """Ask whether to start or stop the stream."""
        self._ask_latch("stream")

    def _ask_latch(self, verb: str) -> None:
        rows = [row for row in self.view.snap.latches if row.verb == verb]
        if rows and self.view.may_ask:
            self._ask_self(Question("latch", f"{rows[0].device}.{verb}"))

    def action_assert(self) -> None:
        """Show what would change, and ask, elsewhere on the screen."""
        if not self.view.may_ask:
            return
        if self.view.snap.phase == "holding":
            self._once("assert", Assert())  # what it changes is on the screen already
        else:
            self._ask_self(Question("assert"))

    def action_postpone(self) -> None:
        """Put the clock-time cues off."""
        self._once("postpone", Postpone(PUT_OFF))

    def action_takeover(self) -> None:
        """Become the operator."""
        self._once("takeover", TakeOver())

    def action_end(self) -> None:
        """Ask whether the show is over."""
        if self.view.may_ask:
            self._ask_self(Question("end"))

    def action_page(self, pages: int) -> None:
        """Look up or down the list."""
        self.query_one(CueList).turn(pages)

    def action_keys(self) -> None:
        """Show the keys, or the list again."""
        self._turn_to("keys")

    def action_room(self) -> None:
        """Show the room, or the list again."""
        self._turn_to("room")

    def action_beside(self) -> None:
        """Show what the caller brought, or the list again."""
        if self._beside is not None:
            self._turn_to("beside")

    def action_pane(self) -> None:
        """Turn to what there is besides the list, one after another."""
        panes: list[Pane] = ["cues", "room", "beside"] if self._beside else ["cues", "room"]
        at = panes.index(self.view.pane) if self.view.pane in panes else 0
        self._turn_to(panes[(at + 1) % len(panes)])

    def action_close(self) -> None:
        """Close this panel."""
        self.post_message(self.Close())

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

    def _once(self, action: str, intent: Intent, within: float = REPEAT) -> None:
        """Send, unless the same key is only held down."""
        if not self._held_down(action, within):
            self._wish(intent)

    def _held_down(self, action: str, within: float = REPEAT) -> bool:
        """Tell whether this is the same press still: terminals send no key-up."""
        now = self._now()
        before, self._pressed[action] = self._pressed.get(action), now
        return before is not None and now - before < within

    def _wish(self, intent: Intent) -> None:
        # an Overlay is tried even without a desk: then it is said that it was not sent
        urgent = isinstance(intent, Overlay) and self.view.role == "operate" and not self.view.over
        if self.view.may_ask or urgent:
            self.post_message(self.Wish(intent))

    def _ask_self(self, question: Question) -> None:
        def asked(view: View) -> View:
            pane: Pane = "cues" if view.pane == "keys" else view.pane  # the card needs its place
            return replace(view, question=question, page=0, pane=pane)

        self._change(asked)

    def _turn_to(self, pane: Pane) -> None:
        self._change(lambda view: replace(view, pane="cues" if view.pane == pane else pane))

    def _change(self, change: Callable[[View], View]) -> None:
        self.post_message(self.Changed(change))


def pads(*, beside: bool, wide: Callable[[], bool]) -> list[tuple[str, Callable[[View], Look]]]:
    """Return the buttons in the order of the grid, far from GO the ones that stop."""
    return [
        ("stop", lambda v: _look(v, "stop", _("Stop all"), "■", v.bill.safe, "stop")),
        ("cover", lambda v: _look(v, "cover", _("Cover stream"), "▒", v.bill.cover, "cover")),
        ("assert", lambda v: _look(v, "assert", _("Set the room"), "↻")),
        ("postpone", lambda v: _look(v, "postpone", _("Put off 5 min"), "", _has_times(v))),
        ("pane", lambda v: _pane_look(v, beside=beside, wide=wide())),
        ("back", lambda v: _look(v, "back", _("Back"), "◄")),
        ("skip", lambda v: _look(v, "skip", _("Skip"), "×", v.snap.standby is not None)),
        ("previous", lambda v: _look(v, "previous", _("Previous"), "▲")),
        ("next", lambda v: _look(v, "next", _("Next"), "▼")),
        ("takeover", lambda v: _look(v, "takeover", _("Take over"), "", _other(v))),
    ]


def _look(
    view: View, action: str, word: str, shape: str = "", means: bool = True, ground: str = "raised"
) -> Look:
    """Return a button's look; `means` says whether its action means anything now."""
    return Look(word, shape, keys.said(action), view.may_ask and means, ground)


def _has_times(view: View) -> bool:
    ahead = view.bill.cues[view.bill.index.get(view.snap.onstage or "", -1) + 1 :]
    return any(cue.at is not None for cue in ahead)


def _other(view: View) -> bool:
    return view.snap.operator not in ("", view.by)


def _pane_look(view: View, *, beside: bool, wide: bool) -> Look:
    """The list, the room, what stands beside: the button says what comes next."""
    if wide:
        word = _("The stage") if view.pane == "room" else _("The room")
        return Look(word, "", keys.said("room"), enabled=beside)
    if view.pane == "cues":
        return Look(_("The room"), "", keys.said("room"))
    if view.pane == "room" and beside:
        return Look(_("The stage"), "", keys.said("beside"))
    return Look(_("Cue list"), "", keys.said("keys" if view.pane == "keys" else view.pane))
