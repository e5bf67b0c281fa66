"""`today`: the events there are, on a panel; one touch opens one."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stagectl.cli.common import contrast_option, language_option, refuse, say
from stagectl.cli.run import is_terminal
from stagectl.words import tongue
from stagectl.words.tongue import _

if TYPE_CHECKING:
    from stagectl.cli.home import House


@click.command("today", help=_("Show the events there are, and open one on a panel."))
@click.argument("where", metavar=_("[VENUE|FOLDER]"), required=False)
@contrast_option
@language_option
def _today(where: str | None, language: str | None) -> None:
    from stagectl.cli.home import House
    from stagectl.files.events import hall

    project, venue = meant(where)
    house = House(project, venue, language or "")
    if house.venue and not language:
        tongue.use(hall(project / "scenes" / f"{house.venue}.yaml").language or tongue.spoken())
    if in_a_browser():
        click.get_current_context().exit(_for_a_browser(house, language))
    if not is_terminal():
        say(in_words(house))
        return
    from stagectl.panel.app import run_panel

    status = run_panel("", "", by="panel", language=language, home=house)
    click.get_current_context().exit(status)


def in_a_browser() -> bool:
    """Tell whether Textual draws for something else than a terminal: `serve` starts us so."""
    return "TEXTUAL_DRIVER" in os.environ


def _for_a_browser(house: "House", language: str | None) -> int:
    """Go straight to the show that runs in this venue: a page that is loaded anew is back at GO."""
    from stagectl.panel.app import run_panel

    running = house.running()
    if running is None:
        return run_panel("", "", by="browser", language=language, home=house)
    address, token = running.address, running.token
    return run_panel(address, token, by="browser", language=language, find=running.find, home=house)


COMMANDS: dict[str, click.Command] = {"today": _today}


def meant(where: str | None) -> tuple[Path, str]:
    """Return the project and the venue ("": any) that a word means, or refuse it."""
    from stagectl.desk.place import project_of

    path = Path(where or ".")
    if path.is_dir():
        if (project := project_of(path)) is not None:
            return project, ""
        refuse(_("There is no folder with cues/ and scenes/ here, nor around it."))
    project = project_of(path if path.is_file() else Path.cwd())
    known = sorted(p.stem for p in (project / "scenes").glob("*.yaml")) if project else []
    if project is None or path.stem not in known:
        refuse(
            _("There is no venue {name}. There are: {known}").format(
                name=where, known=", ".join(known) or "–"
            )
        )
    return project, path.stem


def in_words(house: "House") -> str:
    """Return today's events and those to come, a line each: for a pipe, and for a quick look."""
    from stagectl.panel import almanac
    from stagectl.panel.widgets.events import state

    while (day := house.today()).unread:
        pass
    today = almanac.at(time.time(), day.timezone).date().isoformat()
    lines = []
    for event in day.events:
        if event.date >= today or event.state in ("running", "unended"):
            shape, word, _tone = state(event)
            when = f"{event.date} {event.start:>5}"
            lines.append(f"{when}  {event.title} – {event.venue}: {shape} {word}")
            if event.mistake is not None:
                lines.append(f"{' ' * len(when)}  {event.mistake.place}: {event.mistake.said}")
    return "\n".join(lines) or _("There are no events today or later.")
