"""What a parameter is at, by what the desk says and by what a touch asked for since."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from stagectl.core.model import Parameter, Value
from stagectl.core.parts import TEMPLATE
from stagectl.engine.intent import Put
from stagectl.engine.snapshot import HeldRow, Standing
from stagectl.panel import say
from stagectl.panel.ink import cut, line, width
from stagectl.panel.playbill import Control
from stagectl.panel.view import View

ASKED = 1.0  # seconds that what was asked for is shown before the desk has said it
CROSSED = 0.3  # … and counts on, since a snapshot from before the touch may say the same
CLOSE = 0.5  # dB or %: what a device rounds off is no other look


@dataclass(frozen=True, slots=True)
class Asked:
    """What a touch asked for, and when, on the panel's clock."""

    value: Value
    at: float


@dataclass(frozen=True, slots=True)
class Moment:
    """The view, what was asked for since, and the text that is chosen: what looks are made from."""

    view: View
    asked: Mapping[Parameter, Asked] = field(default_factory=dict)
    text: Parameter = ""
    """Where a person's name is shown."""

    def held(self, parameter: Parameter) -> HeldRow | None:
        """Return the hand on a parameter."""
        return next((row for row in self.view.snap.held if row.parameter == parameter), None)

    def at(self, parameter: Parameter) -> tuple[Value | None, Standing]:
        """Return what a parameter is at as far as is known here, and how sure that is."""
        asked, told = self.asked.get(parameter), self._told(parameter)
        return told if asked is None or asked.value == told[0] else (asked.value, "sent")

    def awaits(self, parameter: Parameter) -> bool:
        """Tell whether something was asked for that the desk has not said yet."""
        asked = self.asked.get(parameter)
        return asked is not None and asked.value != self._told(parameter)[0]

    def _told(self, parameter: Parameter) -> tuple[Value | None, Standing]:
        value, how = self.view.snap.values.get(parameter, (None, "unknown"))
        row = self.held(parameter)
        if row is None:
            return value, how
        certain = row.how in ("sent", "confirmed")
        return (row.value if certain or value is None else value), row.how

    def control(self, parameter: Parameter) -> Control:
        """Return what sort of values it takes."""
        return self.view.bill.controls.get(parameter) or Control()

    def may_put(self, parameter: Parameter) -> bool:
        """Tell whether a touch could put it."""
        return self.view.may(Put(parameter, False))

    def is_at(self, look: Mapping[Parameter, Value]) -> bool:
        """Tell whether the room is in this look, as far as is known here."""
        return all(_alike(self.at(p)[0], spelled(self.view, v)) for p, v in look.items())


def still_open(moment: Moment) -> dict[Parameter, Asked]:
    """Return what was asked for and is neither told by the desk yet nor too long ago."""
    now = moment.view.now
    return {
        p: asked
        for p, asked in moment.asked.items()
        if now - asked.at < (ASKED if moment.awaits(p) else CROSSED)
    }


def state(moment: Moment, parameter: Parameter, space: int, said: str = "") -> str:
    """Return how a value stands: shape and word where they have room, else the shapes alone."""
    shape, word = say.standing(moment.at(parameter)[1])
    ways: tuple[str, ...] = (f"{shape} {word}", shape)
    if moment.held(parameter) is not None and not moment.awaits(parameter):
        held, name = say.standing("held")
        ways = (f"{held} {name} {shape} {word}", f"{held} {name} {shape}", f"{held}{shape}")
    return first_that_fits(space, *(f"{said} {way}".strip() for way in ways))


def first_that_fits(space: int, *ways: str) -> str:
    """Return the fullest way to say it."""
    return next((way for way in ways if width(line(way)) <= space), cut(ways[-1], space))


def value_text(moment: Moment, parameter: Parameter) -> str:
    """Return a value as people say it, no finer than a tenth."""
    value = moment.at(parameter)[0]
    if isinstance(value, float) and value not in (float("inf"), float("-inf")):
        value = round(value, 1)
    return say.value(moment.view.bill, parameter, value)


def spelled(view: View, value: Value) -> Value:
    """Fill in the people of this run; the desk does so for cues, and leaves a hand's text alone."""
    if not isinstance(value, str):
        return value

    def person(blank: re.Match[str]) -> str:
        found = view.snap.people.get(blank[1])
        said = {"name": found.name, "role": found.role} if found is not None else {}
        return said.get(blank[2], blank[0])

    return TEMPLATE.sub(person, value)


def shown_as(view: View, role: str) -> str:
    """Return a person as their name stands on the screen: "Kari Ødegård, Forfatter"."""
    person = view.snap.people[role]
    return ", ".join(part for part in (person.name, person.role) if part)


def _alike(one: Value | None, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or one is None:
        return one == other
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one == other or abs(one - other) <= CLOSE
