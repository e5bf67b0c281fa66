"""`check` says every mistake at its place, and touches nothing."""

import pytest

from tests.cli.library import Library


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def test_files_without_mistakes_are_fine(library):
    done = library("check", "cues/reading.yaml", "scenes/hall.yaml")
    assert (done.status, done.out, done.err) == (0, "2 files are fine.\n", "")


def test_every_mistake_is_told_with_its_place_and_cure(library):
    path = library.folder / "cues" / "reading.yaml"
    text = path.read_text("utf-8").replace("scene: holding", "scene: holdnig")
    path.write_text(text.replace("fade: 2 s", "fade: 2"), "utf-8")
    done = library("check", "cues/reading.yaml")
    assert done.status == 1
    assert "cues/reading.yaml:8:" in done.out
    assert "did you mean" in done.out
    assert done.err == "2 mistakes.\n"


def test_a_file_that_is_not_there_is_a_mistake_too(library):
    done = library("check", "cues/nothing.yaml")
    assert done.status == 1
    assert "cues/nothing.yaml" in done.told
    assert "Traceback" not in done.told


def test_a_show_with_a_mistake_is_not_started(library):
    path = library.folder / "cues" / "reading.yaml"
    path.write_text(path.read_text("utf-8").replace("scene: holding", "scene: holdnig"), "utf-8")
    done = library("run", "cues/reading.yaml", "--headless")
    assert done.status == 1
    assert "holding" in done.err
    assert not (library.home / "state").exists()
    assert library.lamps.listen(0.1) == []
