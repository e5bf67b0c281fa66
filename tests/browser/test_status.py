"""The plain pages: read without scripts, followed by ear, by keyboard alone, and enlarged."""

import json
import re
import subprocess
import sys

import pytest

from tests.browser.page import face
from tests.browser.serving import on_stage, serve
from tests.faults.house import ROOT, until

AXE = ROOT / "tests/browser/axe/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="needs axe-core of tests/browser/axe: tests/rig/install.sh"
)


def faults(page):
    """Return what axe-core finds amiss on a page: rule and place."""
    page.evaluate(AXE.read_text("utf-8"))
    told = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    assert told["passes"], "axe-core looked at nothing"
    wrong = [(one["id"], [n["html"] for n in one["nodes"]]) for one in told["violations"]]
    unsure = [(one["id"], n) for one in told["incomplete"] for n in one["nodes"]]
    return wrong + [(rule, node["html"]) for rule, node in unsure if not is_contrast(node)]


def is_contrast(node):
    """Tell whether axe-core only doubts that one letter is a text, and its contrast is enough."""
    data = [check.get("data") or {} for check in node["any"]]
    return any(
        one.get("messageKey") == "shortTextContent" and one["contrastRatio"] >= 4.5 for one in data
    )


def by_keyboard(window, served, role="watch", **more):
    """Log in as somebody does who has no hand free for a screen: by typing."""
    page = window(**more).open("/status")
    page.page.keyboard.type(served.pin(role))
    page.page.keyboard.press("Enter")
    page.page.wait_for_url(re.compile(r"/$"))
    return page.open("/status")


@needs_axe
def test_axe_finds_nothing_amiss_on_the_login_page(window):
    page = window().open().page
    assert faults(page) == []
    page.fill("#pin", "1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error")
    assert faults(page) == []


@needs_axe
def test_axe_finds_nothing_amiss_on_the_status_page(window, served, night):
    page = by_keyboard(window, served).page
    assert faults(page) == []
    night.stage.kill("mixer")
    try:
        page.wait_for_selector("#alarm:not(:empty)")
        assert faults(page) == []
    finally:
        night.stage.restart("mixer")
        night.house.linked()


@needs_axe
def test_axe_finds_nothing_amiss_where_the_panel_is_closed(panel):
    panel.page.keyboard.press("Control+q")
    panel.page.wait_for_selector("body[data-state=ended]")
    assert faults(panel.page) == []


def test_the_login_works_by_keyboard_alone_and_says_what_is_wrong(window, served):
    page = window().open().page
    assert page.evaluate("document.activeElement.id") == "pin"
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error[role=alert]")
    assert "Prøv igjen" in page.inner_text("#error")
    assert page.evaluate("document.activeElement.id") == "pin"
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert reached[:9] == list("123456789")
    assert reached[-1] == "Logg inn"
    page.fill("#pin", served.pin("watch"))
    page.keyboard.press("Enter")
    page.wait_for_selector("#terminal")


def test_digits_are_large_enough_for_a_finger(window):
    page = window().open().page
    for box in page.locator(".digits button, .enter").all():
        told = box.bounding_box()
        assert told is not None
        assert min(told["width"], told["height"]) >= 44


def test_the_show_is_read_without_any_script(window, served, night):
    page = window(java_script_enabled=False).open("/status").page
    page.fill("#pin", served.pin("watch"))
    page.click(".enter")
    page.goto(served.url + "/status")
    assert page.get_attribute("html", "lang") == "nb"
    words = page.inner_text("main")
    cue = night.house.status["onstage"]
    assert re.search(rf"Nå\s+{cue} ", words), words
    for said in ("Neste", "Klokke", "Utstyr"):
        assert said in words
    assert re.search(r"\d\d:\d\d:\d\d", words)


def test_a_new_cue_is_said_once_and_the_clock_never(window, served, night):
    page = by_keyboard(window, served).page
    page.wait_for_selector("#time:not(:empty)")
    night.house.confirmed()  # what an earlier test broke is mended
    night.house.told(lambda s: not s["alarms"], what="no alarm")
    page.wait_for_selector("#alarm:empty", state="attached")
    page.evaluate(
        """() => {
          window.said = {spoken: [], alarm: [], time: []};
          for (const place of Object.keys(said))
            new MutationObserver(() => said[place].push(document.getElementById(place).textContent))
              .observe(document.getElementById(place),
                       {childList: true, characterData: true, subtree: true});
        }"""
    )
    page.wait_for_timeout(2500)
    said = page.evaluate("said")
    assert said["spoken"] == []
    assert said["alarm"] == []
    assert len(said["time"]) >= 2
    for place, live in (("spoken", "status"), ("alarm", "alert"), ("time", "timer")):
        assert page.get_attribute(f"#{place}", "role") == live
    assert page.get_attribute("#time", "aria-live") is None  # a timer's is off
    cue = str(int(night.house.status["onstage"]) + 1)
    night.house.go(cue)
    page.wait_for_selector(f"#now:text('{cue} Cue {cue}')")
    page.wait_for_timeout(1000)
    said = page.evaluate("said")
    assert len(said["spoken"]) == 1
    assert f"Nå: {cue} Cue {cue}" in said["spoken"][0]
    assert not re.search(r"\d:\d\d", said["spoken"][0])


def test_an_alarm_is_said_and_goes_again(window, served, night):
    page = by_keyboard(window, served).page
    page.wait_for_selector("#now:not(:empty)")
    night.stage.kill("mixer")
    page.wait_for_selector("#alarm:not(:empty)")
    night.stage.restart("mixer")
    page.wait_for_selector("#alarm:empty", state="attached")
    night.house.linked()


@pytest.mark.parametrize("path", ["/", "/status"])
@pytest.mark.parametrize("size", [(640, 480), (320, 640)])
def test_enlarged_to_twice_and_four_times_nothing_is_beside_the_page(window, served, path, size):
    page = window(size)
    if path == "/status":
        page = by_keyboard(window, served)
        page.page.set_viewport_size({"width": size[0], "height": size[1]})
    else:
        page.open()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_only_watches_sees_the_page_and_a_panel_that_does_nothing(window, served, heard):
    page = window().open().log_in(served.pin("watch")).up()
    page.wait_for("Dørene åpner|Cue")
    before = len(heard.levels())
    page.go()
    page.page.wait_for_timeout(500)
    assert len(heard.levels()) == before


def test_a_show_that_does_not_run_is_waited_for(browser, tmp_path):
    """A watcher's page says so in words, and opens the panel by itself when there is a desk."""
    with on_stage(tmp_path) as night, serve(night.house) as late:
        house, pin = night.house, late.pin("watch")
        place = house.place
        house.do("end")
        until(lambda: not place.running(), 10, "the desk to end")
        page = face(browser, late.url).open().log_in(pin)
        page.page.wait_for_selector("p[role=status]:text('Ingen forestilling går ennå')")
        words = ["run", str(house.show), "--headless", "--fresh", *house.options]
        run = subprocess.Popen(
            [sys.executable, "-m", "stagectl", *words], cwd=house.folder, env=house.environ,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            page.up().wait_for("Dørene åpner")
            page.close()
        finally:
            run.terminate()
            run.wait(15)
