"""Each command to a running desk does its one thing, says so, and ends with an honest status."""

import json
import subprocess
import sys
import time

import pytest

from stagectl.cli.commands import COMMANDS
from tests.cli.library import Library
from tests.desk.house import ROOT


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@pytest.fixture
def show(library):
    library.headless()
    return library


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """One show for all who only ask in vain."""
    library = Library(
        tmp_path_factory.mktemp("library") / "library", tmp_path_factory.mktemp("home")
    )
    library.headless()
    yield library
    library.close()


def refused(done, *words):
    assert done.status == 1, done.told
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err


def test_an_evening_from_the_command_line(show):
    show.lamps.listen()
    assert show("go", "--expect", "1").out == "Cue 1 went.\n"
    show.lamps.wait_for("/house", 0.6)
    assert show("go").status == 0
    show.lamps.wait_for("/stage", 0.9)
    status = show.status()
    assert (status["onstage"], status["standby"], status["phase"]) == ("2", "2.5", "live")
    assert show("back").out == "Back: cue 2 stands by again.\n"
    show.lamps.wait_for("/stage", 0.0)
    assert show("standby", "2.50").out == "Cue 2.5 stands by.\n"
    assert show("standby", "next").out == "Cue 3 stands by.\n"
    assert show("standby", "previous").out == "Cue 2.5 stands by.\n"
    assert show("skip", "3").status == 0
    assert show.status()["skipped"] == ["3"]
    assert show("skip", "3", "--undo").status == 0
    assert show.status()["skipped"] == []
    assert show("end").out == "The show is over.\n"
    assert show.running[0].wait(10) == 0
    refused(show("status"), "No desk runs for this folder", "stagectl run")


def test_a_go_for_another_cue_is_refused_and_nothing_moves(show):
    refused(show("go", "--expect", "2"), "The list has moved on")
    assert show.status()["onstage"] is None


def test_a_second_go_within_the_guard_is_refused(library):
    library.headless("cues/reading.yaml", "--guard", "5000")
    assert library("go").status == 0
    refused(library("go"), "Too close to the last GO")
    assert library.status()["onstage"] == "1"


def test_stop_and_cover_and_release(show):
    assert show("go").status == 0
    assert show("go").status == 0
    show.lamps.wait_for("/stage", 0.9)
    assert show("stop").status == 0
    show.lamps.wait_for("/stage", 0.0)
    assert show.status()["overlay"] == "safe"
    refused(show("go"), "Everything is stopped")
    assert show("release").status == 0
    show.lamps.wait_for("/stage", 0.9)
    assert show("cover", "--ago", "2min").status == 0
    status = show.status()
    assert status["overlay"] == "cover"
    assert status["covered_for"] >= 120
    assert show("release").status == 0
    refused(show("release"), "nothing to resume")


def test_what_is_put_by_hand_is_held_until_it_is_let_go(show):
    assert show("go").status == 0
    assert show("put", "lamps.stage.level", "33", "%").out == "lamps.stage.level is held at 33 %.\n"
    show.lamps.wait_for("/stage", 0.33)
    assert show("put", "lamps.house", "12,5 %").status == 0  # its main parameter, in Norwegian
    show.lamps.wait_for("/house", 0.125)
    held = show.status()["held"]
    assert held["lamps.stage.level"]["value"] == 33.0
    assert show("keep", "lamps.stage.level").status == 0
    assert show("let-go", "lamps.stage.level").status == 0
    assert "lamps.stage.level" not in show.status()["held"]
    assert show("let-go").status == 0
    refused(show("let-go"), "Nobody holds it")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("put", "lamps.sky", "1"), "The room has no lamps.sky"),
        (("put", "lamps.stage", "120", "%"), "120"),
        (("put", "lamps.stage", "-5", "dB"), "dB"),
        (("put", "lamps.stage", "full"), "full"),
        (("standby", "99"), "There is no cue 99"),
        (("standby", "next chapter"), "There is no chapter after this one."),
        (("skip", "1", "--undo"), "Cue 1 is not skipped"),
        (("back",), "Nothing has gone yet"),
        (("redo", "7"), "Somebody has seen to it"),
        (("do", "lamps.explode"), "cannot do lamps.explode"),
        (("name", "nobody", "Kari"), "nobody"),
        (("release",), "nothing to resume"),
        (("keep", "lamps.stage.level"), "Nobody holds it"),
    ],
)
def test_a_refusal_is_a_sentence_and_status_1(standing, words, said):
    refused(standing(*words), said)


@pytest.mark.parametrize(
    "words",
    [
        ("go", "now"),
        ("go", "--expect"),
        ("standby",),
        ("explode",),
        ("cover", "--ago", "2"),  # of what?
        ("postpone", "1:30"),
        ("do", "explode"),
        ("redo", "seven"),
        ("put", "lamps.stage"),
        ("run", "cues/reading.yaml", "--listen", "here"),
        ("run", "cues/reading.yaml", "--osc-in", "127.0.0.1:70000"),
        ("run", "cues/reading.yaml", "--osc-from", "everywhere"),
        ("run", "cues/reading.yaml", "--guard", "soon"),
        ("run", "cues/reading.yaml", "--at", "lamps"),
        ("check",),
    ],
)
def test_wrong_usage_is_status_2_and_starts_nothing(standing, words):
    done = standing(*words)
    assert done.status == 2, done.told
    assert "Traceback" not in done.err
    assert standing.status()["onstage"] is None


def test_a_do_that_could_not_be_done_is_offered_and_no_success(show):
    show.lamps.socket.close()  # the device goes: the next packet is refused
    show("go")
    show.wait_for("devices", {"lamps": {**show.status()["devices"]["lamps"], "state": "lost"}})
    done = show("do", "lamps.say", "film")
    assert done.status == 1
    assert "stagectl redo 1" in done.out
    assert [row["id"] for row in show.status()["missed"]] == [1]
    assert "Missed (1)" in show("status").out
    assert show("redo", "1", "--drop").status == 0
    assert show.status()["missed"] == []


