"""Panels get in by a token, hear the newest, are answered once; strangers cost nobody a GO."""

import asyncio
import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from stagectl.client import Line, NoAnswerError
from stagectl.desk import answers, letters, server
from stagectl.desk.port import Port
from stagectl.desk.server import FRAME, SOCKETS
from stagectl.engine.engine import Engine
from stagectl.engine.event import Fired
from stagectl.engine.intent import Go, StandBy
from stagectl.engine.plain import snapshot_from_plain
from stagectl.engine.snapshot import Change
from tests.engine.evening import book

TOKEN, WATCH = "operate-token", "watch-token"
BOOK = json.dumps({"show": "Høytlesning", "cues": ["ø" * 50] * 4000}, ensure_ascii=False).encode()


class Desk:
    """A real engine behind the port; the loop and the devices are not needed here."""

    def __init__(self, guard=0.0):
        self.engine = Engine(book(), guard)
        self.asked = []
        self.answering = True
        self.server = Port(self.ask, BOOK, {TOKEN: "operate", WATCH: "watch"})
        self.address = self.server.start()
        self.port = int(self.address.rpartition(":")[2])

    def ask(self, intent, reply):
        self.asked.append(intent)
        if self.answering:
            reply(self.engine.ask(intent, time.monotonic()))

    def publish(self, **news):
        self.server.publish(replace(self.engine.snapshot(time.monotonic()), **news))


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.server.close()


def line(desk, token=TOKEN, by="touchscreen", **more):
    return Line(desk.address, token, by, **more)


@contextmanager
def raw(desk, **options):
    with connect(desk.address, proxy=None, compression=None, max_size=None, **options) as wire:
        yield wire


def say(wire, **letter):
    wire.send(json.dumps(letter))


def hear(wire, what, timeout=5.0):
    until = time.monotonic() + timeout
    while True:
        letter = json.loads(wire.recv(until - time.monotonic()))
        if what in letter:
            return letter


def code_of(closed):
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def until(true, seconds=5.0):
    end = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)
    return answer


# ---- who gets in


def test_a_panel_with_the_token_gets_the_book_and_the_newest_snapshot(desk):
    desk.publish(onstage="1")
    with line(desk, book=True) as panel:
        assert (panel.by, panel.role) == ("touchscreen", "operate")
        assert panel.book == json.loads(BOOK)
        assert panel.snapshot().onstage == "1"
        desk.publish(onstage="2")
        assert panel.snapshot().onstage == "2"


@pytest.mark.parametrize(
    "hello",
    ['{"token": "wrong"}', "{}", '{"token": null}', '{"token": ["operate-token"]}', "[]", "hei",
     '{"token": "operate-token\\u0000"}', '{"token": "\\ud800"}', "[" * 5000, '{"token": ""}'],
)  # fmt: skip
def test_without_the_token_nobody_gets_in(desk, hello):
    desk.publish()
    with raw(desk) as wire:
        wire.send(hello)
        with pytest.raises(ConnectionClosed) as closed:
            wire.recv(5)
    assert code_of(closed) == 4401
    assert desk.asked == []


def test_a_wrong_token_has_its_own_word(desk):
    with pytest.raises(NoAnswerError) as refused:
        line(desk, token="wrong")
    assert refused.value.why == "token"


def test_an_empty_token_never_fits_though_the_desk_has_none():
    nobody = Port(lambda *_: None, b"{}", {"": "operate"})
    address = nobody.start()
    with pytest.raises(NoAnswerError):
        Line(address, "")
    nobody.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 403),  # no port: another origin
        ({"Host": "evil.example"}, 403),  # DNS rebinding
        ({"Host": "127.0.0.1"}, 403),
        ({"Host": "127.0.0.1:1"}, 403),
        ({"Host": "127.0.0.1.evil.example:{port}"}, 403),
        ({"Origin": "http://127.0.0.1:{port}"}, 101),
        ({"Host": "LOCALHOST:{port}"}, 101),
        ({}, 101),
    ],
)
def test_a_browser_page_of_somebody_else_is_refused(desk, headers, status):
    assert handshake(desk, **headers) == status


