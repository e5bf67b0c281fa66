"""The only place of the panel where text is typed: a few lines, and a keyboard to touch."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Key, MouseDown, MouseRelease, MouseUp, Paste
from textual.message import Message

from stagectl.panel.clean import clean
from stagectl.panel.ink import Line, centre, clip, cut, line, spread, width
from stagectl.panel.panes import editing
from stagectl.panel.panes.editing import Form, signs
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted, Row
from stagectl.words.tongue import _

LABEL = 10  # cells of a line's name
FOOT = 3  # rows of the keys below the letters
HIGHEST = 4  # rows of a letter's key
GAP = 1  # cell between two keys, which belongs to the one before it


@dataclass(frozen=True, slots=True)
class Cap:
    """A key of the screen's keyboard: what it says, what it does, where it is."""

    word: str
    key: str
    sign: str
    x: int
    y: int
    w: int
    h: int
    enabled: bool = True


class Editor(Container):
    """Takes the whole pane while a form is open; the pane gives it every key."""

    DEFAULT_CSS = """
    Editor { width: 1fr; height: 1fr; display: none; layout: vertical; }
    Editor #editor-lines { height: 3; }
    Editor #editor-board { height: 1fr; }
    """

    class Used(Message):
        """Somebody wants the text used as it stands."""

        def __init__(self, texts: tuple[str, ...]) -> None:
            """Say what was typed, a text a line."""
            super().__init__()
            self.texts = texts

    class Left(Message):
        """Somebody wants it left as it was."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own name for it
        """Open nothing yet."""
        super().__init__(id=id)
        self.form: Form | None = None
        self._lines = Lines(self.turn)
        self._board = Board(self.press)

    def compose(self) -> ComposeResult:
        """The lines, the keyboard below them."""
        yield self._lines
        yield self._board

    def open(self, form: Form) -> None:
        """Show a form, and take the focus: what is pasted arrives where the focus is."""
        self.display = True
        self._set(form)
        self._lines.focus()
        self._tell_browser(on=True)

    def close(self) -> None:
        """Forget the form; nobody has the focus any more."""
        self.form = None
        self.display = False
        if self.is_attached and self.screen.focused is self._lines:
            self.screen.set_focus(None)
        self._tell_browser(on=False)

    def _tell_browser(self, *, on: bool) -> None:
        """Let a tablet's own keyboard come up only while somebody types."""
        say_so = getattr(self.app._driver, "write_meta", None)  # noqa: SLF001 -- Textual has no other way
        if say_so is not None:
            say_so({"type": "editing", "on": on})

    def show(self, view: View) -> None:
        """Follow the view's size; the text is our own."""
        if self.form is not None:
            each = 1 if self.size.height < 20 else 2 if self.size.height < 30 else 3
            self._lines.styles.height = 1 + each * len(self.form.fields)
        self._lines.show(view)
        self._board.show(view)

    def turn(self, which: int) -> None:
        """Type in another line."""
        if self.form is not None and which < len(self.form.fields):
            self._set(self.form.turn(which))

    def press(self, key: str, sign: str) -> None:
        """Take a key of the screen's keyboard."""
        if self.form is None:
            return
        if key == editing.LEAVE:
            self.post_message(self.Left())
        elif key == editing.USE:
            self._use(self.form)
        else:
            self._set(self.form.key(key, sign))

    def key(self, event: Key) -> bool:
        """Take a key of a keyboard; tell whether it was used."""
        if self.form is None:
            return False
        if event.key == "enter":
            self._use(self.form)
            return True
        sign = event.character if event.is_printable else None
        before = self.form
        self._set(before.key(event.key, sign))
        return self.form is not before or sign is not None

    def paste(self, text: str) -> None:
        """Type what was pasted, all at once."""
        if self.form is not None:
            self._set(self.form.key("", text))

    def _use(self, form: Form) -> None:
        if form.usable:
            self.post_message(self.Used(form.texts))

    def _set(self, form: Form) -> None:
        self.form = form
        self._lines.form = self._board.form = form
        self._lines.paint()
        self._board.paint()


