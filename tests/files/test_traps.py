"""Each trap of YAML and of Norwegian keyboards, at its exact place."""

import pytest
import yaml

from stagectl.files import nodes
from tests.files.house import HEAD, SHOW, found

PARSERS: dict[str, type] = {"python": yaml.BaseLoader}
if hasattr(yaml, "CBaseLoader"):
    PARSERS["libyaml"] = yaml.CBaseLoader


@pytest.fixture(autouse=True, params=PARSERS)
def _parser(request, monkeypatch):
    """PyYAML is sometimes built without libyaml: the same mistakes at the same places then."""
    monkeypatch.setattr(nodes, "_LOADER", PARSERS[request.param])


def only(checked, severity="error"):
    problems = [p for p in checked.problems if p.severity == severity]
    assert len(problems) == 1, [found(p) for p in problems]
    return problems[0]


def test_a_word_is_the_word_that_was_typed(house):
    book = house.cues(
        '  - {cue: "010", name: NO, notes: off, scene: holding}\n'
        "  - {cue: 2.10, name: 010, notes: 1:30}\n"
        "  - {cue: 11, name: on, notes: ~}\n"
    ).book
    assert book is not None
    assert [c.number for c in book.show.cues] == ["010", "2.10", "11"]
    assert [c.name for c in book.show.cues] == ["NO", "010", "on"]
    assert [c.notes for c in book.show.cues] == ["off", "1:30", "~"]


def test_on_can_be_a_key(house):
    book = house.cues("  - cue: 1\n    set:\n      mixer.host:\n        on: ja\n").book
    assert book is not None
    assert book.show.cues[0].sets == {"mixer.host.on": True}


@pytest.mark.parametrize("off", ["off", "av", "nei", "no", "AV"])
def test_off_is_off_in_both_languages(house, off):
    book = house.cues(f"  - cue: 1\n    set: {{mixer.host: {off}}}\n").book
    assert book is not None
    assert book.show.cues[0].sets["mixer.host.on"] is False


def test_a_comma_in_braces_is_named_and_the_rest_is_checked_all_the_same(house):
    checked = house.cues("  - {cue: 1, fade: 2,5 s}\n  - {cue: 2, scene: holdin}\n")
    assert [found(p) for p in checked.problems if p.severity == "error"] == [
        ("comma", HEAD + 1, 20, 5),
        ("unknown_scene", HEAD + 2, 21, 6),
    ]


def test_a_comma_outside_braces_is_a_comma(house):
    book = house.cues(
        "  - cue: 2,5\n    fade: 2,5 s\n    set: {mixer.host.level: '-2,5 dB'}\n"
    ).book
    assert book is not None
    cue = book.show.cues[0]
    assert (cue.number, cue.fade, cue.sets["mixer.host.level"]) == ("2.5", 2.5, -2.5)


def test_minus_signs_and_spaces_of_a_word_processor_are_accepted(house):
    book = house.cues(
        "  - cue: 1\n    fade: 2\u00a0s\n    set: {mixer.host.level: \u22125\u00a0dB}\n"
    ).book
    assert book is not None
    assert book.show.cues[0].sets["mixer.host.level"] == -5.0


def test_crlf_and_bom_are_accepted_and_places_hold(house):
    text = "\ufeff" + (SHOW + "  - cue: 1\n    fade: 90\n").replace("\n", "\r\n")
    problem = only(house.read(text))
    assert found(problem) == ("no_unit", HEAD + 2, 11, 2)
    assert problem.place.source == "    fade: 90"


def test_columns_are_counted_in_signs_whatever_their_bytes(house):
    problem = only(house.cues('  - {cue: 1, name: "🎭 Ødegård 漢字", fade: 90}\n'))
    assert found(problem) == ("no_unit", HEAD + 1, 42, 2)
    line = problem.place.source
    assert line[problem.place.column - 1 :][: problem.place.width] == "90"


def test_a_hash_in_notes_is_a_warning(house):
    checked = house.cues("  - cue: 1\n    scene: holding\n    notes: Ring Kari # 17 ganger\n")
    assert checked.book is not None
    problems = [p for p in checked.problems if p.code == "hash"]
    assert [found(p) for p in problems] == [("hash", HEAD + 3, 22, 11)]


def test_a_hash_after_a_value_is_a_comment(house):
    checked = house.cues(
        "  - cue: 1  # først\n    length: 15 min   # planlagt\n    scene: holding\n"
    )
    assert not [p for p in checked.problems if p.code == "hash"]


def test_names_are_compared_however_their_letters_are_composed(house):
    venue = house.root / "scenes/sal.yaml"
    text = venue.read_text(encoding="utf-8").replace("conversation:", "høring å:")
    venue.write_text(text, encoding="utf-8")
    decomposed = "høring a\u030a"
    book = house.cues(f"  - {{cue: 1, scene: {decomposed}}}\n").book
    assert book is not None
    assert book.show.cues[0].scene == "høring å"


