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

from mirror.errors import WireError
from mirror.wire.message import ONE_WRITE, Message
from mirror.wire.pending import Pending
from mirror.wire.sockets import Socket

STEP = 64 * 1024
# Messages of this size fit into any socket's buffers: writing them cannot block while nobody reads.
SMALL = 16 * 1024
DONTWAIT: int = getattr(_socket, "MSG_DONTWAIT", 0)

# Unbound methods of the C class: see mirror.wire.sockets.
_send = Socket.send
_recv = Socket.recv


class Loop:
    """One connection of the publisher, and the echo's end of it."""

    __slots__ = ("client", "echo")

    def __init__(self, client: Socket, echo: Socket) -> None:
        self.client = client
        self.echo = echo

    def exchange(self, request: Message, pending: Pending, key: str) -> bool:
        """Send the request, answer it at the other end with what is pending for it, read that back and check it.

        Returns whether another exchange can follow. Raises OSError where the connection broke, WireError where the
        bytes that arrived are not those sent.
        """
        carry(self.client, self.echo, request)
        response = pending.take(key)
        if response is None:
            raise WireError("the response was taken before its request arrived")
        carry(self.echo, self.client, response)
        return not (request.last or response.last)

    def close(self) -> None:
        self.client.close()
        self.echo.close()


def carry(source: Socket, target: Socket, message: Message) -> None:
    """Write a message at one end, read it at the other, and see that it is the same."""
    if message.size <= SMALL:
        data = message.blocks[0]
        if _send(source, data) == len(data):
            received = _recv(target, STEP)
            if received == data:
                return
            read_on(target, data, received)
            return
        raise WireError("the echo connection took only a part of a small message")
    for data in message.blocks:
        carry_large(source, target, data)


def read_on(target: Socket, data: bytes, received: bytes) -> None:
    """Read the rest of data, of which the beginning was received."""
    position = check(data, 0, received)
    while position < len(data):
        position = check(data, position, _recv(target, STEP))


def carry_large(source: Socket, target: Socket, data: bytes) -> None:
    view = memoryview(data)
    sent = read = 0
    while read < len(data):
        if sent < len(data):
            try:
                # Stay within what the kernel takes in one go: the first block of a message leaves in one write.
                sent += _send(source, view[sent : sent + 4 * ONE_WRITE], DONTWAIT)
            except BlockingIOError:
                pass
        while read < sent:
            read = check(data, read, _recv(target, STEP))


def check(data: bytes, position: int, received: bytes) -> int:
    """The position behind what was received, which has to be what was sent there."""
    if not received:
        raise WireError("the echo connection was closed in the middle of a message")
    if not data.startswith(received, position):
        raise WireError("the echo connection gave back other bytes than were sent")
    return position + len(received)


class Connections:
    """The idle connections, and how to make one more."""

    __slots__ = ("_closed", "_connect", "_idle")

    def __init__(self, connect: Callable[[], Loop]) -> None:
        self._connect = connect
        self._closed = False
        self._idle: deque[Loop] = deque()  # append and pop are atomic

    def exchange(self, request: Message, pending: Pending, key: str) -> None:
        """One exchange on an idle connection, or on a new one where all are in use."""
        try:
            loop = self._idle.pop()
        except IndexError:
            loop = self._connect()
        try:
            reusable = loop.exchange(request, pending, key)
        except BaseException:
            # Half a message may be under way; nothing can follow it.
            loop.close()
            raise
        if reusable and not self._closed:
            self._idle.append(loop)
        else:
            loop.close()

    def warm(self) -> None:
        """Open the first connection now rather than inside a test."""
        self._idle.append(self._connect())

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()
