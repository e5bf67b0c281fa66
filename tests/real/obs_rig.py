"""A real OBS for one test file: its own port and folder, started and ended by its own pids."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from obsws_python import ReqClient

from stagectl.core.diff import Command, Order
from stagectl.core.model import Device, Do, Value
from stagectl.core.pattern import Pattern
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.driver import LinkError
from stagectl.drivers.obs import ObsDriver
from stagectl.engine.report import Acknowledged, Facts, Failed, Linked, Moved, Report

SCRIPTS = Path(__file__).parents[1] / "rig"
RED, BLUE = 0xFF0000FF, 0xFFFF0000  # OBS writes ABGR
PASSWORD = "canary-7Q2w"  # grepped for in everything that was logged


@dataclass
class ObsRig:
    """OBS under Xvfb, and a second opinion on what it is doing."""

    folder: Path
    port: int
    rtmp: str = "rtmp://127.0.0.1:9/live"  # nobody there
    _second: ReqClient | None = field(default=None, repr=False)
    _left: list[ReqClient] = field(default_factory=list, repr=False)

    def start(self) -> None:
        subprocess.run([SCRIPTS / "obs-start.sh"], env=self._env, check=True, timeout=90)

    def stop(self) -> None:
        self._hang_up()
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGCONT)
        subprocess.run([SCRIPTS / "obs-stop.sh"], env=self._env, check=True, timeout=60)

    def signal(self, number: int) -> None:
        if number == signal.SIGKILL:
            self._hang_up()
        os.kill(self.pid, number)

    @property
    def pid(self) -> int:
        return int((self.folder / "pid/obs").read_text())

    @property
    def recordings(self) -> list[Path]:
        return sorted((self.folder / "rec").glob("*.mkv"))

    def ask(self, request: str, **data: Any) -> dict[str, Any]:
        """Ask OBS past the driver; raises obsws_python's OBSSDKRequestError."""
        if self._second is None:
            self._second = ReqClient(host="127.0.0.1", port=self.port, password=PASSWORD, timeout=5)
        return self._second.send(request, data or None, raw=True) or {}

    def say_and_leave(self, request: str, **data: Any) -> None:
        """Ask without waiting for an answer: of an OBS that is frozen."""
        second, self._second = self._second, None
        assert second is not None
        asked = {"requestType": request, "requestId": "left", "requestData": data}
        second.base_client.ws.send(json.dumps({"op": 6, "d": asked}))
        self._left.append(second)

    def furnish(self) -> None:
        """Two scenes of one colour each, a microphone that hums, a film, a name."""
        hum, film = self.folder / "hum.wav", self.folder / "film.wav"
        _hum(hum, 30)
        _hum(film, 2)
        for scene, colour in (("Venteskjerm", RED), ("Samtale", BLUE)):
            self.ask("CreateScene", sceneName=scene)
            settings = {"color": colour, "width": 640, "height": 360}
            self._input(scene, f"Farge {scene}", "color_source_v3", settings)
        looped = {"is_local_file": True, "local_file": str(hum), "looping": True}
        self._input("Samtale", "Mikrofon", "ffmpeg_source", looped)
        # in both scenes, as a microphone is: after a cut away and back it can be silent for long
        self.ask("CreateSceneItem", sceneName="Venteskjerm", sourceName="Mikrofon")
        once = {"is_local_file": True, "local_file": str(film), "restart_on_activate": False}
        self._input("Samtale", "Intro", "ffmpeg_source", once)
        self._input("Samtale", "Navn", "text_ft2_source_v2", {"text": "Kari"})
        self.ask("SetCurrentProgramScene", sceneName="Venteskjerm")
        self.ask("RemoveScene", sceneName="Scene")
        self.ask("SetInputMute", inputName="Intro", inputMuted=True)

    def _input(self, scene: str, name: str, kind: str, settings: dict[str, Any]) -> None:
        data = {"sceneName": scene, "inputName": name, "inputKind": kind}
        self.ask("CreateInput", **data, inputSettings=settings)

    def _hang_up(self) -> None:
        clients = [*self._left, *([] if self._second is None else [self._second])]
        self._second, self._left = None, []
        for client in clients:
            with contextlib.suppress(Exception):
                client.disconnect()

    @property
    def _env(self) -> dict[str, str]:
        return {
            **os.environ,
            "RIG": str(self.folder),
            "OBS_PORT": str(self.port),
            "OBS_PASSWORD": PASSWORD,
            "OBS_RTMP": self.rtmp,
        }


@contextlib.contextmanager
def running_obs(folder: Path, rtmp: str = "") -> Iterator[ObsRig]:
    rig = ObsRig(folder, free_port())
    rig.rtmp = rtmp or rig.rtmp
    try:
        rig.start()
        rig.furnish()
        yield rig
    finally:
        rig.stop()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


