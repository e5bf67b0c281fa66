"""Whatever a show is called and however small the place, a drawing stays within its lines."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagectl.engine.snapshot import DeviceRow, Snapshot
from stagectl.panel.ink import width
from stagectl.panel.playbill import CueLine, Playbill, read_playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.alarm import draw_alarm
from stagectl.panel.widgets.cards import draw_next, draw_now
from stagectl.panel.widgets.cuelist import draw_cues
from stagectl.panel.widgets.digits import big
from stagectl.panel.widgets.go import draw_go
from stagectl.panel.widgets.head import draw_head
from stagectl.panel.widgets.help import draw_keys
from stagectl.panel.widgets.painted import strip
from stagectl.panel.widgets.room import draw_room
from stagectl.panel.widgets.settle import draw_matter
from tests.panel import snapshots

DRAWINGS = [
    draw_head, draw_alarm, draw_cues, draw_now, draw_next, draw_matter, draw_room, draw_go,
    draw_keys,
]  # fmt: skip
MOMENTS = [
    snapshots.ready, snapshots.live, snapshots.trouble, snapshots.holding, snapshots.stopped,
    snapshots.covered, snapshots.ended,
]  # fmt: skip


def called(text):
    plain = snapshots.plain_book()
    plain["show"] = {"name": text, "start": text}
    plain["venue"] = {"name": text, "timezone": text}
    plain["cues"] = [{**cue, "name": text, "notes": text, "scene": text} for cue in plain["cues"]]
    plain["devices"] = {name: {"label": text} for name in plain["devices"]}
    return read_playbill(plain)


@pytest.mark.parametrize("draw", DRAWINGS)
@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=80),
    moment=st.sampled_from(MOMENTS),
    columns=st.integers(30, 200),
    rows=st.integers(1, 50),
)
def test_a_drawing_fits_and_obeys_nothing_that_was_typed(draw, text, moment, columns, rows):
    snap = replace(moment(), operator=text)
    view = View(bill=called(text), snap=snap, contact="up", wall=snapshots.WALL)
    for pieces, ground in draw(view, columns, rows)[:rows]:
        shown = strip(pieces, ground, columns)
        assert shown.cell_length == columns
        assert sum(segment.cell_length for segment in shown) == columns
        for segment in shown:
            assert all(unicodedata.category(c) not in ("Cc", "Cs") for c in segment.text)


@given(st.integers(0, 359_999))
def test_large_figures_are_three_rows_of_one_width(seconds):
    from stagectl.panel.clocks import hms

    rows = big(hms(seconds))
    assert len({len(row) for row in rows}) == 1
    assert width((("".join(rows[0]), "text"),)) == len(rows[0])


def test_a_device_without_a_driver_stands_behind_those_that_work():
    live = snapshots.live()
    devices = (DeviceRow("lights", "lost", "no_driver"), *live.devices[:2])
    values = {
        n: (v, "lost" if n.startswith("lights.") else how) for n, (v, how) in live.values.items()
    }
    seen = View(
        bill=snapshots.debate(),
        snap=replace(live, devices=devices, values=values),
        contact="up",
    )
    head = "".join(text for row, _g in draw_head(seen, 200, 3) for text, _tone in row)
    assert head.index("OBS") < head.index("mixer") < head.index("has no driver")
    short = [row for row, _g in draw_room(seen, 60, len(values) - 1)]
    assert not any("lost" in text for row in short[:4] for text, _tone in row)


def test_a_room_that_is_too_short_names_a_microphone_once():
    live = snapshots.live()
    assert {"mixer.host.on", "mixer.host.level"} <= set(live.values)
    lost = dict.fromkeys(live.values, (None, "lost"))
    seen = View(bill=snapshots.debate(), snap=replace(live, values=lost), contact="up")
    rows = ["".join(text for text, _t in row) for row, _g in draw_room(seen, 60, len(lost) - 1)]
    host = [row for row in rows if row.strip().startswith("Host microphone")]
    assert len(host) == 1, rows
    assert host[0].count("?") == 1


def test_notes_have_the_room_that_nothing_else_wants():
    notes = "én\nto\ntre\nfire\nfem"
    cue = CueLine("1", "Velkommen", notes=notes)
    bill = Playbill(cues=(cue,), index={"1": 0})
    for number, place, draw in (("onstage", 9, draw_now), ("standby", 11, draw_next)):
        snap = replace(Snapshot("live", None, None), **{number: "1"})
        rows = draw(View(bill=bill, snap=snap, contact="up"), 40, place)
        said = "".join(text for pieces, _ground in rows for text, _tone in pieces)
        assert "fem" in said, number
        assert len(rows) <= place


@pytest.mark.parametrize("columns", [37, 60])
def test_the_day_on_which_a_cue_goes_by_itself_is_told_whole_however_narrow_the_card(columns):
    days = 10 * 86400.0
    early = View(
        bill=snapshots.debate(), snap=replace(snapshots.live(), standby="6"), contact="up",
        wall=snapshots.WALL - days,
    )  # fmt: skip
    rows = ["".join(text for text, _t in pieces) for pieces, _g in draw_next(early, columns, 12)]
    assert "28 November" in " ".join(" ".join(rows).split())
    assert all(len(row) <= columns for row in rows)


def test_a_name_nobody_cleaned_cannot_speak_to_the_terminal_either():
    drawn = strip((("a\x1b[2Jb\u202ec\x9b5n[/]", "text"), ("\r", "dim")), "page", 40)
    assert not set(drawn.text) & set("\x1b\u202e\x9b\r")
    assert "[/]" in drawn.text
    assert drawn.cell_length == 40
