"""Fault 30: however often and from wherever GO is pressed, it is one GO."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from stagectl.client import Answer, Line
from stagectl.engine.event import Fired, Refused
from stagectl.engine.intent import Go
from tests.faults.house import Evening, evening


def fired(e: Evening) -> list[str]:
    return [event.cue for event in e.house.of(Fired)]


def why(answers: list[Answer]) -> list[str]:
    return [answer.why for answer in answers if not answer.ok]


def test_fault_30_a_double_tap_is_one_go(tmp_path):
    with evening(tmp_path) as e, e.house.line("touchscreen") as panel:
        for cue, gap in (("1", 0.0), ("2", 0.08), ("3", 0.25)):
            answers = [panel.ask(Go(expect=cue))]
            time.sleep(gap)
            answers.append(panel.ask(Go(expect=cue)))
            time.sleep(gap)
            answers.append(panel.ask(Go()))  # and one that takes whatever stands by
            assert [a.ok for a in answers] == [True, False, False]
            assert set(why(answers)) <= {"guard", "stale"}
            e.house.told(lambda s: s["refusal"] is not None, what="the refusal shown")
            time.sleep(1.1)  # the refusals have armed the guard again
        assert fired(e) == ["1", "2", "3"]


def test_fault_30_a_key_held_down_is_one_go(tmp_path):
    with evening(tmp_path) as e, e.house.line("keyboard") as keyboard:
        until = time.monotonic() + 3.0
        answers = []
        at = time.monotonic()
        while at < until:
            # a panel that keeps up: each press expects the cue that stands by now
            answers.append(keyboard.ask(Go(expect=e.house.status["standby"])))
            at += 1 / 30
            time.sleep(max(0.0, at - time.monotonic()))
        assert len(answers) > 60, "it did repeat"
        assert [a.ok for a in answers].count(True) == 1
        assert fired(e) == ["1"]
        with e.house.line("another surface") as other:
            assert other.ask(Go(expect="2")).ok, "no other surface waits for it"
        assert fired(e) == ["1", "2"]


def test_fault_30_two_panels_at_once_are_one_go(tmp_path):
    with evening(tmp_path) as e, e.house.line("panel") as one, e.house.line("browser") as two:
        both = threading.Barrier(2)

        def press(line: Line, cue: str) -> Answer:
            both.wait()
            return line.ask(Go(expect=cue))

        with ThreadPoolExecutor(2) as hands:
            for cue in ("1", "2", "3", "4", "5"):
                presses = [hands.submit(press, line, cue) for line in (one, two)]
                assert [press.result().ok for press in presses].count(True) == 1
                time.sleep(1.1)
        assert fired(e) == ["1", "2", "3", "4", "5"]
        assert {r.by for r in e.house.of(Refused)} <= {"panel", "browser"}
        assert len(e.house.of(Refused)) == 5


def test_fault_30_two_command_lines_at_once_are_one_go(tmp_path):
    with evening(tmp_path) as e:
        words = [sys.executable, "-m", "stagectl", "go", "--expect", "1"]
        both = [
            subprocess.Popen(
                words, cwd=e.house.folder, env=e.house.environ,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]  # fmt: skip
        assert sorted(process.wait(20) for process in both) == [0, 1]
        assert fired(e) == ["1"]
