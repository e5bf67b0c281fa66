"""A meter shows how loud one thing is, paints what changed, and shows nothing nobody says."""

import math
from dataclasses import replace
from math import inf
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.containers import Grid, Vertical
from textual.geometry import Region
from textual.screen import Screen

from stagectl.panel.gauges import LOOK, STALE
from stagectl.panel.ink import width
from stagectl.panel.link import Gone, Levels
from stagectl.panel.palette import DRAWN, TONES
from stagectl.panel.widgets.meter import (
    CLIPS,
    FALL,
    HOLD,
    LOUD,
    TOO_LOUD,
    WARN,
    Meter,
    Needle,
    as_line,
    draw_meter,
)
from stagectl.panel.widgets.painted import Painted
from tests.panel.canned import evening

LEVELS = st.one_of(st.none(), st.floats(-200, 60))


def signs(needle, columns=30, now=0.0):
    return "".join(sign for sign, _ in draw_meter(needle, now, columns))


def bar(needle, columns=30, now=0.0):
    """Return how many eighths of a cell the bar takes."""
    return sum(" ▏▎▍▌▋▊▉█".index(s) for s, _ in _cells(needle, columns, now) if s in "▏▎▍▌▋▊▉█")


def _cells(needle, columns, now):
    cells = draw_meter(needle, now, columns)
    return [cell for cell in cells if cell[1] in DRAWN] if needle.level is not None else []


def needle(level, now=0.0):
    return Needle().hear(level, now)


# ---- the drawing


@given(levels=st.lists(st.tuples(LEVELS, st.floats(0, 3)), max_size=12), columns=st.integers(1, 90))
def test_whatever_is_said_a_meter_fits_and_has_tones_of_the_palette(levels, columns):
    now, needle = 0.0, Needle()
    for level, later in levels:
        now += later
        needle = needle.hear(level, now)
        cells = draw_meter(needle, now, columns)
        assert len(cells) == columns
        assert width(as_line(cells)) == columns
        assert {tone for _, tone in cells} <= TONES.keys()


def test_what_nobody_says_is_not_silence():
    assert signs(Needle()).strip() == ""
    assert signs(needle(-120.0)).strip("─ ") == ""
    assert "─" in signs(needle(-120.0))


@given(one=st.floats(-60, 0), other=st.floats(-60, 0))
def test_the_louder_of_two_never_has_the_shorter_bar(one, other):
    quiet, loud = sorted((one, other))
    assert bar(needle(quiet)) <= bar(needle(loud)) + 4  # its mark of half a cell stands alone


def test_the_scale_ends_at_sixty_below_and_at_full_scale():
    inner = 30 - 5
    full = replace(needle(0.0), peak=-60.0)
    half = replace(needle(-30.0), peak=-60.0)
    assert signs(full).count("█") == inner
    assert bar(half) == pytest.approx(inner * 8 / 2, abs=1)
    assert signs(needle(20.0)).count("█") == inner


def test_the_bar_is_green_then_amber_then_red():
    tones = [tone for _, tone in draw_meter(needle(0.0), 0.0, 65)][:60]
    assert tones == sorted(tones, key=["bar_green", "bar_amber", "bar_red"].index)
    assert tones.index("bar_amber") == 60 + LOUD
    assert tones.index("bar_red") == 60 + TOO_LOUD


@pytest.mark.parametrize("columns", [12, 20, 60])
def test_however_short_a_bar_what_is_too_loud_is_red_at_its_end(columns):
    for level, tone in ((LOUD - 1, "green"), (LOUD + 1, "amber"), (TOO_LOUD + 1, "red")):
        lit = [t for s, t in draw_meter(needle(level), 0.0, columns) if s in "▏▎▍▌▋▊▉█"]
        assert lit[-1] == f"bar_{tone}"
        fell = needle(level).hear(-58.0, 0.1)
        assert ("▌", f"bar_{tone}") in draw_meter(fell, 0.1, columns)


def test_the_highest_level_of_the_last_second_stands_then_comes_down():
    loud = needle(-6.0)
    quiet = loud.hear(-50.0, 0.1)
    assert quiet.top(HOLD) == -6.0
    assert quiet.top(HOLD + 0.5) == pytest.approx(-6.0 - FALL / 2)
    assert quiet.top(60.0) == -50.0
    assert "▌" in signs(quiet, now=0.5)
    assert signs(quiet, now=0.5).endswith("−6")
    louder = quiet.hear(-20.0, HOLD + 2.0)  # above what the mark has come down to
    assert louder.top(HOLD + 2.0) == -20.0


def test_clipping_is_a_sign_and_not_a_colour_alone_for_as_long_as_somebody_may_look_away():
    clipped = needle(CLIPS).hear(-40.0, 0.1)
    assert "!" in signs(clipped, now=WARN - 0.1)
    assert "!" not in signs(clipped, now=WARN + 0.1)
    assert "!" not in signs(needle(CLIPS - 0.5))
    assert signs(needle(3.0), columns=6).endswith("!")  # where there is no room for a number too


def test_above_full_scale_the_number_says_so():
    assert signs(needle(6.0)).endswith("! +6")
    assert signs(needle(-0.2)).endswith("  0")


# ---- in a panel


async def show(it, *stems):
    meters = [Meter(stem) for stem in stems]
    await it.panel.live.query_one("#main").mount(Vertical(*meters, id="meters"))
    await it.settle()
    return meters


def row(meter):
    (drawn,) = meter.render_lines(Region(0, 0, meter.size.width, 1))
    return drawn.text


