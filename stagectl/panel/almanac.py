"""Dates as they are said on a screen: "Monday 23 November", "tomorrow", "in 5 days"."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from stagectl.words import plain
from stagectl.words.tongue import N_, _, ngettext

_DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"),
    N_("Sunday"),
)  # fmt: skip
NEAR = 14  # days that are counted


def at(epoch: float, zone: str) -> datetime:
    """Return a moment by the clock of a time zone; "": this machine's."""
    return datetime.fromtimestamp(epoch, UTC).astimezone(_zone(zone))


def of(iso: str) -> date | None:
    """Return the date of "2026-11-23", None if it is none."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def weekday(day: date) -> str:
    """Return "Monday"."""
    return _(_DAYS[day.weekday()])


def short(day: date, today: date) -> str:
    """Return "23 November", with its year where that is another than today's."""
    said = plain.day(day)
    return said if day.year == today.year else f"{said} {day.year}"


def full(day: date, today: date) -> str:
    """Return "Monday 23 November"."""
    # Translators: a day and its date, as "Monday 23 November"
    return _("{weekday} {date}").format(weekday=weekday(day), date=short(day, today))


def far(day: date, today: date) -> str:
    """Return how far away a day is: "tomorrow", "in 5 days"; "" for one that is far away."""
    days = (day - today).days
    match days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
        case _ if 0 < days <= NEAR:
            return ngettext("in {n} day", "in {n} days", days).format(n=days)
        case _ if -NEAR <= days < 0:
            return ngettext("{n} day ago", "{n} days ago", -days).format(n=-days)
        case _:
            return ""


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
