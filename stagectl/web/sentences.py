"""Every sentence of the web pages; `_` says it in the language of the server."""

import math

from stagectl.web.login import Wrong
from stagectl.words import tongue
from stagectl.words.tongue import _, ngettext


def shared(house: str) -> dict[str, str]:
    """Return what every page says."""
    return {"language": tongue.spoken(), "house": house, "brand": "stagectl"}


def panel() -> dict[str, str]:
    """Return what the panel's page says when there is no panel to be seen."""
    return {
        "title": _("Panel"),
        "opening": _("Opening the panel …"),
        "lost": _(
            "The connection is gone. The show goes on without this screen."
            "\nTrying again by itself …"
        ),
        "full": _(
            "As many panels are open as may be. Close one of them."
            "\nThis one opens by itself when there is room."
        ),
        "ended": _("The panel is closed. That ends no show."),
        "again": _("Open the panel"),
        "status": _("The show as plain text"),
    }


def login() -> dict[str, str]:
    """Return what the login page says."""
    return {
        "title": _("Log in"),
        "pin": _("PIN"),
        "hint": _("Ask whoever is responsible tonight for the PIN."),
        "enter": _("Log in"),
        "erase": _("Erase"),
        "digits": _("Digits"),
    }


def stale() -> str:
    """Return why a link lets nobody in."""
    return _("This link has been used. Ask for a new one, or log in with a PIN.")


def waiting() -> dict[str, str]:
    """Return what is said while no show runs."""
    return {
        "title": _("No show runs yet"),
        "told": _("The panel opens by itself when the show is started."),
        "leave": _("Log out"),
    }


def status() -> dict[str, str]:
    """Return what the status page says beside what it tells of the show."""
    return {
        "title": _("Status"),
        "now": _("Now"),
        "next": _("Next"),
        "will": _("GO does this:"),
        "clock": _("Clock"),
        "out": _("Recording and stream"),
        "devices": _("Devices"),
        "panel": _("Open the panel"),
        "leave": _("Log out"),
        "lost": _("This page has lost its connection. The show goes on. Trying again by itself."),
    }


def over() -> str:
    """Return why somebody who was let in is asked for a PIN again."""
    return _("The PIN is no longer valid")


def wrong(refused: Wrong) -> str:
    """Return why somebody is not let in."""
    if not refused.wait:
        return _("That is not right. Try again.")
    minutes = math.ceil(refused.wait / 60)
    return ngettext(
        "Too many wrong tries. Wait {n} minute, then try again.",
        "Too many wrong tries. Wait {n} minutes, then try again.",
        minutes,
    ).format(n=minutes)
