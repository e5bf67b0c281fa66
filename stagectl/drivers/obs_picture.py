"""Whether the picture is on its way: while it is, no other transition may be chosen.

Choose one in the middle of a fade, and OBS 29.0.2 freezes its program picture for good: each
further scene is answered with OK, read back as current, and never seen. So a choice waits for
SceneTransitionEnded. Where another's hand did it, switching studio mode on and off thaws it.
"""

import math
from collections.abc import Mapping
from typing import Any

from stagectl.drivers.obs_words import Request, request

START = 1.0  # seconds from a scene's OK until its transition has started; a frame, as a rule
SLACK = 2.0  # seconds over its duration that a transition may take
LONGEST = 20.0  # seconds: OBS takes no more; a stinger does not say how long it is
SETTLE = 0.4  # seconds that studio mode needs to come and go

ASK = (request("GetCurrentSceneTransition"), request("GetStudioModeEnabled"))
STUDIO_ON: Request = request("SetStudioModeEnabled", studioModeEnabled=True)
STUDIO_OFF: Request = request("SetStudioModeEnabled", studioModeEnabled=False)


class Picture:
    """What is known of the transition that runs, from what was said and what OBS told."""

    def __init__(self) -> None:
        """Nothing moves."""
        self.frozen = False
        self.studio = False
        self.starts = 0
        self._longest = LONGEST  # what a transition that starts now may take
        self._limit = LONGEST  # what the one that runs may take
        self._promised: float | None = None  # when OBS agreed to a scene that is not on air yet
        self._started: float | None = None

    def put(self, starts: int, now: float) -> None:
        """OBS said OK to another scene; `starts`: how many had started when it was asked to."""
        if starts == self.starts:
            self._promised = now

    def started(self, now: float) -> None:
        """SceneTransitionStarted."""
        self.starts += 1
        self._promised, self._started, self._limit = None, now, self._longest

    def ended(self) -> None:
        """SceneTransitionEnded, or all is new."""
        self._promised = self._started = None
        self.frozen = False

    def read(self, transition: Mapping[str, Any], *, studio: bool) -> None:
        """Take the answers to ASK."""
        self.studio = studio
        ms = transition.get("transitionDuration")
        cut = transition.get("transitionKind") == "cut_transition"
        self._longest = 0.0 if cut else LONGEST if ms is None else ms / 1000
        # one that was chosen and started since is known only now; one changed since goes on
        self._limit = max(self._limit, self._longest)

    def moves(self, now: float) -> bool:
        """Tell whether choosing a transition could freeze it."""
        return now < self.due < math.inf

    @property
    def due(self) -> float:
        """When it is overdue if nothing is heard, else never."""
        if self._started is not None:
            return self._started + self._limit + SLACK
        return math.inf if self._promised is None else self._promised + START

    def check(self, now: float) -> bool:
        """Tell, once, that a transition did not start or end in its time: the picture is frozen."""
        if now < self.due:
            return False
        froze = not self.studio and not self.frozen
        self._promised = self._started = None
        self.frozen = self.frozen or froze
        return froze