PATTERNS = {
    "program": Wire("word", type="program", read=True),
    "transition": Wire("word", type="transition", read=True),
    "transition.duration": Wire("number", type="duration", unit="s", read=True),
    "master.on": Wire("switch", type="master", read=True),
    "{scene}/{item}.on": Wire("switch", "{}\n{}", "item", read=True),
    "{input}.on": Wire("switch", "{}", "mute", read=True),
    "{input}.level": Wire(
        "number", "{}", "volume", "dB", steps=12600, curve=((-100, -100), (26, 26)), read=True
    ),
    "{input}.text": Wire("text", "{}", "text", read=True),
}
PROFILE = Profile(
    "obs-studio", "obs", 4455, parameters=tuple(Pattern(p, w) for p, w in PATTERNS.items())
)
PATHS = (
    "program", "transition", "transition.duration", "master.on", "Samtale/Navn.on",
    "Mikrofon.on", "Mikrofon.level", "Intro.on", "Navn.text",
)  # fmt: skip


def driver_for(port: int, paths: tuple[str, ...] = PATHS, secret: str = PASSWORD) -> ObsDriver:
    wires = {f"obs.{path}": PROFILE.wire(path) for path in paths}
    known = {p: wire for p, wire in wires.items() if wire is not None}
    assert len(known) == len(paths)
    return ObsDriver(Device("obs", "obs-studio", f"127.0.0.1:{port}"), PROFILE, known, secret)


class Running:
    """The least of a runner: it waits, calls the driver, and remembers what it said."""

    def __init__(self, driver: ObsDriver) -> None:
        self.driver = driver
        self.reports: list[Report] = []
        self.facts: dict[str, Any] = {}
        self._count = 0

    def open(self, within: float = 5.0) -> Linked:
        """Open, as often as it takes."""
        end = time.monotonic() + within
        while True:
            try:
                self._take(self.driver.open(time.monotonic()))
            except LinkError:
                self.driver.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return self.linked

    def say(self, **values: Value) -> list[Command]:
        """Put parameters, by names in which __ stands for a dot."""
        return self.put({name.replace("__", "."): value for name, value in values.items()})

    def put(self, values: dict[str, Value]) -> list[Command]:
        self._count += 1  # each cue's commands are told from the last one's
        cause = f"cue {self._count}"
        commands = [Command(f"obs.{path}", value, cause) for path, value in values.items()]
        self.send(*commands)
        return commands

    def do(self, verb: str, argument: str) -> Do:
        self._count += 1
        do = Do("obs", verb, argument, self._count)
        self.send(do)
        return do

    def send(self, *orders: Order) -> None:
        self._take(self.driver.send(orders, time.monotonic()))

    def step(self, longest: float = 0.1) -> None:
        now = time.monotonic()
        wait_for_input(self.driver.fileno(), min(longest, max(0.0, self.driver.due - now)))
        self._take(self.driver.receive(time.monotonic()))
        if time.monotonic() >= self.driver.due:
            self._take(self.driver.tick(time.monotonic()))

    def _take(self, reports: Sequence[Report]) -> None:
        self.reports += reports
        for report in reports:
            if isinstance(report, Facts):
                self.facts.update(report.facts)

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.step(left)

    def until(self, true: Callable[[], bool], within: float = 3.0) -> float:
        """Run until it is so; return how long that took."""
        start = time.monotonic()
        while not true():
            assert time.monotonic() - start < within, self.reports[-20:]
            self.step()
        return time.monotonic() - start

    def until_lost(self, within: float = 3.0) -> tuple[LinkError, float]:
        start = time.monotonic()
        while time.monotonic() - start < within:
            try:
                self.step()
            except LinkError as error:
                self.driver.close()
                return error, time.monotonic() - start
        raise AssertionError("the link was not given up")

    def done(self, *orders: Order, within: float = 3.0) -> float:
        """Run until every order is acknowledged."""
        return self.until(
            lambda: all(Acknowledged(order) in self.reports for order in orders), within
        )

    def failed(self, order: Order, within: float = 3.0) -> Failed:
        def found() -> list[Failed]:
            return [r for r in self.reports if isinstance(r, Failed) and r.order == order]

        self.until(lambda: bool(found()), within)
        return found()[0]

    def heard(self, path: str) -> list[Value]:
        return [
            r.value for r in self.reports if isinstance(r, Moved) and r.parameter == f"obs.{path}"
        ]

    @property
    def linked(self) -> Linked:
        return next(r for r in reversed(self.reports) if isinstance(r, Linked))


def wait_for_input(fileno: int, seconds: float) -> None:
    select.select([fileno] if fileno >= 0 else [], [], [], seconds)


def _hum(path: Path, seconds: int) -> None:
    """A square wave of 200 Hz at −12 dB: a microphone nobody has to speak into."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48000)
        period = b"\x00\x20" * 120 + b"\x00\xe0" * 120
        out.writeframes(period * (200 * seconds))
