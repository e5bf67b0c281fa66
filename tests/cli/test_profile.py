"""`profile` proves what a profile says, asks a device its questions only; the page is true."""

import re
import struct
import time

import pytest

from stagectl.files.load import load_profile
from stagectl.sim import osc
from stagectl.sim.udp_device import UdpDevice
from stagectl.sim.x32 import X32
from tests.cli.library import Library
from tests.core.test_profiles import NAMES
from tests.desk.house import ROOT
from tests.drivers.simulated import simulated

PAGE = (ROOT / "docs" / "new-device.md").read_text("utf-8")
YAML = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SCENES = """\
base: {mixer: {host: off, guest: off, host.level: -5 dB, guest.level: -5 dB, main.level: 0 dB}}
scenes:
  holding: {label: Straks tilbake, set: {mixer.host: off}}
safe: holding
cover: holding
"""
SHOW = """\
show: Konsert
venue: kjeller
cues:
  - {cue: 1, name: Dørene åpner, scene: holding}
  - {cue: 2, name: Velkommen, set: {mixer.host: on, mixer.host.level: -20 dB}, fade: 0.2 s}
  - {cue: 3, name: Scene, set: {mixer.main.level: -80 dB}, do: [mixer.recall: 4]}
"""


class Fjord(UdpDevice):
    """The Fjord 8 of docs/new-device.md, built from what its page says of it and nothing else."""

    def __init__(self):
        super().__init__()
        self.asked: list[osc.Message] = []

    def power_on(self):
        self.values = {f"/in/{n}/fader": 0.0 for n in range(1, 9)} | {"/out/fader": 1.0}
        self.values |= {f"/in/{n}/mute": 1 for n in range(1, 9)}
        self.scene = 0

    def take(self, message, peer):
        self.asked.append(message)
        kind = "i" if message.address.endswith("mute") else "f"
        match message.address, message.types:
            case "/hello", "":
                self.say(peer, "/hello", "s", "Fjord 8")
            case "/scene/load", "i":
                self.scene = message.arguments[0]
            case address, "" if address in self.values:
                self.say(peer, address, kind, self.values[address])
            case address, said if address in self.values and said == kind:
                (value,) = message.arguments
                self.values[address] = rounded(value) if kind == "f" else value

    def move(self, path, value):
        self.values[path] = value

    def state(self):
        return dict(self.values)


def rounded(fader):
    """Return the nearest of 256 positions, as 32 bits have it."""
    return struct.unpack(">f", struct.pack(">f", round(fader * 255) / 255))[0]


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


@pytest.fixture
def fjord(library):
    """The mixer of the page, and the profile and the venue's line from the page in the library."""
    profile, line = YAML
    (library.folder / "scenes" / "profiles").mkdir()
    (library.folder / "scenes" / "profiles" / "fjord-8.yaml").write_text(profile, "utf-8")
    with simulated(Fjord(), {}) as mixer:
        line = line.replace("192.168.10.20", f'"{mixer.at}"')
        venue = f"venue: Kjelleren\nlanguage: en\ndevices:\n{line}{SCENES}"
        (library.folder / "scenes" / "kjeller.yaml").write_text(venue, "utf-8")
        (library.folder / "cues" / "konsert.yaml").write_text(SHOW, "utf-8")
        yield mixer


def tells(library, so, seconds=10.0):
    """Wait until the status says so."""
    end = time.monotonic() + seconds
    while not so(status := library.status()):
        assert time.monotonic() < end, status


def test_the_page_has_a_profile_of_ten_lines():
    assert len(YAML[0].splitlines()) == 10


def test_the_profile_on_the_page_is_sound(library, fjord):
    done = library("profile", "check", "scenes/profiles/fjord-8.yaml")
    assert (done.status, done.err) == (0, "")
    rows = [re.split(r"  +", line) for line in done.out.splitlines()]
    assert rows == [
        ["in.{1..8}.on", "on or off", "read back"],
        ["in.{1..8}.level", "dB", "from −80 to 6, and −∞", "read back"],
        ["main.level", "dB", "from −80 to 6, and −∞", "read back"],
        ["do recall", "a number"],
        ["fjord-8 is sound."],
    ]


def test_the_device_is_asked_and_nothing_is_put(library, fjord):
    fjord.do(lambda: fjord.device.values.update({"/in/3/mute": 0, "/in/2/fader": 0.5}))
    before = fjord.do(lambda: dict(fjord.device.values))
    done = library("profile", "check", "fjord-8", "--at", fjord.at)
    assert (done.status, done.err) == (0, "")
    assert f"{fjord.at} answers: Fjord 8\n" in done.out
    on, level, _main = (line for line in done.out.splitlines() if " of " in line)
    assert "8 of 8" in on
    assert "in.1.on off, in.2.on off, in.3.on on" in on
    assert "in.1.level −∞ dB, in.2.level −20 dB" in level
    assert fjord.do(lambda: dict(fjord.device.values)) == before
    assert not [m for m in fjord.do(lambda: list(fjord.device.asked)) if m.arguments]


