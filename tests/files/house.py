"""A small room to make mistakes in: its own profiles, so that no built-in one can change a test."""

from pathlib import Path

from stagectl.core.check import Checked, Problem
from stagectl.files.load import read_show

PROFILES = {
    "desk": """\
driver: osc
port: 10023
keepalive: {say: /xremote, every: 8 s}
restart: {power_on: {"ch.{1..32}.level": -inf dB}}
parameters:
  ch.{1..32}.level: {unit: dB, address: "/ch/{:02}/mix/fader", type: f, read: true, steps: 1023,
                     rest: -inf dB,
                     curve: [[-90, 0], [-60, 0.0625], [-30, 0.25], [-10, 0.5], [10, 1]]}
  ch.{1..32}.on: {switch: true, main: true, address: "/ch/{:02}/mix/on", type: i, rest: off}
  ch.{1..32}.name: {text: true, address: "/ch/{:02}/config/name", type: s, rest: ""}
  mode: {choices: [soft, hard], address: /mode, type: s, rest: soft}
  speed: {address: /speed, type: i}
verbs:
  recall: {address: /-action/goscene, type: i}
""",
    "light": """\
driver: osc
port: 7700
parameters:
  level.{1..512}: {unit: "%", address: "/level/{}", type: f, steps: 255, rest: 0 %,
                   curve: [[0, 0], [100, 1]]}
""",
    "picture": """\
driver: obs
port: 4455
parameters:
  program: {word: true, type: program, read: true}
  master.on: {switch: true, type: master, rest: on}
  "{scene}/{item}.on": {switch: true, main: true, type: item, address: "{}\\n{}", rest: off}
  "{input}.on": {switch: true, main: true, type: mute, address: "{}", rest: on}
  "{input}.text": {text: true, type: text, address: "{}", rest: ""}
verbs:
  record: {choices: [start, stop], latch: restore}
  play: {argument: text}
""",
}

VENUE = """\
venue: Prøvesalen
devices:
  obs: {profile: picture, at: "127.0.0.1", password: secret:obs, names: {talk: "Dr. Dahl / sal 1"}}
  mixer: {profile: desk, at: 192.168.10.20, names: {host: ch.1, guest: ch.2}}
  lights: {profile: light, at: "192.168.10.30", names: {stage: level.1, house: level.2}}
base:
  obs.program: Venteskjerm
  mixer: {host.level: -5 dB}
  lights: {house: 80 %}
scenes:
  holding:
    label: Straks tilbake
    set: {obs.program: Venteskjerm, mixer.host: off}
  conversation:
    set: {obs.program: Samtale, mixer: {host: on, guest: on}, lights.stage: 90 %}
  cover: {set: {obs.program: Venteskjerm, obs.master.on: off}}
safe: holding
cover: cover
"""

SHOW = """\
show: Prøve
date: 2026-11-28
venue: sal
people:
  guest: {name: Kari Ødegård, role: Forfatter}
cues:
"""

Found = tuple[str, int, int, int]


def found(problem: Problem) -> Found:
    """Return a problem as (code, line, column, width)."""
    return problem.code, problem.place.line, problem.place.column, problem.place.width


class House:
    """A library's folder; `show` and `venue` write a file and read the show."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "cues").mkdir()
        (root / "scenes" / "profiles").mkdir(parents=True)
        for name, text in PROFILES.items():
            self.write(f"scenes/profiles/{name}.yaml", text)
        self.write("scenes/sal.yaml", VENUE)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(self, text: str | bytes) -> Checked:
        return read_show(self.write("cues/kveld.yaml", text), cached=False)

    def cues(self, cues: str, head: str = SHOW) -> Checked:
        return self.read(head + cues)

    def venue(self, text: str, cues: str = "  - {cue: 1, scene: holding}\n") -> Checked:
        self.write("scenes/sal.yaml", text)
        return self.cues(cues)


HEAD = SHOW.count("\n")
"""Lines before the first cue."""
