"""yaml-language-server, which VS Code, Neovim and Helix ask, completes and marks by our schemas."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.desk.house import ROOT

pytestmark = pytest.mark.real

SERVER = ROOT / "tests/rig/editor/node_modules/yaml-language-server/bin/yaml-language-server"
PATIENCE = 30  # seconds for a whole conversation


class Editor:
    """A language server's other end; places count from 0, as the protocol does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._asked = self._opened = 0
        self._marks: dict[str, list[dict[str, Any]]] = {}
        self._server = subprocess.Popen(
            [str(shutil.which("node")), str(SERVER), "--stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._watchdog = threading.Timer(PATIENCE, self._server.kill)
        self._watchdog.start()
        workspace = {"uri": folder.as_uri(), "name": "library"}
        self._ask(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "workspaceFolders": [workspace],
                "capabilities": {"workspace": {"configuration": True}},
            },
        )
        self._send(method="initialized", params={})

    def marks(self, folder: str, text: str) -> dict[int, str]:
        """Open a file in a folder; return what is marked, by line."""
        return self._marked(self._open(folder, text))

    def _marked(self, uri: str) -> dict[int, str]:
        while uri not in self._marks:
            self._answer(self._read())
        found = self._marks.pop(uri)
        return {mark["range"]["start"]["line"]: mark["message"] for mark in found}

    def offers(self, folder: str, text: str, line: int, column: int) -> set[str]:
        """Open a file in a folder; return what is offered at a place."""
        uri = self._open(folder, text)
        self._marked(uri)
        at = {"line": line, "character": column}
        told = self._ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": at})
        return {item["label"] for item in told["items"]}

    def _open(self, folder: str, text: str) -> str:
        self._opened += 1
        uri = (self.folder / folder / f"{self._opened}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        return uri

    def close(self) -> None:
        self._watchdog.cancel()
        self._server.kill()
        self._server.communicate()

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._asked += 1
        self._send(id=self._asked, method=method, params=params)
        while True:
            told = self._read()
            if told.get("id") == self._asked and "method" not in told:
                return told["result"]
            self._answer(told)

    def _answer(self, told: dict[str, Any]) -> None:
        match told.get("method"):
            case "workspace/configuration":
                store = {"validate": True, "completion": True, "schemaStore": {"enable": False}}
                of = [
                    store if i.get("section") == "yaml" else None for i in told["params"]["items"]
                ]
                self._send(id=told["id"], result=of)
            case "textDocument/publishDiagnostics":
                self._marks[told["params"]["uri"]] = told["params"]["diagnostics"]
            case str() if "id" in told:
                self._send(id=told["id"], result=None)

    def _send(self, **message: Any) -> None:
        assert self._server.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        size = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        assert size, "the language server is gone"
        told: dict[str, Any] = json.loads(self._server.stdout.read(size))
        return told


@pytest.fixture
def editor(tmp_path):
    if not (SERVER.is_file() and shutil.which("node")):
        pytest.skip("yaml-language-server is not installed here: tests/rig/install.sh")
    for folder in ("cues", "scenes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for words in (("--write", ".plain"), ("--write", ".room", "--venue", "scenes/lillestrom.yaml")):
        subprocess.run(
            [sys.executable, "-m", "stagectl", "schema", *words, "--language", "nb"],
            cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=True, stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
        )  # fmt: skip
    editor = Editor(tmp_path)
    yield editor
    editor.close()


def by(kind: str, text: str, schema: str = "show") -> str:
    return f"# yaml-language-server: $schema=../.{kind}/{schema}.schema.json\n{text}"


HEAD = "show: S\nvenue: lillestrom\ncues:\n  - cue: 1\n"


@pytest.mark.parametrize("kind", ["plain", "room"])
def test_an_editor_marks_nothing_in_what_is_right(editor, kind):
    for path in sorted((ROOT / "cues").glob("*.yaml")):
        if kind == "plain" or "venue: lillestrom" in path.read_text("utf-8"):
            assert editor.marks("cues", by(kind, path.read_text("utf-8"))) == {}
    venue = (ROOT / "scenes/lillestrom.yaml").read_text("utf-8")
    assert editor.marks("scenes", by(kind, venue, "venue")) == {}


def test_an_editor_marks_mistakes_of_shape_in_the_language_asked_for(editor):
    text = HEAD + "    fade: 90\n    nmae: x\n    at: 10.57\n    block: maybe\n"
    assert editor.marks("cues", by("plain", text)) == {
        5: "skriv den som 3 s, 15 min eller 1:05:00",
        6: "Property nmae is not allowed.",
        7: 'skriv det som "19:00"',
        8: "skriv på eller av",
    }


def test_an_editor_offers_the_keys_of_a_cue_and_the_words_of_a_key(editor):
    assert {"name", "scene", "set", "do", "wait"} <= editor.offers(
        "cues", by("plain", HEAD + "    fade: 2 s\n    \n"), 6, 4
    )
    assert "end" in editor.offers("cues", by("plain", HEAD + "    follow: \n"), 5, 12)


def test_an_editor_that_knows_the_room_offers_its_names_and_marks_what_it_has_not(editor):
    text = by(
        "room", HEAD + "    scene: holdin\n    set: {mixer.gest: off}\n    do: [obs.recrod: x]\n"
    )
    assert set(editor.marks("cues", text)) == {5, 6, 7}
    scenes = editor.offers("cues", by("room", HEAD + "    scene: \n"), 5, 11)
    assert {"holding", "conversation", "cover"} <= scenes
    names = editor.offers("cues", by("room", HEAD + "    set:\n      \n"), 6, 6)
    assert {"mixer.host.level", "obs.program", "lights.stage"} <= names
