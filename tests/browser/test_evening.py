"""A librarian at a touchscreen runs today's event on a real OBS, with a finger and nothing else."""

import re

from tests.browser.page import face
from tests.browser.serving import serve
from tests.real.tonight import NAME, tonight


def test_todays_event_is_opened_run_to_its_end_and_looked_back_on_by_touch_alone(browser, tmp_path):
    with tonight(tmp_path / "bibliotek") as evening, serve(evening.house) as served:
        said = evening.house.cli("pin", "operate")
        pin = re.search(r"\b\d{6}\b", said.out)
        assert pin is not None, said
        screen = face(browser, served.url)
        screen.open().log_in(pin[0]).up()
        screen.tap(NAME)
        screen.wait_for("KLAR")
        evening.played(screen, go=screen.go, skip=lambda: screen.tap("Hopp over"))

        screen.wait_for("OPPTAK av.*STRØM av")
        screen.tap("Meny")
        screen.tap("Avslutt")
        screen.tap("■ Avslutt forestillingen")
        screen.wait_for("Forestillingen er slutt")
        evening.as_it_was_played()
        screen.tap("F6")  # the button «Etterpå»; the word stands in GO's place too
        screen.wait_for(f"(?s){evening.looked_back_on}")
        assert not screen.failed, "the page's own scripts"
        screen.close()
