"""One holder at a time among the processes of a machine; the dead hold nothing.

The lock is the system's own, so it needs no cleaning up, and a process id used again fools nobody.
"""

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Lock:
    """A file that one process at a time may have."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is opened yet."""
        self.path = path
        self._handle: int | None = None

    def take(self, wait: float = 0.0) -> bool:
        """Have it, trying for `wait` seconds: somebody may only be looking. False: it is held."""
        until = time.monotonic() + wait
        handle = self._open()
        while True:
            try:
                _seize(handle)
            except OSError:
                if time.monotonic() >= until:
                    os.close(handle)
                    return False
                time.sleep(0.02)
            else:
                self._handle = handle
                return True

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            # a full or read-only disk: what is there already can be locked without writing
            if not self.path.is_file():
                raise
            return os.open(self.path, os.O_RDONLY)

    def held(self) -> bool:
        """Tell whether somebody has it, this process included."""
        if self._handle is not None:
            return True
        if not self.path.exists():
            return False
        if self.take():
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Give it up; harmless if it is not ours."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def bequeath(self) -> int:
        """Return the handle for a child to inherit (POSIX): it is then held until both are gone."""
        if self._handle is None:
            message = f"{self.path.name} is not ours to leave"
            raise RuntimeError(message)
        return self._handle
