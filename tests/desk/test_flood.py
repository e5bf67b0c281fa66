"""Whoever was let in as no operator speaks no quicker than hands do: a GO is as quick as ever."""

import time
from contextlib import ExitStack

import pytest

from stagectl.client import Line
from stagectl.desk.manners import AT_ONCE, HAND
from stagectl.desk.pins import Pins
from stagectl.engine.event import Refused
from stagectl.engine.intent import Go
from tests.desk.test_strangers import ECHO, FLOOR, LIMIT, presses, stage, started

__all__ = ["stage"]  # a fixture, told by its name

FLOOD = """
import json, sys, threading
from websockets.sync.client import connect
address, token, letter = sys.argv[1:]
with connect(address, proxy=None, compression=None, max_size=None) as wire:
    def read():
        while True:
            wire.recv()
    wire.send(json.dumps({"token": token, "by": "flood", "book": False}))
    threading.Thread(target=read, daemon=True).start()
    print("at it", flush=True)
    while True:
        wire.send(letter)
"""


@pytest.mark.parametrize(
    "letter",
    [
        '{"intent": {"type": "Go", "expect": "no such", "id": ""}}',
        '{"intent": {"type": "End", "id": ""}}',
        '{"levels": true}',
    ],
    ids=["stale", "refused", "levels"],
)
def test_a_go_is_as_quick_as_ever_while_a_guest_says_all_they_can(stage, letter):
    lamps, kept, remote = stage
    house = Pins(kept.place)
    house.make("guest")
    (grant,) = house.grants()
    card = kept.place.card()
    with ExitStack() as open_:
        echo = open_.enter_context(started(ECHO))
        address = ("127.0.0.1", int(echo.stdout.readline()))
        calm, _ = presses(lamps, remote, address)
        for _ in range(2):  # on two faces of one PIN
            flood = started(FLOOD, card.address, str(grant.token), letter)
            open_.enter_context(flood).stdout.readline()
        time.sleep(0.5)
        began, before = time.monotonic(), refusals(kept.place)
        took, floor = presses(lamps, remote, address)
        lasted, after = time.monotonic() - began, refusals(kept.place)
        kept.line().close()
    assert after - before <= lasted / HAND + AT_ONCE, "the journal grows with a guest's refusals"
    # on a busy machine a calm desk is slow as well
    assert took < max(LIMIT, FLOOR * floor, 3 * calm), [took, floor, calm]


def refusals(place):
    kind = f'"type":"{Refused.__name__}"'
    return sum(path.read_text().count(kind) for path in place.journal.iterdir())


def test_a_hand_that_is_quick_for_a_moment_waits_for_nothing(stage):
    _, kept, _ = stage
    house = Pins(kept.place)
    house.make("guest")
    (grant,) = house.grants()
    with Line(kept.place.card().address, str(grant.token), "browser") as guest:
        began = time.monotonic()
        for _ in range(AT_ONCE):
            guest.ask(Go(expect="no such"))
        soon = time.monotonic() - began
        for _ in range(AT_ONCE):
            guest.ask(Go(expect="no such"))
        later = time.monotonic() - began - soon
    assert later > 0.8 * AT_ONCE * HAND
    assert soon < later
