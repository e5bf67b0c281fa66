"""The GO button: never moved, never covered, and it says why when it does not work."""

from collections.abc import Sequence

from stagectl.panel import say
from stagectl.panel.clean import clean
from stagectl.panel.ink import EMPTY, Line, centre, line, wrapped
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.panel.widgets.touch import Look, Touch
from stagectl.words.tongue import _

REFUSED = 3.0  # seconds that a refused GO stays on the button

_GO = (
    "▄██▀▀▀█  ▄██▀▀██▄",
    "██▌       ██▌  ▐██",
    "██▌ ▀▀█▌  ██▌  ▐██",
    "▀██▄▄▄█▌  ▀██▄▄██▀",
)


class Go(Touch):
    """Fires the cue that it shows."""

    def _drawn(self, view: View, columns: int, rows: int) -> Sequence[Row]:
        return draw_go(view, columns, rows, pressed=self._down is not None)


def go_look(view: View) -> Look:
    """Tell whether GO works now, or leads where the evening goes on."""
    return Look("GO", enabled=view.may_go or leads(view), ground="go")


def leads(view: View) -> bool:
    """Tell whether a touch on GO's place leads to what became of the evening."""
    return view.over and view.pane != "after"


def refused(view: View) -> tuple[str, str]:
    """Return why the newest GO was refused, and to whom if not to us; ("", ""): it was not."""
    answer, row = view.answer, view.snap.refusal
    if answer is not None and answer.what == "Go" and view.now - answer.at < REFUSED:
        return say.refusal(answer.why, answer.about), ""
    if row is None or row.what != "Go" or row.ago + (view.now - view.seen) >= REFUSED:
        return "", ""
    return say.refusal(row.why, row.cue), "" if row.by == view.by else say.by(row.by)


def draw_go(view: View, columns: int, rows: int, *, pressed: bool = False) -> list[Row]:
    """GO in large letters, and the cue it fires; or why it does not."""
    if not view.may_go:
        idle = [line((_idle(view), "strong")), line((_idle_more(view), "faint"))]
        return _centred(idle, columns, rows, "low")
    stopped = view.snap.overlay == "safe"  # the desk refuses it: the button says so beforehand
    ground = "pressed" if pressed else "calm" if stopped else "go"
    cue = view.next_cue
    name = f"{clean(cue.number)}  {clean(cue.name)}" if cue else clean(view.snap.standby or "")
    why, whom = refused(view)
    if why:
        return _refused(why, whom, name, columns, rows, ground)
    letters = [line((row, "strong")) for row in _GO] if rows >= 7 else [line(("GO", "strong"))]
    foot = _("sent …") if view.sent == "Go" else _("space")
    foot = _("press Resume first") if stopped else foot
    lines = [*letters, line((f"▷ {name}", "strong")), line((foot, "dim"))]
    if rows > len(lines):
        lines.insert(0 if rows == len(lines) + 1 else len(letters), EMPTY)
    return _centred(lines, columns, rows, ground)


def _refused(why: str, whom: str, name: str, columns: int, rows: int, ground: str) -> list[Row]:
    """A refusal stands on the button itself: that is where eyes are."""
    title = "× " + _("GO was refused") + (f" ({whom})" if whom else "")
    said = [line((title, "strong")), *wrapped(why, columns - 2, 2), EMPTY][:3]
    head = _centred([line(("GO", "strong"))], columns, max(1, rows - 5), ground)
    amber: list[Row] = [(centre(pieces, columns), "warn") for pieces in said]
    foot: list[Row] = [(EMPTY, ground), (centre(line((f"▷ {name}", "strong")), columns), ground)]
    return [*head, *amber, *foot]


def _centred(lines: list[Line], columns: int, rows: int, ground: str) -> list[Row]:
    lines = lines[: max(0, rows)]
    top = (rows - len(lines)) // 2
    drawn = [EMPTY] * top + [centre(pieces, columns) for pieces in lines]
    return [(pieces, ground) for pieces in [*drawn, *[EMPTY] * (rows - len(drawn))]]


def _idle(view: View) -> str:
    if view.over:
        return _("The show is over")
    if view.contact == "connecting" or not view.heard:
        return _("Connecting …")
    if view.contact != "up":
        return "× " + _("GO does not work")
    if view.role == "watch":
        return _("This screen only watches")
    return _("The last cue has gone")


def _idle_more(view: View) -> str:
    if view.over:
        return "► " + _("Afterwards") if leads(view) else ""
    if view.contact == "expired":
        return _("the PIN is no longer valid")
    return _("no contact with the desk") if view.contact in ("lost", "refused") else ""
