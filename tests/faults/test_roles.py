"""Attacks by those who are let in, and by those who are not, on the whole program."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from stagectl.client import Line, NoAnswerError
from stagectl.desk.brake import FREE
from stagectl.desk.pins import Pins
from stagectl.engine.event import Fired, Held, WentBack
from stagectl.engine.intent import Back, End, Go, Overlay, Put, StandBy
from tests.faults.house import House, evening, until

MIC = "mixer.guest"
HONOURED = 2.0  # seconds from `stagectl pin` to a desk that goes by it


def make_pin(house: House, *words: str) -> str:
    said = house.cli("pin", *words)
    assert said.status == 0, said
    (pin,) = re.findall(r"(?m)^PIN: (\d{6})$", said.out)
    return str(pin)


def let_in(house: House, pin: str, by: str = "browser") -> Line:
    """Come in as a browser does: by the PIN, then, in a process of this machine, by its token."""
    grant = Pins(house.place).check(pin)
    assert grant is not None
    card = house.card
    assert card is not None
    return Line(card.address, str(grant.token), by)


def test_a_guest_runs_their_evening_and_nothing_else(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        with let_in(house, make_pin(house, "guest", "--mic", "guest")) as guest:
            assert guest.ask(Go(expect="1")).ok
            house.on_stage("1")
            assert guest.ask(Put(f"{MIC}.on", value=True)).ok
            assert guest.ask(Put(f"{MIC}.level", value=-12.0)).ok
            for intent in (Put("mixer.host.on", value=False), Overlay("safe"), StandBy("5"), End()):
                answer = guest.ask(intent)
                assert (answer.ok, answer.events) == (False, ()), intent
            house.told(lambda s: MIC + ".level" in s["held"], what="the guest's own hand")
            assert house.status["overlay"] == ""
            assert guest.ask(Back()).ok
        house.told(lambda s: s["standby"] == "1", what="back at the first cue")
        # house.cli is an operator on the same desk, as ever
        house.do("standby", "2")
        hands = {event.by for kind in (Fired, Held, WentBack) for event in house.of(kind)}
        assert hands == {"guest browser"}
        assert "guest browser" in journal(house)


def hung_up(line: Line, within: float = 10.0) -> str:
    """Read on until the desk hangs up; return why."""
    end = time.monotonic() + within
    try:
        while time.monotonic() < end:
            line.snapshot()
    except NoAnswerError as gone:
        return gone.why
    return "it did not"


def journal(house: House) -> str:
    return "".join(path.read_text() for path in house.place.journal.iterdir())


def test_neither_a_pin_nor_its_token_shows_up_anywhere(tmp_path):
    """The PINs' own file has the tokens, the terminal that asked has the PIN; nothing else has."""
    with evening(tmp_path) as e:
        house = e.house
        made = {role: make_pin(house, role) for role in ("guest", "watch", "operate")}
        tokens = [str(grant.token) for grant in Pins(house.place).grants()]
        with let_in(house, made["guest"]) as guest:
            assert guest.ask(Go(expect="1")).ok
            assert not guest.ask(Overlay("safe")).ok
            for wrong in ("000000", made["guest"] + "1"):
                assert Pins(house.place).check(wrong, "10.0.0.5") is None
            heard = repr([guest.snapshot(), guest.by, guest.role])
        listed = house.cli("pin", "list")
        told = [heard, listed.out + listed.err, json.dumps(house.status), house.log]
        for pid in house.started:
            told += [(Path(f"/proc/{pid}") / what).read_text() for what in ("cmdline", "environ")]
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        told += [p.read_text(errors="replace") for p in files if p.name != "pins.json"]
        own = json.loads((house.place.folder / "pins.json").read_text())
        for row in own.values():
            told.append(json.dumps({k: v for k, v in row.items() if k not in ("token", "hash")}))
        for pin in made.values():  # as a number of its own: digits of a time are no PIN
            assert not [text for text in told if re.search(rf"(?<![\w.]){pin}(?![\w.])", text)]
        for token in tokens:
            assert not [text for text in told if token in text]
        os.kill(house.pid, signal.SIGABRT)  # with a traceback of every thread
        before = house.pid
        until(lambda: house.card is not None and house.pid != before, 10, "the desk back")
        assert "Fatal Python error: Aborted" in house.log
        assert not [secret for secret in (*tokens, *made.values()) if secret in house.log]


def test_a_desk_that_died_knows_its_guests_again_and_their_end(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        pin = make_pin(house, "guest", "--mic", "guest")
        with let_in(house, pin) as guest:
            assert guest.role == "guest"
            died = house.pid
            os.kill(died, signal.SIGKILL)
            assert hung_up(guest) == "closed"
        until(lambda: house.card is not None and house.pid != died, 10, "the desk back")
        house.linked()
        with let_in(house, pin) as guest:
            assert guest.ask(Go(expect="1")).ok
            assert guest.ask(Overlay("cover")).why == "guest"


def test_a_pin_that_is_taken_back_or_changed_ends_its_faces_within_two_seconds(tmp_path, say):
    with evening(tmp_path) as e:
        house = e.house
        for words in (("drop", "guest"), ("guest",)):
            with let_in(house, make_pin(house, "guest")) as guest:
                done = house.cli("pin", *words)
                since = time.monotonic()
                assert done.status == 0, done
                assert hung_up(guest, HONOURED) == "pin"
                took = time.monotonic() - since
                assert took < HONOURED
                say(f"(pin {' '.join(words)}) closed after", took)
        house.go("1")  # and whoever is at the machine has noticed nothing


def test_three_hundred_forged_tokens_open_nothing_and_cost_nobody_a_go(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        make_pin(house, "guest")
        (grant,) = Pins(house.place).grants()
        token = str(grant.token)
        forged = [f"{token[: n % len(token)]}!{token[n % len(token) + 1 :]}" for n in range(300)]
        card = house.card
        assert card is not None
        for said in forged:
            with connect(card.address, proxy=None, compression=None) as wire:
                wire.send(json.dumps({"token": said, "by": "guest", "role": "operate"}))
                with pytest.raises(ConnectionClosed) as closed:
                    wire.recv(5)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        house.go("1")


def test_wrong_pins_are_counted_by_the_command_line_the_desk_and_the_browsers_alike(tmp_path):
    with evening(tmp_path) as e:
        house = e.house
        pin = make_pin(house, "operate")
        wrong = "000000" if pin != "000000" else "000001"
        for _ in range(FREE):
            assert Pins(house.place).check(wrong, "192.168.10.7") is None
        os.kill(house.pid, signal.SIGKILL)  # none of it was in the desk
        assert Pins(house.place).check(pin, "192.168.10.7") is None
        assert Pins(house.place).wait("192.168.10.7") > 0
        assert Pins(house.place).check(pin, "192.168.10.8") is not None
        again = make_pin(house, "operate")
        assert Pins(house.place).check(again, "192.168.10.7") is not None
