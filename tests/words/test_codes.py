"""Every code that the engine, the desk or a driver can say has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stagectl
from stagectl.words import codes

PACKAGE = Path(stagectl.__file__).parent


def said(folder: str, call: str, place: int, keyword: str = "why") -> Iterator[str]:
    """Yield the codes given as the argument at `place`, or by keyword, to calls of this name."""
    for path in PACKAGE.glob(f"{folder}/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and call == getattr(
                node.func, "attr", getattr(node.func, "id", "")
            ):
                given = node.args[place : place + 1]
                given += [k.value for k in node.keywords if k.arg == keyword]
                for argument in given:
                    yield from _leaves(argument)


def _leaves(node: ast.expr) -> Iterator[str]:
    """Yield the texts an expression can be: a literal, or either side of a choice."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _leaves(one)
            yield from _leaves(other)


@pytest.mark.parametrize(("folder", "call", "place"), [("engine", "_refuse", 1)])
def test_every_refusal_has_its_words(folder, call, place):
    found = set(said(folder, call, place))
    assert found
    assert found <= set(codes.REFUSALS)


@pytest.mark.parametrize(
    ("folder", "call", "place"),
    [
        ("drivers", "LinkError", 0),
        ("drivers", "Failed", 1),
        ("drivers", "Lost", 1),
        ("desk", "Lost", 1),
        ("engine", "_missed", 9),
    ],
)
def test_every_trouble_has_its_words(folder, call, place):
    assert set(said(folder, call, place)) <= set(codes.TROUBLES)


def test_the_drivers_do_say_codes():
    assert {"refused", "silent", "password"} <= set(said("drivers", "LinkError", 0))


@pytest.mark.parametrize("why", sorted(codes.REFUSALS))
def test_a_refusal_of_nothing_in_particular_has_no_bare_question_mark(why):
    assert "?" not in codes.refusal(why).replace("is it of another version?", "")
    assert "  " not in codes.refusal(why)
    assert "{" not in codes.refusal(why)
