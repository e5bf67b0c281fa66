"""What the OSC driver does of its own: ready packets, quiet devices, triggers, restraint."""

import errno
import math
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from stagectl.core.diff import Command
from stagectl.core.model import Device, Do
from stagectl.core.profile import Keepalive, Profile
from stagectl.core.wire import Wire
from stagectl.drivers.driver import LinkError
from stagectl.drivers.osc import MOST_HEARD, OscDriver
from stagectl.engine.report import Failed, Linked, Moved
from stagectl.sim.osc import decode, encode
from tests.drivers.contract import Runner
from tests.drivers.mixer import PROFILE, WIRES, small_mixer

QUIET = Profile("quiet", "osc")  # no probe, nothing to read: the lights
WIRE = Wire("number", "/level/1", "f", "%", 0, 100, ((0, 0), (100, 1)), steps=255)


@pytest.fixture
def mixer():
    with small_mixer() as mixer:
        yield mixer


@pytest.fixture
def listener():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))
        link.settimeout(2.0)
        yield link


@pytest.fixture
def run():
    runners = []

    def make(at, profile=PROFILE, wires=WIRES):
        name = next(iter(wires)).partition(".")[0]
        runners.append(Runner(OscDriver(Device(name, profile.name, at=at), profile, wires)))
        return runners[-1]

    yield make
    for runner in runners:
        runner.driver.close()


def at(link):
    return "{}:{}".format(*link.getsockname())


# ---------------------------------------------------------------- what is ready


def test_a_packet_made_ready_is_the_packet_that_would_be_made(listener, run):
    lights = {"lights.stage": WIRE, "lights.house": replace(WIRE, address="/level/2")}
    runner = run(at(listener), QUIET, lights)
    runner.open()
    commands = [Command("lights.stage", 40.0), Command("lights.house", 7.5)]
    runner.send(*commands)
    fresh = [listener.recv(99) for _ in commands]
    runner.driver.prepare([*commands, Command("lights.nothing", 1.0), Do("lights", "press", "1")])
    runner.send(*commands)
    assert [listener.recv(99) for _ in commands] == fresh


def test_only_the_last_things_made_ready_are_kept(listener, run):
    runner = run(at(listener), QUIET, {"lights.stage": WIRE})
    for level in range(1000):
        runner.driver.prepare([Command("lights.stage", float(level % 100))])
    assert len(runner.driver._ready) == 1


def test_a_command_costs_little_more_than_its_packet(listener, run):
    """The aim on the reference machine: 6 µs ready, 12 µs not; 3 µs of each is the bare send."""
    lights = {
        f"mixer.ch.{n}.level": replace(WIRES["mixer.ch.1.level"], address=f"/ch/{n:02}/mix/fader")
        for n in range(1, 17)
    }
    runner = run(at(listener), PROFILE, lights)
    runner.open()
    packet = encode("/ch/01/mix/fader", "f", 0.5)
    bare, ready, fresh = [], [], []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.connect(listener.getsockname())
        for n in range(200):
            now = time.monotonic()
            commands = [Command(p, -10.0 - n / 100, "cue 1") for p in lights]
            bare.append(seconds(lambda c=commands: [link.send(packet) for _ in c]))
            fresh.append(seconds(lambda c=commands, t=now: runner.driver.send(c, t)))
            runner.driver.prepare(commands)
            ready.append(seconds(lambda c=commands, t=now: runner.driver.send(c, t)))
    assert statistics.median(ready) < 2 * statistics.median(bare)
    assert statistics.median(fresh) < 4 * statistics.median(bare)


