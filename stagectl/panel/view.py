"""All that one panel shows at one moment: what the desk said last, and how well it is heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from stagectl.engine.intent import Back, Intent, Overlay
from stagectl.engine.rights import Role, forbidden
from stagectl.engine.snapshot import LatchRow, Snapshot
from stagectl.panel.playbill import CueLine, Playbill

Contact = Literal["connecting", "up", "lost", "refused", "expired"]
"""refused: the desk answers and does not know our token; expired: its PIN is over."""

PaneName = Literal[
    "cues", "menu", "hand", "check", "takeover", "stageclock", "after", "room", "beside", "keys"
]
"""What is between the alarm line and the buttons; "cues" is the list and the cards."""

PANE_NAMES: Mapping[str, PaneName] = {name: name for name in get_args(PaneName)}

NOTHING_HEARD = Snapshot(phase="ready", onstage=None, standby=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """Why an intent of this very panel came to nothing; `at` on the panel's clock."""

    what: str
    why: str
    at: float
    about: str = ""
    """The cue, or what else it was for."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something this panel asks its own operator before it sends anything."""

    about: Literal["assert", "end", "close", "postpone", "skipped", "latch", "device"]
    cue: str = ""
    """The cue, the device, or the recording or stream as device.verb."""


@dataclass(frozen=True, slots=True)
class View:
    """Drawing functions take nothing else, so that a canned view is a screen.

    All times are on the panel's monotonic clock, `now` too; but `wall` is since the epoch.
    """

    bill: Playbill = field(default_factory=Playbill)
    snap: Snapshot = NOTHING_HEARD
    seen: float = 0.0
    """When the snapshot came."""
    now: float = 0.0
    wall: float = 0.0
    contact: Contact = "connecting"
    by: str = ""
    role: Role = "operate"
    own: tuple[str, ...] = ()
    """A guest's microphones, without switch or level: "mixer.guest"."""
    until: float | None = None
    """When a role that ends does, since the epoch."""
    sent: str = ""
    """An intent that the desk has not answered yet: its name."""
    answer: Answer | None = None
    question: Question | None = None
    escape: float | None = None
    """When Esc was pressed once."""
    notice: str = ""
    """Something about the panel itself, in words already."""
    pane: PaneName = "cues"
    editing: bool = False
    """Text is being typed in the pane: every key is its own, but Esc and the marked Enter."""
    beside: bool = False
    """Something of the caller's can be shown beside the show."""
    home: bool = False
    """The caller knows which events there are, and can open another."""
    took: float | None = None
    """When this panel last asked to take over."""
    page: int = 0
    """Which of the matters to settle is shown."""
    grew: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """When a recording's or a stream's bytes were last seen to grow."""
    lost: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """When it was last seen that frames of it were lost."""

    def hear(self, snap: Snapshot, now: float) -> "View":
        """Return the view with a new snapshot; of a show that is over nothing comes next."""
        if snap.phase == "ended":
            snap = replace(snap, standby=None, next=(), next_dos=())
        before = {(row.device, row.verb): row for row in self.snap.latches}
        grew = {
            (row.device, row.verb): now
            if _bytes(row) > _bytes(before.get((row.device, row.verb)))
            else self.grew.get((row.device, row.verb), now)
            for row in snap.latches
            if row.on
        }
        lost = dict(self.lost)
        for row in snap.latches:
            known = before.get((row.device, row.verb))
            if known is not None and dropped(row) > dropped(known) and row.on:
                lost[row.device, row.verb] = now
        question = None if snap.phase == "ended" else self.question
        return replace(
            self, snap=snap, seen=now, now=now, grew=grew, lost=lost, question=question,
            contact="up",
        )  # fmt: skip

    @property
    def heard(self) -> bool:
        """Tell whether the desk has said anything yet."""
        return self.snap is not NOTHING_HEARD

    @property
    def now_cue(self) -> CueLine | None:
        """The cue on stage."""
        return self.bill.cue(self.snap.onstage)

    @property
    def next_cue(self) -> CueLine | None:
        """The cue that GO fires."""
        return self.bill.cue(self.snap.standby)

    @property
    def over(self) -> bool:
        """Tell whether the show has ended: then a desk that goes away is as it should be."""
        return self.snap.phase == "ended"

    @property
    def hears(self) -> bool:
        """Tell whether the desk answers and the show is not over: an intent could be sent."""
        return self.contact == "up" and self.heard and not self.over

    @property
    def may_ask(self) -> bool:
        """Tell whether any intent can be sent: an operator's panel, and a desk that answers."""
        return self.hears and self.role == "operate"

    @property
    def may_go(self) -> bool:
        """Tell whether GO means anything; the desk has the last word."""
        return self.hears and self.role != "watch" and self.snap.standby is not None

    @property
    def may_go_back(self) -> bool:
        """Tell whether «Back» is heard: a guest has it too."""
        return self.may(Back())

    def may(self, intent: Intent) -> bool:
        """Tell whether this panel may ask for it now; the desk has the last word."""
        if forbidden(intent, self.role, self.own):
            return False
        # an overlay is tried even without a desk: then it is said that it was not sent
        return not self.over if isinstance(intent, Overlay) else self.hears

    @property
    def on_air(self) -> bool:
        """Tell whether anything goes out of the house."""
        return any(row.on for row in self.snap.latches if row.verb == "stream")


def _bytes(row: LatchRow | None) -> float:
    fact = row.facts.get("bytes", 0.0) if row is not None else -1.0
    return float(fact) if isinstance(fact, int | float) else 0.0


def dropped(row: LatchRow) -> int:
    """Return how many frames of a recording or a stream were lost since it began."""
    fact = row.facts.get("skipped", 0)
    return int(fact) if isinstance(fact, int | float) else 0
