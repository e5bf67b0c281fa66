"""What is printed for a mistake: where, what, the line, a caret that fits, a cure."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stagectl
from stagectl.core.problem import Place, Problem
from stagectl.words import tongue
from stagectl.words.mistakes import MISTAKES
from stagectl.words.problems import WIDEST, block, blocks, cure, sentence
from stagectl.words.visible import columns, visible

PACKAGE = Path(stagectl.__file__).parent
GEST = Problem(
    "unknown_name",
    Place("cues/kveld.yaml", 14, 11, 10, "    set: {mixer.gest: off}"),
    {
        "who": ("cue", "2"),
        "name": "mixer.gest",
        "venue": "Lillestrøm bibliotek",
        "near": ("mixer.guest",),
    },
)


def test_a_mistake_is_told_as_the_page_about_the_format_says():
    assert block(GEST) == (
        "cues/kveld.yaml:14:11: cue 2 sets mixer.gest, but Lillestrøm bibliotek has no such name.\n"
        "    set: {mixer.gest: off}\n"
        "          ^^^^^^^^^^ did you mean mixer.guest?"
    )


def test_the_same_in_norwegian():
    with tongue.speaking("nb"):
        assert block(GEST) == (
            "cues/kveld.yaml:14:11: cue 2 setter mixer.gest, "
            "men Lillestrøm bibliotek har ikke noe slikt navn.\n"
            "    set: {mixer.gest: off}\n"
            "          ^^^^^^^^^^ mente du mixer.guest?"
        )


def caret(source: str, column: int, width: int = 1) -> tuple[str, str]:
    lines = block(Problem("tab", Place("f.yaml", 1, column, width, source))).split("\n")
    return lines[1], lines[2].removesuffix(" write spaces instead")


@pytest.mark.parametrize(
    ("source", "column", "width", "shown", "carets"),
    [
        ("name: feil", 7, 4, "name: feil", "      ^^^^"),
        ("漢字: feil", 5, 4, "漢字: feil", "      ^^^^"),  # two cells for each wide sign
        ("navn: 漢字", 7, 2, "navn: 漢字", "      ^^^^"),
        ("a\u030a: feil", 5, 4, "a\u030a: feil", "   ^^^^"),  # none for one that combines
        ("\tnavn: x", 1, 1, "→navn: x", "^"),
        ("a\x1b[31m: x", 2, 1, "a␛[31m: x", " ^"),
        ("a\u202eb: x", 3, 1, "a<U+202E>b: x", "         ^"),
        ("kort", 99, 5, "kort", "    ^"),
    ],
)
def test_the_caret_stands_under_the_mistake_in_any_script(source, column, width, shown, carets):
    assert caret(source, column, width) == (shown, carets)


def test_a_long_line_is_shown_around_its_mistake():
    shown, carets = caret("x" * 5000 + "FEIL" + "y" * 5000, 5001, 4)
    assert columns(shown) <= WIDEST + 1
    assert shown[carets.index("^") : carets.index("^") + 4] == "FEIL"
    shown, carets = caret("y" * 5000, 3, 4000)
    assert columns(shown) <= WIDEST + 2


def test_a_mistake_without_a_line_is_a_sentence_and_a_cure():
    problem = Problem("unreadable", Place("x.yaml"), {"file": "x.yaml"})
    assert block(problem) == (
        "x.yaml:1:1: x.yaml cannot be read.\n  is the name right, and may you read it?"
    )
    assert block(Problem("no_profile", data={"profile": "x", "profiles": ("a", "b")})) == (
        "there is no device profile x.\nthere is: a, b"
    )


def test_warnings_come_last_and_say_what_they_are():
    warning = Problem("reserved", Place("a.yaml", 1, 1, 1, "x"), {"key": "x"}, "warning")
    said = blocks([warning, GEST])
    assert said.index("mixer.gest") < said.index("warning: x is for a later version")


def test_a_thousand_mistakes_are_counted_not_listed():
    said = blocks([GEST] * 1000, most=10)
    assert said.count("mixer.gest,") == 10
    assert said.endswith("… and 990 more")


def test_what_was_typed_can_neither_hide_nor_be_taken_for_a_field():
    typed = "{code} {0} \x1b[2J\u202e " + "x" * 500
    said = sentence(Problem("unknown_key", data={"key": typed}))
    assert said.startswith("{code} {0} ␛[2J<U+202E> xxx")
    assert len(said) < 120


@given(st.text(), st.integers(1, 300), st.integers(1, 300))
def test_any_line_at_all_can_be_shown(source, column, width):
    line = source.replace("\n", " ")
    said = block(Problem("tab", Place("f.yaml", 1, column, width, line), {}))
    seen = said.replace("\n", "")
    assert not {unicodedata.category(c) for c in seen} & {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(c) for c in seen} & {"LRO", "RLO", "LRE", "RLE", "RLI"}


@given(st.text())
def test_what_is_visible_is_printable_and_nothing_is_lost_without_a_trace(text):
    said = visible(text)
    assert len(said) >= len(text)


# ---- every code has its words


def codes_told() -> Iterator[tuple[str, str]]:
    """Yield each literal code that files/ or core/ tells, and where."""
    for path in (*PACKAGE.glob("core/*.py"), *PACKAGE.glob("files/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("tell", "told", "Unfit", "Problem", "_problem"):
                for code in ast.walk(node.args[0]):
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        yield code.value, f"{path.name}:{node.lineno}"


MADE_UP = {  # put together from parts, or chosen before they are told
    "no_safe", "no_cover", "at_skipped", "at_twice", "unit_none", "unknown_scene",
    "no_shared_scene", "syntax",
}  # fmt: skip


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    told = {code for code, _where in codes_told() if re.fullmatch(r"[a-z_0-9]+", code)}
    told |= set(re.findall(r'\("[^"]+", "(\w+)", "(?:problem|context)"\)',
                           (PACKAGE / "files/nodes.py").read_text(encoding="utf-8")))  # fmt: skip
    parts = {"at_", "no_", "not_duration", "nobody", "no_attribute"}
    assert told - set(MISTAKES) - parts == set()
    assert set(MISTAKES) - told - MADE_UP == set()


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("code", sorted(MISTAKES))
def test_every_sentence_can_be_said_whatever_it_is_about(code, language):
    with tongue.speaking(language):
        bare = Problem(code)
        assert sentence(bare)
        assert isinstance(cure(bare), str)
