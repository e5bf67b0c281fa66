"""A server of panels on a loopback port of its own, and a browser without a screen that asks it."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from stagectl.desk.pins import Pins
from stagectl.desk.place import Place
from stagectl.web.door import Door
from stagectl.web.house import House
from stagectl.web.server import Listen, Panels

# an app that is Textual's to whoever starts it: it draws what it is told, until it hears no more
APP = """
import os, sys
def draw(said):
    os.write(1, b"D" + len(said).to_bytes(4, "big") + said)
os.write(1, b"__GANGLION__\\n")
draw(b"here, %d" % os.getpid())
while data := os.read(0, 65536):
    if b"quit" in data:
        break
    draw(data)
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass
class Served:
    """A running server, and how it is asked."""

    panels: Panels
    url: str
    browser: ClientSession

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.url}

    async def enter(self, **form: str):
        """Say a PIN or a key; return the status."""
        async with self.browser.post(
            f"{self.url}/login", data=form, headers=self.origin, allow_redirects=False
        ) as answer:
            return answer.status

    async def get(self, path: str, **headers: str):
        async with self.browser.get(f"{self.url}{path}", headers=headers) as answer:
            return answer.status, await answer.text()

    def open(self, **headers: str):
        """Open a panel's socket."""
        return self.browser.ws_connect(
            f"{self.url}/ws?width=100&height=30", headers=self.origin | headers
        )


def place(folder: Path) -> Place:
    made = Place(folder / "state" / "hall")
    made.folder.parent.mkdir()
    made.make()
    return made


@asynccontextmanager
async def served(
    folder: Path, seats: int = 8, public: str = "", proxies=()
) -> AsyncIterator[Served]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    house = House(place(folder), "Liten sal", operator=(sys.executable, "-c", APP))
    listen = Listen("127.0.0.1", port, Door(public or url, proxies=proxies), seats=seats)
    panels = Panels(house, listen)
    jar = CookieJar(unsafe=True)  # 127.0.0.1 is a host like any other here
    async with panels.open(), ClientSession(cookie_jar=jar) as browser:
        yield Served(panels, url, browser)


def pin_of(panels: Panels, role: str = "operate", **more) -> str:
    """Make a PIN at the server's place; return it."""
    return str(Pins(panels.house.place).make(role, **more))
