"""Who may come in by which name: the only judge of Host and Origin, before anything is looked at.

A page elsewhere can send a browser here, and a name elsewhere can be made to mean this machine. So
the name must be one of ours, exactly, and whoever says where it comes from must come from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Literal
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

STANDARD = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, before any of it is believed. Headers are as they came, every one of them."""

    hosts: Sequence[str]
    origins: Sequence[str]
    peer: str
    reached: tuple[str, int]
    """The address of ours that it came to."""
    forwarded: Mapping[str, str]
    """X-Forwarded-For, -Host and -Proto, by their last word in small letters."""
    asks: Literal["page", "act"]
    """act: it would change something, or open a socket."""


@dataclass(frozen=True, slots=True)
class Known:
    """A visit that may be listened to."""

    origin: str
    peer: str
    """Who it is for: the browser, where a proxy of ours says which."""


@dataclass(frozen=True, slots=True)
class Door:
    """The names of one server. `public` is what people type: "http://192.168.10.5:8000"."""

    public: str
    tls: bool = False
    proxies: tuple[Network, ...] = ()

    def admit(self, visit: Visit) -> Known | None:
        """Return who it is, or None: it is sent away."""
        peer, scheme, host = visit.peer, "https" if self.tls else "http", _only(visit.hosts)
        proxied = self._is_proxy(peer)
        if proxied:
            peer = visit.forwarded.get("for", "").rpartition(",")[2].strip() or peer
            scheme = visit.forwarded.get("proto", scheme).strip().lower()
            host = visit.forwarded.get("host", host or "").strip().lower() or host
        if host is None or scheme not in STANDARD:
            return None
        origin = f"{scheme}://{_bare(host, scheme)}"
        ours = {self.public} if proxied else {self.public, *self._reached(visit.reached)}
        if origin not in ours:
            return None
        if visit.origins and _only(visit.origins) != origin:
            return None
        if visit.asks == "act" and not visit.origins:
            return None
        return Known(origin, peer)

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.proxies)

    def _reached(self, reached: tuple[str, int]) -> set[str]:
        """Return the names of the very address a visitor came to; no other name can be ours."""
        scheme = "https" if self.tls else "http"
        host, port = reached
        names = {f"[{host}]" if ":" in host else host}
        if host in ("127.0.0.1", "::1"):
            names.add("localhost")
        return {f"{scheme}://{_bare(f'{name}:{port}', scheme)}" for name in names}


def headers(known: Known | None, *, is_panel: bool) -> dict[str, str]:
    """Return what lets a browser do with our pages what we mean, and nothing else."""
    socket = known.origin.replace("http", "ws", 1) if known else ""
    # xterm.js writes its own styles into the panel's page; there is no other style in line
    inline = " 'unsafe-inline'" if is_panel else ""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self'; style-src 'self'{inline}; "
            f"img-src 'self' data:; font-src 'self'; connect-src 'self' {socket}; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # nothing is told to others; under "no-referrer" a form would not say its own origin
        "Referrer-Policy": "same-origin" if known else "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    }


def public_url(url: str) -> str:
    """Return an address as browsers say it: scheme, small name, port unless the usual one.

    Raises ValueError where it is none, or has more to it.
    """
    parts = urlsplit(url)
    if parts.scheme not in STANDARD or not parts.hostname or parts.username is not None:
        raise ValueError(url)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(url)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    return f"{parts.scheme}://{_bare(f'{name}:{port}' if port else name, parts.scheme)}"


def _only(said: Sequence[str]) -> str | None:
    return said[0].strip().lower() if len(said) == 1 and said[0].strip() else None


def _bare(host: str, scheme: str) -> str:
    return host.removesuffix(f":{STANDARD[scheme]}")


__all__ = ["Door", "Known", "Network", "Visit", "headers", "public_url"]
