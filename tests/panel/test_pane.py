"""What every pane gets for nothing: GO beside it, a mark that arrows move, Esc, and its keys."""

from dataclasses import replace

import pytest
from textual.geometry import Region

from stagectl.engine.intent import Back, Go, Overlay, Put, Skip, StandBy, Trigger
from stagectl.panel.link import Gone, Hello
from stagectl.panel.mark import onward
from stagectl.panel.panes.pane import Pane
from stagectl.panel.panes.slots import PANES
from stagectl.panel.playbill import read_playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.touch import Touch
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, NARROW, WIDE, evening

SIZES = [NARROW, KIOSK, WIDE]
GRID = [Region(x, y, 12, 3) for y in (0, 4, 8) for x in (0, 14, 28)]


@pytest.mark.parametrize(
    ("at", "way", "to"),
    [
        (4, "left", 3), (4, "right", 5), (4, "up", 1), (4, "down", 7),
        (2, "right", 3), (3, "left", 2), (8, "right", None), (0, "up", None), (8, "down", None),
    ],
)  # fmt: skip
def test_an_arrow_goes_to_the_next_button_that_way_and_on_to_the_next_row(at, way, to):
    assert onward(GRID, GRID[at], way) == to


def test_an_arrow_without_a_mark_begins_at_the_first_button_and_with_no_button_nowhere():
    assert onward(GRID, None, "down") == 0
    assert onward([], None, "down") is None


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name, _pane in PANES])
async def test_go_is_where_it_was_in_every_pane_by_key_and_by_touch(name, size):
    async with evening(snapshots.trouble(), size) as it:
        before = it.panel.screen.query_one("#go").region
        it.panel.live._show_pane(name)
        await it.settle()
        assert it.panel.view.pane == name
        assert it.panel.screen.query_one("#go").region == before
        await it.press("space")
        await it.touch("#go", (10, 3))
        assert it.asked == [Go(expect="4")] * 2
        await it.touch("#stop")
        assert it.asked[2:] == [Overlay("safe")]


@pytest.mark.parametrize("name", [name for name, _pane in PANES])
async def test_go_does_not_work_in_any_pane_without_a_desk_and_every_pane_says_so(name):
    async with evening() as it:
        it.panel.live._show_pane(name)
        await it.say(Gone("lost"))
        await it.press("space")
        await it.touch("#go", (10, 3))
        assert it.asked == []
        assert "No contact with the desk" in it.text()


async def test_esc_closes_a_pane_first_and_only_then_counts():
    async with evening() as it:
        await it.press("m", "escape")
        assert it.panel.view.pane == "cues"
        assert "Esc once more" not in it.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_menu_is_worked_by_arrows_and_enter(size):
    async with evening(snapshots.ready(), size) as it:
        await it.press("m", "enter")
        assert it.panel.view.pane == "menu"  # nothing is marked, so nothing is pressed
        await it.press("down")
        for _ in range(20):
            marked = it.panel.live.pane.marked
            if marked.button == "record":
                break
            await it.press("right")
        assert "▌" in it.text()
        await it.press("enter")
        assert "Start the recording?" in it.text()
        await it.wait(1)
        await it.press("2")
        assert it.asked == [Trigger("obs", "record", "start")]


async def test_a_mark_is_gone_when_the_pane_is_opened_again():
    async with evening() as it:
        await it.press("m", "down", "escape", "m", "enter")
        assert it.panel.view.pane == "menu"


async def test_keys_of_the_frame_work_in_a_pane():
    async with evening() as it:
        await it.press("m", "s", "backspace")
        assert it.asked == [Skip("4"), Back()]


@pytest.mark.parametrize("size", SIZES)
async def test_the_menu_is_two_touches_there_and_back(size):
    async with evening(size=size) as it:
        await it.touch("#menu")
        assert "Close the" in it.text()
        assert "To the" in it.text()
        await it.touch("#menu")
        assert it.panel.view.pane == "cues"


