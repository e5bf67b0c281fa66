"""A pane in which one line can be typed: the editor takes its place meanwhile."""

from collections.abc import Callable
from dataclasses import replace

from textual import on
from textual.events import Key
from textual.widget import Widget

from stagectl.panel.panes.editing import Field, opened
from stagectl.panel.panes.editor import Editor
from stagectl.panel.panes.pane import Pane
from stagectl.panel.view import View
from stagectl.panel.wish import Changed


class TypingPane(Pane):
    """Has an Editor `editor()` among its children; the others are not shown while it is open."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own name for it
        """Type nothing yet."""
        super().__init__(id=id)
        self._typing = self._opening = False
        self._use: Callable[[str], None] = lambda _text: None  # nothing is typed before `open`

    def editor(self) -> Editor:
        """Return the editor."""
        return self.query_one(Editor)

    def show(self, view: View) -> None:
        """Show this view; a text that is being typed stays until somebody uses it or leaves it."""
        if self._typing:
            self._opening = self._opening and not view.editing
            if not view.editing and not self._opening:
                self._close()
        super().show(view)
        for editor in self.query(Editor):  # none yet, before the pane is put together
            editor.show(view)

    def key(self, event: Key) -> bool:
        """Give every key to the editor."""
        return self.editor().key(event)

    def on_hide(self) -> None:
        """Leave what is typed as it was: nobody sees it any more."""
        if self._typing:
            self._close()

    def open(
        self, title: str, label: str, use: Callable[[str], None], *, text: str = "", most: int
    ) -> None:
        """Let a line be typed, which `use` gets."""
        self._use = use
        self._typing = self._opening = True
        for part in self._others():
            part.display = False
        self.editor().open(opened(title, Field(label, text, most=most), needs=True))
        self.post_message(Changed(lambda view: replace(view, editing=True)))

    def _close(self) -> None:
        self._typing = self._opening = False
        self.editor().close()
        for part in self._others():
            part.display = True
        self.post_message(Changed(lambda view: replace(view, editing=False)))

    def _others(self) -> list[Widget]:
        return [child for child in self.children if not isinstance(child, Editor)]

    @on(Editor.Left)
    def _left(self, event: Editor.Left) -> None:
        event.stop()
        self._close()

    @on(Editor.Used)
    def _used(self, event: Editor.Used) -> None:
        event.stop()
        self._close()
        self._use(event.texts[0])
