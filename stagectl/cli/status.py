"""How things stand, for people in a few lines, for programs as JSON."""

import json
from contextlib import suppress
from typing import Any

import click

from stagectl.cli.common import attach, desk_option, find, hearing, say
from stagectl.desk.place import Card
from stagectl.engine.plain import to_plain
from stagectl.engine.snapshot import Snapshot
from stagectl.panel import alarms, clocks
from stagectl.panel import say as words
from stagectl.panel.playbill import Playbill, read_playbill
from stagectl.panel.view import View
from stagectl.words import codes, edits, plain
from stagectl.words.tongue import _


@click.command("status", help=_("Say how things stand."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON, for programs."))
@click.option("--watch", is_flag=True, help=_("Again whenever something changes, until Ctrl-C."))
@desk_option
def _status(desk: str | None, language: str | None, as_json: bool, watch: bool) -> None:
    place = find(desk, language)
    with (
        suppress(KeyboardInterrupt),  # Ctrl-C is how one stops watching
        hearing(),
        attach(place, book=not as_json, role="watch") as line,
    ):
        card = place.card()
        bill, book, shown = Playbill(), dict[str, Any](), ""
        while True:
            snapshot = line.snapshot()
            if line.book and line.book is not book:
                bill, book = read_playbill(line.book), line.book
            told = as_text(card, snapshot) if as_json else in_words(bill, snapshot)
            if told != shown:
                (click.echo if as_json else say)(told)  # a program gets its names as they are
            if not watch:
                return
            shown = told


COMMANDS: dict[str, click.Command] = {"status": _status}


def as_text(card: Card | None, snapshot: Snapshot) -> str:
    """Return one line of strict JSON: the snapshot, with devices and hands by their names.

    `recording` and `streaming` are true, false, or null where no device
    can, or the one that can is away: unknown.
    """
    told: dict[str, Any] = {
        "pid": card.pid if card else None,
        "show": card.show if card else "",
        "venue": card.venue if card else "",
        **to_plain(snapshot),
        "devices": {row.name: to_plain(row) for row in snapshot.devices},
        "held": {row.parameter: to_plain(row) for row in snapshot.held},
        "recording": _latched(snapshot, "record"),
        "streaming": _latched(snapshot, "stream"),
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def in_words(bill: Playbill, snapshot: Snapshot) -> str:
    """Return a few lines for people."""
    view = View(bill=bill, snap=snapshot, contact="up")
    onstage = words.cue(bill, snapshot.onstage) if snapshot.onstage else _("nothing yet")
    standby = words.cue(bill, snapshot.standby) if snapshot.standby else _("nothing more")
    lines = [
        f"{bill.show} – {bill.venue}: {words.phase(view)}",
        _("On stage: {cue}").format(cue=onstage),
        _("Next: {cue}").format(cue=standby),
    ]
    if (clock := clocks.chapter_clock(view)) is not None:
        lines.insert(1, words.chapter(clock))
    lines += [f"{d.name}: {_device(d.state, d.why, d.unconfirmed)}" for d in snapshot.devices]
    away = _away(snapshot)
    lines += [
        _unknown(latch.verb) if latch.device in away else _latch(latch.verb, on=latch.on)
        for latch in snapshot.latches
    ]
    if snapshot.skipped:
        lines.append(_("Skipped: {cues}").format(cues=", ".join(snapshot.skipped)))
    lines += [
        _("Held: {name} at {value}").format(
            name=held.parameter, value=words.value(bill, held.parameter, held.value)
        )
        for held in snapshot.held
    ]
    lines += [
        _("Missed ({id}): {what}").format(
            id=missed.id, what=plain.do(missed.device, missed.verb, missed.argument)
        )
        for missed in snapshot.missed
    ]
    if snapshot.offer is not None and not snapshot.offer.undo:
        lines.append(
            _("The show has changed on the disk: {counted}.").format(
                counted=edits.counted(snapshot.offer.edits)
            )
            + " stagectl reload"
        )
    lines += [
        "! " + ". ".join(part for part in alarms.in_words(view, alarm) if part)
        for alarm in snapshot.alarms
    ]
    return "\n".join(lines)


def _device(state: str, why: str, unconfirmed: int) -> str:
    if state == "lost":
        return codes.trouble(why)
    if state == "connecting":
        return _("is looked for")
    return _("answers, {n} unconfirmed").format(n=unconfirmed) if unconfirmed else _("answers")


def _latch(verb: str, *, on: bool) -> str:
    said = {
        ("record", True): _("Recording runs"),
        ("record", False): _("Recording is off"),
        ("stream", True): _("Stream runs"),
        ("stream", False): _("Stream is off"),
    }
    return said.get((verb, on), f"{verb}: {_('on') if on else _('off')}")


def _unknown(verb: str) -> str:
    said = {
        "record": _("Recording: unknown, its device does not answer"),
        "stream": _("Stream: unknown, its device does not answer"),
    }
    return said.get(verb, f"{verb}: ?")


def _away(snapshot: Snapshot) -> set[str]:
    """Return the devices that say nothing now: what they said last may be long untrue."""
    return {row.name for row in snapshot.devices if row.state != "linked"}


def _latched(snapshot: Snapshot, verb: str) -> bool | None:
    away = _away(snapshot)
    found = [row.on for row in snapshot.latches if row.verb == verb and row.device not in away]
    return any(found) if found else None
