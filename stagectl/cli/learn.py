"""Writes a venue's `controls:` by touch: whoever can press a key can say what it is for."""

import queue
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stagectl.cli.common import mention, refuse, say
from stagectl.core.control import Control
from stagectl.core.names import nearest
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire
from stagectl.drivers.driver import LinkError
from stagectl.engine.report import Linked, Touched
from stagectl.words import codes
from stagectl.words.tongue import N_, _

if TYPE_CHECKING:
    from stagectl.core.book import Book
    from stagectl.drivers.midi import MidiDriver

WORDS: Mapping[str, str] = {
    "go": N_("GO"),
    "back": N_("Back"),
    "next": N_("next cue"),
    "previous": N_("previous cue"),
    "safe": N_("Stop everything"),
    "cover": N_("Cover the broadcast"),
    "release": N_("Resume"),
}
"""What is asked for, one after the other, and how it is said."""

PATIENCE = 4.0  # seconds a controller has to answer
STEP = 0.02  # seconds between two looks at the keyboard
QUIET = 0.3  # seconds without a touch before the next is asked for: fingers are slow
TRAVEL = 0.06  # of its way a fader goes before it is meant


@dataclass(slots=True)
class Ear:
    """Tells which control is touched on purpose: a key pressed, a fader moved a good way."""

    profile: Profile
    low: dict[str, int] = field(default_factory=dict)
    high: dict[str, int] = field(default_factory=dict)

    def hear(self, touch: Touched, *, key: bool) -> Control | None:
        """Return the control, if this touch makes it the one; not `key`: a fader is wanted."""
        control = self.profile.control(touch.control)
        if control is None or control.kind not in ("key" if key else "fader", "either"):
            return None
        if key:
            return control if control.sign.is_down(touch.raw) else None
        low = self.low[control.name] = min(self.low.get(control.name, touch.raw), touch.raw)
        high = self.high[control.name] = max(self.high.get(control.name, touch.raw), touch.raw)
        return control if high - low >= TRAVEL * control.sign.full else None


def learn(venue: Path, device: str, at: Mapping[str, str]) -> None:
    """Ask for one control after the other, and write what was touched; exits where refused."""
    from stagectl.cli import start
    from stagectl.files.load import read_venue

    book = start.book_of(read_venue(venue, at or None), venue)
    name = _controller(book, device)
    _refuse_beside_a_desk(venue)
    lesson = Lesson(book, name)
    try:
        learnt = lesson.hold()
    except LinkError as lost:
        refuse(f"{name}: {codes.trouble(lost.why)}.")
    finally:
        lesson.close()
    if not learnt:
        say(_("Nothing was learnt; nothing is written."))
    elif lesson.agreed(venue, learnt):
        _write(venue, name, learnt)
    else:
        say(_("Nothing is written."))


