"""What docs/kiosk.md tells people to copy does what it says: its command, its units."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from stagectl.desk.place import STATE
from tests.browser.page import CHROMIUM, LIFTED, QUIET, Face
from tests.browser.serving import ROOT, serve
from tests.web.served import free_port

PAGE = (ROOT / "docs" / "kiosk.md").read_text("utf-8")
UNMANAGED = ("--window-position=0,0", "--window-size=1920,1080")  # nobody makes windows fill it
UP = 20.0  # seconds a browser may take to come up


def block(kind, about=""):
    """Return a block of the page, the first of its kind that has this in it."""
    found = [text for text in re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) if about in text]
    assert found, (kind, about)
    return found[0]


@contextmanager
def screen():
    """A screen of 1920 × 1080 that nobody sees; yields its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


class Kiosk:
    """The command of the page, run by its user; a debugger and the size are all that is added."""

    def __init__(self, playwright, house, display, home):
        path = home / "kiosk.sh"
        path.write_text(block("sh", "--kiosk"), "utf-8")
        own = home / "bin"  # `chromium`, wherever this machine has it
        own.mkdir(exist_ok=True)
        if not (own / "chromium").exists():
            (own / "chromium").symlink_to(CHROMIUM)
        port = free_port()
        self.process = subprocess.Popen(
            ["sh", str(path), "--no-sandbox", f"--remote-debugging-port={port}", *UNMANAGED],
            env={
                **os.environ, "DISPLAY": display, "HOME": str(home), STATE: house.environ[STATE],
                "PATH": f"{own}:{os.environ['PATH']}",
            },
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + UP
        while True:
            try:
                self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:  # noqa: BLE001 -- it is not up yet; which kind is playwright's own
                assert time.monotonic() < end
                time.sleep(0.2)
            else:
                break

    def face(self):
        """Return the page it shows; there is one."""
        (context,) = self.browser.contexts
        end = time.monotonic() + UP
        while not (shown := [p for p in context.pages if p.url.startswith("http://127")]):
            assert time.monotonic() < end, [p.url for p in context.pages]
            context.pages[0].wait_for_timeout(100)  # playwright hears while it waits, not asleep
        assert len(context.pages) == 1
        made = Face(shown[0].url, context, shown[0])
        made.up()
        shown[0].evaluate(f"() => {{ {LIFTED} }}")
        return made

    def end(self, number=signal.SIGTERM):
        os.killpg(self.process.pid, number)
        self.process.wait(10)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs xvfb: tests/rig/install.sh")
def test_the_command_shows_the_panel_by_touch_and_again_after_it_was_killed(
    playwright, night, heard, tmp_path
):
    with serve(night.house), screen() as display:
        for number in (signal.SIGKILL, signal.SIGTERM):
            kiosk = Kiosk(playwright, night.house, display, tmp_path)
            try:
                panel = kiosk.face()
                columns, rows = panel.size
                assert (columns >= 117, rows >= 33) == (True, True), panel.size
                panel.wait_for("mellomrom")
                before = len(heard.levels())
                panel.go()
                heard.next(before)
                words = subprocess.run(
                    ["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True
                ).stdout
                key = (night.house.place.folder / "web.key").read_text("ascii")
                assert " --kiosk " in words
                assert key not in words
            finally:
                kiosk.end(number)


def test_the_word_that_keeps_chromium_quiet_is_the_one_that_was_tried():
    assert QUIET.partition("=")[2] in block("sh", "--kiosk")


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd's own judge of units"
)
def test_the_units_are_what_systemd_takes(tmp_path):
    names = re.findall(r"`/etc/systemd/system/([\w-]+\.service)`", PAGE)
    units = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    assert len(names) == len(units) == 2
    for name, unit in zip(names, units, strict=True):
        # whatever is not installed here stands for itself: the rest of the line is what is judged
        text = re.sub(r"(?m)^(ExecStart=)\S+", rf"\g<1>{sys.executable}", unit)
        text = re.sub(r"(?m)^User=.*", "User=root", text)
        (tmp_path / name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", *(str(tmp_path / n) for n in names)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_stopping_the_service_leaves_the_show_alone():
    """The desk is in the service's group; only this word keeps systemd from ending it too."""
    assert "KillMode=process" in block("ini", "stagectl serve")
