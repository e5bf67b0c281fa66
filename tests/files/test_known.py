"""A venue's own schema knows its names, and is never stricter than the loader."""

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from stagectl.files.known import known
from stagectl.files.load import load_venue, read_show
from stagectl.files.schema import schema
from tests.files.house import SHOW, House
from tests.files.untyped import as_an_editor_reads

ROOT = Path(__file__).parents[2]


@cache
def validator(venue: Path, kind="show") -> Draft202012Validator:
    whole = schema(kind, known=known(load_venue(venue)))
    Draft202012Validator.check_schema(whole)
    return Draft202012Validator(json.loads(json.dumps(whole)))


def marks(venue: Path, text: str, kind="show") -> list[str]:
    return [e.message for e in validator(venue, kind).iter_errors(as_an_editor_reads(text))]


@pytest.mark.parametrize("venue", sorted((ROOT / "scenes").glob("*.yaml")), ids=lambda v: v.stem)
def test_every_show_that_is_right_in_a_room_is_right_to_its_schema(venue):
    tried = 0
    for show in sorted((ROOT / "cues").glob("*.yaml")):
        if read_show(show, venue, cached=False).book is not None:
            assert marks(venue, show.read_text("utf-8")) == [], show
            tried += 1
    assert tried
    assert marks(venue, venue.read_text("utf-8"), "venue") == []


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    return House(tmp_path_factory.mktemp("hall"))


def cue(setting: str) -> str:
    return SHOW + "  - cue: 1\n    " + setting + "\n"


@pytest.mark.parametrize(
    "setting",
    [
        "set: {mixer.gest: on}", "set: {mixer: {gest: on}}", "set: {mixr.host: on}",
        "set: {mixer.host: {levl: -5 dB}}", "set: {mixer: {host.levl: -5 dB}}",
        "set: {mixer.host.level: 5 Hz}", "set: {mixer.host.level: 11}", "set: {mixer.host: loud}",
        "set: {mixer.mode: medium}", "set: {lights.stge: 40 %}", "set: {lights.stage: 40 dB}",
        "scene: holdnig", "do: [obs.recrod: start]", "do: [obs.record: begin]", "do: [obs.record]",
        "do: [obs.play]", "do: [mixer.recall: now]", "do: {obs: {recrod: start}}",
    ],
)  # fmt: skip
def test_what_the_room_has_not_is_marked_as_it_is_refused(hall, setting):
    assert hall.read(cue(setting)).book is None
    assert marks(hall.root / "scenes/sal.yaml", cue(setting)) != []


@pytest.mark.parametrize(
    "setting",
    [
        "set: {mixer: {host: {level: -5 dB, on: ja}, guest: av}, mixer.host.name: 1984}",
        "set: {mixer.host.level: -inf dB, mixer.ch.5.level: -5, mixer.ch.6: on}",
        "set: {mixer: {ch.7: {level: 0}, mode: HARD}, lights: {stage: 40, level.9: 12,5 %}}",
        "set: {obs: {program: 2, Navn.text: , Samtale/Tolk: on, talk: off}, obs.master.on: off}",
        "set: {lights: {level: {3: 40 %}}}",
        "do: [obs.record: start, {obs: {play: intro}}, mixer.recall: 3]",
        "scene: conversation",
    ],
)
def test_however_a_right_name_is_dotted_and_nested_it_is_right(hall, setting):
    text = cue(setting.replace("12,5", "12.5"))
    assert [p for p in hall.read(text).problems if p.severity == "error"] == []
    assert marks(hall.root / "scenes/sal.yaml", text) == []


WORDS = ("mixer", "lights", "obs", "host", "guest", "stage", "ch", "5", "level", "on", "name",
         "mode", "program", "Navn", "text", "talk", "a/b", "master", "gest", "33", "recall",
         "record", "play")  # fmt: skip
VALUES = ("on", "av", "-5 dB", "-5", "40 %", "hard", "x", "", "start", "3", "-inf dB", "1.5")
paths = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
dots = st.lists(st.booleans(), min_size=3, max_size=3)


@settings(
    max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    device=st.sampled_from(("mixer", "lights", "obs")), path=paths, dots=dots,
    value=st.sampled_from(VALUES), key=st.sampled_from(("set", "do")),
)  # fmt: skip
def test_what_the_loader_takes_is_never_marked(hall, device, path, dots, value, key):
    keys = [device]
    for word, dotted in zip(path, [*dots, True], strict=False):
        keys = [*keys[:-1], f"{keys[-1]}.{word}"] if dotted else [*keys, word]
    text = "".join("{" + f'"{k}": ' for k in keys) + value + "}" * len(keys)
    text = cue(f"{key}: {text}")
    refused = hall.read(text).book is None
    marked = marks(hall.root / "scenes/sal.yaml", text)
    assert refused or not marked, (text, marked)
