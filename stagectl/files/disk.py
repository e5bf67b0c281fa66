"""Every file is opened here, once, and remembered: what a book was made of tells when it is old."""

import hashlib
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from stagectl.files.source import MOST_BYTES

Inputs = Mapping[str, bytes | None]
"""What was read, by absolute path; None: looked for in vain, so its coming would change all."""

BUILT_IN = "stagectl:"
"""What the path of a built-in profile begins with, wherever the package is."""


@dataclass(slots=True)
class Disk:
    """What one reading has opened."""

    inputs: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, path: Path) -> bytes | None:
        """Return the file's bytes, at most one more than are allowed; None: it cannot be read."""
        try:
            if not path.is_file():  # a pipe would be waited for, a device has no end
                return None
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            return None
        self.inputs[str(path.absolute())] = data
        return data

    def there(self, path: Path) -> Path | None:
        """Return the file's path as the disk spells it: macOS and a zip may take letters apart."""
        for form in ("NFC", "NFD"):
            spelt = path.with_name(unicodedata.normalize(form, path.name))
            try:
                if spelt.is_file():
                    return spelt
            except OSError:  # longer than any name of this disk
                return None
            self.inputs[str(spelt.absolute())] = None
        return None

    def profile(self, name: str, folder: Path | None) -> tuple[str, bytes] | None:
        """Return a profile as (what to call the file, its bytes): beside a venue, else built in."""
        if folder is not None:
            own = self.there(folder / "profiles" / f"{name}.yaml")
            if own is not None and (data := self.read(own)) is not None:
                return shown(own), data
        built_in = resources.files("stagectl") / "profiles" / f"{name}.yaml"
        if not built_in.is_file():
            return None
        data = built_in.read_bytes()
        self.inputs[f"{BUILT_IN}profiles/{name}.yaml"] = data
        return f"stagectl/profiles/{name}.yaml", data


def profiles(folder: Path) -> tuple[str, ...]:
    """Return the names of all profiles a venue in `folder` could have."""
    own = {path.stem for path in (folder / "profiles").glob("*.yaml")}
    built_in = resources.files("stagectl") / "profiles"
    if built_in.is_dir():
        own |= {p.name.removesuffix(".yaml") for p in built_in.iterdir() if ".yaml" in p.name}
    return tuple(sorted(own))


def digest(inputs: Inputs) -> str:
    """Return what tells one version of the files from another, wherever they stand."""
    every = hashlib.sha256()
    for path in sorted(inputs, key=lambda path: path.replace("\\", "/").rpartition("/")[2]):
        if (data := inputs[path]) is not None:
            every.update(hashlib.sha256(data).digest())
    return every.hexdigest()


def shown(path: Path) -> str:
    """Return a path as a person would say it: from where they stand, if it is below there."""
    absolute = Path(os.path.normpath(path.absolute()))
    here = Path(os.path.normpath(Path.cwd()))
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)
