"""docs/usability.md, walked through by what the screen shows alone, on a real desk."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from stagectl.cli.demo import a_stage, kept
from stagectl.client import Line
from stagectl.desk.place import STATE, Place
from stagectl.engine.intent import Go, Intent, Skip, StandBy
from stagectl.panel.app import Panel
from stagectl.panel.link import Wire
from stagectl.sim.stage import Stage
from stagectl.words import tongue
from tests.desk.house import ROOT
from tests.panel.canned import KIOSK
from tests.panel.newcomer import Newcomer

PAGE = (ROOT / "docs" / "usability.md").read_text("utf-8")
SHOW = "2026-12-03-debatt-arkitekturpris.yaml"
SAID = re.compile("«(.*?)»")
MOST = 3
GUARD = 0.6  # seconds: a GO closer to the last one is refused
DEADLINE = 20.0


@dataclass(frozen=True)
class Step:
    """A row of the page: what is touched or typed, and what is on the screen then."""

    touch: str
    under: str
    typed: str
    seen: tuple[str, ...]


def tasks() -> dict[str, tuple[Step, ...]]:
    """Read the page."""
    found = {}
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        rows = re.findall(r"^\| ([0-9⌨]) \| (.*?) ?\| (.*) \|$", rest, flags=re.MULTILINE)
        found[title] = tuple(_step(*row) for row in rows)
    return found


def _step(mark: str, touch: str, then: str) -> Step:
    seen = tuple(SAID.findall(then))
    if mark == "⌨":
        return Step("", "", touch, seen)
    word, under, *_rest = (*SAID.findall(touch), "", "")
    return Step(word, under, "", seen)


TASKS = tasks()


class Hall:
    """The debate on a simulated stage, and whoever else sits at it."""

    def __init__(self, place: Place, stage: Stage) -> None:
        self.place = place
        self.stage = stage

    @property
    def address(self) -> str:
        card = self.place.card()
        assert card is not None
        return card.address

    def ask(self, *intents: Intent) -> None:
        """Let a colleague ask for things, one after another."""
        with Line(self.address, self.place.token("operate"), "kollega") as line:
            for intent in intents:
                if isinstance(intent, Go):
                    time.sleep(GUARD)
                answer = line.ask(intent)
                assert answer.ok, answer

    def at(self, cue: str, lost: str = "") -> None:
        """Bring the show to a cue by GO; then lose a device."""
        self.ask(StandBy(cue), Go())
        if lost:
            self.stage.kill(lost)

    def snap(self):
        with Line(self.address, self.place.token("operate")) as line:
            return line.snapshot()

    def value(self, name: str):
        return self.snap().values[name][0]


@pytest.fixture
def hall(tmp_path, monkeypatch) -> Iterator[Hall]:
    project = tmp_path / "project"
    for folder in ("cues", "scenes"):
        (project / folder).mkdir(parents=True)
    shutil.copy(ROOT / "cues" / SHOW, project / "cues" / SHOW)
    shutil.copy(ROOT / "scenes" / "lillestrom.yaml", project / "scenes")
    monkeypatch.setenv(STATE, str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the desk, which is a process of its own
    monkeypatch.chdir(project)
    with (
        tongue.speaking("nb"),
        a_stage("nb", project / "cues" / SHOW) as (place, stage, known),
        kept(place, known),
    ):
        yield Hall(place, stage)


@dataclass(frozen=True)
class Task:
    """What the evening is like before, and what must be so afterwards, at the desk."""

    before: Callable[[Hall], object]
    after: Callable[[Hall], bool]


def recording(hall: Hall) -> bool:
    return any(row.verb == "record" and row.on for row in hall.snap().latches)


KNOWN = {
    "Skip the guest who has not come": Task(
        lambda hall: hall.at("7"),
        lambda hall: hall.snap().skipped == ("7.3",) and hall.snap().standby == "7.4",
    ),
    "Mute the audience microphone now": Task(
        lambda hall: hall.at("8"),
        lambda hall: hall.value("mixer.audience.on") is False,
    ),
    "Correct the wrong name": Task(
        lambda hall: hall.at("5"),
        lambda hall: hall.value("obs.Navn.text") == "Amir Rahmani · Arkitekt",
    ),
    "Cover the stream but not the hall": Task(
        lambda hall: hall.at("8"),
        lambda hall: hall.snap().overlay == "cover" and hall.value("lights.house") == 55.0,
    ),
    "Come back after a GO pressed too early": Task(
        lambda hall: hall.ask(StandBy("4"), Go(), Go()),
        lambda hall: (hall.snap().onstage, hall.snap().standby) == ("4", "5"),
    ),
    "Start the recording nobody started": Task(
        lambda hall: hall.at("4"),
        recording,
    ),
    "OBS is gone, what now": Task(
        lambda hall: hall.at("4", lost="obs"),
        lambda hall: any(a.code == "lost" and a.about == "obs" for a in hall.snap().alarms),
    ),
    "Lower the guest a little": Task(
        lambda hall: hall.at("7"),
        lambda hall: hall.value("mixer.guest.level") == -7.0,
    ),
    "Postpone everything twenty minutes": Task(
        lambda hall: hall.at("8"),
        lambda hall: hall.snap().postponed == 1200.0,
    ),
    "Hand over to a colleague": Task(
        lambda hall: hall.ask(StandBy("7"), Go(), Skip("7.3")),
        lambda hall: hall.snap().operator == "panel",
    ),
}


def test_the_page_has_the_ten_tasks_and_no_other():
    assert list(TASKS) == list(KNOWN)
    assert len(TASKS) == 10


@pytest.mark.parametrize("title", TASKS)
def test_no_task_takes_more_than_three_touches(title):
    touched = [step for step in TASKS[title] if step.touch]
    assert len(touched) <= MOST
    assert any(step.seen for step in TASKS[title])


@pytest.mark.parametrize("title", TASKS)
async def test_a_task_is_done_by_what_the_screen_says(hall, title):
    task = KNOWN[title]
    await asyncio.to_thread(task.before, hall)
    wire = Wire(hall.address, hall.place.token("operate"), "panel")
    panel = Panel(wire, language="nb")
    async with panel.run_test(size=KIOSK) as pilot:
        it = Newcomer(panel, pilot)
        for step in TASKS[title]:
            if step.touch:
                await it.touch(step.touch, step.under)
            if step.typed:
                await it.type(step.typed)
            for text in step.seen:
                await it.read(text)
        assert it.touches == len([s for s in TASKS[title] if s.touch])
        until = time.monotonic() + DEADLINE
        while not await asyncio.to_thread(task.after, hall):
            assert time.monotonic() < until, f"{it.screen()}\n{hall.snap()}"
            await asyncio.sleep(0.1)
