"""The OBS driver and a real OBS: everything that can be said is said, and read back past it."""

import math
import re
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from stagectl.core.model import Value
from stagectl.engine.report import Acknowledged, Moved
from tests.real.obs_rig import ObsRig, Running, driver_for, free_port, running_obs

pytestmark = pytest.mark.real
FRAME = 1 / 30


@pytest.fixture(scope="module")
def rtmp() -> str:
    return f"rtmp://127.0.0.1:{free_port()}/live"


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory, rtmp: str) -> Iterator[ObsRig]:
    with running_obs(tmp_path_factory.mktemp("obs"), rtmp) as rig:
        yield rig


@pytest.fixture
def run(obs: ObsRig) -> Iterator[Running]:
    running = Running(driver_for(obs.port))
    running.open()
    start: dict[str, Value] = {"program": "Venteskjerm", "transition": "Cut", "master.on": True}
    running.done(*running.put({**start, "Mikrofon.level": 0.0, "Mikrofon.on": True}))
    running.reports.clear()
    yield running
    running.driver.close()


# ---------------------------------------------------------------- every parameter

SAID: list[tuple[str, Value, str, dict[str, str], str, object]] = [
    ("program", "Samtale", "GetCurrentProgramScene", {}, "currentProgramSceneName", "Samtale"),
    ("transition", "Fade", "GetCurrentSceneTransition", {}, "transitionName", "Fade"),
    ("Mikrofon.on", False, "GetInputMute", {"inputName": "Mikrofon"}, "inputMuted", True),
    ("Intro.on", True, "GetInputMute", {"inputName": "Intro"}, "inputMuted", False),
    ("Mikrofon.level", -12.5, "GetInputVolume", {"inputName": "Mikrofon"}, "inputVolumeDb", -12.5),
    ("Mikrofon.level", 26.0, "GetInputVolume", {"inputName": "Mikrofon"}, "inputVolumeDb", 26.0),
    ("Mikrofon.level", -math.inf, "GetInputVolume", {"inputName": "Mikrofon"}, "inputVolumeMul", 0),
    (
        "Navn.text", "Øystein «Č» 京",
        "GetInputSettings", {"inputName": "Navn"}, "inputSettings", {"text": "Øystein «Č» 京"},
    ),
    (
        "Samtale/Navn.on", False,
        "GetSceneItemEnabled", {"sceneName": "Samtale"}, "sceneItemEnabled", False,
    ),
    (
        "Samtale/Navn.on", True,
        "GetSceneItemEnabled", {"sceneName": "Samtale"}, "sceneItemEnabled", True,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "request_", "about", "key", "expected"), SAID)
def test_a_parameter_is_put_confirmed_and_so_in_obs(
    obs: ObsRig, run: Running, path, value, request_, about, key, expected
):
    run.done(*run.put({path: value}), within=1)
    assert run.heard(path)[-1] == pytest.approx(value) if value != -math.inf else -math.inf
    if request_ == "GetSceneItemEnabled":
        found = obs.ask("GetSceneItemId", **about, sourceName="Navn")
        about = {**about, "sceneItemId": found["sceneItemId"]}
    said = obs.ask(request_, **about)[key]
    if isinstance(expected, dict):
        assert expected.items() <= said.items()
    else:
        assert said == pytest.approx(expected) if isinstance(expected, float) else said == expected


def test_a_transition_takes_its_duration_and_the_picture_is_the_target_at_once(
    obs: ObsRig, run: Running
):
    orders = run.put({"program": "Samtale", "transition.duration": 0.4, "transition": "Fade"})
    assert run.done(*orders) < 0.3
    assert run.heard("program") == ["Samtale"]
    assert obs.ask("GetCurrentSceneTransition")["transitionDuration"] == 400
    run.run(0.7)  # the event at the transition's end changes nothing
    assert run.heard("program") == ["Samtale"]


