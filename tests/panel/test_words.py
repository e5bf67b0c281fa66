"""Every word of the panel can be translated, and is."""

import ast
from pathlib import Path

import pytest

import stagectl.panel
from stagectl.words import catalogue

MODULES = sorted(Path(stagectl.panel.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_sentence_hides_inside_an_f_string_where_the_catalogue_cannot_find_it(module):
    tree = ast.parse(module.read_text("utf-8"))
    hidden = [
        call.lineno
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_", "ngettext")
    ]
    assert hidden == []


def test_every_sentence_of_the_panel_is_there_in_bokmaal():
    bokmaal = catalogue.read("nb", catalogue.catalogues()["nb"])
    missing = [
        said.id
        for said in catalogue.template()
        if said.id
        and any("/panel/" in place for place, _line in said.locations)
        and not _said(bokmaal.get(said.id, said.context))
    ]
    assert missing == []


def _said(found):
    strings = (
        found.string if found and isinstance(found.string, tuple) else [found and found.string]
    )
    return all(strings)
