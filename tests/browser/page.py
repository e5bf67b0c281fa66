"""A person at a browser: opens the panel, logs in, reads the screen, touches what it says.

The browser is real Chromium, a finger is the browser's own touch event, and what is read is what
xterm.js has on its screen.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Playwright

from stagectl.panel.widgets.touch import READ

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 15.0  # seconds for whatever a person would wait for
QUIET = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""The word of docs/kiosk.md by which Chromium itself asks nobody anything."""
KIOSK = (1920, 1080)
TABLET = (1024, 768)

# when each finger was lifted, in seconds since the epoch, as the page was told
LIFTED = """
window.lifted = [];
addEventListener("touchend", (event) =>
  lifted.push((Date.now() - performance.now() + event.timeStamp) / 1000), {capture: true});
"""
SCREEN = """(() => {
  const box = document.querySelector(".xterm-screen").getBoundingClientRect();
  return {x: box.x, y: box.y, width: box.width, height: box.height,
          columns: stagectl.term.cols, rows: stagectl.term.rows};
})()"""


@contextmanager
def chromium(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """Start a browser of our own; it ends with the block."""
    # as root it has no sandbox; a container's /dev/shm is too small for it
    words = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", *more]
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=words)
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Face:
    """One page on one server. Places are cells, (column, row), from 0."""

    url: str
    context: BrowserContext
    page: Page
    requested: list[str] = field(default_factory=list)
    """Every address the page asked for."""
    failed: list[str] = field(default_factory=list)
    """What the page's own scripts failed at."""
    _cdp: CDPSession | None = None

    # ---- opening

    def open(self, path: str = "/") -> "Face":
        """Go there."""
        self.page.goto(self.url + path)
        return self

    def log_in(self, pin: str) -> "Face":
        """Touch the digits of a PIN, then «Logg inn»; wait for the panel, if there is one."""
        for digit in pin:
            self.page.locator(f"[data-digit='{digit}']").tap()
        self.page.locator(".enter").tap()
        return self

    def up(self) -> "Face":
        """Wait until the panel is drawn."""
        self.page.wait_for_selector("body[data-state=up]", timeout=PATIENCE * 1000)
        return self

    def close(self) -> None:
        """Close the browser's window."""
        self.context.close()

    # ---- reading

    @property
    def state(self) -> str:
        """What the page itself is at: opening, up, lost, full, ended."""
        return str(self.page.evaluate("document.body.dataset.state"))

    def text(self) -> str:
        """Return the screen, a line for each row."""
        return str(self.page.evaluate("stagectl.text()"))

    def wait_for(self, pattern: str, seconds: float = PATIENCE) -> "re.Match[str]":
        """Wait until the screen shows it."""
        end = time.monotonic() + seconds
        while (found := re.search(pattern, self.text())) is None:
            assert time.monotonic() < end, f"not on the screen: {pattern}\n{self.text()}"
            self.page.wait_for_timeout(10)
        return found

    def where(self, word: str, last: bool = True) -> tuple[int, int]:
        """Return the cell in the middle of a word on the screen; of several, the lowest."""
        rows = self.text().split("\n")
        found = [
            (match.start() + len(match[0]) // 2, y)
            for y, row in enumerate(rows) for match in re.finditer(re.escape(word), row)
        ]  # fmt: skip
        assert found, f"not on the screen: {word}\n{self.text()}"
        return found[-1 if last else 0]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        told = self.page.evaluate(SCREEN)
        return told["columns"], told["rows"]

    def point(self, cell: tuple[float, float]) -> tuple[float, float]:
        """Return the pixel in the middle of a cell."""
        told = self.page.evaluate(SCREEN)
        return (
            told["x"] + (cell[0] + 0.5) * told["width"] / told["columns"],
            told["y"] + (cell[1] + 0.5) * told["height"] / told["rows"],
        )

    # ---- touching

    def tap(self, word: str, seconds: float = PATIENCE) -> None:
        """Wait for a word on the screen, and touch it when it has been there for a while."""
        self.wait_for(re.escape(word), seconds)
        self.page.wait_for_timeout(1.5 * READ * 1000)
        self.tap_at(self.where(word))

    def go(self) -> None:
        """Touch GO: it is docked where the screen ends, whatever else is shown."""
        columns, rows = self.size
        self.tap_at((columns - 6, rows - 4))

    def tap_at(self, cell: tuple[float, float]) -> None:
        """Put a finger down on a cell and lift it."""
        at = self.point(cell)
        self.finger("touchStart", at)
        self.finger("touchEnd")

    def slide(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
        """Put a finger down on a pixel, slide it to another, and lift it."""
        self.finger("touchStart", start)
        for step in range(1, steps + 1):
            part = step / steps
            self.finger(
                "touchMove",
                (start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part),
            )
            self.page.wait_for_timeout(8)
        self.finger("touchEnd")

    def finger(self, kind: str, *points: tuple[float, float], first: int = 0) -> None:
        """Say one touch event to the browser; it makes of it what it makes of a real one.

        The fingers of `points` are numbered from `first`; "touchEnd" without any lifts them all.
        """
        if self._cdp is None:
            self._cdp = self.context.new_cdp_session(self.page)
        told = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points, first)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def lifted(self) -> list[float]:
        """Return when each finger was lifted, seconds since the epoch."""
        told: list[float] = self.page.evaluate("lifted")
        return told


def face(browser: Browser, url: str, size: tuple[int, int] = KIOSK, **more: Any) -> Face:
    """Open a window with a touch screen, in a profile of its own; nothing is asked for yet."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=True, **more
    )
    context.add_init_script(LIFTED)
    page = context.new_page()
    made = Face(url, context, page)
    page.on("request", lambda request: made.requested.append(request.url))
    page.on("pageerror", lambda error: made.failed.append(str(error)))
    page.on(
        "console",
        lambda said: made.failed.append(said.text) if said.type == "error" else None,
    )
    return made