class Lesson:
    """One controller and one person at a keyboard, who touch and type in turns."""

    def __init__(self, book: "Book", name: str) -> None:
        """Open nothing yet."""
        self._book, self._name = book, name
        self._profile = book.profiles[name]
        self._driver = _driver(book, name)
        self._typed: queue.Queue[str | None] = queue.Queue()
        self._over = False  # nobody types any more

    def hold(self) -> dict[str, str]:
        """Go through it all; return what each touched control does. Raises LinkError."""
        self._open()
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()
        learnt: dict[str, str] = {}
        for word, said in WORDS.items():
            self._learn(word, _(said), learnt, key=True)
        while (parameter := self._parameter()) is not None:
            wire = self._book.wires[parameter]
            self._learn(parameter, parameter, learnt, key=wire.kind == "switch")
        return learnt

    def agreed(self, venue: Path, learnt: Mapping[str, str]) -> bool:
        """Show what would be written, and ask."""
        for name, deed in learnt.items():
            say(f"    {name}: {deed}")
        for name, deed in _given_up(venue, self._name, learnt).items():
            say(_("No more: {line}").format(line=f"{name}: {deed}"))
        say(_("Write this into {path}? Enter writes it, n does not.").format(path=venue))
        typed = self._line()
        return typed is not None and typed.strip().casefold() not in ("n", "no", "nei")

    def close(self) -> None:
        """Let go of the controller."""
        self._driver.close()

    # ---- asking

    def _learn(self, deed: str, said: str, learnt: dict[str, str], *, key: bool) -> None:
        """Ask for a control until one is touched that does nothing else yet, or Enter."""
        if self._over:
            return
        wanted = (
            _("Touch the key for {deed} … (Enter skips)")
            if key
            else _("Move the fader for {deed} … (Enter skips)")
        )
        say(wanted.format(deed=said))
        self._settle()
        ear = Ear(self._profile)
        while not self._has_typed():
            for touch in self._touches():
                control = ear.hear(touch, key=key)
                if control is None:
                    continue
                if control.name in learnt:
                    before = learnt[control.name]
                    say(_("{name} is for {deed} already: another, or Enter").format(
                        name=control.name, deed=_(WORDS.get(before, before))))  # fmt: skip
                    self._settle()
                    continue
                learnt[control.name] = deed
                say(f"    {control.name}: {deed}")
                return

    def _parameter(self) -> str | None:
        """Ask for a parameter that a key can switch or a fader ride; None: that was all."""
        while not self._over:
            say(_("Name more, such as mixer.host.level, or Enter when that was all:"))
            typed = (self._line() or "").strip()
            if not typed:
                return None
            if (found := _meant(self._book.wires, typed)) is not None:
                return found
            near = nearest(typed, self._book.wires)
            say(codes.refusal("no_parameter", typed) + ".")
            if near:
                say(_("did you mean {name}?").format(name=near[0]))
        return None

    # ---- the keyboard

    def _read(self) -> None:
        for line in sys.stdin:
            self._typed.put(line)
        self._typed.put(None)

    def _line(self) -> str | None:
        """Wait for a line; None: nobody types any more."""
        while not self._over:
            try:
                typed = self._typed.get(timeout=STEP)
            except queue.Empty:
                self._touches()  # whatever is touched now is meant for nothing
                continue
            self._over = typed is None
            return typed
        return None

    def _has_typed(self) -> bool:
        if self._over or self._typed.empty():
            return self._over
        self._over = self._typed.get() is None
        return True

    # ---- the controller

    def _open(self) -> None:
        """Wait until the controller is there; raises LinkError."""
        until = time.monotonic() + PATIENCE
        linked = any(isinstance(r, Linked) for r in self._driver.open(time.monotonic()))
        while not linked:
            if time.monotonic() > until:
                raise LinkError("silent")
            linked = any(isinstance(report, Linked) for report in self._turn())

    def _turn(self) -> Iterable[object]:
        time.sleep(STEP)
        now = time.monotonic()
        reports = list(self._driver.receive(now))
        if self._driver.due <= now:
            reports += self._driver.tick(now)
        return reports

    def _touches(self) -> list[Touched]:
        return [report for report in self._turn() if isinstance(report, Touched)]

    def _settle(self) -> None:
        """Wait until the finger is off."""
        quiet = time.monotonic() + QUIET
        while time.monotonic() < quiet:
            if self._touches():
                quiet = time.monotonic() + QUIET


def _meant(wires: Mapping[str, Wire], name: str) -> str | None:
    """Return the parameter a name means, if a key or a fader can have it: a bare one its `on`."""
    for parameter in (name, f"{name}.on", f"{name}.level"):
        wire = wires.get(parameter)
        if wire is not None and (wire.kind == "switch" or wire.has_travel):
            return parameter
    return None


def _controller(book: "Book", device: str) -> str:
    """Return the device that is meant, if it has keys or faders; refuse otherwise."""
    names = [name for name, profile in book.profiles.items() if profile.controls]
    if not names:
        said = _("{venue} has no controller: no device with a profile that names keys.")
        refuse(said.format(venue=book.venue.name))
    if device and device not in names:
        said = _("{device} is no controller of this venue. It has: {names}")
        refuse(said.format(device=device, names=", ".join(names)))
    if not device and len(names) > 1:
        refuse(_("Which one? {names}").format(names=", ".join(names)))
    return device or names[0]


def _refuse_beside_a_desk(venue: Path) -> None:
    """A key that is touched to be learnt would fire a cue, if a desk were listening."""
    from stagectl.desk.place import home_of, place_of

    place = place_of(home_of(venue), venue.stem)
    if place.running():
        refuse(
            _(
                "A show runs in this venue, and would do what you touch. End it first: {cure}"
            ).format(cure=f"stagectl end --desk {place.name}")
        )


def _driver(book: "Book", name: str) -> "MidiDriver":
    from stagectl.drivers.midi import MidiDriver

    return MidiDriver(book.venue.devices[name], book.profiles[name], {})


def _given_up(venue: Path, device: str, learnt: Mapping[str, str]) -> Mapping[str, str]:
    from stagectl.files.edit import given_up
    from stagectl.files.load import Mistakes

    try:
        return given_up(venue, device, learnt)
    except (Mistakes, OSError):
        return {}  # `_write` says why


def _write(venue: Path, device: str, learnt: Mapping[str, str]) -> None:
    from stagectl.files.edit import ChangedMeanwhileError, bind
    from stagectl.files.load import Mistakes
    from stagectl.words.problems import blocks

    try:
        bind(venue, device, learnt)
    except Mistakes as mistakes:
        refuse(f"{blocks(mistakes.problems)}\n" + _("Nothing is written."))
    except ChangedMeanwhileError:
        refuse(_("{path} was changed meanwhile; nothing is written. Try again.").format(path=venue))
    except OSError as problem:
        refuse(
            _("{path} cannot be written ({why}).").format(path=venue, why=problem.strerror or "")
        )
    say(_("Written: {path}").format(path=venue))
    mention(_("A show that is started from now on uses it."))
