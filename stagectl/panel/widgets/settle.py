"""Shows one open question with its answers, below the cue list, and how many more there are."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message

from stagectl.panel import keys
from stagectl.panel.ink import line, spread, wrapped
from stagectl.panel.matters import Choice, Matter, matters, summary
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.words.tongue import _

MOST = 4  # answers to one question
READ = 0.5  # seconds before which nobody has read a question


class Settle(Vertical):
    """Takes no room while nothing is to be settled."""

    class Settled(Message):
        """Somebody chose."""

        def __init__(self, choice: Choice) -> None:
            """Say what."""
            super().__init__()
            self.choice = choice

    class Turned(Message):
        """Somebody wants to see the next question."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Take no room yet."""
        super().__init__(id=id)
        self.display = False
        self._key, self._since, self._rows = "", 0.0, 3
        self._text = Painted(draw_matter, ground="card", id="matter")
        self._answers = [Touch(f"choice-{n}", _nth(n)) for n in range(MOST)]
        self._another = Touch("another", another_look)

    def compose(self) -> ComposeResult:
        """A text, and buttons below it."""
        yield self._text
        with Container(id="choices"):
            yield from self._answers
            yield self._another

    def show(self, view: View) -> None:
        """Show the question of this view, or nothing."""
        matter = shown(view)
        if (key := matter.key if matter else "") != self._key:
            self._key, self._since = key, view.now
        self.display = matter is not None and view.pane != "keys"  # the keys need all the room
        rows = matter.rows if matter else 3
        if rows != self._rows:
            self._rows = rows
            self._text.styles.height = rows
        self._text.show(view)
        answers = len(matter.choices) if matter else 0
        for n, button in enumerate(self._answers):
            button.display = n < answers
            button.show(view)
        another = len(matters(view)) > 1 and answers < MOST
        self._another.display = another
        self._another.show(view)
        self.set_class(answers + another >= MOST, "many")  # on 80 columns they take two rows

    def choose(self, n: int, now: float) -> None:
        """Answer by a key; a question that came up this moment was not meant by it."""
        matter = shown(self._text.view) if self.display else None
        if matter is not None and n < len(matter.choices) and now - self._since >= READ:
            self.post_message(self.Settled(matter.choices[n]))

    def on_touch_pressed(self, event: Touch.Pressed) -> None:
        """Answer the question that was there when the finger came down, if it still is."""
        event.stop()
        if event.button == "another":
            self.post_message(self.Turned())
            return
        matter = shown(event.view)
        if matter is None or (now := shown(self._text.view)) is None or now.key != matter.key:
            return
        n = int(event.button.removeprefix("choice-"))
        if n < len(matter.choices):
            self.post_message(self.Settled(matter.choices[n]))


def shown(view: View) -> Matter | None:
    """Return the question on the screen."""
    waiting = matters(view)
    return waiting[view.page % len(waiting)] if waiting else None


def _nth(n: int) -> Callable[[View], Look]:
    return lambda view: choice_look(view, n)


def choice_look(view: View, n: int) -> Look:
    """Return the look of the n-th answer."""
    matter = shown(view)
    if matter is None or n >= len(matter.choices):
        return Look("", enabled=False)
    choice = matter.choices[n]
    means = choice.intent is None or view.may(choice.intent)
    return Look(choice.word, choice.shape, str(n + 1), enabled=means, about=matter.key)


def another_look(view: View) -> Look:
    """Return the look of the button that turns to the next question."""
    return Look(_("Next one"), "▸", keys.said("another"), enabled=len(matters(view)) > 1)


def draw_matter(view: View, columns: int, rows: int) -> list[Row]:
    """The question, and what hangs on it."""
    waiting = matters(view)
    matter = shown(view)
    if matter is None:
        return []
    warn = matter.tone == "warn"
    count = summary(len(waiting)) if len(waiting) > 1 else ""
    mark = "!" if warn else "◆"
    left, right = line((f" {mark} {matter.title}", "strong")), line(f"{count} ")
    title = spread(left, right, columns)
    drawn: list[Row] = [(title, "warn" if warn else "calm")]
    drawn += [
        (line("   ", *pieces), "card") for pieces in wrapped(matter.text, columns - 4, rows - 1)
    ]
    return drawn
