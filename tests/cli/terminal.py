"""A person at a terminal of 117 columns and 33 lines: what is on the screen, and keys."""

import os
import select
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.cli.library import Library

HAS_PTY = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX terminal to sit at")


class Terminal:
    """One command in a terminal of its own."""

    def __init__(self, library: Library, *words: str) -> None:
        import fcntl
        import pty
        import termios

        parent, child = pty.openpty()
        self.handle = parent
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stagectl", *words],
            cwd=library.folder,
            env=library.environment | {"TERM": "xterm-256color", "COLUMNS": "117", "LINES": "33"},
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
            # so that hanging up is heard, as in any terminal
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 -- no threads here
        )
        os.close(child)
        library.running.append(self.process)  # a test that fails leaves nobody behind

    def look(self) -> None:
        """Take in what is written, waiting a little for it: nobody writes to a full terminal."""
        if select.select([self.handle], [], [], 0.1)[0]:
            with suppress(OSError):  # the other end is closed
                self.seen += os.read(self.handle, 65536).decode("utf-8", "replace")

    def wait_for(self, text: str, seconds: float = 15.0) -> None:
        """Look until a text has been seen."""
        until = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < until, self.seen[-2000:]
            self.look()

    def status(self, seconds: float = 15.0) -> int:
        """Look until the command has ended; return its status."""
        until = time.monotonic() + seconds
        while (status := self.process.poll()) is None:
            assert time.monotonic() < until, self.seen[-2000:]
            self.look()
        return status

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self.handle, key)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self.handle)