def handshake(desk, **headers):
    lines = {
        "Host": "127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
    } | headers  # fmt: skip
    text = "".join(f"{k}: {v}\r\n" for k, v in lines.items()).format(port=desk.port)
    with socket.create_connection(("127.0.0.1", desk.port), 5) as plain:
        plain.sendall(f"GET / HTTP/1.1\r\n{text}\r\n".encode())
        return int(plain.recv(4096).split()[1])


def test_two_hosts_in_one_request_are_none(desk):
    with socket.create_connection(("127.0.0.1", desk.port), 5) as plain:
        host = f"Host: 127.0.0.1:{desk.port}\r\n" * 2
        plain.sendall(f"GET / HTTP/1.1\r\n{host}Upgrade: websocket\r\n\r\n".encode())
        assert plain.recv(4096).split()[1] in (b"400", b"403")


def test_it_listens_on_loopback_unless_told_otherwise(desk):
    assert desk.address.startswith("ws://127.0.0.1:")


def test_a_port_that_is_taken_is_said(desk):
    second = Port(lambda *_: None, b"{}", {TOKEN: "operate"})
    with pytest.raises(OSError, match=r"in use|only one usage|normally permitted"):
        second.start(port=desk.port)


# ---- intents


def test_an_intent_is_carried_out_and_answered_with_what_happened(desk):
    with line(desk) as panel:
        answer = panel.ask(Go(expect="1"))
        assert answer.ok
        assert [e.cue for e in answer.events if isinstance(e, Fired)] == ["1"]
        assert desk.asked[0].by == "touchscreen"


def test_a_refusal_says_why(desk):
    with line(desk) as panel:
        answer = panel.ask(StandBy(cue="99"))
        assert (answer.ok, answer.why) == (False, "no_cue")


def test_the_same_id_twice_is_done_once_and_answered_the_same(desk):
    with raw(desk) as wire:
        say(wire, token=TOKEN)
        replies = []
        for _ in range(3):
            say(wire, intent={"type": "Go", "id": "one"})
            replies.append(hear(wire, "reply"))
        assert replies[0]["ok"]
        assert replies[0] == replies[1] == replies[2]
    with raw(desk) as again:  # the panel lost its link and asks once more
        say(again, token=TOKEN)
        say(again, intent={"type": "Go", "id": "one"})
        assert hear(again, "reply") == replies[0]
    assert len(desk.asked) == 1


def test_an_id_said_again_before_the_answer_is_done_once(desk):
    desk.answering = False
    with raw(desk) as one, raw(desk) as two:
        for wire in (one, two):
            say(wire, token=TOKEN)
            say(wire, intent={"type": "Go", "id": "same"})
        until(lambda: desk.asked)
        time.sleep(0.1)
        assert len(desk.asked) == 1


