"""Levels are asked for while somebody looks, and are what the device says, whatever it sends."""

import math
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.core.diff import Command
from stagectl.core.meter import Bank
from stagectl.core.model import Device
from stagectl.core.pattern import Pattern
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.levels import PACE, STILL, Gathered
from stagectl.drivers.obs import ObsDriver
from stagectl.drivers.obs_levels import Meters
from stagectl.drivers.osc import OscDriver
from stagectl.drivers.osc_levels import AGAIN, Frames
from stagectl.engine.report import SILENT, Levels, Linked, Moved
from stagectl.files.load import load_profile
from stagectl.sim.mixer import Mixer
from stagectl.sim.osc import encode
from stagectl.sim.x32 import M32, X32
from stagectl.sim.xair import XAir
from tests.drivers.contract import Runner
from tests.drivers.simulated import Simulated, simulated
from tests.drivers.test_obs_contract import PASSWORD, simulated_obs

NAMES = {"host": "ch.1", "guest": "ch.2", "band": "bus.3", "hall": "main", "film": "aux.1"}
XAIR_NAMES = {**NAMES, "film": "aux"}


def mixer_wires(profile, names):
    paths = {f"{ours}.level": f"{theirs}.level" for ours, theirs in names.items()}
    return {f"mixer.{ours}": profile.wire(theirs) for ours, theirs in paths.items()}


def standing(kind, loud):
    """A kind of mixer in which nothing moves: each root is as loud as it is told to be."""
    return type(f"Standing{kind.__name__}", (kind,), {"sound": lambda _, root: loud.get(root, 0.0)})


def running(driver):
    runner = Runner(driver)
    runner.link()
    return runner


def levels_of(runner):
    """Return the levels of a report that comes from now on."""
    runner.reports.clear()
    return runner.wait_for(Levels).levels


MIXERS = {"behringer-x32": X32, "midas-m32": M32, "behringer-xair": XAir}


@pytest.fixture(params=MIXERS)
def mixer(request) -> Iterator[tuple[Simulated[Mixer], OscDriver]]:
    name = request.param
    names = XAIR_NAMES if name == "behringer-xair" else NAMES
    loud = {"/ch/01": 1.0, "/ch/02": 0.25, "/bus/03": 0.1, "/bus/3": 0.1}
    loud |= {"/main/st": 0.5, "/lr": 0.5, "/auxin/01": 0.01, "/rtn/aux": 0.01}
    profile = load_profile(name)
    wires = mixer_wires(profile, names)
    with simulated(standing(MIXERS[name], loud)(names), wires) as peer:
        driver = OscDriver(Device("mixer", name, peer.at, names=names), profile, wires)
        try:
            yield peer, driver
        finally:
            driver.close()


# ---- mixers


def test_each_name_of_the_venue_has_the_level_of_its_own_channel_in_decibels(mixer):
    _, driver = mixer
    runner = running(driver)
    driver.watch(levels=True)
    runner.until(lambda: len(_last(runner)) == 5)
    heard = _last(runner)
    assert heard["mixer.host"] == pytest.approx(0.0, abs=0.01)
    assert heard["mixer.guest"] == pytest.approx(-12.04, abs=0.01)
    assert heard["mixer.band"] == pytest.approx(-20.0, abs=0.01)
    assert heard["mixer.hall"] == pytest.approx(-6.02, abs=0.01)
    assert heard["mixer.film"] == pytest.approx(-40.0, abs=0.01)


def _last(runner):
    return next((r.levels for r in reversed(runner.reports) if isinstance(r, Levels)), {})


def test_nothing_is_asked_for_until_somebody_looks_and_nothing_told_when_nobody_does(mixer):
    peer, driver = mixer
    runner = running(driver)
    runner.rest(0.3)
    assert not peer.do(lambda: dict(peer.device._metered))
    assert not [r for r in runner.reports if isinstance(r, Levels)]
    driver.watch(levels=True)
    assert levels_of(runner)
    driver.watch(levels=False)
    runner.reports.clear()
    runner.rest(0.3)
    assert not [r for r in runner.reports if isinstance(r, Levels)]


