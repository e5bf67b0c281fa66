"""The widget draws what the feed says, says when there is no stage, and finds it again."""

import asyncio
import time
from contextlib import asynccontextmanager

from textual.app import App

from stagectl.sim.stage import run_stage
from stagectl.sim.view import StageView
from tests.sim.conftest import BOOK


class Screen(App[None]):
    """Nothing but the stage."""

    def __init__(self, feed=""):
        super().__init__()
        self.view = StageView(feed)

    def compose(self):
        yield self.view

    def text(self):
        return "\n".join(self.view.render_line(y).text for y in range(self.view.size.height))


@asynccontextmanager
async def shown(feed="", size=(50, 28)):
    """Yield the app and its pilot."""
    app = Screen(feed)
    async with app.run_test(size=size) as pilot:
        yield app, pilot


async def shows(app, words, seconds=5.0):
    end = time.monotonic() + seconds
    while words not in app.text():
        assert time.monotonic() < end, f"{words} never came:\n{app.text()}"
        await asyncio.sleep(0.02)


async def test_the_widget_follows_the_stage(stage):
    async with shown(stage.feed) as (app, _):
        await shows(app, "Venteskjerm")
        stage.move("obs.program", "Samtale")
        stage.move("mixer.guest.level", -20.0)
        await shows(app, "Samtale")
        await shows(app, "−20")


async def test_a_stage_that_goes_is_missed_and_one_that_comes_back_is_found():
    stage = run_stage(BOOK)
    port = int(stage.feed.rpartition(":")[2])
    async with shown(stage.feed) as (app, _):
        await shows(app, "Venteskjerm")
        stage.close()
        await shows(app, "The simulated stage is not there")
        with run_stage(BOOK, feed_port=port):
            await shows(app, "Venteskjerm")


async def test_a_widget_without_a_feed_shows_what_it_is_told(stage):
    async with shown(size=(120, 33)) as (app, _):
        assert "The simulated stage is not there" in app.text()
        app.view.show(stage.state())
        assert "Venteskjerm" in app.text()


async def test_the_widget_draws_anew_for_a_new_size_and_can_never_take_the_focus(stage):
    async with shown(stage.feed) as (app, pilot):
        await shows(app, "Venteskjerm")
        await pilot.resize_terminal(110, 40)
        await shows(app, "Venteskjerm")
        assert app.view.size == (110, 40)
        await pilot.press("tab", "space", "escape")
        assert app.focused is None
