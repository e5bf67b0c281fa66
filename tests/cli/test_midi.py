"""`stagectl midi ports`: what can stand behind `at:`, or why there is nothing."""

import subprocess
import sys

from stagectl.core.midi import address, is_port_of
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
    assert listed == [f"midi:{name}" for name in there] or "no MIDI port now" in told.stdout


class Half:
    """A system's ports as ALSA names them, our own among them."""

    def __init__(self, *_: object) -> None:
        self.ports = ["Midi Through:Midi Through Port-0 14:0", "stagectl:in 128:0",
                      "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"]  # fmt: skip

    def get_ports(self) -> list[str]:
        return self.ports

    def delete(self) -> None:
        pass


def test_a_port_is_named_without_the_numbers_of_this_plugging_in_and_never_our_own(monkeypatch):
    system = type("System", (), {
        "MidiIn": Half, "MidiOut": Half, "RtMidiError": OSError,
        "API_UNSPECIFIED": 0, "API_LINUX_ALSA": 2, "API_UNIX_JACK": 3,
    })  # fmt: skip
    monkeypatch.setattr(midi_ports, "_library", lambda way: system)
    found = midi_ports.names("midi")
    assert found == ("Midi Through:Midi Through Port-0", "nanoKONTROL2:nanoKONTROL2 MIDI 1")
    meant = address(f"midi:{found[1]}")
    assert meant is not None
    assert is_port_of(meant.name, "nanoKONTROL2:nanoKONTROL2 MIDI 1 32:0"), "plugged in anew"
