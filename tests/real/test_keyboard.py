"""A librarian at a terminal, with a keyboard and nothing else, runs today's event on a real OBS."""

import time
from pathlib import Path

import pytest

from stagectl.panel.widgets.settle import READ
from tests.real.tmux import in_tmux
from tests.real.tonight import NAME, tonight

pytestmark = pytest.mark.real


def test_todays_event_is_opened_run_to_its_end_and_looked_back_on_by_keyboard_alone(tmp_path: Path):
    with (
        tonight(tmp_path / "bibliotek") as evening,
        in_tmux(evening.house.folder, evening.house.environ, "today") as screen,
    ):
        screen.wait_for(f"(?s)I dag.*{NAME}")
        screen.press("Down", "Enter")
        screen.wait_for("KLAR")
        evening.played(screen, go=lambda: screen.press("Space"), skip=lambda: screen.press("s"))

        screen.wait_for("OPPTAK av.*STRØM av")
        screen.press("C-e")
        screen.wait_for("Avslutt forestillingen")
        time.sleep(READ)
        screen.press("2")
        screen.wait_for("Forestillingen er slutt")
        evening.as_it_was_played()
        screen.press("F6")
        screen.wait_for(f"(?s){evening.looked_back_on}")
        screen.press("C-q")
