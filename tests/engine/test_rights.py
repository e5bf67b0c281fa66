"""What a role may ask for is written down; whatever is not, a new intent too, is refused."""

from dataclasses import MISSING, fields
from typing import get_args

import pytest

from stagectl.engine.intent import Asked, Back, Go, Intent, Put
from stagectl.engine.rights import forbidden, is_own, microphones

OWN = ("mixer.guest", "mixer.guest 2")
EVERY = get_args(Intent)
GUESTS = {Go, Back, Put}


def plain(kind):
    """Return an intent of a kind as it comes, however its fields are called."""
    made = {"str": "x", "float": 1.0, "int": 1, "bool": True, "Value": 1.0}
    own = {f.name: f for f in fields(kind)}.keys() - {f.name for f in fields(Asked)}
    needed = [f for f in fields(kind) if f.name in own and f.default is MISSING]
    return kind(**{f.name: made.get(str(getattr(f.type, "__name__", f.type)), "x") for f in needed})


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_operator_may_ask_for_anything_and_a_watcher_for_nothing(kind):
    assert forbidden(plain(kind), "operate") == ""
    assert forbidden(plain(kind), "watch", OWN) == "watching"


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_a_guest_may_ask_for_nothing_that_is_not_named(kind):
    why = forbidden(plain(kind), "guest", OWN)
    assert (why == "guest") == (kind not in GUESTS), kind


@pytest.mark.parametrize("role", ["", "Operate", "admin", "operate "])
def test_a_role_that_nobody_knows_may_nothing(role):
    assert all(forbidden(plain(kind), role, OWN) for kind in EVERY)


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Go(expect="12"), ""),
        (Go(), "guest_cue"),  # as it stands: a late press could fire another
        (Go(cue="12"), "guest_cue"),
        (Go(expect="12", cue="12"), "guest_cue"),
        (Back(), ""),
        (Put("mixer.guest.on", value=True), ""),
        (Put("mixer.guest 2.level", value=-5.0), ""),
        (Put("mixer.guest", value=True), "guest_mic"),
        (Put("mixer.guest.text", value="x"), "guest_mic"),
        (Put("mixer.guest 3.on", value=True), "guest_mic"),
        (Put("mixer.host.on", value=False), "guest_mic"),
        (Put("lights.stage", value=0.0), "guest_mic"),
        (Put("mixer.guest.on.on", value=True), "guest_mic"),
        (Put("x.mixer.guest.on", value=True), "guest_mic"),
        (Put("", value=True), "guest_mic"),
        (Put(".on", value=True), "guest_mic"),
    ],
    ids=repr,
)
def test_a_guests_go_means_the_standby_cue_and_a_guests_hand_is_on_their_own_microphones(
    intent, why
):
    assert forbidden(intent, "guest", OWN) == why


def test_a_guest_without_microphones_has_none():
    assert forbidden(Put(".on", value=True), "guest") == "guest_mic"
    assert not is_own("mixer.guest.on", ())


def test_a_microphone_is_what_has_a_switch_and_a_level():
    have = {
        "mixer.guest.on", "mixer.guest.level", "mixer.guest 2.on", "lights.stage.level",
        "obs.Film/Tolk.on", "obs.program", "mixer.guest 2.level", "on", "level",
    }  # fmt: skip
    assert microphones(have) == ("mixer.guest", "mixer.guest 2")
