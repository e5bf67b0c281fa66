"""Two cards: what is on stage now, and what GO will do."""

from stagectl.panel import clocks, say
from stagectl.panel.clean import clean, clean_lines
from stagectl.panel.ink import EMPTY, Line, clip, join, line, spread, whole, width, wrapped
from stagectl.panel.playbill import CueLine
from stagectl.panel.view import View
from stagectl.panel.widgets.digits import big
from stagectl.panel.widgets.painted import Row
from stagectl.words import plain
from stagectl.words.tongue import _

TALL = 9  # rows from which on the clock is written large
SIDE = 2  # the card's edge, left and right

_PACES = {"none": "text", "green": "green", "amber": "amber", "red": "red"}
_BARS = {"none": "bar_green", "green": "bar_green", "amber": "bar_amber", "red": "bar_red"}


def draw_now(view: View, columns: int, rows: int) -> list[Row]:
    """The cue on stage: its name, its clock, what to say."""
    space = columns - 2 * SIDE
    cue, clock = view.now_cue, clocks.cue_clock(view)
    if cue is None or view.snap.phase == "ended":
        return _on_card([_title(_("NOW"), "chip_calm", None, space), *_nothing(view, space)])
    chip = "chip_on_air" if view.on_air and view.contact == "up" else "chip_calm"
    scene = say.scene(view.bill, cue.scene)
    lines = [_title(_("NOW"), chip, cue, space, scene)]
    if clock is not None:
        lines += _large(clock, space) if rows >= TALL else [_small(clock, space)]
        if clock.planned:
            lines.append(_bar(clock, space))
    lines += _parts(view, cue, space, rows - len(lines))
    room = rows - len(lines)
    notes = _notes(cue, space, room)
    if rows >= TALL and len(notes) < room:
        lines.append(EMPTY)
    return _on_card(lines + notes)


def _parts(view: View, cue: CueLine, space: int, rows: int) -> list[Line]:
    """What of a group comes when, the next first: a row each, as far as there are rows."""
    coming = [part for part in clocks.parts(view) if part[0] < len(cue.group)]
    told = [_part(cue, *part) for part in sorted(coming, key=lambda part: part[1])]
    lines = [clip(part, space) for part in told[: max(0, rows)]]
    if len(told) > rows > 0:
        lines[-1] = whole(told[rows - 1 :], space, ("  ", "text"))
    return lines


def _part(cue: CueLine, part: int, starts_in: float, ends_in: float) -> Line:
    name = clean(cue.group[part].name) or _("part {n}").format(n=part + 1)
    if starts_in > 0:
        when = _("in {time}").format(time=clocks.countdown(starts_in))
        return line(("○ ", "dim"), name, (f" {when}", "strong"))
    left = _("{time} left").format(time=clocks.countdown(ends_in))
    return line(("» ", "green"), name, (f" {left}", "dim"))


def draw_next(view: View, columns: int, rows: int) -> list[Row]:
    """The cue that GO fires: its name, how it goes, what to say, and what it will change."""
    space = columns - 2 * SIDE
    cue = view.next_cue
    if cue is None:
        words = _("The last cue has gone") if view.snap.onstage else _("There is no next cue")
        words = _("The show is over") if view.snap.phase == "ended" else words
        lines = [_title(_("NEXT"), "chip_calm", None, space)]
        return _on_card([*lines, line((words if view.heard else "", "dim"))])
    length = clocks.hms(cue.length) if cue.length else ""
    lines = [_title(_("NEXT"), "chip_preview", cue, space, length)]
    lines += _how(view, cue, space)
    airy = rows >= TALL + 3
    will = _will(view)
    room = rows - len(lines)
    least = min(len(will), 4) + 1  # what GO does is never crowded out by what is said
    spare = room - len(will) - 1 - (2 if airy else 0)  # what all of that leaves free
    notes = _notes(cue, space, max(1 if room > 3 else 0, min(3, room - least), spare))
    lines += ([EMPTY] if airy and notes else []) + notes + ([EMPTY] if airy else [])
    stopped = view.snap.overlay == "safe"
    return _on_card(lines + _told(will, space, rows - len(lines), stopped=stopped))


def _on_card(lines: list[Line]) -> list[Row]:
    return [(line(" " * SIDE, *pieces), "card") for pieces in lines]


def _title(word: str, chip: str, cue: CueLine | None, space: int, right: str = "") -> Line:
    left = line((f" {word} ", chip))
    if cue is not None:
        left = line(*left, "  ", (clean(cue.number), "strong"), "  ", (clean(cue.name), "strong"))
    beside = line((right, "dim"))
    return (
        clip(left, space)
        if width(left) + width(beside) + 2 > space
        else spread(left, beside, space)
    )


def _nothing(view: View, space: int) -> list[Line]:
    snap = view.snap
    if not view.heard:
        return []
    if snap.phase == "ended":
        return wrapped(_("The show is over"), space, 1, "dim")
    if snap.phase == "live":
        return wrapped(
            _("No cue is on stage: the room is at rest, as before the first"), space, 2, "dim"
        )
    lines = wrapped(_("Nothing has gone yet, nothing in the room is touched"), space, 2, "dim")
    if view.bill.start:
        start = _("Starts at {time}").format(time=clean(view.bill.start))
        lines.append(line((start, "text")))
    return lines


