"""A whole evening by the command line: the as-run journal is what OBS, QLC+ and the mixer saw."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest

from stagectl.core.model import Look
from stagectl.engine.event import (
    Covered,
    Did,
    Done,
    Ended,
    FailedTo,
    Fired,
    Held,
    Missed,
    Released,
    Skipped,
    Stopped,
    WentBack,
)
from stagectl.files.load import load_show
from stagectl.sim.stage import run_stage
from tests.faults.house import (
    Evening,
    House,
    amiss,
    in_status,
    make_project,
    on_the_mixer,
    squeezed,
    unsettled,
    until,
    wanted,
)
from tests.real.audience import audience
from tests.real.obs_rig import PASSWORD, ObsRig, free_port, running_obs
from tests.real.qlcplus_rig import Qlcplus, qlcplus
from tests.real.room import furnish, in_obs, length
from tests.real.test_obs import FRAME, cuts

pytestmark = pytest.mark.real

SKIPPED = frozenset({"11.5"})
CUTS = "Cut"  # a fade between two pictures has no moment that could be found in a recording


class Real(Evening):
    """An evening whose OBS and QLC+ are real, and whose mixer is simulated."""

    obs: ObsRig
    qlc: Qlcplus

    def is_at(self, cue: str) -> None:
        """Wait until the devices have confirmed it; then every peer shall be where it should."""
        self.house.confirmed()
        self.shows(wanted(self.book, cue, SKIPPED))

    def shows(self, look: Look) -> None:
        """See that each peer, asked by itself, and the desk have this look."""
        found = {**on_the_mixer(self.book, self.stage), **in_obs(self.obs, self.book)}
        if found["obs.transition.duration"] is None:  # a cut has none
            del found["obs.transition.duration"]
        assert not amiss(self.book, {p: look[p] for p in found}, found), "the peers themselves"
        dmx = {p: int(255 * float(v) / 100) for p, v in look.items() if p.startswith("lights.")}
        until(lambda: self.lit() == dmx, 2, f"QLC+ at {dmx}, not at {self.lit()}")
        assert not amiss(self.book, look, in_status(self.house.status)), "what the desk believes"
        assert not unsettled(self.house.status)

    def lit(self) -> dict[str, int]:
        """Return what QLC+ sends for each light, by its WebSocket."""
        levels = self.qlc.dmx()
        names = self.book.venue.devices["lights"].names
        return {
            p: levels[int(names[p.split(".")[1]].rpartition(".")[2]) - 1]
            for p in self.book.wires if p.startswith("lights.")
        }  # fmt: skip


@pytest.fixture(scope="module")
def rtmp() -> str:
    return f"rtmp://127.0.0.1:{free_port()}/live"


@pytest.fixture
def evening(tmp_path: Path, rtmp: str) -> Iterator[Real]:
    folder = tmp_path / "bibliotek"
    show = make_project(
        folder,
        lambda text: squeezed(text, 0.4, follow=2.0),
        lambda text: text.replace("transition: Fade", f"transition: {CUTS}"),
    )
    book = load_show(show, cached=False)
    with ExitStack() as open_:
        obs = open_.enter_context(running_obs(tmp_path / "obs", rtmp))
        furnish(obs, book)
        (tmp_path / "qlc").mkdir()
        qlc = open_.enter_context(qlcplus(tmp_path / "qlc"))
        stage = open_.enter_context(run_stage(book, obs_password=PASSWORD))
        at = {**stage.addresses, "obs": f"127.0.0.1:{obs.port}", "lights": qlc.at}
        moved = [word for name, where in at.items() for word in ("--at", f"{name}={where}")]
        house = House(folder, *moved, secret=PASSWORD)
        open_.callback(house.close)
        house.open()
        house.linked()
        real = Real(house, stage, load_show(show, at=at, cached=False))
        real.obs, real.qlc = obs, qlc
        yield real


@pytest.fixture
def taken(rtmp: str, tmp_path: Path) -> Iterator[Path]:
    with audience(rtmp, tmp_path) as taken:
        yield taken


def test_an_evening_on_a_real_obs_a_real_qlcplus_and_a_mixer_is_as_its_journal_says(
    evening: Real, taken: Path
):
    house = evening.house
    for cue in ("1", "2", "3", "4", "5"):
        house.go(cue)
        evening.is_at(cue)
    house.told(lambda s: s["recording"] and s["streaming"], what="recording and stream on")

    house.refused_go("--expect", "5")  # a late one: 5 has gone
    house.do("back")
    house.on_stage("4")
    evening.is_at("4")
    for cue in ("5", "5.5"):
        house.go(cue)
        evening.is_at(cue)

    house.do("cover")
    house.told(lambda s: s["overlay"] == "cover")
    house.confirmed()
    covered = evening.book.venue.scenes[evening.book.venue.cover].look
    evening.shows({**wanted(evening.book, "5.5"), **covered})
    house.do("release")
    house.told(lambda s: s["overlay"] == "")
    evening.is_at("5.5")

    house.go("6")
    house.confirmed()
    evening.shows(wanted(evening.book, "6"))
    house.on_stage("7")  # by itself
    evening.is_at("7")
    house.do("skip", "11.5")
    house.do("standby", "10")
    house.told(lambda s: s["standby"] == "10" and s["skipped"] == ["11.5"])
    house.do("standby", "previous")
    house.do("standby", "previous")
    for cue in ("8", "9", "10"):
        house.go(cue)
        evening.is_at(cue)

    house.do("stop")
    house.told(lambda s: s["overlay"] == "safe")
    house.confirmed()
    base, safe = evening.book.show.base, evening.book.venue.scenes[evening.book.venue.safe].look
    evening.shows({**wanted(evening.book, "10"), **base, **safe})
    assert house.status["recording"], "recording goes on"
    assert house.status["streaming"]
    house.refused_go()  # not under «Stopp alt»
    house.do("release")
    house.told(lambda s: s["overlay"] == "")
    evening.is_at("10")

    for cue in ("11", "12", "13"):
        house.go(cue)
        evening.is_at(cue)
    house.on_stage("14")
    evening.is_at("14")
    house.told(lambda s: s["recording"] is False and s["streaming"] is False, what="all off")
    house.do("end")
    assert house.ended() == 0

    the_journal_is_what_was_done(house)
    (film,) = evening.obs.recordings
    assert length(film) > 15
    its_cuts_are_where_the_journal_says(house, film)
    until(lambda: taken.exists() and taken.stat().st_size > 10_000, 5, "the stream taken in")


def the_journal_is_what_was_done(house: House) -> None:
    fired = [event.cue for event in house.of(Fired)]
    assert fired == [
        "1", "2", "3", "4", "5", "5", "5.5", "6", "7", "8", "9", "10", "11", "12", "13", "14",
    ]  # fmt: skip
    assert [e.by for e in house.of(Fired) if e.cue in ("7", "14")] == ["follow", "follow"]
    assert [event.cue for event in house.of(WentBack)] == ["5"]
    assert [event.cue for event in house.of(Skipped)] == ["11.5"]
    assert (len(house.of(Covered)), len(house.of(Stopped)), len(house.of(Released))) == (1, 1, 2)
    said = [(d.verb, d.argument) for d in house.of(Did)]
    assert said == [
        ("record", "start"), ("stream", "start"), ("play", "Introfilm"),
        ("stream", "stop"), ("record", "stop"),
    ]  # fmt: skip
    assert {d.do for d in house.of(Done)} == {d.do for d in house.of(Did)}, "all acknowledged"
    for trouble in (Held, Missed, FailedTo):
        assert house.of(trouble) == []
    assert len(house.of(Ended)) == 1


def its_cuts_are_where_the_journal_says(house: House, film: Path) -> None:
    """Compare the pictures in OBS's file with the events that changed the program.

    The file's zero is known to one frame: OBS says STARTED with its first picture or just after.
    So the zero is taken from the cuts' own median, which must be within that frame; then each cut
    must be within one frame of the journal.
    """
    start = next(d.do for d in house.of(Did) if d.verb == "record")
    began = next(d.at for d in house.of(Done) if d.do == start)
    changes = [e.at for e in house.of(Fired) if e.cue in ("4", "6", "7", "9", "10", "13")]
    changes += [e.at for kind in (Covered, Stopped, Released) for e in house.of(kind)]
    said = sorted(at - began for at in changes)
    found = cuts(film)[: len(said)]  # cue 14 changes the picture and stops the recording at once
    apart = [at - told for at, told in zip(found, said, strict=True)]
    print(f"cuts, later than the journal by {[round(1000 * s) for s in apart]} ms")  # noqa: T201 -- the measurement
    zero = median(apart)
    assert abs(zero) <= FRAME, (found, said)
    assert max(abs(late - zero) for late in apart) <= FRAME, (found, said)
