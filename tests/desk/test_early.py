"""What loads before it is needed has touched nothing when it turns out not to be."""

import json
import os
import subprocess
import sys

import pytest

from stagectl.desk.early import Early, told
from stagectl.desk.place import STATE, Place
from stagectl.desk.shelf import is_ended
from tests.desk.house import ROOT


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    monkeypatch.chdir(ROOT)
    return tmp_path / "state"


@pytest.mark.parametrize("words", [(), ("keep",)])
def test_one_that_nobody_needs_goes_and_leaves_nothing(state, words):
    with Early(*words) as early:
        process = early._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None
    assert not state.exists()


def test_one_whose_starter_was_killed_goes_by_itself(state):
    process = subprocess.Popen(
        [sys.executable, "-m", "stagectl.desk", "keep", "-"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
    assert not state.exists()


def test_one_that_is_taken_is_told_its_folder_and_not_ended(state):
    place = Place(state / "hall")
    place.make()
    with place.log.open("wb"), Early() as early:
        process = early.take(place.folder)
        assert process is not None
        assert process.stdin is not None
    try:
        assert process.poll() is None
        process.stdin.close()  # no book was left: it says so in its log, and goes
        assert process.wait(10) not in (0, None)
        assert "book" in place.log.read_text()
    finally:
        process.kill()
        process.wait()


def test_one_that_died_is_not_taken(state):
    with Early() as early:
        process = early._process
        assert process is not None
        process.kill()
        process.wait()
        assert early.take(state) is None


def test_a_folder_is_told_whole_whatever_it_is_called(monkeypatch, tmp_path):
    read, write = os.pipe()
    folder = tmp_path / "sal\nå »1«"
    os.write(write, json.dumps(str(folder)).encode() + b"\nthe next line is somebody else's")
    os.close(write)
    stdin = os.dup(0)
    try:
        os.dup2(read, 0)
        assert told() == folder
        assert os.read(0, 8) == b"the next"
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(read)


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ('{"type":"Fired","at":1.0}\n{"type":"Ended","at":2.0}\n', True),
        ('{"type":"Ended","at":2.0}\n', True),
        ('{"type":"Ended","at":2.0}\n{"type":"Started"}\n', False),
        ('{"type":"Fired","at":1.0}\n{"type":"End', False),
        ('"Ended"\n', False),
        ("\0\0\0\0\n", False),
        ("", False),
        ('{"files":{"a":"' + "x" * 9000 + '"}}\n{"type":"Ended","at":2.0}\n', True),
    ],
)
def test_the_end_of_a_show_is_seen_in_the_last_line(tmp_path, text, ended):
    path = tmp_path / "journal"
    path.write_text(text)
    assert is_ended(path) is ended
    assert not is_ended(tmp_path / "none")


def test_a_command_that_is_refused_leaves_no_desk_behind(state, tmp_path):
    show = tmp_path / "no.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "stagectl", "run", str(show), "--headless"],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert not state.exists()