def test_what_a_device_does_not_answer_is_said(library, fjord):
    fjord.do(lambda: fjord.device.values.pop("/out/fader"))
    done = library("profile", "check", "fjord-8", "--at", fjord.at)
    assert done.status == 1
    assert done.err == "No answer at all for: main.level\n"


def test_a_device_that_is_not_there_is_said(library, fjord):
    fjord.stop()
    done = library("profile", "check", "fjord-8", "--at", fjord.at)
    assert (done.status, done.err) == (1, f"{fjord.at}: refuses.\n")


def test_a_show_is_played_with_the_profile_on_the_page(library, fjord):
    assert library("check", "cues/konsert.yaml").err == ""
    library.headless("cues/konsert.yaml")
    tells(library, lambda status: status["devices"]["mixer"]["state"] == "linked")
    for number in "123":
        assert library("go", "--expect", number).status == 0
        tells(library, lambda status: {s for _, s in status["values"].values()} == {"confirmed"})
    values = fjord.do(lambda: dict(fjord.device.values))
    assert values["/in/1/mute"] == 0
    assert values["/in/2/mute"] == 1
    assert values["/in/1/fader"] == rounded(0.5)
    assert values["/out/fader"] == 0.0
    assert fjord.do(lambda: fjord.device.scene) == 4


def test_every_mistake_is_told_with_its_place_and_cure(library):
    path = library.folder / "scenes" / "wrong.yaml"
    path.write_text(
        YAML[0].replace('"/in/{}/mute"', "/in/mute").replace(", type: f", "", 1), "utf-8"
    )
    done = library("profile", "check", "scenes/wrong.yaml")
    assert done.status == 1
    assert "scenes/wrong.yaml:7:3: " in done.out
    path.write_text(YAML[0].replace('"/in/{}/mute"', "/in/mute"), "utf-8")
    done = library("profile", "check", "scenes/wrong.yaml", "--language", "nb")
    assert done.status == 1
    assert "scenes/wrong.yaml:6:3: in.2.on og in.1.on har samme adresse, /in/mute." in done.out
    assert "^^^^^^^^^^^^ gi hver sin" in done.out
    assert done.err == "1 feil.\n"


def test_a_built_in_profile_is_asked_by_its_name(library):
    with simulated(X32({"host": "ch.1"}), {}) as mixer:
        done = library("profile", "check", "behringer-x32", "--at", mixer.at)
    assert (done.status, done.err) == (0, "")
    assert "osc-server X32 4.06" in done.out
    assert re.search(r"ch\.\{1\.\.32\}\.level +32 of 32 +ch\.1\.level −∞ dB, ", done.out)


def test_what_a_controller_has_is_printed_too(library):
    done = library("profile", "check", "nanokontrol2")
    rows = [re.split(r"  +", line) for line in done.out.splitlines()]
    assert ["fader.{1..8}", "a fader"] in rows
    assert ["mute.{1..8}", "a key", "with a lamp"] in rows


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("qlcplus", "There is nothing that qlcplus could be asked.\n"),
        ("obs-studio", "Only a device on OSC can be asked from here.\n"),
    ],
)
def test_a_device_that_cannot_be_asked_is_said(library, name, said):
    done = library("profile", "check", name, "--at", "127.0.0.1")
    assert (done.status, done.err) == (1, said)


def test_all_profiles_are_listed_and_a_librarys_own_wins(library, fjord):
    done = library("profile", "list")
    assert done.status == 0
    names = {line.split()[0] for line in done.out.splitlines()}
    assert {"behringer-xair", "ola", "fjord-8"} <= names
    assert "Fjord 8 owner's manual 1.2" in done.out


def told_of_profiles():
    """Return what the page's table says of each profile: its source, and whether it is read."""
    table = PAGE.partition("### The profiles there are")[2].partition("\n## ")[0]
    for row in table.splitlines():
        if row.startswith("| `"):
            names, _device, source, read, _proof = (cell.strip() for cell in row.split("|")[1:-1])
            yield from ((name, (source, read)) for name in re.findall(r"`([a-z0-9-]+)`", names))


def test_the_page_has_every_profile_its_source_and_whether_it_is_read_back():
    told = dict(told_of_profiles())
    assert set(told) == set(NAMES)
    for name, (source, read) in told.items():
        profile = load_profile(name)
        assert read == ("yes" if any(p.wire.read for p in profile.parameters) else "no"), name
        if "pages" not in source:  # nobody's page in particular
            assert source in profile.source, name
