"""A request whose only chunk is empty got a ``Content-Length: 0`` that nobody had sent."""

from __future__ import annotations

from factories import make_request

from mirror.wire.message import write_request


def test_an_empty_chunk_is_no_body() -> None:
    assert b"Content-Length" not in bytes(write_request(make_request("GET", "/", b"")))
