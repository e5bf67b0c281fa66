"""liblo, which is not python-osc, reads what the OSC driver writes, and writes what it reads."""

import select
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from stagectl.core.diff import Command, Order
from stagectl.core.model import Device, Do
from stagectl.core.profile import Profile, Verb, Wire
from stagectl.drivers.osc import OscDriver
from stagectl.drivers.osc_packets import messages
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
