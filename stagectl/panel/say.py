"""The panel's own sentences; those it shares with other faces are in words/."""

import math
from collections.abc import Callable, Mapping, Sequence

from stagectl.core.model import Value
from stagectl.engine.snapshot import Change, DeviceRow, LatchRow, Standing
from stagectl.panel.clean import clean
from stagectl.panel.clocks import ChapterClock, ending, hms
from stagectl.panel.playbill import Control, CueLine, Playbill
from stagectl.panel.view import View
from stagectl.words import codes, plain
from stagectl.words.tongue import N_, _, ngettext

SOON = 10  # minutes before a role ends in which that is counted down

# ---- names and values


def parameter(bill: Playbill, name: str) -> str:
    """Return what people call a parameter: "Guest microphone"."""
    return plain.label(name, _control(bill, name))


def device(bill: Playbill, name: str) -> str:
    """Return what people call a device: a name that many venues use is said in their language."""
    label = bill.devices.get(name) or name
    return _(_DEVICES[label]) if label in _DEVICES else clean(label)


_DEVICES = {
    "obs": N_("OBS"),
    "mixer": N_("mixer"),
    "lights": N_("lights"),
    "projector": N_("projector"),
    "screen": N_("screen"),
    "camera": N_("camera"),
    "keys": N_("keys"),
}


def scene(bill: Playbill, name: str) -> str:
    """Return what a scene's button says."""
    return clean(bill.scenes.get(name, name))


def cue(bill: Playbill, number: str) -> str:
    """Return a cue's number and name: "3 The author reads"."""
    found = bill.cue(number)
    return clean(f"{number} {found.name}" if found else number)


def value(bill: Playbill, name: str, said: Value | None) -> str:
    """Return a value as people say it: "on", "−5 dB", "40 %", "Conversation"."""
    return plain.value(said, _control(bill, name))


def size(count: float) -> str:
    """Return bytes as people read them: "412.3 MB", "1.25 GB"."""
    for unit, scale, decimals in (("GB", 1e9, 2), ("MB", 1e6, 1), ("kB", 1e3, 0)):
        if count >= scale:
            return f"{plain.number(count / scale, decimals)} {unit}"
    return f"{count:.0f} B"


# ---- what GO will do


def changes(bill: Playbill, wanted: Sequence[Change]) -> tuple[str, ...]:
    """Return what will change, a phrase each: the picture first, microphones together."""
    sorts: Mapping[str, Control] = {c.parameter: _control(bill, c.parameter) for c in wanted}
    return plain.changes(((c.parameter, c.before, c.after) for c in wanted), sorts)


def trigger(bill: Playbill, said: str) -> str:
    """Return a Do in words: "obs.record start" → "Start the recording"."""
    what, _space, argument = said.partition(" ")
    name, _dot, verb = what.rpartition(".")
    return plain.do(device(bill, name), verb, argument)


def _control(bill: Playbill, name: str) -> Control:
    return bill.controls.get(name) or Control()


def sort(bill: Playbill) -> Callable[[str], Control]:
    """Return what tells what sort of values a parameter takes."""
    return lambda name: _control(bill, name)


def going(line: CueLine) -> list[str]:
    """Return how a cue goes: pre-wait, fade, and whether the next one goes by itself."""
    parts = [together(line)] if line.group else []
    if line.wait:
        parts.append(_("waits {time}").format(time=plain.seconds(line.wait)))
    if line.fade:
        parts.append(_("fade {time}").format(time=plain.seconds(line.fade)))
    if line.follow == "end":
        parts.append(_("the next goes when this is done"))
    elif line.follow is not None:
        parts.append(_("the next goes after {time}").format(time=plain.seconds(line.follow)))
    return parts


def together(line: CueLine) -> str:
    """Return what goes together in a group, and when: "Lights down + The band after 2 s"."""
    named = [part for part in line.group if part.name]
    if not named:
        return ngettext("{n} part", "{n} parts", len(line.group)).format(n=len(line.group))
    return " + ".join(
        _("{part} after {time}").format(part=clean(part.name), time=plain.seconds(part.wait))
        if part.wait
        else clean(part.name)
        for part in named
    )


def chapter(clock: ChapterClock) -> str:
    """Return the chapter on stage and how it stands: "Part 2 – The concert · 12:30 left"."""
    name = clean(clock.name)
    if clock.left is None:
        return name
    left, over = _("{chapter} · {time} left"), _("{chapter} · {time} over the plan")
    return (left if clock.left >= 0 else over).format(chapter=name, time=hms(abs(clock.left)))


