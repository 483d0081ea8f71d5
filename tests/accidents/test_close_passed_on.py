"""Optic passes ``Connection: close`` on to the echo and sends its next request on the same connection.

The echo had closed it at once, as RFC 9112 section 9.6 wants; up to seven of 219 exchanges were lost in that race.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from factories import make_response

from mirror.wire import server
from mirror.wire.message import write_response
from mirror.wire.pending import Expected, Pending
from mirror.wire.server import EchoServer

REQUEST = b"POST /a HTTP/1.1\r\nHost: testserver\r\nContent-Length: 2\r\nConnection: close\r\n\r\nin"
RESPONSE = write_response(make_response(200, b"out"), "POST")


@pytest.fixture
def pending() -> Pending:
    return Pending()


@pytest.fixture
def connection(pending: Pending) -> Iterator[socket.socket]:
    echo = EchoServer("127.0.0.1", 0, pending)
    try:
        with socket.create_connection(echo.server_address[:2], timeout=10) as connection:
            yield connection
    finally:
        echo.stop()


def ask(connection: socket.socket, pending: Pending) -> None:
    pending.put("id", Expected("POST", "/a", RESPONSE))
    connection.sendall(REQUEST)
    received = b""
    while len(received) < RESPONSE.size:
        data = connection.recv(1000)
        assert data, "the echo has hung up"
        received += data
    assert received == bytes(RESPONSE)


def test_the_next_request_may_come_on_the_connection(connection: socket.socket, pending: Pending) -> None:
    for _ in range(3):
        ask(connection, pending)


def test_it_is_closed_when_none_comes(
    connection: socket.socket, pending: Pending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LINGER", 0.05)
    ask(connection, pending)
    assert connection.recv(1) == b""


def test_an_old_client_is_hung_up_on(connection: socket.socket, pending: Pending) -> None:
    """HTTP/1.0 tells the end of a response by the end of its connection."""
    pending.put("id", Expected("POST", "/a", RESPONSE))
    connection.sendall(REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0"))
    received = b""
    while data := connection.recv(1000):
        received += data
    assert received == bytes(RESPONSE)
