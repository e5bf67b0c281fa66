"""Every word that a command says has been asked of the catalogue."""

import json
import re
import subprocess
import sys

import pytest

from stagectl.cli.commands import COMMANDS
from stagectl.words import tongue
from tests.cli.library import Library
from tests.desk.house import ROOT
from tests.words.catalogues import PSEUDO, marked, unmarked, write_pseudo

HELPS = """
import json, sys
from stagectl import cli
told = {}
cli.commands_in(sys.argv[1], lambda name, help_: told.update({name: help_}))
print(json.dumps(told))
"""

OPTION = re.compile(r"(?<!\w)-{1,2}[a-z][a-z-]*")
CHOICE = re.compile(r"\[?\b[a-z]+(\|[a-z]+)+\]?")
VARIABLE = re.compile(r"STAGECTL_[A-Z]+")
PROFILE = re.compile(r"\b[a-z0-9]+(-[a-z0-9]+)+\b|\b(ola|pjlink|qlcplus|visca|nanokontrol2)\b")
SPELLED = PROFILE, OPTION, CHOICE, VARIABLE
"""What is typed as it is written, in any language."""

SAME = {"GO", "stagectl", "x", "URL", "CSV", "JSON", "Excel"}


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    return str(write_pseudo(tmp_path_factory.mktemp("pseudo")))


@pytest.fixture(scope="module")
def helps(pseudo):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(tongue.OWN, pseudo)
        told = subprocess.run(
            [sys.executable, "-c", HELPS, PSEUDO],
            capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
        )  # fmt: skip
    return json.loads(told.stdout)


@pytest.fixture
def library(tmp_path):
    house = Library(tmp_path / "library", tmp_path / "home")
    yield house
    house.close()


def left(text, *typed):
    """Return what is neither marked nor has to be typed as it stands."""
    for spelled in SPELLED:
        text = spelled.sub(" ", text)
    return [word for word in dict.fromkeys(unmarked(text)) if word not in SAME | {*typed}]


def test_no_word_of_any_help_is_outside_the_catalogue(helps):
    names = {word for name in helps for word in name.split()} | set(COMMANDS)
    found = {
        name: left(text, *names, *(p for n in names for p in n.split("-")))
        for name, text in helps.items()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_a_word_that_no_catalogue_knows_is_found(helps):
    assert left(helps["run"].replace(marked("SHOW"), "SHOW"), "run") == ["SHOW"]


WRONG = {
    "a show of nobody": ("run", "cues/none.yaml"),
    "an option of nobody": ("run", "--nothing"),
    "no show": ("run",),
    "a number that is none": ("run", "cues/reading.yaml", "--guard", "many"),
    "an address that is none": ("run", "cues/reading.yaml", "--osc-in", "here"),
    "a network that is none": ("run", "cues/reading.yaml", "--osc-from", "here"),
    "no desk": ("go",),
    "a desk of nobody": ("go", "--desk", "elsewhere"),
    "a command of nobody": ("perform",),
    "too many words": ("back", "and", "forth"),
    "a length that is none": ("postpone", "soon"),
    "no terminal": ("demo",),
    "a number that is too large": ("run", "cues/reading.yaml", "--guard", "99999"),
    "an option without its word": ("run", "cues/reading.yaml", "--guard"),
    "a profile of nobody": ("profile", "check", "unheard-of"),
    "a colour that is one of the others": ("run", "cues/reading.yaml", "--contrast", "pink"),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_no_word_of_a_refusal_is_outside_the_catalogue(library, pseudo, words):
    spoken = () if words == ("perform",) else ("--language", PSEUDO)
    done = library(*words, *spoken, LANG=PSEUDO, STAGECTL_LOCALE=pseudo)
    assert done.status in (1, 2), done.told
    typed = {word for one in words for word in re.findall(r"[A-Za-z]+", one)}
    told = done.told.replace(str(library.folder), "").replace("'ordinary', 'high'", "")
    assert left(told, *typed) == [], done.told


def test_no_word_of_a_mistake_is_outside_the_catalogue(library, pseudo):
    path = library.show("reading")
    text = (
        path.read_text("utf-8").replace("lamps.house", "lamps.hose").replace("fade: 2 s", "fade: 2")
    )
    path.write_text(text, "utf-8")
    done = library("check", "cues/reading.yaml", LANG=PSEUDO, STAGECTL_LOCALE=pseudo)
    told = [
        row for row in done.told.splitlines() if row not in text and row.strip(" ^") == row.strip()
    ]
    typed = {
        word
        for one in [text, "cues/reading.yaml", "lamps.house.level Liten sal"]
        for word in re.findall(r"\w+", one)
    }
    assert done.status == 1
    assert left("\n".join(told), *typed) == [], done.told
