"""`stagectl reload`: what a changed file would do is shown, and done only when somebody says so."""

import time

import pytest

from stagectl.panel.widgets.settle import READ
from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@pytest.fixture
def show(library):
    library.headless()
    assert library("go").status == 0
    library.lamps.wait_for("/house", 0.6)
    return library


def edit(library, old, new, name="cues/reading"):
    path = library.folder / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def offered(library):
    """Wait until something can be taken; return what is said of it."""
    for _ in range(40):
        done = library("reload")
        if done.status == 0:
            return done.out
    raise AssertionError(done.told)


def test_files_as_they_were_loaded_are_nothing_to_take(show):
    done = show("reload", "--yes")
    assert (done.status, done.out) == (1, "")
    assert done.err == "The files are as they were loaded.\n"


def test_it_is_shown_before_it_is_taken_and_then_only_that_moves(show):
    edit(show, "house: 60 %", "house: 35 %", "scenes/hall")
    edit(show, "name: Velkommen", "name: Velkommen alle")
    said = offered(show)
    while "Velkommen alle" not in said:  # the first of the two edits may have been read alone
        said = offered(show)
    assert "The show has changed on the disk: 1 cue changed, 1 scene." in said
    assert "2 Velkommen alle: name" in said
    assert "Scenes: holding" in said
    assert "Loading it moves this (1): House: 60 % → 35 %." in said
    assert "To take it: stagectl reload --yes" in said
    show.lamps.listen(0.2)
    before = len(show.lamps.heard)
    taken = show("reload", "--yes")
    assert "The new show is loaded: cue 1 is on stage, cue 2 stands by." in taken.out
    show.lamps.wait_for("/house", 0.35)
    show.lamps.listen(0.3)
    assert {address for _, address, _ in show.lamps.heard[before:]} == {"/house"}
    assert "Next: 2 Velkommen alle" in show("status").out
    back = show("reload")
    assert "The show as it was before the last reload" in back.out
    assert "Taking it back moves this (1): House: 35 % → 60 %." in back.out
    assert show("reload", "--yes").status == 0
    show.lamps.wait_for("/house", 0.6)


def test_what_is_kept_is_asked_about_no_more_and_can_be_taken_all_the_same(show):
    edit(show, "name: Velkommen", "name: Hei")
    offered(show)
    kept = show("reload", "--keep")
    assert (kept.status, kept.out) == (0, "What is loaded goes on.\n")
    assert show.status()["offer"]["declined"] is True
    assert "2 Velkommen" in show("status").out
    assert show("reload", "--yes").status == 0
    assert "2 Hei" in show("status").out


def test_a_run_that_was_reloaded_goes_on_with_those_files_and_needs_no_word_about_them(library):
    process = library.headless()
    library("go")
    edit(library, "name: Velkommen", "name: Hei")
    offered(library)
    assert library("reload", "--yes").status == 0
    process.terminate()
    process.communicate(timeout=20)
    library.headless()
    assert library.status()["onstage"] == "1"
    assert "2 Hei" in library("status").out


def test_a_show_with_mistakes_is_refused_in_words_and_go_goes_on(show):
    show.lamps.listen(0.2)
    before = len(show.lamps.heard)
    edit(show, "fade: 2 s", "fade: 2")
    told = show.wait_for("offer", None)
    for _ in range(40):
        if told["unused"]:
            break
        told = show.status()
    done = show("reload", "--yes", "--language", "nb")
    assert (done.status, done.out) == (1, "")
    assert "Filen er endret og har 1 feil" in done.err
    assert "reading.yaml:9" in done.err
    assert ".." not in done.err
    show.lamps.listen(0.3)
    assert len(show.lamps.heard) == before, "nothing was sent"
    assert show("go", "--expect", "2").status == 0
    show.lamps.wait_for("/stage", 0.9)


@HAS_PTY
def test_the_panel_asks_and_one_key_takes_it(show):
    terminal = Terminal(show, "run", "cues/reading.yaml")
    terminal.wait_for("Velkommen")
    edit(show, "name: Lesning", "name: Opplesning")
    terminal.wait_for("The show has changed on the disk")
    end = time.monotonic() + READ + 0.1
    while time.monotonic() < end:
        terminal.look()
    terminal.press(b"1")
    terminal.wait_for("Take it back?")
    assert show.status()["offer"]["undo"] is True
    assert show.status()["onstage"] == "1"
    terminal.press(b"\x11")
    assert terminal.status() == 0
    terminal.hang_up()
