"""A panel ends with its terminal, also when nobody sends it SIGHUP."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stagectl.panel import terminal

pty = pytest.importorskip("pty", reason="a terminal one can take away; Windows has none")
ROOT = Path(__file__).parents[2]
PANEL = "from stagectl.panel.app import run_panel; run_panel('127.0.0.1:1', 't', by='x')"


def drain_until(master: int, so, seconds: float) -> bool:
    """Read what is drawn until it is so."""
    until, drawn = time.monotonic() + seconds, b""
    while time.monotonic() < until:
        if select.select([master], [], [], 0.1)[0]:
            drawn += os.read(master, 1 << 16)
        if so(drawn):
            return True
    return False


def test_a_panel_whose_terminal_vanished_ends_instead_of_reading_nothing_for_ever():
    master, slave = pty.openpty()
    panel = subprocess.Popen(
        [sys.executable, "-c", PANEL], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT,
        start_new_session=True,  # so that it is nobody's controlling terminal: there is no SIGHUP
        env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    try:
        os.close(slave)
        # its buttons are drawn: it stands
        assert drain_until(master, lambda drawn: b"Stop all" in drawn, 20)
        os.close(master)
        panel.wait(timeout=15)
    finally:
        panel.kill()
        panel.wait()


def test_a_terminal_at_which_nobody_types_is_there():
    master, slave = pty.openpty()
    assert not terminal.is_gone(slave)
    os.close(master)
    assert terminal.is_gone(slave)
    os.close(slave)
