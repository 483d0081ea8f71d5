"""An echo server for each test that wants one, and a stranger to talk to it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from mirror.wire.pending import Pending
from mirror.wire.server import EchoServer


@pytest.fixture
def pending() -> Pending:
    return Pending()


@pytest.fixture
def server(pending: Pending) -> Iterator[EchoServer]:
    server = EchoServer("127.0.0.1", 0, pending)
    yield server
    server.stop()


@pytest.fixture
def say(server: EchoServer) -> Callable[..., bytes]:
    """Sends bytes on a connection of their own, says that this was all, and returns what comes back until the end."""

    def say(*data: bytes, to: EchoServer = server) -> bytes:
        with socket.create_connection(to.server_address[:2]) as connection:
            for piece in data:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as reader:
                return reader.read()

    return say
