"""What a show needs by name, and what is told to be missing: only by the device itself."""

from dataclasses import replace

from stagectl.core.edits import edits
from stagectl.core.model import Cue, Do, Part
from stagectl.engine.intent import Reload
from stagectl.engine.needs import MISSING, Lacking, Need, needs
from stagectl.engine.plain import snapshot_from_plain, to_plain
from stagectl.engine.reload import Offer
from stagectl.engine.report import Facts, Linked, Lost
from stagectl.engine.run import Run
from tests.engine.evening import CUES, at_work, book, grouped, linked

SCENES = "Wait\nTalk\nOther"


def lacking(engine, now=1.0):
    return engine.snapshot(now).lacking


def test_a_show_needs_each_scene_and_each_film_once_in_the_devices_own_words():
    assert needs(book()) == (
        Need("obs", "scenes", "Wait", "obs.program"),
        Need("obs", "scenes", "Talk", "obs.program"),
        Need("obs", "inputs", "intro", "obs.play"),
    )


def test_what_a_part_of_a_group_needs_is_needed():
    part = Part("a", {"obs.program": "Stage"}, (Do("obs", "play", "song"),))
    found = {need.name for need in needs(book([grouped("1", part)]))}
    assert found == {"Wait", "Stage", "song"}


def test_a_verb_that_names_nothing_of_the_device_is_no_need():
    show = book([Cue("1", dos=(Do("obs", "record", "start"), Do("mixer", "play", "intro")))])
    assert [need.among for need in needs(show)] == ["scenes"]


def test_what_a_device_does_not_list_is_missing():
    engine = at_work()
    engine.hear(Facts("obs", {"scenes": "Wait\nOther", "inputs": "song"}), 1.0)
    assert [need.name for need in lacking(engine)] == ["Talk", "intro"]
    engine.hear(Facts("obs", {"scenes": SCENES}), 2.0)
    assert [need.name for need in lacking(engine)] == ["intro"]
    engine.hear(Facts("obs", {"inputs": "song\nintro"}), 3.0)
    assert lacking(engine) == ()


def test_a_parameter_that_the_device_has_no_room_for_is_missing():
    engine = at_work()
    engine.hear(Facts("obs", {MISSING: "obs.Name.text\nobs.of another show.text"}), 1.0)
    assert lacking(engine) == (Need("obs", MISSING, "obs.Name.text"),)


def test_nothing_is_missing_by_silence():
    assert lacking(at_work()) == ()  # it has not said what it has
    away = at_work()
    away.hear(Facts("obs", {"scenes": ""}), 1.0)
    away.hear(Lost("obs", "closed"), 1.5)
    assert lacking(away, 2.0) == ()
    away.hear(Linked("obs", {}), 3.0)
    assert [need.name for need in lacking(away, 4.0)] == ["Wait", "Talk"]


def test_it_is_looked_for_only_when_what_the_devices_list_has_changed(monkeypatch):
    engine, looked = linked(at_work()), []
    of_device = Lacking._of_device

    def spied(self, device, facts):
        looked.append(device)
        return of_device(self, device, facts)

    monkeypatch.setattr(Lacking, "_of_device", spied)
    engine.hear(Facts("obs", {"scenes": SCENES, "record.bytes": 1.0}), 1.0)
    lacking(engine)
    looked.clear()
    for n in range(20):
        engine.hear(Facts("obs", {"record.bytes": float(n), "scenes": SCENES}), 1.0 + n)
        lacking(engine, 1.0 + n)
    assert looked == []
    engine.hear(Facts("obs", {"scenes": "Wait"}), 30.0)
    assert [need.name for need in lacking(engine, 30.0)] == ["Talk"]
    assert "obs" in looked


def test_after_a_reload_the_new_version_needs_what_it_needs_and_back_again():
    engine = at_work()
    engine.hear(Facts("obs", {"scenes": SCENES, "inputs": "intro"}), 1.0)
    assert lacking(engine) == ()
    new = replace(book([*CUES, Cue("9", sets={"obs.program": "Encore"})]), digest="new")
    engine.offer(Offer(new.digest, Run(new, 0.0), edits(engine.book, new)))
    assert lacking(engine, 2.0) == ()  # an offer is not taken by itself
    engine.ask(Reload(by="panel", offer="new"), 3.0)
    assert [need.name for need in lacking(engine, 3.0)] == ["Encore"]
    back = engine.snapshot(4.0).offer
    assert back is not None
    engine.ask(Reload(by="panel", offer=back.id), 5.0)
    assert lacking(engine, 5.0) == ()


def test_a_device_says_what_it_calls_itself_and_both_travel_to_a_panel():
    engine = at_work()
    engine.hear(Linked("obs", {}, identity="OBS 29.0.2"), 1.0)
    engine.hear(Facts("obs", {"scenes": "Wait"}), 1.0)
    snapshot = engine.snapshot(2.0)
    assert snapshot.devices[0].identity == "OBS 29.0.2"
    there = snapshot_from_plain(to_plain(snapshot))
    assert there.lacking == snapshot.lacking
    assert there == replace(snapshot, values=there.values)
