"""A real peer is one process, ended by its own pid and by nothing else."""

import signal
import subprocess
from dataclasses import dataclass, field


@dataclass
class Process:
    """`_process` is it, while it runs; who makes one says how it is started."""

    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False, kw_only=True)

    def is_alive(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end, frozen or not, and end it if it does not."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """Let it die where it stands."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Stop it where it stands."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
