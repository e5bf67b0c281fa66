"""The OBS driver without an OBS: what it says, what it makes of answers, and what it refuses."""

import json
import logging
import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import ServerConnection, serve

from stagectl.core.diff import Command
from stagectl.core.model import Device, Do
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers import obs_words as words
from stagectl.drivers.driver import LinkError
from stagectl.drivers.obs import ObsDriver, _address
from stagectl.drivers.obs_age import Alive
from stagectl.drivers.obs_cover import Cover
from stagectl.drivers.obs_latch import Latch
from stagectl.drivers.obs_words import Answer, answer
from stagectl.engine.report import Acknowledged, Failed, Moved, Report

CANARY = "canary-5Gx0"
LEVEL = Wire("number", "Mikrofon", "volume", "dB", curve=((-100, -100), (26, 26)), steps=12600)
START, STOP = Do("obs", "record", "start", 1), Do("obs", "record", "stop", 2)
OK, RUNNING, NOT_RUNNING = Answer(100), Answer(500), Answer(501)


# ---------------------------------------------------------------- words


def test_silence_is_said_as_a_factor_since_decibels_end_at_minus_100():
    (said,) = words.put(LEVEL, -math.inf)
    assert said["requestData"] == {"inputName": "Mikrofon", "inputVolumeMul": 0.0}


def test_silence_is_heard_as_minus_infinity():
    heard = words.heard(LEVEL, [Answer(100, {"inputVolumeDb": -100.0, "inputVolumeMul": 0.0})])
    assert heard == -math.inf


def test_a_level_is_said_and_heard_in_decibels():
    (said,) = words.put(LEVEL, -12.5)
    assert said["requestData"]["inputVolumeDb"] == pytest.approx(-12.5)
    heard = words.heard(LEVEL, [Answer(100, {"inputVolumeDb": -12.5})])
    assert heard == pytest.approx(-12.5)


def test_on_is_not_muted():
    wire = Wire("switch", "Mikrofon", "mute")
    assert words.put(wire, True)[0]["requestData"]["inputMuted"] is False
    assert words.heard(wire, [Answer(100, {"inputMuted": True})]) is False


def test_an_item_is_found_by_name_in_the_batch_that_switches_it():
    find, switch = words.put(Wire("switch", "Samtale\nNavn", "item"), False)
    assert find["requestData"] == {"sceneName": "Samtale", "sourceName": "Navn"}
    (variable,) = find["outputVariables"]
    assert switch["inputVariables"] == {"sceneItemId": variable}


def test_two_items_share_no_variable_so_a_missing_one_switches_no_other():
    one, _ = words.put(Wire("switch", "Samtale\nNavn", "item"), False)
    other, _ = words.put(Wire("switch", "Samtale\nLogo", "item"), False)
    assert one["outputVariables"] != other["outputVariables"]


def test_a_cut_has_no_duration():
    wire = Wire("number", type="duration", unit="s")
    assert words.heard(wire, [Answer(100, {"transitionDuration": None})]) is None


# ---------------------------------------------------------------- cover


def heard_by(cover: Cover, slot: object, **tracks: dict[str, bool]) -> None:
    cover.ask(tracks)
    said = [Answer(100, {"slotValue": slot})]
    cover.hear([*said, *(Answer(100, {"inputAudioTracks": t}) for t in tracks.values())])


def said_of(cover: Cover, on: bool) -> list[tuple[str, object]]:
    return [
        (r["requestType"], r["requestData"].get("inputName", r["requestData"].get("slotValue")))
        for r in cover.put(on)
    ]


ONE = {"1": True, "2": False}
NONE = {"1": False, "2": False}


def test_covering_keeps_the_tracks_before_it_takes_them_away():
    cover = Cover()
    heard_by(cover, None, Mic=ONE, Film=ONE)
    kept = {"covered": True, "tracks": {"Mic": ONE, "Film": ONE}}
    assert said_of(cover, False) == [
        ("SetPersistentData", kept),
        ("SetInputAudioTracks", "Mic"),
        ("SetInputAudioTracks", "Film"),
    ]


