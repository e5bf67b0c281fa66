"""Each code of an alarm in three parts: what it is, what follows from it, what to do about it."""

from stagectl.engine.snapshot import AlarmRow
from stagectl.panel import say
from stagectl.panel.clean import clean
from stagectl.panel.playbill import Playbill
from stagectl.panel.view import View
from stagectl.words import codes, edits, plain
from stagectl.words.tongue import _

Said = tuple[str, str, str]  # what, what follows, what to do


def in_words(view: View, row: AlarmRow) -> Said:
    """Return what it is, what follows from it, and what to do."""
    bill, about = view.bill, row.about
    match row.code:
        case "lost":
            return _lost(bill, about, row.detail)
        case "latch_off":
            return _latch_off(about)
        case "failed":
            return (
                _("{what} was refused").format(what=say.parameter(bill, about)),
                _("It is not as the cue says: {trouble}").format(trouble=codes.trouble(row.detail)),
                _("Do it by hand at the device"),
            )
        case "ahead":
            return (
                _("{what}: the next cue asks for something that is not there").format(
                    what=say.parameter(bill, about)
                ),
                _("“{name}” is gone or has another name").format(name=clean(row.detail)),
                _("Make it, or skip the cue"),
            )
        case "missed":
            return (
                _("Not done: {what}").format(what=say.trigger(bill, about)),
                _("{trouble}; it is never done late by itself").format(
                    trouble=say.capital(codes.trouble(row.detail))
                ),
                _("Press Do it now"),
            )
        case "overdue":
            return _overdue(bill, about, row.detail)
        case "unconfirmed":
            return (
                _("{what} is not confirmed").format(what=say.parameter(bill, about)),
                _("It was sent, but the device has not said that it is done"),
                _("Look and listen in the room"),
            )
        case "held":
            return (
                _("{what} was moved").format(what=say.parameter(bill, about)),
                _("It stays there until a cue sets it"),
                _("Press Keep or Back to the cue"),
            )
        case "unused" if view.snap.unused is not None:
            return edits.unused(view.snap.unused)
        case "slept":
            return (
                _("The desk was away for {time}").format(time=_away(row.detail)),
                _("What was pressed meanwhile was thrown away"),
                _("Look at the list before you press GO"),
            )
        case _:
            return _of_the_desk(row)


def _lost(bill: Playbill, about: str, why: str) -> Said:
    what = _("{device} {trouble}").format(device=say.device(bill, about), trouble=codes.away(why))
    if why == "no_driver":
        follows, cure = _("No cue reaches it tonight"), _("Do it by hand at the device")
        return what, follows, cure
    if any(p.startswith(f"{about}.") for p in bill.controls):
        follows = _("No cue reaches it; it is brought back by itself")
    else:  # keys and faders: no cue was for them
        follows = _("It is without contact with the desk; it is brought back by itself")
    return what, follows, _cure_of(why, say.device(bill, about))


def _cure_of(why: str, device: str) -> str:
    match why:
        case "refused" | "closed":
            return _("Start {device}, or check its power and its cable").format(device=device)
        case "password":
            return _("Put its right password where the desk looks for it")
        case "address":
            return _("Correct its address in the venue's file")
        case "no_rtmidi":
            return _("Install python-rtmidi, or go on without the device")
        case _:
            return _("Check its power and its cable")


def _latch_off(about: str) -> Said:
    if about.endswith(".stream"):
        return (
            _("The stream has stopped"),
            _("Nobody outside the house sees anything"),
            _("Press Start the stream"),
        )
    if about.endswith(".record"):
        return (
            _("The recording has stopped"),
            _("What happens now is not kept"),
            _("Press Start the recording"),
        )
    return (_("{what} has stopped").format(what=clean(about)), "", _("Start it again"))


def _overdue(bill: Playbill, number: str, why: str) -> Said:
    return (
        _("Cue {cue} did not go by itself").format(cue=say.cue(bill, number)),
        codes.overdue(why),
        _("Press GO when it suits"),
    )


def _of_the_desk(row: AlarmRow) -> Said:
    if row.code == "frozen":
        return (
            _("The picture from {device} stands still").format(device=clean(row.about)),
            _("It says one scene and shows another"),
            _("Look at its own screen"),
        )
    if row.code == "journal":
        return (
            _("The log cannot be written"),
            _("The show goes on, but after a crash the desk would not know where it was"),
            _("Make room on the disk"),
        )
    if row.code == "journal_damaged":
        return (
            _("The log was damaged"),
            _("What the lost lines said is forgotten; the rest is used"),
            _("Look at the list and at the room before you press GO"),
        )
    if row.code == "keeper":
        return (
            _("Nobody watches over the desk any more"),
            _("The show goes on, but a desk that dies would not come back"),
            _("Start the watch again: stagectl run, with the same show"),
        )
    if row.code == "place":
        return (
            _("The desk cannot write in its folder"),
            _("The show goes on, but a new panel may not find the desk"),
            _("Make room on the disk"),
        )
    return (clean(f"{row.about}: {row.code}"), clean(row.detail), "")


def _away(detail: str) -> str:
    try:
        return plain.seconds(round(float(detail), 1))
    except ValueError:
        return "?"
