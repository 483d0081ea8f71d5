"""Accident: ASGI header fields that came as an iterator were read by the observer, and the client got none."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from mirror import Mirror


async def application(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": iter([(b"x-a", b"1")])})
    await send({"type": "http.response.body", "body": b""})


def test_the_client_and_the_exchange_have_the_fields() -> None:
    with Mirror() as mirror:
        assert TestClient(application).get("/").headers["x-a"] == "1"
        assert mirror.exchanges[0].response.headers["x-a"] == "1"
