"""The simulated OBS as obsws-python sees it: what a driver has to survive on the real one."""

import contextlib
import gc
import json
import socket
import time
from pathlib import Path

import obsws_python
import pytest
from obsws_python.error import OBSSDKError, OBSSDKRequestError, OBSSDKTimeoutError
from websocket import ABNF, WebSocketTimeoutException

from stagectl.sim.stage import run_stage
from tests.sim.conftest import BOOK, PASSWORD, until

METERS = 1 << 16


# obsws-python leaves its socket open when it is not let in; whenever it is swept up, it is here.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _swept():
    yield
    gc.collect()


@contextlib.contextmanager
def asking(stage, password=PASSWORD, timeout=5):
    host, port = stage.addresses["obs"].split(":")
    client = obsws_python.ReqClient(host=host, port=int(port), password=password, timeout=timeout)
    try:
        yield client
    finally:
        client.disconnect()


@contextlib.contextmanager
def hearing(stage, subs=obsws_python.Subs.LOW_VOLUME):
    """Yield the list of events heard so far, as (type, data)."""
    host, port = stage.addresses["obs"].split(":")
    client = obsws_python.EventClient(
        host=host, port=int(port), password=PASSWORD, timeout=5, subs=subs
    )
    heard = []
    client.callback.trigger = lambda event, data: heard.append((event, data))
    try:
        yield heard
    finally:
        client.disconnect()
        client.worker.join(5)


def named(heard, kind):
    return [data for event, data in heard if event == kind]


def refusal(ask, *args):
    with pytest.raises(OBSSDKRequestError) as refused:
        ask(*args)
    return refused.value.code


# ---- who is let in


def test_obsws_python_reads_what_the_venue_names(stage):
    with asking(stage) as obs:
        assert obs.get_version().obs_web_socket_version == "5.1.0"
        scenes = {scene["sceneName"] for scene in obs.get_scene_list().scenes}
        assert scenes == {"Venteskjerm", "Samtale", "Film", "Prof. Dahl / hovedscene"}
        assert obs.get_current_program_scene().current_program_scene_name == "Venteskjerm"
        inputs = {one["inputName"]: one["inputKind"] for one in obs.get_input_list().inputs}
        assert inputs["Navn"] == "text_ft2_source_v2"
        assert inputs["Introfilm"] == "ffmpeg_source"
        assert inputs["Mikrofon"] == "pulse_input_capture"
        items = obs.get_scene_item_list("Samtale").scene_items
        assert {"Tolk", "Navn"} <= {item["sourceName"] for item in items}
        film = obs.get_scene_item_list("Film").scene_items
        assert "Introfilm" in {item["sourceName"] for item in film}


def test_a_wrong_password_closes_with_4009(stage):
    with pytest.raises(OBSSDKError), asking(stage, password="feil"):
        pass


def test_no_password_is_asked_for_where_there_is_none():
    with run_stage(BOOK) as stage, asking(stage, password="") as obs:
        assert obs.get_version().rpc_version == 1


def test_every_request_gets_207_until_obs_is_ready(stage):
    stage.obs().not_ready = 0.3
    stage.restart("obs")
    with asking(stage) as obs:
        assert refusal(obs.get_version) == 207
        until(lambda: answers(obs.get_version))


def answers(ask):
    with contextlib.suppress(OBSSDKRequestError):
        return ask()


def test_what_obs_29_does_not_have_gets_204_and_is_not_promised(stage):
    with asking(stage) as obs:
        promised = obs.get_version().available_requests
        for kind in ("CreateRecordChapter", "SplitRecordFile", "SetRecordDirectory"):
            assert kind not in promised
            assert refusal(obs.send, kind) == 204


# ---- program


