"""What a widget says when somebody touched it; only the screen and the app listen.

A widget posts one of these and does nothing else: `self.post_message(Wish(Back()))`.
"""

from collections.abc import Callable

from textual.message import Message

from stagectl.engine.intent import Intent
from stagectl.panel.view import PaneName, View


class Wish(Message):
    """The operator asks the desk for something. Nothing is sent that the role may not ask for."""

    def __init__(self, intent: Intent) -> None:
        """Say what."""
        super().__init__()
        self.intent = intent


class Changed(Message):
    """The panel's own part of the view changed: a question, a page, an Esc, text being edited."""

    def __init__(self, change: Callable[[View], View]) -> None:
        """Say how: a function of the newest view, which may have moved on meanwhile."""
        super().__init__()
        self.change = change


class Turn(Message):
    """Show another pane; "cues" is the list and the cards."""

    def __init__(self, pane: PaneName) -> None:
        """Say which."""
        super().__init__()
        self.pane = pane


class Events(Message):
    """The operator wants to see which events there are: the screen of today."""


class Close(Message):
    """The operator closes this panel."""
