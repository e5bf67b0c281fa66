"""Where an arrow key goes from one button to the next, by where they are on the screen."""

from collections.abc import Sequence
from typing import Literal

from textual.geometry import Region

Way = Literal["up", "down", "left", "right"]


def onward(places: Sequence[Region], at: Region | None, way: Way) -> int | None:
    """Return which of `places` (in screen order) is next from `at`; None: there is none.

    From nowhere it is the first. Left and right run on to the row before and the row after.
    """
    if not places:
        return None
    if at is None:
        return 0
    there = [n for n, place in enumerate(places) if _is_that_way(at, place, way)]
    if there:
        return min(there, key=lambda n: _far(at, places[n], way))
    if way in ("left", "right"):
        order = [(place.y, place.x) for place in places]
        here = (at.y, at.x)
        on = [n for n, place in enumerate(order) if (place > here) == (way == "right")]
        on = [n for n in on if order[n] != here]
        return (on[0] if way == "right" else on[-1]) if on else None
    return None


def _is_that_way(at: Region, place: Region, way: Way) -> bool:
    if way in ("up", "down"):
        return place.bottom <= at.y if way == "up" else place.y >= at.bottom
    beside = place.y < at.bottom and place.bottom > at.y
    return beside and (place.right <= at.x if way == "left" else place.x >= at.right)


def _far(at: Region, place: Region, way: Way) -> tuple[int, int]:
    """How far it is that way, then how far aside."""
    across = abs((place.x + place.right) - (at.x + at.right))
    match way:
        case "up":
            return at.y - place.bottom, across
        case "down":
            return place.y - at.bottom, across
        case "left":
            return at.x - place.right, abs(place.y - at.y)
        case "right":
            return place.x - at.right, abs(place.y - at.y)
