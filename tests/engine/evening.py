"""A small evening for the engine's tests: a mixer that is read, lights that are not, an OBS."""

from collections.abc import Iterable, Mapping
from typing import Any

from stagectl.core.book import Book
from stagectl.core.diff import Command, Order
from stagectl.core.model import Cue, Device, Do, Part, Person, Scene, Show, Value, Venue
from stagectl.core.profile import Profile, Verb
from stagectl.core.wire import Wire
from stagectl.engine.engine import Engine
from stagectl.engine.event import Event
from stagectl.engine.report import Linked

DB = Wire("number", unit="dB", low=-90, high=10, read=True, steps=1023, curve=((-90, 0), (10, 1)))
SWITCH = Wire("switch", read=True)
PERCENT = Wire("number", unit="%", low=0, high=100)
WORD = Wire("word", read=True, among="scenes")
TEXT = Wire("text", read=True)

WIRES = {
    "obs.program": WORD,
    "obs.Name.text": TEXT,
    "mixer.host.on": SWITCH,
    "mixer.host.level": DB,
    "mixer.guest.on": SWITCH,
    "mixer.guest.level": DB,
    "lights.stage": PERCENT,
    "lights.house": PERCENT,
}
BASE: dict[str, Value] = {
    "obs.program": "Wait",
    "obs.Name.text": "",
    "mixer.host.on": False,
    "mixer.host.level": -5.0,
    "mixer.guest.on": False,
    "mixer.guest.level": -5.0,
    "lights.stage": 0.0,
    "lights.house": 80.0,
}
DEVICES = ("obs", "mixer", "lights")
CUES = (
    Cue("1", "doors", sets={"obs.program": "Wait", "lights.house": 60.0}),
    Cue(
        "2",
        "talk",
        sets={"obs.program": "Talk", "mixer.host.on": True, "lights.stage": 90.0},
        dos=(Do("obs", "record", "start"), Do("obs", "stream", "start")),
        fade=3.0,
    ),
    Cue("2.5", "film", dos=(Do("obs", "play", "intro"),), follow=12.0),
    Cue(
        "3",
        "reading",
        sets={"obs.Name.text": "{guest.name}, {guest.role}", "mixer.guest.level": -10.0},
        wait=1.0,
        fade=2.0,
    ),
    Cue("4", "end", sets={"obs.program": "Wait"}, block=True),
)


def grouped(number: str, *parts: Part, **more: Any) -> Cue:
    """Return a cue that is a group, folded as core/check.py folds it."""
    sets = {p: v for part in parts for p, v in part.sets.items()}
    dos = tuple(do for part in parts for do in part.dos)
    return Cue(number, sets=sets, dos=dos, group=parts, **more)


def book(cues: Iterable[Cue] = CUES) -> Book:
    """Return the evening with these cues."""
    obs = {
        "record": Verb("record", "one of", ("start", "stop"), latch="restore"),
        "stream": Verb("stream", "one of", ("start", "stop"), latch="ask"),
        "play": Verb("play", "text"),
    }
    return Book(
        Show("Evening", tuple(cues), BASE, people={"guest": Person("Kari Ødegård", "Author")}),
        Venue(
            "Room",
            {name: Device(name, name) for name in DEVICES},
            BASE,
            {
                "holding": Scene(
                    "holding", "Back soon", {"obs.program": "Wait", "lights.stage": 0.0}
                ),
                "cover": Scene("cover", "Cover", {"obs.program": "Wait"}),
            },
            safe="holding",
            cover="cover",
        ),
        {
            "obs": Profile("obs", "obs", verbs=obs),
            "mixer": Profile("mixer", "osc"),
            "lights": Profile("lights", "osc"),
        },
        WIRES,
    )


def reading(device: str) -> dict[str, Value]:
    """What a device at rest says of itself; the lights say nothing."""
    return {p: v for p, v in BASE.items() if p.startswith(device + ".") and WIRES[p].read}


def linked(engine: Engine, now: float = 0.0) -> Engine:
    """Let every device answer with the room at rest."""
    for device in DEVICES:
        engine.hear(Linked(device, reading(device)), now)
    return engine


def at_work(cues: Iterable[Cue] = CUES, guard: float = 0.0) -> Engine:
    """Return an engine whose devices all answer, before the first GO."""
    return linked(Engine(book(cues), guard))


def said(orders: Iterable[Order]) -> dict[str, Value]:
    """The commands among the orders, as parameter → value."""
    return {o.parameter: o.value for o in orders if isinstance(o, Command)}


def done(orders: Iterable[Order]) -> list[str]:
    """The Dos among the orders, as "device.verb argument"."""
    return [f"{o.device}.{o.verb} {o.argument}" for o in orders if isinstance(o, Do)]


def names(events: Iterable[Event]) -> list[str]:
    """What happened, by name."""
    return [type(event).__name__ for event in events]


def facts_of(engine: Engine) -> Mapping[str, Value | None]:
    """What each parameter is believed to be."""
    return {p: v for p, (v, _) in engine.snapshot(1e9).values.items()}
