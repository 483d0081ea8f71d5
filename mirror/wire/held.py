"""Sending and receiving without giving up the interpreter lock, where several threads publish.

A socket's methods give up the lock around each system call, in case it waits. On a publisher's own connection none
does: what one end has sent, the other can read at once. But each time the lock is given up another thread takes it,
and the publisher goes on when that one's turn is over; with eight threads this waiting costs more than all the rest
(benchmarks, row "threads"). ``ctypes.PyDLL`` calls the same two functions of the C library with the lock held, and
MSG_DONTWAIT makes a call that would have to wait come back, to be left to the socket's own method.

For a publisher that is alone this is the slower way: calling through ctypes costs more than giving up a lock that
nobody wants.
"""

from __future__ import annotations

import _socket
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from mirror.wire.sockets import Socket


class Library(NamedTuple):
    """Two functions of the C library, the flag that keeps them from waiting, and what tells where a buffer is."""

    send: Any
    recv: Any
    dontwait: int
    address: Callable[[bytearray], int]


@cache
def library() -> Library | None:
    """The C library, or None where it cannot be called like that."""
    try:
        import ctypes

        dontwait = _socket.MSG_DONTWAIT
        functions = ctypes.PyDLL(None)
        send, recv = functions.send, functions.recv
    except (ImportError, AttributeError, OSError, TypeError):
        return None
    send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
    recv.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    send.restype = recv.restype = ctypes.c_ssize_t

    def address(buffer: bytearray) -> int:
        # It stays where it is as long as nobody changes its length.
        return ctypes.addressof((ctypes.c_char * len(buffer)).from_buffer(buffer))

    return Library(send, recv, dontwait, address)


class Held:
    """Passes messages of at most ``room`` bytes over one connection, with the interpreter lock held."""

    __slots__ = ("_address", "_buffer", "_library")

    def __init__(self, room: int, library: Library) -> None:
        self._library = library
        self._buffer = bytearray(room)
        self._address = library.address(self._buffer)

    def __call__(self, source: Socket, target: Socket, data: bytes) -> bytes:
        """Send the data at one end; returns what has arrived of it at the other, at least one byte. Raises OSError."""
        send, recv, dontwait, _ = self._library
        size = len(data)
        sent = send(source.fileno(), data, size, dontwait)
        if sent != size:
            source.send(data[max(sent, 0) :])
        arrived = recv(target.fileno(), self._address, size, dontwait)
        if arrived == size and self._buffer.startswith(data):
            return data
        return bytes(self._buffer[:arrived]) if arrived >= 0 else target.recv(size)
