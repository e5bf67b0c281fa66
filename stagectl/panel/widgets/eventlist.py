"""The events of one page; a finger lifted from the one it touched opens it."""

from textual.events import MouseDown, MouseScrollDown, MouseScrollUp, MouseUp
from textual.message import Message

from stagectl.panel import board as boards
from stagectl.panel.board import Board
from stagectl.panel.home import EventLine
from stagectl.panel.view import View
from stagectl.panel.widgets.events import draw_list
from stagectl.panel.widgets.painted import Painted, Row


class EventList(Painted):
    """Draws the newest board that it was given."""

    class Touched(Message):
        """Somebody touched an event."""

        def __init__(self, event: EventLine) -> None:
            """Say which."""
            super().__init__()
            self.event = event

    class Turned(Message):
        """Somebody looks further up or down."""

        def __init__(self, pages: int) -> None:
            """Say how far."""
            super().__init__()
            self.pages = pages

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__(self._drawn, id="events")
        self.board = Board()
        self._down: EventLine | None = None

    def _drawn(self, _view: View, columns: int, rows: int) -> list[Row]:
        return draw_list(self.board, columns, rows)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Remember where the finger came down; nothing happens before it is lifted."""
        event.stop()
        self._down = boards.event_at(self.board, self.size.height, event.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        """A finger lifted from the event it touched means that event."""
        event.stop()
        down, self._down = self._down, None
        found = boards.event_at(self.board, self.size.height, event.y)
        if down is not None and found is not None and down.path == found.path:
            self.post_message(self.Touched(found))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Look further down."""
        event.stop()
        self.post_message(self.Turned(1))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Look further up."""
        event.stop()
        self.post_message(self.Turned(-1))