def seconds(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def test_a_desk_with_an_osc_device_does_not_carry_asyncio():
    code = "import sys, stagectl.drivers.osc; sys.exit('asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---------------------------------------------------------------- reading back


def test_what_was_set_is_read_back_at_once(mixer, run):
    runner = run(mixer.at)
    runner.link()
    runner.send(Command("mixer.ch.3.level", -12.0, "cue 1"))
    assert runner.until(lambda: runner.moved("mixer.ch.3.level"), within=0.5), "a sweep is slower"
    assert WIRES["mixer.ch.3.level"].same(runner.moved("mixer.ch.3.level")[0], -12.0)


def test_a_fade_is_asked_for_at_its_end_and_not_on_its_way(mixer, run):
    runner = run(mixer.at)
    runner.link()
    address = WIRES["mixer.ch.1.level"].address
    mixer.heard.clear()
    for n in range(50):
        runner.send(Command("mixer.ch.1.level", -40.0 + n / 2, "cue 1"))
        runner.rest(0.02)
    sent = mixer.values(address)
    questions = [m for m in mixer.heard if m.address == address and not m.arguments]
    assert len(sent) == 50
    assert len(questions) <= 1 + 1  # what the sweep asks of everything in turn, before and after
    runner.reports.clear()
    assert runner.until(lambda: runner.moved("mixer.ch.1.level"))
    assert WIRES["mixer.ch.1.level"].same(runner.moved("mixer.ch.1.level")[-1], -15.5)


def test_a_hand_in_the_middle_of_a_fade_is_reported_at_once(mixer, run):
    runner = run(mixer.at)
    runner.link()
    runner.rest(0.1)
    for n in range(20):
        runner.send(Command("mixer.ch.1.level", -40.0 + n, "cue 1"))
        runner.rest(0.02)
    runner.reports.clear()
    mixer.touch("mixer.ch.1.level", 5.0)
    assert runner.until(lambda: runner.moved("mixer.ch.1.level"), within=0.05)
    assert WIRES["mixer.ch.1.level"].same(runner.moved("mixer.ch.1.level")[0], 5.0)


def test_what_is_missing_from_the_first_reading_is_asked_for_until_it_comes(mixer, run):
    mixer.deaf |= {"/ch/03/mix/on", "/ch/04/config/name"}
    runner = run(mixer.at)
    began = time.monotonic()
    linked = runner.link()
    assert 0.9 < time.monotonic() - began < 2.0
    assert set(WIRES) - set(linked.reading) == {"mixer.ch.3.on", "mixer.ch.4.name"}
    mixer.deaf.clear()
    assert runner.until(lambda: runner.moved("mixer.ch.3.on"))
    assert runner.until(lambda: runner.moved("mixer.ch.4.name"))


def test_after_a_verb_everything_is_read_again_since_a_scene_moves_anything(mixer, run):
    runner = run(mixer.at)
    runner.link()
    mixer.heard.clear()
    runner.send(Do("mixer", "recall", "4", id=1))
    assert runner.until(lambda: {m.address for m in mixer.heard} >= set(mixer.kept), within=0.8)
    assert mixer.values("/-action/goscene") == [4]


def test_it_says_who_it_is(mixer, run):
    assert run(mixer.at).link().identity == "V0 small mixer"


def test_a_device_that_has_no_probe_is_asked_for_what_can_be_read(mixer, run):
    runner = run(mixer.at, replace(PROFILE, probe=""))
    assert set(runner.link().reading) == set(WIRES)
    mixer.freeze()
    assert runner.lost()[0] == "silent"


def test_a_device_that_said_nothing_for_two_seconds_is_not_lost_yet(mixer, run):
    runner = run(mixer.at, wires={"mixer.scribble": Wire("text", "/scribble", "s")})
    runner.link()
    mixer.freeze()
    runner.rest(2.1)
    mixer.thaw()
    runner.rest(1.0)  # raises if the link is lost


def test_keepalives_go_as_often_as_the_profile_says(mixer, run):
    profile = replace(PROFILE, keepalive=Keepalive("/xremote", 0.2))
    runner = run(mixer.at, profile)
    runner.link()
    runner.rest(1.0)
    hails = [m for m in mixer.heard if m.address == "/xremote"]
    assert 4 <= len(hails) <= 8


# ---------------------------------------------------------------- devices that say nothing


def test_a_device_that_cannot_be_asked_is_taken_at_its_silence(listener, run):
    runner = run(at(listener), QUIET, {"lights.stage": WIRE})
    runner.open()
    assert runner.reports == [Linked("lights")]
    assert runner.driver.due == math.inf, "nothing to do until somebody says something"
    runner.rest(0.5)
    assert runner.reports == [Linked("lights")]


def test_but_not_if_the_system_says_that_nobody_listens_there(run):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))
        where = at(link)
    runner = run(where, QUIET, {"lights.stage": WIRE})
    runner.open()
    runner.send(Command("lights.stage", 1.0))
    assert runner.lost()[0] == "refused"
    runner.driver.close()
    runner.reports.clear()
    with pytest.raises(LinkError, match="refused"):
        runner.open()  # it is not taken at its silence again until it let a packet be
    assert runner.reports == []


