"""Run a desk with two busy panels on it: what the stopwatch times beside the same desk alone.

    panels.py FOLDER COMMAND…

A busy panel takes every snapshot apart, as a real one does, and puts a parameter ten times a
second. It waits for the desk, speaks the panel wire, and knows nothing else of it.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

from websockets.asyncio.client import connect

PANELS = 2


async def panel(number: int, state: Path) -> None:
    """Attach, and be busy until the desk is gone."""
    card = await found(state)
    token = (card.parent / "token").read_text("ascii")
    address = json.loads(card.read_text("utf-8"))["address"]
    async with connect(address, compression=None, max_size=None) as wire:
        await wire.send(json.dumps({"token": token, "by": f"bench {number}"}))
        putting = asyncio.create_task(put(wire, number))
        try:
            async for text in wire:
                json.loads(text)
        finally:
            putting.cancel()


async def put(wire: object, number: int) -> None:
    """Hold a fader that no fade moves, somewhere else each time."""
    for n in count():
        await asyncio.sleep(0.1)
        parameter = f"out.f{30 + number}.value"
        intent = {
            "type": "Put",
            "parameter": parameter,
            "value": n % 100 / 100,
            "id": f"{number} {n}",
        }
        await wire.send(json.dumps({"intent": intent}))


async def found(state: Path) -> Path:
    """Wait for the desk's card."""
    while not (cards := list(state.glob("*/desk.json"))):
        await asyncio.sleep(0.05)
    return cards[0]


async def main() -> None:
    """Start the desk and the panels; end the desk when told to."""
    state, command = Path(os.environ["STAGECTL_STATE"]), sys.argv[1:]
    desk = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: desk.terminate())
    panels = [asyncio.create_task(panel(n, state)) for n in range(PANELS)]
    while desk.poll() is None:
        await asyncio.sleep(0.05)
    for one in panels:
        one.cancel()
    await asyncio.gather(*panels, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main())
