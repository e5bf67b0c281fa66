"""A second start takes the compiled book, but never an old one or somebody else's."""

import os
import pickle
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stagectl.files import cache, load
from tests.files.house import SHOW, House

CUES = (
    "  - {cue: 1, scene: conversation, set: {mixer.host.level: -inf dB}, do: [obs.record: start]}\n"
)


@pytest.fixture
def show(house: House) -> Path:
    return house.write("cues/kveld.yaml", SHOW + CUES)


@pytest.fixture
def books() -> Path:
    return Path(os.environ["STAGECTL_CACHE"]) / "books"


def is_known(path: Path, **asked) -> bool:
    return cache.get(cache.key(path, asked.get("venue_path"), asked.get("at"))) is not None


def test_what_comes_back_is_what_was_read(show):
    fresh = load.read_show(show)
    assert is_known(show)
    assert load.read_show(show) == fresh


def test_warnings_come_back_too(house):
    show = house.write("cues/x.yaml", SHOW + "  - {cue: 1, follow: 3 s}\n")
    assert "follow_last" in [p.code for p in load.read_show(show).problems]
    assert load.read_show(show).problems == load.read_show(show, cached=False).problems


@pytest.mark.parametrize(
    "name", ["cues/kveld.yaml", "scenes/sal.yaml", "scenes/profiles/desk.yaml"]
)
def test_a_change_in_any_of_its_files_is_seen(house, show, name):
    before = load.load_show(show)
    path = house.root / name
    path.write_bytes(path.read_bytes() + b"# endret\n")
    assert not is_known(show)
    assert load.load_show(show).digest != before.digest


def test_a_profile_of_the_librarys_own_that_comes_later_is_seen(house, show):
    venue = (house.root / "scenes/sal.yaml").read_text(encoding="utf-8")
    house.write("scenes/sal.yaml", venue.replace("profile: light", "profile: qlcplus"))
    load.load_show(show)
    assert is_known(show)
    house.write(
        "scenes/profiles/qlcplus.yaml", (house.root / "scenes/profiles/light.yaml").read_bytes()
    )
    assert not is_known(show)


def test_other_addresses_are_another_book(show):
    load.load_show(show)
    book = load.load_show(show, at={"mixer": "127.0.0.1:9"})
    assert book.venue.devices["mixer"].at == "127.0.0.1:9"
    assert load.load_show(show).venue.devices["mixer"].at == "192.168.10.20"


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-7], lambda b: b"", lambda b: b.replace(b"mixer", b"mixxr")]
)
def test_a_damaged_book_is_made_anew(show, books, damage):
    whole = load.load_show(show)
    (kept,) = books.glob("*.book")
    kept.write_bytes(damage(kept.read_bytes()))
    assert not is_known(show)
    assert load.load_show(show) == whole
    assert is_known(show)


def test_nothing_but_the_plain_values_of_a_book_is_ever_built(show, books, tmp_path):
    load.load_show(show)
    (kept,) = books.glob("*.book")
    head = kept.read_bytes().partition(b"\n")[0]

    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "evil",)

    import hashlib
    import json

    body = pickle.dumps(Evil())
    told = {**json.loads(head), "sha256": hashlib.sha256(body).hexdigest()}
    kept.write_bytes(json.dumps(told).encode() + b"\n" + body)
    assert not is_known(show)
    assert not (tmp_path / "evil").exists()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no modes: a user's folder is theirs"
)
def test_the_folder_is_ours_alone_or_is_not_used(show, books):
    load.load_show(show)
    assert stat.S_IMODE(books.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(b.stat().st_mode) == 0o600 for b in books.iterdir())
    books.chmod(0o777)
    assert not is_known(show)
    assert load.load_show(show).show.name == "Prøve"
    books.chmod(0o700)


def test_mistakes_are_not_kept(house):
    path = house.write("cues/feil.yaml", SHOW + "  - {cue: 1, fade: 90}\n")
    with pytest.raises(load.Mistakes) as mistakes:
        load.load_show(path)
    assert [p.code for p in mistakes.value.problems if p.severity == "error"] == ["no_unit"]
    assert not is_known(path)


def test_only_so_many_books_are_kept(house, books):
    for number in range(cache.MOST_KEPT + 3):
        load.load_show(house.write(f"cues/{number}.yaml", SHOW + CUES))
    assert len(list(books.glob("*.book"))) == cache.MOST_KEPT


def test_a_book_that_is_known_needs_neither_yaml_nor_pydantic(show):
    load.load_show(show)
    code = (
        "import sys; from pathlib import Path; from stagectl.files.load import load_show;"
        f"load_show(Path({str(show)!r}));"
        "print(sorted({'yaml', 'pydantic'} & set(sys.modules)))"
    )
    repo = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(repo)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
    )
    assert done.stdout == "[]\n"


def many(count: int) -> str:
    lines = (
        f"  - cue: {n}\n    name: Nummer {n}\n    scene: {('holding', 'conversation')[n % 2]}\n"
        f"    set: {{mixer.guest.level: -{n % 60} dB}}\n    fade: 2 s\n"
        for n in range(1, count + 1)
    )
    return SHOW + "".join(lines)


def fastest(work, times: int = 3) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def test_a_long_show_takes_its_length_and_the_known_book_a_fraction(house):
    short = house.write("cues/kort.yaml", many(1000))
    long = house.write("cues/lang.yaml", many(8000))
    one = fastest(lambda: load.read_show(short, cached=False))
    eight = fastest(lambda: load.read_show(long, cached=False))
    assert eight < 24 * one, "64 if it took the square of its length"
    book = load.load_show(long)
    assert len(book.show.cues) == 8000
    assert fastest(lambda: load.read_show(long)) < eight / 3
