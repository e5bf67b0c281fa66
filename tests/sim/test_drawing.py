"""The picture of a stage: what is on it can be read, whatever people called it."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagectl.sim.canvas import Box, Canvas, Cell, colour, fitted, mix
from stagectl.sim.drawing import channel, clock, draw, short, size
from stagectl.sim.ink import AMBER, RED
from stagectl.words.tongue import speaking
from stagectl.words.visible import columns

SIZES = [(40, 24), (52, 28), (60, 30), (96, 30), (117, 33), (200, 60)]

OBS = {
    "name": "obs", "kind": "obs", "condition": "up", "program": "Samtale", "colour": "#2b5c8a",
    "from": None, "progress": 1.0, "preview": None, "transition": "Fade", "covered": False,
    "items": [
        {"name": "Tolk", "kind": "picture", "colour": "#b3a3d6"},
        {"name": "Navn", "kind": "text", "text": "Kari Ødegård, forfatter"},
    ],
    "inputs": [],
    "record": {"on": False, "paused": False, "bytes": 0, "seconds": 0.0, "path": ""},
    "stream": {"on": False, "connecting": False, "bytes": 0, "seconds": 0.0},
}  # fmt: skip
MIXER = {
    "name": "mixer", "kind": "mixer", "condition": "up",
    "strips": [
        {"name": "host", "level": -5.0, "position": 0.625, "on": True, "sound": 0.1},
        {"name": "guest 2", "level": None, "position": 0.0, "on": False, "sound": 0.0},
    ],
}  # fmt: skip
LIGHTS = {
    "name": "lights", "kind": "lights", "condition": "up",
    "sliders": [{"name": "stage", "level": 90.0}, {"name": "house", "level": 20.0}],
}  # fmt: skip
FOG = {
    "name": "fog", "kind": "osc", "condition": "up",
    "values": [{"address": "/haze/1/amount", "said": "0.25"}],
}  # fmt: skip
STATE: dict[str, Any] = {"venue": "Prøvesalen", "devices": [OBS, MIXER, LIGHTS, FOG]}


def changed(**obs):
    state = copy.deepcopy(STATE)
    state["devices"][0] |= obs
    return state


def rows(canvas):
    return ["".join(cell.sign for cell in row) for row in canvas.rows]


def text(state, width=52, height=30):
    return "\n".join(rows(draw(state, width, height)))


def grounds(state, ground):
    return sum(cell.ground == ground for row in draw(state, 52, 30).rows for cell in row)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_is_on_the_stage_can_be_read_at_every_size(width, height):
    said = text(STATE, width, height)
    for words in ("Samtale", "Kari Ødegård, forfatter", "Tolk", "−5", "−∞", "90 %", "20 %", "host"):
        assert words in said, words


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_row_is_as_wide_as_the_screen(width, height):
    for row in rows(draw(changed(program="日本語のシーン" * 20), width, height)):
        assert columns(row) == width


def test_nothing_is_red_while_nothing_goes_out():
    assert grounds(STATE, RED) == 0
    assert grounds(STATE, AMBER) == 0


def test_a_recording_is_red_and_says_its_bytes():
    on = changed(record={"on": True, "paused": False, "bytes": 336_000, "seconds": 42.0})
    assert grounds(on, RED)
    assert "● REC" in text(on)
    assert "0:42 336 kB" in text(on)


def test_a_stream_is_on_air():
    on = changed(stream={"on": True, "connecting": False, "bytes": 9_700_000, "seconds": 31.0})
    assert "● ON AIR" in text(on)
    assert "9.7 MB" in text(on)


def test_what_is_abnormal_is_amber_with_a_word():
    connecting = changed(stream={"on": False, "connecting": True, "bytes": 0, "seconds": 0.0})
    assert "▲ Stream connects" in text(connecting)
    paused = changed(record={"on": True, "paused": True, "bytes": 1, "seconds": 1.0})
    assert "Recording paused" in text(paused)
    assert "▲ Sound covered" in text(changed(covered=True))
    assert all(grounds(state, AMBER) for state in (connecting, paused, changed(covered=True)))


def test_a_transition_shows_both_scenes_and_a_colour_between():
    half = changed(**{"from": {"scene": "Film", "colour": "#000000"}, "progress": 0.5})
    assert "Film → Samtale" in text(half)
    whole, dark = draw(STATE, 52, 30).rows[5][5], draw(half, 52, 30).rows[5][5]
    assert sum(dark.ground) < sum(whole.ground)


def test_a_film_shows_how_far_it_has_come():
    def done(share):
        item = {"name": "Intro", "kind": "film", "playing": True, "share": share}
        return text(changed(items=[item])).count("━")

    assert "▶ Intro" in text(
        changed(items=[{"name": "Intro", "kind": "film", "playing": True, "share": 0.5}])
    )
    assert done(0.1) < done(0.5) < done(1.0)


def test_a_device_that_does_not_answer_is_named():
    for condition, word in (
        ("frozen", "does not answer"),
        ("unreachable", "cannot be reached"),
        ("down", "off"),
    ):
        state = copy.deepcopy(STATE)
        state["devices"][1]["condition"] = condition
        assert f"▲ mixer: {word}" in text(state, 100)


def test_an_obs_that_is_off_has_no_picture():
    off = changed(condition="down", program="")
    assert "No picture" in text(off)
    assert "Samtale" not in text(off)


def test_a_stage_nobody_has_heard_from_is_said():
    assert "The simulated stage is not there" in text({})


def test_the_words_are_norwegian_where_norwegian_is_spoken():
    on = changed(stream={"on": True, "connecting": False, "bytes": 9_700_000, "seconds": 31.0})
    with speaking("nb"):
        said = text(on)
        assert "PÅ LUFTA" in said
        assert "9,7 MB" in said
        assert "vert" in said  # the host
        assert "Simulert scene" in said


def test_what_people_typed_is_never_markup_and_hides_nothing():
    evil = "[red]Kari[/red]\x1b[31m\u202eabc"
    said = text(changed(program=evil, items=[{"name": evil, "kind": "text", "text": evil}]))
    assert "[red]Kari[/red]␛[31m<U+202E>abc" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


@given(
    width=st.integers(0, 130),
    height=st.integers(0, 45),
    name=st.text(max_size=30),
    level=st.floats(0, 100),
    share=st.floats(0, 1),
)
@settings(max_examples=150, deadline=None)
def test_any_size_and_any_name_can_be_drawn(width, height, name, level, share):
    state = changed(
        program=name or "x",
        preview=name,
        progress=share,
        items=[
            {"name": name, "kind": "picture", "colour": name},
            {"name": name, "kind": "text", "text": name},
            {"name": name, "kind": "film", "playing": False, "share": share},
        ],
    )
    state["devices"][1]["strips"][0] |= {"name": name, "position": share, "sound": share}
    state["devices"][2]["sliders"][0] |= {"name": name, "level": level}
    canvas = draw(state, width, height)
    assert len(canvas.rows) == height
    assert all(columns(row) == width for row in rows(canvas))


# ---- small things


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (59.9, "0:59"), (61, "1:01"), (3661, "1:01:01")]
)
def test_a_clock_reads_as_people_read_it(seconds, said):
    assert clock(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 kB"), (336_000, "336 kB"), (9_700_000, "9.7 MB"), (2.5e9, "2.5 GB")]
)
def test_bytes_read_as_people_read_them(count, said):
    assert size(count) == said


@pytest.mark.parametrize(
    ("name", "width", "said"),
    [
        ("host", 4, "host"),
        ("guest 2", 7, "guest 2"),
        ("guest 2", 5, "gues2"),
        ("guest 12", 4, "gu12"),
        ("interpreter", 4, "inte"),
        ("", 3, ""),
    ],
)
def test_a_name_in_a_narrow_column_keeps_its_number(name, width, said):
    assert short(name, width) == said


def test_roles_are_said_in_the_language_and_other_names_as_they_are():
    with speaking("nb"):
        assert channel("guest") == "gjest"
        assert channel("Bandet") == "Bandet"


def test_a_bar_grows_by_eighths_of_a_cell():
    drawn = []
    for eighths in range(25):
        canvas = Canvas(1, 3, (0, 0, 0))
        canvas.bar(Box(0, 0, 1, 3), eighths / 24, (9, 9, 9))
        drawn.append(tuple(row[0] for row in canvas.rows))
    assert len(set(drawn)) == 25
    assert drawn[8] == (Cell(), Cell(), Cell(ground=(9, 9, 9)))
    assert drawn[12][1].sign == "▄"


def test_a_wide_sign_is_not_cut_in_two():
    canvas = Canvas(3, 1, (0, 0, 0))
    canvas.text(0, 0, "日本", (9, 9, 9))
    assert rows(canvas) == ["日…"]
    assert fitted("日本語", 4) == "日…"
    assert fitted("abc", 0) == ""


def test_a_mark_without_a_letter_gets_one_to_stand_on():
    assert fitted("\u0301a", 9) == "◌\u0301a"


def test_nothing_is_drawn_outside_the_canvas():
    canvas = Canvas(2, 2, (0, 0, 0))
    canvas.fill(Box(-5, -5, 20, 20), (1, 1, 1))
    canvas.text(-1, 0, "abc", (9, 9, 9))
    canvas.text(0, 7, "abc", (9, 9, 9))
    canvas.stripe(1, 0, [Cell("x"), Cell("y")])
    canvas.stripe(0, -1, [Cell("x")])
    assert all(len(row) == 2 for row in canvas.rows)


def test_colours_are_read_and_mixed():
    assert colour("#2b5c8a") == (0x2B, 0x5C, 0x8A)
    assert colour("tull") == (0, 0, 0)
    assert mix((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)
    assert mix((0, 0, 0), (200, 100, 50), 7) == (200, 100, 50)