def test_a_cut_in_the_middle_of_a_fade_does_not_freeze_the_picture(obs: ObsRig, run: Running):
    """To choose another transition while one runs freezes OBS 29 for good, all answers OK."""
    run.done(*run.put({"transition": "Fade"}))
    began = record(run)
    run.put({"program": "Samtale"})
    run.run(0.1)
    orders = run.put({"program": "Venteskjerm", "transition": "Cut"})
    assert run.done(orders[0]) < 0.3  # the picture at once, by the fade that runs
    run.done(orders[1], within=2)
    run.run(0.3)
    cut = Cut(run, began, "Samtale")
    run.run(0.5)
    assert cut.is_at(cuts(finish(run))[-1])
    assert not run.facts.get("program.frozen")


def test_a_picture_frozen_by_a_hand_is_told_and_thawed(obs: ObsRig, run: Running):
    run.done(*run.put({"transition": "Fade"}))
    began = record(run)
    run.put({"program": "Samtale"})
    run.run(0.1)
    obs.ask("SetCurrentSceneTransition", transitionName="Cut")
    run.until(lambda: run.facts.get("program.frozen") is True, 4)
    run.until(lambda: run.facts["program.frozen"] is False, 2)
    run.run(1.2)
    assert obs.ask("GetStudioModeEnabled")["studioModeEnabled"] is False
    cut = Cut(run, began, "Venteskjerm")
    run.run(0.5)
    assert cut.is_at(cuts(finish(run))[-1])


def test_the_scene_that_is_on_air_already_is_confirmed_though_obs_says_nothing(run: Running):
    run.done(*run.put({"program": "Venteskjerm"}), within=1)
    assert run.heard("program") == ["Venteskjerm"]


def test_studio_mode_takes_the_program_directly(obs: ObsRig, run: Running):
    obs.ask("SetStudioModeEnabled", studioModeEnabled=True)
    run.run(0.3)  # sooner OBS loses it, and once died of it
    try:
        for scene in ("Samtale", "Venteskjerm", "Samtale"):
            run.done(*run.put({"program": scene}), within=1)
            run.run(0.2)
            assert obs.ask("GetCurrentProgramScene")["currentProgramSceneName"] == scene
    finally:
        obs.ask("SetStudioModeEnabled", studioModeEnabled=False)


def test_a_cue_goes_out_at_once_in_one_batch(obs: ObsRig, run: Running):
    run.run(0.1)  # the answers to the last cue's events
    flown = run.driver._link
    assert flown is not None
    before = flown._count
    orders = run.put({"program": "Samtale", "Mikrofon.level": -20.0, "Mikrofon.on": False})
    assert flown._count == before + 1
    assert run.done(*orders) < 0.1
    assert obs.ask("GetInputMute", inputName="Mikrofon")["inputMuted"] is True


def test_of_a_fade_the_last_value_stays(obs: ObsRig, run: Running):
    for step in range(51):
        run.put({"Mikrofon.level": -step / 2})
        run.run(0.01)
    run.run(0.2)
    assert run.heard("Mikrofon.level")[-1] == pytest.approx(-25.0)
    assert obs.ask("GetInputVolume", inputName="Mikrofon")["inputVolumeDb"] == pytest.approx(-25)


def test_a_hand_in_obs_is_seen_at_once(obs: ObsRig, run: Running):
    obs.ask("SetInputMute", inputName="Mikrofon", inputMuted=True)
    obs.ask("SetInputVolume", inputName="Mikrofon", inputVolumeDb=-7.0)
    obs.ask("SetCurrentProgramScene", sceneName="Samtale")
    moved = {"Mikrofon.on": False, "Mikrofon.level": pytest.approx(-7.0), "program": "Samtale"}
    took = run.until(lambda: all(run.heard(p)[-1:] == [v] for p, v in moved.items()), 1)
    assert took < 0.3


def test_a_hand_that_obs_tells_nobody_about_is_seen_within_a_second(obs: ObsRig, run: Running):
    obs.ask("SetInputSettings", inputName="Navn", inputSettings={"text": "Feil"}, overlay=True)
    run.until(lambda: run.heard("Navn.text") == ["Feil"], 1.2)


