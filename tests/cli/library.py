"""A small library for the command line: one hall, one device, one show, and a terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.desk.house import ROOT, Lamps

VENUE = """\
venue: Liten sal
language: {language}
devices:
  lamps:
    profile: generic-osc
    at: "127.0.0.1:{port}"
    names: {{stage: stage, house: house}}
{more}
base: {{lamps.stage: 0 %, lamps.house: 80 %}}
scenes:
  holding: {{label: Straks tilbake, set: {{lamps.stage: 0 %, lamps.house: 60 %}}}}
  cover: {{label: Dekk, set: {{lamps.stage: 0 %}}}}
safe: holding
cover: cover
"""
SHOW = """\
show: Høytlesning
date: 2026-11-28
start: "11:00"
venue: {venue}
people:
  guest: {{name: Kari Ødegård, role: Forfatter}}
cues:
  - {{cue: 1, name: Dørene åpner, scene: holding}}
  - {{cue: 2, name: Velkommen, set: {{lamps.stage: 90 %}}, fade: 2 s}}
  - {{cue: 2.5, name: Lesning, set: {{lamps.house: 20 %}}}}
  - {{cue: 3, name: Film, do: [lamps.say: film]}}
"""


@dataclass
class Done:
    """What a command said and how it ended."""

    status: int
    out: str
    err: str

    @property
    def told(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=_no_constant)


@dataclass
class Library:
    """A project folder, and the folders that stand for a user's home."""

    folder: Path
    home: Path
    lamps: Lamps = field(default_factory=Lamps)
    running: list[subprocess.Popen[Any]] = field(default_factory=list)
    language: str = "C"

    def __post_init__(self) -> None:
        for part in ("cues", "scenes"):
            (self.folder / part).mkdir(parents=True)
        self.venue("hall")
        self.show("reading")

    def venue(self, name: str, more: str = "", language: str = "en") -> None:
        more = f"    {more}" if more else ""
        text = VENUE.format(port=self.lamps.port, more=more, language=language)
        (self.folder / "scenes" / f"{name}.yaml").write_text(text, "utf-8")

    def show(self, name: str, venue: str = "hall") -> Path:
        path = self.folder / "cues" / f"{name}.yaml"
        path.write_text(SHOW.format(venue=venue), "utf-8")
        return path

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "STAGECTL_"))}
        return kept | {
            "STAGECTL_STATE": str(self.home / "state"),
            "STAGECTL_CONFIG": str(self.home / "config"),
            "STAGECTL_CACHE": str(self.home / "cache"),
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "LANGUAGE": "",
            "LANG": self.language,
        }

    def start(self, *words: str, cwd: Path | None = None, **more: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        process = subprocess.Popen(
            [sys.executable, "-m", "stagectl", *words],
            cwd=cwd or self.folder,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.running.append(process)
        return process

    def __call__(self, *words: str, cwd: Path | None = None, **more: str) -> Done:
        """Run a command to its end."""
        process = self.start(*words, cwd=cwd, **more)
        out, err = process.communicate(timeout=30)
        return Done(process.returncode, out, err)

    def headless(self, show: str = "cues/reading.yaml", *words: str) -> Any:
        """Start a show in a terminal of its own; return when its desk is up."""
        process = self.start("run", show, "--headless", "--guard", "0", *words)
        assert process.stdout is not None
        said = ""
        while "ws://" not in said:
            line = process.stdout.readline()
            assert line, said + process.communicate(timeout=5)[1]
            said += line
        process.said = said  # type: ignore[attr-defined] # what it said until it was up
        return process

    def status(self, *words: str) -> Any:
        done = self("status", "--json", *words)
        assert done.status == 0, done.told
        return done.json

    def wait_for(self, key: str, value: object, seconds: float = 10.0) -> Any:
        """Wait until the status says this; a desk that is away for a moment is waited for."""
        end = time.monotonic() + seconds
        while True:
            done = self("status", "--json")
            if done.status == 0 and done.json[key] == value:
                return done.json
            assert time.monotonic() < end, done.told

    def close(self) -> None:
        """End whatever still runs, each by its own pid."""
        for process in self.running:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=20)
        for card in (self.home / "state").glob("*/desk.json"):
            told = json.loads(card.read_bytes())
            for pid in (told["keeper"], told["pid"]):
                try:
                    os.kill(pid, signal.SIGTERM)
                except OSError:
                    continue
        self.lamps.close()


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
