"""Optic answers 500 by itself ("Passthrough loop detected") where the system gives the same port number out twice.

Mirror's connection to Optic then has the port that Optic's own connection to the echo has, and Optic takes mirror for
itself. It happened to one exchange in one of six runs; on another connection, the same exchange passes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from factories import make_exchange

from mirror import Mirror

LOOP = b"HTTP/1.1 %b\r\nContent-Length: 25\r\n\r\nPassthrough loop detected"


@contextmanager
def failing_proxy(failures: int, status: bytes = b"500 Oops") -> Iterator[tuple[str, list[int]]]:
    """A proxy that answers so many requests itself before it passes one on; ``echo`` is to hold the echo's port."""
    echo: list[int] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        left = failures
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                request = client.recv(1 << 16)
                if not request:
                    continue  # a probe
                if left:
                    left -= 1
                    client.sendall(LOOP % status)
                    continue
                with socket.create_connection(("127.0.0.1", echo[0])) as upstream:
                    upstream.sendall(request)
                    client.sendall(upstream.recv(1 << 16))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", echo
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.parametrize(
    ("failures", "status", "published"),
    [(0, b"500 Oops", 1), (1, b"500 Oops", 1), (1, b"502 Bad Gateway", 1), (2, b"500 Oops", 0), (1, b"400 No", 0)],
)
def test_a_failure_of_the_proxy_is_tried_once_more(failures: int, status: bytes, published: int) -> None:
    with failing_proxy(failures, status) as (url, echo), Mirror(proxy=url) as mirror:
        echo.append(mirror.port)
        mirror.recorder.record(make_exchange())
        counts = mirror.counts
    assert (counts.published, counts.failed) == (published, 1 - published), counts
    assert len(mirror.pending) == 0
