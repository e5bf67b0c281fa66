"""What lies around a desk may be harmed while it runs: it is put back, told, and no show stops."""

import errno
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from stagectl.client import Line, NoAnswerError
from stagectl.desk import place as places
from stagectl.desk import watch as watches
from stagectl.desk.keeper import Keeper
from stagectl.desk.lock import Lock
from stagectl.desk.place import Card, Place
from stagectl.desk.watch import Watch
from stagectl.engine.intent import End, Go
from stagectl.engine.report import Fact, Facts, Report
from tests.desk.house import ROOT, RUN, Kept, Lamps, book
from tests.desk.test_keeper import fired, until

CARD = Card(7, 8, "ws://127.0.0.1:9", "Show", "x", "hall", "/p", 1.0)
POSIX = pytest.mark.skipif(os.name != "posix", reason="kills processes the POSIX way")


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "state" / "hall")
    place.make()
    return place


@pytest.fixture
def kept(tmp_path, place):
    lamps = Lamps()
    kept = Kept(place, book(tmp_path, lamps.port))
    yield kept
    if kept.keeper.poll() is None:
        kept.keeper.terminate()
    kept.keeper.communicate(timeout=15)
    card = place.card()
    if card is not None and place.lock("desk").held():
        os.kill(card.pid, signal.SIGTERM)
    lamps.close()


@pytest.fixture
def watching(place, monkeypatch):
    """Begin a Watch, and return the facts it has told last."""
    monkeypatch.setattr(watches, "LOOK", 0.01)
    begun = []

    def watching(journal=None, damaged=0):
        facts: dict[str, Fact] = {}
        told = journal or place.folder / "a.jsonl"
        if journal is None:
            told.touch()

        def hear(report: Report) -> None:
            assert isinstance(report, Facts)
            facts.update(report.facts)

        watch = Watch(place, CARD, told, hear, damaged)
        watch.start()
        begun.append(watch)
        return facts

    yield watching
    for watch in begun:
        watch.stop()


def alarms(kept):
    with kept.line() as line:
        return {row.code for row in line.snapshot().alarms}


@pytest.mark.parametrize(
    "harm", [b"", b"{", b'{"address": 5}', b'{"pid": "a"}', b"[1]", b"[" * 5000, b"\xff"]
)
def test_a_harmed_card_is_left_anew(place, watching, harm):
    watching()
    (place.folder / "desk.json").write_bytes(harm)
    until(lambda: place.card() == CARD)


@pytest.mark.parametrize(
    "wrong", [{"address": 5}, {"address": "garbage:x"}, {"pid": True}, {"started": "now"}]
)
def test_a_card_of_wrong_types_is_no_card(place, wrong):
    import json
    from dataclasses import asdict

    (place.folder / "desk.json").write_text(json.dumps(asdict(CARD) | wrong), "utf-8")
    assert place.card() is None
    assert place.has_card()


@pytest.mark.parametrize("address", ["ws://127.0.0.1:x", "ws://", "ws://127.0.0.1:99999"])
def test_an_address_that_is_none_leads_to_nobody(address):
    with pytest.raises(NoAnswerError, match="closed"):
        Line(address, "token")


def test_a_disk_that_takes_no_card_is_told_until_it_does(place, watching, monkeypatch):
    whole = places.write_private

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(places, "write_private", full)
    facts = watching()
    until(lambda: facts.get("place") == "full")
    monkeypatch.setattr(places, "write_private", whole)
    until(lambda: facts["place"] == "")
    assert place.card() == CARD


def test_a_lock_that_cannot_be_made_for_want_of_room_is_taken_as_it_lies(place, monkeypatch):
    path = place.folder / "desk.lock"
    path.touch()
    whole = os.open

    def readonly(name, flags, mode=0o777):
        if flags & (os.O_CREAT | os.O_RDWR):
            raise OSError(errno.EROFS, "Read-only file system")
        return whole(name, flags, mode)

    monkeypatch.setattr(os, "open", readonly)
    lock = Lock(path)
    assert lock.take()
    assert not Lock(path).take()
    lock.drop()


def test_lines_of_the_journal_that_were_lost_are_told(watching):
    facts = watching(damaged=3)
    until(lambda: facts.get("journal_damaged") == "3")


def test_a_journal_that_was_taken_away_is_told(place, watching):
    facts = watching(place.folder / "nowhere.jsonl")
    until(lambda: facts.get("journal_damaged") == "gone")


def test_a_journal_taken_away_in_a_run_is_whole_again_with_the_next_event(kept, place):
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        (place.journal / RUN).unlink()
        assert panel.ask(Go(expect="2")).ok
        until(lambda: (place.journal / RUN).exists() and fired(place) == ["1", "2"])
        until(lambda: "journal_damaged" not in {row.code for row in panel.snapshot().alarms})


@POSIX
def test_a_desk_comes_back_though_its_card_can_neither_be_read_nor_left(kept, place):
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
    before = kept.pid
    (place.folder / "desk.json").unlink()
    (place.folder / "desk.json").mkdir()
    os.kill(before, signal.SIGKILL)
    until(lambda: "cannot be left" in kept.log())
    (place.folder / "desk.json").rmdir()
    with kept.line(other_than=before) as panel:
        until(lambda: panel.snapshot().onstage == "1")


def test_a_keeper_that_gets_no_process_once_tries_again(tmp_path, place, monkeypatch):
    from stagectl.desk import handover
    from stagectl.desk.agreed import ENDED
    from stagectl.desk.handover import Handover, Options

    place.renew_tokens()
    handover.leave(place, Handover(book(tmp_path, 9), Options(RUN), {}))
    whole: Any = subprocess.Popen
    failures = [OSError(errno.EMFILE, "x"), OSError(errno.EAGAIN, "y")]

    def popen(*words: Any, **more: Any) -> Any:
        if failures:
            raise failures.pop()
        return whole(*words, **more, cwd=ROOT)

    monkeypatch.setattr(subprocess, "Popen", popen)
    told = []
    keeper = Keeper(place, {}, lambda code, about: told.append(code))

    def up(card):
        with Line(card.address, place.token("operate")) as line:
            line.ask(End())

    assert keeper.keep(up) == ENDED
    assert told[:2] == ["missing", "missing"]


@POSIX
def test_a_keeper_that_was_killed_is_told_and_another_adopts_its_desk(kept, place):
    with kept.line() as panel:
        assert panel.ask(Go(expect="1")).ok
        assert "keeper" not in alarms(kept)
        before = kept.pid
        kept.keeper.kill()
        kept.keeper.wait()
        until(lambda: {row.code for row in panel.snapshot().alarms} >= {"keeper"})
        kept.keeper.communicate()
        kept.keeper = subprocess.Popen(
            [sys.executable, "-m", "stagectl.desk", "keep", str(place.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            text=True,
        )
        kept.keeper.stdin.write("{}\n")
        kept.keeper.stdin.flush()
        until(lambda: "keeper" not in {row.code for row in panel.snapshot().alarms})
        assert kept.pid == before
    os.kill(before, signal.SIGKILL)
    with kept.line(other_than=before) as panel:
        until(lambda: panel.snapshot().onstage == "1")
        assert panel.ask(End()).ok
    assert kept.keeper.wait(10) == 0
