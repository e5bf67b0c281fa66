"""The command line, and the only place that wires the house together.

A command to a running desk loads the wire and nothing else: it shall be as quick as a key.
"""

import os
import sys
from collections.abc import Callable, Sequence


def main(words: Sequence[str] | None = None) -> None:
    """Run the command that the words say, and exit with its status: 0 done, 1 refused, 2 wrong."""
    argv = list(sys.argv[1:] if words is None else words)
    from stagectl.words import tongue

    # what --help says is said before any option is read, so the language is looked for first
    _speak(_language(argv) or tongue.of_the_machine())
    from stagectl.cli.commands import stagectl

    stagectl.main(argv, prog_name="stagectl")


def commands_in(language: str, show: Callable[[str, str], None]) -> None:
    """Show the help of each command, and first of all of them, in a language."""
    _speak(language)
    from stagectl.cli.commands import helps

    for name, text in helps():
        show(name, text)


def _language(argv: Sequence[str]) -> str:
    for at, word in enumerate(argv):
        if word == "--language" and at + 1 < len(argv):
            return argv[at + 1]
        if word.startswith("--language="):
            return word.partition("=")[2]
    return ""


def _speak(language: str) -> None:
    """Speak it, and let click say «Bruk» for "Usage"."""
    import gettext

    from stagectl.words import tongue

    os.environ["LANGUAGE"] = tongue.use(language)
    # click takes them by name when it is loaded, which is after this; gettext's own would look
    # into one folder, and know nothing of which language comes after which
    gettext.gettext = tongue._
    gettext.ngettext = tongue.ngettext  # type: ignore[assignment] # its parameters' names differ