def test_the_program_is_told_at_the_transitions_end_but_read_at_once(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.set_current_scene_transition("Fade")
        obs.set_current_scene_transition_duration(300)
        start = time.monotonic()
        obs.set_current_program_scene("Samtale")
        assert obs.get_current_program_scene().current_program_scene_name == "Samtale"
        assert not named(heard, "CurrentProgramSceneChanged")
        until(lambda: named(heard, "CurrentProgramSceneChanged"))
        assert time.monotonic() - start >= 0.3
        assert named(heard, "SceneTransitionStarted") == [{"transitionName": "Fade"}]


def test_selecting_the_scene_that_is_on_tells_nothing(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.set_current_program_scene("Samtale")
        until(lambda: named(heard, "SceneTransitionEnded"))
        heard.clear()
        obs.set_current_program_scene("Samtale")
        obs.broadcast_custom_event({"eventData": {"after": 1}})
        until(lambda: named(heard, "CustomEvent"))
        assert [event for event, _ in heard] == ["CustomEvent"]


def test_a_trigger_right_after_studio_mode_is_lost_with_every_status_ok(stage):
    with asking(stage) as obs:
        obs.set_studio_mode_enabled(True)
        obs.set_current_preview_scene("Samtale")
        obs.trigger_studio_mode_transition()
        assert obs.get_current_program_scene().current_program_scene_name == "Venteskjerm"
        time.sleep(0.08)  # what OBS needs, and nobody can ask for
        obs.trigger_studio_mode_transition()
        assert obs.get_current_program_scene().current_program_scene_name == "Samtale"


def test_a_renamed_scene_is_told_and_found_under_its_new_name(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.set_scene_name("Samtale", "Panelsamtale")
        assert until(lambda: named(heard, "SceneNameChanged")) == [
            {"oldSceneName": "Samtale", "sceneName": "Panelsamtale"}
        ]
        assert refusal(obs.set_current_program_scene, "Samtale") == 600
        obs.set_current_program_scene("Panelsamtale")


def test_a_film_ends_by_itself_and_says_so(stage):
    stage.obs().run.collection.inputs["Introfilm"].seconds = 0.2
    with asking(stage) as obs, hearing(stage) as heard:
        obs.trigger_media_input_action("Introfilm", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PLAY")
        assert obs.get_media_input_status("Introfilm").media_state == "OBS_MEDIA_STATE_PLAYING"
        until(lambda: named(heard, "MediaInputPlaybackEnded"))
        assert obs.get_media_input_status("Introfilm").media_state == "OBS_MEDIA_STATE_ENDED"


# ---- record and stream


def test_a_recording_is_a_file_that_grows(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.start_record()
        started = until(lambda: [d for d in named(heard, "RecordStateChanged") if d["outputPath"]])
        path = Path(started[0]["outputPath"])
        before = path.stat().st_size
        until(lambda: path.stat().st_size > before)
        assert obs.get_record_status().output_bytes > before
        obs.stop_record()
        until(lambda: "OBS_WEBSOCKET_OUTPUT_STOPPED" in states(heard, "RecordStateChanged"))
        assert states(heard, "RecordStateChanged") == [
            f"OBS_WEBSOCKET_OUTPUT_{word}"
            for word in ("STARTING", "STARTED", "STOPPING", "STOPPED")
        ]


def states(heard, kind):
    return [data["outputState"] for data in named(heard, kind)]


def test_a_stop_right_after_the_start_gets_501_and_the_recording_goes_on(stage):
    with asking(stage) as obs:
        obs.start_record()
        assert refusal(obs.stop_record) == 501
        until(lambda: obs.get_record_status().output_active)
        assert refusal(obs.start_record) == 500


def test_a_pause_is_ok_and_does_nothing_on_the_streams_encoder(stage):
    stage.obs().run.record.pauses = False
    with asking(stage) as obs:
        obs.start_record()
        until(lambda: obs.get_record_status().output_active)
        obs.pause_record()
        assert not obs.get_record_status().output_paused


def test_a_stream_is_not_on_when_obs_says_ok(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.start_stream()
        assert not obs.get_stream_status().output_active
        until(lambda: obs.get_stream_status().output_bytes)
        assert states(heard, "StreamStateChanged")[:2] == [
            "OBS_WEBSOCKET_OUTPUT_STARTING",
            "OBS_WEBSOCKET_OUTPUT_STARTED",
        ]


def test_a_stream_to_a_dead_server_is_ok_starting_and_stopped(stage):
    stage.obs().run.stream.dead = True
    with asking(stage) as obs, hearing(stage) as heard:
        obs.start_stream()
        until(lambda: len(named(heard, "StreamStateChanged")) == 2)
        assert states(heard, "StreamStateChanged")[-1] == "OBS_WEBSOCKET_OUTPUT_STOPPED"
        assert not obs.get_stream_status().output_active


def test_a_stream_that_loses_its_server_tries_again_and_comes_back(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.start_stream()
        until(lambda: obs.get_stream_status().output_bytes)
        stage.ask(stage.obs().run.stream.cut)
        assert obs.get_stream_status().output_reconnecting
        stage.ask(stage.obs().run.stream.mend)
        until(lambda: "OBS_WEBSOCKET_OUTPUT_RECONNECTED" in states(heard, "StreamStateChanged"))
        assert not obs.get_stream_status().output_reconnecting


def test_a_stalled_recording_is_active_and_does_not_grow(stage):
    with asking(stage) as obs:
        obs.start_record()
        until(lambda: obs.get_record_status().output_bytes)
        stage.obs().run.record.stalled = True
        before, at = obs.get_record_status().output_bytes, time.monotonic()
        until(lambda: obs.get_record_status().output_duration / 1000 > 1)
        assert time.monotonic() > at
        assert obs.get_record_status().output_bytes == before


# ---- sound


def test_meters_come_every_50_ms_to_those_who_asked_and_to_no_others(stage):
    with hearing(stage, METERS) as metered, hearing(stage) as heard:
        until(lambda: len(metered) > 3)
        start, before = time.monotonic(), len(metered)
        until(lambda: len(metered) >= before + 20)
        assert 0.5 < time.monotonic() - start < 2
        assert not heard
        names = {one["inputName"] for one in metered[-1][1]["inputs"]}
        assert "Mikrofon" in names


def test_a_film_is_among_the_meters_once_it_has_begun_and_silent_when_it_has_ended(stage):
    def film(metered):
        inputs = metered[-1][1]["inputs"] if metered else []
        return {one["inputName"]: one["inputLevelsMul"] for one in inputs}.get("Introfilm")

    with asking(stage) as obs, hearing(stage, METERS) as metered:
        obs.set_current_program_scene("Film")
        obs.trigger_media_input_action("Introfilm", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_STOP")
        until(lambda: metered)
        until(lambda: film(metered) is None or max(peak for _, peak, _ in film(metered)) == 0)
        obs.trigger_media_input_action("Introfilm", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART")
        until(lambda: film(metered) and max(peak for _, peak, _ in film(metered)) > 0)
        obs.trigger_media_input_action("Introfilm", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_STOP")
        until(lambda: film(metered) and max(peak for _, peak, _ in film(metered)) == 0)


def test_the_cover_takes_every_input_off_every_track_and_the_picture_shows_it(stage):
    with asking(stage) as obs:
        tracks = {str(n): False for n in range(1, 7)}
        for one in ("Mikrofon", "Introfilm"):
            obs.set_input_audio_tracks(one, tracks)
        assert not any(obs.get_input_audio_tracks("Mikrofon").input_audio_tracks.values())
        assert not obs.get_input_mute("Mikrofon").input_muted
    assert obs_of(stage)["covered"]


def obs_of(stage):
    return next(device for device in stage.state()["devices"] if device["kind"] == "obs")


# ---- what breaks


def test_after_a_crash_obs_has_what_was_saved_and_counts_from_0(stage):
    slot = {"realm": "OBS_WEBSOCKET_DATA_REALM_GLOBAL", "slotName": "kept"}
    with asking(stage) as obs:
        obs.set_current_program_scene("Samtale")
        obs.set_input_mute("Mikrofon", True)
        obs.send("SetPersistentData", {**slot, "slotValue": [1]})
        obs.start_record()
        until(lambda: obs.get_record_status().output_bytes)
        until(lambda: obs.get_stats().render_total_frames > 10)
    recording = stage.obs().run.record.path
    stage.restart("obs")
    with asking(stage) as obs:
        assert obs.get_stats().render_total_frames < 10
        assert obs.get_current_program_scene().current_program_scene_name == "Venteskjerm"
        assert not obs.get_input_mute("Mikrofon").input_muted
        assert not obs.get_record_status().output_active
        assert obs.send("GetPersistentData", slot).slot_value == [1]
    assert Path(recording).stat().st_size > 0


def test_a_killed_obs_refuses_until_it_is_started_again(stage):
    with asking(stage) as obs:
        stage.kill("obs")
        with pytest.raises(Exception, match=r"lost|reset|closed|Broken"):
            obs.get_version()
    with pytest.raises(ConnectionRefusedError), asking(stage):
        pass
    stage.restart("obs")
    with asking(stage) as obs:
        assert obs.get_version()


def test_a_frozen_obs_takes_connections_says_nothing_and_does_on_waking_what_it_was_told(stage):
    with asking(stage, timeout=0.3) as obs:
        stage.freeze("obs")
        with pytest.raises(OBSSDKTimeoutError):
            obs.set_current_program_scene("Samtale")
        with pytest.raises(WebSocketTimeoutException), asking(stage, timeout=0.3):
            pass
        stage.thaw("obs")
        until(lambda: obs_of(stage)["program"] == "Samtale")


def test_obsws_python_is_one_answer_behind_after_a_timeout(stage):
    """That is why a driver drops the link after any timeout."""
    with asking(stage, timeout=0.3) as obs:
        stage.freeze("obs")
        with pytest.raises(OBSSDKTimeoutError):
            obs.get_studio_mode_enabled()
        stage.thaw("obs")
        assert hasattr(obs.get_version(), "studio_mode_enabled")


def test_a_recording_stands_still_while_obs_is_frozen_and_its_frame_counter_does_not(stage):
    with asking(stage) as obs:
        obs.start_record()
        until(lambda: obs.get_record_status().output_bytes)
        stage.freeze("obs")
        path = Path(stage.obs().run.record.path)
        before = path.stat().st_size
        time.sleep(0.6)  # two writes and more
        assert path.stat().st_size == before
        stage.thaw("obs")
        frames = obs.get_stats().render_total_frames
        assert frames / 30 > obs.get_record_status().output_duration / 1000 + 0.5


def test_a_frozen_obs_can_be_killed_with_a_client_at_the_door_and_started_again(stage):
    host, port = stage.addresses["obs"].split(":")
    with asking(stage), socket.create_connection((host, int(port))) as waiting:
        stage.freeze("obs")
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        stage.restart("obs")
    with asking(stage) as obs:
        assert obs.get_version()


def test_a_refusing_obs_runs_on_and_is_found_as_it_was(stage):
    with asking(stage) as obs:
        obs.set_current_program_scene("Samtale")
    stage.refuse("obs")
    with pytest.raises(ConnectionRefusedError), asking(stage):
        pass
    assert obs_of(stage)["program"] == "Samtale"
    stage.accept("obs")
    with asking(stage) as obs:
        assert obs.get_current_program_scene().current_program_scene_name == "Samtale"


def test_a_quitting_obs_says_so_and_saves(stage):
    with asking(stage) as obs, hearing(stage) as heard:
        obs.set_input_mute("Mikrofon", True)
        stage.quit("obs")
        until(lambda: [event for event, _ in heard if event == "ExitStarted"])
    stage.restart("obs")
    with asking(stage) as obs:
        assert obs.get_input_mute("Mikrofon").input_muted


def test_two_requests_in_one_breath_can_be_carried_out_the_other_way_round(stage):
    assert 0 < overtaken(stage, pairs=200) < 100


def test_an_orderly_obs_never_does(stage):
    stage.obs().orderly = True
    assert overtaken(stage, pairs=200) == 0


def overtaken(stage, pairs):
    """How often a read came before the write that was sent just before it."""
    wrong = 0
    with asking(stage) as obs:
        socket = obs.base_client.ws
        for number in range(pairs):
            muted = bool(number % 2)
            put = request("SetInputMute", inputName="Mikrofon", inputMuted=muted)
            ask = request("GetInputMute", inputName="Mikrofon")
            socket.sock.sendall(frame(put) + frame(ask))  # one packet: one breath
            answers = [json.loads(socket.recv())["d"] for _ in range(2)]
            read = next(a for a in answers if a["requestType"] == "GetInputMute")
            wrong += read["responseData"]["inputMuted"] != muted
    return wrong


def request(kind, **data):
    return json.dumps({"op": 6, "d": {"requestType": kind, "requestId": kind, "requestData": data}})


def frame(text):
    return ABNF.create_frame(text, ABNF.OPCODE_TEXT).format()


def test_a_batch_keeps_its_order_and_hands_variables_on(stage):
    with asking(stage) as obs:
        batch = {
            "op": 8,
            "d": {
                "requestId": "b",
                "requests": [
                    {
                        "requestType": "GetSceneItemId",
                        "requestData": {"sceneName": "Samtale", "sourceName": "Tolk"},
                        "outputVariables": {"it": "sceneItemId"},
                    },
                    {
                        "requestType": "SetSceneItemEnabled",
                        "requestData": {"sceneName": "Samtale", "sceneItemEnabled": False},
                        "inputVariables": {"sceneItemId": "it"},
                    },
                    {"requestType": "Sleep", "requestData": {"sleepMillis": 20}},
                    {
                        "requestType": "GetSceneItemEnabled",
                        "requestData": {"sceneName": "Samtale"},
                        "inputVariables": {"sceneItemId": "it"},
                    },
                ],
            },
        }
        obs.base_client.ws.send(json.dumps(batch))
        results = json.loads(obs.base_client.ws.recv())["d"]["results"]
        assert [result["requestStatus"]["code"] for result in results] == [100] * 4
        assert results[-1]["responseData"] == {"sceneItemEnabled": False}


def test_a_hand_at_obs_is_told_to_every_client(stage):
    with hearing(stage) as heard:
        stage.move("obs.Mikrofon.on", False)
        assert until(lambda: named(heard, "InputMuteStateChanged")) == [
            {"inputMuted": True, "inputName": "Mikrofon"}
        ]
        stage.move("obs.program", "talk")
        until(lambda: named(heard, "CurrentProgramSceneChanged"))
        assert obs_of(stage)["program"] == "Prof. Dahl / hovedscene"
        stage.move("obs.Samtale/Tolk.on", False)
        until(lambda: named(heard, "SceneItemEnableStateChanged"))
    with pytest.raises(KeyError):
        stage.move("obs.Borte.on", False)
