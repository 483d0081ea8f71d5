"""Publishing from inside an event loop: no blocking call that a detector would find, and no exchange lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import httpx2
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from mirror import Mirror

blockbuster = pytest.importorskip("blockbuster", reason="needs the detector of blocking calls")


async def echo(request: Request) -> Response:
    return Response(await request.body(), int(request.path_params["status"]))


async def stream(request: Request) -> Response:
    async def chunks() -> Any:
        for number in range(100):
            yield b"%d\n" % number * 1000

    return StreamingResponse(chunks())


async def sleep(request: Request) -> Response:
    time.sleep(0)
    return PlainTextResponse("slept")


@pytest.fixture
def service() -> Starlette:
    return Starlette(
        routes=[
            Route("/status/{status}", echo, methods=["POST"]),
            Route("/stream", stream),
            Route("/sleep", sleep),
        ]
    )


@pytest.fixture(params=[["starlette", "httpx", "httpx2", "mirror"], None], ids=["as-starlette", "everywhere"])
def detector(request: pytest.FixtureRequest) -> Iterator[None]:
    """As Starlette's own suite has it; and anywhere at all, below the first frame."""
    with blockbuster.blockbuster_ctx(request.param):
        yield


@pytest.mark.usefixtures("detector")
def test_the_detector_detects(service: Starlette, mirrored: Mirror) -> None:
    with pytest.raises(blockbuster.BlockingError):
        TestClient(service).get("/sleep")
    assert mirrored.exchanges[0].error.startswith("BlockingError")


@pytest.mark.usefixtures("detector")
def test_the_test_client_under_the_detector(service: Starlette, mirrored: Mirror, backend: str) -> None:
    with TestClient(service, backend=backend) as client:
        assert client.post("/status/200", content=b"x" * 1_000_000).status_code == 200
        assert len(client.get("/stream").content) > 100_000
    assert mirrored.counts.published == 2


@pytest.mark.usefixtures("detector")
@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_an_async_client_under_the_detector(service: Starlette, mirrored: Mirror, backend: str, library: Any) -> None:
    async def call() -> list[bytes]:
        async with library.AsyncClient(transport=library.ASGITransport(service), base_url="http://app") as client:
            first = await client.post("/status/200", content=b"x" * 1_000_000)
            return [first.content, (await client.get("/stream")).content]

    bodies = anyio.run(call, backend=backend)
    assert [exchange.response.body for exchange in mirrored.exchanges] == bodies


@pytest.mark.usefixtures("detector")
def test_a_new_connection_is_opened_in_the_loop(service: Starlette, mirrored: Mirror) -> None:
    # No exchange can follow a final 1xx on its connection, so each one after it needs a new one.
    async def call() -> None:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(service), base_url="http://app") as client:
            for status in (123, 123, 200):
                assert (await client.post(f"/status/{status}")).status_code == status

    asyncio.run(call())
    assert mirrored.counts.published == 3


def test_many_calls_at_once(mirrored: Mirror, backend: str) -> None:
    app = FastAPI()
    arrived = 0

    @app.get("/{number}")
    async def meet(number: int) -> int:
        nonlocal arrived
        arrived += 1
        while arrived < 20:  # all of them are under way before the first one answers
            await anyio.lowlevel.checkpoint()
        return number

    async def call() -> None:
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://app")
        async with client, anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(client.get, f"/{number}")

    anyio.run(call, backend=backend)
    answers = {exchange.request.target: exchange.response.body for exchange in mirrored.exchanges}
    assert answers == {f"/{number}": b"%d" % number for number in range(20)}
    assert len({exchange.id for exchange in mirrored.exchanges}) == 20


def test_one_event_loop_after_the_other(mirrored: Mirror) -> None:
    async def call() -> int:
        transport = httpx2.ASGITransport(PlainTextResponse("text"))
        async with httpx2.AsyncClient(transport=transport, base_url="http://app") as client:
            return (await client.get("/")).status_code

    assert [asyncio.run(call()), anyio.run(call, backend="trio"), asyncio.run(call())] == [200, 200, 200]
    assert mirrored.counts.published == 3


def test_a_cancelled_call_leaves_the_wire_in_order(mirrored: Mirror, backend: str) -> None:
    async def wait(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/wait":
            await anyio.sleep_forever()
        await PlainTextResponse("after")(scope, receive, send)

    async def call() -> str:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(wait), base_url="http://app") as client:
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    group.start_soon(client.get, "/wait")
                    await anyio.wait_all_tasks_blocked()
                    scope.cancel()
            return (await client.get("/after")).text

    assert anyio.run(call, backend=backend) == "after"
    cancelled, after = mirrored.exchanges
    assert "Cancelled" in cancelled.error
    assert (cancelled.response.status, after.error, after.response.body) == (500, None, b"after")
