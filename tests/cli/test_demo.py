"""The demo is a whole evening on one machine; the simulated stage stands by itself too."""

import os
import re
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from stagectl.cli.demo import tonight
from stagectl.desk.place import Place
from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal
from tests.desk.house import ROOT

OLD, SOON, LATER = Path("a.yaml"), Path("b.yaml"), Path("c.yaml")
SHOWS = {LATER: "2026-12-03", OLD: "2026-11-01", SOON: "2026-11-28"}


@pytest.fixture
def house(tmp_path):
    """The house's own examples, in a home of its own."""
    house = Library(tmp_path / "unused", tmp_path / "home")
    house.folder = ROOT
    yield house
    house.close()


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def place(house):
    return Place(next((house.home / "state").iterdir()))


@pytest.mark.parametrize(
    ("today", "show"),
    [("2026-11-23", SOON), ("2026-11-28", SOON), ("2026-11-29", LATER), ("2027-01-01", LATER)],
)
def test_tonights_show_is_the_next_by_its_date_or_else_the_last(today, show):
    assert tonight(SHOWS, date.fromisoformat(today)) == show


def test_the_demo_runs_a_show_on_a_stage_that_answers(house):
    demo = house.start("demo", "--headless")
    first = house.wait_for("phase", "ready", 20)["standby"]
    until = time.monotonic() + 10
    while {row["state"] for row in house.status()["devices"].values()} != {"linked"}:
        assert time.monotonic() < until, house.status()["devices"]
    assert house("go", "--expect", first).status == 0
    assert house("do", "obs.record", "start").status == 0
    house.wait_for("recording", True)
    assert house("end").status == 0
    assert demo.wait(15) == 0
    assert not place(house).running()


def test_a_demo_of_a_show_that_is_named_is_of_that_one_in_its_own_room(house):
    (show,) = (ROOT / "cues").glob("*-forfattermote-konsert.yaml")
    demo = house.start("demo", "--headless", str(show))
    assert house.wait_for("phase", "ready", 20)["show"] == "Vinterveien. Forfattermøte med konsert"
    assert house("end").status == 0
    assert demo.wait(15) == 0


def test_a_demo_of_a_show_with_mistakes_says_them_and_begins_nothing(house, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("show: X\nvenue: lillestrom\ncues: []\nfoo: 1\n", "utf-8")
    done = house("demo", "--headless", str(wrong))
    assert done.status == 1
    assert "wrong.yaml:4:1" in done.err + done.out
    assert not (house.home / "state").exists()


def test_a_demo_without_a_terminal_says_how(house):
    done = house("demo")
    assert done.status == 1
    assert "demo --headless" in done.err
    assert not (house.home / "state").exists()


def test_two_demos_at_once_are_one_too_many(house):
    house.start("demo", "--headless")
    house.wait_for("phase", "ready", 20)
    done = house("demo", "--headless")
    assert done.status == 1
    assert "stagectl end" in done.err
    assert house("end").status == 0


def test_a_demo_that_is_killed_takes_its_desk_with_it(house):
    """Its stage is gone; a desk that looks for it for ever would help nobody."""
    demo = house.start("demo", "--headless")
    house.wait_for("phase", "ready", 20)
    demo.kill()
    demo.communicate()
    lock = place(house).lock("desk")
    assert lock.take(wait=10)
    lock.drop()


@HAS_PTY
@pytest.mark.parametrize("words", [(), ("--headless",)])
def test_a_demo_whose_terminal_is_closed_takes_its_desk_with_it(house, words):
    terminal = Terminal(house, "demo", "--language", "en", *words)
    terminal.wait_for("ready" if words else "GO", 30)
    house.wait_for("phase", "ready")
    terminal.hang_up()
    lock = place(house).lock("desk")
    assert lock.take(wait=10)
    lock.drop()
    terminal.process.wait(15)


@HAS_PTY
def test_a_second_demo_is_another_panel_on_the_first(house):
    demo = house.start("demo", "--headless")
    house.wait_for("phase", "ready", 20)
    desk = house.status()["pid"]
    terminal = Terminal(house, "demo", "--language", "en")
    terminal.wait_for("GO", 30)
    terminal.press(b"\x11")  # Ctrl-Q
    assert terminal.status() == 0
    terminal.hang_up()
    assert house.status()["pid"] == desk
    assert house("end").status == 0
    assert demo.wait(15) == 0


def test_a_real_show_is_meant_before_a_demo_of_the_same_folder(library):
    library.start("demo", "--headless")
    library.wait_for("phase", "ready", 20)
    library.headless()
    done = library("status", "--json")
    assert done.status == 0
    assert done.json["devices"].keys() == {"lamps"}
    assert "A demo runs here too" in done.err
    demo = next(p for p in (library.home / "state").iterdir() if "-demo-" in p.name)
    assert library.status("--desk", demo.name)["pid"] != done.json["pid"]
    assert library("end").status == 0
    assert library("end", "--desk", demo.name).status == 0


@HAS_PTY
def test_closing_the_demos_panel_ends_the_demo(house):
    terminal = Terminal(house, "demo", "--language", "en")
    terminal.wait_for("GO", 30)
    house.wait_for("phase", "ready")
    terminal.press(b"\x11")  # Ctrl-Q
    terminal.wait_for("The demo is over")
    assert terminal.status() == 0
    terminal.hang_up()
    assert not place(house).running()


@pytest.mark.parametrize("named", ["SHOW", str(min((ROOT / "cues").glob("*.yaml")))])
def test_a_simulated_venue_says_how_to_run_a_show_on_it(house, named):
    what = "scenes/lillestrom.yaml" if named == "SHOW" else named
    stage = house.start("sim", what, "--free-ports", "--language", "en")
    assert stage.stdout is not None
    line = ""
    while "--at" not in line:
        line = stage.stdout.readline()
        assert line, stage.communicate(timeout=5)
    assert f"stagectl run {named} --at" in line
    options = re.findall(r"--at|\S+=\S*127\.0\.0\.1:\d+", line)
    assert len(options) == 8  # OBS, the mixer, the lights, the controller
    show = min((ROOT / "cues").glob("*.yaml"))
    run = house.start("run", str(show), "--headless", *options)
    house.wait_for("phase", "ready", 20)
    until = time.monotonic() + 10
    while {row["state"] for row in house.status()["devices"].values()} != {"linked"}:
        assert time.monotonic() < until, house.status()["devices"]
    run.send_signal(signal.SIGTERM)
    assert run.wait(15) == 0
    stage.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    assert stage.wait(15) == 0


def test_a_taken_port_of_a_simulated_device_is_said_with_its_cure(house, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        venue = tmp_path / "one.yaml"
        venue.write_text(
            f"venue: Ett\ndevices:\n  obs: {{profile: obs-studio, at: '127.0.0.1:{port}'}}\n"
            "base: {obs.program: Vent}\nscenes:\n  holding: {label: H, set: {obs.program: Vent}}\n",
            "utf-8",
        )
        done = house("sim", str(venue), "--language", "en")
    assert done.status == 1
    assert "--free-ports" in done.err
    assert "Traceback" not in done.err
