"""A person at a terminal in tmux: reads the whole screen, presses keys by their names."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 15.0  # seconds for whatever a person would wait for


@dataclass
class Tmux:
    """One window on a tmux server of its own."""

    socket: Path

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them: Space, Enter, Escape, Up, C-e, x."""
        self._tmux("send-keys", *keys)

    def text(self) -> str:
        """Return the screen, a line for each row."""
        return self._tmux("capture-pane", "-p")

    def wait_for(self, pattern: str, seconds: float = PATIENCE) -> "re.Match[str]":
        """Wait until the screen shows it."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.text())) is None:
            assert time.monotonic() < end, f"not on the screen: {pattern}\n{self.text()}"
            time.sleep(0.05)
        return found

    def _tmux(self, *words: str) -> str:
        return subprocess.run(
            ["tmux", "-S", self.socket, *words],
            check=True, capture_output=True, text=True, timeout=10,
        ).stdout  # fmt: skip


@contextmanager
def in_tmux(
    folder: Path, environ: Mapping[str, str], *words: str, size: tuple[int, int] = (117, 33)
) -> Iterator[Tmux]:
    """Run `stagectl` with these words in a window of so many columns and rows."""
    window = Tmux(folder / "tmux.socket")
    columns, rows = map(str, size)
    command = [sys.executable, "-m", "stagectl", *words]
    subprocess.run(
        ["tmux", "-S", window.socket, "-f", "/dev/null", "new-session", "-d", "-x", columns,
         "-y", rows, *command],
        cwd=folder, env={**environ, "TERM": "xterm-256color"}, check=True, timeout=10,
    )  # fmt: skip
    try:
        yield window
    finally:
        subprocess.run(
            ["tmux", "-S", window.socket, "kill-server"],
            check=False, capture_output=True, timeout=10,
        )  # fmt: skip
