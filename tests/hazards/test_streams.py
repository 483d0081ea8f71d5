"""Streams stay as lazy as they were."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Generator, Iterator
from typing import Any

import anyio
import httpx2
import pytest
from flask import Flask, Response, stream_with_context
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror
from mirror.adapters.asgi import AsgiObserver
from mirror.adapters.seams import observed_asgi_call, replace_method
from mirror.adapters.wsgi import WsgiObserver


class Stepwise:
    """An ASGI application that sends a chunk only when it is told to go on; notes what the client has taken."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.taken: list[bytes] = []
        self.ended = self.cancelled = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for event in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{event}.complete"})
            return
        self.go_on = anyio.Semaphore(0)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for chunk in self.chunks:
                await self.go_on.acquire()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self.taken.append(chunk)
            await self.go_on.acquire()
            await send({"type": "http.response.body", "body": b""})
            self.ended = True
        except anyio.get_cancelled_exc_class():
            self.cancelled = True
            raise


@pytest.fixture
def step(backend: str, mirrored: Mirror) -> Callable[..., Any]:
    """Opens a stream to a Stepwise application; ``go_on`` has it send the next chunk."""

    @contextlib.contextmanager
    def opened(app: Stepwise, method: str = "GET") -> Iterator[tuple[httpx2.Response, Callable[[], None]]]:
        with TestClient(app, backend=backend) as client, client.stream(method, "/") as response:
            yield response, lambda: client.portal.call(app.go_on.release)

    return opened


def test_a_chunk_is_available_before_the_body_is_complete(step: Any, mirrored: Mirror) -> None:
    app = Stepwise(b"one", b"two")
    with step(app) as (response, go_on):
        chunks = response.iter_raw()
        go_on()
        assert next(chunks) == b"one"
        assert not app.ended
        go_on()
        assert next(chunks) == b"two"
        go_on()
        assert list(chunks) == []
        assert app.ended
    assert [exchange.response.chunks for exchange in mirrored.exchanges] == [(b"one", b"two")]


def test_the_response_is_there_before_any_chunk(step: Any, mirrored: Mirror) -> None:
    app = Stepwise()
    with step(app) as (response, go_on):
        assert response.status_code == 200
        assert not app.ended
        assert mirrored.exchanges == []
        go_on()
        assert response.read() == b""
    assert mirrored.counts.published == 1


def test_a_response_to_head_is_not_drained_early(step: Any, mirrored: Mirror) -> None:
    app = Stepwise(b"never seen")
    with step(app, "HEAD") as (response, go_on):
        assert response.status_code == 200
        assert app.taken == []
        go_on()
        go_on()
        assert response.read() == b""
    assert mirrored.exchanges[0].response.chunks == ()


def test_back_pressure_reaches_the_application(step: Any) -> None:
    app = Stepwise(b"one", b"two", b"three")
    with step(app) as (response, go_on):
        for _ in range(4):
            go_on()
        chunks = response.iter_raw()
        assert next(chunks) == b"one"
        assert b"two" not in app.taken
        assert next(chunks) == b"two"
        assert b"three" not in app.taken
        assert list(chunks) == [b"three"]


def test_closing_an_unfinished_response_cancels_the_application(step: Any, mirrored: Mirror) -> None:
    app = Stepwise(b"one", b"two")
    with step(app) as (response, go_on):
        go_on()
        assert next(response.iter_raw()) == b"one"
        response.close()
        assert app.cancelled
    exchange = mirrored.exchanges[0]
    assert exchange.response.chunks == (b"one",)
    assert not exchange.response.complete


@pytest.mark.usefixtures("mirrored")
def test_an_endless_stream_is_left_when_the_test_has_seen_enough(backend: str, mirrored: Mirror) -> None:
    async def tick(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"tick", "more_body": True})

    with TestClient(tick, backend=backend).stream("GET", "/") as response:
        chunks = response.iter_raw()
        assert [next(chunks) for _ in range(5)] == [b"tick"] * 5
    seen = mirrored.exchanges[0].response
    assert seen.body.startswith(b"tick" * 5)
    assert not seen.complete


@pytest.mark.parametrize("view", [lambda buffer: buffer, memoryview], ids=["bytearray", "memoryview"])
def test_one_mutable_buffer_for_all_chunks(view: Any, backend: str, mirrored: Mirror) -> None:
    async def reuse(scope: Any, receive: Any, send: Any) -> None:
        buffer = bytearray(3)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for text in (b"one", b"two", b"six"):
            buffer[:] = text
            await send({"type": "http.response.body", "body": view(buffer), "more_body": True})
        buffer[:] = b"xxx"
        await send({"type": "http.response.body", "body": b""})

    assert TestClient(reuse, backend=backend).get("/").content == b"onetwosix"
    assert mirrored.exchanges[0].response.chunks == (b"one", b"two", b"six")


def test_the_error_of_a_background_task_is_raised_at_close(backend: str, mirrored: Mirror) -> None:
    boom = RuntimeError("in the background")

    def fail() -> None:
        raise boom

    app = PlainTextResponse("sent", background=BackgroundTask(fail))
    with pytest.raises(RuntimeError) as caught, TestClient(app, backend=backend).stream("GET", "/") as response:
        assert response.read() == b"sent"
    assert caught.value is boom
    exchange = mirrored.exchanges[0]
    assert (exchange.response.status, exchange.response.body) == (200, b"sent")
    assert exchange.error == "RuntimeError: in the background"