def test_uncovering_gives_the_tracks_back():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE}}, Mic=NONE)
    assert not cover.on
    restore, keep = cover.put(on=True)
    assert restore["requestData"] == {"inputName": "Mic", "inputAudioTracks": ONE}
    assert keep["requestData"]["slotValue"] == {"covered": False, "tracks": {"Mic": ONE}}


def test_an_obs_that_died_and_came_back_with_the_covers_silence_is_not_on():
    cover = Cover()
    heard_by(cover, {"covered": False, "tracks": {"Mic": ONE, "Hall": NONE}}, Mic=NONE, Hall=NONE)
    assert not cover.on
    assert said_of(cover, True)[0] == ("SetInputAudioTracks", "Mic")
    heard_by(cover, {"covered": False, "tracks": {"Mic": ONE, "Hall": NONE}}, Mic=ONE, Hall=NONE)
    assert cover.on


def test_covering_twice_does_not_keep_the_silence():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE}}, Mic=NONE)
    assert said_of(cover, False) == [
        ("SetPersistentData", {"covered": True, "tracks": {"Mic": ONE}})
    ]


def test_a_covered_obs_in_which_something_is_heard_is_on():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE}}, Mic=ONE)
    assert cover.on
    assert not cover.strangers


def test_an_input_that_came_after_the_cover_is_a_stranger():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE}}, Mic=NONE, Ny=ONE)
    assert cover.strangers
    assert ("SetInputAudioTracks", "Ny") in said_of(cover, False)


def test_what_is_kept_for_an_input_that_is_not_there_is_kept_on():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE, "Borte": ONE}}, Mic=NONE)
    restored, keep = cover.put(on=True)
    assert restored["requestData"]["inputName"] == "Mic"
    assert keep["requestData"]["slotValue"]["tracks"] == {"Mic": ONE, "Borte": ONE}


def test_a_renamed_input_gets_its_tracks_back():
    cover = Cover()
    heard_by(cover, {"covered": True, "tracks": {"Mic": ONE}}, Mic=NONE)
    cover.rename("Mic", "Mikrofon")
    heard_by(cover, {"covered": True, "tracks": cover.kept}, Mikrofon=NONE)
    assert said_of(cover, True)[0] == ("SetInputAudioTracks", "Mikrofon")


@pytest.mark.parametrize("slot", [None, "?", {}, {"tracks": 3}, {"covered": 1, "tracks": {"a": 2}}])
def test_a_slot_that_is_not_ours_covers_nothing(slot: object):
    cover = Cover()
    heard_by(cover, slot, Mic=ONE)
    assert cover.on
    assert not cover.strangers


# ---------------------------------------------------------------- latch


def test_a_recording_is_begun_when_obs_says_so_not_when_it_says_ok():
    latch = Latch("record")
    assert latch.order(START, 0.0) == []
    assert latch.request(0.0) == {"requestType": "StartRecord"}
    assert latch.answered(OK, 0.0) == []
    assert latch.event("STARTING", 0.1) == []
    assert latch.event("STARTED", 0.2) == [Acknowledged(START)]


