"""What is said of changed files: short, in the language, and with nothing typed that could act."""

import pytest

from stagectl.core.edits import CueEdit, Edits
from stagectl.core.model import Cue
from stagectl.core.wire import Wire
from stagectl.engine.snapshot import Change, OfferRow, UnusedRow
from stagectl.words import edits as words
from stagectl.words import tongue

WIRES = {
    "lights.house": Wire("number", unit="%"),
    "mixer.guest.on": Wire("switch"),
    "obs.Navn.text": Wire("text"),
}


def sort(parameter):
    return WIRES.get(parameter, Wire("text"))


def nb(call, *arguments):
    with tongue.speaking("nb"):
        return call(*arguments)


def test_what_was_edited_is_counted():
    found = Edits(added=1, removed=2, changed=2, scenes=("a", "b"), people=("guest",), room=True)
    assert words.counted(found) == (
        "2 cues changed, 1 new cue, 2 cues gone, 2 scenes, people, the room at rest"
    )
    assert nb(words.counted, found) == (
        "2 cuer endret, 1 ny cue, 2 cuer borte, 2 scener, personer, rommet i ro"
    )
    assert words.counted(Edits()) == "no cue is another"


def test_every_field_of_a_cue_has_a_word_in_every_language():
    fields = [name for name in Cue.__dataclass_fields__ if name != "number"]
    for language in tongue.languages():
        with tongue.speaking(language):
            for name in (*fields, "order"):
                told = words.cue(CueEdit("3", "Lesning", "changed", (name,)), sort)
                assert told.startswith("3 Lesning: ")
                assert name in words.FIELDS


def test_a_cues_edit_names_what_it_puts_otherwise():
    edit = CueEdit("3", "Lesning", "changed", ("fade", "sets"), ("lights.house",))
    assert words.cue(edit, sort) == "3 Lesning: fade, values (House)"
    assert nb(words.cue, edit, sort) == "3 Lesning: overgang, verdier (Salen)"
    assert nb(words.cue, CueEdit("4", "", "removed"), sort) == "4: tatt ut"


def test_what_is_not_named_is_counted():
    edits = Edits(added=30, cues=tuple(CueEdit(str(n), "", "added") for n in range(20)))
    assert words.cues(edits, sort)[-1] == "… and 10 more"


def test_what_moves_is_said_from_where_to_where():
    offer = OfferRow(
        "x",
        Edits(),
        (
            Change("lights.house", 80.0, 20.0),
            Change("mixer.guest.on", False, True),
            Change("obs.Navn.text", None, "Kari"),
        ),
    )
    assert nb(words.moves, offer, sort) == (
        "Å laste den inn flytter dette (3): Salen: 80 % → 20 %; Mikrofon gjest: av → på; "
        "Teksten Navn: ukjent → «Kari»."
    )
    assert words.moves(OfferRow("x", Edits()), sort) == "Loading it moves nothing in the room."
    assert "Taking it back" in words.moves(OfferRow("x", Edits(), undo=True), sort)


def test_a_place_that_cannot_be_kept_names_both_cues():
    offer = OfferRow("x", Edits(), onstage="2", lost="3", follow_ends=True, reopened=("keys",))
    assert words.place(offer, str.upper) == [
        "Cue 3 is gone: cue 2 is on stage.",
        "The next cue does not go by itself any more.",
        "Connected anew: KEYS.",
    ]
    passed = OfferRow("x", Edits(), standby="4", between=("3.5", "3.7"))
    assert words.place(passed, str) == ["Cue 4 stays the next; new before it: 3.5, 3.7."]
    assert words.place(OfferRow("x", Edits(), lost="3"), str) == [
        "Cue 3 is gone: no cue is on stage."
    ]


@pytest.mark.parametrize("typed", ["\x1b[2J", "\u202eabc", "a\nb"])
def test_nothing_that_was_typed_reaches_a_terminal_as_it_is(typed):
    edit = CueEdit("3", typed, "added")
    row = UnusedRow("mistakes", typed, 1, 1, {"en": typed})
    told = [words.cue(edit, sort), *words.unused(row), *words.unused(UnusedRow("gone", typed))]
    told += words.cues(Edits(people=(typed,), scenes=(typed,)), sort)
    assert not any(typed in one for one in told)
