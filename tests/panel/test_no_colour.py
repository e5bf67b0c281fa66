"""Nothing is said by a colour alone: without colours, every state still says what it is."""

from collections import defaultdict
from dataclasses import replace
from functools import partial
from itertools import groupby

import pytest

from stagectl.engine.snapshot import HeldRow
from stagectl.panel import palette
from stagectl.panel.widgets.painted import Painted
from stagectl.panel.widgets.touch import Touch
from tests.panel import snapshots
from tests.panel.canned import NARROW
from tests.panel.gallery import PICTURES, Picture, shown

EMPHASIS = frozenset({"text", "strong", "dim", "faint", "done", "rule"})
"""How loudly something is said; not what."""

PLAIN = frozenset({"page", "card", "raised", "low"})
"""Grounds without a meaning of their own; a button that means nothing now
is `low`, and lacks its key."""

LIVE = snapshots.live()


def valued(name, value, standing="confirmed"):
    return replace(LIVE, values=LIVE.values | {name: (value, standing)})


def latched(*, record=True, stream=True, wanted=True):
    rows = [
        replace(row, on=record if row.verb == "record" else stream, wanted=wanted)
        for row in snapshots.ON_AIR
    ]
    return replace(LIVE, latches=tuple(rows))


def linked(state, **more):
    mixer = replace(snapshots.DEVICES[1], state=state, **more)
    return replace(LIVE, devices=(snapshots.DEVICES[0], mixer, snapshots.DEVICES[2]))


def held(*, kept):
    row = HeldRow("lights.house", 55.0, 20.0, "hand", 14.0, kept=kept)
    return replace(valued("lights.house", 55.0, "held"), held=(row,))


STATES = {
    "a microphone": ("room", [valued("mixer.guest.on", v) for v in (True, False)]),
    "how sure a value is": (
        "room",
        [
            valued("mixer.guest.on", True, how)
            for how in ("sent", "confirmed", "moving", "held", "lost", "failed", "unknown")
        ],
    ),
    "a recording": (
        "cues",
        [
            latched(), latched(record=False, wanted=False), latched(record=False),
            latched(stream=False),
        ],
    ),
    "a device": (
        "cues",
        [
            linked("linked"), linked("connecting"), linked("lost", why="silent"),
            linked("linked", unconfirmed=2), linked("linked", readable=False),
        ],
    ),
    "a hand": ("cues", [LIVE, held(kept=False), held(kept=True)]),
    "what is now and next": (
        "cues",
        [LIVE, replace(LIVE, onstage="2", standby="4"), replace(LIVE, onstage="3", standby="5")],
    ),
    "the phase": (
        "cues",
        [
            LIVE, snapshots.ready(), snapshots.holding(), snapshots.stopped(), snapshots.covered(),
            snapshots.ended(), replace(LIVE, latches=snapshots.OFF_AIR),
        ],
    ),
    "a cue": (
        "cues",
        [LIVE, replace(LIVE, skipped=("5",)), replace(LIVE, overdue=("6",))],
    ),
    "how the time stands": (
        "cues",
        [LIVE, replace(LIVE, elapsed=874.0), replace(LIVE, elapsed=974.0)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", STATES)
async def test_each_state_has_its_own_words_on_the_smallest_screen(what):
    pane, states = STATES[what]
    texts = []
    for snap in states:
        async with shown(Picture(what, partial(replace, snap), pane=pane), NARROW) as it:
            texts.append(it.text())
    assert len(set(texts)) == len(states)


async def test_no_block_has_two_meanings_that_only_a_colour_tells_apart():
    """Of all the screens there are: the same words in the same place have the same meaning."""
    meanings = defaultdict(dict)
    for picture in PICTURES:
        async with shown(picture) as it:
            for place, words, meaning in blocks(it.panel.screen):
                # the hand's buttons are other things on another page
                here = f"{picture.name} {place}" if place.startswith("hand-") else place
                meanings[here, words].setdefault(meaning, picture.name)
    told_apart_by_colour = {where: by for where, by in meanings.items() if len(by) > 1}
    assert told_apart_by_colour == {}


def blocks(screen):
    """Each block drawn: where it stands, its words, and all that a colour says of it.

    A button is a block, and so are neighbouring rows of one ground; a row of no ground is alone.
    """
    for painted in screen.query(Painted):
        if not painted.region.area:
            continue
        for ground, rows in groupby(painted._rows, key=lambda row: row[1]):
            lines = [pieces for pieces, _ground in rows]
            whole = isinstance(painted, Touch) or ground not in PLAIN
            for drawn in [lines] if whole else [[line] for line in lines]:
                pieces = [(text.strip(), tone) for line in drawn for text, tone in line]
                said = tuple((t, tone) for t, tone in pieces if t and tone not in EMPHASIS)
                if painted.id == "now-card":  # its mark is red while the head says ON AIR in words
                    said = tuple((t, tone.replace("on_air", "calm")) for t, tone in said)
                words = " ".join(" ".join(text for text, _ in pieces).split())
                if any(map(str.isalnum, words)):  # a row of a large figure is no word yet
                    yield painted.id, words, ("" if ground in PLAIN else ground, said)


async def test_the_keyboards_mark_is_a_shape():
    async with shown(next(p for p in PICTURES if p.name == "menu")) as it:
        before = it.text()
        await it.press("right")
        marked = it.text()
    assert marked != before
    assert marked.count("▌") > before.count("▌")


async def test_every_contrast_has_the_same_words():
    drawn = []
    try:
        for contrast in palette.CONTRASTS:
            palette.use(contrast)
            async with shown(PICTURES[1]) as it:
                drawn.append(it.text())
    finally:
        palette.use("ordinary")
    assert len(drawn) == len(palette.CONTRASTS)
    assert len(set(drawn)) == 1
