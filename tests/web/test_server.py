"""What a server answers to whom, before and after somebody is let in; real sockets, no browser."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError
from yarl import URL

from stagectl.desk.doors import Pass
from stagectl.web.server import CONNECTIONS, STOCK
from tests.web.served import pin_of, served

ENDS = 10.0  # seconds for what ends


async def until(so):
    end = time.monotonic() + ENDS
    while not so():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def refusal(opening):
    """Return the status with which a socket was refused."""
    with pytest.raises(WSServerHandshakeError) as refused:
        await opening
    return refused.value.status


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def hello(line) -> int:
    """Return the pid of the app, which is the first thing it draws."""
    said = await line.receive_bytes(timeout=ENDS)
    return int(said.rpartition(b" ")[2])


async def let_in(server):
    assert await server.enter(key=server.panels.keys.once(Pass("operate"))) == 303


async def test_who_was_not_let_in_sees_the_login_and_opens_no_socket(tmp_path):
    async with served(tmp_path) as server:
        for path in ("/", "/status"):
            status, page = await server.get(path)
            assert status == 200
            assert 'name="pin"' in page
        for path in ("/alive", "/status/events"):
            assert (await server.get(path))[0] == 401
        assert await refusal(server.open()) == 401
        assert await refusal(server.open(Cookie="stagectl=x")) == 401


async def test_another_page_opens_no_socket_even_with_the_cookie(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        for origin in ("http://evil.example", "null", server.url.replace("http", "https")):
            assert await refusal(server.open(Origin=origin)) == 403
        async with server.browser.post(f"{server.url}/logout") as answer:  # and changes nothing
            assert answer.status == 403


async def test_another_host_gets_nothing_at_all(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        for path in ("/", "/status", "/static/panel.js", "/login", "/alive"):
            assert (await server.get(path, Host="evil.example"))[0] == 403
        assert (
            await refusal(server.open(Host="evil.example:80", Origin="http://evil.example")) == 403
        )


async def test_wrong_five_times_and_the_right_pin_is_refused_too(tmp_path):
    async with served(tmp_path) as server:
        pin = pin_of(server.panels)
        wrong = f"{(int(pin) + 1) % 1_000_000:06}"
        assert [await server.enter(pin=wrong) for _ in range(5)] == [403, 403, 403, 403, 429]
        assert await server.enter(pin=pin) == 429
        assert await refusal(server.open()) == 401


async def test_the_right_pin_lets_in_and_the_app_is_the_browsers_own(tmp_path):
    async with served(tmp_path) as server:
        assert await server.enter(pin=pin_of(server.panels)) == 303
        async with server.open() as line:
            pid = await hello(line)
            await line.send_str(json.dumps(["stdin", "æ"]))
            said = await line.receive_bytes(timeout=ENDS)
            assert said == b"D" + (2).to_bytes(4, "big") + "æ".encode()
            assert lives(pid)
        await until(lambda: not lives(pid))


async def test_a_browser_that_vanishes_takes_its_app_along(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        line = await server.open()
        pid = await hello(line)
        assert line._response.connection is not None
        line._response.connection.transport.abort()
        await until(lambda: not lives(pid))


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped there")
async def test_an_app_that_reads_no_more_gives_up_its_seat(tmp_path, monkeypatch):
    monkeypatch.setattr("stagectl.web.seat.DEAF", 0.5)
    async with served(tmp_path, seats=1) as server:
        await let_in(server)
        line = await server.open()
        pid = await hello(line)
        os.kill(pid, signal.SIGSTOP)
        try:
            async with asyncio.timeout(ENDS):
                with contextlib.suppress(ConnectionError):
                    for _letter in range(8):  # far more than a pipe holds
                        await line.send_str(json.dumps(["stdin", "x" * 60_000]))
                while not line.closed:
                    await line.receive()
            assert not lives(pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await until(lambda: not server.panels._is_full())
        async with server.open() as another:
            assert await hello(another) != pid


async def test_a_browser_that_reads_no_more_gives_up_its_seat(tmp_path, monkeypatch):
    monkeypatch.setattr("stagectl.web.seat.DEAF", 0.5)
    async with served(tmp_path, seats=1) as server:
        await let_in(server)
        cookies = server.browser.cookie_jar.filter_cookies(URL(server.url))
        said = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
        host = server.url.removeprefix("http://")
        asks = (
            f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {server.url}\r\nCookie: {said}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        text = json.dumps(["stdin", "y" * 60_000]).encode()  # all of it is drawn
        letter = b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text
        line = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))
        with line:  # nothing is read from it, and it stays open
            line.setblocking(False)
            line.send(asks.encode())
            await until(server.panels._is_full)
            loop = asyncio.get_running_loop()
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(ENDS):
                    while server.panels._is_full():
                        await loop.sock_sendall(line, letter)
            await until(lambda: not server.panels._is_full())


async def test_apps_end_with_the_server(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        line = await server.open()
        pid = await hello(line)
    await until(lambda: not lives(pid))


async def test_of_thirty_sockets_as_many_are_opened_as_there_are_seats(tmp_path):
    async with served(tmp_path, seats=3) as server:
        await let_in(server)
        tried = await asyncio.gather(*(server.open() for _ in range(30)), return_exceptions=True)
        opened = [one for one in tried if not isinstance(one, BaseException)]
        refused = [one.status for one in tried if isinstance(one, WSServerHandshakeError)]
        assert (len(opened), refused) == (3, [503] * 27)
        assert (await server.get("/alive"))[0] == 503
        for line in opened:
            await line.close()
        await until(lambda: server.panels._taken == 0)
        assert (await server.get("/alive"))[0] == 204


async def test_who_logs_out_is_shown_out(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        line = await server.open()
        pid = await hello(line)
        async with server.browser.post(f"{server.url}/logout", headers=server.origin) as answer:
            assert answer.status == 200
        await line.receive(timeout=ENDS)
        assert line.close_code == 4401
        await until(lambda: not lives(pid))


async def test_a_panel_by_a_pin_that_was_changed_is_closed(tmp_path):
    async with served(tmp_path) as server:
        assert await server.enter(pin=pin_of(server.panels)) == 303
        line = await server.open()
        await hello(line)
        pin_of(server.panels)  # a new one: the old is void
        await line.receive(timeout=ENDS)
        assert line.close_code == 4401


async def test_strangers_who_say_nothing_make_room_for_whoever_comes(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        line = await server.open()
        await hello(line)
        reading = await server.browser.get(f"{server.url}/status/events")
        await reading.content.readline()
        address = ("127.0.0.1", server.panels.listen.port)
        silent = [socket.create_connection(address) for _ in range(CONNECTIONS + 10)]
        try:
            await asyncio.sleep(0.1)
            assert (await server.get("/alive"))[0] == 204
            await line.send_str(json.dumps(["stdin", "here"]))
            assert (await line.receive_bytes(timeout=ENDS)).endswith(b"here")
            for _ in range(6):  # of whoever reads the show in words, the next seconds too
                assert await asyncio.wait_for(reading.content.readline(), ENDS)
        finally:
            reading.close()
            for one in silent:
                one.close()
            await line.close()


@pytest.mark.parametrize(
    "said",
    ["", "{}", "[]", '["stdin"]', '["resize", 1]', '["resize", {"width": "x"}]', "[" * 9000],
    ids=["nothing", "object", "empty", "word", "number", "text", "deep"],
)
async def test_garbage_ends_the_line_and_nothing_else(tmp_path, said):
    async with served(tmp_path) as server:
        await let_in(server)
        async with server.open() as line:
            await hello(line)
            await line.send_str(said)
            while not line.closed:
                await line.receive(timeout=ENDS)
        assert (await server.get("/alive"))[0] == 204


async def test_every_answer_says_what_a_browser_may_do(tmp_path):
    async with served(tmp_path) as server:
        async with server.browser.get(server.url) as login:
            assert "unsafe" not in login.headers["Content-Security-Policy"]
        await let_in(server)
        for path in ("/", "/status", "/static/panel.js", "/nowhere"):
            async with server.browser.get(f"{server.url}{path}") as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'; script-src 'self';" in policy
                assert "frame-ancestors 'none'" in policy
                assert ("unsafe-inline" in policy) == (path == "/")
                assert "unsafe-eval" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_the_cookie_is_for_the_browser_alone(tmp_path):
    async with served(tmp_path) as server:
        key = server.panels.keys.once(Pass("operate"))
        async with server.browser.post(
            f"{server.url}/login", data={"key": key}, headers=server.origin, allow_redirects=False
        ) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        assert "Secure" not in cookie  # this one is not encrypted


async def test_a_letter_that_is_too_large_is_not_taken(tmp_path):
    async with served(tmp_path) as server:
        await let_in(server)
        async with server.open() as line:
            await hello(line)
            await line.send_str(json.dumps(["stdin", "x" * 100_000]))
            while not line.closed:
                await line.receive(timeout=ENDS)
            assert line.close_code == 1009
        async with server.browser.post(
            f"{server.url}/login", data={"pin": "1" * 10_000}, headers=server.origin
        ) as answer:
            assert answer.status == 413


async def test_the_page_of_this_machines_own_screen_is_for_this_user_alone(tmp_path):
    async with served(tmp_path) as server:
        path = server.panels.house.leave_page(server.url)
        if os.name == "posix":
            assert path.stat().st_mode & 0o077 == 0
        key = server.panels.house.own_key()
        assert key in path.read_text()
        assert await server.enter(key=key) == 303


async def test_behind_a_proxy_of_ours_the_public_name_is_the_one_and_the_brake_sees_the_browser(
    tmp_path,
):
    public, ours = "https://scene.example.org", (ip_network("127.0.0.1"),)
    async with served(tmp_path, public=public, proxies=ours) as server:
        pin = pin_of(server.panels)
        wrong = f"{(int(pin) + 1) % 1_000_000:06}"

        async def ask(pin, browser, host="scene.example.org"):
            headers = {
                "Origin": public, "X-Forwarded-For": browser, "X-Forwarded-Host": host,
                "X-Forwarded-Proto": "https",
            }  # fmt: skip
            async with server.browser.post(
                f"{server.url}/login", data={"pin": pin}, headers=headers, allow_redirects=False
            ) as answer:
                return answer.status, answer.headers.get("Set-Cookie", "")

        for _ in range(5):
            await ask(wrong, "10.0.0.7")
        assert (await ask(pin, "10.0.0.7"))[0] == 429
        status, cookie = await ask(pin, "10.0.0.8")
        assert status == 303
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        assert (await ask(pin, "10.0.0.8", host="evil.example"))[0] == 403
        assert (await server.get("/"))[0] == 403  # past the proxy: no name of ours


def test_the_stock_script_still_makes_its_terminal_where_our_page_takes_it():
    """A browser in CI is the proof; this says it on machines without one."""
    stock = (STOCK / "js" / "textual.js").read_text("utf-8")
    assert stock.count("this.fitAddon=") == 1
    made, taken = stock.index("this.terminal=new"), stock.index("this.fitAddon=")
    assert made < taken < stock.index("this.terminal.open(", made)
    assert "||t.connect()" in stock[taken:]
