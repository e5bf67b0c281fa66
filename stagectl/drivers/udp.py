"""A connected UDP socket that never waits, and what its errors mean."""

import errno
import re
import socket

from stagectl.drivers.driver import LinkError

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]  # as typeshed has it

NO_ROOM = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS})
"""The send buffer is full: try again in a moment."""

# a firewall's word for one packet; a datagram longer than what it was received into (Windows)
_LOST_PACKET = frozenset({errno.EPERM, errno.EACCES, errno.EMSGSIZE})


def endpoint(at: str, port: int | None) -> tuple[socket.AddressFamily, Address]:
    """Return the socket address of "host", "host:port" or "[host]:port".

    Only numbers and `localhost`: finding a name can take the network many seconds, and a call of
    this driver holds the whole desk.
    """
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]*)|(.*:.*:.*))(?::(\d+))?", at)
    host = (found[1] or found[2] or found[3]) if found else None
    if not found or not host or (found[4] is None and port is None):
        raise LinkError("address", slow=True)
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(
            "127.0.0.1" if host == "localhost" else host,
            found[4] or port,
            type=socket.SOCK_DGRAM,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
    except (OSError, UnicodeError, OverflowError) as why:
        raise LinkError("address", slow=True) from why
    return family, address


def connected(family: socket.AddressFamily, address: Address) -> socket.socket:
    """Return a socket that hears this peer and no other."""
    while True:
        link = socket.socket(family, socket.SOCK_DGRAM)
        try:
            link.setblocking(False)
            # Linux gives what it may; 256 small packets, the default, are less than one reading
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            link.connect(address)
            if link.getsockname() != link.getpeername():
                return link  # else the system gave us the dead peer's port: we would hear ourselves
        except OSError as why:
            link.close()
            raise LinkError("unreachable") from why
        link.close()


def stumble(why: OSError) -> None:
    """Raise LinkError for a lost link; return for a lost packet."""
    if isinstance(why, ConnectionError):  # ICMP: nobody listens there
        raise LinkError("refused") from why
    if why.errno not in _LOST_PACKET:
        raise LinkError("unreachable") from why
