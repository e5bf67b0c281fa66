"""How a show was planned, from its book, or from copies of its files in a journal.

A copy is read by itself: profiles, addresses and what has become of the venue since do not matter.
"""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stagectl.core.book import Book
from stagectl.engine.asrun import Plan, PlannedCue
from stagectl.files.clock import instant

ELSEWHERE = "Europe/Oslo"  # what a venue's clock is where it does not say


def plan_of(book: Book) -> Plan:
    """Return the plan of a book."""
    show, venue = book.show, book.venue
    cues = tuple(PlannedCue(c.number, c.name, c.length, c.at) for c in show.cues)
    start = _instant(show.date, show.start, _zone(venue.timezone))
    units = {p: wire.unit for p, wire in book.wires.items() if wire.unit}
    return Plan(show.name, venue.name, show.date, start, venue.timezone, cues, units)


def plan_in(show: str, venue: str) -> Plan:
    """Return the plan in the texts of two files, as far as it can be read."""
    from stagectl.files.declared import Told
    from stagectl.files.read import tree_of
    from stagectl.files.shapes import ShowShape, VenueShape

    told = Told()
    tree = tree_of("", venue.encode(), told)
    room = VenueShape.read(tree, told) if tree is not None else None
    said = room.timezone.text.strip() if room is not None and room.timezone else ELSEWHERE
    zone = _zone(said)
    tree = tree_of("", show.encode(), told)
    shape = ShowShape.read(tree, told) if tree is not None else None
    if shape is None:
        return Plan(venue=room.venue if room else "", timezone=zone.key)
    cues = tuple(
        PlannedCue(
            cue.cue.text, cue.name, cue.length,
            _instant(shape.date, cue.at.text, zone) if cue.at else None,
        )
        for cue in shape.cues
        if cue is not None and cue.cue is not None
    )  # fmt: skip
    start = _instant(shape.date, shape.start.text if shape.start else "", zone)
    return Plan(shape.show, room.venue if room else "", shape.date, start, zone.key, cues)


def _instant(day: str, clock: str, zone: ZoneInfo) -> float | None:
    return instant(day, clock, zone).epoch if day and clock else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
