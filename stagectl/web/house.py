"""Whose stage this is: the one desk of a venue, whether it runs now or not."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stagectl.desk.doors import Pass
from stagectl.desk.place import Place, write_private
from stagectl.desk.secrets import without_secrets
from stagectl.web.seat import Chair

SEAT = (sys.executable, "-m", "stagectl.web")


@dataclass(frozen=True, slots=True)
class House:
    """A venue's desk. `operator` is the command line of an operator's app, () for the panel."""

    place: Place
    name: str
    operator: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    language: str = ""

    def runs(self) -> bool:
        """Tell whether there is a desk to look at."""
        return self.place.running() and self.place.card() is not None

    def waits(self, may: Pass) -> bool:
        """Tell whether there is nothing that this one could be shown yet."""
        return not self.runs() and not (self.operator and may.role == "operate")

    def chair(self, may: Pass) -> Chair:
        """Return what is started for somebody."""
        if may.role == "operate" and self.operator:
            return Chair(self.operator, environ=self.environ)
        letter = {
            "place": str(self.place.folder),
            "role": may.role,
            "token": str(may.grant.token) if may.grant is not None else "",
            "language": self.language,
            "by": "browser",
        }
        return Chair(SEAT, json.dumps(letter), without_secrets(self.environ))

    def watch(self) -> tuple[str, str] | None:
        """Return where the desk is, and the token of those who only look."""
        card = self.place.card() if self.place.running() else None  # one that ended leaves its card
        return None if card is None else (card.address, self.place.token("watch"))

    def standing_keys(self) -> list[tuple[str, Pass]]:
        """Return the keys that open always: this machine's own, and the desk's tokens."""
        keys = [(self.own_key(), Pass("operate"))]
        if self.runs():
            keys += [
                (self.place.token("operate"), Pass("operate")),
                (self.place.token("watch"), Pass("watch")),
            ]
        return keys

    def own_key(self) -> str:
        """Return the key of this machine's own screen: made once, for this user alone to read."""
        path = self.place.folder / "web.key"
        try:
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            self.place.make()
            key = secrets.token_urlsafe(32)
            write_private(path, key.encode())
            return key

    def leave_page(self, url: str) -> Path:
        """Leave a page that opens the panel on this machine, for this user alone to read.

        A browser's command line is for everybody to read, and a page's address is not.
        """
        path = self.place.folder / "panel.html"
        to = json.dumps(f"{url}/#key={self.own_key()}")
        write_private(
            path, f"<!doctype html><title>stagectl</title><script>location={to}</script>\n".encode()
        )
        return path


__all__ = ["House"]
