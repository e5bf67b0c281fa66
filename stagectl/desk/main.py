"""The desk's process: takes the book over, runs the show, and dies without harm.

It is told two things on its standard input: first the secrets, one JSON line; and the word STOP,
when it shall go without ending the show. A pipe works on every system and is in no listing.
"""

import contextlib
import faulthandler
import gc
import importlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from stagectl.core.book import Book
from stagectl.core.model import Device
from stagectl.desk import handover, journal
from stagectl.desk.absent import AbsentDriver
from stagectl.desk.agreed import BUSY, CANNOT, ENDED, STOP, STOPPED
from stagectl.desk.early import read_line, told
from stagectl.desk.handover import Handover, Options
from stagectl.desk.journal import Journal, Opened, copies
from stagectl.desk.link import Make
from stagectl.desk.log import log_from_here, speak_into
from stagectl.desk.lookout import Lookout
from stagectl.desk.loop import Desk, Reply
from stagectl.desk.place import Card, Place, home_of, write_private
from stagectl.desk.port import Port
from stagectl.desk.remote import LOOPBACK, Remote
from stagectl.desk.renewal import Renewal, wires_of
from stagectl.desk.secrets import Secret
from stagectl.desk.watch import Watch
from stagectl.drivers.driver import Driver
from stagectl.engine.engine import Engine
from stagectl.engine.event import Event
from stagectl.engine.intent import Intent

DRIVERS = {
    "osc": ("stagectl.drivers.osc", "OscDriver"),
    "obs": ("stagectl.drivers.obs", "ObsDriver"),
    "midi": ("stagectl.drivers.midi", "MidiDriver"),
}
SWITCH = 0.0005  # seconds a thread may run on while another waits; Python's own 5 ms delay a GO

_log = logging.getLogger(__name__)

