"""What the stage clock shows: the time that is left, as large as the room lets it be, and a word.

The stage sees this and nothing else of the show, so it says nothing that only an operator needs.
"""

from dataclasses import dataclass
from math import floor

from stagectl.panel import clocks
from stagectl.panel.clean import clean
from stagectl.panel.clocks import Pace, countdown, hms, pace
from stagectl.panel.figures import figures
from stagectl.panel.ink import EMPTY, Line, centre, line, spread, width, wrap
from stagectl.panel.lettering import lettered
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import _, pgettext

SMALL = 16  # rows below which all but the figures is ordinary text
SHARES = (0.34, 0.46)  # of the rows, that a message may have: two lines, where one does not fit
ROOMY = 30  # rows from which on a message leaves room for a large time of day
LARGE = 45  # rows from which on even what comes next is lettered
_TONES = {"none": "text", "green": "bar_green", "amber": "bar_amber", "red": "bar_red"}
_WORDS = {"none": "strong", "green": "green", "amber": "amber", "red": "red"}


@dataclass(frozen=True, slots=True)
class Dial:
    """One moment of the clock: the figures, the word for them, and how the time stands."""

    figures: str
    word: str
    pace: Pace = "none"
    title: str = ""
    coming: str = ""
    """That the next cue goes by itself, and when."""
    lost: str = ""
    """That nobody is heard, and since when."""


def dial(view: View) -> Dial:
    """Return what the clock shows; without contact it counts on, and says so."""
    lost = _lost(view)
    cue, gone = view.now_cue, _gone(view)
    wall = clocks.wall(view, view.wall)
    show = clean(view.bill.show)
    if not view.heard:
        return Dial(wall, _("Looking for the desk …"), lost=lost)
    if view.over:
        return Dial(wall, _("The show is over"), title=show)
    if cue is None or gone is None:
        start = clean(view.bill.start)
        word = (
            _("The show begins at {time}").format(time=start) if start else _("The show is ready")
        )
        return Dial(wall, word, title=show, coming=_coming(view), lost=lost)
    title = clean(cue.name) or clean(cue.number)
    if not cue.length:
        return Dial(hms(gone), pgettext("clock", "gone"), "none", title, _coming(view), lost)
    left, how = cue.length - gone, pace(gone, cue.length)
    # Translators: below the time that is left: plenty of it, little, none
    word = {
        "green": pgettext("clock", "left"),
        "amber": pgettext("clock", "soon over"),
        "red": pgettext("clock", "over time"),
    }[how]
    return Dial(countdown(left), word, how, title, _coming(view), lost)


def _gone(view: View) -> float | None:
    """Return how long the cue has been on stage, by our own clock from when it was last heard."""
    gone = view.snap.elapsed
    return None if gone is None else gone + max(0.0, view.now - view.seen)


def _lost(view: View) -> str:
    if view.contact == "up" or view.over:
        return ""
    if not view.heard:
        return _("No contact with the desk") if view.contact == "lost" else ""
    last = clocks.wall(view, view.wall - (view.now - view.seen))
    return _("No contact with the desk – last heard {time}").format(time=last)


def _coming(view: View) -> str:
    """Return that the next cue goes by itself soon; without a countdown there is nothing to say."""
    cue, soon = view.next_cue, view.snap.follow_in
    if cue is None:
        return ""
    if soon is not None:
        left = max(0.0, soon - max(0.0, view.now - view.seen))
        if left == 0 and view.contact != "up":
            return ""  # it has gone by now, or has not: nobody tells us
        return _("{cue} in {time}").format(cue=clean(cue.name) or cue.number, time=countdown(left))
    at = clocks.due(view, cue)
    if at is None or not 0 <= at - view.wall < clocks.SOON or view.snap.phase != "live":
        return ""
    return _("{cue} at {clock}, in {time}").format(
        cue=clean(cue.name) or cue.number,
        clock=clocks.wall(view, at),
        time=countdown(at - view.wall),
    )


# ---- drawing


