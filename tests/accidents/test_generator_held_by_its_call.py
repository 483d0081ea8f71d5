"""Accident: a generator held start_response, which held the generator: it was closed when the collector came by."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

from werkzeug.test import Client

from mirror import Mirror


def test_a_dropped_response_closes_its_generator_at_once() -> None:
    log: list[str] = []

    def application(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            yield b"a"
            yield b"b"
        finally:
            log.append("closed")

    with Mirror() as mirror:
        gc.disable()
        try:
            Client(application).get("/")
            assert log == ["closed"]
        finally:
            gc.enable()
        (exchange,) = mirror.exchanges
        assert (exchange.response.chunks, exchange.response.complete) == ((b"a",), False)
