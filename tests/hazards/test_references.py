"""What a test lets go of is gone, at once; what it makes anew is taken for new."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from flask import Flask
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """Only reference counts free anything."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class WsgiApp:
    """A WSGI application; ``body`` is what it answers."""

    def __init__(self, body: bytes = b"text") -> None:
        self.body = body

    def __call__(self, environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", str(len(self.body)))])
        return [self.body]


class AsgiApp:
    """An ASGI application; ``body`` is what it answers."""

    def __init__(self, body: bytes = b"text") -> None:
        self.body = body

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})


async def get_async(app: AsgiApp, target: str = "/") -> bytes:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://app") as client:
        return (await client.get(target)).content


def test_a_wsgi_application_is_freed(mirrored: Mirror) -> None:
    app = WsgiApp()
    Client(app).get("/").close()
    freed = weakref.ref(app)
    del app
    assert freed() is None
    assert mirrored.counts.published == 1


def test_an_asgi_application_is_freed(mirrored: Mirror) -> None:
    app = AsgiApp()
    asyncio.run(get_async(app))
    freed = weakref.ref(app)
    del app
    assert freed() is None
    assert mirrored.counts.published == 1


def test_the_application_of_a_test_client_is_freed(mirrored: Mirror) -> None:
    # The test client's own stream holds a cycle with the client, with and without mirror; it ends with the collector.
    app = AsgiApp()
    assert TestClient(app).get("/").text == "text"
    freed = weakref.ref(app)
    del app
    gc.collect()
    assert freed() is None
    assert mirrored.counts.published == 1


@pytest.mark.usefixtures("mirrored")
def test_a_flask_application_that_was_never_called_is_freed() -> None:
    app = Flask(__name__)
    app.test_client()
    freed = weakref.ref(app)
    del app
    assert freed() is None


@pytest.mark.usefixtures("mirrored")
def test_a_flask_application_is_freed_after_its_exchanges() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "text")
    app.test_client().get("/")
    freed = weakref.ref(app)
    del app
    gc.collect()
    assert freed() is None


@pytest.mark.usefixtures("mirrored")
def test_an_exception_is_freed_with_all_that_its_traceback_holds() -> None:
    class BoomError(Exception):
        pass

    def fail(environ: Any, start_response: Any) -> Any:
        raise BoomError("boom")

    try:
        Client(fail).get("/")
    except BoomError as error:
        freed = weakref.ref(error)
    assert freed() is None


@pytest.mark.usefixtures("mirrored")
def test_a_response_body_is_freed_when_its_response_is_closed() -> None:
    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"text"

    def streaming(environ: Any, start_response: Any) -> Any:
        nonlocal freed
        start_response("200 OK", [])
        body = Body()
        freed = weakref.ref(body)
        return body

    freed: Any = None
    response = Client(streaming).get("/")
    assert response.data == b"text"
    response.close()
    del response
    assert freed() is None


def test_an_application_for_each_request(mirrored: Mirror) -> None:
    # The next one is made where the last one was: an application cannot be told by its id.
    ids = set()
    for number in range(100):
        for client in (lambda app, target: asyncio.run(get_async(app, target)), get_wsgi):
            app = (WsgiApp if client is get_wsgi else AsgiApp)(b"%d" % number)
            ids.add(id(app))
            client(app, f"/{number}")
            del app
    assert len(ids) < 200
    answers = [(exchange.request.target, exchange.response.body) for exchange in mirrored.exchanges]
    assert answers == [(f"/{number}", b"%d" % number) for number in range(100) for _ in range(2)]


def get_wsgi(app: WsgiApp, target: str) -> bytes:
    response = Client(app).get(target)
    try:
        return response.data
    finally:
        response.close()


def test_a_client_is_freed_after_the_mirror_was_closed() -> None:
    with Mirror() as mirror:
        app = WsgiApp()
        Client(app).get("/").close()
    freed = weakref.ref(app)
    del app
    assert freed() is None
    freed_mirror = weakref.ref(mirror)
    del mirror
    gc.collect()
    assert freed_mirror() is None
