"""`panel`: another panel on a desk that runs; with `--watch` one that can only look."""

import click

from stagectl.cli.common import contrast_option, desk_option, find
from stagectl.cli.run import open_panel
from stagectl.words.tongue import _


@click.command("panel", help=_("Open another panel on a running desk; closing it ends nothing."))
@click.option("--watch", is_flag=True, help=_("One that shows everything and can do nothing."))
@contrast_option
@desk_option
def _panel(desk: str | None, language: str | None, watch: bool) -> None:
    place = find(desk, language)
    status = open_panel(place, language, role="watch" if watch else "operate")
    click.get_current_context().exit(status)


COMMANDS: dict[str, click.Command] = {"panel": _panel}
