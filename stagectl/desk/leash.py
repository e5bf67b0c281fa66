"""Pulls a thread out of a call that does not come back.

Python cannot end a thread, but it can raise an exception in one, which arrives at the thread's
next line of Python: enough for a driver that spins. One that hangs in the system stays there.
"""

import ctypes
import threading
import time

SPUN = 1.0  # seconds in a call that "never blocks"


class PulledOutError(BaseException):
    """The call took too long. No `except Exception` of a driver can swallow it."""


def pull_out(thread: threading.Thread) -> None:
    """Raise PulledOutError in a thread, soon; nothing happens to one that has ended."""
    if thread.ident is not None and thread.is_alive():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(PulledOutError)
        )


class Leash:
    """Watches the calls that one thread makes, and pulls it out of those that take too long.

    `with leash:` around a call costs half a microsecond; PulledOutError comes out of the block.
    """

    def __init__(self, seconds: float = SPUN) -> None:
        """Watch nothing until `start`."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._calls = 0
        self._in_call = False
        self._done = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """Watch the thread that calls this."""
        self._watcher = threading.Thread(
            target=self._watch, args=(threading.current_thread(),), name="leash", daemon=True
        )
        self._watcher.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._done.set()
        if self._watcher is not None:
            self._watcher.join()

    def __enter__(self) -> None:
        """A call begins."""
        self._calls += 1
        self._in_call = True

    def __exit__(self, *_: object) -> None:
        """It has ended."""
        # The lock makes sure that the exception comes now or not at all: once we are out, the
        # watcher finds nobody in the call.
        with self._lock:
            self._in_call = False

    def _watch(self, thread: threading.Thread) -> None:
        seen, looks = -1, 0
        while not self._done.wait(self._seconds / 2):
            # counted in looks, not in time: a process that was stopped has not spun
            looks = looks + 1 if self._in_call and self._calls == seen else 0
            seen = self._calls
            if looks >= 2:
                with self._lock:
                    if self._in_call and self._calls == seen:
                        pull_out(thread)
                time.sleep(self._seconds)
