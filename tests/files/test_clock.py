"""A time of day is an instant, also on the two nights a year when it is not that simple."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.files.clock import Instant, instant
from tests.files.house import HEAD, SHOW, found

OSLO = ZoneInfo("Europe/Oslo")


def utc(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_a_time_of_day_is_the_venues():
    assert instant("2026-11-28", "19:00", OSLO) == Instant(utc("2026-11-28T18:00"))
    assert instant("2026-06-28", "19:00:30", OSLO) == Instant(utc("2026-06-28T17:00:30"))


def test_a_time_the_clock_skips_is_that_long_after_the_change():
    assert instant("2026-03-29", "02:30", OSLO) == Instant(utc("2026-03-29T01:30"), "skipped")
    assert instant("2026-03-29", "03:30", OSLO) == Instant(utc("2026-03-29T01:30"))


def test_a_time_that_comes_twice_is_the_first():
    assert instant("2026-10-25", "02:30", OSLO) == Instant(utc("2026-10-25T00:30"), "twice")
    assert instant("2026-10-25", "03:00", OSLO) == Instant(utc("2026-10-25T02:00"))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 -- wall clock
def test_any_other_time_is_on_the_wall_when_it_comes(wall):
    when = instant(wall.date().isoformat(), f"{wall:%H:%M:%S}", OSLO)
    if when.odd != "skipped":
        shown = datetime.fromtimestamp(when.epoch, OSLO).replace(tzinfo=None)
        assert shown == wall.replace(microsecond=0)


def test_a_cue_with_a_clock_time_fires_then(house):
    for text in ('"19:00"', "19:00", '"19.00"', "19.00.00"):
        book = house.cues(f"  - {{cue: 1, at: {text}}}\n").book
        assert book is not None
        assert book.show.cues[0].at == utc("2026-11-28T18:00")


@pytest.mark.parametrize(
    ("day", "code"), [("2026-03-29", "at_skipped"), ("2026-10-25", "at_twice")]
)
def test_the_two_odd_nights_are_a_warning_at_the_time(house, day, code):
    checked = house.cues("  - {cue: 1, at: '02:30'}\n", SHOW.replace("2026-11-28", day))
    assert checked.book is not None
    assert (code, HEAD + 1, 18, 7) in [found(p) for p in checked.problems]


def test_a_clock_time_needs_a_date(house):
    checked = house.cues("  - {cue: 1, at: '19:00'}\n", SHOW.replace("date: 2026-11-28\n", ""))
    assert [p.code for p in checked.problems if p.severity == "error"] == ["at_no_date"]
