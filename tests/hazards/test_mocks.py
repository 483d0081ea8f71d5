"""A test may replace anything while it makes its call: the publisher has its own references."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import httpx2
import pytest
from flask import Flask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from werkzeug.test import Client

from mirror import Mirror

EVERYTHING = [
    "socket.socket",
    "socket.create_connection",
    "socket.create_server",
    "socket.getaddrinfo",
    "socket.socketpair",
    "select.select",
    "select.poll",
    "selectors.DefaultSelector",
    "threading.Thread",
    "threading.Lock",
    "queue.Queue",
    "http.client.HTTPConnection",
    "os.urandom",
    "os.read",
    "os.write",
    "uuid.uuid4",
    "random.random",
    "struct.pack",
    "time.time",
    "time.monotonic",
    "time.perf_counter",
    "time.sleep",
    "builtins.open",
]


@pytest.fixture
def wsgi_client(mirrored: Mirror) -> Iterator[Client]:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"text"]

    yield Client(application)
    assert mirrored.counts.published == mirrored.counts.made > 0


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_mock_in_the_place_of(name: str, wsgi_client: Client) -> None:
    with mock.patch(name) as replaced:
        assert wsgi_client.post("/", data=b"body").data == b"text"
    assert not replaced.called
    assert not replaced.method_calls


def test_a_mock_in_the_place_of_the_socket_when_a_connection_is_opened(mirrored: Mirror) -> None:
    app = Flask(__name__)
    app.add_url_rule("/<int:status>", view_func=lambda status: ("", status), methods=["POST"])
    with mock.patch("socket.socket") as replaced:
        for status in (123, 123, 200):  # nothing can follow a final 1xx on its connection
            assert app.test_client().post(f"/{status}").status_code == status
    assert not replaced.mock_calls
    assert mirrored.counts.published == 3


async def echo(request: Request) -> Response:
    return Response(await request.body())


def test_a_mock_in_the_place_of_the_socket_beside_a_loop(mirrored: Mirror) -> None:
    with (
        TestClient(Starlette(routes=[Route("/", echo, methods=["POST"])])) as client,
        mock.patch("socket.socket") as replaced,
    ):
        assert client.post("/", content=b"text").text == "text"
    assert not replaced.mock_calls
    assert mirrored.counts.published == 1


def test_a_mock_in_the_place_of_the_socket_within_a_loop(mirrored: Mirror) -> None:
    async def call() -> str:
        transport = httpx2.ASGITransport(PlainTextResponse("text"))
        async with httpx2.AsyncClient(transport=transport, base_url="http://app") as client:
            with mock.patch("socket.socket") as replaced:
                text = (await client.post("/")).text
            assert not replaced.mock_calls
            return text

    assert asyncio.run(call()) == "text"
    assert mirrored.counts.published == 1


def test_an_adapter_of_requests_that_is_patched_for_a_whole_session(wsgi_client: Client) -> None:
    requests = pytest.importorskip("requests", reason="needs requests")
    with mock.patch.object(requests.adapters.HTTPAdapter, "send", side_effect=AssertionError("no network")) as send:
        for _ in range(3):
            assert wsgi_client.get("/").data == b"text"
    assert not send.called


# Clocks --------------------------------------------------------------------------------------------------------------

FROZEN = datetime.datetime(2012, 1, 14, 12, tzinfo=datetime.UTC)


def with_freezegun() -> AbstractContextManager[Any]:
    freezegun = pytest.importorskip("freezegun", reason="needs freezegun")
    return freezegun.freeze_time(FROZEN)  # type: ignore[no-any-return]


def with_time_machine() -> AbstractContextManager[Any]:
    time_machine = pytest.importorskip("time_machine", reason="needs time-machine")
    return time_machine.travel(FROZEN, tick=False)  # type: ignore[no-any-return]


def with_hiro() -> AbstractContextManager[Any]:
    hiro = pytest.importorskip("hiro", reason="needs hiro")
    return hiro.Timeline().freeze(FROZEN.replace(tzinfo=None))  # type: ignore[no-any-return]


@contextmanager
def as_hiro_does() -> Iterator[None]:
    """Puts other functions into the time module and another class into datetime."""

    class FrozenDatetime(datetime.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime.datetime:
            return FROZEN

    seconds = FROZEN.timestamp()
    stopped = {name: lambda: seconds for name in ("time", "monotonic", "perf_counter")}
    with mock.patch.multiple(time, **stopped, sleep=lambda _: None), mock.patch("datetime.datetime", FrozenDatetime):
        yield


@pytest.fixture(params=[with_freezegun, with_time_machine, with_hiro, as_hiro_does], ids=lambda freeze: freeze.__name__)
def frozen(request: pytest.FixtureRequest) -> SimpleNamespace:
    """A way to freeze the clock."""
    return SimpleNamespace(at=request.param)


def telling_application() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: str(int(time.time())))
    app.add_url_rule("/stream", "stream", lambda: (str(int(time.time())) for _ in range(3)))
    return app


def test_a_frozen_clock(frozen: SimpleNamespace, mirrored: Mirror) -> None:
    real = time.time()
    app = telling_application()
    with frozen.at():
        client = app.test_client()
        assert client.get("/").text == str(int(FROZEN.timestamp()))
        assert client.get("/stream").text == str(int(FROZEN.timestamp())) * 3
    assert len(mirrored.exchanges) == 2
    for exchange in mirrored.exchanges:
        # The application's clock stands still; that of the exchange is the real one.
        assert exchange.started >= real - 1
        assert exchange.elapsed >= 0


def test_a_mirror_that_starts_and_ends_while_the_clock_is_frozen(frozen: SimpleNamespace) -> None:
    real = time.time()
    app = telling_application()
    with frozen.at():
        with Mirror() as mirror:
            app.test_client().get("/")
        assert mirror.counts.published == 1
    assert mirror.exchanges[0].started >= real - 1
