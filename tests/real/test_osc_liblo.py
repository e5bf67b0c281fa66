"""liblo, which is not python-osc, reads what the program writes, and writes what it reads."""

import json
import select
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from stagectl.core.diff import Command, Order
from stagectl.core.model import Device, Do
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.drivers.osc import OscDriver
from stagectl.drivers.osc_packets import messages
from tests.faults.house import House, until
from tests.real.network import own_network
from tests.real.playing import playing
from tests.real.qlcplus_rig import free_port

pytestmark = pytest.mark.real

WIRES = {
    "desk.level": Wire("number", "/ch/01/mix/fader", "f"),
    "desk.on": Wire("switch", "/ch/01/mix/on", "i"),
    "desk.flag": Wire("switch", "/flag", "T"),
    "desk.name": Wire("text", "/ch/01/config/name", "s"),
}
PROFILE = Profile(
    "desk", "osc",
    verbs={
        "recall": Verb("recall", "number", (), "/-action/goscene", "i"),
        "bell": Verb("bell", "", (), "/bell"),
    },
)  # fmt: skip


VENUE = """\
devices:
  desk:
    profile: generic-osc
    at: "127.0.0.1:{port}"
    names: {{haze: haze/1/amount, banner: screen/text}}
base: {{desk: {{haze.level: 0 %, lamp.on: off, banner.text: "", speed.value: 0, page.whole: 1}}}}
scenes: {{dark: {{set: {{desk.lamp.on: off}}}}}}
safe: dark
cover: dark
"""
CUES = """\
  - cue: 1
    name: Åpning
    set:
      desk: {haze.level: 25 %, lamp.on: on, banner.text: Kari Ødegård, speed.value: -2.5}
      desk.page.whole: 7
  - {cue: 2, name: Klokke, set: {desk.haze.level: 100 %}, do: [desk.say: bell]}
  - {cue: 3, name: Knapp, do: [desk.press: button/3]}
"""


@pytest.fixture(scope="module", autouse=True)
def _nobody_else_hears() -> Iterator[None]:
    with own_network():  # liblo binds every address
        yield


@pytest.fixture
def dump() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """An oscdump that listens, and its port."""
    assert shutil.which("oscdump"), "no oscdump here: tests/rig/install.sh installs it"
    port = free_port(socket.SOCK_DGRAM)
    process = subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(100):  # until it has printed what it was sent
        subprocess.run(["oscsend", "127.0.0.1", str(port), "/ready"], check=True)
        if select.select([process.stdout], [], [], 0.05)[0]:
            break
    yield process, port
    process.terminate()
    process.communicate()


@pytest.mark.parametrize(
    ("order", "printed"),
    [
        (Command("desk.level", 0.75), "/ch/01/mix/fader f 0.750000"),
        (Command("desk.level", 1), "/ch/01/mix/fader f 1.000000"),
        (Command("desk.on", True), "/ch/01/mix/on i 1"),
        (Command("desk.flag", True), "/flag T #T"),
        (Command("desk.flag", False), "/flag F #F"),
        (Command("desk.name", "Kari Ødegård"), '/ch/01/config/name s "Kari Ødegård"'),
        (Do("desk", "recall", "12"), "/-action/goscene i 12"),
        (Do("desk", "bell"), "/bell"),
    ],
)
def test_liblo_reads_what_the_driver_says(dump, order: Order, printed: str):
    process, port = dump
    driver = OscDriver(Device("desk", "desk", at=f"127.0.0.1:{port}"), PROFILE, WIRES)
    driver.open(time.monotonic())
    assert driver.send([order], time.monotonic()) == []
    driver.close()
    assert process.stdout is not None
    lines = (line.partition(" ")[2].strip() for line in process.stdout)
    assert next(line for line in lines if line != "/ready") == printed


def test_the_driver_reads_what_liblo_says():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))
        link.settimeout(5.0)
        port = str(link.getsockname()[1])
        said = ["0.75", "-3", "Kari Ødegård"]
        subprocess.run(["oscsend", "127.0.0.1", port, "/a/b", "fisTF", *said], check=True)
        assert list(messages(link.recv(2000))) == [
            ("/a/b", [0.75, -3, "Kari Ødegård", True, False])
        ]


# ---------------------------------------------------------------- the whole program


@pytest.fixture
def said(dump) -> Iterator[Callable[[], list[str]]]:
    """What oscdump has printed, line by line, without the times; a thread takes it in."""
    process, _ = dump
    lines: list[str] = []

    def take() -> None:
        for line in process.stdout:
            if (said := line.partition(" ")[2].strip()) != "/ready":
                lines.append(said)  # noqa: PERF401 -- it is read while it grows

    reader = threading.Thread(target=take, daemon=True)
    reader.start()
    yield lambda: list(lines)
    process.terminate()
    reader.join(5)


@pytest.fixture
def remote() -> int:
    return free_port(socket.SOCK_DGRAM)


@pytest.fixture
def house(dump, remote, tmp_path) -> Iterator[House]:
    _, port = dump
    asked = ("--osc-in", f"127.0.0.1:{remote}", "--guard", "0")
    with playing(tmp_path, VENUE.format(port=port), CUES, *asked) as house:
        yield house


def test_a_cue_is_printed_with_its_types_and_values(said, house):
    assert said() == [], "nothing is said before the first GO"
    house.go("1")
    until(lambda: len(said()) >= 5, 5, f"five messages, not {said()}")
    house.go("2")
    until(lambda: len(said()) >= 7, 5, f"seven messages, not {said()}")
    house.go("3")
    until(lambda: len(said()) >= 10, 5, f"ten messages, not {said()}")
    time.sleep(0.3)
    lines = said()
    assert sorted(lines[:5]) == [
        "/haze/1/amount f 0.250000",
        "/lamp i 1",
        "/page i 7",
        '/screen/text s "Kari Ødegård"',
        "/speed f -2.500000",
    ]
    assert lines[5:7] == ["/haze/1/amount f 1.000000", "/bell"]
    # a button is let go first, in case the last letting go was lost
    assert lines[7:] == ["/button/3 f 0.000000", "/button/3 f 1.000000", "/button/3 f 0.000000"]


def test_oscsend_drives_the_show_and_oscdump_reads_what_it_is_answered(dump, said, house, remote):
    _, port = dump
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as between:
        between.bind(("127.0.0.1", 0))
        between.settimeout(5.0)

        def send(address: str, *words: str) -> dict[str, str]:
            """Send by liblo; what comes back goes to liblo: oscsend is gone before it comes."""
            here = str(between.getsockname()[1])
            subprocess.run(["oscsend", "127.0.0.1", here, address, *words], check=True)
            between.sendto(between.recv(2000), ("127.0.0.1", remote))
            between.sendto(between.recv(2000), ("127.0.0.1", port))
            head = f'/reply{address} s "'
            until(lambda: any(line.startswith(head) for line in said()), 5, f"{head} in {said()}")
            (line,) = [line for line in said() if line.startswith(head)]
            answer: dict[str, str] = json.loads(line.removeprefix(head).removesuffix('"'))
            assert answer["address"] == address
            return answer

        assert send("/playhead/2")["status"] == "ok"
        house.told(lambda s: s["standby"] == "2", what="cue 2 standing by")
        assert send("/go", "f", "1.0")["status"] == "ok"
        house.on_stage("2")
        assert send("/playhead/previous")["status"] == "ok"
        assert send("/panic")["status"] == "ok"
        house.told(lambda s: s["overlay"] == "safe", what="everything stopped")
        refused = send("/cue/3/start")
        assert (refused["status"], refused["error"]) == ("error", "safe")
