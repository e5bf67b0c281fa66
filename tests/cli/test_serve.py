"""`serve` says where the panel is, and to no log what opens it; what is wrong, in a sentence."""

import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest

from stagectl.desk.pins import Pins
from stagectl.desk.place import STATE, place_of
from tests.cli.library import Library
from tests.cli.terminal import HAS_PTY, Terminal
from tests.web.served import free_port

CANARY = "kanari-7d20"


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def started(library, *words, **more):
    """Start a server; return it, with what it said until it was up."""
    process = library.start("serve", *words, PYTHONUNBUFFERED="1", **more)
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said + process.communicate(timeout=5)[1]
        said += line
    return process, said


def place(library, monkeypatch):
    monkeypatch.setenv(STATE, library.environment[STATE])
    return place_of(library.folder, "hall")


def test_a_server_says_where_its_own_screens_page_is_and_tells_no_log_a_key(library, monkeypatch):
    port = str(free_port())
    process, said = started(library, "--port", port)
    page = place(library, monkeypatch).folder / "panel.html"
    assert str(page) in said
    key = (page.parent / "web.key").read_text("ascii")
    assert key in page.read_text("utf-8")
    process.terminate()
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert key not in said + out + err
    assert "#" not in said


@HAS_PTY
def test_in_a_terminal_it_prints_a_link_that_opens_once(library):
    terminal = Terminal(library, "serve", "--port", str(free_port()))
    terminal.wait_for("Ctrl-C")
    assert "/#once=" in terminal.seen
    terminal.press(b"\x03")
    assert terminal.status() == 0
    terminal.hang_up()


def test_a_port_that_is_taken_is_told(library):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = library("serve", "--port", str(taken.getsockname()[1]))
    assert done.status == 1
    assert "Nothing is served" in done.err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("scenes/nowhere.yaml",), 1, "There is no venue"),
        (("--public-url", "scene"), 2, "write it as https://NAME"),
        (("--public-url", "http://scene/panel"), 2, "write it as https://NAME"),
        (("--proxy", "10.0.0.300"), 2, "write it as a network"),
        (("--certificate", "nowhere.pem"), 2, "nowhere.pem"),
        (("--certificate", "scenes/hall.yaml"), 1, "cannot be used"),
        (("--key", "scenes/hall.yaml"), 2, "a key needs its certificate"),
        (("--port", "0"), 2, "0"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(library, words, status, said):
    done = library("serve", *words)
    assert (done.status, said in done.told) == (status, True), done.told
    assert "Traceback" not in done.told


def test_of_several_venues_one_must_be_named(library):
    library.venue("attic")
    done = library("serve")
    assert done.status == 1
    assert "Say which venue" in done.err


def test_on_a_network_it_says_what_others_type_and_that_it_is_not_encrypted(library):
    process, said = started(library, "--port", str(free_port()), "--host", "0.0.0.0")
    assert "For others: http://" in said
    process.terminate()
    assert "in the clear" in process.communicate(timeout=20)[1]


def certificate(folder: Path) -> Path:
    """Make a certificate for this machine alone, with its key in the same file."""
    path = folder / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"),
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return path


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_with_a_certificate_pages_are_encrypted_and_the_cookie_goes_no_other_way(
    library, tmp_path, monkeypatch
):
    port = free_port()
    both, url = certificate(tmp_path), f"https://localhost:{port}"
    started(library, "--port", str(port), "--certificate", str(both), "--public-url", url)
    pin = str(Pins(place(library, monkeypatch)).make("operate"))
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args):
            return None

    ask = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=trusting))
    request = urllib.request.Request(
        f"{url}/login", data=f"pin={pin}".encode(), headers={"Origin": url}
    )
    with pytest.raises(urllib.error.HTTPError) as answer:
        ask.open(request)
    assert answer.value.code == HTTPStatus.SEE_OTHER
    cookie = answer.value.headers["Set-Cookie"]
    answer.value.close()
    assert cookie.startswith("__Host-stagectl-")
    assert "; Secure" in cookie


def test_no_secret_and_no_token_is_where_others_could_read_it(library, monkeypatch):
    """What a watcher's app is told is neither in its words nor in its environment."""
    if sys.platform != "linux":
        pytest.skip("looks into /proc")
    library.headless()
    port = free_port()
    process, _ = started(library, "--port", str(port), STAGECTL_SECRET_OBS=CANARY)
    at = place(library, monkeypatch)
    url = f"http://127.0.0.1:{port}"
    app = watching(library, url, str(Pins(at).make("watch")), process.pid)
    secrets = [CANARY, at.token("watch"), at.token("operate"), str(Pins(at).grants()[0].token)]
    for name in ("cmdline", "environ"):
        shown = Path(f"/proc/{app}/{name}").read_bytes().decode(errors="replace")
        assert [one for one in secrets if one in shown] == []


def watching(library, url, pin, server):
    """Open a panel as a watcher's browser does; return the process behind it."""
    script = """
import asyncio, sys
from aiohttp import ClientSession, CookieJar
async def main(url, pin):
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        await browser.post(url + "/login", data={"pin": pin}, headers={"Origin": url})
        async with browser.ws_connect(url + "/ws", headers={"Origin": url}) as line:
            await line.receive_bytes()
            print("up", flush=True)
            async for _ in line:
                pass
asyncio.run(main(*sys.argv[1:]))
"""
    browser = subprocess.Popen(
        [sys.executable, "-c", script, url, pin], stdout=subprocess.PIPE, text=True
    )
    library.running.append(browser)
    assert browser.stdout is not None
    assert browser.stdout.readline() == "up\n"
    end = time.monotonic() + 10
    while True:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) == server:
                return int(stat.parent.name)
        assert time.monotonic() < end
