"""What a person can ask for. Every panel, key and foot pedal speaks only these."""

from dataclasses import dataclass

from stagectl.core.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`by` is who and where, one name per open surface; `id` is unique, so a repeat is dropped."""

    by: str = "desk"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Go(Asked):
    """Fire the standby cue. `expect` is the cue on the asker's screen; "" takes it as it stands.

    `cue` fires that one, whatever stands by; "" the standby.
    """

    expect: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class StandBy(Asked):
    """Make a cue the next one: its number, or "next", "previous", and either with " chapter"."""

    cue: str


@dataclass(frozen=True, slots=True)
class Back(Asked):
    """Return to the look of the cue before, without its Dos; the cue left stands by."""


@dataclass(frozen=True, slots=True)
class Skip(Asked):
    """Take a cue that has not gone out of the fold, or put it back."""

    cue: str
    skip: bool = True


@dataclass(frozen=True, slots=True)
class Postpone(Asked):
    """Move every clock-time cue that has not gone by this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Put(Asked):
    """A hand through a face: the parameter is held there until a cue sets it."""

    parameter: str
    value: Value


@dataclass(frozen=True, slots=True)
class Trigger(Asked):
    """A Do by hand: start the recording nobody started."""

    device: str
    verb: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class LetGo(Asked):
    """«Tilbake til cue»: give a held parameter back to the cue; "" gives them all back."""

    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Keep(Asked):
    """«Behold»: a hand is right as it is; it stays held, and is no question any more."""

    parameter: str


@dataclass(frozen=True, slots=True)
class Redo(Asked):
    """«Gjør nå»: carry out a missed Do by its id, or (`drop`) forget it."""

    missed: int
    drop: bool = False


@dataclass(frozen=True, slots=True)
class Overlay(Asked):
    """Lay `safe` or `cover` over everything. A cover can be dated back by `ago` seconds."""

    name: str
    ago: float = 0.0


@dataclass(frozen=True, slots=True)
class Release(Asked):
    """«Fortsett»: take the overlay away and return to the look of now."""


@dataclass(frozen=True, slots=True)
class Assert(Asked):
    """Say everything again, hands or no hands."""


@dataclass(frozen=True, slots=True)
class Name(Asked):
    """Correct the person in a role, for the rest of this run."""

    role: str
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TakeOver(Asked):
    """A colleague is the operator from now on."""


@dataclass(frozen=True, slots=True)
class Reload(Asked):
    """Take the show that is offered, by the offer's id; or (`take` False) keep the one loaded."""

    offer: str
    take: bool = True


@dataclass(frozen=True, slots=True)
class Message(Asked):
    """Say a line to whoever sees the stage clock; "" takes it away."""

    text: str


@dataclass(frozen=True, slots=True)
class Note(Asked):
    """Keep a line with what happened: the operator's own word on the evening."""

    text: str


@dataclass(frozen=True, slots=True)
class End(Asked):
    """The show is over."""


Intent = (
    Go | StandBy | Back | Skip | Postpone | Put | Trigger | LetGo | Keep | Redo
    | Overlay | Release | Assert | Name | TakeOver | Reload | Message | Note | End
)  # fmt: skip
