"""README.md is true: its tree, its links, and its first show, which runs as it stands there."""

import re

import pytest

from tests.cli.library import Library
from tests.desk.house import ROOT

PAGE = (ROOT / "README.md").read_text("utf-8")
TREE = PAGE.partition("## Where things are")[2].partition("```")[2].partition("```")[0]


def tree():
    """Return the paths in the tree, a name indented by two under the folder above it."""
    folder = ""
    for line in TREE.strip().splitlines():
        name = line.split()[0]
        inside = line.startswith("  ") and not line.startswith("   ")
        if not inside:
            folder = name if name.endswith("/") else ""
        yield (folder if inside else "") + name


def test_everything_in_the_tree_is_there():
    for path in tree():
        assert (ROOT / path).exists(), path
        assert (ROOT / path).is_dir() == path.endswith("/"), path


def test_every_package_is_in_the_tree():
    packages = {
        f"stagectl/{init.parent.name}/" for init in (ROOT / "stagectl").glob("*/__init__.py")
    }
    assert packages <= set(tree())


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert len(links) > 8
    for link in links:
        assert (ROOT / link).is_file(), link


def test_the_picture_asks_the_net_for_nothing():
    assert "url(http" not in (ROOT / "docs" / "panel.svg").read_text("utf-8").replace('"', "")


@pytest.fixture
def library(tmp_path):
    """A folder in which somebody did what the page says."""
    library = Library(tmp_path / "library", tmp_path / "home")
    for path, text in re.findall(
        r"`((?:scenes|cues)/\w+\.yaml)`\n\n```yaml\n(.*?)```", PAGE, re.DOTALL
    ):
        (library.folder / path).write_text(text, "utf-8")
    yield library
    library.close()


def test_the_first_show_is_without_a_mistake_and_runs_on_a_simulated_stage(library):
    checked = library("check", "cues/evening.yaml", "scenes/hall.yaml")
    assert (checked.status, checked.err) == (0, "")
    stage = library.start("sim", "scenes/hall.yaml", "--free-ports", "--language", "en")
    assert stage.stdout is not None
    address = stage.stdout.readline().removeprefix("obs: ").strip()
    library.headless("cues/evening.yaml", "--at", f"obs={address}")
    library.wait_for("recording", False)  # OBS answers
    assert library("go").status == 0
    assert library("go").status == 0
    library.wait_for("recording", True)
    assert library("end").status == 0


@pytest.mark.parametrize("command", re.findall(r"stagectl (\w+)", PAGE))
def test_every_command_on_the_page_exists(command):
    from stagectl.cli.commands import COMMANDS

    assert command in COMMANDS
