"""`clock`: the stage clock in this terminal; it watches a desk, and can ask it for nothing."""

import click

from stagectl.cli.common import contrast_option, desk_option, find, refuse, say
from stagectl.cli.run import is_terminal
from stagectl.words import tongue
from stagectl.words.tongue import _


@click.command(
    "clock",
    help=_("A clock for the stage in this terminal: what is left of the cue, and your message."),
)
@contrast_option
@desk_option
def _clock(desk: str | None, language: str | None) -> None:
    place = find(desk, language)
    if not is_terminal():
        say(_("This is no terminal, so no clock is shown."))
        return
    from stagectl.panel import palette
    from stagectl.panel.link import Wire
    from stagectl.panel.screens.clock import StageClock

    def where() -> tuple[str, str] | None:
        card = place.card()
        # of this token's bearer the desk takes no intent
        return (card.address, place.token("watch")) if card else None

    found = where()
    if found is None:
        refuse(_("The desk is gone."))
    if language:
        tongue.use(language)
    app = StageClock(Wire(*found, "stage clock", where), language=language)
    palette.fit(few=app.console.color_system in palette.FEW, grey=app.no_color)
    click.get_current_context().exit(app.run() or 0)


COMMANDS: dict[str, click.Command] = {"clock": _clock}
