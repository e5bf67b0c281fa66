"""What a real OBS does on a bad night, and what its driver makes of it."""

import contextlib
import logging
import select
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.drivers.driver import LinkError
from stagectl.drivers.obs import ObsDriver
from tests.real.obs_rig import PASSWORD, ObsRig, Running, driver_for, running_obs

pytestmark = pytest.mark.real
WRONG = "canary-9Kd4"


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObsRig]:
    with running_obs(tmp_path_factory.mktemp("obs")) as rig:
        rig.stop()  # killed, it would forget what it was furnished with; a clean end saves it
        rig.start()
        yield rig


@pytest.fixture
def run(obs: ObsRig) -> Iterator[Running]:
    running = Running(driver_for(obs.port))
    running.open()
    running.done(*running.put({"program": "Venteskjerm", "transition": "Cut", "master.on": True}))
    running.reports.clear()
    yield running
    running.driver.close()


class Wire:
    """A cable between driver and OBS that can be cut in the middle of a request, or go dead."""

    def __init__(self, port: int) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.reset_next = False
        self.dead = False
        self._to = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._relay)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()
        self._server.close()

    def _relay(self) -> None:
        pairs: dict[socket.socket, socket.socket] = {}
        while not self._over.is_set():
            for ready in select.select([self._server, *pairs], [], [], 0.05)[0]:
                if ready is self._server:
                    near, far = (
                        self._server.accept()[0],
                        socket.create_connection(("127.0.0.1", self._to)),
                    )
                    pairs |= {near: far, far: near}
                elif ready in pairs and not self.dead:
                    self._carry(ready, pairs)
            if self.dead:
                time.sleep(0.05)
        for end in pairs:
            end.close()

    def _carry(self, ready: socket.socket, pairs: dict[socket.socket, socket.socket]) -> None:
        other = pairs[ready]
        with contextlib.suppress(OSError):
            data = ready.recv(65536)
            if data:
                other.sendall(data)
            if data and not self.reset_next:
                return
        if self.reset_next:  # the request got through; its answer never will
            self.reset_next = False
            ready.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for end in (ready, other):
            pairs.pop(end).close() if end in pairs else None


@pytest.fixture
def wire(obs: ObsRig) -> Iterator[Wire]:
    cable = Wire(obs.port)
    yield cable
    cable.end()


def decoded_seconds(film: Path) -> float:
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-count_packets", "-select_streams", "v",
         "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0", film],
        check=True, capture_output=True, text=True, timeout=30,
    ).stdout  # fmt: skip
    return int(said.strip().strip(",")) / 30


def test_killed_while_recording_it_is_lost_known_as_restarted_and_both_films_are_kept(
    obs: ObsRig, run: Running
):
    run.done(run.do("record", "start"), within=5)
    first = Path(run.facts["record.path"])
    run.run(2.5)
    obs.signal(signal.SIGKILL)
    error, took = run.until_lost()
    assert error.why in {"closed", "refused"}
    assert took < 1
    with pytest.raises(LinkError):
        run.driver.open(time.monotonic())
    starting = threading.Thread(target=obs.start)
    starting.start()
    linked = run.open(within=20)  # over refused ports, and 207 while OBS loads its scenes
    starting.join()
    assert linked.restarted
    assert run.facts["record"] is False
    run.done(run.do("record", "start"), within=5)
    second = Path(run.facts["record.path"])
    run.run(1.0)
    run.done(run.do("record", "stop"), within=10)
    assert first != second
    assert decoded_seconds(first) > 1.0
    assert decoded_seconds(second) > 0.5


def test_frozen_it_is_told_within_three_seconds_and_what_it_does_on_waking_is_seen(
    obs: ObsRig, run: Running
):
    run.run(0.3)
    obs.ask("GetVersion")
    obs.signal(signal.SIGSTOP)
    try:
        run.put({"Mikrofon.level": -3.0})
        obs.say_and_leave("SetCurrentProgramScene", sceneName="Samtale")  # it lies in OBS's socket
        error, took = run.until_lost()
        assert (error.why, took < 3) == ("silent", True)
        with pytest.raises(LinkError) as again:
            run.driver.open(time.monotonic())
        run.driver.close()
        assert again.value.why == "silent"
    finally:
        obs.signal(signal.SIGCONT)
    linked = run.open()
    assert not linked.restarted
    run.run(1.5)
    for path, truth in (
        ("program", obs.ask("GetCurrentProgramScene")["currentProgramSceneName"]),
        ("Mikrofon.level", obs.ask("GetInputVolume", inputName="Mikrofon")["inputVolumeDb"]),
    ):
        seen = [linked.reading[f"obs.{path}"], *run.heard(path)]
        assert seen[-1] == pytest.approx(truth)
    assert obs.ask("GetCurrentProgramScene")["currentProgramSceneName"] == "Samtale"


def test_idle_and_frozen_it_is_told_within_three_seconds(obs: ObsRig, run: Running):
    run.run(1.2)
    obs.signal(signal.SIGSTOP)
    try:
        assert run.until_lost()[1] < 3
    finally:
        obs.signal(signal.SIGCONT)


def test_a_cable_that_goes_dead_without_a_word_is_told_within_three_seconds(
    obs: ObsRig, wire: Wire
):
    run = Running(driver_for(wire.port))
    run.open()
    run.run(0.5)
    wire.dead = True
    error, took = run.until_lost()
    assert (error.why, took < 3) == ("silent", True)


def test_a_reset_in_the_middle_of_a_request_is_unknown_until_it_is_read_back(
    obs: ObsRig, run: Running, wire: Wire
):
    run.driver.close()
    run = Running(driver_for(wire.port))
    run.open()
    run.run(0.1)
    wire.reset_next = True
    (order,) = run.put({"program": "Samtale"})
    start = run.do("record", "start")
    error, _ = run.until_lost()
    assert error.why == "closed"
    assert not [r for r in run.reports if getattr(r, "order", None) in (order, start)]
    run.reports.clear()
    linked = run.open()
    run.run(1.2)
    seen = run.heard("program") or [linked.reading["obs.program"]]
    assert seen[-1] == obs.ask("GetCurrentProgramScene")["currentProgramSceneName"]
    assert run.failed(start).why == "unknown"  # and it is not said again by itself
    assert obs.ask("GetRecordStatus")["outputActive"] is False
    run.driver.close()


def test_a_wrong_password_is_one_plain_error_and_is_in_no_log(
    obs: ObsRig, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    obs_driver: ObsDriver = driver_for(obs.port, secret=WRONG)
    with pytest.raises(LinkError) as caught:
        obs_driver.open(time.monotonic())
    obs_driver.close()
    assert (caught.value.why, caught.value.slow) == ("password", True)
    right = Running(driver_for(obs.port))
    right.open()
    right.driver.close()
    told = caplog.text + "".join(capfd.readouterr()) + repr(obs_driver) + repr(right.driver)
    for secret in (WRONG, PASSWORD):
        assert secret not in told


def test_an_obs_that_died_after_the_cover_gets_its_sound_back(obs: ObsRig, run: Running):
    run.done(*run.put({"master.on": False}))
    run.driver.close()
    obs.stop()  # a clean end: the cover's silence is saved
    obs.start()
    assert run.open().reading["obs.master.on"] is False
    run.done(*run.put({"master.on": True}))
    obs.signal(signal.SIGKILL)  # and this is not
    run.until_lost()
    obs.start()
    assert run.open().reading["obs.master.on"] is False
    run.done(*run.put({"master.on": True}))
    tracks = obs.ask("GetInputAudioTracks", inputName="Mikrofon")["inputAudioTracks"]
    assert all(tracks.values())
