"""Nynorsk and Northern Sámi need only a catalogue: a folder, and no line of code."""

import asyncio
import datetime as dt

import pytest

from stagectl.panel import clocks, say
from stagectl.panel.link import Hello
from stagectl.panel.playbill import read_playbill
from stagectl.panel.view import View
from stagectl.words import plain, tongue
from stagectl.words.tongue import _, ngettext
from tests.cli.library import Library
from tests.panel import snapshots
from tests.panel.canned import ME, NARROW, evening
from tests.words.catalogues import write

NYNORSK = {
    "Check shows, venues and profiles, and tell every mistake.": "Sjå etter mistak.",
    "Options": "Val",
    "READY": "KLÅR",
    "NEXT": "NESTE",
    "January": "januar",
    "{day} {month}": "{day}. {month}",
    ("and {n} more", "and {n} more"): ("og éin til", "og {n} til"),
}
SAMI = {
    "READY": "GÁRVVIS",
    ("and {n} more", "and {n} more"): ("ja okta", "ja guokte", "ja {n}"),
}
DUAL = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"


@pytest.fixture
def nynorsk(tmp_path):
    return write(tmp_path / "own", "nn", NYNORSK)


@pytest.fixture
def library(tmp_path):
    house = Library(tmp_path / "project", tmp_path / "home")
    yield house
    house.close()


def test_a_command_speaks_it_and_what_it_lacks_it_says_in_bokmaal(library, nynorsk):
    told = library("check", "--help", "--language", "nn", STAGECTL_LOCALE=str(nynorsk)).out
    assert "Val:" in told  # click's own words come the same way
    assert "Bruk: stagectl check" in told
    assert "Usage" not in told
    assert "--language en|nb|nn" in told


def test_a_language_of_nobody_is_refused_with_those_there_are(library, nynorsk):
    for words in (("check", "cues/reading.yaml"), ("status",)):
        done = library(*words, "--language", "fr", STAGECTL_LOCALE=str(nynorsk))
        assert done.status == 2
        assert "there is no catalogue for fr; there are en, nb, nn" in done.err


def test_a_language_whose_readers_read_another_is_spoken_in_that(library):
    """Nynorsk and Sámi without a catalogue are bokmål, not English; and no mistake."""
    for language in ("nn", "se", "nb_NO.UTF-8", "no"):
        told = library("check", "cues/reading.yaml", "--language", language)
        assert told.status == 0, told.told
        assert told.out == library("check", "cues/reading.yaml", "--language", "nb").out


def test_the_machines_language_may_be_one_of_ones_own(library, nynorsk):
    told = library("check", "--help", LANG="nn_NO.UTF-8", STAGECTL_LOCALE=str(nynorsk)).out
    assert "Val:" in told


def test_what_one_says_oneself_goes_before_what_comes_with_the_house(tmp_path, monkeypatch):
    monkeypatch.setenv(tongue.OWN, str(write(tmp_path, "nb", {"READY": "TILREDE"})))
    with tongue.speaking("nb"):
        assert _("READY") == "TILREDE"
        assert _("NEXT") == "NESTE"


def test_a_panel_speaks_what_the_venue_says(nynorsk, monkeypatch):
    monkeypatch.setenv(tongue.OWN, str(nynorsk))

    async def seen():
        book = snapshots.plain_book()
        book["venue"]["language"] = "nn"
        heard = (Hello(ME, "operate"), read_playbill(book), snapshots.ready())
        async with evening(size=NARROW, heard=heard) as it:
            return it.text()

    text = asyncio.run(seen())
    assert "KLÅR" in text
    assert "Dekk sendingen" in text  # from bokmål


def test_numbers_days_and_hours_come_from_bokmaal_where_nynorsk_is_silent(nynorsk, monkeypatch):
    monkeypatch.setenv(tongue.OWN, str(nynorsk))
    with tongue.speaking("nn"):
        assert plain.number(-2.5) == "−2,5"
        assert plain.day(dt.date(2027, 1, 14)) == "14. januar"
        assert plain.day(dt.date(2027, 5, 17)) == "17. mai"
        view = View(bill=snapshots.debate(), wall=snapshots.WALL)
        assert clocks.wall(view, snapshots.WALL) == "19:42"


def test_a_language_with_three_numbers_has_them(tmp_path, monkeypatch):
    """Northern Sámi has a dual."""
    monkeypatch.setenv(tongue.OWN, str(write(tmp_path, "se", SAMI, DUAL)))
    with tongue.speaking("se"):
        assert [say.more(n) for n in (1, 2, 3)] == ["ja okta", "ja guokte", "ja 3"]
        assert ngettext("1 to settle", "{n} to settle", 3).format(n=3) == "3 saker"
        assert _("READY") == "GÁRVVIS"
        assert _("NEXT") == "NESTE"  # se → nb → en
