"""Canned evenings: a playbill and snapshots, built from the engine's own values."""

import math
from dataclasses import replace
from typing import Any

from stagectl.core.edits import CueEdit, Edits
from stagectl.engine.needs import Need
from stagectl.engine.snapshot import (
    AlarmRow,
    Change,
    DeviceRow,
    HeldRow,
    LatchRow,
    MissedRow,
    OfferRow,
    PartRow,
    Snapshot,
    UnusedRow,
)
from stagectl.panel.playbill import Playbill, read_playbill

WALL = 1795891327.0  # 2026-11-28 19:42:07 in Oslo: the evening of the debate

CUES: list[dict[str, Any]] = [
    {"number": "1", "name": "Dørene åpner", "scene": "holding", "fade": 3.0, "length": 900.0},
    {
        "number": "2",
        "name": "Velkommen",
        "scene": "single",
        "notes": "Nødutganger. Mobil på lydløs.\nArrangementet strømmes.",
        "length": 300.0,
    },
    {"number": "2.5", "name": "Introfilm", "scene": "film", "follow": 12.0, "length": 12.0},
    {
        "number": "3",
        "name": "Innledning: hvem eier byrommet?",
        "scene": "presentation",
        "notes": "Presenter Kari Ødegård, byarkitekt. Klikkeren ligger på talerstolen.",
        "fade": 2.0,
        "length": 900.0,
    },
    {
        "number": "4",
        "name": "Panelet samles",
        "scene": "panel",
        "notes": "Fire stoler inn. Vent til alle har satt seg. «Ta gjerne plass, alle sammen.»",
        "wait": 1.0,
        "fade": 3.0,
        "length": 2400.0,
    },
    {"number": "5", "name": "Spørsmål fra salen", "scene": "conversation", "length": 900.0},
    {
        "number": "6",
        "name": "Prisutdeling – årets beste arkitekturformidler i Lillestrøm kommune",
        "scene": "stage",
        "at": WALL + 1073,
        "fade": 4.0,
        "length": 600.0,
    },
    {"number": "6.5", "name": "Vinnerfilm", "scene": "film", "follow": "end", "fade": 2.0},
    {"number": "7", "name": "Takk for i kveld", "scene": "credits", "fade": 3.0, "length": 120.0},
    {"number": "8", "name": "Sendingen slutter", "scene": "holding", "fade": 3.0},
]

LABELS = {
    "holding": "Straks tilbake",
    "single": "Taler",
    "conversation": "Samtale",
    "panel": "Panel",
    "presentation": "Presentasjon",
    "film": "Film",
    "stage": "Hele scenen",
    "credits": "Rulletekst",
}

DECIBELS = {"kind": "number", "unit": "dB", "low": -90.0, "high": 10.0}
PERCENT = {"kind": "number", "unit": "%", "low": 0.0, "high": 100.0}

PARAMETERS: dict[str, dict[str, Any]] = {
    "obs.program": {"kind": "word"},
    "obs.Navn.text": {"kind": "text"},
    "mixer.host.on": {"kind": "switch"},
    "mixer.host.level": DECIBELS,
    "mixer.guest.on": {"kind": "switch"},
    "mixer.guest 2.on": {"kind": "switch"},
    "mixer.audience.on": {"kind": "switch"},
    "mixer.playback.level": DECIBELS,
    "lights.stage": PERCENT,
    "lights.house": PERCENT,
}


NEEDS = [
    *(
        {"device": "obs", "among": "scenes", "name": name, "of": "obs.program"}
        for name in ("Venteskjerm", "Taler", "Samtale", "Panel", "Presentasjon", "Film",
                     "Hele scenen", "Rulletekst")
    ),
    {"device": "obs", "among": "inputs", "name": "intro", "of": "obs.play"},
    {"device": "obs", "among": "inputs", "name": "applaus", "of": "obs.play"},
]  # fmt: skip
FILES = [["show", "cues/2026-12-03-debatt-arkitekturpris.yaml"],
         ["venue", "scenes/lillestrom.yaml"], ["profile", "behringer-x32"],
         ["profile", "obs-studio"], ["profile", "qlcplus"]]  # fmt: skip


def plain_book() -> dict[str, Any]:
    """What a desk says of the debate."""
    return {
        "show": {"name": "Debatt: Hvem eier byrommet?", "date": "2026-11-28", "start": "19:00"},
        "venue": {"name": "Lillestrøm bibliotek – scenen", "timezone": "Europe/Oslo"},
        "cues": CUES,
        "parameters": PARAMETERS,
        "devices": {name: {"label": name} for name in ("obs", "mixer", "lights")},
        "scenes": {name: {"label": label} for name, label in LABELS.items()},
        "needs": {"names": NEEDS, "files": FILES},
        "guard": 0.5,
    }


