"""Write a show of N cues, and a venue with one OSC device, for the stopwatch.

    gen.py N OUT_PORT FOLDER [wide | plain | metered]

Cues 1 … N put one parameter each; `wide`: one of sixteen more, in turn, so that a jump over many
cues moves all of them; `metered`: besides, a mixer with ten microphones at the port after the
device's, and an OBS with six at the one after that. Unless `plain`, behind them: 400 cues that put 16 parameters each, to be walked
through by GO, and cues that fade 1, 16 or 32 faders in 2 s (or 60), and put them back.
"""

import shutil
import sys
from pathlib import Path

SIXTEENS = 100_001  # the number of the first cue of 16 parameters; 400 of them follow each other
BACK, FADE, LONG = 200_000, 300_000, 400_000  # + how many faders

VENUE = """\
venue: Bench
devices:
  out:
    profile: generic-osc
    at: 127.0.0.1:{port}
    names: {{cue: cue, {names}}}
base:
  out: {{cue.value: 0, {base}}}
"""


MIXER = """\
  mixer:
    profile: behringer-x32
    at: 127.0.0.1:{port}
    names: {{{names}}}
  obs: {{profile: obs-studio, at: "127.0.0.1:{obs}"}}
"""
INPUTS = [f"Mikrofon {n}" for n in range(1, 7)]
PEOPLE = [
    "host",
    "guest",
    *(f"guest {n}" for n in range(2, 7)),
    "interpreter",
    "audience",
    "playback",
]
MICROPHONES = {name: f"ch.{n}" for n, name in enumerate(PEOPLE, 1)}


def main(cues: int, port: int, folder: Path, *, wide: bool, plain: bool, metered: bool) -> None:
    """Replace the folder's show, venue and whatever a desk kept of an earlier run."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "cues").mkdir(parents=True)
    (folder / "scenes").mkdir()
    faders = [f"f{k}" for k in range(32)]
    others = [f"m{k}" for k in range(16)]
    names = ", ".join([f"{name}: {name[0]}/{name[1:]}" for name in (*faders, *others)])
    base = ", ".join([f"{name}.value: 0" for name in (*faders, *others)])
    venue = VENUE.format(port=port, names=names, base=base)
    if metered:
        named = ", ".join([f"{name}: {stem}" for name, stem in MICROPHONES.items()])
        more = MIXER.format(port=port + 1, obs=port + 2, names=named)
        venue = venue.replace("base:", more + "base:")
        venue += (
            "  obs: {program: Samtale, "
            + ", ".join([f"{name}.on: on, {name}.level: 0 dB" for name in INPUTS])
            + "}\n"
        )
    (folder / "scenes" / "bench.yaml").write_text(venue, encoding="utf-8")
    lines = ["show: Bench", "date: 2026-01-01", "venue: bench", "cues:"]
    lines += [
        f"  - {{cue: {n}, set: {{out.cue.value: {n}{_one_more(n) if wide else ''}}}}}"
        for n in range(1, cues + 1)
    ]
    if not plain:
        lines += _more(faders, others)
    (folder / "cues" / "bench.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _more(faders: list[str], others: list[str]) -> list[str]:
    """Return the cues that only some modes fire."""
    walk = range(SIXTEENS, SIXTEENS + 400)
    lines = [f"  - {{cue: {n}, set: {{{_all(others, n % 1000 + 1)}}}}}" for n in walk]
    for many in (1, 16, 32):
        some = faders[:many]
        lines.append(f"  - {{cue: {BACK + many}, set: {{{_all(some, 0)}}}}}")
        lines.append(f"  - {{cue: {FADE + many}, set: {{{_all(some, 1)}}}, fade: 2 s}}")
        lines.append(f"  - {{cue: {LONG + many}, set: {{{_all(some, 1)}}}, fade: 60 s}}")
    return lines


def _one_more(n: int) -> str:
    return f", out.m{n % 16}.value: {n % 1000 + 1}"


def _all(names: list[str], value: int) -> str:
    return ", ".join([f"out.{name}.value: {value}" for name in names])


if __name__ == "__main__":
    words = sys.argv[4:]
    main(
        int(sys.argv[1]),
        int(sys.argv[2]),
        Path(sys.argv[3]),
        wide="wide" in words,
        plain="plain" in words,
        metered="metered" in words,
    )
