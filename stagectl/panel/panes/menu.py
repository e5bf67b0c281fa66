"""Everything that has no pad, each a touch away; what means nothing now is grey."""

from textual.app import ComposeResult
from textual.containers import Container

from stagectl.engine.snapshot import LatchRow
from stagectl.panel import keys, palette, say
from stagectl.panel.pads import Pad, look
from stagectl.panel.panes.pane import Pane
from stagectl.panel.postponed import timed
from stagectl.panel.view import View
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.words.tongue import _


class Menu(Pane):
    """Buttons in a grid; each is named for an action of the frame, which hears of its touch."""

    DEFAULT_CSS = """
    #menu-grid { width: 1fr; height: 1fr; layout: grid; grid-size: 5 3; grid-gutter: 1 1; }
    #menu-grid { padding: 1 1 0 1; }
    .-low #menu-grid, .-narrow #menu-grid { padding: 0; }
    """

    def compose(self) -> ComposeResult:
        """All the buttons."""
        with Container(id="menu-grid"):
            for action, drawn in entries():
                yield Touch(action, drawn, id=f"menu-{action.removeprefix('app.')}")


def entries() -> list[Pad]:
    """Return the buttons in the order of the grid: to look at, to set, to start, to end."""
    return [
        ("today", lambda v: _plain(v, "today", _("Today"), v.home)),
        ("check", lambda v: _plain(v, "check", _("Check"))),
        ("stageclock", lambda v: _plain(v, "stageclock", _("Stage clock"))),
        ("after", lambda v: _plain(v, "after", _("Afterwards"))),
        ("room", lambda v: _plain(v, "room", _("The room"))),
        ("keys", lambda v: _plain(v, "keys", _("Keys"))),
        ("app.contrast", lambda v: _plain(v, "contrast", _contrast())),
        ("beside", lambda v: _plain(v, "beside", _("Simulated stage"), v.beside)),
        ("postpone", lambda v: look(v, "postpone", _("Postpone"), "", bool(timed(v)))),
        ("takeover", lambda v: _plain(v, "takeover", _("Take over"))),
        ("assert", lambda v: look(v, "assert", _("Set the room"), "↻")),
        ("record", lambda v: _latch(v, "record")),
        ("stream", lambda v: _latch(v, "stream")),
        ("end", lambda v: look(v, "end", _("End the show"), "■")),
        ("close", lambda v: _plain(v, "close", _("Close the panel"))),
    ]


def _contrast() -> str:
    return _("Ordinary colours") if palette.used() == "high" else _("High contrast")


def _plain(_view: View, action: str, word: str, means: bool = True) -> Look:
    """Return the look of what a panel can do by itself, whatever its role and its desk."""
    return Look(word, "", keys.said(action), means)


def _latch(view: View, verb: str) -> Look:
    """Start or stop, by what is on now; while something is stopped R means «Resume»."""
    row = next((row for row in view.snap.latches if row.verb == verb), None)
    word = _word(view, row or LatchRow("", verb, wanted=False, on=False))
    means = row is not None and not (verb == "record" and view.snap.overlay)
    return look(view, verb, word, "■" if row and row.on else "●", means)


def _word(view: View, row: LatchRow) -> str:
    turn = "stop" if row.on else "start"
    return say.trigger(view.bill, f"{row.device}.{row.verb} {turn}")
