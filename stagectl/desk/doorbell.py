"""A socket that any thread rings and one thread waits on, beside its other sockets."""

import contextlib
import socket


class Doorbell:
    """Ringing twice before it is answered rings once, so a busy caller costs no system calls.

    `select` on every platform waits for sockets only; a pair of sockets wakes it within
    microseconds, where a lock or a queue would need a second thread.
    """

    def __init__(self) -> None:
        """Open the pair of sockets."""
        self._inside, self._outside = socket.socketpair()
        self._inside.setblocking(False)
        self._outside.setblocking(False)
        self._rung = False

    def fileno(self) -> int:
        """Return what to wait on."""
        return self._inside.fileno()

    def ring(self) -> None:
        """Wake whoever waits. Put the message where it will be found first, then ring."""
        if not self._rung:
            self._rung = True
            with contextlib.suppress(OSError):  # closed: nobody waits any more
                self._outside.send(b"\0")

    def answer(self) -> None:
        """Stop the ringing. Answer first, then look for messages: none is overlooked so."""
        with contextlib.suppress(BlockingIOError):
            self._inside.recv(64)
        self._rung = False

    def close(self) -> None:
        """Let go of both ends."""
        self._inside.close()
        self._outside.close()
