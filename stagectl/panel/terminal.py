"""A terminal that is gone is told from one at which nobody types."""

import os
import select
import sys


def watched() -> int | None:
    """Return the descriptor of the terminal that can go away, or None: there is none to ask.

    A browser's panel and a test have no terminal, and Windows ends a panel with its window.
    """
    if sys.__stdin__ is None or not hasattr(select, "poll"):
        return None
    fd = sys.__stdin__.fileno()
    return fd if os.isatty(fd) else None


if sys.platform != "win32":

    def is_gone(fd: int) -> bool:
        """Tell whether the terminal has hung up.

        SIGHUP says so to the session it belongs to, and to no other: a panel started by a service,
        or one that was left behind, would read an empty line for ever, as fast as it can.
        """
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        gone = select.POLLHUP | select.POLLERR | select.POLLNVAL
        return any(event & gone for _, event in poll.poll(0))

else:

    def is_gone(_fd: int) -> bool:
        """Tell nothing: here it is never asked."""
        return False
