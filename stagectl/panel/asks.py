"""What a pad or a key of the frame asks for: the desk at once, or first its own operator."""

from stagectl.engine.intent import Assert, Back, Intent, Overlay, Release, Skip
from stagectl.panel.postponed import timed
from stagectl.panel.view import Question, View

NAMES = frozenset(("back", "skip", "cover", "record", "stream", "assert", "postpone", "end"))


def asks(view: View, what: str) -> Intent | Question | None:
    """Return what is to be sent, or asked below the list; None: it means nothing now."""
    match what:
        case "back":
            return Back()
        case "skip":
            return None if view.snap.standby is None else Skip(view.snap.standby)
        case "cover":
            return Overlay("cover")
        case "record" if view.snap.overlay:
            return Release()
        case "record" | "stream":
            return _latch(view, what)
        case "assert" if view.snap.phase == "holding":
            return Assert()  # what it changes is on the screen already
        case "assert":
            return Question("assert")
        case "postpone":
            return Question("postpone") if timed(view) else None
        case "end":
            return Question("end")
    return None


def _latch(view: View, verb: str) -> Question | None:
    rows = [row for row in view.snap.latches if row.verb == verb]
    return Question("latch", f"{rows[0].device}.{verb}") if rows else None
