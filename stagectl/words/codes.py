"""A code of the desk or of a device becomes a sentence; what happened stays a code until here."""

from collections.abc import Mapping

from stagectl.words.tongue import N_, _
from stagectl.words.visible import MOST, visible

REFUSALS: Mapping[str, str] = {
    "guard": N_("Too close to the last GO"),
    "last": N_("There is no next cue"),
    "stale": N_("The list has moved on: look, and press again"),
    "safe": N_("Everything is stopped: press Resume first"),
    "ended": N_("The show is over"),
    "no_cue": N_("There is no cue {n}"),
    "skipped": N_("Cue {n} is skipped"),
    "not_skipped": N_("Cue {n} is not skipped"),
    "gone": N_("Cue {n} has gone: go back first"),
    "first": N_("Nothing has gone yet"),
    "no_parameter": N_("The room has no {name}"),
    "value": N_("{name} cannot be put there"),
    "no_offer": N_("There is no such version of the show any more: look again"),
    "overlay_lost": N_("The new show lacks the scene that is laid over now: press Resume first"),
    "too_far": N_("Nothing is put off by more than a day"),
    "no_verb": N_("The room cannot do {name}"),
    "no_missed": N_("Somebody has seen to it already"),
    "no_overlay": N_("There is nothing to resume, or the room has no such scene"),
    "no_role": N_("Nobody in this show is {name}"),
    "not_held": N_("Nobody holds it any more"),
    "watching": N_("This screen only watches"),
    "guest": N_("A guest cannot do this: ask the operator"),
    "guest_cue": N_("A guest can only fire the next cue: look, and press GO again"),
    "guest_mic": N_("A guest cannot touch {name}"),
    "pin": N_("The PIN is no longer valid"),
    "slept": N_("The desk was away for a moment: press again"),
    "silent": N_("The desk does not answer"),
    "nonsense": N_("The desk does not understand it: is it of another version?"),
    "mistake": N_("The desk failed at it; the show goes on"),
    "empty": N_("Nothing was written"),
    "too_long": N_("That is too long: {n} characters at most"),
}
"""Why an intent was not carried out, and what to do about it."""

_OF_NOTHING: Mapping[str, str] = {
    "no_cue": N_("There is no such cue"),
    "skipped": N_("The cue is skipped"),
    "not_skipped": N_("The cue is not skipped"),
    "gone": N_("The cue has gone: go back first"),
    "no_parameter": N_("The room has no such thing"),
    "value": N_("It cannot be put there"),
    "guest_mic": N_("A guest can only touch their own microphones"),
    "no_verb": N_("The room cannot do that"),
    "no_role": N_("Nobody in this show has that role"),
    "too_long": N_("That is too long"),
}
"""The same where nobody says which: a bare question mark tells nothing."""

_NO_SUCH_WAY: Mapping[str, str] = {
    "next": N_("There is no cue after this one"),
    "previous": N_("There is no cue before this one"),
    "next chapter": N_("There is no chapter after this one"),
    "previous chapter": N_("There is no chapter before this one"),
}
"""No cue, where what was asked for is no number."""

TROUBLES: Mapping[str, str] = {
    "refused": N_("refuses"),
    "silent": N_("does not answer"),
    "password": N_("wrong password"),
    "unreachable": N_("cannot be reached"),
    "address": N_("has no such address"),
    "closed": N_("hung up"),
    "garbled": N_("talks nonsense"),
    "starting": N_("is starting"),
    "missing": N_("has no such thing"),
    "unknown": N_("nobody knows whether it was done"),
    "lost": N_("was away"),
    "slept": N_("the desk was asleep"),
    "restart": N_("the desk restarted"),
    "reloaded": N_("is connected anew for the reloaded show"),
    "broken": N_("its driver failed, and starts again"),
    "no_driver": N_("has no driver yet"),
    "no_port": N_("is not plugged in"),
    "no_rtmidi": N_("needs python-rtmidi, which is not installed here"),
}
"""Why a device is away, or why it did not do what it was told."""

AWAY: Mapping[str, str] = {"refused": N_("is not running"), "closed": N_("is gone")}
"""Why a device is away, where nobody was there to refuse or to hang up."""

OVERDUE: Mapping[str, str] = {
    "late": N_("Its time had passed"),
    "not_standby": N_("Another cue was standing by"),
    "safe": N_("Everything was stopped"),
    "holding": N_("The desk was holding"),
    "slept": N_("The desk was asleep"),
}
"""Why a cue did not go by itself."""


def refusal(why: str, about: str = "") -> str:
    """Return why an intent was refused; `about` is the cue or the name it was for."""
    said = visible(about, MOST)
    if why == "no_cue" and about in _NO_SUCH_WAY:
        return _(_NO_SUCH_WAY[about])
    if not said and why in _OF_NOTHING:
        return _(_OF_NOTHING[why])
    if why in REFUSALS:
        return _(REFUSALS[why]).format(n=said, name=said)
    return _("Refused ({code})").format(code=visible(why, MOST))


def trouble(why: str) -> str:
    """Return why a device is away, or refused, in a few words."""
    return _(TROUBLES[why]) if why in TROUBLES else visible(why, MOST)


def away(why: str) -> str:
    """Return why a device is away, in a few words."""
    return _(AWAY[why]) if why in AWAY else trouble(why)


def overdue(why: str) -> str:
    """Return why a cue did not go by itself."""
    return _(OVERDUE[why]) if why in OVERDUE else visible(why, MOST)
