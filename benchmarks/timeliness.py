"""Whether an exchange has been on the wire when the call that made it returns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from apps import flask_app, starlette_app
from kernel import bytes_received, require_linux
from report import Options, Row
from starlette.testclient import TestClient

from mirror import Mirror

CALLS = 300


def timeliness(_: Options) -> Iterator[Row]:
    """Exchanges not yet on the wire when the client call returns.

    Each call posts random bytes and gets them back, so an exchange is on the wire when twice as many bytes have
    arrived at the two ends of the echo connection. The witness is the kernel, asked for its own count after each call
    (tcp_info), before anything else can happen. ``mirror.counts`` has to say the same.
    """
    require_linux()
    flask_client = flask_app().test_client()
    yield row("Flask", lambda body: flask_client.post("/echo", data=body).data)
    client = TestClient(starlette_app())
    yield row("TestClient", lambda body: client.post("/echo", content=body).content)


def row(name: str, post: Callable[[bytes], bytes]) -> Row:
    late = disagreeing = 0
    with Mirror() as mirror:
        before = bytes_received(mirror.port)
        for number in range(1, CALLS + 1):
            body = os.urandom(8000)  # the header sections are far smaller: they cannot pass for a body
            if post(body) != body:
                raise RuntimeError("the application did not answer what it was sent")
            after = bytes_received(mirror.port)
            late += after - before < 2 * len(body)
            before = after
            disagreeing += mirror.counts.published != number
    what = f"not on the wire when a {name} call returns, of {CALLS}"
    return Row(what, late + disagreeing, 0, digits=0, beside="naive 0")
