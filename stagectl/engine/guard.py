"""One press is one GO: a bounce, a key held down and a book on the space bar are not."""


class Guard:
    """After a cue has gone nobody fires for `seconds`; after a refusal that one surface waits."""

    def __init__(self, seconds: float) -> None:
        """Take the lockout in seconds; 0 guards nothing."""
        self.seconds = seconds
        self._everyone = float("-inf")
        self._surface: dict[str, float] = {}

    def refuses(self, by: str, now: float) -> bool:
        """Tell whether a GO from this surface comes too soon."""
        return now < max(self._everyone, self._surface.get(by, self._everyone))

    def fired(self, now: float) -> None:
        """A cue went: everyone waits."""
        self._everyone = now + self.seconds
        self._surface.clear()

    def refused(self, by: str, now: float) -> None:
        """Re-arm the lockout of the surface that was refused, and no other."""
        self._surface[by] = now + self.seconds
