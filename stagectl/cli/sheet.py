"""The log as a table that Excel opens rightly, and as JSON whose keys stay as they are.

The table is what a Norwegian Excel opens by two clicks: UTF-8 with a mark that says so, semicolons
between, CRLF (docs/why.md). A text that a spreadsheet would take for a formula is quoted.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from stagectl.engine.asrun import AsRun, Row
from stagectl.engine.plain import to_plain
from stagectl.panel import logbook
from stagectl.panel.clean import clean
from stagectl.words.tongue import N_, _

VERSION = 1
"""Of the JSON: it changes if a key ever means something else, and not when one is added."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"
COLUMNS = (
    N_("Date"), N_("Time"), N_("What"), N_("Cue"), N_("Name"), N_("Planned start"),
    N_("Planned length"), N_("Lasted"), N_("Over (s)"), N_("How"), N_("By"),
)  # fmt: skip
_MOMENTS = frozenset(
    {"at", "began", "ended", "since", "until", "planned_at", "planned_start", "now"}
)


def as_csv(run: AsRun) -> str:
    """Return the log as a table: cues and all else, in the order in which it happened."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow([_(column) for column in COLUMNS])
    table.writerows(_lines(run))
    return MARK + out.getvalue()


def as_json(run: AsRun) -> str:
    """Return the log as strict JSON; a moment is a text as ISO 8601 has it, a span is seconds."""
    told = {"version": VERSION, **to_plain(replace(run))}
    return (
        json.dumps(_with_moments(run, told), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def _with_moments(run: AsRun, plain: Any) -> Any:  # noqa: ANN401 -- JSON
    if isinstance(plain, list):
        return [_with_moments(run, item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    return {
        key: logbook.when(run, value).isoformat(timespec="milliseconds")
        if key in _MOMENTS and isinstance(value, float)
        else _with_moments(run, value)
        for key, value in plain.items()
    }


def _lines(run: AsRun) -> Iterator[list[str | int]]:
    """Yield a line for each cue and each other thing; a cue that did not go is where it belongs."""
    others = iter(logbook.entries(run))
    other = next(others, None)
    for row in run.rows:
        while other is not None and row.began is not None and other.at < row.began:
            yield _of_entry(run, other)
            other = next(others, None)
        yield _of_cue(run, row)
    while other is not None:
        yield _of_entry(run, other)
        other = next(others, None)


def _of_cue(run: AsRun, row: Row) -> list[str | int]:
    over: str | int = "" if row.over is None else round(row.over)
    return [
        *_stamp(run, row.began), _("Cue"), safe(row.cue), safe(row.name),
        _time(run, row.planned_at), _span(row.planned), _span(row.lasted), over,
        safe(logbook.how_words(row)), safe(logbook.by_words(row)),
    ]  # fmt: skip


def _of_entry(run: AsRun, entry: logbook.Entry) -> list[str | int]:
    lasted = None if entry.until is None else entry.until - entry.at
    return [
        *_stamp(run, entry.at), safe(entry.kind), "", safe(entry.said), "", "",
        _span(lasted), "", "", safe(entry.by),
    ]  # fmt: skip


def safe(text: str) -> str:
    """Return a text on one line, and so that no spreadsheet works it out."""
    quoted = text.startswith(FORMULA)
    text = clean(text)
    return f"'{text}" if quoted or text.startswith(FORMULA) else text


def _stamp(run: AsRun, epoch: float | None) -> tuple[str, str]:
    if epoch is None:
        return "", ""
    then: datetime = logbook.when(run, epoch)
    return then.strftime("%Y-%m-%d"), then.strftime("%H:%M:%S")


def _time(run: AsRun, epoch: float | None) -> str:
    return "" if epoch is None else logbook.clock(run, epoch)


def _span(seconds: float | None) -> str:
    """Return h:mm:ss, which a spreadsheet can add up."""
    if seconds is None:
        return ""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
