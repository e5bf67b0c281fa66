"""What became of a show's files while it ran, in words: the edits, what moves, what is wrong."""

from collections.abc import Callable, Iterable, Mapping

from stagectl.core.edits import CueEdit, Edits
from stagectl.core.model import Parameter
from stagectl.engine.snapshot import Change, OfferRow, UnusedRow
from stagectl.words import plain
from stagectl.words.plain import Sort
from stagectl.words.tongue import N_, _, ngettext, spoken
from stagectl.words.visible import MOST, visible

FIELDS: Mapping[str, str] = {
    "name": N_("name"),
    "notes": N_("notes"),
    "scene": N_("scene"),
    "sets": N_("values"),
    "dos": N_("what it starts or stops"),
    "fade": N_("fade"),
    "wait": N_("pre-wait"),
    "follow": N_("following"),
    "at": N_("time of day"),
    "length": N_("planned length"),
    "block": N_("block"),
    "chapter": N_("chapter"),
    "group": N_("parts"),
    "order": N_("its place in the order"),
}
"""A field of a cue → what it is called."""

Said = tuple[str, str, str]  # what, what follows, what to do


def counted(edits: Edits) -> str:
    """Return how much was edited: "2 cues changed, 1 new"."""
    parts = [
        words.format(n=n)
        for n, words in (
            (edits.changed, ngettext("{n} cue changed", "{n} cues changed", edits.changed)),
            (edits.added, ngettext("{n} new cue", "{n} new cues", edits.added)),
            (edits.removed, ngettext("{n} cue gone", "{n} cues gone", edits.removed)),
            (len(edits.scenes), ngettext("{n} scene", "{n} scenes", len(edits.scenes))),
        )
        if n
    ]
    parts += [_("people")] if edits.people else []
    parts += [_("the room at rest")] if edits.room else []
    return ", ".join(parts) or _("no cue is another")


def cue(edit: CueEdit, sort: Callable[[Parameter], Sort]) -> str:
    """Return what about a cue is another: "3 The author reads: fade, values (Stage light)"."""
    name = visible(f"{edit.number} {edit.name}".rstrip(), MOST)
    if edit.how != "changed":
        word = {"added": _("new"), "removed": _("taken out")}[edit.how]
        return _("{cue}: {what}").format(cue=name, what=word)
    what = [_(FIELDS[f]) if f in FIELDS else f for f in edit.what]
    if edit.sets:
        names = ", ".join(dict.fromkeys(plain.label(p, sort(p)) for p in edit.sets))
        what = [
            f"{w} ({names})" if f == "sets" else w for w, f in zip(what, edit.what, strict=True)
        ]
    return _("{cue}: {what}").format(cue=name, what=", ".join(what))


def cues(edits: Edits, sort: Callable[[Parameter], Sort]) -> list[str]:
    """Return the edits of cues, people and scenes, a phrase each."""
    told = [cue(edit, sort) for edit in edits.cues]
    if (left := edits.added + edits.removed + edits.changed - len(edits.cues)) > 0:
        told.append(_("… and {count} more").format(count=left))
    if edits.people:
        roles = ", ".join(_(plain.ROLES.get(role, visible(role, MOST))) for role in edits.people)
        told.append(_("People: {names}").format(names=roles))
    if edits.scenes:
        told.append(_("Scenes: {names}").format(names=_names(edits.scenes)))
    return told


def move(change: Change, sort: Sort) -> str:
    """Return what would move, from where to where: "House: 80 % → 20 %"."""
    return _("{name}: {before} → {after}").format(
        name=plain.label(change.parameter, sort),
        before=plain.value(change.before, sort) if change.before is not None else _("unknown"),
        after=plain.value(change.after, sort),
    )


def moves(offer: OfferRow, sort: Callable[[Parameter], Sort]) -> str:
    """Return all that would move at once, or that nothing would."""
    if not offer.moves:
        return (
            _("Taking it back moves nothing in the room.")
            if offer.undo
            else _("Loading it moves nothing in the room.")
        )
    told = "; ".join(move(change, sort(change.parameter)) for change in offer.moves)
    words = (
        _("Taking it back moves this ({n}): {moves}.")
        if offer.undo
        else _("Loading it moves this ({n}): {moves}.")
    )
    return words.format(n=len(offer.moves), moves=told)


def place(offer: OfferRow, device: Callable[[str], str]) -> list[str]:
    """Return what else taking it would do, a sentence each; what stays is not said."""
    told = []
    if offer.lost:
        lost = visible(offer.lost, MOST)
        told.append(
            _("Cue {lost} is gone: cue {n} is on stage.").format(lost=lost, n=offer.onstage)
            if offer.onstage
            else _("Cue {lost} is gone: no cue is on stage.").format(lost=lost)
        )
    if offer.between:
        told.append(
            _("Cue {n} stays the next; new before it: {cues}.").format(
                n=visible(offer.standby or "–", MOST), cues=_names(offer.between)
            )
        )
    if offer.follow_ends:
        told.append(_("The next cue does not go by itself any more."))
    if offer.reopened:
        names = ", ".join(device(name) for name in offer.reopened)
        told.append(_("Connected anew: {names}.").format(names=names))
    return told


def unused(row: UnusedRow) -> Said:
    """Return why changed files are not used: what, what follows, what to do."""
    follows = _("What is loaded goes on")
    path = visible(row.path, MOST)
    if row.code == "mistakes":
        where = f"{path}:{row.line}: " if row.path else ""
        first = row.said.get(spoken()) or next(iter(row.said.values()), "")
        count = ngettext("{n} mistake", "{n} mistakes", row.count).format(n=row.count)
        return (
            _("The file was changed and has {count}").format(count=count),
            where + visible(first.rstrip("."), 4 * MOST),
            _("What is loaded goes on. Mend the file"),
        )
    if row.code == "gone":
        return (
            _("{path} is gone").format(path=path),
            follows,
            _("Put it back before the next start"),
        )
    if row.code == "devices":
        names = _names(row.about)
        what = _("The files were changed: devices are others ({names})").format(names=names)
        return what, follows, _("To use them, end the show and start it again")
    if row.code == "venue":
        what = _("The file was changed: the show is in another venue now")
        return what, follows, _("To use it, end the show and start it again")
    what = _("The files were changed and could not be looked at")
    return what, follows, _("Run stagectl check on them")


def _names(names: Iterable[str]) -> str:
    return ", ".join(visible(name, MOST) for name in names)
