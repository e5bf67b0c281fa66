"""A show and a venue become a book without any file: the checks need only what was written."""

import math

from stagectl.core.check import check, check_venue
from stagectl.core.model import Do
from stagectl.core.pattern import Pattern
from stagectl.core.problem import Said, Source
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.core.written import (
    Setting,
    WrittenCue,
    WrittenDevice,
    WrittenScene,
    WrittenShow,
    WrittenVenue,
)

SHOW, ROOM = Source("show.yaml"), Source("room.yaml")
DESK = Profile(
    "desk",
    "osc",
    parameters=(
        Pattern("ch.{1..32}.level", Wire("number", "/{:02}/f", "f", "dB", rest=-math.inf)),
        Pattern("ch.{1..32}.on", Wire("switch", "/{:02}/on", "i", rest=False), main=True),
        Pattern("mode", Wire("word", "/mode", "s")),
    ),
    verbs={"recall": Verb("recall", "number", type="i")},
)


def said(text: str, source: Source = SHOW) -> Said:
    return Said(text, source)


def put(path: str, value: str, source: Source = SHOW) -> Setting:
    return Setting((said(path, source),), said(value, source))


def room(*base: Setting) -> WrittenVenue:
    names = ((said("host", ROOM), said("ch.1", ROOM)),)
    device = WrittenDevice(said("mixer", ROOM), "desk", DESK, said("10.0.0.2", ROOM), names=names)
    quiet = WrittenScene(said("quiet", ROOM), "Stille", sets=(put("mixer.host", "av", ROOM),))
    overlay = said("quiet", ROOM)
    top = said("Rommet", ROOM)
    return WrittenVenue(ROOM, "Rommet", top, (device,), base, (quiet,), overlay, overlay)


def show(*cues: WrittenCue) -> WrittenShow:
    return WrittenShow(SHOW, "Prøve", cues)


def test_a_book_holds_what_each_cue_puts_and_a_rest_for_all_of_it():
    cue = WrittenCue(
        said("1"),
        scene=said("quiet"),
        sets=(put("mixer.ch.1.level", "-5"),),
        dos=(put("mixer.recall", "7"),),
        follow=None,
    )
    checked = check(show(cue), room())
    assert checked.problems == ()
    book = checked.book
    assert book is not None
    assert book.show.cues[0].sets == {"mixer.host.on": False, "mixer.host.level": -5.0}
    assert book.show.cues[0].dos == (Do("mixer", "recall", "7"),)
    assert book.show.base == {"mixer.host.on": False, "mixer.host.level": -math.inf}
    assert set(book.wires) == set(book.show.base)
    assert book.wires["mixer.host.level"].address == "/01/f"


def test_the_road_would_matter_if_something_set_had_no_rest():
    cue = WrittenCue(said("1"), sets=(put("mixer.mode", "soft"),))
    checked = check(show(cue), room())
    assert checked.book is None
    assert [(p.code, p.place.file) for p in checked.problems] == [("no_rest", "show.yaml")]
    assert check(show(cue), room(put("mixer.mode", "hard", ROOM))).book is not None


def test_cues_that_take_a_scene_as_it_is_share_its_look():
    cues = [WrittenCue(said(str(n)), scene=said("quiet")) for n in (1, 2)]
    book = check(show(*cues), room()).book
    assert book is not None
    assert book.show.cues[0].sets is book.show.cues[1].sets


def test_a_venue_is_checked_by_itself():
    checked = check_venue(room(put("mixer.hots", "on", ROOM)))
    assert [(p.code, p.data["near"]) for p in checked.problems] == [
        ("unknown_name", ("mixer.host",))
    ]
    book = check_venue(room()).book
    assert book is not None
    assert book.show.cues == ()


def test_a_device_whose_profile_could_not_be_had_is_not_blamed_twice():
    venue = room()
    lost = WrittenDevice(said("mixer", ROOM), "dekc", None, said("10.0.0.2", ROOM))
    venue = WrittenVenue(ROOM, "Rommet", venue.top, (lost,), (put("mixer.host", "on", ROOM),))
    codes = [p.code for p in check_venue(venue).problems if p.severity == "error"]
    assert codes == []  # files/ has told that the profile is nowhere
