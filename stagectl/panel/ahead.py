"""What is typed ahead of an editor, or runs on after it has gone, is never a key of the frame.

A touch that opens an editor is carried from the button to its pane, and the pane's word to the
screen; letters that came in the same moment would find Space to be GO still.
"""

from collections.abc import Callable

from textual.events import Key

OPENING = 1.0  # seconds that an editor may take to come up; then the keys are the frame's again
PAUSE = 0.1  # seconds of silence that end what was being typed when an editor was closed
MOST = 200  # keys kept for an editor that is coming up
_TYPED = frozenset({"enter", "tab", "backspace", "delete", "left", "right", "up", "down"})


class Ahead:
    """Knows whether an editor is coming up, or has just gone; `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Expect nothing."""
        self._now = clock
        self._expected: float | None = None
        self._kept: list[Key] = []
        self._typed = self._running_on = float("-inf")

    def expect(self) -> None:
        """Say that what was just touched opens an editor."""
        self._expected = self._now()
        self._kept.clear()

    def takes(self, event: Key, *, editing: bool) -> bool:
        """Tell whether a key is kept from the frame; Esc and the like never are."""
        if not (event.is_printable or event.key in _TYPED):
            return False
        if editing:
            self._typed = event.time
            return False
        if self._expected is not None:
            if self._now() - self._expected < OPENING:
                self._kept = [*self._kept, event][-MOST:]
                return True
            self._expected = None
        runs_on = event.time - self._running_on < PAUSE
        if runs_on:
            self._running_on = event.time
        return runs_on

    def came(self) -> list[Key]:
        """Say that the editor is up; return what was typed ahead of it."""
        kept, self._kept, self._expected = self._kept, [], None
        return [event for event in kept if event.is_printable or event.key == "backspace"]

    def gone(self) -> None:
        """Say that the editor was closed: what was being typed may run on for a while."""
        self._running_on, self._typed = self._typed, float("-inf")
