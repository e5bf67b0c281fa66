"""The journals of a place, told apart by their names; none is read further than its last line."""

import json
import time
from pathlib import Path

LINE = 4096  # bytes from the end that are looked at: the word that a show has ended is short


def newest(folder: Path) -> Path | None:
    """Return the journal begun last, or None."""
    return max(folder.glob(_ANY_NAME), default=None) if folder.is_dir() else None


def fresh(folder: Path, wall: float) -> Path:
    """Return a path for a new run's journal, newer by name than every other in the folder."""
    stamp, number = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(wall)), 1
    last = newest(folder)
    if last is not None and last.name[: len(stamp)] >= stamp:  # the clock can be set back
        stamp, number = last.name[: len(stamp)], int(last.stem[-3:]) + 1
    return folder / f"{stamp}-{number:03}.jsonl"


def is_ended(path: Path) -> bool:
    """Tell whether the last line says so; False may only mean that it cannot be told so easily."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LINE))
            last = json.loads(file.read().rstrip(b"\n").rpartition(b"\n")[2])
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(last, dict) and last.get("type") == "Ended"


_ANY_NAME = "[0-9]*T[0-9]*Z-[0-9][0-9][0-9].jsonl"
