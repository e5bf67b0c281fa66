"""Another version of the show is offered, and taken only by a person: the place is kept.

What would move is worked out by the very state that is taken over (`Run.heir`), so that what a
screen announces is what is said to the devices, no more and no less.
"""

import math
from dataclasses import dataclass, replace
from itertools import islice

from stagectl.core.edits import Edits
from stagectl.core.model import Parameter
from stagectl.engine import event as e
from stagectl.engine.place import Place
from stagectl.engine.run import Run
from stagectl.engine.snapshot import Change, OfferRow

SHOWN = 5  # cues that were put in before the next one and are named


@dataclass(frozen=True, slots=True)
class Offer:
    """A show that can be taken: `heir` is a run of it that nobody has touched.

    `id` is its book's digest. `reopened` are the devices whose link is made anew for it.
    """

    id: str
    heir: Run
    edits: Edits
    reopened: tuple[str, ...] = ()
    undo: bool = False


class Prospect:
    """What taking one offer would do to one run, as things stand."""

    def __init__(self, offer: Offer, run: Run, since: float = -math.inf) -> None:
        """Look at nothing yet; `since` is when it was offered."""
        self._since = since
        self.offer = offer
        self._run = run
        self._seen = -1
        self._kept = e.Reloaded(at=0.0, digest=offer.id)
        self._moved: tuple[Parameter, ...] = ()
        self._between: tuple[str, ...] = ()

    def kept(self, now: float, by: str) -> e.Reloaded:
        """Return the event that taking it would be."""
        self._seen = -1  # what waits for its moment may have changed with no word to the stage
        self._look()
        return replace(self._kept, at=now, by=by, undo=self.offer.undo)

    def refusal(self) -> str:
        """Return why it cannot be taken now, a code of words/, or ""."""
        wanted, venue = self._run.stage.wanted, self.offer.heir.book.venue
        lacks_safe = wanted.safe_since is not None and not venue.safe
        lacks_cover = wanted.cover_since is not None and not venue.cover
        return "overlay_lost" if lacks_safe or lacks_cover else ""

    def row(self) -> OfferRow:
        """Return what a face shows of it."""
        self._look()
        offer, run, kept = self.offer, self._run, self._kept
        believed, heir = run.stage.belief.values, offer.heir.stage.wanted
        moves = []
        for p in self._moved:
            known = run.stage.wanted.wires.get(p) == heir.wires[p]
            before, after = believed.get(p) if known else None, heir.bound_for(p)
            if after is None or not run.stage.may_say(p, heir):
                continue
            if before is None or not heir.wires[p].same(before, after):
                moves.append(Change(p, before, after))
        return OfferRow(
            offer.id,
            offer.edits,
            tuple(moves),
            kept.onstage or None,
            offer.heir.place.number,
            kept.lost,
            between=self._between,
            follow_ends=run.follow_at is not None and kept.follow_at is None,
            reopened=offer.reopened,
            undo=offer.undo,
            declined=run.declined == offer.id or (offer.undo and self._has_gone_on()),
        )

    def _has_gone_on(self) -> bool:
        """Tell whether a cue has gone since: whoever says GO is content with what is loaded."""
        return self._run.fired_at is not None and self._run.fired_at > self._since

    def _look(self) -> None:
        """Work it out anew if anything that counts has happened."""
        run = self._run
        if self._seen == run.stage.version:
            return
        self._seen = run.stage.version
        self._kept = kept_in(run, self.offer.heir, self.offer.id)
        self.offer.heir.stand(self._kept, run)
        self._moved = run.stage.wanted.moved_by(self.offer.heir.stage.wanted)
        self._between = _between(run.place, self.offer.heir.place)


def kept_in(run: Run, heir: Run, digest: str) -> e.Reloaded:
    """Return what is kept of a run when its heir's show is taken; without when, and by whom."""
    old, new = run.place, heir.place
    skipped = tuple(n for n in new.index if n in old.skipped) if old.skipped else ()
    onstage = _nearest(old, new)
    lost = old.onstage_number or ""
    lost = "" if lost == onstage else lost
    standby = _standing_by(old, new)
    same = not lost and standby == (old.number or "")
    follows = same and old.onstage >= 0 and _follow(old) == _follow_of(new, onstage)
    was, now = run.book.show.people, heir.book.show.people
    return e.Reloaded(
        at=0.0,
        digest=digest,
        before=run.book.digest,
        onstage=onstage,
        standby=standby,
        lost=lost,
        skipped=skipped,
        hands=tuple(
            e.HandKept(p, h.value, h.at, h.by, h.kept) for p, h in run.stage.wanted.hands.items()
        ),
        people={r: p for r, p in run.stage.wanted.people.items() if r in now and p != was.get(r)},
        waiting=tuple(e.DoKept(o.do, o.due, o.cue) for o in run.dos.waiting),
        overdue={n: why for n, why in run.overdue.items() if n in new.index},
        fired_at=None if lost else run.fired_at,
        follow_at=run.follow_at if follows else None,
    )


def _nearest(old: Place, new: Place) -> str:
    """Return the cue on stage, or the nearest before it that the new show has; "": none."""
    at = old.onstage
    while at >= 0 and old.cues[at].number not in new.index:
        at = old.before(at)
    return old.cues[at].number if at >= 0 else ""


def _standing_by(old: Place, new: Place) -> str:
    """Return the standby cue, or the next that the new show has; "": whatever follows there."""
    at = old.standby
    while at < len(old.cues) and old.cues[at].number not in new.index:
        at = old.after(at)
    return old.cues[at].number if at < len(old.cues) else ""


def _between(old: Place, new: Place) -> tuple[str, ...]:
    """Return the cues that were put in between what is on stage and what stands by."""
    ahead = (new.cues[at].number for at in range(new.onstage + 1, min(new.standby, len(new.cues))))
    return tuple(islice((number for number in ahead if number not in old.index), SHOWN))


def _follow(place: Place) -> float | None:
    return place.cues[place.onstage].follow_after


def _follow_of(place: Place, number: str) -> float | None:
    return place.cues[place.index[number]].follow_after


def undone(offer: Offer, digest: str) -> Offer:
    """Return the offer that takes this one back; its heir stands in the show of before."""
    return Offer(digest, offer.heir, offer.edits.undone, offer.reopened, undo=True)
