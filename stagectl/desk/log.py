"""The logs of a place: what its processes said that nobody was there to read."""

import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import IO

from stagectl.words.visible import visible_lines

LONG = 1 << 20  # bytes, after which the next evening begins a new log


def open_log(path: Path) -> IO[bytes]:
    """Open a log to write on; when it has grown long, the old one is put aside."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > LONG:
            path.replace(path.with_name(f"{path.name}.1"))
    # what a device says of itself is nobody else's to read
    log = open(path, "ab", buffering=0, opener=_private)  # noqa: SIM115 -- Path.open has no opener; the caller closes it
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.fchmod(log.fileno(), 0o600)  # one of an earlier version
    return log


def speak_into(path: Path) -> None:
    """Let all that this process says from here on be in a log; it stays silent where it cannot."""
    with contextlib.suppress(OSError), open_log(path) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def log_from_here(level: int, form: str) -> None:
    """Log to standard error, in lines that a terminal can be shown."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Visible(form))
    logging.basicConfig(level=level, handlers=[handler])


class _Visible(logging.Formatter):
    """Shows what a name or a device's answer hides: no line of a log can speak to a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible_lines(super().format(record))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
