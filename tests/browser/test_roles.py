"""A guest at a real browser: by PIN, by touch, until it is over; and nobody else notices."""

import time

from stagectl.engine.event import Fired, Held
from tests.browser.page import KIOSK

MIC = "mixer.guest"
OVER = "PIN-koden gjelder ikke lenger"


def a_guest(window, served, **more):
    """Return a kiosk's panel, logged in by a guest's PIN with one microphone."""
    return window(KIOSK).open().log_in(served.pin("guest", **{"own": (MIC,), **more})).up()


def settled(night, moments=0.4):
    """Let whatever a touch could still do be done."""
    time.sleep(moments)
    return night.house.status


def test_a_guests_touch_on_go_is_the_evenings_and_on_anything_else_is_nothing(
    window, served, night, heard
):
    guest = a_guest(window, served)
    guest.wait_for("gjest")
    before, cue = len(heard.levels()), int(night.house.status["onstage"])
    guest.go()
    heard.next(before)
    night.house.on_stage(str(cue + 1))
    assert night.house.of(Fired)[-1].by == "guest browser"
    for word in ("Stopp alt", "Dekk sendingen", "Hopp over", "Utsett", "Forrige"):
        guest.tap(word)
        assert settled(night)["overlay"] == "", word
    status = night.house.status
    assert (status["skipped"], status["postponed"]) == ([], 0)
    assert status["onstage"] == str(cue + 1)
    guest.page.keyboard.press("Escape")
    guest.page.keyboard.press("Escape")
    assert settled(night)["overlay"] == ""
    guest.tap("Tilbake")
    night.house.told(lambda s: s["onstage"] == str(cue), what="back at the cue before")
    assert guest.failed == []


def test_a_guest_mutes_their_own_microphone_and_no_other(window, served, night):
    guest = a_guest(window, served)
    guest.tap("For hånd")
    guest.tap("Lyd")
    guest.wait_for("bekreftet|sendt")
    for other in ("Vert", "Publikum", "Gjest 2", "Lys", "Kamera"):
        assert other not in guest.text()
    guest.tap("Gjest")
    night.house.told(lambda s: s["values"][f"{MIC}.on"][0] is True, what="it is on")
    level = night.house.status["values"][f"{MIC}.level"][0]
    guest.tap("+")
    night.house.told(lambda s: s["values"][f"{MIC}.level"][0] > level, what="a step up")
    hands = {(event.parameter, event.by) for event in night.house.of(Held)}
    assert hands == {(f"{MIC}.{leaf}", "guest browser") for leaf in ("on", "level")}
    night.house.do("let-go")


def test_a_pin_that_is_taken_back_ends_the_panel_at_once_and_the_operators_goes_on(
    window, served, night, heard
):
    operator = window(KIOSK).open().log_in(served.pin()).up()
    guest = a_guest(window, served)
    assert night.house.cli("pin", "drop", "guest").status == 0
    since = time.monotonic()
    guest.page.wait_for_selector(".enter", timeout=10_000)  # the page asks for a PIN again
    took = time.monotonic() - since
    assert guest.page.locator("[role=alert]").inner_text() == OVER
    assert took < 2.0 + 1.0  # the desk's two seconds, and the page's own way back
    before = len(heard.levels())
    operator.go()
    heard.next(before)
    assert operator.state == "up"


def test_a_guests_pin_ends_by_itself_and_says_so(window, served, night):
    guest = a_guest(window, served, until=time.time() + 15)
    guest.wait_for("gjest, [01] min igjen")
    guest.page.wait_for_selector(".enter", timeout=20_000)
    assert guest.page.locator("[role=alert]").inner_text() == OVER
    assert night.house.status["phase"] == "live"
