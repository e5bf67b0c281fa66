"""A name is corrected by touch: a screen keyboard may come while it is, and at no other time."""

import pytest

from tests.browser.page import TABLET, face
from tests.browser.serving import on_stage, serve
from tests.faults.house import squeezed


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The example show, whose people have names."""
    with on_stage(tmp_path_factory.mktemp("names"), change=lambda t: squeezed(t, 0.3)) as evening:
        yield evening


def inputmode(panel):
    return panel.page.evaluate("document.activeElement.getAttribute('inputmode')")


@pytest.mark.parametrize("size", [(1920, 1080), TABLET])
def test_a_name_is_corrected_by_touch_and_the_screen_keyboard_is_asked_for_meanwhile_alone(
    browser, night, size
):
    with serve(night.house) as served:
        panel = face(browser, served.url, size).open().log_in(served.pin()).up()
        panel.tap("For hånd")
        panel.tap("Tekst")
        panel.wait_for("Ødegård")
        assert inputmode(panel) == "none"
        panel.tap("Ødegård")
        panel.wait_for("Gjest")
        panel.page.wait_for_selector("textarea[inputmode=text]", state="attached")
        assert inputmode(panel) == "text"
        panel.page.keyboard.type("x")
        panel.wait_for("Ødegårdx")
        panel.page.keyboard.press("Backspace")
        panel.page.keyboard.type("ø")
        panel.page.keyboard.press("Enter")
        panel.page.wait_for_selector("textarea[inputmode=none]", state="attached")
        night.house.told(
            lambda s: s["people"]["guest"]["name"].endswith("Ødegårdø"), what="the name corrected"
        )
        panel.wait_for("Solbakken")  # the list is back: the name stood in the editor too
        panel.tap("Ødegårdø")
        panel.page.wait_for_selector("textarea[inputmode=text]", state="attached")
        panel.page.keyboard.press("Backspace")
        panel.page.keyboard.press("Enter")
        night.house.told(
            lambda s: s["people"]["guest"]["name"].endswith("Ødegård"), what="and back again"
        )
        panel.close()
