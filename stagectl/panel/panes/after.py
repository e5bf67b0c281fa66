"""«Etterpå»: what was recorded, the evening against its plan, notes; and the log as a file.

The log is read from the desk's journal by whoever started this panel (panel/home.py), on a thread
of its own: the desk is asked for nothing, and need not be there.
"""

from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.worker import Worker, WorkerState

from stagectl.engine.asrun import AsRun, Output
from stagectl.engine.intent import Note
from stagectl.engine.snapshot import Snapshot
from stagectl.panel.home import Form, Home, Kept, Logged, Refused
from stagectl.panel.ink import EMPTY, Line, clip, line, wrapped
from stagectl.panel.panes.after_lines import Drawable, lines, tail
from stagectl.panel.panes.editing import LONGEST
from stagectl.panel.panes.editor import Editor
from stagectl.panel.panes.typing_pane import TypingPane
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted
from stagectl.panel.widgets.painted import Row as Drawn
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.panel.wish import Wish
from stagectl.words.tongue import _

AGAIN = 5.0  # seconds until the log of a run that goes on is read again
POLITE = 20.0  # times as long as reading took, at the least: a long log is read less often


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the pane knows beside the view: the log, and what came of the last wish for a file."""

    logged: Logged | Refused | None = None
    kept: Kept | Refused | None = None
    home: bool = False
    top: int = 0
    """The first line that is shown."""


class After(TypingPane):
    """The log in lines, and a row of buttons below."""

    DEFAULT_CSS = """
    #after-log { height: 1fr; }
    #after-buttons { height: 5; }
    #after-buttons Touch { width: 1fr; height: 1fr; margin: 0 1 0 0; }
    #after-buttons #after-down { margin: 0; }
    .-low #after-buttons { height: 3; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own name for it
        """Know nothing yet."""
        super().__init__(id=id)
        self.shelf = Shelf()
        self._view = View()
        self._again = 0.0
        self._asked_at = 0.0
        self._reading: Worker[Logged | Refused] | None = None
        self._lines: tuple[AsRun | None, int, list[Drawable]] = (None, 0, [])

    def compose(self) -> ComposeResult:
        """The log, where it is kept, the buttons."""
        yield Painted(self._drawn, id="after-log")
        where = Painted(
            lambda _view, columns, _rows: draw_where(self.shelf, columns), id="after-where"
        )
        where.styles.height = 1  # the panel's sheet gives a Painted all there is
        yield where
        with Horizontal(id="after-buttons"):
            yield Touch("note", note_look, id="after-note")
            yield Touch("csv", lambda v: self._file_look(v, "Excel (CSV)", "2"), id="after-csv")
            yield Touch("json", lambda v: self._file_look(v, "JSON", "3"), id="after-json")
            yield Touch("up", lambda _view: self._turn_look(-1), id="after-up")
            yield Touch("down", lambda _view: self._turn_look(1), id="after-down")
        yield Editor(id="after-editor")

    def show(self, view: View) -> None:
        """Show this view, and read the log again now and then while it grows."""
        self._view = view
        self.shelf = replace(self.shelf, home=self._home() is not None)
        if view.now >= self._again and self._reading is None:
            self._read(view)
        super().show(view)

    def on_hide(self) -> None:
        """Begin anew when it is looked at again."""
        super().on_hide()
        self._again = 0.0
        self.shelf = replace(self.shelf, kept=None, top=0)

    def press(self, key: str) -> bool:
        """1 notes, 2 and 3 write a file; PgUp and PgDn turn the pages."""
        buttons = {"1": "note", "2": "csv", "3": "json", "pageup": "up", "pagedown": "down"}
        if key in buttons:
            self.query_one(f"#after-{buttons[key]}", Touch).press()
        return key in buttons

    def _note(self, text: str) -> None:
        """Keep what was noted."""
        self.post_message(Wish(Note(text)))
        self._again = 0.0

    @on(Touch.Pressed)
    def _pressed(self, event: Touch.Pressed) -> None:
        event.stop()
        match event.button:
            case "note":
                self.open(_("A note about the evening"), _("Note"), self._note, most=LONGEST)
            case "csv" | "json" as form:
                self._keep(form)
            case way:
                self._turn(1 if way == "down" else -1)

    # ---- what only whoever started this panel can do

    def _home(self) -> Home | None:
        home: Home | None = getattr(self.app, "home", None)
        return home

    def _read(self, view: View) -> None:
        home, path = self._home(), view.bill.path
        if home is None or not path:
            return
        self._asked_at = view.now
        self._reading = self.run_worker(
            lambda: home.log(path), thread=True, exit_on_error=False, group="after-log"
        )

    def _keep(self, form: Form) -> None:
        home, path = self._home(), self._view.bill.path
        if home is not None and path:
            self.run_worker(
                lambda: home.keep(path, form), thread=True, exit_on_error=False, group="after-keep"
            )

    @on(Worker.StateChanged)
    def _worked(self, event: Worker.StateChanged) -> None:
        event.stop()
        if event.state not in (WorkerState.SUCCESS, WorkerState.ERROR, WorkerState.CANCELLED):
            return
        result = event.worker.result if event.state == WorkerState.SUCCESS else None
        if event.worker is self._reading:
            self._reading = None
            # by the view's clock, which stands still between two drawings: at least AGAIN
            took = max(0.0, self._view.now - self._asked_at)
            self._again = self._view.now + max(AGAIN, POLITE * took)
            if isinstance(result, Logged):
                result = replace(result, run=counted(result.run, self._view.snap))
            if isinstance(result, Logged | Refused):
                self.shelf = replace(self.shelf, logged=result)
        elif isinstance(result, Kept | Refused):
            self.shelf = replace(self.shelf, kept=result)
        super().show(self._view)

    # ---- drawing

    def _file_look(self, view: View, word: str, key: str) -> Look:
        del view
        return Look(word, "↓", key, enabled=isinstance(self.shelf.logged, Logged))

    def _drawn(self, view: View, columns: int, rows: int) -> list[Drawn]:
        return draw_log(self.shelf, self._all(view, columns), columns, rows)

    def _all(self, view: View, columns: int) -> list[Drawable]:
        """Return every line; of a log that is drawn again as it was, without working it out."""
        logged = self.shelf.logged
        if not isinstance(logged, Logged):
            return instead(self.shelf, view, columns)
        if self._lines[0] is not logged.run or self._lines[1] != columns:
            self._lines = logged.run, columns, lines(logged.run, columns)
        return self._lines[2]

    def _turn(self, pages: int) -> None:
        log = self.query_one("#after-log", Painted)
        rows = max(1, log.size.height - 1)
        last = max(0, len(self._all(self._view, log.size.width)) - log.size.height)
        self.shelf = replace(self.shelf, top=min(last, max(0, self.shelf.top + pages * rows)))
        super().show(self._view)

    def _turn_look(self, pages: int) -> Look:
        log = self.query_one("#after-log", Painted)
        more = (
            self.shelf.top > 0
            if pages < 0
            else self.shelf.top + log.size.height < len(self._all(self._view, log.size.width))
        )
        word, shape = (_("Up"), "▲") if pages < 0 else (_("Down"), "▼")
        return Look(word, shape, "PgUp" if pages < 0 else "PgDn", enabled=more, steps=True)


