"""A real QLC+ on free ports: its virtual console answers to OSC, its WebSocket says what is lit.

QLC+ hears OSC on loopback only, since its input is told to; its web server binds every address and
cannot be told otherwise, so it asks for a password made for this run.
"""

import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from stagectl.core.model import Parameter, Value
from tests.real.process import Process

START = 20.0  # seconds; it takes half a second
LEVELS = 4  # sliders: level.1 is DMX channel 1
BUTTON_CHANNEL, BUTTON_LEVEL = 7, 200  # what button 1 lights while its scene runs
SCENE = 0  # the id of that scene


@dataclass
class Qlcplus(Process):
    """One QLC+; `folder` holds its home, its workspace and its log."""

    folder: Path
    osc_port: int = 0
    web_port: int = 0
    _password: str = field(default_factory=secrets.token_hex, repr=False)
    _asking: ClientConnection | None = field(default=None, repr=False)

    @property
    def at(self) -> str:
        """Where it hears OSC: host:port."""
        return f"127.0.0.1:{self.osc_port}"

    # -------------------------------------------------------- its life

    def start(self) -> None:
        """Start it, at the ports it had, and wait until it answers."""
        if not self.osc_port:
            self.osc_port, self.web_port = free_port(socket.SOCK_DGRAM), free_port()
        home, runtime = self.folder / "home", self.folder / "runtime"
        home.mkdir(parents=True, exist_ok=True)
        runtime.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "rig.qxw").write_text(workspace(self.osc_port), encoding="utf-8")
        password = self.folder / "passwords"
        password.touch(mode=0o600)
        password.write_text(f"rig:{hashlib.sha256(self._password.encode()).hexdigest()}:100\n")
        own = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                # -p: outside operate mode it hears no OSC; -wa -a: the web asks for a password
                ["qlcplus", "-n", "-m", "-p", "-wa", "-a", str(password),
                 "-wp", str(self.web_port), "-o", str(self.folder / "rig.qxw")],
                cwd=self.folder, env={**os.environ, **own}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End it."""
        self._hang_up()
        super().stop()

    # -------------------------------------------------------- what it says

    def dmx(self, first: int = 1, many: int = LEVELS) -> list[int]:
        """Return what universe 1 sends, from channel `first` on."""
        fields = self.ask(f"QLC+API|getChannelsValues|1|{first}|{many}").split("|")[2:]
        return [int(level) for level in fields[1::3]]

    def runs(self) -> bool:
        """Tell whether the button's scene runs."""
        return self.ask(f"QLC+API|getFunctionStatus|{SCENE}").endswith("|Running")

    def value(self, parameter: Parameter) -> Value | None:
        """Return a level in %, as the DMX line has it; lights.level.3 is channel 3."""
        if self._process is None:
            return None
        return self.dmx(int(parameter.rpartition(".")[2]), 1)[0] / 255 * 100

    def touch(self, parameter: Parameter, value: Value) -> None:
        """Nobody can: it would tell nobody, and the contract is told so (`has_hands`)."""
        raise TypeError(f"{parameter}: {value}")

    def ask(self, question: str) -> str:
        """Ask its WebSocket something."""
        if self._asking is None:
            key = base64.b64encode(f"rig:{self._password}".encode()).decode()
            self._asking = connect(
                f"ws://127.0.0.1:{self.web_port}/qlcplusWS",
                additional_headers={"Authorization": f"Basic {key}"},
                compression=None,
                close_timeout=0.2,
            ).__enter__()
        self._asking.send(question)
        return str(self._asking.recv(timeout=5))

    def _hang_up(self) -> None:
        if self._asking is not None:
            with contextlib.suppress(WebSocketException, OSError):
                self._asking.close()
            self._asking = None

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START
        while True:
            with contextlib.suppress(OSError, WebSocketException):
                self.dmx()
                return
            self._hang_up()
            if self._process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")
                pytest.fail(f"QLC+ has ended ({self._process.poll()}) or does not answer: {log}")
            time.sleep(0.05)


@contextmanager
def qlcplus(folder: Path) -> Iterator[Qlcplus]:
    """A QLC+ for as long as it is asked for."""
    assert shutil.which("qlcplus"), "no qlcplus here: tests/rig/install.sh installs it"
    lights = Qlcplus(folder)
    lights.start()
    try:
        yield lights
    finally:
        lights.stop()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port that nothing uses just now."""
    with socket.socket(socket.AF_INET, kind) as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])


# ---------------------------------------------------------------- the workspace


def channel_of(path: str) -> int:
    """Return the input channel QLC+ makes of an OSC path: Qt's qChecksum, CRC-16/X-25."""
    crc = 0xFFFF
    for byte in path.encode():
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


def workspace(osc_port: int, levels: Sequence[int] = range(LEVELS)) -> str:
    """Return a workspace: eight dimmers, a slider for each of the first, a button that lights one.

    This is what a person makes in QLC+ by clicking "auto detect" and moving something.
    """
    widgets = "".join(_slider(channel, f"/0/dmx/{channel}") for channel in levels)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Workspace>
<Workspace xmlns="http://www.qlcplus.org/Workspace" CurrentWindow="VirtualConsole">
 <Creator><Name>Q Light Controller Plus</Name><Version>4.12.6</Version></Creator>
 <Engine>
  <InputOutputMap>
   <Universe Name="Universe 1" ID="0">
    <Input Plugin="OSC" UID="127.0.0.1" Line="0"><PluginParameters inputPort="{osc_port}"/></Input>
   </Universe>
  </InputOutputMap>
  <Fixture>
   <Manufacturer>Generic</Manufacturer><Model>Generic</Model><Mode>Generic</Mode>
   <ID>0</ID><Name>Dimmers</Name><Universe>0</Universe><Address>0</Address><Channels>8</Channels>
  </Fixture>
  <Function ID="{SCENE}" Type="Scene" Name="Button 1">
   <Speed FadeIn="0" FadeOut="0" Duration="0"/>
   <FixtureVal ID="0">{BUTTON_CHANNEL - 1},{BUTTON_LEVEL}</FixtureVal>
  </Function>
 </Engine>
 <VirtualConsole>
  <Frame Caption=""><Appearance/>{widgets}
   <Button Caption="1" ID="100" Icon="">
    <WindowState Visible="True" X="10" Y="220" Width="50" Height="50"/>
    <Function ID="{SCENE}"/><Action>Toggle</Action><Intensity Adjust="False">100</Intensity>
    <Input Universe="0" Channel="{channel_of("/button/1")}"/>
   </Button>
  </Frame>
  <Properties>
   <Size Width="1920" Height="1080"/>
   <GrandMaster ChannelMode="Intensity" ValueMode="Reduce" SliderMode="Normal"/>
  </Properties>
 </VirtualConsole>
 <SimpleDesk><Engine/></SimpleDesk>
</Workspace>
"""


def _slider(channel: int, path: str) -> str:
    return f"""
   <Slider Caption="{path}" ID="{channel}" WidgetStyle="Slider" InvertedAppearance="false">
    <WindowState Visible="True" X="{70 * channel}" Y="10" Width="60" Height="200"/>
    <SliderMode ValueDisplayStyle="Exact" ClickAndGoType="None" Monitor="false">Level</SliderMode>
    <Level LowLimit="0" HighLimit="255" Value="0"><Channel Fixture="0">{channel}</Channel></Level>
    <Playback><Function>4294967295</Function></Playback>
    <Input Universe="0" Channel="{channel_of(path)}"/>
   </Slider>"""
