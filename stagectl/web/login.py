"""Who is let in, as what, and until when. Nothing of it is kept longer than this process lives."""

import asyncio
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stagectl.desk.doors import Pass
from stagectl.desk.moment import now
from stagectl.desk.pins import Grant, Pins

DAY = 24 * 3600.0  # seconds that nobody is let in for longer than, whatever lets them in
SESSIONS = 64  # logged in at once; whoever was not here for longest gives way
LINK = 3600.0  # seconds that a link which opens once waits to be opened
SHORTEST = 20  # characters of a key: what cannot be guessed


@dataclass(frozen=True, slots=True)
class Wrong:
    """Not let in. `wait`: seconds in which nothing from this address is looked at."""

    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is let in; `until` in wall seconds."""

    may: Pass
    until: float


class Keys:
    """Long words that open the door: always, as this machine's own, or once, as a link's."""

    def __init__(self, standing: Callable[[], Iterable[tuple[str, Pass]]] = tuple) -> None:
        """`standing` is asked at every try: a desk's tokens change with every run."""
        self._standing = standing
        self._once: dict[str, tuple[Pass, float]] = {}

    def once(self, may: Pass) -> str:
        """Make a key that opens one time, and soon."""
        key = secrets.token_urlsafe(24)
        self._once[key] = (may, time.monotonic() + LINK)
        return key

    def check(self, key: str) -> Pass | None:
        """Return what a key gives; every key is compared, in constant time."""
        said, now_ = key.encode(errors="replace"), time.monotonic()
        self._once = {k: told for k, told in self._once.items() if told[1] > now_}
        known = [*self._standing(), *((k, may) for k, (may, _) in self._once.items())]
        fits = [
            may
            for own, may in known
            if hmac.compare_digest(own.encode(), said) and len(own) >= SHORTEST
        ]
        self._once.pop(key, None)
        return fits[0] if fits else None


class Login:
    """Takes PINs and keys, gives sessions their names."""

    def __init__(self, pins: Pins, keys: Keys, clock: Callable[[], float] = time.time) -> None:
        """Let nobody in yet."""
        self._pins, self._keys, self._clock = pins, keys, clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()

    async def by_pin(self, pin: str, address: str) -> str | Wrong:
        """Return the name of a new session, or why not; a PIN costs a while to look at."""
        if wait := await asyncio.to_thread(self._pins.wait, address):
            return Wrong(wait)
        grant = await asyncio.to_thread(self._pins.check, pin, address)
        if grant is None:
            return Wrong(await asyncio.to_thread(self._pins.wait, address))
        return self._begin(Pass(grant.role, grant.own, grant))

    def by_key(self, key: str) -> str | Wrong:
        """Return the name of a new session; a key cannot be guessed, so nobody has to wait."""
        may = self._keys.check(key)
        return Wrong() if may is None else self._begin(may)

    def session(self, name: str | None) -> Session | None:
        """Return who this is; None: nobody, or nobody any more, since the PIN is another."""
        found = self._sessions.get(name or "")
        if found is None or name is None:
            return None
        if not self.lasts(found):
            del self._sessions[name]
            self._ended[name] = None
            while len(self._ended) > SESSIONS:
                self._ended.popitem(last=False)
            return None
        self._sessions.move_to_end(name)
        return found

    def has_ended(self, name: str | None) -> bool:
        """Tell whether a session was over by itself, or by a new PIN; not by its own leaving."""
        return self.session(name) is None and name in self._ended

    def lasts(self, session: Session) -> float:
        """Return how many seconds a session has yet, 0 if it is over."""
        left = session.until - self._clock()
        if (grant := session.may.grant) is not None:
            left = min(left, grant.left(now())) if self._stands(grant) else 0.0
        return max(0.0, left)

    def leave(self, name: str | None) -> None:
        """Forget a session."""
        self._sessions.pop(name or "", None)

    def _begin(self, may: Pass) -> str:
        name = secrets.token_urlsafe(32)
        self._sessions[name] = Session(may, self._clock() + DAY)
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return name

    def _stands(self, grant: Grant) -> bool:
        try:
            return grant in self._pins.grants()
        except (OSError, ValueError):  # nobody can read them: then nobody has them
            return False


__all__ = ["Keys", "Login", "Session", "Wrong"]
