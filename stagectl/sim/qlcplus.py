"""A light desk in the manner of QLC+ 4.12 hears OSC and answers nothing.

`/0/dmx/3` is universe 1, DMX address 4, as QLC+ itself says it; a float becomes int(255·f). Any
other address is a slider if the venue gives it a name, else a button: pressed by 1.0, and not again
before a 0.0. Levels can be read on a WebSocket, `/qlcplusWS`, as from the real one:
`QLC+API|getChannelsValues|universe|address|count`.
"""

import math
import re
from collections.abc import Mapping
from http import HTTPStatus

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from stagectl.sim import osc
from stagectl.sim.datagrams import Peer
from stagectl.sim.lights import FULL, UNIVERSE, Lights

_DMX = re.compile(r"/(\d)/dmx/(\d{1,3})")
_LEVEL = re.compile(r"level\.(\d{1,3})")
_DIMMER = "0.#000000"  # what QLC+ says of a dimmer's channel: an intensity, and its colour


class Qlcplus(Lights):
    """One QLC+."""

    def __init__(self, names: Mapping[str, str], *, seed: int = 0) -> None:
        """Make a desk that is switched off."""
        super().__init__(names, seed=seed)
        self.pressed: dict[str, int] = {}
        self.api_port = 0
        self._down: set[str] = set()
        self._api: Server | None = None

    async def start(self, port: int = 0) -> int:
        """Switch on in the dark; returns the OSC port. `api_port` is the WebSocket's."""
        api = await serve(
            self._serve, "127.0.0.1", self.api_port, process_request=_only_here, compression=None
        )
        self._api, self.api_port = api, next(iter(api.sockets)).getsockname()[1]
        return await super().start(port)

    async def kill(self) -> None:
        """Take the power away."""
        await super().kill()
        if self._api is not None:
            self._api.close()
            await self._api.wait_closed()
            self._api = None

    def power_on(self) -> None:
        """Be dark."""
        super().power_on()
        self.pressed.clear()
        self._down.clear()

    def take(self, message: osc.Message, peer: Peer) -> None:
        """Move what the address names; only a float or an int first means anything."""
        del peer  # it is never answered
        said = message.arguments[0] if message.types[:1] in {"f", "i"} else None
        if not isinstance(said, float | int) or not math.isfinite(said):
            return
        level = int(FULL * said) if message.types[0] == "f" else int(said)
        if message.address in self.levels or _DMX.fullmatch(message.address):
            self.slide(message.address, level)
        else:
            self._press(message.address, level)

    def slot_of(self, address: str) -> tuple[int, int] | None:
        """Return the universe, from 1, and the channel, from 0."""
        found = _DMX.fullmatch(address)
        return (int(found[1]) + 1, int(found[2])) if found else None

    def address_of(self, stem: str) -> str | None:
        """Return the OSC address of a profile's name: "level.1" → "/0/dmx/0"."""
        found = _LEVEL.fullmatch(stem)
        return f"/0/dmx/{int(found[1]) - 1}" if found else None

    def _press(self, address: str, level: int) -> None:
        if level >= FULL and address not in self._down:
            self._down.add(address)
            self.pressed[address] = self.pressed.get(address, 0) + 1
        elif level == 0:
            self._down.discard(address)

    # ---- the WebSocket

    async def _serve(self, socket: ServerConnection) -> None:
        try:
            async for question in socket:
                if isinstance(question, str) and (answer := self._answer(question.split("|"))):
                    await socket.send(answer)
        except ConnectionClosed:
            return

    def _answer(self, question: list[str]) -> str | None:
        match question:
            case ["QLC+API", "getChannelsValues", universe, first, *rest]:
                return self._channels(universe, first, rest[0] if rest else "1")
            case ["QLC+API", "getChannelsValues"]:
                return None
            case ["QLC+API", "getFunctionsNumber" | "getWidgetsNumber" as what]:
                return f"QLC+API|{what}|0"
            case ["QLC+API", "getFunctionsList" | "getWidgetsList" as what]:
                return f"QLC+API|{what}"
            case ["QLC+API", "isProjectLoaded"]:
                return "QLC+API|isProjectLoaded|true"
            case ["QLC+API", what]:
                return f"QLC+API|{what}|"
            case ["CH", address, level] if address.isdecimal() and level.isdecimal():
                self.slide(f"/0/dmx/{int(address) - 1}", int(level))
        return None

    def _channels(self, universe: str, first: str, count: str) -> str | None:
        if not (universe.isdecimal() and first.isdecimal() and count.isdecimal()):
            return None
        values = self.universes.get(int(universe))
        if values is None or not 1 <= int(first) <= UNIVERSE:
            return None  # the real one hangs for good here, which helps nobody
        parts = []
        for n in range(int(first), min(int(first) + int(count), UNIVERSE + 1)):
            dimmer = f"/{int(universe) - 1}/dmx/{n - 1}" in self.sliders.values()
            parts.append(f"{n}|{values[n - 1]}|{_DIMMER if dimmer else ''}")
        return "|".join(["QLC+API", "getChannelsValues", *parts])


def _only_here(socket: ServerConnection, request: Request) -> Response | None:
    if request.path == "/qlcplusWS":
        return None
    return socket.respond(HTTPStatus.NOT_FOUND, "404 Not found")
