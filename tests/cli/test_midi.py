"""`stagectl midi ports`: what can stand behind `at:`, or why there is nothing."""

import subprocess
import sys

from stagectl.drivers import midi_ports
from stagectl.drivers.driver import LinkError
from tests.desk.house import ROOT


def the_ports() -> tuple[str, ...] | None:
    """Return what the machine that runs the tests has; None: no way to MIDI."""
    try:
        return midi_ports.names("midi")
    except LinkError as missing:
        return () if missing.why == "no_port" else None


def test_the_machines_ports_are_listed_as_a_venue_names_them_or_their_absence_is():
    told = subprocess.run(
        [sys.executable, "-m", "stagectl", "midi", "ports", "--language", "en"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    there = the_ports()
    if there is None:
        assert (told.returncode, "python-rtmidi" in told.stderr + told.stdout) == (1, True)
        return
    assert told.returncode == 0, told.stderr
    listed = told.stdout.splitlines()
    if there:
        assert listed == [f"midi:{name}" for name in there]
    else:
        assert "no MIDI port now" in told.stdout