def test_and_it_is_linked_again_when_somebody_does(run):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))
        where, name = at(link), link.getsockname()
    runner = run(where, QUIET, {"lights.stage": WIRE})
    runner.open()
    runner.send(Command("lights.stage", 1.0))
    assert runner.lost()[0] == "refused"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(name)
        runner.driver.close()
        runner.reports.clear()
        assert runner.link() == Linked("lights")


# ---------------------------------------------------------------- triggers


def test_a_pulse_lets_go_first_then_presses_then_lets_go(mixer, run):
    runner = run(mixer.at)
    runner.link()
    runner.send(Do("mixer", "press", "2", id=1))
    assert runner.until(lambda: len(mixer.values("/button/2")) == 3)
    runner.rest(0.3)
    assert mixer.values("/button/2") == [0.0, 1.0, 0.0]


def test_a_press_waits_for_the_one_before_it_and_not_for_another_buttons(mixer, run):
    runner = run(mixer.at)
    runner.link()
    again, other = Do("mixer", "press", "2", id=1), Do("mixer", "press", "3", id=2)
    runner.send(again, again, again, other)
    assert runner.until(lambda: len(mixer.values("/button/3")) == 3)
    assert len(mixer.values("/button/2")) <= 6, "they are pressed one after another"
    assert runner.until(lambda: len(mixer.values("/button/2")) == 9)
    assert mixer.values("/button/2") == [0.0, 1.0, 0.0] * 3


def test_a_button_is_let_go_of_when_the_link_closes(mixer, run):
    runner = run(mixer.at)
    runner.link()
    runner.send(Do("mixer", "press", "2", id=1))
    runner.driver.close()
    deadline = time.monotonic() + 2.0
    while mixer.values("/button/2")[-1:] != [0.0] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert mixer.values("/button/2") == [0.0, 1.0, 0.0]


# ---------------------------------------------------------------- a network that balks


class Balking:
    """A socket whose next sends the system turns down, one errno each."""

    def __init__(self, link, *errnos):
        self._link, self._errnos = link, list(errnos)

    def send(self, packet):
        if self._errnos:
            number = self._errnos.pop(0)
            raise OSError(number, "balked")  # OSError makes the subclass that fits
        return self._link.send(packet)

    def __getattr__(self, name):
        return getattr(self._link, name)


def heard(listener, many):
    return [decode(listener.recv(2000)) for _ in range(many)]


def test_what_the_network_has_no_room_for_goes_next_newest_first_of_each_and_no_do_is_lost(
    listener, run
):
    profile = replace(QUIET, verbs=PROFILE.verbs)
    runner = run(at(listener), profile, {"lights.stage": WIRE})
    runner.open()
    runner.driver._socket = Balking(runner.driver._socket, errno.EAGAIN)
    recall = Do("lights", "recall", "4", id=1)
    runner.send(Command("lights.stage", 10.0), recall, recall, Command("lights.stage", 20.0))
    runner.rest(0.1)
    said = [(m.address, *m.arguments) for m in heard(listener, 3)]
    assert said[:2] == [("/-action/goscene", 4), ("/-action/goscene", 4)]
    assert said[2] == ("/level/1", pytest.approx(0.2))


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.EMSGSIZE])
def test_a_packet_that_a_firewall_drops_is_a_lost_packet(listener, run, number):
    runner = run(at(listener), QUIET, {"lights.stage": WIRE})
    runner.open()
    runner.driver._socket = Balking(runner.driver._socket, number)
    runner.send(Command("lights.stage", 10.0), Command("lights.stage", 20.0))
    assert heard(listener, 1)[0].arguments == (pytest.approx(0.2),)


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN])
def test_a_network_that_is_gone_is_a_lost_link(listener, run, number):
    runner = run(at(listener), QUIET, {"lights.stage": WIRE})
    runner.open()
    runner.driver._socket = Balking(runner.driver._socket, number)
    with pytest.raises(LinkError, match="unreachable"):
        runner.send(Command("lights.stage", 10.0))


