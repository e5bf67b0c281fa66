"""OSC in, for a foot pedal or a show-control program: exact addresses, and no stranger is heard.

    /go                           fire the standby cue
    /cue/NUMBER/start             fire this cue
    /playhead/NUMBER|next|previous    make a cue the next one
    /panic                        «Stopp alt»

A button that sends its value fires on anything but 0, so that letting go of it does nothing. Each
is answered to its sender, at /reply and the address, with one JSON string.
"""

import ipaddress
import json
import math
import socket
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pythonosc.osc_message_builder import OscMessageBuilder

from stagectl.drivers.osc_packets import messages
from stagectl.engine.event import Event, Refused
from stagectl.engine.intent import Go, Intent, Overlay, StandBy

LARGEST = 256  # bytes: the longest address with an argument is far shorter
AT_ONCE = 128  # datagrams in one look, so that a flood never holds the desk
FLOOD = 256  # datagrams that may come in one burst …
PACE = 256.0  # … and each second after it; what is over stays in the socket until it is lost
REMEMBERED = 512  # datagrams that are understood without being read again

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK: Sequence[Network] = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("::1/128"),
)


Heard = tuple[Intent, str, Any]
"""What was asked, by which OSC address, from which socket address."""


class Remote:
    """One UDP port. It answers only what it understood, from addresses in `allow`."""

    def __init__(
        self, host: str, port: int, cues: Collection[str], allow: Sequence[Network] = LOOPBACK
    ) -> None:
        """Listen; raises OSError: the port is taken, or there is no such address."""
        (family, _, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        self._cues = frozenset(cues)
        self._allow = tuple(allow)
        self._known: dict[tuple[bytes, str], tuple[Intent, str]] = {}
        self._budget, self._counted = float(FLOOD), 0.0

    @property
    def port(self) -> int:
        """The port it listens on, also when it was told 0."""
        port: int = self._socket.getsockname()[1]
        return port

    def fileno(self) -> int:
        """Return what to wait on."""
        return self._socket.fileno()

    def renew(self, cues: frozenset[str]) -> None:
        """Know these cues from now on, by number."""
        self._cues = cues
        self._known.clear()

    def rest(self, now: float) -> float:
        """Return the seconds in which nobody need listen: more came than anybody means."""
        self._count(now)
        return 0.0 if self._budget >= 1.0 else AT_ONCE / 4 / PACE

    def receive(self, now: float) -> Iterator[Heard]:
        """Take what has come in and was understood, one by one; no bytes raise."""
        if self._budget < FLOOD / 2:
            self._count(now)
        for _ in range(AT_ONCE):
            if self._budget < 1.0:
                return
            self._budget -= 1.0
            try:
                packet, sender = self._socket.recvfrom(LARGEST + 1)
            except BlockingIOError:
                return
            except OSError:  # an answer of ours was refused, or a packet was too long (Windows)
                continue
            known = self._known.get((packet, sender[0])) or self._understand(packet, sender[0])
            if known is not None:
                yield (*known, sender)

    def empty(self) -> None:
        """Throw away what waits in the socket."""
        try:
            for _ in range(1 << 16):
                self._socket.recv(1)
        except OSError:
            return

    def reply(self, heard: Heard, events: Sequence[Event], **more: str | None) -> None:
        """Tell the sender what came of it."""
        why = next((event.why for event in events if isinstance(event, Refused)), "")
        _, address, sender = heard
        said = {"status": "error" if why else "ok", "address": address, **more}
        if why:
            said["error"] = why
        builder = OscMessageBuilder(f"/reply{address}")
        builder.add_arg(json.dumps(said, ensure_ascii=False), "s")
        try:
            self._socket.sendto(builder.build().dgram, sender)
        except OSError:
            return  # it does not listen, or not just now

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    # ---- what is let in

    def _count(self, now: float) -> None:
        if now > self._counted:
            self._budget = min(FLOOD, self._budget + (now - self._counted) * PACE)
        self._counted = now

    def _understand(self, packet: bytes, host: str) -> tuple[Intent, str] | None:
        if len(packet) > LARGEST or not packet.startswith(b"/"):
            return None  # bundles too: a time tag would have to be obeyed
        by = self._surface(host)
        for address, arguments in messages(packet) if by else ():
            intent = self._meant(address, by) if _pressed(arguments) else None
            if intent is not None:
                if len(self._known) < REMEMBERED:
                    self._known[packet, host] = intent, address
                return intent, address
        return None

    def _surface(self, host: str) -> str:
        """Return the surface's name, "" for a stranger."""
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return ""
        address = getattr(address, "ipv4_mapped", None) or address
        known = any(address in network for network in self._allow)
        return f"osc {address}" if known else ""

    def _meant(self, address: str, by: str) -> Intent | None:
        match address.split("/")[1:]:
            case ["go"]:
                return Go(by=by)
            case ["panic"]:
                return Overlay("safe", by=by)
            case ["cue", number, "start"] if number in self._cues:
                return Go(cue=number, by=by)
            case ["playhead", "next" | "previous" as way]:
                return StandBy(way, by=by)
            case ["playhead", number] if number in self._cues:
                return StandBy(number, by=by)
        return None


def _pressed(arguments: Sequence[object]) -> bool:
    """No argument at all, or one number that is not 0."""
    if not arguments:
        return True
    value = arguments[0]
    return (
        len(arguments) == 1
        and isinstance(value, bool | int | float)
        and math.isfinite(value)
        and value != 0
    )
