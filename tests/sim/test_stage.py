"""A stage has a device for each of the venue's, tells what it does, and leaves nothing behind."""

import json
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pythonosc.udp_client import SimpleUDPClient

from stagectl.core.model import Device, Venue
from stagectl.sim.feed import watch
from stagectl.sim.stage import run_stage, serve
from tests.sim.conftest import BOOK, PASSWORD, VENUE, until


def device(stage, name):
    return next(d for d in stage.state()["devices"] if d["name"] == name)


def test_every_device_that_can_be_simulated_has_an_address(stage):
    assert set(stage.addresses) == {"obs", "mixer", "lights", "fog"}
    assert stage.unsimulated == ("projector",)
    ports = {address.rpartition(":")[2] for address in stage.addresses.values()}
    assert len(ports) == 4
    assert all(address.startswith("127.0.0.1:") for address in stage.addresses.values())


def test_a_port_can_be_asked_for_and_a_taken_one_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = threading.active_count()
        with pytest.raises(OSError, match="address"):
            run_stage(VENUE, ports={"obs": port})
        assert threading.active_count() == before
    with run_stage(VENUE, ports={"obs": port}) as stage:
        assert stage.addresses["obs"] == f"127.0.0.1:{port}"


def test_a_device_comes_back_on_the_same_port(stage):
    before = dict(stage.addresses)
    for name in before:
        stage.restart(name)
    assert dict(stage.addresses) == before
    assert all(d["condition"] == "up" for d in stage.state()["devices"])


def test_a_stage_can_be_made_of_a_venue_alone():
    with run_stage(VENUE) as stage:
        assert device(stage, "obs")["program"] == "Venteskjerm"


def test_a_venue_that_names_no_scene_has_one_all_the_same():
    with run_stage(Venue("bar", {"cam": Device("cam", "obs-studio")})) as stage:
        assert device(stage, "cam")["program"] == "Scene"


def test_the_state_says_what_is_on_the_stage_and_is_json(stage):
    obs = stage.obs()
    stage.ask(
        lambda: obs.hand("SetInputSettings", inputName="Navn", inputSettings={"text": "Kari"})
    )
    stage.move("obs.program", "Samtale")
    stage.move("mixer.host.level", -5.0)
    stage.move("mixer.host.on", False)
    stage.move("lights.stage.level", 90)
    until(lambda: device(stage, "obs")["from"] is None)
    state = json.loads(json.dumps(stage.state()))
    assert state["venue"] == "Prøvesalen"
    picture, mixer, lights, fog = state["devices"]
    assert picture["program"] == "Samtale"
    assert picture["colour"].startswith("#")
    assert {item["name"] for item in picture["items"]} == {"Tolk", "Navn"}
    assert {"name": "Navn", "kind": "text", "text": "Kari"} in picture["items"]
    assert picture["record"]["on"] is False
    assert mixer["strips"][0] | {"sound": 0, "position": 0} == {
        "name": "host", "level": -5.0, "on": False, "sound": 0, "position": 0,
    }  # fmt: skip
    assert mixer["strips"][1]["level"] is None  # −∞
    assert lights["sliders"][0]["level"] == pytest.approx(90, abs=0.5)
    assert fog["values"] == []


def test_a_transition_is_seen_under_way(stage):
    stage.ask(lambda: stage.obs().hand("SetCurrentSceneTransition", transitionName="Fade"))
    stage.move("obs.program", "Samtale")
    picture = device(stage, "obs")
    assert picture["from"]["scene"] == "Venteskjerm"
    assert 0 <= picture["progress"] < 1
    until(lambda: device(stage, "obs")["from"] is None)


def test_a_film_is_seen_while_it_plays(stage):
    stage.move("obs.program", "Film")
    obs = stage.obs()
    play = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PLAY"
    stage.ask(lambda: obs.hand("TriggerMediaInputAction", inputName="Introfilm", mediaAction=play))
    items = device(stage, "obs")["items"]
    assert [(i["name"], i["kind"], i["playing"]) for i in items if i["kind"] == "film"] == [
        ("Introfilm", "film", True)
    ]


