"""Several files checked at once: what only one of them lacks is no fault if another has it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from stagectl.core.problem import Place, Problem, Source
from stagectl.core.value import Datum
from stagectl.files.disk import shown
from stagectl.files.load import check_file, read_show
from stagectl.files.nodes import Table
from stagectl.files.read import Reading, kind_of


def yaml_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files meant: a folder stands for all the YAML in it."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    return tuple(found)


def check_files(paths: Iterable[Path], at: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """Return every problem of shows, venues and profiles, and each of them once.

    A scene is unreached when no show of its venue takes
    it; while one of the shows cannot be read, nobody can tell.
    """
    problems: list[Problem] = []
    left: dict[str, list[Problem | None]] = {}
    broken = False
    for path in paths:
        if kind_of(path) != "show":
            problems += check_file(path, at)
            continue
        checked = read_show(path, None, at, cached=False)
        unreached = next((p for p in checked.problems if p.code == "unreached"), None)
        problems += (p for p in checked.problems if p is not unreached)
        if checked.book is None:
            broken = True
        else:
            left.setdefault(checked.book.venue_path, []).append(unreached)
    if not broken:
        problems += (p for venue, told in left.items() for p in _by_none(Path(venue), told))
    once = {(p.code, p.place, repr(sorted(p.data.items()))): p for p in problems}
    return tuple(once.values())


def _by_none(venue: Path, told: list[Problem | None]) -> Iterable[Problem]:
    """Yield one problem for the scenes that are unreached in every show."""
    first = told[0]
    if first is None or len(told) == 1:
        yield from (first,) if first else ()
        return
    lists = [set(_scenes(p)) for p in told]
    scenes = tuple(scene for scene in _scenes(first) if all(scene in one for one in lists))
    if scenes:
        data: dict[str, Datum] = {"shows": str(len(told)), "scenes": scenes}
        yield Problem("unreached_by_all", _place(venue, scenes[0]) or first.place, data, "warning")


def _scenes(problem: Problem | None) -> tuple[str, ...]:
    scenes = problem.data["scenes"] if problem else ()
    return scenes if isinstance(scenes, tuple) else ()


def _place(venue: Path, scene: str) -> Place | None:
    tree = Reading().parse(venue, Source(shown(venue)))
    scenes = tree.get("scenes") if isinstance(tree, Table) else None
    names = scenes.pairs if isinstance(scenes, Table) else ()
    return next((name.place for name, _ in names if name.text == scene), None)
