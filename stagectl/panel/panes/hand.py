"""«Hånd»: pages of large buttons over everything the venue has; every touch is a Put, a Do or Name.

What was asked for is shown as sent until the desk says it, or for a second: so two quick touches
are two steps, whatever the way to the desk takes.
"""

from collections.abc import Iterable
from dataclasses import replace

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key
from textual.widget import Widget

from stagectl.core.model import Parameter, Value
from stagectl.engine.intent import Intent, LetGo, Name, Put, Trigger
from stagectl.panel import say
from stagectl.panel.panes import editing
from stagectl.panel.panes.editing import Field, opened
from stagectl.panel.panes.editor import Editor
from stagectl.panel.panes.hand_layout import BAR, Laid, Spot, bar, lay
from stagectl.panel.panes.hand_looks import look, names, role_name
from stagectl.panel.panes.hand_pages import (
    Held,
    Level,
    Once,
    Page,
    PageName,
    Pick,
    Somebody,
    Strip,
    Switch,
    Text,
    Whole,
    pages,
    strays,
)
from stagectl.panel.panes.hand_places import NOWHERE, Face, Place, is_touch, name, put
from stagectl.panel.panes.hand_state import Asked, Moment, shown_as, spelled, still_open
from stagectl.panel.panes.hand_steps import start, stepped
from stagectl.panel.panes.pane import Pane
from stagectl.panel.view import View
from stagectl.panel.widgets.meter import Meter
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.panel.wish import Changed, Wish
from stagectl.words.tongue import _

NEVER = float("inf")  # a touch that no drawing has seen yet has no time