@pytest.mark.usefixtures("mirrored")
def test_the_chunks_of_the_test_client_are_a_real_generator() -> None:
    client = TestClient(PlainTextResponse("text"))
    response = client._transport.handle_request(client.build_request("GET", "/"))
    if isinstance(response.stream, httpx2.ByteStream):
        pytest.skip("this Starlette buffers")
    assert isinstance(iter(response.stream), Generator)
    response.read()
    response.close()


def test_a_test_client_that_buffers_is_mirrored_as_well(mirrored: Mirror) -> None:
    class OldTransport:
        """The shape of older Starlettes: the application has ended when handle_request returns."""

        def __init__(self, app: Any) -> None:
            self.app = app

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            assert isinstance(self, OldTransport)
            body: list[bytes] = []
            scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"old")]}

            async def receive() -> Any:
                return {"type": "http.request"}

            async def send(message: Any) -> None:
                body.append(message.get("body", b""))

            anyio.run(self.app, scope, receive, send)
            return httpx2.Response(200, content=b"".join(body))

    detach = replace_method(OldTransport, "handle_request", observed_asgi_call, mirrored.recorder)
    app = PlainTextResponse("buffered")
    transport = OldTransport(app)
    assert transport.handle_request(httpx2.Request("GET", "http://old/a%2Fb?c")).content == b"buffered"
    assert transport.app is app
    detach()
    transport.handle_request(httpx2.Request("GET", "http://old/"))
    assert [exchange.request.target for exchange in mirrored.exchanges] == ["/a%2Fb?c"]


def test_an_observer_deeper_in_lets_pass(backend: str, mirrored: Mirror) -> None:
    within = AsgiObserver(PlainTextResponse("once"), mirrored.recorder)

    async def middleware(scope: Any, receive: Any, send: Any) -> None:
        await within(scope, receive, send)

    assert TestClient(middleware, backend=backend).get("/").text == "once"
    assert mirrored.counts.made == 1


# WSGI ----------------------------------------------------------------------------------------------------------------


class Lines:
    """A WSGI body that notes how far it was read and whether it was closed."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = iter(chunks)
        self.made: list[bytes] = []
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.made.append(next(self.chunks))
        return self.made[-1]

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def lines() -> Lines:
    return Lines(b"one", b"two", b"three")


@pytest.fixture
def flask_client(lines: Lines) -> Any:
    app = Flask(__name__)
    app.testing = True
    app.add_url_rule("/", view_func=lambda: Response(lines, mimetype="text/plain"))
    return app.test_client()


def test_a_wsgi_chunk_is_made_when_it_is_read(flask_client: Any, lines: Lines, mirrored: Mirror) -> None:
    response = flask_client.get("/")
    assert lines.made == [b"one"]  # Werkzeug's client reads up to the first chunk
    assert mirrored.exchanges == []
    chunks = response.iter_encoded()
    assert [next(chunks), next(chunks)] == [b"one", b"two"]
    assert lines.made == [b"one", b"two"]
    assert list(chunks) == [b"three"]
    response.close()
    assert lines.closed == 1
    assert [exchange.response.chunks for exchange in mirrored.exchanges] == [(b"one", b"two", b"three")]


def test_a_wsgi_stream_closed_early(flask_client: Any, lines: Lines, mirrored: Mirror) -> None:
    flask_client.get("/").close()
    assert lines.closed == 1
    assert lines.made == [b"one"]
    response = mirrored.exchanges[0].response
    assert response.chunks == (b"one",)
    assert not response.complete


def test_a_wsgi_stream_dropped_unread_is_recorded_with_the_next_exchange(flask_client: Any, mirrored: Mirror) -> None:
    # A finaliser may run anywhere, in the middle of another exchange as well: it only leaves the exchange behind.
    flask_client.get("/")
    gc.collect()
    assert mirrored.counts.made == 0
    Client(PlainWsgi()).get("/next")
    assert [exchange.request.target for exchange in mirrored.exchanges] == ["/", "/next"]
    assert not mirrored.exchanges[0].response.complete


class PlainWsgi:
    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"plain"]


def test_a_wsgi_observer_deeper_in_lets_pass(mirrored: Mirror) -> None:
    within = WsgiObserver(PlainWsgi(), mirrored.recorder)
    response = Client(lambda environ, start_response: within(environ, start_response)).get("/")
    assert response.data == b"plain"
    assert mirrored.counts.made == 1


def test_buffered_reads_all_and_closes(flask_client: Any, lines: Lines, mirrored: Mirror) -> None:
    response = flask_client.get("/", buffered=True)
    assert (response.data, lines.closed) == (b"onetwothree", 1)
    assert mirrored.exchanges[0].response.complete


def test_one_mutable_buffer_for_all_wsgi_chunks(mirrored: Mirror) -> None:
    def reuse(environ: Any, start_response: Any) -> Iterator[Any]:
        start_response("200 OK", [])
        buffer = bytearray(3)
        for text in (b"one", b"two"):
            buffer[:] = text
            yield buffer

    app_iter, _, _ = Client(reuse).run_wsgi_app({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "http"})
    assert [bytes(chunk) for chunk in app_iter] == [b"one", b"two"]
    assert mirrored.exchanges[0].response.chunks == (b"one", b"two")


def test_an_endless_wsgi_stream(mirrored: Mirror) -> None:
    app = Flask(__name__)

    @app.get("/")
    def tick() -> Response:
        def forever() -> Iterator[bytes]:
            while True:
                yield b"tick"

        return Response(stream_with_context(forever()))

    with app.test_client().get("/") as response:
        chunks = response.iter_encoded()
        assert [next(chunks) for _ in range(3)] == [b"tick"] * 3
    assert mirrored.exchanges[0].response.chunks == (b"tick",) * 3
