"""The stage clock says what is left, as large as it can, and never more than it knows."""

from dataclasses import replace

import pytest

from stagectl.panel.dial import dial, draw_dial
from stagectl.panel.figures import figures
from stagectl.panel.ink import width
from stagectl.panel.lettering import lettered
from stagectl.panel.link import Gone, Hello
from stagectl.panel.screens.clock import StageClock
from stagectl.panel.view import View
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, NARROW, WIDE, Canned

SIZES = [NARROW, KIOSK, WIDE]


def view(now=100.0, contact="up", **changes):
    """Return the debate, cue 3 of 15 minutes on stage, `now` - 100 seconds after it was heard."""
    snap = replace(snapshots.live(), **changes)
    seen = View(bill=snapshots.debate()).hear(snap, 100.0)
    return replace(seen, now=now, wall=snapshots.WALL + now - 100.0, contact=contact)


# ---- figures and letters


@pytest.mark.parametrize("text", ["0:07", "12:05", "+1:02:09", "−3 4:56:78:90"])
@pytest.mark.parametrize("size", [(80, 12), (117, 20), (200, 40), (40, 4)])
def test_figures_fill_what_there_is_and_no_more(text, size):
    columns, rows = size
    drawn = figures(text, columns, rows)
    if drawn:
        assert len(drawn) <= rows
        assert len({len(row) for row in drawn}) == 1
        assert len(drawn[0]) <= columns


def test_every_figure_is_another_at_every_size():
    for rows in range(3, 40):
        drawn = [tuple(figures(sign, 200, rows)) for sign in "0123456789+−:"]
        assert len(set(drawn)) == len(drawn), rows


def test_a_colon_is_two_dots_at_every_size():
    dots = {"▀": "#.", "▄": ".#", "█": "##", " ": ".."}
    for rows in range(3, 40):
        drawn = "".join(dots[row[0]] for row in figures(":", 200, rows))
        assert len([part for part in drawn.split(".") if part]) == 2, rows


def test_more_room_is_larger_figures():
    heights = [len(figures("12:05", columns, 100)) for columns in (30, 60, 120, 240)]
    assert heights == sorted(set(heights))


def test_too_little_room_is_no_figures():
    assert figures("12:05", 10, 3) == []
    assert figures("12:05", 80, 2) == []


def test_letters_are_broken_between_words_and_as_large_as_fit():
    one = lettered("Avslutt nå", 117, 5)
    two = lettered("Avslutt nå", 50, 11)
    assert one is not None
    assert two is not None
    assert len(one) <= 5 < len(two) <= 11
    assert lettered("Avslutt nå", 117, 10) != one
    assert lettered("Avslutt", 20, 10) is None


def test_norwegian_and_sami_have_letters_and_what_has_none_is_left_to_others():
    every = "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÄÖÉČŠŽĐŊŦ0123456789"
    drawn = [tuple(lettered(sign, 40, 6) or ()) for sign in every]
    assert all(drawn)
    alike = {("0", "O")}
    for n, sign in enumerate(every):
        for m in range(n):
            if drawn[n] == drawn[m]:
                assert (sign, every[m]) in alike
    assert lettered("京", 40, 6) is None
    assert lettered("", 40, 6) is None


# ---- what it says


@pytest.mark.parametrize(
    ("elapsed", "shown", "word", "pace"),
    [
        (652.0, "4:08", "left", "green"),
        (840.0, "1:00", "soon over", "amber"),
        (899.5, "0:01", "soon over", "amber"),
        (970.0, "+1:10", "over time", "red"),
    ],
)
def test_the_time_that_is_left_has_a_colour_and_a_word(elapsed, shown, word, pace):
    now = dial(view(elapsed=elapsed))
    assert (now.figures, now.word, now.pace) == (shown, word, pace)
    assert now.title == "Innledning: hvem eier byrommet?"


def test_a_cue_without_a_plan_counts_up():
    now = dial(view(onstage="8", standby=None, elapsed=75.0))
    assert (now.figures, now.word, now.pace) == ("1:15", "gone", "none")


def test_before_the_first_cue_it_is_the_time_of_day():
    now = dial(view(phase="ready", onstage=None, elapsed=None))
    assert (now.figures, now.word) == ("19:42", "The show begins at 19:00")


def test_without_contact_it_counts_on_and_says_when_it_last_heard():
    now = dial(view(now=175.0, contact="lost", elapsed=652.0))
    assert now.figures == "2:53"
    assert now.lost == "No contact with the desk – last heard 19:42"
    assert dial(view(now=175.0)).lost == ""


def test_what_comes_by_itself_is_counted_down_too():
    assert dial(view(follow_in=12.0)).coming == "Panelet samles in 0:12"
    assert dial(view(now=105.0, follow_in=12.0)).coming == "Panelet samles in 0:07"
    assert dial(view(now=175.0, contact="lost", follow_in=12.0)).coming == ""  # nobody knows
    coming = dial(view(standby="6")).coming
    assert coming.endswith("at 20:00, in 17:53")
    assert dial(view()).coming == ""


def test_of_a_show_that_is_over_nothing_is_left():
    now = dial(view(phase="ended", contact="lost"))
    assert (now.word, now.pace, now.lost) == ("The show is over", "none", "")


# ---- drawn


MOMENTS = {
    "plenty": {},
    "short, and a message": {"elapsed": 850.0, "message": "5 minutter igjen"},
    "long message": {"message": "Snakk litt høyere, og still deg nærmere mikrofonen " * 4},
    "another script": {"message": "请大声一点"},
    "a follow": {"follow_in": 9.0, "onstage": "6", "elapsed": 5.0},
    "before": {"onstage": None, "elapsed": None},
}


@pytest.mark.parametrize("size", [*SIZES, (40, 10), (24, 6), (300, 90), (200, 12)])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("contact", ["up", "lost"])
def test_it_is_drawn_whole_in_every_room(size, moment, contact):
    columns, rows = size
    drawn = draw_dial(view(contact=contact, **MOMENTS[moment]), columns, rows)
    assert len(drawn) == rows
    assert max(width(pieces) for pieces, _ground in drawn) <= columns


@pytest.mark.parametrize("size", SIZES)
def test_a_message_leaves_the_time_its_size(size):
    columns, rows = size
    drawn = draw_dial(view(elapsed=850.0, message="5 minutter igjen"), columns, rows)
    large = [row for row, _ground in drawn if any(tone == "bar_amber" for _text, tone in row)]
    assert len(large) >= rows / 3
    assert sum(ground == "pressed" for _row, ground in drawn) >= 6


async def test_it_hears_the_desk_and_asks_it_for_nothing():
    link = Canned(Hello("stage clock", "watch"), snapshots.debate(), snapshots.live())
    clock = [100.0]
    app = StageClock(link, clock=lambda: clock[0], wall=lambda: snapshots.WALL, language="nb")

    def text():
        strips = app.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in strip) for strip in strips)

    with tongue.speaking("nb"):
        async with app.run_test(size=NARROW) as pilot:
            await link.say(replace(snapshots.live(), message="请大声一点"))
            await pilot.pause()
            assert "请大声一点" in text()
            await pilot.press("space", "enter", "escape", "escape")
            await link.say(Gone("lost"))
            clock[0] += 60
            app.draw()
            await pilot.pause()
            assert "Ingen kontakt med pulten – sist hørt 19:41" in text()
            assert link.asked == []
