"""How each button looks that starts an action: the pads beside GO, and those of the menu."""

from collections.abc import Callable

from stagectl.panel import keys
from stagectl.panel.matters import matters
from stagectl.panel.postponed import timed
from stagectl.panel.view import PaneName, View
from stagectl.panel.widgets.touch import Look
from stagectl.words.tongue import _, ngettext

Pad = tuple[str, Callable[[View], Look]]
"""An action of the frame, and the look of its button."""


def pads() -> list[Pad]:
    """Return the pads in the order of the grid, far from GO the ones that stop.

    On 80 columns some are left out: those are in the menu.
    """
    return [
        ("stop", lambda v: look(v, "stop", _("Stop all"), "■", v.bill.safe, "stop")),
        ("cover", lambda v: look(v, "cover", _("Cover stream"), "▒", v.bill.cover, "cover")),
        ("hand", _hand),
        ("postpone", lambda v: look(v, "postpone", _("Postpone"), "", bool(timed(v)))),
        ("takeover", _takeover),
        ("back", lambda v: look(v, "back", _("Back"), "◄")),
        ("skip", _skip),
        ("menu", _menu),
        ("previous", lambda v: look(v, "previous", _("Previous"), "▲")),
        ("next", lambda v: look(v, "next", _("Next"), "▼")),
    ]


def look(
    view: View, action: str, word: str, shape: str = "", means: bool = True, ground: str = "raised"
) -> Look:
    """Return a button's look; `means` says whether its action means anything now."""
    may = view.may_go_back if action == "back" else view.may_ask
    return Look(word, shape, keys.said(action), may and means, ground)


def turn(view: View, pane: PaneName, word: str) -> Look:
    """Return the look of the button that shows a pane; while it is shown, it is the way out."""
    if view.pane == pane:
        return way_out(view)
    return Look(word, "", keys.said(pane))


def way_out(view: View) -> Look:
    """Return the look of the button that goes back to the list; never «Back», which moves a cue.

    It counts what is to be settled there.
    """
    count = len(matters(view))
    waits = ngettext("1 waits", "{n} wait", count).format(n=count)
    return Look(_("To the show"), "", f"Esc · {waits}" if count else "Esc")


def led(view: View, button: str) -> str:
    """Return the action of a button: where the show is over, some lead to what comes then."""
    after = {"go": "after", "hand": "after", "skip": "today"}
    return after.get(button, button) if view.over else button


def _hand(view: View) -> Look:
    if view.over:
        return turn(view, "after", _("Afterwards"))
    return turn(view, "hand", _("By hand"))


def _takeover(view: View) -> Look:
    if view.over and view.pane != "takeover":
        return Look(_("Take over"), enabled=False)  # there is nothing left to take
    return turn(view, "takeover", _("Take over"))


def _skip(view: View) -> Look:
    if view.over:
        return Look(_("Today"), "", keys.said("today"), view.home)
    return look(view, "skip", _("Skip"), "×", view.snap.standby is not None)


def _menu(view: View) -> Look:
    """The menu; in any other pane but «By hand», which has a pad of its own, the way out."""
    if view.pane not in ("cues", "hand"):
        return way_out(view)
    return Look(_("Menu"), "≡", keys.said("menu"))
