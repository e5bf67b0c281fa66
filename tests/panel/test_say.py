"""Each code of the desk has words, and a cure names a button that is there."""

from dataclasses import replace

import pytest

from stagectl.engine.snapshot import AlarmRow, HeldRow, LatchRow, MissedRow
from stagectl.panel import say
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
]


def view(**changed):
    return View(bill=snapshots.debate(), snap=replace(snapshots.live(), **changed), contact="up")


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("row", ALARMS, ids=lambda row: f"{row.code} {row.about}")
def test_an_alarm_says_what_it_is_what_follows_and_what_to_do(row, language):
    with tongue.speaking(language):
        what, follows, cure = say.alarm(view(), row)
    assert what
    assert follows
    assert cure
    assert row.code not in what.split()


def test_nothing_is_promised_of_a_device_that_nothing_can_bring_back():
    _what, follows, cure = say.alarm(view(), AlarmRow("lost", "mixer", "no_driver"))
    assert "brought back" not in follows
    assert "cable" not in cure


def test_of_keys_and_faders_it_is_not_said_that_a_cue_does_not_reach_them():
    at = view()
    assert "cue" in say.alarm(at, AlarmRow("lost", "mixer", "silent"))[1]
    assert not any(name.startswith("keys.") for name in at.bill.controls)
    assert "cue" not in say.alarm(at, AlarmRow("lost", "keys", "no_port"))[1]


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
        _what, _follows, cure = say.alarm(at, row)
        assert any(choice.word in cure for choice in matters(at)[0].choices)


def test_a_code_of_a_newer_desk_is_shown_as_it_is():
    assert say.alarm(view(), AlarmRow("gremlins", "desk", "many"))[0] == "desk: gremlins"


def test_who_did_it_is_said_in_the_language_when_it_is_a_name_of_the_programs_own():
    with tongue.speaking("nb"):
        assert [say.by(who) for who in ("panel", "panel 2", "command line", "Kari 2", "2")] == [
            "panelet", "panelet 2", "kommandolinja", "Kari 2", "2",
        ]  # fmt: skip


def test_bytes_are_said_in_the_unit_that_fits():
    assert [say.size(n) for n in (0, 999, 412_300_000, 1_250_000_000)] == [
        "0 B", "999 B", "412.3 MB", "1.25 GB",
    ]  # fmt: skip
    with tongue.speaking("nb"):
        assert say.size(412_300_000) == "412,3 MB"
