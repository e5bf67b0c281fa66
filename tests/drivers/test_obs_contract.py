"""The OBS driver keeps the contract with the simulated OBS; tests/real holds it to the real one."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stagectl.core.diff import Command
from stagectl.core.model import Device, Value
from stagectl.drivers.obs import ObsDriver
from stagectl.engine.report import Failed, Linked, Moved
from stagectl.files.load import load_profile
from stagectl.sim.obs import Obs
from stagectl.sim.obs_collection import Collection
from stagectl.sim.obs_venue import Film, collection_for
from tests.drivers.contract import Case, DriverContract, Runner
from tests.drivers.obs_peer import ObsPeer, case_of

PASSWORD = "canary-0815"
NAMED: list[tuple[str, Value]] = [
    ("program", "Venteskjerm"), ("program", "Samtale"), ("transition", "Fade"),
    ("Samtale/Navn.on", True), ("Mikrofon.on", True), ("Mikrofon.level", 0.0), ("Navn.text", ""),
]  # fmt: skip


def furnished() -> Collection:
    return collection_for(NAMED, [Film("Samtale", "Intro", 5.0)], names={})


class SimulatedObs(ObsPeer):
    """The simulated OBS on a loop of its own, beside the test."""

    def __init__(self, loop: asyncio.AbstractEventLoop, folder: Path) -> None:
        super().__init__(0, PASSWORD)
        self._loop = loop
        self._obs = Obs(furnished(), folder=folder, password=PASSWORD)
        self.port = self._wait(self._obs.start())

    def stop(self) -> None:
        self.hang_up()
        self._wait(self._obs.kill())

    def start(self) -> None:
        self._wait(self._obs.start(self.port))

    def freeze(self) -> None:
        self._call(self._obs.freeze)

    def thaw(self) -> None:
        self._call(self._obs.thaw)

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def _call(self, call: Callable[[], None]) -> None:
        async def called() -> None:
            call()

        self._wait(called())


@contextmanager
def simulated_obs(folder: Path) -> Iterator[SimulatedObs]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        peer = SimulatedObs(loop, folder)
        yield peer
        peer.stop()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class TestObsAndTheSimulatedObs(DriverContract):
    @pytest.fixture
    def case(self, tmp_path: Path) -> Iterator[Case]:
        with simulated_obs(tmp_path) as peer:
            yield case_of(peer, PASSWORD)

    def test_an_obs_that_was_started_again_is_known_to_have_been(self, case: Case, runner: Runner):
        runner.link()
        runner.rest(1.5)  # it counts frames: one that is as old as the outage is long is no other
        case.peer.stop()
        runner.lost()
        runner.driver.close()
        case.peer.start()
        assert self.linked_again(runner).restarted

    def test_told_of_other_wires_it_reads_and_says_them_on_the_same_link(self, case: Case):
        assert isinstance(case.peer, SimulatedObs)
        few = {p: wire for p, wire in case.wires.items() if p == "obs.program"}
        device = Device("obs", "obs-studio", f"127.0.0.1:{case.peer.port}")
        driver = ObsDriver(device, load_profile("obs-studio"), few, PASSWORD)
        runner = Runner(driver)
        try:
            assert set(runner.link().reading) == {"obs.program"}
            name = Command("obs.Navn.text", "Kari Ødegård")
            runner.send(name)
            assert runner.wait_for(Failed).order == name
            driver.rewire(case.wires)
            level = runner.wait_for(Moved, lambda moved: moved.parameter == "obs.Mikrofon.level")
            assert level.value == case.peer.value("obs.Mikrofon.level")
            runner.send(name)
            runner.wait_for(Moved, lambda moved: moved.value == name.value)
            assert case.peer.value(name.parameter) == name.value
            driver.rewire(few)
            runner.rest(1.2)  # a beat and its answers
            assert sum(isinstance(report, Linked) for report in runner.reports) == 1
        finally:
            driver.close()