async def test_the_desk_is_asked_for_levels_while_a_meter_can_be_seen_and_no_longer():
    async with evening() as it:
        assert it.link.levels_wanted == []
        await show(it, "mixer.guest", "mixer.host")
        assert it.link.levels_wanted == [True]
        it.panel.live.query_one("#meters").display = False
        await it.settle()
        assert it.link.levels_wanted == [True, False]
        it.panel.live.query_one("#meters").display = True
        await it.settle()
        assert it.link.levels_wanted == [True, False, True]


async def test_meters_that_are_taken_away_ask_for_nothing():
    async with evening() as it:
        await show(it, "mixer.guest")
        await it.panel.live.query_one("#meters").remove()
        await it.settle()
        await it.panel.gauges.expire()
        assert it.link.levels_wanted == [True, False]


async def test_meters_that_another_screen_lies_over_ask_for_nothing_until_it_is_gone():
    async with evening() as it:
        await show(it, "mixer.guest")
        await it.panel.push_screen(Screen())
        await it.panel.gauges.expire()
        assert it.link.levels_wanted == [True, False]
        await it.panel.pop_screen()
        await it.settle()
        await it.panel.gauges.expire()
        assert it.link.levels_wanted == [True, False, True]


async def test_each_meter_shows_its_own_stem_and_none_what_nobody_says():
    async with evening() as it:
        guest, host, none = await show(it, "mixer.guest", "mixer.host", "mixer.nobody")
        await it.say(Levels({"mixer.guest": -6.0, "mixer.host": -40.0}))
        assert row(guest).rstrip().endswith("−6")
        assert row(host).rstrip().endswith("−40")
        assert row(none).strip() == ""


async def test_a_meter_given_another_stem_begins_with_nothing():
    async with evening() as it:
        (guest,) = await show(it, "mixer.guest")
        await it.say(Levels({"mixer.guest": -6.0, "mixer.host": -40.0}))
        guest.stem = "mixer.host"
        assert row(guest).strip() == ""
        await it.say(Levels({"mixer.guest": -6.0, "mixer.host": -40.0}))
        assert row(guest).rstrip().endswith("−40")


@pytest.mark.parametrize("gone", [True, False])
async def test_a_level_that_grew_old_is_none_and_no_frozen_bar(gone):
    async with evening() as it:
        (guest,) = await show(it, "mixer.guest")
        await it.say(Levels({"mixer.guest": -6.0}))
        if gone:
            await it.say(Gone("lost"))
        await it.wait(STALE - 0.1)
        await it.panel.gauges.expire()
        assert row(guest).strip()
        await it.wait(0.2)
        await it.panel.gauges.expire()
        assert row(guest).strip() == ""
        assert STALE + LOOK < 1.0


async def test_a_device_that_went_away_takes_its_meters_with_it_though_another_goes_on():
    async with evening() as it:
        guest, film = await show(it, "mixer.guest", "obs.Film")
        await it.say(Levels({"mixer.guest": -6.0, "obs.Film": -9.0}))
        await it.say(Levels({"obs.Film": -9.0}))
        assert row(guest).strip() == ""
        assert row(film).rstrip().endswith("−9")


async def test_only_the_cells_that_changed_are_painted_anew(monkeypatch):
    async with evening() as it:
        (guest,) = await show(it, "mixer.guest")
        painted: list[tuple[Region, ...]] = []
        monkeypatch.setattr(guest, "refresh", lambda *regions: painted.append(regions))
        await it.say(Levels({"mixer.guest": -30.0}))
        painted.clear()
        await it.say(Levels({"mixer.guest": -30.0}))
        assert painted == []
        step = 60.0 / (guest.size.width - 5)
        await it.say(Levels({"mixer.guest": -30.0 - 2 * step}))
        ((region,),) = painted
        assert 2 <= region.width <= 4


async def test_levels_draw_nothing_but_meters(monkeypatch):
    async with evening() as it:
        await show(it, "mixer.guest")
        drawn = []
        monkeypatch.setattr(it.panel.live, "show", drawn.append)
        view = it.panel.view
        await it.link.say(Levels({"mixer.guest": -30.0}))
        await it.pilot.pause()
        assert drawn == []
        assert it.panel.view is view


def test_a_level_that_is_no_number_is_never_drawn_as_loud():
    assert bar(needle(-math.inf)) == 0
    assert signs(needle(math.nan)).strip() == ""


async def test_a_tenth_of_a_second_of_sixteen_meters_costs_less_than_half_a_screen():
    """Seen: a quarter. A DataTable draws all of itself for a cell: ten times a second, 40 %."""
    turns, rounds = 5, 6

    async def spent(act):
        began = process_time()
        for n in range(turns):
            act(n)
            await it.pilot.pause()
        return process_time() - began

    async with evening() as it:
        meters = [Meter(f"m.{n}") for n in range(16)]
        main = it.panel.live.query_one("#main")
        await main.mount(Grid(*meters, id="meters"), before=0)
        await it.settle()

        def idle(_):
            pass

        def louder(turn):
            said = {f"m.{n}": -50.0 + 37 * (turn + n) % 50 for n in range(16)}
            it.panel.take(Levels(said))

        def anew(_):
            it.panel.live.refresh()
            for painted in it.panel.live.query(Painted):
                painted.refresh()

        least = dict.fromkeys((idle, louder, anew), inf)
        for _ in range(rounds):  # the least of each: whoever else is on these cores only adds
            for act, before in least.items():
                least[act] = min(before, await spent(act))
        meters_alone, all_of_it = least[louder] - least[idle], least[anew] - least[idle]
        assert 2 * meters_alone < all_of_it, least
