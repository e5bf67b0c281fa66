"""Every tone can be read on every ground, in every palette, on every terminal (WCAG 2.1: 4.5 to 1).

WCAG lets large letters do with 3 to 1. How large a letter is only the terminal knows, so none is:
all that is a letter stands 4.5, bold or not, and the clock's figures of blocks too.
"""

import re
from itertools import product
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from rich.console import Console
from textual.color import Color as ScreenColor
from textual.filter import Monochrome

import stagectl.panel
from stagectl.panel import palette
from stagectl.panel.palette import CONTRASTS, DRAWN, GROUNDS, QUIET_GROUNDS, TONES, style
from stagectl.panel.widgets.painted import strip
from tests.panel.gallery import PICTURES, shown

LETTERS = [tone for tone in TONES if tone not in DRAWN]
READ = 4.5
SEEN = 3.0
VGA = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
PALETTES = [*CONTRASTS, "sixteen"]


@pytest.fixture(autouse=True)
def as_it_was():
    yield
    palette.use("ordinary")
    palette.fit(few=False)


@pytest.fixture(params=PALETTES)
def any_palette(request):
    choose(request.param)
    return request.param


def choose(name):
    if name == "sixteen":
        palette.fit(few=True)
    else:
        palette.use(name)


def luminance(color):
    def linear(part):
        c = part / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = color.get_truecolor()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def between(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast(ground, tone, shown=lambda color: color):
    said = style(ground, tone)
    assert said.color is not None
    assert said.bgcolor is not None
    return between(shown(said.color), shown(said.bgcolor))


def test_every_letter_can_be_read_on_every_ground(any_palette):
    found = {(g, t): contrast(g, t) for g, t in product(GROUNDS, LETTERS)}
    assert {pair: r for pair, r in found.items() if r < READ} == {}


def test_bars_and_rules_can_be_seen_on_every_ground(any_palette):
    found = {(g, t): contrast(g, t) for g, t in product(GROUNDS, DRAWN)}
    assert {pair: r for pair, r in found.items() if r < SEEN} == {}


def test_a_bars_done_part_stands_out_from_the_rest_of_it(any_palette):
    """By its shape too; but a bar is looked at from across a room."""
    rest = style("card", "rule").color
    for tone in sorted(DRAWN - {"rule"}):
        assert style("card", tone).color != rest


@pytest.mark.parametrize("contrast_", CONTRASTS)
def test_what_is_written_can_be_read_with_256_colours_too(contrast_):
    """As in tmux, or over a line that says nothing of true colours."""
    palette.use(contrast_)

    def of_256(color):
        return color.downgrade(ColorSystem.EIGHT_BIT)

    found = {(g, t): contrast(g, t, of_256) for g, t in product(GROUNDS, LETTERS)}
    assert {pair: r for pair, r in found.items() if r < READ} == {}


def test_what_is_written_can_be_read_in_greys(any_palette):
    """NO_COLOR: Textual makes every colour its grey."""

    def grey(color):
        return ScreenColor.from_rich_color(color).monochrome.rich_color

    found = {(g, t): contrast(g, t, grey) for g, t in product(GROUNDS, LETTERS)}
    assert {pair: r for pair, r in found.items() if r < READ} == {}


def test_what_is_written_can_be_read_in_the_greys_of_sixteen_colours():
    """NO_COLOR at a console of TERM=linux."""
    palette.fit(few=True, grey=True)

    def grey(color):
        return ScreenColor.from_rich_color(color).monochrome.rich_color.downgrade(
            ColorSystem.STANDARD
        )

    for ground, tone in product(GROUNDS, TONES):
        said = style(ground, tone)
        inks = [Color.parse(VGA[grey(c).number or 0]) for c in (said.color, said.bgcolor)]
        assert between(*inks) >= READ, (ground, tone)
        assert (grey(said.bgcolor).number or 0) < 8, (ground, tone)


@pytest.mark.parametrize(
    ("term", "few"), [("linux", True), ("xterm-256color", False), ("screen", True)]
)
def test_a_terminal_says_how_many_colours_it_has(term, few):
    console = Console(force_terminal=True, _environ={"TERM": term})
    assert (console.color_system in palette.FEW) == few


def test_textual_does_in_no_color_what_was_measured():
    row = list(strip((("Kari", "amber"),), "page", 4))
    seen = Monochrome().apply(row, ScreenColor.parse("#000000"))[0].style
    assert seen.color == ScreenColor.from_rich_color(row[0].style.color).monochrome.rich_color


def test_the_sixteen_are_a_terminals_own_and_its_grounds_the_eight_it_has():
    palette.fit(few=True)
    for ground, tone in product(GROUNDS, TONES):
        said = style(ground, tone)
        for color, most in ((said.color, 16), (said.bgcolor, 8)):
            of_16 = color.downgrade(ColorSystem.STANDARD).number or 0
            assert VGA[of_16] == color.name, (ground, tone)
            assert of_16 < most, (ground, tone, color.name)


def test_a_terminal_of_sixteen_colours_has_one_contrast():
    palette.fit(few=True)
    before = style("raised", "text")
    palette.use("high")
    assert style("raised", "text") == before


@pytest.mark.parametrize("change", ["pressed", "marked"])
def test_a_button_that_is_pressed_or_marked_is_another_block(any_palette, change):
    # GO is pressed and never marked. Of eight grounds only so many differ so much as 3 to 1.
    least = 1.3 if any_palette == "sixteen" else SEEN
    new = style(change, "text").bgcolor
    for ground in ("raised", "stop", "cover", "calm", "low", "on_air", "preview", "now", "next"):
        assert between(new, style(ground, "text").bgcolor) >= least, ground
    assert between(style("pressed", "text").bgcolor, style("go", "text").bgcolor) >= 1.3


def test_high_contrast_is_seven_to_one_where_most_is_written_and_every_block_has_an_edge():
    palette.use("high")
    page = style("page", "text").bgcolor
    for ground, tone in product(QUIET_GROUNDS, LETTERS):
        if "chip" not in tone:
            assert contrast(ground, tone) >= 7, (ground, tone)
    for ground in set(GROUNDS) - QUIET_GROUNDS:
        assert between(style(ground, "text").bgcolor, page) >= SEEN, ground


def test_high_contrast_is_nowhere_lower_than_ordinary():
    for ground, tone in product(QUIET_GROUNDS, TONES):
        palette.use("ordinary")
        before = contrast(ground, tone)
        palette.use("high")
        if "chip" not in tone:
            assert contrast(ground, tone) >= before, (ground, tone)


def test_what_is_drawn_next_is_in_the_palette_that_is_used():
    before = strip((("Kari", "dim"),), "card", 10)
    palette.use("high")
    after = strip((("Kari", "dim"),), "card", 10)
    assert before.text == after.text
    assert [s.style for s in before] != [s.style for s in after]
    assert palette.other() == "ordinary"


def test_nothing_but_the_palette_names_a_colour():
    mine = Path(palette.__file__)
    named = re.compile(r"#[0-9a-fA-F]{6}\b|Style\(|\brgb\(")
    found = [
        f"{path.name}:{number}"
        for path in sorted(Path(stagectl.panel.__file__).parent.rglob("*"))
        if path.suffix in (".py", ".tcss") and path != mine
        for number, row in enumerate(path.read_text("utf-8").splitlines(), 1)
        if named.search(row)
    ]
    assert found == []


def test_the_measure_knows_black_on_white():
    assert between(Color.parse("#ffffff"), Color.parse("#000000")) == pytest.approx(21)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
async def test_every_letter_of_every_screen_can_be_read_in_high_contrast(picture):
    """What a widget draws past the palette is measured too."""
    palette.use("high")
    found = {}
    async with shown(picture) as it:
        for strip_ in it.panel.screen._compositor.render_strips():
            for text, said, _control in strip_:
                if any(map(str.isalnum, text)) and said is not None:
                    found[text.strip()] = between(said.color, said.bgcolor)
    assert found
    assert {text: ratio for text, ratio in found.items() if ratio < READ} == {}
