"""The faults of a network and of a mixer, as the OSC driver meets them."""

import time

import pytest

from stagectl.core.diff import Command
from stagectl.core.model import Device
from stagectl.drivers.osc import OscDriver
from stagectl.engine.report import Linked, Moved
from tests.drivers.contract import TOLD, DriverContract, Runner
from tests.drivers.line import BadLine
from tests.drivers.mixer import PROFILE, WIRES, small_mixer

THIRTY_PERCENT = 0.3


@pytest.fixture
def mixer():
    with small_mixer() as mixer:
        yield mixer


@pytest.fixture
def runner_at():
    runners = []

    def make(at):
        runners.append(Runner(OscDriver(Device("mixer", "small mixer", at=at), PROFILE, WIRES)))
        return runners[-1]

    yield make
    for runner in runners:
        runner.driver.close()


def line_to(mixer, **badness):
    host, port = mixer.at.split(":")
    return BadLine((host, int(port)), **badness)


def put_until_confirmed(runner, commands):
    """Say these; say again what is reported otherwise, which is the engine's whole answer."""
    wanted = {c.parameter: c.value for c in commands}
    runner.send(*commands)
    seen = len(runner.reports)
    unconfirmed = set(wanted)

    def confirmed():
        nonlocal seen
        news, seen = runner.reports[seen:], len(runner.reports)
        for report in news:
            if not isinstance(report, Moved) or (p := report.parameter) not in wanted:
                continue
            if WIRES[p].same(report.value, wanted[p]):
                unconfirmed.discard(p)
            elif p in unconfirmed:
                runner.send(Command(p, wanted[p], "again"))
        return not unconfirmed

    assert runner.until(confirmed), f"never confirmed: {unconfirmed}"


def levels(first, many=4):
    return [Command(f"mixer.ch.{n}.level", first - 5.0 * n, "cue 1") for n in range(1, many + 1)]


# ---------------------------------------------------------------- 19: packets lost


@pytest.mark.parametrize("seed", range(5))
def test_with_thirty_percent_lost_every_set_is_confirmed_in_the_end(seed, mixer, runner_at):
    with line_to(mixer, seed=seed, lose=THIRTY_PERCENT) as line:
        runner = runner_at(line.at)
        linked = runner.link()
        assert len(linked.reading) >= len(WIRES) - 1, "a second of repeats reads nearly all"
        switches = [Command(f"mixer.ch.{n}.on", True, "cue 1") for n in range(1, 5)]
        names = [Command(f"mixer.ch.{n}.name", f"guest {n}", "cue 1") for n in range(1, 5)]
        commands = [*levels(-1.0), *switches, *names]
        put_until_confirmed(runner, commands)
        for command in commands:
            at = mixer.value(command.parameter)
            assert WIRES[command.parameter].same(at, command.value)
        assert line.lost > line.carried / 10, "the line was not bad at all"


@pytest.mark.parametrize("seed", range(2))
def test_with_thirty_percent_lost_the_link_holds(seed, mixer, runner_at):
    with line_to(mixer, seed=seed, lose=THIRTY_PERCENT) as line:
        runner = runner_at(line.at)
        runner.link()
        runner.rest(4.0)  # raises if the link is lost
        assert len([r for r in runner.reports if isinstance(r, Linked)]) == 1


def test_with_thirty_percent_lost_a_hand_is_seen_even_if_every_word_of_it_was_lost(
    mixer, runner_at
):
    with line_to(mixer, seed=1, lose=THIRTY_PERCENT) as line:
        runner = runner_at(line.at)
        runner.link()
        line.lose = 1.0
        mixer.touch("mixer.ch.2.level", -20.0)
        time.sleep(0.1)
        line.lose = THIRTY_PERCENT
        assert runner.until(lambda: runner.moved("mixer.ch.2.level"))
        assert WIRES["mixer.ch.2.level"].same(runner.moved("mixer.ch.2.level")[-1], -20.0)


def test_a_set_that_was_lost_is_reported_as_what_the_device_still_is(mixer, runner_at):
    with line_to(mixer, seed=1) as line:
        runner = runner_at(line.at)
        runner.link()
        mixer.touch("mixer.ch.1.level", -30.0)
        assert runner.until(lambda: runner.moved("mixer.ch.1.level"))
        runner.reports.clear()
        line.lose = 1.0
        runner.send(Command("mixer.ch.1.level", 0.0, "cue 1"))
        time.sleep(0.05)
        line.lose = 0.0
        assert runner.until(lambda: runner.moved("mixer.ch.1.level"))
        assert WIRES["mixer.ch.1.level"].same(runner.moved("mixer.ch.1.level")[-1], -30.0)


# ---------------------------------------------------------------- 20: repeated and swapped


@pytest.mark.parametrize("seed", range(3))
def test_with_packets_repeated_and_swapped_every_set_is_confirmed_and_stays(seed, mixer, runner_at):
    with line_to(mixer, seed=seed, repeat=0.4, late=0.05) as line:
        runner = runner_at(line.at)
        runner.link()
        for turn in range(6):
            put_until_confirmed(runner, levels(-3.0 * turn))
        runner.rest(0.5)
        for command in levels(-15.0):
            at = mixer.value(command.parameter)
            assert WIRES[command.parameter].same(at, command.value)
            heard = runner.moved(command.parameter)
            assert WIRES[command.parameter].same(heard[-1], command.value)


# ---------------------------------------------------------------- 16: the cable is out


def test_a_cable_that_is_out_is_told_in_time_and_read_again_when_it_is_in(mixer, runner_at):
    with line_to(mixer, seed=1) as line:
        runner = runner_at(line.at)
        runner.link()
        line.cut = True
        why, took = runner.lost()
        assert why == "silent"
        assert took <= TOLD
        mixer.touch("mixer.ch.3.level", -12.0)  # 22: somebody moves a fader during the outage
        line.cut = False
        linked = DriverContract.linked_again(runner)
        assert not linked.restarted
        assert WIRES["mixer.ch.3.level"].same(linked.reading["mixer.ch.3.level"], -12.0)


def test_a_desk_that_slept_does_not_take_its_own_sleep_for_silence(mixer, runner_at):
    runner = runner_at(mixer.at)
    runner.link()
    runner.ahead += 4.0  # no probe was sent in all that time, no answer taken
    runner.rest(0.5)  # raises if the link is lost
    mixer.freeze()
    assert runner.lost()[0] == "silent", "and it still knows silence"


# ---------------------------------------------------------------- 21: the mixer was reset


def test_a_mixer_at_its_power_on_values_was_restarted(mixer, runner_at):
    assert runner_at(mixer.at).link().restarted


def test_one_fader_that_is_up_is_enough_to_know_that_it_was_not(mixer, runner_at):
    mixer.touch("mixer.ch.4.level", -50.0)
    assert not runner_at(mixer.at).link().restarted


def test_one_fader_that_was_not_read_is_no_evidence_of_anything(mixer, runner_at):
    mixer.deaf.add("/ch/02/mix/fader")
    linked = runner_at(mixer.at).link()
    assert set(WIRES) - set(linked.reading) == {"mixer.ch.2.level"}
    assert not linked.restarted
