"""One browser and one evening for all tests of a module; each test has windows of its own."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.page import CHROMIUM, chromium, face
from tests.browser.serving import Heard, on_stage, serve


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.real)
        if not CHROMIUM.exists():
            item.add_marker(
                pytest.mark.skip(reason="needs Debian's chromium: tests/rig/install.sh")
            )


@pytest.fixture(scope="module")
def playwright():
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as one:
        yield one


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    with on_stage(tmp_path_factory.mktemp("library")) as evening:
        evening.house.linked()
        evening.house.go(
            "1"
        )  # the room is as the first cue has it: from here on a GO is one packet
        evening.house.confirmed()
        yield evening


@pytest.fixture(scope="module")
def heard(night):
    return Heard(night.stage).listen()


@pytest.fixture(scope="module")
def served(night):
    with serve(night.house) as serving:
        yield serving


@pytest.fixture
def window(browser, served):
    """Open windows on the server; they close with the test."""
    opened = []

    def open_one(*size, **more):
        opened.append(face(browser, served.url, *size, **more))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def panel(window, served):
    """A kiosk's panel, logged in by PIN and drawn."""
    return window().open().log_in(served.pin()).up()
