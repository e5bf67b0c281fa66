"""The only place a secret is read."""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

VARIABLE = "STAGECTL_SECRET_"
SYSTEMD = "CREDENTIALS_DIRECTORY"
CONFIG = "STAGECTL_CONFIG"  # a folder to use instead of the user's own

Why = Literal["missing", "open", "unreadable", "name"]


class Secret(str):
    """A text that does not show itself where values are shown: a repr, a traceback's locals."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Say that there is one."""
        return "'…'"


class NoSecretError(Exception):
    """There is no such secret, or not a safe one; `path` is the file to make or to mend."""

    def __init__(self, name: str, why: Why, path: Path) -> None:
        """Keep what the command line will put into words; never what was read."""
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why
        self.path = path


def read_secret(
    name: str, environ: Mapping[str, str] = os.environ, folder: Path | None = None
) -> Secret:
    """Return what `secret:NAME` stands for, from the first place that has it; raises NoSecretError.

    `$CREDENTIALS_DIRECTORY/NAME` (systemd's, which keeps others out by itself), then NAME in
    `folder` (the user's own), which nobody else may be able to read, then `STAGECTL_SECRET_NAME`.
    """
    own = (folder or secrets_folder()) / name
    if not _NAME.fullmatch(name):
        raise NoSecretError(name, "name", own.parent)
    if given := environ.get(SYSTEMD):
        found = _read(name, Path(given) / name, private=False)
        if found is not None:
            return found
    found = _read(name, own, private=True)
    if found is not None:
        return found
    if value := environ.get(VARIABLE + re.sub(r"\W", "_", name).upper()):
        return Secret(value)
    raise NoSecretError(name, "missing", own)


def secrets_folder() -> Path:
    """Return where this user's secrets are kept, one file each."""
    if own := os.environ.get(CONFIG):
        return Path(own) / "secrets"
    from platformdirs import user_config_path

    return user_config_path("stagectl", appauthor=False) / "secrets"


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child that has no business with secrets."""
    return {k: v for k, v in environ.items() if not k.upper().startswith((VARIABLE, SYSTEMD))}


_NAME = re.compile(r"\w[\w.-]*")  # no path: a venue file shall not reach out of the folder


def _read(name: str, path: Path, *, private: bool) -> Secret | None:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if private and os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise NoSecretError(name, "open", path)
            return Secret(file.read(_MOST).decode().rstrip("\r\n"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        # the cause would show the bytes
        raise NoSecretError(name, "unreadable", path) from None


_MOST = 4096
