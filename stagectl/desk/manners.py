"""What faces are called, each by a name of its own, and how fast guests and watchers may speak."""

import asyncio
import time
from collections.abc import Container
from itertools import chain, count

from stagectl.desk.doors import Pass
from stagectl.engine.rights import Role

GUEST = "guest"  # the first word of the name of a guest's face, in the journal too
LONGEST = 40  # letters of a name
HAND = 0.05  # seconds between two letters of a guest's, or of all guests of one PIN
AT_ONCE = 10  # of these letters that may come sooner


def called(said: object, role: Role) -> str:
    """Return what a face is called that calls itself this: a guest's says so, and no other can."""
    name = "".join(c for c in said if c.isprintable()).strip() if isinstance(said, str) else ""
    while name.partition(" ")[0] == GUEST:
        name = name.removeprefix(GUEST).strip()
    name = name or "panel"
    return (f"{GUEST} {name}" if role == "guest" else name)[:LONGEST]


def unused(name: str, taken: Container[str]) -> str:
    """Return a name no open surface has: the guard locks out one surface, not its namesake."""
    names = chain([name], (f"{name} {number}" for number in count(2)))
    return next(n for n in names if n not in taken)


class Hands:
    """Whoever is no operator speaks no quicker than hands do, on however many faces.

    Who says more than that waits, then the socket is full, and then the sender waits: a GO of
    somebody else's does not, and the journal does not grow with refusals.
    """

    def __init__(self) -> None:
        """Nobody has spoken yet."""
        self._next: dict[Pass, float] = {}

    async def wait(self, may: Pass) -> None:
        """Wait until whoever has this pass may be listened to."""
        now = time.monotonic()
        self._next = {other: at for other, at in self._next.items() if at > now - HAND * AT_ONCE}
        at = self._next.get(may, now - HAND * AT_ONCE) + HAND
        self._next[may] = at
        if at > now:
            await asyncio.sleep(at - now)
