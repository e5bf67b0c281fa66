"""`log`: what happened in a run, against its plan, in words or as a file; asks no desk anything."""

import sys
from contextlib import suppress
from itertools import count
from pathlib import Path

import click

from stagectl.cli.common import language_option, mention, refuse, say
from stagectl.desk import history
from stagectl.desk.place import home_of, place_of, project_of
from stagectl.desk.runs import Ran, Runs
from stagectl.engine.asrun import AsRun
from stagectl.panel import logbook
from stagectl.panel.clean import clean
from stagectl.panel.clocks import hms
from stagectl.words.tongue import _
from stagectl.words.visible import columns as cells

BESIDE = "-"
"""Instead of a file: to standard output."""
_NAME = 34  # columns of a cue's name


@click.command(
    "log", help=_("Say what happened in a run, against its plan: the newest, or another.")
)
@click.argument("show", metavar=_("[SHOW]"), required=False, type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help=_("List the runs there were, newest first."))
@click.option("--run", "name", metavar=_("NAME"), help=_("Another run, by its name in the list."))
@click.option("--csv", "sheet", metavar=_("FILE"), help=_("As a table for Excel; - prints it."))
@click.option("--json", "plain", metavar=_("FILE"), help=_("As JSON, for programs; - prints it."))
@language_option
def _log(
    show: Path | None,
    listing: bool,
    name: str | None,
    sheet: str | None,
    plain: str | None,
    language: str | None,
) -> None:
    del language  # it is spoken already
    runs = runs_of(show, Path.cwd())
    if listing:
        say("\n".join(map(line_of, runs)) or _("No run yet."))
        return
    run = log_of(_chosen(runs, name))
    if sheet is None and plain is None:
        say(in_words(run))  # which tells of a damage, too
    elif run.damaged:
        mention(logbook.damage(run.damaged))
    for target, make in ((sheet, _csv), (plain, _json)):
        if target is not None:
            _put(target, make(run))


COMMANDS: dict[str, click.Command] = {"log": _log}


# ---- which one


def runs_of(show: Path | None, folder: Path) -> list[Ran]:
    """Return the runs of a show, or of all the folder's shows, the newest first."""
    if show is not None and not show.exists():
        refuse(_("There is no file {name}.").format(name=show))
    project = home_of(show) if show is not None else (project_of(folder) or folder.resolve())
    names = [venue.stem for venue in sorted((project / "scenes").glob("*.yaml"))]
    for end in ("", "-demo"):  # a demo is told only where there was nothing real
        found = [ran for name in names for ran in Runs(place_of(project, name + end)).all()]
        if show is not None:
            found = [ran for ran in found if Path(ran.show_path).resolve() == show.resolve()]
        if found:
            return sorted(found, key=lambda ran: ran.began, reverse=True)
    return []


def _chosen(runs: list[Ran], name: str | None) -> Path:
    if name is not None and Path(name).is_file():
        return Path(name)
    found = [ran for ran in runs if name is None or ran.journal.stem.startswith(name)]
    if not found:
        no_such = _("There is no run {name}. See them all: stagectl log --list")
        refuse(no_such.format(name=name) if name else _("No run yet."))
    if name is not None and len(found) > 1:
        names = ", ".join(ran.journal.stem for ran in found)
        refuse(_("Several runs fit: {names}.").format(names=names))
    return found[0].journal


def log_of(journal: Path) -> AsRun:
    """Return a journal's log, or refuse in words."""
    try:
        return history.log_of(journal)
    except OSError as why:
        refuse(_("{file} cannot be read: {why}").format(file=journal, why=why.strerror))


def line_of(ran: Ran) -> str:
    """Return a run of the list: its name, when it was, of which show."""
    began, last = (logbook.when(AsRun(), t) for t in (ran.began, ran.last))
    ended = last.strftime("%H:%M") if ran.ended is not None else _("not ended")
    span = f"{began:%Y-%m-%d %H:%M}–{ended}"
    return f"{ran.journal.stem}  {span}  {clean(Path(ran.show_path).name)}"


# ---- as a file


def _csv(run: AsRun) -> str:
    from stagectl.cli.sheet import as_csv

    return as_csv(run)


def _json(run: AsRun) -> str:
    from stagectl.cli.sheet import as_json

    return as_json(run)


def _put(target: str, text: str) -> None:
    """Write a new file; one that is there already is somebody's."""
    if target == BESIDE:
        # what a program reads has its own line ends, and a mark at its beginning
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        return
    try:
        _write(Path(target), text)
    except FileExistsError:
        refuse(
            _("{file} is there already, and stays as it is. Choose another name.").format(
                file=target
            )
        )
    except OSError as why:
        refuse(_("{file} cannot be written: {why}").format(file=target, why=why.strerror))
    mention(_("Written: {file}").format(file=target))


def new_file(folder: Path, stem: str, run: AsRun, form: str, text: str) -> Path:
    """Write a log into a file that was not there; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    began = f"{logbook.when(run, run.began):%Y-%m-%d-%H%M}-" if run.began is not None else ""
    # a show's file has its date in its name, mostly
    began = "" if stem.startswith(began[:10]) and began else began
    for n in count(1):
        path = folder / f"{began}{stem}{f'-{n}' if n > 1 else ''}.{form}"
        with suppress(FileExistsError):
            _write(path, text)
            return path
    raise AssertionError  # count has no end


def _write(path: Path, text: str) -> None:
    """Write a new file, or leave none: half a log on a full disk would be taken for the whole."""
    with path.open("xb") as file:
        try:
            file.write(text.encode())
            file.flush()
        except OSError:
            with suppress(OSError):
                file.close()  # says again what did not go
            with suppress(OSError):
                path.unlink()
            raise


# ---- in words


def in_words(run: AsRun) -> str:
    """Return the whole log for people: how it went, cue by cue, and what else happened."""
    head = " – ".join(
        part for part in (clean(run.show), clean(run.venue), logbook.day(run)) if part
    )
    lines = [head, *logbook.summary(run), ""]
    for row in run.rows:
        went = logbook.clock(run, row.began)
        lasted = "–" if row.lasted is None else hms(row.lasted)
        planned = "–" if row.planned is None else hms(row.planned)
        by = " · ".join(p for p in (logbook.how_words(row), logbook.by_words(row)) if p)
        told = f"{went:8}  {_wide(clean(row.cue), 6)} {_wide(clean(row.name), _NAME)}"
        told += f"  {lasted:>8} / {planned:<8} {_wide(logbook.over_words(row.over), 16)} {by}"
        lines.append(told.rstrip())
    others = logbook.entries(run)
    if others:
        lines.append("")
    for entry in others:
        by = f"  ({entry.by})" if entry.by else ""
        said = f": {entry.said}" if entry.said else ""
        lines.append(f"{logbook.clock(run, entry.at):8}  {entry.kind}{said}{by}")
    return "\n".join(lines)


def _wide(text: str, columns: int) -> str:
    """Return a text in so many columns, cut with "…" if it is longer."""
    if cells(text) <= columns:
        return text + " " * (columns - cells(text))
    while cells(text) > columns - 1:
        text = text[:-1]
    return text + "…" + " " * (columns - 1 - cells(text))
