"""A show of a few lines, played by the whole program on whatever peers a test has."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.faults.house import House

SHOW = "kveld.yaml"
NOTHING: Mapping[str, str] = {}


@contextmanager
def playing(
    folder: Path, venue: str, cues: str, *options: str, profiles: Mapping[str, str] = NOTHING
) -> Iterator[House]:
    """Open a show on a venue, both as people write them, and wait until every device is linked.

    `venue` has what comes after its name, `cues` the lines of the list, `profiles` the text of
    profiles of the library's own, by name.
    """
    for part in ("cues", "scenes/profiles", "config"):
        (folder / part).mkdir(parents=True)
    for name, text in profiles.items():
        (folder / "scenes" / "profiles" / f"{name}.yaml").write_text(text, "utf-8")
    (folder / "scenes" / "kjeller.yaml").write_text(f"venue: Kjelleren\n{venue}", "utf-8")
    show = f"show: Prøve\nvenue: kjeller\ncues:\n{cues}"
    (folder / "cues" / SHOW).write_text(show, "utf-8")
    house = House(folder, *options, show=SHOW)
    try:
        house.open()
        house.linked()
        yield house
    finally:
        house.close()
