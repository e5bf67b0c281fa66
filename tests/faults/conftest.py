"""A fault test leaves no process behind, whatever it killed."""

import sys

import pytest

from tests.faults.house import children, until

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]
"""Faults are made with signals and looked for in /proc: on Linux, where CI runs."""


@pytest.fixture(autouse=True)
def _nothing_is_left_behind():
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
