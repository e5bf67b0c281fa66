"""Every word of every screen has been asked of the catalogue: a language needs nothing else.

A catalogue that marks each letter of each sentence is spoken; whatever stands on a screen without
marks, and was not typed by somebody, and is neither a name nor a key, could be said in no other
language.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from string import ascii_uppercase

import pytest

from stagectl.panel.view import View
from stagectl.words import tongue
from tests.panel.gallery import PICTURES, TYPED, shown
from tests.words.catalogues import PSEUDO, marked, unmarked, write_pseudo

KEYS = {"Esc", "Tab", "Enter", "PgUp", "PgDn", "Home", "Ctrl"} | set(ascii_uppercase)
"""What is printed on a keyboard is the same in every language spoken here."""

UNITS = {"dB", "MB", "GB", "kB"}
NAMES = {"GO", "stagectl", "Excel", "CSV", "JSON"}
ALLOWED = KEYS | UNITS | NAMES

_CODE = re.compile(r"[a-z0-9_./ -]*")
"""How the desk spells what words/ has a sentence for: never to be seen as it is."""


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(tongue.OWN, str(write_pseudo(tmp_path_factory.mktemp("pseudo"))))
        yield


def typed(thing: object) -> Iterator[str]:
    """Every text that people have typed, in a view: no code, no name of a parameter."""
    match thing:
        case str():
            if not _CODE.fullmatch(thing) or thing.endswith(".yaml"):
                yield thing
        case Mapping():
            for key, value in thing.items():
                yield from typed(key)
                yield from typed(value)
        case tuple() | list() | frozenset():
            for one in thing:
                yield from typed(one)
        case _ if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            for field in dataclasses.fields(thing):
                yield from typed(getattr(thing, field.name))


def left(text: str, view: View) -> list[str]:
    """Return the words of a screen that are neither marked nor typed by somebody."""
    known = {word for said in typed(view) for word in unmarked(said)}
    whole = " ".join(known)
    return [
        word
        for word in dict.fromkeys(unmarked(text))
        if word not in ALLOWED | known | TYPED and not _is_cut(word, text, whole)
    ]


def _is_cut(word: str, text: str, whole: str) -> bool:
    """Tell whether a word is the beginning of something typed, cut by "…" or the end of a row."""
    return f"{word}…" in text and re.search(rf"\b{word}", whole) is not None


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
@pytest.mark.usefixtures("pseudo")
async def test_no_word_of_a_screen_is_outside_the_catalogue(picture):
    with tongue.speaking(PSEUDO):
        async with shown(picture) as it:
            text = it.text()
            found = left(text, it.panel.view)
    assert found == [], text


@pytest.mark.usefixtures("pseudo")
async def test_a_word_that_no_catalogue_knows_is_found():
    """The test itself can fail: an English word among the marked is seen."""
    with tongue.speaking(PSEUDO):
        async with shown(PICTURES[0]) as it:
            text, view = it.text(), it.panel.view
    assert left(text.replace(marked("NEXT"), "NEXT"), view) == ["NEXT"]
    assert left(text + " held", view) == ["held"]
