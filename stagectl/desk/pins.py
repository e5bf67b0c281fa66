"""The only place a PIN is made or read: one for each role of a venue's place, kept as a hash.

    pins.json    0600: each PIN's role, salt and hash, until when, a guest's microphones, and the
                 token by which the desk knows whoever gave it
    pins.brake   0600: what was tried and wrong, and where; whichever process looked

Who knows a PIN gets its grant; the token in it opens the panel port and never leaves this machine.
"""

import contextlib
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stagectl.desk.brake import Brake, brake_from_plain, known_as
from stagectl.desk.moment import Moment, now
from stagectl.desk.place import Place, write_private
from stagectl.desk.secrets import Secret
from stagectl.engine.rights import Role

ROLES: tuple[Role, ...] = ("operate", "guest", "watch")
DIGITS = 6
PATIENCE = 5.0  # seconds to wait for another who is looking


@dataclass(frozen=True, slots=True)
class Grant:
    """What a PIN gives. `until` in wall seconds, None: until it is changed; `own` as in rights."""

    role: Role
    token: Secret
    until: float | None
    own: tuple[str, ...]
    made: Moment

    def left(self, moment: Moment) -> float:
        """Return the seconds that it holds yet, 0 at least.

        By the wall clock; and within the boot it was made in by the one that nobody can set too:
        a wall clock put back gives nothing. After a restart of the machine it gives what it shows.
        """
        if self.until is None:
            return float("inf")
        left = self.until - moment.wall
        if moment.boot and moment.boot == self.made.boot:
            left = min(left, self.until - self.made.wall - (moment.ran - self.made.ran))
        return max(0.0, left)


