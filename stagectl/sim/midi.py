"""A MIDI device on mido's sockets: a controller with keys, faders and lamps, or whatever listens.

What it is told is read by mido's own parser, apart from the driver's, so that a mistake there is
not made here too. It answers who it is if its profile says that such a device does.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping
from typing import Any

import mido

from stagectl.core.control import Control, Sign
from stagectl.core.profile import Profile
from stagectl.sim.lifetime import Lifetime

KEPT = 500  # messages remembered
_IDENTITY = (0x7E, 0x00, 0x06, 0x02, 0x42, 0x13, 0x01, 0, 0, 0, 0, 1, 0)
"""As a nanoKONTROL2 answers: Korg, 0113H, version 1.0."""


class Midi:
    """`heard` is what it was told, newest last; `values` the last raw value of every sign."""

    kind = "midi"

    def __init__(self, profile: Profile) -> None:
        """Make a device that is switched off."""
        self.port = 0
        self.life: Lifetime | None = None
        self.heard: deque[Any] = deque(maxlen=KEPT)
        self.values: dict[Sign, int] = {}
        self.told = 0
        """Messages it was told since it was switched on, questions not counted."""
        self._profile = profile
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()

    @property
    def up(self) -> bool:
        """Tell whether it can be reached."""
        return self._server is not None

    @property
    def powered(self) -> bool:
        """Tell whether it is switched on."""
        return self.life is not None

    @property
    def frozen(self) -> bool:
        """Tell whether it takes everything in and does nothing."""
        return self.life is not None and self.life.frozen

    async def start(self, port: int = 0) -> int:
        """Switch on, every lamp dark; returns the port."""
        self.life = Lifetime()
        self.heard.clear()
        self.values.clear()
        self.told = 0
        self.port = port
        await self.accept()
        return self.port

    async def kill(self) -> None:
        """Pull it out: every connection ends, its port refuses."""
        if self.life is not None:
            self.life.end()
            self.life = None
        await self.refuse()

    async def refuse(self) -> None:
        """Take its line away; it keeps every lamp."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for line in list(self._lines):
            line.transport.abort()
        self._lines.clear()
        await asyncio.sleep(0)

    async def accept(self) -> None:
        """Give the line back."""
        if self.life is not None and self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def freeze(self) -> None:
        """Hang."""
        if self.life is not None:
            self.life.freeze()

    def thaw(self) -> None:
        """Go on, with what came meanwhile."""
        if self.life is not None:
            self.life.thaw()

    # ---- its keys, faders and lamps

    def move(self, path: str, value: float | str) -> None:
        """Press and let go of a key, or put a fader at 0.0 to 1.0; KeyError: it has none so named.

        A parameter's path ("cc.1.7") is a thing on it somebody turns, to a raw value.
        """
        wire, control = self._profile.wire(path), self._profile.control(path)
        if wire is not None:
            raw = 127 * value if isinstance(value, bool) else round(float(value))
            self.say(bytes_of(Sign.of(wire.type, wire.address), raw))
        elif control is None:
            raise KeyError(path)
        elif control.kind == "fader":
            self.say(bytes_of(control.sign, round(float(value) * control.sign.full)))
        else:
            self.press(path)

    def press(self, path: str) -> None:
        """Press a key and let go of it."""
        sign = self._control(path).sign
        self.say(bytes_of(sign, 127) + bytes_of(sign, 0))

    def lamp(self, path: str) -> int:
        """Return the raw value of a control's lamp, or where its motor stands."""
        control = self._control(path)
        return self.values.get(control.lamp, 0) if control.lamp else 0

    def say(self, data: bytes) -> None:
        """Say any bytes to whoever is connected."""
        if not self.frozen:
            for line in self._lines:
                line.write(data)

    def state(self) -> Mapping[str, object]:
        """Return the lamps that are lit."""
        controls = (c for pattern in self._profile.controls for c in pattern.every())
        lit = [c.name for c in controls if c.lamp and self.values.get(c.lamp, c.off) != c.off]
        return {"values": [{"address": "●" if lit else "○", "said": ", ".join(lit)}]}

    def _control(self, path: str) -> Control:
        control = self._profile.control(path)
        if control is None:
            raise KeyError(path)
        return control

    # ---- the line

    async def _serve(self, reader: asyncio.StreamReader, line: asyncio.StreamWriter) -> None:
        parser = mido.Parser()
        self._lines.add(line)
        try:
            while (data := await reader.read(4096)) and self.life is not None:
                await self.life.awake()
                parser.feed(data)
                for message in parser:
                    self._hear(message)
        except OSError:
            pass  # it hung up in the middle of a word
        finally:
            self._lines.discard(line)
            with contextlib.suppress(OSError):
                line.close()

    def _hear(self, message: Any) -> None:  # noqa: ANN401 -- mido has no types
        if message.type == "sysex" and message.data[0] == 0x7E and message.data[2:] == (6, 1):
            if self._profile.probe == "identity":
                self.say(bytes((0xF0, *_IDENTITY, 0xF7)))
            return
        self.told += 1
        self.heard.append(message)
        match message.type:
            case "note_on" | "note_off":
                is_on = message.type == "note_on"
                sign = Sign("note", message.channel, message.note)
                self.values[sign] = message.velocity if is_on else 0
            case "control_change":
                sign = Sign("cc", message.channel, message.control)
                self.values[sign] = message.value
                if 32 <= sign.number < 64:
                    high = self.values.get(Sign("cc", sign.channel, sign.number - 32), 0)
                    fine = Sign("cc14", sign.channel, sign.number - 32)
                    self.values[fine] = high << 7 | message.value
            case "pitchwheel":
                self.values[Sign("bend", message.channel)] = message.pitch + 8192
            case "program_change":
                self.values[Sign("program", message.channel)] = message.program


def bytes_of(sign: Sign, raw: int) -> bytes:
    """Return the message that a control says when it is at a raw value."""
    match sign.kind:
        case "note":
            said = mido.Message("note_on", channel=sign.channel, note=sign.number, velocity=raw)
        case "cc":
            said = mido.Message(
                "control_change", channel=sign.channel, control=sign.number, value=raw
            )
        case "bend":
            said = mido.Message("pitchwheel", channel=sign.channel, pitch=raw - 8192)
        case "cc14":
            high = Sign("cc", sign.channel, sign.number)
            low = Sign("cc", sign.channel, sign.number + 32)
            return bytes_of(high, raw >> 7) + bytes_of(low, raw & 127)
        case _:
            said = mido.Message("program_change", channel=sign.channel, program=raw)
    return bytes(said.bin())
