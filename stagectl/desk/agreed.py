"""What a keeper and its desk have agreed on; a keeper need not know what a show is.

Statuses, one word, and which programs are kept beside the desk.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from stagectl.desk.place import Place, write_private

ENDED = 0  # a desk's exit status: somebody ended the show
STOPPED = 3  # it was told to go; the show can be taken up again
BUSY = 75  # another desk has the place
CANNOT = 78  # what it was given cannot be done: see place.trouble
STOP = "stop"  # what its keeper says on its standard input


def leave_wards(place: Place, home: Path, programs: Mapping[str, Sequence[str]]) -> None:
    """Say which programs are kept, by device, each its words; they are run in `home`."""
    kept = {"home": str(home), "programs": {name: list(run) for name, run in programs.items()}}
    write_private(place.wards, json.dumps(kept).encode())


def wards(place: Place) -> tuple[Path, dict[str, tuple[str, ...]]]:
    """Return what was said; raises UnsafePlaceError if others could have said it, OSError."""
    place.trust()
    kept = json.loads(place.wards.read_bytes())
    return Path(kept["home"]), {name: tuple(run) for name, run in kept["programs"].items()}
