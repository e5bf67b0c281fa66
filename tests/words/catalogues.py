"""Catalogues that a test writes: of some sentences in a language, and of all of them in none."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from stagectl.words import catalogue
from stagectl.words.tongue import DOMAIN

PSEUDO = "zz"
_FIELD = re.compile(r"(\{\{|\}\}|\{[^{}]*\})")
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MARKED = "ȦƁĊḊĖḞĠḢÏĴĶĿṀŃȮṖɊŘŞŦŬṼẆẊŸŻȧƀċḋėḟġḣïĵķŀṁńȯṗɋřşŧŭṽẇẋÿż"
_MARKS = str.maketrans(_PLAIN, _MARKED)

Told = Mapping[str | tuple[str, str], str | tuple[str, ...]]
"""A sentence, or its one and many, and what it is in the language."""


Entry = tuple[Any, str | tuple[str, ...], str | None]
"""The same, and its context."""


def write(folder: Path, language: str, told: Told, plurals: str = "") -> Path:
    """Write a catalogue below `folder`, as a translator would; return `folder`."""
    return _written(folder, language, [(*each, None) for each in told.items()], plurals)


def _written(folder: Path, language: str, told: Iterable[Entry], plurals: str = "") -> Path:
    found = Catalog(project="stagectl", locale=None if language == PSEUDO else language)
    for english, said, context in told:
        found.add(english, said, context=context)
    if plurals:
        count, rule = re.findall(r"nplurals=(\d+); plural=(.*)", plurals)[0]
        rules: Any = found  # babel knows a rule for each language, and has no way to say another
        rules._num_plurals, rules._plural_expr = int(count), rule.rstrip(";")
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{DOMAIN}.mo").write_bytes(catalogue.compiled(found))
    return folder


def marked(text: str) -> str:
    """Return a text with a mark on every letter: it is as wide, and cut or broken it still shows.

    Brackets would not do: of a sentence on two rows, the second begins with none.
    """
    parts = _FIELD.split(text)
    return "".join(p if _FIELD.fullmatch(p) else p.translate(_MARKS) for p in parts)


def write_pseudo(folder: Path) -> Path:
    """Write a catalogue that has every sentence of the sources, marked."""
    told: list[Entry] = []
    for message in catalogue.template():
        if isinstance(message.id, str):
            said: str | tuple[str, ...] = marked(message.id)
        else:
            said = tuple(map(marked, message.id))
        if message.id:
            told.append((message.id, said, message.context))
    return _written(folder, PSEUDO, told)


def unmarked(text: str) -> list[str]:
    """Return the words of a text that no catalogue has been asked for."""
    return re.findall(rf"[A-Za-zÆØÅæøå]{{2,}}|(?<![{_MARKED}\w])[A-Za-z](?![{_MARKED}\w])", text)
