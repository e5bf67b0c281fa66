"""A fault test leaves no process behind, whatever it killed."""

import sys

import pytest

from tests.faults.house import children, until


@pytest.fixture(autouse=True)
def _nothing_is_left_behind():
    if sys.platform != "linux":
        pytest.skip("these faults are made with SIGSTOP and looked for in /proc: Linux's")
    before = children()
    yield
    until(lambda: children() <= before, 5, f"children to end: {children() - before}")


@pytest.fixture
def say(capsys, request):
    """Print a measured time so that it is seen without -s: docs/faults.md is written from these."""

    def say(what, seconds):
        with capsys.disabled():
            print(f"\n  {request.node.name}: {what} {seconds:.2f} s", end="")  # noqa: T201 -- the measurement

    return say
