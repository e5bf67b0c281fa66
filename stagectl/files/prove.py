"""A profile file is read and proved, and each flaw gets the place it has in the file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from stagectl.core.names import nearest
from stagectl.core.problem import Problem, Said, Source
from stagectl.core.profile import Profile
from stagectl.core.prove import Flaw, prove
from stagectl.core.value import Datum
from stagectl.files.declared import Told
from stagectl.files.disk import Disk, profiles, shown
from stagectl.files.nodes import Node, Table, place_of, read_tree
from stagectl.files.profiles import read_profile
from stagectl.files.source import read_text


class Proof(NamedTuple):
    """A profile, None if it cannot be read at all, and every problem of shape and of meaning."""

    profile: Profile | None
    problems: tuple[Problem, ...]

    @property
    def holds(self) -> bool:
        """Tell whether there is no error; a warning is none."""
        errors = any(problem.severity == "error" for problem in self.problems)
        return self.profile is not None and not errors


def prove_profile(what: str, folder: Path) -> Proof:
    """Prove a profile by its file's path, or by its name: from `folder`/profiles or built in."""
    disk, told = Disk(), Told()
    path = Path(what)
    if path.is_file() or path.suffix:
        name, data = shown(path), disk.read(path)
    else:
        name, data = disk.profile(what, folder) or (what, None)
    if data is None:
        known = profiles(folder)
        if path.suffix:
            told.tell("unreadable", Said("", Source(name)), file=name)
            return Proof(None, tuple(told.problems))
        about: dict[str, Datum] = {"profile": what, "near": nearest(what, known), "profiles": known}
        return Proof(None, (Problem("no_profile", data=about),))
    return prove_bytes(name, data)


def prove_bytes(name: str, data: bytes) -> Proof:
    """Prove a profile by what is in its file; `name` is what the file is called."""
    told = Told()
    read = read_text(name, data)
    told.problems += read.problems
    tree = read_tree(read.source, read.text, told.problems) if read.text is not None else None
    profile = read_profile(Path(name).stem, tree, told) if tree is not None else None
    problems = tuple(told.problems)
    if tree is None or profile is None or any(p.severity == "error" for p in problems):
        return Proof(None, problems)
    return Proof(profile, (*problems, *_placed(prove(profile), tree)))


def _placed(flaws: Iterator[Flaw], tree: Node) -> Iterator[Problem]:
    for flaw in flaws:
        section = tree.get(flaw.section) if isinstance(tree, Table) else None
        where = _key(section, flaw.key) or place_of(tree)
        yield replace(flaw.problem, place=where.place)


def _key(table: Node | None, key: str) -> Said | None:
    pairs = table.pairs if isinstance(table, Table) else ()
    return next((said for said, _ in pairs if said.text == key), None)
