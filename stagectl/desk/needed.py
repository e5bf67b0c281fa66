"""What a panel's «Sjekk» is told once: the names a show needs, and the files it was made of."""

from pathlib import Path
from typing import Any

from stagectl.core.book import Book
from stagectl.engine.needs import needs
from stagectl.engine.plain import to_plain


def needed(book: Book) -> dict[str, Any]:
    """Return the names that devices list, and each file as [what it is, what it is called]."""
    profiles = sorted({device.profile for device in book.venue.devices.values()})
    files = [("show", book.show_path), ("venue", book.venue_path)]
    return {
        "names": [to_plain(need) for need in needs(book)],
        "files": [
            *([kind, "/".join(Path(path).parts[-2:])] for kind, path in files if path),
            *(["profile", name] for name in profiles),
        ],
    }