# ---------------------------------------------------------------- what is missing


def test_a_missing_scene_fails_within_a_second_and_the_rest_of_the_cue_is_done(
    obs: ObsRig, run: Running
):
    level, scene = run.put({"Mikrofon.level": -9.0, "program": "Borte"})
    failed = run.failed(scene, within=1)
    assert (failed.why, "Borte" in failed.detail) == ("missing", True)
    run.done(level, within=1)
    assert obs.ask("GetCurrentProgramScene")["currentProgramSceneName"] == "Venteskjerm"
    assert not [r for r in run.reports if isinstance(r, Moved) and r.parameter == "obs.program"]


def test_what_is_missing_is_told_and_the_rest_is_read(obs: ObsRig):
    paths = ("program", "Gjest.on", "Gjest.text", "Samtale/Logo.on", "Borte/Navn.on")
    run = Running(driver_for(obs.port, paths))
    assert set(run.open().reading) == {"obs.program"}
    missing = {f"obs.{path}" for path in paths[1:]}
    assert set(run.facts["missing"].split("\n")) == missing
    for order in run.put({"Gjest.on": True, "Samtale/Logo.on": True, "Borte/Navn.on": False}):
        assert run.failed(order, within=1).why == "missing"
    play = run.do("play", "Gjest")
    assert run.failed(play, within=1).why == "missing"
    run.driver.close()


def test_a_renamed_scene_is_told_at_once_and_so_is_its_return(obs: ObsRig, run: Running):
    obs.ask("SetSceneName", sceneName="Samtale", newSceneName="Intervju")
    try:
        run.until(lambda: "Intervju" in run.facts.get("scenes", ""), 1)
        assert "Samtale" not in run.facts["scenes"].split("\n")
        assert run.facts["renamed"] == "Samtale → Intervju"
        run.until(lambda: run.facts.get("missing") == "obs.Samtale/Navn.on", 1)
    finally:
        obs.ask("SetSceneName", sceneName="Intervju", newSceneName="Samtale")
    run.until(lambda: run.facts.get("missing") == "", 1)


def test_a_text_for_a_camera_is_refused(obs: ObsRig):
    run = Running(driver_for(obs.port, ("Intro.text",)))
    run.open()
    (order,) = run.put({"Intro.text": "Kari"})
    assert run.failed(order, within=1).why == "refused"
    assert "text" not in obs.ask("GetInputSettings", inputName="Intro")["inputSettings"]
    run.driver.close()


def test_the_mute_of_a_picture_is_refused(obs: ObsRig):
    run = Running(driver_for(obs.port, ("Farge Samtale.on",)))
    run.open()
    (order,) = run.put({"Farge Samtale.on": True})
    assert run.failed(order, within=1).why == "refused"
    run.driver.close()


# ---------------------------------------------------------------- recording, streaming


class Cut:
    """A scene put on air, and when: in seconds since OBS said that the recording had begun."""

    def __init__(self, run: Running, began: float, scene: str) -> None:
        self.said = time.monotonic() - began
        run.done(*run.put({"program": scene}))
        self.confirmed = time.monotonic() - began  # 6 ms later, on a machine that does nothing else

    def is_at(self, seconds: float) -> bool:
        """Tell whether it was then, within one frame."""
        return self.said - FRAME <= seconds <= self.confirmed + FRAME


def record(run: Running) -> float:
    """Start a recording; return when OBS said it had begun."""
    run.done(run.do("record", "start"), within=5)
    return time.monotonic()


def recording(run: Running) -> bool:
    return bool(run.facts["record"])


def finish(run: Running) -> Path:
    run.done(run.do("record", "stop"), within=10)
    return Path(run.facts["record.path"])


