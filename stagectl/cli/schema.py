"""Gives editors the schema of each kind of file; touches no device."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from stagectl.cli.common import language_option, refuse, say
from stagectl.words.tongue import _

if TYPE_CHECKING:
    from stagectl.files.declared import Json

    Pieces = Mapping[str, Json]

Kind = Literal["show", "venue", "profile"]
KINDS: tuple[Kind, ...] = ("show", "venue", "profile")
FOLDERS = {"show": "cues/*.yaml", "venue": "scenes/*.yaml", "profile": "scenes/profiles/*.yaml"}


@click.command("schema", help=_("The JSON Schema of a kind of file, so that an editor helps."))
@click.argument("kind", metavar="show|venue|profile", type=click.Choice(KINDS), required=False)
@click.option(
    "--write",
    "folder",
    metavar=_("FOLDER"),
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Write all of them there, and say how an editor finds them."),
)
@click.option(
    "--venue",
    metavar=_("VENUE"),
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("… of this venue: its devices, names, values, verbs and scenes as well."),
)
@language_option
def _schema(
    kind: Kind | None, folder: Path | None, venue: Path | None, language: str | None
) -> None:
    del language  # it is spoken already
    pieces = _known(venue) if venue is not None else None
    if kind is not None and folder is None:
        click.echo(_text(kind, pieces))
        return
    if folder is None or kind is not None:
        raise click.UsageError(_("Say which kind of file, or --write and a folder."))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for each in KINDS:
            (folder / f"{each}.schema.json").write_text(
                _text(each, pieces) + "\n", "utf-8", newline="\n"
            )
    except OSError as problem:
        refuse(_("{file} cannot be written: {why}.").format(file=folder, why=problem.strerror))
    say(_("Written. In VS Code's settings.json, or another editor's (docs/editors.md):"))
    paths = {f"./{folder.as_posix()}/{k}.schema.json": FOLDERS[k] for k in KINDS}
    click.echo(json.dumps({"yaml.schemas": paths}, indent=2, ensure_ascii=False))


def _text(kind: Kind, pieces: "Pieces | None") -> str:
    from stagectl.files.schema import Wording, schema
    from stagectl.words import keys

    whole = schema(kind, Wording(keys.key, keys.cure), pieces)
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _known(venue: Path) -> "Pieces":
    from stagectl.files.known import known
    from stagectl.files.load import read_venue
    from stagectl.words.problems import blocks

    checked = read_venue(venue)
    if checked.book is None:
        refuse(blocks(checked.problems))
    return known(checked.book)


COMMANDS: dict[str, click.Command] = {"schema": _schema}
