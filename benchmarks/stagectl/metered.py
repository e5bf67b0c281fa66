"""A desk whose mixer has ten microphones and whose OBS has six: both are this process.

metered.py PORT COMMAND…        the mixer's port, OBS's being the next, and what starts the desk
"""

import asyncio
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from gen import INPUTS, MICROPHONES

from stagectl.sim.obs import Obs
from stagectl.sim.obs_venue import collection_for
from stagectl.sim.x32 import X32


async def main(port: int, command: list[str]) -> None:
    """Switch both on, start the desk, and end it when told to."""
    mixer = X32(MICROPHONES)
    heard = [("program", "Samtale"), *((f"{name}.on", True) for name in INPUTS)]
    obs = Obs(collection_for(heard, names={}), folder=Path(tempfile.gettempdir()))
    await mixer.start(port)
    await obs.start(port + 1)
    desk = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: desk.terminate())
    while desk.poll() is None:
        await asyncio.sleep(0.05)
    await obs.kill()
    await mixer.kill()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
