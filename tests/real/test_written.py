"""What the journal knows of a recording is what the real OBS has on the disk."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stagectl.engine.engine import Engine
from stagectl.engine.event import Event, Wrote
from stagectl.engine.report import Facts, Lost
from tests.engine.evening import book
from tests.real.obs_rig import ObsRig, Running, driver_for, running_obs

pytestmark = pytest.mark.real


@pytest.fixture
def obs(tmp_path: Path) -> Iterator[ObsRig]:
    with running_obs(tmp_path) as rig:
        yield rig


class Told:
    """An engine that hears all that the driver says."""

    def __init__(self, run: Running) -> None:
        self.run, self.engine, self.events = run, Engine(book()), list[Event]()
        self._heard = 0

    def wrote(self) -> list[Wrote]:
        for report in self.run.reports[self._heard :]:
            if isinstance(report, Facts):
                self.events += self.engine.hear(report, time.monotonic())
        self._heard = len(self.run.reports)
        return [event for event in self.events if isinstance(event, Wrote)]


def test_the_path_is_the_files_and_the_bytes_are_obs_own_last_count(obs: ObsRig):
    run = Running(driver_for(obs.port))
    run.open()
    told = Told(run)
    run.done(run.do("record", "start"), within=5)
    [begun] = told.wrote()
    run.run(2.5)
    run.done(run.do("record", "stop"), within=10)
    counted = obs.ask("GetRecordStatus")["outputBytes"]
    run.until(lambda: told.wrote()[-1].bytes == counted, 3)
    [film] = obs.recordings
    stopped, last = told.wrote()[1], told.wrote()[-1]
    assert {Path(w.path) for w in (begun, stopped, last)} == {film}
    assert begun.bytes == 0
    assert 0 < stopped.bytes <= last.bytes  # at the stop only what the last look had seen
    assert stopped.seconds == pytest.approx(2.5, abs=1.2)
    # the index that is put at a film's end is in no count of OBS's
    assert last.bytes <= film.stat().st_size < last.bytes * 1.1
    run.driver.close()


def test_of_a_recording_that_obs_died_over_the_journal_has_the_path_and_the_bytes_until_then(
    obs: ObsRig,
):
    run = Running(driver_for(obs.port))
    run.open()
    told = Told(run)
    run.done(run.do("record", "start"), within=5)
    run.until(lambda: run.facts.get("record.bytes", 0) > 0, 5)
    obs.signal(signal.SIGKILL)
    error, _took = run.until_lost()
    told.wrote()
    told.events += told.engine.hear(Lost("obs", error.why), time.monotonic())
    last = told.wrote()[-1]
    [film] = obs.recordings
    assert Path(last.path) == film
    assert last.bytes > 0
    assert last.seconds > 0
    run.driver.close()
