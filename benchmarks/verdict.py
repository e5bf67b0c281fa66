"""Hold one run's measurements against the limits, each beside what the bare socket did in that run.

    verdict.py RESULTS.jsonl

A figure is the median of the repeats, and beside it the least and the most of them. AIM: within
the aim; PASS: within what must be; FAIL. An absolute limit binds only in a run whose own floor was
quiet; in a noisy one the ratios do, and where a limit has no ratio, nothing is claimed.
"""

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Of = Callable[[Row], float | None]

QUIET = 0.5  # ms: the floor's own p99 in a run in which milliseconds mean something
FLOOR, SCRIPT = "floor-py", "pyosc-mapped"
QUICKEST = {"GO": 3.75, "16": 2.7, "burst": 4.4}
"""What the quickest product we could time (Open Stage Control) needs, in floors of its own run."""


class Run:
    """All measurements of one run, by contestant and mode."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Take what the stopwatch wrote, without what it threw away itself."""
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for line in lines:
            row = json.loads(line)
            if "error" not in row and not row.get("discarded"):
                self.rows[row["peer"], row["mode"]].append(row)

    def all(self, peer: str, mode: str, of: Of, n: int | None = None) -> list[float]:
        """Return the figure of each repeat, none where it was not measured."""
        rows = [row for row in self.rows[peer, mode] if n is None or row["n"] == n]
        return [figure for row in rows if (figure := of(row)) is not None]

    def median(self, peer: str, mode: str, of: Of) -> float | None:
        """Return the median over the repeats, or None: not measured."""
        found = self.all(peer, mode, of)
        return statistics.median(found) if found else None

    def fades(self, peer: str, name: str) -> list[float]:
        """Return a figure of every fade in all repeats."""
        fades = [fade for row in self.rows[peer, "fade"] for fade in row["fades"]]
        return [float(fade[name]) for fade in fades if name in fade]


def of(*path: str) -> Of:
    """Return what picks a figure by its place in a measurement."""

    def figure(row: Row) -> float | None:
        found: Any = row
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return None if found is None else float(found)

    return figure


def weight(keeper: bool) -> Of:
    """Return what picks the memory of the desk's process, or of its keeper's."""

    def figure(row: Row) -> float | None:
        desks = [e for e in row.get("each", ()) if ("stagectl.desk" in e["cmd"]) is not keeper]
        return sum(e["pss_mb"] for e in desks) if desks else None

    return figure


@dataclass(frozen=True)
class Limits:
    """What must be and what is aimed at; `noisy` the same for a run in which only ratios count."""

    must: float | None
    aim: float | None = None
    unit: str = "ms"
    beside: str = ""


def row(what: str, figures: list[float], limits: Limits, *, binds: bool = True) -> tuple[str, ...]:
    """Return a line of the table."""
    said = " / ".join(f"{v:.3g}" for v in (limits.must, limits.aim) if v is not None)
    said = f"{said} {limits.unit}{limits.beside}".strip()
    if not figures or (limits.must is None and limits.beside == ""):
        return what, "–", said, "not measured"
    figure = statistics.median(figures)
    told = f"{figure:.3g} [{min(figures):.3g}–{max(figures):.3g}] {limits.unit}".strip()
    if limits.must is None:
        return what, told, limits.beside.strip(), ""
    if limits.aim is not None and figure <= limits.aim:
        return what, told, said, "AIM"
    verdict = "PASS" if figure <= limits.must else "FAIL" if binds else "too noisy to say"
    return what, told, said, verdict