def test_any_osc_device_remembers_what_it_was_told(stage):
    host, port = stage.addresses["fog"].split(":")
    client = SimpleUDPClient(host, int(port))
    client.send_message("/haze/1/amount", 0.5)
    client.send_message("/haze/1/amount", [0.25, "nå"])
    client.close()
    said = until(lambda: [v for v in device(stage, "fog")["values"] if "nå" in v["said"]])
    assert said == [{"address": "/haze/1/amount", "said": "0.25 nå"}]


def test_a_share_can_only_be_lost_where_packets_are(stage):
    stage.drop("fog", 0.5)
    with pytest.raises(TypeError, match="TCP"):
        stage.drop("obs", 0.5)


# ---- the feed


async def test_the_feed_tells_ten_times_a_second_what_the_stage_is_doing(stage):
    pictures = watch(stage.feed)
    first = await anext(pictures)
    assert first["venue"] == "Prøvesalen"
    start = time.monotonic()
    for _ in range(5):
        latest = await anext(pictures)
    assert 0.2 < time.monotonic() - start < 2
    assert latest["devices"][0]["program"] == "Venteskjerm"
    await pictures.aclose()


async def test_the_feed_ends_with_the_stage():
    stage = run_stage(VENUE)
    pictures = watch(stage.feed)
    await anext(pictures)
    closing = threading.Thread(target=stage.close)
    closing.start()
    left = [picture async for picture in pictures]
    closing.join(5)
    assert not closing.is_alive()
    assert len(left) < 50


def test_whatever_is_said_to_the_feed_is_not_read_and_a_watcher_that_sleeps_costs_nothing(stage):
    host, port = stage.feed.split(":")
    with socket.create_connection((host, int(port))) as watcher:
        watcher.sendall(b"x" * 100_000)
        time.sleep(0.3)  # and reads nothing
        stage.move("obs.program", "Samtale")
        assert device(stage, "obs")["program"] == "Samtale"


# ---- how it begins and ends


def test_closing_leaves_no_thread_no_port_and_no_file():
    before = threading.active_count()
    stage = run_stage(BOOK, obs_password=PASSWORD)
    stage.ask(stage.obs().run.record.begin)
    until(lambda: device(stage, "obs")["record"]["on"])
    addresses, folder = dict(stage.addresses), stage.folder
    assert list(folder.iterdir())
    stage.close()
    stage.close()  # once more does nothing
    assert threading.active_count() == before
    assert not folder.exists()
    host, port = addresses["obs"].split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_recordings_stay_in_a_folder_that_was_asked_for(tmp_path):
    with run_stage(BOOK, folder=tmp_path / "opptak") as stage:
        stage.ask(stage.obs().run.record.begin)
        until(lambda: device(stage, "obs")["record"]["bytes"])
    assert [path.suffix for path in (tmp_path / "opptak").iterdir()] == [".mkv"]


def test_a_disk_can_be_said_to_be_full(stage):
    stage.obs().disk.free_mb = 12.0
    answer = stage.ask(lambda: stage.obs().hand("GetStats"))
    assert answer["responseData"]["availableDiskSpace"] == 12.0


def test_serve_runs_until_it_is_told_to_stop():
    stop, seen = threading.Event(), []

    def ready(stage):
        seen.append(dict(stage.addresses))
        stop.set()

    serve(VENUE, ready=ready, stop=stop)
    assert seen
    assert "obs" in seen[0]


def test_a_stage_starts_in_half_a_second_and_idles_on_almost_nothing():
    """In a process of its own, imports counted; a slow machine gets three times as long."""
    script = """
import time
began = time.perf_counter()
from tests.sim.conftest import BOOK
from stagectl.sim.stage import run_stage
stage = run_stage(BOOK)
started = time.perf_counter() - began
before, at = time.process_time(), time.perf_counter()
time.sleep(2)
print(started, (time.process_time() - before) / (time.perf_counter() - at))
stage.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    started, share = map(float, done.stdout.split())
    assert started < 1.5
    assert share < 0.02
