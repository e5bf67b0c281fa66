"""What `status` says of a device that is away is that nobody knows."""

import json

import pytest

from stagectl.cli.status import as_text, in_words
from stagectl.engine.snapshot import DeviceRow, LatchRow, Snapshot
from stagectl.panel.playbill import Playbill
from tests.panel import snapshots


@pytest.mark.parametrize("state", ["lost", "connecting"])
def test_a_recording_whose_device_is_away_is_unknown(state):
    snapshot = picture(state)
    told = json.loads(as_text(None, snapshot))
    assert told["recording"] is None
    said = in_words(Playbill(), snapshot)
    assert "Recording: unknown" in said
    assert "Recording runs" not in said


def test_a_recording_whose_device_answers_is_what_it_says():
    snapshot = picture("linked")
    assert json.loads(as_text(None, snapshot))["recording"] is True
    assert "Recording runs" in in_words(Playbill(), snapshot)


def test_the_chapter_on_stage_is_said_with_its_time():
    said = in_words(snapshots.concert(), snapshots.overrun()).splitlines()
    assert said[1] == "Del 1 – Samtalen · 3:05 over the plan"


def picture(state):
    return Snapshot(
        "live",
        None,
        None,
        devices=(DeviceRow("obs", state),),
        latches=(LatchRow("obs", "record", wanted=True, on=True),),
    )
