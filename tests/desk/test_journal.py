"""The journal loses nothing that was written, and nothing it meets on a disk stops the show."""

import errno
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.desk import journal
from stagectl.desk.journal import Journal, Opened, Started, boot_id, read
from stagectl.desk.shelf import fresh, newest
from stagectl.engine import event as e
from stagectl.engine.plain import tagged
from tests.desk.fakes import until

EVENTS = (
    e.Began(at=1.0, by="panel"),
    e.Fired(at=1.25, by='Kari "Ø" \n\u2028', cue="2.5"),
    e.Held(at=2.0, by="hand", parameter="mixer.host.level", value=float("-inf")),
    e.Held(at=2.0, by="hand", parameter="mixer.host.on", value=True),
    e.DeviceLinked(at=2.5, device="obs", restarted=True),
    e.Covered(at=300.0, by="panel", since=180.0),
    e.Did(at=301.0, do=7, device="obs", verb="record", argument="start", cue="2"),
)
OPENED = Opened("live", "cues/a.yaml", "scenes/b.yaml", "d", {"cues/a.yaml": "show: Å\n"})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal" / "run.jsonl"


@pytest.fixture
def told(path):
    """A journal with a run in it, closed."""
    book = Journal(path)
    book.begin(OPENED)
    book.start(0.5, 1000.0, "boot")
    book.append(EVENTS)
    book.close()
    return path


def past(path, now=400.0, wall=1399.5, boot="boot"):
    return read(path, now=now, wall=wall, boot=boot)


# ---- writing


def test_what_was_appended_is_read_back(told):
    found = past(told)
    assert (found.opened, found.events, found.damaged) == (OPENED, EVENTS, 0)
    assert found.starts == (Started(0.5, 1000.0, "boot", os.getpid()),)


def test_half_a_character_costs_that_character_and_nothing_else(told):
    book = Journal(told)
    book.append([e.Held(at=400.0, by="hand", parameter="obs.Name.text", value="Kari \ud800!")])
    book.close()
    assert past(told).events[-1].value == "Kari ?!"


def test_each_event_is_one_line_of_its_plain_form(told):
    lines = told.read_bytes().splitlines()
    assert [json.loads(line) for line in lines[2:]] == [tagged(event) for event in EVENTS]


def test_a_line_is_in_the_file_before_append_returns(path):
    book = Journal(path, sync=lambda _: None)
    book.append(EVENTS[:1])
    assert path.read_bytes().endswith(b'"by":"panel"}\n')
    book.close()


def test_only_this_user_may_read_it(told):
    if os.name == "posix":
        assert told.stat().st_mode & 0o077 == 0


def test_the_disk_is_synced_on_another_thread_and_only_once_the_packets_are_out(path):
    synced = threading.Event()
    threads = []

    def sync(file):
        threads.append(threading.current_thread())
        synced.set()

    book = Journal(path, sync=sync)
    book.append(EVENTS)
    assert not synced.wait(0.1)
    book.settle()
    assert synced.wait(5)
    assert threads[0] is not threading.current_thread()
    book.close()


def test_a_disk_that_takes_long_to_sync_delays_no_line(path):
    go_on = threading.Event()

    def wait(_):
        go_on.wait(5)

    book = Journal(path, sync=wait)
    book.append(EVENTS[:1])
    book.settle()
    book.append(EVENTS[1:2])
    assert past(path).events == EVENTS[:2]
    go_on.set()
    book.close()


# ---- a disk that refuses (fault 15)


@pytest.fixture
def full(monkeypatch):
    """A disk with room for so many bytes; the test gives it more."""
    room = [0]
    write = os.write

    def grudging(file, data):
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = bytes(data)[: room[0]]
        room[0] -= len(taken)
        return write(file, taken)

    monkeypatch.setattr(os, "write", grudging)
    return room


def test_on_a_full_disk_nothing_raises_and_it_is_told(path, full):
    book = Journal(path)
    book.append(EVENTS)
    book.settle()
    assert book.trouble == "full"
    book.close()


def test_when_there_is_room_again_everything_is_written_in_its_order(path, full):
    book = Journal(path)
    full[0] = 20  # it ends in the middle of a line
    book.append(EVENTS[:2])
    assert book.trouble == "full"
    book.append(EVENTS[2:3])
    full[0] = 1 << 20
    book.append(EVENTS[3:])
    assert book.trouble == ""
    book.close()
    assert past(path).events == EVENTS
    assert past(path).damaged == 0


def test_room_that_comes_while_nothing_happens_is_used(path, full):
    book = Journal(path)
    book.append(EVENTS)
    full[0] = 1 << 20
    book.settle()
    assert past(path).events == EVENTS
    book.close()


def test_what_memory_has_no_room_for_is_lost_by_whole_lines(path, full, monkeypatch):
    monkeypatch.setattr(journal, "KEPT", 200)
    book = Journal(path)
    for _ in range(5):
        book.append(EVENTS)
    full[0] = 1 << 20
    book.settle()
    book.close()
    found = past(path)
    assert found.events == EVENTS[: len(found.events)]
    assert found.damaged == 0
    assert found.events


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_really_full_device_is_told_too():
    book = Journal(Path("/dev/full"))
    book.append(EVENTS)
    assert book.trouble == "full"
    book.close()


