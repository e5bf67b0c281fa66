"""The way in: a path becomes a book, from the cache when no file has changed since."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stagectl.core.book import Book
from stagectl.core.check import Checked
from stagectl.core.problem import Problem
from stagectl.core.profile import Profile
from stagectl.files import cache

# The reader brings pydantic and YAML, a tenth of a second: it is imported when it is needed.


class Mistakes(Exception):  # noqa: N818 -- it carries people's mistakes, and is none itself
    """The files cannot be used; `problems` says all of why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(sorted({problem.code for problem in problems})))
        self.problems = problems


def read_show(
    path: Path,
    venue_path: Path | None = None,
    at: Mapping[str, str] | None = None,
    *,
    cached: bool = True,
) -> Checked:
    """Return the book of a show, if there is no error, and every problem.

    `venue_path`: another venue than the show's own. `at`: other addresses, by device.
    """
    key = cache.key(path, venue_path, at)
    with _uncollected():
        if cached and (known := cache.get(key)) is not None:
            return known
        from stagectl.files.read import Reading

        reading = Reading()
        checked = reading.show(path, venue_path, at)
    if cached and checked.book is not None:
        cache.put(key, reading.disk.inputs, checked)
    return checked


def load_show(
    path: Path,
    venue_path: Path | None = None,
    at: Mapping[str, str] | None = None,
    *,
    cached: bool = True,
) -> Book:
    """Return the book of a show; raises Mistakes with every problem, warnings too."""
    return _book(read_show(path, venue_path, at, cached=cached))


def read_venue(path: Path, at: Mapping[str, str] | None = None) -> Checked:
    """Return the book of a venue by itself: its show has no cue."""
    from stagectl.files.read import Reading

    return Reading().venue(path, at)


def load_venue(path: Path, at: Mapping[str, str] | None = None) -> Book:
    """Return the book of a venue by itself; raises Mistakes."""
    return _book(read_venue(path, at))


def load_profile(name: str, folder: Path | None = None) -> Profile:
    """Return a profile by its name, from `folder`/profiles or built in; raises Mistakes."""
    from stagectl.files.read import Reading

    reading = Reading()
    profile = reading.profile(name, folder)
    if profile is None:
        problems = reading.told.problems or [
            Problem("no_profile", data={"profile": name, "near": (), "profiles": ()})
        ]
        raise Mistakes(tuple(problems))
    return profile


def check_file(path: Path, at: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """Return every problem of a show, a venue or a profile: its first key tells which it is."""
    from stagectl.files.read import Reading, kind_of

    match kind_of(path):
        case "venue":
            return read_venue(path, at).problems
        case "profile":
            reading = Reading()
            reading.profile_file(path)
            return tuple(reading.told.problems)
        case _:
            return read_show(path, None, at, cached=False).problems


def _book(checked: Checked) -> Book:
    if checked.book is None:
        raise Mistakes(checked.problems)
    return checked.book


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the collector off: a large show makes a million objects, and none of them a cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
