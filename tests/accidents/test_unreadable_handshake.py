"""A WebSocket scope that cannot be read costs the exchange, not the session."""

from __future__ import annotations

import asyncio
from typing import Any

from mirror import Mirror
from mirror.adapters.asgi import AsgiObserver


def test_a_scope_that_cannot_be_read() -> None:
    given: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})

    async def send(message: Any) -> None:
        given.append(message["type"])

    with Mirror(attach=False, on_loss=lambda loss: None) as mirror:
        scope = {"type": "websocket", "path": "/", "headers": [("no", "pair", "at all")]}
        asyncio.run(AsgiObserver(app, mirror.recorder)(scope, None, send))  # type: ignore[arg-type]
        assert (mirror.counts.made, mirror.counts.failed) == (1, 1)
    assert given == ["websocket.accept"]
    assert "mirror.exchange" not in scope