class Hand(Pane):
    """Knows which page is shown, and what was asked for since the desk last spoke."""

    DEFAULT_CSS = """
    .-low Hand, .-narrow Hand { padding: 0; }
    #hand-tiles { width: 1fr; height: 1fr; }
    #hand-tiles > * { position: absolute; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own name for it
        """Show the first page."""
        super().__init__(id=id)
        self._tiles = Container(id="hand-tiles")
        self._editor = Editor(id="hand-editor")
        self._view = View()
        self._page: PageName = "picture"
        self._turn = 0
        self._asked: dict[Parameter, Asked] = {}
        self._text: Parameter = ""
        self._laid = Laid((), 1)
        self._found: tuple[tuple[object, ...], tuple[Page, ...]] = ((), ())
        self._typing: Text | Somebody | Once | None = None
        self._opening = False
        self._touches: list[Place] = []
        self._faces: list[Face] = []
        self._meters: list[Meter] = []

    def compose(self) -> ComposeResult:
        """Nothing but room: what is in it follows from the venue."""
        yield self._tiles
        yield self._editor

    # ---- what is shown

    def show(self, view: View) -> None:
        """Show this view; a page that is gone gives way to the first."""
        before, now = (frozenset(r.parameter for r in v.snap.held) for v in (self._view, view))
        for parameter in before - now:  # a cue took it: nobody waits for it any more
            self._asked.pop(parameter, None)
        self._view = view
        stamped = {
            p: a if a.at != NEVER else Asked(a.value, view.now) for p, a in self._asked.items()
        }
        self._asked = still_open(Moment(view, stamped))
        if self._typing is not None:
            self._opening = self._opening and not view.editing
            if not view.editing and not self._opening:
                self._close()
            self._editor.show(view)
        self._arrange()

    def on_resize(self) -> None:
        """Lay everything out anew."""
        self._arrange()

    def on_hide(self) -> None:
        """Leave what is typed as it was: nobody sees it any more."""
        if self._typing is not None:
            self._close()

    @property
    def moment(self) -> Moment:
        """What the looks are made from now."""
        return Moment(self._view, self._asked, self._text)

    def _pages(self) -> tuple[Page, ...]:
        """Return the pages, worked out anew only when what they follow from has changed."""
        view = self._view
        held = tuple(row.parameter for row in view.snap.held)
        key = (view.bill, tuple(view.snap.people), held, view.role, view.own, strays(view))
        if (
            not self._found[0]
            or self._found[0][0] is not view.bill
            or self._found[0][1:] != key[1:]
        ):
            self._found = key, pages(view)
        return self._found[1]

    def _arrange(self) -> None:
        """Put every spot where it belongs, and draw."""
        columns, rows = self.size
        closing = not self._tiles.is_attached
        if not columns or not rows or self._typing is not None or closing:
            return
        found = self._pages()
        shown = [page.name for page in found]
        if shown and self._page not in shown:
            self._page, self._turn = shown[0], 0
        texts = [p for p, c in self._view.bill.controls.items() if c.kind == "text"]
        if self._text not in texts:
            self._text = texts[0] if texts else ""
        page = next((page for page in found if page.name == self._page), None)
        laid = Laid((), 1)
        if page is not None:
            words = [word for said in names(self.moment, page) for word in said.split()]
            longest = max(map(cell_len, words), default=0)
            laid = lay(page, columns, rows - BAR, self._turn, longest)
        self._turn %= laid.turns
        below = [replace(spot, y=spot.y + BAR) for spot in laid.spots]
        spots = (*bar(shown, self._page, columns, more=laid.turns > 1), *below)
        if spots != self._laid.spots:
            self._laid = Laid(spots, laid.turns)
            self._place()
        else:
            self._laid = Laid(spots, laid.turns)
        self._paint()

    def _place(self) -> None:
        """Give each spot a widget; those left over are not displayed."""
        spots = self._laid.spots
        touched = [s for s in spots if is_touch(s)]
        meters = [s for s in spots if s.part == "meter"]
        faces = [s for s in spots if not is_touch(s) and s.part != "meter"]
        new: list[Widget] = []
        while len(self._touches) < len(touched):
            new.append(touch := Place(self.look, self.is_shown, len(self._touches)))
            self._touches.append(touch)
        while len(self._faces) < len(faces):
            new.append(face := Face(lambda: self.moment, len(self._faces)))
            self._faces.append(face)
        while len(self._meters) < len(meters):
            new.append(meter := Meter(ground="page", id=f"hand-meter-{len(self._meters)}"))
            self._meters.append(meter)
        for n, touch in enumerate(self._touches):
            touch.become(touched[n] if n < len(touched) else NOWHERE)
        for n, face in enumerate(self._faces):
            face.become(faces[n] if n < len(faces) else NOWHERE)
        for n, meter in enumerate(self._meters):
            spot = meters[n] if n < len(meters) else NOWHERE
            meter.stem = spot.tile.stem if isinstance(spot.tile, Strip) else ""
            put(meter, spot)
        if new:
            self.call_next(self._tiles.mount, *new)

    def _paint(self) -> None:
        for painted in (*self._touches, *self._faces):
            if painted.display:
                painted.show(self._view)

    def look(self, spot: Spot) -> Look:
        """Return the look of a button now."""
        return look(self.moment, spot, self._page, f"{self._turn + 1}/{self._laid.turns}")

    def is_shown(self, spot: Spot) -> bool:
        """Tell whether a button of the bar is that of the page on the screen."""
        return spot.part == "page" and spot.text == self._page

    # ---- touches and keys

    @on(Touch.Pressed)
    def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        spot = next((s for s in self._laid.spots if is_touch(s) and name(s) == event.button), None)
        if spot is not None and self._typing is None:
            self._do(spot)

    def press(self, key: str) -> bool:
        """Turn by keys: a figure is a page, Tab and PgUp and PgDn its turns."""
        shown = [spot.text for spot in self._laid.spots if spot.part == "page"]
        if key.isdecimal() and 0 < int(key) <= len(shown):
            self._show_page(shown[int(key) - 1])
        elif key in ("tab", "pagedown", "pageup"):
            self._turn = (self._turn + (-1 if key == "pageup" else 1)) % self._laid.turns
            self._arrange()
        else:
            return False
        return True

    def _show_page(self, page: str) -> None:
        self._page = next(p.name for p in self._pages() if p.name == page)
        self._turn = 0
        self._arrange()

    def _do(self, spot: Spot) -> None:
        match spot.part, spot.tile:
            case "page", _:
                self._show_page(spot.text)
            case "more", _:
                self.press("tab")
            case ("up" | "down") as way, Strip(level=p) | Level(parameter=p):
                self._step(p, up=way == "up")
            case "off", Text(parameter=p):
                self._put(p, "") if self.moment.at(p)[0] else self._wish(LetGo(p))
            case "show", Somebody(role=role) if role in self._view.snap.people:
                self._put(self._text, shown_as(self._view, role))
            case "main", Pick(parameter=p, value=value):
                self._put(p, value)
            case "main", Switch(parameter=p) | Strip(switch=p) | Level(switch=p):
                self._put(p, not self.moment.at(p)[0])
            case "main", Whole(look=wanted):
                self._take(wanted.items())
            case "main", Once(asks="") as once:
                self._wish(Trigger(once.device, once.verb, once.argument))
            case "main", Held(parameter=p):
                self._wish(LetGo(p))
            case "main", (Text() | Somebody() | Once()) as tile:
                self._open(tile)

    def _step(self, parameter: Parameter, *, up: bool) -> None:
        moment = self.moment
        value, control = moment.at(parameter)[0], moment.control(parameter)
        at = start(control) if value is None or isinstance(value, str) else float(value)
        self._put(parameter, stepped(at, control, up=up))

    def _take(self, wanted: Iterable[tuple[Parameter, Value]]) -> None:
        """Put a look: only what is elsewhere, so that a hand holds no more than it moved."""
        for parameter, value in wanted:
            said = spelled(self._view, value)
            if self.moment.at(parameter)[0] != said:
                self._put(parameter, said)

    def _put(self, parameter: Parameter, value: Value) -> None:
        self._asked[parameter] = Asked(value, NEVER)
        self._wish(Put(parameter, value))

    def _wish(self, intent: Intent) -> None:
        if isinstance(intent, LetGo):
            self._asked = {p: a for p, a in self._asked.items() if intent.parameter not in ("", p)}
        self.post_message(Wish(intent))
        self._paint()

    # ---- typing

    def key(self, event: Key) -> bool:
        """Give every key to the editor."""
        return self._editor.key(event)

    def _open(self, tile: Text | Somebody | Once) -> None:
        self._typing, self._opening = tile, True
        self._tiles.display = False
        self._editor.open(form_for(self.moment, tile))
        self.post_message(Changed(lambda view: replace(view, editing=True)))

    def _close(self) -> None:
        self._typing, self._opening = None, False
        self._editor.close()
        self._tiles.display = True
        if self._view.editing:
            self.post_message(Changed(lambda view: replace(view, editing=False)))
        self._arrange()

    @on(Editor.Left)
    def _left(self, event: Editor.Left) -> None:
        event.stop()
        self._close()

    @on(Editor.Used)
    def _used(self, event: Editor.Used) -> None:
        event.stop()
        typed, tile = event.texts, self._typing
        match tile:
            case Text(parameter=p):
                self._text = p
                self._put(p, typed[0])
            case Somebody(role=role):
                self._correct(role, *typed)
            case Once():
                self._wish(Trigger(tile.device, tile.verb, typed[0]))
        self._close()

    def _correct(self, role: str, person: str, title: str) -> None:
        """Correct a person; a hand's text is its own, so it is said anew with the right name."""
        was = shown_as(self._view, role) if role in self._view.snap.people else ""
        now = ", ".join(part for part in (person, title) if part)
        self._wish(Name(role, person, title))
        for row in self._view.snap.held:
            if was and row.value == was != now:
                self._put(row.parameter, now)


def form_for(moment: Moment, tile: Text | Somebody | Once) -> editing.Form:
    """Return what is to be typed for a tile."""
    view = moment.view
    match tile:
        case Text(parameter=p):
            value = moment.at(p)[0]
            field = Field(_("Text"), value if isinstance(value, str) else "", most=editing.LONGEST)
            return opened(say.parameter(view.bill, p), field)
        case Somebody(role=role):
            person = view.snap.people[role]
            fields = Field(_("Name"), person.name), Field(_("Role"), person.role)
            title = _("{who}, for the rest of the evening").format(who=role_name(role))
            return opened(title, *fields, needs=True)
        case Once(device=device, verb=verb):
            label = _("Number") if tile.asks == "number" else _("Text")
            field = Field(label, most=9 if tile.asks == "number" else editing.LONGEST)
            field = replace(field, figures=tile.asks == "number")
            title = f"{say.capital(say.device(view.bill, device))}: {verb}"
            return opened(title, field, needs=True)
