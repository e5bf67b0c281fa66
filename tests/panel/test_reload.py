"""An edited show on the panel: what it would do stands on the card, and only a person takes it."""

from dataclasses import replace

import pytest

from stagectl.engine.intent import Go, Reload
from stagectl.panel.playbill import read_playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.cuelist import CueList
from stagectl.panel.widgets.settle import READ, draw_matter
from tests.panel import snapshots
from tests.panel.canned import KIOSK, evening


async def test_one_key_loads_what_was_read_and_another_keeps_the_old():
    for key, take in (("1", True), ("2", False)):
        async with evening(snapshots.edited(), KIOSK) as it:
            await it.wait(READ)
            await it.press(key)
            assert it.link.asked[-1] == Reload("a1b2c3", take=take)


@pytest.mark.parametrize("columns", [39, 60, 120])
def test_every_thing_that_moves_is_on_the_card_from_where_and_to_where(columns):
    view = View(bill=snapshots.debate(), snap=snapshots.edited(), contact="up")
    rows = [" ".join(text for text, _ in line) for line, _ in draw_matter(view, columns, 6)]
    text = " ".join(" ".join(rows).split())
    assert "moves this (3): Stage light: 60 % → 75 %; Playback: −∞ dB → −20 dB; Text Navn" in text


async def test_another_version_meanwhile_is_not_taken_by_a_finger_that_meant_the_first():
    async with evening(snapshots.edited(), KIOSK) as it:
        await it.wait(READ)
        await it.pilot.mouse_down("#choice-0", (2, 1))
        await it.say(replace(snapshots.edited(), offer=replace(snapshots.OFFER, id="newer")))
        await it.pilot.mouse_up("#choice-0", (2, 1))
        await it.settle()
        assert not it.link.asked
        await it.press("1")
        assert not it.link.asked, "nobody has read it yet"


async def test_go_is_go_while_the_card_stands():
    async with evening(snapshots.edited(), KIOSK) as it:
        await it.press("space")
        assert it.link.asked == [Go(expect="4")]


async def test_what_was_declined_or_went_on_is_no_question_any_more():
    for snap in (snapshots.edited(), snapshots.reloaded()):
        assert snap.offer is not None
        settled = replace(snap, offer=replace(snap.offer, declined=True))
        async with evening(settled, KIOSK) as it:
            assert not it.panel.live.query_one("#settle").display


async def test_after_loading_it_can_be_taken_back_or_left_so():
    async with evening(snapshots.reloaded(), KIOSK) as it:
        await it.wait(READ)
        await it.press("2")
        assert it.link.asked[-1] == Reload("a1b2c3")
    async with evening(snapshots.reloaded(), KIOSK) as it:
        await it.wait(READ)
        await it.press("1")
        assert it.link.asked[-1] == Reload("a1b2c3", take=False)


def longer(*first: str):
    book = snapshots.plain_book()
    cues = [{"number": number, "name": f"Ny {number}"} for number in first] + [
        *book["cues"],
        *({"number": str(n), "name": f"Cue {n}"} for n in range(100, 160)),
    ]
    return read_playbill({**book, "cues": cues})


async def test_whoever_looked_at_another_page_still_does_when_cues_were_put_in_above():
    async with evening(snapshots.live(), KIOSK, bill=longer()) as it:
        await it.press("pagedown", "pagedown")
        cues = it.panel.live.query_one(CueList)
        seen = cues.number_at(0)
        assert seen is not None
        assert seen != "1"
        await it.say(longer("0.1", "0.2"))
        assert cues.number_at(0) == seen
        assert "Ny 0.1" not in it.text()
        await it.press("pageup", "pageup", "pageup")
        assert "Ny 0.1" in it.text()


async def test_a_page_whose_cues_are_all_gone_follows_the_show_again():
    async with evening(snapshots.live(), KIOSK, bill=longer()) as it:
        await it.press("pagedown", "pagedown")
        book = snapshots.plain_book()
        await it.say(read_playbill({**book, "cues": [{"number": "3"}, {"number": "4"}]}))
        assert it.panel.live.query_one(CueList).number_at(0) == "3"
