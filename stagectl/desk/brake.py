"""How often anybody may guess: five times from one address, then ever more slowly.

A value, by the wall clock, so that it outlives whoever counts.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FREE = 5  # wrong tries from one address before it has to wait
FIRST = 30.0  # seconds of the first wait; each wrong try after it doubles the next
LONGEST = 900.0  # seconds of the longest
FORGIVEN = 24 * 3600.0  # seconds without a wrong try after which an address begins anew
HOUR = 3600.0
CEILING = 60  # wrong tries an hour, from however many addresses
ADDRESSES = 1000  # remembered; the oldest are forgotten, and the ceiling holds all the same
TRUSTED = 30 * 24 * 3600.0  # seconds for which an operator's address is above the ceiling


@dataclass(frozen=True, slots=True)
class Guesses:
    """What one address has tried: wrong tries in a row, and when the last one was."""

    wrong: int
    last: float

    @property
    def rest(self) -> float:
        """Return the seconds of silence after it."""
        return 0.0 if self.wrong < FREE else min(FIRST * 2 ** min(self.wrong - FREE, 9), LONGEST)


@dataclass(frozen=True, slots=True)
class Brake:
    """What is known of wrong tries. Addresses as `known_as` names them; times are wall seconds."""

    guesses: Mapping[str, Guesses] = field(default_factory=dict)
    wrong: tuple[float, ...] = ()
    """Of all addresses, the newest CEILING, oldest first."""
    operators: Mapping[str, float] = field(default_factory=dict)
    """Where an operator's PIN was given, and when: no crowd of strangers locks those out."""

    def at(self, wall: float) -> "Brake":
        """Return the brake when it is `wall`: nothing was tried later, whatever the clock said.

        So a clock that was put back lets nobody wait longer than what he has earned from now on.
        """
        return Brake(
            {a: replace(g, last=min(g.last, wall)) for a, g in self.guesses.items()},
            tuple(min(t, wall) for t in self.wrong),
            {a: min(t, wall) for a, t in self.operators.items() if wall - t < TRUSTED},
        )

    def wait(self, asker: str, wall: float) -> float:
        """Return the seconds until a PIN from this address is looked at; 0: at once."""
        own = self.guesses.get(asker)
        waits = 0.0 if own is None else own.last + own.rest - wall
        if asker not in self.operators and len(self.wrong) == CEILING:
            waits = max(waits, self.wrong[0] + HOUR - wall)
        return max(0.0, waits)

    def missed(self, asker: str, wall: float) -> "Brake":
        """Return the brake after a wrong try."""
        before = self.guesses.get(asker)
        old = before is None or wall - before.last > FORGIVEN
        tries = 1 if before is None or old else before.wrong + 1
        guesses = {a: g for a, g in self.guesses.items() if a != asker}
        guesses[asker] = Guesses(tries, wall)
        return replace(
            self,
            guesses=dict(list(guesses.items())[-ADDRESSES:]),
            wrong=(*self.wrong, wall)[-CEILING:],
        )

    def trusting(self, asker: str, wall: float) -> "Brake":
        """Return the brake after an operator's PIN: whoever has that has nothing left to guess.

        A guest's changes nothing: who knows one PIN may be guessing another.
        """
        operators = {a: t for a, t in self.operators.items() if a != asker} | {asker: wall}
        return replace(
            self,
            guesses={a: g for a, g in self.guesses.items() if a != asker},
            operators=dict(list(operators.items())[-ADDRESSES:]),
        )

    def plain(self) -> dict[str, Any]:
        """Return its JSON."""
        return {
            "guesses": {a: [g.wrong, g.last] for a, g in self.guesses.items()},
            "wrong": list(self.wrong),
            "operators": dict(self.operators),
        }


def brake_from_plain(plain: Mapping[str, Any]) -> Brake:
    """Return what `Brake.plain` made; raises ValueError, KeyError, TypeError, AttributeError."""
    return Brake(
        {str(a): Guesses(int(n), float(t)) for a, (n, t) in plain["guesses"].items()},
        tuple(float(t) for t in plain["wrong"]),
        {str(a): float(t) for a, t in plain["operators"].items()},
    )


def known_as(address: str) -> str:
    """Return what an address is counted as: a network of IPv6 (/64) is one house, and one asker."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return "".join(c for c in address if c.isprintable())[:64]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