def test_a_cut_is_in_the_recording_within_one_frame_of_when_it_was_said(run: Running):
    began = record(run)
    assert recording(run)
    said = []
    for scene in ("Samtale", "Venteskjerm", "Samtale"):
        run.run(0.6)
        said.append(Cut(run, began, scene))
    run.run(0.6)
    found = cuts(finish(run))
    assert not recording(run)
    assert len(found) == len(said)
    for at, cut in zip(found, said, strict=True):
        assert cut.is_at(at), (found, [(c.said, c.confirmed) for c in said])


def test_a_recording_stopped_as_soon_as_it_was_started_is_stopped(obs: ObsRig, run: Running):
    start, stop = run.do("record", "start"), run.do("record", "stop")
    run.done(start, stop, within=10)
    assert run.reports.index(Acknowledged(start)) < run.reports.index(Acknowledged(stop))
    run.run(0.1)  # OBS calls it active for a moment after it has said STOPPED
    assert obs.ask("GetRecordStatus")["outputActive"] is False


def test_a_recording_that_runs_already_is_acknowledged_and_a_hand_on_it_is_told(
    obs: ObsRig, run: Running
):
    obs.ask("StartRecord")
    run.until(lambda: run.facts.get("record") is True, 1)
    assert run.done(run.do("record", "start")) < 0.1
    run.until(lambda: run.facts["record.bytes"] > 0, 5)
    obs.ask("StopRecord")
    run.until(lambda: not recording(run), 5)


def test_a_stream_to_nobody_has_failed(run: Running):
    failed = run.failed(run.do("stream", "start"), within=5)
    assert failed.why == "refused"
    assert run.facts.get("stream", False) is False