def test_levels_come_ten_times_a_second_though_frames_come_twice_as_often(mixer):
    _, driver = mixer
    runner = running(driver)
    driver.watch(levels=True)
    levels_of(runner)
    runner.reports.clear()
    began = time.monotonic()
    runner.until(lambda: sum(isinstance(r, Levels) for r in runner.reports) >= 10)
    assert 10 * PACE * 0.9 <= time.monotonic() - began < 3.0


def test_a_mixer_that_was_away_is_asked_again_when_it_is_back(mixer):
    peer, driver = mixer
    runner = running(driver)
    driver.watch(levels=True)
    levels_of(runner)
    peer.reset()  # it has forgotten who asked; too short to be missed
    runner.reports.clear()
    assert runner.until(lambda: any(isinstance(r, Levels) for r in runner.reports), AGAIN + 2.0)


def test_a_wish_outlives_the_link(mixer):
    peer, driver = mixer
    runner = running(driver)
    driver.watch(levels=True)
    levels_of(runner)
    peer.stop()
    runner.lost()
    driver.close()
    peer.start()
    runner.reports.clear()
    runner.link()
    assert levels_of(runner)


def test_a_level_is_no_answer_to_a_probe(mixer):
    """What is asked for once comes for ten seconds from a console that has stopped thinking."""
    peer, driver = mixer
    runner = running(driver)
    driver.watch(levels=True)
    levels_of(runner)
    peer.do(lambda: setattr(peer.device, "take", lambda *_: None))
    assert runner.lost()[0] == "silent"


def test_a_value_is_said_and_confirmed_as_quickly_while_meters_run(mixer):
    _, driver = mixer
    runner = running(driver)

    def confirmed(value):
        runner.reports.clear()
        began = time.monotonic()
        runner.send(Command("mixer.host.level", value, "cue"))
        runner.wait_for(Moved, lambda moved: abs(moved.value - value) < 0.2)
        return time.monotonic() - began

    without = sorted(confirmed(-10.0 - n) for n in range(9))
    driver.watch(levels=True)
    levels_of(runner)
    with_them = sorted(confirmed(-30.0 - n) for n in range(9))
    assert with_them[4] < 2 * without[4] + 0.05


@pytest.mark.parametrize("name", MIXERS)
def test_every_stem_a_profile_says_is_metered_has_a_place_and_a_name_may_come_to_mean_another(name):
    profile = load_profile(name)
    read = Frames("mixer", profile)
    said = [stem for bank in profile.meters for place in bank.places for stem in place.every()]
    for stem in said:
        read.rewire({"mixer.it.level": wired(profile, f"{stem}.level")})
        assert [[stem for stem, _ in frame._stems] for frame in read._banks] == [["mixer.it"]]
    places = {}
    for stem in ("ch.2", "ch.3"):  # the venue was edited, and the link stays
        read.rewire({"mixer.it.on": wired(profile, f"{stem}.on")})
        ((_, places[stem]),) = read._banks[0]._stems
    assert places == {"ch.2": (1,), "ch.3": (2,)}


# ---- whatever comes in


def wired(profile, path):
    wire = profile.wire(path)
    assert wire is not None
    return wire


def frames(measure="linear", places=("0",)):
    """A device with one message of levels, and what reads them."""
    stems = tuple(Pattern(f"ch.{n}", Wire("number", at)) for n, at in enumerate(places, 1))
    bank = Bank("/meters/1", measure, "/meters /meters/1", 8.0, stems)
    faders = Pattern("ch.{1..64}.level", Wire("number", "/ch/{}", "f"))
    profile = Profile("p", "osc", parameters=(faders,), meters=(bank,))
    read = Frames("m", profile)
    read.rewire({f"m.ch.{n}.level": wired(profile, f"ch.{n}.level") for n in range(1, 65)})
    read.watch(levels=True)
    return read


def blob(values, form="f", count=None):
    return struct.pack("<i", len(values) if count is None else count) + struct.pack(
        f"<{len(values)}{form}", *values
    )


def packet(bytes_):
    return encode("/meters/1", "b", bytes_)


@given(junk=st.binary(max_size=400))
def test_no_bytes_behind_the_address_raise_and_none_are_a_level_out_of_range(junk):
    read = frames(places=("0", "31 40"))
    heard = read.hear(read.heads[0] + junk, 1.0)
    assert heard is None or all(SILENT <= db <= 40 for db in heard.levels.values())


