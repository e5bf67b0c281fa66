"""Faults 5, 7 and 8 with a real OBS under the whole program: killed, frozen, locked."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stagectl.engine.event import DeviceLost, Did, Fired
from stagectl.engine.intent import Go
from stagectl.files.load import load_show
from tests.faults.house import (
    BACK,
    GUARD,
    TOLD,
    Evening,
    alarms,
    amiss,
    evening,
    make_project,
    squeezed,
    state,
    wanted,
)
from tests.faults.witness import Witness
from tests.real.obs_rig import PASSWORD, ObsRig, free_port, running_obs
from tests.real.room import furnish, in_obs, length

pytestmark = pytest.mark.real
WRONG = "kanari-feil-3b9x"


@pytest.fixture
def say(capsys, request):
    """Print a measured time so that it is seen without -s: docs/faults.md is written from these."""

    def say(what, seconds):
        with capsys.disabled():
            print(f"\n  {request.node.name}: {what} {seconds:.2f} s", end="")  # noqa: T201 -- the measurement

    return say


@pytest.fixture(scope="module")
def rtmp() -> str:
    return f"rtmp://127.0.0.1:{free_port()}/live"


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory, rtmp: str) -> Iterator[ObsRig]:
    with running_obs(tmp_path_factory.mktemp("obs"), rtmp) as rig:
        show = make_project(tmp_path_factory.mktemp("project") / "p", lambda text: text)
        furnish(rig, load_show(show, cached=False))
        yield rig


@contextmanager
def on_a_real_obs(folder: Path, obs: ObsRig, secret: str = PASSWORD) -> Iterator[Evening]:
    """Play the show with OBS real, the mixer and the lights simulated."""
    with evening(
        folder,
        change=lambda text: squeezed(text, 0.3),
        at=lambda _: {"obs": f"127.0.0.1:{obs.port}"},
        secret=secret,
    ) as e:
        yield e


@contextmanager
def a_server_for(rtmp: str) -> Iterator[None]:
    """Take one stream in, and throw it away."""
    server = subprocess.Popen(
        ["ffmpeg", "-loglevel", "error", "-listen", "1", "-i", f"{rtmp}/rig",
         "-c", "copy", "-f", "null", "-"],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        time.sleep(0.5)  # nothing says that it listens, and a look would be its one client
        yield
    finally:
        server.kill()
        server.wait(5)


def lost(e: Evening, since: float, say) -> None:
    told = e.house.told(
        lambda s: state(s, "obs") == "lost" and alarms(s, "lost", "obs"), TOLD, since, "OBS away"
    )
    say("told after", told)


def obs_is_right(e: Evening, obs: ObsRig, cue: str) -> None:
    look = {p: v for p, v in wanted(e.book, cue).items() if p.startswith("obs.")}
    assert not amiss(e.book, look, in_obs(obs, e.book))


def test_fault_5_an_obs_killed_while_recording_records_on_in_a_new_file_and_streaming_asks(
    tmp_path, obs, rtmp, say
):
    old = set(obs.recordings)
    with on_a_real_obs(tmp_path, obs) as e, a_server_for(rtmp):
        house = e.house
        house.go("1")
        house.go("2")
        house.told(lambda s: s["recording"] and s["streaming"], what="recording and stream on")
        house.confirmed()
        time.sleep(2.0)
        obs.signal(signal.SIGKILL)
        lost(e, time.monotonic(), say)
        house.go("3")
        house.go("4")  # the show goes on, and OBS has missed a picture and a name
        obs.start()
        up = time.monotonic()
        say("recording again after", house.told(
            lambda s: state(s, "obs") == "linked" and s["recording"], BACK, up, "recording again"
        ))  # fmt: skip
        house.confirmed(BACK)
        say("the look of now after", time.monotonic() - up)
        assert time.monotonic() - up < BACK
        obs_is_right(e, obs, "4")
        assert alarms(house.status, "latch_off", "obs.stream")[0]["cure"] == "trigger"
        assert house.status["streaming"] is False
        again = [(d.verb, d.argument) for d in house.of(Did, by="reconnect")]
        assert again == [("record", "start")], "streaming is asked about, never begun by itself"
        time.sleep(2.0)
        assert obs.ask("GetStreamStatus")["outputActive"] is False
        house.do("do", "obs.record", "stop")
        house.told(lambda s: s["recording"] is False, what="the recording stopped")
        films = [film for film in obs.recordings if film not in old]
        assert len(films) == 2, "both are kept"
        lengths = [length(film) for film in films]
        say("recorded before and after", lengths[0])
        assert all(seconds > 1.0 for seconds in lengths)


def test_fault_7_what_a_frozen_obs_does_late_is_seen_and_corrected(tmp_path, obs, say):
    with on_a_real_obs(tmp_path, obs) as e, e.house.line("panel") as panel:
        house = e.house
        for cue in ("1", "3"):
            house.do("standby", cue)
            house.go(cue)
        house.confirmed()
        obs_is_right(e, obs, "3")
        witness = Witness(obs.port, PASSWORD)
        time.sleep(GUARD)
        obs.signal(signal.SIGSTOP)
        frozen = time.monotonic()
        try:
            assert panel.ask(
                Go(expect="4")
            ).ok  # OBS takes it in and does nothing: Samtale, and the interpreter
            lost(e, frozen, say)
            house.do("standby", "13")  # by now nothing is said to it
            house.go("13")
            time.sleep(max(0.0, 10.0 - (time.monotonic() - frozen)))
        finally:
            obs.signal(signal.SIGCONT)
        back = time.monotonic()
        house.linked(BACK, back)
        house.confirmed(BACK)
        say("back, and where the show is now, after", time.monotonic() - back)
        assert time.monotonic() - back < BACK
        time.sleep(1.0)  # whatever it would still do late
        house.confirmed(BACK)
        obs_is_right(e, obs, house.status["onstage"])
        witness.close()
        # A question of the desk may have been out just then, the cue have waited behind it, and
        # nothing be late. The simulated OBS is frozen again until something is: test_devices.py.
        assert witness.tolk in ([], [True, False]), "what was late is undone"
        assert [event.cue for event in house.of(Fired)][:4] == ["1", "3", "4", "13"]
        assert not house.status["held"], "its own late work is no hand"


def test_fault_8_a_wrong_password_is_one_plain_error_a_slow_retry_and_in_no_log(tmp_path, obs, say):
    began = time.monotonic()
    with on_a_real_obs(tmp_path, obs, WRONG) as e:
        house = e.house
        house.told(
            lambda s: s["devices"]["obs"]["why"] == "password" and alarms(s, "lost", "obs"),
            what="the wrong password",
        )
        say("told (with the program's own start) after", time.monotonic() - began)
        said = house.cli("status").out
        named = [line for line in said.splitlines() if "password" in line]
        assert len(named) == 2, f"the device's line and one alarm: {said}"
        tries = refusals(obs)
        assert tries >= 1
        house.go("1")  # the show goes on
        house.confirmed(but=("obs",))
        time.sleep(6.0)
        assert refusals(obs) - tries <= 1, "hurrying does not help"
        assert [event.why for event in house.of(DeviceLost)] == ["password"], "told once"
        assert leaks(e, house.pid) == []
    assert leaks(e, 0) == []


def refusals(obs: ObsRig) -> int:
    """Return how often OBS has refused a password, by its own log."""
    log = (obs.folder / "log/obs.log").read_text(errors="replace")
    return log.count("4009")


def leaks(e: Evening, desk: int) -> list[str]:
    """Return where the password can be read: every file of the run, and the desk's process."""
    places = [path for path in e.house.folder.rglob("*") if path.is_file()]
    if desk:
        places += [Path(f"/proc/{desk}/{what}") for what in ("cmdline", "environ")]
    found = [str(path) for path in places if WRONG.encode() in path.read_bytes()]
    return found + (["status"] if WRONG in str(e.house.status) else [])
