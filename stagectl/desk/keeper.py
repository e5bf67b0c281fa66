"""Whatever it keeps is running again a moment after it died; it knows processes and no shows.

A keeper is the parent of the desk, and of each device the venue gives a `run:` command. Secrets
go to the desk through a pipe, never by argv or environment. A keeper that is stopped leaves the
devices as they are; when the show was ended, they are asked to end, and never killed.
"""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from stagectl.desk.agreed import BUSY, CANNOT, ENDED, STOP, STOPPED, wards
from stagectl.desk.early import APART, Early, read_line, told
from stagectl.desk.lock import Lock
from stagectl.desk.log import log_from_here, open_log, speak_into
from stagectl.desk.place import Card, Place
from stagectl.desk.secrets import without_secrets

AGAIN = (0.0, 0.25, 0.5, 1.0, 2.0)  # seconds before each start after a death in a row
TRIES = 2  # deaths of a desk that never came up, after which it is not tried again
STEADY = 20.0  # seconds alive, after which a death is not one of a row
FAREWELL = 5.0  # seconds for what is asked to end

_log = logging.getLogger(__name__)

Say = Callable[[str, str], None]
"""Told a code and what it is about: ("died", "desk"), ("missing", "obs") …"""


class Keeper:
    """Keeps one place's desk and devices, from `run` until the show is ended or it is stopped."""

    def __init__(
        self, place: Place, secrets: Mapping[str, str], say: Say, early: Early | None = None
    ) -> None:
        """Name what to keep; nothing is started yet. `early` is a desk that is loading already."""
        self._place = place
        self._secrets = dict(secrets)
        self._say = say
        self._early = early
        self._over = threading.Event()
        self._stopping = False
        self._lock = threading.Lock()
        self._desk: subprocess.Popen[bytes] | None = None
        self._status = STOPPED
        self._adopts = False

    def stop(self) -> None:
        """Let the desk go, cleanly, its show not ended; from any thread or a signal's handler."""
        self._stopping = True  # no more than that: a handler must not take a lock

    def keep(self, up: Callable[[Card], None]) -> int:
        """Keep until it is over; return ENDED, STOPPED or CANNOT (the desk never came up).

        `up` is called once, with what the desk says of itself.
        """
        home, programs = wards(self._place)
        self._adopts = self._place.lock("desk").held()
        if not self._adopts:
            self._place.clear()
        with open_log(self._place.log) as log:
            desk = threading.Thread(target=self._keep_desk, args=(log, up), name="desk")
            desk.start()
            kept = [
                _Ward(name, run, self._place, home, self._say, self._over)
                for name, run in programs.items()
            ]
            for ward in kept:
                ward.start()
            while not (self._stopping or self._over.wait(0.2)):
                pass
            self._over.set()
            self._let_desk_go(desk)
        for ward in kept:
            ward.join(FAREWELL)
        if self._status == ENDED:
            ask_to_end([p for ward in kept if (p := ward.process) is not None])
        return self._status

    # ---- the desk

    def _keep_desk(self, log: IO[bytes], up: Callable[[Card], None]) -> None:
        deaths, been_up = 0, False
        if self._adopts:
            been_up = True
            if not self._watch_adopted(up):
                self._over.set()
                return
            self._say("died", "desk")
        while not self._over.is_set():
            began = time.monotonic()
            with self._lock:  # not while it is being let go
                if self._over.is_set():
                    break
                try:
                    desk = self._desk = self._start_desk(log)
                except OSError as problem:  # no handle, no memory, no process: not for ever
                    deaths += 1
                    self._say("missing", f"desk: {problem}")
            if self._desk is None:
                self._over.wait(max(pause(deaths), AGAIN[1]))
                continue
            if not been_up and (card := self._first_card(desk)) is not None:
                been_up = True
                up(card)
            self._status = desk.wait()
            if desk.stdin is not None:
                with contextlib.suppress(OSError):
                    desk.stdin.close()
            if self._status in (ENDED, STOPPED):
                break
            deaths = 1 if time.monotonic() - began > STEADY else deaths + 1
            with self._lock:
                self._desk = None
            self._say("died", f"desk ({self._status})")
            if not been_up and (self._status in (BUSY, CANNOT) or deaths > TRIES):
                self._status = CANNOT
                break
            self._over.wait(pause(deaths))
        self._over.set()

    def _watch_adopted(self, up: Callable[[Card], None]) -> bool:
        """Look after a desk that is not our child; True: it died, and is to be started again."""
        lock, told = self._place.lock("desk"), False
        while lock.held():
            if self._over.wait(0.2):
                return False
            if not told and (card := self._place.card()) is not None:
                told = True
                up(card)
        try:
            self._status = int(self._place.over.read_text("ascii"))
        except (OSError, ValueError):
            return True
        return self._status not in (ENDED, STOPPED)

    def _let_adopted_go(self) -> None:
        """It does not hear us: it is asked as the system asks, if it is surely still there."""
        lock, card = self._place.lock("desk"), self._place.card()
        if card is not None and lock.held():
            with contextlib.suppress(OSError):
                os.kill(card.pid, signal.SIGTERM)
            until = time.monotonic() + FAREWELL
            while lock.held() and time.monotonic() < until:
                time.sleep(0.05)

    def _start_desk(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        early, self._early = self._early, None
        desk = early.take(self._place.folder) if early is not None else None
        desk = desk or subprocess.Popen(  # noqa: S603 -- our own module in our own folder
            [sys.executable, "-m", "stagectl.desk", str(self._place.folder)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=without_secrets(os.environ),
            **APART,
        )
        self._tell(desk, json.dumps({"keeper": os.getpid(), "secrets": self._secrets}))
        return desk

    def _first_card(self, desk: subprocess.Popen[bytes]) -> Card | None:
        while desk.poll() is None:
            if (card := self._place.card()) is not None:
                return card
            time.sleep(0.01)
        return None

    def _let_desk_go(self, thread: threading.Thread) -> None:
        with self._lock:
            desk = self._desk
        if self._adopts and desk is None and self._stopping:
            self._let_adopted_go()
        if desk is not None and desk.poll() is None:
            self._tell(desk, STOP)
            thread.join(FAREWELL)
            if desk.poll() is None:
                self._say("frozen", "desk")
                desk.kill()
        thread.join()

    @staticmethod
    def _tell(desk: subprocess.Popen[bytes], line: str) -> None:
        try:
            if desk.stdin is not None:
                desk.stdin.write(line.encode() + b"\n")
                desk.stdin.flush()
        except OSError:
            pass  # it is dead already, which its wait() will say


class _Ward(threading.Thread):
    """Starts one device's program, and starts it again when it dies."""

    def __init__(
        self,
        device: str,
        words: Sequence[str],
        place: Place,
        home: Path,
        say: Say,
        over: threading.Event,
    ) -> None:
        super().__init__(name=f"run {device}", daemon=True)
        self.process: subprocess.Popen[bytes] | None = None
        self._device = device
        self._words = words
        self._place = place
        self._home = home
        self._say = say
        self._over = over

    def run(self) -> None:
        """Keep it; once it is over, leave it as it is."""
        self._wait_for_an_earlier_one()
        deaths = 0
        while not self._over.is_set():
            began = time.monotonic()
            try:
                self.process = self._begin()
            except OSError as problem:
                if not deaths:
                    self._say("missing", f"{self._device}: {problem}")
                deaths = len(AGAIN)
            else:
                while self.process.poll() is None and not self._over.wait(0.2):
                    pass
                if self._over.is_set():
                    return
                self._say("died", f"{self._device} ({self.process.returncode})")
                deaths = 1 if time.monotonic() - began > STEADY else deaths + 1
            self._over.wait(pause(deaths))

    def _wait_for_an_earlier_one(self) -> None:
        """A keeper that was killed leaves its devices running: they still hold their lock."""
        told = False
        while self._lock().held() and not self._over.wait(0.5 if told else 0.0):
            if not told:
                self._say("already", self._device)
            told = True

    def _begin(self) -> subprocess.Popen[bytes]:
        lock = self._lock()
        # not ours only if a grandchild of the one that died still has it
        keys = (lock.bequeath(),) if lock.take() and os.name == "posix" else ()
        try:
            with open_log(self._place.folder / f"{self._device}.log") as log:
                return subprocess.Popen(  # noqa: S603 -- what the venue's own file says, no shell
                    self._words,
                    cwd=self._home,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=without_secrets(os.environ),
                    pass_fds=keys,
                    **APART,
                )
        finally:
            lock.drop()

    def _lock(self) -> Lock:
        return self._place.lock(f"device {self._device}")


def pause(deaths: int) -> float:
    """Return the seconds to wait after so many deaths in a row."""
    return AGAIN[min(deaths, len(AGAIN)) - 1]


def ask_to_end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, the way Ctrl-C does, and wait a little: one that asks a person is left so.

    On Windows there is no asking a program that is not ours; it stays open.
    """
    if os.name != "posix":
        return
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    until = time.monotonic() + FAREWELL
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))


def main(folder: Path | None) -> int:
    """Keep in the background, started by `stagectl run`: the secrets come on standard input.

    Without a folder that comes first, and a desk loads meanwhile.
    """
    if folder is not None:
        return _keep(folder, None)
    with Early() as desk:
        folder = told()
        if folder is None:
            return 0
        speak_into(Place(folder).log)
        return _keep(folder, desk)


def _keep(folder: Path, early: Early | None) -> int:
    log_from_here(logging.INFO, "%(asctime)s %(levelname)s keeper: %(message)s")
    place = Place(folder)
    lock = place.lock("keeper")
    if not lock.take(wait=2.0):
        return BUSY
    secrets = json.loads(read_line() or "{}")
    keeper = Keeper(place, secrets, lambda code, about: _log.warning("%s: %s", code, about), early)
    heed(keeper.stop)
    return keeper.keep(lambda card: _log.info("%s is up at %s", card.show, card.address))


def heed(stop: Callable[[], None], *, mortal: bool = False) -> None:
    """Stop when a person or the system says so, and not because a terminal was closed.

    `mortal`: because of that, too.
    """
    for name in ("SIGINT", "SIGTERM", "SIGBREAK", *(["SIGHUP"] if mortal else [])):
        if number := getattr(signal, name, None):
            signal.signal(number, lambda *_: stop())
    if hasattr(signal, "SIGHUP") and not mortal:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
