"""Every tone can be read on every ground it is used on (WCAG 2.1 AA: 4.5 to 1)."""

import pytest
from rich.color import Color

from stagectl.panel.palette import DRAWN, GROUNDS, TONES, style


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        c = part / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = color.get_truecolor()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(ground: str, tone: str) -> float:
    said = style(ground, tone)
    assert said.color is not None
    assert said.bgcolor is not None
    lighter, darker = sorted((_luminance(said.color), _luminance(said.bgcolor)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("tone", [t for t in TONES if t not in DRAWN])
def test_a_tone_can_be_read_on_a_ground(ground, tone):
    assert contrast(ground, tone) >= 4.5


def test_the_measure_knows_black_on_white():
    lighter, darker = _luminance(Color.parse("#ffffff")), _luminance(Color.parse("#000000"))
    assert (lighter + 0.05) / (darker + 0.05) == pytest.approx(21)
