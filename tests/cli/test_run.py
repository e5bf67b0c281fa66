"""`run` starts a show once, finds it again, takes it up again, and dies without taking it along."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal

CANARY = "kanari-51c8"
HAS_STOP = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process"
)


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def gone(process, seconds=15):
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out + err


def test_a_headless_run_says_where_its_desk_is(library):
    process = library.headless()
    status = library.status()
    assert f"The desk is {status['pid']}, at ws://127.0.0.1:" in process.said
    assert status["phase"] == "ready"
    assert library.lamps.listen(0.2) == []  # a start touches nothing


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_headless_run_that_is_stopped_is_not_ended_and_is_taken_up_again(library, stop):
    process = library.headless()
    library("go")
    library("go")
    library.lamps.wait_for("/stage", 0.9)
    process.send_signal(stop)
    status, told = gone(process)
    assert status == 0
    assert "not ended" in told
    assert library("status").status == 1
    sent = len(library.lamps.listen(0.1))
    again = library.headless()
    assert "taken up again: cue 2 is on stage" in again.said
    told = library.status()
    assert (told["phase"], told["onstage"], told["standby"]) == ("holding", "2", "2.5")
    assert len(library.lamps.listen(0.3)) == sent, "a start touched the stage"


def test_a_fresh_run_begins_before_the_first_cue(library):
    process = library.headless()
    library("go")
    process.terminate()
    gone(process)
    again = library.headless("cues/reading.yaml", "--fresh")
    assert "It is kept in" in again.said
    assert library.status()["onstage"] is None
    journals = list((library.home / "state").glob("*/journal/*.jsonl"))
    assert len(journals) == 2


def test_an_ended_run_is_not_taken_up_again(library):
    process = library.headless()
    library("go")
    assert library("end").status == 0
    assert gone(process) == (0, "The show is over.\n")
    assert "ended" not in library.headless().said
    assert library.status()["onstage"] is None


def test_run_without_a_terminal_starts_a_desk_that_outlives_it(library):
    done = library("run", "cues/reading.yaml")
    assert done.status == 0, done.told
    assert "no panel is opened" in done.out
    pid = library.status()["pid"]
    again = library("run", "cues/reading.yaml")
    assert again.status == 0
    assert f"runs already: the desk is {pid}" in again.out
    assert library.status()["pid"] == pid
    assert library("end").status == 0


def test_another_show_in_the_same_hall_is_refused_with_its_cure(library):
    library.headless()
    library.show("concert")
    done = library("run", "cues/concert.yaml")
    assert done.status == 1
    assert "stagectl end" in done.err
    assert library("run", "cues/reading.yaml", "--headless").status == 1  # it has a keeper


def test_a_show_that_was_changed_meanwhile_goes_on_as_it_was_loaded(library):
    library.headless()
    path = library.folder / "cues" / "reading.yaml"
    path.write_text(path.read_text("utf-8").replace("Velkommen", "Goddag"), "utf-8")
    assert "what was loaded goes on" in library("run", "cues/reading.yaml").out
    library("standby", "2")
    assert "Velkommen" in library("status").out


def test_a_panel_port_that_is_taken_is_said_in_a_sentence(library):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = library("run", "cues/reading.yaml", "--headless", "--listen", address)
    assert done.status == 1
    assert "did not come up" in done.err
    assert "in use" in done.err
    assert "Traceback" not in done.err
    assert library("status").status == 1


def test_the_panel_port_is_where_it_was_wished(library):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    assert f"ws://{address}" in library.headless("cues/reading.yaml", "--listen", address).said


def test_a_device_may_be_somewhere_else_than_the_venue_says(library, tmp_path):
    other = Library(tmp_path / "other", tmp_path / "other home").lamps
    library.headless("cues/reading.yaml", "--at", f"lamps=127.0.0.1:{other.port}")
    library("go")
    other.wait_for("/house", 0.6)
    assert library.lamps.listen(0.1) == []
    other.close()


# ---- faults


def test_fault_1_a_desk_killed_in_a_fade_is_back_and_holding(library):
    library.headless()
    library("go")
    library("go")
    library.lamps.listen(0.3)
    before = library.status()["pid"]
    os.kill(before, signal.SIGKILL)
    began = time.monotonic()
    status = library.wait_for("phase", "holding")
    assert time.monotonic() - began < 3
    assert status["pid"] != before
    assert (status["onstage"], status["standby"]) == ("2", "2.5")
    sent = len(library.lamps.listen())
    assert len(library.lamps.listen(0.5)) == sent


@HAS_STOP
def test_fault_2_a_stopped_desk_is_said_to_be_silent_and_fires_nothing_later(library):
    library.headless()
    library("go")
    pid = library.status()["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        done = library("go")
        assert time.monotonic() - began < 10
    finally:
        os.kill(pid, signal.SIGCONT)
    assert done.status == 1
    assert "does not answer" in done.err
    time.sleep(1)
    assert library.status()["onstage"] == "1"


def test_stale_traces_of_a_dead_desk_hinder_nobody(library):
    process = library.headless()
    pid = library.status()["pid"]
    process.kill()
    gone(process)
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while library("status").status == 0:
        assert time.monotonic() < until
    assert list((library.home / "state").glob("*/desk.json"))
    assert "No desk runs" in library("status").err
    library.headless()
    assert library.status()["pid"] != pid


# ---- secrets


def secret_file(library, mode=0o600):
    path = library.home / "config" / "secrets" / "lamps"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CANARY, "ascii")
    path.chmod(mode)


@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_secret_shows_up_nowhere(library, where):
    library.venue("hall", more="password: secret:lamps")
    if where == "file":
        secret_file(library)
    given = {"STAGECTL_SECRET_LAMPS": CANARY} if where == "environment" else {}
    process = library.start("run", "cues/reading.yaml", "--headless", "--guard", "0", **given)
    status = library.wait_for("phase", "ready")
    library("go")
    seen = [library("status", "--json").told]
    listings = Path(f"/proc/{status['pid']}")
    if listings.exists():
        seen += [(listings / name).read_bytes().decode() for name in ("cmdline", "environ")]
    os.kill(status["pid"], signal.SIGABRT)  # with a traceback of every thread
    library.wait_for("phase", "holding")
    library("end")
    seen.append(gone(process)[1])
    for path in (library.home / "state").rglob("*"):
        seen += [path.read_bytes().decode("utf-8", "replace")] if path.is_file() else []
    for path in (library.home / "cache").rglob("*"):
        seen += [path.read_bytes().decode("utf-8", "replace")] if path.is_file() else []
    assert len(seen) > 5
    assert not [text for text in seen if CANARY in text]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by the profile")
def test_a_secret_that_others_can_read_is_refused_with_its_cure(library):
    library.venue("hall", more="password: secret:lamps")
    secret_file(library, 0o644)
    done = library("run", "cues/reading.yaml", "--headless")
    assert done.status == 1
    assert "chmod 600" in done.err
    assert CANARY not in done.told


def test_a_missing_secret_is_said_and_the_show_runs_without_the_device(library):
    library.venue("hall", more="password: secret:lamps")
    process = library.headless()
    assert library.status()["phase"] == "ready"
    process.terminate()
    assert "The password secret:lamps has not been given yet" in gone(process)[1]


# ---- with a terminal


@HAS_PTY
def test_a_panel_is_opened_and_closing_it_does_not_end_the_show(library):
    terminal = Terminal(library, "run", "cues/reading.yaml", "--guard", "0")
    terminal.wait_for("Velkommen")
    terminal.press(b" ")  # GO
    library.wait_for("onstage", "1")
    terminal.press(b"\x11")  # Ctrl-Q
    terminal.wait_for("The show goes on")
    assert terminal.status() == 0
    assert library.status()["onstage"] == "1"
    again = Terminal(library, "run", "cues/reading.yaml")
    again.wait_for("Velkommen")
    again.hang_up()  # the terminal is gone: so is the panel, and nothing else
    again.process.wait(10)
    terminal.hang_up()
    assert library.status()["onstage"] == "1"
    assert library("end").status == 0


# ---- files that changed, a place that is harmed, a keeper that was killed


def stopped_after_cue_1(library):
    process = library.headless()
    assert library("go").status == 0
    process.terminate()
    gone(process)


def test_changed_files_are_taken_by_a_run_that_goes_on_only_when_asked(library):
    stopped_after_cue_1(library)
    show = library.folder / "cues" / "reading.yaml"
    show.write_text(show.read_text("utf-8").replace("Velkommen", "Velkomen"), "utf-8")
    done = library("run", "cues/reading.yaml", "--headless")
    assert done.status == 1
    assert "--reload" in done.err
    assert "--fresh" in done.err
    library.headless("cues/reading.yaml", "--reload")
    assert library.status()["onstage"] == "1"
    (path,) = (library.home / "state").glob("*/journal/*.jsonl")
    assert '"type":"Reloaded"' in path.read_text("utf-8")


def test_what_the_changed_files_no_longer_have_is_said(library):
    process = library.headless()
    library("go")
    assert library("name", "guest", "Ola").status == 0
    process.terminate()
    gone(process)
    show = library.folder / "cues" / "reading.yaml"
    show.write_text(show.read_text("utf-8").replace("guest:", "author:"), "utf-8")
    again = library.headless("cues/reading.yaml", "--reload")
    assert "Named guest" in again.said
    assert library.status()["onstage"] == "1"


@pytest.mark.parametrize("name", ["log", "desk.lock", "keeper.lock", "token", "journal", "book"])
def test_a_place_that_is_not_as_it_should_be_is_said_in_a_sentence(library, name):
    stopped_after_cue_1(library)
    (place,) = (library.home / "state").iterdir()
    harmed = place / name
    if harmed.is_dir():
        harmed.rename(place / "aside")
        harmed.write_bytes(b"")
    else:
        harmed.unlink(missing_ok=True)
        harmed.mkdir()
    for words in (["--headless"], []):
        done = library("run", "cues/reading.yaml", *words)
        assert "Traceback" not in done.told
        assert done.status == 1, done.told
        assert name in done.err
    asked = library("status")
    assert asked.status == 1
    assert "Traceback" not in asked.told


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by the profile")
def test_a_log_is_for_its_user_alone(library):
    library.headless()
    (place,) = (library.home / "state").iterdir()
    assert (place / "log").stat().st_mode & 0o777 == 0o600


def test_a_desk_whose_keeper_was_killed_gets_another_by_run(library):
    process = library.headless()
    assert library("go").status == 0
    desk = library.status()["pid"]
    process.kill()
    gone(process)
    done = library("run", "cues/reading.yaml")
    assert done.status == 0, done.told
    assert "watched over again" in done.out
    assert library.status()["pid"] == desk
    os.kill(desk, getattr(signal, "SIGKILL", signal.SIGTERM))
    until = time.monotonic() + 10
    while (status := library("status", "--json")).status or status.json["pid"] == desk:
        assert time.monotonic() < until, status.told
    assert status.json["onstage"] == "1"
    assert library("end").status == 0
