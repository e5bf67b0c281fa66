"""Counts the work of a call, where time would only tell how busy the machine was.

Three things are counted, on this thread alone: the bytecode instructions carried out, the calls of
functions, Python's and C's, and the bytes allocated at the most. A loop shows in the first, what
is done in C in the second or the third; a scan in C that allocates nothing compares: `Number` is a
text that counts that.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass(frozen=True)
class Work:
    """What one call cost."""

    instructions: int
    calls: int
    allocated: int
    until_sent: int = 0
    """The instructions before the first packet was sent, 0 if none was."""

    def differs(self, other: "Work", share: float = 0.02) -> str:
        """Return what is not alike, "" if all is but for a share; other threads allocate too."""
        told = []
        for name, slack in (("instructions", 12), ("calls", 4), ("allocated", 16_384)):
            mine, others = getattr(self, name), getattr(other, name)
            if abs(mine - others) > max(slack, share * min(mine, others)):
                told.append(f"{name}: {mine} and {others}")
        return ", ".join(told)


def work(call: Callable[[], object]) -> Work:
    """Carry it out once, counting instructions and calls; the bytes count of the same time."""
    instructions = calls = sent = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal instructions, calls
        if event == "opcode":
            instructions += 1
        elif event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        return trace

    def profile(_frame: FrameType, event: str, function: Any) -> None:
        nonlocal calls, sent
        calls += event in ("call", "c_call")
        if event == "c_call" and not sent and function.__name__ == "send":
            sent = instructions

    collecting, tracing, profiling = gc.isenabled(), sys.gettrace(), sys.getprofile()
    gc.disable()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(profiling)
        sys.settrace(tracing)
        allocated = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        if collecting:
            gc.enable()
    return Work(instructions, calls, allocated, sent)


class Number(str):
    """A cue's number that counts how often it was compared or hashed."""

    __slots__ = ()
    looks = 0

    def __eq__(self, other: object) -> bool:
        Number.looks += 1
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        Number.looks += 1
        return str.__hash__(self)
