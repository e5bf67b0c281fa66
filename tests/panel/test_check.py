"""Sjekk: what the show needs and whether it answers; what is wrong first, with its cure."""

from dataclasses import replace

import pytest

from stagectl.core.edits import Edits
from stagectl.engine.needs import MISSING, Need
from stagectl.engine.snapshot import DeviceRow, OfferRow, UnusedRow
from stagectl.panel import checks
from stagectl.panel.panes.check import EVIDENCE, ROOMY, draw_check
from stagectl.panel.view import View
from tests.panel import snapshots
from tests.panel.canned import KIOSK, NARROW, WIDE, evening


def view(snap=None, **parts) -> View:
    return View(bill=snapshots.debate(), snap=snap or snapshots.live(), contact="up", **parts)


def rows(a_view, columns=117):
    return [
        "".join(text for text, _tone in row).rstrip() for row, _g in draw_check(a_view, columns)
    ]


def summed(a_view):
    return checks.summary(a_view, checks.sections(a_view))


def without(snap, name, **parts):
    """Return a snapshot in which one device stands otherwise."""
    devices = tuple(replace(row, **parts) if row.name == name else row for row in snap.devices)
    return replace(snap, devices=devices)


def test_when_all_is_well_it_says_so_in_one_sentence():
    assert summed(view()) == ("fine", "Everything answers")


def test_each_device_says_what_it_calls_itself():
    text = "\n".join(rows(view()))
    assert "OBS   Answers: OBS 29.0.2 obs-websocket 5.1.0" in text
    assert "Mixer   Answers: X32 Scenen 4.06" in text


def test_every_name_that_is_needed_of_a_device_is_there():
    text = "\n".join(rows(view()))
    for need in snapshots.NEEDS:
        assert (
            f"✓ {'scene' if need['among'] == 'scenes' else 'film or sound'} {need['name']}" in text
        )
    for name in ("Text Navn", "Host microphone", "Guest 2 microphone", "House", "Playback"):
        assert f"✓ {name}" in text


def test_what_a_device_lacks_is_wrong_with_a_word_and_a_cure():
    lacking = (
        Need("obs", "scenes", "Panel", "obs.program"),
        Need("obs", "inputs", "intro", "obs.play"),
        Need("obs", MISSING, "obs.Navn.text"),
    )
    a_view = view(replace(snapshots.live(), lacking=lacking))
    assert summed(a_view) == ("wrong", "3 things are wrong")
    text = "\n".join(rows(a_view))
    assert "× OBS has no scene Panel\n  ► Make it there, or skip the cues that show it" in text
    assert "× OBS has no film or sound intro\n  ► Put it in there" in text
    assert "× OBS has no Text Navn\n  ► Make it there, or correct its name" in text
    assert "× scene Panel   × film or sound intro   × Text Navn   ✓ scene" in text


def test_what_is_wrong_comes_before_everything_that_is_well():
    a_view = view(snapshots.trouble())
    told = rows(a_view)
    marks = [row.strip()[0] for row in told if row.strip()]
    assert marks[0] == "×"
    assert marks.index("✓") > max(n for n, row in enumerate(marks) if row == "►")
    ranks = [section.rank for section in checks.sections(a_view)]
    assert ranks == sorted(ranks, key=checks.RANKS.index)


def test_a_lost_device_says_why_and_nothing_of_it_is_called_missing():
    a_view = view(without(snapshots.live(), "mixer", state="lost", why="unreachable"))
    assert summed(a_view) == ("wrong", "1 thing is wrong")
    text = "\n".join(rows(a_view))
    assert "× Mixer cannot be reached\n  ► Check its power and its cable" in text
    assert "? Host microphone" in text


def test_a_device_that_is_being_connected_is_not_known_yet():
    a_view = view(without(snapshots.live(), "obs", state="connecting"))
    rank, said = summed(a_view)
    assert rank == "unknown"
    assert said.endswith("are not known yet")
    assert "? OBS   Is being connected" in "\n".join(rows(a_view))


