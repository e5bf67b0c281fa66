"""A process that loads while the show is still being read: it is told later where it lives.

A start is made of what is imported, and there are two cores. What it is told is one JSON line, the
folder; at the end of its standard input it goes, having touched nothing.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stagectl.desk.secrets import without_secrets

UNTOLD = "-"  # in the folder's place on the command line: it comes by the pipe

APART: Mapping[str, Any]
"""How to start a process that our terminal's Ctrl-C and end do not reach."""
if sys.platform == "win32":
    APART = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
else:
    APART = {"start_new_session": True}


class Early:
    """A desk, or a keeper, that is loading; left at the end of the `with`, it goes unless taken."""

    def __init__(self, *words: str) -> None:
        """Start it: a desk without words, a keeper with "keep". Raises OSError."""
        self._process: subprocess.Popen[bytes] | None = subprocess.Popen(  # noqa: S603 -- our own
            [sys.executable, "-m", "stagectl.desk", *words, UNTOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # until it knows its log
            stderr=subprocess.DEVNULL,
            env=without_secrets(os.environ),
            **APART,
        )

    def take(self, folder: Path) -> subprocess.Popen[bytes] | None:
        """Tell it where it lives, and have it; None: it did not come so far, start another."""
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            return None
        try:
            process.stdin.write(json.dumps(str(folder)).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return None
        self._process = None
        return process

    def __enter__(self) -> Self:
        """Have it loading."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, unless it was taken."""
        if self._process is not None:
            self._process.kill()  # it has nothing and does nothing yet
            with contextlib.suppress(OSError):  # what it was not told any more
                self._process.communicate()


def told() -> Path | None:
    """Wait, in such a process, to be told the folder; None: nobody needs it."""
    line = read_line()
    return Path(json.loads(line)) if line else None


def read_line() -> str:
    """Return one line of standard input, read by the byte: nobody else's is taken with it."""
    read = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        read += byte
    return read.decode()
