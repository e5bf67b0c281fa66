"""`stagectl today`: the events in a terminal, one opened by touch on a real desk; else as lines."""

import datetime as dt
import json
import os
import subprocess
import sys
import time

import pytest

from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    path = library.folder / "cues" / "reading.yaml"
    today = dt.datetime.now().astimezone().date().isoformat()
    path.write_text(path.read_text("utf-8").replace("2026-11-28", today), "utf-8")
    yield library
    library.close()


def touch(terminal, column, row):
    """Put a finger on a cell, counted from nought, and lift it."""
    terminal.press(f"\x1b[<0;{column + 1};{row + 1}M".encode())
    terminal.press(f"\x1b[<0;{column + 1};{row + 1}m".encode())


FIRST = (40, 6)  # of 117 × 33: below the head and the word «Today»


@HAS_PTY
def test_one_touch_opens_todays_event_on_a_real_desk_and_today_is_a_key_away(library):
    terminal = Terminal(library, "today")
    terminal.wait_for("✓ ready")
    touch(terminal, *FIRST)
    terminal.wait_for("READY")
    before = library.status()
    assert (before["show"], before["phase"]) == ("Høytlesning", "ready")
    terminal.press(b" ")
    library.lamps.wait_for("/house", 0.6)
    terminal.press(b"\x1b[18~")  # F7
    terminal.wait_for("► runs now")
    assert library.status()["onstage"] == "1"  # the show goes on
    seen, terminal.seen = terminal.seen, ""
    touch(terminal, *FIRST)
    terminal.wait_for("RUNNING")
    assert library.status()["pid"] == before["pid"], seen[-500:]
    terminal.press(b"\x11")
    assert terminal.status() == 0
    assert library("end").status == 0


@HAS_PTY
def test_from_a_panel_that_run_opened_today_is_a_key_away_and_back(library):
    terminal = Terminal(library, "run", "cues/reading.yaml")
    terminal.wait_for("READY")
    terminal.press(b"\x1b[18~")  # F7
    terminal.wait_for("► runs now")
    terminal.wait_for("To the show")
    terminal.seen = ""
    terminal.press(b"\x1b")
    terminal.wait_for("READY")
    terminal.press(b"\x11")
    assert terminal.status() == 0


@HAS_PTY
def test_a_show_that_lies_in_no_project_has_no_events_beside_it(library, tmp_path):
    alone = tmp_path / "alone"
    (alone / "scenes").mkdir(parents=True)
    for name in ("cues/reading.yaml", "scenes/hall.yaml"):
        text = (library.folder / name).read_text("utf-8")
        (alone / name.removeprefix("cues/")).write_text(text, "utf-8")
    terminal = Terminal(library, "run", str(alone / "reading.yaml"))
    terminal.wait_for("READY")
    terminal.press(b"\x1b[18~")  # F7
    terminal.press(b"\x1bOQ")  # F2, which is heard after it
    terminal.wait_for("unknown")
    assert "Without a date" not in terminal.seen
    terminal.press(b"\x11")
    assert terminal.status() == 0


@HAS_PTY
def test_a_refusal_is_told_on_the_screen_and_nothing_was_started(library):
    library.venue("hall", more="password: secret:lamps")
    secret = library.home / "config" / "secrets" / "lamps"
    secret.parent.mkdir(parents=True)
    secret.write_text("kanari-77", "utf-8")
    secret.chmod(0o644)
    terminal = Terminal(library, "today")
    terminal.wait_for("✓ ready")
    touch(terminal, *FIRST)
    terminal.wait_for("chmod")  # a word is whole, wherever a long path breaks the line
    assert "kanari" not in terminal.seen
    assert library("status").status == 1
    terminal.press(b"\x11")
    assert terminal.status() == 0
    assert "The show goes on" not in terminal.seen  # there is none


def test_in_a_pipe_it_tells_todays_events_and_those_to_come(library):
    path = library.show("broken")
    path.write_text(path.read_text("utf-8").replace("scene: holding", "scene: x"), "utf-8")
    old = library.show("old")
    old.write_text(old.read_text("utf-8").replace("2026-11-28", "2020-01-01"), "utf-8")
    done = library("today")
    assert done.status == 0
    assert "11:00  Høytlesning – Liten sal: ✓ ready" in done.out
    assert "2020-01-01" not in done.out


@pytest.mark.parametrize("where", ["hall", "scenes/hall.yaml", "."])
def test_a_venue_is_named_by_its_word_or_its_file_and_a_project_by_its_folder(library, where):
    assert library("today", where).status == 0
    assert "✓ ready" in library("today", where).out


def test_a_venue_that_is_not_there_is_refused_with_those_that_are(library, tmp_path):
    done = library("today", "hal")
    assert (done.status, done.err) == (1, "There is no venue hal. There are: hall\n")
    done = library("today", cwd=tmp_path)
    assert done.status == 1
    assert "cues/ and scenes/" in done.err


def test_what_runs_is_told(library):
    library.headless()
    assert "► runs now" in library("today").out
    assert json.loads(library("status", "--json").out)["phase"] == "ready"


def drawn_for_a_browser(library, wanted, seconds=15.0):
    """Start what a browser's operator is given; wait until this is drawn, then close the page."""
    browser = {"TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "COLUMNS": "117",
               "ROWS": "33"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "stagectl", "today", "hall", "--language", "en"],
        cwd=library.folder,
        env=library.environment | browser,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    drawn, until = b"", time.monotonic() + seconds
    try:
        os.set_blocking(process.stdout.fileno(), False)
        while wanted.encode() not in drawn:
            assert process.poll() is None, drawn[-2000:]
            assert time.monotonic() < until, drawn[-2000:]
            drawn += process.stdout.read() or b""
            time.sleep(0.02)
    finally:
        process.kill()
        process.communicate()
    return drawn.decode("utf-8", "replace")


@pytest.mark.skipif(os.name != "posix", reason="Textual's driver for browsers wants a POSIX pipe")
def test_a_browsers_operator_comes_to_the_events_or_straight_to_the_show_that_runs(library):
    assert "Today" in drawn_for_a_browser(library, "✓ ready")
    library.headless()
    assert "runs now" not in drawn_for_a_browser(library, "READY")