@given(cut=st.integers(0, 56))
def test_a_frame_that_is_cut_short_is_no_frame(cut):
    whole = packet(blob([0.5] * 12))
    read = frames()
    heard = read.hear(whole[: len(whole) - cut], 1.0)
    assert (heard is not None) is (cut == 0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.0, 1e30])
def test_what_is_no_loudness_is_no_level(value):
    read = frames(places=("0", "1"))
    heard = read.hear(packet(blob([value, 0.5])), 1.0)
    assert heard is not None
    assert set(heard.levels) == {"m.ch.2"}


def test_silence_is_a_level():
    heard = frames().hear(packet(blob([0.0])), 1.0)
    assert heard is not None
    assert heard.levels == {"m.ch.1": SILENT}


def test_a_place_that_the_frame_does_not_reach_has_no_level():
    read = frames(places=("0", "5"))
    heard = read.hear(packet(blob([0.5, 0.5])), 1.0)
    assert heard is not None
    assert set(heard.levels) == {"m.ch.1"}


def test_a_count_that_lies_is_no_frame():
    read = frames()
    for count in (-1, 5, 2**31 - 1, -(2**31)):
        assert read.hear(packet(blob([0.5], count=count)), 1.0) is None


def test_of_two_places_the_louder_counts():
    heard = frames(places=("0 1",)).hear(packet(blob([0.1, 0.5])), 1.0)
    assert heard is not None
    assert heard.levels["m.ch.1"] == pytest.approx(-6.02, abs=0.01)


def test_sixty_four_channels_are_read():
    read = frames(places=tuple(str(n) for n in range(64)), measure="256ths")
    heard = read.hear(packet(blob([-256 * n for n in range(64)], "h")), 1.0)
    assert heard is not None
    assert heard.levels == {f"m.ch.{n + 1}": -float(n) for n in range(64)}


def test_a_bank_is_asked_for_only_while_one_of_its_channels_has_a_name():
    profile = load_profile("behringer-x32")
    read = Frames("mixer", profile)
    read.rewire({f"mixer.host.{leaf}": wired(profile, f"ch.1.{leaf}") for leaf in ("on", "level")})
    read.watch(levels=True)
    assert len(read.asking(0.0)) == 1
    assert read.asking(AGAIN / 2) == []
    assert len(read.asking(AGAIN)) == 1  # nothing came: it may have been lost
    read.hear(packet(blob([0.5] * 96)), AGAIN)
    asked = [now / 10 for now in range(11, 120) if _goes_on(read, now / 10)]
    assert asked == [pytest.approx(AGAIN + 8.0)]  # it comes: until shortly before it ends


def _goes_on(read, now):
    asked = read.asking(now)
    read.hear(packet(blob([0.5] * 96)), now)
    return asked


def test_a_profile_without_meters_asks_for_nothing():
    read = Frames("m", Profile("p", "osc"))
    read.rewire({"m.ch.1.level": Wire("number", "/ch/1", "f")})
    read.watch(levels=True)
    assert read.heads == ()
    assert read.due == math.inf


# ---- the pace


def test_no_peak_between_two_reports_is_lost():
    gathered = Gathered("m")
    gathered.add("m.a", -10.0, 0.0)
    assert gathered.report(0.0) == Levels("m", {"m.a": -10.0})
    gathered.add("m.a", -3.0, 0.05)
    assert gathered.report(0.05) is None
    gathered.add("m.a", -40.0, 0.1)
    assert gathered.report(0.1) == Levels("m", {"m.a": -3.0})
    gathered.add("m.a", -40.0, 0.2)
    assert gathered.report(0.2) == Levels("m", {"m.a": -40.0})


def test_of_two_messages_one_may_be_lost_now_and_then_but_not_for_long():
    gathered = Gathered("m")
    gathered.add("m.a", -10.0, 0.0)
    gathered.add("m.b", -20.0, 0.0)
    gathered.report(0.0)
    gathered.add("m.a", -10.0, 0.1)
    assert gathered.report(0.1) == Levels("m", {"m.b": -20.0, "m.a": -10.0})
    gathered.add("m.a", -10.0, STILL + 0.1)
    assert gathered.report(STILL + 0.1) == Levels("m", {"m.a": -10.0})


