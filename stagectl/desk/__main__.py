"""python -m stagectl.desk FOLDER: a desk; with "keep" before the folder: its keeper.

"-" for the folder: it is told on standard input, see stagectl.desk.early. "reread FOLDER DIGEST":
what became of the files of the desk there, on standard output.
"""

import sys
from pathlib import Path


def main(words: list[str]) -> int:
    """Become what the words say; return the exit status."""
    match words:
        case [folder]:
            from stagectl.desk.main import main as desk

            return desk(_told(folder))
        case ["keep", folder]:
            from stagectl.desk.keeper import main as keeper

            return keeper(_told(folder))
        case ["reread", folder, digest]:
            from stagectl.desk.reread import main as reread

            return reread(Path(folder), digest)
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201 -- started by hand, wrongly
            return 2


def _told(folder: str) -> Path | None:
    return None if folder == "-" else Path(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
