"""What happened, in the past tense. The journal is a list of these, and rebuilds the show.

`at` is seconds on the desk's monotonic clock; `by` is who and where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stagectl.core.model import Do, Parameter, Person, Value


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened at `at`, because of `by`."""

    at: float
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Began(Happened):
    """The first Go or Assert: from here on the stage is touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """The desk came back to a run that had not ended; it holds until somebody speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired(Happened):
    """A cue went."""

    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoodBy(Happened):
    """A cue was made the next one."""

    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack(Happened):
    """The look of the cue before; `cue` is the one left."""

    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(Happened):
    """A cue was taken out of the fold."""

    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unskipped(Happened):
    """A skipped cue was put back."""

    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed(Happened):
    """The clock-time cues that had not gone moved by `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Happened):
    """A cue that should have gone by itself did not (its time passed, or the desk slept)."""

    cue: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Happened):
    """An intent was not carried out; `why` is a code of words/."""

    what: str
    why: str
    cue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Happened):
    """Somebody moved a parameter: by hand at the device (by="hand") or through a face."""

    parameter: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed(Happened):
    """A held parameter was given back to the cue."""

    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Happened):
    """A hand was looked at and found right: it stays until a cue sets the parameter."""

    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Happened):
    """A Do was said to its device: of a cue, by an operator, or by a reconnect."""

    do: int
    device: str
    verb: str
    argument: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Happened):
    """The device acknowledged a Do."""

    do: int
    device: str
    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Happened):
    """A Do could not be carried out; it is offered, never sent late by itself."""

    do: int
    device: str
    verb: str
    argument: str = ""
    cue: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped(Happened):
    """A missed Do was forgotten, or asked for anew."""

    do: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTo(Happened):
    """A device refused to put a parameter at a value."""

    parameter: str
    value: Value
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latched(Happened):
    """A device says that it started or stopped recording or streaming."""

    device: str
    verb: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote(Happened):
    """A device says what a recording or a stream has become; what is said last is right.

    Said when it starts, stops, or its device is lost, and again if the last count comes later.
    `path` is where the device put it, "" if it does not say; `bytes` is the device's own count,
    `seconds` how long it is; 0: it does not say.
    """

    device: str
    verb: str
    path: str = ""
    bytes: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLinked(Happened):
    """A device answers; `restarted` when there is evidence that it lost its values."""

    device: str
    restarted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLost(Happened):
    """A device does not answer."""

    device: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Happened):
    """«Stopp alt»: the base under the venue's safe scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered(Happened):
    """«Dekk sendingen»; private from `since` on (the desk's clock), which can be before `at`."""

    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Happened):
    """The overlay was taken away."""

    overlay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted(Happened):
    """Everything was said again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Happened):
    """A person's name or title was corrected for this run."""

    role: str
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TookOver(Happened):
    """`by` is the operator from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messaged(Happened):
    """The stage clock says `text` from now on; "" nothing any more."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Happened):
    """Somebody noted a line about the evening."""

    text: str


@dataclass(frozen=True, slots=True)
class HandKept:
    """A hand that a reload left where it was."""

    parameter: Parameter
    value: Value
    at: float
    by: str
    kept: bool


@dataclass(frozen=True, slots=True)
class DoKept:
    """A Do that still waited, for its cue's pre-wait, when the show was reloaded."""

    do: Do
    due: float
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded(Happened):
    """The files of `digest` are run from here on.

    What was kept is said again, in the new show's own cues: what happened before was of another,
    so nothing of it need be understood to know where we are. Numbers are cues'; "" is none.
    """

    digest: str
    before: str = ""
    """The digest of those that were run until now."""
    undo: bool = False
    """`before` was taken back: it is offered no more by itself, though the disk may have it."""
    onstage: str = ""
    standby: str = ""
    """"" is none left."""
    lost: str = ""
    """The cue that was on stage and is in the show no more."""
    skipped: tuple[str, ...] = ()
    hands: tuple[HandKept, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)
    waiting: tuple[DoKept, ...] = ()
    overdue: Mapping[str, str] = field(default_factory=dict)
    fired_at: float | None = None
    follow_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Happened):
    """A show that was offered was looked at and left: the one loaded goes on."""

    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slept(Happened):
    """The desk woke `seconds` late; what was queued meanwhile was thrown away."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Happened):
    """The show is over."""


Event = (
    Began | Resumed | Fired | StoodBy | WentBack | Skipped | Unskipped | Postponed | Overdue
    | Refused | Held | Freed | Kept | Did | Done | Missed | Dropped | FailedTo | Latched
    | Wrote | DeviceLinked | DeviceLost | Stopped | Covered | Released | Asserted | Named | TookOver
    | Messaged | Noted | Reloaded | Declined | Slept | Ended
)  # fmt: skip
