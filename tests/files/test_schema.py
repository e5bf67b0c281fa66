"""The schemas and the loader agree on every mistake of shape, and the schemas follow the models."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from stagectl.core.problem import Problem
from stagectl.files.declared import Shape, Told
from stagectl.files.fields import SHARED
from stagectl.files.load import check_file
from stagectl.files.nodes import read_tree
from stagectl.files.schema import KINDS, Kind, name_of, schema, takes
from stagectl.files.source import read_text
from stagectl.words.mistakes import MISTAKES
from tests.files.house import PROFILES, SHOW, VENUE
from tests.files.untyped import as_an_editor_reads

ROOT = Path(__file__).parents[2]

OF_YAML = {
    "too_large", "not_utf8", "empty_file", "tab", "control", "alias", "anchor", "tag", "merge",
    "two_documents", "too_deep", "odd_key", "key_twice", "comma", "hash", "colon",
    "unclosed_quote", "bad_start", "unclosed_brace", "unclosed_bracket", "indent", "no_colon",
    "escape", "syntax",
}  # fmt: skip
"""Told before there is a document: an editor's own parser has its own words for most of these."""

OF_SHAPE = {
    "not_table", "not_pairs", "not_text", "not_list", "list_value", "braces", "unknown_key",
    "missing_key",
    "empty", "cue_number", "follow", "date", "clock", "clock_decimal", "language",
    "literal_password", "file_name", "bad_name", "not_switch", "one_of", "port", "whole_number",
    "range_shape", "curve_shape", "not_number", "not_finite", "unit", "not_duration", "no_unit",
    "hours_or_minutes", "negative", "sixty",
}  # fmt: skip
"""Told by the shapes, from one file alone: here schema and loader agree.

Some are told of meaning too, when a value turns out to be none its parameter takes; every code
that is neither here nor of YAML is of meaning: it needs another file, another line or a profile.
"""


def mistakes(kind: Kind, text: str) -> tuple[list[Problem], list[Problem]]:
    """Return what the loader tells of YAML, and of shape; a warning is no mistake."""
    read = read_text("it.yaml", text.encode())
    assert read.text is not None, read.problems
    of_yaml: list[Problem] = []
    tree = read_tree(read.source, read.text, of_yaml)
    assert tree is not None, of_yaml
    told = Told()
    KINDS[kind].read(tree, told)
    return of_yaml, [p for p in told.problems if p.severity == "error"]


@cache
def validator(kind: Kind) -> Draft202012Validator:
    whole = schema(kind)
    Draft202012Validator.check_schema(whole)
    return Draft202012Validator(json.loads(json.dumps(whole)))


def refused_by_schema(kind: Kind, text: str) -> list[str]:
    return [e.message for e in validator(kind).iter_errors(as_an_editor_reads(text))]


def agree(kind: Kind, text: str) -> set[str]:
    """Both take it or both refuse it; returns the codes of shape."""
    of_yaml, of_shape = mistakes(kind, text)
    assert not of_yaml, (text, of_yaml)
    refused = refused_by_schema(kind, text)
    assert bool(refused) == bool(of_shape), (text, refused, [p.code for p in of_shape])
    codes = {p.code for p in of_shape}
    assert codes <= OF_SHAPE
    return codes


# ---- what is right


def files():
    for kind, folder in (("show", "cues"), ("venue", "scenes"), ("profile", "stagectl/profiles")):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            inner = "profile" if path.parent.name == "profiles" else kind
            yield pytest.param(inner, path.read_text("utf-8"), id=path.relative_to(ROOT).as_posix())
    yield pytest.param("venue", VENUE, id="the tests' venue")
    yield pytest.param("show", SHOW + "  - cue: 1\n", id="the tests' show")
    for name, text in PROFILES.items():
        yield pytest.param("profile", text, id=f"the tests' {name}")


@pytest.mark.parametrize(("kind", "text"), files())
def test_every_file_of_ours_is_fine_to_both(kind, text):
    assert agree(kind, text) == set()


BLOCK = re.compile(r"(?ms)^( *)```yaml\n(.*?)^ *```$")
FIRST: dict[str, Kind] = {"show": "show", "venue": "venue", "driver": "profile"}


def blocks():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in [*pages, *sorted((ROOT / "scenes").glob("*.md"))]:
        for number, found in enumerate(BLOCK.finditer(page.read_text("utf-8"))):
            indent = len(found[1])
            text = "".join(line[indent:] for line in found[2].splitlines(keepends=True))
            yield pytest.param(text, id=f"{page.name}-{number}")


def as_a_whole(text: str) -> tuple[Kind, str]:
    """Return an example's kind, and the example with what stands around it in a real file."""
    keys = re.findall(r"(?m)^([a-z]+):", text)
    if re.match(r" +[\w ]+: *\{profile:", text):
        return "venue", "venue: Sal\ndevices:\n" + text
    for key in keys:
        if key in FIRST:
            return FIRST[key], text
    if keys and keys[0] in takes(KINDS["venue"]):
        return "venue", "venue: Sal\n" + text
    if keys and keys[0] in takes(KINDS["profile"]):
        return "profile", "driver: osc\n" + text
    head = "show: Prøve\n" + ("" if keys[:1] == ["cues"] else "cues:\n")
    return "show", head + text


