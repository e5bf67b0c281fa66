"""What comes in one moment with a touch: a note that is typed, a finger that bounces."""

import asyncio
from dataclasses import replace

import pytest
from textual.events import Key, MouseDown, MouseUp

from stagectl.engine.intent import End, Message, Note, Redo, TakeOver
from stagectl.engine.snapshot import MissedRow
from stagectl.panel.widgets.touch import Touch
from tests.panel import snapshots
from tests.panel.canned import ME, Evening, evening

SLOW = 10.0  # seconds that a slow machine may take
KEYS = {" ": "space", "\r": "enter"}


def finger(it: Evening, x: int, y: int) -> None:
    """Touch a cell: down and up at once, nothing awaited between."""
    for kind in (MouseDown, MouseUp):
        it.panel.post_message(
            kind(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
        )


def at(it: Evening, selector: str) -> tuple[int, int]:
    region = it.panel.screen.query_one(selector).region
    return region.x + 2, region.y + 1


def typed(it: Evening, text: str) -> None:
    for sign in text:
        it.panel.post_message(Key(KEYS.get(sign, sign), None if sign == "\r" else sign))


async def until(it: Evening, wanted) -> None:
    async with asyncio.timeout(SLOW):
        while not wanted():
            await it.settle()


# ---- typed in one burst with what opens the editor


@pytest.mark.parametrize(
    ("pane", "button", "kept"),
    [("f5", "#stageclock-own", Message("h d s u")), ("f6", "#after-note", Note("h d s u"))],
)
async def test_a_text_typed_at_once_after_the_touch_is_the_text_and_fires_nothing(
    pane, button, kept
):
    async with evening() as it:
        await it.press(pane)
        finger(it, *at(it, button))
        typed(it, "h d s u")
        await until(it, lambda: it.panel.view.editing)
        await it.press("enter")
        assert it.asked == [kept]


@pytest.mark.parametrize(("pane", "digit"), [("f5", "8"), ("f6", "1")])
async def test_a_text_typed_at_once_after_the_key_fires_nothing(pane, digit):
    async with evening() as it:
        await it.press(pane)
        typed(it, f"{digit}h d s u")
        await until(it, lambda: it.panel.view.editing)
        await it.press("escape")
        assert it.asked == []


async def test_what_runs_on_after_enter_is_no_key_of_the_frame():
    async with evening() as it:
        await it.press("f5", "8")
        await until(it, lambda: it.panel.view.editing)
        typed(it, "hei\r" + " du s" * 300)
        await until(it, lambda: not it.panel.view.editing)
        assert it.asked == [Message("hei")]


async def test_an_editor_that_never_comes_leaves_the_keys_to_the_frame():
    async with evening() as it:
        it.panel.ahead.expect()
        await it.press("space")
        assert it.asked == []
        await it.wait(2)
        await it.press("space")
        assert len(it.asked) == 1


# ---- a finger that bounces


async def test_a_bounce_does_not_press_what_the_touch_has_just_brought_up():
    missed = tuple(
        MissedRow(id=n, device="obs", verb="record", argument="start", cue="3", why="away")
        for n in (1, 2)
    )
    async with evening(replace(snapshots.live(), missed=missed)) as it:
        place = at(it, "#choice-0")
        finger(it, *place)
        await until(it, lambda: it.asked)
        await it.say(replace(snapshots.live(), missed=missed[1:]))
        finger(it, *place)
        await it.settle()
        assert it.asked == [Redo(1)]


async def test_a_question_under_the_finger_that_asked_for_it_is_not_answered_by_its_bounce():
    async with evening(replace(snapshots.live(), latches=snapshots.OFF_AIR)) as it:
        await it.press("m")
        button = it.panel.screen.query_one("#menu-end")
        region = button.region
        finger(it, region.x + 2, region.y + 1)
        await until(it, lambda: it.panel.screen.query_one("#choice-1").region.area)
        yes = it.panel.screen.query_one("#choice-1", Touch)
        x, y = at(it, "#choice-1")
        it.panel._lifted._screen_x = it.panel._lifted._x = x
        it.panel._lifted._screen_y = it.panel._lifted._y = y
        finger(it, x, y)
        await it.settle()
        assert it.asked == []
        yes._since -= 1  # it has been there for a while
        finger(it, x, y)
        await until(it, lambda: it.asked)
        assert it.asked == [End()]


async def test_a_digit_held_down_in_a_pane_does_not_answer_the_question_below_it():
    missed = (MissedRow(id=1, device="obs", verb="record", argument="start", cue="3", why="away"),)
    before = replace(snapshots.live(), missed=missed)
    async with evening(before) as it:
        await it.wait(5)
        await it.press("o", "1")
        await it.say(replace(before, operator=ME, operator_for=0.0))
        for _repeat in range(6):
            await it.wait(0.033)
            await it.press("1")
        assert it.panel.view.pane == "cues"
        assert it.asked == [TakeOver()]
        await it.wait(5)
        await it.press("1")
        assert it.asked == [TakeOver(), Redo(1)]
