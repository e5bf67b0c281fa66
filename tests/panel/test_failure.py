"""A panel that fails starts again and says so, or says that it cannot; it tells no secret."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from textual._context import active_app
from textual.widget import Widget
from stagectl.panel.app import run_panel

CANARY = "canary-7f3a"

class Bomb(Widget):
    def on_mount(self):
        password = CANARY
        raise ValueError(f"cannot log in with {password}")

def find():
    token = CANARY
    print("NOTICE", active_app.get().view.notice, flush=True)
    raise RuntimeError(token)

sys.exit(run_panel("ws://127.0.0.1:1", CANARY, by="t", language="en", beside=Bomb(), find=find))
"""


def test_a_failing_panel_restarts_without_its_neighbour_then_ends_with_words_and_no_secrets(
    tmp_path,
):
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    home = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        env=os.environ
        | {
            "PYTHONPATH": str(home),
            "PYTHONIOENCODING": "utf-8",
            "TEXTUAL_DRIVER": "textual.drivers.headless_driver:HeadlessDriver",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    notices = [row for row in ran.stdout.splitlines() if row.startswith("NOTICE")]
    assert "started again: ValueError (script.py:" in notices[0]
    assert "started again: RuntimeError (script.py:" in notices[1]
    assert len(notices) == 3  # it is tried three times more, then there is an end to it
    assert "The panel cannot go on: RuntimeError (script.py:" in ran.stderr
    assert "The show goes on" in ran.stderr
    assert ran.returncode == 1
    assert "canary" not in ran.stdout + ran.stderr
