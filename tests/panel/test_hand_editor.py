"""Text is typed by a keyboard, by touch or pasted; none of it is ever more than text."""

import hypothesis.strategies as st
import pytest
from hypothesis import given
from textual.events import Paste

from stagectl.engine.intent import Go, Name, Skip
from stagectl.panel.panes.editing import MOST, Field, opened, signs, wholesome
from stagectl.panel.panes.editor import Board, Editor, Lines, places
from tests.panel.by_hand import by_hand
from tests.panel.canned import KIOSK, NARROW, WIDE

SIZES = [NARROW, KIOSK, WIDE]
LATIN = st.characters(max_codepoint=0x24F)


async def opened_on_guest(it):
    await it.page("text")
    await it.touch("main Somebody(role='guest')")
    return it.pane.query_one(Editor)


def texts(it):
    return it.pane.query_one(Editor).form.texts


async def tap(it, word):
    board = it.pane.query_one(Board)
    [key] = [k for k in places(board.form, *board.size) if k.word == word]
    await it.it.touch("#editor-board", (key.x + key.w // 2, key.y))


# ---- the line, by itself


@given(st.text(), st.integers(0, 20))
def test_whatever_is_typed_is_one_line_of_what_can_be_seen(said, at):
    field = Field("Name", "Kari Ødegård", at=min(at, 12)).type(said)
    assert len(field.text) <= MOST
    assert field.text == wholesome(field.text)
    assert field.text.isprintable()
    assert 0 <= field.at <= len(field.text)


@given(st.lists(st.sampled_from(["left", "right", "home", "end", "erase", "ahead", "å", " "])))
def test_the_cursor_is_always_in_the_text(ways):
    field = Field("Name", "Aase", at=4)
    for way in ways:
        field = {
            "erase": lambda f: f.erase(),
            "ahead": lambda f: f.erase(ahead=True),
            "å": lambda f: f.type("å"),
            " ": lambda f: f.type(" "),
        }.get(way, lambda f, way=way: f.move(way))(field)
        assert 0 <= field.at <= len(field.text)


@given(st.text(LATIN, max_size=30), st.text(LATIN, max_size=30))
def test_what_is_typed_in_the_middle_stands_there(before, after):
    before, after = wholesome(before), wholesome(after)
    field = Field("Name", before + after, at=len(before)).type("æ")
    assert field.text == before + "æ" + after
    assert field.erase().text == before + after


def test_an_accent_that_is_typed_after_its_letter_is_erased_with_it():
    typed = Field("Name").type("Ŝoaŋ").type("q\u0323")  # no letter of its own: q with a dot
    assert typed.erase().text == "Ŝoaŋ"
    assert Field("Name").type("e\u0301").text == "é"


def test_a_number_is_figures_and_nothing_else():
    assert Field("Number", figures=True, most=3).type("-1x2,3 4").text == "123"


def test_the_keyboard_has_norwegian_and_sami_letters_small_and_large():
    form = opened("", Field("Name", "x"))
    small = "".join(signs(form) + signs(form.key("layer")))
    assert set("abcdefghijklmnopqrstuvwxyzæøåéü0123456789-'.,áčđŋšŧž") <= set(small)
    raised = form.key("shift")
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÉÜ") <= set("".join(signs(raised)))
    assert "".join(signs(raised.key("q", "Q"))) == "".join(signs(form)), "shift is for one letter"


# ---- on the screen


async def test_the_space_bar_types_a_space_and_go_still_works_by_touch():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.press("space", "x")
        assert texts(it)[0] == "Amir Rahimi x"
        assert it.asked == []
        await it.it.touch("#go", (10, 3))
        assert it.asked == [Go(expect=it.desk.snapshot.standby)]
        assert texts(it)[0] == "Amir Rahimi x", "what is typed outlives a GO"


async def test_letters_that_are_keys_of_the_panel_are_letters_here():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.press("home", *["delete"] * 11, *"dhorstua123")
        assert texts(it)[0] == "dhorstua123"
        assert it.asked == []


async def test_escape_leaves_it_as_it_was_and_the_space_bar_is_go_again():
    async with by_hand() as it:
        editor = await opened_on_guest(it)
        await it.it.press("x", "escape")
        assert not editor.display
        assert it.it.panel.screen.focused is None
        assert it.asked == []
        await it.it.press("space")
        assert it.asked == [Go(expect=it.desk.snapshot.standby)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_name_is_typed_by_touch_alone(size):
    async with by_hand(size=size) as it:
        await opened_on_guest(it)
        for _sign in "Amir Rahimi":
            await tap(it, "⌫")
        for sign in "Åse":  # the first letter is a large one by itself
            await tap(it, "⇧") if sign == "Å" else None
            await tap(it, sign)
        await tap(it, "space")
        for sign in "øy":
            await tap(it, sign)
        await tap(it, "✓ Use it")
        assert it.asked == [Name("guest", "Åse øy", "Arkitekt")]


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_of_the_board_is_on_it_and_apart_from_the_others(size):
    async with by_hand(size=size) as it:
        await opened_on_guest(it)
        board = it.pane.query_one(Board)
        keys = places(board.form, *board.size)
        cells = [(x, y) for k in keys for x in range(k.x, k.x + k.w) for y in range(k.y, k.y + k.h)]
        assert len(cells) == len(set(cells))
        assert all(x < board.size.width and y < board.size.height for x, y in cells)
        assert all(k.w >= 5 for k in keys)
        rows = it.it.text().splitlines()[board.region.y : board.region.bottom]
        assert all(any(key.word in row for row in rows) for key in keys)


async def test_a_finger_that_slides_to_another_key_types_nothing():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.pilot.mouse_down("#editor-board", (20, 4))
        await it.it.pilot.mouse_up("#editor-board", (60, 4))
        await it.it.settle()
        assert texts(it)[0] == "Amir Rahimi"


async def test_what_is_pasted_is_text_whatever_is_in_it():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.press("home", *["delete"] * 11)
        lines = it.pane.query_one(Lines)
        lines.post_message(Paste("[@click=app.exit]Kari[/]\x1b[31m\u202e\nØ\x07degård" + "x" * 500))
        await it.it.settle()
        text = texts(it)[0]
        assert text.startswith("[@click=app.exit]Kari[/][31m Ødegård")
        assert len(text) == MOST
        assert "[@click=app.exit]Kari[/]" in it.it.text()


async def test_the_other_line_is_reached_by_tab_and_by_touch():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.press("tab", "1")
        assert texts(it) == ("Amir Rahimi", "Arkitekt1")
        lines = it.pane.query_one(Lines)
        await it.it.touch("#editor-lines", (12, 1))
        await it.it.press("2")
        assert texts(it) == ("Amir Rahimi2", "Arkitekt1")
        await it.it.touch("#editor-lines", (12, lines.size.height - 1))
        await it.it.press("enter")
        assert it.asked == [Name("guest", "Amir Rahimi2", "Arkitekt1")]


async def test_nobody_is_named_nothing():
    async with by_hand() as it:
        editor = await opened_on_guest(it)
        await it.it.press("home", *["delete"] * 11, "space", "enter")
        assert editor.display
        assert it.asked == []


async def test_the_pads_work_while_text_is_typed():
    async with by_hand() as it:
        editor = await opened_on_guest(it)
        await it.it.touch("#skip")
        assert it.asked == [Skip(it.desk.snapshot.standby)]
        await it.it.press("x")
        assert editor.display
        assert texts(it)[0] == "Amir Rahimix"


async def test_turning_away_leaves_it_as_it_was():
    async with by_hand() as it:
        await opened_on_guest(it)
        await it.it.press("x")
        await it.it.touch("#hand")
        await it.it.press("space")
        assert it.asked == [Go(expect=it.desk.snapshot.standby)]
        await it.it.press("h")
        assert "Amir Rahimi" in it.shown("main Somebody(role='guest')")
        assert not it.it.panel.view.editing


async def test_a_browser_is_told_when_text_is_typed_and_when_no_more():
    async with by_hand() as it:
        said = []
        it.it.panel._driver.write_meta = said.append
        await opened_on_guest(it)
        assert said == [{"type": "editing", "on": True}]
        await it.it.press("escape")
        assert said[1:] == [{"type": "editing", "on": False}]


async def test_a_panel_that_is_closed_while_text_is_typed_closes_quietly():
    async with by_hand() as it:
        await opened_on_guest(it)
        panel = it.it.panel
        for _child in list(it.pane.children):
            await _child.remove()
        panel.draw()  # the clock goes on to the last
        assert panel.failure is None