def debate() -> Playbill:
    """The streamed debate with a prize."""
    return read_playbill(plain_book())


CONCERT: list[dict[str, Any]] = [
    {"number": "1", "name": "Dørene åpner", "scene": "holding", "length": 1200.0},
    {"number": "2", "name": "Velkommen", "scene": "single", "length": 240.0,
     "chapter": "Del 1 – Samtalen"},
    {"number": "3", "name": "Om boka", "scene": "conversation", "notes": "Still vannet fram.",
     "length": 1560.0},
    {"number": "4", "name": "Applaus", "scene": "stage", "length": 60.0},
    {"number": "5", "name": "Pause", "scene": "holding", "length": 900.0, "chapter": "Pause"},
    {"number": "6", "name": "Inn igjen", "length": 120.0, "chapter": "Del 2 – Konserten"},
    {"number": "7", "name": "Konserten begynner", "follow": "end", "length": 9.0,
     "notes": "GO når bandet sitter. Se på trommeslageren.",
     "group": [
         {"name": "Lyset ned", "fade": 5.0, "wait": 0.0},
         {"name": "Bandet på", "fade": 1.0, "wait": 2.0},
         {"name": "Introfilmen", "fade": 0.0, "wait": 3.0},
     ]},
    {"number": "8", "name": "Første sett", "scene": "stage", "length": 1500.0},
    {"number": "9", "name": "Ekstranummer", "length": 300.0},
    {"number": "10", "name": "Takk for i kveld", "scene": "credits", "length": 120.0,
     "chapter": "Slutt"},
]  # fmt: skip


def concert() -> Playbill:
    """An author talk with a concert after it: chapters, and a cue that is a group."""
    show = {"name": "Forfattermøte med konsert", "start": "19:00"}
    return read_playbill({**plain_book(), "show": show, "cues": CONCERT})


DEVICES = (
    DeviceRow("obs", "linked", identity="OBS 29.0.2 obs-websocket 5.1.0"),
    DeviceRow("mixer", "linked", identity="X32 Scenen 4.06"),
    DeviceRow("lights", "linked"),
)

OFF_AIR = (LatchRow("obs", "record", False, False), LatchRow("obs", "stream", False, False))

ON_AIR = (
    LatchRow("obs", "record", True, True, {"bytes": 412_300_000.0, "seconds": 1842.0}),
    LatchRow("obs", "stream", True, True, {"bytes": 310_900_000.0, "seconds": 1839.0}),
)

VALUES: dict[str, Any] = {
    "obs.program": ("Presentasjon", "confirmed"),
    "obs.Navn.text": ("Kari Ødegård, byarkitekt", "confirmed"),
    "mixer.host.on": (True, "confirmed"),
    "mixer.host.level": (-5.0, "confirmed"),
    "mixer.guest.on": (False, "confirmed"),
    "mixer.guest 2.on": (False, "confirmed"),
    "mixer.audience.on": (False, "confirmed"),
    "mixer.playback.level": (-math.inf, "confirmed"),
    "lights.stage": (60.0, "sent"),
    "lights.house": (20.0, "sent"),
}

NEXT = (
    Change("lights.stage", 60.0, 90.0),
    Change("obs.program", "Presentasjon", "Panel"),
    Change("obs.Navn.text", "Kari Ødegård, byarkitekt", "Panelet"),
    Change("mixer.guest.on", False, True),
    Change("mixer.guest 2.on", False, True),
    Change("mixer.playback.level", -10.0, -math.inf),
)


def ready() -> Snapshot:
    """The doors are closed; nothing has gone and nothing is touched."""
    return Snapshot(
        phase="ready", onstage=None, standby="1", devices=DEVICES, latches=OFF_AIR,
        next=(Change("obs.program", None, "Venteskjerm"), Change("lights.house", None, 60.0)),
        values=VALUES,
    )  # fmt: skip


def live() -> Snapshot:
    """In the middle of the debate, all as it should be, four minutes left of the talk."""
    return Snapshot(
        phase="live", onstage="3", standby="4", elapsed=652.0, running=2531.0, next=NEXT,
        next_dos=("obs.play applaus",), devices=DEVICES, latches=ON_AIR, values=VALUES,
        operator="berøringsskjerm",
    )  # fmt: skip


