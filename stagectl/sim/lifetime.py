"""A simulated process has a time of its own: it stands still while frozen and ends with a kill."""

import asyncio
from collections.abc import Callable


class Lifetime:
    """One run of one device, from power on to power off, on the running loop's clock; seconds."""

    def __init__(self) -> None:
        """Begin now."""
        self._loop = asyncio.get_running_loop()
        self._born = self._loop.time()
        self._frozen_at: float | None = None
        self._lost = 0.0
        self._timers: dict[object, asyncio.TimerHandle] = {}
        self._held: list[tuple[object, Callable[[], None]]] = []
        self._awake = asyncio.Event()
        self._awake.set()

    @property
    def now(self) -> float:
        """Seconds lived; a frozen second is not lived."""
        until = self._loop.time() if self._frozen_at is None else self._frozen_at
        return until - self._born - self._lost

    @property
    def age(self) -> float:
        """Seconds since the start, frozen ones too."""
        return self._loop.time() - self._born

    @property
    def frozen(self) -> bool:
        """Tell whether the process is stopped, as by SIGSTOP."""
        return self._frozen_at is not None

    def later(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """Call `then` after this long; return what calls it off."""
        key = object()
        self._timers[key] = self._loop.call_later(seconds, self._due, key, then)

        def call_off() -> None:
            timer = self._timers.pop(key, None)
            if timer is not None:
                timer.cancel()
            self._held = [(k, t) for k, t in self._held if k is not key]

        return call_off

    def every(self, seconds: float, then: Callable[[], None]) -> Callable[[], None]:
        """Call `then` again and again; return what calls it off."""
        stopped = False
        call_off: Callable[[], None] = lambda: None  # noqa: E731 - replaced at every round

        def again() -> None:
            nonlocal call_off
            if not stopped:
                call_off = self.later(seconds, again)
                then()

        def stop() -> None:
            nonlocal stopped
            stopped = True
            call_off()

        call_off = self.later(seconds, again)
        return stop

    async def sleep(self, seconds: float) -> None:
        """Return after this long."""
        done = asyncio.Event()
        self.later(seconds, done.set)
        await done.wait()

    async def awake(self) -> None:
        """Return when the process is not frozen: at once, as a rule."""
        await self._awake.wait()

    def freeze(self) -> None:
        """Stop, as SIGSTOP does: what is due waits."""
        if self._frozen_at is None:
            self._frozen_at = self._loop.time()
            self._awake.clear()

    def thaw(self) -> None:
        """Go on, and do what fell due meanwhile."""
        if self._frozen_at is not None:
            self._lost += self._loop.time() - self._frozen_at
            self._frozen_at = None
            self._awake.set()
            held, self._held = self._held, []
            for _, then in held:
                then()

    def end(self) -> None:
        """Do nothing that was planned, ever."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._held.clear()
        self._awake.set()  # whoever waits for it may go home

    def _due(self, key: object, then: Callable[[], None]) -> None:
        del self._timers[key]
        if self.frozen:
            self._held.append((key, then))
        else:
            then()