@pytest.mark.parametrize("text", blocks())
def test_every_example_on_a_page_is_fine_to_both(text):
    assert agree(*as_a_whole(text)) == set()


# ---- what is wrong

V = "venue: Sal\n"
P = "driver: osc\n"
D = V + "devices:\n  mixer: {profile: desk, "
C = "show: S\ncues:\n  - {cue: 1, "
BAD = {
    "show": {
        "unknown_key": C + "nmae: x}\n",
        "missing_key": "show: S\ncues: [{name: x}]\n",
        "not_table": "show: S\ncues: [x]\n",
        "not_pairs": C + "set: mixer.host on}\n",
        "not_text": "show: S\ndate: [1]\ncues: []\n",
        "not_list": "show: S\ncues: {a: b}\n",
        "braces": C + "scene: {a: b}}\n",
        "list_value": C + "set: {mixer.host: [a]}}\n",
        "empty": C + "scene: }\n",
        "cue_number": "show: S\ncues: [{cue: en}]\n",
        "follow": C + "follow: snart}\n",
        "date": "show: S\ndate: i morgen\ncues: []\n",
        "clock": C + 'at: "25:00"}\n',
        "clock_decimal": C + "at: 10.57}\n",
        "language": "show: S\nlanguage: Norsk!\ncues: []\n",
        "not_switch": C + "block: maybe}\n",
        "not_duration": C + "fade: lenge}\n",
        "no_unit": C + "fade: 90}\n",
        "hours_or_minutes": C + "fade: '1:30'}\n",
        "negative": C + "fade: -1 s}\n",
        "sixty": C + "length: '0:75:00'}\n",
        "not_finite": C + "fade: inf s}\n",
        "file_name": "show: S\nvenue: ../andre\ncues: []\n",
    },
    "venue": {
        "literal_password": D + "password: hunter2}\n",
        "bad_name": D + "names: {a.b: ch.1}}\n",
        "missing_key": V + "devices: {mixer: {at: x}}\n",
        "not_table": V + "scenes: {holding: }\n",
    },
    "profile": {
        "one_of": "driver: ocs\n",
        "port": P + "port: 70000\n",
        "whole_number": P + "parameters: {a: {steps: many}}\n",
        "range_shape": P + "parameters: {a: {range: [1]}}\n",
        "curve_shape": P + "parameters: {a: {curve: [[0, 0]]}}\n",
        "not_number": P + "parameters: {a: {range: [low, high]}}\n",
        "not_finite": P + "parameters: {a: {range: [inf, 1]}}\n",
        "unit": P + "parameters: {a: {range: [1 Hz, 2]}}\n",
        "not_switch": P + "parameters: {a: {switch: maybe}}\n",
        "not_text": P + "parameters: {a: {choices: [[a]]}}\n",
        "no_unit": P + "keepalive: {say: /x, every: 8}\n",
    },
}


@pytest.mark.parametrize(
    ("kind", "code", "text"),
    [(kind, code, text) for kind, bad in BAD.items() for code, text in bad.items()],
)
def test_what_is_wrong_is_wrong_to_both(kind, code, text):
    assert code in agree(kind, text)


@pytest.mark.parametrize(
    ("kind", "code", "text"),
    [(kind, code, text) for kind, bad in BAD.items() for code, text in bad.items()],
)
def test_the_whole_loader_refuses_it_for_the_same_reason(house, kind, code, text):
    folder = {"show": "cues", "venue": "scenes", "profile": "scenes/profiles"}[kind]
    problems = check_file(house.write(f"{folder}/it.yaml", text))
    assert code in {p.code for p in problems if p.severity == "error"}


def test_every_mistake_of_shape_has_been_tried():
    assert {code for bad in BAD.values() for code in bad} == OF_SHAPE
    assert set(MISTAKES) >= OF_SHAPE | OF_YAML


