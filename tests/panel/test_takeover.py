"""A colleague takes over from one card; times are put off by as much as somebody says."""

from dataclasses import replace

import pytest

from stagectl.engine.intent import Go, Postpone, TakeOver
from stagectl.engine.snapshot import GoneRow
from stagectl.panel.ink import line, width
from stagectl.panel.link import Gone, Hello
from stagectl.panel.panes.takeover import Section, packed, shares
from stagectl.panel.playbill import read_playbill
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, NARROW, WIDE, evening

SIZES = [NARROW, KIOSK, WIDE]
BUSY = replace(
    snapshots.trouble(),
    postponed=1200.0,
    gone=(GoneRow("1", 1900.0), GoneRow("2", 1200.0), GoneRow("3", 974.0)),
    operator="Anna",
    operator_for=2531.0,
)


# ---- the card


@pytest.mark.parametrize("size", SIZES)
async def test_one_card_tells_all_that_a_colleague_must_know(size):
    async with evening(BUSY, size) as it:
        await it.press("o")
        shown = it.text()
        for words in (
            "Anna has the show now",
            "4 of 10 cues",
            "3 Innledning",
            "1:14 over the plan",
            "4 Panelet samles",
            "6 Prisutdeling",
            "REC 30:42 412.3 MB",
            "STREAM 30:39 310.9 MB",
            "House 55 %",
            "2.5 Introfilm",
            "5 Spørsmål fra salen",
            "20 min later than planned",
            "mixer does not answer",
        ):
            assert words in shown, words


async def test_where_there_is_room_it_says_when_the_last_cues_went():
    async with evening(BUSY, WIDE) as it:
        await it.press("o")
        assert "19:10 1 Dørene åpner" in it.text()
        assert "19:25 3 Innledning" in it.text()


async def test_where_nothing_is_held_skipped_or_wrong_it_says_so():
    async with evening(snapshots.ready()) as it:
        await it.press("o")
        for words in (
            "Nobody has begun the show yet", "nothing yet", "nothing is held by hand",
            "nothing is recorded or streamed", "nothing is wrong",
        ):  # fmt: skip
            assert words in it.text()


@pytest.mark.parametrize("size", SIZES)
async def test_a_touch_on_the_card_takes_over_and_the_card_says_when_it_was_heard(size):
    async with evening(BUSY, size) as it:
        await it.press("o")
        await it.touch("#takeover-take")
        assert it.asked == [TakeOver()]
        assert "Anna has the show now" in it.text()  # sent is not done
        await it.say(replace(BUSY, operator=ME, operator_for=0.0))
        assert "You have the show now, since 19:42" in it.text()
        await it.touch("#takeover-take")  # it is the way out now
        assert it.asked == [TakeOver()]
        assert it.panel.view.pane == "cues"


async def test_it_is_left_by_one_touch_without_taking_over_and_taken_by_keys_alone():
    async with evening(BUSY) as it:
        await it.press("o")
        await it.touch("#takeover-leave")
        assert it.panel.view.pane == "cues"
        await it.press("o", "down", "enter")
        assert it.asked == [TakeOver()]


async def test_whoever_began_a_moment_ago_has_not_taken_over():
    async with evening(replace(BUSY, operator=ME, operator_for=3.0)) as it:
        await it.press("o")
        assert "You have the show now" not in it.text()
        await it.touch("#takeover-take")
        assert it.asked == [TakeOver()]


async def test_two_people_at_one_screen_can_take_over_from_one_another():
    async with evening(replace(BUSY, operator=ME)) as it:
        await it.press("o", "1")
        assert it.asked == [TakeOver()]


async def test_without_a_desk_nobody_takes_over():
    async with evening(BUSY) as it:
        await it.press("o")
        await it.say(Gone("lost"))
        await it.touch("#takeover-take")
        await it.press("1", "down", "enter")
        assert it.asked == []


async def test_a_guest_sees_the_card_and_cannot_take_over():
    heard = (Hello(ME, "guest"), snapshots.debate(), BUSY)
    async with evening(heard=heard) as it:
        await it.press("o")
        await it.touch("#takeover-take")
        assert it.asked == []


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_names_however_long_leave_every_section_on_the_card(size, language):
    plain = snapshots.plain_book()
    long = "Forfatterettermiddag med høytlesningsmaratonoppvarmingsøvelser " * 6
    plain["cues"] = [{**c, "name": long} for c in plain["cues"]]
    with tongue.speaking(language):
        async with evening(size=size) as it:
            await it.say(read_playbill(plain), replace(BUSY, operator=long))
            await it.press("o")
            last = "ALARMER" if language == "nb" else "ALARMS"
            assert last in it.text()
            assert all(len(row) <= size[0] for row in it.text().splitlines())
            await it.press("space")
            assert it.asked == [Go(expect="4")]


def test_rows_go_first_to_who_has_most_to_say_and_none_is_left_without():
    one, two = Section("a", (line("x"),)), Section("b", (line("x"), line("y"), line("z")), 1)
    assert shares((one, two), 2) == [1, 1]
    assert shares((one, two), 4) == [1, 3]
    assert shares((one, two), 9) == [1, 3]


def test_what_has_no_room_is_counted_and_nothing_is_wider_than_the_card():
    items = tuple(line(f"item number {n}") for n in range(9))
    for space in (32, 60, 90):
        for rows in (1, 2, 3):
            lines = packed(items, space, rows)
            assert len(lines) <= rows
            assert all(width(told) <= space for told in lines)
            said = "".join(text for told in lines for text, _tone in told)
            shown = sum(f"item number {n}" in said for n in range(9))
            assert shown == 9 or f"and {9 - shown} more" in said


# ---- putting off


@pytest.mark.parametrize("size", SIZES)
async def test_how_much_is_asked_and_said_which_cue_moves_to_when(size):
    async with evening(size=size) as it:
        await it.press("u")
        assert it.asked == []
        assert "20:00 → 20:05" in " ".join(it.text().split())
        assert it.panel.screen.query_one("#go").region.bottom == size[1]
        await it.touch("#choice-2")
        assert it.asked == [Postpone(1200.0)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_answer_is_big_enough_for_a_finger_and_inside_the_screen(size):
    async with evening(snapshots.trouble(), size) as it:
        await it.press("u")
        shown = [b.region for b in it.panel.screen.query("#choices Touch") if b.display]
        assert len(shown) == 4
        edge = it.panel.screen.query_one("#left").region
        for n, one in enumerate(shown):
            assert one.height >= 3
            assert one.width >= 12
            assert edge.contains_region(one)
            assert not any(one.grow((1, 1, 1, 1)).overlaps(other) for other in shown[n + 1 :])


async def test_what_was_put_off_can_be_taken_back():
    async with evening(replace(snapshots.live(), postponed=900.0)) as it:
        await it.press("u")
        assert "15 min later than planned" in it.text()
        assert "20:15" in it.row_of("By the clock") + it.row_of("20:25")
        assert "20:35" in it.text()
        await it.touch("#choice-2")
        assert it.asked == [Postpone(-900.0)]


async def test_the_pad_that_asked_takes_its_question_back():
    async with evening() as it:
        await it.touch("#postpone")
        assert "Put off by how much?" in it.text()
        await it.wait(1)
        await it.touch("#postpone")
        assert "Put off by how much?" not in it.text()
        assert it.asked == []


async def test_with_no_cue_by_the_clock_there_is_nothing_to_put_off():
    async with evening(replace(snapshots.live(), onstage="7", standby="8")) as it:
        await it.press("u")
        await it.touch("#postpone")
        assert "Put off by how much?" not in it.text()
