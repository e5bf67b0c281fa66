"""A time of day becomes an instant: the show's date, the venue's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Instant:
    """Seconds since the epoch. `odd`: the clock is put forward over this time, or back to it."""

    epoch: float
    odd: Literal["", "skipped", "twice"] = ""


def instant(day: str, clock: str, zone: ZoneInfo) -> Instant:
    """Return when `clock` ("19:00", "19:00:30") is on `day` (ISO 8601).

    A time that the clock skips in spring is that long after the change: 02:30 is 03:30.
    One that comes twice in autumn is the first of the two.
    """
    hour, minute, second = (int(part) for part in f"{clock}:0".split(":")[:3])
    wall = datetime.combine(date.fromisoformat(day), time(hour, minute, second))
    local = wall.replace(tzinfo=zone)  # fold=0: PEP 495 gives just these two answers
    back = local.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) != wall:
        return Instant(local.timestamp(), "skipped")
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        return Instant(local.timestamp(), "twice")
    return Instant(local.timestamp())