GOOD = {
    "show": [
        "show: 2026\ndate: 2026-11-28\nstart: 19:00\ncues: []\n",
        "show: NO\ndate: 28.11.2026\nlanguage: no\ncues:\n",
        'show: on\nstart: "19.00"\nvenue: 1984\npeople: {guest: Kari}\ncues: []\n',
        "show: S\npeople: {guest: {name: 1984, role: }}\ncues: []\n",
        *(f"show: S\ncues: [{{cue: {n}}}]\n" for n in ("1", "010", "2.5", "2.10", "'2,5'", '"3"')),
        *(C + f"fade: {t}}}\n" for t in ("3 s", "'2,5 s'", "+1 T 30 MIN", "1:05:00", "500ms")),
        *(C + f"follow: {t}}}\n" for t in ("end", "slutt", "END", "12 s")),
        *(
            C + f"block: {t}}}\n"
            for t in ("on", "off", "ja", "nei", "på", "av", "AV", "true", "False", "yes", "no")
        ),
        C + "set: {mixer: {host: {level: -5 dB}, guest: on}, obs.a/b.on: no, lights.x: 0.5}}\n",
        C + "set: {obs.Navn.text: }, do: [obs.record: start, obs.play: 1, mixer.mute]}\n",
        C + "do: {obs.record: start}, name: , notes: ~}\n",
        C + "consent: ja, titles: [a]}\n",  # for later: a warning, no mistake
    ],
    "venue": [
        V + "devices:\nscenes:\nbase:\n",
        D + "at: 192.168.10.20, run: obs --minimize, names: {guest 2: 3}, public: ja}\n",
        D + "run: [obs, 1, true], password: secret:obs}\n",
        V + "scenes: {holding: {set: , still: on}}\nsafe: holding\ntimezone: Europe/Oslo\n",
    ],
    "profile": [
        P + 'port: "10023"\nparameters: {a: {range: [-inf dB, "−5"], rest: , steps: 1}}\n',
        P + "parameters: {a: {choices: [on, 1, x], curve: [[-90, 0], [10, 1]]}}\n",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, t) for kind, all_ in GOOD.items() for t in all_])
def test_whatever_a_parser_makes_of_a_right_text_is_right(kind, text):
    assert agree(kind, text) == set()


@pytest.mark.parametrize("word", ["on", "off", "yes", "no", "true", "false"])
def test_a_parser_of_yaml_1_1_makes_booleans_of_words_and_they_are_right(word):
    text = C + f"block: {word}, set: {{mixer.host: {word}, mixer: {{guest: {word}}}}}}}\n"
    typed = yaml.safe_load(text)
    assert isinstance(typed["cues"][0]["block"], bool)
    assert list(validator("show").iter_errors(typed)) == []


# What a parser that gives types has forgotten, or what no pattern can say: the whole list.
ONLY_LOADER = [
    ("show", "show: S\ncues: [{cue: 1e3}]\n", "cue_number"),  # to a parser it is 1000
    ("show", "show: S\ncues: [{cue: 0x1F}]\n", "cue_number"),
    ("show", "show: S\ncues: [{cue: +1}]\n", "cue_number"),
    ("show", "show: S\ncues: [{cue: 1.}]\n", "cue_number"),
    ("show", "show: S\ncues: [{cue: 0000000001}]\n", "cue_number"),
    ("show", "show: S\ncues: [{cue: 2.1234}]\n", "cue_number"),  # multipleOf .001 is no float's
    ("show", "show: S\nvenue: .5\ncues: []\n", "file_name"),
    ("show", "show: S\ndate: 2026-02-30\ncues: []\n", "date"),
    ("show", C + "fade: " + "9" * 400 + " s}\n", "not_finite"),
    ("profile", P + "port: 1.0\n", "whole_number"),
    ("profile", P + "parameters: {a: {range: [2, 1]}}\n", "range_shape"),
    ("profile", P + "parameters: {a: {curve: [[0, 1], [1, 0]]}}\n", "curve_shape"),
    ("profile", P + "parameters: {a: {curve: [[-inf, 0], [1, 1]]}}\n", "curve_shape"),
]
ONLY_SCHEMA = [
    ("show", "show: ~\ncues: []\n"),  # a text to the loader, nothing at all to a parser
    ("show", "show: null\ncues: []\n"),
    ("show", C + "block: pa\u030a}\n"),  # its letters taken apart
]


@pytest.mark.parametrize(("kind", "text", "code"), ONLY_LOADER)
def test_what_only_the_loader_can_know(kind, text, code):
    assert refused_by_schema(kind, text) == []
    assert code in {p.code for p in mistakes(kind, text)[1]}


@pytest.mark.parametrize(("kind", "text"), ONLY_SCHEMA)
def test_where_the_schema_is_stricter(kind, text):
    assert refused_by_schema(kind, text) != []
    assert mistakes(kind, text)[1] == []


# ---- the models are the only truth


def named_shape(name):
    return next(shape for shape in Shape.__subclasses__() if name_of(shape) == name)


def shapes(kind: Kind) -> list[type[Shape]]:
    defs: Any = schema(kind)["$defs"]
    return [KINDS[kind], *(named_shape(name) for name in defs if name not in SHARED)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_every_shape_says_what_it_takes(kind):
    unsaid = [(s.__name__, k) for s in shapes(kind) for k, piece in takes(s).items() if not piece]
    assert unsaid == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_in_the_schema_and_no_other(kind):
    whole: Any = schema(kind)
    objects = {**whole["$defs"], name_of(KINDS[kind]): whole}
    for shape in shapes(kind):
        assert set(objects[name_of(shape)]["properties"]) == set(takes(shape)) | shape.RESERVED
