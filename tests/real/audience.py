"""Somebody out there: takes a stream in, and keeps it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def audience(rtmp: str, folder: Path) -> Iterator[Path]:
    """Wait for a stream at an address; return the file it is kept in."""
    taken = folder / "stream.flv"
    server = subprocess.Popen(
        ["ffmpeg", "-loglevel", "error", "-listen", "1", "-i", f"{rtmp}/rig",
         "-c", "copy", "-y", taken],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield taken
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(5)
