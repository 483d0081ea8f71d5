"""How the publisher gets the echo's end of its own connection."""

from __future__ import annotations

import _socket

from mirror.errors import WireError
from mirror.wire.message import Message
from mirror.wire.sockets import Socket, set_timeouts


class Handover:
    """Gives the accepted end of a connection from the accepting thread to the publisher.

    The publisher waits on a socket rather than on a lock, because it may stand in an event loop whose tests watch for
    blocking calls; a lock's acquire() is among those (blockbuster).
    """

    __slots__ = ("_arrived", "_sock", "_wait")

    def __init__(self) -> None:
        self._arrived, self._wait = _socket.socketpair()
        self._sock: Socket | None = None

    def take(self, sock: Socket) -> None:
        self._sock = sock
        try:
            self._arrived.send(b"!")
        except OSError:  # the publisher has gone: it was interrupted
            sock.close()

    def give_up(self) -> None:
        """Close what has arrived and will not be taken."""
        if self._sock is not None:
            self._sock.close()

    def wait(self, seconds: float) -> Socket:
        set_timeouts(self._wait, seconds)
        try:
            self._wait.recv(1)
        except BlockingIOError:
            pass
        if self._sock is None:
            raise WireError("the echo server did not accept the publisher's connection")
        return self._sock

    def close(self) -> None:
        self._arrived.close()
        self._wait.close()


class Switching(Message, frozen=True, gc=False, kw_only=True):
    """A 101 whose connection belongs to somebody else from then on (RFC 9110 section 15.2.2)."""

    handover: Handover
