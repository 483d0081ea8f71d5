"""A denial response that an application sent after it had accepted took the place of the 101."""

from __future__ import annotations

import asyncio
from typing import Any

from mirror import Mirror
from mirror.adapters.asgi import AsgiObserver


def test_a_refusal_after_the_accept() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.http.response.start", "status": 401, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b"no"})

    async def send(message: Any) -> None:
        pass

    with Mirror(attach=False) as mirror:
        scope = {"type": "websocket", "path": "/", "headers": []}
        asyncio.run(AsgiObserver(app, mirror.recorder)(scope, None, send))  # type: ignore[arg-type]
        (exchange,) = mirror.exchanges
    assert exchange.response.status == 101
    assert exchange.response.chunks == ()
    assert [(message.sender, message.kind, message.code) for message in exchange.messages] == [
        ("server", "close", 1000), ("client", "close", 1000)
    ]  # fmt: skip
    assert mirror.counts.published == mirror.counts.made == 1
