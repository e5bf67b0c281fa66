"""A pane fills the middle of the screen; GO, the pads, the head and the alarm stay where they are.

How one is made, and what it is given for nothing, stands in docs/panel.md.
"""

from typing import ClassVar

from textual.containers import Container
from textual.events import Key

from stagectl.panel.mark import Way, onward
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Painted
from stagectl.panel.widgets.touch import Touch


class Pane(Container):
    """Override `show` if the buttons depend on the show; the rest only where it is needed."""

    can_focus = False
    SCOPED_CSS = False
    DEFAULT_CSS: ClassVar[str] = """
    Pane { width: 1fr; height: 1fr; display: none; }
    .-low Pane, .-narrow Pane { padding: 0 0 1 0; }
    """

    def __init_subclass__(cls) -> None:
        """Let a pane's styles begin with a class of the screen: .-narrow, .-wide, .-low, .-tall."""
        super().__init_subclass__()
        cls.SCOPED_CSS = False  # Textual asks each class for its own, and inherits none

    def show(self, view: View) -> None:
        """Show this view. Called only while the pane is displayed."""
        for painted in self.query(Painted):
            painted.show(view)

    def key(self, event: Key) -> bool:  # noqa: ARG002 -- for those who override it
        """Take a key while `view.editing`, every key but Esc; tell whether it was used.

        An Enter that is not used presses the marked button.
        """
        return False

    def press(self, key: str) -> bool:  # noqa: ARG002 -- for those who override it
        """Take a key that no action of the frame has now; tell whether it was used.

        A letter is a small one. Digits, Tab, PgUp and PgDn come here too.
        """
        return False

    def types(self, key: str) -> bool:
        """Tell whether a key presses a button that opens an editor."""
        if key == "enter":
            pressed = self.marked
        else:
            pressed = next((b for b in self._buttons() if key in b.look(b.view).key.split()), None)
        return pressed is not None and pressed.look(pressed.view).types

    # ---- the mark: every pane can be worked with arrows and Enter

    def move(self, way: Way) -> None:
        """Mark the next enabled button that way; the first one if none is marked."""
        buttons = self._buttons()
        marked = self.marked
        place = onward([b.region for b in buttons], marked.region if marked else None, way)
        if place is not None:
            self.unmark()
            buttons[place].mark(on=True)

    @property
    def marked(self) -> Touch | None:
        """The marked button, if it can be pressed now."""
        return next((button for button in self._buttons() if button.marked), None)

    def unmark(self) -> None:
        """Mark nothing."""
        for button in self.query(Touch):
            button.mark(on=False)

    def _buttons(self) -> list[Touch]:
        """Every button on the screen that means something now, in screen order."""
        shown = [b for b in self.query(Touch) if b.enabled and b.region.area]
        return sorted(shown, key=lambda b: (b.region.y, b.region.x))
