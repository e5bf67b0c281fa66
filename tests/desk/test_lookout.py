"""A changed file is noticed, read elsewhere, and offered or refused in words; nothing is taken."""

import os
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from stagectl.desk import handover, reread
from stagectl.desk.handover import Handover, Options
from stagectl.desk.lookout import STILL, Lookout
from stagectl.desk.place import Place
from stagectl.files.load import load_show
from stagectl.words import tongue
from stagectl.words.edits import unused
from tests.desk.fakes import until

ROOT = Path(__file__).parents[2]
SHOW = "2026-11-28-hoytlesning-tegnspraktolk.yaml"
SOON = 8.0  # seconds: another process has to start; the faults' tests say how long it takes


class Hall:
    """A project, a place with its book in it, and a lookout over both."""

    def __init__(self, folder):
        for part in ("cues", "scenes"):
            (folder / part).mkdir()
        self.show, self.venue = folder / "cues" / SHOW, folder / "scenes" / "lillestrom.yaml"
        shutil.copy(ROOT / "cues" / SHOW, self.show)
        shutil.copy(ROOT / "scenes" / "lillestrom.yaml", self.venue)
        self.place = Place(folder / "place")
        self.place.make()
        self.book = load_show(self.show, cached=False)
        handover.leave(self.place, Handover(self.book, Options("run.jsonl"), {}))
        self.told = []
        self.makes = []
        self.lookout = Lookout(self.place, self.book, self.told.append, self._make, lambda: ())

    def _make(self, book):
        self.makes.append(book)
        return {}

    @property
    def newest(self):
        return self.told[-1]

    def edit(self, old, new, path=None):
        path = path or self.show
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def judged(self):
        """Return what the other process would say of the files now."""
        return reread.judge(self.place, handover.take(self.place))


@pytest.fixture
def hall(tmp_path):
    return Hall(tmp_path)


@contextmanager
def watching(hall):
    hall.lookout.start()
    try:
        yield hall
    finally:
        hall.lookout.stop()


def test_files_that_are_as_loaded_are_nothing_to_tell_though_they_were_touched(hall):
    with watching(hall):
        hall.show.touch()
        time.sleep(1.0 + 4 * STILL)
        hall.show.write_bytes(hall.show.read_bytes())
        time.sleep(2 * STILL)
    assert hall.told == []


def test_an_edit_is_offered_with_all_that_a_desk_needs_to_take_it(hall):
    with watching(hall):
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        until(lambda: hall.told, SOON)
    renewal = hall.newest.renewal
    assert renewal is not None
    assert renewal.book.show.cues[2].name == "Salen er stille"
    assert renewal.offer.id == renewal.book.digest
    assert [(e.number, e.what) for e in renewal.offer.edits.cues] == [("3", ("name",))]
    assert hall.makes == [renewal.book]
    assert "Salen er stille" in renewal.letter.read_text("utf-8")
    assert "Salen er stille" in renewal.copies.read_text("utf-8")
    assert handover.take(hall.place, renewal.book.digest).book == renewal.book
    assert handover.take(hall.place).book == hall.book


@pytest.mark.skipif(sys.platform == "win32", reason="it does not say when a file's times were set")
def test_an_edit_that_keeps_the_files_size_and_time_is_offered_too(hall):
    then = hall.show.stat()
    with watching(hall):
        time.sleep(1.0 + 2 * STILL)
        with hall.show.open("r+b") as file:  # in its place: the same file to the disk
            file.write(hall.show.read_bytes().replace(b"Salen roer seg", b"Salen reiser s"))
        os.utime(hall.show, ns=(then.st_atime_ns, then.st_mtime_ns))
        until(lambda: hall.told, SOON)
    assert hall.newest.renewal.book.show.cues[2].name == "Salen reiser s"
    assert hall.show.stat().st_mtime_ns == then.st_mtime_ns
    assert hall.show.stat().st_size == then.st_size


def test_the_venue_and_a_profile_of_ones_own_are_looked_after_too(hall):
    with watching(hall):
        own = hall.venue.parent / "profiles"
        own.mkdir()
        time.sleep(1.2)
        shutil.copy(ROOT / "stagectl" / "profiles" / "qlcplus.yaml", own / "qlcplus.yaml")
        with (own / "qlcplus.yaml").open("a") as file:
            file.write("oops: true\n")
        until(lambda: hall.told, SOON)
        assert hall.newest.unused.code == "mistakes"
        assert hall.newest.unused.path.endswith("qlcplus.yaml")
        shutil.rmtree(own)
        until(lambda: hall.newest.unused is None, SOON)
        assert hall.newest.renewal is None


