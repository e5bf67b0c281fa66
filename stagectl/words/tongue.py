"""One face speaks one language: whatever it says goes through `_`, and the msgid is the English.

A language needs nothing but a catalogue, in `locale/` or in the folder that STAGECTL_LOCALE names;
what it lacks is said in the next of its chain, at last in English.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "stagectl"
OWN = "STAGECTL_LOCALE"  # a folder laid out as `locale/` is, with catalogues of one's own
ENGLISH = "en"

# Whoever reads nynorsk or Northern Sámi here reads bokmål too.
_NEXT = {"nn": "nb", "no": "nb", "se": "nb"}

_spoken: gettext.NullTranslations = gettext.NullTranslations()
_language = ENGLISH


def languages() -> tuple[str, ...]:
    """Return the languages there are."""
    found = {
        mo.parts[-3] for folder in _folders() for mo in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    }
    return tuple(sorted(found | {ENGLISH}))


def is_spoken(language: str) -> bool:
    """Tell whether there is a catalogue for `language`, or for one its readers read too."""
    return bool(_chain(language))


def use(language: str) -> str:
    """Speak `language` ("nb", "nb_NO.UTF-8") in this process from now on; return what is."""
    global _spoken, _language  # noqa: PLW0603 -- a face has one tongue, as a process has one locale
    chain = _chain(language)
    _spoken = gettext.NullTranslations()
    for known in reversed(chain):
        for folder in _folders():
            path = folder / known / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if not path.is_file():
                continue
            with path.open("rb") as file:
                closer = gettext.GNUTranslations(file)
            closer.add_fallback(_spoken)
            _spoken = closer
    _language = chain[0] if chain else ENGLISH
    return _language


def spoken() -> str:
    """Return the language that is spoken now."""
    return _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` for a while."""
    before = _language
    use(language)
    try:
        yield
    finally:
        use(before)


def of_the_machine() -> str:
    """Return the language this machine is set to, "" if it does not say."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if (said := os.environ.get(name, "").partition(":")[0]) not in ("", "C", "POSIX"):
            return said.partition(".")[0]
    return ""


def _folders() -> tuple[Path, ...]:
    """Return where catalogues are; a sentence of the last is said before one of the first."""
    own = os.environ.get(OWN, "")
    return (LOCALE, Path(own)) if own else (LOCALE,)


def _chain(language: str) -> tuple[str, ...]:
    short = language.replace("-", "_").partition("_")[0].partition(".")[0].casefold()
    chain = [code for code in (short, _NEXT.get(short, "")) if code]
    known = languages()
    return tuple(code for code in chain if code in known)


def _(message: str) -> str:
    """Return the sentence in the language spoken."""
    return _spoken.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the sentence for so many."""
    return _spoken.ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """Return a word that means several things, by what is meant."""
    return _spoken.pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate this later"
    """Mark a sentence for the catalogue; `_` says it when it is needed."""
    return message
