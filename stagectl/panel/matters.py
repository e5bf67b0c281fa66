"""What the desk cannot decide by itself, as questions with their answers: one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stagectl.engine.intent import (
    Assert,
    End,
    Intent,
    Keep,
    LetGo,
    Overlay,
    Postpone,
    Redo,
    Release,
    Reload,
    Skip,
    StandBy,
    Trigger,
)
from stagectl.engine.snapshot import HeldRow, MissedRow, OfferRow
from stagectl.panel import clocks, say
from stagectl.panel.clean import clean
from stagectl.panel.postponed import STEPS, amount, moves, put_off
from stagectl.panel.view import View
from stagectl.words import codes, edits
from stagectl.words.tongue import _, ngettext

STOPS = 2  # recordings and streams that the question of the end offers to stop
BACK_DATED = 120.0  # seconds: "from two minutes ago"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what its button says, and what is sent. No intent: the question goes away.

    `closes`: this panel is closed by it. `stays`: the question is asked again after it.
    """

    word: str
    intent: Intent | None = None
    shape: str = ""
    closes: bool = False
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """A question. `key` stays the same while it is the same question."""

    key: str
    title: str
    text: str
    choices: tuple[Choice, ...]
    tone: Literal["warn", "calm"] = "warn"
    rows: int = 3
    """So many rows it would like."""


def matters(view: View) -> tuple[Matter, ...]:
    """Return what is to be settled: this panel's own question first."""
    if not view.heard or view.contact != "up":
        return ()
    own = _asked(view)
    if view.snap.phase == "ended":
        return ()
    return tuple(own + list(_open(view)))


def _asked(view: View) -> list[Matter]:
    question = view.question
    if question is None:
        return []
    no = Choice(_("Leave it"))
    if question.about == "end":
        return [_end(view)]
    if question.about == "close":
        yes = Choice(_("Close the panel"), shape="■", closes=True)
        text = _("The show goes on without it.")
        return [Matter("close", _("Close this panel?"), text, (no, yes), "calm")]
    if question.about == "postpone":
        return _postpone(view, no)
    if question.about == "latch":
        return _latch(view, question.cue)
    if question.about == "device":
        return _device(view, question.cue)
    if question.about == "skipped":
        title = _("Cue {cue} is skipped").format(cue=say.cue(view.bill, question.cue))
        yes = Choice(_("Take it in again"), Skip(question.cue, skip=False), "▷")
        return [Matter(f"skipped {question.cue}", title, "", (yes, no), "calm")]
    wanted = say.changes(view.bill, view.snap.restore)
    text = "; ".join(wanted) if wanted else _("Everything is said again; nothing should change.")
    return [Matter("assert", _("Set the whole room as the cue says?"), text, (_set_room(view), no))]


def _postpone(view: View, no: Choice) -> list[Matter]:
    """How much; and, where the show is put off already, the way back."""
    done = view.snap.postponed
    steps = STEPS[1:] if done else STEPS
    choices = [Choice(amount(60 * n), Postpone(60.0 * n), "+" if done else "") for n in steps]
    if done:
        choices.append(Choice(_("As planned"), Postpone(-done), "↶"))
    title = put_off(done) + ". " + _("How much more?") if done else _("Put off by how much?")
    moved = moves(view, *(60.0 * n for n in steps))
    text = _("By the clock: {cues}").format(cues="; ".join(moved))
    return [Matter("postpone", say.capital(title), text, (*choices, no), "calm", 5)]


def _end(view: View) -> Matter:
    """The end; what still runs can be stopped first, and then the end is asked for again."""
    on = [row for row in view.snap.latches if row.on and _linked(view, row.device)][:STOPS]
    text = _("Devices stay as they are.") + " " + say.still_on(view, until=True)
    stops = (
        Choice(
            say.trigger(view.bill, f"{row.device}.{row.verb} stop"),
            Trigger(row.device, row.verb, "stop"),
            "■",
            stays=True,
        )
        for row in on
    )
    key = " ".join(["end", *(f"{row.device}.{row.verb}" for row in on)])
    yes = Choice(_("End the show"), End(), "■")
    return Matter(key, _("End the show?"), text.strip(), (Choice(_("Leave it")), *stops, yes))


def _latch(view: View, name: str) -> list[Matter]:
    """Recording and streaming by hand: the chip or the key asks, this card's button does."""
    row = next((r for r in view.snap.latches if f"{r.device}.{r.verb}" == name), None)
    if row is None:
        return []
    leave = Choice(_("Leave it"))
    if not _linked(view, row.device):
        title = _("{name} unknown").format(name=say.latch(row))
        text = _("{device} does not answer now").format(device=say.device(view.bill, row.device))
        return [Matter(f"{name} ?", title, text, (leave,))]
    turn = "stop" if row.on else "start"
    do = say.trigger(view.bill, f"{name} {turn}")
    yes = Choice(do, Trigger(row.device, row.verb, turn), "■" if row.on else "●")
    title = _("{do}?").format(do=do)
    text = _("{latches} now.").format(latches=say.latches((row,)))
    return [Matter(f"{name} {turn}", title, text, (leave, yes), "warn" if row.on else "calm")]


def _device(view: View, name: str) -> list[Matter]:
    row = next((r for r in view.snap.devices if r.name == name), None)
    if row is None:
        return []
    close = Choice(_("Close"))
    return [Matter(f"device {name}", say.device(view.bill, name), say.link(row), (close,), "calm")]


def _set_room(view: View) -> Choice:
    count = len(view.snap.restore)
    word = _("Set the room")
    return Choice(f"{word} ({count})" if count else word, Assert(), "↻")


