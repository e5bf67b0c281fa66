"""Whatever people are called, in any script, each row is as wide as the screen, and no markup."""

import inspect
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from stagectl.engine.snapshot import Snapshot
from stagectl.panel.board import Board
from stagectl.panel.clean import clean
from stagectl.panel.ink import width
from stagectl.panel.playbill import read_playbill
from stagectl.panel.view import View
from stagectl.panel.widgets.events import draw_list
from stagectl.panel.widgets.painted import strip
from tests.panel import days, snapshots
from tests.panel.canned import KIOSK, NARROW, evening
from tests.panel.gallery import PICTURES, modules, shown

NAMES = {
    "northern sami": "Áile Ŋuorgŋa Čáŋŧoŋš Đžuđđi",
    "composed later": "Kari Ødega\u030ard og Zoë\u0308 A\u030angstrøm",
    "marks upon marks": "Z̷̢̛͓̈́a̴̡̛̪͑l̵̨̛͔̓g̶̢̛̣̊o̷̢̲̓",
    "a family": "Dans 👨‍👩‍👧‍👦 for barn 👍🏽 ❤️ 🇳🇴 1️⃣",
    "hebrew": "רות בן־דוד (שחקנית)",
    "arabic": "فاطمة الزهراء – شاعرة",
    "persian": "می‌خواهم نیلوفر",
    "chinese": "龍年新年 舞獅團",
    "hangul": "김민지 · 한국어",
    "hindi": "क्षितिज श्री",
    "turned around": "Kari\u202egård\u2066 [/]",
    "markup": "[bold red]Kari[/] [@click=app.exit]GO[/] \\[x]",
    "nothing to see": "\u200b\u200d\u2060\ufeff",
    "a long norwegian name": "Anne-Margrethe Skjæråsen Bjørnstjerne-Østgård "
    "(førstebibliotekar og områdeleder for formidling)",
}  # fmt: skip
SIZES = [(30, 1), (40, 5), (56, 9), (80, 14), (117, 20)]


def drawings():
    """Every drawing function of the panel: it takes a view, columns and rows, and nothing else."""
    found = {}
    for module in modules():
        for name, thing in vars(module).items():
            if not inspect.isfunction(thing) or thing.__module__ != module.__name__:
                continue
            taken = list(inspect.signature(thing).parameters)[:3]
            if name.startswith("draw_") and taken == ["view", "columns", "rows"]:
                found[name] = thing
    return found


def called(text):
    """The debate, with everything in it called so."""
    book = snapshots.plain_book()
    book["show"] |= {"name": text}
    book["venue"] |= {"name": text}
    book["cues"] = [
        {**cue, "name": text, "notes": f"{text}\n{text}", "chapter": text if n % 3 == 0 else ""}
        for n, cue in enumerate(book["cues"])
    ]
    book["devices"] = {name: {"label": text} for name in book["devices"]}
    book["scenes"] = {name: {"label": text} for name in book["scenes"]}
    return read_playbill(book)


def happens_to(text, snap: Snapshot):
    values = snap.values | {"obs.program": (text, "confirmed"), "obs.Navn.text": (text, "held")}
    return replace(snap, operator=text, values=values)


def test_there_are_drawings_to_ask():
    assert {"draw_head", "draw_cues", "draw_next", "draw_room", "draw_alarm"} <= set(drawings())


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("name", drawings())
def test_a_drawing_is_as_wide_as_it_should_be(name, text):
    for snap in (snapshots.live(), snapshots.trouble(), snapshots.edited()):
        view = View(
            bill=called(text), snap=happens_to(text, snap), contact="up", wall=snapshots.WALL,
            by=text,
        )  # fmt: skip
        for columns, rows in SIZES:
            for pieces, ground in drawings()[name](view, columns, rows)[:rows]:
                drawn = strip(pieces, ground, columns)
                assert sum(cell_len(segment.text) for segment in drawn) == columns
                assert width(pieces) <= columns or drawn.text.rstrip().endswith(("…", "─", "━"))
                assert not set(drawn.text) & set("\u202e\u2066\u200b\x1b")


@pytest.mark.parametrize("size", [NARROW, KIOSK], ids=str)
@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
async def test_a_whole_screen_stays_in_its_columns(text, size):
    async with evening(happens_to(text, snapshots.trouble()), size, bill=called(text)) as it:
        for pane in sorted({picture.pane for picture in PICTURES} - {"beside"}):
            it.panel.view = replace(it.panel.view, pane=pane)
            await it.settle()
            strips = it.panel.screen._compositor.render_strips()
            assert [sum(cell_len(s.text) for s in row) for row in strips] == [size[0]] * size[1]


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_list_of_events_stays_in_its_columns(text, size):
    events = tuple(replace(e, title=text, venue=text) for e in days.EVENTS)
    board = Board(replace(days.DAY, events=events, venue=text), snapshots.WALL)
    for pieces, ground in draw_list(board, *size):
        assert cell_len(strip(pieces, ground, size[0]).text) == size[0]
        assert width(pieces) <= size[0]


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_each_sign_takes_its_own_cells_whatever_stands_beside_it(text):
    """So that terminals which join pictures and those which do not agree on where a row goes on."""
    said = clean(text)
    assert cell_len(said) == sum(map(cell_len, said))


@given(st.text())
def test_no_sign_at_all_depends_on_its_neighbour_for_its_cells(text):
    said = clean(text)
    assert cell_len(said) == sum(map(cell_len, said))


async def test_what_is_typed_is_seen_and_not_obeyed():
    async with shown(replace(PICTURES[0], bill=lambda: called(NAMES["markup"]))) as it:
        assert "[bold red]Kari[/]" in it.text()
