"""«Sceneklokke»: what the speaker sees now, and what the operator says to them by one touch."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical

from stagectl.engine.intent import Message
from stagectl.panel.dial import draw_dial
from stagectl.panel.ink import EMPTY, line
from stagectl.panel.panes.editor import Editor
from stagectl.panel.panes.typing_pane import TypingPane
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.panel.wish import Wish
from stagectl.words import tongue
from stagectl.words.tongue import N_, _

# Translators: read from a stage at a glance, so as short as your language lets it be
PRESETS = (
    N_("5 minutes left"), N_("1 minute left"), N_("Please finish"), N_("Speak up"),
    N_("Closer to the microphone"), N_("Speak slower"), N_("Thank you!"),
)  # fmt: skip
OWN, CLEAR = "own", "clear"
MOST = 80  # signs of an own text; the desk takes more, nobody reads them


class StageClock(TypingPane):
    """A small picture of the clock, and buttons."""

    DEFAULT_CSS = """
    #stageclock-all { width: 1fr; height: 1fr; }
    #stageclock-left { width: 38%; height: 1fr; margin: 0 1 0 0; }
    #stageclock-dial { height: 1fr; }
    #stageclock-grid { width: 1fr; height: 1fr; layout: grid; grid-size: 3 3; grid-gutter: 1 1; }
    #stageclock-grid Touch { width: 1fr; height: 1fr; }
    .-wide #stageclock-left { width: 50%; }
    .-tall #stageclock-all { padding: 1 1; }
    """

    def compose(self) -> ComposeResult:
        """The picture at the left, the buttons at the right."""
        with Horizontal(id="stageclock-all"):
            with Vertical(id="stageclock-left"):
                title = Painted(draw_title, id="stageclock-title")
                title.styles.height = 1  # the panel's sheet gives a Painted all there is
                yield title
                yield Painted(draw_dial, id="stageclock-dial")
            with Container(id="stageclock-grid"):
                for n in range(len(PRESETS)):
                    yield Touch(str(n), preset_look(n), id=f"stageclock-{n}")
                yield Touch(OWN, own_look, id="stageclock-own")
                yield Touch(CLEAR, clear_look, id="stageclock-clear")
        yield Editor(id="stageclock-editor")

    def press(self, key: str) -> bool:
        """Digits press the buttons in their order; 0 takes the message away."""
        names = {str(n + 1): str(n) for n in range(len(PRESETS))} | {"8": OWN, "0": CLEAR}
        if key in names:
            self.query_one(f"#stageclock-{names[key]}", Touch).press()
        return key in names

    def _say(self, text: str) -> None:
        """Say what was typed."""
        self.post_message(Wish(Message(text)))

    @on(Touch.Pressed)
    def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        view = event.view
        match event.button:
            case "own":
                self.open(_("To the stage clock"), _("Text"), self._say, most=MOST)
            case "clear":
                self.post_message(Wish(Message("")))
            case preset:
                self.post_message(Wish(Message(preset_words(view, int(preset)))))


def preset_words(view: View, n: int) -> str:
    """Return what a button says to the stage, in the language that is spoken there."""
    return _presets(view.bill.spoken or tongue.spoken())[n]


@cache
def _presets(language: str) -> tuple[str, ...]:
    """Return them all; once, since a process speaks one language at a time."""
    with tongue.speaking(language):
        return tuple(map(_, PRESETS))


def preset_look(n: int) -> Callable[[View], Look]:
    """Return the look of a button; the one whose text stands there says so."""

    def look(view: View) -> Look:
        words = preset_words(view, n)
        return _look(view, words, str(n + 1), shown=view.snap.message == words)

    return look


def own_look(view: View) -> Look:
    """Return the look of the button that lets one be typed; it too says whether one stands."""
    presets = {preset_words(view, n) for n in range(len(PRESETS))}
    shown = bool(view.snap.message) and view.snap.message not in presets
    return replace(_look(view, _("Own text") + " …", "8", shown=shown), types=True)


def _look(view: View, word: str, key: str, *, shown: bool) -> Look:
    # a long word leaves no room for a shape before it, but below it there always is
    below = f"{key}  ● " + _("is shown") if shown else key
    ground = "preview" if shown else "raised"
    return Look(word, "", below, enabled=view.may(Message(word)), ground=ground)


def clear_look(view: View) -> Look:
    """Return the look of the button that takes the message away."""
    means = bool(view.snap.message) and view.may(Message(""))
    return Look(_("Take it away"), "×", "0", enabled=means)


def draw_title(view: View, columns: int, rows: int) -> list[Row]:
    """Say what the picture is."""
    del columns
    said = _("The speaker sees this") if view.heard else ""
    return [(line((f" {said}", "dim")) if said else EMPTY, "page")] * rows
