"""Draws the snapshot: nothing here decides, and nothing here is on the way of a GO."""

from collections.abc import Iterable, Iterator

from stagectl.core.diff import Command
from stagectl.core.group import ways
from stagectl.core.model import Do, Parameter, Value
from stagectl.engine.run import Run
from stagectl.engine.snapshot import (
    AlarmRow,
    Change,
    DeviceRow,
    GoneRow,
    HeldRow,
    LatchRow,
    MissedRow,
    PartRow,
    Phase,
    RefusalRow,
    Snapshot,
    Standing,
)

SLOW = 2.0  # seconds after which an unconfirmed value is worth an alarm
SHARED = ("disk.mb", "render.skipped")
"""Facts of a device that its recording and its stream share."""
NEVER = frozenset({"no_driver"})  # nothing that happens tonight brings such a device back
SHOWN = 30.0  # seconds a passing thing (a refusal, a sleep) stays in the picture


def told_in_order(alarms: Iterable[AlarmRow]) -> tuple[AlarmRow, ...]:
    """Return them with those last that would hide, all evening, what can be cured."""
    return tuple(sorted(alarms, key=lambda row: row.code == "lost" and row.detail in NEVER))


class Picture:
    """Looks at one run. Remembers only what the next cue would want."""

    def __init__(self, run: Run) -> None:
        """Look at this run."""
        self._run = run
        self._seen = -1
        self._ahead: dict[Parameter, Value] = {}

    def at(self, now: float) -> Snapshot:
        """Return the picture at `now`."""
        run = self._run
        place, stage = run.place, run.stage
        live = stage.live
        return Snapshot(
            phase=self._phase(),
            onstage=place.onstage_number,
            standby=place.number,
            elapsed=None if run.fired_at is None else now - run.fired_at,
            running=None if run.began is None else now - run.began,
            in_chapter=None if run.chapter_at is None else now - run.chapter_at,
            follow_in=None if run.follow_at is None else max(0.0, run.follow_at - now),
            parts=self._parts(now),
            gone=tuple(GoneRow(cue, now - at) for cue, at in run.gone),
            skipped=tuple(c.number for c in place.cues if c.number in place.skipped)
            if place.skipped
            else (),
            postponed=run.postponed,
            overlay=run.overlay,
            covered_for=None if run.covered_since is None else now - run.covered_since,
            next=self._changes(self._next_wanted().items()),
            next_dos=tuple(_said(do) for do in place.next.dos) if place.next else (),
            restore=() if live and not stage.wanted.hands else self._restore(),
            held=tuple(self._held(now)),
            devices=tuple(self._devices()),
            values={p: (stage.belief.values.get(p), self._standing(p)) for p in run.book.wires},
            latches=tuple(self._latches()),
            missed=tuple(
                MissedRow(m.do, m.device, m.verb, m.argument, m.cue, m.why)
                for m in run.dos.missed.values()
            ),
            overdue=tuple(run.overdue),
            alarms=tuple(self._alarms(now)),
            refusal=self._refusal(now),
            people=stage.wanted.people,
            operator=run.operator,
            operator_for=None if run.operator_since is None else now - run.operator_since,
            message=run.message,
            lacking=run.lacking.of(run.facts, stage.linked_devices),
        )

    def next_commands(self) -> tuple[Command, ...]:
        """Return what the standby cue says at once."""
        cue = self._run.place.next
        if cue is None:
            return ()
        stage, wanted, moves = self._run.stage, self._run.stage.wanted, ways(cue)
        at_once = []
        for p, value in self._next_wanted().items():
            wait, fade, to = moves[p][0] if p in moves else (cue.wait, cue.fade, value)
            if wait == 0 and (fade == 0 or wanted.wires[p].kind != "number"):
                at_once.append((p, wanted.spelled(p, to)))
        return tuple(
            Command(c.parameter, c.value, f"cue {cue.number}")
            for c in stage.differences(at_once)
            if c.device in stage.linked_devices
        )

    def _phase(self) -> Phase:
        run = self._run
        if run.ended:
            return "ended"
        if run.stage.live:
            return "live"
        return "holding" if run.began is not None else "ready"

    def _next_wanted(self) -> dict[Parameter, Value]:
        run = self._run
        if self._seen != run.stage.version:
            self._seen = run.stage.version
            index, cue = run.place.standby, run.place.next
            self._ahead = {}
            if cue is not None:
                step = run.stage.live and run.is_step(index)
                self._ahead = run.stage.wanted.ahead(index, run.place.skipped, cue.sets, step=step)
        return self._ahead

    def _changes(self, wanted: Iterable[tuple[Parameter, Value]]) -> tuple[Change, ...]:
        stage = self._run.stage
        believed = stage.belief.values
        return tuple(
            Change(c.parameter, believed.get(c.parameter), c.value)
            for c in stage.differences(wanted)
        )

    def _restore(self) -> tuple[Change, ...]:
        """What Assert would change: everything back to the look of now."""
        wanted = self._run.stage.wanted
        return self._changes(
            (p, wanted.spelled(p, s[0]))
            for p, s in wanted.target.items()
            if p in wanted.wires and not wanted.overlaid(p)
        )

    def _parts(self, now: float) -> tuple[PartRow, ...]:
        """What of the group on stage is still to come."""
        run, at = self._run, self._run.parts_at
        if at is None or run.place.onstage < 0:
            return ()
        times = enumerate(
            (at + part.wait - now, at + part.wait + part.fade - now)
            for part in run.place.cues[run.place.onstage].group
        )
        return tuple(PartRow(n, max(0.0, start), end) for n, (start, end) in times if end > 0)

    def _held(self, now: float) -> list[HeldRow]:
        wanted = self._run.stage.wanted
        return [
            HeldRow(
                p,
                hand.value,
                wanted.spelled(p, wanted.target[p][0]) if p in wanted.target else hand.value,
                hand.by,
                now - hand.at,
                hand.kept,
                self._certainty(p),
            )
            for p, hand in wanted.hands.items()
        ]

    def _devices(self) -> list[DeviceRow]:
        stage = self._run.stage
        waiting: dict[str, int] = {}
        for p in stage.belief.unconfirmed:
            device = p.partition(".")[0]
            waiting[device] = waiting.get(device, 0) + 1
        return [
            DeviceRow(
                name,
                "lost" if name in stage.away
                else "linked" if name in stage.linked_devices
                else "connecting",
                stage.away.get(name, ""),
                waiting.get(name, 0),
                any(stage.wanted.wires[p].read for p in stage.wanted.by_device.get(name, ())),
                self._run.identities.get(name, ""),
            )
            for name in self._run.book.venue.devices
        ]  # fmt: skip

    def _standing(self, p: Parameter) -> Standing:
        return "held" if p in self._run.stage.wanted.hands else self._certainty(p)

    def _certainty(self, p: Parameter) -> Standing:
        stage = self._run.stage
        if p in stage.failing.refusals:
            return "failed"
        if p.partition(".")[0] not in stage.linked_devices:
            return "lost"
        if p in stage.motion.fades:
            return "moving"
        if p not in stage.belief.values:
            return "unknown"
        return "confirmed" if p in stage.belief.confirmed else "sent"

    def _latches(self) -> list[LatchRow]:
        run = self._run
        rows = []
        for device, profile in run.book.profiles.items():
            facts = run.facts.get(device, {})
            for verb in profile.verbs.values():
                if verb.latch:
                    start = f"{verb.name}."
                    own = {k[len(start) :]: v for k, v in facts.items() if k.startswith(start)}
                    rows.append(
                        LatchRow(
                            device,
                            verb.name,
                            run.dos.latches.get((device, verb.name), False),
                            facts.get(verb.name) is True,
                            own | {k: facts[k] for k in SHARED if k in facts},
                        )
                    )
        return rows

    def _alarms(self, now: float) -> list[AlarmRow]:
        """Worst first: what the public sees, then what a cue could not do, then what waits."""
        run = self._run
        slept = run.slept
        return [
            *self._of_devices(),
            *(AlarmRow("failed", p, r.why) for p, r in run.stage.failing.refusals.items()),
            *(
                AlarmRow("missed", _said(Do(m.device, m.verb, m.argument)), m.why, cure="redo")
                for m in run.dos.missed.values()
            ),
            *(AlarmRow("overdue", cue, why) for cue, why in run.overdue.items()),
            *self._of_parameters(now),
            *(
                [AlarmRow("slept", "desk", f"{slept.seconds:.1f}")]
                if slept is not None and now - slept.at < SHOWN
                else []
            ),
        ]

    def _of_devices(self) -> Iterator[AlarmRow]:
        """What the devices do not do, and what they will not be able to do."""
        run, stage = self._run, self._run.stage
        for row in self._latches():
            if row.wanted and not row.on and row.device in stage.linked_devices:
                yield AlarmRow("latch_off", f"{row.device}.{row.verb}", cure="trigger")
        for device, why in stage.away.items():
            yield AlarmRow("lost", device, why)
        for name, fact in run.facts.get("desk", {}).items():
            if fact:
                yield AlarmRow(name, "desk", str(fact))
        for device in stage.linked_devices:
            if run.facts.get(device, {}).get("program.frozen") is True:
                yield AlarmRow("frozen", device)
        for p, value in self._next_wanted().items():
            if self._is_missing(p, value):
                yield AlarmRow("ahead", p, str(value))

    def _of_parameters(self, now: float) -> Iterator[AlarmRow]:
        """What was said and not confirmed, and what a hand has moved."""
        stage = self._run.stage
        for p, since in stage.belief.unconfirmed.items():
            linked = p.partition(".")[0] in stage.linked_devices
            arrived = max(since, stage.motion.ended.get(p, since))
            if linked and now - arrived > SLOW and p not in stage.motion.fades:
                yield AlarmRow("unconfirmed", p)
        for p, hand in stage.wanted.hands.items():
            if not hand.kept:
                yield AlarmRow("held", p, hand.by, cure="let_go")

    def _is_missing(self, p: Parameter, value: Value) -> bool:
        """Tell whether the device itself says that it has no such thing, before it is asked to."""
        device = p.partition(".")[0]
        facts = self._run.facts.get(device, {})
        if device not in self._run.stage.linked_devices:
            return False
        listed = facts.get(self._run.book.wires[p].among)
        if isinstance(listed, str) and value not in listed.splitlines():
            return True
        missing = facts.get("missing")
        return isinstance(missing, str) and p in missing.splitlines()

    def _refusal(self, now: float) -> RefusalRow | None:
        refused = self._run.refusal
        if refused is None or now - refused.at > SHOWN:
            return None
        return RefusalRow(refused.what, refused.why, refused.cue, refused.by, now - refused.at)


def _said(do: Do) -> str:
    return f"{do.device}.{do.verb} {do.argument}".strip()