def test_a_stop_that_comes_too_early_is_said_again_until_it_holds():
    latch = Latch("record")
    latch.order(START, 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    latch.event("STARTED", 0.1)
    latch.order(STOP, 0.1)
    assert latch.request(0.1) == {"requestType": "StopRecord"}
    assert latch.answered(NOT_RUNNING, 0.1) == []
    assert latch.request(0.15) is None
    assert latch.request(0.3) == {"requestType": "StopRecord"}
    latch.answered(OK, 0.3)
    assert latch.event("STOPPED", 0.5) == [Acknowledged(STOP)]


def test_a_start_that_obs_agreed_to_and_forgot_is_said_again():
    latch = Latch("record")
    latch.order(START, 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    assert latch.request(0.3) is None
    assert latch.due < 0.5
    assert latch.request(latch.due) == {"requestType": "StartRecord"}


def test_a_start_under_way_is_not_said_again():
    latch = Latch("stream")
    latch.order(Do("obs", "stream", "start", 3), 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    latch.event("STARTING", 0.0)
    assert latch.request(9.0) is None
    assert latch.due > 9


def test_a_stop_waits_for_the_start_before_it():
    latch = Latch("record")
    latch.order(START, 0.0)
    latch.order(STOP, 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    assert latch.request(0.0) is None
    assert latch.event("STARTED", 0.1) == [Acknowledged(START)]
    assert latch.request(0.1) == {"requestType": "StopRecord"}


def test_what_runs_already_is_done_at_once():
    latch = Latch("record")
    latch.status(True, 0, 0.0)
    assert latch.order(START, 0.0) == [Acknowledged(START)]


def test_a_stream_that_ends_before_it_began_has_failed():
    latch = Latch("stream")
    start = Do("obs", "stream", "start", 3)
    latch.order(start, 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    latch.event("STARTING", 0.0)
    (failed,) = latch.event("STOPPED", 0.1)
    assert isinstance(failed, Failed)
    assert (failed.order, failed.why) == (start, "refused")


def test_an_output_that_never_answers_is_given_up():
    latch = Latch("record")
    latch.order(START, 0.0)
    latch.request(0.0)
    latch.answered(OK, 0.0)
    assert latch.settle(4.9) == []
    (failed,) = latch.settle(5.0)
    assert isinstance(failed, Failed)
    assert failed.why == "unknown"


def test_a_status_asked_for_before_the_last_event_is_old():
    latch = Latch("record")
    asked = latch.heard
    latch.event("STARTED", 0.0)
    latch.status(False, asked, 0.1)
    assert latch.active


def test_a_status_that_contradicts_an_event_just_heard_is_not_believed_yet():
    latch = Latch("record")
    latch.event("STARTED", 0.0)
    latch.event("STOPPED", 1.0)
    latch.status(True, latch.heard, 1.01)
    assert not latch.active
    latch.status(True, latch.heard, 2.0)
    assert latch.active


@pytest.mark.parametrize(("active", "kind"), [(True, Acknowledged), (False, Failed)])
def test_after_a_lost_link_an_order_is_judged_and_never_said_again(active: bool, kind: type):
    latch = Latch("record")
    latch.order(START, 0.0)
    latch.request(0.0)
    (report,) = latch.linked(active)
    assert isinstance(report, kind)
    assert latch.request(9.0) is None


# ---------------------------------------------------------------- restart evidence, addresses


def test_a_counter_that_fell_is_another_obs():
    assert Alive(20.0, 30.0, 30.0).is_another(Alive(10.0, 900.0, 30.0))


def test_an_obs_younger_than_the_outage_is_another_obs():
    assert Alive(100.0, 1200.0, 30.0).is_another(Alive(10.0, 900.0, 30.0))


def test_an_obs_that_went_on_is_the_same():
    assert not Alive(100.0, 3600.0, 30.0).is_another(Alive(10.0, 900.0, 30.0))


@pytest.mark.parametrize(
    ("at", "address"),
    [
        ("127.0.0.1:4466", ("127.0.0.1", 4466)),
        ("obs.local", ("obs.local", 4455)),
        ("[::1]:4466", ("[::1]", 4466)),
        ("", ("127.0.0.1", 4455)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(at: str, address: tuple[str, int]):
    assert _address(at, 4455) == address


# ---------------------------------------------------------------- what OBS takes its time over


def test_a_cut_still_there_confirms_no_duration_of_the_fade_that_was_chosen():
    wires = {
        "obs.transition": Wire("word", type="transition", read=True),
        "obs.transition.duration": Wire("number", type="duration", unit="s", read=True),
    }
    obs = ObsDriver(Device("obs", "obs-studio"), Profile("obs-studio", "obs", 4455), wires)
    fade, half = (
        Command("obs.transition", "Fade", "1"),
        Command("obs.transition.duration", 0.5, "1"),
    )

    def read(name: str, ms: int | None, now: float) -> list[Report]:
        said = [Answer(100, {"transitionName": name, "transitionDuration": ms})]
        return [r for c in (fade, half) for r in obs._confirming(c, 0.5).then(said, now)]

    assert read("Cut", None, 0.0) == []
    assert read("Fade", 300, 0.02) == [Moved("obs.transition", "Fade"), Acknowledged(fade)]
    settled = [Moved("obs.transition.duration", 0.5), Acknowledged(half)]
    assert read("Fade", 500, 0.04)[2:] == settled
    assert read("Cut", None, 0.6)[1:] == settled, "a cut that stays has none to read"


# ---------------------------------------------------------------- ports that are no OBS


def driver(port: int, secret: str = CANARY) -> ObsDriver:
    device = Device("obs", "obs-studio", f"127.0.0.1:{port}")
    wires = {"obs.program": Wire("word", type="program", read=True)}
    return ObsDriver(device, Profile("obs-studio", "obs", 4455), wires, secret)


def refusal(port: int) -> tuple[LinkError, float]:
    obs, start = driver(port), time.monotonic()
    with pytest.raises(LinkError) as caught:
        obs.open(start)
    obs.close()
    return caught.value, time.monotonic() - start


@contextmanager
def listening(say: bytes = b"") -> Iterator[int]:
    """A port that accepts, and says this much."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            sock, _ = server.accept()
            sock.sendall(say)
            held.append(sock)

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1]
        thread.join()
        for sock in held:
            sock.close()


@contextmanager
def obs_like(*, accept: bool) -> Iterator[int]:
    """A port that speaks obs-websocket as far as Identified."""

    def converse(peer: ServerConnection) -> None:
        auth = {"challenge": "c", "salt": "s"}
        hello = {"obsWebSocketVersion": "5.1.0", "rpcVersion": 1, "authentication": auth}
        peer.send(json.dumps({"op": 0, "d": hello}))
        peer.recv()
        if not accept:
            peer.close(4009, "Authentication failed.")
            return
        peer.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
        for message in peer:
            batch = json.loads(message)["d"]
            answer = {
                "requestType": "GetVersion",
                "requestStatus": {"result": False, "code": 207},
            }
            said = {"requestId": batch["requestId"], "results": [answer] * len(batch["requests"])}
            peer.send(json.dumps({"op": 9, "d": said}))

    with serve(converse, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        thread.join()


def test_a_port_that_says_nothing_is_given_up_within_five_seconds():
    with listening() as port:
        error, took = refusal(port)
    assert error.why == "silent"
    assert took < 5


def test_a_port_where_nobody_is_refuses_at_once():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error, took = refusal(port)
    assert (error.why, error.slow) == ("refused", False)
    assert took < 1


def test_a_port_that_speaks_something_else_is_tried_again_slowly():
    with listening(b"SSH-2.0-OpenSSH_9.2\r\n\r\n") as port:
        error, _ = refusal(port)
    assert (error.why, error.slow) == ("garbled", True)


def test_a_wrong_password_is_one_plain_error_tried_again_slowly_and_logged_nowhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "obsws_python.baseclient.ObsClient")
    with obs_like(accept=False) as port:
        obs = driver(port)
        with pytest.raises(LinkError) as caught:
            obs.open(0.0)
        obs.close()
    assert (caught.value.why, caught.value.slow) == ("password", True)
    assert caught.value.__context__ is None
    spoken = caplog.text + "".join(capfd.readouterr()) + repr(obs) + repr(caught.value)
    assert CANARY not in spoken


def test_an_obs_that_is_never_ready_is_starting():
    with obs_like(accept=True) as port:
        error, took = refusal(port)
    assert error.why == "starting"
    assert 4 < took < 5.5


def test_an_answer_without_a_status_is_no_answer():
    with pytest.raises(KeyError):
        answer({"requestType": "GetVersion"})
