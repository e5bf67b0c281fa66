"""What a browser does when somebody goes: the server, the browser, the desk; and who agrees."""

import json
import os
import re
import signal
import socket
import threading
import time
import urllib.parse
from pathlib import Path

from tests.browser.page import QUIET, TABLET, chromium, face
from tests.browser.serving import Terminal, serve
from tests.faults.house import is_alive
from tests.web.served import free_port

TOGETHER = 0.2  # seconds within which all panels say the same
ENDS = 10.0


def on_stage(night):
    return night.house.status["onstage"]


def shown_after(look, cue, began):
    """Return how long after `began` a face shows a cue as the one on stage."""
    end = began + ENDS
    while not re.search(rf"NÅ +{cue} ", look()):
        assert time.monotonic() < end, look()
        time.sleep(0.005)
    return time.monotonic() - began


def test_two_browsers_and_a_terminal_agree_and_closing_one_changes_nothing(
    window, served, night, heard
):
    wall = window().open().log_in(served.pin()).up()
    tablet = window(TABLET).open().log_in(served.pin("watch")).up()
    terminal = Terminal(night.house)
    try:
        terminal.wait_for("mellomrom")
        wall.wait_for("mellomrom")
        tablet.wait_for("NESTE")
        for _ in range(5):
            before, cue = len(heard.levels()), str(int(on_stage(night)) + 1)
            terminal.seen = ""
            wall.go()
            heard.next(before)
            began = time.monotonic()
            late = {
                "wall": shown_after(wall.text, cue, began),
                "tablet": shown_after(tablet.text, cue, began),
            }
            terminal.wait_for(rf"Cue {cue}\b")
            late["terminal"] = time.monotonic() - began
            assert max(late.values()) - min(late.values()) <= TOGETHER, late
            night.house.on_stage(cue)
    finally:
        terminal.close()
    cue = on_stage(night)
    tablet.close()
    wall.close()
    served.until_children(0)
    time.sleep(0.5)
    assert on_stage(night) == cue
    assert night.house.status["phase"] == "live"


def test_a_browser_that_is_killed_takes_its_app_along_and_nothing_else(playwright, served, night):
    cue = on_stage(night)
    with chromium(playwright) as other:
        face(other, served.url).open().log_in(served.pin()).up()
        served.until_children(1)
        (app,) = served.children
    served.until_children(0)
    assert not is_alive(app)
    assert (on_stage(night), served.process.poll()) == (cue, None)


def test_a_server_that_is_killed_leaves_no_app_and_the_page_comes_back_by_itself(browser, night):
    port, apps = free_port(), []
    with serve(night.house, port=port) as first:
        page = face(browser, first.url).open(f"/#key={first.key}").up()
        apps = first.children
        assert len(apps) == 1
        first.process.kill()
        first.process.wait()
    page.page.wait_for_selector("body[data-state=lost]")
    assert "Forestillingen går videre" in page.page.inner_text("#words")
    end = time.monotonic() + ENDS
    while any(is_alive(pid) for pid in apps):
        assert time.monotonic() < end
        time.sleep(0.05)
    with serve(night.house, port=port) as second:
        page.up()  # by the key in its address: the sessions of the first are gone
        assert page.page.is_visible(".xterm-screen")
        assert len(second.children) == 1
        page.close()


def test_what_is_pressed_while_nobody_listens_is_lost(panel, served, night, heard):
    panel.wait_for("mellomrom")
    before = len(heard.levels())
    os.kill(served.process.pid, signal.SIGSTOP)
    try:
        panel.page.context.set_offline(True)
        panel.page.evaluate("window.dispatchEvent(new Event('offline'))")
    finally:
        panel.page.context.set_offline(False)
        os.kill(served.process.pid, signal.SIGCONT)
    panel.wait_for("mellomrom")
    assert len(heard.levels()) == before


def test_as_many_panels_as_may_be_open_and_the_next_is_told_so(browser, night):
    with serve(night.house, "--panels", "1") as small:
        pin = small.pin()
        one = face(browser, small.url).open().log_in(pin).up()
        two = face(browser, small.url).open().log_in(pin)
        two.page.wait_for_selector("body[data-state=full]")
        assert "Lukk ett av dem" in two.page.inner_text("#words")
        one.close()
        two.up()
        two.close()


def test_a_desk_that_goes_away_is_told_on_the_panel_and_comes_back(panel, night):
    panel.wait_for("mellomrom")
    os.kill(night.house.pid, signal.SIGKILL)
    panel.wait_for("Ingen kontakt", 3.0)
    panel.wait_for("mellomrom|Gjør rommet klart", 10.0)


def test_closing_the_panel_by_key_says_so_and_opens_it_again(panel):
    panel.wait_for("mellomrom")
    panel.page.keyboard.press("Control+q")
    panel.page.wait_for_selector("body[data-state=ended]")
    assert "Panelet er lukket" in panel.page.inner_text("#words")
    panel.page.locator("#again").tap()
    panel.up()


def test_no_request_leaves_the_machine(playwright, tmp_path, served):
    """What the page asked for, what the browser resolved and connected to; and the server's ends.

    Chromium asks its maker for updates whatever it shows; the kiosk's own word keeps it from that.
    """
    log = tmp_path / "net.json"
    seen: set[str] = set()
    over = threading.Event()
    watching = threading.Thread(target=watch_peers, args=(served, seen, over))
    watching.start()
    try:
        with chromium(playwright, f"--log-net-log={log}", QUIET) as other:
            page = face(other, served.url).open().log_in(served.pin()).up()
            page.wait_for("NESTE")
            page.open("/status").page.wait_for_timeout(1500)
            asked = page.requested
    finally:
        over.set()
        watching.join()
    ours = served.url.partition("//")[2]
    assert {urllib.parse.urlsplit(url).netloc for url in asked} == {ours}
    connected, resolved, wanted = told_by(log)
    assert connected == {"127.0.0.1"}
    assert {host for host in resolved if "~notfound" not in host} <= {served.url}
    assert {urllib.parse.urlsplit(url).netloc for who, url in wanted if who == served.url} == {ours}
    assert seen == {"127.0.0.1"}


def told_by(log):
    """Return what a browser connected to, the names it looked up, and (who, address) it wanted."""
    told = json.loads(log.read_text())
    kinds = {number: name for name, number in told["constants"]["logEventTypes"].items()}
    connected, resolved, wanted = set(), set(), set()
    for event in told["events"]:
        params = event.get("params") or {}
        match kinds[event["type"]]:
            case "TCP_CONNECT_ATTEMPT" if "address" in params:
                connected.add(params["address"].rpartition(":")[0])
            case "HOST_RESOLVER_MANAGER_REQUEST" if "host" in params:
                resolved.add(params["host"])
            case "URL_REQUEST_START_JOB" if "url" in params:
                wanted.add((params.get("initiator"), params["url"]))
    return connected, resolved, wanted


def watch_peers(served, seen, over):
    """Collect the other ends of every socket of the server and its apps."""
    while not over.wait(0.05):
        for pid in (served.process.pid, *served.children):
            seen.update(peers(pid))


def peers(pid: int) -> set[str]:
    found = set()
    try:
        own = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return found
    for table in ("tcp", "udp"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if f"socket:[{words[9]}]" in own and words[2] != "00000000:0000":
                found.add(socket.inet_ntoa(bytes.fromhex(words[2].partition(":")[0])[::-1]))
    return found
