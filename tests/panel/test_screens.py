"""The whole screen, as text and as colours, at three sizes and in two languages.

Each screen lies in tests/panel/screens/ to be read. After a change that is meant:
`STAGECTL_DRAW=1 python -m pytest tests/panel/test_screens.py`, and read the diff.
"""

import os
from pathlib import Path

import pytest

from stagectl.panel.link import Gone
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import GROUND_LETTERS, KIOSK, NARROW, WIDE, evening

SCREENS = Path(__file__).parent / "screens"
DRAW = "STAGECTL_DRAW"

ALL_SIZES = [
    (moment, size, language)
    for moment in ("live", "trouble")
    for size in (NARROW, KIOSK, WIDE)
    for language in ("nb", "en")
]
ON_THE_KIOSK = [
    (moment, KIOSK, "nb")
    for moment in ("ready", "holding", "stopped", "covered", "ended", "closed", "no_contact")
]


CONCERT = [
    ("chapters", size, language) for size in (NARROW, KIOSK, WIDE) for language in ("nb", "en")
] + [("overrun", KIOSK, "nb")]


EDITED = [
    ("edited", size, language) for size in (NARROW, KIOSK, WIDE) for language in ("nb", "en")
] + [(moment, KIOSK, language) for moment in ("mistaken", "reloaded") for language in ("nb", "en")]


@pytest.mark.parametrize(
    ("moment", "size", "language"),
    ALL_SIZES + ON_THE_KIOSK + CONCERT + EDITED,
    ids=lambda part: "x".join(map(str, part)) if isinstance(part, tuple) else part,
)
async def test_the_screen_is_as_it_was_approved(moment, size, language):
    named = {"no_contact": snapshots.live, "closed": snapshots.ended}.get(moment)
    snap = (named or getattr(snapshots, moment))()
    bill = snapshots.concert() if (moment, size, language) in CONCERT else None
    with tongue.speaking(language):
        async with evening(snap, size, bill=bill) as it:
            if named:
                await it.say(Gone("lost"))
            legend = " ".join(f"{letter} {name}" for name, letter in GROUND_LETTERS.items())
            drawn = f"{it.text()}\n\n{legend}\n\n{it.grounds()}\n"
    approved = SCREENS / f"{moment}-{size[0]}x{size[1]}-{language}.txt"
    if os.environ.get(DRAW):
        SCREENS.mkdir(exist_ok=True)
        approved.write_text(drawn, "utf-8", newline="\n")
    assert drawn.splitlines() == approved.read_text("utf-8").splitlines()
