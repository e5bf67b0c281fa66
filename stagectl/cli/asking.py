"""A real device is asked what a profile says it can be asked; nothing is put, nothing triggered."""

import select
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from stagectl.core.model import Device, Parameter, Value
from stagectl.core.pattern import Pattern
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.driver import LinkError
from stagectl.drivers.osc import OscDriver
from stagectl.engine.report import Linked

PATIENCE = 3.0  # seconds until a device that has not said a word is taken for absent
_TURN = 0.05  # seconds between two looks at the driver


@dataclass(frozen=True)
class Answers:
    """Who answered, and what each readable parameter was at; of those asked."""

    identity: str
    values: Mapping[Parameter, Value]
    asked: Mapping[Pattern, tuple[tuple[Parameter, Wire], ...]]


def readable(profile: Profile) -> Mapping[Pattern, tuple[tuple[Parameter, Wire], ...]]:
    """Return what can be asked, pattern by pattern: nobody can ask for a name nobody has given."""
    return {
        pattern: tuple((path, wire) for path in pattern.every() if (wire := pattern.match(path)))
        for pattern in profile.parameters
        if pattern.wire.read and not pattern.free
    }


def ask(profile: Profile, at: str) -> Answers:
    """Ask a device on OSC everything readable; raises LinkError.

    The keep-alive is left out: some devices would take it for a wish to be told of everything.
    """
    asked = readable(profile)
    wires = {path: wire for some in asked.values() for path, wire in some}
    driver = OscDriver(Device("", profile.name, at=at), replace(profile, keepalive=None), wires)
    try:
        linked = _linked(driver)
    finally:
        driver.close()
    return Answers(linked.identity, linked.reading, asked)


def _linked(driver: OscDriver) -> Linked:
    reports = [*driver.open(time.monotonic())]
    until = time.monotonic() + PATIENCE
    while True:
        for report in reports:
            if isinstance(report, Linked):
                return report
        now = time.monotonic()
        if now > until:
            raise LinkError("silent")
        pause = min(max(driver.due - now, 0.0), _TURN)
        ready, _, _ = select.select([driver.fileno()], [], [], pause)
        now = time.monotonic()
        reports = [*(driver.receive(now) if ready else ()), *driver.tick(now)]
