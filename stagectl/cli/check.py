"""Reads files and says every mistake in them; touches no device."""

from pathlib import Path

import click

from stagectl.cli.common import language_option, mention, say
from stagectl.words.tongue import _, ngettext


@click.command("check", help=_("Check shows, venues and profiles: every mistake, with its cure."))
@click.argument(
    "files", metavar=_("FILE…"), nargs=-1, required=True, type=click.Path(path_type=Path)
)
@language_option
def _check(files: tuple[Path, ...], language: str | None) -> None:
    del language  # it is spoken already
    from stagectl.files.together import check_files, yaml_in
    from stagectl.words.problems import blocks

    files = yaml_in(files)
    problems = check_files(files)
    say(blocks(problems))
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        count = ngettext("{n} mistake.", "{n} mistakes.", errors).format(n=errors)
        mention(count)
        click.get_current_context().exit(1)
    count = ngettext("{n} file is fine.", "{n} files are fine.", len(files)).format(n=len(files))
    say(count)


COMMANDS: dict[str, click.Command] = {"check": _check}
