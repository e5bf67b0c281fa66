"""The log of a run in words: for the pane «Etterpå», for `stagectl log` and for the spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from stagectl.engine.asrun import AsRun, Deed, Hand, Interval, Moment, Output, Row
from stagectl.panel import almanac, say
from stagectl.panel.clean import clean
from stagectl.panel.clocks import hms
from stagectl.panel.playbill import Control, Playbill
from stagectl.words import codes, plain
from stagectl.words.tongue import N_, _, ngettext

ON_PLAN = 1.0  # seconds over or under that are not worth a word

Against = Literal["none", "over", "under", "on_plan"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened beside the cues; `until` is when it was over, if it took its time."""

    at: float
    kind: str
    said: str
    by: str = ""
    until: float | None = None


# ---- times


def clock(run: AsRun, epoch: float | None, *, seconds: bool = True) -> str:
    """Return a time of day where the run was, "–" where there is none: "19:42:07"."""
    if epoch is None:
        return "–"
    return when(run, epoch).strftime("%H:%M:%S" if seconds else "%H:%M")


def when(run: AsRun, epoch: float) -> datetime:
    """Return a moment on the clock of the venue."""
    return almanac.at(epoch, run.timezone)


def day(run: AsRun) -> str:
    """Return the day of the run, or the one it was planned for: "28 November 2026"."""
    if run.began is not None:
        then = when(run, run.began).date()
    else:
        try:
            then = date.fromisoformat(run.date)
        except ValueError:
            return ""
    return f"{plain.day(then)} {then.year}"


# ---- against the plan


def against(over: float | None) -> Against:
    """Tell on which side of the plan it was."""
    if over is None:
        return "none"
    if abs(over) < ON_PLAN:
        return "on_plan"
    return "over" if over > 0 else "under"


def over_words(over: float | None) -> str:
    """Return how it was against the plan, with a sign and a word: "+1:10 over the plan"."""
    match against(over):
        case "none":
            return ""
        case "on_plan":
            return _("as planned")
        case "over":
            return _("+{time} over").format(time=hms(over or 0.0))
        case "under":
            return _("−{time} under").format(time=hms(-(over or 0.0)))


def how_words(row: Row) -> str:
    """Return how a cue came on stage, or why it did not: "GO", "by itself", "skipped"."""
    if row.state == "skipped":
        return _("was skipped")
    if row.state == "not_gone":
        return _("did not go")
    said = {"go": "GO", "follow": _("by itself"), "clock": _("by the clock"), "back": _("back")}
    return said[row.how or "go"]


def by_words(row: Row) -> str:
    """Return who made a cue go; "" where nobody did: it went by itself."""
    return say.by(row.by) if row.by and row.how not in ("follow", "clock") else ""


def summary(run: AsRun) -> list[str]:
    """Return when it began and ended, how long it took, and the total against the plan."""
    if run.began is None:
        return [_("No cue has gone.")]
    lines = []
    late = run.totals.late
    begun = _("Began {time}").format(time=clock(run, run.began))
    if late is not None and abs(late) >= ON_PLAN and abs(late) < 12 * 3600:
        after, before = _("{begun}, {span} late"), _("{begun}, {span} early")
        begun = (after if late > 0 else before).format(begun=begun, span=hms(abs(late)))
    if run.ended is not None:
        ending = _("ended {time}").format(time=clock(run, run.ended))
    elif run.now is not None:
        ending = _("it goes on now, {time}").format(time=clock(run, run.now))
    else:
        ending = _("the log breaks off: nobody ended it")
    took = hms(run.totals.took or 0.0)
    lines.append(
        _("{begun}; {ending}. {span} in all.").format(begun=begun, ending=ending, span=took)
    )
    totals = run.totals
    if totals.planned:
        lines.append(
            _("Cues with a planned length: {lasted} of {planned} planned, {over}.").format(
                lasted=hms(totals.lasted), planned=hms(totals.planned), over=over_words(totals.over)
            )
        )
    if run.damaged:
        lines.append(damage(run.damaged))
    return lines


def damage(lines: int) -> str:
    """Return that a journal is not whole."""
    return ngettext(
        "{n} line of the journal could not be read; the rest is here.",
        "{n} lines of the journal could not be read; the rest is here.",
        lines,
    ).format(n=lines)


# ---- what went out


def output_name(output: Output) -> str:
    """Return "Recording" or "Stream"."""
    return {"record": _("Recording"), "stream": _("Stream")}.get(output.verb) or clean(output.verb)


def output_facts(run: AsRun, output: Output) -> list[str]:
    """Return when, how long, how large, and how it ended; the file stands by itself."""
    until = output.ended if output.ended is not None else run.ended or run.now
    start = clock(run, output.began)
    spans = _("{start} to {end}").format(start=start, end=clock(run, output.ended))
    parts = [spans if output.ended is not None else _("from {start}").format(start=start)]
    length = output.seconds if output.ended is None or output.seconds else 0.0
    if not length and until is not None:
        length = until - output.began
    parts.append(hms(length))
    if output.bytes:
        parts.append(say.size(output.bytes))
    ends = {
        "": _("runs now"),
        "lost": _("broke off: {device} was lost").format(device=_device(output.device)),
        "unknown": _("ran still when the log ended"),
    }
    if output.ending in ends:
        parts.append(ends[output.ending])
    return parts


