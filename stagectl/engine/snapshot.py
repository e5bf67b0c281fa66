"""The one picture every face renders.

Small on purpose: what does not change while a show runs is said once, when a face attaches.
Durations are seconds. Codes (`why`, `code`) are worded by words/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stagectl.core.edits import Edits
from stagectl.core.model import Parameter, Person, Value
from stagectl.engine.needs import Need
from stagectl.engine.report import Fact

Phase = Literal["ready", "holding", "live", "ended"]
"""ready: nothing touched yet; holding: resumed, nothing touched since; live; ended."""

Standing = Literal["unknown", "sent", "confirmed", "moving", "held", "lost", "failed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One parameter that would change: from what is believed (None: unknown) to what is wanted."""

    parameter: Parameter
    before: Value | None
    after: Value


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """How one device stands. `unconfirmed` counts what was sent and not read back yet."""

    name: str
    state: Literal["connecting", "linked", "lost"]
    why: str = ""
    unconfirmed: int = 0
    readable: bool = True
    """False: nothing it is told can ever be confirmed."""
    identity: str = ""
    """What it calls itself, "" where it never says."""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A parameter somebody holds; `wanted` is what the cue says, `ago` how long since."""

    parameter: Parameter
    value: Value
    wanted: Value
    by: str
    ago: float
    kept: bool = False
    """True: somebody said «Behold», or put it there; no question any more."""
    how: Standing = "unknown"
    """How sure we are of it: "sent", "confirmed" …; among the values it is only "held"."""


@dataclass(frozen=True, slots=True)
class MissedRow:
    """A Do that was not carried out, offered as «Gjør nå»."""

    id: int
    device: str
    verb: str
    argument: str
    cue: str
    why: str


@dataclass(frozen=True, slots=True)
class LatchRow:
    """Recording or streaming: what people want and what the device says."""

    device: str
    verb: str
    wanted: bool
    on: bool
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What the device tells of it, without the verb's name: bytes, seconds, skipped …; and of
    what its latches share: disk.mb, render.skipped."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """Something abnormal: a code, what it is about, and the one right thing to do, if any."""

    code: str
    about: str = ""
    detail: str = ""
    cure: Literal["", "redo", "assert", "release", "let_go", "trigger"] = ""


@dataclass(frozen=True, slots=True)
class GoneRow:
    """A cue that has gone, and how long ago."""

    cue: str
    ago: float


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the group on stage that is not done yet: its place in the group, and when."""

    part: int
    starts_in: float
    """0 when it has begun."""
    ends_in: float


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """The newest refusal: shown where it was asked."""

    what: str
    why: str
    cue: str
    by: str
    ago: float


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Another version of the show that can be taken (`Reload`), and all that this would do."""

    id: str
    edits: Edits
    moves: tuple[Change, ...] = ()
    """What would be said to the devices at once, levels over two seconds; nothing else would."""
    onstage: str | None = None
    """The cue that would be on stage, and the one that would stand by."""
    standby: str | None = None
    lost: str = ""
    """The cue on stage, if it is in the new show no more."""
    between: tuple[str, ...] = ()
    """New cues before the one that would stand by: it stays where it is, so GO would pass them."""
    follow_ends: bool = False
    """The standby cue would go by itself no more."""
    reopened: tuple[str, ...] = ()
    """Devices whose link would be made anew."""
    undo: bool = False
    """It is the show that was run before the last reload."""
    declined: bool = False
    """Somebody chose to keep what is loaded, or went on with it: no question any more."""


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """Files that changed and cannot be taken; what is loaded goes on.

    `code`: "mistakes", "gone" (the file is), "devices" (they need a new start), "broken".
    """

    code: str
    path: str = ""
    line: int = 0
    count: int = 0
    said: Mapping[str, str] = field(default_factory=dict)
    """The first mistake in one sentence, by language."""
    about: tuple[str, ...] = ()
    """The devices."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that changes."""

    phase: Phase
    onstage: str | None
    standby: str | None
    elapsed: float | None = None
    """Since the cue on stage went."""
    running: float | None = None
    """Since Began."""
    in_chapter: float | None = None
    """Since the chapter on stage began."""
    follow_in: float | None = None
    """Until the standby cue goes by itself."""
    parts: tuple[PartRow, ...] = ()
    """What of the group on stage is still to come, in the order of its parts."""
    gone: tuple[GoneRow, ...] = ()
    """The last few cues that went, the newest last."""
    skipped: tuple[str, ...] = ()
    postponed: float = 0.0
    overlay: Literal["", "safe", "cover"] = ""
    covered_for: float | None = None
    """How long the covered interval is, dated back if it was."""
    next: tuple[Change, ...] = ()
    """What GO will change, against what is believed now."""
    next_dos: tuple[str, ...] = ()
    """What GO will trigger: "obs.record start"."""
    restore: tuple[Change, ...] = ()
    """What Assert would change: only while holding, or while something is held."""
    held: tuple[HeldRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    values: Mapping[Parameter, tuple[Value | None, Standing]] = field(default_factory=dict)
    latches: tuple[LatchRow, ...] = ()
    missed: tuple[MissedRow, ...] = ()
    overdue: tuple[str, ...] = ()
    alarms: tuple[AlarmRow, ...] = ()
    """Worst first; a face shows one line."""
    refusal: RefusalRow | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    operator: str = ""
    operator_for: float | None = None
    """How long the operator has been it."""
    message: str = ""
    """What the stage clock says to whoever speaks."""
    offer: OfferRow | None = None
    """The files changed and are well."""
    unused: UnusedRow | None = None
    """The files changed and cannot be used."""
    lacking: tuple[Need, ...] = ()
    """What the show needs and a device that answers says it does not have."""