def trouble() -> Snapshot:
    """A bad moment: mixer away, a hand on a fader, a Do missed, a skipped cue, over time."""
    return replace(
        live(),
        elapsed=974.0,
        skipped=("2.5", "5"),
        devices=(
            DEVICES[0],
            DeviceRow("mixer", "lost", "silent"),
            DeviceRow("lights", "linked", unconfirmed=2, readable=False),
        ),
        held=(HeldRow("lights.house", 55.0, 20.0, "hand", 14.0),),
        missed=(MissedRow(7, "obs", "play", "intro", "2.5", "lost"),),
        lacking=(
            Need("obs", "scenes", "Rulletekst", "obs.program"),
            Need("obs", "missing", "obs.Navn.text"),
        ),
        alarms=(
            AlarmRow("lost", "mixer", "silent"),
            AlarmRow("missed", "obs.play intro", "lost", "redo"),
            AlarmRow("held", "lights.house", "hand", "let_go"),
        ),
        values=VALUES
        | {p: (VALUES[p][0], "lost") for p in VALUES if p.startswith("mixer.")}
        | {"lights.house": (55.0, "held"), "lights.stage": (72.0, "moving")},
    )


OFFER = OfferRow(
    "a1b2c3",
    Edits(
        added=1, changed=2,
        cues=(
            CueEdit("3", "Innledning: hvem eier byrommet?", "changed", ("sets", "notes"),
                    ("lights.stage", "mixer.playback.level")),
            CueEdit("4", "Panelet samles", "changed", ("fade",)),
            CueEdit("4.5", "Pause", "added"),
        ),
        people=("guest",),
    ),
    moves=(
        Change("lights.stage", 60.0, 75.0),
        Change("mixer.playback.level", -math.inf, -20.0),
        Change("obs.Navn.text", "Kari Ødegård, byarkitekt", "Kari Ødegaard, byarkitekt"),
    ),
    onstage="3", standby="4",
)  # fmt: skip


def edited() -> Snapshot:
    """Somebody has edited the show's file; three things would move if it were loaded."""
    return replace(live(), offer=OFFER)


def reloaded() -> Snapshot:
    """It was loaded; it can be taken back until the next cue goes."""
    back = tuple(Change(c.parameter, c.after, c.before or 0.0) for c in OFFER.moves)
    return replace(live(), offer=replace(OFFER, undo=True, edits=OFFER.edits.undone, moves=back))


def mistaken() -> Snapshot:
    """Somebody has edited the show's file, and it cannot be loaded."""
    said = {
        "en": "cue 4 sets lights.hose, but Lillestrøm bibliotek has no such name.",
        "nb": "cue 4 setter lights.hose, men Lillestrøm bibliotek har ikke noe slikt navn.",
    }
    row = UnusedRow("mistakes", "cues/2026-11-28-debatt.yaml", 41, 2, said)
    return replace(live(), unused=row, alarms=(AlarmRow("unused", row.path, row.code),))


def holding() -> Snapshot:
    """The desk came back after a crash, and touches nothing."""
    return replace(
        live(),
        phase="holding",
        restore=(
            Change("obs.program", "Venteskjerm", "Presentasjon"),
            Change("mixer.host.on", False, True),
            Change("lights.stage", 0.0, 60.0),
        ),
        latches=OFF_AIR,
        alarms=(),
    )


def chapters() -> Snapshot:
    """In the concert: a group stands by, and the part is half a minute from its planned end."""
    return replace(
        live(),
        onstage="6", standby="7", elapsed=95.0, in_chapter=95.0, running=4120.0,
        next=(
            Change("lights.house", 20.0, 10.0),
            Change("obs.program", "Venteskjerm", "Scenen"),
            Change("lights.stage", 30.0, 100.0),
        ),
        next_dos=("obs.play Introfilm",),
    )  # fmt: skip


def group_runs() -> Snapshot:
    """In the concert's group, a second after its GO: the lights go down, the band comes."""
    return replace(
        live(), onstage="7", standby="8", elapsed=1.0, in_chapter=96.0, running=4121.0,
        parts=(PartRow(0, 0.0, 4.0), PartRow(1, 1.0, 2.0), PartRow(2, 2.0, 2.0)), next=(),
        next_dos=(),
    )  # fmt: skip


def overrun() -> Snapshot:
    """The talk has taken all that was planned for its chapter, and three minutes more."""
    return replace(
        live(), onstage="3", standby="4", elapsed=1780.0, in_chapter=2045.0, running=3340.0
    )


def stopped() -> Snapshot:
    """«Stopp alt»."""
    return replace(live(), overlay="safe")


def covered() -> Snapshot:
    """«Dekk sendingen», for two minutes and ten seconds."""
    return replace(live(), overlay="cover", covered_for=130.0)


def ended() -> Snapshot:
    """The show is over."""
    return replace(live(), phase="ended", standby=None, latches=OFF_AIR, next=(), next_dos=())
