"""The log of a run in lines of the screen; a line is worked out when it is looked at."""

from collections.abc import Callable
from functools import partial

from stagectl.engine.asrun import AsRun, Row
from stagectl.panel import logbook
from stagectl.panel.clean import clean
from stagectl.panel.clocks import hms
from stagectl.panel.ink import EMPTY, Line, cut, line, spread, width, wrap
from stagectl.words.tongue import _

Drawable = Line | Callable[[], Line]
"""A line, or what makes it: ten thousand cues are not drawn for the twenty that are seen."""

BROAD = 100  # columns from which on a row says how its cue went, and by whom
NAME_LEAST = 12
OVER = 18  # columns of over and under
HOW = 26

_AGAINST = {"none": "dim", "on_plan": "dim", "over": "amber", "under": "green"}
_STATES = {"gone": "text", "on_stage": "strong", "skipped": "skipped", "not_gone": "dim"}
_ENDINGS = {"stopped": ("✓ ", "green"), "": ("● ", "red")}


def lines(run: AsRun, columns: int) -> list[Drawable]:
    """Return the whole log: what was recorded, the cues against the plan, all else."""
    space = columns - 2
    first, *more = logbook.summary(run)
    head: list[Drawable] = [line((first, "strong")), *map(line, more)]
    return [*head, EMPTY, *_out(run, space), *_cues(run, space), EMPTY, *_happened(run, space)]


def tail(path: str, cells: int) -> str:
    """Return a path, of a long one its end: the file's own name counts."""
    while width(line(path)) > cells > 1:
        path = "…" + path[2:]
    return path


def _out(run: AsRun, space: int) -> list[Drawable]:
    """What was recorded and streamed: where it lies, and how much of it there is."""
    if not run.outputs:
        return [line((_("Nothing was recorded or streamed."), "dim")), EMPTY]
    out: list[Drawable] = []
    for output in run.outputs:
        mark = _ENDINGS.get(output.ending, ("! ", "amber"))
        facts = " · ".join(logbook.output_facts(run, output))
        out.append(line(mark, (logbook.output_name(output), "strong"), f"  {facts}"))
        if output.path:
            out.append(line(("  " + tail(clean(output.path), space - 2), "dim")))
    return [*out, EMPTY]


def _cues(run: AsRun, space: int) -> list[Drawable]:
    title = line((_("The cues, against the plan"), "dim"))
    return [title, *(partial(_cue, run, row, space) for row in run.rows)]


def _cue(run: AsRun, row: Row, space: int) -> Line:
    """When it went, what it is, how long, over or under in sign, word and colour."""
    gone = row.state in ("gone", "on_stage")
    over = logbook.over_words(row.over) if gone else logbook.how_words(row)
    spans = hms(row.lasted) if row.lasted is not None else ""
    if row.planned is not None:
        planned = hms(row.planned)
        spans = f"{spans} / {planned}" if spans else _("planned {time}").format(time=planned)
    right = [
        (f"{spans:>17}  ", "text"),
        (f"{cut(over, OVER):<{OVER}}", _AGAINST[logbook.against(row.over)]),
    ]
    if space >= BROAD:
        how = [logbook.how_words(row) if gone else "", logbook.by_words(row)]
        said = " · ".join(part for part in how if part)
        right.append((f"  {cut(said, HOW):<{HOW}}", "dim"))
    end = line(*right)
    when, number = logbook.clock(run, row.began), cut(clean(row.cue), 6)
    start = line((f"{when:<8}  {number:<6} ", "dim"))
    room = max(NAME_LEAST, space - width(end) - width(start) - 2)
    named = line(*start, (cut(clean(row.name), room), _STATES[row.state]))
    return spread(named, end, space)


def _happened(run: AsRun, space: int) -> list[Drawable]:
    """Notes first, then all else, each in its order."""
    shown = {_("Note"), *map(logbook.output_name, run.outputs)}  # what stands above already
    others = [entry for entry in logbook.entries(run) if entry.kind not in shown]
    found: list[Drawable] = []
    if run.notes:
        found.append(line((_("Notes"), "dim")))
        for note in run.notes:
            first, *more = wrap(clean(note.text), space - 12, 6) or [""]
            mark = line((f"{logbook.clock(run, note.at):<8}  ", "dim"), "✎ ")
            found.append(line(*mark, (first, "strong")))
            found += [line((" " * 12 + part, "strong")) for part in more]
        found.append(EMPTY)
    if others:
        found.append(line((_("What else happened"), "dim")))
    return [*found, *(partial(_entry, run, entry, space) for entry in others)]


def _entry(run: AsRun, entry: logbook.Entry, space: int) -> Line:
    by = line((f"  {entry.by}", "dim")) if entry.by else EMPTY
    said = line((f"{logbook.clock(run, entry.at):<8}  ", "dim"), entry.kind)
    said += line((f"  {entry.said}" if entry.said else "", "dim"))
    return spread(said, by, space) if width(said) + width(by) > space else line(*said, *by)