def test_two_panels_at_once_and_thirty_presses_a_second_make_exactly_one_go():
    """Fault 30: a double tap, a held key, two panels."""
    desk = Desk(guard=0.5)
    try:
        with line(desk, by="touchscreen") as one, line(desk, by="keyboard") as two:
            answers = []

            def press(panel):
                for _ in range(10):
                    answers.append(panel.ask(Go(expect="1")))
                    time.sleep(1 / 30)

            threads = [threading.Thread(target=press, args=(p,)) for p in (one, two)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert [a.ok for a in answers].count(True) == 1
        assert desk.engine.run.place.onstage_number == "1"
        assert {a.why for a in answers if not a.ok} <= {"guard", "stale"}
    finally:
        desk.server.close()


def test_each_surface_has_a_name_of_its_own_and_cannot_take_anothers(desk):
    with line(desk) as one, line(desk) as two, line(desk, by=" \x1b[2Jx\n" + "y" * 99) as three:
        assert (one.by, two.by) == ("touchscreen", "touchscreen 2")
        assert three.by.isprintable()
        assert len(three.by) <= 40
        two._say({"intent": {"type": "Go", "by": "touchscreen", "id": "x"}})
        until(lambda: desk.asked)
        assert desk.asked[0].by == "touchscreen 2"
    with line(desk) as later:
        assert later.by == "touchscreen"


def test_who_watches_sees_everything_and_can_do_nothing(desk):
    desk.publish(onstage="1")
    with line(desk, token=WATCH) as watcher:
        assert watcher.role == "watch"
        assert watcher.snapshot().onstage == "1"
        answer = watcher.ask(Go())
        assert (answer.ok, answer.why) == (False, "watching")
    assert desk.asked == []


@pytest.mark.parametrize(
    "letter",
    ['{"intent": {"type": "Fire"}}', '{"intent": {"type": "Go", "expect": 1}}',
     '{"intent": {"type": "Put", "parameter": "x", "value": NaN}}',
     '{"intent": {"type": "Go", "id": ["x"]}}', '{"intent": {"type": "Go", "extra": 1}}',
     '{"intent": {"type": ["Go"]}}', '{"intent": {"type": "StandBy", "cue": "\\ud800"}}',
     '{"intent": {"type": "Postpone", "seconds": ' + "9" * 400 + "}}"],
)  # fmt: skip
def test_nonsense_is_refused_and_the_panel_stays(desk, letter):
    with raw(desk) as wire:
        say(wire, token=TOKEN)
        wire.send(letter)
        assert hear(wire, "reply")["why"] == "nonsense"
        say(wire, intent={"type": "Go", "id": "good"})
        assert hear(wire, "reply")["ok"]
    assert len(desk.asked) == 1


@pytest.mark.parametrize("letter", ["", "hei", "[" * 8000, "{}", "7", '{"intent": 1}', b"\x00" * 9])
def test_what_is_no_letter_is_not_answered_and_does_no_harm(desk, letter):
    with raw(desk) as wire:
        say(wire, token=TOKEN)
        wire.send(letter)
        say(wire, intent={"type": "Go", "id": "good"})
        assert hear(wire, "reply")["reply"] == "good"


def test_a_desk_that_does_not_answer_is_called_silent(desk, monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE", 0.2)
    desk.answering = False
    with line(desk) as panel:
        assert panel.ask(Go()).why == "silent"


# ---- snapshots


def test_a_slow_panel_gets_the_newest_and_never_a_queue(desk):
    big = tuple(Change(f"mixer.channel {n}.level", 0.0, -10.0) for n in range(4000))
    with raw(desk, max_queue=1) as slow, line(desk) as quick:
        say(slow, token=TOKEN, book=False)
        hear(slow, "hello")
        for n in range(60):
            desk.publish(next=big, operator=str(n))
            time.sleep(0.02)
        assert quick.ask(StandBy(cue="2")).ok  # nobody waits for the slow one
        seen: list[str] = []
        while not seen or seen[-1] != "59":
            seen.append(hear(slow, "snapshot")["snapshot"]["operator"])
        assert len(seen) < 40
        assert seen == sorted(seen, key=int)


def test_a_snapshot_comes_back_as_it_was_though_it_is_encoded_in_pieces(desk):
    values = {f"mixer.{n}.level": (-math.inf if n % 2 else n / 3, "sent") for n in range(1001)}
    changes = tuple(Change(f"mixer.ø {n}", None, n % 2 == 0) for n in range(1001))
    snapshot = replace(desk.engine.snapshot(0.0), values=values, next=changes, skipped=("2.5",))
    text = asyncio.run(letters.encode(snapshot))
    plain = json.loads(text, parse_constant=lambda c: pytest.fail(f"{c} is no JSON"))
    assert snapshot_from_plain(plain["snapshot"]) == snapshot


def test_no_piece_of_encoding_or_parsing_holds_the_interpreter_for_long(desk):
    """A step in C cannot be interrupted. Its own time counts, not what other processes take."""
    dumps, longest = letters.dump, 0.0

    def timed(plain):
        nonlocal longest
        began = time.thread_time()
        text = dumps(plain)
        longest = max(longest, time.thread_time() - began)
        return text

    values = {f"mixer.channel {n}.level": (-n / 7, "sent") for n in range(10_000)}
    snapshot = replace(desk.engine.snapshot(0.0), values=values)

    def longest_of_one():
        nonlocal longest
        longest = 0.0
        letters.dump = timed
        try:
            asyncio.run(letters.encode(snapshot))
        finally:
            letters.dump = dumps
        return longest

    assert min(longest_of_one() for _ in range(5)) < 0.001

    def parsing():
        began = time.thread_time()
        letters.parse("[" + "1," * (letters.LETTER // 2 - 2) + "1]")
        return time.thread_time() - began

    assert min(parsing() for _ in range(5)) < 0.001


def test_publishing_costs_the_desk_next_to_nothing(desk):
    snapshot = desk.engine.snapshot(0.0)

    def cost():
        began = time.thread_time()
        for _ in range(1000):
            desk.server.publish(snapshot)
        return (time.thread_time() - began) / 1000

    assert min(cost() for _ in range(5)) < 0.00005
    with line(desk):
        assert min(cost() for _ in range(5)) < 0.00005


def test_a_snapshot_that_cannot_be_encoded_does_not_blind_the_panels(desk, caplog):
    with line(desk) as panel:
        desk.publish(elapsed=math.nan)
        desk.publish(elapsed=math.nan)
        time.sleep(0.2)
        desk.publish(onstage="2")
        assert panel.snapshot().onstage == "2"
    assert caplog.text.count("ValueError") == 1


def test_closing_says_the_last_word_first(desk):
    desk.publish(onstage="1")
    with line(desk) as panel:
        panel.snapshot()
        desk.publish(phase="ended")
        desk.server.close("ended")
        assert panel.snapshot().phase == "ended"
        with pytest.raises(NoAnswerError) as gone:
            panel.snapshot()
    assert gone.value.why == "closed"


# ---- fault 31: strangers


def test_two_hundred_sockets_that_say_nothing_do_not_keep_a_panel_out(desk):
    with line(desk) as panel:
        idle = [socket.create_connection(("127.0.0.1", desk.port), 5) for _ in range(200)]
        try:
            until(lambda: len(desk.server._server._sockets) <= SOCKETS)
            assert panel.ask(Go(expect="1")).ok
            with line(desk, by="late") as late:
                assert late.ask(Go(expect="2")).ok
            assert len(desk.server._server._sockets) <= SOCKETS
        finally:
            for one in idle:
                one.close()


def test_panels_are_not_thrown_out_for_strangers(desk):
    panels = [line(desk, by=str(n)) for n in range(SOCKETS)]
    with pytest.raises(NoAnswerError):
        line(desk, by="one too many")
    assert all(panel.ask(StandBy(cue="1")).ok for panel in panels)
    for panel in panels:
        panel.close()


@pytest.fixture
def impatient(monkeypatch):
    """A desk that gives strangers half a second instead of three."""
    monkeypatch.setattr(server, "STRANGER", 0.5)
    desk = Desk()
    yield desk
    desk.server.close()


def test_a_slow_loris_is_cut_off(impatient):
    """A byte at a time would hold a socket for ever: the whole handshake has a limit."""
    desk = impatient
    with socket.create_connection(("127.0.0.1", desk.port), 10) as slow:
        began = time.monotonic()
        slow.settimeout(0.05)
        gone = False
        while not gone and time.monotonic() - began < 10:
            try:
                slow.sendall(b"G")
                gone = slow.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                gone = True
        assert gone
        assert time.monotonic() - began < 5


def test_who_shakes_hands_and_never_says_the_token_is_cut_off(impatient):
    with raw(impatient) as wire, pytest.raises(ConnectionClosed):
        wire.recv(10)


@pytest.mark.parametrize("token", [None, TOKEN])
def test_a_huge_frame_ends_its_own_connection_and_no_other(desk, token):
    with line(desk) as panel, raw(desk) as wire:
        if token:
            say(wire, token=token)
        with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012 -- whichever notices first
            wire.send("x" * (FRAME + 1))
            while True:
                wire.recv(5)
        assert code_of(closed) == 1009
        assert panel.ask(Go(expect="1")).ok


def test_http_that_is_no_websocket_is_told_so(desk):
    with socket.create_connection(("127.0.0.1", desk.port), 5) as plain:
        plain.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode())
        assert plain.recv(4096).split()[1] == b"426"


def test_a_panel_that_is_refused_by_status_says_so(desk):
    with pytest.raises(InvalidStatus), raw(desk, origin="http://evil.example"):
        pass


# ---- fault 2: stopped and woken


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_what_was_said_while_the_desk_was_stopped_is_not_carried_out(tmp_path):
    """Five presses lie in the socket when it wakes: none counts, the next one does."""
    child = subprocess.Popen(
        [sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True, cwd=os.curdir
    )
    with child:
        try:
            assert child.stdout is not None
            panel = Line(child.stdout.readline().strip(), TOKEN)
            assert panel.ask(StandBy(cue="1")).ok
            child.send_signal(signal.SIGSTOP)
            os.waitpid(child.pid, os.WUNTRACED)  # a signal takes its time: wait until it stands
            for n in range(5):
                panel._say({"intent": {"type": "Go", "id": f"blind {n}"}})
            time.sleep(1.5)
            child.send_signal(signal.SIGCONT)
            replies = [panel._letter() for _ in range(5)]
            assert [r["why"] for r in replies] == ["slept"] * 5
            until(lambda: panel.ask(Go(expect="1")).ok, 2)
            panel.close()
        finally:
            child.kill()


STOPPED = """
import sys, threading, time
from stagectl.desk.port import Port
from stagectl.engine.engine import Engine
from tests.engine.evening import book
engine = Engine(book(), 0.0)
server = Port(
    lambda intent, reply: reply(engine.ask(intent, time.monotonic())), b"{}",
    {"operate-token": "operate"},
)
print(server.start(), flush=True)
threading.Event().wait(60)
"""


def test_another_book_reaches_those_who_read_one_before_the_snapshot_of_its_cues(desk, tmp_path):
    newer = tmp_path / "book.json"
    newer.write_bytes(json.dumps({"show": "Ny", "cues": ["å" * 50] * 4000}).encode())
    with line(desk, book=True) as reader, raw(desk) as watcher:
        say(watcher, token=TOKEN, by="json", book=False)
        hear(watcher, "hello")
        desk.publish()
        hear(watcher, "snapshot")
        reader.snapshot()
        desk.server.renew(newer)
        desk.publish(standby="99")
        until(lambda: reader.snapshot().standby == "99")
        assert reader.book["show"] == "Ny"
        assert snapshot_from_plain(hear(watcher, "snapshot")["snapshot"]).standby == "99"
    with line(desk, book=True) as late:
        assert late.book["show"] == "Ny"


def test_a_book_renewed_before_the_first_snapshot_is_followed_by_nothing_but_a_snapshot(
    desk, tmp_path
):
    newer = tmp_path / "book.json"
    newer.write_bytes(b'{"show":"Ny"}')
    with raw(desk) as reader:
        say(reader, token=TOKEN, by="early")
        hear(reader, "hello")
        hear(reader, "book")
        desk.server.renew(newer)
        assert json.loads(reader.recv(5)) == {"book": {"show": "Ny"}}
        desk.publish()
        assert list(json.loads(reader.recv(5))) == ["snapshot"]


def test_a_book_that_cannot_be_read_leaves_panels_with_the_one_they_have(desk, tmp_path):
    with line(desk, book=True) as reader:
        desk.server.renew(tmp_path / "none.json")
        desk.publish(standby="99")
        until(lambda: reader.snapshot().standby == "99")
        assert reader.book["show"] == "Høytlesning"


def test_a_book_that_comes_before_anybody_speaks_on_the_port_is_the_one_that_is_read(tmp_path):
    newer = tmp_path / "book.json"
    newer.write_bytes(b'{"show":"Ny"}')
    port = Port(lambda *_: None, BOOK, {TOKEN: "operate"})
    port.renew(newer)
    address = port.start()
    try:
        until(lambda: port._server is not None)
        with Line(address, TOKEN, book=True) as late:
            until(lambda: late.book["show"] == "Ny" or late.snapshot())
    finally:
        port.close()
