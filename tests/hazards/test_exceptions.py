"""What an application raises reaches the test as the very same object; the exchange names it, the wire shows a 500."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx2
import pytest
from flask import Flask
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror

RAISED = {
    "ValueError": lambda: ValueError("boom"),
    "CancelledError": asyncio.CancelledError,
    "BaseExceptionGroup": lambda: BaseExceptionGroup("several", [ValueError("boom"), KeyboardInterrupt()]),
    "KeyboardInterrupt": KeyboardInterrupt,
    "SystemExit": lambda: SystemExit(3),
    "GeneratorExit": GeneratorExit,
}


@pytest.fixture(params=RAISED)
def boom(request: pytest.FixtureRequest) -> BaseException:
    """What the application raises."""
    error: BaseException = RAISED[request.param]()
    return error


def caught(call: Callable[[], Any]) -> BaseException | None:
    """What a call raises."""
    try:
        call()
    except BaseException as error:
        return error
    return None


def call_asgi(app: Any, backend: str) -> BaseException | None:
    """What an ASGI application raises in an event loop of its own, which never sees it."""

    async def call() -> BaseException | None:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://app") as client:
            try:
                await client.get("/")
            except BaseException as error:
                return error
        return None

    return anyio.run(call, backend=backend)


# WSGI ----------------------------------------------------------------------------------------------------------------


class Body:
    """A WSGI body of these chunks; raises what stands among them, and ``at_close`` when it is closed."""

    def __init__(self, *chunks: bytes | BaseException, at_close: BaseException | None = None) -> None:
        self.chunks = iter(chunks)
        self.at_close = at_close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = next(self.chunks)
        if isinstance(chunk, BaseException):
            raise chunk
        return chunk

    def close(self) -> None:
        if self.at_close is not None:
            raise self.at_close


def call_wsgi(app: Any) -> BaseException | None:
    def call() -> None:
        response = Client(app).get("/")
        try:
            response.get_data()
        finally:
            response.close()

    return caught(call)


def named(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@pytest.mark.parametrize("started", [False, True], ids=["before-the-start", "after-the-start"])
def test_wsgi_before_any_chunk(boom: BaseException, started: bool, mirrored: Mirror, wire: list[bytes]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        if started:
            start_response("200 OK", [("Content-Type", "text/plain")])
        raise boom

    assert call_wsgi(app) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    assert exchange.response.status == 500
    assert wire[1].startswith(b"HTTP/1.1 500 Internal Server Error\r\n")


def test_wsgi_in_the_middle_of_a_stream(boom: BaseException, mirrored: Mirror, wire: list[bytes]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body(b"one", boom)

    assert call_wsgi(app) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    assert (exchange.response.status, exchange.response.chunks) == (200, (b"one",))
    assert not exchange.response.complete
    assert wire[1].startswith(b"HTTP/1.1 200 OK\r\n")


def test_wsgi_when_the_body_is_closed(boom: BaseException, mirrored: Mirror) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body(b"one", b"two", at_close=boom)

    response = Client(app).get("/")
    assert caught(response.close) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    assert exchange.response.chunks == (b"one",)


def test_stop_iteration_from_a_wsgi_application_is_an_error_like_others(mirrored: Mirror) -> None:
    boom = StopIteration("early")

    def app(environ: Any, start_response: Any) -> Any:
        raise boom

    assert call_wsgi(app) is boom
    assert mirrored.exchanges[0].error == "StopIteration: early"


@pytest.mark.parametrize("propagate", [True, False], ids=["propagated", "handled"])
def test_a_flask_view(propagate: bool, mirrored: Mirror, wire: list[bytes]) -> None:
    boom = LookupError("no such order")
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = propagate

    @app.get("/orders/<int:number>")
    def order(number: int) -> str:
        raise boom

    error = caught(lambda: app.test_client().get("/orders/7"))
    (exchange,) = mirrored.exchanges
    assert error is (boom if propagate else None)
    assert exchange.error == ("LookupError: no such order" if propagate else None)
    assert exchange.route is not None
    assert exchange.route.template == "/orders/<int:number>"
    assert wire[1].startswith(b"HTTP/1.1 500 ")


# ASGI ----------------------------------------------------------------------------------------------------------------


def test_asgi_before_the_start(boom: BaseException, backend: str, mirrored: Mirror, wire: list[bytes]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise boom

    assert call_asgi(app, backend) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    assert exchange.response.status == 500
    assert wire[1].startswith(b"HTTP/1.1 500 Internal Server Error\r\n")


@pytest.mark.parametrize("chunks", [(), (b"one",), (b"one", b"two")], ids=["after-the-head", "mid-stream", "later"])
def test_asgi_after_the_head(
    boom: BaseException, chunks: tuple[bytes, ...], backend: str, mirrored: Mirror, wire: list[bytes]
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        raise boom

    assert call_asgi(app, backend) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    # The head has left already: a server cannot take it back.
    assert (exchange.response.status, exchange.response.chunks) == (201, chunks)
    assert not exchange.response.complete
    assert wire[1].startswith(b"HTTP/1.1 201 Created\r\n")


def test_asgi_after_the_end(boom: BaseException, backend: str, mirrored: Mirror) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("all")(scope, receive, send)
        raise boom

    assert call_asgi(app, backend) is boom
    (exchange,) = mirrored.exchanges
    assert exchange.error == named(boom)
    assert (exchange.response.status, exchange.response.body, exchange.response.complete) == (200, b"all", True)


def test_trio_cancels_in_its_own_way(mirrored: Mirror) -> None:
    trio = pytest.importorskip("trio", reason="needs trio")
    seen: list[BaseException] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await trio.sleep_forever()
        except trio.Cancelled as error:
            seen.append(error)
            raise

    async def call() -> None:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://app") as client:
            with trio.CancelScope() as scope:
                scope.cancel()
                try:
                    await client.get("/")
                except trio.Cancelled as error:
                    seen.append(error)
                    raise

    trio.run(call)
    assert seen[0] is seen[1]
    assert mirrored.exchanges[0].error.startswith("Cancelled")


class Application:
    """A Starlette application with something to raise at each place."""

    def __init__(self, boom: BaseException, place: str) -> None:
        self.boom = boom
        self.place = place
        self.app = Starlette(routes=[Route("/", self.answer)], lifespan=self.lifespan)

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Starlette) -> Any:
        self.fail("startup")
        yield
        self.fail("shutdown")

    async def answer(self, request: Any) -> PlainTextResponse:
        self.fail("view")

        async def in_the_background() -> None:
            self.fail("background")

        return PlainTextResponse("text", background=BackgroundTask(in_the_background))

    def fail(self, place: str) -> None:
        if place == self.place:
            raise self.boom

    def call(self, backend: str) -> BaseException | None:
        def call() -> None:
            with TestClient(self.app, backend=backend) as client:
                client.get("/")

        return caught(call)


@pytest.mark.parametrize(
    ("place", "made"), [("startup", 0), ("view", 1), ("background", 1), ("shutdown", 1), ("nowhere", 1)]
)
def test_a_starlette_application(place: str, made: int, backend: str, mirrored: Mirror) -> None:
    boom = LookupError("boom")
    error = Application(boom, place).call(backend)
    assert error is (None if place == "nowhere" else boom)
    assert mirrored.counts.made == made
    for exchange in mirrored.exchanges:
        assert exchange.error == ("LookupError: boom" if place in ("view", "background") else None)
        assert exchange.response.status == (500 if place == "view" else 200)


@pytest.mark.parametrize("place", ["startup", "view", "background", "shutdown"])
@pytest.mark.parametrize("kind", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
def test_what_ends_the_event_loop_does_so_as_without_mirror(kind: type[BaseException], place: str) -> None:
    bare = Application(kind(), place).call("asyncio")
    with Mirror() as mirror:
        mirrored = Application(kind(), place).call("asyncio")
    assert type(mirrored) is type(bare)
    assert mirror.counts.failed == 0


def test_errors_that_the_test_client_keeps_to_itself(backend: str, mirrored: Mirror, wire: list[bytes]) -> None:
    app = Application(LookupError("boom"), "view").app
    assert TestClient(app, backend=backend, raise_server_exceptions=False).get("/").status_code == 500
    assert mirrored.exchanges[0].error == "LookupError: boom"
    assert wire[1].startswith(b"HTTP/1.1 500 Internal Server Error\r\n")


def test_no_response_at_all(backend: str, mirrored: Mirror, wire: list[bytes]) -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        return

    with pytest.raises(AssertionError, match="did not receive any response"):
        TestClient(silent, backend=backend).get("/")
    assert mirrored.exchanges[0].error == "the application returned without a response"
    assert wire[1].startswith(b"HTTP/1.1 500 ")