def _large(clock: clocks.CueClock, space: int) -> list[Line]:
    """The time left, three rows high, or the time gone where nothing is planned."""
    left = clock.left
    text = clocks.hms(clock.gone) if left is None else clocks.countdown(left)
    word = _("gone") if left is None else _("over the plan") if left < 0 else _("left")
    tone = _PACES[clock.pace]
    beside = ["", "", word] if left is None else ["", _gone_of(clock), word]
    figures = big(text)
    return [
        line((figure, tone), "   ", (side, tone if n == 2 else "dim"))
        if len(figure) + 3 + len(side) <= space
        else line((figure, tone))
        for n, (figure, side) in enumerate(zip(figures, beside, strict=True))
    ]


def _small(clock: clocks.CueClock, space: int) -> Line:
    left, tone = clock.left, _PACES[clock.pace]
    if left is None:
        return line((clocks.hms(clock.gone), "strong"), " ", (_("gone"), "dim"))
    word = _("over the plan") if left < 0 else _("left")
    figures = clocks.countdown(left)
    return spread(line((f"{figures} {word}", tone)), line((_gone_of(clock), "dim")), space)


def _gone_of(clock: clocks.CueClock) -> str:
    return _("{gone} of {planned}").format(
        gone=clocks.hms(clock.gone), planned=clocks.hms(clock.planned or 0.0)
    )


def _bar(clock: clocks.CueClock, space: int) -> Line:
    done = round(clock.part * space)
    return line(("━" * done, _BARS[clock.pace]), ("─" * (space - done), "rule"))


def _notes(cue: CueLine, space: int, rows: int) -> list[Line]:
    """What the operator should say or do, as it was typed."""
    out: list[Line] = []
    for text in clean_lines(cue.notes):
        out += wrapped(text, space, rows - len(out))
    return out[: max(0, rows)]


def _how(view: View, cue: CueLine, space: int) -> list[Line]:
    """How this cue goes: by itself, at a time, or with whom it takes along."""
    lines: list[Line] = []
    soon, at = clocks.follow_in(view), clocks.due(view, cue)
    if soon is not None:
        text = _("goes by itself in {time}").format(time=clocks.countdown(soon))
        lines.append(line((f" ↓ {text} ", "chip_warn")))
    elif at is not None:
        when, day = clocks.wall(view, at, seconds=True), clocks.day(view, at)
        text = _("goes by itself at {time}").format(time=when)
        text = f"{text}, {plain.day(day)}" if day else text
        left = at - view.wall
        soon_enough = 0 < left < clocks.SOON
        soonest = _("in {time}").format(time=clocks.countdown(left)) if soon_enough else ""
        said = line((text, "strong"), "  ", (soonest, "dim"))
        fits = width(said) <= space
        lines += [said] if fits else wrapped(f"{text}  {soonest}".strip(), space, 2, "strong")
    scene = say.scene(view.bill, cue.scene)
    if cue.group:
        lines += wrapped(say.together(cue), space, 2, "dim")
    own = say.going(cue)[1 if cue.group else 0 :]
    parts = [line((p, "dim")) for p in (scene, *own) if p]
    if parts:
        lines.append(whole(parts, space, (" · ", "dim")))
    return lines


def _will(view: View) -> list[str]:
    """What GO will change, in words, worked out from the difference to what is believed now."""
    wanted = [say.trigger(view.bill, do) for do in view.snap.next_dos]
    return [*wanted, *say.changes(view.bill, view.snap.next)]


def _told(wanted: list[str], space: int, rows: int, *, stopped: bool) -> list[Line]:
    if rows < 1:
        return []
    if stopped:
        lines = [line((_("Press Resume first"), "amber"))]
    elif not wanted:
        return [line((_("GO changes nothing in the room"), "dim"))]
    else:
        lines = [line((_("GO will do this:"), "dim"))] if rows > 3 else []
    return lines + _listed(wanted, space, rows - len(lines))


def _listed(phrases: list[str], space: int, rows: int) -> list[Line]:
    """A phrase a row; several a row where there are too many; the rest is counted."""
    told = [[phrase] for phrase in phrases]
    if len(told) > rows:
        told = _packed(phrases, space - 2)
    shown = told if len(told) <= rows else told[: max(0, rows - 1)]
    lines = [
        clip(line(("• ", "green"), *join([line(p) for p in row], _BETWEEN)), space) for row in shown
    ]
    if len(shown) < len(told) and rows > 0:
        left = len(phrases) - sum(len(row) for row in shown)
        lines.append(line((f"  {say.more(left)}", "dim")))
    return lines


_BETWEEN = ("  • ", "green")


def _packed(phrases: list[str], space: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for phrase in phrases:
        if rows and width(join([line(p) for p in [*rows[-1], phrase]], _BETWEEN)) <= space:
            rows[-1].append(phrase)
        else:
            rows.append([phrase])
    return rows