def draw_dial(view: View, columns: int, rows: int) -> list[Row]:
    """Draw the clock in so many columns and rows."""
    now = dial(view)
    message = clean(view.snap.message)
    head = _head(view, now, columns, rows)
    foot = _message(message, columns, rows) if message else []
    if now.lost:
        foot = [*foot, *_band(now.lost, columns, 3 if rows >= LARGE else 1, "warn")]
    space = rows - len(head) - len(foot)
    return [*head, *_middle(now, columns, space, rows), *foot]


def _head(view: View, now: Dial, columns: int, rows: int) -> list[Row]:
    """The cue on stage at the left, the time of day at the right."""
    crowded = rows < SMALL or (view.snap.message and rows < ROOMY)
    tall = 0 if crowded else rows // 6  # 9 of 56: room for two lines of letters
    clock = clocks.wall(view, view.wall, seconds=tall == 0)
    if clock.startswith(now.figures):
        clock = ""  # it stands below already
    drawn = figures(clock, columns // 4, min(tall, 7)) if clock else [""]
    if not drawn or not tall:
        right = line((clock, "strong"))
        return [(spread(line((now.title, "strong")), right, columns), "page")]
    room = columns - len(drawn[0]) - 5
    title = lettered(now.title, room, tall) or wrap(now.title, room, len(drawn))
    high = max(len(title), len(drawn))
    title, drawn = ([*part, *[""] * (high - len(part))] for part in (title, drawn))
    beside = (
        spread(line((f" {left}", "strong")), line((right, "dim"), " "), columns)
        for left, right in zip(title, drawn, strict=True)
    )
    return [(EMPTY, "page"), *((pieces, "page") for pieces in beside), (EMPTY, "page")]


def _middle(now: Dial, columns: int, space: int, rows: int) -> list[Row]:
    """The figures, the word for them, and what comes by itself; all in the middle of the space."""
    lines = max(4, rows // 8) if rows >= SMALL and space >= SMALL else 1
    word = _big(now.word, columns - 2, lines, _WORDS[now.pace])
    coming: list[Line] = []
    if now.coming:
        coming = _big(now.coming, columns - 2, rows // 12 if rows >= LARGE else 1, "text")
    airy = 1 if rows >= SMALL else 0
    below = len(word) + (len(coming) + airy if coming else 0) + airy
    drawn = figures(now.figures, columns - 4, max(1, space - below - airy))
    tone = _TONES[now.pace] if drawn else _WORDS[now.pace]
    large = [line((row, tone)) for row in drawn or [now.figures]]
    parts = [*large, *[EMPTY] * airy, *word, *([EMPTY] * airy if coming else []), *coming]
    parts = parts[: max(0, space)]
    top = (space - len(parts)) // 2
    whole = [*[EMPTY] * top, *parts, *[EMPTY] * (space - len(parts) - top)]
    return [(centre(pieces, columns), "page") for pieces in whole]


def _big(text: str, columns: int, rows: int, tone: str) -> list[Line]:
    """Return a text in large letters where there is room, else in its own."""
    drawn = lettered(text, columns, rows) if rows >= 4 else None
    return [line((row, tone)) for row in drawn or wrap(text, columns, 2)]


def _message(text: str, columns: int, rows: int) -> list[Row]:
    """What the operator says, on a band of its own."""
    for share in SHARES if rows >= SMALL else ():
        drawn = lettered(text, columns - 4, floor(rows * share) - 2)
        if drawn:
            break
    else:
        drawn = wrap(text, columns - 4, 4 if rows >= SMALL else 2)
    said = ["", *drawn, ""] if rows >= SMALL else drawn
    return [(centre(line((part, "strong")), columns), "pressed") for part in said]


def _band(text: str, columns: int, rows: int, ground: str) -> list[Row]:
    said = line((f"! {text}", "strong"))
    if width(said) > columns:
        said = line((wrap(text, columns, 1)[0], "strong"))
    empty: list[Row] = [(EMPTY, ground)] * (rows // 2)
    return [*empty, (centre(said, columns), ground), *empty]
