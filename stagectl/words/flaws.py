"""What can be wrong with a device profile of the right shape: one sentence and one cure each."""

from collections.abc import Mapping

from stagectl.words.tongue import N_

FLAWS: Mapping[str, tuple[str, str]] = {
    "words_same": (
        N_("{parameter}: these words are the same to the device: {words}."),
        N_("give each of them a value of its own"),
    ),
    "unsayable": (
        N_("{parameter} cannot be said at {text} as type {type}."),
        N_("take another type, give the word a value, or the number a curve"),
    ),
    "comes_back": (
        N_("{parameter} at {text} would be read back as {back}."),
        N_("see that type, range, curve and steps are the device's own"),
    ),
    "asked_with_arguments": (
        N_("{parameter} cannot be read: its address has arguments after it."),
        N_("take read: away"),
    ),
    "hidden": (
        N_("{parameter} stands under {other} already."),
        N_("let no two patterns stand for one name"),
    ),
    "same_address": (
        N_("{parameter} and {other} have the same address, {address}."),
        N_("give each its own; {{}} takes the number of the pattern"),
    ),
    "argument_lost": (
        N_("{verb} takes something after it, and its message has no room for it."),
        N_("give it a type: that can carry it, or {{}} in its address:"),
    ),
    "unread_evidence": (
        N_("{parameter} is never read, so that it cannot tell of a restart."),
        N_("give it read: true, or leave it out here"),
    ),
    "no_source": (
        N_("nothing says where this was read."),
        N_("add source: with the page of the protocol and its version"),
    ),
    "no_sign_of_life": (
        N_("nobody could tell this device from one that is not there."),
        N_("add probe: with a question it answers, or a keepalive:"),
    ),
}
