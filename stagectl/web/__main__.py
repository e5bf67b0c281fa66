"""`python -m stagectl.web`: the app process of one browser that may see the desk that runs.

Its first line of input is JSON: {"place": FOLDER, "role": ROLE, "token": TOKEN, "language": CODE};
an empty token is the desk's own for the role. After it come the keys and touches of the browser.
"""

import json
import os
import sys
from pathlib import Path

from stagectl.desk.place import Place

MOST = 4096  # bytes of that line


def main() -> int:
    """Be a panel until its browser goes; return an exit status."""
    letter = json.loads(first_line(sys.stdin.fileno()))
    place, role = Place(Path(letter["place"])), letter["role"]

    def where() -> tuple[str, str] | None:
        card = place.card()
        if card is None:
            return None
        return card.address, letter["token"] or place.token(role)

    found = where()
    if found is None:
        return 1
    from stagectl.panel.app import run_panel

    language = letter.get("language") or None
    return run_panel(*found, by=letter.get("by", "browser"), language=language, find=where)


def first_line(fd: int) -> bytes:
    """Return the first line, and leave the rest for whoever reads next."""
    line = b""
    while len(line) < MOST and (byte := os.read(fd, 1)) not in (b"", b"\n"):
        line += byte
    return line


if __name__ == "__main__":
    sys.exit(main())
