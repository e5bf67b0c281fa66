"""The pages: login, panel, the wait for a show, and the show in words."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import jinja2
from aiohttp import web

from stagectl.web import sentences
from stagectl.web.door import Known
from stagectl.web.house import House
from stagectl.web.login import Login, Session, Wrong
from stagectl.web.status import tell
from stagectl.web.watch import Watch

READERS = 24  # status pages at once
SECOND = 1.0
TEMPLATES = Path(__file__).parent / "templates"
KNOWN: Final = web.RequestKey("known", Known)
IS_PANEL: Final = web.ResponseKey("is_panel", bool)


class Pages:
    """What is asked for and shown; `is_full` tells whether no panel more may be opened."""

    def __init__(
        self, house: House, login: Login, watch: Watch, ticket: str, is_full: Callable[[], bool]
    ) -> None:
        """Name the cookie that says who somebody is: `ticket`."""
        self._house, self._login, self._watch = house, login, watch
        self._ticket, self._is_full = ticket, is_full
        self._readers = 0
        self._over = asyncio.Event()
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )

    def routes(self) -> list[web.RouteDef]:
        """Return what is found where."""
        return [
            web.get("/", self._index),
            web.get("/alive", self._alive),
            web.post("/login", self._enter),
            web.post("/logout", self._leave),
            web.get("/status", self._status),
            web.get("/status/events", self._events),
        ]

    def close(self) -> None:
        """Let those who read go."""
        self._over.set()

    def session(self, request: web.Request) -> Session | None:
        """Return who asks, None if nobody who was let in."""
        return self._login.session(request.cookies.get(self._ticket))

    async def _index(self, request: web.Request) -> web.Response:
        session = self.session(request)
        if session is None:
            ended = self._login.has_ended(request.cookies.get(self._ticket))
            error = sentences.over() if ended else ""
            return self._page("login.html", sentences.login(), error=error)
        if self._house.waits(session.may):
            return self._page("waiting.html", sentences.waiting())
        return self._page("panel.html", sentences.panel())

    async def _alive(self, request: web.Request) -> web.Response:
        """Tell a page what it would meet: 204, or why not (401, 409 no desk, 503 full)."""
        session = self.session(request)
        if session is None:
            return web.Response(status=401)
        if self._house.waits(session.may):
            return web.Response(status=409)
        return web.Response(status=503 if self._is_full() else 204)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        pin, key = (str(form.get(name, "")).strip() for name in ("pin", "key"))
        peer = request[KNOWN].peer
        entered = self._login.by_key(key) if key else await self._login.by_pin(pin, peer)
        if isinstance(entered, Wrong):
            said = sentences.stale() if key else sentences.wrong(entered)
            status = 429 if entered.wait else 403
            return self._page("login.html", sentences.login(), status, error=said)
        session = self._login.session(entered)
        response = web.Response(status=303, headers={"Location": "./"})
        response.set_cookie(
            self._ticket,
            entered,
            # a minute longer than it opens anything: in it, whoever comes back is told why
            max_age=int(self._login.lasts(session)) + 60 if session else 0,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=request[KNOWN].origin.startswith("https:"),
        )
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        self._login.leave(request.cookies.get(self._ticket))
        response = web.Response(status=303, headers={"Location": "./"})
        response.del_cookie(self._ticket, path="/")
        return response

    async def _status(self, request: web.Request) -> web.Response:
        if self.session(request) is None:
            return self._page("login.html", sentences.login(), error="")
        return self._page("status.html", sentences.status(), told=tell(self._watch.view))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """What changes of the show in words, as it changes; the clocks, once a second."""
        if self.session(request) is None:
            raise web.HTTPUnauthorized
        if self._readers >= READERS:
            raise web.HTTPServiceUnavailable
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        self._readers += 1
        try:
            await response.prepare(request)
            await self._tell(request, response)
        except ConnectionError:
            pass  # the reader left
        finally:
            self._readers -= 1
        return response

    async def _tell(self, request: web.Request, response: web.StreamResponse) -> None:
        said: dict[str, str | list[str]] = {}
        while self.session(request) is not None and not self._over.is_set():
            told = tell(self._watch.view).plain()
            if new := {place: what for place, what in told.items() if said.get(place) != what}:
                await response.write(f"event: told\ndata: {json.dumps(new)}\n\n".encode())
            said = told
            await self._watch.news(SECOND)

    def _page(
        self, name: str, words: dict[str, str], status: int = 200, **more: object
    ) -> web.Response:
        shared = sentences.shared(self._house.name)
        text = self._templates.get_template(name).render(**shared, **words, **more)
        response = web.Response(text=text, content_type="text/html", status=status)
        response[IS_PANEL] = name == "panel.html"
        return response
