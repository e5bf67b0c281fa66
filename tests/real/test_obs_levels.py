"""The levels of a real OBS: what its own sound makes, in decibels, while somebody looks."""

import statistics
from collections.abc import Iterator

import pytest

from stagectl.core.model import Device, Value
from stagectl.drivers.obs import ObsDriver
from stagectl.engine.report import SILENT, Levels
from stagectl.files.load import load_profile
from tests.real.obs_rig import PASSWORD, ObsRig, Running, running_obs

pytestmark = pytest.mark.real
HUM = -12.04  # dB: the film's square wave is at a quarter of full scale, whoever measures it
PATHS = ("program", "Mikrofon.on", "Mikrofon.level", "Intro.on", "Navn.text")


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObsRig]:
    with running_obs(tmp_path_factory.mktemp("obs")) as rig:
        yield rig


@pytest.fixture
def run(obs: ObsRig) -> Iterator[Running]:
    profile = load_profile("obs-studio")
    wires = {f"obs.{p}": wire for p in PATHS if (wire := profile.wire(p)) is not None}
    device = Device("obs", "obs-studio", f"127.0.0.1:{obs.port}")
    running = Running(ObsDriver(device, profile, wires, PASSWORD))
    running.open()
    start: dict[str, Value] = {"program": "Samtale", "Mikrofon.level": 0.0, "Mikrofon.on": True}
    running.done(*running.put({**start, "Intro.on": False}))
    yield running
    running.driver.close()


def levels(running: Running) -> list[float]:
    """Return what was said of the microphone since the reports were last cleared."""
    told = [r.levels for r in running.reports if isinstance(r, Levels)]
    return [said["obs.Mikrofon"] for said in told if "obs.Mikrofon" in said]


def settled(running: Running, expected: float) -> float:
    """Wait until the microphone is about as loud as that; return how loud it is then."""
    running.until(lambda: abs(levels(running)[-1] - expected) < 1.0 if levels(running) else False)
    running.reports.clear()
    running.run(1.0)
    return statistics.median(levels(running))


def test_the_hum_is_as_loud_as_it_was_recorded_and_follows_its_fader(run: Running):
    run.driver.watch(levels=True)
    assert settled(run, HUM) == pytest.approx(HUM, abs=0.2)
    run.done(*run.put({"Mikrofon.level": -20.0}))
    assert settled(run, HUM - 20) == pytest.approx(HUM - 20, abs=0.2)
    run.done(*run.put({"Mikrofon.level": 6.0}))
    assert settled(run, HUM + 6) == pytest.approx(HUM + 6, abs=0.2)


def test_a_muted_microphone_is_silent(run: Running):
    run.driver.watch(levels=True)
    run.until(lambda: bool(levels(run)))
    run.done(*run.put({"Mikrofon.on": False}))
    run.until(lambda: levels(run)[-1] == SILENT)


def test_levels_come_ten_times_a_second_while_somebody_looks_and_then_no_more(run: Running):
    run.reports.clear()
    run.run(0.5)
    assert not levels(run)
    run.driver.watch(levels=True)
    run.until(lambda: bool(levels(run)))
    run.reports.clear()
    run.run(2.0)
    assert 14 <= len(levels(run)) <= 22
    run.driver.watch(levels=False)
    run.run(0.5)
    run.reports.clear()
    run.run(0.5)
    assert not levels(run)


def test_a_mute_is_confirmed_as_quickly_while_meters_run(run: Running):
    def took() -> float:
        times = []
        for n in range(12):
            (command,) = run.put({"Mikrofon.on": bool(n % 2)})
            times.append(run.done(command))
        return statistics.median(times)

    without = took()
    run.driver.watch(levels=True)
    run.until(lambda: bool(levels(run)))
    assert took() < 2 * without + 0.02


def test_a_film_has_a_meter_as_soon_as_it_has_played_and_is_silent_when_it_has_ended(run: Running):
    run.driver.watch(levels=True)

    def film() -> float | None:
        told = [r.levels for r in run.reports if isinstance(r, Levels)]
        return told[-1].get("obs.Intro") if told else None

    run.until(lambda: bool(levels(run)))
    assert film() is None
    run.done(*run.put({"Intro.on": True}))
    run.done(run.do("restart", "Intro"))
    run.until(lambda: (film() or SILENT) > HUM - 1)
    run.until(lambda: film() == SILENT, within=6.0)  # it is two seconds long
    assert {s for r in run.reports if isinstance(r, Levels) for s in r.levels} == {
        "obs.Mikrofon",
        "obs.Intro",
    }  # the scenes and the text have no sound, so no meter
