"""`stagectl clock` shows the desk's time in a terminal of its own, and may ask for nothing."""

import pytest

from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@HAS_PTY
def test_a_clock_in_a_terminal_hears_the_message_and_goes_by_a_key(library):
    library.headless()
    library("go")
    clock = Terminal(library, "clock")
    try:
        clock.wait_for("█")
        library("message", "请大声一点")
        clock.wait_for("请大声一点")
        clock.press(b" ")  # no GO from here
        library("message")
        assert library.status()["onstage"] == "1"
        clock.press(b"\x11")
        assert clock.status() == 0
    finally:
        clock.hang_up()


@HAS_PTY
def test_it_needs_no_more_than_the_key_of_those_who_only_watch(library):
    library.headless()
    library("go")
    [token] = (library.home / "state").glob("*/token")
    token.unlink()
    clock = Terminal(library, "clock")
    try:
        clock.wait_for("█")
        clock.press(b"\x11")
        assert clock.status() == 0
    finally:
        clock.hang_up()


def test_without_a_desk_or_a_terminal_it_says_so(library):
    assert "No desk runs for this folder" in library("clock").err
    library.headless()
    assert library("clock").out == "This is no terminal, so no clock is shown.\n"
