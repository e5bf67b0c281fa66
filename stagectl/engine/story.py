"""Folds a journal's events into the log of the run: nothing here knows a file or a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stagectl.engine import event as e
from stagectl.engine.asrun import (
    Absence,
    AsRun,
    Deed,
    Hand,
    How,
    Interval,
    Moment,
    Output,
    Plan,
    PlannedCue,
    Row,
    Totals,
)

if TYPE_CHECKING:
    from stagectl.engine.event import Event

TOGETHER = 3.0  # seconds: moves of one parameter by one hand that follow so close are one
_BY_ITSELF: Mapping[str, How] = {"follow": "follow", "clock": "clock"}


def as_run(
    events: "Iterable[Event]",
    plans: Mapping[str, Plan],
    digest: str = "",
    *,
    epoch: float = 0.0,
    now: float | None = None,
    damaged: int = 0,
) -> AsRun:
    """Return the log. `plans` are by the files' digest, `digest` is the one that ran first.

    `epoch` is what to add to an event's time to have it since the epoch; `now` is since the epoch,
    None where nobody will ever know how the run went on: a journal that breaks off.
    """
    story = _Story(plans, plans.get(digest, Plan()))
    for event in events:
        story.hear(event, event.at + epoch, epoch)
    return story.told(now, damaged)


@dataclass(slots=True)
class _Story:
    plans: Mapping[str, Plan]
    plan: Plan
    index: dict[str, int] = field(default_factory=dict)
    starts: list[float | None] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """A cue's number → who skipped it."""
    outputs: list[Output] = field(default_factory=list)
    cut_off: set[tuple[str, str]] = field(default_factory=set)
    """Those whose device was lost, and that may have gone on meanwhile."""
    latched: dict[tuple[str, str], float] = field(default_factory=dict)
    intervals: list[Interval] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    held: dict[str, tuple[int, float]] = field(default_factory=dict)
    """A parameter → which of `hands` it is, and when it was last moved."""
    deeds: dict[int, Deed] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    ended: float | None = None
    last: float | None = None

    def __post_init__(self) -> None:
        self._follow(self.plan)

    def _follow(self, plan: Plan) -> None:
        self.plan = plan
        self.index = {cue.number: n for n, cue in enumerate(plan.cues)}
        self.starts = _starts(plan)

    def hear(self, event: "Event", at: float, epoch: float) -> None:
        self.last = at
        by = event.by
        match event:
            case e.Fired(cue=cue):
                self._on_stage(cue, at, _BY_ITSELF.get(by, "go"), by)
            case e.WentBack(cue=cue):
                self._went_back(cue, at, by)
            case e.Skipped(cue=cue):
                self.skipped[cue] = by
            case e.Unskipped(cue=cue):
                self.skipped.pop(cue, None)
            case e.Held(parameter=parameter):
                self._held(event, at)
            case e.Freed(parameter=parameter):
                if (held := self.held.pop(parameter, None)) is not None:
                    self.hands[held[0]] = replace(self.hands[held[0]], until=at)
            case e.Did() | e.Missed():
                self._did(event, at)
            case e.Done(do=do):
                if do in self.deeds:
                    self.deeds[do] = replace(self.deeds[do], outcome="done")
            case e.Latched() | e.Wrote():
                self._output(event, at)
            case e.DeviceLost(device=device, why=why):
                self._lost(device, why, at)
            case e.DeviceLinked(device=device, restarted=restarted):
                self._linked(device, at, restarted=restarted)
            case e.Stopped():
                self._laid("safe", at, at, by)
            case e.Covered(since=since):
                self._laid("cover", since + epoch, at, by)
            case e.Released(overlay=overlay):
                self._released(overlay, at, by)
            case e.Reloaded(digest=digest, undo=undo):
                if digest in self.plans:
                    self._follow(self.plans[digest])
                self.moments.append(Moment(at, "reloaded", by, text="undo" if undo else ""))
            case e.Ended():
                self.ended = at
                self._leave(at)
                self._break_off()
            case _:
                if (moment := _moment(event, at)) is not None:
                    self.moments.append(moment)

    # ---- the cues

    def _on_stage(self, number: str, at: float, how: How, by: str) -> None:
        self._leave(at)
        n = self.index.get(number)
        cue = self.plan.cues[n] if n is not None else PlannedCue(number)
        planned_at = self.starts[n] if n is not None else None
        row = Row(number, cue.name, "on_stage", planned_at, cue.length, at, how=how, by=by)
        self.rows.append(row)

    def _leave(self, at: float) -> None:
        if self.rows and self.rows[-1].state == "on_stage":
            self.rows[-1] = replace(_lasting(self.rows[-1], at), state="gone")

    def _went_back(self, left: str, at: float, by: str) -> None:
        n = self.index.get(left, 0) - 1
        while n >= 0 and self.plan.cues[n].number in self.skipped:
            n -= 1
        if n >= 0:
            self._on_stage(self.plan.cues[n].number, at, "back", by)
        else:
            self._leave(at)

    # ---- hands, Dos

    def _held(self, event: e.Held, at: float) -> None:
        n, last = self.held.get(event.parameter, (0, float("-inf")))
        if at - last <= TOGETHER and self.hands[n].by == event.by:
            self.hands[n] = replace(self.hands[n], value=event.value)
        else:
            n = len(self.hands)
            unit = self.plan.units.get(event.parameter, "")
            self.hands.append(Hand(at, event.parameter, event.value, event.by, unit))
        self.held[event.parameter] = n, at

    def _did(self, event: e.Did | e.Missed, at: float) -> None:
        before = self.deeds.get(event.do)
        if before is None:
            before = Deed(at, event.device, event.verb, event.argument, event.cue, event.by)
        if isinstance(event, e.Missed):
            before = replace(before, outcome="missed", why=event.why)
        self.deeds[event.do] = before

    # ---- what goes out

    def _newest(self, device: str, verb: str) -> int | None:
        found = (n for n in range(len(self.outputs) - 1, -1, -1))
        mine = (n for n in found if self.outputs[n].device == device)
        return next((n for n in mine if self.outputs[n].verb == verb), None)

    def _output(self, event: e.Latched | e.Wrote, at: float) -> None:
        n = self._newest(event.device, event.verb)
        before = self.outputs[n] if n is not None else None
        match event:
            case e.Wrote():
                if n is not None and before is not None:
                    self._wrote(n, before, event)
            case e.Latched(on=True):
                key = event.device, event.verb
                self.latched[key] = at
                if n is None or before is None or (before.ending and key not in self.cut_off):
                    self.outputs.append(Output(*key, at))
                elif before.ending:  # only the link was lost
                    self.outputs[n] = replace(before, ended=None, ending="")
                self.cut_off.discard(key)
            case e.Latched():
                if n is not None and before is not None and not before.ending:
                    self.outputs[n] = replace(before, ended=at, ending="stopped")

    def _wrote(self, n: int, before: Output, said: e.Wrote) -> None:
        if before.path and said.path and said.path != before.path:
            # another file: it was not the same recording that went on after all
            began = self.latched.get((said.device, said.verb), before.began)
            self.outputs[n] = replace(before, ended=before.ended or began, ending="unknown")
            self.outputs.append(replace(before, began=began, path="", bytes=0.0, seconds=0.0))
            n, before = len(self.outputs) - 1, self.outputs[-1]
        self.outputs[n] = replace(
            before,
            path=said.path or before.path,
            bytes=said.bytes or before.bytes,
            seconds=said.seconds or before.seconds,
        )

    def _lost(self, device: str, why: str, at: float) -> None:
        self.absences.append(Absence(device, at, why))
        for n, output in enumerate(self.outputs):
            if output.device == device and not output.ending:
                self.outputs[n] = replace(output, ended=at, ending="lost")
                self.cut_off.add((device, output.verb))

    def _linked(self, device: str, at: float, *, restarted: bool) -> None:
        for n, away in enumerate(self.absences):
            if away.device == device and away.until is None:
                self.absences[n] = replace(away, until=at, restarted=restarted)
        if restarted:
            self.cut_off = {key for key in self.cut_off if key[0] != device}

    def _break_off(self) -> None:
        """Nothing is known of a recording after the last line."""
        for n, output in enumerate(self.outputs):
            if not output.ending:
                self.outputs[n] = replace(output, ending="unknown")

    # ---- overlays

    def _laid(self, overlay: str, since: float, at: float, by: str) -> None:
        n = self._open(overlay)
        if n is not None:  # pressed again; a cover can be dated back further
            self.intervals[n] = replace(
                self.intervals[n], since=min(since, self.intervals[n].since)
            )
        else:
            self.intervals.append(Interval(overlay, since, at, by=by))

    def _released(self, overlay: str, at: float, by: str) -> None:
        if (n := self._open(overlay)) is not None:
            self.intervals[n] = replace(self.intervals[n], until=at, released_by=by)

    def _open(self, overlay: str) -> int | None:
        found = enumerate(self.intervals)
        return next((n for n, i in found if i.overlay == overlay and i.until is None), None)

    # ---- the end

    def told(self, now: float | None, damaged: int) -> AsRun:
        until = self.ended or now or self.last
        if now is None and self.ended is None:
            self._break_off()
        rows = list(self.rows)
        if rows and rows[-1].state == "on_stage" and until is not None:
            rows[-1] = _lasting(rows[-1], until)
        began = rows[0].began if rows else None
        planned = [row for row in rows if row.planned is not None and row.lasted is not None]
        once = {row.cue: row.planned or 0.0 for row in planned}
        lasted = sum(row.lasted or 0.0 for row in planned)
        start = next((s for s in _starts(self.plan) if s is not None), self.plan.start)
        totals = Totals(
            planned=sum(once.values()),
            lasted=lasted,
            over=lasted - sum(once.values()),
            late=None if began is None or start is None else began - start,
            took=None if began is None or until is None else until - began,
        )
        return AsRun(
            show=self.plan.show, venue=self.plan.venue, date=self.plan.date,
            timezone=self.plan.timezone, planned_start=start, began=began, ended=self.ended,
            now=now, damaged=damaged, totals=totals, rows=self._with_those_not_gone(rows),
            outputs=tuple(self.outputs), intervals=tuple(self.intervals),
            hands=tuple(self.hands), deeds=tuple(self.deeds.values()),
            absences=tuple(self.absences), moments=tuple(self.moments),
        )  # fmt: skip

    def _with_those_not_gone(self, gone: list[Row]) -> tuple[Row, ...]:
        """Put each cue that did not go behind the one before it in the running order."""
        last = {row.cue: n for n, row in enumerate(gone)}
        behind: dict[int, list[Row]] = {}
        at = -1
        for n, cue in enumerate(self.plan.cues):
            if cue.number in last:
                at = last[cue.number]
                continue
            skipped = cue.number in self.skipped
            behind.setdefault(at, []).append(
                Row(
                    cue.number, cue.name, "skipped" if skipped else "not_gone",
                    self.starts[n], cue.length, by=self.skipped.get(cue.number, ""),
                )
            )  # fmt: skip
        rows = [*behind.get(-1, ())]
        for n, row in enumerate(gone):
            rows += [row, *behind.get(n, ())]
        return tuple(rows)


