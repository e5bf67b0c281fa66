"""What each role may ask of a show; what is not named here is refused."""

from collections.abc import Collection
from typing import Literal

from stagectl.core.model import Parameter
from stagectl.engine.intent import Back, Go, Intent, Put

Role = Literal["operate", "guest", "watch"]
"""operate: everything; guest: GO, back and their own microphones; watch: nothing."""

LEAVES = ("on", "level")
"""What of a microphone is its guest's."""


def forbidden(intent: Intent, role: Role, own: Collection[str] = ()) -> str:
    """Return why a role may not ask for this: a code for words/, or "" when it may.

    `own` are the stems of a guest's microphones, "mixer.guest". A guest's GO must say which cue it
    means and may name no other than the one that stands by.
    """
    if role == "operate":
        return ""
    if role != "guest":
        return "watching"
    match intent:
        case Go(expect=expect, cue=""):
            return "" if expect else "guest_cue"
        case Go():
            return "guest_cue"
        case Back():
            return ""
        case Put(parameter=parameter):
            return "" if is_own(parameter, own) else "guest_mic"
        case _:
            return "guest"


def is_own(parameter: Parameter, own: Collection[str]) -> bool:
    """Tell whether a parameter is of one of these microphones: its switch or its level."""
    stem, _, leaf = parameter.rpartition(".")
    return leaf in LEAVES and stem in own


def microphones(parameters: Collection[Parameter]) -> tuple[str, ...]:
    """Return the stems that a guest can be given: those with both a switch and a level."""
    stems = {p.removesuffix(".on") for p in parameters if p.endswith(".on")}
    return tuple(sorted(stem for stem in stems if f"{stem}.level" in parameters))