def test_a_stream_is_on_when_it_is_connected_and_its_bytes_grow(run: Running, rtmp: str):
    command = ["ffmpeg", "-loglevel", "error", "-listen", "1", "-i", f"{rtmp}/rig"]
    server = subprocess.Popen([*command, "-f", "null", "-"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        run.done(run.do("stream", "start"), within=8)
        assert run.facts["stream"] is True
        run.until(lambda: run.facts["stream.bytes"] > 0, 4)
        run.done(run.do("stream", "stop"), within=8)
        assert run.facts["stream"] is False
    finally:
        server.terminate()
        server.wait(5)


def test_an_unknown_verb_fails(run: Running):
    assert run.failed(run.do("dance", "Intro")).why == "missing"
    assert run.failed(run.do("record", "pause")).why == "refused"


def test_disk_and_frames_are_told(run: Running):
    assert run.facts["disk.mb"] > 0
    run.until(lambda: run.facts["fps"] > 25, 3)


# ---------------------------------------------------------------- the cover


def test_covered_is_silent_on_the_recording_and_nowhere_else(obs: ObsRig, run: Running):
    before = obs.ask("GetInputAudioTracks", inputName="Mikrofon")
    began = record(run)
    run.run(1.0)
    off = time.monotonic() - began
    run.done(*run.put({"master.on": False}), within=1)
    assert obs.ask("GetInputMute", inputName="Mikrofon")["inputMuted"] is False
    assert obs.ask("GetInputVolume", inputName="Mikrofon")["inputVolumeDb"] == pytest.approx(0.0)
    run.run(1.2)
    on = time.monotonic() - began
    run.done(*run.put({"master.on": True}), within=1)
    assert obs.ask("GetInputAudioTracks", inputName="Mikrofon") == before
    run.run(1.0)
    film = finish(run)
    assert loudest(film, 0.2, off - 0.1) > -30
    assert loudest(film, off + 0.1, on - 0.1) < -80
    assert loudest(film, on + 0.2, on + 0.8) > -30


def test_an_input_that_comes_while_covered_is_covered(obs: ObsRig, run: Running):
    run.done(*run.put({"master.on": False}), within=1)
    new = {"sceneName": "Samtale", "inputName": "Ny", "inputKind": "ffmpeg_source"}
    obs.ask("CreateInput", **new, inputSettings={})
    try:

        def heard() -> bool:
            return any(obs.ask("GetInputAudioTracks", inputName="Ny")["inputAudioTracks"].values())

        run.until(lambda: not heard(), 0.5)
        run.run(0.2)
        run.done(*run.put({"master.on": True}), within=1)
        assert heard()
    finally:
        obs.ask("RemoveInput", inputName="Ny")
    assert run.heard("master.on")[-1] is True


def test_a_hand_that_opens_a_track_under_the_cover_is_seen(obs: ObsRig, run: Running):
    run.done(*run.put({"master.on": False}), within=1)
    obs.ask("SetInputAudioTracks", inputName="Mikrofon", inputAudioTracks={"1": True})
    run.until(lambda: run.heard("master.on")[-1] is True, 0.5)
    run.done(*run.put({"master.on": True}), within=1)
    tracks = {str(n): True for n in range(1, 7)}
    obs.ask("SetInputAudioTracks", inputName="Mikrofon", inputAudioTracks=tracks)


# ---------------------------------------------------------------- media
# The last of the file: the first RESTART of a medium that has stood still makes this OBS hold back
# all sound by 960 ms from then on ("Max audio buffering reached"), whoever asks for it.

ACTION = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION"


def test_media_are_played_paused_stopped_and_begun_again(obs: ObsRig, run: Running):
    def state() -> str:
        said = obs.ask("GetMediaInputStatus", inputName="Intro")["mediaState"]
        return str(said).removeprefix("OBS_MEDIA_STATE_")

    for verb, expected in (
        ("restart", "PLAYING"), ("pause", "PAUSED"), ("play", "PLAYING"), ("stop", "STOPPED"),
        ("play", "PLAYING"), ("stop", "STOPPED"),
    ):  # fmt: skip
        run.done(run.do(verb, "Intro"), within=1)
        for _ in range(20):
            if state() == expected:
                break
            run.run(0.05)
        assert state() == expected, verb


def test_a_film_that_has_ended_is_played_from_its_beginning(obs: ObsRig, run: Running):
    run.done(*run.put({"program": "Samtale"}))  # out of sight it does not play
    obs.ask("TriggerMediaInputAction", inputName="Intro", mediaAction=f"{ACTION}_RESTART")

    def status() -> dict[str, object]:
        return obs.ask("GetMediaInputStatus", inputName="Intro")

    run.until(lambda: status()["mediaState"] == "OBS_MEDIA_STATE_ENDED", 4)
    run.done(run.do("play", "Intro"), within=1)
    run.run(0.4)
    said = status()
    assert said["mediaState"] == "OBS_MEDIA_STATE_PLAYING"
    assert 0 < int(str(said["mediaCursor"])) < 1500
    run.done(run.do("stop", "Intro"))


def test_a_picture_cannot_be_played(run: Running):
    failed = run.failed(run.do("play", "Farge Samtale"), within=1)
    assert failed.why == "refused"


def cuts(film: Path) -> list[float]:
    """Return the times at which the picture's colour changes, as ffprobe sees them."""
    graph = f"movie={film},signalstats"
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-f", "lavfi", graph,
         "-show_entries", "frame=pts_time:frame_tags=lavfi.signalstats.UAVG", "-of", "csv=p=0"],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    frames = [tuple(map(float, line.split(",")[:2])) for line in said.split()]
    return [
        at for (_, before), (at, blue) in pairwise(frames)
        if abs(blue - before) > 20
    ]  # fmt: skip


def loudest(film: Path, start: float, end: float) -> float:
    """Return the highest sample between two times, in dBFS."""
    said = subprocess.run(
        ["ffmpeg", "-hide_banner", "-ss", str(start), "-to", str(end), "-i", film,
         "-af", "volumedetect", "-f", "null", "-"],
        check=True, capture_output=True, text=True, timeout=60,
    ).stderr  # fmt: skip
    found = re.search(r"max_volume: (\S+) dB", said)
    assert found is not None, said
    return float(found[1])
