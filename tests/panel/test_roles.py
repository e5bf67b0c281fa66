"""A panel says in whose role it is and until when, sends what that may, says when it is over."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from stagectl.desk import pins
from stagectl.desk.pins import Pins
from stagectl.desk.place import Place
from stagectl.desk.port import Port
from stagectl.engine.intent import Back, Go
from stagectl.panel import say
from stagectl.panel.clocks import ending
from stagectl.panel.link import Gone, Hello, Wire, _hello
from stagectl.panel.view import View
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, NARROW, WIDE, evening
from tests.panel.test_link import Ear, ear

MIC = "mixer.guest"
LATER = snapshots.WALL + 3600


@asynccontextmanager
async def a_guests(size=KIOSK, until=LATER, snap=None, language="en"):
    hello = Hello(f"guest {ME}", "guest", (MIC,), until)
    heard = (hello, snapshots.debate(), snap or snapshots.live())
    with tongue.speaking(language):
        async with evening(heard=heard, size=size, language=language) as it:
            yield it


@pytest.mark.parametrize("size", [NARROW, KIOSK, WIDE])
@pytest.mark.parametrize(("language", "said"), [("en", "guest until"), ("nb", "gjest til")])
async def test_a_guests_panel_says_so_in_its_head_and_until_when(size, language, said):
    async with a_guests(size, language=language) as it:
        view = it.panel.view
        assert f"{said} {ending(view, LATER)}" in it.row_of(said)


@pytest.mark.parametrize(
    ("left", "said"),
    [(601, "guest until"), (600, "guest, 10 min left"), (61, "guest, 2 min left"),
     (1, "guest, 1 min left"), (-5, "guest, 0 min left")],
)  # fmt: skip
async def test_the_last_ten_minutes_of_a_guest_are_counted_down(left, said):
    async with a_guests(until=snapshots.WALL + left) as it:
        assert said in it.text()


async def test_a_guest_fires_the_cue_on_the_screen_and_goes_back_and_that_is_all():
    async with a_guests() as it:
        await it.press("s", "d", "down", "escape", "escape", "a", "t", "r", "f")
        assert it.asked == []
        await it.press("space")
        await it.press("backspace")
        assert [type(intent) for intent in it.asked] == [Go, Back]
        assert it.asked[0].expect == it.panel.view.snap.standby
        assert it.asked[0].cue == ""


async def test_a_screen_whose_pin_is_over_says_so_and_what_to_do_and_does_no_more():
    async with a_guests() as it:
        await it.say(Gone("expired"))
        text = it.text()
        assert "The PIN is no longer valid" in text
        assert "LOGGED OUT" in text
        assert "a new one" in text
        await it.press("space", "backspace")
        assert it.asked == []
        await it.say(Hello(ME, "operate"), snapshots.live())
        assert "no longer valid" not in it.text()
        assert it.panel.view.until is None


def test_midnight_is_the_days_own_end():
    view = View(wall=snapshots.WALL, bill=snapshots.debate())
    midnight = snapshots.WALL - snapshots.WALL % 60
    while ending(view, midnight) not in ("24:00", "00:00"):
        midnight += 60
    assert ending(view, midnight) == "24:00"
    assert ending(replace(view, wall=midnight), midnight) == "00:00"


@pytest.mark.parametrize(
    ("by", "said"),
    [("guest panel", "guest (the panel)"), ("guest browser 2", "guest (the browser 2)"),
     ("guest Ødegårds brett", "guest (Ødegårds brett)"), ("guesthouse", "guesthouse")],
)  # fmt: skip
def test_what_a_guest_did_is_said_to_be_a_guests(by, said):
    assert say.by(by) == said


# ---- on the real wire


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setitem(pins._COST, "n", 1 << 4)
    place = Place(tmp_path / "hall")
    place.make()
    return place


async def test_a_panel_hears_its_role_and_when_its_pin_is_over_and_keeps_saying_so(place):
    house = Pins(place)
    house.make("guest", own=(MIC,), until=9e9)
    (grant,) = house.grants()
    book = json.dumps(snapshots.plain_book()).encode()
    port = Port(lambda *_: None, book, {"x": "operate"}, place)
    address = port.start()
    try:
        async with ear(Wire(address, str(grant.token), "browser")) as panel:
            assert isinstance(panel, Ear)
            assert await panel.wait_for(Hello) == Hello("guest browser", "guest", (MIC,), 9e9)
            house.drop("guest")
            assert await panel.wait_for(Gone) == Gone("expired")
            assert await panel.wait_for(Gone) == Gone("expired"), "though nobody knows it now"
    finally:
        port.close()


def test_a_role_of_a_newer_desk_can_only_look():
    assert _hello({"by": "panel", "role": "sound"}) == Hello("panel", "watch")
    assert _hello({"by": "panel", "role": "operate"}) == Hello("panel", "operate")
