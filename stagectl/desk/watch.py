"""What lies around a running desk is put back when it is harmed, and what cannot be is told.

Its card, its journal's file, its keeper: none is needed for a GO, each is missed after a crash.
"""

import errno
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from stagectl.desk.place import Card, Place
from stagectl.engine.report import Fact, Facts, Report

LOOK = 1.0  # seconds between two looks

_log = logging.getLogger(__name__)


class Watch:
    """Looks after the place of a desk, in a thread of its own.

    `hear` is told, as facts of the "desk": `place` ("full", "readonly", "broken": the card cannot
    be written), `journal_damaged` (lines the last reading could not use, or "gone": the file is),
    `keeper` ("gone": nobody would start the desk again); "" when it is well again.
    """

    def __init__(
        self, place: Place, card: Card, journal: Path, hear: Callable[[Report], None], damaged: int
    ) -> None:
        """Leave the card; nothing more is done until `start`."""
        self._place, self._card, self._journal = place, card, journal
        self._hear = hear
        self._damaged = str(damaged) if damaged else ""
        self._told: dict[str, Fact] = {"place": "", "journal_damaged": "", "keeper": ""}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._place_trouble = self._leave_card()

    def start(self) -> None:
        """Look now and from now on."""
        self._thread.start()

    def introduce(self, card: Card) -> None:
        """Leave this card from now on."""
        self._card = card

    def stop(self) -> None:
        """Look no longer."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            try:
                self._look()
            except OSError:
                _log.exception("no looking around now")
            if self._over.wait(LOOK):
                return

    def _look(self) -> None:
        if self._place_trouble or self._place.card() != self._card:
            self._place_trouble = self._leave_card()
        facts: dict[str, Fact] = {
            "place": self._place_trouble,
            "journal_damaged": self._damaged if self._journal.exists() else "gone",
            "keeper": self._keeper(),
        }
        if facts != self._told:
            self._told = facts
            _log.warning("around the desk: %s", facts)
            self._hear(Facts("desk", facts))

    def _keeper(self) -> Fact:
        try:
            return "" if self._place.lock("keeper").held() else "gone"
        except OSError:
            return self._told["keeper"]  # no looking now: what was known

    def _leave_card(self) -> str:
        try:
            self._place.leave_card(self._card)
        except OSError as why:
            if not self._told["place"]:
                _log.warning("the card cannot be left: %s", why)
            return _TROUBLES.get(why.errno or 0, "broken")
        return ""


_TROUBLES = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
}