def test_garbage_from_the_device_is_passed_over(mixer, run):
    runner = run(mixer.at)
    runner.link()
    runner.reports.clear()
    peer = runner.driver._socket.getsockname()
    good = encode("/ch/01/mix/on", "i", 1)
    junk = [b"", b"\0", b"/", b"/ch/01/mix/on", b"/ch/01/mix/on\0\0\0,i\0\0\0", good[:-1]]
    junk += [encode("/ch/01/mix/fader", "f", math.nan), encode("/ch/01/mix/fader", "s", "loud")]
    junk += [b"#bundle\0" + bytes(12) * 40, b"\xff" * 1000, encode("/unheard/of", "f", 1.0)]
    for packet in [*junk, good]:
        mixer._link.sendto(packet, peer)
    assert runner.until(lambda: runner.moved("mixer.ch.1.on"))
    assert runner.moved("mixer.ch.1.on")[-1] is True
    assert all(math.isfinite(v) or v == -math.inf for v in runner.moved("mixer.ch.1.level"))


def test_a_flood_is_taken_in_portions(mixer, run):
    runner = run(mixer.at)
    runner.link()
    peer = runner.driver._socket.getsockname()
    for _ in range(2 * MOST_HEARD):
        mixer._link.sendto(encode("/ch/01/mix/on", "i", 1), peer)
    assert 0 < len(runner.driver.receive(time.monotonic())) <= MOST_HEARD


def test_the_system_keeps_more_unread_packets_for_it_than_it_does_by_default(listener, run):
    runner = run(at(listener), QUIET, {"lights.stage": WIRE})
    runner.open()
    room = runner.driver._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    assert room > listener.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


# ---------------------------------------------------------------- where it is


@pytest.mark.parametrize("where", ["127.0.0.1", "localhost", "[::1]", "::1"])
def test_the_profile_knows_the_port(where, run):
    family = socket.AF_INET6 if ":" in where else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        try:
            link.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        except OSError as why:
            pytest.skip(f"this machine has no IPv6: {why}")
        link.settimeout(2.0)
        profile = replace(QUIET, port=link.getsockname()[1])
        runner = run(where, profile, {"lights.stage": WIRE})
        runner.open()
        runner.send(Command("lights.stage", 100.0))
        assert decode(link.recv(99)).arguments == (1.0,)


@pytest.mark.parametrize(
    "where", ["", ":9000", "mixer.local:9000", "127.0.0.1", "1.2.3.4:x", "a:b:c"]
)
def test_an_address_that_is_none_asks_for_a_slow_retry(where, run):
    runner = run(where, QUIET, {"lights.stage": WIRE})
    with pytest.raises(LinkError, match="address") as refused:
        runner.open()
    assert refused.value.slow


def test_a_value_that_cannot_be_sent_is_told_with_its_order(listener, run):
    wires = {"lights.stage": WIRE, "lights.text": Wire("text", "/text", "s")}
    runner = run(at(listener), QUIET, wires)
    runner.open()
    long = Command("lights.text", "x" * 5000, "cue 2")
    runner.send(long, Command("lights.stage", 100.0))
    assert [(f.order, f.why) for f in runner.failed()] == [(long, "refused")]
    assert decode(listener.recv(99)).arguments == (1.0,)
    assert not [r for r in runner.reports if isinstance(r, Failed) and r.order != long]


# ---------------------------------------------------------------- told of other wires


def test_a_driver_told_of_other_wires_speaks_of_them_on_the_same_link(mixer, run):
    few = {p: wire for p, wire in WIRES.items() if wire.kind == "switch"}
    it = run(mixer.at, wires=few)
    it.link()
    new = next(p for p, wire in WIRES.items() if wire.kind == "number")
    order = Command(new, WIRES[new].low + 1.0)
    it.send(order)
    assert it.wait_for(Failed).order == order
    it.driver.rewire(WIRES)
    it.send(order)
    assert WIRES[new].same(
        it.wait_for(Moved, lambda moved: moved.parameter == new).value, order.value
    )
    assert sum(isinstance(report, Linked) for report in it.reports) == 1
    it.send(order)
    it.driver.rewire(few)  # what it was about to ask of the others is forgotten
    it.rest(0.3)
    assert it.driver.fileno() >= 0
