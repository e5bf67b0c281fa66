"""Hold one run's measurements against the limits, each beside what the bare socket did in that run.

    verdict.py RESULTS.jsonl

An absolute limit binds only in a run whose own floor was quiet; in a noisy one the ratios do, and
where a limit has no ratio, nothing is claimed.
"""

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]

QUIET = 0.5  # ms: the floor's own p99 in a run in which milliseconds mean something


class Run:
    """All measurements of one run, by contestant and mode."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Take what the stopwatch wrote, without what it threw away itself."""
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for line in lines:
            row = json.loads(line)
            if "error" not in row and not row.get("discarded"):
                self.rows[row["peer"], row["mode"]].append(row)

    def median(
        self, peer: str, mode: str, of: Callable[[Row], float], n: int | None = None
    ) -> float | None:
        """Return the median over the repeats, or None: not measured."""
        found = [of(row) for row in self.rows[peer, mode] if n is None or row["n"] == n]
        return statistics.median(found) if found else None

    def worst(self, peer: str, mode: str, name: str) -> float | None:
        """Return the worst fade's figure over all repeats, or None: not measured."""
        fades = [f for row in self.rows[peer, mode] for f in row["fades"] if name in f]
        return max((float(fade[name]) for fade in fades), default=None)

    def middle(self, peer: str, mode: str, name: str) -> float | None:
        """Return the median fade's figure over all repeats, or None: not measured."""
        fades = [f for row in self.rows[peer, mode] for f in row["fades"] if name in f]
        return statistics.median(float(f[name]) for f in fades) if fades else None


def first(name: str) -> Callable[[Row], float]:
    """Return what picks a figure of a trigger's first packet."""
    return lambda row: float(row["first_ms"][name])


def last(row: Row) -> float:
    """Return the median time of a trigger's last packet."""
    return float(row["last_ms"]["median"])


def verdicts(run: Run) -> list[tuple[str, str, str, str]]:
    """Return what was measured, the figure, the limit, and PASS, FAIL or why neither."""
    go, floor = "stagectl", "floor-py"
    half = run.median(go, "latency", first("median"))
    tail = run.median(go, "latency", first("p99"))
    base = run.median(floor, "latency", first("median"))
    base_tail = run.median(floor, "latency", first("p99"))
    script = run.median("pyosc-mapped", "latency", first("median"))
    quiet = base_tail is not None and base_tail <= QUIET
    multi, base_multi = run.median("stagectl-16", "multi", last), run.median(floor, "multi", last)
    table = [
        _row("GO, median", half, base and 3 * base, f"3 × floor ({_ms(base)})"),
        _row("GO, median", half, script, "the python-osc script"),
        _row("GO, p99", tail, 1.0, "1 ms", binds=quiet)
        if quiet
        else _row("GO, p99", tail, base_tail and 3 * base_tail, f"3 × floor ({_ms(base_tail)})"),
        _row("16 parameters, last packet", multi, 0.8, f"0.8 ms, floor {_ms(base_multi)}", binds=quiet),
        _row("GO, 16 fades and 2 panels, p99",
             run.median("stagectl-busy", "loaded", first("p99")), 2.0, "2 ms", binds=quiet),
    ]  # fmt: skip
    for peer, many in (("stagectl-fade", "1 fade"), ("stagectl-fade-of-32", "1 of 32 fades")):
        table += [
            _row(f"{many}: off the line", run.middle(peer, "fade", "line_err_max_pct"), 0.2, "0.2 %",
                 binds=quiet, unit="%"),
            _row(f"{many}: ends late by", run.middle(peer, "fade", "end_err_ms"), 3.0, "3 ms", binds=quiet),
            _row(f"{many}: jitter p99", run.middle(peer, "fade", "jitter_p99_ms"), 1.0, "1 ms", binds=quiet),
            _row(f"{many}: last value wrong", _wrong(run, peer), 0.0, "never", unit=""),
        ]  # fmt: skip
    for n, limit in ((100, 0.6), (10_000, 2.0)):
        start = run.median(go, "start", lambda row: float(row["start_s"]), n)
        table.append(
            _row(
                f"start to the first GO answered, {n:,} cues", start, limit, f"{limit} s", unit="s"
            )
        )
    table.append(_row("memory, desk and keeper",
                      run.median(go, "idle", lambda row: float(row["pss_mb"])), 60.0, "60 MB", unit="MB"))  # fmt: skip
    idle = run.median(go, "idle", lambda row: float(row["idle_cpu_pct"]))
    table.append(_row("idle", idle, 1.0, "1 % of a core", unit="%"))
    return table


def _wrong(run: Run, peer: str) -> float | None:
    fades = [f for row in run.rows[peer, "fade"] for f in row["fades"] if "final_exact" in f]
    return sum(not fade["final_exact"] for fade in fades) if fades else None


def _row(
    what: str,
    figure: float | None,
    limit: float | None,
    words: str,
    *,
    binds: bool = True,
    unit: str = "ms",
) -> tuple[str, str, str, str]:
    if figure is None or limit is None:
        return what, "–", words, "not measured"
    verdict = "PASS" if figure <= limit else "FAIL" if binds else "too noisy to say"
    return what, f"{figure:.3g} {unit}".strip(), words, verdict


def _ms(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f} ms"


def main() -> None:
    """Print the table."""
    run = Run(Path(sys.argv[1]).read_text("utf-8").splitlines())
    print("\n| what | measured | limit | |\n|---|---|---|---|")
    for row in verdicts(run):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
