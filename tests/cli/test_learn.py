"""`stagectl midi learn`: a person touches, and the venue file has it, and nothing else changed."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.core.controls import Ride, Say
from stagectl.desk.place import STATE, home_of, place_of
from stagectl.files.load import load_venue
from stagectl.sim.stage import Stage, run_stage
from tests.desk.house import ROOT

VENUE = """\
# Rommet vårt
venue: Liten sal                      # den lille
language: en
devices:
  mixer:  {profile: behringer-x32, at: 127.0.0.1, names: {host: ch.1}}   # miksen
  keys:   {profile: nanokontrol2,  at: "midi:nanoKONTROL2"}
  foot:   {profile: generic-midi,  at: "midi:Pedal"}
base: {mixer.host.level: -5 dB}
scenes:
  holding: {set: {mixer.host: off}}
controls:                             # knappene
  keys:
    cycle: go                         # byttes ut
    mute.8: mixer.host                # blir
safe: holding
cover: holding
"""
PATIENCE = 15.0


class Lesson:
    """`stagectl midi learn` at the other end of two pipes, and the simulated room."""

    def __init__(self, folder: Path, stage: Stage, *words: str) -> None:
        self.stage = stage
        self.said = ""
        moved = [w for n, at in stage.addresses.items() for w in ("--at", f"{n}={at}")]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "stagectl", "midi", "learn", "scenes/hall.yaml", *words,
             *moved],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), STATE: str(folder / "state")},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said += line

    def hears(self, text: str) -> None:
        """Wait until this was said, and forget it and what came before."""
        until = time.monotonic() + PATIENCE
        while text not in self.said:
            assert time.monotonic() < until, f"{text!r} was never said: {self.said}"
            time.sleep(0.01)
        self.said = self.said.partition(text)[2]
        time.sleep(0.5)  # until it has listened whether a finger is still on: 0.3 s

    def touch(self, name: str, *places: float) -> None:
        for place in places or (1.0,):
            self.stage.move(name, place)
            time.sleep(0.03)

    def type(self, line: str = "") -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def over(self) -> int:
        status = self.process.wait(PATIENCE)
        self._thread.join(PATIENCE)
        assert self.process.stdin is not None
        self.process.stdin.close()
        return status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("cues", "scenes"):
        (tmp_path / part).mkdir()
    (tmp_path / "scenes" / "hall.yaml").write_text(VENUE, "utf-8")
    return tmp_path


@pytest.fixture
def stage(folder: Path) -> Iterator[Stage]:
    with run_stage(load_venue(folder / "scenes" / "hall.yaml")) as stage:
        yield stage


def test_what_is_touched_is_written_and_every_other_line_stays(folder: Path, stage: Stage):
    lesson = Lesson(folder, stage, "keys")
    lesson.hears("Touch the key for GO")
    lesson.touch("keys.fader.1", 0.0, 0.5, 1.0)  # no key: passed over
    lesson.touch("keys.play")
    lesson.hears("play: go")
    lesson.hears("Touch the key for Back")
    lesson.touch("keys.play")
    lesson.hears("play is for GO already")
    lesson.type()
    for skipped in ("next cue", "previous cue"):
        lesson.hears(f"Touch the key for {skipped}")
        lesson.type()
    lesson.hears("Touch the key for Stop everything")
    lesson.touch("keys.stop")
    for skipped in ("Cover", "Resume"):
        lesson.hears(f"Touch the key for {skipped}")
        lesson.type()
    lesson.hears("Name more")
    lesson.type("mixer.hots.level")
    lesson.hears("did you mean mixer.host.level?")
    lesson.hears("Name more")
    lesson.type("mixer.host.level")
    lesson.hears("Move the fader for mixer.host.level")
    lesson.touch("keys.mute.1")  # no fader
    lesson.touch("keys.fader.3", 0.5, 0.52, 0.6)
    lesson.hears("fader.3: mixer.host.level")
    lesson.hears("Name more")
    lesson.type()
    lesson.hears("No more: cycle: go")
    lesson.hears("Write this into")
    lesson.type()
    assert lesson.over() == 0, lesson.said
    after = (folder / "scenes" / "hall.yaml").read_text("utf-8")
    assert after == VENUE.replace(
        """\
    cycle: go                         # byttes ut
    mute.8: mixer.host                # blir
""",
        """\
    mute.8: mixer.host                # blir
    play: go
    stop: safe
    fader.3: mixer.host.level
""",
    )
    bound = {line.name: line.deed for line in load_venue(folder / "scenes" / "hall.yaml").controls}
    assert bound["play"] == Say("go")
    assert bound["fader.3"] == Ride("mixer.host.level")


def test_no_is_no_and_the_end_of_the_keyboard_is_no_too(folder: Path, stage: Stage):
    for last in ("n", None):
        lesson = Lesson(folder, stage, "foot")
        lesson.hears("Touch the key for GO")
        lesson.touch("foot.note.1.60")
        lesson.hears("note.1.60: go")
        lesson.hears("Touch the key for Back")
        if last is None:
            assert lesson.process.stdin is not None
            lesson.process.stdin.close()
        else:
            for _ in range(7):
                lesson.type()
            lesson.hears("Write this into")
            lesson.type(last)
        assert lesson.process.wait(PATIENCE) == 0
        assert "Nothing is written." in lesson.said
        assert (folder / "scenes" / "hall.yaml").read_text("utf-8") == VENUE
        lesson._thread.join(PATIENCE)
        assert lesson.process.stdin is not None
        lesson.process.stdin.close()


def test_of_several_controllers_one_is_asked_for(folder: Path, stage: Stage):
    lesson = Lesson(folder, stage)
    assert lesson.over() == 1
    assert "Which one? keys, foot" in lesson.said
    lesson = Lesson(folder, stage, "mixer")
    assert lesson.over() == 1
    assert "mixer is no controller of this venue. It has: keys, foot" in lesson.said


def test_a_controller_that_is_not_there_is_said_to_be_so(folder: Path, stage: Stage):
    stage.kill("keys")
    lesson = Lesson(folder, stage, "keys")
    assert lesson.over() == 1
    assert "keys: refuses." in lesson.said


def test_beside_a_running_desk_nothing_is_learnt(folder: Path, stage: Stage, monkeypatch):
    """Whoever has the desk's lock is a desk."""
    monkeypatch.setenv(STATE, str(folder / "state"))
    place = place_of(home_of(folder / "scenes" / "hall.yaml"), "hall")
    place.make()
    lock = place.lock("desk")
    assert lock.take()
    lesson = Lesson(folder, stage, "keys")
    assert lesson.over() == 1
    assert "would do what you touch" in lesson.said
    assert f"stagectl end --desk {place.name}" in lesson.said
