"""Each code of the desk has words, and a cure names a button that is there."""

from dataclasses import replace

import pytest

from stagectl.engine.snapshot import AlarmRow, HeldRow, LatchRow, MissedRow, UnusedRow
from stagectl.panel import alarms
from stagectl.panel.matters import matters
from stagectl.panel.view import View
from stagectl.words import tongue
from tests.panel import snapshots

ALARMS = [
    AlarmRow("latch_off", "obs.stream", cure="trigger"),
    AlarmRow("latch_off", "obs.record", cure="trigger"),
    AlarmRow("lost", "mixer", "silent"),
    AlarmRow("journal", "desk", "No space left on device"),
    AlarmRow("failed", "obs.program", "missing"),
    AlarmRow("missed", "obs.play intro", "lost", cure="redo"),
    AlarmRow("overdue", "6", "not_standby"),
    AlarmRow("unconfirmed", "mixer.host.on"),
    AlarmRow("held", "lights.house", "hand", cure="let_go"),
    AlarmRow("slept", "desk", "5.2"),
    AlarmRow("ahead", "obs.program", "Samtale"),
    AlarmRow("unused", "cues/debate.yaml", "gone"),
    AlarmRow("frozen", "obs"),
    AlarmRow("journal_damaged", "desk", "2"),
    AlarmRow("keeper", "desk", "gone"),
    AlarmRow("place", "desk", "full"),
]


def view(**changed):
    return View(bill=snapshots.debate(), snap=replace(snapshots.live(), **changed), contact="up")


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("row", ALARMS, ids=lambda row: f"{row.code} {row.about}")
def test_an_alarm_says_what_it_is_what_follows_and_what_to_do(row, language):
    with tongue.speaking(language):
        at = view(unused=UnusedRow("gone", "cues/debate.yaml"))
        what, follows, cure = alarms.in_words(at, row)
    assert what
    assert follows
    assert cure
    assert row.code not in what.split()


def test_nothing_is_promised_of_a_device_that_nothing_can_bring_back():
    _what, follows, cure = alarms.in_words(view(), AlarmRow("lost", "mixer", "no_driver"))
    assert "brought back" not in follows
    assert "cable" not in cure


@pytest.mark.parametrize("why", ["password", "address", "no_rtmidi"])
def test_what_no_cable_cures_has_a_cure_of_its_own(why):
    cables = alarms.in_words(view(), AlarmRow("lost", "mixer", "silent"))[2]
    assert "cable" in cables
    assert alarms.in_words(view(), AlarmRow("lost", "mixer", why))[2] not in ("", cables)


def test_of_keys_and_faders_it_is_not_said_that_a_cue_does_not_reach_them():
    at = view()
    assert "cue" in alarms.in_words(at, AlarmRow("lost", "mixer", "silent"))[1]
    assert not any(name.startswith("keys.") for name in at.bill.controls)
    assert "cue" not in alarms.in_words(at, AlarmRow("lost", "keys", "no_port"))[1]


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (ALARMS[0], {"latches": (LatchRow("obs", "stream", True, False),)}),
        (ALARMS[1], {"latches": (LatchRow("obs", "record", True, False),)}),
        (ALARMS[5], {"missed": (MissedRow(7, "obs", "play", "intro", "2.5", "lost"),)}),
        (ALARMS[8], {"held": (HeldRow("lights.house", 55.0, 20.0, "hand", 14.0),)}),
    ],
    ids=lambda part: part.code if isinstance(part, AlarmRow) else "",
)
def test_what_an_alarm_tells_to_press_is_on_a_button(row, changed, language):
    with tongue.speaking(language):
        at = view(alarms=(row,), **changed)
        _what, _follows, cure = alarms.in_words(at, row)
        assert any(choice.word in cure for choice in matters(at)[0].choices)


def test_a_code_of_a_newer_desk_is_shown_as_it_is():
    assert alarms.in_words(view(), AlarmRow("gremlins", "desk", "many"))[0] == "desk: gremlins"