def test_a_do_is_done_once(show):
    assert show("do", "lamps.say", "film").status == 0
    assert [address for _, address, _ in show.lamps.listen(0.3)].count("/film") == 1


def test_the_rest_of_the_commands_do_what_they_say(show):
    assert show("postpone", "10min").out.endswith("+10:00.\n")
    assert show("postpone", "--earlier", "30 s").status == 0
    assert show.status()["postponed"] == 570
    assert (
        show("name", "guest", "Nils Aas", "--title", "Billedhugger").out == "guest is Nils Aas.\n"
    )
    assert show.status()["people"]["guest"] == {"name": "Nils Aas", "role": "Billedhugger"}
    assert show("assert").status == 0
    assert show.status()["phase"] == "live"


# ---- status


def test_the_status_has_what_programs_need(show):
    show("go")
    status = show.status()
    assert {
        "pid", "phase", "onstage", "standby", "devices", "held", "skipped", "recording",
        "streaming", "overlay", "alarms",
    } <= status.keys()  # fmt: skip
    assert isinstance(status["pid"], int)
    assert status["onstage"] == "1"
    assert status["recording"] is None  # no device here can
    assert status["devices"]["lamps"]["state"] == "linked"


def test_the_status_for_people_names_the_cues(show):
    show("go")
    told = show("status").out
    assert "On stage: 1 Dørene åpner" in told
    assert "Next: 2 Velkommen" in told
    assert "lamps: answers" in told


def test_a_watched_status_tells_each_change_as_a_line(show):
    watching = show.start("status", "--json", "--watch")
    assert watching.stdout is not None
    first = json.loads(watching.stdout.readline())
    assert first["onstage"] is None
    show("go")
    until = time.monotonic() + 5
    while json.loads(watching.stdout.readline())["onstage"] != "1":
        assert time.monotonic() < until
    show("end")
    assert watching.wait(10) == 1  # the desk is gone, said in words
    assert watching.stderr is not None
    assert "The desk is gone" in watching.stderr.read()


# ---- which desk, which language


def test_a_command_finds_the_desk_of_its_folder(show, tmp_path):
    assert show("status", cwd=show.folder / "cues").status == 0
    refused(show("status", cwd=tmp_path), "No desk runs for this folder", "--desk")
    assert show("status", "--desk", "hall", cwd=tmp_path).status == 0
    assert show("status", "--desk", str(show.folder), cwd=tmp_path).status == 0
    refused(show("status", "--desk", "yard"), "There is no desk yard")


def test_two_desks_of_one_folder_are_told_apart(show):
    show.venue("yard")
    show.show("outside", venue="yard")
    show.headless("cues/outside.yaml")
    done = show("go")
    refused(done, "Several desks fit", "--desk")
    assert show("go", "--desk", "yard").status == 0
    assert show.status("--desk", "yard")["onstage"] == "1"
    assert show.status("--desk", "hall")["onstage"] is None


def test_a_desk_speaks_the_venues_language_unless_told_otherwise(library):
    library.venue("hall", language="nb")
    library.headless()
    show = library
    assert show("standby", "99", "--language", "en").err == "There is no cue 99.\n"
    assert show("standby", "99").err == "Det finnes ingen cue 99.\n"


def test_the_machines_language_is_spoken_where_there_is_no_desk(library):
    library.language = "nb_NO.UTF-8"
    told = library("status").err
    assert told != ""
    assert "No desk" not in told
    assert library("status", "--language", "en").err.startswith("No desk")


HELPS = """
import json, sys
from stagectl import cli
told = {}
cli.commands_in(sys.argv[1], lambda name, help_: told.update({name: help_}))
print(json.dumps(told))
"""


def helps(language):
    told = subprocess.run(
        [sys.executable, "-c", HELPS, language],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=30,
    )  # fmt: skip
    return json.loads(told.stdout)


def test_every_command_has_a_help_in_norwegian_too():
    english, norwegian = helps("en"), helps("nb")
    assert set(english) == set(norwegian)
    assert {name.partition(" ")[0] for name in english} == {"stagectl", *COMMANDS}
    for name, text in english.items():
        assert text.startswith("Usage: stagectl")
        assert norwegian[name].startswith("Bruk: stagectl")
        same = set(text.splitlines()) & set(norwegian[name].splitlines())
        assert not [line for line in same if " " in line.strip(" -")], name


# ---- speed


def test_a_command_is_quick_as_a_key(show):
    """Half of the time is Python's own: compare with what importing json and click alone takes."""
    show("go")
    took = []
    for _ in range(5):
        began = time.monotonic()
        assert show("standby", "2").status == 0
        took.append(time.monotonic() - began)
    assert min(took) < 0.5, took


@pytest.mark.parametrize("words", [("25h",), ("25h", "--earlier")])
def test_times_of_day_are_not_moved_beyond_a_day(standing, words):
    done = standing("postpone", *words)
    assert done.status == 2
    assert "24 h" in done.err


def test_a_message_is_on_the_stage_clock_until_it_is_taken_away_and_a_note_is_kept(show):
    assert show("message", "5", "minutter", "igjen").out == (
        "The stage clock says: 5 minutter igjen\n"
    )
    assert show.status()["message"] == "5 minutter igjen"
    assert show("message").out == "The stage clock says nothing.\n"
    assert show.status()["message"] == ""
    assert show("note", "Mikrofon 2 knitrer").out == "It is noted.\n"
    refused(show("note", " "), "Nothing was written")
    refused(show("message", "a" * 201), "at most", "200")
