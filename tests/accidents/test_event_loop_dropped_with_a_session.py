"""A session whose event loop is dropped in the middle is still an exchange: the numbers add up."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

from mirror import Mirror
from mirror.adapters.asgi import AsgiObserver


def test_a_session_whose_coroutine_is_dropped() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        await receive()

    async def send(message: Any) -> None:
        pass

    async def receive() -> Any:
        await asyncio.Event().wait()

    with Mirror(attach=False) as mirror:
        scope = {"type": "websocket", "path": "/", "headers": []}
        call = AsgiObserver(app, mirror.recorder)(scope, receive, send)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(step(call))
        loop.close()
        del call
        gc.collect()
        assert mirror.counts.made == mirror.counts.published == 1
        (exchange,) = mirror.exchanges
        assert not mirror.recorder.live
    assert not exchange.response.complete
    assert exchange.error == "GeneratorExit"


async def step(call: Any) -> None:
    """The coroutine until it waits; then nobody asks for it any more."""
    call.send(None)