def _open(view: View) -> Iterator[Matter]:
    snap, bill = view.snap, view.bill
    if snap.overlay:
        yield _overlay(view)
    if snap.phase == "holding":
        yield _holding(view)
    for row in snap.latches:
        if row.wanted and not row.on and _linked(view, row.device):
            do = say.trigger(bill, f"{row.device}.{row.verb} start")
            yes = Choice(do, Trigger(row.device, row.verb, "start"), "●")
            no = Choice(_("It shall be off"), Trigger(row.device, row.verb, "stop"))
            title = _("{name} has stopped").format(name=say.latch(row))
            yield Matter(f"latch {row.device}.{row.verb}", title, "", (yes, no))
    for missed in snap.missed:
        yield _missed(view, missed)
    for number in snap.overdue:
        if number != snap.standby:
            title = _("Cue {cue} did not go by itself").format(cue=say.cue(bill, number))
            ready = Choice(_("Make it the next"), StandBy(number), "▷")
            yield Matter(f"overdue {number}", title, "", (ready,))
    asked = snap.offer is not None and not snap.offer.declined
    if snap.offer is not None and asked and not snap.offer.undo:
        yield _offer(view, snap.offer)
    if snap.phase != "holding":
        yield from (_held(view, held) for held in snap.held if not held.kept)
        yield from (_held(view, held) for held in snap.held if held.kept)
    if snap.offer is not None and asked and snap.offer.undo:
        yield _offer(view, snap.offer)


def _offer(view: View, row: OfferRow) -> Matter:
    """What loading would do: first of all what would move, since that is what the hall sees."""
    sort = say.sort(view.bill)
    told = [edits.moves(row, sort), *edits.place(row, lambda name: say.device(view.bill, name))]
    key = f"offer {row.id}"
    if row.undo:
        title = _("The new show is loaded. Take it back?")
        no, yes = Choice(_("Fine"), _left(row)), Choice(_("Take it back"), Reload(row.id), "↶")
        return Matter(key, title, " ".join(told), (no, yes), "calm", 4)
    told.append(edits.counted(row.edits) + ": " + "; ".join(edits.cues(row.edits, sort)) + ".")
    yes, no = Choice(_("Load it"), Reload(row.id), "↻"), Choice(_("Keep the old one"), _left(row))
    tone: Literal["warn", "calm"] = "warn" if row.moves else "calm"
    title = _("The show has changed on the disk")
    return Matter(key, title, " ".join(told), (yes, no), tone, 6)


def _left(row: OfferRow) -> Reload:
    return Reload(row.id, take=False)


def _linked(view: View, name: str) -> bool:
    return any(row.name == name and row.state == "linked" for row in view.snap.devices)


def _overlay(view: View) -> Matter:
    resume = Choice(_("Resume"), Release(), "►")
    if view.snap.overlay == "safe":
        title = _("Everything is stopped")
        text = say.still_on(view) + " " + _("Resume takes the room back to the cue.")
        return Matter("safe", title, text.strip(), (resume,))
    lasted = clocks.since(view, view.snap.covered_for) or 0.0
    title = _("The stream is covered ({time})").format(time=clocks.hms(lasted))
    text = _("The hall notices nothing. What is covered is never published.")
    back = Choice(_("Private from 2 min before"), Overlay("cover", ago=lasted + BACK_DATED), "◄")
    return Matter("cover", title, text, (resume, back))


def _holding(view: View) -> Matter:
    wanted = say.changes(view.bill, view.snap.restore)
    title = _("Restarted: nothing is touched")
    if not wanted:
        text = _("The room is as the cue says already.")
        return Matter("holding", title, text, (_set_room(view),), "calm")
    text = _("Set the room will do this: {changes}").format(changes="; ".join(wanted))
    return Matter("holding", title, text, (_set_room(view),))


def _missed(view: View, row: MissedRow) -> Matter:
    what = say.trigger(view.bill, f"{row.device}.{row.verb} {row.argument}")
    title = _("Not done: {what}").format(what=what)
    why = codes.trouble(row.why)
    text = (
        _("Cue {cue}; {device}: {why}").format(
            cue=clean(row.cue), device=say.device(view.bill, row.device), why=why
        )
        if row.cue
        else f"{say.device(view.bill, row.device)}: {why}"
    )
    now = Choice(_("Do it now"), Redo(row.id), "►")
    forget = Choice(_("Forget it"), Redo(row.id, drop=True))
    return Matter(f"missed {row.id}", title, text, (now, forget))


def _held(view: View, row: HeldRow) -> Matter:
    bill = view.bill
    name = say.parameter(bill, row.parameter)
    ago = clocks.hms(clocks.since(view, row.ago) or 0.0)
    value = say.value(bill, row.parameter, row.value)
    title = _("{name} is at {value}").format(name=name, value=value)
    text = _("The cue says {wanted}. Moved {ago} ago ({who}).").format(
        wanted=say.value(bill, row.parameter, row.wanted), who=say.by(row.by), ago=ago
    )
    back = Choice(_("Back to the cue"), LetGo(row.parameter), "↶")
    held = [h for h in view.snap.held if not h.kept]
    if row.kept:
        title = _("{title}, kept").format(title=title)
        return Matter(f"kept {row.parameter}", title, text, (back,), "calm")
    choices = [Choice(_("Keep"), Keep(row.parameter), "◆"), back]
    if len(held) > 1:
        choices.append(Choice(_("All back to the cue"), LetGo(), "↶"))
    return Matter(f"held {row.parameter}", title, text, tuple(choices))


def summary(count: int) -> str:
    """Return how many questions wait behind the one shown."""
    return ngettext("1 to settle", "{n} to settle", count).format(n=count)