def _device(name: str) -> str:
    return say.device(Playbill(), name)


# ---- all that happened beside the cues


def entries(run: AsRun) -> list[Entry]:
    """Return everything but the cues, in the order in which it happened."""
    found = [*_outputs(run), *_intervals(run), *_hands(run), *_deeds(run), *_away(run)]
    found += [_moment(moment) for moment in run.moments]
    return sorted(found, key=lambda entry: entry.at)


def _outputs(run: AsRun) -> Iterator[Entry]:
    for output in run.outputs:
        parts = [clean(output.path), *output_facts(run, output)]
        said = " · ".join(part for part in parts if part)
        yield Entry(output.began, output_name(output), said, until=output.ended)


def _intervals(run: AsRun) -> Iterator[Entry]:
    for one in run.intervals:
        until = one.until if one.until is not None else run.ended or run.now
        yield Entry(one.since, _(_OVERLAYS[one.overlay]), interval(run, one), say.by(one.by), until)


def interval(run: AsRun, one: Interval) -> str:
    """Return how long an overlay lay, and that it was dated back, if it was."""
    until = one.until if one.until is not None else run.ended or run.now
    said = _("until {end}").format(end=clock(run, one.until)) if one.until else _("to the end")
    if until is not None:
        said = f"{said} · {hms(until - one.since)}"
    if one.since < one.began:
        back = _("dated back from {time}").format(time=clock(run, one.began))
        said = f"{said} · {back}"
    return said


def _hands(run: AsRun) -> Iterator[Entry]:
    for hand in run.hands:
        yield Entry(hand.at, _("Held by hand"), hand_words(hand), say.by(hand.by), hand.until)


def hand_words(hand: Hand) -> str:
    """Return what was held where: "Guest microphone: −5 dB"."""
    sort = _sort(hand)
    name, said = plain.label(hand.parameter, sort), plain.value(hand.value, sort)
    return _("{name}: {value}").format(name=name, value=said)


def _sort(hand: Hand) -> Control:
    if isinstance(hand.value, bool):
        return Control("switch")
    if isinstance(hand.value, str):
        return Control("text" if hand.parameter.endswith(".text") else "word")
    return Control("number", hand.unit)


def _deeds(run: AsRun) -> Iterator[Entry]:
    for deed in run.deeds:
        by = "" if deed.by == f"cue {deed.cue}" else say.by(deed.by)
        yield Entry(deed.at, _(_OUTCOMES[deed.outcome]), deed_words(deed), by)


def deed_words(deed: Deed) -> str:
    """Return a Do, of which cue, and why not if it was missed."""
    parts = [plain.do(_device(deed.device), deed.verb, deed.argument)]
    if deed.cue:
        parts.append(_("cue {n}").format(n=clean(deed.cue)))
    if deed.why:
        parts.append(codes.trouble(deed.why))
    return " · ".join(parts)


def _away(run: AsRun) -> Iterator[Entry]:
    for one in run.absences:
        said = [say.capital(_device(one.device)), codes.trouble(one.why)]
        if one.until is not None:
            back = _("back {time}") if not one.restarted else _("back {time}, restarted")
            said.append(back.format(time=clock(run, one.until)))
        yield Entry(one.at, _("Device away"), " · ".join(said), until=one.until)


def _moment(one: Moment) -> Entry:
    kind, said = _MOMENTS[one.what], one.text
    text = clean(one.text)
    match one.what:
        case "postponed":
            sign = "−" if one.seconds < 0 else "+"
            text = f"{sign}{hms(abs(one.seconds))}"
        case "overdue":
            text = _("cue {n}").format(n=clean(one.about)) + f" · {codes.overdue(said)}"
        case "named":
            role = _(plain.ROLES.get(one.about, one.about))
            text = f"{role}: {text}"
        case "slept":
            text = plain.seconds(one.seconds)
        case "messaged":
            text = text or _("taken away")
        case "reloaded":
            text = _("taken back") if said else ""
    return Entry(one.at, _(kind), text, say.by(one.by) if one.by else "")


_OVERLAYS = {"safe": N_("Stopped all"), "cover": N_("Covered")}
_OUTCOMES = {"done": N_("Done"), "said": N_("Said"), "missed": N_("Missed")}
_MOMENTS = {
    "postponed": N_("Put off"),
    "overdue": N_("Did not go by itself"),
    "named": N_("Name corrected"),
    "took_over": N_("Took over"),
    "reloaded": N_("Show reloaded"),
    "restarted": N_("The desk restarted"),
    "slept": N_("The desk slept"),
    "asserted": N_("Room set"),
    "noted": N_("Note"),
    "messaged": N_("Message"),
}