def test_a_file_that_is_still_being_written_is_not_read(hall, monkeypatch):
    monkeypatch.setattr("stagectl.desk.lookout.STILL", 3.0)  # more than a busy machine stops us
    text = hall.show.read_text("utf-8")
    with watching(hall):
        time.sleep(1.2)
        with hall.show.open("w", encoding="utf-8") as file:
            for at in range(0, len(text), len(text) // 10):
                file.write(text[at : at + len(text) // 10])
                file.flush()
                time.sleep(0.4)  # ten times: longer than it would have to be still
                assert hall.told == []
        time.sleep(3.0 + 2 * STILL)
    assert hall.told == [], "it is as it was"


def test_a_file_that_is_gone_is_told_and_its_return_too(hall):
    text = hall.show.read_bytes()
    with watching(hall):
        hall.show.unlink()
        until(lambda: hall.told, SOON)
        assert (hall.newest.unused.code, hall.newest.unused.path) == ("gone", str(hall.show))
        hall.show.write_bytes(text)
        until(lambda: len(hall.told) == 2, SOON)
        assert (hall.newest.unused, hall.newest.renewal) == (None, None)


def test_an_offer_is_withdrawn_when_the_file_is_as_loaded_again_and_told_once(hall):
    with watching(hall):
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        until(lambda: hall.told, SOON)
        hall.show.touch()
        time.sleep(4 * STILL)
        assert len(hall.told) == 1, "touched is not changed"
        hall.edit("name: Salen er stille", "name: Salen roer seg")
        until(lambda: len(hall.told) == 2, SOON)
    assert hall.newest.renewal is None


def test_the_version_that_was_taken_is_what_the_disk_is_held_against(hall):
    with watching(hall):
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        until(lambda: hall.told, SOON)
        hall.lookout.loaded(hall.newest.renewal.book)
        time.sleep(4 * STILL)
        assert len(hall.told) == 1, "what runs is what lies there"
        hall.edit("name: Salen er stille", "name: Salen roer seg")
        until(lambda: len(hall.told) == 2, SOON)
        assert hall.newest.renewal.offer.edits.changed == 1


def test_what_cannot_be_looked_at_is_told_and_the_next_edit_is_looked_at_again(hall, monkeypatch):
    monkeypatch.setattr("sys.executable", "/no/such/python")
    with watching(hall):
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        until(lambda: hall.told, SOON)
        assert hall.newest.unused.code == "broken"
        monkeypatch.undo()
        hall.edit("name: Salen er stille", "name: Salen er helt stille")
        until(lambda: hall.newest.renewal is not None, SOON)


def test_it_goes_at_once_though_files_are_being_read(hall):
    with watching(hall):
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        time.sleep(1.0 + STILL)
        began = time.monotonic()
    assert time.monotonic() - began < 2.0
    assert not [t for t in threading.enumerate() if t.name == "lookout"]


def test_what_the_other_process_finds_to_be_as_loaded_is_nothing_to_tell(hall, monkeypatch):
    monkeypatch.setattr("stagectl.desk.lookout._digest", lambda _: "of fewer files")
    with watching(hall):
        time.sleep(1.2)
        hall.show.touch()
        time.sleep(6 * STILL)
        assert hall.told == []
        hall.edit("name: Salen roer seg", "name: Salen er stille")
        until(lambda: hall.told, SOON)
        hall.edit("name: Salen er stille", "name: Salen roer seg")
        until(lambda: len(hall.told) == 2, SOON)
        assert hall.newest.renewal is None


# ---------------------------------------------------------------- the other process


def test_mistakes_are_counted_and_the_first_is_said_in_every_language(hall):
    hall.edit("lights.house: 40 %", "lights.hose: 40 %")
    hall.edit("fade: 8 s", "fade: 8")
    verdict = hall.judged()
    assert (verdict["kind"], verdict["count"]) == ("mistakes", 2)
    assert set(verdict["said"]) == set(tongue.languages())
    assert len(set(verdict["said"].values())) == len(verdict["said"])
    assert str(hall.show) in verdict["watched"]
    assert not list(hall.place.folder.glob("book-*")), "nothing is left of what is not offered"


def test_a_device_at_another_address_and_another_venue_are_refused_by_name(hall):
    hall.edit("password: secret:obs", "password: secret:other", hall.venue)
    verdict = hall.judged()
    assert (verdict["kind"], verdict["about"]) == ("devices", ["obs"])
    shutil.copy(ROOT / "scenes" / "lillestrom.yaml", hall.venue)
    shutil.copy(hall.venue, hall.venue.with_name("other.yaml"))
    hall.edit("venue: lillestrom", "venue: other")
    assert hall.judged()["kind"] == "venue"


def test_addresses_of_the_command_line_are_no_change(tmp_path):
    hall = Hall(tmp_path)
    at = {"mixer": "127.0.0.1:9"}
    book = load_show(hall.show, at=at, cached=False)
    options = Options("run.jsonl", at=at)
    handover.leave(hall.place, Handover(book, options, {}))
    hall.edit("name: Salen roer seg", "name: Salen er stille")
    verdict = reread.judge(hall.place, handover.take(hall.place))
    assert verdict["kind"] == "offer"
    new = handover.take(hall.place, verdict["digest"])
    assert new.book.venue.devices["mixer"].at == "127.0.0.1:9"
    assert new.options == options


def test_only_the_newest_versions_are_kept(hall):
    digests = []
    for n in range(4):
        hall.edit(
            "name: " + ("Salen roer seg" if not n else f"Stille {n}"), f"name: Stille {n + 1}"
        )
        digests.append(hall.judged()["digest"])
        past = time.time() - 100 + n
        os.utime(hall.place.book_of(digests[-1]), (past, past))
    kept = {path.name for path in hall.place.folder.glob("book-*") if not path.suffix}
    assert kept == {hall.place.book_of(digest).name for digest in digests[-2:]}


def test_a_new_start_leaves_no_version_of_another_run(hall):
    hall.edit("name: Salen roer seg", "name: Salen er stille")
    hall.judged()
    assert list(hall.place.folder.glob("book-*"))
    handover.leave(hall.place, Handover(hall.book, Options("run.jsonl"), {}))
    assert not list(hall.place.folder.glob("book-*"))


@pytest.mark.parametrize("code", ["mistakes", "gone", "devices", "venue", "broken"])
def test_every_reason_has_its_words(code):
    from stagectl.engine.snapshot import UnusedRow

    row = UnusedRow(code, "cues/x.yaml", 3, 2, {"en": "No.", "nb": "Nei."}, ("obs",))
    for language in tongue.languages():
        with tongue.speaking(language):
            what, follows, cure = unused(row)
            assert what
            assert follows
            assert cure