def note_look(view: View) -> Look:
    """Return the look of the button that lets a note be typed."""
    return Look(_("Write a note"), "✎", "1", enabled=view.may(Note("")), types=True)


def counted(run: AsRun, snap: Snapshot) -> AsRun:
    """Put in how much there is by now of what still runs: the journal has it when it ends."""
    facts = {(row.device, row.verb): row.facts for row in snap.latches if row.on}

    def now(output: Output) -> Output:
        of = facts.get((output.device, output.verb), {}) if not output.ending else {}
        size, length = of.get("bytes", output.bytes), of.get("seconds", output.seconds)
        if isinstance(size, str) or isinstance(length, str):
            return output
        return replace(output, bytes=float(size), seconds=float(length))

    return replace(run, outputs=tuple(map(now, run.outputs)))


# ---- the log in lines


def draw_log(shelf: Shelf, found: list[Drawable], columns: int, rows: int) -> list[Drawn]:
    """Draw the lines from the first one shown on."""
    shown = (one() if callable(one) else one for one in found[shelf.top :][:rows])
    return [(clip(line(" ", *pieces), columns), "page") for pieces in shown]


def instead(shelf: Shelf, view: View, columns: int) -> list[Drawable]:
    """Return why there is no log."""
    if isinstance(shelf.logged, Refused):
        return [line((shelf.logged.what, "dim"))]
    if not shelf.home:
        said = _("The log lies on the machine of the desk: stagectl log")
        return list(wrapped(said, columns - 2, 3, "dim"))
    return [line((_("Reading the log …"), "dim"))] if view.heard else []


def draw_where(shelf: Shelf, columns: int) -> list[Drawn]:
    """Say where a file would be written, or what came of it."""
    said: Line = EMPTY
    match shelf.kept, shelf.logged:
        case Kept(path=path), _:
            start = "✓ " + _("Written:") + " "
            said = line((start, "green"), (tail(path, columns - len(start) - 2), "text"))
        case Refused(what=what), _:
            said = line((f"! {what}", "amber"))
        case None, Logged(folder=folder):
            start = _("Files are written into") + " "
            said = line((start + tail(folder, columns - len(start) - 2), "dim"))
    return [(clip(line(" ", *said), columns), "page")]
