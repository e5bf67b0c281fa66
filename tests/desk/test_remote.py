"""The OSC remote: what it understands, from whom, and how little a flood of anything does."""

import ipaddress
import json
import math
import random
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.desk.remote import FLOOD, PACE, Heard, Remote
from stagectl.engine.event import Fired, Refused
from stagectl.engine.intent import Go, Overlay, StandBy
from tests.desk.fakes import until

BY = "osc 127.0.0.1"


def packet(address, *arguments):
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


class Ends:
    """A remote, and a pedal that speaks to it."""

    def __init__(self, **more):
        self.remote = Remote("127.0.0.1", 0, ["1", "2.5"], **more)
        self.pedal = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.pedal.connect(("127.0.0.1", self.remote.port))
        self.pedal.settimeout(5)

    def hear(self, *packets, now=100.0):
        """Return what was understood of these; a last, known one says that all have come."""
        heard: list[Heard] = []
        for one in (*packets, packet("/playhead/previous")):
            self.pedal.send(one)
        until(lambda: any(h[0] == StandBy("previous", by=BY) for h in self._take(heard, now)))
        return [h for h in heard if h[0] != StandBy("previous", by=BY)]

    def _take(self, heard, now):
        heard += self.remote.receive(now)
        return heard

    def close(self):
        self.remote.close()
        self.pedal.close()


@pytest.fixture
def ends():
    both = Ends()
    yield both
    both.close()


@pytest.mark.parametrize(
    ("address", "intent"),
    [
        ("/go", Go(by=BY)),
        ("/cue/2.5/start", Go(cue="2.5", by=BY)),
        ("/playhead/1", StandBy("1", by=BY)),
        ("/playhead/next", StandBy("next", by=BY)),
        ("/panic", Overlay("safe", by=BY)),
    ],
)
def test_what_it_understands(ends, address, intent):
    said = [packet(address), packet(address), packet(address, 1.0), packet(address, 1)]
    assert [heard[0] for heard in ends.hear(*said)] == [intent] * 4


@pytest.mark.parametrize(
    "said",
    [
        packet("/go", 0.0),  # the button is let go of
        packet("/go", 0),
        packet("/go", False),
        packet("/go", math.nan),
        packet("/go", math.inf),
        packet("/go", "1"),
        packet("/go", 1, 2),
        packet("/GO"),
        packet("/*"),
        packet("/go/"),
        packet("//go"),
        packet("/cue/7/start"),
        packet("/cue/*/start"),
        packet("/cue/1/stop"),
        packet("/playhead/7"),
        packet("/stop"),
        b"/go",
        b"/go\0",
        b"go\0\0,\0\0\0",
        b"/go\0,i\0\0",
        b"/go\0,\xff\0\0",
        packet("/go") + b"\0" * 400,
        b"",
        b"\0" * 16,
    ],
)
def test_what_it_does_not(ends, said):
    assert [heard[0] for heard in ends.hear(said) if said not in (b"/go", b"/go\0")] == []


def test_a_bundle_is_not_opened(ends):
    bundle = OscBundleBuilder(IMMEDIATELY)
    message = OscMessageBuilder("/go")
    bundle.add_content(message.build())
    assert ends.hear(bundle.build().dgram) == []


@given(st.binary(max_size=300))
def test_no_bytes_raise(said):
    ends = Ends()
    try:
        ends.hear(said)
    finally:
        ends.close()


def test_a_stranger_is_not_heard_and_not_answered():
    ends = Ends(allow=[ipaddress.ip_network("192.168.10.0/24")])
    ends.pedal.send(packet("/go"))
    until(lambda: not list(ends.remote.receive(100.0)))
    ends.close()


def test_who_is_let_in_is_given_by_networks():
    ends = Ends(allow=[ipaddress.ip_network("127.0.0.0/8")])
    assert [heard[0] for heard in ends.hear(packet("/go"))] == [Go(by=BY)]
    ends.close()


# ---- answers


def answer(ends):
    message = OscMessage(ends.pedal.recv(4096))
    [text] = message.params
    return message.address, json.loads(text)


def test_the_sender_is_told_what_came_of_it(ends):
    [heard] = ends.hear(packet("/cue/1/start"))
    ends.remote.reply(heard, (Fired(at=1.0, cue="1"),), onstage="1", standby="2.5")
    assert answer(ends) == (
        "/reply/cue/1/start",
        {"status": "ok", "address": "/cue/1/start", "onstage": "1", "standby": "2.5"},
    )


def test_the_sender_is_told_why_not(ends):
    [heard] = ends.hear(packet("/go"))
    ends.remote.reply(heard, (Refused(at=1.0, what="Go", why="guard"),))
    assert answer(ends) == (
        "/reply/go",
        {"status": "error", "address": "/go", "error": "guard"},
    )


def test_a_sender_that_has_gone_harms_nothing(ends):
    [heard] = ends.hear(packet("/go"))
    ends.pedal.close()
    for _ in range(3):
        ends.remote.reply(heard, ())
        assert list(ends.remote.receive(100.0)) == []


# ---- floods (fault 32)


def test_a_hundred_presses_at_once_are_all_heard(ends):
    assert len(ends.hear(*[packet("/go")] * 100)) == 100


def test_of_a_flood_no_more_is_read_than_the_pace_allows(ends):
    noise = random.Random(7)
    for _ in range(200):
        ends.pedal.send(noise.randbytes(40))
    now, rests = 0.0, 0
    read = 0
    while now < 2.0:
        for _ in range(200):
            ends.pedal.send(b"/x\0\0,\0\0\0")
        before = ends.remote._budget + 0.0
        assert list(ends.remote.receive(now)) == []
        read += before - ends.remote._budget
        rest = ends.remote.rest(now)
        rests += rest > 0
        now += max(rest, 0.001)
    assert rests > 5
    assert read <= FLOOD + 2.0 * PACE + 1


def test_after_a_flood_it_listens_again(ends):
    for _ in range(400):
        ends.pedal.send(b"/x\0\0,\0\0\0")
    while not ends.remote.rest(0.0):
        list(ends.remote.receive(0.0))
    ends.remote.empty()
    assert ends.remote.rest(10.0) == 0.0
    assert len(ends.hear(packet("/go"), now=10.0)) == 1
