"""Sockets that no test tool has in its hands.

Such tools replace what ordinary clients use: ``socket.socket`` (pytest-socket, mocket, httpretty, a ``Mock`` in one
test) or its methods (blockbuster). A publisher that they can reach breaks the user's test, or is broken by it. So the
publisher speaks through ``_socket.socket``, the C class underneath, whose methods nobody replaces.
"""

from __future__ import annotations

import _socket
import os
import select
import struct
from typing import Any, Final

# Seconds after which a loopback connection that says nothing is taken for dead. Kept by the kernel (SO_RCVTIMEO), so
# that no frozen clock and no extra system call comes into it.
PATIENCE: Final = 5.0

Socket = _socket.socket
STREAM = _socket.SOCK_STREAM
# Taken when mirror is imported: when the first WebSocket session comes, a test may have put in another.
poll: Final[Any] = getattr(select, "poll", None)


def set_timeouts(sock: Socket, seconds: float) -> None:
    """Bound every send and receive of a blocking socket."""
    if os.name == "nt":
        sock.settimeout(seconds)
        return
    value = struct.pack("@ll", int(seconds), int(seconds % 1 * 1_000_000))
    sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_RCVTIMEO, value)
    sock.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDTIMEO, value)


def tune(sock: Socket) -> None:
    """No waiting for more data before a message leaves (TCP_NODELAY)."""
    sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)


def adopt(fd: int, family: int) -> Socket:
    """A socket object for an accepted descriptor."""
    return Socket(family, STREAM, 0, fileno=fd)
