"""What a page that is read aloud says of the show: words alone, each thing in a place of its own.

What is spoken when it changes (`spoken`, `alarm`) says no clock: nobody wants the seconds read.
"""

from dataclasses import dataclass

from stagectl.engine.snapshot import LatchRow
from stagectl.panel import clocks, say
from stagectl.panel.alarms import in_words
from stagectl.panel.clean import clean
from stagectl.panel.playbill import CueLine
from stagectl.panel.view import View
from stagectl.words.tongue import _


@dataclass(frozen=True, slots=True)
class Told:
    """The page's places, top to bottom. An empty text leaves its place empty."""

    show: str = ""
    phase: str = ""
    tone: str = "calm"
    alarm: str = ""
    spoken: str = ""
    now: str = ""
    now_clock: str = ""
    next: str = ""
    next_clock: str = ""
    will: tuple[str, ...] = ()
    """What GO changes."""
    time: str = ""
    plan: str = ""
    out: tuple[str, ...] = ()
    """What is recorded and streamed."""
    devices: tuple[str, ...] = ()

    def plain(self) -> dict[str, str | list[str]]:
        """Return its JSON, by place."""
        told: dict[str, str | list[str]] = {}
        for place in self.__slots__:
            value = getattr(self, place)
            told[place] = list(value) if isinstance(value, tuple) else value
        return told


def tell(view: View) -> Told:
    """Return what the page says of this."""
    time = clocks.wall(view, view.wall, seconds=True)
    if not view.heard:
        return Told(phase=_("No show runs"), spoken=_("No show runs"), time=time)
    now, next_ = _now(view), _next(view)
    said = [_("Now: {cue}").format(cue=now), _("Next: {cue}").format(cue=next_)]
    silent = view.contact != "up" or view.over
    return Told(
        show=clean(view.bill.show),
        phase=_phase(view),
        tone="warn" if view.contact != "up" else "air" if view.on_air else "calm",
        alarm=_alarm(view),
        spoken=". ".join([_phase(view), *(() if view.over else said)]),
        now=now,
        now_clock="" if silent else _now_clock(view),
        next=next_,
        next_clock="" if silent else _next_clock(view),
        will=() if silent else _will(view),
        time=time,
        plan=_plan(view),
        out=() if silent else tuple(_latch(row) for row in view.snap.latches),
        devices=tuple(
            f"{say.device(view.bill, row.name)}: {say.link(row)}" for row in view.snap.devices
        ),
    )


def _phase(view: View) -> str:
    word = say.phase(view)
    return word[:1] + word[1:].lower()  # capitals can be spelled out by what reads aloud


def _alarm(view: View) -> str:
    if view.contact != "up" and not view.over:
        return _("No contact with the desk. The show goes on without this page.")
    if view.over or not view.snap.alarms:
        return ""
    return ". ".join(part for part in in_words(view, view.snap.alarms[0]) if part)


def _cue(cue: CueLine) -> str:
    return f"{clean(cue.number)} {clean(cue.name)}".strip()


def _now(view: View) -> str:
    if view.over:
        return _("The show is over")
    return _cue(view.now_cue) if view.now_cue is not None else _("Nothing has gone yet")


def _next(view: View) -> str:
    if view.next_cue is not None and not view.over:
        return _cue(view.next_cue)
    return _("There is no next cue")


def _now_clock(view: View) -> str:
    clock = clocks.cue_clock(view)
    if clock is None:
        return ""
    if clock.left is None:
        return _("for {time}").format(time=clocks.hms(clock.gone))
    if clock.left < 0:
        return _("{time} over the plan").format(time=clocks.hms(-clock.left))
    return _("{left} left of {planned}").format(
        left=clocks.hms(clock.left), planned=clocks.hms(clock.planned or 0.0)
    )


def _next_clock(view: View) -> str:
    if (left := clocks.follow_in(view)) is not None:
        return _("by itself in {time}").format(time=clocks.hms(left))
    cue = view.next_cue
    at = clocks.due(view, cue) if cue is not None else None
    return "" if at is None else _("by the clock at {time}").format(time=clocks.wall(view, at))


def _will(view: View) -> tuple[str, ...]:
    dos = tuple(say.trigger(view.bill, do) for do in view.snap.next_dos)
    return (*say.changes(view.bill, view.snap.next), *dos)


def _plan(view: View) -> str:
    clock = clocks.show_clock(view)
    if clock is None:
        start = clean(view.bill.start)
        return _("starts at {time}").format(time=start) if start else ""
    said = [_("running {time}").format(time=clocks.hms(clock.running))]
    if clock.behind is not None and abs(clock.behind) >= 60:
        over, under = _("{time} over the plan"), _("{time} ahead of the plan")
        late = clocks.hms(abs(clock.behind))
        said.append((over if clock.behind > 0 else under).format(time=late))
    return ", ".join(said)


def _latch(row: LatchRow) -> str:
    names = {"record": _("Recording"), "stream": _("Stream")}
    name = names.get(row.verb) or clean(row.verb)
    return (_("{name} on") if row.on else _("{name} off")).format(name=name)