def verdicts(run: Run) -> list[tuple[str, ...]]:
    """Return what was measured, the figure and its spread, the limits, and what that makes."""
    go, big = "stagectl", 10_000
    median, p99, last = of("first_ms", "median"), of("first_ms", "p99"), of("last_ms", "median")
    base, tail = run.median(FLOOR, "latency", median), run.median(FLOOR, "latency", p99)
    base16, burst = run.median(FLOOR, "multi", last), run.median(FLOOR, "burst", of("all_ms"))
    script, script_burst = (
        run.median(SCRIPT, "latency", median),
        run.median(SCRIPT, "burst", of("all_ms")),
    )
    quiet = tail is not None and tail <= QUIET

    def times(factor: float, floor: float | None) -> float | None:
        return None if floor is None else factor * floor

    def against(factor: float, aim: float | None, floor: float | None) -> Limits:
        words = f"{factor:g}" + (f" / {aim:g}" if aim else "")
        beside = f" ({words} × floor)"
        return Limits(times(factor, floor), times(aim, floor) if aim else None, beside=beside)

    table = [
        row("floor: GO, median", run.all(FLOOR, "latency", median), Limits(None, beside=" what is compared with")),
        row("floor: GO, p99", run.all(FLOOR, "latency", p99),
            Limits(None, beside=f" {'quiet: absolute limits bind' if quiet else 'noisy: only ratios bind'}")),
        row("GO, median", run.all(go, "latency", median), against(3, 2, base)),
        row("GO, median", run.all(go, "latency", median), Limits(script, beside=" (the python-osc script)")),
        row("GO, median", run.all(go, "latency", median),
            Limits(times(QUICKEST["GO"], base), beside=" (the quickest product)")),
        row("GO, p99", run.all(go, "latency", p99), Limits(1.0, times(3, tail), beside=" (aim: 3 × floor)"))
        if quiet else row("GO, p99", run.all(go, "latency", p99), against(3, None, tail)),
        row("16 parameters, last packet", run.all("stagectl-16", "multi", last), Limits(0.8, 0.5), binds=quiet),
        row("16 parameters, last packet", run.all("stagectl-16", "multi", last),
            Limits(times(QUICKEST["16"], base16), beside=" (the quickest product)")),
        row("burst of 100 GOs, last packet", run.all(go, "burst", of("all_ms")),
            Limits(script_burst, beside=" (the python-osc script)")),
        row("burst of 100 GOs, last packet", run.all(go, "burst", of("all_ms")),
            Limits(times(QUICKEST["burst"], burst), beside=" (the quickest product)")),
        row("burst: answers lost", run.all(go, "burst", lambda r: r["sent"] - r["got"]), Limits(0.0, unit="")),
        row("GO, 16 fades and 2 busy panels, p99", run.all("stagectl-busy", "loaded", p99), Limits(2.0, 1.0), binds=quiet),
        row("key press in a panel → first packet, p95",
            run.all("stagectl-panel", "panel", of("key_ms", "p95"), big), Limits(30.0, 15.0), binds=quiet),
    ]  # fmt: skip
    for peer, many in (("stagectl-fade", "1 fade"), ("stagectl-fade-of-32", "1 of 32 fades")):
        table += [
            row(f"{many}: off the line", run.fades(peer, "line_err_max_pct"), Limits(0.2, 0.05, "%"), binds=quiet),
            row(f"{many}: ends late by", run.fades(peer, "end_err_ms"), Limits(3.0, 1.0), binds=quiet),
            row(f"{many}: jitter p99", run.fades(peer, "jitter_p99_ms"), Limits(1.0, 0.4), binds=quiet),
            row(f"{many}: last value wrong", [1.0 - f for f in run.fades(peer, "final_exact")], Limits(0.0, unit="")),
        ]  # fmt: skip
    start = of("start_s")
    table += [
        row("start to the first GO answered, 100 cues", run.all(go, "start", start, 100), Limits(0.6, 0.3, "s")),
        row("start to the first GO answered, 10,000 cues", run.all(go, "start", start, big), Limits(2.0, 0.7, "s")),
        row("… read for the first time, 100 cues", run.all("stagectl-anew", "start", start, 100), Limits(0.6, 0.3, "s")),
        row("… read for the first time, 10,000 cues", run.all("stagectl-anew", "start", start, big), Limits(2.0, 0.7, "s")),
        row("jump from cue 1 to 9,999, last of 17 packets", run.all("stagectl-jump", "jump", last), Limits(10.0, 3.0), binds=quiet),
        row("… the first jump after the start", run.all("stagectl-jump", "jump", of("once_ms")), Limits(10.0, 3.0), binds=quiet),
    ]  # fmt: skip
    for columns, many in ((117, 9), (200, 16)):
        shown, rest = f"meters_{columns}", f"rest_{columns}"
        base = run.median("stagectl-meters", "meters", of(rest, "first_ms", "median"))
        figures = partial(run.all, "stagectl-meters", "meters")
        table += [
            row(f"panel with {many} meters, ten times a second", figures(of(shown, "panel_cpu_pct")), Limits(12.0, 6.0, "%")),
            row("… the same panel at rest", figures(of(rest, "panel_cpu_pct")), Limits(None, unit="%", beside=" what is compared with")),
            row("… the desk behind it", figures(of(shown, "desk_cpu_pct")), Limits(3.0, 1.5, "%")),
            row("… the desk at rest", figures(of(rest, "desk_cpu_pct")), Limits(None, unit="%", beside=" what is compared with")),
            row("… GO meanwhile, median", figures(of(shown, "first_ms", "median")),
                Limits(times(1.5, base), times(1.2, base), beside=" (1.5 / 1.2 × without meters)")),
        ]  # fmt: skip
    for n in (100, big):
        table += [
            row(f"memory of the desk, {n:,} cues", run.all(go, "idle", weight(keeper=False), n), Limits(60.0, 40.0, "MB")),
            row(f"memory of its keeper, {n:,} cues", run.all(go, "idle", weight(keeper=True), n),
                Limits(None, unit="MB", beside=" no limit of its own")),
            row(f"memory of a panel, {n:,} cues", run.all("stagectl-panel", "panel", of("panel_pss_mb"), n), Limits(90.0, 65.0, "MB")),
            row(f"idle desk and keeper, {n:,} cues", run.all(go, "idle", of("idle_cpu_pct"), n), Limits(1.0, 0.3, "%")),
            row(f"idle panel, {n:,} cues", run.all("stagectl-panel", "panel", of("panel_idle_cpu_pct"), n), Limits(6.0, 3.0, "%")),
        ]  # fmt: skip
    return table


def main() -> None:
    """Print the table."""
    run = Run(Path(sys.argv[1]).read_text("utf-8").splitlines())
    print("\n| what | median [least–most] | must / aim | |\n|---|---|---|---|")
    for line in verdicts(run):
        print(f"| {' | '.join(line)} |")


if __name__ == "__main__":
    main()
