"""`panel` opens another panel on the desk that runs, and with --watch one that can do nothing."""

import pytest

from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal

CTRL_Q = b"\x11"


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@HAS_PTY
def test_a_panel_to_watch_shows_the_show_and_fires_nothing(library):
    library.headless()
    terminal = Terminal(library, "panel", "--watch")
    terminal.wait_for("watching only")
    terminal.wait_for("Velkommen")
    terminal.press(b" ")
    terminal.press(CTRL_Q)
    assert terminal.status() == 0
    assert "The show goes on" in terminal.seen
    status = library.status()
    assert (status["phase"], status["onstage"]) == ("ready", None)


@HAS_PTY
def test_another_panel_is_an_operators_and_closing_it_ends_nothing(library):
    library.headless()
    terminal = Terminal(library, "panel")
    terminal.wait_for("Velkommen")
    terminal.press(b" ")
    library.wait_for("onstage", "1")
    terminal.press(CTRL_Q)
    assert terminal.status() == 0
    assert library.status()["phase"] == "live"


def test_without_a_desk_or_a_terminal_it_says_so(library):
    done = library("panel")
    assert (done.status, "No desk runs" in done.err) == (1, True)
    library.headless()
    done = library("panel", "--watch")
    assert (done.status, "no terminal" in done.out) == (0, True)
