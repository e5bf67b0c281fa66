"""The head: what the evening is, whose, against its plan; what goes out, and how long it can."""

from dataclasses import replace

import pytest

from stagectl.engine.snapshot import DeviceRow, LatchRow
from stagectl.panel.link import Hello
from stagectl.panel.playbill import read_playbill
from stagectl.panel.view import View, dropped
from stagectl.panel.widgets.chips import disk_chip, minutes_left
from stagectl.panel.widgets.head import banner
from stagectl.words import tongue
from tests.panel import snapshots
from tests.panel.canned import KIOSK, ME, NARROW, WIDE, evening

SIZES = [NARROW, KIOSK, WIDE]


def recording(**facts):
    """A recording of 1 MB a second, an hour old, with room for two hours more."""
    known = {"bytes": 3600e6, "seconds": 3600.0, "disk.mb": 7200.0} | facts
    return LatchRow("obs", "record", True, True, {k.replace("_", "."): v for k, v in known.items()})


def with_recording(**facts):
    return replace(snapshots.live(), latches=(recording(**facts), snapshots.ON_AIR[1]))


# ---- the phase


@pytest.mark.parametrize(
    ("snap", "word", "ground"),
    [(snapshots.ready(), "KLAR", "preview"), (snapshots.live(), "PÅ LUFTA", "on_air")],
)
async def test_the_phase_is_a_word_and_a_colour(snap, word, ground):
    with tongue.speaking("nb"):
        async with evening(snap) as it:
            assert word in it.row_of(word)
            assert banner(it.panel.view)[1] == ground


@pytest.mark.parametrize("size", SIZES)
async def test_on_a_simulated_stage_it_is_a_rehearsal_whatever_runs(size):
    bill = read_playbill({**snapshots.plain_book(), "rehearsal": True})
    for snap in (snapshots.ready(), snapshots.live()):
        async with evening(snap, size, bill=bill) as it:
            assert "REHEARSAL" in it.text()
            assert "ON AIR" not in it.text()
            assert "h" in it.grounds()
    async with evening(snapshots.stopped(), size, bill=bill) as it:
        assert "STOPPED" in it.text()


# ---- the plan and the operator


@pytest.mark.parametrize("size", SIZES)
async def test_over_and_under_the_plan_of_the_evening_is_said_at_every_size(size):
    async with evening(size=size) as it:
        assert "11:07 over" in it.text()
        assert "Debatt: Hvem eier byrommet?" in it.text()
        await it.say(replace(snapshots.live(), running=1000.0))
        assert "14:24 ahead" in it.text()
        await it.say(replace(snapshots.live(), running=1864.0))
        assert ("done about" in it.text()) == (size != NARROW)  # the show's name comes first


@pytest.mark.parametrize("size", SIZES)
async def test_the_operator_stands_in_the_head(size):
    async with evening(replace(snapshots.live(), operator="Anna"), size) as it:
        assert "Anna" in "\n".join(it.text().splitlines()[:3])
        assert ("operator: Anna" in it.text()) == (size != NARROW)


async def test_a_guest_sees_that_it_is_one():
    heard = (Hello(ME, "guest"), snapshots.debate(), snapshots.live())
    async with evening(heard=heard) as it:
        assert "guest" in it.row_of("running")


# ---- the disk


def test_minutes_of_disk_are_at_the_pace_of_this_very_recording():
    assert minutes_left(recording()) == pytest.approx(120.0)
    assert minutes_left(recording(bytes=7200e6)) == pytest.approx(60.0)
    assert minutes_left(recording(seconds=5.0)) is None  # too short to tell
    assert minutes_left(recording(bytes=0.0)) is None
    assert minutes_left(replace(recording(), on=False)) is None
    assert minutes_left(LatchRow("obs", "record", True, True)) is None


@pytest.mark.parametrize(
    ("room", "said", "tone"),
    [
        (7200.0, "120 min of disk", "dim"),
        (1790.0, " ! 29 min of disk ", "chip_warn"),
        (590.0, " ! 9 min of disk ", "chip_on_air"),
        (9e6, "9000 GB of disk", "dim"),
    ],
)
def test_a_disk_that_fills_is_told_at_thirty_minutes_and_loudly_at_ten(room, said, tone):
    view = View(snap=snapshots.live())
    assert disk_chip(view, recording(disk_mb=room)) == ((said, tone),)


@pytest.mark.parametrize("size", SIZES)
async def test_a_low_disk_comes_before_what_is_well_and_is_there_at_every_size(size):
    async with evening(with_recording(disk_mb=540.0), size) as it:
        assert "9 min of disk" in it.text()
        assert "R" in it.grounds().splitlines()[1 if size == NARROW else 2]


async def test_room_on_the_disk_is_said_where_there_is_room_for_it_and_before_a_recording():
    async with evening(with_recording(), WIDE) as it:
        assert "120 min of disk" in it.text()
        off = LatchRow("obs", "record", False, False, {"disk.mb": 512_000.0})
        await it.say(replace(snapshots.ready(), latches=(off,)))
        assert "512 GB of disk" in it.text()


async def test_a_disk_of_a_device_that_is_away_is_no_alarm():
    away = replace(with_recording(disk_mb=100.0), devices=(DeviceRow("obs", "lost", "silent"),))
    async with evening(away, WIDE) as it:
        assert "! 1 min" not in it.text()


# ---- frames that are lost


def streaming(lost, count=310_900_000.0):
    facts = {"bytes": count, "seconds": 1839.0, "skipped": float(lost)}
    return replace(snapshots.live(), latches=(LatchRow("obs", "stream", True, True, facts),))


async def test_lost_frames_are_counted_and_are_an_alarm_while_more_are_lost():
    async with evening(streaming(0)) as it:
        assert "lost" not in it.row_of("STREAM")
        await it.say(streaming(12, 4e8))
        assert "! STREAM 12 frames lost" in it.text()
        await it.wait(11)
        await it.say(streaming(12, 5e8))
        assert "500 MB ▲ 12 frames lost" in it.text()


async def test_frames_lost_before_this_panel_looked_are_no_alarm():
    async with evening(streaming(40)) as it:
        assert "!" not in it.row_of("40 frames lost")


def test_what_is_no_number_of_frames_is_none():
    assert dropped(LatchRow("obs", "stream", True, True, {"skipped": "many"})) == 0


# ---- a group on stage


@pytest.mark.parametrize("size", SIZES)
async def test_the_now_card_tells_what_of_a_running_group_comes_when(size):
    async with evening(snapshots.group_runs(), size, bill=snapshots.concert()) as it:
        shown = it.text()
        assert "» Lyset ned 0:04 left" in shown
        assert "○ Bandet på in 0:01" in shown
        assert ("○ Introfilmen in 0:02" in shown) == (size != NARROW)
        await it.wait(1.5)
        assert "» Bandet på" in it.text()
        await it.say(replace(snapshots.group_runs(), parts=()))
        assert "Introfilmen in" not in it.text()
