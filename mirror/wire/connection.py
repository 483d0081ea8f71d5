"""The publisher's own connections: a client socket and the echo's end of it, both driven by one thread.

A second thread (or process) at the other end costs several times the exchange itself, because each hand-over waits
for the interpreter lock. So the thread that publishes sends the request, reads it at the echo's end, writes the
response there and reads it back. Nothing of it is pretended: the bytes cross a TCP connection to the echo port, where
any observer sees them.

Connections are kept open and lent out one to a publisher at a time; there are as many as there were publishers at
once. (A connection for each thread would be simpler, but Starlette's TestClient makes a new thread for every
request.) A publisher that is interrupted by another one in its own thread, from a signal handler or a finaliser,
is met by the same rule: the second gets another connection.

Small messages are written and read in one call each. Large ones alternate, because one thread can wait at one end
only: as much as the kernel takes is written, then what has arrived is read, in steps of 64 KiB (a larger buffer
costs a memory map each time).
"""

from __future__ import annotations

import _socket
from collections import deque
from collections.abc import Callable

from mirror.errors import PortError, WireError
from mirror.wire.held import Held, library
from mirror.wire.message import ONE_WRITE, Message
from mirror.wire.sockets import Socket

STEP = 64 * 1024
# Messages of this size fit into any socket's buffers: writing them cannot block while nobody reads.
SMALL = 16 * 1024
DONTWAIT: int = getattr(_socket, "MSG_DONTWAIT", 0)

# Unbound methods of the C class: see mirror.wire.sockets.
_send = Socket.send
_recv = Socket.recv


def pass_on(source: Socket, target: Socket, data: bytes) -> bytes:
    """Send a small message at one end; returns what has arrived of it at the other."""
    _send(source, data)
    # Room for no more than is expected: a buffer of STEP bytes would be allocated and cut for each message.
    return _recv(target, len(data))


class Loop:
    """One connection of the publisher, and the echo's end of it. ``pass_on`` is how small messages travel."""

    __slots__ = ("client", "echo", "pass_on")

    def __init__(self, client: Socket, echo: Socket) -> None:
        self.client = client
        self.echo = echo
        self.pass_on = pass_on

    def exchange(self, request: Message, response: Message) -> bool:
        """Send the request, read it at the other end, answer it there, read that back; what arrives must be what left.

        Returns whether another exchange can follow. Raises OSError where the connection broke, WireError where the
        bytes that arrived are not those sent.
        """
        client, echo = self.client, self.echo
        if request.size <= SMALL and response.size <= SMALL:
            pass_on = self.pass_on
            data = request.blocks[0]
            received = pass_on(client, echo, data)
            if received != data:
                read(echo, data, check(data, 0, received), len(data))
            data = response.blocks[0]
            received = pass_on(echo, client, data)
            if received != data:
                read(client, data, check(data, 0, received), len(data))
        else:
            carry(client, echo, request)
            carry(echo, client, response)
        return not (request.last or response.last)

    def hold(self) -> None:
        """From now on keep the interpreter lock while small messages travel, where that is possible."""
        functions = library()
        if functions is not None and self.pass_on is pass_on:
            self.pass_on = Held(SMALL, functions)

    def close(self) -> None:
        self.client.close()
        self.echo.close()


def read(target: Socket, data: bytes, position: int, end: int) -> int:
    """Read what was sent of data from a position to an end, and return that end."""
    while position < end:
        position = check(data, position, _recv(target, min(STEP, end - position)))
    return position


def carry(source: Socket, target: Socket, message: Message) -> None:
    """Write a message of any size at one end while it is read at the other."""
    for data in message.blocks:
        view = memoryview(data)
        sent = arrived = 0
        while arrived < len(data):
            if sent < len(data):
                try:
                    sent += _send(source, view[sent : sent + 4 * ONE_WRITE], DONTWAIT)
                except BlockingIOError:
                    pass
            arrived = read(target, data, arrived, sent)


def check(data: bytes, position: int, received: bytes) -> int:
    """The position behind what was received, which has to be what was sent there."""
    if not received:
        raise WireError("the echo connection was closed in the middle of a message")
    if not data.startswith(received, position):
        raise WireError("the echo connection gave back other bytes than were sent")
    return position + len(received)


class Connections:
    """The idle connections, and how to make one more."""

    __slots__ = ("_closed", "_connect", "_crowded", "_idle", "_open")

    def __init__(self, connect: Callable[[], Loop]) -> None:
        self._connect = connect
        self._closed = False
        self._crowded = False
        self._idle: deque[Loop] = deque()  # append and pop are atomic, as are a set's add and discard
        self._open: set[Loop] = set()

    def exchange(self, request: Message, response: Message) -> None:
        """One exchange on an idle connection, or on a new one where all are in use."""
        try:
            loop = self._idle.pop()
        except IndexError:
            loop = self._add()
        try:
            if self._crowded:
                loop.hold()
            reusable = loop.exchange(request, response)
        except BaseException:
            # Half a message may be under way; nothing can follow it.
            self._drop(loop)
            raise
        if reusable and not self._closed:
            self._idle.append(loop)
        else:
            self._drop(loop)

    def _add(self) -> Loop:
        # Where all are in use there are several publishers at once.
        self._crowded = bool(self._open)
        loop = self._connect()
        self._open.add(loop)
        return loop

    def _drop(self, loop: Loop) -> None:
        self._open.discard(loop)
        loop.close()

    def warm(self) -> None:
        """Open the first connection now rather than inside a test. Raises OSError."""
        self._idle.append(self._add())

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._drop(self._idle.pop())


def warm(connections: Connections, url: str) -> None:
    """Open the first connection. Raises PortError where the echo of that URL listens but cannot be reached."""
    try:
        connections.warm()
    except OSError as error:
        raise PortError(
            f"the echo at {url} cannot be reached from this process ({error}): choose another --mirror-host"
        ) from None
