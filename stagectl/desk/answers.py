"""An intent said twice is carried out once, and answered twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any

from stagectl.engine.event import Event, Refused
from stagectl.engine.intent import Intent
from stagectl.engine.plain import NotPlainError, intent_from_plain, tagged
from stagectl.engine.rights import Role, forbidden

Reply = Callable[[tuple[Event, ...]], None]
Ask = Callable[[Intent, Reply], None]
"""Put an intent to the desk, from any thread; the reply comes on the desk's."""

PATIENCE = 5.0  # seconds the desk may take before the asker is told that it is silent
REMEMBERED = 1024  # answers kept for those who ask again

_Key = tuple[Role, str]


class Answers:
    """Asks the desk, and remembers what it said. Lives on one event loop."""

    def __init__(self, ask: Ask) -> None:
        """Keep the way to the desk."""
        self._ask = ask
        self._given: OrderedDict[_Key, asyncio.Future[dict[str, Any]]] = OrderedDict()

    async def to(
        self, plain: dict[str, Any], by: str, role: Role, own: Collection[str] = ()
    ) -> dict[str, Any]:
        """Return what came of an intent, in its wire form: {"ok", "why", "events"}.

        `by` replaces whatever the asker calls itself. The id is the asker's, unique in the house;
        without one nothing is remembered. Roles have ids of their own: a guest who says one first
        takes no operator's intent away.
        """
        name = plain.get("id")
        key = (role, name) if isinstance(name, str) else (role, "")
        answer = self._given.get(key)
        if answer is None:
            try:
                intent = intent_from_plain(plain, by=by)
            except NotPlainError:
                return refusal("nonsense")
            if why := forbidden(intent, role, own):
                return refusal(why)
            answer = self._put(intent, key)
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(answer)
        except TimeoutError:
            return refusal("silent")

    def _put(self, intent: Intent, key: _Key) -> "asyncio.Future[dict[str, Any]]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[dict[str, Any]] = loop.create_future()
        if intent.id:
            self._given[key] = answer
            if len(self._given) > REMEMBERED:
                self._given.popitem(last=False)

        def settle(events: tuple[Event, ...]) -> None:
            if not answer.done():
                answer.set_result(_answer_of(events))

        def reply(events: tuple[Event, ...]) -> None:  # on the desk's thread
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, events)

        self._ask(intent, reply)
        return answer


def refusal(why: str) -> dict[str, Any]:
    """Return the answer to what never reached the desk."""
    return {"ok": False, "why": why, "events": []}


def _answer_of(events: tuple[Event, ...]) -> dict[str, Any]:
    why = next((event.why for event in events if isinstance(event, Refused)), "")
    return {"ok": not why, "why": why, "events": [tagged(event) for event in events]}