def test_a_device_that_never_answers_is_no_proof_and_no_fault():
    lights = DeviceRow("lights", "linked", readable=False)
    snap = replace(snapshots.live(), devices=(*snapshots.DEVICES[:2], lights))
    assert summed(view(snap)) == ("fine", "All that can answer answers")
    assert "○ Lights   Never answers" in "\n".join(rows(view(snap)))


def test_a_device_that_nothing_drives_is_told_and_is_nothing_to_be_cured_tonight():
    snap = without(snapshots.live(), "lights", state="lost", why="no_driver")
    assert summed(view(snap))[0] == "fine"
    assert any(row.strip().startswith("○ Lights") for row in rows(view(snap)))


def test_a_value_that_nobody_has_read_is_not_called_there():
    values = {p: v for p, v in snapshots.VALUES.items() if not p.startswith("mixer.guest 2")}
    snap = replace(snapshots.live(), values={**values, "mixer.guest 2.on": (None, "unknown")})
    assert "○ Guest 2 microphone" in "\n".join(rows(view(snap)))


@pytest.mark.parametrize(
    ("change", "rank", "said"),
    [
        ({}, "fine", "As they were loaded"),
        ({"offer": OfferRow("a", Edits(changed=2))}, "unknown", "Changed on the disk, not loaded"),
        ({"offer": OfferRow("a", Edits(changed=2), undo=True)}, "fine", "As they were loaded"),
        (
            {
                "unused": UnusedRow(
                    "mistakes", "cues/x.yaml", 14, 2, {"en": "cue 2 sets mixer.gest"}
                )
            },
            "wrong",
            "cues/x.yaml:14: cue 2 sets mixer.gest",
        ),
        ({"unused": UnusedRow("gone", "scenes/lillestrom.yaml")}, "wrong", "is gone"),
    ],
)
def test_the_files_are_as_loaded_or_changed_or_with_mistakes(change, rank, said):
    a_view = view(replace(snapshots.live(), **change))
    files = next(s for s in checks.sections(a_view) if s.head.name == "Files")
    assert files.head.rank == rank
    assert said in "\n".join(rows(a_view))
    if rank == "wrong":
        assert files.head.cure


def test_every_file_is_named():
    text = "\n".join(rows(view()))
    for _kind, name in snapshots.FILES:
        assert name in text


def test_without_the_desk_nothing_is_known():
    assert summed(replace(view(), contact="lost"))[0] == "unknown"
    assert checks.sections(View()) == ()


def test_the_place_of_evidence_is_left_empty():
    for row in rows(view(), ROOMY)[1:]:
        assert len(row) <= ROOMY - EVIDENCE


# ---- on the screen


@pytest.mark.parametrize("size", [NARROW, KIOSK, WIDE])
async def test_it_is_one_key_away_and_every_row_can_be_seen_beside_go(size):
    async with evening(snapshots.trouble(), size) as it:
        await it.press("f4")
        wanted = rows(it.panel.view, it.panel.screen.query_one("#check-list").size.width)
        seen = []
        for _page in range(8):
            seen += it.text().splitlines()
            assert "4  Panelet samles" in it.text()  # GO is there
            await it.press("pagedown")
        on_screen = "\n".join(seen)
        assert [row for row in wanted if row and row not in on_screen] == []


async def test_a_touch_turns_the_page_and_the_sentence_stays():
    async with evening(snapshots.trouble(), NARROW) as it:
        await it.press("f4")
        assert "× OBS has no scene Rulletekst" in it.text()
        await it.touch("#check-down")
        assert "× OBS has no scene Rulletekst" not in it.text()
        assert "3 things are wrong" in it.text()
        await it.touch("#check-up")
        assert "× OBS has no scene Rulletekst" in it.text()


async def test_where_all_of_it_is_seen_there_is_nothing_to_turn():
    async with evening(size=WIDE) as it:
        await it.press("f4")
        assert "Everything answers" in it.text()
        assert not it.panel.screen.query_one("#check-turn").display


async def test_what_comes_back_is_well_again_by_itself():
    async with evening(snapshots.trouble()) as it:
        await it.press("f4")
        assert "3 things are wrong" in it.text()
        await it.say(snapshots.live())
        assert "Everything answers" in it.text()
