"""behringer-mixer as the tests use it: asked anew until it has heard all it asked for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from behringer_mixer import mixer_api

PARTS = ["channels", "busses", "dcas", "mains", "mutegroups"]  # the whole is a thousand questions
TRIES = 5


@asynccontextmanager
async def behringer(model: str, at: dict[str, Any]) -> AsyncIterator[Any]:
    """A client of the mixer at an `ip` and a `port`, which has read it."""
    client = mixer_api.create(model, **at, include=PARTS)
    try:
        assert await client.start()
        await read(client)
        yield client
    finally:
        await client.stop()


async def read(client: Any) -> None:
    """Let it ask for everything; some of so many packets may be lost on a busy machine."""
    wanted = {known["output"] for known in client.dump_mapping()} - {"/status"}
    for _ in range(TRIES):
        await client.reload()
        for _ in range(50):
            if wanted <= set(client.state()):
                return
            await asyncio.sleep(0.01)
    pytest.fail(f"never answered: {sorted(wanted - set(client.state()))}")
