"""A finger on real Chromium reaches the simulated mixer, if it was lifted on a button."""

import statistics
import time

from tests.browser.page import TABLET
from tests.browser.serving import Terminal

TAPS = 40
MEDIAN, WORST = 0.060, 0.150  # seconds from the finger lifted to the packet: the median, the p95


def nothing_comes(heard, before, seconds=0.5):
    time.sleep(seconds)
    assert len(heard.levels()) == before


def test_a_tap_on_go_is_a_packet_at_the_mixer(panel, heard, night):
    panel.wait_for("Dørene åpner")
    before = len(heard.levels())
    panel.go()
    heard.next(before)
    night.house.on_stage("2")
    panel.wait_for("2 +Cue 2")
    assert panel.failed == []


def test_from_the_finger_lifted_to_the_packet(panel, heard, night, capsys):
    """The terminal's own figure of the same minute beside it: the desk's part is in both."""
    terminal = Terminal(night.house)
    try:
        terminal.wait_for("mellomrom")
        panel.wait_for("mellomrom")
        took, beside = [], []
        for n in range(TAPS + 4):
            before = len(heard.levels())
            panel.go()
            came = heard.next(before)
            took.append(came - panel.lifted()[-1])
            time.sleep(0.11 + 0.007 * (n % 7))  # not in step with anything
            before = len(heard.levels())
            began = terminal.go()
            beside.append(heard.next(before) - began)
            time.sleep(0.11 + 0.007 * (n % 5))
    finally:
        terminal.close()
    took, beside = took[4:], beside[4:]  # the first warm what is cold
    told = [
        f"{who}: median {1000 * statistics.median(all_):.0f} ms, "
        f"p95 {1000 * statistics.quantiles(all_, n=20)[-1]:.0f} ms"
        for who, all_ in (("touch", took), ("terminal", beside))
    ]
    with capsys.disabled():
        print(f"\n  from the finger to the packet: {'; '.join(told)}", end="")  # noqa: T201 -- the measurement
    assert statistics.median(took) <= MEDIAN
    assert statistics.quantiles(took, n=20)[-1] <= WORST


def test_a_finger_that_slides_off_go_presses_nothing(panel, heard):
    panel.wait_for("mellomrom")
    columns, rows = panel.size
    before, here = len(heard.levels()), panel.page.url
    panel.slide(panel.point((columns - 6, rows - 4)), panel.point((columns // 2, rows // 2)))
    nothing_comes(heard, before)
    panel.slide(panel.point((4, rows // 2)), panel.point((columns - 4, rows // 2)))  # «page back»
    nothing_comes(heard, before)
    assert (panel.page.url, panel.state) == (here, "up")


def test_a_palm_that_rests_on_the_glass_does_not_keep_go_from_another_finger(panel, heard):
    panel.wait_for("mellomrom")
    columns, rows = panel.size
    # on a card: lifted from the list, the palm would have chosen a cue
    palm, go = panel.point((columns - 10, rows // 2)), panel.point((columns - 6, rows - 4))
    before = len(heard.levels())
    panel.finger("touchStart", palm)
    panel.finger("touchStart", palm, go)
    panel.finger("touchEnd", go, first=1)
    heard.next(before)
    panel.finger("touchEnd")


def test_two_taps_soon_after_each_other_are_two_presses(panel, heard):
    panel.wait_for("mellomrom")
    before = len(heard.levels())
    panel.go()
    heard.next(before)
    panel.page.wait_for_timeout(100)  # the screen shows the cue that the second tap is for
    panel.go()
    heard.next(before + 1)  # without a guard: with one, the desk refuses it


def test_nothing_is_marked_zoomed_or_typed_on_a_screen_keyboard(panel):
    panel.wait_for("mellomrom")
    columns, _ = panel.size
    for _ in range(2):
        panel.tap_at((columns // 2, 3))
    ask = panel.page.evaluate
    assert ask("String(getSelection())") == ""
    assert ask("visualViewport.scale") == 1
    assert ask("document.activeElement.getAttribute('inputmode')") == "none"
    assert ask("getComputedStyle(document.body).touchAction") == "none"


def test_the_letters_fit_a_kiosk_and_a_tablet(window, served):
    kiosk = window().open().log_in(served.pin()).up()
    columns, rows = kiosk.size
    assert columns >= 117
    assert rows >= 33
    for width, height in (TABLET, (768, 1024), (1366, 1024), (820, 1180)):
        kiosk.page.set_viewport_size({"width": width, "height": height})
        kiosk.page.wait_for_timeout(400)
        columns, rows = kiosk.size
        assert columns >= 80, (width, height)
        assert rows >= 24, (width, height)
    kiosk.page.set_viewport_size({"width": 3840, "height": 2160})
    kiosk.page.wait_for_timeout(600)
    columns, rows = kiosk.size
    assert (columns >= 200, rows >= 56) == (True, True)
