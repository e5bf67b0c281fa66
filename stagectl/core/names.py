"""Each parameter has one name, the venue's: `mixer.ch.1.level` becomes `mixer.host.level`."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from stagectl.core.pattern import Pattern
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire

Found = tuple[str, Wire]  # the venue's path without the device ("host.level"), and its wire


class Names:
    """What one device's parameters are called; `names` maps the venue's names to the profile's."""

    def __init__(self, profile: Profile, names: dict[str, str]) -> None:
        self._profile = profile
        self._names = names
        self._called = {theirs: ours for ours, theirs in reversed(names.items())}
        # A literal `program` wins over a free `{input}`, in whatever order the profile has them.
        self._fixed = [p for p in profile.parameters if not p.free]
        self._free = [p for p in profile.parameters if p.free]

    def find(self, path: str) -> Found | None:
        """Return the parameter meant by `path`; a bare name means its main parameter."""
        found = self._exact(path)
        if found is None and (main := self._main(path)) is not None:
            found = self._exact(main)
        return found

    def is_free(self, path: str) -> bool:
        """Tell whether only the device can know if this parameter exists: a name is in it."""
        return _first(self._fixed, path) is None and path.partition(".")[0] not in self._names

    def own(self, word: str) -> str:
        """Return the device's own name for a value or an argument that names something of it."""
        return self._names.get(word, word) if self._free else word

    def named(self) -> Iterator[Found]:
        """Return every parameter of every named stem: host.level, host.on …"""
        for theirs in self._names.values():
            for pattern in self._fixed:
                path = pattern.under(theirs)
                if path is not None and (wire := pattern.match(path)) is not None:
                    yield self._name_of(path), wire

    def known(self) -> Iterator[str]:
        """Return the names a person could have meant: stems, parameters, and what needs no stem."""
        yield from self._names
        for path, _ in self.named():
            yield path
        for pattern in self._fixed:
            if "{" not in pattern.path:
                yield pattern.path

    def leads_somewhere(self, theirs: str) -> bool:
        """Tell whether the profile has any parameter at or under a stem: "ch.1", "level.1"."""
        return any(pattern.under(theirs) is not None for pattern in self._fixed)

    def leaves(self, path: str) -> tuple[str, ...]:
        """Return what stands after the stem of `path`: ("level", "on") for "host.volume"."""
        stem = path.partition(".")[0]
        theirs = self._names.get(stem, path.rpartition(".")[0])
        paths = [u for p in self._fixed if (u := p.under(theirs)) is not None]
        leaves = [p[len(theirs) + 1 :] for p in paths]
        leaves += [p.path.rpartition(".")[2] for p in self._free]
        return tuple(dict.fromkeys(leaf for leaf in leaves if leaf))

    def _exact(self, path: str) -> Found | None:
        head, dot, tail = path.partition(".")
        if head in self._names:
            found = _first(self._fixed, self._names[head] + dot + tail)
            if found is not None:
                theirs, wire = found
                return self._name_of(theirs), wire
        found = _first(self._fixed, path)
        if found is not None:
            return self._name_of(path), found[1]
        for pattern in self._free:
            texts = pattern.slots(path)
            free = pattern.match(path, self._names)
            if texts is not None and free is not None:
                return pattern.name(tuple(self._called.get(t, t) for t in texts)), free
        return None

    def _main(self, path: str) -> str | None:
        return self._profile.main(self._names.get(path, path)) or self._profile.main(path)

    def _name_of(self, theirs: str) -> str:
        """Return the venue's path for the profile's: the longest named stem is replaced."""
        stem = theirs
        while stem:
            if stem in self._called:
                return self._called[stem] + theirs[len(stem) :]
            stem = stem.rpartition(".")[0]
        return theirs


def nearest(word: str, known: Iterable[str], most: int = 1, cutoff: float = 0.6) -> tuple[str, ...]:
    """Return the known words most like `word`, best first; a wrong case is the likeliest."""
    folded = _folded(tuple(known))
    near: list[str] = difflib.get_close_matches(word.casefold(), folded, n=most, cutoff=cutoff)
    return tuple(folded[match] for match in near)


@lru_cache(maxsize=64)
def _folded(known: tuple[str, ...]) -> Mapping[str, str]:
    return {word.casefold(): word for word in reversed(known)}


def _first(patterns: Iterable[Pattern], path: str) -> Found | None:
    for pattern in patterns:
        wire = pattern.match(path)
        if wire is not None:
            return path, wire
    return None
