"""The OBS driver keeps the contract with a real OBS under Xvfb."""

import contextlib
import signal
import time
from collections.abc import Iterator

import pytest

from tests.drivers.contract import Case, DriverContract
from tests.drivers.obs_peer import ObsPeer, case_of
from tests.real.obs_rig import PASSWORD, ObsRig, running_obs

pytestmark = pytest.mark.real


class RealObs(ObsPeer):
    """A process that is killed, started, stopped in its tracks and let go on."""

    def __init__(self, rig: ObsRig) -> None:
        super().__init__(rig.port, PASSWORD)
        self._rig = rig
        self._runs = True

    def stop(self) -> None:
        self.hang_up()
        self._rig.signal(signal.SIGKILL)
        self._runs = False
        with contextlib.suppress(OSError):  # until its port is shut
            while True:
                self._rig.ask("GetVersion")

    def start(self) -> None:
        if not self._runs:
            self._rig.start()
            self._runs = True

    def freeze(self) -> None:
        self._rig.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._rig.signal(signal.SIGCONT)

    def be_quiet(self) -> None:
        """Finish what a test began."""
        self.start()
        if self.ask("GetRecordStatus")["outputActive"]:
            self.ask("StopRecord")
        while self.ask("GetRecordStatus")["outputActive"]:
            time.sleep(0.05)
        self.hang_up()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObsRig]:
    with running_obs(tmp_path_factory.mktemp("obs")) as rig:
        rig.stop()  # killed, it would forget what it was furnished with; a clean end saves it
        rig.start()
        yield rig


class TestObsAndTheRealObs(DriverContract):
    @pytest.fixture
    def case(self, rig: ObsRig) -> Iterator[Case]:
        peer = RealObs(rig)
        yield case_of(peer, PASSWORD)
        peer.be_quiet()