def _lasting(row: Row, until: float) -> Row:
    lasted = max(0.0, until - (row.began or until))
    return replace(row, lasted=lasted, over=None if row.planned is None else lasted - row.planned)


def _starts(plan: Plan) -> list[float | None]:
    """Return when each cue should begin: the lengths before it summed up, a time of day anew."""
    at, starts = plan.start, list[float | None]()
    for cue in plan.cues:
        at = cue.at if cue.at is not None else at
        starts.append(at)
        at = None if at is None else at + (cue.length or 0.0)
    return starts


def _moment(event: "Event", at: float) -> Moment | None:
    """Return what is told in one line; None: it is no news, or told elsewhere."""
    by = event.by
    match event:
        case e.Postponed(seconds=seconds):
            return Moment(at, "postponed", by, seconds=seconds)
        case e.Overdue(cue=cue, why=why):
            return Moment(at, "overdue", by, cue, why)
        case e.Named(role=role, name=name, title=title):
            return Moment(at, "named", by, role, ", ".join(part for part in (name, title) if part))
        case e.TookOver():
            return Moment(at, "took_over", by)
        case e.Resumed():
            return Moment(at, "restarted")
        case e.Slept(seconds=seconds):
            return Moment(at, "slept", seconds=seconds)
        case e.Asserted():
            return Moment(at, "asserted", by)
        case e.Noted(text=text):
            return Moment(at, "noted", by, text=text)
        case e.Messaged(text=text):
            return Moment(at, "messaged", by, text=text)
        case _:
            return None
