"""A book compiled once is used again only while every file it came from is as it was."""

import contextlib
import hashlib
import io
import json
import os
import pickle
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

from stagectl.core.check import Checked
from stagectl.files.disk import BUILT_IN, Inputs

MOST_KEPT = 32


def key(path: Path, venue_path: Path | None, at: Mapping[str, str] | None) -> str:
    """Return the name of what is asked for: these paths and addresses, by this very program."""
    asked = [
        str(path.absolute()),
        str(Path.cwd()),  # problems name files from where the person stands
        str(venue_path.absolute()) if venue_path else "",
        sorted((at or {}).items()),
        program(),
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def get(name: str) -> Checked | None:
    """Return what was put, if nothing has changed; anything odd about it is as if it were gone."""
    folder = _folder()
    try:
        if folder is None or not _is_ours(folder):
            return None
        head, _, body = (folder / f"{name}.book").read_bytes().partition(b"\n")
        told = json.loads(head)
        if hashlib.sha256(body).hexdigest() != told["sha256"]:
            return None
        if any(_digest_now(path) != was for path, was in told["inputs"].items()):
            return None
        checked = _Plain(io.BytesIO(body)).load()
    except Exception:  # noqa: BLE001 -- torn, foreign, from another version: make it anew
        return None
    return checked if isinstance(checked, Checked) else None


def put(name: str, inputs: Inputs, checked: Checked) -> None:
    """Keep it; a disk that is full or read-only costs a slower start, nothing else."""
    folder = _folder()
    if folder is None:
        return
    body = pickle.dumps(checked, protocol=5)
    told = {
        "sha256": hashlib.sha256(body).hexdigest(),
        "inputs": {path: _sha(data) for path, data in inputs.items()},
    }
    with contextlib.suppress(OSError):
        _write(folder, f"{name}.book", json.dumps(told).encode() + b"\n" + body)
        _prune(folder, "*.book")


def remembered(name: str) -> object:
    """Return what `remember` put under this name; None if there is none, or anything is odd."""
    folder = _folder()
    try:
        if folder is None or not _is_ours(folder):
            return None
        with (folder / f"{name}.list").open("rb") as file:
            return _Plain(file).load()
    except Exception:  # noqa: BLE001 -- torn, foreign, from another version: make it anew
        return None


def remember(name: str, value: object) -> None:
    """Keep a value of core/ and plain containers; whoever asks knows what makes it out of date."""
    folder = _folder()
    if folder is not None:
        with contextlib.suppress(OSError):
            _write(folder, f"{name}.list", pickle.dumps(value, protocol=5))
            _prune(folder, "*.list")


class _Plain(pickle.Unpickler):
    """Builds the values of core/, and nothing that could do anything."""

    def find_class(self, module: str, name: str) -> type:
        if module.startswith("stagectl.core."):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        message = f"{module}.{name} has no place in a book"
        raise pickle.UnpicklingError(message)


def _folder() -> Path | None:
    """Return where books are kept; STAGECTL_CACHE names another folder, or "" for none."""
    if (named := os.environ.get("STAGECTL_CACHE")) is not None:
        return Path(named) / "books" if named else None
    import platformdirs

    return platformdirs.user_cache_path("stagectl", appauthor=False) / "books"


def _is_ours(folder: Path) -> bool:
    """Tell whether nobody else could have put a book there; elsewhere a profile folder is ours."""
    if sys.platform != "win32":
        found = folder.lstat()
        return (
            stat.S_ISDIR(found.st_mode)
            and found.st_uid == os.getuid()
            and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        )
    else:  # noqa: RET505 -- mypy for Windows calls all that follows a return unreachable
        return folder.is_dir()


def _digest_now(path: str) -> str | None:
    if path.startswith(BUILT_IN):
        path = str(Path(__file__).parent.parent / path.removeprefix(BUILT_IN))
    try:
        with Path(path).open("rb") as file:
            return _sha(file.read())
    except OSError:
        return None


def _sha(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def program() -> list[object]:
    """Return what tells this program from one that would make another book of the same files."""
    package = Path(__file__).parent.parent
    modules = sorted((*package.glob("core/*.py"), *package.glob("files/*.py")))
    stats = ((module.name, module.stat()) for module in modules)
    return [sys.version, [(name, s.st_size, s.st_mtime_ns) for name, s in stats]]


def _write(folder: Path, name: str, content: bytes) -> None:
    """Write a file whole, for us alone, or not at all; raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(folder):
        return
    torn = folder / f"{name}.{os.getpid()}.part"
    with os.fdopen(os.open(torn, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    torn.replace(folder / name)


def _prune(folder: Path, those: str) -> None:
    books = sorted(folder.glob(those), key=lambda b: b.stat().st_mtime, reverse=True)
    for old in books[MOST_KEPT:]:
        old.unlink(missing_ok=True)