# ---- OBS


def event(*inputs):
    return {"inputs": [{"inputName": name, "inputLevelsMul": said} for name, said in inputs]}


def meters():
    profile = load_profile("obs-studio")
    own = {"talk": "Prof. Dr. Dahl"}
    read = Meters("obs", profile)
    wires = {f"obs.{s}.level": Wire("number", own.get(s, s), "volume") for s in ("talk", "Film")}
    read.rewire({**wires, "obs.program": Wire("word", type="program")})
    read.wanted = True
    return read


def test_an_inputs_level_is_the_peak_of_its_loudest_channel_by_the_venues_name():
    said = event(("Prof. Dr. Dahl", [[0.1, 0.25, 0.9], [0.1, 0.5, 0.9]]), ("Film", [[0, 0, 0]]))
    heard = meters().hear(said, 1.0)
    assert heard is not None
    assert heard.levels == {"obs.talk": pytest.approx(-6.02, abs=0.01), "obs.Film": SILENT}


def test_an_input_that_the_show_does_not_speak_of_is_nobodys_meter():
    heard = meters().hear(event(("program", [[1, 1, 1]]), ("Desktop", [[1, 1, 1]])), 1.0)
    assert heard is None


@pytest.mark.parametrize(
    "channels",
    [[[0, math.nan, 0]], [[0, math.inf, 0]], [[0, -1.0, 0]], [[0]], [], [None], None, "loud",
     [["0", "1", "1"]], [{"1": 1}], 3],
)  # fmt: skip
def test_what_is_no_loudness_in_obs_is_no_level(channels):
    assert meters().hear(event(("Film", channels)), 1.0) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
)


@given(data=JSON, levels=JSON)
def test_no_event_of_obs_raises(data, levels):
    meters().hear(data, 1.0)
    meters().hear({"inputs": data}, 1.0)
    meters().hear({"inputs": [{"inputName": "Film", "inputLevelsMul": levels}]}, 1.0)


@pytest.fixture
def obs(tmp_path):
    profile = load_profile("obs-studio")
    paths = ("program", "Mikrofon.on", "Mikrofon.level", "Navn.text")
    wires = {f"obs.{p}": wire for p in paths if (wire := profile.wire(p)) is not None}
    with simulated_obs(tmp_path) as peer:
        device = Device("obs", "obs-studio", f"127.0.0.1:{peer.port}")
        driver = ObsDriver(device, profile, wires, PASSWORD)
        try:
            yield peer, driver
        finally:
            driver.close()


def _meters_on(peer):
    return peer._obs._run._stop_meters is not None


def test_obs_is_asked_for_levels_only_while_somebody_looks(obs):
    peer, driver = obs
    runner = running(driver)
    runner.rest(0.2)
    assert not _meters_on(peer)
    driver.watch(levels=True)
    assert set(levels_of(runner)) == {"obs.Mikrofon"}
    driver.watch(levels=False)
    assert runner.until(lambda: not _meters_on(peer))
    runner.rest(0.2)
    runner.reports.clear()
    runner.rest(0.2)
    assert not [r for r in runner.reports if isinstance(r, Levels)]


def test_obs_that_comes_back_is_asked_again(obs):
    peer, driver = obs
    runner = running(driver)
    driver.watch(levels=True)
    levels_of(runner)
    peer.stop()
    runner.lost()
    driver.close()
    peer.start()
    runner.reports.clear()
    runner.open()
    assert [r for r in runner.reports if isinstance(r, Linked)]
    assert levels_of(runner)


def test_a_muted_input_of_obs_is_silent_and_a_lower_one_is_lower(obs):
    peer, driver = obs
    runner = running(driver)
    driver.watch(levels=True)
    peer._obs._run.level = lambda _: 0.5
    assert runner.until(
        lambda: _last(runner).get("obs.Mikrofon", 0) == pytest.approx(-6.0, abs=0.1)
    )
    runner.send(Command("obs.Mikrofon.level", -20.0, "cue"))
    assert runner.until(lambda: _last(runner)["obs.Mikrofon"] == pytest.approx(-26.0, abs=0.1))
    runner.send(Command("obs.Mikrofon.on", False, "cue"))
    assert runner.until(lambda: _last(runner)["obs.Mikrofon"] == SILENT)