class Pins:
    """The PINs of one place. Any process may have its own; every method may raise OSError."""

    def __init__(self, place: Place, clock: Callable[[], Moment] = now) -> None:
        """Name the place; nothing is read yet."""
        self._place = place
        self._clock = clock
        self._unwritten: Brake | None = None
        self.path = place.folder / "pins.json"
        self._brake_path = place.folder / "pins.brake"

    def make(self, role: Role, *, until: float | None = None, own: Collection[str] = ()) -> Secret:
        """Make a new PIN for a role and return it, this once; the role's old one is void.

        Whoever can do this sits at the machine: all that was tried and wrong is forgiven.
        """
        import secrets  # the standard library's; a desk makes none

        self._place.make()
        with self._alone():
            kept = {name: row for name, row in self._legible().items() if name != role}
            while True:
                pin = Secret(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
                if _fitting(pin, kept) is None:  # one PIN has one role
                    break
            salt, token = secrets.token_bytes(16), Secret(secrets.token_urlsafe(32))
            grant = Grant(role, token, until, tuple(sorted(own)), self._clock())
            self._write_rows({**kept, role: _Row(salt, _hashed(pin, salt), grant)})
            self._write_brake(Brake(operators=self._known().operators))
        return pin

    def drop(self, role: Role) -> bool:
        """Make a role's PIN void; False: there was none."""
        if not self.path.exists():
            return False
        with self._alone():
            rows = dict(self._legible())
            if rows.pop(role, None) is None:
                return False
            self._write_rows(rows)
        return True

    def has(self, role: Role) -> bool:
        """Tell whether a role has a PIN, though it may be over."""
        return role in self._legible()

    def grants(self) -> tuple[Grant, ...]:
        """Return what the PINs give, those that have ended too; raises ValueError: illegible."""
        rows = self._rows()
        return tuple(rows[role].grant for role in ROLES if role in rows)

    def check(self, pin: str, address: str = "") -> Grant | None:
        """Return what a PIN gives; None: nothing, or it was not looked at: `wait`, or too many.

        `address` is where it was typed. Takes as long whatever is wrong with it. A try is counted
        before it is looked at: whoever ends this process halfway gains nothing by it. Raises
        UnsafePlaceError: others could have written here.
        """
        if not self._place.folder.is_dir():
            return None
        self._place.trust()
        try:
            with self._alone():
                return self._look(pin, known_as(address))
        except TimeoutError:  # a crowd is at it
            return None

    def wait(self, address: str = "") -> float:
        """Return the seconds until a PIN from this address is looked at; 0: at once."""
        wall = self._clock().wall
        return self._known().at(wall).wait(known_as(address), wall)

    def _look(self, pin: str, asker: str) -> Grant | None:
        moment = self._clock()
        wall, known = moment.wall, self._known()
        before = known.at(wall)
        if before.wait(asker, wall) > 0:
            if before != known:
                self._write_brake(before)
            return None
        self._write_brake(before.missed(asker, wall))
        grant = _fitting(_typed(pin), self._legible())
        if grant is None or grant.left(moment) <= 0:
            return None
        operates = grant.role == "operate"
        self._write_brake(before.trusting(asker, wall) if operates else before)
        return grant

    # ---- the files

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other process look or write meanwhile: two tries at once are two."""
        lock = self._place.lock("pins")
        if not lock.take(wait=PATIENCE):
            raise TimeoutError(lock.path)
        try:
            yield
        finally:
            lock.drop()

    def _rows(self) -> Mapping[Role, "_Row"]:
        try:
            plain = json.loads(self.path.read_bytes()).items()
            return {role: _row(role, row) for role, row in plain if role in ROLES}
        except FileNotFoundError:
            return {}
        except _NO_ROWS as problem:
            raise ValueError(self.path) from problem

    def _legible(self) -> Mapping[Role, "_Row"]:
        """Return the rows; of a file that nobody can read, none: it is written anew."""
        try:
            return self._rows()
        except ValueError:
            return {}

    def _write_rows(self, rows: Mapping[Role, "_Row"]) -> None:
        plain = {role: row.plain() for role, row in rows.items()}
        write_private(self.path, json.dumps(plain, ensure_ascii=False).encode())

    def _known(self) -> Brake:
        if self._unwritten is not None:
            return self._unwritten
        try:
            return brake_from_plain(json.loads(self._brake_path.read_bytes()))
        except (OSError, ValueError, *_NO_ROWS):
            return Brake()

    def _write_brake(self, brake: Brake) -> None:
        try:
            write_private(self._brake_path, json.dumps(brake.plain()).encode())
        except OSError:  # a full disk: this process at least knows
            self._unwritten = brake
        else:
            self._unwritten = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One PIN as it is kept."""

    salt: bytes
    hash: bytes
    grant: Grant

    def plain(self) -> dict[str, Any]:
        grant = self.grant
        made = grant.made
        return {
            "salt": self.salt.hex(), "hash": self.hash.hex(), "token": str(grant.token),
            "until": grant.until, "own": list(grant.own),
            "made": [made.wall, made.ran, made.boot],
        }  # fmt: skip


def _row(role: Role, plain: Mapping[str, Any]) -> _Row:
    """Return what `_Row.plain` made; raises ValueError, KeyError, TypeError for anything else."""
    token, until, own = plain["token"], plain["until"], tuple(plain["own"])
    wall, ran, boot = plain["made"]
    if not (isinstance(token, str) and token and all(isinstance(stem, str) for stem in own)):
        raise ValueError(role)
    grant = Grant(
        role,
        Secret(token),
        None if until is None else float(until),
        own,
        Moment(float(wall), float(ran), str(boot)),
    )
    return _Row(bytes.fromhex(plain["salt"]), bytes.fromhex(plain["hash"]), grant)


def _fitting(pin: str, rows: Mapping[Role, _Row]) -> Grant | None:
    """Return the grant of the PIN that this is; every role costs a look, there or not."""
    found: Grant | None = None
    for role in ROLES:
        row = rows.get(role)
        hashed = _hashed(pin, row.salt if row is not None else _NO_SALT)
        if row is not None and hmac.compare_digest(hashed, row.hash):
            found = row.grant
    return found


def _hashed(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(errors="replace"), salt=salt, **_COST)


def _typed(pin: str) -> str:
    """Return a PIN as it was told, however it was typed: 123 456."""
    return "".join(pin[:_MOST].split())


_COST = {"n": 1 << 14, "r": 8, "p": 1, "dklen": 32}
"""Of one look: 16 MB, and 40 ms on one core."""
_NO_SALT = bytes(16)
_NO_ROWS = (AttributeError, KeyError, TypeError, OverflowError, RecursionError)
"""What anybody else's JSON comes to here, beside ValueError."""
_MOST = 64
