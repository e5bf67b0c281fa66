"""What is told of an edit is what the person did, not what followed from it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.edits import MOST, edits
from stagectl.core.model import Cue, Do, Person, Scene
from tests.engine.evening import CUES, book

OLD = book()


def with_cues(*cues):
    return replace(OLD, show=replace(OLD.show, cues=cues))


def told(new, old=OLD):
    return [(e.number, e.how, e.what) for e in edits(old, new).cues]


def test_nothing_is_told_of_the_same_show():
    found = edits(OLD, with_cues(*(replace(cue) for cue in CUES)))
    assert (found.added, found.removed, found.changed, found.cues) == (0, 0, 0, ())
    assert (found.people, found.scenes, found.room) == ((), (), False)


def test_a_cue_that_came_and_one_that_went():
    new = with_cues(*CUES[:2], Cue("2.2", "verse"), *CUES[3:])
    assert told(new) == [("2.2", "added", ()), ("2.5", "removed", ())]


def test_what_about_a_cue_is_said_field_by_field():
    cue = replace(
        CUES[1], name="words", fade=4.0, dos=(), sets={**CUES[1].sets, "lights.stage": 50}
    )
    found = edits(OLD, with_cues(CUES[0], cue, *CUES[2:])).cues[0]
    assert set(found.what) == {"name", "fade", "dos", "sets"}
    assert found.sets == ("lights.stage",)


def test_a_scene_that_looks_otherwise_is_told_once_and_not_by_each_cue():
    look = {"lights.stage": 10.0}
    dim = replace(OLD.venue, scenes={"dim": Scene("dim", "Dim", look)})
    bright = replace(OLD.venue, scenes={"dim": Scene("dim", "Dim", {"lights.stage": 20.0})})
    mine = {"mixer.host.on": True}
    old = replace(with_cues(Cue("1", scene="dim", sets={**look, **mine})), venue=dim)
    new = replace(
        with_cues(Cue("1", scene="dim", sets={"lights.stage": 20.0, **mine})), venue=bright
    )
    found = edits(old, new)
    assert (found.changed, found.scenes) == (0, ("dim",))


def test_the_fewest_cues_are_said_to_have_moved():
    assert told(with_cues(CUES[4], *CUES[:4])) == [("4", "changed", ("order",))]


def test_people_are_told_by_their_roles():
    show = replace(OLD.show, people={"guest": Person("Kari Ødegaard", "Author")})
    assert edits(OLD, replace(OLD, show=show)).people == ("guest",)


def test_a_long_list_is_counted_and_its_beginning_told():
    found = edits(with_cues(), with_cues(*(Cue(str(n)) for n in range(500))))
    assert (found.added, len(found.cues)) == (500, MOST)


CUE = st.builds(
    Cue,
    st.sampled_from("123456"),
    st.sampled_from(["", "a"]),
    dos=st.sampled_from([(), (Do("obs", "play"),)]),
)
SHOWS = st.lists(CUE, max_size=6, unique_by=lambda cue: cue.number).map(
    lambda cues: with_cues(*cues)
)


@given(SHOWS, SHOWS)
def test_taken_back_the_same_is_told_the_other_way_round(old, new):
    there, back = edits(old, new).undone, edits(new, old)
    assert (there.added, there.removed) == (back.added, back.removed)
    # which of two cues that changed places has moved is anybody's guess
    told = [{(e.number, e.how) for e in one.cues if e.what != ("order",)} for one in (there, back)]
    assert told[0] == told[1]
