"""A whole simulated stage: one device for each the venue has, all in one thread of their own."""

import asyncio
import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from stagectl.core.book import Book
from stagectl.core.model import Value, Venue
from stagectl.sim.feed import Feed
from stagectl.sim.lights import Lights
from stagectl.sim.midi import Midi
from stagectl.sim.mixer import Mixer
from stagectl.sim.obs import Obs
from stagectl.sim.plan import Plan, Simulated

T = TypeVar("T")


class Stage:
    """A running stage. Every method may be called from any thread but the stage's own.

    `addresses` has "127.0.0.1:port" by device; `unsimulated` the devices nothing stands for.
    `devices` are the simulated things themselves: reach into one only by `ask`.
    """

    def __init__(self, plan: Plan, folder: Path, *, keep: bool) -> None:
        """Prepare; `run_stage` starts it."""
        self.folder = folder
        self.devices: dict[str, Simulated] = {}
        self.unsimulated: tuple[str, ...] = ()
        self._plan = plan
        self._keep = keep
        # Windows' own kind of loop can go deaf on UDP after a packet to a port that is gone
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._live, name="simulated stage", daemon=True)
        self._feed = Feed(self._picture)

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where each device answers."""
        return {
            name: f"{'midi-socket:' if isinstance(device, Midi) else ''}127.0.0.1:{device.port}"
            for name, device in self.devices.items()
        }

    @property
    def feed(self) -> str:
        """Where `state` can be watched, ten times a second: see feed.py."""
        return self._feed.address

    def state(self) -> Mapping[str, object]:
        """Return the stage as it is now, JSON-able.

        `devices` is a list of `{name, kind, condition}` and what the kind has to show; see
        docs/simulated-stage.md.
        """
        return self.ask(self._picture)

    # ---- what can go wrong

    def kill(self, name: str) -> None:
        """Take the power from a device: no goodbye, its port refuses."""
        self._await(self.devices[name].kill())

    def quit(self, name: str) -> None:
        """Let an OBS quit as people quit it: it saves, and says goodbye."""
        self._await(self.obs(name).quit())

    def restart(self, name: str) -> None:
        """Switch a device on, off first if it was on: same port, power-on values."""
        device = self.devices[name]
        self._await(device.kill())
        self._await(device.start(device.port))

    def freeze(self, name: str) -> None:
        """Let a device hang: it takes everything in and says nothing."""
        self.ask(self.devices[name].freeze)

    def thaw(self, name: str) -> None:
        """Let it go on; what came meanwhile is carried out now."""
        self.ask(self.devices[name].thaw)

    def refuse(self, name: str) -> None:
        """Let the system refuse everything for a device that goes on living."""
        self._await(self.devices[name].refuse())

    def accept(self, name: str) -> None:
        """Let it be reached again, with what it had."""
        self._await(self.devices[name].accept())

    def drop(self, name: str, share: float) -> None:
        """Lose this share of a device's packets, each way; raises TypeError for one on TCP."""
        device = self.devices[name]
        if isinstance(device, Obs | Midi):
            raise TypeError(f"{name} is on TCP, which loses no packets")
        drop: Callable[[float], None] = device.drop  # type: ignore[attr-defined]  # all the others
        self.ask(lambda: drop(share))

    def move(self, parameter: str, value: Value) -> None:
        """Let a hand at the device move something: "mixer.host.level" to -20.0.

        Raises KeyError if the device has no such thing.
        """
        name, _, path = parameter.partition(".")
        device = self.devices[name]
        self.ask(lambda: device.move(path, value))

    def obs(self, name: str = "obs") -> Obs:
        """Return a simulated OBS, for what only an OBS has; raises TypeError if it is none."""
        return _of(Obs, self.devices[name])

    def mixer(self, name: str = "mixer") -> Mixer:
        """Return a simulated mixer; raises TypeError if it is none."""
        return _of(Mixer, self.devices[name])  # type: ignore[type-abstract]  # asked for, not made

    def lights(self, name: str = "lights") -> Lights:
        """Return a simulated light desk; raises TypeError if it is none."""
        return _of(Lights, self.devices[name])  # type: ignore[type-abstract]  # asked for, not made

    def midi(self, name: str = "keys") -> Midi:
        """Return a simulated MIDI device; raises TypeError if it is none."""
        return _of(Midi, self.devices[name])

    def ask(self, what: Callable[[], T]) -> T:
        """Call something in the stage's own thread and return its answer."""

        async def call() -> T:
            return what()

        return self._await(call())

    def close(self) -> None:
        """Switch everything off and leave nothing behind."""
        if not self._thread.is_alive():
            return
        self._await(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """See `close`."""
        self.close()

    # ---- the thread

    def open(self, ports: Mapping[str, int], feed_port: int) -> None:
        """Start everything; raises OSError where a port is taken."""
        self._thread.start()
        try:
            self._await(self._begin(ports, feed_port))
        except BaseException:
            self.close()
            raise

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _await(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()

    async def _begin(self, ports: Mapping[str, int], feed_port: int) -> None:
        for name in self._plan.venue.devices:
            device = self._plan.make(name, self.folder)
            if device is None:
                self.unsimulated += (name,)
                continue
            await device.start(ports.get(name, 0))
            self.devices[name] = device
        await self._feed.open(feed_port)

    async def _end(self) -> None:
        await self._feed.close()
        for device in self.devices.values():
            with contextlib.suppress(OSError):
                await device.kill()
        # what is left is somebody's last word on a socket that is gone
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _picture(self) -> Mapping[str, object]:
        return {
            "venue": self._plan.venue.name,
            "devices": [
                {"name": name, "kind": device.kind, "condition": _condition(device)}
                | dict(device.state())
                for name, device in self.devices.items()
            ],
        }


def run_stage(
    what: Venue | Book,
    *,
    obs_password: str = "",
    ports: Mapping[str, int] | None = None,
    folder: Path | None = None,
    feed_port: int = 0,
    seed: int = 0,
) -> Stage:
    """Start a stage for a venue, or for a book: then OBS has what its show names, films too.

    `ports` may fix some devices' ports; the others are free ones. Recordings go to `folder`, or to
    one that is gone after `close`. Raises OSError where a port is taken.
    """
    made = folder or Path(tempfile.mkdtemp(prefix="stagectl-stage-"))
    made.mkdir(parents=True, exist_ok=True)
    stage = Stage(Plan(what, obs_password, seed), made, keep=folder is not None)
    stage.open(ports or {}, feed_port)
    return stage


def serve(
    what: Venue | Book,
    *,
    ready: Callable[[Stage], None],
    obs_password: str = "",
    ports: Mapping[str, int] | None = None,
    folder: Path | None = None,
    feed_port: int = 0,
    stop: threading.Event | None = None,
) -> None:
    """Run a stage until `stop` is set or Ctrl-C; `ready` is told when everything answers."""
    stop = stop or threading.Event()
    with run_stage(
        what, obs_password=obs_password, ports=ports, folder=folder, feed_port=feed_port
    ) as stage:
        ready(stage)
        with contextlib.suppress(KeyboardInterrupt):
            while not stop.wait(0.5):  # Windows hears Ctrl-C only between two waits
                pass


def _condition(device: Simulated) -> str:
    if device.frozen:
        return "frozen"
    if device.up:
        return "up"
    return "unreachable" if device.powered else "down"


def _of(wanted: type[T], device: object) -> T:
    if not isinstance(device, wanted):
        raise TypeError(f"{type(device).__name__} is no {wanted.__name__}")
    return device
