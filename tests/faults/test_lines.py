"""Faults 16, 19 and 20: the cable is out, packets are lost, doubled and overtake each other."""

import socket
import time
from contextlib import ExitStack

from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.engine.event import DeviceLost, Fired, Held
from tests.faults.house import (
    BACK,
    TOLD,
    Evening,
    alarms,
    amiss,
    evening,
    in_status,
    on_the_mixer,
    squeezed,
    state,
    wanted,
)
from tests.faults.relay import Cable, Relay, cable

LOSS = 0.3


def test_fault_16_a_cable_that_is_out_is_told_and_the_look_of_now_comes_back_with_it(tmp_path, say):
    with ExitStack() as open_:
        cables: list[Cable] = []

        def in_between(stage):
            cables.append(open_.enter_context(cable(stage.addresses["mixer"])))
            return {"mixer": cables[0].relay.address}

        e = open_.enter_context(evening(tmp_path, at=in_between))
        house = e.house
        for cue in ("1", "2", "3"):
            house.go(cue)
        house.confirmed()
        cables[0].pull()
        out = time.monotonic()
        say(
            f"({cables[0].kind}) told after",
            house.told(
                lambda s: state(s, "mixer") == "lost" and alarms(s, "lost", "mixer"),
                TOLD, out, "the mixer is away",
            ),
        )  # fmt: skip
        house.go("4")  # the show goes on without it
        house.confirmed(but=("mixer",))
        before = on_the_mixer(e.book, e.stage)
        assert amiss(e.book, wanted(e.book, "4"), before), "the cue has not reached the mixer"
        cables[0].plug()
        back = time.monotonic()
        say("back and read after", house.told(
            lambda s: state(s, "mixer") == "linked" and not s["devices"]["mixer"]["unconfirmed"]
            and not alarms(s, "lost", "mixer"),
            BACK, back, "the mixer is back",
        ))  # fmt: skip
        house.confirmed(BACK)
        say("brought to the look of now after", time.monotonic() - back)
        the_mixer_is_right(e, "4")
        assert not house.of(Held), "nobody has touched anything"
        assert house.status["held"] == {}


def the_mixer_is_right(e: Evening, cue: str) -> None:
    look = {p: v for p, v in wanted(e.book, cue).items() if p.startswith("mixer.")}
    assert not amiss(e.book, look, on_the_mixer(e.book, e.stage)), f"cue {cue}, the mixer itself"
    assert not amiss(e.book, look, in_status(e.house.status)), f"cue {cue}, as the desk believes"


def unhurried(text: str) -> str:
    """A follow leaves time to look at the cue it follows."""
    return squeezed(text, 0.3, follow=6.0)


def test_fault_19_a_whole_show_with_thirty_percent_of_its_packets_lost(tmp_path, say):
    with ExitStack() as open_:
        relays: dict[str, Relay] = {}

        def in_between(stage):
            for seed, name in enumerate(("mixer", "lights")):
                relays[name] = Relay(stage.addresses[name], seed=seed)
                open_.callback(relays[name].close)
                relays[name].drop = LOSS
            return {name: one.address for name, one in relays.items()}

        e = open_.enter_context(evening(tmp_path, change=unhurried, at=in_between))
        house, slowest = e.house, 0.0
        for cue in e.book.show.cues:
            if house.status["follow_in"] is None:
                house.go(cue.number)
            else:
                house.on_stage(cue.number)
            asked = time.monotonic()
            house.confirmed()
            slowest = max(slowest, time.monotonic() - asked)
            the_mixer_is_right(e, cue.number)
        assert [event.cue for event in house.of(Fired)] == [c.number for c in e.book.show.cues]
        the_mixer_is_right(e, e.book.show.cues[-1].number)
        lost, passed = relays["mixer"].lost, relays["mixer"].passed
        assert 0.2 < lost / (lost + passed) < 0.4, "the packets were really lost"
        assert not house.of(DeviceLost), "30 % is no silence"
        assert not house.of(Held), "nobody has touched anything"
        lights = {p: s for p, (_, s) in house.status["values"].items() if p.startswith("lights.")}
        assert set(lights.values()) == {"sent"}, "what cannot be read is never called confirmed"
        assert house.status["devices"]["lights"]["readable"] is False
        say(f"{lost} of {lost + passed} packets lost; slowest cue confirmed after", slowest)


def test_fault_20_packets_doubled_and_out_of_order_change_nothing(tmp_path, say):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ExitStack() as open_:
        relays: list[Relay] = []

        def in_between(stage):
            made = Relay(stage.addresses["mixer"], seed=7)
            made.double, made.late = 0.3, 0.05  # two packets of a fade are 20 ms apart
            relays.append(made)
            open_.callback(made.close)
            return {"mixer": made.address}

        e = open_.enter_context(
            evening(
                tmp_path, "--osc-in", f"127.0.0.1:{port}",
                change=lambda text: squeezed(text, 0.6), at=in_between,
            )
        )  # fmt: skip
        pedal = open_.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        doubling = Relay(f"127.0.0.1:{port}", seed=8)
        open_.callback(doubling.close)
        doubling.double = 1.0
        host, _, relayed = doubling.address.rpartition(":")
        house, slowest = e.house, 0.0
        for n, cue in enumerate(("1", "2", "3", "4", "5"), 1):
            go = OscMessageBuilder("/go" if n % 2 else f"/cue/{cue}/start").build()
            pedal.sendto(go.dgram, (host, int(relayed)))
            at = time.monotonic()
            house.on_stage(cue)
            house.confirmed()
            slowest = max(slowest, time.monotonic() - at)
            the_mixer_is_right(e, cue)
            time.sleep(0.5)  # the guard; and whatever was late has come
            the_mixer_is_right(e, cue)
        assert [event.cue for event in house.of(Fired)] == ["1", "2", "3", "4", "5"]
        assert doubling.doubled >= 5, "each GO came twice"
        assert relays[0].doubled > 50
        assert not house.of(Held), "an old value that comes late is nobody's hand"
        say(f"{relays[0].doubled} packets doubled; slowest cue confirmed after", slowest)
