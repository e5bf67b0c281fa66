"""Keeps the catalogues: `python -m stagectl.words.catalogue` after any change of a sentence.

It reads every sentence in the sources, brings each `locale/*/LC_MESSAGES/stagectl.po` up to them,
and compiles it; it prints what is left to translate. A sentence that is gone keeps its translation
at the end of the file, in case it comes back, until `--tidy` takes it away. `--check` changes
nothing, and exits 1 if anything is missing or stale.
Needs babel, which is a tool of developers; nothing that runs a show imports this module.
"""

import io
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from stagectl.words.tongue import DOMAIN, LOCALE

PACKAGE = LOCALE.parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
# A date of the last change would change with every change, and so collide in every merge.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_FIELD = re.compile(r"\{\{|\}\}|\{[^{}]*\}")


def template() -> Catalog:
    """Return every sentence in the sources."""
    found = Catalog(project="stagectl", creation_date=_NO_DATE, revision_date=_NO_DATE)
    for path, _line, said, comments, context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        where = (Path("stagectl") / path).as_posix()
        found.add(said, None, [(where, 1)], auto_comments=comments, context=context)
    return found


def catalogues() -> dict[str, Path]:
    """Return the .po file of each language."""
    return {po.parts[-3]: po for po in sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def read(language: str, path: Path) -> Catalog:
    """Return a language's catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    """Return the bytes of the .mo file."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update(*, tidy: bool = False) -> list[str]:
    """Bring every catalogue up to the sources and compile it; return what is left to translate."""
    sentences, left = template(), []
    for language, path in catalogues().items():
        catalogue = read(language, path)
        gone = {(m.id, m.context): m.string for m in catalogue.obsolete.values()}
        catalogue.update(sentences, no_fuzzy_matching=True)
        for message in catalogue:
            if message.id and not any(_texts(message.string)):
                message.string = gone.get((message.id, message.context), message.string)
        for key, message in list(catalogue.obsolete.items()):
            if tidy or catalogue.get(message.id, message.context) is not None:
                del catalogue.obsolete[key]
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        catalogue.last_translator = catalogue.language_team = "stagectl authors"
        catalogue.msgid_bugs_address = "-"
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(read(language, path)))
        left += faults(language, sentences)
    return left


def faults(language: str, sentences: Catalog) -> list[str]:
    """Return what is wrong with a language's catalogue: a line for each sentence."""
    path = catalogues()[language]
    catalogue = read(language, path)
    told = []
    for message in sentences:
        if message.id:
            told += _faults_of(language, message, catalogue.get(message.id, message.context))
    told += [
        f"{language}: no longer said: {_one(message)!r}"
        for message in catalogue
        if message.id and sentences.get(message.id, message.context) is None
    ]
    mo = path.with_suffix(".mo")
    if not mo.is_file() or mo.read_bytes() != compiled(catalogue):
        told.append(f"{language}: {mo.name} is not what {path.name} compiles to")
    return told


def _faults_of(language: str, said: Message, found: Message | None) -> list[str]:
    if found is None:
        return [f"{language}: not in the catalogue: {_one(said)!r}"]
    strings = [s for s in _texts(found.string) if s]
    if len(strings) < len(_texts(found.string)) or found.fuzzy:
        return [f"{language}: not translated: {_one(said)!r}"]
    odd = _fields(strings) ^ _fields(_texts(said.id))
    return [f"{language}: {' '.join(sorted(odd))} differs: {_one(said)!r}"] if odd else []


def _texts(said: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return a sentence, or its singular and plurals."""
    return (said or "",) if isinstance(said, str | None) else tuple(said)


def _fields(texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in _FIELD.findall(text)} - {"{{", "}}"}


def _one(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def main(arguments: list[str]) -> int:
    """Return the exit status."""
    if arguments == ["--check"]:
        sentences = template()
        told = [fault for language in catalogues() for fault in faults(language, sentences)]
    elif arguments in ([], ["--tidy"]):
        told = update(tidy=bool(arguments))
    else:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    sys.stdout.write("".join(f"{fault}\n" for fault in told))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
