"""Who is let in at the panel port, as what and until when; asked again for as long as they stay.

The desk's own tokens, and those that PINs give. The PINs' file is looked at again and again, so a
PIN that was made, changed or dropped counts at once, and nobody need tell the desk.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stagectl.desk.moment import Moment, now
from stagectl.desk.pins import Grant, Pins
from stagectl.engine.rights import Role


@dataclass(frozen=True, slots=True)
class Pass:
    """What somebody may. `own` as in rights; `grant` is what they have it by, None: the desk's."""

    role: Role
    own: tuple[str, ...] = ()
    grant: Grant | None = None

    @property
    def until(self) -> float | None:
        """Return when it ends, in seconds since the epoch; None: when somebody ends it."""
        return None if self.grant is None else self.grant.until


class Doors:
    """For one thread. Only `look` reads anything."""

    def __init__(
        self,
        tokens: Mapping[str, Role],
        pins: Pins | None = None,
        clock: Callable[[], Moment] = now,
    ) -> None:
        """Know the desk's own tokens, and the PINs as they are now."""
        self._tokens = {token.encode(): Pass(role) for token, role in tokens.items() if token}
        self._pins = pins
        self._clock = clock
        self._grants: dict[bytes, Pass] = {}
        self._ends: dict[Grant, float] = {}  # on the clock that nobody can set
        self._seen: object = None
        self.look()

    def look(self) -> None:
        """See whether the PINs are others; what nobody can read lets nobody in."""
        if self._pins is None:
            return
        try:
            told = self._pins.path.stat()
            seen = (told.st_mtime_ns, told.st_size, told.st_ino)
            if seen == self._seen:
                return
            grants = self._pins.grants()
        except FileNotFoundError:
            seen, grants = None, ()
        except ValueError:
            grants = ()
        except OSError:  # not just now (Windows, while it is replaced): as it was until then
            return
        self._seen = seen
        self._grants = {g.token.encode(): Pass(g.role, g.own, g) for g in grants}
        moment = self._clock()
        self._ends = {g: self._ends.get(g, moment.ran + g.left(moment)) for g in grants}

    def admit(self, said: object) -> Pass | None:
        """Return what a token gives, though it may not hold any more; None: nobody knows it."""
        token = said.encode(errors="replace") if isinstance(said, str) else b""
        known = {**self._tokens, **self._grants}
        # every token is compared, in constant time
        fits = [may for own, may in known.items() if hmac.compare_digest(own, token)]
        return fits[0] if fits else None

    def holds(self, may: Pass) -> bool:
        """Tell whether somebody may stay: nobody has changed the PIN, and its time has not come."""
        grant = may.grant
        if grant is None:
            return True
        moment = self._clock()
        return grant.left(moment) > 0 and moment.ran < self._ends.get(grant, 0.0)
