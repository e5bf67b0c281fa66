"""A show as a prompt book: each cue, what it changes in words, and the very bytes that say it.

Remake the books after a change that is meant:  python -m tests.golden.promptbook
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from stagectl.core.book import Book
from stagectl.core.diff import diff
from stagectl.core.model import Cue, Do, Look, Parameter, Part, Show, Value
from stagectl.core.track import look_at
from stagectl.core.wire import Wire
from stagectl.drivers import obs_words, osc_packets
from stagectl.engine.wanted import Wanted
from stagectl.files.load import load_show
from stagectl.words import plain
from stagectl.words.tongue import speaking

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SHOWS = sorted((ROOT / "cues").glob("*.yaml"))


def golden(show: Path) -> Path:
    """Return the file a show's prompt book is kept in."""
    return HERE / f"{show.stem}.txt"


def prompt_book(book: Book) -> str:
    """Return the whole book, in the show's language."""
    with speaking(book.show.language or book.venue.language):
        return "\n".join(_pages(book)) + "\n"


def _pages(book: Book) -> Iterator[str]:
    show = book.show
    yield f"{show.name}"
    yield f"{book.venue.name}, {show.date} {show.start}"
    for role, person in show.people.items():
        yield f"  {role}: {person.name}, {person.role}"
    yield ""
    yield "—  base"
    yield from _changes(book, {}, show.base)
    before = show.base
    for cue, steps in played(show):
        yield ""
        if cue.chapter:
            yield f"══  {cue.chapter}"
            yield ""
        yield _heading(cue, ZoneInfo(book.venue.timezone))
        yield from (f"    | {line}" for line in cue.notes.splitlines())
        for part, after in steps:
            if cue.group:
                yield _part(cue, part)
            yield from _changes(book, before, after)
            for do in part.dos:
                yield f"  ! {plain.do(do.device, do.verb, do.argument)}"
                yield from (f"        {wire}" for wire in _said_once(book, do))
            before = after


def played(show: Show) -> Iterator[tuple[Cue, list[tuple[Cue | Part, Look]]]]:
    """Yield each cue with its parts, in the order they begin, and the look once each has come."""
    look = show.base
    for index, cue in enumerate(show.cues):
        look = show.base if cue.block else look
        steps: list[tuple[Cue | Part, Look]] = []
        for part in sorted(cue.parts, key=lambda part: part.wait):
            look = {**look, **part.sets}
            steps.append((part, look))
        assert look == look_at(show, index)
        yield cue, steps


def _part(cue: Cue, part: Cue | Part) -> str:
    times = (("wait", part.wait), ("fade", part.fade))
    told = [f"{word} {plain.seconds(length)}" for word, length in times if length]
    return "  + " + "  ·  ".join([part.name or cue.name, *told])


def _heading(cue: Cue, zone: ZoneInfo) -> str:
    parts = [f"CUE {cue.number}  {cue.name}"]
    if cue.at is not None:
        parts.append(f"at {datetime.fromtimestamp(cue.at, zone):%H:%M}")
    if cue.scene:
        parts.append(f"scene: {cue.scene}")
    parts += [
        f"{word} {plain.seconds(length)}"
        for word, length in (("wait", cue.wait), ("fade", cue.fade), ("length", cue.length or 0))
        if length
    ]
    if cue.follow is not None:
        parts.append(f"follow {'end' if cue.follow == 'end' else plain.seconds(cue.follow)}")
    if cue.block:
        parts.append("block")
    return "  ·  ".join(parts)


def _changes(book: Book, before: Look, after: Look) -> Iterator[str]:
    wanted = Wanted(book)  # which puts the people of the show into the texts
    for command in diff(before, after.items()):
        parameter, wire = command.parameter, book.wires[command.parameter]
        value = wanted.spelled(parameter, command.value)
        yield f"    {plain.change(parameter, before.get(parameter), value, wire)}"
        yield from (f"        {said}" for said in _said(book, parameter, wire, value))


def _said(book: Book, parameter: Parameter, wire: Wire, value: Value) -> Iterator[str]:
    """Yield what a device hears for one parameter: an OSC packet, or requests to OBS."""
    device = parameter.partition(".")[0]
    match book.profiles[device].driver:
        case "osc":
            yield _packet(device, osc_packets.saying(wire)(value))
        case "obs" if wire.type == "master":  # every input's tracks: OBS is asked which there are
            yield f"{device}  SetInputAudioTracks … {'on' if value else 'off'}"
        case "obs":
            yield from (_request(device, request) for request in obs_words.put(wire, value))
        case "pjlink" | "visca" as driver:
            yield f"{device}  – nothing speaks {driver} yet"


def _said_once(book: Book, do: Do) -> Iterator[str]:
    profile = book.profiles[do.device]
    if profile.driver == "osc":
        packet, release = osc_packets.occasion(profile.verbs[do.verb], do.argument)
        yield from (_packet(do.device, p) for p in (packet, release) if p)
    else:
        yield f"{do.device}  {do.verb} {do.argument}".rstrip()


def _packet(device: str, packet: bytes) -> str:
    ((address, arguments),) = osc_packets.messages(packet)
    said = " ".join(repr(round(a, 6)) if isinstance(a, float) else repr(a) for a in arguments)
    words = " ".join(packet[n : n + 4].hex() for n in range(0, len(packet), 4))
    return f"{device}  {address} {said}   {words}"


def _request(device: str, request: obs_words.Request) -> str:
    told = {k: v for k, v in request.items() if k != "requestType"}
    data = told.pop("requestData", {})
    rest = "".join(f" {json.dumps(v, ensure_ascii=False)}" for v in (data, *told.values()) if v)
    return f"{device}  {request['requestType']}{rest}"


def remake() -> None:
    """Write every show's prompt book anew."""
    for show in SHOWS:
        text = prompt_book(load_show(show, cached=False))
        golden(show).write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{golden(show).relative_to(ROOT)}\n")


if __name__ == "__main__":
    remake()