if sys.platform == "linux":

    def _asleep() -> float:
        """Return the seconds this machine has been suspended."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()

else:

    def _asleep() -> float:
        """Return 0: nothing tells; the loop sees its own lateness all the same."""
        return 0.0


def main(folder: Path | None) -> int:
    """Run the desk that lives in `folder`, or where it is told; return why it is over."""
    _hold_still()
    if folder is None:
        folder = told()
        if folder is None:
            return STOPPED
        speak_into(Place(folder).log)
    faulthandler.enable()
    log_from_here(logging.WARNING, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    place = Place(folder)
    lock = place.lock("desk")
    if not lock.take(wait=2.0):
        _log.error("another desk has %s", folder)
        return BUSY
    given = json.loads(read_line() or '{"keeper": 0, "secrets": {}}')
    secrets = {name: Secret(text) for name, text in given["secrets"].items()}
    return run(place, handover.take_newest(place), secrets, given["keeper"])


def run(place: Place, given: Handover, secrets: Mapping[str, str], keeper: int) -> int:
    """Run the show to its end, or until it is told to stop."""
    first = not place.has_card()  # else we are a desk that died: the show goes on without a port
    told = Journal(place.journal / given.options.journal)
    engine, damaged = _take_up(told, given)

    def ask(intent: Intent, reply: Reply) -> None:
        desk.ask(intent, reply)

    def watch_levels(wanted: bool) -> None:
        desk.watch(wanted)

    def renewed(new: Renewal) -> None:
        panels.renew(new.letter)
        watch.introduce(_card(replace(given, book=new.book), address, keeper))
        lookout.loaded(new.book)

    try:
        remote = _remote(given, first=first)
        panels = Port(
            ask,
            place.face_book_of(given.book.digest).read_bytes(),
            {place.token("operate"): "operate", place.token("watch"): "watch"},
            place,
            watch=watch_levels,
        )
        makes = _drivers(given.book, secrets)
        desk = Desk(
            given.book,
            makes,
            told,
            engine=engine,
            remote=remote,
            asleep=_asleep,
            publish=panels.publish,
            gauge=panels.gauge,
            loaded=_loaded(place, given.book, makes),
            renewed=renewed,
        )
        address = _listen(panels, place, given.options, first=first)
    except OSError as problem:
        with contextlib.suppress(OSError):  # a full disk; the log has it perhaps
            write_private(place.trouble, str(problem).encode())
        _log.exception("the desk does not come up")
        return CANNOT
    _heed(desk.close, mortal=given.options.mortal)
    watch = Watch(place, _card(given, address, keeper), told.path, desk.hear, damaged)
    lookout = Lookout(
        place,
        given.book,
        desk.offer,
        lambda book: _drivers(book, secrets),
        lambda: panels.newest.skipped if panels.newest else (),
    )

    watch.start()
    lookout.start()
    _settle_down()
    try:
        desk.run()
    finally:
        lookout.stop()
        watch.stop()
        panels.close("ended" if engine.run.ended else "stopped")
        told.close()
    status = ENDED if engine.run.ended else STOPPED
    with contextlib.suppress(OSError):
        write_private(place.over, str(status).encode())
    return status


def _take_up(told: Journal, given: Handover) -> tuple[Engine, int]:
    """Return the engine of the run so far, or of a new one; and write down that we begin.

    With it, how many lines of the journal could not be used.
    """
    book, guard = given.book, given.options.guard
    now, wall, boot = time.monotonic(), time.time(), journal.boot_id()
    try:
        past = journal.read(told.path, now=now, wall=wall, boot=boot)
    except OSError:  # a full disk has no room for an empty file either
        past = journal.Past(None, (), (), 0)
    if past.opened is None and not past.events:
        show, venue = book.show_path, book.venue_path
        told.begin(Opened("live", show, venue, book.digest, given.files))
        told.start(now, wall, boot)
        return Engine(book, guard), past.damaged
    told.start(now, wall, boot)
    other = past.digest and past.digest != book.digest
    if other:  # asked for: see the CLI's hand_over
        told.copy(copies(book.digest, given.files))
    if past.damaged:
        _log.warning("%d lines of the journal are damaged; the rest is used", past.damaged)
    engine = Engine.resume(book, handover.fitting(book, past.events, _drop), guard)
    told.append(engine.take_up(now, reloaded=bool(other)))
    return engine, past.damaged


def _drop(event: Event) -> None:
    _log.warning("the files no longer have a place for %s", event)


def _drivers(book: Book, secrets: Mapping[str, str]) -> dict[str, Make]:
    return {name: _maker(book, device, secrets) for name, device in book.venue.devices.items()}


def _loaded(place: Place, book: Book, makes: Mapping[str, Make]) -> Renewal:
    cues = frozenset(cue.number for cue in book.show.cues)
    return Renewal(book, makes, cues, place.face_book_of(book.digest))


def _maker(book: Book, device: Device, secrets: Mapping[str, str]) -> Make:
    profile = book.profiles[device.name]
    wires = wires_of(book, device.name)
    secret = secrets.get(device.secret, "")

    def make() -> Driver:
        if profile.driver not in DRIVERS:
            return AbsentDriver("no_driver")
        module, kind = DRIVERS[profile.driver]
        try:
            # a driver's library is imported only where the venue has such a device
            make_one = getattr(importlib.import_module(module), kind)
            driver: Driver = make_one(device, profile, wires, secret)
        except Exception:  # noqa: BLE001 -- a mistake of ours costs one device, not the show
            _log.exception("%s cannot be driven", device.name)
            return AbsentDriver("broken")
        return driver

    return make


def _remote(given: Handover, *, first: bool) -> Remote | None:
    options = given.options
    if options.osc_in is None:
        return None
    allow = [ip_network(n) for n in options.osc_from] or LOOPBACK
    try:
        return Remote(*options.osc_in, [cue.number for cue in given.book.show.cues], allow)
    except OSError:
        if first:
            raise
        _log.exception("the OSC remote's port is taken: going on without it")
        return None


def _listen(panels: Port, place: Place, options: Options, *, first: bool) -> str:
    """Return the address panels find us at: the same as before, so that they find us again."""
    host, port = options.listen
    card = place.card()
    before = card.port if card else port
    try:
        return panels.start(host, port or before)
    except OSError:
        if first:
            raise
        _log.exception("the panels' port %s is taken: taking another", before)
        return panels.start(host, 0)


def _card(given: Handover, address: str, keeper: int) -> Card:
    book = given.book
    return Card(
        pid=os.getpid(),
        keeper=keeper,
        address=address,
        show=book.show.name,
        show_path=book.show_path,
        venue=Path(book.venue_path).stem,
        project=str(home_of(Path(book.show_path))),
        started=time.time(),
        digest=book.digest,
        language=given.options.language,
        demo=given.options.mortal,
    )


def _heed(close: Callable[[], None], *, mortal: bool) -> None:
    """Go when the keeper or the system says so."""
    for name in ("SIGTERM", "SIGBREAK"):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda *_: close())
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the keeper's to understand

    def wait_for_word() -> None:
        # until the pipe is closed: a keeper that was killed does not take the show with it
        while line := read_line():
            if line == STOP:
                close()
        if mortal:
            close()

    threading.Thread(target=wait_for_word, name="keeper's word", daemon=True).start()


def _hold_still() -> None:
    """Collect what importing left, and nothing more: a book has no cycles, and a GO no patience."""
    gc.collect()
    gc.disable()


def _settle_down() -> None:
    """Let no other thread, and no later collection, keep a GO waiting."""
    sys.setswitchinterval(SWITCH)
    gc.freeze()
