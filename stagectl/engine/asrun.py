"""The log of one run, against its plan: what `engine/story.py` makes of a journal's events.

A plain value, and its fields are the keys of `stagectl log --json`: none of them changes its
meaning. A moment is in seconds since the epoch; a span of time is in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stagectl.core.model import Parameter, Value

How = Literal["go", "follow", "clock", "back"]
State = Literal["gone", "on_stage", "skipped", "not_gone"]
Ending = Literal["", "stopped", "lost", "unknown"]
Outcome = Literal["said", "done", "missed"]


@dataclass(frozen=True, slots=True)
class PlannedCue:
    """A cue as the show has it; `length` is planned, `at` is its own time of day."""

    number: str
    name: str = ""
    length: float | None = None
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The show as it was meant; `start` is when it should begin, None if it does not say."""

    show: str = ""
    venue: str = ""
    date: str = ""
    start: float | None = None
    timezone: str = ""
    cues: tuple[PlannedCue, ...] = ()
    units: Mapping[Parameter, str] = field(default_factory=dict)
    """Of those parameters that have one, where the room is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One time that a cue was on stage, or that it was not at all.

    `over` is how much longer than planned it lasted; less than 0: shorter. Of the cue that is on
    stage still, `lasted` is until now. `by` is who made it go, or skipped it.
    """

    cue: str
    name: str = ""
    state: State = "gone"
    planned_at: float | None = None
    planned: float | None = None
    began: float | None = None
    lasted: float | None = None
    over: float | None = None
    how: How | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """All that was planned and has been, alike: only cues with a planned length that have gone.

    `late` is how late the first cue went, `took` how long from then to the end, or until now.
    """

    planned: float = 0.0
    lasted: float = 0.0
    over: float = 0.0
    late: float | None = None
    took: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One recording or stream. `path` and `bytes` as the device says; "" and 0: it does not.

    `ending`: "" runs still; "lost" its device was, and it did not go on; "unknown": it ran still
    when the log ended.
    """

    device: str
    verb: str
    began: float
    ended: float | None = None
    ending: Ending = ""
    path: str = ""
    bytes: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """«Stopp alt» ("safe") or «Dekk sendingen» ("cover"), private from `since` on.

    `since` is before `began` if it was dated back; `until` None: to the end.
    """

    overlay: str
    since: float
    began: float
    until: float | None = None
    by: str = ""
    released_by: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """A parameter held by hand; moves that followed each other at once are one, the last counts."""

    at: float
    parameter: Parameter
    value: Value
    by: str = ""
    unit: str = ""
    """"dB", "%" …, "" where nobody knows it any more."""
    until: float | None = None
    """When it was given back to the cue; None: a cue took it, or nobody did."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A Do, and what came of it: "said" is all that is known of one nobody acknowledged."""

    at: float
    device: str
    verb: str
    argument: str = ""
    cue: str = ""
    by: str = ""
    outcome: Outcome = "said"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """A device was away; `until` None: to the end."""

    device: str
    at: float
    why: str = ""
    until: float | None = None
    restarted: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened at one moment.

    `what`: "postponed" (`seconds`), "overdue" (`about` the cue, `text` why), "named" (`about` the
    role, `text` the name), "took_over", "reloaded", "restarted" and "slept" (`seconds`) of the
    desk, "noted" and "messaged" (`text`), "asserted".
    """

    at: float
    what: str
    by: str = ""
    about: str = ""
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class AsRun:
    """One run, whole or so far. `now` is when it was looked at; `ended` None: nobody ended it."""

    show: str = ""
    venue: str = ""
    date: str = ""
    timezone: str = ""
    planned_start: float | None = None
    began: float | None = None
    ended: float | None = None
    now: float | None = None
    damaged: int = 0
    """Lines of the journal that could not be read; the rest is here."""
    totals: Totals = field(default_factory=Totals)
    rows: tuple[Row, ...] = ()
    outputs: tuple[Output, ...] = ()
    intervals: tuple[Interval, ...] = ()
    hands: tuple[Hand, ...] = ()
    deeds: tuple[Deed, ...] = ()
    absences: tuple[Absence, ...] = ()
    moments: tuple[Moment, ...] = ()

    @property
    def notes(self) -> tuple[Moment, ...]:
        """What people noted."""
        return tuple(m for m in self.moments if m.what == "noted")