def test_a_file_that_cannot_be_opened_is_told_and_opened_when_it_can(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "AGAIN", 0.0)
    folder = tmp_path / "taken"
    folder.write_text("not a folder")
    book = Journal(folder / "run.jsonl")
    book.append(EVENTS)
    assert book.trouble
    folder.unlink()
    book.settle()
    assert (book.trouble, past(folder / "run.jsonl").events) == ("", EVENTS)
    book.close()


def test_a_read_only_disk_is_told_by_its_name(path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    book = Journal(path)
    book.append(EVENTS)
    assert book.trouble == "readonly"
    book.close()


def test_a_sync_that_fails_is_told(path):
    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    book = Journal(path, sync=fail)
    book.append(EVENTS)
    book.settle()
    until(lambda: book.trouble == "broken")
    book.close()


# ---- reading what is damaged (fault 14)


@pytest.mark.parametrize(
    ("harm", "damaged"),
    [
        (lambda b: b[:-10], 1),  # torn in its last line
        (lambda b: b[:-1], 0),  # only the newline is gone
        (lambda b: b + b"\0" * 4096, 1),  # a block that was allocated and never written
        (lambda b: b[: len(b) // 2] + b"\0" * 64 + b[len(b) // 2 + 64 :], None),
        (lambda b: b + b"[" * 100_000 + b"\n", 1),
        (lambda b: b + b'{"type":"Fired","at":NaN,"cue":"1"}\n', 1),
        (lambda b: b + b'{"type":"Later","at":1}\n', 1),
        (lambda b: b + b"\xff\xfe\n", 1),
        (lambda b: b + b'{"type":[]}\n', 1),
        (lambda b: b + b'{"type":"StoodBy","at":' + b"9" * 400 + b',"cue":"1"}\n', 1),
        (lambda b: b + b'{"type":"StoodBy","at":1,"cue":"\\ud800"}\n', 1),
        (lambda b: b"", 0),
        (lambda b: b"\0" * 100, 1),
    ],
)
def test_what_is_whole_is_used_and_the_rest_is_counted(told, harm, damaged):
    told.write_bytes(harm(told.read_bytes()))
    found = past(told)
    assert all(event in EVENTS for event in found.events)
    if damaged is None:
        assert found.damaged in (1, 2)
        assert len(found.events) >= len(EVENTS) - 2
    else:
        assert found.damaged == damaged


def test_after_a_torn_line_the_next_start_loses_nothing(told):
    told.write_bytes(told.read_bytes()[:-10])
    book = Journal(told)
    book.start(500.0, 1500.0, "boot")
    book.append(EVENTS[-1:])
    book.close()
    found = past(told)
    assert found.events == (*EVENTS[:-1], EVENTS[-1])
    assert (len(found.starts), found.damaged) == (2, 1)


@given(cut=st.integers(min_value=0))
def test_a_journal_cut_anywhere_gives_what_was_whole(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("cut") / "run.jsonl"
    book = Journal(path, sync=lambda _: None)
    book.append(EVENTS)
    book.close()
    whole = path.read_bytes()
    cut %= len(whole) + 1
    path.write_bytes(whole[:cut])
    found = past(path)
    assert found.events == EVENTS[: len(found.events)]
    assert len(found.events) >= whole[:cut].count(b"\n")


# ---- clocks


def test_after_a_reboot_events_keep_their_age(told):
    # 400 s after the start by the wall, on a machine that has been up for 30 s
    found = past(told, now=30.0, wall=1400.0, boot="another")
    by_age = {type(event): 30.0 - event.at for event in found.events}
    assert by_age[e.Began] == pytest.approx(400.0 - 0.5)
    covered = next(event for event in found.events if isinstance(event, e.Covered))
    assert covered.at - covered.since == pytest.approx(120.0)


def test_within_a_boot_the_wall_clock_means_nothing(told):
    assert past(told, wall=99_999.0).events == EVENTS


def test_where_boots_cannot_be_told_apart_the_wall_clock_decides(path):
    book = Journal(path)
    book.start(0.5, 1000.0, "")
    book.append([e.Began(at=1.5)])
    book.close()
    [began] = past(path, now=10.0, wall=1005.0, boot="").events
    assert began.at == pytest.approx(10.0 - 4.0)


def test_a_boot_has_one_name():
    assert boot_id() == boot_id()


# ---- which file


def test_an_ended_run_says_so(told):
    assert not past(told).ended
    book = Journal(told)
    book.append([e.Ended(at=400.0)])
    book.close()
    assert past(told).ended


def test_a_new_journal_is_the_newest_even_when_the_clock_was_set_back(tmp_path):
    assert newest(tmp_path / "none") is None
    for wall in (1e9, 1e9, 1e9 - 3600, 2e9):
        path = fresh(tmp_path, wall)
        path.touch()
        (tmp_path / "notes.txt").touch()
        assert newest(tmp_path) == path
    assert len(list(tmp_path.glob("*.jsonl"))) == 4