# ---- how things stand


def phase(view: View) -> str:
    """Return the one word of the banner."""
    if view.over:
        return _("ENDED")
    if view.contact == "connecting":
        return _("CONNECTING")
    if view.contact == "expired":
        return _("LOGGED OUT")
    if view.contact != "up":
        return _("NO CONTACT")
    if view.snap.overlay == "safe":
        return _("STOPPED")
    if view.snap.overlay == "cover":
        return _("COVERED")
    if view.snap.phase == "holding":
        return _("ON HOLD")
    if view.bill.rehearsal:
        return _("REHEARSAL")
    if view.snap.phase == "ready":
        return _("READY")
    return _("ON AIR") if view.on_air else _("RUNNING")


def standing(how: Standing) -> tuple[str, str]:
    """Return a shape and a word for how a value stands: never a colour alone."""
    return {
        "unknown": ("?", _("unknown")),
        "sent": ("→", _("sent")),
        "confirmed": ("✓", _("confirmed")),
        "moving": ("»", _("moving")),
        "held": ("◆", _("held")),
        "lost": ("×", _("lost")),
        "failed": ("!", _("failed")),
    }[how]


def latch(row: LatchRow) -> str:
    """Return the name of a recording or a stream."""
    return {"record": _("REC"), "stream": _("STREAM")}.get(row.verb) or clean(row.verb).upper()


def link(row: DeviceRow) -> str:
    """Return how a device answers."""
    if row.state == "lost":
        return capital(codes.away(row.why))
    if row.state == "connecting":
        return _("Is being connected")
    if not row.readable:
        return _("Never answers: what it is told cannot be confirmed")
    if row.unconfirmed:
        return ngettext(
            "Answers; {n} value is sent and not confirmed yet",
            "Answers; {n} values are sent and not confirmed yet",
            row.unconfirmed,
        ).format(n=row.unconfirmed)
    return _("Answers, and confirms what it is told")


def latches(rows: Sequence[LatchRow]) -> str:
    """Return which recordings and streams are on: "REC on, STREAM off"; "" where there is none."""
    on, off = _("{name} on"), _("{name} off")
    return ", ".join((on if row.on else off).format(name=latch(row)) for row in rows)


def still_on(view: View, *, until: bool = False) -> str:
    """Return what goes on by itself now, "" if nothing does; `until`: and for how long."""
    linked = {row.name for row in view.snap.devices if row.state == "linked"}
    on = {row.verb for row in view.snap.latches if row.on and row.device in linked}
    if {"record", "stream"} <= on:
        if until:
            return _("Recording and stream go on until they are stopped.")
        return _("Recording and stream go on.")
    if "record" in on:
        return (
            _("The recording goes on until it is stopped.")
            if until
            else _("The recording goes on.")
        )
    if "stream" in on:
        return _("The stream goes on until it is stopped.") if until else _("The stream goes on.")
    return ""


def by(who: str) -> str:
    """Return who did it."""
    known = {
        "hand": _("by hand"),
        "follow": _("by itself"),
        "clock": _("by the clock"),
        "desk": _("the desk"),
        "panel": _("the panel"),
        "browser": _("the browser"),
        "command line": _("the command line"),
    }
    if who.startswith("guest "):  # as the desk names their faces, and nobody else's
        return _("guest ({where})").format(where=by(who.removeprefix("guest ")))
    name, _space, count = who.rpartition(" ")  # the desk tells two of one name apart: "panel 2"
    if count.isdecimal() and name in known:
        return f"{known[name]} {count}"
    return known.get(who) or clean(who)


def until(role: str, view: View) -> str:
    """Return a role, and until when, if it ends: "guest until 23:00", "guest, 9 min left"."""
    if view.until is None:
        return role
    left = math.ceil((view.until - view.wall) / 60)
    if left <= SOON:
        return _("{role}, {n} min left").format(role=role, n=max(0, left))
    return _("{role} until {time}").format(role=role, time=ending(view, view.until))


# ---- why not


def refusal(why: str, about: str = "") -> str:
    """Return why an intent came to nothing, and what to do about it."""
    if why == "unsent":
        return _("Not sent: no contact with the desk")
    if why == "nonsense":
        return _("The desk is of another version: restart the panel")
    return codes.refusal(why, about)


def more(count: int) -> str:
    """Return the line that says how many are not shown."""
    return ngettext("and {n} more", "and {n} more", count).format(n=count)


def capital(text: str) -> str:
    """Return a phrase as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
