"""At most one alarm: what, what follows, what to do. The same place always, so nothing jumps."""

from stagectl.panel import alarms, keys, say
from stagectl.panel.alarms import Said
from stagectl.panel.ink import Line, join, line, spread, width
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import _

SHOWN = 5.0  # seconds that an answer to this panel's own question stays
WORST = frozenset({"latch_off"})


def draw_alarm(view: View, columns: int, rows: int) -> list[Row]:
    """One row, or two with what to do on the second."""
    (what, follows, cure), ground = news(view)
    if ground == "page":
        return [(line((f" {what}", "faint")), "page")]
    others = 0 if view.over else len(view.snap.alarms) - 1
    more = line((f"{say.more(others)} " if others > 0 and view.contact == "up" else "", "text"))
    mark = "■" if ground == "calm" else "!"
    if rows > 1 and cure:
        return [
            (spread(_row(mark, what, follows), more, columns), ground),
            (line(f"   ► {cure}"), ground),
        ]
    ways = (
        _row(mark, what, follows, cure),
        _row(mark, what, cure),
        _row(mark, what, follows),
        _row(mark, what),
    )
    room = columns - width(more) - 1
    said_so = next((way for way in ways if width(way) <= room), ways[-1])
    return [(spread(said_so, more, columns), ground)]


def _ended(view: View) -> Said:
    """The end is no breakdown; but what still runs when the desk goes, runs on unwatched."""
    close = _("Close: in the menu, or {key}").format(key=keys.said("close"))
    last = say.latches(view.snap.latches)
    follows = _("Last known: {latches}").format(latches=last) if last else ""
    if any(row.on for row in view.snap.latches):
        close = _("Stop what is on at the device itself") + f"  ·  {close}"
    return _("The show is over"), follows, close


def _row(mark: str, what: str, *rest: str) -> Line:
    parts = [line((f" {mark} {what}", "strong")), *(line(text) for text in rest if text)]
    return join(parts, ("  ·  ", "text"))


def news(view: View) -> tuple[Said, str]:
    """Return the one thing to say, and its ground: "page" when nothing is wrong."""
    if view.over:
        return _ended(view), "calm"
    if view.contact == "lost":
        return (
            _("No contact with the desk"),
            _("The show goes on without this panel; GO does not work here"),
            _("Wait: the panel comes back by itself"),
        ), "alarm"
    if view.contact == "refused":
        return (
            _("The desk does not let this panel in"),
            _("Its key is of another evening"),
            _("Close the panel and start it again"),
        ), "alarm"
    if view.contact == "expired":
        return (
            _("The PIN is no longer valid"),
            _("The show goes on without this screen"),
            _("Ask the operator for a new one"),
        ), "alarm"
    if view.contact == "connecting":
        return ("… " + _("Connecting to the desk"), "", ""), "page"
    if view.escape is not None:
        return (_("Esc once more within a second: Stop all"), "", ""), "warn"
    answer = view.answer
    if answer is not None and answer.what != "Go" and view.now - answer.at < SHOWN:
        return (say.refusal(answer.why, answer.about), "", ""), "warn"
    if view.snap.alarms:
        worst = view.snap.alarms[0]
        return alarms.in_words(view, worst), "alarm" if worst.code in WORST else "warn"
    if view.notice:
        return (view.notice, "", ""), "warn"
    calm = view.snap.phase in ("ready", "live") and not view.snap.overlay
    return ("✓ " + _("Nothing is wrong") if calm else "", "", ""), "page"
