"""Shows what the changed files would do to a running show, and takes them if that is wanted."""

import sys

import click

from stagectl.cli.common import attach, desk_option, find, hearing, refuse, say
from stagectl.cli.told import refusal, told
from stagectl.engine.intent import Reload
from stagectl.engine.snapshot import OfferRow, Snapshot
from stagectl.panel import say as words
from stagectl.panel.playbill import Playbill, read_playbill
from stagectl.words import edits
from stagectl.words.tongue import _


@click.command("reload", help=_("Show what the changed files would do, and take them."))
@click.option("--yes", is_flag=True, help=_("Take them without being asked."))
@click.option("--keep", is_flag=True, help=_("Keep what is loaded: no panel asks any more."))
@desk_option
def _reload(desk: str | None, language: str | None, yes: bool, keep: bool) -> None:
    place = find(desk, language)
    with hearing(), attach(place, book=True) as line:
        offer = _offered(line.snapshot())
        if not keep:
            say(in_words(read_playbill(line.book), offer))
        if not (yes or keep):
            if not sys.stdin.isatty():
                say(_("To take it: stagectl reload --yes"))
                return
            click.confirm(_("Take it?"), abort=True)
        answer = line.ask(Reload(offer=offer.id, take=not keep))
    if not answer.ok:
        refuse(refusal(answer))
    say(told(answer.events))


COMMANDS: dict[str, click.Command] = {"reload": _reload}


def in_words(bill: Playbill, offer: OfferRow) -> str:
    """Return all that is to be known of an offer, on lines."""
    head = (
        _("The show as it was before the last reload: {counted}.")
        if offer.undo
        else _("The show has changed on the disk: {counted}.")
    )
    standby = offer.standby or _("nothing more")
    return "\n".join(
        (
            head.format(counted=edits.counted(offer.edits)),
            *(f"  {phrase}" for phrase in edits.cues(offer.edits, words.sort(bill))),
            edits.moves(offer, words.sort(bill)),
            *edits.place(offer, lambda name: words.device(bill, name)),
            _("On stage: {cue}").format(cue=offer.onstage or _("nothing yet")),
            _("Next: {cue}").format(cue=standby),
        )
    )


def _offered(snapshot: Snapshot) -> OfferRow:
    if snapshot.offer is None:
        why = edits.unused(snapshot.unused) if snapshot.unused is not None else ()
        refuse(". ".join(why) + "." if why else _("The files are as they were loaded."))
    return snapshot.offer