@pytest.mark.parametrize(
    ("cues", "where"),
    [
        ("  - cue: 1\n    cue: 2\n", ("key_twice", HEAD + 2, 5, 3)),
        ("  - &a {cue: 1}\n", ("anchor", HEAD + 1, 5, 2)),
        ("  - cue: 1\n    name: *a\n", ("alias", HEAD + 2, 11, 2)),
        ("  - cue: !!int 1\n", ("tag", HEAD + 1, 10, 7)),
        ("  - cue: 1\n    <<: {name: x}\n", ("merge", HEAD + 2, 5, 2)),
        ("  - cue:\t1\n", ("tab", HEAD + 1, 9, 1)),
        ("  - cue: 1\n\tname: x\n", ("tab", HEAD + 2, 1, 1)),
        ("  - cue: 1\n    name: 'Kari\n", ("unclosed_quote", HEAD + 2, 11, 1)),
        ("  - cue: 1\n    name: Tema: musikk\n", ("colon", HEAD + 2, 15, 1)),
        ("  - cue: 1\n    name: @kari\n", ("bad_start", HEAD + 2, 11, 1)),
        ("  - {cue: 1, name: x\n", ("unclosed_brace", HEAD + 1, 5, 1)),
        ("  - cue: 1\n   name: x\n", ("indent", HEAD + 2, 4, 1)),
        ("  - cue: 1\n    set: {obs.Navn.text: {guest.name}}\n", ("braces", HEAD + 2, 27, 10)),
        (
            "  - cue: 1\n    set:\n      obs.Navn.text: {guest.name}, {guest.role}\n",
            ("braces", HEAD + 3, 22, 1),
        ),
        ("  - ? [a]\n    : b\n", ("odd_key", HEAD + 1, 7, 1)),
        ('  - {cue: 1, name: "a\\x07b"}\n', ("control", HEAD + 1, 20, 8)),
        ("  - {cue: 1, name: a\x07b}\n", ("control", HEAD + 1, 21, 1)),
        ("  - {cue: 1}\n---\nshow: x\n", ("two_documents", HEAD + 2, 1, 3)),
    ],
)
def test_what_yaml_would_take_some_other_way_is_refused_at_its_place(house, cues, where):
    checked = house.cues(cues)
    assert checked.book is None
    assert where in [found(p) for p in checked.problems]


def test_a_file_that_is_not_utf8_says_where(house):
    problem = only(house.read((SHOW + "  - cue: 1\n    name: Høst\n").encode()[:-3] + b"\xd8\n"))
    assert found(problem)[:3] == ("not_utf8", HEAD + 2, 13)
    assert problem.data["byte"] == "0xD8"


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[a,", "{a: ", "[{a: "])
def test_nothing_nests_without_end(house, opening):
    checked = house.cues("  - " + opening * 30_000 + "\n")
    assert checked.book is None
    assert {p.code for p in checked.problems} & {"too_deep", "odd_key"}


def test_brackets_without_end_are_refused_at_the_33rd(house):
    checked = house.cues("  - " + "[" * 30_000 + "\n")
    assert ("too_deep", HEAD + 1, 5 + 31 - 1, 1) in [found(p) for p in checked.problems]


def test_as_deep_as_32_is_read(house):
    checked = house.cues("  - cue: 1\n    set: " + "{a: " * 28 + "b" + "}" * 28 + "\n")
    assert "too_deep" not in [p.code for p in checked.problems]
    checked = house.cues("  - cue: 1\n    set: " + "{a: " * 30 + "b" + "}" * 30 + "\n")
    assert "too_deep" in [p.code for p in checked.problems]


def test_a_file_over_four_mebibytes_is_refused(house):
    head = SHOW + "  - {cue: 1, scene: holding}\n"
    fits = head + "#" * (4 * 1024 * 1024 - len(head.encode()))
    assert house.read(fits).book is not None
    assert only(house.read(fits + "#")).code == "too_large"


def test_an_empty_file_is_told_to_be_empty(house):
    assert only(house.read("")).code == "empty_file"
    assert only(house.read("# bare en kommentar\n")).code == "empty_file"


def test_all_mistakes_are_told_at_once(house):
    checked = house.cues(
        "  - cue: en\n    fade: 90\n    nmae: x\n"
        "    set: {mixer.gest: off, mixer.host.level: 5 Hz}\n"
        "  - cue: 2\n    wait: 1:30\n    do: [obs.recrod: start, obs.record: begin]\n"
    )
    assert [found(p) for p in checked.problems if p.severity == "error"] == [
        ("unknown_key", HEAD + 3, 5, 4),
        ("cue_number", HEAD + 1, 10, 2),
        ("no_unit", HEAD + 2, 11, 2),
        ("hours_or_minutes", HEAD + 6, 11, 4),
        ("unknown_verb", HEAD + 7, 10, 10),
        ("bad_argument", HEAD + 7, 41, 5),
    ]


def test_a_name_no_disk_could_hold_is_a_file_that_is_not_there(house):
    venue = "l" * 5000
    assert only(house.read(SHOW.replace("venue: sal", f"venue: {venue}"))).code == "no_venue"