async def test_a_finger_that_closes_the_panel_is_asked_elsewhere_and_a_lost_desk_asks_nothing():
    async with evening() as it:
        await it.touch("#menu")
        await it.touch("#menu-close")
        assert "Close this panel?" in it.text()
        assert it.panel.return_code != 0
        await it.touch("#choice-1")
        assert it.panel.return_code == 0
    async with evening() as it:
        await it.say(Gone("lost"))
        await it.touch("#menu")
        await it.touch("#menu-close")
        assert it.panel.return_code == 0


async def test_what_waits_to_be_settled_is_counted_on_the_way_back_to_it():
    async with evening(snapshots.trouble()) as it:
        await it.press("m")
        assert "Esc · 2 wait" in it.text()
        await it.say(snapshots.live())
        assert "2 wait" not in it.text()


async def test_a_touch_on_previous_and_next_moves_the_standby_and_never_the_mark():
    async with evening() as it:
        await it.press("m", "down")
        marked = it.panel.live.pane.marked
        await it.touch("#next")
        await it.touch("#previous")
        assert it.asked == [StandBy("next"), StandBy("previous")]
        assert it.panel.live.pane.marked is marked


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name, _pane in PANES])
async def test_names_however_long_push_nothing_away_in_any_pane(name, size):
    plain = snapshots.plain_book()
    long = "Forfatterettermiddag med høytlesningsmaratonoppvarmingsøvelser " * 6
    plain["show"]["name"] = long
    plain["cues"] = [{**c, "name": long, "notes": long, "scene": long} for c in plain["cues"]]
    plain["scenes"] = {name: {"label": long} for name in plain["scenes"]}
    plain["devices"] = dict.fromkeys(plain["devices"], long)
    plain["parameters"] = {n: {**c, "label": long} for n, c in plain["parameters"].items()}
    async with evening(size=size) as it:
        before = it.panel.screen.query_one("#go").region
        it.panel.live._show_pane(name)
        await it.say(read_playbill(plain), replace(snapshots.trouble(), operator=long))
        assert it.panel.screen.query_one("#go").region == before
        inside = it.panel.screen.query_one("#main").region
        for button in it.panel.live.pane.query(Touch):
            assert not button.region.area or inside.contains_region(button.region)
        assert all(len(row) <= size[0] for row in it.text().splitlines())
        await it.touch("#go", (10, 3))
        assert it.asked == [Go(expect="4")]


@pytest.mark.parametrize("pane", [pane for _name, pane in PANES])
def test_the_styles_of_every_pane_may_begin_with_a_class_of_the_screen(pane):
    bases = [base for base in pane.__mro__ if issubclass(base, Pane)]
    assert not any(vars(base)["SCOPED_CSS"] for base in bases)


# ---- who may ask for what


def seen(role, *own):
    return View(contact="up", role=role, snap=snapshots.live(), own=own)


def test_a_guest_has_go_back_and_their_own_microphones_and_nothing_else():
    guest = seen("guest", "mixer.guest")
    assert guest.may(Go(expect="4"))
    assert guest.may(Back())
    assert guest.may(Put("mixer.guest.level", -6.0))
    assert guest.may(Put("mixer.guest.on", value=False))
    assert not guest.may(Put("mixer.guest 2.on", value=False))
    assert not guest.may(Put("obs.program", "Panel"))
    assert not guest.may(Overlay("safe"))
    assert not guest.may(Skip("4"))
    assert not guest.may_ask


def test_whoever_watches_may_ask_for_nothing_and_an_operator_for_all():
    for intent in (Go(), Back(), Overlay("safe"), Skip("4"), Put("mixer.guest.on", value=True)):
        assert not seen("watch").may(intent)
        assert seen("operate").may(intent)


async def test_a_guest_who_presses_every_pad_and_key_asks_for_go_and_back_only():
    heard = (Hello(ME, "guest"), snapshots.debate(), snapshots.live())
    async with evening(heard=heard) as it:
        await it.press("s", "d", "down", "up", "escape", "escape", "u", "o", "r", "t", "a")
        for pad in ("stop", "cover", "postpone", "takeover", "skip", "previous", "next"):
            await it.touch(f"#{pad}")
        assert it.asked == []
        await it.press("space", "backspace")
        assert it.asked == [Go(expect="4"), Back()]
