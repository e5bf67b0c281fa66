"""`schema` gives editors what docs/editors.md says it does, in the language asked for."""

import json
import re
import shutil
import tomllib

import pytest
from jsonschema import Draft202012Validator

from tests.cli.library import Library
from tests.desk.house import ROOT

PAGE = (ROOT / "docs" / "editors.md").read_text("utf-8")
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
FOLDERS = {
    "./.stagectl/show.schema.json": "cues/*.yaml",
    "./.stagectl/venue.schema.json": "scenes/*.yaml",
    "./.stagectl/profile.schema.json": "scenes/profiles/*.yaml",
}


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def blocks(kind):
    return [text for language, text in BLOCK.findall(PAGE) if language == kind]


def lines():
    return [line for text in blocks("sh") for line in text.splitlines() if line]


def test_every_command_of_the_page_does_what_it_says(library):
    assert len(lines()) == 3
    shutil.copy(ROOT / "scenes" / "lillestrom.yaml", library.folder / "scenes")
    for line in lines():
        command, _, target = line.partition(" > ")
        done = library(*command.split()[1:])
        assert (done.status, done.err) == (0, ""), line
        if target:
            (library.folder / target).write_text(done.out, "utf-8")
    for path in FOLDERS:
        schema = json.loads((library.folder / path).read_text("utf-8"))
        Draft202012Validator.check_schema(schema)


def test_the_settings_that_are_printed_are_those_of_the_page(library):
    done = library("schema", "--write", ".stagectl")
    printed = json.loads(done.out[done.out.index("{") :])
    assert printed == {"yaml.schemas": FOLDERS}
    assert [json.loads(text) for text in blocks("json")] == [printed]
    server = tomllib.loads(blocks("toml")[0])["language-server"]["yaml-language-server"]
    assert server["config"]["yaml"]["schemas"] == FOLDERS
    for path, folder in FOLDERS.items():
        assert f'["{path}"] = "{folder}"' in blocks("lua")[0]


def test_the_first_line_of_the_pages_file_leads_to_the_schema(library):
    assert library("schema", "--write", ".stagectl").status == 0
    [text] = blocks("yaml")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named is not None
    assert (library.folder / "cues" / named[1]).resolve().is_file()
    library.folder.joinpath("cues/it.yaml").write_text(text + "venue: hall\n", "utf-8")
    assert library("check", "cues/it.yaml").status == 0


def test_a_schema_is_in_the_language_asked_for(library):
    english = json.loads(library("schema", "show", "--language", "en").out)
    norwegian = json.loads(library("schema", "show", "--language", "nb").out)
    assert english["properties"]["show"]["description"] == "The event's name."
    assert norwegian["properties"]["show"]["description"] == "Arrangementets navn."


def test_neither_a_kind_nor_a_folder_is_wrong_usage(library):
    assert library("schema").status == 2
    assert library("schema", "show", "--write", "x").status == 2
    assert library("schema", "evening").status == 2


def test_a_folder_that_cannot_be_written_is_told(library):
    (library.folder / "taken").write_text("a file", "utf-8")
    done = library("schema", "--write", "taken/below")
    assert done.status == 1
    assert "Traceback" not in done.told
    assert "taken" in done.err


def test_with_a_venue_it_knows_that_venues_names(library):
    schema = json.loads(library("schema", "show", "--venue", "scenes/hall.yaml").out)
    check = Draft202012Validator(schema)
    right = {"show": "S", "cues": [{"cue": 1, "scene": "holding", "set": {"lamps.stage": "40 %"}}]}
    assert list(check.iter_errors(right)) == []
    right["cues"] = [{"cue": 1, "scene": "holdnig"}]
    assert [error.validator for error in check.iter_errors(right)] == ["enum"]


def test_a_venue_with_mistakes_is_refused_with_all_of_them(library):
    path = library.folder / "scenes/hall.yaml"
    path.write_text(
        path.read_text("utf-8").replace("profile: generic-osc", "profile: osc"), "utf-8"
    )
    done = library("schema", "show", "--venue", "scenes/hall.yaml")
    assert done.status == 1
    assert "scenes/hall.yaml:5:" in done.err
