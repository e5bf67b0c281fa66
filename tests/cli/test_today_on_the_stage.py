"""From the list of events to a simulated stage and back, by touch: real files, a real desk."""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from stagectl.cli.home import House
from stagectl.client import Line
from stagectl.engine.intent import End, Go
from stagectl.files.load import load_show
from stagectl.panel.app import Panel
from stagectl.panel.link import Wire
from stagectl.panel.screens.today import Today
from stagectl.sim.stage import run_stage
from stagectl.words import tongue
from tests.cli.library import Library
from tests.desk.house import ROOT
from tests.panel.canned import KIOSK

SHOW = "2026-12-03-debatt-arkitekturpris"
PASSWORD = "kanari-4410"
ENCORE = """
  - cue: 99
    name: Ekstranummer
    set: {obs.program: Finnes ikke}
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The example debate, today, in a room whose devices are simulated."""
    library = Library(tmp_path / "library", tmp_path / "home")
    for name, value in library.environment.items():
        if name.startswith(("STAGECTL_", "PYTHON")):
            monkeypatch.setenv(name, value)
    for path in library.folder.rglob("*.yaml"):
        path.unlink()
    secret = library.home / "config" / "secrets" / "obs"
    secret.parent.mkdir(parents=True)
    secret.write_text(PASSWORD, "utf-8")
    secret.chmod(0o600)
    with tongue.speaking("nb"):
        yield library
    library.close()


@pytest.fixture
def stage(library):
    book = load_show(ROOT / "cues" / f"{SHOW}.yaml")
    with run_stage(book, obs_password=PASSWORD) as stage:
        venue = (ROOT / "scenes" / "lillestrom.yaml").read_text("utf-8")
        for name, address in stage.addresses.items():
            venue = re.sub(rf"(?ms)^(  {name}:.*?at: )\S+", rf'\g<1>"{address}"', venue, count=1)
        (library.folder / "scenes" / "lillestrom.yaml").write_text(venue, "utf-8")
        show = (ROOT / "cues" / f"{SHOW}.yaml").read_text("utf-8")
        today = datetime.now().astimezone().date().isoformat()
        show = re.sub(r"(?m)^date: .*$", f"date: {today}", show)
        (library.folder / "cues" / "debatt.yaml").write_text(show + ENCORE, "utf-8")
        yield stage


class Evening:
    def __init__(self, panel, pilot):
        self.panel, self.pilot = panel, pilot

    def text(self):
        strips = self.panel.screen._compositor.render_strips()
        return "\n".join("".join(s.text for s in strip).rstrip() for strip in strips)

    async def see(self, text, seconds=20.0):
        """Wait until this is on the screen."""
        try:
            async with asyncio.timeout(seconds):
                while text not in self.text():
                    await self.pilot.pause(0.05)
        except TimeoutError:
            raise AssertionError(self.text()) from None

    async def touch(self, text):
        row, column = next(
            (n, r.index(text)) for n, r in enumerate(self.text().splitlines()) if text in r
        )
        await self.pilot.mouse_down(offset=(column + 1, row))
        await self.pilot.mouse_up(offset=(column + 1, row))


@asynccontextmanager
async def a_panel(library):
    house = House(library.folder, "lillestrom")

    def reach(opened):
        return Wire(opened.address, opened.token, "panel", opened.find)

    panel = Panel(None, home=house, reach=reach)
    async with panel.run_test(size=KIOSK) as pilot:
        yield Evening(panel, pilot)


async def test_the_evening_is_opened_checked_and_left_running_by_touch(library, stage):
    async with a_panel(library) as it:
        await it.see("✓ klar")
        await it.touch("Hvem bygger vi for?")
        await it.see("KLAR", 30)
        assert not isinstance(it.panel.screen, Today)
        await it.touch("Meny")
        await it.see("Sjekk")
        await it.touch("Sjekk")
        await it.see("OBS har ingen scene Finnes ikke")
        await it.see("Svarer: OBS")
        stage.kill("mixer")
        await it.see("× Mikser", 20)
        stage.restart("mixer")
        await it.see("✓ Mikser", 20)
        desk = it.panel.opened
        with Line(desk.address, desk.token) as line:
            assert line.ask(Go()).ok
        await it.pilot.press("f7")
        await it.see("► går nå")
        assert library.status()["onstage"] == "1"
        await it.touch("Hvem bygger vi for?")
        await it.see("I GANG")
        with Line(desk.address, desk.token) as line:
            assert line.ask(End()).ok
        await it.pilot.press("f7")
        await it.see("■ kjørt")