class Lines(Painted):
    """What is typed, a line each; a touch on one goes on there."""

    can_focus = True

    def __init__(self, turn: Callable[[int], None]) -> None:
        """Draw no form yet."""
        super().__init__(self._drawn, ground="card", id="editor-lines")
        self.form: Form | None = None
        self._turn = turn

    def _drawn(self, view: View, columns: int, rows: int) -> list[Row]:
        del view
        return draw_lines(self.form, columns, rows) if self.form is not None else []

    def on_mouse_up(self, event: MouseUp) -> None:
        """Go on in the line that was touched."""
        event.stop()
        if self.form is not None:
            first, each = _heights(self.form, self.size.height)
            if event.y >= first:
                self._turn((event.y - first) // each)

    def on_paste(self, event: Paste) -> None:
        """Give it to the editor."""
        event.stop()
        editor = self.parent
        if isinstance(editor, Editor):
            editor.paste(event.text)


class Board(Painted):
    """A keyboard for a wall without one; a key acts when the finger is lifted from it."""

    def __init__(self, press: Callable[[str, str], None]) -> None:
        """Draw no form yet."""
        super().__init__(self._drawn, ground="page", id="editor-board")
        self.form: Form | None = None
        self._press = press
        self._down: Cap | None = None

    def _drawn(self, view: View, columns: int, rows: int) -> list[Row]:
        del view
        if self.form is None:
            return []
        return draw_board(places(self.form, columns, rows), columns, rows, self._down)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take the finger."""
        event.stop()
        self._down = self._at(event.x, event.y)
        self.capture_mouse()
        self.paint()

    def on_mouse_up(self, event: MouseUp) -> None:
        """Act, unless the finger slid to another key."""
        event.stop()
        down, self._down = self._down, None
        self.release_mouse()
        self.paint()
        if down is not None and self._at(event.x, event.y) == down:
            self._press(down.key, down.sign)

    def on_mouse_release(self, event: MouseRelease) -> None:
        """Something else took the finger."""
        event.stop()
        self._down = None
        self.paint()

    def _at(self, x: int, y: int) -> Cap | None:
        if self.form is None:
            return None
        found = (p for p in places(self.form, *self.size) if p.x <= x < p.x + p.w + GAP)
        return next((p for p in found if p.y <= y < p.y + p.h and p.enabled), None)


# ---- what they show


def draw_lines(form: Form, columns: int, rows: int) -> list[Row]:
    """The title, and each line with the cursor where it stands."""
    first, each = _heights(form, rows)
    hint = line((_("Enter: use it · Esc: leave it as it was") + " ", "dim"))
    title = line((f" {form.title}", "strong"))
    if width(title) + width(hint) + 2 > columns:
        hint = ()
    drawn: list[Row] = [(spread(title, hint, columns), "page")]
    drawn += [((), "page")] * (first - 1)
    for n, field in enumerate(form.fields):
        here = n == form.which
        ground = "raised" if here else "card"
        label = line((f" {cut(field.label, LABEL - 1):<{LABEL}}", "strong" if here else "dim"))
        text = _with_cursor(field.text, field.at, columns - LABEL - 4)
        shown = line(*label, *(text if here else line((clean(field.text), "text"))))
        full: list[Row] = [((), ground)] * each
        full[(each - 1) // 2] = (clip(shown, columns), ground)
        drawn += full
    return drawn[:rows]


def _with_cursor(text: str, at: int, space: int) -> Line:
    """The text around the cursor, which is a cell of its own colour."""
    before, under, after = text[:at], text[at : at + 1] or " ", text[at + 1 :]
    while before and width(line(before)) >= space - 1:
        before = before[1:]
    return line((before, "text"), (under, "chip_warn"), (after, "text"))


def _heights(form: Form, rows: int) -> tuple[int, int]:
    """Return the row of the first line, and how many rows each has."""
    each = max(1, (rows - 1) // len(form.fields))
    return 1, min(3, each)


def places(form: Form, columns: int, rows: int) -> list[Cap]:
    """Return the keys of the keyboard in this room; the gap right of a key belongs to it."""
    letters = signs(form)
    high = max(1, min(HIGHEST, (rows - FOOT) // len(letters)))
    many = max(len(row) for row in letters)
    step = min(12, columns // many)
    left = max(0, (columns - step * many) // 2)
    keys = [
        Cap(sign, sign, sign, left + x * step, y * high, step - GAP, high)
        for y, row in enumerate(letters)
        for x, sign in enumerate(row)
    ]
    foot = min(FOOT + 1, rows - len(letters) * high)
    return keys + _foot(form, columns, len(letters) * high, max(1, foot))


def _foot(form: Form, columns: int, y: int, h: int) -> list[Cap]:
    leave = ("× " + _("Leave it"), editing.LEAVE, 2)
    use = ("✓ " + _("Use it"), editing.USE, 2)
    erase = ("⌫", editing.ERASE, 1)
    if form.field.figures:
        keys = [leave, erase, use]
    else:
        layer = "abc" if form.layer else "áčß"
        keys = [
            leave, ("⇧" if not form.shift else "⇧ ●", editing.SHIFT, 1), (layer, editing.LAYER, 1),
            (_("space"), editing.SPACE, 3), ("◂", editing.LEFT, 1), ("▸", editing.RIGHT, 1),
            erase, use,
        ]  # fmt: skip
    units = sum(size for _word, _key, size in keys)
    out, x = [], 0
    for n, (word, key, size) in enumerate(keys):
        end = columns if n == len(keys) - 1 else x + columns * size // units
        sign = " " if key == editing.SPACE else ""
        enabled = key != editing.USE or form.usable
        out.append(Cap(word, key, sign, x, y, end - x - GAP, h, enabled))
        x = end
    return out


def draw_board(keys: list[Cap], columns: int, rows: int, down: Cap | None) -> list[Row]:
    """Each key a block of its own; its lowest row is left out, so that keys stand apart."""
    cells: list[list[tuple[int, Line]]] = [[] for _row in range(rows)]
    for key in keys:
        ground = "chip_calm" if key.enabled else "faint"
        if down is not None and key.key == down.key:
            ground = "chip_warn"
        body = key.h - 1 if key.h > 1 else 1
        for y in range(key.y, min(rows, key.y + body)):
            middle = y == key.y + (body - 1) // 2
            word = cut(key.word, key.w) if middle else ""
            said = centre(line((word, ground)), key.w) if word else ()
            before = said[0][0] if len(said) > 1 else ""
            text = f"{before}{word}"
            cells[y].append((key.x, line((f"{text:<{key.w}}"[: max(key.w, len(text))], ground))))
    return [(_across(row, columns), "page") for row in cells]


def _across(row: list[tuple[int, Line]], columns: int) -> Line:
    out: list[tuple[str, str]] = []
    at = 0
    for x, pieces in sorted(row, key=lambda cell: cell[0]):
        out += [(" " * (x - at), "text"), *pieces]
        at = x + width(pieces)
    return clip(tuple(p for p in out if p[0]), columns)
