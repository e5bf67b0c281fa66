"""Chapters and groups on the panel: a heading is found, said in time, and never fires."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stagectl.engine.intent import StandBy
from stagectl.panel import clocks, say
from stagectl.panel.playbill import CueLine, PartLine, Playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.cuelist import each, last_top, layout, top_cue
from stagectl.panel.widgets.head import draw_head
from tests.panel import snapshots
from tests.panel.canned import KIOSK, NARROW, evening


def view(**changed):
    snap = replace(snapshots.chapters(), **changed)
    return View(bill=snapshots.concert(), snap=snap, contact="up", wall=snapshots.WALL)


# ---- the list


async def test_a_heading_stands_above_its_first_cue_with_the_time_it_is_planned_to_take():
    async with evening(snapshots.chapters(), bill=snapshots.concert()) as it:
        rows = it.text().splitlines()
        heading = next(n for n, row in enumerate(rows) if "── Del 2 – Konserten ──" in row)
        assert "32:09" in rows[heading]
        assert "Inn igjen" in rows[heading + 1]


@pytest.mark.parametrize("size", [NARROW, KIOSK])
async def test_a_touch_on_a_heading_makes_its_first_cue_the_next(size):
    async with evening(snapshots.chapters(), size, bill=snapshots.concert()) as it:
        top = it.panel.screen.query_one("#cues").region.y
        y = next(n for n, row in enumerate(it.text().splitlines()) if "── Del 2" in row)
        await it.touch("#cues", (10, y - top))
        assert it.asked == [StandBy("6")]


async def test_the_arrows_ask_for_another_chapter_and_fire_nothing():
    async with evening(snapshots.chapters(), bill=snapshots.concert()) as it:
        await it.press("right")
        await it.press("left")
        assert it.asked == [StandBy("next chapter"), StandBy("previous chapter")]


async def test_three_quick_taps_are_three_chapters():
    async with evening(snapshots.chapters(), bill=snapshots.concert()) as it:
        for _tap in range(3):
            await it.press("right")
            await it.wait(0.15)
        assert it.asked == [StandBy("next chapter")] * 3


async def test_an_arrow_held_down_is_one_chapter():
    async with evening(snapshots.chapters(), bill=snapshots.concert()) as it:
        await it.press("right", "right", "right")
        assert it.asked == [StandBy("next chapter")]


def test_where_there_is_no_chapter_it_is_said():
    assert say.refusal("no_cue", "next chapter") == "There is no chapter after this one"
    assert say.refusal("no_cue", "previous chapter") == "There is no chapter before this one"


@given(
    st.lists(st.booleans(), min_size=1, max_size=60),
    st.integers(4, 40),
    st.integers(0, 59),
    st.integers(0, 59),
)
@example(heads=[False, False, False, True, True, False], rows=4, onstage=4, standby=3)
def test_now_and_next_are_always_in_the_list_and_no_cue_is_cut(heads, rows, onstage, standby):
    cues = tuple(CueLine(str(n), chapter="A" if head else "") for n, head in enumerate(heads))
    bill = Playbill(
        cues=cues,
        index={cue.number: n for n, cue in enumerate(cues)},
        chapters=tuple(n for n, head in enumerate(heads) if head),
    )
    onstage, standby = onstage % len(cues), standby % len(cues)
    snap = replace(snapshots.live(), onstage=str(onstage), standby=str(standby))
    seen = View(bill=bill, snap=snap)
    drawn = layout(seen, rows)
    assert len(drawn) <= rows
    assert (standby, 0) in drawn
    if abs(onstage - standby) == 1:
        assert (onstage, 0) in drawn
    places = sorted({place for place, _row in drawn})
    assert places == list(range(places[0], places[-1] + 1))
    for place in places:
        high = [row for which, row in drawn if which == place]
        assert high == ([-1] if heads[place] else []) + list(range(each(rows)))
    assert top_cue(seen, rows) <= last_top(seen, rows)
    assert layout(seen, rows, last_top(seen, rows))[-1][0] == len(cues) - 1


# ---- the head and the clocks


def test_a_chapter_has_what_was_planned_for_it_less_what_it_has_lasted():
    clock = clocks.chapter_clock(view(in_chapter=1000.0))
    assert clock is not None
    assert (clock.name, clock.left) == ("Del 2 – Konserten", 120 + 9 + 1500 + 300 - 1000.0)
    skipping = clocks.chapter_clock(view(in_chapter=1000.0, skipped=("9",)))
    assert skipping is not None
    assert skipping.left == clock.left - 300.0


def test_before_the_first_heading_there_is_no_chapter():
    assert clocks.chapter_clock(view(onstage="1")) is None
    assert clocks.chapter_clock(view(onstage=None, in_chapter=None)) is None
    assert clocks.chapter_clock(view(phase="ended")) is None


def test_a_chapter_that_nothing_is_planned_for_has_a_name_and_no_time():
    bill = replace(snapshots.concert(), cues=(CueLine("6", chapter="Del [/] 2"),), chapters=(0,),
                   index={"6": 0})  # fmt: skip
    clock = clocks.chapter_clock(replace(view(), bill=bill))
    assert clock is not None
    assert (clock.left, say.chapter(clock)) == (None, "Del [/] 2")


@pytest.mark.parametrize(("columns", "told"), [(140, True), (112, True), (80, False)])
def test_the_head_tells_the_chapter_only_where_all_of_it_has_room(columns, told):
    text = "".join(piece for piece, _tone in draw_head(view(), columns, 2)[0][0])
    assert ("Del 2 – Konserten · 30:34 left" in text) is told
    assert "Forfattermøte med konsert" in text
    assert ("Del 2" in text) is told


def test_a_chapter_over_its_plan_says_by_how_much():
    over = replace(view(), snap=snapshots.overrun())
    clock = clocks.chapter_clock(over)
    assert clock is not None
    assert (say.chapter(clock), clock.pace) == ("Del 1 – Samtalen · 3:05 over the plan", "red")


# ---- a group


def test_a_group_says_what_goes_together_and_when():
    cue = snapshots.concert().cue("7")
    assert cue is not None
    assert say.going(cue)[0] == "Lyset ned + Bandet på after 2 s + Introfilmen after 3 s"
    unnamed = CueLine("1", group=(PartLine(), PartLine(wait=1.0)))
    assert say.going(unnamed) == ["2 parts"]


async def test_the_card_of_a_group_says_its_parts_and_what_all_of_them_change():
    async with evening(snapshots.chapters(), (200, 56), bill=snapshots.concert()) as it:
        for words in (
            "Lyset ned + Bandet på after 2 s + Introfilmen after 3 s",
            "Play Introfilm",
            "Camera: Scenen",
            "House down to 10 %",
            "Stage light up to 100 %",
        ):
            assert words in it.text()
