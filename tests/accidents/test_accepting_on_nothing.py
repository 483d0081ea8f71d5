"""Where a test took the echo's listening socket away, the accepting thread tried again for ever, at full speed."""

from __future__ import annotations

import contextlib
import os
import socket

import pytest

from mirror import Mirror
from mirror.wire.server import EchoServer


def shut_down(server: EchoServer) -> None:
    server.socket.shutdown(socket.SHUT_RDWR)


def put_another_file_in_its_place(server: EchoServer) -> None:
    address = server.server_address
    with open(os.devnull) as other:
        os.dup2(other.fileno(), server.socket.fileno())
    # The kernel keeps the socket for the call that waits on it; a connection ends that wait. Where the thread was not
    # waiting at that moment, nobody listens any more.
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(address).close()  # type: ignore[arg-type]


@pytest.mark.parametrize("take_away", [shut_down, put_another_file_in_its_place])
def test_the_accepting_thread_ends_with_its_socket(take_away: object) -> None:
    with Mirror() as mirror:
        server = mirror._server
        assert server is not None
        take_away(server)  # type: ignore[operator]
        server._thread.join(10)
        assert not server._thread.is_alive()
